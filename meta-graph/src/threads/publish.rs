//! All the steps of publishing on Threads (Threads API: Posts).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::Endpoint;
use sociogram_api_core::{Finding, Timestamp};

use super::container::{CreateThread, ThreadKind};
use super::container_status::{GetThreadContainer, ThreadContainerStatus};
use super::limits::GetThreadsLimits;
use super::post::{GetPost, ListPosts, Post};
use super::publishing::PublishThreadContainer;
use super::replies::ListUserReplies;
use crate::client::Client;
use crate::container_flow::{
    LATEST, PublishError, Published, Standing, Steps, Target, is_fresh, publication, same_text,
};
use crate::error::Error;
use crate::error_class::ErrorClass;
use crate::id::{ContainerId, MediaId};

/// Publishes a text, an image, a video or a carousel, as a post or a reply: makes the containers, waits until each
/// is finished, publishes once and reads the permalink.
///
/// It can be stored at any time and continued by another process. Before it publishes again after a crash or an
/// answer that left the outcome open, it asks whether the container was published, and then looks for the post. A
/// container that has expired is made anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishThread {
    thread: Thread,
    steps: Steps,
}

/// What is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Thread {
    container: CreateThread,
    items: Vec<CreateThread>,
    checks_quota: bool,
}

impl PublishThread {
    /// One text, image or video.
    pub fn new(container: CreateThread) -> Self {
        Self::carousel(container, [])
    }

    /// A carousel of 2 to 20 items; `container` is [`CreateThread::carousel`] without children.
    pub fn carousel(container: CreateThread, items: impl IntoIterator<Item = CreateThread>) -> Self {
        let items: Vec<CreateThread> = items.into_iter().collect();
        let steps = Steps::new(vec![None; items.len()], None);
        Self { thread: Thread { container, items, checks_quota: true }, steps }
    }

    /// Does not ask for the account's quota before it begins. Without `threads_manage_replies` that of replies cannot
    /// be asked for.
    pub fn without_quota_check(mut self) -> Self {
        self.thread.checks_quota = false;
        self
    }
}

publication! { PublishThread, thread }

impl Thread {
    fn part(&self, item: Option<usize>) -> &CreateThread {
        item.and_then(|index| self.items.get(index)).unwrap_or(&self.container)
    }
}

impl Target for Thread {
    const MAKE: &'static str = <CreateThread as Endpoint>::NAME;

    fn check(&self) -> Vec<(Option<usize>, Finding)> {
        let mut findings: Vec<(Option<usize>, Finding)> =
            self.container.check_with(self.items.len()).into_iter().map(|finding| (None, finding)).collect();
        let is_carousel = self.container.kind() == ThreadKind::Carousel;
        if self.container.is_item() || (!self.items.is_empty() && !is_carousel) {
            let message = "this kind of container cannot be published like this";
            findings.push((None, Finding::error("threads.publish.kind", "media_type", message)));
        }
        for (index, item) in self.items.iter().enumerate() {
            findings.extend(item.check().into_iter().map(|finding| (Some(index), finding)));
            if !item.is_item() || item.user_id() != self.container.user_id() {
                let message = "it is no item of a carousel of this account";
                findings.push((Some(index), Finding::error("threads.publish.item", "children", message)));
            }
        }
        findings
    }

    fn can_make(&self, _item: Option<usize>) -> bool {
        true
    }

    fn is_video(&self, item: Option<usize>) -> bool {
        self.part(item).kind() == ThreadKind::Video
    }

    async fn remaining(&self, client: &Client) -> Result<Option<u64>, Error> {
        if !self.checks_quota {
            return Ok(None);
        }
        let limits = GetThreadsLimits::new(self.container.user_id().clone());
        // Each count needs a permission of its own.
        if self.container.is_reply() {
            let limits = client.send(limits.fields("reply_quota_usage,reply_config")).await?;
            return Ok(limits.remaining_replies());
        }
        Ok(client.send(limits.fields("quota_usage,config")).await?.remaining_posts())
    }

    async fn make(
        &self,
        client: &Client,
        item: Option<usize>,
        children: Vec<ContainerId>,
    ) -> Result<ContainerId, Error> {
        let part = self.part(item);
        let part =
            if part.kind() == ThreadKind::Carousel { part.with_children(children) } else { part.clone() };
        Ok(client.send(part).await?.id)
    }

    async fn standing(&self, client: &Client, container: &ContainerId) -> Result<Standing, Error> {
        let state = client.send(GetThreadContainer::new(container.clone())).await?;
        Ok(match state.status {
            Some(ThreadContainerStatus::Finished) => Standing::Finished,
            Some(ThreadContainerStatus::Published) => Standing::Published,
            Some(ThreadContainerStatus::Expired) => Standing::Expired,
            Some(ThreadContainerStatus::Error) => {
                let class = state.failure().unwrap_or(ErrorClass::Unknown);
                Standing::Failed { subcode: None, class, said: state.error_message }
            }
            Some(ThreadContainerStatus::InProgress | ThreadContainerStatus::Unknown(_)) | None => {
                Standing::InProgress
            }
        })
    }

    async fn publish(&self, client: &Client, container: &ContainerId) -> Result<MediaId, Error> {
        let publish = PublishThreadContainer::new(self.container.user_id().clone(), container.clone());
        Ok(client.send(publish).await?.id)
    }

    async fn find(&self, client: &Client, since: Timestamp) -> Result<Option<MediaId>, Error> {
        let (account, fields) = (self.container.user_id().clone(), "id,text,timestamp");
        let page = if self.container.is_reply() {
            client.send(ListUserReplies::new(account).fields(fields).limit(LATEST)).await?
        } else {
            client.send(ListPosts::new(account).fields(fields).limit(LATEST)).await?
        };
        let ours = self.container.text_as_set();
        let is_it = |post: &Post| is_fresh(post.timestamp, since) && same_text(post.text.as_deref(), ours);
        let fitting = page.items.into_iter().filter(is_it);
        Ok(fitting.min_by_key(|post| post.timestamp).map(|post| post.id))
    }

    async fn permalink(&self, client: &Client, media: &MediaId) -> Result<Option<String>, Error> {
        Ok(client.send(GetPost::new(media.clone()).fields("permalink,shortcode,timestamp")).await?.permalink)
    }
}

#[cfg(test)]
mod tests;
