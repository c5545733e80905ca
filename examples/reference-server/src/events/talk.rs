//! Messages and comments as entries of the conversation log.

use serde_json::Value;
use sociogram::{
    api_core::Timestamp,
    webhook_verify::{
        Event, EventKind, FeedChange, FeedItem, FeedVerb, InstagramComment, SocialAction, SocialActionType,
        messaging::{MessagingBody, MessagingEvent, MessagingPlatform},
        whatsapp::{MessageContent, WhatsAppMessage},
    },
};

use super::Effect;
use crate::records::{Direction, Utterance};

const COMMENT: &str = "comment";
const MESSAGE: &str = "message";

/// What to do about an event that is no lead.
pub(super) fn effect(event: &Event) -> Effect {
    match event.kind() {
        EventKind::PageFeed(change) => feed(event, change),
        EventKind::LinkedInSocialAction(action) => social(event, action),
        EventKind::InstagramComment(comment) => instagram(event, comment),
        EventKind::Messaging(item) => messaging(event, item),
        EventKind::WhatsAppMessage(message) => whatsapp(event, message),
        _ => Effect::Unwanted,
    }
}

/// Comments on a Page's posts. Posts and reactions are no conversation.
fn feed(event: &Event, change: &FeedChange) -> Effect {
    if change.item != Some(FeedItem::Comment) {
        return Effect::Nothing;
    }
    match (&change.verb, &change.comment_id) {
        (Some(FeedVerb::Add), _) => {
            let author = change.from.as_ref().and_then(|from| from.id.clone());
            Effect::Keep(Box::new(Utterance {
                person: author.clone(),
                direction: direction(event, author.as_deref()),
                text: change.message.clone(),
                message_id: change.comment_id.clone(),
                ..blank(event, "facebook", COMMENT)
            }))
        }
        (Some(FeedVerb::Remove), Some(comment)) => Effect::Erase(comment.clone()),
        _ => Effect::Nothing,
    }
}

/// Comments on an organization's posts. LinkedIn sends their texts beside what has a type.
fn social(event: &Event, action: &SocialAction) -> Effect {
    let Some(comment) = action.generated_activity.clone() else { return Effect::Nothing };
    let direction = match action.action {
        Some(SocialActionType::Comment) => Direction::In,
        Some(SocialActionType::AdminComment) => Direction::Out,
        Some(SocialActionType::CommentDelete) => return Effect::Erase(comment),
        _ => return Effect::Nothing,
    };
    let raw: Value = serde_json::from_str(event.raw()).unwrap_or_default();
    let decorated = |member: &str| {
        let found =
            raw.pointer("/decoratedGeneratedActivity/comment").and_then(|comment| comment.get(member));
        found.and_then(Value::as_str).map(str::to_owned)
    };
    Effect::Keep(Box::new(Utterance {
        person: decorated("owner"),
        direction,
        text: decorated("text"),
        message_id: Some(comment),
        ..blank(event, "linkedin", COMMENT)
    }))
}

/// Comments on the media of an Instagram account.
fn instagram(event: &Event, comment: &InstagramComment) -> Effect {
    let author = comment.from.as_ref().and_then(|from| from.id.clone());
    let direction = if comment.is_own() { Direction::Out } else { direction(event, author.as_deref()) };
    Effect::Keep(Box::new(Utterance {
        person: author,
        direction,
        text: comment.text.clone(),
        message_id: comment.id.clone(),
        ..blank(event, "instagram", COMMENT)
    }))
}

/// Messages of Messenger and Instagram, and the echoes of what the account sent.
fn messaging(event: &Event, item: &MessagingEvent) -> Effect {
    let platform = match item.platform {
        MessagingPlatform::Messenger => "messenger",
        MessagingPlatform::Instagram => "instagram",
        _ => return Effect::Unwanted,
    };
    let MessagingBody::Message(message) = &item.body else { return Effect::Unwanted };
    if message.is_deleted == Some(true) {
        return message.mid.clone().map_or(Effect::Nothing, Effect::Erase);
    }
    Effect::Keep(Box::new(Utterance {
        person: item.person().map(str::to_owned),
        direction: if item.is_from_business() { Direction::Out } else { Direction::In },
        text: message.text.clone(),
        message_id: message.mid.clone(),
        ..blank(event, platform, MESSAGE)
    }))
}

/// Messages of WhatsApp, and what the business wrote on another device.
fn whatsapp(event: &Event, message: &WhatsAppMessage) -> Effect {
    let (number, id, direction) = if message.is_echo {
        (&message.to, &message.to_user_id, Direction::Out)
    } else {
        (&message.from, &message.from_user_id, Direction::In)
    };
    let text = match &message.content {
        MessageContent::Revoke(revoked) => {
            return revoked.original_message_id.clone().map_or(Effect::Nothing, Effect::Erase);
        }
        MessageContent::Text(text) => text.body.clone(),
        MessageContent::Image(media) | MessageContent::Video(media) | MessageContent::Document(media) => {
            media.caption.clone()
        }
        MessageContent::Button(button) => button.text.clone(),
        _ => None,
    };
    Effect::Keep(Box::new(Utterance {
        person: number.clone().or_else(|| id.clone()),
        direction,
        text,
        message_id: message.id.clone(),
        ..blank(event, "whatsapp", MESSAGE)
    }))
}

/// Whether the account itself wrote.
fn direction(event: &Event, author: Option<&str>) -> Direction {
    if author.is_some() && author == event.account() { Direction::Out } else { Direction::In }
}

fn blank(event: &Event, platform: &str, kind: &str) -> Utterance {
    Utterance {
        key: event.key(),
        platform: platform.to_owned(),
        account: event.account().unwrap_or_default().to_owned(),
        person: None,
        direction: Direction::In,
        kind: kind.to_owned(),
        text: None,
        at: event.time().map(|time| Timestamp::from_unix_millis(time.as_unix_millis())),
        message_id: None,
    }
}
