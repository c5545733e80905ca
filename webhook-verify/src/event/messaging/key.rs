//! What tells one item of a conversation from all others.
//!
//! The list belongs into every key. Two apps with one receiver get the same message, one to answer and one to watch
//! (`standby`): if the copies shared a key, the one to answer could be dropped for the other. Whether the item came in
//! a list or as a change does not: the identifiers are the same in both, and so is what they identify.

use super::{
    LinkingStatus, MESSAGING, MessageReaction, MessageRead, MessagingBody, MessagingEvent,
    NotificationStatus, OptinType, STANDBY, ThreadControl,
};
use crate::{EventTime, canonical, dedupe::KeyParts};

/// `None` where the platform left out one of the identifiers.
pub(super) fn identity(event: &MessagingEvent, parts: KeyParts) -> Option<KeyParts> {
    let list = if event.standby { STANDBY } else { MESSAGING };
    let parts = parts.part("conversation").part(list).part(event.body.member());
    let parts = parts.part((event.beside.len() as u64).to_be_bytes());
    let parts = event.beside.iter().fold(parts, |parts, body| parts.part(body.member()));
    match &event.body {
        MessagingBody::Message(message) => {
            // An unsent message has the id of what was sent, and either may be an echo.
            let flags = [message.is_echo, message.is_deleted].map(|flag| u8::from(flag == Some(true)));
            Some(parts.part(message.mid.as_ref()?).part(flags))
        }
        MessagingBody::Edit(edit) => Some(parts.part(edit.mid.as_ref()?).part(edit.num_edit?.to_be_bytes())),
        MessagingBody::Delivery(delivery) => {
            let parts = parties(event, parts)?.time(Some(delivery.watermark?));
            // Two messages that were sent at once arrive apart, under one watermark.
            Some(delivery.mids.iter().fold(parts, KeyParts::part))
        }
        MessagingBody::Read(MessageRead { mid: None, watermark: None, .. }) => None,
        MessagingBody::Read(read) => {
            Some(parties(event, parts)?.maybe(read.mid.as_ref()).time(read.watermark))
        }
        MessagingBody::Reaction(reaction) => {
            let parts = parts.part(reaction.mid.as_ref()?).part(reaction.action.as_ref()?.as_str());
            let name = reaction.reaction.as_ref().map(MessageReaction::as_str);
            // One reaction replaced by another is the same action.
            Some(person_and_time(event, parts)?.maybe(name).maybe(reaction.emoji.as_ref()))
        }
        MessagingBody::Postback(postback) => match &postback.mid {
            Some(mid) => Some(parts.part("mid").part(mid)),
            None => Some(person_and_time(event, parts.part("payload"))?.part(postback.payload.as_ref()?)),
        },
        MessagingBody::Referral(referral) => {
            let parts = person_and_time(event, parts)?;
            Some(parts.maybe(referral.reference.as_ref()).maybe(referral.ad_id.as_ref()))
        }
        MessagingBody::Optin(optin) => {
            let parts = person_and_time(event, parts)?;
            let kind = optin.kind.as_ref().map(OptinType::as_str);
            let status = optin.notification_messages_status.as_ref().map(NotificationStatus::as_str);
            let parts = parts.maybe(kind).maybe(status);
            let said = [&optin.reference, &optin.payload, &optin.topic];
            Some(said.into_iter().fold(parts, |parts, said| parts.maybe(said.as_ref())))
        }
        MessagingBody::AccountLinking(linking) => {
            let status = linking.status.as_ref().map(LinkingStatus::as_str);
            Some(person_and_time(event, parts)?.maybe(status))
        }
        MessagingBody::PassThreadControl(control)
        | MessagingBody::TakeThreadControl(control)
        | MessagingBody::RequestThreadControl(control) => {
            let ThreadControl { new_owner_app_id, previous_owner_app_id, requested_owner_app_id, .. } =
                control;
            let parts = person_and_time(event, parts)?;
            let apps = [new_owner_app_id, previous_owner_app_id, requested_owner_app_id];
            Some(apps.into_iter().fold(parts, |parts, app| parts.maybe(app.as_ref())))
        }
        MessagingBody::AppRoles(roles) => {
            let parts = recipient_and_time(event, parts)?;
            // What one app loses another one gets, at the same time.
            Some(roles.sorted().into_iter().fold(parts, |parts, (app, role)| parts.part(app).maybe(role)))
        }
        MessagingBody::PolicyEnforcement(policy) => {
            let parts = recipient_and_time(event, parts)?.part(policy.action.as_ref()?.as_str());
            Some(parts.maybe(policy.reason.as_ref()))
        }
        MessagingBody::CheckoutUpdate(json)
        | MessagingBody::Payment(json)
        | MessagingBody::GamePlay(json)
        | MessagingBody::PriorMessage(json) => {
            Some(person_and_time(event, parts)?.part(canonical::digest(json)))
        }
    }
}

fn parties(event: &MessagingEvent, parts: KeyParts) -> Option<KeyParts> {
    Some(parts.part(event.sender_id.as_ref()?).part(event.recipient_id.as_ref()?))
}

/// An id and a reference of your own are not from one set.
fn person_and_time(event: &MessagingEvent, parts: KeyParts) -> Option<KeyParts> {
    let parts = match (&event.sender_id, &event.user_ref) {
        (Some(id), _) => parts.part("sender").part(id),
        (None, Some(user_ref)) => parts.part("user_ref").part(user_ref),
        (None, None) => return None,
    };
    Some(at(event.timestamp?, parts.maybe(event.recipient_id.as_ref())))
}

fn recipient_and_time(event: &MessagingEvent, parts: KeyParts) -> Option<KeyParts> {
    Some(at(event.timestamp?, parts.part(event.recipient_id.as_ref()?)))
}

fn at(time: EventTime, parts: KeyParts) -> KeyParts {
    parts.time(Some(time))
}
