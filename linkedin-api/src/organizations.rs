//! Organizations: which pages a member may act for (LinkedIn: Organization Access Control).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{
    Cursor, DecodeError, Endpoint, ListEndpoint, Page, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use crate::collection::Window;
use crate::method::RestliMethod;
use crate::restli::Query;
use crate::urn::{OrganizationUrn, Urn};
use sociogram_api_core::open_enum;

open_enum! {
    /// What a member may do on a page.
    pub enum OrganizationRole {
        /// Everything.
        Administrator = "ADMINISTRATOR",
        /// Sponsored posts in the page's name.
        DirectSponsoredContentPoster = "DIRECT_SPONSORED_CONTENT_POSTER",
        /// Posts in the page's name.
        ContentAdministrator = "CONTENT_ADMINISTRATOR",
        /// The spelling of `CONTENT_ADMINISTRATOR` in parts of LinkedIn's documentation.
        ContentAdmin = "CONTENT_ADMIN",
        /// Statistics.
        Analyst = "ANALYST",
        /// Recommended content.
        Curator = "CURATOR",
        /// Job posts.
        RecruitingPoster = "RECRUITING_POSTER",
        /// Leads.
        LeadCaptureAdministrator = "LEAD_CAPTURE_ADMINISTRATOR",
        /// Lead forms.
        LeadGenFormsManager = "LEAD_GEN_FORMS_MANAGER",
    }
}

open_enum! {
    /// Where a role stands.
    pub enum AclState {
        /// In force.
        Approved = "APPROVED",
        /// Asked for.
        Requested = "REQUESTED",
        /// Refused.
        Rejected = "REJECTED",
        /// Taken away.
        Revoked = "REVOKED",
    }
}

/// A member's role on a page.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct OrganizationAcl {
    /// The page: an organization, or a brand page.
    pub organization: Option<Urn>,
    /// The role.
    pub role: Option<OrganizationRole>,
    /// Whether the role is in force.
    pub state: Option<AclState>,
    /// The member who has it.
    pub role_assignee: Option<Urn>,
}

impl OrganizationAcl {
    /// The page, if it is an organization.
    pub fn organization_urn(&self) -> Option<OrganizationUrn> {
        self.organization.clone()?.try_into().ok()
    }

    /// Whether the member may post in the page's name with this role: it is in force and one of
    /// administrator, content administrator and direct sponsored content poster.
    pub fn can_post(&self) -> bool {
        let posts = matches!(
            self.role,
            Some(
                OrganizationRole::Administrator
                    | OrganizationRole::ContentAdministrator
                    | OrganizationRole::ContentAdmin
                    | OrganizationRole::DirectSponsoredContentPoster
            )
        );
        posts && self.state == Some(AclState::Approved)
    }
}

#[derive(Deserialize)]
struct Wire {
    organization: Option<Urn>,
    #[serde(rename = "organizationTarget")]
    organization_target: Option<Urn>,
    role: Option<OrganizationRole>,
    state: Option<AclState>,
    #[serde(rename = "roleAssignee")]
    role_assignee: Option<Urn>,
}

impl From<Wire> for OrganizationAcl {
    fn from(wire: Wire) -> Self {
        Self {
            organization: wire.organization.or(wire.organization_target),
            role: wire.role,
            state: wire.state,
            role_assignee: wire.role_assignee,
        }
    }
}

/// Lists the pages on which the token's member has a role, with that role.
///
/// Without a role filter all roles come back; [`OrganizationAcl::can_post`] tells those that may post.
/// Needs `rw_organization_admin` (or `r_organization_admin`) from the Community Management or Advertising
/// product.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct ListOrganizationAcls {
    role: Option<OrganizationRole>,
    state: Option<AclState>,
    window: Window,
}

impl ListOrganizationAcls {
    /// All roles in all states, 50 to a page.
    pub fn new() -> Self {
        Self { role: None, state: None, window: Window::new(50) }
    }

    /// Only this role.
    pub fn role(mut self, role: OrganizationRole) -> Self {
        self.role = Some(role);
        self
    }

    /// Only this state.
    pub fn state(mut self, state: AclState) -> Self {
        self.state = Some(state);
        self
    }

    /// Entries to a page, 1 to 100.
    pub fn count(mut self, count: u32) -> Self {
        self.window.set_count(count);
        self
    }
}

impl Default for ListOrganizationAcls {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint for ListOrganizationAcls {
    type Output = Page<OrganizationAcl>;

    const NAME: &'static str = "linkedin.organization_acls.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/rest/organizationAcls";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::RW_ORGANIZATION_ADMIN];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let count = self.window.count();
        if !(1..=100).contains(&count) {
            return Err(Finding::error("linkedin.paging.count", "count", "the page size is out of range")
                .measured(count)
                .allowed("1 to 100")
                .into());
        }
        RestliMethod::Finder.mark(parts);
        let query = Query::new()
            .param("q", "roleAssignee")
            .optional("role", self.role.as_ref().map(OrganizationRole::as_str))
            .optional("state", self.state.as_ref().map(AclState::as_str))
            .param("start", self.window.start()?)
            .param("count", count);
        parts.encoded_query(query.encode());
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        self.window.page(response)
    }
}

impl ListEndpoint for ListOrganizationAcls {
    type Item = OrganizationAcl;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.window.start_at(cursor);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(json: &str) -> OrganizationAcl {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn old_and_new_answers_are_read() {
        let new = acl(
            r#"{"role":"ADMINISTRATOR","organization":"urn:li:organization:1","roleAssignee":"urn:li:person:a","state":"APPROVED","created":{"time":1}}"#,
        );
        assert_eq!(new.organization_urn().unwrap().id(), "1");
        assert!(new.can_post());
        let old = acl(
            r#"{"organizationTarget":"urn:li:organizationBrand:2","role":"CONTENT_ADMIN","state":"APPROVED"}"#,
        );
        assert_eq!(old.organization.as_ref().unwrap().id(), "2");
        assert_eq!(old.organization_urn(), None);
        assert!(old.can_post());
    }

    #[test]
    fn only_an_approved_posting_role_can_post() {
        for (role, state) in [
            ("ANALYST", "APPROVED"),
            ("ADMINISTRATOR", "REVOKED"),
            ("ADMINISTRATOR", "SOMETHING_NEW"),
            ("SOMETHING_NEW", "APPROVED"),
        ] {
            let acl = acl(&format!(r#"{{"role":"{role}","state":"{state}"}}"#));
            assert!(!acl.can_post(), "{role} {state}");
        }
        assert!(!acl("{}").can_post());
    }

    #[test]
    fn unknown_values_are_written_back() {
        let role: OrganizationRole = serde_json::from_str("\"BRAND_NEW\"").unwrap();
        assert_eq!(role, OrganizationRole::Unknown("BRAND_NEW".into()));
        assert_eq!(serde_json::to_string(&role).unwrap(), "\"BRAND_NEW\"");
        assert_eq!(OrganizationRole::from("CURATOR"), OrganizationRole::Curator);
    }
}
