//! What posts, photos, videos and reels have in common: who sees them, what hangs on them, when they appear.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sociogram_api_core::{Finding, Timestamp, open_enum};
use url::Url;

use crate::guard::rules;
use crate::id::{ObjectId, PhotoId, VideoId};

open_enum! {
    /// What an unpublished post is kept for.
    pub enum UnpublishedContentType {
        /// Published by Meta at its time.
        Scheduled = "SCHEDULED",
        /// A draft.
        Draft = "DRAFT",
        /// For an ad only.
        AdsPost = "ADS_POST",
        /// Made while making an ad.
        InlineCreated = "INLINE_CREATED",
        /// Published.
        Published = "PUBLISHED",
        /// About to be published.
        PublishPending = "PUBLISH_PENDING",
        /// Waiting for a brand to agree.
        ReviewableBrandedContent = "REVIEWABLE_BRANDED_CONTENT",
        /// Published again and again.
        ScheduledRecurring = "SCHEDULED_RECURRING",
    }
}

open_enum! {
    /// How exactly a time in the past is shown.
    pub enum BackdatedGranularity {
        /// The year.
        Year = "year",
        /// The month.
        Month = "month",
        /// The day.
        Day = "day",
        /// The hour.
        Hour = "hour",
        /// The minute.
        Minute = "min",
        /// Not at all.
        None = "none",
    }
}

/// A photo or video that hangs on a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedMedia {
    media_fbid: ObjectId,
}

impl AttachedMedia {
    /// An unpublished photo, or a video.
    pub fn new(medium: impl Into<ObjectId>) -> Self {
        Self { media_fbid: medium.into() }
    }

    /// Which one.
    pub const fn id(&self) -> &ObjectId {
        &self.media_fbid
    }
}

impl From<PhotoId> for AttachedMedia {
    fn from(photo: PhotoId) -> Self {
        Self::new(photo)
    }
}

impl From<VideoId> for AttachedMedia {
    fn from(video: VideoId) -> Self {
        Self::new(video)
    }
}

/// Declares an object of parameters with setters.
macro_rules! parameters {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* $field:ident $(as $wire:literal)?: $ty:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $(
                $(#[serde(rename = $wire)])?
                #[serde(skip_serializing_if = "Option::is_none")]
                $field: Option<$ty>,
            )+
        }

        impl $name {
            /// Nothing of it yet.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$fmeta])*
                pub fn $field(mut self, $field: impl Into<$ty>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+
        }
    };
}
pub(crate) use parameters;

parameters! {
    /// One card of a post with several links.
    pub struct ChildAttachment {
        /// Where it leads.
        link: String,
        /// Its title.
        name: String,
        /// What it says.
        description: String,
        /// The address of its picture.
        picture: String,
        /// The picture as an image of an ad account, in place of `picture`.
        image_hash: String,
    }
}

open_enum! {
    /// What a button says. Meta has about a hundred; any other is made with `CallToActionType::from("ITS_NAME")`.
    pub enum CallToActionType {
        /// Learn more.
        LearnMore = "LEARN_MORE",
        /// Shop now.
        ShopNow = "SHOP_NOW",
        /// Sign up.
        SignUp = "SIGN_UP",
        /// Book now.
        BookTravel = "BOOK_TRAVEL",
        /// Contact us.
        ContactUs = "CONTACT_US",
        /// Call now.
        CallNow = "CALL_NOW",
        /// Download.
        Download = "DOWNLOAD",
        /// Get offer.
        GetOffer = "GET_OFFER",
        /// Get quote.
        GetQuote = "GET_QUOTE",
        /// Subscribe.
        Subscribe = "SUBSCRIBE",
        /// Apply now.
        ApplyNow = "APPLY_NOW",
        /// Order now.
        OrderNow = "ORDER_NOW",
        /// Send message.
        MessagePage = "MESSAGE_PAGE",
        /// Send WhatsApp message.
        WhatsAppMessage = "WHATSAPP_MESSAGE",
        /// Watch video.
        WatchVideo = "WATCH_VIDEO",
        /// Get directions.
        GetDirections = "GET_DIRECTIONS",
        /// Buy tickets.
        BuyTickets = "BUY_TICKETS",
        /// View product.
        ViewProduct = "VIEW_PRODUCT",
        /// No button.
        NoButton = "NO_BUTTON",
    }
}

/// A button.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallToAction {
    r#type: CallToActionType,
    #[serde(skip_serializing_if = "Map::is_empty")]
    value: Map<String, Value>,
}

impl CallToAction {
    /// A button that says this.
    pub fn new(kind: CallToActionType) -> Self {
        Self { r#type: kind, value: Map::new() }
    }

    /// Where it leads.
    pub fn link(self, link: impl Into<String>) -> Self {
        self.value("link", link.into())
    }

    /// Anything else of its value, such as `app_link` or `whatsapp_number`.
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.value.insert(name.into(), value.into());
        self
    }
}

/// A place Meta names by a key (Targeting Search).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceKey {
    key: String,
}

impl<T: Into<String>> From<T> for PlaceKey {
    fn from(key: T) -> Self {
        Self { key: key.into() }
    }
}

