//! What is attached to a message (Messenger Platform: `messages`; Instagram Platform: Webhooks examples).

use crate::{fields::Fields, open_enum::open_enum};

open_enum! {
    /// What an attachment is.
    pub enum AttachmentType {
        /// A picture, or a sticker: see [`Attachment::sticker_id`].
        Image = "image",
        /// A sound, such as a voice message.
        Audio = "audio",
        /// A video.
        Video = "video",
        /// A file of another kind.
        File = "file",
        /// A place. Retired; old deliveries have it.
        Location = "location",
        /// A link, or what the platform cannot express otherwise.
        Fallback = "fallback",
        /// A message with a structure, such as a product that a person shared; the rest is in
        /// [`Attachment::payload`].
        Template = "template",
        /// A post of Instagram that a person shared.
        Share = "share",
        /// A story in which a person mentioned the business.
        StoryMention = "story_mention",
        /// A reel of Facebook.
        Reel = "reel",
        /// A reel of Instagram.
        InstagramReel = "ig_reel",
        /// A post of Facebook.
        Post = "post",
        /// A post of Instagram.
        InstagramPost = "ig_post",
        /// A picture or video that can be seen once; nothing of it is sent.
        Ephemeral = "ephemeral",
    }
}

/// One attachment of a message. Links to media expire: fetch what you want to keep.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Attachment {
    /// What it is.
    pub kind: Option<AttachmentType>,
    /// Where it can be fetched, or what it links to.
    pub url: Option<String>,
    /// A title.
    pub title: Option<String>,
    /// Which sticker it is.
    pub sticker_id: Option<String>,
    /// Which place it is.
    pub coordinates: Option<Coordinates>,
    /// The video behind a reel.
    pub reel_video_id: Option<String>,
    /// The JSON of its `payload` as it was sent, with what has no field here: products, elements of a template.
    pub payload: Option<Box<str>>,
}

/// A place on earth, in degrees.
///
/// Both may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Coordinates {
    /// Latitude, north of the equator.
    pub latitude: Option<f64>,
    /// Longitude, east of Greenwich.
    pub longitude: Option<f64>,
}

impl Attachment {
    pub(super) fn read(attachment: &Fields<'_>) -> Self {
        let payload = attachment.object("payload");
        let within = payload.as_ref();
        let place = within
            .and_then(|payload| payload.object("coordinates"))
            .or_else(|| attachment.object("coordinates"));
        Self {
            kind: attachment.text("type").as_deref().map(AttachmentType::from),
            // Of a link both are beside the payload, which is `null`, in older deliveries.
            url: within.and_then(|payload| payload.text("url")).or_else(|| attachment.text("url")),
            title: within.and_then(|payload| payload.text("title")).or_else(|| attachment.text("title")),
            sticker_id: within.and_then(|payload| payload.id("sticker_id")),
            coordinates: place.map(|place| Coordinates {
                latitude: degrees(&place, "lat"),
                longitude: degrees(&place, "long"),
            }),
            reel_video_id: within.and_then(|payload| payload.id("reel_video_id")),
            payload: attachment.json("payload"),
        }
    }
}

fn degrees(place: &Fields<'_>, name: &str) -> Option<f64> {
    place.number(name).filter(|degrees: &f64| degrees.is_finite())
}
