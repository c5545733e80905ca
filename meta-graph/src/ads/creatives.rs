//! Creatives: what ads show (Marketing API: Ad Creative).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::validate::validatable;
use super::words::{AdStatus, CallToActionType};
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{AdAccountId, AdCreativeId, InstagramAccountId, MediaId, PageId, PostId, VideoId};
use crate::{acknowledged, lenient};

const FIELDS: &str = "id,account_id,name,status,title,body,object_story_id,effective_object_story_id,\
                      image_hash,image_url,video_id,thumbnail_url,call_to_action_type";

list_endpoint! {
    /// Lists the creatives of an ad account: `GET /{ad_account_id}/adcreatives` (Marketing API: Ad Creative).
    ///
    /// Needs `ads_read` or `ads_management`.
    pub struct ListCreatives -> AdCreative;
    "ads.creatives.list": "/{ad_account_id}/adcreatives", [scope::ADS_READ], limit 500;
    new { ad_account_id: AdAccountId }
    fields FIELDS;
    subject ad_account_id;
}

endpoint! {
    /// Reads a creative: `GET /{creative_id}` (Marketing API: Ad Creative). Needs `ads_read` or `ads_management`.
    pub struct GetCreative -> AdCreative;
    "ads.creatives.get": GET "/{creative_id}", Safe, [scope::ADS_READ];
    new { creative_id: AdCreativeId }
    fields FIELDS;
}

endpoint! {
    /// Makes a creative from exactly one of: a new story, a post of the Page, an Instagram medium:
    /// `POST /{ad_account_id}/adcreatives` (Marketing API: Ad Creative).
    ///
    /// Needs `ads_management`. [`ValidateOnly`](super::ValidateOnly) tries it out.
    pub struct CreateCreative -> CreatedCreative;
    "ads.creatives.create": POST "/{ad_account_id}/adcreatives", Never, [scope::ADS_MANAGEMENT];
    new { ad_account_id: AdAccountId, name: String }
    with {
        /// A story made for the ad.
        object_story_spec: StorySpec,
        /// A post of the Page.
        object_story_id: PostId,
        /// A medium of the Instagram account.
        source_instagram_media_id: MediaId,
        /// The Instagram account the ad is shown as; with a post or medium.
        instagram_user_id: InstagramAccountId,
        /// Added to every link, such as `utm_source=facebook`.
        url_tags: String,
    }
    subject ad_account_id;
    checked by check;
}

validatable!(CreateCreative);

impl CreateCreative {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let sources = [
            self.object_story_spec.is_some(),
            self.object_story_id.is_some(),
            self.source_instagram_media_id.is_some(),
        ];
        let count = sources.into_iter().filter(|given| *given).count();
        let mut findings = Vec::new();
        if count != 1 {
            findings.push(
                Finding::error(
                    "ads.creative.source",
                    "object_story_spec",
                    "a creative shows exactly one thing",
                )
                .measured(format_args!("{count} sources"))
                .allowed("1 source")
                .advice("give a story, a post or an Instagram medium"),
            );
        }
        findings.extend(self.object_story_spec.as_ref().and_then(StorySpec::check));
        findings
    }
}

endpoint! {
    /// Renames a creative or puts it away: `POST /{creative_id}` (Marketing API: Ad Creative). Needs `ads_management`. What
    /// it shows cannot be changed: make another one and give it to the ad.
    pub struct UpdateCreative -> ();
    "ads.creatives.update": POST "/{creative_id}", Safe, [scope::ADS_MANAGEMENT];
    new { creative_id: AdCreativeId }
    with {
        /// Its name.
        name: String,
        /// What it is set to.
        status: AdStatus,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a creative: `DELETE /{creative_id}` (Marketing API: Ad Creative). Needs `ads_management`; refused while
    /// an ad shows it.
    pub struct DeleteCreative -> ();
    "ads.creatives.delete": DELETE "/{creative_id}", Safe, [scope::ADS_MANAGEMENT];
    new { creative_id: AdCreativeId }
    decode acknowledged::read;
}

/// A story made for an ad: who says it, and what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StorySpec {
    page_id: PageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    instagram_user_id: Option<InstagramAccountId>,
    #[serde(flatten)]
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
enum Content {
    #[serde(rename = "link_data")]
    Link(LinkData),
    #[serde(rename = "video_data")]
    Video(VideoData),
    #[serde(rename = "photo_data")]
    Photo(PhotoData),
}

impl StorySpec {
    /// A link.
    pub const fn link(page: PageId, link: LinkData) -> Self {
        Self { page_id: page, instagram_user_id: None, content: Content::Link(link) }
    }

    /// A video.
    pub const fn video(page: PageId, video: VideoData) -> Self {
        Self { page_id: page, instagram_user_id: None, content: Content::Video(video) }
    }

    /// A photo.
    pub const fn photo(page: PageId, photo: PhotoData) -> Self {
        Self { page_id: page, instagram_user_id: None, content: Content::Photo(photo) }
    }

    /// The Instagram account it is shown as; the Page itself unless set.
    pub fn instagram(mut self, account: InstagramAccountId) -> Self {
        self.instagram_user_id = Some(account);
        self
    }

    fn check(&self) -> Option<Finding> {
        let link = match &self.content {
            Content::Link(link) => link,
            Content::Video(_) | Content::Photo(_) => return None,
        };
        (!link.link.starts_with("http")).then(|| {
            Finding::error(
                "ads.creative.link",
                "object_story_spec.link_data.link",
                "the link is not a web address",
            )
            .advice("use a complete address that begins with https://")
        })
    }
}

/// What a link in an ad shows; what is `None` Meta takes from the page behind the link.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LinkData {
    /// Where it leads.
    pub link: String,
    /// The text above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text under the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The picture, from [`UploadAdImage`](super::UploadAdImage).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_hash: Option<String>,
    /// The button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_action: Option<CallToAction>,
    /// The cards of a carousel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub child_attachments: Vec<LinkData>,
}

