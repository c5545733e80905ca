//! Publishing by containers, as Instagram and Threads do it: make them, wait for them, publish once.

mod error;
mod publication;

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::CoreError;
use sociogram_api_core::{Finding, InvalidRequest, Severity, Timestamp};

pub use error::PublishError;
pub(crate) use publication::{LATEST, is_fresh, publication, same_text};

use crate::client::Client;
use crate::error::Error;
use crate::error_class::{ErrorClass, RetryAdvice};
use crate::graph_error::GraphError;
use crate::id::{ContainerId, MediaId};
use sociogram_api_core::Progress;

/// The pause between two questions about texts and images, and about videos.
const IMAGE: Duration = Duration::from_secs(5);
const VIDEO: Duration = Duration::from_secs(15);
/// How often containers that have expired are made anew.
const REMAKES: u32 = 2;
/// How often publishing is tried before somebody has to look.
const PUBLISHES: u32 = 3;
/// How often a medium that was published is looked for.
const LOOKS: u32 = 3;
/// The pause before asking what became of a publish call, and between looks.
const DOUBT: Duration = Duration::from_secs(30);
/// From this time of waiting on Meta wants to be asked once a minute.
const SLOWER_AFTER: Duration = Duration::from_secs(300);
const SLOW: Duration = Duration::from_secs(60);
/// The longest time one container is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Something that was published.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The medium. `None` when the answer got lost and the medium was not found among the latest ones; it is
    /// published all the same.
    pub media_id: Option<MediaId>,
    /// Its address for people, if it could be read. It never makes a publication fail.
    pub permalink: Option<String>,
}

/// Where a container stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    InProgress,
    Finished,
    Published,
    Expired,
    Failed { subcode: Option<i64>, class: ErrorClass, said: Option<String> },
}

/// What is published, and the calls that it takes.
pub(crate) trait Target: Sync {
    /// The operation that makes a container.
    const MAKE: &'static str;
    /// What is wrong with it: the place in the carousel and the findings.
    fn check(&self) -> Vec<(Option<usize>, Finding)>;
    /// Whether this container (of an item, else of the whole) can be made by us.
    fn can_make(&self, item: Option<usize>) -> bool;
    /// Whether this container holds a video, or may do so.
    fn is_video(&self, item: Option<usize>) -> bool;
    /// How much may still be published; `None` when it is not asked or not told.
    fn remaining(&self, client: &Client) -> impl Future<Output = Result<Option<u64>, Error>> + Send;
    fn make(
        &self,
        client: &Client,
        item: Option<usize>,
        children: Vec<ContainerId>,
    ) -> impl Future<Output = Result<ContainerId, Error>> + Send;
    fn standing(
        &self,
        client: &Client,
        container: &ContainerId,
    ) -> impl Future<Output = Result<Standing, Error>> + Send;
    fn publish(
        &self,
        client: &Client,
        container: &ContainerId,
    ) -> impl Future<Output = Result<MediaId, Error>> + Send;
    /// The medium among the latest ones, published at that time or later.
    fn find(
        &self,
        client: &Client,
        since: Timestamp,
    ) -> impl Future<Output = Result<Option<MediaId>, Error>> + Send;
    fn permalink(
        &self,
        client: &Client,
        media: &MediaId,
    ) -> impl Future<Output = Result<Option<String>, Error>> + Send;

    /// Why it cannot be published, before anything is made.
    fn refusal(&self) -> Option<PublishError> {
        let findings = self.check();
        let (item, _) = findings.iter().find(|(_, finding)| finding.severity() == Severity::Error)?;
        let item = *item;
        let own = findings.into_iter().filter(|(of, _)| *of == item).map(|(_, finding)| finding).collect();
        let invalid = InvalidRequest::from_findings(own)?;
        Some(PublishError::call(item, CoreError::invalid(Self::MAKE, invalid).into()))
    }
}

/// Whether this very process has just seen that the container is not published yet. It is neither stored nor
/// copied: whoever goes on from a saved state asks before publishing, because the call may have been made since.
#[derive(Debug, Default)]
struct JustSeen(bool);

impl Clone for JustSeen {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for JustSeen {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    Begin,
    Items,
    Whole,
    Publish,
    Find,
    Permalink(MediaId),
    Done(Published),
}

/// The container of an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Made {
    container: Option<ContainerId>,
    finished: bool,
}

