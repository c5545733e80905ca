//! Who sees an ad set (Marketing API: Targeting).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::id::CustomAudienceId;

/// Places. Countries are two letters, ISO 3166-1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GeoLocations {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    countries: Vec<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl GeoLocations {
    /// These countries.
    pub fn countries<T: Into<String>>(countries: impl IntoIterator<Item = T>) -> Self {
        Self { countries: countries.into_iter().map(Into::into).collect(), other: Map::new() }
    }

    /// Another kind of place as Meta writes it: `regions`, `cities`, `zips`, `location_types`.
    pub fn with(mut self, name: impl Into<String>, places: impl Into<Value>) -> Self {
        self.other.insert(name.into(), places.into());
        self
    }
}

/// Who sees an ad set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Targeting {
    geo_locations: GeoLocations,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_min: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_max: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_audiences: Vec<AudienceRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    excluded_custom_audiences: Vec<AudienceRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    publisher_platforms: Vec<String>,
    #[serde(rename = "targeting_automation", skip_serializing_if = "Option::is_none")]
    automation: Option<Automation>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct AudienceRef {
    id: CustomAudienceId,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Automation {
    advantage_audience: u8,
}

impl Targeting {
    /// People in these places.
    pub fn new(places: GeoLocations) -> Self {
        Self {
            geo_locations: places,
            age_min: None,
            age_max: None,
            custom_audiences: Vec::new(),
            excluded_custom_audiences: Vec::new(),
            publisher_platforms: Vec::new(),
            automation: None,
            other: Map::new(),
        }
    }

    /// Whether Meta may show it to others as well where that helps. Meta asks for a decision in more and more cases.
    pub fn advantage_audience(mut self, on: bool) -> Self {
        self.automation = Some(Automation { advantage_audience: u8::from(on) });
        self
    }

    /// Their age in years.
    pub const fn ages(mut self, min: u8, max: u8) -> Self {
        self.age_min = Some(min);
        self.age_max = Some(max);
        self
    }

    /// Only people of these audiences.
    pub fn audiences(mut self, audiences: impl IntoIterator<Item = CustomAudienceId>) -> Self {
        self.custom_audiences = audiences.into_iter().map(|id| AudienceRef { id }).collect();
        self
    }

    /// Nobody of these audiences.
    pub fn without_audiences(mut self, audiences: impl IntoIterator<Item = CustomAudienceId>) -> Self {
        self.excluded_custom_audiences = audiences.into_iter().map(|id| AudienceRef { id }).collect();
        self
    }

    /// Only on these: `facebook`, `instagram`, `messenger`, `audience_network`, `threads`, `whatsapp`.
    pub fn platforms<T: Into<String>>(mut self, platforms: impl IntoIterator<Item = T>) -> Self {
        self.publisher_platforms = platforms.into_iter().map(Into::into).collect();
        self
    }

    /// Anything else as Meta writes it: `flexible_spec`, `genders`, `facebook_positions`.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.other.insert(name.into(), value.into());
        self
    }

    pub(super) fn has_places(&self) -> bool {
        !self.geo_locations.countries.is_empty() || !self.geo_locations.other.is_empty()
    }

    pub(super) const fn says_advantage(&self) -> bool {
        self.automation.is_some()
    }
}
