//! Giving a Page a video (Page Videos).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sociogram_api_core::http::Operation;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::post_parts::{
    CallToAction, FeedTargeting, Targeting, UnpublishedContentType, check_schedule, parameters,
    published_and_scheduled, web_address,
};
use super::with_files::file_endpoint;
use crate::endpoint::UnixTime;
use crate::guard::rules;
use crate::host::MetaHost;
use crate::id::{MediaId, PageId, VideoId};
use crate::uploads::UploadHandle;

file_endpoint! {
    /// Gives a Page a video in one call: `POST /{page_id}/videos` (Page Videos), on Meta's host for videos.
    ///
    /// The video comes from exactly one place: [`file_url`](Self::file_url), [`source`](Self::source) (up to 1 GB and
    /// 20 minutes), [`uploaded`](Self::uploaded), [`crossposted_video_id`](Self::crossposted_video_id),
    /// [`source_instagram_media_id`](Self::source_instagram_media_id) or [`slideshow_spec`](Self::slideshow_spec).
    /// Larger files go through [`VideoUpload`](crate::uploads::VideoUpload).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT`, `pages_manage_posts`, `pages_read_engagement` and
    /// `pages_show_list`; some of Meta's pages name `publish_video` as well. The answer comes before the video is
    /// ready: ask [`GetVideoStatus`](crate::uploads::GetVideoStatus). Nothing repeats it.
    pub struct CreateVideo -> CreatedVideo;
    "page.videos.create": POST "/{page_id}/videos", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    with {
        /// The address of the video; Meta fetches it.
        file_url: String,
        /// The handle of a file that was uploaded ([`ResumableUpload`](crate::uploads::ResumableUpload)).
        uploaded as "fbuploader_video_file_chunk": UploadHandle,
        /// A video of another Page that allows it.
        crossposted_video_id: VideoId,
        /// A video of the Page's Instagram account.
        source_instagram_media_id: MediaId,
        /// A video made of pictures.
        slideshow_spec: Slideshow,
        /// The video that this one takes the place of.
        replace_video_id: VideoId,
        /// Its title.
        title: String,
        /// The text of its post.
        description: String,
        /// What it is about.
        content_category: VideoCategory,
        /// What it is about, in words.
        content_tags: Vec<String>,
        /// Labels of your own.
        custom_labels: Vec<String>,
        /// Whether other sites can show it.
        embeddable: bool,
        /// Whether it comes without a post.
        no_story: bool,
        /// Whether Meta's own buttons are shown below it.
        social_actions: bool,
        /// When and how it ends.
        expiration: VideoExpiration,
        /// Who can see it at all.
        targeting: Targeting,
        /// Who is more likely to see it.
        feed_targeting: FeedTargeting,
        /// A button.
        call_to_action: CallToAction,
        /// Titles and texts in other languages, as Meta's JSON.
        multilingual_data: Vec<Map<String, Value>>,
        /// Whether it was made by artificial intelligence; from v26.0 on.
        is_ai_generated: bool,
        /// The music of it, as Meta's JSON; from v26.0 on.
        selected_audio_spec: Map<String, Value>,
        /// What an unpublished video is kept for.
        unpublished_content_type: UnpublishedContentType,
        /// Whether it is visible at once, as it is unless set.
        published: bool,
    }
    own { scheduled_at as "scheduled_publish_time": UnixTime }
    files {
        /// The video itself, at most 1 GB.
        source,
        /// Its preview picture.
        thumb
    }
    checked by check;
    subject page_id;
    described by on_the_video_host;
}

fn on_the_video_host(operation: Operation) -> Operation {
    operation.with(MetaHost::Video)
}

