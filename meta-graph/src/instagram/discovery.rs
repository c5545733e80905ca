//! Other professional accounts (Instagram Platform: Business Discovery). Facebook Login only.

use http::Method;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::media::Media;
use crate::id::{InstagramAccountId, ObjectId};
use crate::lenient;

/// Looks up another professional account by its user name: `GET /{account_id}?fields=business_discovery.username(…){…}`.
/// Facebook Login only.
///
/// Needs `instagram_basic`, `instagram_manage_insights` and `pages_read_engagement`. Accounts with an age limit are
/// not found.
#[derive(Clone, Debug)]
pub struct DiscoverBusiness {
    account_id: InstagramAccountId,
    username: String,
    fields: String,
    media: Option<(String, u32)>,
    after: Option<String>,
}

impl DiscoverBusiness {
    /// The account with this user name, without `@`.
    pub fn new(account_id: impl Into<InstagramAccountId>, username: impl Into<String>) -> Self {
        let fields = "id,username,name,biography,website,profile_picture_url,followers_count,follows_count,media_count";
        Self {
            account_id: account_id.into(),
            username: username.into(),
            fields: fields.to_owned(),
            media: None,
            after: None,
        }
    }

    /// Other fields of the account than usual, in Meta's syntax.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.fields = fields.into();
        self
    }

    /// Its latest media as well, so many and with these fields (`id,caption,like_count`).
    pub fn with_media(mut self, limit: u32, fields: impl Into<String>) -> Self {
        self.media = Some((fields.into(), limit));
        self
    }

    /// The media after these: [`DiscoveredMedia::after`] of the answer before.
    pub fn media_after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(cursor.into());
        self
    }

    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
        let mut findings = Vec::new();
        if self.username.is_empty() || !self.username.chars().all(allowed) {
            findings.push(
                Finding::error("instagram.username", "username", "this is no user name of Instagram")
                    .allowed("ASCII letters, digits, `.` and `_`")
                    .advice("leave out `@`"),
            );
        }
        let is_cursor = |c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c);
        if self.after.as_ref().is_some_and(|after| !after.chars().all(is_cursor)) {
            findings.push(Finding::error("instagram.media_after", "media_after", "this is no cursor"));
        }
        findings
    }
}

impl Endpoint for DiscoverBusiness {
    type Output = DiscoveredBusiness;

    const NAME: &'static str = "instagram.business_discovery.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{account_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_INSIGHTS, scope::PAGES_READ_ENGAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut fields = self.fields.clone();
        if let Some((media, limit)) = &self.media {
            let after = self.after.as_ref().map(|after| format!(".after({after})")).unwrap_or_default();
            fields = format!("{fields},media{after}.limit({limit}){{{media}}}");
        }
        parts.path("account_id", &self.account_id);
        parts.query("fields", format!("business_discovery.username({}){{{fields}}}", self.username));
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account_id.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<DiscoveredBusiness, DecodeError> {
        #[derive(Deserialize)]
        struct Answer {
            business_discovery: DiscoveredBusiness,
        }
        response.json().map(|answer: Answer| answer.business_discovery)
    }
}

/// Another professional account. All but the id may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DiscoveredBusiness {
    /// The id.
    pub id: ObjectId,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The text in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub biography: Option<String>,
    /// The link in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub website: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
    /// How many follow it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub followers_count: Option<u64>,
    /// How many it follows.
    #[serde(default, deserialize_with = "lenient::count")]
    pub follows_count: Option<u64>,
    /// How many media it has published.
    #[serde(default, deserialize_with = "lenient::count")]
    pub media_count: Option<u64>,
    /// Its latest media, if asked for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media: Option<DiscoveredMedia>,
}

/// One page of another account's media.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DiscoveredMedia {
    /// The media, without those that could not be read.
    #[serde(rename = "data", default, deserialize_with = "lenient::list")]
    pub items: Vec<Media>,
    /// Where the next page starts, for [`DiscoverBusiness::media_after`]. It is there on the last page as well: the
    /// list ends with an empty page.
    #[serde(rename = "paging", default, deserialize_with = "after")]
    pub after: Option<String>,
}

fn after<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let paging = Value::deserialize(from)?;
    Ok(paging.pointer("/cursors/after").and_then(lenient::text_of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn media_come_along_page_by_page() {
        let discover = DiscoverBusiness::new(17, "blue.bottle").fields("id,followers_count");
        let (found, request) = exchange(
            discover.clone().with_media(2, "id,like_count").media_after("QVFI=="),
            r#"{"business_discovery":{"id":"9","followers_count":"267793","media":{"data":[{"id":"1"},{"no":"id"}],
                "paging":{"cursors":{"after":"QVFJ"}}}},"id":"17"}"#,
        )
        .await;
        let sent = "GET /v26.0/17?fields=business_discovery.username%28blue.bottle%29%7Bid%2Cfollowers_count%2C\
                    media.after%28QVFI%3D%3D%29.limit%282%29%7Bid%2Clike_count%7D%7D";
        assert_eq!(line(&request), sent);
        let found = found.unwrap();
        assert_eq!(found.followers_count, Some(267_793));
        let media = found.media.unwrap();
        assert_eq!((media.items.len(), media.after.as_deref()), (1, Some("QVFJ")));
        let none = exchange(discover, r#"{"id":"17"}"#).await.0.unwrap_err();
        assert_eq!(none.kind(), ErrorKind::Decode);
    }

    #[test]
    fn nothing_breaks_out_of_the_field() {
        for name in ["", "@ann", "ann){id},business_discovery.username(bob", "ä"] {
            assert_eq!(DiscoverBusiness::new(17, name).check()[0].rule(), "instagram.username", "{name}");
        }
        let odd = DiscoverBusiness::new(17, "ann").media_after("x){id}");
        assert_eq!(odd.check()[0].rule(), "instagram.media_after");
        assert!(DiscoverBusiness::new(17, "ann_b.c1").check().is_empty());
    }
}
