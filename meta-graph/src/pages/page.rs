//! One Page and its settings (Graph API: Page, Page Settings).

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::accounts::Account;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::PageId;
use crate::{acknowledged, lenient};

/// Reads a Page: `GET /{page_id}` (Graph API: Page).
///
/// Needs `pages_show_list` and `pages_read_engagement`; for Pages of others the feature Page Public Content Access.
/// No error keeps any of the answer, because it holds the Page's token if that is asked for.
#[derive(Clone, Debug)]
pub struct GetPage {
    page: PageId,
    fields: Cow<'static, str>,
}

impl GetPage {
    /// The fields asked for unless others are named.
    pub const DEFAULT_FIELDS: &'static str = "id,name,username,category,category_list,link,about,picture,fan_count,\
        followers_count,is_published,verification_status,has_transitioned_to_new_page_experience,\
        instagram_business_account{id,username},connected_instagram_account{id,username},business{id,name},\
        whatsapp_number,leadgen_tos_accepted,is_webhooks_subscribed";

    /// This Page.
    pub fn new(page: impl Into<PageId>) -> Self {
        Self { page: page.into(), fields: Cow::Borrowed(Self::DEFAULT_FIELDS) }
    }

    /// Other fields than usual, in Meta's syntax; `id` must be among them.
    pub fn fields(mut self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.fields = fields.into();
        self
    }
}

impl Endpoint for GetPage {
    type Output = Account;

    const NAME: &'static str = "page.details.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{page_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page).query("fields", &self.fields);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Account, DecodeError> {
        response.json()
    }
}

list_endpoint! {
    /// Lists the settings of a Page: `GET /{page_id}/settings` (Graph API: Page Settings).
    ///
    /// Needs the Page's token, the task `MANAGE` and `pages_manage_metadata`.
    pub struct ListPageSettings -> PageSetting;
    "page.settings.list": "/{page_id}/settings", [scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    subject page_id;
}

/// A setting of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PageSetting {
    /// Its name, such as `USERS_CAN_POST`.
    pub setting: String,
    /// Its value, mostly a flag.
    #[serde(default)]
    pub value: Value,
}

impl PageSetting {
    /// The value, if it is a flag.
    pub fn is_on(&self) -> Option<bool> {
        lenient::bool_of(&self.value)
    }
}

endpoint! {
    /// Changes settings of a Page: `POST /{page_id}/settings` (Graph API: Page Settings).
    ///
    /// Needs the Page's token, the task `MANAGE` and `pages_manage_metadata`. Repeating it changes nothing. Meta names
    /// one setting in each call in its examples; with several it is not said what happens when one is refused.
    pub struct UpdatePageSettings -> ();
    "page.settings.set": POST "/{page_id}/settings", Safe, [scope::PAGES_MANAGE_METADATA, scope::PAGES_SHOW_LIST];
    new { page_id: PageId, option: PageOptions }
    subject page_id;
    checked by check;
    decode acknowledged::read;
}

impl UpdatePageSettings {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let empty = Finding::error("page.settings.empty", "option", "no setting is named").advice("name one");
        if self.option.0.is_empty() { vec![empty] } else { Vec::new() }
    }
}

/// Settings with their new values.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct PageOptions(Map<String, Value>);

impl PageOptions {
    /// One setting and its new value.
    pub fn new(setting: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::default().and(setting, value)
    }

    /// Another setting.
    pub fn and(mut self, setting: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(setting.into(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, exchange};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn settings_are_flags_or_anything() {
        let (page, _) = exchange(
            ListPageSettings::new(42),
            r#"{"data":[{"setting":"A","value":"1"},{"setting":"B","value":{"x":1}},{"setting":"C"},{"value":true}]}"#,
        )
        .await;
        let page = page.unwrap();
        let values: Vec<Option<bool>> = page.items.iter().map(PageSetting::is_on).collect();
        assert_eq!((values, page.malformed.len()), (vec![Some(true), None, None], 1));
    }

    #[tokio::test]
    async fn no_setting_is_no_call() {
        let transport = ScriptedTransport::new();
        let update = UpdatePageSettings::new(42, PageOptions::default());
        let error = client(&transport).send(update).await.unwrap_err();
        assert_eq!(error.findings()[0].rule(), "page.settings.empty");
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn a_token_that_was_asked_for_stays_out_of_debug_and_errors() {
        let page =
            exchange(GetPage::new(42).fields("access_token"), r#"{"id":"42","access_token":"SEKRET"}"#).await;
        assert!(!format!("{:?}", page.0.unwrap()).contains("SEKRET"));
        let page = exchange(GetPage::new(42).fields("access_token"), r#"{"access_token":"SEKRET"}"#).await;
        let error = page.0.unwrap_err();
        assert!(error.raw_body().is_none() && !format!("{error:?} {error}").contains("SEKRET"));
    }
}
