//! Hashtags (Instagram Platform: Hashtag Search). Facebook Login only.

use serde::Deserialize;
use sociogram_api_core::Finding;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use super::created::Created;
use super::media::Media;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{HashtagId, InstagramAccountId};
use crate::lenient;

/// What hashtags show of a medium; never its owner.
const FIELDS: &str = "id,caption,media_type,media_url,permalink,timestamp,comments_count,like_count";

endpoint! {
    /// Finds the id of a hashtag, which is the same for everybody: `GET /ig_hashtag_search`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and the feature Instagram Public Content Access. An account may ask for 30 different
    /// hashtags in 7 days.
    pub struct FindHashtag -> HashtagId;
    "instagram.hashtags.find": GET "/ig_hashtag_search", Safe, [scope::INSTAGRAM_BASIC];
    new {
        user_id: InstagramAccountId,
        q: String
    }
    subject user_id;
    checked by check;
    decode found;
}

impl FindHashtag {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = super::empty_text("instagram.hashtag.empty", "q", &self.q);
        if self.q.contains(['#', ' ']) {
            findings.push(
                Finding::error("instagram.hashtag.form", "q", "a hashtag is asked for by its word alone")
                    .advice("leave out `#` and spaces"),
            );
        }
        findings
    }
}

fn found(response: &RawResponse) -> Result<HashtagId, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(deserialize_with = "lenient::list")]
        data: Vec<Created<HashtagId>>,
    }
    let answer: Answer = response.json()?;
    let first = answer.data.into_iter().next();
    first.map(|hashtag| hashtag.id).ok_or_else(|| DecodeError::new("data", "no hashtag was found"))
}

list_endpoint! {
    /// Lists the most popular media with a hashtag: `GET /{hashtag_id}/top_media`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and the feature Instagram Public Content Access.
    pub struct ListTopMedia -> Media;
    "instagram.hashtags.top": "/{hashtag_id}/top_media", [scope::INSTAGRAM_BASIC], limit 50;
    new { hashtag_id: HashtagId, user_id: InstagramAccountId }
    fields FIELDS;
    subject user_id;
}

list_endpoint! {
    /// Lists the media with a hashtag of the last 24 hours: `GET /{hashtag_id}/recent_media`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and the feature Instagram Public Content Access.
    pub struct ListRecentMedia -> Media;
    "instagram.hashtags.recent": "/{hashtag_id}/recent_media", [scope::INSTAGRAM_BASIC], limit 50;
    new { hashtag_id: HashtagId, user_id: InstagramAccountId }
    fields FIELDS;
    subject user_id;
}

/// A hashtag.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Hashtag {
    /// The id, the same for everybody.
    pub id: HashtagId,
    /// The word.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

list_endpoint! {
    /// Lists the hashtags that the account asked for in the last 7 days: `GET /{account_id}/recently_searched_hashtags`.
    /// Facebook Login only.
    ///
    /// Needs `instagram_basic` and the feature Instagram Public Content Access.
    pub struct ListSearchedHashtags -> Hashtag;
    "instagram.hashtags.list": "/{account_id}/recently_searched_hashtags", [scope::INSTAGRAM_BASIC], limit 30;
    new { account_id: InstagramAccountId }
    fields "id,name";
    subject account_id;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_hashtag_is_found_by_its_word() {
        let (id, request) =
            exchange(FindHashtag::new(17, "coke"), r#"{"data":[{"id":"17873440459141021"}]}"#).await;
        assert_eq!(id.unwrap().as_str(), "17873440459141021");
        assert_eq!(line(&request), "GET /v26.0/ig_hashtag_search?user_id=17&q=coke");
        let none = exchange(FindHashtag::new(17, "coke"), r#"{"data":[]}"#).await.0.unwrap_err();
        assert_eq!(none.kind(), ErrorKind::Decode);
    }

    #[test]
    fn what_is_no_word_is_refused() {
        for (text, rules) in [
            ("", &["instagram.hashtag.empty"][..]),
            ("#coke", &["instagram.hashtag.form"]),
            ("coca cola", &["instagram.hashtag.form"]),
            ("größe", &[]),
        ] {
            let found: Vec<&str> = FindHashtag::new(17, text).check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{text}");
        }
    }

    #[tokio::test]
    async fn media_are_listed_on_behalf_of_the_account() {
        let (_, request) = exchange(ListTopMedia::new(9, 17).fields("id").limit(50), r#"{"data":[]}"#).await;
        assert_eq!(line(&request), "GET /v26.0/9/top_media?user_id=17&fields=id&limit=50");
        let (_, request) = exchange(ListRecentMedia::new(9, 17).fields("id"), r#"{"data":[]}"#).await;
        assert_eq!(line(&request), "GET /v26.0/9/recent_media?user_id=17&fields=id");
    }
}
