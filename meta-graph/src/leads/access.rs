//! Who may read the leads of a Page.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::{AppId, PageId, UserId};
use crate::lenient;

/// Whether a person and an app may read the leads of a Page, and why not: `GET /{page_id}` with `has_lead_access` (Graph
/// API: Has Lead Access).
///
/// The Leads Access Manager can keep even admins out. Needs the Page's token and `leads_retrieval`. Meta answers it for
/// people only, not for system users.
#[derive(Clone, Debug)]
pub struct GetLeadAccess {
    page: PageId,
    user: UserId,
    app: Option<AppId>,
}

impl GetLeadAccess {
    /// Of this person.
    pub const fn new(page: PageId, user: UserId) -> Self {
        Self { page, user, app: None }
    }

    /// With this app; the calling one unless set.
    pub fn app(mut self, app: AppId) -> Self {
        self.app = Some(app);
        self
    }
}

impl Endpoint for GetLeadAccess {
    type Output = LeadAccess;

    const NAME: &'static str = "lead.access.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{page_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::LEADS_RETRIEVAL, scope::PAGES_SHOW_LIST];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let mut fields = format!("has_lead_access.user_id({})", self.user);
        if let Some(app) = &self.app {
            fields = format!("{fields}.app_id({app})");
        }
        parts.path("page_id", &self.page).query("fields", fields);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<LeadAccess, DecodeError> {
        let answer: Value = response.json()?;
        let access = answer.get("has_lead_access");
        // Meta gives an object; a list of one is read as well.
        let access = access.and_then(|access| access.pointer("/data/0")).or(access);
        access
            .and_then(|access| LeadAccess::deserialize(access).ok())
            .ok_or_else(|| DecodeError::new("has_lead_access", "the answer does not say who has access"))
    }
}

/// Whether leads may be read, and what is in the way.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeadAccess {
    /// All in all. The rest says why.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_access_lead: Option<bool>,
    /// Whether the app has `leads_retrieval`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub app_has_leads_permission: Option<bool>,
    /// Whether the person has access to leads.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub user_has_leads_permission: Option<bool>,
    /// Whether the Page chooses by itself who gets leads.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub enabled_lead_access_manager: Option<bool>,
    /// Whether the person is an admin of the Page.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_page_admin: Option<bool>,
    /// Why not, in Meta's words.
    #[serde(default, deserialize_with = "lenient::text")]
    pub failure_reason: Option<String>,
    /// What to do about it, in Meta's words, for the person.
    #[serde(default, deserialize_with = "lenient::text")]
    pub failure_resolution: Option<String>,
    /// The Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub page_id: Option<PageId>,
    /// The person.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user_id: Option<UserId>,
}

impl LeadAccess {
    /// Whether Meta says that leads may be read.
    pub fn is_granted(&self) -> bool {
        self.can_access_lead == Some(true)
    }
}

endpoint! {
    /// Whether the Page accepted the terms for leads, without which no form can be made: `GET /{page_id}` with
    /// `leadgen_tos_accepted` (Graph API: Page). They are accepted on facebook.com. Needs the Page's token and
    /// `pages_read_engagement`.
    pub struct GetLeadTerms -> LeadTerms;
    "lead.terms.get": GET "/{page_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    fields "leadgen_tos_accepted,leadgen_tos_acceptance_time";
    subject page_id;
}

/// The terms for leads.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeadTerms {
    /// Whether they were accepted.
    #[serde(default, rename = "leadgen_tos_accepted", deserialize_with = "lenient::yes_or_no")]
    pub accepted: Option<bool>,
    /// When.
    #[serde(default, rename = "leadgen_tos_acceptance_time", deserialize_with = "lenient::time")]
    pub accepted_at: Option<Timestamp>,
}
