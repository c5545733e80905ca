//! Finding and reading organizations (LinkedIn: Organization Lookup API).

use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, Page, RawResponse};
use sociogram_oauth_core::scope;

use super::Organization;
use crate::bare_id::{BareId, bare};
use crate::batch::BatchResults;
use crate::collection::whole;
use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::restli::{Query, RestliValue};
use crate::urn::{OrganizationUrn, Urn};

endpoint! {
    /// Reads an organization: `GET /rest/organizations/{id}` (LinkedIn: Organization Lookup API).
    ///
    /// Needs `rw_organization_admin` or `r_organization_admin`. All fields come only to an administrator of the page; for
    /// others use [`BatchLookUpOrganizations`] or [`FindOrganizationByVanity`].
    pub struct GetOrganization -> Organization;
    "linkedin.organizations.get": Get "/rest/organizations/{id}", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    new { organization as "id": BareId<OrganizationUrn> }
    projection;
    subject organization;
}

endpoint! {
    /// Reads several organizations: `GET /rest/organizations?ids=List(…)` (LinkedIn: Organization Lookup API).
    ///
    /// The keys of the answer are the ids alone. A page that the token's member does not administer is a failure with
    /// the status 403 under its own key and costs the others nothing. Scopes as for [`GetOrganization`].
    pub struct BatchGetOrganizations -> BatchResults<Organization>;
    "linkedin.organizations.batch_get": BatchGet "/rest/organizations", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    new { ids: Vec<OrganizationUrn> }
    projection;
    checked by check;
    query by query;
    read by Self::read;
}

endpoint! {
    /// Reads the public fields of several organizations: `GET /rest/organizationsLookup?ids=List(…)` (LinkedIn:
    /// Organization Lookup API).
    ///
    /// For any page, with any token of a member that has `rw_organization_admin` or `r_organization_admin`. The keys of
    /// the answer are the ids alone.
    pub struct BatchLookUpOrganizations -> BatchResults<Organization>;
    "linkedin.organizations_lookup.batch_get": BatchGet "/rest/organizationsLookup", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    new { ids: Vec<OrganizationUrn> }
    projection;
    checked by check;
    query by query;
    read by Self::read;
}

/// Batches whose keys are the ids alone.
macro_rules! by_bare_ids {
    ($($name:ident),+) => {$(
        impl $name {
            /// What is wrong with it, as far as that can be told without LinkedIn.
            pub fn check(&self) -> Vec<Finding> {
                if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
            }

            /// In place of the URNs.
            fn query(&self, query: Query) -> Query {
                query.param("ids", RestliValue::list(self.ids.iter().map(bare)))
            }

            fn read(&self, response: &RawResponse) -> Result<BatchResults<Organization>, DecodeError> {
                BatchResults::read(response, self.ids.iter().map(bare))
            }
        }
    )+};
}

by_bare_ids!(BatchGetOrganizations, BatchLookUpOrganizations);

endpoint! {
    /// Finds an organization by the last part of its page's address: `GET /rest/organizations?q=vanityName` (LinkedIn:
    /// Organization Lookup API, "Find organization by vanity name").
    ///
    /// One or none comes, with the public fields unless the member administers it. Scopes as for [`GetOrganization`].
    pub struct FindOrganizationByVanity -> Page<Organization>;
    "linkedin.organizations.find_by_vanity": Finder "/rest/organizations", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    fixed { q: "vanityName" }
    new {
        /// Such as `linkedin` for `linkedin.com/company/linkedin`.
        vanity_name as "vanityName": String
    }
    projection;
    read by whole;
}

list_endpoint! {
    /// Finds organizations whose people have addresses of this domain: `GET /rest/organizations?q=emailDomain` (LinkedIn:
    /// Organization Lookup API, "Find organization by email domain").
    ///
    /// Scopes as for [`GetOrganization`]; the public fields come unless the member administers them.
    pub struct FindOrganizationsByEmailDomain -> Organization;
    "linkedin.organizations.find_by_email_domain": Finder "/rest/organizations",
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN], offset 10 to 100;
    fixed { q: "emailDomain" }
    new {
        /// Such as `example.com`.
        domain as "emailDomain": String
    }
    projection;
}

list_endpoint! {
    /// Lists the brands and other children of an organization: `GET /rest/organizations?q=parentOrganization` (LinkedIn:
    /// Organization Brand Lookup API).
    ///
    /// Scopes as for [`GetOrganization`], and the role of administrator of the parent.
    pub struct ListChildOrganizations -> Organization;
    "linkedin.organizations.list_children": Finder "/rest/organizations",
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN], offset 50 to 100;
    fixed { q: "parentOrganization" }
    new { parent: OrganizationUrn }
    projection;
    subject parent;
}

endpoint! {
    /// Reads a brand: `GET /rest/organizationBrands/{id}` (LinkedIn: Organization Brand Lookup API).
    ///
    /// Scopes as for [`GetOrganization`].
    pub struct GetOrganizationBrand -> Organization;
    "linkedin.organization_brands.get": Get "/rest/organizationBrands/{id}", Safe,
        [scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN];
    new {
        /// `urn:li:organizationBrand:…`, or `urn:li:organization:…` with the same number.
        brand as "id": BareId<Urn>
    }
    projection;
    subject brand;
    checked by check;
}

impl GetOrganizationBrand {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        page_kind(self.brand.urn(), "brand")
    }
}

/// What is wrong with the URN of a page.
pub(crate) fn page_kind(urn: &Urn, field: &'static str) -> Vec<Finding> {
    let is_page =
        urn.namespace() == "li" && matches!(urn.entity_type(), "organization" | "organizationBrand");
    if is_page {
        Vec::new()
    } else {
        vec![rules::ORGANIZATION_KIND.finding(field).measured(urn.entity_type())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_is_a_page() {
        for (urn, fits) in [
            ("urn:li:organizationBrand:7", true),
            ("urn:li:organization:7", true),
            ("urn:li:person:7", false),
            ("urn:lla:organization:7", false),
        ] {
            let get = GetOrganizationBrand::new(Urn::parse(urn).unwrap());
            assert_eq!(get.check().is_empty(), fits, "{urn}");
        }
    }

    #[test]
    fn asking_for_nothing_is_refused() {
        assert_eq!(BatchGetOrganizations::new([]).check()[0].rule(), "linkedin.batch.empty");
        assert_eq!(BatchLookUpOrganizations::new([]).check()[0].rule(), "linkedin.batch.empty");
    }
}
