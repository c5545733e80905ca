//! All the steps of publishing on Instagram (Instagram Platform: Content Publishing).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, Endpoint};
use sociogram_api_core::{Finding, Timestamp};

use super::container::{ContainerKind, CreateContainer};
use super::container_status::{ContainerStatus, GetContainer, class_of};
use super::media::{GetMedia, ListMedia, ListStories, Media, MediaProduct};
use super::publishing::{GetPublishingLimit, PublishContainer};
use crate::client::Client;
use crate::container_flow::{
    LATEST, PublishError, Published, Standing, Steps, Target, is_fresh, publication, same_text,
};
use crate::error::Error;
use crate::id::{ContainerId, InstagramAccountId, MediaId};

/// An item of a carousel: made by the flow, or a container that exists already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarouselItem(Content);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Content {
    Make(Box<CreateContainer>),
    Existing(ContainerId),
}

impl From<CreateContainer> for CarouselItem {
    fn from(container: CreateContainer) -> Self {
        Self(Content::Make(Box::new(container)))
    }
}

impl From<ContainerId> for CarouselItem {
    fn from(container: ContainerId) -> Self {
        Self(Content::Existing(container))
    }
}

/// Publishes an image, a reel, a story or a carousel: makes the containers, waits until each is finished, publishes
/// once and reads the permalink.
///
/// It can be stored at any time and continued by another process. Before it publishes again after a crash or an
/// answer that left the outcome open, it asks whether the container was published, and then looks for the medium. A
/// container that has expired is made anew. What a permalink's reading says never makes it fail.
///
/// ```
/// use sociogram_meta_graph::Client;
/// use sociogram_meta_graph::instagram::{CreateContainer, PublishError, PublishInstagram, Published};
///
/// async fn publish(client: &Client, account: u64) -> Result<Published, PublishError> {
///     let items = ["https://cdn.example.com/1.jpg", "https://cdn.example.com/2.jpg"];
///     let items = items.map(|url| CreateContainer::carousel_image(account, url));
///     let carousel = CreateContainer::carousel(account, []).caption("Two views");
///     let mut flow = PublishInstagram::carousel(carousel, items);
///     flow.run(client, |state| println!("{}", serde_json::json!(state))).await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishInstagram {
    post: Post,
    steps: Steps,
}

/// What is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Post {
    account_id: InstagramAccountId,
    kind: ContainerKind,
    container: Option<Box<CreateContainer>>,
    items: Vec<CarouselItem>,
    checks_quota: bool,
}

impl PublishInstagram {
    /// One image, reel or story.
    pub fn new(container: CreateContainer) -> Self {
        let post = Post {
            account_id: container.account_id().clone(),
            kind: container.kind(),
            container: Some(Box::new(container)),
            items: Vec::new(),
            checks_quota: true,
        };
        Self::of(post, Vec::new(), None)
    }

    /// A carousel of 2 to 10 items; `container` is [`CreateContainer::carousel`] without children.
    pub fn carousel<I: Into<CarouselItem>>(
        container: CreateContainer,
        items: impl IntoIterator<Item = I>,
    ) -> Self {
        let mut flow = Self::new(container);
        flow.post.items = items.into_iter().map(Into::into).collect();
        let existing = flow.post.items.iter().map(|item| match &item.0 {
            Content::Existing(container) => Some(container.clone()),
            Content::Make(_) => None,
        });
        flow.steps = Steps::new(existing.collect(), None);
        flow
    }

    /// A container that exists already, such as one whose video was uploaded.
    pub fn existing(
        account_id: impl Into<InstagramAccountId>,
        kind: ContainerKind,
        container: impl Into<ContainerId>,
    ) -> Self {
        let account_id = account_id.into();
        let post = Post { account_id, kind, container: None, items: Vec::new(), checks_quota: true };
        Self::of(post, Vec::new(), Some(container.into()))
    }

    fn of(post: Post, items: Vec<Option<ContainerId>>, whole: Option<ContainerId>) -> Self {
        Self { post, steps: Steps::new(items, whole) }
    }

    /// Does not ask for the account's quota before it begins.
    pub fn without_quota_check(mut self) -> Self {
        self.post.checks_quota = false;
        self
    }

    /// The account.
    pub const fn account_id(&self) -> &InstagramAccountId {
        &self.post.account_id
    }
}

publication! { PublishInstagram, post }

impl Post {
    /// Whether one of the latest media is the one that was published.
    fn is_it(&self, media: &Media, since: Timestamp) -> bool {
        let product = if self.kind.is_story() {
            MediaProduct::Story
        } else if self.kind == ContainerKind::Reel {
            MediaProduct::Reels
        } else {
            MediaProduct::Feed
        };
        let captioned = self.container.as_ref().filter(|_| !self.kind.is_story());
        let same_caption =
            captioned.is_none_or(|container| same_text(media.caption.as_deref(), container.caption_text()));
        is_fresh(media.timestamp, since)
            && same_caption
            && media.media_product_type.as_ref().is_none_or(|other| *other == product)
    }
}

