//! The Pages a person or system user can act for (Graph API: User Accounts).

use std::borrow::Cow;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{
    Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_oauth_core::{AccessToken, scope};

use crate::id::{BusinessId, InstagramAccountId, PageId, UserId};
use crate::{lenient, page_envelope};
use sociogram_api_core::open_enum;

/// Lists Pages with their tokens: `GET /{user}/accounts`.
///
/// Needs a user or system-user token with `pages_show_list`. Pages that a business portfolio owns are
/// missing without `business_management`, and consent may be limited to some Pages
/// ([`TokenInfo::allows`](crate::debug_token::TokenInfo::allows)).
///
/// A Page token made from a long-lived user token has no end date; one from a short-lived token ends with
/// it.
#[derive(Clone, Debug)]
pub struct ListAccounts {
    user: Cow<'static, str>,
    fields: Cow<'static, str>,
    limit: Option<u32>,
    after: Option<Cursor>,
}

impl ListAccounts {
    /// The fields asked for unless others are named.
    pub const DEFAULT_FIELDS: &'static str = "id,name,username,category,tasks,access_token";

    /// The Pages of whoever the token belongs to.
    pub const fn new() -> Self {
        Self {
            user: Cow::Borrowed("me"),
            fields: Cow::Borrowed(Self::DEFAULT_FIELDS),
            limit: None,
            after: None,
        }
    }

    /// The Pages of this user or system user.
    pub fn of(mut self, user: &UserId) -> Self {
        self.user = Cow::Owned(user.to_string());
        self
    }

    /// Other fields, comma-separated; edges may be expanded (`instagram_business_account{id,username}`).
    /// `id` must be among them.
    pub fn fields(mut self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.fields = fields.into();
        self
    }

    /// Pages in one answer; Meta gives 25 unless told, and 100 at most.
    pub const fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl Default for ListAccounts {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint for ListAccounts {
    type Output = Page<Account>;

    const NAME: &'static str = "user.accounts.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{user_id}/accounts";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_SHOW_LIST];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("user_id", &self.user).query("fields", &self.fields);
        if let Some(limit) = self.limit {
            parts.query("limit", limit.to_string());
        }
        page_envelope::write(parts, self.after.as_ref());
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<Account>, DecodeError> {
        page_envelope::read(response)
    }
}

impl ListEndpoint for ListAccounts {
    type Item = Account;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.after = Some(cursor.clone());
        self
    }
}

/// A Page as seen by the person who can act for it. Fields that were not asked for, or that this token may
/// not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// The Page.
    pub id: PageId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its user name, as in the address of the Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Its category, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<String>,
    /// What the person may do on it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub tasks: Vec<PageTask>,
    /// The Page's token; missing where the person's tasks are too weak or the Page is a client's.
    #[serde(default, deserialize_with = "lenient::access_token")]
    pub access_token: Option<AccessToken>,
    /// The linked Instagram account; ask for `instagram_business_account{id,username}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub instagram_business_account: Option<LinkedInstagramAccount>,
    /// The portfolio that owns the Page; ask for `business{id,name}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub business: Option<OwningBusiness>,
    /// Whether the Page is public; ask for `is_published`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub is_published: Option<bool>,
    /// Whether the lead ad terms are accepted; ask for `leadgen_tos_accepted`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub leadgen_tos_accepted: Option<bool>,
}

/// The Instagram account of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LinkedInstagramAccount {
    /// The account.
    pub id: InstagramAccountId,
    /// Its user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
}

/// The business portfolio of a Page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwningBusiness {
    /// The portfolio.
    pub id: BusinessId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

open_enum! {
    /// What a person may do on a Page. Pages of the new experience name tasks `PROFILE_PLUS_…`.
    pub enum PageTask {
        /// See insights.
        Analyze = "ANALYZE",
        /// Make ads.
        Advertise = "ADVERTISE",
        /// Answer and delete comments.
        Moderate = "MODERATE",
        /// Publish as the Page.
        CreateContent = "CREATE_CONTENT",
        /// Manage the Page and its roles.
        Manage = "MANAGE",
        /// Send messages as the Page.
        Messaging = "MESSAGING",
        /// See insights (new experience).
        ProfilePlusAnalyze = "PROFILE_PLUS_ANALYZE",
        /// Make ads (new experience).
        ProfilePlusAdvertise = "PROFILE_PLUS_ADVERTISE",
        /// Answer and delete comments (new experience).
        ProfilePlusModerate = "PROFILE_PLUS_MODERATE",
        /// Publish as the Page (new experience).
        ProfilePlusCreateContent = "PROFILE_PLUS_CREATE_CONTENT",
        /// Manage the Page (new experience).
        ProfilePlusManage = "PROFILE_PLUS_MANAGE",
        /// See and fetch leads (new experience).
        ProfilePlusManageLeads = "PROFILE_PLUS_MANAGE_LEADS",
        /// Send messages as the Page (new experience).
        ProfilePlusMessaging = "PROFILE_PLUS_MESSAGING",
        /// Use the Page on Facebook itself (new experience).
        ProfilePlusFacebookAccess = "PROFILE_PLUS_FACEBOOK_ACCESS",
        /// Everything (new experience).
        ProfilePlusFullControl = "PROFILE_PLUS_FULL_CONTROL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn asks_for_the_default_fields_of_whoever_it_is() {
        let (page, request) = exchange(ListAccounts::default(), r#"{"data":[]}"#).await;
        assert_eq!(
            line(&request),
            "GET /v26.0/me/accounts?fields=id%2Cname%2Cusername%2Ccategory%2Ctasks%2Caccess_token"
        );
        assert!(page.unwrap().next.is_none());
        let other = ListAccounts::new().of(&UserId::from(9)).fields("id,business{id}").limit(100);
        let (_, request) = exchange(other, r#"{"data":[]}"#).await;
        assert_eq!(line(&request), "GET /v26.0/9/accounts?fields=id%2Cbusiness%7Bid%7D&limit=100");
    }

    #[tokio::test]
    async fn accounts_are_read_leniently_and_hide_their_token() {
        let (page, _) = exchange(
            ListAccounts::new(),
            r#"{"data":[{"id":1,"name":"Cafe","tasks":["MANAGE","PROFILE_PLUS_NEW",7],"access_token":"SEKRET",
                "instagram_business_account":{"id":"17841","username":"cafe"},"business":{"name":"no id"}},
                {"id":"2","access_token":"","name":5,"tasks":null}]}"#,
        )
        .await;
        let page = page.unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((first.id.as_str(), first.name.as_deref()), ("1", Some("Cafe")));
        assert_eq!(first.tasks, [PageTask::Manage, PageTask::Unknown("PROFILE_PLUS_NEW".into())]);
        assert_eq!(first.access_token.as_ref().map(AccessToken::expose), Some("SEKRET"));
        assert_eq!(first.instagram_business_account.as_ref().unwrap().id.as_str(), "17841");
        assert_eq!(first.business, None, "without its id it is no use");
        assert!(second.access_token.is_none() && second.name.is_none() && second.tasks.is_empty());
        assert!(!format!("{page:?}").contains("SEKRET"));
    }
}
