//! Lead forms.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::form_parts::{ContextCard, ThankYouPage};
use super::question::Question;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{LeadFormId, PageId};
use crate::lenient;

/// What is read of forms.
const FIELDS: &str = "id,name,status,locale,created_time,leads_count,organic_leads_count,expired_leads_count,page_id,\
    questions,privacy_policy_url,follow_up_action_url,tracking_parameters,question_page_custom_headline,\
    is_optimized_for_quality,legal_content,context_card,thank_you_page";

open_enum! {
    /// Where a form stands.
    pub enum LeadFormStatus {
        /// It can be used.
        Active = "ACTIVE",
        /// It was put away; it can be taken back.
        Archived = "ARCHIVED",
        /// It is gone.
        Deleted = "DELETED",
        /// It is not finished.
        Draft = "DRAFT",
    }
}

list_endpoint! {
    /// The lead forms of a Page: `GET /{page_id}/leadgen_forms` (Lead Ads: Forms). Needs the Page's token and
    /// `leads_retrieval`, `pages_manage_ads`, `pages_read_engagement`, `pages_show_list`.
    pub struct ListLeadForms -> LeadForm;
    "lead.forms.list": "/{page_id}/leadgen_forms", [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    fields FIELDS;
    subject page_id;
}

endpoint! {
    /// One lead form: `GET /{form_id}` (Lead Ads: Forms). Permissions as for [`ListLeadForms`].
    pub struct GetLeadForm -> LeadForm;
    "lead.forms.get": GET "/{form_id}", Safe, [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS, scope::PAGES_READ_ENGAGEMENT];
    new { form_id: LeadFormId }
    fields FIELDS;
}

endpoint! {
    /// Puts a form away or takes it back: `POST /{form_id}` (Lead Ads: Forms). Nothing else of a form can be changed. Needs
    /// the Page's token and `pages_manage_ads`. Repeating it changes nothing.
    pub struct UpdateLeadForm -> ();
    "lead.forms.update": POST "/{form_id}", Safe, [scope::PAGES_MANAGE_ADS, scope::PAGES_SHOW_LIST];
    new { form_id: LeadFormId, status: LeadFormStatus }
    decode acknowledged::read;
}

/// A lead form. Everything but its id may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LeadForm {
    /// Its id.
    pub id: LeadFormId,
    /// Its name, for the business only.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<LeadFormStatus>,
    /// Its language and country, such as `de_DE`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub locale: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// How many leads it brought.
    #[serde(default, deserialize_with = "lenient::count")]
    pub leads_count: Option<u64>,
    /// How many of them without an ad.
    #[serde(default, deserialize_with = "lenient::count")]
    pub organic_leads_count: Option<u64>,
    /// How many of them are older than 90 days and cannot be read any more.
    #[serde(default, deserialize_with = "lenient::count")]
    pub expired_leads_count: Option<u64>,
    /// Whose it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub page_id: Option<PageId>,
    /// Its questions, which say what the names in leads mean.
    #[serde(default, deserialize_with = "lenient::list")]
    pub questions: Vec<Question>,
    /// The address of the privacy policy.
    #[serde(default, deserialize_with = "lenient::text")]
    pub privacy_policy_url: Option<String>,
    /// Where a person goes afterwards.
    #[serde(default, deserialize_with = "lenient::text")]
    pub follow_up_action_url: Option<String>,
    /// Hidden values that each lead has beside the answers, as pairs of name and value.
    #[serde(default, deserialize_with = "tracking")]
    pub tracking_parameters: Vec<(String, String)>,
    /// The headline over the questions.
    #[serde(default, deserialize_with = "lenient::text")]
    pub question_page_custom_headline: Option<String>,
    /// Whether a person has to confirm before sending.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_optimized_for_quality: Option<bool>,
    /// Privacy policy and disclaimer.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub legal_content: Option<LegalContent>,
    /// What stands before the questions.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub context_card: Option<ContextCard>,
    /// What stands after them.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub thank_you_page: Option<ThankYouPage>,
}

/// The legal part of a form.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LegalContent {
    /// Its id, which other forms can use.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The boxes to tick; their keys are in each lead.
    #[serde(default, rename = "custom_disclaimer", deserialize_with = "checkboxes")]
    pub checkboxes: Vec<DisclaimerCheckbox>,
}

/// A box to tick.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DisclaimerCheckbox {
    /// Its name in leads.
    #[serde(default, deserialize_with = "lenient::text")]
    pub key: Option<String>,
    /// What one agrees to.
    #[serde(default, deserialize_with = "lenient::text")]
    pub text: Option<String>,
    /// Whether one has to.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_required: Option<bool>,
    /// Whether it is ticked from the start.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_checked_by_default: Option<bool>,
}

fn checkboxes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<DisclaimerCheckbox>, D::Error> {
    let value = Value::deserialize(from)?;
    let boxes = value.get("checkboxes").and_then(Value::as_array);
    Ok(boxes.into_iter().flatten().filter_map(|item| DisclaimerCheckbox::deserialize(item).ok()).collect())
}

/// A list of objects such as `{"key":…,"value":…}` or `{name: value}`, or one object.
fn tracking<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, String)>, D::Error> {
    let value = Value::deserialize(from)?;
    let objects = match &value {
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        Value::Object(object) => vec![object],
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for object in objects {
        if let (Some(Value::String(key)), Some(value)) = (object.get("key"), object.get("value")) {
            found.push((key.clone(), lenient::text_of(value).unwrap_or_default()));
        } else {
            let pair = |(name, value): (&String, &Value)| {
                (name.clone(), lenient::text_of(value).unwrap_or_default())
            };
            found.extend(object.iter().map(pair));
        }
    }
    Ok(found)
}
