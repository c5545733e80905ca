//! Photos of a Page (Page Photos, Photo).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::post::{Author, ImageSource};
use super::post_parts::{
    BackdatedGranularity, FeedTargeting, Targeting, UnpublishedContentType, check_schedule,
    published_and_scheduled, too_long, web_address,
};
use super::with_files::file_endpoint;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{PageId, PhotoId, PostId, UserId};
use crate::{acknowledged, lenient};

file_endpoint! {
    /// Gives a Page a photo: `POST /{page_id}/photos` (Page Photos).
    ///
    /// The photo comes from exactly one of [`url`](Self::url), [`source`](Self::source) and
    /// [`vault_image_id`](Self::vault_image_id). Unpublished (`published(false)`) it can hang on a post, a story or a
    /// comment, and Meta drops it after about a day if it does not. Published like this it is shown as a photo and not
    /// as a post: for posts use [`PublishPhotos`](super::PublishPhotos), with one photo as well.
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT`, `pages_manage_posts`, `pages_read_engagement` and
    /// `pages_show_list`. JPEG, PNG, GIF, BMP or TIFF up to 4 MB are safe. Nothing repeats it.
    pub struct CreatePhoto -> CreatedPhoto;
    "page.photos.create": POST "/{page_id}/photos", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    with {
        /// The address of the photo; Meta fetches it.
        url: String,
        /// A photo of the Page's vault.
        vault_image_id: String,
        /// The text under it, at most 63 206 characters.
        caption: String,
        /// What it shows, for those who cannot see it.
        alt_text as "alt_text_custom": String,
        /// Whether Meta may drop it when it is not used; for photos of a post that is scheduled.
        temporary: bool,
        /// Whether it goes into the album without a post.
        no_story: bool,
        /// People in it.
        tags: Vec<PhotoTag>,
        /// Where it is, as the Page of the place.
        place: PageId,
        /// Who can see it at all.
        targeting: Targeting,
        /// Who is more likely to see it.
        feed_targeting: FeedTargeting,
        /// A time in the past to show it at.
        backdated_time: UnixTime,
        /// How exactly that time is shown.
        backdated_time_granularity: BackdatedGranularity,
        /// Where it comes from, as Meta's JSON.
        provenance_info: Map<String, Value>,
        /// More about where it comes from, as Meta's JSON; from v26.0 on.
        provenance_metadata: Map<String, Value>,
        /// What an unpublished photo is kept for.
        unpublished_content_type: UnpublishedContentType,
        /// Whether it is visible at once, as it is unless set.
        published: bool,
    }
    own { scheduled_at as "scheduled_publish_time": UnixTime }
    files {
        /// The photo itself.
        source
    }
    checked by check;
    subject page_id;
}

impl CreatePhoto {
    /// Has Meta publish it at this time (whole seconds), at least 10 minutes from now.
    pub fn scheduled_at(mut self, time: impl Into<UnixTime>) -> Self {
        self.scheduled_at = Some(time.into());
        self.published = self.published.or(Some(false));
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. The photo itself is the business of
    /// [`guard`](crate::guard).
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let sources = [self.url.is_some(), self.source.is_some(), self.vault_image_id.is_some()]
            .iter()
            .filter(|is| **is)
            .count();
        if sources != 1 {
            findings.push(
                Finding::error("page.photo.source", "url", "a photo comes from one place")
                    .measured(format_args!("{sources} places"))
                    .allowed("one of url, source and vault_image_id")
                    .advice("pass exactly one of them"),
            );
        }
        findings.extend(web_address("page.photo.url", "url", self.url.as_ref()));
        findings.extend(published_and_scheduled(self.published, self.scheduled_at.is_some()));
        findings.extend(too_long("caption", self.caption.as_deref()));
        let inside = |tag: &PhotoTag| (0.0..=100.0).contains(&tag.x) && (0.0..=100.0).contains(&tag.y);
        if !self.tags.iter().flatten().all(inside) {
            findings.push(
                Finding::error("page.photo.tags", "tags", "a person is marked outside the photo")
                    .allowed("x and y from 0 to 100 percent")
                    .advice("count x and y in percent of width and height"),
            );
        }
        findings
    }

    /// The same, and what is wrong with its time as seen at `now`.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(self.scheduled_at.iter().flat_map(|time| check_schedule(time.timestamp(), now)));
        findings
    }
}

/// A person in a photo.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhotoTag {
    tag_uid: UserId,
    x: f64,
    y: f64,
}

impl PhotoTag {
    /// Who, and where: from the left and from the top, in percent.
    pub fn new(person: impl Into<UserId>, x: f64, y: f64) -> Self {
        Self { tag_uid: person.into(), x, y }
    }
}

/// A photo that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedPhoto {
    /// The photo.
    pub id: PhotoId,
    /// Its post, if it has one.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub post_id: Option<PostId>,
}

open_enum! {
    /// Which photos of a Page.
    pub enum PhotoListType {
        /// Its profile pictures.
        Profile = "profile",
        /// Those it is named in.
        Tagged = "tagged",
        /// Those it uploaded.
        Uploaded = "uploaded",
    }
}

const PHOTO_FIELDS: &str = "id,name,link,alt_text,created_time,updated_time,page_story_id,width,height,\
    images{source,width,height},album{id,name},from{id,name}";

list_endpoint! {
    /// Lists photos of a Page: `GET /{page_id}/photos` (Page Photos), its profile pictures unless told otherwise.
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListPhotos -> Photo;
    "page.photos.list": "/{page_id}/photos", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Which ones.
        kind as "type": PhotoListType,
    }
    fields PHOTO_FIELDS;
    subject page_id;
}

endpoint! {
    /// Reads a photo: `GET /{photo_id}` (Photo).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct GetPhoto -> Photo;
    "page.photos.get": GET "/{photo_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { photo_id: PhotoId }
    fields PHOTO_FIELDS;
}

endpoint! {
    /// Deletes a photo: `DELETE /{photo_id}` (Photo). It cannot be undone.
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`.
    pub struct DeletePhoto -> ();
    "page.photos.delete": DELETE "/{photo_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { photo_id: PhotoId }
    decode acknowledged::read;
}

