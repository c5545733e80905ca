//! What people write: Messenger, Instagram, WhatsApp.

use serde_json::{Map, Value, json};

use super::NotSent;
use crate::{
    config::is_webhook_target,
    graph::areas::{
        instagram::{account_of_page, visitors},
        messaging::{
            INSTAGRAM_COMMENTER,
            written::{self, Written},
        },
        whatsapp::inbound::{self, Callback, Metadata},
    },
    state::{Inner, State},
    webhooks::{Platform, send, send_to},
    world::InstagramAccount,
};

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotWritten {
    /// Nobody like that, or they cannot write.
    Nobody,
    /// It could not be told.
    NotSent(NotSent),
}

impl From<NotSent> for NotWritten {
    fn from(why: NotSent) -> Self {
        Self::NotSent(why)
    }
}

/// The delivery, and the id of what was written.
type Sent = Result<(u64, String), NotWritten>;

/// What is told must have somebody to hear it, or it does not happen at all.
fn ready(state: &State, is_subscribed: bool) -> Result<(), NotSent> {
    match state.target(Platform::Meta) {
        _ if !is_subscribed => Err(NotSent::NotSubscribed),
        None => Err(NotSent::NoTarget),
        Some(_) => Ok(()),
    }
}

/// A person writes to a Page on Messenger.
pub(crate) fn message(
    shared: &Inner,
    state: &mut State,
    page: &str,
    person: Option<&str>,
    text: &str,
) -> Sent {
    let fields = state.subscriptions.get(page);
    ready(state, fields.is_some_and(|fields| fields.iter().any(|name| name == "messages")))?;
    let written = written::on_messenger(state, person, text).ok_or(NotWritten::Nobody)?;
    conversation(shared, state, "page", page, &written, text)
}

/// Whether the account asked for this itself, or the Page it is linked to asked for anything.
fn is_told(shared: &Inner, state: &State, account: &InstagramAccount, topic: &str) -> bool {
    let held = &state.areas.instagram;
    let mut pages = state.subscriptions.keys();
    held.is_subscribed(&account.user_id, topic)
        || pages.any(|page| account_of_page(&shared.config.world, page) == Some(account.user_id.as_str()))
}

/// A person writes to an Instagram account.
pub(crate) fn instagram_message(
    shared: &Inner,
    state: &mut State,
    account: &InstagramAccount,
    person: Option<&str>,
    text: &str,
) -> Sent {
    ready(state, is_told(shared, state, account, "messages"))?;
    let written = written::on_instagram(state, person, text).ok_or(NotWritten::Nobody)?;
    conversation(shared, state, "instagram", &account.user_id, &written, text)
}

/// One message of one person. Conversations count milliseconds.
fn conversation(
    shared: &Inner,
    state: &mut State,
    object: &str,
    to: &str,
    written: &Written,
    text: &str,
) -> Sent {
    let list = if written.is_ours { "messaging" } else { "standby" };
    let now = state.now();
    let item = json!({
        "sender": {"id": written.person},
        "recipient": {"id": to},
        "timestamp": now,
        "message": {"mid": written.id, "text": text},
    });
    let body = json!({"object": object, "entry": [{"id": to, "time": now, list: [item]}]});
    let delivery = send(shared, state, Platform::Meta, "messages", &body).ok_or(NotSent::NoTarget)?;
    Ok((delivery, written.id.clone()))
}

/// A visitor comments on a media of an Instagram account.
pub(crate) fn instagram_comment(
    shared: &Inner,
    state: &mut State,
    account: &InstagramAccount,
    media: Option<&str>,
    text: &str,
) -> Sent {
    let media = visitors::commentable(state, &account.user_id, media).ok_or(NotWritten::Nobody)?;
    ready(state, is_told(shared, state, account, "comments"))?;
    let comment = visitors::comment(state, &media, text);
    let value = json!({
        "id": comment.id,
        "text": text,
        "from": {"id": INSTAGRAM_COMMENTER, "username": visitors::COMMENTER_NAME},
        "media": {"id": comment.media, "media_product_type": comment.product_type},
    });
    let change = json!({"field": "comments", "value": value});
    let entry = json!({"id": account.user_id, "time": state.now_seconds(), "changes": [change]});
    let body = json!({"object": "instagram", "entry": [entry]});
    let delivery = send(shared, state, Platform::Meta, "comments", &body).ok_or(NotSent::NoTarget)?;
    Ok((delivery, comment.id))
}

