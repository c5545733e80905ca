//! Reels of a Page (Reels Publishing, Page Video Reels). [`PublishReel`](super::PublishReel) goes all the way.

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::post_parts::{FeedTargeting, Targeting};
use super::videos::{VIDEO_FIELDS, Video};
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::guard::rules;
use crate::id::{PageId, PostId, VideoId};
use crate::lenient;

endpoint! {
    /// Opens a reel: `POST /{page_id}/video_reels` with `upload_phase=start` (Reels Publishing).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT`, `pages_manage_posts`, `pages_read_engagement` and
    /// `pages_show_list`. Nothing can be seen of a reel that is not finished. A Page publishes at most 30 reels through
    /// the API in 24 hours.
    pub struct StartReel -> OpenedVideo;
    "page.reels.start": POST "/{page_id}/video_reels", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    fixed { upload_phase: "start" }
    new { page_id: PageId }
    subject page_id;
}

/// A reel or video story that waits for its bytes.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OpenedVideo {
    /// The video.
    pub video_id: VideoId,
    /// Where its bytes go.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub upload_url: Option<String>,
}

open_enum! {
    /// What becomes of a reel whose bytes are there.
    pub enum ReelState {
        /// It is published.
        Published = "PUBLISHED",
        /// It is published at its time.
        Scheduled = "SCHEDULED",
        /// It stays a draft.
        Draft = "DRAFT",
    }
}

endpoint! {
    /// Publishes, schedules or keeps a reel whose bytes are there: `POST /{page_id}/video_reels` with
    /// `upload_phase=finish` (Reels Publishing).
    ///
    /// Needs what [`StartReel`] needs. The reel can be seen some minutes later: ask
    /// [`GetVideoStatus`](crate::uploads::GetVideoStatus). A preview picture is no parameter of it, unlike with other
    /// videos: give the video one with [`AddVideoThumbnail`](super::AddVideoThumbnail), best before this call.
    pub struct FinishReel -> PublishAnswer;
    "page.reels.publish": POST "/{page_id}/video_reels", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    fixed { upload_phase: "finish" }
    new { page_id: PageId, video_id: VideoId, video_state: ReelState }
    with {
        /// The text of the reel.
        description: String,
        /// Its title.
        title: String,
        /// When Meta is to publish it, with the state [`ReelState::Scheduled`].
        scheduled_publish_time: UnixTime,
        /// Where it is, as the Page of the place.
        place: PageId,
        /// Who can see it at all.
        targeting: Targeting,
        /// Who is more likely to see it.
        feed_targeting: FeedTargeting,
        /// Whether it was made by artificial intelligence; from v26.0 on.
        is_ai_generated: bool,
    }
    subject page_id;
    checked by check;
}

impl FinishReel {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        check_state(&self.video_state, self.scheduled_publish_time.is_some())
    }

    /// The same, and what is wrong with its time as seen at `now`.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(self.scheduled_publish_time.and_then(|time| check_reel_time(time.timestamp(), now)));
        findings
    }
}

/// A time belongs to a scheduled video and to no other.
pub(super) fn check_state(state: &ReelState, has_time: bool) -> Vec<Finding> {
    let schedule = |field: &'static str, message: &'static str, advice: &'static str| {
        vec![Finding::error("page.reel.state", field, message).advice(advice)]
    };
    match (state, has_time) {
        (ReelState::Scheduled, false) => {
            schedule("scheduled_publish_time", "the reel is scheduled for no time", "name the time")
        }
        (ReelState::Published | ReelState::Draft, true) => schedule(
            "video_state",
            "a reel with a time is scheduled",
            "use the state SCHEDULED, or leave out the time",
        ),
        _ => Vec::new(),
    }
}

/// What is doubtful about the time of a reel: Meta's pages name 10 minutes to 29 days.
pub(super) fn check_reel_time(time: Timestamp, now: Timestamp) -> Option<Finding> {
    let ahead = time.as_unix_seconds().saturating_sub(now.as_unix_seconds());
    (!(rules::F3_MIN_SECONDS..=rules::F19_MAX_SECONDS).contains(&ahead)).then(|| {
        rules::F19
            .finding("scheduled_publish_time")
            .measured(format_args!("{} minutes from now", ahead.div_euclid(60)))
    })
}

/// What Meta says of a reel or story that was published.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishAnswer {
    /// Whether it was taken; missing in some answers.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub success: Option<bool>,
    /// Its post; Meta leaves it out of many answers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub post_id: Option<PostId>,
    /// What Meta says about it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
}

list_endpoint! {
    /// Lists the reels of a Page: `GET /{page_id}/video_reels` (Page Video Reels).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListReels -> Video;
    "page.reels.list": "/{page_id}/video_reels", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Only those from then on.
        since: UnixTime,
        /// Only those up to then.
        until: UnixTime,
    }
    fields VIDEO_FIELDS;
    subject page_id;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{client, exchange};
    use sociogram_api_core::testing::ScriptedTransport;

    fn finish(state: ReelState) -> FinishReel {
        FinishReel::new(42, 9, state)
    }

    #[test]
    fn findings_name_the_rule() {
        let at = Timestamp::from_unix_seconds(1_000);
        for (reel, rules) in [
            (finish(ReelState::Published), &[][..]),
            (finish(ReelState::Scheduled).scheduled_publish_time(at), &[]),
            (finish(ReelState::from("NEW")).scheduled_publish_time(at), &[]),
            (finish(ReelState::Scheduled), &["page.reel.state"]),
            (finish(ReelState::Draft).scheduled_publish_time(at), &["page.reel.state"]),
        ] {
            let found: Vec<&str> = reel.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{reel:?}");
        }
        for (now, rules) in [(400, 0), (401, 1), (1_000 - 29 * 86_400, 0), (999 - 29 * 86_400, 1)] {
            let reel = finish(ReelState::Scheduled).scheduled_publish_time(at);
            assert_eq!(reel.check_at(Timestamp::from_unix_seconds(now)).len(), rules, "{now}");
        }
    }

    #[tokio::test]
    async fn a_reel_without_its_time_is_not_sent() {
        let transport = ScriptedTransport::new();
        let error = client(&transport).send(finish(ReelState::Scheduled)).await.unwrap_err();
        assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Invalid, 0));
    }

    #[tokio::test]
    async fn answers_may_miss_nearly_everything() {
        let opened = exchange(StartReel::new(42), r#"{"video_id":9}"#).await.0.unwrap();
        assert_eq!((opened.video_id.as_str(), opened.upload_url), ("9", None));
        assert!(exchange(StartReel::new(42), r#"{"upload_url":"https://x"}"#).await.0.is_err());
        let done =
            exchange(finish(ReelState::Published), r#"{"success":"true","post_id":5}"#).await.0.unwrap();
        assert_eq!((done.success, done.post_id.as_ref().map(PostId::as_str)), (Some(true), Some("5")));
        assert_eq!(exchange(finish(ReelState::Published), "{}").await.0.unwrap().success, None);
    }
}
