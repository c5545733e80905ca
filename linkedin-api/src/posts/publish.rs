//! All the steps of publishing (LinkedIn: Posts API; Images, Videos and Documents API).

mod error;
mod policy;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, Endpoint};
use sociogram_api_core::{ErrorKind, Finding, InvalidRequest, Progress, Timestamp, run_to_end};

use super::{
    AssetFacts, Content, CreatePost, GetPost, LifecycleState, ListPostsByAuthor, Post, PostContext, PostSort,
};
use crate::assets::{self, AssetStatus};
use crate::client::Client;
use crate::error::Error;
use crate::guard::rules::DUPLICATE_WINDOW;
use crate::urn::{PostUrn, Urn};

pub use error::PublishError;
pub use policy::PublishPolicy;

/// How long a video may be processed, and anything else.
const VIDEO_TIME: Duration = Duration::from_secs(600);
const OTHER_TIME: Duration = Duration::from_secs(60);
/// How long a post that was just created may be missing.
const READ_TIME: Duration = Duration::from_secs(60);
/// The first pause between two questions; each is half as long again, up to the last one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LAST_PAUSE: Duration = Duration::from_secs(30);
/// A create without an answer may still be at work for this long.
const SETTLE: Duration = Duration::from_secs(10);
/// How far from the end of LinkedIn's duplicate check no text is sent again.
const MARGIN: Duration = Duration::from_secs(120);
/// How often a create in doubt is sent again.
const MOST_REPEATS: u32 = 3;
/// How far LinkedIn's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(60);
/// How many of the latest posts are looked through.
const LATEST: u32 = 25;

/// Publishes a post: waits until its uploaded files are `AVAILABLE`, creates it once, settles an outcome in doubt and, if
/// told to, reads it back.
///
/// It begins where the uploads end: the post names its files by URN. It can be stored at any time and continued by
/// another process; before the create is sent the state says so, and who loads it treats the outcome as in doubt: a post
/// with text is then settled by sending it again, one without is only looked for. So keep the value between the step that
/// announces the create and the one that sends it, and store it in between; [`run`](Self::run) does.
///
/// ```
/// use sociogram_linkedin_api::{Client, ImageUrn, OrganizationUrn};
/// use sociogram_linkedin_api::posts::{CreatePost, ImageContent, PublishError, PublishPost, PublishedPost};
///
/// async fn publish(client: &Client, page: OrganizationUrn, image: ImageUrn) -> Result<PublishedPost, PublishError> {
///     let post = CreatePost::new(page, "Our office").content(ImageContent::new(image).alt_text("A desk"));
///     PublishPost::new(post).run(client, |state| println!("{}", serde_json::json!(state))).await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishPost {
    post: CreatePost,
    policy: PublishPolicy,
    step: Step,
    /// When the waiting of this step began, and how often it was asked.
    waiting_since: Option<Timestamp>,
    asked: u32,
    /// The create was announced and is surely not sent yet. Never stored.
    #[serde(skip)]
    armed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Waiting for the file at this place.
    Asset(usize),
    /// Waiting for files that cannot be read.
    Grace,
    /// Everything is there.
    Ready,
    /// The create is about to be sent, or was sent.
    Sending { since: Timestamp },
    /// The create was sent and had no usable answer.
    Doubt { since: Timestamp, repeats: u32 },
    /// The post exists.
    Reading { urn: PostUrn, via: PublishedVia, since: Timestamp },
    /// All is done.
    Done(PublishedPost),
}

/// How it is known that a post exists.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishedVia {
    /// LinkedIn answered the create with its id.
    Created,
    /// The create had no answer, and sending it again was refused as a duplicate of this post.
    Duplicate,
    /// The create had no answer, and the post stood in the author's list.
    Found,
}

/// A post that exists.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPost {
    /// Its id.
    pub urn: PostUrn,
    /// Its public page.
    pub url: String,
    /// How it is known.
    pub via: PublishedVia,
    /// Where it stands, if it was read.
    pub state: Option<LifecycleState>,
}