/// Where the account's webhooks go. Nothing leaves this machine.
fn whatsapp_target(state: &State) -> Result<String, NotSent> {
    let target = match inbound::callback(state).ok_or(NotSent::NotSubscribed)? {
        Callback::OfTheApp => state.target(Platform::Meta).cloned(),
        Callback::Elsewhere(target) => Some(target),
    };
    target.filter(|target| is_webhook_target(target)).ok_or(NotSent::NoTarget)
}

/// A change of `messages` of the account, with the lists that say what happened.
fn whatsapp(
    shared: &Inner,
    state: &mut State,
    to: String,
    number: &Metadata,
    lists: Map<String, Value>,
) -> u64 {
    let metadata = json!({
        "display_phone_number": number.display_phone_number,
        "phone_number_id": number.phone_number_id,
    });
    let mut value = json!({"messaging_product": "whatsapp", "metadata": metadata});
    if let Some(members) = value.as_object_mut() {
        members.extend(lists);
    }
    let account = &shared.config.world.business.whatsapp_account;
    let change = json!({"field": "messages", "value": value});
    let body =
        json!({"object": "whatsapp_business_account", "entry": [{"id": account, "changes": [change]}]});
    send_to(shared, state, Platform::Meta, to, "messages", &body)
}

/// A person writes to the number of the business on WhatsApp.
pub(crate) fn whatsapp_message(shared: &Inner, state: &mut State, from: Option<&str>, text: &str) -> Sent {
    let target = whatsapp_target(state)?;
    let (number, written) = inbound::write(shared, state, from).ok_or(NotWritten::Nobody)?;
    let mut contact = json!({"profile": {"name": "Sandbox Customer"}, "wa_id": written.from});
    if let (Some(user), Some(contact)) = (inbound::user_id(&written.from), contact.as_object_mut()) {
        contact.insert("user_id".to_owned(), json!(user));
    }
    let message = json!({
        "id": written.id,
        "from": written.from,
        "timestamp": written.at.to_string(),
        "type": "text",
        "text": {"body": text},
    });
    let lists = [("contacts", contact), ("messages", message)];
    let lists = lists.map(|(name, item)| (name.to_owned(), json!([item]))).into_iter().collect();
    Ok((whatsapp(shared, state, target, &number, lists), written.id))
}

/// A message to a person by WhatsApp comes to this state.
pub(crate) fn whatsapp_status(
    shared: &Inner,
    state: &mut State,
    message: Option<&str>,
    status: &str,
) -> Sent {
    let target = whatsapp_target(state)?;
    let sent = inbound::outbound(state, message).ok_or(NotWritten::Nobody)?;
    let mut item = json!({
        "id": sent.id,
        "status": status,
        "timestamp": state.now_seconds().to_string(),
        "recipient_id": sent.to,
    });
    let (name, beside) = if status == "failed" {
        let title = "Message undeliverable";
        let data = json!({"details": "The message could not be delivered."});
        ("errors", json!([{"code": 131_026, "title": title, "message": title, "error_data": data}]))
    } else {
        // Every template counts as a utility here.
        let (kind, category) =
            if sent.is_template { ("regular", "utility") } else { ("free_customer_service", "service") };
        let is_billed = sent.is_template;
        (
            "pricing",
            json!({"billable": is_billed, "pricing_model": "PMP", "type": kind, "category": category}),
        )
    };
    if let Some(members) = item.as_object_mut() {
        members.insert(name.to_owned(), beside);
    }
    let lists = Map::from_iter([("statuses".to_owned(), json!([item]))]);
    Ok((whatsapp(shared, state, target, &sent.from, lists), sent.id))
}
