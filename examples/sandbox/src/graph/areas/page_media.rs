//! Posts with media: photos, videos, reels, stories, scheduled posts.

mod edges;
mod photos;
pub(crate) mod posts;
mod reels;
mod status;
mod stories;
mod update;
mod video;
mod video_node;
mod videos;

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;

use self::{photos::Photo, stories::Story, video::Video};
use super::{
    super::{Call, Outcome, answer::GraphError, caller::Caller},
    uploads::transfer::Transfer,
};

/// What changing a Page's posts needs.
const WRITE: [&str; 2] = ["pages_read_engagement", "pages_manage_posts"];
/// What reading them needs.
const READ: [&str; 1] = ["pages_read_engagement"];

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    photos: Vec<Photo>,
    videos: Vec<Video>,
    stories: Vec<Story>,
    /// What posts have beside text and link, by their ids.
    details: BTreeMap<String, Details>,
    /// What was set of each Page.
    settings: BTreeMap<(String, String), Value>,
}

/// What a post has beside text and link.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    /// Ids of its photos or of its video.
    media: Vec<String>,
    is_draft: bool,
    is_hidden: bool,
}

impl Held {
    /// The bytes of a reel or story that was begun for this Page.
    pub(crate) fn waiting_video(&mut self, page: &str, id: &str) -> Option<&mut Transfer> {
        let video = self.videos.iter_mut().find(|video| video.id == id && video.page == page);
        video.filter(|video| video.is_sent_to_the_upload_host()).map(|video| &mut video.transfer)
    }

    /// The Page that a photo or a video belongs to.
    pub(crate) fn page_of(&self, id: &str) -> Option<&str> {
        let photo = self.photos.iter().find(|photo| photo.id == id && !photo.is_deleted);
        let video = || self.videos.iter().find(|video| video.id == id && !video.is_deleted);
        photo.map(|photo| photo.page.as_str()).or_else(|| video().map(|video| video.page.as_str()))
    }

    /// The Page of a photo that no post shows yet.
    pub(crate) fn unpublished_photo(&self, id: &str) -> Option<&str> {
        let mut photos = self.photos.iter();
        let photo = photos.find(|photo| photo.id == id && !photo.is_deleted && photo.post.is_none());
        photo.map(|photo| photo.page.as_str())
    }
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    posts::publish_due(call);
    match *path {
        ["me", edge] if edges::is_known(edge) => match Caller::of(call) {
            Ok(Some(Caller::Page { page, .. })) => edges::answer(call, &page, edge),
            _ => None,
        },
        [page, edge] if call.shared.config.world.pages.iter().any(|known| known.id == page) => {
            edges::answer(call, page, edge)
        }
        [id] if photos::exists(call, id) => Some(photos::node(call, id)),
        [id, ref rest @ ..] if video::exists(call, id) => video_node::route(call, id, rest),
        [id] if call.request.method == Method::POST && posts::exists(call, id) => {
            Some(update::update(call, id))
        }
        _ => None,
    }
}

/// Whether the caller is the Page and may do this.
fn allow(call: &mut Call<'_>, page: &str, permissions: &[&str]) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    caller.page(call, page, permissions).map(|_claims| ())
}

/// Refuses a method that the object or edge does not have.
fn no_such_method(call: &Call<'_>, id: &str) -> Outcome {
    Err(GraphError::unsupported(&call.request.method, id))
}
