//! Photos as a post, all the way (Page Photos, Page Feed: Multiple Photos).

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, Endpoint as _};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use super::attempt::{Attempt, Turn};
use super::create_post::{CreatePagePost, check_attached};
use super::feed::{ListPublishedPosts, ListScheduledPosts};
use super::photos::CreatePhoto;
use super::post::PostAttachment;
use super::post_parts::{AttachedMedia, FeedTargeting, Targeting, check_schedule, is_web, too_long};
use crate::client::Client;
use crate::error::Error;
use crate::guard::rules;
use crate::id::{PageId, PhotoId, PostId, UserId};
use sociogram_api_core::{Progress, run_to_end};

/// What is read of posts to find the photos on them.
const WANTED: &str = "id,attachments{target{id},subattachments{target{id}}}";

/// Publishes one photo or several as one post of a Page: uploads them unpublished, then makes the post.
///
/// One photo goes the same way, because a photo that is published by itself is shown as a photo and not as a post.
/// Save the flow after every step ([`run`](Self::run) hands it to you): whoever loads it goes on from there, and it
/// never posts twice. It asks Meta for the post first wherever the outcome of a call is not known, so that it needs
/// `pages_read_engagement` besides what [`CreatePagePost`] needs. It holds no token and no bytes.
///
/// ```no_run
/// use sociogram_meta_graph::pages::{PhotoToPublish, PublishPhotos};
/// use sociogram_meta_graph::{Client, PageId};
///
/// # async fn run(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let photos = [
///     PhotoToPublish::hosted("https://example.com/1.jpg").alt_text("The new shop"),
///     PhotoToPublish::hosted("https://example.com/2.jpg"),
/// ];
/// let mut flow = PublishPhotos::new(PageId::new("1234567890")?, photos).message("We are open");
/// let post = flow.run(&client, |state| println!("save {state:?}")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishPhotos {
    page_id: PageId,
    photos: Vec<PhotoToPublish>,
    message: Option<String>,
    scheduled_at: Option<Timestamp>,
    place: Option<PageId>,
    tags: Option<Vec<UserId>>,
    targeting: Option<Targeting>,
    feed_targeting: Option<FeedTargeting>,
    #[serde(default)]
    attempt: Attempt,
    post: Option<PostId>,
}

/// A photo of a post that is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoToPublish {
    url: Option<String>,
    alt_text: Option<String>,
    id: Option<PhotoId>,
}

impl PhotoToPublish {
    /// Behind an address that Meta can fetch.
    pub fn hosted(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), alt_text: None, id: None }
    }

    /// Uploaded before, unpublished ([`CreatePhoto`] with bytes and `published(false)`).
    pub fn uploaded(photo: impl Into<PhotoId>) -> Self {
        Self { url: None, alt_text: None, id: Some(photo.into()) }
    }

    /// What it shows, for those who cannot see it. Photos uploaded before got theirs then.
    pub fn alt_text(mut self, text: impl Into<String>) -> Self {
        self.alt_text = Some(text.into());
        self
    }

    /// Its id, once it is uploaded.
    pub const fn id(&self) -> Option<&PhotoId> {
        self.id.as_ref()
    }
}

impl PublishPhotos {
    /// These photos, in this order, as one post of this Page.
    pub fn new(page_id: impl Into<PageId>, photos: impl IntoIterator<Item = PhotoToPublish>) -> Self {
        Self {
            page_id: page_id.into(),
            photos: photos.into_iter().collect(),
            message: None,
            scheduled_at: None,
            place: None,
            tags: None,
            targeting: None,
            feed_targeting: None,
            attempt: Attempt::default(),
            post: None,
        }
    }

    /// The text, at most 63 206 characters.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Has Meta publish it at this time (whole seconds), at least 10 minutes from now.
    pub const fn scheduled_at(mut self, time: Timestamp) -> Self {
        self.scheduled_at = Some(time);
        self
    }

