//! What a member may do on which pages (LinkedIn: Organization Authorizations).

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, Page, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};
use sociogram_oauth_core::scope;

use crate::batch::{self, BatchFailure};
use crate::endpoint::Params;
use crate::guard::rules;
use crate::lenient;
use crate::method::RestliMethod;
use crate::restli::RestliValue;
use crate::urn::{OrganizationUrn, Urn};

open_enum! {
    /// What an action is about.
    pub enum AuthorizationArea {
        /// Who has a role.
        Role = "OrganizationRoleAuthorizationAction",
        /// Posts.
        Content = "OrganizationContentAuthorizationAction",
        /// The page itself.
        Profile = "OrganizationProfileAuthorizationAction",
        /// The page's activity.
        Activity = "OrganizationActivityAuthorizationAction",
        /// Statistics.
        Analytics = "OrganizationAnalyticsAuthorizationAction",
        /// Apps.
        Application = "OrganizationApplicationAuthorizationAction",
    }
}

/// Something a member may or may not do on a page.
///
/// ```
/// use sociogram_linkedin_api::organizations::{AuthorizationAction, AuthorizationArea};
///
/// let create = AuthorizationAction::content("ORGANIC_SHARE_CREATE");
/// assert_eq!(create, AuthorizationAction::new(AuthorizationArea::Content, "ORGANIC_SHARE_CREATE"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationAction {
    area: AuthorizationArea,
    action: String,
}

impl AuthorizationAction {
    /// Of any area.
    pub fn new(area: impl Into<AuthorizationArea>, action: impl Into<String>) -> Self {
        Self { area: area.into(), action: action.into() }
    }

    /// About roles, such as `ADMINISTRATOR_READ`.
    pub fn role(action: impl Into<String>) -> Self {
        Self::new(AuthorizationArea::Role, action)
    }

    /// About posts, such as `ORGANIC_SHARE_CREATE`.
    pub fn content(action: impl Into<String>) -> Self {
        Self::new(AuthorizationArea::Content, action)
    }

    /// About statistics, such as `FOLLOWER_ANALYTICS_READ`.
    pub fn analytics(action: impl Into<String>) -> Self {
        Self::new(AuthorizationArea::Analytics, action)
    }

    fn to_restli(&self, bare: bool) -> RestliValue {
        let action = RestliValue::record([("actionType", self.action.as_str())]);
        let area = self.area.as_str();
        if bare {
            return RestliValue::record([(area, action)]);
        }
        let mut letters = area.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        let area: String = first.into_iter().chain(letters).collect();
        RestliValue::record([("authorizationAction", RestliValue::record([(area, action)]))])
    }
}

/// Looks on which pages the token's member may do something: `GET /rest/organizationAuthorizations?bq=…` (LinkedIn:
/// Organization Authorizations). One page of answers for each action, in their order.
///
/// It tells what a member may do without knowing what each role is good for. Needs `rw_organization_admin`.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct FindOrganizationAuthorizations {
    actions: Vec<AuthorizationAction>,
    bare: bool,
}

impl FindOrganizationAuthorizations {
    /// For these actions.
    pub fn new(actions: impl Into<Vec<AuthorizationAction>>) -> Self {
        Self { actions: actions.into(), bare: false }
    }

    /// Writes each action as `(OrganizationContentAuthorizationAction:(…))`, as the manuals of LinkedIn's own client
    /// libraries do, in place of `(authorizationAction:(organizationContentAuthorizationAction:(…)))`. Try it when
    /// the usual form is refused as an invalid parameter.
    pub const fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.actions.is_empty() {
            vec![rules::KEYS_EMPTY.finding("authorizationActions")]
        } else {
            Vec::new()
        }
    }
}

impl Endpoint for FindOrganizationAuthorizations {
    type Output = Vec<Result<Page<OrganizationAuthorization>, BatchFailure>>;

