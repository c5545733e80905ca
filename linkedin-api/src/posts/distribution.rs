//! Where a post appears and for whom (LinkedIn: Posts API, "Distribution" and "Target Entities").

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::open_enum;

use crate::lenient;
use crate::urn::Urn;

open_enum! {
    /// In which feeds a post appears.
    pub enum FeedDistribution {
        /// In the feeds of followers and connections.
        MainFeed = "MAIN_FEED",
        /// In none: for sponsored content.
        None = "NONE",
    }
}

/// Where a post appears and for whom.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// In which feeds.
    #[serde(
        rename = "feedDistribution",
        default,
        deserialize_with = "lenient::or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub feed: Option<FeedDistribution>,
    /// For whom, instead of for everyone; one set of facets at most, and for organizations only.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub target_entities: Vec<Targeting>,
    /// Where else, as it came.
    #[serde(default, deserialize_with = "lenient::readable")]
    pub third_party_distribution_channels: Vec<Value>,
}

impl Default for Distribution {
    /// In the main feed, for everyone.
    fn default() -> Self {
        Self {
            feed: Some(FeedDistribution::MainFeed),
            target_entities: Vec::new(),
            third_party_distribution_channels: Vec::new(),
        }
    }
}

/// The language of members' interfaces.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetLocale {
    /// The country, such as `US`.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The language, such as `en`.
    pub language: String,
}

impl TargetLocale {
    /// A language as it is spoken in a country.
    pub fn new(language: impl Into<String>, country: impl Into<String>) -> Self {
        Self { country: Some(country.into()), language: language.into() }
    }
}

/// Declares the facets as fields and as setters that add to them.
macro_rules! facets {
    ($($(#[$doc:meta])* $field:ident: $value:ty, $adder:ident;)+) => {
        /// Facets of the members who see a post: any value within a facet, and all facets together. LinkedIn refuses an
        /// audience of 300 people or fewer.
        ///
        /// ```
        /// use sociogram_linkedin_api::posts::{TargetLocale, Targeting};
        ///
        /// let germany: sociogram_linkedin_api::Urn = "urn:li:geo:101282230".parse().unwrap();
        /// let audience = Targeting::new().geo_location(germany).interface_locale(TargetLocale::new("de", "DE"));
        /// assert_eq!(audience.geo_locations.len(), 1);
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Targeting {
            $(
                $(#[$doc])*
                #[serde(default, deserialize_with = "lenient::readable", skip_serializing_if = "Vec::is_empty")]
                pub $field: Vec<$value>,
            )+
        }

        impl Targeting {
            /// Everyone.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                #[doc = concat!("Adds a value to [`", stringify!($field), "`](Self::", stringify!($field), ").")]
                pub fn $adder(mut self, value: impl Into<$value>) -> Self {
                    self.$field.push(value.into());
                    self
                }
            )+

            /// Whether no facet has a value.
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_empty())&&+
            }
        }
    };
}

facets! {
    /// Degrees (`urn:li:degree:…`).
    degrees: Urn, degree;
    /// Fields of study (`urn:li:fieldOfStudy:…`).
    fields_of_study: Urn, field_of_study;
    /// Industries (`urn:li:industry:…`).
    industries: Urn, industry;
    /// Languages of the interface.
    interface_locales: TargetLocale, interface_locale;
    /// Functions (`urn:li:function:…`).
    job_functions: Urn, job_function;
    /// Places (`urn:li:geo:…`).
    geo_locations: Urn, geo_location;
    /// Schools (`urn:li:organization:…`).
    schools: Urn, school;
    /// Employers (`urn:li:organization:…`).
    organizations: Urn, organization;
    /// Seniorities (`urn:li:seniority:…`).
    seniorities: Urn, seniority;
    /// Sizes of employers, as a URN (`urn:li:staffCountRange:(2,10)`) or a word (`SIZE_2_TO_10`).
    staff_count_ranges: String, staff_count_range;
}