/// Where a publication stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Steps {
    step: Step,
    items: Vec<Made>,
    whole: Option<ContainerId>,
    remakes: u32,
    publishes: u32,
    looks: u32,
    waited: Duration,
    /// When the container was first seen to be finished: the medium is not older.
    since: Option<Timestamp>,
    #[serde(skip)]
    unpublished: JustSeen,
}

impl Steps {
    /// Of something whose containers exist as far as they are given.
    pub(crate) fn new(items: Vec<Option<ContainerId>>, whole: Option<ContainerId>) -> Self {
        Self {
            step: Step::Begin,
            items: items.into_iter().map(|container| Made { container, finished: false }).collect(),
            whole,
            remakes: 0,
            publishes: 0,
            looks: 0,
            waited: Duration::ZERO,
            since: None,
            unpublished: JustSeen(false),
        }
    }

    /// Drops the containers that we made, so that new ones are made. Nothing happens once publishing has begun.
    pub(crate) fn restart(&mut self, target: &impl Target) {
        if !matches!(self.step, Step::Begin | Step::Items | Step::Whole) {
            return;
        }
        self.drop_containers(target);
        self.remakes = 0;
    }

    fn drop_containers(&mut self, target: &impl Target) {
        for (index, made) in self.items.iter_mut().enumerate() {
            if target.can_make(Some(index)) {
                *made = Made::default();
            }
        }
        if target.can_make(None) {
            self.whole = None;
        }
        self.waited = Duration::ZERO;
        self.publishes = 0;
        self.step = Step::Items;
    }

    /// Makes one call and moves on; two where a saved state goes on with publishing.
    pub(crate) async fn advance(
        &mut self,
        target: &impl Target,
        client: &Client,
    ) -> Result<Progress<Published>, PublishError> {
        match self.step.clone() {
            Step::Begin => {
                if let Some(refusal) = target.refusal() {
                    return Err(refusal);
                }
                let remaining =
                    target.remaining(client).await.map_err(|error| PublishError::call(None, error))?;
                if remaining == Some(0) {
                    return Err(PublishError::QuotaReached { error: None });
                }
                self.step = Step::Items;
                Ok(Progress::Again)
            }
            Step::Items => self.items(target, client).await,
            Step::Whole => self.whole(target, client).await,
            Step::Publish => {
                if !self.unpublished.0 {
                    let progress = self.whole(target, client).await?;
                    // Asking is no step of its own: who loads the state before every step would ask for ever.
                    if !self.unpublished.0 {
                        return Ok(progress);
                    }
                }
                self.publish(target, client).await
            }
            Step::Find => self.find(target, client).await,
            Step::Permalink(media) => {
                // It is published whatever this says.
                let permalink = target.permalink(client, &media).await.ok().flatten();
                Ok(self.done(Published { media_id: Some(media), permalink }))
            }
            Step::Done(published) => Ok(Progress::Done(published)),
        }
    }

    fn done(&mut self, published: Published) -> Progress<Published> {
        self.step = Step::Done(published.clone());
        Progress::Done(published)
    }

    async fn items(
        &mut self,
        target: &impl Target,
        client: &Client,
    ) -> Result<Progress<Published>, PublishError> {
        // All are made before the first is waited for, so that Meta works on them at the same time.
        if let Some(index) = self.items.iter().position(|made| made.container.is_none()) {
            let container = target.make(client, Some(index), Vec::new()).await;
            let container = container.map_err(|error| PublishError::call(Some(index), error))?;
            if let Some(made) = self.items.get_mut(index) {
                made.container = Some(container);
            }
            return Ok(Progress::Again);
        }
        let waiting = self.items.iter().enumerate().find(|(_, made)| !made.finished);
        let Some((index, Some(container))) = waiting.map(|(index, made)| (index, made.container.clone()))
        else {
            self.waited = Duration::ZERO;
            self.step = Step::Whole;
            return if self.whole.is_none() { self.whole(target, client).await } else { Ok(Progress::Again) };
        };
        let item = Some(index);
        let standing = target.standing(client, &container).await;
        match standing.map_err(|error| PublishError::call(item, error))? {
            Standing::Finished | Standing::Published => {
                if let Some(made) = self.items.get_mut(index) {
                    made.finished = true;
                }
                self.waited = Duration::ZERO;
                Ok(Progress::Again)
            }
            Standing::InProgress => self.wait(target, item),
            Standing::Expired => {
                self.may_remake(target, item)?;
                if let Some(made) = self.items.get_mut(index) {
                    *made = Made::default();
                }
                Ok(Progress::Again)
            }
            Standing::Failed { subcode, class, said } => {
                Err(PublishError::MediaFailed { item, subcode, class, said })
            }
        }
    }

