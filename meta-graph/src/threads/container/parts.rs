//! What parameters of containers are made of.

use serde::{Deserialize, Serialize, Serializer};
use sociogram_api_core::open_enum;

use crate::lenient;

open_enum! {
    /// Who may reply to a post.
    pub enum ReplyControl {
        /// Accounts that the owner follows.
        AccountsYouFollow = "accounts_you_follow",
        /// Everyone.
        Everyone = "everyone",
        /// Followers of the owner.
        FollowersOnly = "followers_only",
        /// Accounts that the post mentions.
        MentionedOnly = "mentioned_only",
        /// The author of the post that this one replies to.
        ParentPostAuthorOnly = "parent_post_author_only",
    }
}

open_enum! {
    /// Where a GIF comes from.
    pub enum GifProvider {
        /// giphy.com.
        Giphy = "GIPHY",
    }
}

/// A GIF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GifAttachment {
    gif_id: String,
    provider: GifProvider,
}

impl GifAttachment {
    /// The GIF with this id at GIPHY, the only place Threads takes them from.
    pub fn giphy(gif_id: impl Into<String>) -> Self {
        Self { gif_id: gif_id.into(), provider: GifProvider::Giphy }
    }
}

/// A poll with 2 to 4 answers of 1 to 25 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "std::collections::BTreeMap<String, String>")]
pub struct PollAttachment(pub(super) Vec<String>);

impl PollAttachment {
    /// With these answers, in this order.
    pub fn new<A: Into<String>>(answers: impl IntoIterator<Item = A>) -> Self {
        Self(answers.into_iter().map(Into::into).collect())
    }
}

/// The names of the answers sort as the answers do.
impl From<std::collections::BTreeMap<String, String>> for PollAttachment {
    fn from(answers: std::collections::BTreeMap<String, String>) -> Self {
        Self(answers.into_values().collect())
    }
}

impl Serialize for PollAttachment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(('a'..='z').map(|letter| format!("option_{letter}")).zip(&self.0))
    }
}

/// A part of the text that is hidden until somebody taps on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoilerText {
    entity_type: Spoiler,
    offset: u32,
    length: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Spoiler {
    #[serde(rename = "SPOILER")]
    Spoiler,
}

impl SpoilerText {
    /// So many characters from this one on, counted from 0.
    pub const fn new(offset: u32, length: u32) -> Self {
        Self { entity_type: Spoiler::Spoiler, offset, length }
    }
}

open_enum! {
    /// How a part of an attached text looks.
    pub enum TextStyle {
        /// Bold.
        Bold = "bold",
        /// Marked.
        Highlight = "highlight",
        /// Italic.
        Italic = "italic",
        /// Struck through.
        Strikethrough = "strikethrough",
        /// Underlined.
        Underline = "underline",
    }
}

/// A part of an attached text that looks different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyledRange {
    pub(super) offset: u32,
    pub(super) length: u32,
    styling_info: Vec<TextStyle>,
}

impl StyledRange {
    /// So many characters from this one on, counted from 0. Parts must not overlap.
    pub fn new(offset: u32, length: u32, styles: impl IntoIterator<Item = TextStyle>) -> Self {
        Self { offset, length, styling_info: styles.into_iter().collect() }
    }
}

/// A long text attached to a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextAttachment {
    pub(super) plaintext: String,
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub(super) link_attachment_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub(super) text_with_styling_info: Vec<StyledRange>,
}

impl TextAttachment {
    /// A text of up to 10 000 characters.
    pub fn new(plaintext: impl Into<String>) -> Self {
        Self { plaintext: plaintext.into(), link_attachment_url: None, text_with_styling_info: Vec::new() }
    }

    /// With a link to show below it.
    pub fn link(mut self, url: impl Into<String>) -> Self {
        self.link_attachment_url = Some(url.into());
        self
    }

    /// With a part that looks different.
    pub fn styled(mut self, range: StyledRange) -> Self {
        self.text_with_styling_info.push(range);
        self
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.plaintext
    }
}
