//! Stories, all the way (Page Stories).

use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, Turn};
use super::photos::CreatePhoto;
use super::reels::{OpenedVideo, PublishAnswer};
use super::stories::{CreatePhotoStory, FinishVideoStory, ListStories, StartVideoStory};
use super::video_flow::{VideoProduct, video_flow};
use crate::client::Client;
use crate::error::Error;
use crate::id::{ObjectId, PageId, PhotoId, PostId, VideoId};
use sociogram_api_core::{Progress, run_to_end};

/// Publishes a photo as a story of a Page: uploads it unpublished, then makes the story.
///
/// Save the flow after every step ([`run`](Self::run) hands it to you): whoever loads it goes on from there, and it
/// never publishes twice. It looks through the Page's stories first wherever the outcome of a call is not known. It
/// holds the address, but no token and no bytes. Needs what [`CreatePhotoStory`] needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishPhotoStory {
    page_id: PageId,
    url: Option<String>,
    photo: Option<PhotoId>,
    attempt: Attempt,
    published: Option<PublishedStory>,
}

/// A story that was published.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedStory {
    /// The photo of it.
    pub photo_id: PhotoId,
    /// Its post, if Meta named it.
    pub post_id: Option<PostId>,
}

impl PublishPhotoStory {
    /// A photo behind an address that Meta can fetch.
    pub fn hosted(page_id: impl Into<PageId>, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::of(page_id, None) }
    }

    /// A photo that was uploaded before, unpublished, and is in no post ([`CreatePhoto`] with `published(false)`).
    pub fn uploaded(page_id: impl Into<PageId>, photo: impl Into<PhotoId>) -> Self {
        Self::of(page_id, Some(photo.into()))
    }

    fn of(page_id: impl Into<PageId>, photo: Option<PhotoId>) -> Self {
        Self { page_id: page_id.into(), url: None, photo, attempt: Attempt::default(), published: None }
    }

    /// The photo, once it is uploaded.
    pub const fn photo(&self) -> Option<&PhotoId> {
        self.photo.as_ref()
    }

    /// Takes one step: at most one call.
    ///
    /// # Errors
    /// When the photo or the story is refused, or publishing had an unknown outcome three times. The state stays
    /// usable: going on looks for the story before it makes one.
    pub async fn advance(&mut self, client: &Client) -> Result<Progress<PublishedStory>, Error> {
        if let Some(published) = &self.published {
            return Ok(Progress::Done(published.clone()));
        }
        let Some(photo) = self.photo.clone() else {
            let url = self.url.clone().unwrap_or_default();
            // An upload whose answer got lost leaves a photo that nobody sees, so it may simply be repeated.
            let upload = CreatePhoto::new(self.page_id.clone()).url(url).published(false);
            self.photo = Some(client.send(upload).await?.id);
            return Ok(Progress::Again);
        };
        match self.attempt.turn() {
            Turn::Noted => Ok(Progress::Again),
            Turn::Send => match client.send(CreatePhotoStory::new(self.page_id.clone(), photo.clone())).await
            {
                Ok(story) => Ok(self.done(photo, story.post_id)),
                Err(error) => self.attempt.failed(error).map(Progress::Wait),
            },
            Turn::Ask(_) => {
                let stories = client.send(ListStories::new(self.page_id.clone()).limit(100)).await?.items;
                let is_ours = |id: &ObjectId| id.as_str() == photo.as_str();
                match stories.into_iter().find(|story| story.media_id.as_ref().is_some_and(is_ours)) {
                    Some(story) => Ok(self.done(photo, Some(story.post_id))),
                    None => Ok(self.attempt.not_found().map_or(Progress::Again, Progress::Wait)),
                }
            }
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
    ) -> Result<PublishedStory, Error> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client))
    }

    fn done(&mut self, photo_id: PhotoId, post_id: Option<PostId>) -> Progress<PublishedStory> {
        let published = PublishedStory { photo_id, post_id };
        self.published = Some(published.clone());
        Progress::Done(published)
    }
}

video_flow! {
    /// Publishes a video as a story of a Page: opens it, has Meta fetch the video or sends its bytes, publishes it and
    /// waits until it can be seen.
    ///
    /// Save the flow after every step: whoever loads it goes on from there, and it never publishes twice. It asks Meta
    /// what became of the video first wherever the outcome of a call is not known. It holds the address, but no token and
    /// no bytes. Needs what [`CreatePhotoStory`] needs.
    pub struct PublishVideoStory { story: VideoStory }
    opened by StartVideoStory;
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct VideoStory {
    page_id: PageId,
    is_ai_generated: Option<bool>,
}

impl PublishVideoStory {
    /// Whether it was made by artificial intelligence; from v26.0 on.
    pub const fn is_ai_generated(mut self, is_ai_generated: bool) -> Self {
        self.story.is_ai_generated = Some(is_ai_generated);
        self
    }
}

impl VideoStory {
    const fn of(page_id: PageId) -> Self {
        Self { page_id, is_ai_generated: None }
    }
}

impl VideoProduct for VideoStory {
    fn refusal(&self, _client: &Client) -> Option<Error> {
        None
    }

    async fn open(&self, client: &Client) -> Result<OpenedVideo, Error> {
        client.send(StartVideoStory::new(self.page_id.clone())).await
    }

    async fn finish(&self, client: &Client, video: VideoId) -> Result<PublishAnswer, Error> {
        let mut story = FinishVideoStory::new(self.page_id.clone(), video);
        if let Some(is_ai_generated) = self.is_ai_generated {
            story = story.is_ai_generated(is_ai_generated);
        }
        client.send(story).await
    }

    fn is_published_now(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