    async fn whole(
        &mut self,
        target: &impl Target,
        client: &Client,
    ) -> Result<Progress<Published>, PublishError> {
        let Some(container) = self.whole.clone() else {
            let children = self.items.iter().filter_map(|made| made.container.clone()).collect();
            let container = target.make(client, None, children).await;
            self.whole = Some(container.map_err(|error| PublishError::call(None, error))?);
            return Ok(Progress::Again);
        };
        let standing = target.standing(client, &container).await;
        match standing.map_err(|error| PublishError::call(None, error))? {
            Standing::Finished => {
                if self.step == Step::Whole {
                    self.since = Some(client.pipeline.timer().now());
                }
                self.waited = Duration::ZERO;
                self.step = Step::Publish;
                self.unpublished = JustSeen(true);
                Ok(Progress::Again)
            }
            Standing::Published => {
                self.step = Step::Find;
                Ok(Progress::Again)
            }
            Standing::InProgress => self.wait(target, None),
            Standing::Expired => self.remake(target),
            Standing::Failed { subcode, class, said } => {
                // It failed before it was published, so new containers are no second publication.
                self.step = Step::Whole;
                Err(PublishError::MediaFailed { item: None, subcode, class, said })
            }
        }
    }

    fn wait(
        &mut self,
        target: &impl Target,
        item: Option<usize>,
    ) -> Result<Progress<Published>, PublishError> {
        if self.waited >= PATIENCE {
            self.waited = Duration::ZERO;
            return Err(PublishError::StillProcessing { item });
        }
        let pause = if self.waited >= SLOWER_AFTER {
            SLOW
        } else if target.is_video(item) {
            VIDEO
        } else {
            IMAGE
        };
        self.waited = self.waited.saturating_add(pause);
        Ok(Progress::Wait(pause))
    }

    fn may_remake(&mut self, target: &impl Target, item: Option<usize>) -> Result<(), PublishError> {
        if !target.can_make(item) || self.remakes >= REMAKES {
            return Err(PublishError::Expired { item });
        }
        self.remakes += 1;
        Ok(())
    }

    fn remake(&mut self, target: &impl Target) -> Result<Progress<Published>, PublishError> {
        self.may_remake(target, None)?;
        self.drop_containers(target);
        Ok(Progress::Again)
    }

    async fn publish(
        &mut self,
        target: &impl Target,
        client: &Client,
    ) -> Result<Progress<Published>, PublishError> {
        let Some(container) = self.whole.clone() else {
            self.step = Step::Items;
            return Ok(Progress::Again);
        };
        self.unpublished = JustSeen(false);
        self.publishes += 1;
        let error = match target.publish(client, &container).await {
            Ok(media) => {
                self.step = Step::Permalink(media);
                return Ok(Progress::Again);
            }
            Err(error) => error,
        };
        let is_unready = error.class() == Some(ErrorClass::MediaNotReady);
        if is_unready && error.api().map(GraphError::retry) == Some(RetryAdvice::AfterFix) {
            return self.remake(target);
        }
        if error.class() == Some(ErrorClass::QuotaReached) {
            return Err(PublishError::QuotaReached { error: Some(error) });
        }
        // The state asks for the container's status before it publishes again.
        if (is_unready || error.may_have_been_applied()) && self.publishes < PUBLISHES {
            return Ok(Progress::Wait(error.retry_after().unwrap_or(DOUBT).max(DOUBT)));
        }
        // Whoever calls again means it; `since` stays that of the first time.
        self.publishes = 1;
        Err(PublishError::call(None, error))
    }

    async fn find(
        &mut self,
        target: &impl Target,
        client: &Client,
    ) -> Result<Progress<Published>, PublishError> {
        let Some(since) = self.since else { return Ok(self.done(Published::default())) };
        let found = match target.find(client, since).await {
            Ok(found) => found,
            Err(error) if error.is_retryable() => return Err(PublishError::call(None, error)),
            // It is published even if we may not list it.
            Err(_) => return Ok(self.done(Published::default())),
        };
        self.looks += 1;
        Ok(match found {
            Some(media) => {
                self.step = Step::Permalink(media);
                Progress::Again
            }
            None if self.looks < LOOKS => Progress::Wait(DOUBT),
            None => self.done(Published::default()),
        })
    }
}
