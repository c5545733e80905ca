//! Leads.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sociogram_api_core::Timestamp;

use super::contact::LeadContact;
use super::form::LeadForm;
use super::owner::{LeadOwner, LeadType};
use crate::lenient;
use crate::urn::{CampaignUrn, LeadUrn, PersonUrn, Urn, VersionedLeadFormUrn};

/// What one member entered into one form. [`contact`](Self::contact) names the answers. `Debug` shows no answers.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeadResponse {
    /// Its id, a part of its [`urn`](Self::urn); the key to tell repeats by.
    pub id: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub owner: Option<LeadOwner>,
    /// Who gave it, as far as LinkedIn tells.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub submitter: Option<PersonUrn>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub lead_type: Option<LeadType>,
    /// The campaign, for leads of ads.
    #[serde(default, rename = "leadMetadata", deserialize_with = "campaign")]
    pub campaign: Option<CampaignUrn>,
    /// The form, as it was then.
    #[serde(default, rename = "versionedLeadGenFormUrn", deserialize_with = "lenient::or_none")]
    pub versioned_form: Option<VersionedLeadFormUrn>,
    /// When it was given.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub submitted_at: Option<Timestamp>,
    /// Whether it is only a test.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub test_lead: Option<bool>,
    /// The creative, event, organization or product it was given at.
    #[serde(default, deserialize_with = "entity")]
    pub associated_entity: Option<Urn>,
    /// The answers and consents.
    #[serde(default, rename = "formResponse", deserialize_with = "lenient::or_none")]
    response: Option<FormResponse>,
    /// The form, if it was asked for; see [`GetLeadResponse::with_form`](super::GetLeadResponse::with_form).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub form: Option<LeadForm>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FormResponse {
    #[serde(deserialize_with = "lenient::readable")]
    answers: Vec<LeadAnswer>,
    #[serde(deserialize_with = "lenient::readable")]
    consent_responses: Vec<ConsentResponse>,
}

impl LeadResponse {
    /// Its URN, as webhooks name it.
    pub fn urn(&self) -> Option<LeadUrn> {
        LeadUrn::parse(&self.id).or_else(|_| LeadUrn::from_id(&self.id)).ok()
    }

    /// The answers, in the order of the form.
    pub fn answers(&self) -> &[LeadAnswer] {
        self.response.as_ref().map(|response| response.answers.as_slice()).unwrap_or_default()
    }

    /// The boxes that were ticked, or not.
    pub fn consents(&self) -> &[ConsentResponse] {
        self.response.as_ref().map(|response| response.consent_responses.as_slice()).unwrap_or_default()
    }

    /// What the answers say about the person, by the form that came along with the lead. For another form see
    /// [`LeadContact::new`].
    pub fn contact(&self) -> LeadContact {
        LeadContact::new(self, self.form.as_ref())
    }
}

/// One answer. `Debug` shows the question's number, never the answer.
#[non_exhaustive]
#[derive(Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeadAnswer {
    /// The question's number in the form.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub question_id: Option<i64>,
    /// The question's name, if LinkedIn repeats it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What was entered.
    #[serde(default, rename = "answerDetails")]
    pub value: AnswerValue,
}

impl fmt::Debug for LeadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeadAnswer").field("question_id", &self.question_id).finish_non_exhaustive()
    }
}

/// What was entered. `Debug` shows only which kind it is.
#[non_exhaustive]
#[derive(Clone, Default, PartialEq, Eq)]
pub enum AnswerValue {
    /// Text.
    Text(String),
    /// The numbers of the options that were chosen.
    Choices(Vec<i64>),
    /// Something that this version does not know, or nothing.
    #[default]
    Unknown,
}

impl AnswerValue {
    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The numbers of the chosen options; none if it is not a choice.
    pub fn choices(&self) -> &[i64] {
        if let Self::Choices(options) = self { options } else { &[] }
    }
}

impl fmt::Debug for AnswerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(redacted)",
            Self::Choices(_) => "Choices(redacted)",
            Self::Unknown => "Unknown",
        })
    }
}

impl<'de> Deserialize<'de> for AnswerValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let details = Value::deserialize(deserializer)?;
        let number = |option: &Value| option.as_i64().or_else(|| option.as_str()?.trim().parse().ok());
        let text = details.pointer("/textQuestionAnswer/answer").and_then(Value::as_str);
        let options = details.pointer("/multipleChoiceAnswer/options").and_then(Value::as_array);
        Ok(match (text, options) {
            (Some(text), _) => Self::Text(text.to_owned()),
            (None, Some(options)) => Self::Choices(options.iter().filter_map(number).collect()),
            (None, None) => Self::Unknown,
        })
    }
}

/// What became of a box to tick.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsentResponse {
    /// The consent's number in the form.
    #[serde(deserialize_with = "lenient::integer")]
    pub consent_id: Option<i64>,
    /// Whether it was ticked.
    #[serde(deserialize_with = "lenient::boolean")]
    pub accepted: Option<bool>,
}

fn campaign<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CampaignUrn>, D::Error> {
    let metadata: Option<Value> = lenient::or_none(deserializer)?;
    let campaign = metadata.as_ref().and_then(|value| value.pointer("/sponsoredLeadMetadata/campaign"));
    Ok(campaign.and_then(Value::as_str).and_then(|urn| urn.parse().ok()))
}

/// A union of URNs: the name of the member repeats the kind.
pub(super) fn entity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Urn>, D::Error> {
    let union: Option<BTreeMap<String, Value>> = lenient::or_none(deserializer)?;
    Ok(union.into_iter().flatten().find_map(|(_, urn)| urn.as_str()?.parse().ok()))
}

#[cfg(test)]
mod tests;