    /// Where it is, as the Page of the place.
    pub fn place(mut self, place: impl Into<PageId>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// People in it.
    pub fn tags(mut self, people: impl Into<Vec<UserId>>) -> Self {
        self.tags = Some(people.into());
        self
    }

    /// Who can see it at all.
    pub fn targeting(mut self, targeting: Targeting) -> Self {
        self.targeting = Some(targeting);
        self
    }

    /// Who is more likely to see it.
    pub fn feed_targeting(mut self, targeting: FeedTargeting) -> Self {
        self.feed_targeting = Some(targeting);
        self
    }

    /// The photos, with their ids as far as they are uploaded.
    pub fn photos(&self) -> &[PhotoToPublish] {
        &self.photos
    }

    /// Which photo is uploaded next, from 0; after an error, the one it was about. `None` when all are uploaded.
    pub fn next_photo(&self) -> Option<usize> {
        self.photos.iter().position(|photo| photo.id.is_none())
    }

    /// The post, once it is known to exist.
    pub const fn post(&self) -> Option<&PostId> {
        self.post.as_ref()
    }

    /// What is wrong with it as seen at `now`, as far as that can be told without asking Meta.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.photos.is_empty() {
            findings.push(rules::F2.finding("photos"));
        }
        findings.extend(too_long("message", self.message.as_deref()));
        if self.photos.len() > rules::F8_MAX_COUNT {
            let measured = format!("{} photos", self.photos.len());
            findings.push(rules::F8.finding("photos").measured(measured));
        }
        for (index, photo) in self.photos.iter().enumerate() {
            if photo.url.as_ref().is_some_and(|url| !is_web(url)) {
                let field = format!("photos[{index}].url");
                findings.push(
                    Finding::error("page.photo.url", field, "the link is not a web address")
                        .advice("use a complete address that begins with https://"),
                );
            }
        }
        findings.extend(self.scheduled_at.iter().flat_map(|time| check_schedule(*time, now)));
        findings.extend(check_attached(&self.attached()));
        findings
    }

    /// Takes one step: at most one call.
    ///
    /// # Errors
    /// When the photos or the post are refused, or publishing had an unknown outcome three times. The state stays
    /// usable: going on asks for the post before it makes one.
    pub async fn advance(&mut self, client: &Client) -> Result<Progress<PostId>, Error> {
        if let Some(post) = &self.post {
            return Ok(Progress::Done(post.clone()));
        }
        if self.photos.iter().all(|photo| photo.id.is_none()) || self.photos.is_empty() {
            // Later the time may rightly be nearer than what Meta asks for at the beginning.
            refuse(self.check_at(client.pipeline.timer().now()))?;
        }
        if let Some(upload) = self.upload() {
            // An upload whose answer got lost leaves a photo that nobody sees, so it may simply be repeated.
            let created = client.send(upload).await?;
            if let Some(photo) = self.photos.iter_mut().find(|photo| photo.id.is_none()) {
                photo.id = Some(created.id);
            }
            return Ok(Progress::Again);
        }
        match self.attempt.turn() {
            Turn::Noted => Ok(Progress::Again),
            Turn::Send => match client.send(self.create()).await {
                Ok(created) => Ok(self.done(created.id)),
                Err(error) => self.attempt.failed(error).map(Progress::Wait),
            },
            Turn::Ask(looks) => match self.find(client, looks).await? {
                Some(post) => Ok(self.done(post)),
                None => Ok(self.attempt.not_found().map_or(Progress::Again, Progress::Wait)),
            },
        }
    }

    /// Takes all steps. `save` gets the state after each of them; store it there.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<PostId, Error> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client))
    }

    fn done(&mut self, post: PostId) -> Progress<PostId> {
        self.post = Some(post.clone());
        Progress::Done(post)
    }

    fn upload(&self) -> Option<CreatePhoto> {
        let photo = self.photos.iter().find(|photo| photo.id.is_none())?;
        let mut upload = CreatePhoto::new(self.page_id.clone()).published(false);
        if let Some(url) = &photo.url {
            upload = upload.url(url);
        }
        if let Some(text) = &photo.alt_text {
            upload = upload.alt_text(text);
        }
        Some(if self.scheduled_at.is_some() { upload.temporary(true) } else { upload })
    }

    fn attached(&self) -> Vec<AttachedMedia> {
        self.photos.iter().filter_map(|photo| photo.id.clone()).map(AttachedMedia::from).collect()
    }

    fn create(&self) -> CreatePagePost {
        let mut post = CreatePagePost::new(self.page_id.clone()).attached_media(self.attached());
        if let Some(message) = &self.message {
            post = post.message(message);
        }
        if let Some(place) = &self.place {
            post = post.place(place.clone());
        }
        if let Some(tags) = &self.tags {
            post = post.tags(tags.clone());
        }
        if let Some(targeting) = &self.targeting {
            post = post.targeting(targeting.clone());
        }
        if let Some(targeting) = &self.feed_targeting {
            post = post.feed_targeting(targeting.clone());
        }
        match self.scheduled_at {
            Some(time) => post.scheduled_at(time),
            None => post,
        }
    }

    /// The newest post that holds one of the photos. A scheduled one may have been published meanwhile, so the second
    /// look goes to the published ones.
    async fn find(&self, client: &Client, looks: u32) -> Result<Option<PostId>, Error> {
        if self.scheduled_at.is_some() && looks.is_multiple_of(2) {
            let list = ListScheduledPosts::new(self.page_id.clone()).fields(WANTED).limit(100);
            let posts = client.send(list).await?.items;
            return Ok(posts.into_iter().find(|post| self.is_on(&post.attachments)).map(|post| post.id));
        }
        let list = ListPublishedPosts::new(self.page_id.clone()).fields(WANTED).limit(100);
        let posts = client.send(list).await?.items;
        Ok(posts.into_iter().find(|post| self.is_on(&post.attachments)).map(|post| post.id))
    }

    fn is_on(&self, attachments: &[PostAttachment]) -> bool {
        let ours = |attachment: &PostAttachment| {
            let target = attachment.target.as_ref().and_then(|target| target.id.as_deref());
            target.is_some_and(|id| {
                self.photos.iter().filter_map(|photo| photo.id.as_ref()).any(|photo| photo.as_str() == id)
            })
        };
        attachments.iter().any(|attachment| ours(attachment) || attachment.subattachments.iter().any(ours))
    }
}

fn refuse(findings: Vec<Finding>) -> Result<(), Error> {
    match InvalidRequest::from_findings(findings) {
        Some(invalid) => Err(CoreError::invalid(CreatePagePost::NAME, invalid).into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
