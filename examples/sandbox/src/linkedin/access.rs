//! Who a member may act for.

use super::{answer::ApiError, api::Call, post_rules::Author};

/// Roles that may post for an organization, and read what it posted.
const POSTING: [&str; 3] = ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"];
/// Roles that may read what is said under an organization's posts.
pub(crate) const TALK_READING: [&str; 2] = ["ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"];
/// Roles that may speak for an organization.
pub(crate) const TALK_WRITING: [&str; 3] =
    ["ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER", "RECRUITING_POSTER"];

pub(crate) fn is_organization(urn: &str) -> bool {
    urn.starts_with("urn:li:organization:")
}

/// Whether the URN is the member's own, or of an organization the member has one of these roles in.
pub(crate) fn acts_for(call: &Call<'_>, urn: &str, roles: &[&str]) -> bool {
    let world = &call.shared.config.world;
    let has_role = || {
        call.member.id == world.member.id
            && world.organizations.iter().any(|organization| {
                organization.urn() == urn
                    && organization.state == "APPROVED"
                    && roles.contains(&organization.role.as_str())
            })
    };
    urn == call.member.urn() || (is_organization(urn) && has_role())
}

/// Whether the member may post for the author, or owns what the author owns.
pub(crate) fn posts_for(call: &Call<'_>, author: &str) -> bool {
    acts_for(call, author, &POSTING)
}

/// Something is made in the name of the author, who stands in this field of the body.
pub(crate) fn may_make(
    call: &Call<'_>,
    author: &Author,
    (resource, method): (&str, &str),
    field: &str,
) -> Result<(), ApiError> {
    let denied = || ApiError::denied(resource, method, Some(&call.version));
    let as_member = call.claims.has_scope("w_member_social");
    let as_organization = call.claims.has_scope("w_organization_social");
    let urn = author.urn();
    match author {
        Author::Person(_) if !as_member => Err(denied()),
        Author::Organization(_) if !as_organization && as_member => {
            Err(ApiError::new(400, "Organization permissions must be used when using organization as author")
                .service_code(0))
        }
        Author::Organization(_) if !as_organization => Err(denied()),
        _ if posts_for(call, urn) => Ok(()),
        _ => Err(not_yours(field)),
    }
}

/// The field names somebody the member may not act for.
pub(crate) fn not_yours(field: &str) -> ApiError {
    let message = format!(
        "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [{field}]"
    );
    ApiError::new(403, message).code("ACCESS_DENIED").service_code(100)
}