impl Target for Post {
    const MAKE: &'static str = <CreateContainer as Endpoint>::NAME;

    fn check(&self) -> Vec<(Option<usize>, Finding)> {
        let mut findings = Vec::new();
        let upload = |of: &CreateContainer| {
            of.is_upload().then(|| {
                Finding::error("instagram.publish.upload", "upload_type", "the flow does not upload the file")
                    .advice("make the container, upload the file, and give the flow the container's id")
            })
        };
        if let Some(container) = &self.container {
            findings
                .extend(container.check_with(self.items.len()).into_iter().map(|finding| (None, finding)));
            findings.extend(upload(container).map(|finding| (None, finding)));
            let item_alone = container.kind().is_item();
            if item_alone || (!self.items.is_empty() && container.kind() != ContainerKind::Carousel) {
                let message = "this kind of container cannot be published like this";
                findings.push((None, Finding::error("instagram.publish.kind", "media_type", message)));
            }
        }
        for (index, item) in self.items.iter().enumerate() {
            let Content::Make(container) = &item.0 else { continue };
            findings.extend(container.check().into_iter().map(|finding| (Some(index), finding)));
            findings.extend(upload(container).map(|finding| (Some(index), finding)));
            if !container.kind().is_item() || container.account_id() != &self.account_id {
                let message = "it is no item of a carousel of this account";
                findings.push((Some(index), Finding::error("instagram.publish.item", "children", message)));
            }
        }
        findings
    }

    fn can_make(&self, item: Option<usize>) -> bool {
        match item {
            Some(index) => self.items.get(index).is_some_and(|item| matches!(item.0, Content::Make(_))),
            None => self.container.is_some(),
        }
    }

    fn is_video(&self, item: Option<usize>) -> bool {
        match item.and_then(|index| self.items.get(index)).map(|item| &item.0) {
            Some(Content::Make(container)) => container.kind().is_video(),
            Some(Content::Existing(_)) => true,
            None => self.kind.is_video(),
        }
    }

    async fn remaining(&self, client: &Client) -> Result<Option<u64>, Error> {
        if !self.checks_quota {
            return Ok(None);
        }
        let limit = client.send(GetPublishingLimit::new(self.account_id.clone())).await?;
        Ok(limit.remaining())
    }

    async fn make(
        &self,
        client: &Client,
        item: Option<usize>,
        children: Vec<ContainerId>,
    ) -> Result<ContainerId, Error> {
        let container = match item.and_then(|index| self.items.get(index)).map(|item| &item.0) {
            Some(Content::Existing(container)) => return Ok(container.clone()),
            Some(Content::Make(container)) => Some(container),
            None => self.container.as_ref(),
        };
        let Some(container) = container else {
            return Err(CoreError::misconfigured(Self::MAKE, "the container is not ours").into());
        };
        let container = match container.kind() {
            ContainerKind::Carousel => container.with_children(children),
            _ => (**container).clone(),
        };
        Ok(client.send(container).await?.id)
    }

    async fn standing(&self, client: &Client, container: &ContainerId) -> Result<Standing, Error> {
        // No more fields than both logins have.
        let state = client.send(GetContainer::new(container.clone()).fields("status_code,status")).await?;
        Ok(match state.status_code {
            Some(ContainerStatus::Finished) => Standing::Finished,
            Some(ContainerStatus::Published) => Standing::Published,
            Some(ContainerStatus::Expired) => Standing::Expired,
            Some(ContainerStatus::Error) => {
                let subcode = state.subcode();
                Standing::Failed { subcode, class: class_of(subcode), said: state.status }
            }
            Some(ContainerStatus::InProgress | ContainerStatus::Unknown(_)) | None => Standing::InProgress,
        })
    }

    async fn publish(&self, client: &Client, container: &ContainerId) -> Result<MediaId, Error> {
        let publish = PublishContainer::new(self.account_id.clone(), container.clone());
        Ok(client.send(publish).await?.id)
    }

    async fn find(&self, client: &Client, since: Timestamp) -> Result<Option<MediaId>, Error> {
        let fields = "id,caption,timestamp,media_product_type";
        let account = self.account_id.clone();
        let page = if self.kind.is_story() {
            client.send(ListStories::new(account).fields(fields).limit(LATEST)).await?
        } else {
            client.send(ListMedia::new(account).fields(fields).limit(LATEST)).await?
        };
        let mut fitting: Vec<Media> =
            page.items.into_iter().filter(|media| self.is_it(media, since)).collect();
        // Without a caption to compare, several that fit are several that cannot be told apart.
        if self.container.is_none() && fitting.len() > 1 {
            return Ok(None);
        }
        fitting.sort_by_key(|media| media.timestamp);
        Ok(fitting.into_iter().next().map(|media| media.id))
    }

    async fn permalink(&self, client: &Client, media: &MediaId) -> Result<Option<String>, Error> {
        let media = client.send(GetMedia::new(media.clone()).fields("permalink,shortcode,timestamp")).await?;
        Ok(media.permalink)
    }
}

#[cfg(test)]
mod tests;