impl LinkData {
    /// A link to this address.
    pub fn new(link: impl Into<String>) -> Self {
        Self { link: link.into(), ..Self::default() }
    }
}

/// What a video in an ad shows.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VideoData {
    /// The video, from the ad account.
    pub video_id: VideoId,
    /// Its preview picture, from [`UploadAdImage`](super::UploadAdImage); Meta wants this or `image_url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_hash: Option<String>,
    /// Its preview picture as an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The text above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_to_action: Option<CallToAction>,
}

impl VideoData {
    /// This video.
    pub const fn new(video_id: VideoId) -> Self {
        Self { video_id, image_hash: None, image_url: None, message: None, title: None, call_to_action: None }
    }
}

/// What a photo in an ad shows.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhotoData {
    /// The picture, from [`UploadAdImage`](super::UploadAdImage).
    pub image_hash: String,
    /// The text under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl PhotoData {
    /// This picture.
    pub fn new(image_hash: impl Into<String>) -> Self {
        Self { image_hash: image_hash.into(), caption: None }
    }
}

/// The button of an ad.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallToAction {
    #[serde(rename = "type")]
    kind: CallToActionType,
    #[serde(skip_serializing_if = "Map::is_empty")]
    value: Map<String, Value>,
}

impl CallToAction {
    /// This button.
    pub fn new(kind: CallToActionType) -> Self {
        Self { kind, value: Map::new() }
    }

    /// Where it leads.
    pub fn link(self, link: impl Into<String>) -> Self {
        self.with("link", link.into())
    }

    /// Anything else it needs as Meta writes it: `lead_gen_form_id`, `app_destination`.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.value.insert(name.into(), value.into());
        self
    }
}

/// A creative that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedCreative {
    /// Its id.
    pub id: AdCreativeId,
}

/// A creative.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AdCreative {
    /// Its id.
    pub id: AdCreativeId,
    /// The ad account, digits only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it can be used: `ACTIVE`, `IN_PROCESS`, `WITH_ISSUES`, `DELETED`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<String>,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub body: Option<String>,
    /// The post it shows.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub object_story_id: Option<PostId>,
    /// The post that Meta shows, also for stories made for the ad.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub effective_object_story_id: Option<PostId>,
    /// Its picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub image_hash: Option<String>,
    /// The address of its picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub image_url: Option<String>,
    /// Its video.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_id: Option<VideoId>,
    /// The address of a small picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub thumbnail_url: Option<String>,
    /// Its button.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub call_to_action_type: Option<CallToActionType>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creative() -> CreateCreative {
        CreateCreative::new(AdAccountId::of("5").unwrap(), "C")
    }

    #[test]
    fn a_creative_shows_exactly_one_thing() {
        let link = |to: &str| StorySpec::link(PageId::from(1), LinkData::new(to));
        for (creative, rules) in [
            (creative(), &["ads.creative.source"][..]),
            (creative().object_story_id(PostId::new("1_2").unwrap()), &[]),
            (creative().source_instagram_media_id(MediaId::from(3)), &[]),
            (creative().object_story_spec(link("https://example.com")), &[]),
            (creative().object_story_spec(link("example.com")), &["ads.creative.link"]),
            (
                creative().object_story_id(PostId::from(2)).source_instagram_media_id(MediaId::from(3)),
                &["ads.creative.source"],
            ),
        ] {
            let found: Vec<&str> = creative.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{creative:?}");
        }
    }

    #[test]
    fn a_story_is_written_as_meta_wants_it() {
        let mut link = LinkData::new("https://example.com");
        link.message = Some("m".to_owned());
        link.call_to_action =
            Some(CallToAction::new(CallToActionType::ShopNow).link("https://example.com/shop"));
        link.child_attachments = vec![LinkData::new("https://example.com/1")];
        let story = StorySpec::link(PageId::from(1), link).instagram(InstagramAccountId::from(9));
        assert_eq!(
            serde_json::to_value(&story).unwrap(),
            serde_json::json!({"page_id": "1", "instagram_user_id": "9", "link_data": {
                "link": "https://example.com", "message": "m",
                "call_to_action": {"type": "SHOP_NOW", "value": {"link": "https://example.com/shop"}},
                "child_attachments": [{"link": "https://example.com/1"}]}})
        );
        let mut video = VideoData::new(VideoId::from(7));
        video.image_hash = Some("h".to_owned());
        assert_eq!(
            serde_json::to_value(StorySpec::video(PageId::from(1), video)).unwrap(),
            serde_json::json!({"page_id": "1", "video_data": {"video_id": "7", "image_hash": "h"}})
        );
        let photo = StorySpec::photo(PageId::from(1), PhotoData::new("h"));
        assert_eq!(
            serde_json::to_value(photo).unwrap(),
            serde_json::json!({"page_id": "1", "photo_data": {"image_hash": "h"}})
        );
    }
}