    const NAME: &'static str = "linkedin.organization_authorizations.find";
    const METHOD: Method = RestliMethod::BatchFinder.http_method();
    const PATH: &'static str = "/rest/organizationAuthorizations";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::RW_ORGANIZATION_ADMIN];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let actions = self.actions.iter().map(|action| action.to_restli(self.bare));
        let mut params = Params::new(parts, RestliMethod::BatchFinder, false);
        params.query("bq", "authorizationActionsAndImpersonator");
        params.query("authorizationActions", RestliValue::list(actions));
        params.finish();
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        batch::found(response)
    }
}

/// Whether a member may do something.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationStatus {
    /// Yes.
    Approved,
    /// No.
    Denied,
    /// Something this version does not know, as it came.
    Unknown(String),
}

impl AuthorizationStatus {
    /// A word, or a union with one member, whose name may be a whole class name.
    fn read(status: &Value) -> Option<Self> {
        let word = match status {
            Value::String(word) => word,
            Value::Object(union) if union.len() == 1 => union.keys().next()?,
            _ => return None,
        };
        let last = word.rsplit('.').next().unwrap_or(word);
        Some(match last.to_ascii_lowercase().as_str() {
            "approved" => Self::Approved,
            "denied" => Self::Denied,
            _ => Self::Unknown(last.to_owned()),
        })
    }
}

/// One page, and whether the member may do what was asked for there.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct OrganizationAuthorization {
    /// The page.
    pub organization: Option<Urn>,
    /// The member.
    pub impersonator: Option<Urn>,
    /// Whether they may.
    pub status: Option<AuthorizationStatus>,
}

impl OrganizationAuthorization {
    /// The page, if it is an organization.
    pub fn organization_urn(&self) -> Option<OrganizationUrn> {
        self.organization.clone()?.try_into().ok()
    }

    /// Whether the member surely may.
    pub fn is_approved(&self) -> bool {
        self.status == Some(AuthorizationStatus::Approved)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::or_none")]
    organization: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    impersonator: Option<Urn>,
    #[serde(default)]
    status: Option<Value>,
}

impl From<Wire> for OrganizationAuthorization {
    fn from(wire: Wire) -> Self {
        Self {
            organization: wire.organization,
            impersonator: wire.impersonator,
            status: wire.status.as_ref().and_then(AuthorizationStatus::read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_status_is_read() {
        for (status, expected) in [
            (r#""APPROVED""#, Some(AuthorizationStatus::Approved)),
            (r#"{"approved":{}}"#, Some(AuthorizationStatus::Approved)),
            (r#"{"com.linkedin.organization.Approved":{}}"#, Some(AuthorizationStatus::Approved)),
            (r#"{"denied":{"reason":"x"}}"#, Some(AuthorizationStatus::Denied)),
            (r#""PENDING""#, Some(AuthorizationStatus::Unknown("PENDING".into()))),
            ("7", None),
            ("{}", None),
            ("null", None),
        ] {
            let read: OrganizationAuthorization = serde_json::from_str(&format!(
                r#"{{"organization":"urn:li:organization:5","status":{status}}}"#
            ))
            .unwrap();
            assert_eq!(read.is_approved(), expected == Some(AuthorizationStatus::Approved), "{status}");
            assert_eq!(read.status, expected, "{status}");
            assert_eq!(read.organization_urn().unwrap().id(), "5");
        }
    }

    #[test]
    fn both_forms_of_an_action_are_written() {
        let action = AuthorizationAction::analytics("A_READ");
        assert_eq!(
            action.to_restli(true).encode(),
            "(OrganizationAnalyticsAuthorizationAction:(actionType:A_READ))"
        );
        assert_eq!(
            action.to_restli(false).encode(),
            "(authorizationAction:(organizationAnalyticsAuthorizationAction:(actionType:A_READ)))"
        );
    }

    #[test]
    fn asking_for_nothing_is_refused() {
        let find = FindOrganizationAuthorizations::new([]);
        assert_eq!(find.check()[0].rule(), "linkedin.batch.empty");
        assert!(FindOrganizationAuthorizations::new([AuthorizationAction::role("A")]).check().is_empty());
    }
}
