//! How far a container is (Instagram Platform: IG Container).

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use super::media::CopyrightStatus;
use crate::endpoint::endpoint;
use crate::error_class::ErrorClass;
use crate::id::ContainerId;
use crate::lenient;

open_enum! {
    /// Where a container stands.
    pub enum ContainerStatus {
        /// It failed; the `status` says why.
        Error = "ERROR",
        /// It was not published within 24 hours.
        Expired = "EXPIRED",
        /// It can be published.
        Finished = "FINISHED",
        /// Instagram is at work.
        InProgress = "IN_PROGRESS",
        /// It was published.
        Published = "PUBLISHED",
    }
}

endpoint! {
    /// Asks how far a container is: `GET /{container_id}`, under both logins.
    ///
    /// Meta asks for one call a minute, for 5 minutes at most. Needs `instagram_basic`, `instagram_content_publish` and
    /// `pages_read_engagement` (Instagram Login: `instagram_business_basic`, `instagram_business_content_publish`).
    pub struct GetContainer -> ContainerState;
    "instagram.containers.get": GET "/{container_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH, scope::PAGES_READ_ENGAGEMENT];
    new { container_id: ContainerId }
    fields "status_code,status,copyright_check_status,video_status";
}

/// How far a container is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ContainerState {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<ContainerId>,
    /// Where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status_code: Option<ContainerStatus>,
    /// The same in words; of a failure with its number ([`subcode`](Self::subcode)).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<String>,
    /// What the search for copyrighted content found.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub copyright_check_status: Option<CopyrightCheck>,
    /// How far an uploaded video is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_status: Option<VideoStatus>,
}

/// What the search for copyrighted content found.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CopyrightCheck {
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<CopyrightStatus>,
    /// Whether it found something.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub matches_found: Option<bool>,
}

/// How far an uploaded video is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VideoStatus {
    /// The upload.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub uploading_phase: Option<UploadPhase>,
    /// The processing after it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub processing_phase: Option<UploadPhase>,
}

/// One phase of an uploaded video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct UploadPhase {
    /// Where it stands (`not_started`, `in_progress`, `complete`, `error`).
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<String>,
    /// How many bytes have arrived.
    #[serde(default, deserialize_with = "lenient::count")]
    pub bytes_transferred: Option<u64>,
}

/// The number that goes with each number of a failed container in errors.
const CODES: &[(i64, i64)] = &[
    (2_207_001, -1),
    (2_207_003, -2),
    (2_207_004, 36_000),
    (2_207_005, 36_001),
    (2_207_006, 24),
    (2_207_008, 24),
    (2_207_009, 36_003),
    (2_207_010, 36_004),
    (2_207_020, -2),
    (2_207_023, 100),
    (2_207_026, 352),
    (2_207_027, 9007),
    (2_207_028, 100),
    (2_207_032, -1),
    (2_207_035, 100),
    (2_207_036, 100),
    (2_207_037, 100),
    (2_207_040, 100),
    (2_207_042, 9),
    (2_207_050, 25),
    (2_207_051, 4),
    (2_207_052, 9004),
    (2_207_053, -1),
    (2_207_057, 1),
];

impl ContainerState {
    /// Whether it can be published.
    pub fn is_finished(&self) -> bool {
        self.status_code == Some(ContainerStatus::Finished)
    }

    /// The number in the words of a failure, such as 2207026.
    pub fn subcode(&self) -> Option<i64> {
        let runs = self.status.as_deref()?.split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| run.len() == 7 && run.starts_with("22")).find_map(|run| run.parse().ok())
    }

    /// What the failure means; `None` while there is none.
    pub fn failure(&self) -> Option<ErrorClass> {
        (self.status_code == Some(ContainerStatus::Error)).then(|| class_of(self.subcode()))
    }
}

/// What the number of a failed container means.
pub(super) fn class_of(subcode: Option<i64>) -> ErrorClass {
    let Some(subcode) = subcode else { return ErrorClass::Unknown };
    let code = CODES.iter().find(|(known, _)| *known == subcode).map_or(subcode, |(_, code)| *code);
    ErrorClass::from_codes(code, Some(subcode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_failure_has_a_number_and_a_meaning() {
        let (state, request) = exchange(
            GetContainer::new(7).fields("status_code,status"),
            r#"{"status_code":"ERROR","status":"Error: Media upload has failed with error code 2207026","id":"7"}"#,
        )
        .await;
        assert_eq!(line(&request), "GET /v26.0/7?fields=status_code%2Cstatus");
        let state = state.unwrap();
        assert_eq!((state.subcode(), state.failure()), (Some(2_207_026), Some(ErrorClass::MediaRejected)));
        assert!(!state.is_finished());
    }

    #[test]
    fn every_number_has_a_class_of_its_own() {
        for (subcode, _) in CODES {
            assert_ne!(class_of(Some(*subcode)), ErrorClass::Unknown, "{subcode}");
        }
        for (subcode, class) in [
            (2_207_003, ErrorClass::Transient),
            (2_207_042, ErrorClass::QuotaReached),
            (2_207_050, ErrorClass::AccountRestricted),
            (2_207_051, ErrorClass::PolicyBlocked),
            (2_207_052, ErrorClass::MediaRejected),
            (2_207_077, ErrorClass::MediaRejected),
            (2_207_082, ErrorClass::Transient),
        ] {
            assert_eq!(class_of(Some(subcode)), class, "{subcode}");
        }
        assert_eq!((class_of(None), class_of(Some(2_299_999))), (ErrorClass::Unknown, ErrorClass::Unknown));
    }

    #[tokio::test]
    async fn odd_answers_are_read_as_far_as_they_go() {
        let body = r#"{"status_code":"DREAMING","status":5,"copyright_check_status":{"status":"completed",
            "matches_found":"false"},"video_status":{"uploading_phase":{"status":"in_progress","bytes_transferred":"50"}}}"#;
        let state = exchange(GetContainer::new(7), body).await.0.unwrap();
        assert_eq!(state.status_code.as_ref().map(ContainerStatus::as_str), Some("DREAMING"));
        assert_eq!((state.subcode(), state.failure(), state.id), (None, None, None));
        let copyright = state.copyright_check_status.unwrap();
        assert_eq!(
            (copyright.status, copyright.matches_found),
            (Some(CopyrightStatus::Completed), Some(false))
        );
        let phase = state.video_status.unwrap().uploading_phase.unwrap();
        assert_eq!(phase.bytes_transferred, Some(50));
    }
}
