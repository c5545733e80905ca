//! Making lead forms.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{
    Body, DecodeError, Endpoint, Multipart, Part, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::form_parts::{ContextCard, CustomDisclaimer, PrivacyPolicy, ThankYouPage};
use super::question::{Question, QuestionType};
use crate::guard::rules;
use crate::id::{LeadFormId, PageId};

/// Makes a lead form: `POST /{page_id}/leadgen_forms` (Lead Ads: Forms).
///
/// Needs the Page's token and `pages_manage_ads`, `leads_retrieval`, `pages_read_engagement`, `pages_show_list`, and that
/// the Page accepted the terms for leads ([`GetLeadTerms`](super::GetLeadTerms)). At most 15 questions of one's own. A
/// form cannot be changed later. Nothing repeats the call.
#[derive(Clone, Debug)]
pub struct CreateLeadForm {
    page: PageId,
    form: Fields,
    gated_file: Option<GatedFile>,
}

#[derive(Clone, Debug, Serialize)]
struct Fields {
    name: String,
    questions: Vec<Question>,
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy_policy: Option<PrivacyPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_content_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_card: Option<ContextCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thank_you_page: Option<ThankYouPage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_disclaimer: Option<CustomDisclaimer>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tracking_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up_action_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question_page_custom_headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block_display_for_non_targeted_viewer: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_optimized_for_quality: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_phone_sms_verify_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    should_enforce_work_email: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_organic_lead_retrieval: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_lead_capture_ai_agent_enabled: Option<bool>,
}

/// A file that a person gets for the answers.
#[derive(Clone, Debug)]
pub struct GatedFile {
    file_name: String,
    content_type: String,
    body: Body,
}

impl GatedFile {
    /// With its name, its content type such as `application/pdf`, and its bytes or a source of them.
    pub fn new(file_name: impl Into<String>, content_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { file_name: file_name.into(), content_type: content_type.into(), body: body.into() }
    }
}

macro_rules! setters {
    ($($(#[$meta:meta])* $name:ident: $type:ty;)+) => {$(
        $(#[$meta])*
        pub fn $name(mut self, $name: impl Into<$type>) -> Self {
            self.form.$name = Some($name.into());
            self
        }
    )+};
}

impl CreateLeadForm {
    /// A form with this name, for the business only, and these questions. It needs a privacy policy or a legal content
    /// as well.
    pub fn new(page: PageId, name: impl Into<String>, questions: impl IntoIterator<Item = Question>) -> Self {
        let form = Fields {
            name: name.into(),
            questions: questions.into_iter().collect(),
            privacy_policy: None,
            legal_content_id: None,
            context_card: None,
            thank_you_page: None,
            custom_disclaimer: None,
            tracking_parameters: BTreeMap::new(),
            follow_up_action_url: None,
            locale: None,
            question_page_custom_headline: None,
            block_display_for_non_targeted_viewer: None,
            is_optimized_for_quality: None,
            is_phone_sms_verify_enabled: None,
            should_enforce_work_email: None,
            allow_organic_lead_retrieval: None,
            is_lead_capture_ai_agent_enabled: None,
        };
        Self { page, form, gated_file: None }
    }

    setters! {
        /// The privacy policy.
        privacy_policy: PrivacyPolicy;
        /// The legal part of another form, in place of a privacy policy.
        legal_content_id: String;
        /// What stands before the questions.
        context_card: ContextCard;
        /// What stands after the questions.
        thank_you_page: ThankYouPage;
        /// A disclaimer with boxes to tick.
        custom_disclaimer: CustomDisclaimer;
        /// Where a person goes afterwards.
        follow_up_action_url: String;
        /// Language and country of Meta's texts, such as `de_DE`.
        locale: String;
        /// A headline over the questions.
        question_page_custom_headline: String;
        /// Whether only people who were shown the ad may see the form.
        block_display_for_non_targeted_viewer: bool;
        /// Whether a person has to confirm before sending.
        is_optimized_for_quality: bool;
        /// Whether the phone number is confirmed with a code.
        is_phone_sms_verify_enabled: bool;
        /// Whether only addresses of companies are taken.
        should_enforce_work_email: bool;
        /// Whether leads without an ad can be read. Meta no longer recommends it.
        allow_organic_lead_retrieval: bool;
        /// Whether Meta's agent talks to people about the form (v26.0 and later).
        is_lead_capture_ai_agent_enabled: bool;
    }

    /// A hidden value that each lead has beside the answers, such as where it came from.
    pub fn tracking_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.form.tracking_parameters.insert(name.into(), value.into());
        self
    }

    /// A file that a person gets for the answers.
    pub fn gated_file(mut self, file: GatedFile) -> Self {
        self.gated_file = Some(file);
        self
    }

    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let questions = &self.form.questions;
        let own = questions.iter().filter(|question| question.kind == QuestionType::Custom).count();
        if own > rules::L1_MAX_QUESTIONS {
            findings.push(rules::L1.finding("questions").measured(own));
        }
        if questions.is_empty() {
            findings.push(
                Finding::error("lead.form.empty", "questions", "the form asks for nothing")
                    .advice("add a question such as EMAIL"),
            );
        }
        for (index, question) in questions.iter().enumerate() {
            let label = question.label.as_deref().unwrap_or_default().trim();
            if question.kind == QuestionType::Custom && label.is_empty() {
                let field = format!("questions[{index}].label");
                findings.push(
                    Finding::error("lead.form.label", field, "a question of one's own has no text")
                        .advice("say what you ask"),
                );
            }
        }
        let policy = self.form.privacy_policy.as_ref();
        let is_web =
            |url: &str| url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !policy.map_or(self.form.legal_content_id.is_some(), |policy| is_web(&policy.url)) {
            findings.push(rules::L1_PRIVACY.finding("privacy_policy.url"));
        }
        if let Some(policy) = policy {
            policy.check(&mut findings);
        }
        if let Some(card) = &self.form.context_card {
            card.check(&mut findings);
        }
        findings
    }

    /// The fields as text, in their order.
    fn texts(&self) -> Result<Vec<(String, String)>, InvalidRequest> {
        let unwritable =
            |_| Finding::error("request.parameter", "questions", "the form cannot be written as JSON");
        let serde_json::Value::Object(fields) = serde_json::to_value(&self.form).map_err(unwritable)? else {
            return Ok(Vec::new());
        };
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(fields.into_iter().map(|(name, value)| (name, text(value))).collect())
    }
}

impl Endpoint for CreateLeadForm {
    type Output = CreatedLeadForm;

    const NAME: &'static str = "lead.forms.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/leadgen_forms";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[
        scope::PAGES_MANAGE_ADS,
        scope::LEADS_RETRIEVAL,
        scope::PAGES_READ_ENGAGEMENT,
        scope::PAGES_SHOW_LIST,
    ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        parts.path("page_id", &self.page);
        let texts = self.texts()?;
        let Some(file) = &self.gated_file else {
            for (name, text) in texts {
                parts.form_field(name, text);
            }
            return Ok(());
        };
        let mut multipart = Multipart::new();
        for (name, text) in texts {
            multipart = multipart.part(Part::text(name, text));
        }
        let file = Part::file("upload_gated_file", &file.file_name, &file.content_type, file.body.clone());
        parts.multipart(multipart.part(file)).map(|_| ())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedLeadForm, DecodeError> {
        response.json()
    }
}

/// A form that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedLeadForm {
    /// Its id.
    pub id: LeadFormId,
}

#[cfg(test)]
mod tests;