parameters! {
    /// Places. A country and a region or city inside it must not be named together.
    pub struct GeoLocations {
        /// Countries, by their two letters.
        countries: Vec<String>,
        /// Regions, by their keys.
        regions: Vec<PlaceKey>,
        /// Cities, by their keys.
        cities: Vec<PlaceKey>,
        /// Postal codes, by their keys.
        zips: Vec<PlaceKey>,
    }
}

parameters! {
    /// Who can see a post at all (Page Feed: targeting).
    pub struct Targeting {
        /// Where they are.
        geo_locations: GeoLocations,
        /// The lowest age, from 13.
        age_min: u8,
        /// The highest age.
        age_max: u8,
        /// Their languages, by Meta's numbers.
        locales: Vec<u32>,
    }
}

parameters! {
    /// Who is more likely to see a post; it hides it from nobody (Page Feed: feed_targeting).
    pub struct FeedTargeting {
        /// Where they are.
        geo_locations: GeoLocations,
        /// The lowest age, from 13.
        age_min: u8,
        /// The highest age, up to 65.
        age_max: u8,
        /// 1 for men, 2 for women.
        genders: Vec<u8>,
        /// Their languages, by Meta's numbers.
        locales: Vec<u32>,
        /// What they are interested in, by Meta's numbers.
        interests: Vec<u64>,
        /// Their relationships, by Meta's numbers.
        relationship_statuses: Vec<u8>,
        /// Their education, by Meta's numbers.
        education_statuses: Vec<u8>,
        /// The years they left college.
        college_years: Vec<u16>,
    }
}

/// What is wrong with the time of something that Meta publishes later: at least 10 minutes from now, at most 30 days
/// (a warning) and 75 days (Page Feed: Scheduled Posts).
pub fn check_schedule(time: Timestamp, now: Timestamp) -> Vec<Finding> {
    let ahead = time.as_unix_seconds().saturating_sub(now.as_unix_seconds());
    let rule = if ahead < rules::F3_MIN_SECONDS {
        rules::F3
    } else if ahead > rules::F4_HARD_SECONDS {
        rules::F4_HARD
    } else if ahead > rules::F4_MAX_SECONDS {
        rules::F4
    } else {
        return Vec::new();
    };
    vec![
        rule.finding("scheduled_publish_time")
            .measured(format_args!("{} minutes from now", ahead.div_euclid(60))),
    ]
}

/// What is wrong with publishing it now and later at once.
pub(crate) fn published_and_scheduled(published: Option<bool>, scheduled: bool) -> Option<Finding> {
    (scheduled && published == Some(true)).then(|| {
        Finding::error("page.post.schedule", "published", "what is scheduled cannot be published at once")
            .advice("leave `published` out")
    })
}

/// What is wrong with the length of a text.
pub(crate) fn too_long(field: &'static str, text: Option<&str>) -> Option<Finding> {
    let chars = text.unwrap_or_default().chars().count();
    (chars > rules::F1_MAX_CHARS)
        .then(|| rules::F1.finding(field).measured(format_args!("{chars} characters")))
}

/// Whether it is an address Meta can fetch.
pub(crate) fn is_web(link: &str) -> bool {
    Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// What is wrong with an address that Meta is to fetch.
pub(crate) fn web_address(rule: &'static str, field: &'static str, link: Option<&String>) -> Option<Finding> {
    link.filter(|link| !is_web(link)).map(|_| {
        Finding::error(rule, field, "the link is not a web address")
            .advice("use a complete address that begins with https://")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_time_must_be_far_enough_away_and_not_too_far() {
        let now = Timestamp::from_unix_seconds(1_800_000_000);
        let day = 86_400;
        for (ahead, expected) in [
            (-5, Some("page.schedule.soon")),
            (599, Some("page.schedule.soon")),
            (600, None),
            (30 * day, None),
            (30 * day + 1, Some("page.schedule.late")),
            (75 * day, Some("page.schedule.late")),
            (75 * day + 1, Some("page.schedule.too_late")),
        ] {
            let findings = check_schedule(Timestamp::from_unix_seconds(1_800_000_000 + ahead), now);
            assert_eq!(findings.first().map(Finding::rule), expected, "{ahead}");
        }
    }

    #[test]
    fn objects_hold_only_what_was_set() {
        let places = GeoLocations::new().countries(vec!["DE".to_owned()]).cities(vec!["777".into()]);
        let targeting = Targeting::new().geo_locations(places).age_min(18);
        assert_eq!(
            json!(targeting),
            json!({"geo_locations": {"countries": ["DE"], "cities": [{"key": "777"}]}, "age_min": 18})
        );
        let button = CallToAction::new(CallToActionType::BookTravel).link("https://example.com");
        assert_eq!(json!(button), json!({"type": "BOOK_TRAVEL", "value": {"link": "https://example.com"}}));
        assert_eq!(json!(CallToAction::new("NEW_ONE".into())), json!({"type": "NEW_ONE"}));
        assert_eq!(json!(AttachedMedia::from(PhotoId::from(7))), json!({"media_fbid": "7"}));
        assert_eq!(json!(FeedTargeting::new().genders([1])), json!({"genders": [1]}));
    }
}
