//! Who follows an organization (LinkedIn: Organization Lookup API, "Retrieve organization follower count"; People
//! Typeahead API).

use std::fmt;

use serde::Deserialize;
use sociogram_api_core::http::Page;
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::collection::whole;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::restli::{Query, restli_words};
use crate::urn::{OrganizationUrn, PersonUrn, Urn};

open_enum! {
    /// What is counted.
    pub enum FollowerEdge {
        /// Members who follow an organization.
        CompanyFollowedByMember = "COMPANY_FOLLOWED_BY_MEMBER",
        /// The same, as older versions of the API called it.
        Older = "CompanyFollowedByMember",
    }
}

restli_words!(FollowerEdge);

/// How large a network is.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkSize {
    /// How many follow or are connected directly.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub first_degree_size: Option<i64>,
    /// How many are two steps away, where LinkedIn counts them.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub second_degree_size: Option<i64>,
}

endpoint! {
    /// Counts the followers of an organization: `GET /rest/networkSizes/{organization}` (LinkedIn: Organization Lookup
    /// API).
    ///
    /// For any page. Needs `rw_organization_admin` or `r_organization_social`.
    pub struct GetFollowerCount -> NetworkSize;
    "linkedin.network_sizes.get": Get "/rest/networkSizes/{organization}", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_SOCIAL];
    new { organization: OrganizationUrn }
    with {
        /// By another name than [`FollowerEdge::CompanyFollowedByMember`].
        edge as "edgeType": FollowerEdge,
    }
    subject organization;
    query by query;
}

impl GetFollowerCount {
    fn query(&self, query: Query) -> Query {
        if self.edge.is_some() {
            query
        } else {
            query.param("edgeType", &FollowerEdge::CompanyFollowedByMember)
        }
    }
}

endpoint! {
    /// Finds followers of an organization by the first letters of a first or last name, for mentions:
    /// `GET /rest/peopleTypeahead?q=organizationFollowers` (LinkedIn: People Typeahead API).
    ///
    /// At most 10 come. Needs `r_organization_followers`, which only some developers get, and the role of administrator
    /// or direct sponsored content poster. Whom it finds may be kept for
    /// [24 hours](crate::retention::OTHER_MEMBERS_PROFILE).
    pub struct FindFollowers -> Page<Follower>;
    "linkedin.people_typeahead.find_followers": Finder "/rest/peopleTypeahead", Safe, [scope::R_ORGANIZATION_FOLLOWERS];
    fixed { q: "organizationFollowers" }
    new {
        organization: OrganizationUrn,
        /// The first letters, as they are typed.
        keywords: String,
    }
    projection;
    subject organization;
    checked by check;
    read by whole;
}

impl FindFollowers {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.keywords.trim().is_empty() {
            vec![rules::FOLLOWER_KEYWORDS.finding("keywords")]
        } else {
            Vec::new()
        }
    }
}

/// A member who follows an organization. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Follower {
    /// The member, for a mention.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub member: Option<PersonUrn>,
    /// The first name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_name: Option<String>,
    /// The line under the name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub headline: Option<String>,
    /// The picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub photo: Option<Urn>,
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").field("member", &self.member).finish_non_exhaustive()
    }
}

endpoint! {
    /// Finds the member behind a profile's address, for mentions: `GET /rest/vanityUrl?q=vanityUrlAsOrganization`
    /// (LinkedIn: People Typeahead API, "Search by vanity URL").
    ///
    /// Name the organization that asks: LinkedIn's examples always do. Not every public profile is found. Scopes and roles
    /// as for [`FindFollowers`].
    pub struct FindMemberByVanityUrl -> Page<VanityMatch>;
    "linkedin.vanity_url.find_member": Finder "/rest/vanityUrl", Safe, [scope::R_ORGANIZATION_FOLLOWERS];
    fixed { q: "vanityUrlAsOrganization" }
    new {
        /// The whole address: `https://www.linkedin.com/in/…`.
        vanity_url as "vanityUrl": String
    }
    with {
        /// The organization that asks.
        organization: OrganizationUrn,
    }
    read by whole;
}

/// The member behind an address.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct VanityMatch {
    /// The member, for a mention.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub member: Option<PersonUrn>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_printed() {
        let follower: Follower = serde_json::from_str(
            r#"{"member":"urn:li:person:a","firstName":"SEKRET","lastName":"SEKRET","headline":"SEKRET","photo":7}"#,
        )
        .unwrap();
        assert_eq!(follower.first_name.as_deref(), Some("SEKRET"));
        assert_eq!(format!("{follower:?}"), "Follower { member: Some(PersonUrn(urn:li:person:a)), .. }");
    }

    #[test]
    fn looking_for_nothing_is_refused() {
        let page = OrganizationUrn::from_id("5").unwrap();
        assert_eq!(FindFollowers::new(page.clone(), " ").check()[0].rule(), "linkedin.follower.keywords");
        assert!(FindFollowers::new(page, "an").check().is_empty());
    }
}
