//! Ids of Graph objects, one type for each kind.

use std::fmt;

use serde::de::{self, Visitor};

/// The longest id accepted, in bytes; those of Instagram messages have 164.
const MAX_LEN: usize = 512;

/// Text that cannot be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable id: pass the id as Meta gave it, such as 1234567890 or 123_456")]
#[non_exhaustive]
pub struct InvalidId;

/// Digits, digits joined by `_`, and what else Meta puts into ids. Nothing that could leave a path segment.
fn is_usable(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:=".contains(&byte);
    (1..=MAX_LEN).contains(&text.len())
        && text.bytes().all(allowed)
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// Reads an id that is text or a number.
struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as text or as a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        u64::try_from(number).map(|number| number.to_string()).map_err(E::custom)
    }
}

pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = from.deserialize_any(IdVisitor)?;
    if is_usable(&text) { Ok(text) } else { Err(de::Error::custom(InvalidId)) }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident,)*) => {$(
        $(#[$meta])*
        ///
        /// Written as text; read from text or a number.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// From the id's text.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, longer than 512 bytes, or holds anything but ASCII letters,
            /// digits and `_-.:=`.
            pub fn new(id: impl Into<String>) -> Result<Self, InvalidId> {
                let id = id.into();
                if is_usable(&id) { Ok(Self(id)) } else { Err(InvalidId) }
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(id: &str) -> Result<Self, InvalidId> {
                Self::new(id)
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id.to_string())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                deserialize(from).map(Self)
            }
        }
    )*};
}

ids! {
    /// Id of an ad.
    AdId,
    /// Id of an ad account, with `act_` before the digits ([`AdAccountId::of`] adds it).
    AdAccountId,
    /// Id of an ad creative.
    AdCreativeId,
    /// Id of an ad set.
    AdSetId,
    /// Id of an app.
    AppId,
    /// Id of a business portfolio.
    BusinessId,
    /// Id of a campaign.
    CampaignId,
    /// Id of a product catalog.
    CatalogId,
    /// Id of a comment, on Facebook or Instagram.
    CommentId,
    /// Id of a media container of Instagram or Threads: something that is not published yet.
    ContainerId,
    /// Id of a conversation of Messenger or Instagram.
    ConversationId,
    /// Id of a custom audience.
    CustomAudienceId,
    /// Id of a dataset (pixel), the target of conversion events.
    DatasetId,
    /// Id of an Instagram hashtag.
    HashtagId,
    /// Id of an Instagram professional account.
    InstagramAccountId,
    /// Id of a lead.
    LeadId,
    /// Id of a lead form.
    LeadFormId,
    /// Id of a message: of Messenger (`m_…`), Instagram or WhatsApp (`wamid.…`).
    MessageId,
    /// Id of a published medium: of Instagram, Threads, or one uploaded to WhatsApp.
    MediaId,
    /// Id of a message template of WhatsApp or Messenger.
    MessageTemplateId,
    /// Id of anything; [`From`] takes every other id.
    ObjectId,
    /// Id of a Page; a Page's user name works in its place.
    PageId,
    /// Id of a WhatsApp business phone number; it is not the number itself.
    PhoneNumberId,
    /// Id of a photo.
    PhotoId,
    /// Id of a post, mostly `{page}_{post}`.
    PostId,
    /// Id of an asynchronous report.
    ReportRunId,
    /// Id of a person in the inbox of one Page or Instagram account (PSID, IGSID).
    ScopedUserId,
    /// Id of a Threads account.
    ThreadsUserId,
    /// Id of a person, valid in one app only, or of a system user.
    UserId,
    /// Id of a video or reel.
    VideoId,
    /// Id of a WhatsApp business account (WABA).
    WhatsAppAccountId,
}

macro_rules! objects {
    ($($name:ident)*) => {$(
        impl From<$name> for ObjectId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )*};
}

objects! {
    AdAccountId AdCreativeId AdId AdSetId AppId BusinessId CampaignId CatalogId CommentId ContainerId
    ConversationId CustomAudienceId DatasetId HashtagId InstagramAccountId LeadFormId LeadId MediaId MessageId MessageTemplateId PageId
    PhoneNumberId PhotoId PostId ReportRunId ScopedUserId ThreadsUserId UserId VideoId WhatsAppAccountId
}

impl AdAccountId {
    /// From the digits, with or without `act_` before them.
    ///
    /// # Errors
    /// [`InvalidId`] when it cannot be an id.
    pub fn of(id: &str) -> Result<Self, InvalidId> {
        Self::new(format!("act_{}", id.strip_prefix("act_").unwrap_or(id)))
    }
}

impl UserId {
    /// Whoever the token belongs to.
    pub fn me() -> Self {
        Self("me".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn read_from_text_or_number_and_written_as_text() {
        for (json, text) in
            [("\"123_456\"", "123_456"), ("123", "123"), ("18446744073709551615", "18446744073709551615")]
        {
            let id: PostId = serde_json::from_str(json).unwrap();
            assert_eq!(id.as_str(), text);
            assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        }
        for bad in ["\"\"", "-1", "1.5", "null", "{}", "\"a/b\"", "\"..\"", "true"] {
            assert!(serde_json::from_str::<PostId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_that_leaves_a_path_segment_is_an_id() {
        for bad in
            ["", "..", ".", "_", "1/2", "1?x=1", "1#", "1%2F", "1 2", "1\n", "ä", "a\\b", &"1".repeat(513)]
        {
            assert_eq!(PageId::new(bad), Err(InvalidId), "{bad}");
        }
        for good in [
            "1",
            "act_5",
            "cocacola",
            "me",
            "17841_2",
            "m_a-B.c:1",
            "wamid.HBgLMQ==",
            &"aWd_".repeat(41),
            &"1".repeat(512),
        ] {
            assert_eq!(good.parse::<PageId>().unwrap().to_string(), *good);
        }
    }

    proptest! {
        #[test]
        fn usable_ids_need_no_percent_encoding_but_for_the_colon_and_the_equals_sign(text in any::<String>()) {
            if let Ok(id) = PageId::new(text) {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:=".contains(&byte);
                prop_assert!(id.as_str().bytes().all(plain));
            }
        }
    }
}
