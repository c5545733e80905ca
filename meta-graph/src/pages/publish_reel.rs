//! A reel, all the way (Reels Publishing).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, Endpoint as _};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use super::post_parts::{FeedTargeting, Targeting};
use super::reels::{FinishReel, OpenedVideo, PublishAnswer, ReelState, StartReel};
use super::video_flow::{VideoProduct, video_flow};
use crate::client::Client;
use crate::error::Error;
use crate::id::{PageId, VideoId};

video_flow! {
    /// Publishes a reel of a Page: opens it, has Meta fetch the video or sends its bytes, publishes it and waits until it
    /// can be seen.
    ///
    /// Save the flow after every step ([`run`](Self::run) hands it to you): whoever loads it goes on from there, and it
    /// never publishes twice. It asks Meta what became of the reel first wherever the outcome of a call is not known. It
    /// holds the address, but no token and no bytes. Needs what [`StartReel`] needs. A Page publishes at most 30 reels
    /// through the API in 24 hours.
    pub struct PublishReel { reel: Reel }
    opened by StartReel;
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Reel {
    page_id: PageId,
    draft: bool,
    scheduled_at: Option<Timestamp>,
    description: Option<String>,
    title: Option<String>,
    place: Option<PageId>,
    targeting: Option<Targeting>,
    feed_targeting: Option<FeedTargeting>,
    is_ai_generated: Option<bool>,
}

impl PublishReel {
    /// The text of the reel.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.reel.description = Some(description.into());
        self
    }

    /// Its title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.reel.title = Some(title.into());
        self
    }

    /// Where it is, as the Page of the place.
    pub fn place(mut self, place: impl Into<PageId>) -> Self {
        self.reel.place = Some(place.into());
        self
    }

    /// Who can see it at all.
    pub fn targeting(mut self, targeting: Targeting) -> Self {
        self.reel.targeting = Some(targeting);
        self
    }

    /// Who is more likely to see it.
    pub fn feed_targeting(mut self, targeting: FeedTargeting) -> Self {
        self.reel.feed_targeting = Some(targeting);
        self
    }

    /// Whether it was made by artificial intelligence; from v26.0 on.
    pub const fn is_ai_generated(mut self, is_ai_generated: bool) -> Self {
        self.reel.is_ai_generated = Some(is_ai_generated);
        self
    }

    /// Has Meta publish it at this time (whole seconds); the flow is done when Meta has taken the reel over.
    pub const fn scheduled_at(mut self, time: Timestamp) -> Self {
        self.reel.scheduled_at = Some(time);
        self
    }

    /// Keeps it as a draft; the flow is done when Meta has taken the reel over.
    pub const fn draft(mut self) -> Self {
        self.reel.draft = true;
        self
    }

    /// What is wrong with it as seen at `now`, as far as that can be told without asking Meta. The video itself is the
    /// business of [`guard`](crate::guard).
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        self.reel.check_at(now)
    }
}

impl Reel {
    const fn of(page_id: PageId) -> Self {
        Self {
            page_id,
            draft: false,
            scheduled_at: None,
            description: None,
            title: None,
            place: None,
            targeting: None,
            feed_targeting: None,
            is_ai_generated: None,
        }
    }

    const fn state(&self) -> ReelState {
        match (self.draft, self.scheduled_at) {
            (true, _) => ReelState::Draft,
            (false, Some(_)) => ReelState::Scheduled,
            (false, None) => ReelState::Published,
        }
    }

    fn request(&self, video: VideoId) -> FinishReel {
        let mut reel = FinishReel::new(self.page_id.clone(), video, self.state());
        if let Some(description) = &self.description {
            reel = reel.description(description);
        }
        if let Some(title) = &self.title {
            reel = reel.title(title);
        }
        if let Some(time) = self.scheduled_at {
            reel = reel.scheduled_publish_time(time);
        }
        if let Some(place) = &self.place {
            reel = reel.place(place.clone());
        }
        if let Some(targeting) = &self.targeting {
            reel = reel.targeting(targeting.clone());
        }
        if let Some(targeting) = &self.feed_targeting {
            reel = reel.feed_targeting(targeting.clone());
        }
        match self.is_ai_generated {
            Some(is_ai_generated) => reel.is_ai_generated(is_ai_generated),
            None => reel,
        }
    }

    fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        // Which video it will be does not matter here.
        self.request(VideoId::from(0)).check_at(now)
    }
}

impl VideoProduct for Reel {
    fn refusal(&self, client: &Client) -> Option<Error> {
        let invalid = InvalidRequest::from_findings(self.check_at(client.pipeline.timer().now()))?;
        Some(CoreError::invalid(FinishReel::NAME, invalid).into())
    }

    async fn open(&self, client: &Client) -> Result<OpenedVideo, Error> {
        client.send(StartReel::new(self.page_id.clone())).await
    }

    async fn finish(&self, client: &Client, video: VideoId) -> Result<PublishAnswer, Error> {
        client.send(self.request(video)).await
    }

    fn is_published_now(&self) -> bool {
        self.state() == ReelState::Published
    }
}

#[cfg(test)]
mod tests;