/// A photo. Fields that were not asked for, or that this token may not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Photo {
    /// The photo.
    pub id: PhotoId,
    /// The text under it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its address on Facebook.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link: Option<String>,
    /// What it shows, written by Meta or by you.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub alt_text: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
    /// The post it is on.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub page_story_id: Option<PostId>,
    /// Its width in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub width: Option<u64>,
    /// Its height in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub height: Option<u64>,
    /// Its files, the largest first.
    #[serde(default, deserialize_with = "lenient::list")]
    pub images: Vec<ImageSource>,
    /// Its album.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub album: Option<Author>,
    /// Whose it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Author>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::rules;
    use crate::pages::MediaFile;
    use crate::scripted::{client, exchange};
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;

    fn photo() -> CreatePhoto {
        CreatePhoto::new(42).url("https://example.com/a.jpg")
    }

    #[test]
    fn findings_name_the_rule() {
        let file = || MediaFile::new("a.jpg", "image/jpeg", vec![0]);
        let bare = || CreatePhoto::new(42);
        for (photo, rules) in [
            (bare(), &["page.photo.source"][..]),
            (photo(), &[]),
            (bare().source(file()), &[]),
            (bare().vault_image_id("7"), &[]),
            (photo().source(file()), &["page.photo.source"]),
            (bare().url("ftp://example.com/a.jpg"), &["page.photo.url"]),
            (photo().caption("x".repeat(rules::F1_MAX_CHARS + 1)), &["page.post.message.length"]),
            (photo().scheduled_at(Timestamp::UNIX_EPOCH).published(true), &["page.post.schedule"]),
            (photo().tags([PhotoTag::new(5, 0.0, 100.0)]), &[]),
            (photo().tags([PhotoTag::new(5, 0.0, 100.1)]), &["page.photo.tags"]),
            (photo().tags([PhotoTag::new(5, f64::NAN, 1.0)]), &["page.photo.tags"]),
        ] {
            let found: Vec<&str> = photo.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{photo:?}");
        }
        let soon = photo().scheduled_at(Timestamp::UNIX_EPOCH).check_at(Timestamp::UNIX_EPOCH);
        assert_eq!(soon[0].rule(), "page.schedule.soon");
    }

    #[tokio::test]
    async fn bytes_travel_beside_the_other_parameters() {
        let file = MediaFile::new("a.jpg", "image/jpeg", vec![b'x'; 4]);
        let (created, request) =
            exchange(CreatePhoto::new(42).source(file).caption("Hi").published(false), r#"{"id":"7"}"#).await;
        assert_eq!(created.unwrap().post_id, None);
        let body = String::from_utf8_lossy(&request.body);
        for part in [
            "name=\"caption\"\r\n\r\nHi\r\n",
            "name=\"published\"\r\n\r\nfalse\r\n",
            "name=\"source\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nxxxx\r\n",
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_not_sent_and_an_unknown_outcome_is_told() {
        let transport = ScriptedTransport::new();
        let error = client(&transport).send(CreatePhoto::new(42)).await.unwrap_err();
        assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Invalid, 0));
        let error = exchange(photo(), r#"{"post_id":"42_7"}"#).await.0.unwrap_err();
        assert!(error.may_have_been_applied());
    }

    #[tokio::test]
    async fn a_photo_is_read_whatever_shape_its_parts_have() {
        let (photo, _) = exchange(
            GetPhoto::new(7),
            r#"{"id":7,"width":"640","images":[{"source":"https://x/y","width":640},5],"page_story_id":"42_9","album":3}"#,
        )
        .await;
        let photo = photo.unwrap();
        assert_eq!((photo.width, photo.height, photo.images.len(), photo.album), (Some(640), None, 1, None));
        assert_eq!(photo.page_story_id.unwrap().as_str(), "42_9");
    }
}
