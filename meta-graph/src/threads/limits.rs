//! How much an account may still do (Threads API: Overview, Rate Limiting).

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::ThreadsUserId;
use crate::lenient;

endpoint! {
    /// Asks how much the account may still publish, reply, delete and search: `GET /{user_id}/threads_publishing_limit`.
    ///
    /// Needs `threads_basic` and `threads_content_publish`, and for each further count its permission:
    /// `threads_manage_replies`, `threads_delete`, `threads_location_tagging`. With fewer, ask for fewer fields.
    pub struct GetThreadsLimits -> ThreadsLimits;
    "threads.publishing_limit.get": GET "/{user_id}/threads_publishing_limit", Safe, [scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH];
    new { user_id: ThreadsUserId }
    fields "quota_usage,config,reply_quota_usage,reply_config,delete_quota_usage,delete_config,location_search_quota_usage,location_search_config";
    subject user_id;
    decode limits;
}

fn limits(response: &RawResponse) -> Result<ThreadsLimits, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(deserialize_with = "lenient::list")]
        data: Vec<ThreadsLimits>,
    }
    let answer: Answer = response.json()?;
    answer.data.into_iter().next().ok_or_else(|| DecodeError::new("data", "the list of limits is empty"))
}

/// What is allowed in a window of time.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ThreadsQuota {
    /// How many.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_total: Option<u64>,
    /// The length of the window, in seconds.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_duration: Option<u64>,
}

/// How much an account has done in the last 24 hours, and how much is allowed.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ThreadsLimits {
    /// How many posts it has published; a carousel counts once.
    #[serde(default, deserialize_with = "lenient::count")]
    pub quota_usage: Option<u64>,
    /// How many it may.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub config: Option<ThreadsQuota>,
    /// How many replies it has published.
    #[serde(default, deserialize_with = "lenient::count")]
    pub reply_quota_usage: Option<u64>,
    /// How many it may.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reply_config: Option<ThreadsQuota>,
    /// How many posts it has deleted.
    #[serde(default, deserialize_with = "lenient::count")]
    pub delete_quota_usage: Option<u64>,
    /// How many it may.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub delete_config: Option<ThreadsQuota>,
    /// How many places it has searched.
    #[serde(default, deserialize_with = "lenient::count")]
    pub location_search_quota_usage: Option<u64>,
    /// How many it may.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub location_search_config: Option<ThreadsQuota>,
}

impl ThreadsLimits {
    /// How many posts may still be published; `None` when the answer does not say.
    pub fn remaining_posts(&self) -> Option<u64> {
        remaining(self.config.as_ref(), self.quota_usage)
    }

    /// How many replies may still be published; `None` when the answer does not say.
    pub fn remaining_replies(&self) -> Option<u64> {
        remaining(self.reply_config.as_ref(), self.reply_quota_usage)
    }

    /// How many posts may still be deleted; `None` when the answer does not say.
    pub fn remaining_deletions(&self) -> Option<u64> {
        remaining(self.delete_config.as_ref(), self.delete_quota_usage)
    }

    /// How many places may still be searched; `None` when the answer does not say.
    pub fn remaining_location_searches(&self) -> Option<u64> {
        remaining(self.location_search_config.as_ref(), self.location_search_quota_usage)
    }
}

fn remaining(quota: Option<&ThreadsQuota>, used: Option<u64>) -> Option<u64> {
    Some(quota?.quota_total?.saturating_sub(used?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;

    #[tokio::test]
    async fn each_quota_is_counted_for_itself() {
        let body = r#"{"data":[{"quota_usage":4,"config":{"quota_total":250,"quota_duration":86400},
            "reply_quota_usage":"1001","reply_config":{"quota_total":"1000"},"delete_quota_usage":1,
            "location_search_quota_usage":0,"location_search_config":{"quota_total":500}}]}"#;
        let limits = exchange(GetThreadsLimits::new(7), body).await.0.unwrap();
        assert_eq!((limits.remaining_posts(), limits.remaining_replies()), (Some(246), Some(0)));
        assert_eq!((limits.remaining_deletions(), limits.remaining_location_searches()), (None, Some(500)));
        assert!(exchange(GetThreadsLimits::new(7), r#"{"data":[]}"#).await.0.is_err());
    }
}
