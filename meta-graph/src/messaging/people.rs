//! Who writes.

use serde::Deserialize;
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::ScopedUserId;
use crate::lenient;

endpoint! {
    /// A person who wrote on Messenger: `GET /{person_id}` (Messenger Platform: User Profile API).
    ///
    /// Needs the Page's token, `pages_messaging` and the feature Business Asset User Profile Access. `locale`,
    /// `timezone` and `gender` need permissions of their own (`pages_user_locale` and so on): ask for them with `fields`.
    /// People without a profile, such as those with a phone number only, are refused with 2018218
    /// ([`ErrorClass::PermissionMissing`](crate::ErrorClass::PermissionMissing)).
    pub struct GetPerson -> Person;
    "messenger.people.get": GET "/{person_id}", Safe, [scope::PAGES_MESSAGING];
    new { person_id: ScopedUserId }
    fields "id,name,first_name,last_name,profile_pic";
}

endpoint! {
    /// A person who wrote on Instagram: `GET /{person_id}` (Instagram Messaging: User Profile API).
    ///
    /// Needs `instagram_basic`, `instagram_manage_messages` and `pages_manage_metadata`, or with Instagram Login
    /// `instagram_business_basic` and `instagram_business_manage_messages`. Refused until the person has written.
    pub struct GetInstagramPerson -> InstagramPerson;
    "instagram.message.people.get": GET "/{person_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_MESSAGES];
    new { person_id: ScopedUserId }
    fields "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user";
}

/// A person on Messenger. Everything may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Person {
    /// Their id for this Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ScopedUserId>,
    /// Their whole name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Their first name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub first_name: Option<String>,
    /// Their last name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_name: Option<String>,
    /// Their picture; the address ends after some days.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_pic: Option<String>,
    /// Their language and country, such as `en_US`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub locale: Option<String>,
    /// Their time zone, in hours from UTC.
    #[serde(default, deserialize_with = "lenient::number")]
    pub timezone: Option<f64>,
    /// Their gender.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub gender: Option<String>,
}

/// A person on Instagram. Everything may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InstagramPerson {
    /// Their id for this account.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ScopedUserId>,
    /// Their name; many have none.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Their user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Their picture; the address ends after some days.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_pic: Option<String>,
    /// How many follow them.
    #[serde(default, deserialize_with = "lenient::count")]
    pub follower_count: Option<u64>,
    /// Whether they follow the business.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_user_follow_business: Option<bool>,
    /// Whether the business follows them.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_business_follow_user: Option<bool>,
    /// Whether Meta verified them.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_verified_user: Option<bool>,
}
