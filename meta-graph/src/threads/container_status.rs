//! How far a container is (Threads API: Troubleshooting, Publishing Does Not Return a Media Id).

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::error_class::ErrorClass;
use crate::id::ContainerId;
use crate::lenient;

open_enum! {
    /// Where a container stands.
    pub enum ThreadContainerStatus {
        /// It failed; the message says why.
        Error = "ERROR",
        /// It was not published within 24 hours.
        Expired = "EXPIRED",
        /// It can be published.
        Finished = "FINISHED",
        /// Threads is at work.
        InProgress = "IN_PROGRESS",
        /// It was published.
        Published = "PUBLISHED",
    }
}

endpoint! {
    /// Asks how far a container is: `GET /{container_id}`. Meta asks for one call a minute, for 5 minutes at most.
    ///
    /// Needs `threads_basic`.
    pub struct GetThreadContainer -> ThreadContainerState;
    "threads.containers.get": GET "/{container_id}", Safe, [scope::THREADS_BASIC];
    new { container_id: ContainerId }
    fields "id,status,error_message";
}

/// How far a container is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ThreadContainerState {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ContainerId>,
    /// Where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<ThreadContainerStatus>,
    /// Why it failed, such as `FAILED_DOWNLOADING_VIDEO`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub error_message: Option<String>,
}

impl ThreadContainerState {
    /// What the failure means; `None` while there is none.
    pub fn failure(&self) -> Option<ErrorClass> {
        if self.status != Some(ThreadContainerStatus::Error) {
            return None;
        }
        Some(match self.error_message.as_deref().unwrap_or_default() {
            "FAILED_DOWNLOADING_VIDEO"
            | "FAILED_PROCESSING_AUDIO"
            | "FAILED_PROCESSING_VIDEO"
            | "INVALID_ASPEC_RATIO"
            | "INVALID_ASPECT_RATIO"
            | "INVALID_BIT_RATE"
            | "INVALID_DURATION"
            | "INVALID_FRAME_RATE"
            | "INVALID_AUDIO_CHANNELS"
            | "INVALID_AUDIO_CHANNEL_LAYOUT" => ErrorClass::MediaRejected,
            _ => ErrorClass::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;

    #[tokio::test]
    async fn a_failure_has_a_meaning() {
        for (body, class) in [
            (
                r#"{"id":"3","status":"ERROR","error_message":"FAILED_DOWNLOADING_VIDEO"}"#,
                Some(ErrorClass::MediaRejected),
            ),
            (r#"{"id":"3","status":"ERROR","error_message":"UNKNOWN"}"#, Some(ErrorClass::Unknown)),
            (r#"{"id":"3","status":"ERROR","error_message":{}}"#, Some(ErrorClass::Unknown)),
            (r#"{"id":"3","status":"IN_PROGRESS"}"#, None),
            (r#"{"status":"DREAMING"}"#, None),
        ] {
            let (state, line) = exchange(GetThreadContainer::new(3), body).await;
            assert_eq!(state.unwrap().failure(), class, "{body}");
            assert_eq!(line, "GET /v1.0/3?fields=id%2Cstatus%2Cerror_message");
        }
    }
}
