//! Leads.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AdId, AdSetId, CampaignId, LeadFormId, LeadId};
use crate::lenient;

/// What is read of leads.
const FIELDS: &str = "id,created_time,form_id,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,is_organic,\
    platform,partner_name,retailer_item_id,field_data,custom_disclaimer_responses";

/// Of which time leads are listed. **Meta ignores it at times**, so compare [`Lead::created_time`] as well, or use
/// [`LeadSync`](super::LeadSync).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeadTimes {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl LeadTimes {
    /// Of this second and later.
    pub const fn since(time: Timestamp) -> Self {
        Self { since: Some(time), until: None }
    }

    /// Before this second.
    pub const fn until(mut self, time: Timestamp) -> Self {
        self.until = Some(time);
        self
    }
}

impl Serialize for LeadTimes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rule =
            |operator, value: i64| json!({ "field": "time_created", "operator": operator, "value": value });
        // Only `greater` and `less` stand in all of Meta's examples, so the first second is named by the one before.
        let since = self.since.map(|time| rule("GREATER_THAN", time.as_unix_seconds().saturating_sub(1)));
        let until = self.until.map(|time| rule("LESS_THAN", time.as_unix_seconds()));
        let rules: Vec<Value> = since.into_iter().chain(until).collect();
        rules.serialize(serializer)
    }
}

list_endpoint! {
    /// The leads of a form, the newest first: `GET /{form_id}/leads` (Lead Ads: Retrieving). Needs the Page's token and
    /// `leads_retrieval`, `pages_manage_ads`, `pages_read_engagement`, `pages_show_list`; the fields of ads
    /// `ads_management`. Leads older than 90 days are gone.
    pub struct ListFormLeads -> Lead;
    "lead.form_leads.list": "/{form_id}/leads", [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 500;
    new { form_id: LeadFormId }
    with {
        /// Of which time.
        times as "filtering": LeadTimes,
    }
    fields FIELDS;
    sensitive true;
}

list_endpoint! {
    /// The leads of an ad, the newest first: `GET /{ad_id}/leads` (Lead Ads: Retrieving). Needs `leads_retrieval`,
    /// `ads_management` and what [`ListFormLeads`] needs.
    pub struct ListAdLeads -> Lead;
    "lead.ad_leads.list": "/{ad_id}/leads", [scope::LEADS_RETRIEVAL, scope::ADS_MANAGEMENT, scope::PAGES_MANAGE_ADS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 500;
    new { ad_id: AdId }
    with {
        /// Of which time.
        times as "filtering": LeadTimes,
    }
    fields FIELDS;
    sensitive true;
}

endpoint! {
    /// One lead, as named by the webhook `leadgen`: `GET /{lead_id}` (Lead Ads: Retrieving). Permissions as for
    /// [`ListFormLeads`].
    pub struct GetLead -> Lead;
    "lead.leads.get": GET "/{lead_id}", Safe, [scope::LEADS_RETRIEVAL, scope::PAGES_MANAGE_ADS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { lead_id: LeadId }
    fields FIELDS;
    sensitive true;
}

open_enum! {
    /// Where a lead was given.
    pub enum LeadPlatform {
        /// Facebook.
        Facebook = "fb",
        /// Instagram.
        Instagram = "ig",
    }
}

/// What one person entered into one form. [`LeadContact`](super::LeadContact) names the answers.
///
/// `Debug` shows no answers. What belongs to an ad is missing for organic leads, previews, and callers without a right
/// to the ad account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Lead {
    /// Its id; the key to tell repeats by.
    pub id: LeadId,
    /// When it was given.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// The form.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub form_id: Option<LeadFormId>,
    /// The ad.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ad_id: Option<AdId>,
    /// The ad's name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub ad_name: Option<String>,
    /// The ad set.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub adset_id: Option<AdSetId>,
    /// The ad set's name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub adset_name: Option<String>,
    /// The campaign.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub campaign_id: Option<CampaignId>,
    /// The campaign's name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub campaign_name: Option<String>,
    /// Whether it came without an ad.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_organic: Option<bool>,
    /// Where it was given.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub platform: Option<LeadPlatform>,
    /// The partner who brought it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub partner_name: Option<String>,
    /// The product of the catalog that it is about.
    #[serde(default, deserialize_with = "lenient::text")]
    pub retailer_item_id: Option<String>,
    /// The answers and hidden values, in the order of the form.
    #[serde(default, deserialize_with = "lenient::list")]
    pub field_data: Vec<FieldData>,
    /// The boxes of the disclaimer.
    #[serde(default, deserialize_with = "lenient::list")]
    pub custom_disclaimer_responses: Vec<DisclaimerResponse>,
}

/// One answer. `Debug` shows its name and how many values it has, never the values.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldData {
    /// The key of the question.
    pub name: String,
    /// What was entered; several for questions with several answers.
    #[serde(default, deserialize_with = "values")]
    pub values: Vec<String>,
}

impl FieldData {
    /// An answer, for test leads.
    pub fn new<T: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = T>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(Into::into).collect() }
    }
}

impl fmt::Debug for FieldData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldData({}: [{} redacted])", self.name, self.values.len())
    }
}

/// A list of texts, or a text alone; numbers become text.
fn values<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items.iter().filter_map(value_of).collect(),
        other => value_of(&other).into_iter().collect(),
    })
}

fn value_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        other => lenient::text_of(other),
    }
}

/// A box of the disclaimer.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclaimerResponse {
    /// The key of the box.
    pub checkbox_key: String,
    /// Whether it was ticked.
    #[serde(default, deserialize_with = "lenient::flag", serialize_with = "ticked")]
    pub is_checked: bool,
}

impl DisclaimerResponse {
    /// A box, for test leads.
    pub fn new(checkbox_key: impl Into<String>, is_checked: bool) -> Self {
        Self { checkbox_key: checkbox_key.into(), is_checked }
    }
}

/// Meta writes `"1"` and `""`.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn ticked<S: Serializer>(is_checked: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if *is_checked { "1" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::{CreateTestLead, ListTestLeads};
    use crate::scripted::exchange;

    #[tokio::test]
    async fn no_error_keeps_what_a_person_entered() {
        let answer = r#"["CANARY@example.com"]"#;
        let refusal =
            r#"{"error":{"message":"CANARY","error_user_msg":"CANARY","code":100,"error_subcode":33}}"#;
        for body in [answer, refusal] {
            let form = || LeadFormId::from(5);
            let errors = [
                exchange(GetLead::new(LeadId::from(1)), body).await.0.unwrap_err(),
                exchange(ListFormLeads::new(form()), body).await.0.unwrap_err(),
                exchange(ListAdLeads::new(AdId::from(6)), body).await.0.unwrap_err(),
                exchange(ListTestLeads::new(form()), body).await.0.unwrap_err(),
                exchange(CreateTestLead::new(form()), body).await.0.unwrap_err(),
            ];
            for error in errors {
                assert_eq!(error.raw_body(), None, "{error}");
                assert!(!format!("{error:?}{error}").contains("CANARY"), "{error:?}");
            }
        }
    }
}
