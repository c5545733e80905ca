//! Members, by the versioned API (LinkedIn: Profile API), and how many connections they have.

use std::fmt;

use serde::Deserialize;
use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use crate::bare_id::{BareId, bare};
use crate::batch::BatchResults;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::localized::LocalizedText;
use crate::organizations::NetworkSize;
use crate::restli::{Query, RestliValue};
use crate::urn::{PersonUrn, Urn, UrnError};

endpoint! {
    /// Reads the profile of the token's member: `GET /rest/me` (LinkedIn: Profile API).
    ///
    /// Needs `r_basicprofile`, which apps with Community Management or Advertising get. An app with Community
    /// Management can have no other product, so this is its only way to learn who the member is.
    pub struct GetMe -> Person;
    "linkedin.me.get": Get "/rest/me", Safe, [scope::R_BASICPROFILE];
    projection;
}

endpoint! {
    /// Reads the profile of a member, such as the author of a comment: `GET /rest/people/(id:{id})` (LinkedIn: Profile
    /// API).
    ///
    /// Needs `r_basicprofile`. Members choose who sees their profile; of one who shows nothing to apps only the id comes,
    /// or a 403. Of other members than the token's own it may be kept for
    /// [24 hours](crate::retention::OTHER_MEMBERS_PROFILE).
    pub struct GetPerson -> Person;
    "linkedin.people.get": Get "/rest/people/(id:{id})", Safe, [scope::R_BASICPROFILE];
    new { person as "id": BareId<PersonUrn> }
    projection;
    subject person;
}

endpoint! {
    /// Reads the profiles of several members: `GET /rest/people?ids=List((id:…),(id:…))` (LinkedIn: Profile API).
    ///
    /// The answer's keys are compound; [`of`](Self::of) makes them. Scope and limits as for [`GetPerson`].
    ///
    /// ```
    /// use sociogram_linkedin_api::{PersonUrn, profile::BatchGetPeople};
    ///
    /// let ada = PersonUrn::from_id("a-1").unwrap();
    /// assert_eq!(BatchGetPeople::of(&ada).encode(), "(id:a-1)");
    /// ```
    pub struct BatchGetPeople -> BatchResults<Person>;
    "linkedin.people.batch_get": BatchGet "/rest/people", Safe, [scope::R_BASICPROFILE];
    new { ids: Vec<PersonUrn> }
    projection;
    checked by check;
    query by query;
    read by Self::read;
}

impl BatchGetPeople {
    /// The key of a member in the answer, for [`BatchResults::get_compound`].
    pub fn of(person: &PersonUrn) -> RestliValue {
        RestliValue::record([("id", bare(person))])
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    /// In place of the URNs.
    fn query(&self, query: Query) -> Query {
        query.param("ids", RestliValue::list(self.ids.iter().map(Self::of)))
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<Person>, DecodeError> {
        let keys: Vec<String> = self.ids.iter().map(|person| Self::of(person).encode()).collect();
        BatchResults::read(response, keys.iter().map(String::as_str))
    }
}

endpoint! {
    /// Counts the direct connections of the token's own member: `GET /v2/connections/{person}` (LinkedIn: Connections
    /// Size API). Of nobody else.
    ///
    /// Needs `r_1st_connections_size`, which apps with Community Management or Advertising get.
    pub struct GetConnectionsSize -> NetworkSize;
    "linkedin.connections.get_size": Get "/v2/connections/{person}", Safe, [scope::R_1ST_CONNECTIONS_SIZE];
    new { person: PersonUrn }
    subject person;
}

/// A member's profile, in the member's own language. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The member's id for this app; another app sees another one.
    pub id: String,
    /// The first name.
    #[serde(default, rename = "localizedFirstName", deserialize_with = "lenient::or_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default, rename = "localizedLastName", deserialize_with = "lenient::or_none")]
    pub last_name: Option<String>,
    /// The line under the name.
    #[serde(default, rename = "localizedHeadline", deserialize_with = "lenient::or_none")]
    pub headline: Option<String>,
    /// The first name in all languages of the profile.
    #[serde(default, rename = "firstName", deserialize_with = "lenient::or_none")]
    pub first_names: Option<LocalizedText>,
    /// The last name in all languages of the profile.
    #[serde(default, rename = "lastName", deserialize_with = "lenient::or_none")]
    pub last_names: Option<LocalizedText>,
    /// The line under the name in all languages of the profile.
    #[serde(default, rename = "headline", deserialize_with = "lenient::or_none")]
    pub headlines: Option<LocalizedText>,
    /// The last part of the profile's address: `linkedin.com/in/…`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub vanity_name: Option<String>,
    /// The picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture: Option<ProfilePicture>,
}

/// The token's own member.
pub type Me = Person;

impl Person {
    /// First and last name, as far as there are any.
    pub fn name(&self) -> Option<String> {
        let names: Vec<_> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        Some(names.join(" ")).filter(|name| !name.is_empty())
    }

    /// The member as an author of posts.
    ///
    /// # Errors
    /// When the id has a form that this version does not know.
    pub fn person_urn(&self) -> Result<PersonUrn, UrnError> {
        PersonUrn::from_id(&self.id)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A member's picture.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfilePicture {
    /// The picture; ask for it to get an address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub display_image: Option<Urn>,
}
