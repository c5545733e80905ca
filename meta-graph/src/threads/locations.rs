//! Places to tag (Threads API: Location Tagging).

use serde::Deserialize;
use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::ObjectId;
use crate::lenient;

endpoint! {
    /// Searches places by name, by position or both: `GET /location_search`. At most 500 searches a day; all results come
    /// at once.
    ///
    /// Needs `threads_basic` and `threads_location_tagging`.
    pub struct SearchLocations -> Vec<ThreadsLocation>;
    "threads.locations.search": GET "/location_search", Safe, [scope::THREADS_BASIC, scope::THREADS_LOCATION_TAGGING];
    with {
        /// The name.
        q: String,
        /// Degrees north, negative in the south.
        latitude: f64,
        /// Degrees east, negative in the west.
        longitude: f64,
    }
    fields "id,address,city,country,name,latitude,longitude,postal_code";
    checked by check;
    decode found;
}

impl SearchLocations {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let named = self.q.as_ref().is_some_and(|name| !name.trim().is_empty());
        if !named && self.latitude.is_none() && self.longitude.is_none() {
            let finding = Finding::error("threads.locations.empty", "q", "there is nothing to search for");
            findings.push(finding.advice("give a name, or latitude and longitude"));
        }
        let outside =
            |value: Option<f64>, most: f64| value.is_some_and(|value| !(-most..=most).contains(&value));
        let bad = outside(self.latitude, 90.0) || outside(self.longitude, 180.0);
        if bad || self.latitude.is_some() != self.longitude.is_some() {
            let finding =
                Finding::error("threads.locations.position", "latitude", "the position is no place on earth");
            findings
                .push(finding.allowed("latitude -90 to 90 and longitude -180 to 180").advice("give both"));
        }
        findings
    }
}

fn found(response: &RawResponse) -> Result<Vec<ThreadsLocation>, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(deserialize_with = "lenient::list")]
        data: Vec<ThreadsLocation>,
    }
    response.json().map(|answer: Answer| answer.data)
}

endpoint! {
    /// Reads one place: `GET /{location_id}`.
    ///
    /// Needs `threads_basic` and `threads_location_tagging`.
    pub struct GetLocation -> ThreadsLocation;
    "threads.locations.get": GET "/{location_id}", Safe, [scope::THREADS_BASIC, scope::THREADS_LOCATION_TAGGING];
    new { location_id: ObjectId }
    fields "id,address,city,country,name,latitude,longitude,postal_code";
}

/// A place.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ThreadsLocation {
    /// The id, for [`CreateThread::location_id`](super::CreateThread::location_id).
    pub id: ObjectId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Street and number.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub address: Option<String>,
    /// The city.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub city: Option<String>,
    /// The country, as shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub postal_code: Option<String>,
    /// Degrees north.
    #[serde(default, deserialize_with = "lenient::number")]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default, deserialize_with = "lenient::number")]
    pub longitude: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;

    #[tokio::test]
    async fn bad_places_are_left_out() {
        let search = SearchLocations::new().q("Menlo Park").latitude(37.5).longitude(-122.0).fields("id");
        let (found, line) =
            exchange(search, r#"{"data":[{"id":12345,"latitude":"37.48"},{"name":"no id"}]}"#).await;
        let found = found.unwrap();
        assert_eq!((found.len(), found[0].latitude), (1, Some(37.48)));
        assert_eq!(line, "GET /v1.0/location_search?q=Menlo%20Park&latitude=37.5&longitude=-122.0&fields=id");
    }

    #[test]
    fn a_position_has_two_parts_on_earth() {
        let rules = |search: SearchLocations| -> Vec<&'static str> {
            search.check().iter().map(Finding::rule).collect()
        };
        assert_eq!(rules(SearchLocations::new()), ["threads.locations.empty"]);
        assert_eq!(rules(SearchLocations::new().q("x")), [""; 0]);
        for (latitude, longitude) in [(91.0, 0.0), (0.0, -181.0), (f64::NAN, 0.0)] {
            let search = SearchLocations::new().latitude(latitude).longitude(longitude);
            assert_eq!(rules(search), ["threads.locations.position"]);
        }
        assert_eq!(rules(SearchLocations::new().latitude(1.0)), ["threads.locations.position"]);
    }
}
