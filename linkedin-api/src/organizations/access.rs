//! Which pages a member may act for (LinkedIn: Organization Access Control by Role).

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::audit::AuditStamp;
use crate::endpoint::list_endpoint;
use crate::lenient;
use crate::restli::restli_words;
use crate::urn::{OrganizationUrn, PersonUrn, Urn};

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
    /// Who gave it, and when.
    pub created: Option<AuditStamp>,
    /// Who changed it last, and when.
    pub last_modified: Option<AuditStamp>,
}

impl OrganizationAcl {
    /// The page, if it is an organization.
    pub fn organization_urn(&self) -> Option<OrganizationUrn> {
        self.organization.clone()?.try_into().ok()
    }

    /// The member who has it.
    pub fn assignee(&self) -> Option<PersonUrn> {
        self.role_assignee.clone()?.try_into().ok()
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
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default, deserialize_with = "lenient::or_none")]
    organization: Option<Urn>,
    /// The older name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    organization_target: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    role: Option<OrganizationRole>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    state: Option<AclState>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    role_assignee: Option<Urn>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    created: Option<AuditStamp>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    last_modified: Option<AuditStamp>,
}

impl From<Wire> for OrganizationAcl {
    fn from(wire: Wire) -> Self {
        Self {
            organization: wire.organization.or(wire.organization_target),
            role: wire.role,
            state: wire.state,
            role_assignee: wire.role_assignee,
            created: wire.created,
            last_modified: wire.last_modified,
        }
    }
}

list_endpoint! {
    /// Lists the pages on which the token's member has a role, with that role:
    /// `GET /rest/organizationAcls?q=roleAssignee` (LinkedIn: Organization Access Control by Role).
    ///
    /// Without a role filter all roles come back; [`OrganizationAcl::can_post`] tells those that may post.
    /// Needs `rw_organization_admin` (or `r_organization_admin`) from the Community Management or Advertising
    /// product.
    pub struct ListOrganizationAcls -> OrganizationAcl;
    "linkedin.organization_acls.list": Finder "/rest/organizationAcls", [scope::RW_ORGANIZATION_ADMIN], offset 50 to 100;
    fixed { q: "roleAssignee" }
    with {
        /// Only this role.
        role: OrganizationRole,
        /// Only this state.
        state: AclState,
    }
}

list_endpoint! {
    /// Lists who has a role on a page: `GET /rest/organizationAcls?q=organization` (LinkedIn: Organization Access Control
    /// by Role).
    ///
    /// Needs `rw_organization_admin` (or `r_organization_admin`) and the role of administrator on that page. Roles cannot
    /// be given or taken through the API.
    pub struct ListOrganizationAdmins -> OrganizationAcl;
    "linkedin.organization_acls.list_admins": Finder "/rest/organizationAcls",
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN], offset 50 to 100;
    fixed { q: "organization" }
    new { organization: OrganizationUrn }
    with {
        /// Only this role.
        role: OrganizationRole,
        /// Only this state.
        state: AclState,
    }
    subject organization;
}

restli_words!(OrganizationRole, AclState);

#[cfg(test)]
mod tests {
    use sociogram_api_core::Timestamp;

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
        assert_eq!(new.assignee().unwrap().id(), "a");
        assert_eq!(new.created.unwrap().time.map(Timestamp::as_unix_millis), Some(1));
        assert!(!acl(r#"{"organization":7,"role":{},"state":[],"created":"x"}"#).can_post());
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
