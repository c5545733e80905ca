//! An organization as it was read (LinkedIn: Organization Lookup API).

use serde::Deserialize;
use sociogram_api_core::open_enum;

use crate::audit::AuditStamp;
use crate::lenient;
use crate::localized::{Locale, LocalizedText};
use crate::urn::{OrganizationUrn, Urn};

open_enum! {
    /// What an organization is, in the first place.
    pub enum OrganizationKind {
        /// A school.
        School = "SCHOOL",
        /// A brand of another organization.
        Brand = "BRAND",
        /// Any other organization.
        None = "NONE",
    }
}

open_enum! {
    /// How many people work there.
    pub enum StaffCountRange {
        /// 1.
        One = "SIZE_1",
        /// 2 to 10.
        From2 = "SIZE_2_TO_10",
        /// 11 to 50.
        From11 = "SIZE_11_TO_50",
        /// 51 to 200.
        From51 = "SIZE_51_TO_200",
        /// 201 to 500.
        From201 = "SIZE_201_TO_500",
        /// 501 to 1000.
        From501 = "SIZE_501_TO_1000",
        /// 1001 to 5000.
        From1001 = "SIZE_1001_TO_5000",
        /// 5001 to 10 000.
        From5001 = "SIZE_5001_TO_10000",
        /// More than 10 000.
        From10001 = "SIZE_10001_OR_MORE",
    }
}

/// An organization. Without the role of administrator only the public fields come: id, name, vanity name, website, logo,
/// locations and kind.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The number in its URN.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// The name in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub localized_name: Option<String>,
    /// The name in all languages.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<LocalizedText>,
    /// The last part of the page's address: `linkedin.com/company/…`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub vanity_name: Option<String>,
    /// The website in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub localized_website: Option<String>,
    /// The website in all languages.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub website: Option<LocalizedText>,
    /// The logo.
    #[serde(default, rename = "logoV2", deserialize_with = "lenient::or_none")]
    pub logo: Option<Picture>,
    /// Where it is.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub locations: Vec<Location>,
    /// What it is.
    #[serde(default, rename = "primaryOrganizationType", deserialize_with = "lenient::or_none")]
    pub kind: Option<OrganizationKind>,
    /// Its legal form, such as `PUBLIC_COMPANY`, as it came.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub organization_type: Option<String>,
    /// How many people work there.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub staff_count_range: Option<StaffCountRange>,
    /// Its industries.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub industries: Vec<Urn>,
    /// What it says of itself, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub localized_description: Option<String>,
    /// What it says of itself, in all languages.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<LocalizedText>,
    /// What it is good at, in the language of the request.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub localized_specialties: Vec<String>,
    /// When it was founded.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub founded_on: Option<FoundedOn>,
    /// The picture at the top of the page.
    #[serde(default, rename = "coverPhotoV2", deserialize_with = "lenient::or_none")]
    pub cover: Option<Picture>,
    /// The language of the page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub default_locale: Option<Locale>,
    /// To what it belongs.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent_relationship: Option<ParentRelationship>,
    /// Who made the page, and when.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub created: Option<AuditStamp>,
    /// Who changed it last, and when.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_modified: Option<AuditStamp>,
    /// The state of the record, as it came.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub version_tag: Option<String>,
}

impl Organization {
    /// Its URN.
    pub fn urn(&self) -> Option<OrganizationUrn> {
        OrganizationUrn::from_id(&self.id?.to_string()).ok()
    }

    /// A name to show: in the language of the request, else in the page's own.
    pub fn display_name(&self) -> Option<&str> {
        self.localized_name.as_deref().or_else(|| self.name.as_ref()?.preferred())
    }
}

/// A picture of an organization.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Picture {
    /// The picture as it was uploaded.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub original: Option<Urn>,
    /// The part that is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cropped: Option<Urn>,
}

/// A place of an organization.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// What is there, such as `HEADQUARTERS`, as it came.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub location_type: Option<String>,
    /// The address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub address: Option<Address>,
}

/// An address.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// In ISO 3166.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
    /// State or region.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub geographic_area: Option<String>,
    /// The town.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub city: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub postal_code: Option<String>,
    /// Street and number.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub line1: Option<String>,
    /// The rest of it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub line2: Option<String>,
}

/// When an organization was founded; often the year alone is known.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct FoundedOn {
    /// The year.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub year: Option<i64>,
    /// 1 to 12.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub month: Option<i64>,
    /// 1 to 31.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub day: Option<i64>,
}

/// To what an organization belongs.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ParentRelationship {
    /// The other organization.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent: Option<Urn>,
    /// How they belong together, such as `ACQUISITION`, as it came.
    #[serde(default, rename = "relationshipType", deserialize_with = "lenient::or_none")]
    pub kind: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Organization {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_page_is_read_with_whatever_it_holds() {
        let page = read(
            r#"{"id":2414183,"localizedName":"Devtestco","vanityName":"devtestco","localizedWebsite":"https://example.com",
                "name":{"localized":{"en_US":"Devtestco"},"preferredLocale":{"country":"US","language":"en"}},
                "logoV2":{"original":"urn:li:digitalmediaAsset:a","cropped":"urn:li:digitalmediaAsset:b","cropInfo":{}},
                "locations":[{"locationType":"HEADQUARTERS","address":{"country":"US","city":"Sunnyvale","line1":"1 Way"}},7],
                "primaryOrganizationType":"NONE","staffCountRange":"SIZE_51_TO_200","industries":["urn:li:industry:4","x"],
                "foundedOn":{"year":1999},"coverPhotoV2":{"original":"urn:li:digitalmediaAsset:c"},
                "defaultLocale":{"country":"US","language":"en"},"localizedSpecialties":["APIs"],
                "parentRelationship":{"parent":"urn:li:organization:1","relationshipType":"ACQUISITION"},
                "lastModified":{"time":1}}"#,
        );
        assert_eq!(page.urn().unwrap().as_str(), "urn:li:organization:2414183");
        assert_eq!(
            (page.display_name(), page.vanity_name.as_deref()),
            (Some("Devtestco"), Some("devtestco"))
        );
        assert_eq!((page.locations.len(), page.industries.len()), (1, 1));
        assert_eq!(page.locations[0].address.as_ref().unwrap().city.as_deref(), Some("Sunnyvale"));
        assert_eq!(page.staff_count_range, Some(StaffCountRange::From51));
        assert_eq!(page.kind, Some(OrganizationKind::None));
        assert_eq!(page.founded_on.unwrap().year, Some(1999));
        assert_eq!(page.logo.unwrap().cropped.unwrap().id(), "b");
        assert_eq!(page.parent_relationship.unwrap().parent.unwrap().id(), "1");
        assert_eq!(page.localized_specialties, ["APIs"]);
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        assert_eq!(read("{}"), Organization::default());
        let odd = r#"{"id":"x","localizedName":{},"name":7,"logoV2":"x","locations":{},"primaryOrganizationType":7,
            "staffCountRange":[],"industries":"x","foundedOn":"1999","defaultLocale":"en","parentRelationship":"x"}"#;
        assert_eq!(read(odd), Organization::default());
        let page = read(r#"{"id":"7","name":{"localized":{"de_DE":"A"}}}"#);
        assert_eq!((page.urn().unwrap().id(), page.display_name()), ("7", Some("A")));
    }
}