type Outcome = Result<Progress<PublishedPost>, PublishError>;

impl PublishPost {
    /// Of a post whose files were uploaded.
    pub fn new(post: CreatePost) -> Self {
        Self {
            post,
            policy: PublishPolicy::default(),
            step: Step::Asset(0),
            waiting_since: None,
            asked: 0,
            armed: false,
        }
    }

    /// With other choices.
    pub fn policy(mut self, policy: PublishPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The post.
    pub const fn post(&self) -> &CreatePost {
        &self.post
    }

    /// The result, once all is done.
    pub const fn published(&self) -> Option<&PublishedPost> {
        if let Step::Done(published) = &self.step { Some(published) } else { None }
    }

    /// Makes at most one call and moves on. Save the state after each.
    ///
    /// # Errors
    /// When the post breaks a rule, a file cannot be used, LinkedIn refuses, or it stays open whether the post exists. The
    /// state stays usable.
    pub async fn advance(&mut self, client: &Client) -> Result<Progress<PublishedPost>, PublishError> {
        let now = client.pipeline().timer().now();
        match self.step.clone() {
            Step::Asset(index) => self.wait_for_asset(client, index, now).await,
            Step::Grace => Ok(self.wait_for_grace(now)),
            Step::Ready => {
                self.armed = true;
                self.step = Step::Sending { since: now };
                Ok(Progress::Again)
            }
            // Taken before the call: one that is dropped half-way leaves a create in doubt.
            Step::Sending { since } if std::mem::take(&mut self.armed) => self.create(client, since).await,
            Step::Sending { since } => {
                self.step = Step::Doubt { since, repeats: 0 };
                Ok(Progress::Again)
            }
            Step::Doubt { since, repeats } => self.settle(client, since, repeats, now).await,
            Step::Reading { urn, via, since } => self.read(client, urn, via, since, now).await,
            Step::Done(published) => Ok(Progress::Done(published)),
        }
    }

    /// Goes all the way, with the client's timer; `save` gets the state after every step, and must have stored it when it
    /// returns.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<PublishedPost, PublishError> {
        run_to_end!(self, client.pipeline().timer(), save, self.advance(client))
    }

