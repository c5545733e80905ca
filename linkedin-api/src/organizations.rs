//! Organizations: companies, schools and brands with a page, who may act for them, and who follows them.

mod access;
mod authorization;
mod followers;
mod lookup;
mod organization;

pub use access::{AclState, ListOrganizationAcls, ListOrganizationAdmins, OrganizationAcl, OrganizationRole};
pub use authorization::{
    AuthorizationAction, AuthorizationArea, AuthorizationStatus, FindOrganizationAuthorizations,
    OrganizationAuthorization,
};
pub use followers::{
    FindFollowers, FindMemberByVanityUrl, Follower, FollowerEdge, GetFollowerCount, NetworkSize, VanityMatch,
};
pub(crate) use lookup::page_kind;
pub use lookup::{
    BatchGetOrganizations, BatchLookUpOrganizations, FindOrganizationByVanity,
    FindOrganizationsByEmailDomain, GetOrganization, GetOrganizationBrand, ListChildOrganizations,
};
pub use organization::{
    Address, FoundedOn, Location, Organization, OrganizationKind, ParentRelationship, Picture,
    StaffCountRange,
};