impl CreateVideo {
    /// Has Meta publish it at this time (whole seconds), at least 10 minutes from now.
    pub fn scheduled_at(mut self, time: impl Into<UnixTime>) -> Self {
        self.scheduled_at = Some(time.into());
        self.published = self.published.or(Some(false));
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. The video itself is the business of
    /// [`guard`](crate::guard).
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let sources = [
            self.file_url.is_some(),
            self.source.is_some(),
            self.uploaded.is_some(),
            self.crossposted_video_id.is_some(),
            self.source_instagram_media_id.is_some(),
            self.slideshow_spec.is_some(),
        ];
        let count = sources.iter().filter(|is| **is).count();
        if count != 1 {
            findings.push(
                Finding::error("page.video.source", "file_url", "a video comes from one place")
                    .measured(format_args!("{count} places"))
                    .allowed("one place")
                    .advice("pass exactly one of file_url, source, an uploaded file and the others"),
            );
        }
        findings.extend(web_address("page.video.url", "file_url", self.file_url.as_ref()));
        findings.extend(published_and_scheduled(self.published, self.scheduled_at.is_some()));
        if let Some(bytes) = self.source.as_ref().and_then(super::MediaFile::len) {
            let broken = if bytes > rules::F11_HARD_BYTES {
                Some(rules::F11_HARD)
            } else {
                (bytes > rules::F11_SIMPLE_MAX_BYTES).then_some(rules::F11_SIMPLE)
            };
            findings
                .extend(broken.map(|rule| rule.finding("source").measured(format_args!("{bytes} bytes"))));
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

open_enum! {
    /// What a video is about.
    pub enum VideoCategory {
        /// Beauty and fashion.
        BeautyFashion = "BEAUTY_FASHION",
        /// Business.
        Business = "BUSINESS",
        /// Cars and trucks.
        CarsTrucks = "CARS_TRUCKS",
        /// Comedy.
        Comedy = "COMEDY",
        /// Animals.
        CuteAnimals = "CUTE_ANIMALS",
        /// Entertainment.
        Entertainment = "ENTERTAINMENT",
        /// Family.
        Family = "FAMILY",
        /// Food and health.
        FoodHealth = "FOOD_HEALTH",
        /// Home.
        Home = "HOME",
        /// Lifestyle.
        Lifestyle = "LIFESTYLE",
        /// Music.
        Music = "MUSIC",
        /// News.
        News = "NEWS",
        /// Something else.
        Other = "OTHER",
        /// Politics.
        Politics = "POLITICS",
        /// Science.
        Science = "SCIENCE",
        /// Sports.
        Sports = "SPORTS",
        /// Technology.
        Technology = "TECHNOLOGY",
        /// Video games.
        VideoGaming = "VIDEO_GAMING",
    }
}

open_enum! {
    /// What happens to a video that has ended.
    pub enum ExpirationType {
        /// It is hidden.
        ExpireOnly = "expire_only",
        /// It is deleted.
        ExpireAndDelete = "expire_and_delete",
    }
}

/// When and how a video ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VideoExpiration {
    time: UnixTime,
    r#type: ExpirationType,
}

impl VideoExpiration {
    /// At this time, like this.
    pub fn new(time: impl Into<UnixTime>, kind: ExpirationType) -> Self {
        Self { time: time.into(), r#type: kind }
    }
}

parameters! {
    /// A video that Meta makes of pictures.
    pub struct Slideshow {
        /// The addresses of the pictures, 3 to 7 of them.
        images_urls: Vec<String>,
        /// How long each is shown, in milliseconds.
        duration_ms: u32,
        /// How long a change takes, in milliseconds.
        transition_ms: u32,
    }
}

/// A video that was made. It may take minutes until it can be seen.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedVideo {
    /// The video.
    pub id: VideoId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::MediaFile;
    use crate::scripted::exchange;

    fn bare() -> CreateVideo {
        CreateVideo::new(42)
    }

    #[test]
    fn findings_name_the_rule() {
        let url = || bare().file_url("https://example.com/a.mp4");
        let file = || MediaFile::new("a.mp4", "video/mp4", vec![0]);
        for (video, rules) in [
            (bare(), &["page.video.source"][..]),
            (url(), &[]),
            (bare().source(file()), &[]),
            (bare().uploaded(UploadHandle::new("4::h")), &[]),
            (bare().slideshow_spec(Slideshow::new().duration_ms(1_000_u32)), &[]),
            (url().source(file()), &["page.video.source"]),
            (bare().file_url("a.mp4"), &["page.video.url"]),
            (url().scheduled_at(Timestamp::UNIX_EPOCH).published(true), &["page.post.schedule"]),
        ] {
            let found: Vec<&str> = video.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{video:?}");
        }
        let soon = url().scheduled_at(Timestamp::UNIX_EPOCH).check_at(Timestamp::UNIX_EPOCH);
        assert_eq!(soon[0].rule(), "page.schedule.soon");
    }

    #[tokio::test]
    async fn it_goes_to_the_host_for_videos() {
        let video =
            bare().file_url("https://example.com/a.mp4").content_tags(["a".to_owned(), "b".to_owned()]);
        let ending = VideoExpiration::new(Timestamp::from_unix_seconds(5), ExpirationType::ExpireOnly);
        let (created, request) = exchange(video.expiration(ending), r#"{"id":9}"#).await;
        assert_eq!(created.unwrap().id.as_str(), "9");
        assert_eq!(request.uri.to_string(), "https://graph-video.facebook.com/v26.0/42/videos");
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        assert_eq!(sent[1], ("content_tags".to_owned(), r#"["a","b"]"#.to_owned()));
        assert_eq!(sent[2], ("expiration".to_owned(), r#"{"time":5,"type":"expire_only"}"#.to_owned()));
    }

    #[tokio::test]
    async fn bytes_and_preview_travel_as_files() {
        let video = bare()
            .source(MediaFile::new("a.mp4", "video/mp4", vec![b'v'; 3]))
            .thumb(MediaFile::new("a.png", "image/png", vec![b'p'; 3]))
            .title("Hi");
        let (_, request) = exchange(video, r#"{"id":"9"}"#).await;
        let body = String::from_utf8_lossy(&request.body);
        for part in [
            "name=\"title\"\r\n\r\nHi\r\n",
            "name=\"source\"; filename=\"a.mp4\"",
            "name=\"thumb\"; filename=\"a.png\"",
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
    }
}
