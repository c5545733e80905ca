//! Profiles (Threads API: Threads Profiles).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::post::Post;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::ThreadsUserId;
use crate::lenient;

endpoint! {
    /// Reads the account's own profile: `GET /{user_id}`.
    ///
    /// Needs `threads_basic`.
    pub struct GetProfile -> Profile;
    "threads.profile.get": GET "/{user_id}", Safe, [scope::THREADS_BASIC];
    new { user_id: ThreadsUserId }
    fields "id,username,name,is_verified,threads_profile_picture_url,threads_biography,is_eligible_for_geo_gating";
    subject user_id;
}

/// The account's own profile. All but the id may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Profile {
    /// The id.
    pub id: ThreadsUserId,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub threads_profile_picture_url: Option<String>,
    /// The text in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub threads_biography: Option<String>,
    /// Whether it is verified.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_verified: Option<bool>,
    /// Whether its posts may be limited to countries.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_eligible_for_geo_gating: Option<bool>,
    /// What it searched for of late, if asked for.
    #[serde(default, deserialize_with = "lenient::list")]
    pub recently_searched_keywords: Vec<KeywordSearched>,
}

/// Something the account searched for.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct KeywordSearched {
    /// What.
    pub query: String,
    /// When.
    #[serde(default, deserialize_with = "millis")]
    pub timestamp: Option<Timestamp>,
}

/// Here, and here only, Threads writes milliseconds.
fn millis<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(lenient::count(from)?.and_then(|millis| i64::try_from(millis).ok()).map(Timestamp::from_unix_millis))
}

fn username(rule: &'static str, name: &str) -> Vec<Finding> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    if !name.is_empty() && name.chars().all(allowed) {
        return Vec::new();
    }
    let finding = Finding::error(rule, "username", "this is no user name of Threads");
    vec![finding.allowed("ASCII letters, digits, `.` and `_`").advice("leave out `@`")]
}

endpoint! {
    /// Looks up a public profile by its user name: `GET /profile_lookup`. At most 1000 a day; only profiles of adults with
    /// at least 100 followers.
    ///
    /// Needs `threads_basic` and `threads_profile_discovery`.
    pub struct LookUpProfile -> DiscoveredProfile;
    "threads.profiles.find": GET "/profile_lookup", Safe, [scope::THREADS_BASIC, scope::THREADS_PROFILE_DISCOVERY];
    new { username: String }
    checked by check;
}

impl LookUpProfile {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        username("threads.username", &self.username)
    }
}

/// Somebody else's public profile. The counts are of the last 7 days, but for the followers.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DiscoveredProfile {
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
    /// The text in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub biography: Option<String>,
    /// Whether it is verified.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_verified: Option<bool>,
    /// How many follow it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub follower_count: Option<u64>,
    /// How many likes its posts got.
    #[serde(default, deserialize_with = "lenient::count")]
    pub likes_count: Option<u64>,
    /// How often its posts were quoted.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quotes_count: Option<u64>,
    /// How many replies its posts got.
    #[serde(default, deserialize_with = "lenient::count")]
    pub replies_count: Option<u64>,
    /// How often its posts were reposted.
    #[serde(default, deserialize_with = "lenient::count")]
    pub reposts_count: Option<u64>,
    /// How often its posts were viewed.
    #[serde(default, deserialize_with = "lenient::count")]
    pub views_count: Option<u64>,
}

list_endpoint! {
    /// Lists the posts of a public profile: `GET /profile_posts`.
    ///
    /// Needs `threads_basic` and `threads_profile_discovery`.
    pub struct ListProfilePosts -> Post;
    "threads.profile_posts.list": "/profile_posts", [scope::THREADS_BASIC, scope::THREADS_PROFILE_DISCOVERY], limit 100;
    new { username: String }
    with {
        /// Only posts from this time on.
        since: UnixTime,
        /// Only posts up to this time.
        until: UnixTime,
    }
    fields Post::PUBLIC_FIELDS;
    checked by check;
}

impl ListProfilePosts {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        username("threads.username", &self.username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;

    #[tokio::test]
    async fn searched_words_carry_milliseconds() {
        let body = r#"{"id":7,"is_verified":"false","recently_searched_keywords":[
            {"query":"cats","timestamp":1735707600000},{"timestamp":1}]}"#;
        let profile = exchange(GetProfile::new(7), body).await.0.unwrap();
        assert_eq!(profile.is_verified, Some(false));
        let [searched] = &profile.recently_searched_keywords[..] else { panic!("{profile:?}") };
        assert_eq!(searched.query, "cats");
        assert_eq!(searched.timestamp, Some(Timestamp::from_unix_seconds(1_735_707_600)));
    }

    #[tokio::test]
    async fn a_profile_is_looked_up_by_its_name_alone() {
        let body = r#"{"username":"meta","follower_count":"5057000","is_verified":true}"#;
        let (profile, line) = exchange(LookUpProfile::new("meta"), body).await;
        assert_eq!(
            (profile.unwrap().follower_count, line.as_str()),
            (Some(5_057_000), "GET /v1.0/profile_lookup?username=meta")
        );
        for name in ["", "@meta", "me ta"] {
            assert_eq!(LookUpProfile::new(name).check()[0].rule(), "threads.username", "{name}");
            assert_eq!(ListProfilePosts::new(name).check()[0].field(), "username", "{name}");
        }
    }
}