    async fn wait_for_asset(&mut self, client: &Client, index: usize, now: Timestamp) -> Outcome {
        // No waiting for files of a post that can never be sent.
        stop_at_errors(self.post.check())?;
        let Some(asset) = self.post.assets().into_iter().nth(index) else {
            self.move_to(Step::Ready);
            return Ok(Progress::Again);
        };
        let since = *self.waiting_since.get_or_insert(now);
        let known = match assets::look(client, &asset).await {
            // One that was just uploaded may not be found yet.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(assets::Known::default()),
            known => known,
        };
        if let Ok(assets::Known { owner: Some(owner), .. }) = &known {
            self.check_owner(&asset, owner)?;
        }
        match known.map(|known| known.status) {
            Ok(Some(AssetStatus::Available)) => {
                self.move_to(Step::Asset(index + 1));
                Ok(Progress::Again)
            }
            Ok(Some(AssetStatus::ProcessingFailed)) => Err(PublishError::AssetFailed(asset)),
            Ok(_) => self
                .pause(since, now, time_for(&asset))
                .map(Progress::Wait)
                .ok_or(PublishError::AssetLate(asset)),
            // A token that may only write cannot ask; then it can ask for none of them.
            Err(error) if error.kind() == ErrorKind::Permission => {
                self.move_to(Step::Grace);
                self.waiting_since = Some(now);
                Ok(Progress::Wait(self.policy.grace))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Only its owner can post a file.
    fn check_owner(&self, asset: &Urn, owner: &Urn) -> Result<(), PublishError> {
        // What an ad account owns is not judged here.
        if !["person", "organization"].contains(&owner.entity_type()) {
            return Ok(());
        }
        let known = AssetFacts::new(asset.clone()).owner(owner.clone());
        stop_at_errors(self.post.check_with(&PostContext::new().asset(known)))
    }

    fn wait_for_grace(&mut self, now: Timestamp) -> Progress<PublishedPost> {
        let since = *self.waiting_since.get_or_insert(now);
        let left = self.policy.grace.saturating_sub(now.saturating_duration_since(since));
        if !left.is_zero() {
            return Progress::Wait(left);
        }
        self.move_to(Step::Ready);
        Progress::Again
    }

    async fn create(&mut self, client: &Client, since: Timestamp) -> Outcome {
        match client.send(self.post.clone()).await {
            Ok(created) => Ok(self.exists(created.urn, PublishedVia::Created, since)),
            Err(error) if error.may_have_been_applied() => {
                self.move_to(Step::Doubt { since, repeats: 0 });
                if self.may_repeat() { Ok(Progress::Wait(SETTLE)) } else { Err(error.into()) }
            }
            Err(error) if waits_for_asset(&error) => {
                self.step = Step::Ready;
                let begun = *self.waiting_since.get_or_insert(since);
                let most = self.post.assets().iter().map(time_for).max().unwrap_or(OTHER_TIME);
                self.pause(begun, since, most).map(Progress::Wait).ok_or(PublishError::Call(error))
            }
            Err(error) => {
                self.move_to(Step::Ready);
                Err(error.into())
            }
        }
    }

    async fn settle(&mut self, client: &Client, since: Timestamp, repeats: u32, now: Timestamp) -> Outcome {
        let passed = now.saturating_duration_since(since);
        if passed < SETTLE {
            return Ok(Progress::Wait(SETTLE.saturating_sub(passed)));
        }
        let in_time = passed < DUPLICATE_WINDOW.saturating_sub(MARGIN);
        if !self.may_repeat() || !in_time || repeats >= MOST_REPEATS {
            return self.look(client, since).await;
        }
        self.step = Step::Doubt { since, repeats: repeats + 1 };
        match client.send(self.post.clone()).await {
            Ok(created) => Ok(self.exists(created.urn, PublishedVia::Created, since)),
            Err(error) if error.is_duplicate() => match error.existing_post() {
                Some(urn) => Ok(self.exists(urn.clone(), PublishedVia::Duplicate, since)),
                None => self.look(client, since).await,
            },
            Err(error) => {
                let wait = error.retry_after().unwrap_or(SETTLE);
                let goes_on = error.may_have_been_applied() || error.is_retryable();
                if goes_on { Ok(Progress::Wait(wait)) } else { Err(error.into()) }
            }
        }
    }

    /// Looks for the post among the author's latest.
    async fn look(&mut self, client: &Client, since: Timestamp) -> Outcome {
        let list = ListPostsByAuthor::new(self.post.author.clone()).sort(PostSort::Created).count(LATEST);
        let page = match client.send(list).await {
            Ok(page) => page,
            Err(error) if error.kind() == ErrorKind::Permission => {
                return Err(PublishError::InDoubt { since });
            }
            Err(error) => return Err(error.into()),
        };
        let mut fitting: Vec<Post> = page.items.into_iter().filter(|post| self.is_it(post, since)).collect();
        fitting.sort_by_key(|post| post.created_at);
        match fitting.iter().find_map(Post::urn) {
            Some(urn) => Ok(self.exists(urn, PublishedVia::Found, since)),
            None => Err(PublishError::InDoubt { since }),
        }
    }

    async fn read(
        &mut self,
        client: &Client,
        urn: PostUrn,
        via: PublishedVia,
        since: Timestamp,
        now: Timestamp,
    ) -> Outcome {
        let begun = *self.waiting_since.get_or_insert(now);
        let state = match client.send(GetPost::new(urn.clone())).await {
            Ok(post) if via == PublishedVia::Duplicate && is_older(&post, since) => {
                return Err(PublishError::Duplicate(urn));
            }
            Ok(post) => {
                if post.lifecycle_state == Some(LifecycleState::PublishRequested)
                    && let Some(pause) = self.pause(begun, now, READ_TIME)
                {
                    return Ok(Progress::Wait(pause));
                }
                post.lifecycle_state
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match self.pause(begun, now, READ_TIME) {
                    Some(pause) => return Ok(Progress::Wait(pause)),
                    // A deleted post goes on being named as the original for a day or two.
                    None if via == PublishedVia::Duplicate => return Err(PublishError::Duplicate(urn)),
                    None => None,
                }
            }
            Err(error) if via == PublishedVia::Duplicate && error.kind() != ErrorKind::Permission => {
                return Err(error.into());
            }
            // That it exists is known without reading.
            Err(_) => None,
        };
        Ok(self.finish(urn, via, state))
    }

    fn exists(&mut self, urn: PostUrn, via: PublishedVia, since: Timestamp) -> Progress<PublishedPost> {
        // A duplicate may be of an older post with the same text.
        if self.policy.reads || via == PublishedVia::Duplicate {
            self.move_to(Step::Reading { urn, via, since });
            return Progress::Again;
        }
        self.finish(urn, via, None)
    }

    fn finish(
        &mut self,
        urn: PostUrn,
        via: PublishedVia,
        state: Option<LifecycleState>,
    ) -> Progress<PublishedPost> {
        let published = PublishedPost { url: urn.url(), urn, via, state };
        self.move_to(Step::Done(published.clone()));
        Progress::Done(published)
    }

    fn move_to(&mut self, step: Step) {
        self.step = step;
        self.waiting_since = None;
        self.asked = 0;
    }

    /// The pause before it is asked again. When the time is over, the next step starts it afresh.
    fn pause(&mut self, since: Timestamp, now: Timestamp, most: Duration) -> Option<Duration> {
        if now.saturating_duration_since(since) >= most {
            self.waiting_since = None;
            self.asked = 0;
            return None;
        }
        let pause = (0..self.asked.min(16)).fold(FIRST_PAUSE, |pause, _| (pause * 3 / 2).min(LAST_PAUSE));
        self.asked += 1;
        Some(pause)
    }

    fn may_repeat(&self) -> bool {
        self.policy.repeats && !self.post.commentary.is_blank()
    }

    /// Whether a post of the list is the one that was sent.
    fn is_it(&self, post: &Post, since: Timestamp) -> bool {
        let text = post.commentary.as_ref().map(ToString::to_string).unwrap_or_default();
        let same_text = text.trim() == self.post.commentary.to_string().trim();
        let assets = post.content.iter().flat_map(Content::assets).map(|(_, urn)| urn);
        let same_assets = assets.eq(&self.post.assets());
        let parent = post.reshare_context.as_ref().and_then(|reshare| reshare.parent.as_ref());
        let ours = self.post.reshare_context.as_ref().map(|reshare| reshare.parent.as_urn());
        post.created_at.is_some() && !is_older(post, since) && same_text && same_assets && parent == ours
    }
}

const CREATE: &str = <CreatePost as Endpoint>::NAME;

fn stop_at_errors(findings: Vec<Finding>) -> Result<(), PublishError> {
    match InvalidRequest::from_findings(findings) {
        Some(invalid) => Err(Error::from(CoreError::invalid(CREATE, invalid)).into()),
        None => Ok(()),
    }
}

/// Whether a post was there before the create was sent.
fn is_older(post: &Post, since: Timestamp) -> bool {
    post.created_at.or(post.published_at).is_some_and(|at| at < since.saturating_sub(SKEW))
}

fn time_for(asset: &Urn) -> Duration {
    if asset.entity_type() == "video" { VIDEO_TIME } else { OTHER_TIME }
}

fn waits_for_asset(error: &Error) -> bool {
    error.api().is_some_and(|api| api.codes().any(|code| code == "MEDIA_ASSET_WAITING_UPLOAD"))
}

#[cfg(test)]
mod tests;
