//! Publishing a container, and how much may be published (Instagram Platform: Content Publishing).

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use super::created::Created;
use crate::endpoint::{UnixTime, endpoint};
use crate::id::{ContainerId, InstagramAccountId, MediaId};
use crate::lenient;

endpoint! {
    /// Publishes a container that is finished: `POST /{account_id}/media_publish`, under both logins. The permalink is
    /// read with [`GetMedia`](super::GetMedia) afterwards.
    ///
    /// Needs `instagram_basic`, `instagram_content_publish`, `pages_read_engagement` and `pages_show_list` (Instagram
    /// Login: `instagram_business_basic`, `instagram_business_content_publish`). After an answer that leaves the outcome
    /// open the container's status tells whether it was published.
    pub struct PublishContainer -> Created<MediaId>;
    "instagram.media.publish": POST "/{account_id}/media_publish", Never, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { account_id: InstagramAccountId, creation_id: ContainerId }
    subject account_id;
}

endpoint! {
    /// Asks how much the account may still publish: `GET /{account_id}/content_publishing_limit`, under both logins.
    /// Meta's pages disagree about the number: believe the answer.
    ///
    /// Needs `instagram_basic`, `instagram_content_publish` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_content_publish`).
    pub struct GetPublishingLimit -> PublishingLimit;
    "instagram.publishing_limit.get": GET "/{account_id}/content_publishing_limit", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH, scope::PAGES_READ_ENGAGEMENT];
    new { account_id: InstagramAccountId }
    with {
        /// From when on it is counted, at most 24 hours back.
        since: UnixTime,
    }
    fields "quota_usage,config";
    subject account_id;
    decode limit;
}

fn limit(response: &RawResponse) -> Result<PublishingLimit, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(deserialize_with = "lenient::list")]
        data: Vec<PublishingLimit>,
    }
    let answer: Answer = response.json()?;
    answer.data.into_iter().next().ok_or_else(|| DecodeError::new("data", "the list of limits is empty"))
}

/// How much an account may publish.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PublishingLimit {
    /// How much it has published; a carousel counts once.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_usage: Option<u64>,
    /// What is allowed.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub config: Option<Quota>,
}

/// What is allowed in a window of time.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Quota {
    /// How many.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_total: Option<u64>,
    /// The length of the window, in seconds.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_duration: Option<u64>,
}

impl PublishingLimit {
    /// How many may still be published; `None` when the answer does not say.
    pub fn remaining(&self) -> Option<u64> {
        let total = self.config.as_ref()?.quota_total?;
        Some(total.saturating_sub(self.quota_usage?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn the_quota_is_what_the_answer_says() {
        for (body, remaining) in [
            (r#"{"data":[{"quota_usage":2,"config":{"quota_total":50,"quota_duration":86400}}]}"#, Some(48)),
            (r#"{"data":[{"quota_usage":"101","config":{"quota_total":"100"}}]}"#, Some(0)),
            (r#"{"data":[{"quota_usage":2}]}"#, None),
        ] {
            let (limit, request) = exchange(GetPublishingLimit::new(17), body).await;
            assert_eq!(line(&request), "GET /v26.0/17/content_publishing_limit?fields=quota_usage%2Cconfig");
            assert_eq!(limit.unwrap().remaining(), remaining, "{body}");
        }
        let error = exchange(GetPublishingLimit::new(17), r#"{"data":[]}"#).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }

    #[tokio::test]
    async fn publishing_names_the_container() {
        let (created, request) = exchange(PublishContainer::new(17, 3), r#"{"id":"99"}"#).await;
        assert_eq!(created.unwrap().id.as_str(), "99");
        assert_eq!(
            (line(&request).as_str(), request.text()),
            ("POST /v26.0/17/media_publish", "creation_id=3")
        );
    }
}
