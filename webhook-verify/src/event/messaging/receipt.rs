//! What becomes of messages (Messenger Platform: `message_deliveries`, `message_reads`, `message_reactions`; Instagram
//! Platform: `messaging_seen`, `message_reactions`).

use crate::{EventTime, fields::Fields, open_enum::open_enum};

/// Messages of the business arrived at the person's device. Messenger only.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageDelivery {
    /// The messages; often left out.
    pub mids: Vec<String>,
    /// All messages sent before this moment have arrived.
    pub watermark: Option<EventTime>,
    /// A running number; old deliveries only.
    pub seq: Option<u64>,
}

/// Messages of the business were read.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageRead {
    /// The message; Instagram.
    pub mid: Option<String>,
    /// All messages sent before this moment were read; Messenger.
    pub watermark: Option<EventTime>,
    /// A running number; old deliveries only.
    pub seq: Option<u64>,
}

open_enum! {
    /// Whether a reaction was made or taken back.
    pub enum ReactionAction {
        /// Made. Replaces an earlier one.
        React = "react",
        /// Taken back.
        Unreact = "unreact",
    }
}

open_enum! {
    /// The name of a reaction to a message.
    pub enum MessageReaction {
        /// A smile.
        Smile = "smile",
        /// A laugh.
        Laugh = "laugh",
        /// Anger.
        Angry = "angry",
        /// Sadness.
        Sad = "sad",
        /// Wonder.
        Wow = "wow",
        /// Love.
        Love = "love",
        /// A thumb up.
        Like = "like",
        /// A thumb down.
        Dislike = "dislike",
        /// One without a name, see [`Reaction::emoji`].
        Other = "other",
    }
}

/// A person reacted to a message.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reaction {
    /// The message.
    pub mid: Option<String>,
    /// Whether the reaction was made or taken back.
    pub action: Option<ReactionAction>,
    /// Its name; often absent when it was taken back.
    pub reaction: Option<MessageReaction>,
    /// Its picture.
    pub emoji: Option<String>,
}

impl MessageDelivery {
    pub(super) fn read(delivery: &Fields<'_>) -> Self {
        Self {
            mids: delivery.ids("mids"),
            watermark: delivery.time("watermark"),
            seq: delivery.number("seq"),
        }
    }
}

impl MessageRead {
    pub(super) fn read(read: &Fields<'_>) -> Self {
        Self { mid: read.id("mid"), watermark: read.time("watermark"), seq: read.number("seq") }
    }
}

impl Reaction {
    pub(super) fn read(reaction: &Fields<'_>) -> Self {
        Self {
            mid: reaction.id("mid"),
            action: reaction.text("action").as_deref().map(ReactionAction::from),
            reaction: reaction.text("reaction").as_deref().map(MessageReaction::from),
            emoji: reaction.text("emoji"),
        }
    }
}
