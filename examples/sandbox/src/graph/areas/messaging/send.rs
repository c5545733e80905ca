//! `POST /{page}/messages`: messages, private replies and sender actions.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Channel,
    content::{self, Content},
    door::Door,
    inbox::{Message, Owner},
    recipient::{Pass, Recipient, check_window},
    utility_templates,
};

const KNOWN: [&str; 12] = [
    "recipient",
    "messaging_type",
    "tag",
    "message",
    "sender_action",
    "payload",
    "reply_to",
    "persona_id",
    "notification_type",
    "thread_control",
    "folder",
    "suggestion_action",
];
/// The field of a file that is sent along.
const FILE: &str = "filedata";
/// Tags that were retired in 2026.
const RETIRED: [&str; 3] = ["CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"];

pub(super) fn send(call: &mut Call<'_>, door: &Door) -> Outcome {
    // Who lacks everything hears of the token first.
    if let Door::Page { page, caller } = door {
        caller.page(call, page, &[])?;
    }
    if !call.params.is_json() && call.params.file(FILE).is_none() {
        return Err(GraphError::parameter("This edge takes a body of the type application/json, or a file."));
    }
    call.params.only_with_files(&KNOWN, &[FILE])?;
    let recipient = Recipient::read(call, door)?;
    let channel = channel(call, door, &recipient);
    let comments = if matches!(recipient, Recipient::Private { .. }) && channel == Channel::Instagram {
        ["instagram_manage_comments"].as_slice()
    } else {
        &[]
    };
    door.allow(call, channel, comments)?;
    match (call.params.structure("message")?, call.params.text("sender_action")?) {
        (Some(message), None) => {
            let message = message.as_object().cloned();
            let wrong = || GraphError::parameter("Param message must be an object.");
            deliver(call, door, channel, &recipient, &message.ok_or_else(wrong)?)
        }
        (None, Some(action)) => act(call, channel, &recipient, &action),
        (Some(_), Some(_)) => {
            Err(GraphError::parameter("A sender_action must be sent alone, without a message."))
        }
        (None, None) => Err(GraphError::parameter("The parameter message is required.")),
    }
}

fn channel(call: &Call<'_>, door: &Door, recipient: &Recipient) -> Channel {
    let thread = recipient.person().and_then(|id| call.state.areas.messaging.threads.get(id));
    match (thread, door) {
        (Some(thread), _) => thread.person.channel,
        (None, Door::Page { .. }) => Channel::Messenger,
        (None, Door::Account { .. }) => Channel::Instagram,
    }
}

fn deliver(
    call: &mut Call<'_>,
    door: &Door,
    channel: Channel,
    recipient: &Recipient,
    message: &Map<String, Value>,
) -> Outcome {
    let kind = one_of(call, "messaging_type", &["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"])?;
    let human = is_human(call, kind.as_deref())?;
    one_of(call, "notification_type", &["REGULAR", "SILENT_PUSH", "NO_PUSH"])?;
    check_persona(call, channel)?;
    if call.params.value("payload").is_some() {
        return Err(GraphError::parameter("Param payload belongs to a sender_action."));
    }
    let utility = kind.as_deref() == Some("UTILITY");
    let content = if utility {
        if channel == Channel::Instagram {
            return Err(GraphError::parameter("UTILITY messages are for Messenger."));
        }
        utility_templates::filled_in(call, door, message)?
    } else {
        content::read(call, channel, message)?
    };
    let reply_to = reply_to(call, recipient)?;
    let now = call.state.now_seconds();
    let pass = match recipient {
        _ if utility => Pass::Always,
        Recipient::OptedIn(_) | Recipient::Private { .. } => Pass::Always,
        _ if human => Pass::Human,
        _ => Pass::None,
    };
    if let Some(thread) = recipient.person().and_then(|id| call.state.areas.messaging.threads.get(id)) {
        check_window(thread, pass, now)?;
    }
    let id = format!("m_{}", call.state.random_hex());
    let mut answer = Map::new();
    if let Some(person) = recipient.person() {
        answer.insert("recipient_id".to_owned(), json!(person));
    }
    answer.insert("message_id".to_owned(), json!(id));
    let Content { text, attachments, keep } = content;
    if let Some(keep) = keep {
        let kept = super::attachments::keep(call, channel, keep);
        answer.insert("attachment_id".to_owned(), json!(kept));
    }
    let held = &mut call.state.areas.messaging;
    if let Recipient::Private { about, .. } = recipient {
        held.replied.insert(about.clone());
    }
    if let Some(thread) = recipient.person().and_then(|id| held.threads.get_mut(id)) {
        if thread.owner == Owner::Nobody {
            thread.owner = Owner::Us;
        }
        thread.unread = 0;
        thread.messages.push(Message { id, at: now, text, attachments, reply_to, ..Message::default() });
    }
    Ok(Value::Object(answer))
}

/// Text that is one of these.
fn one_of(call: &Call<'_>, name: &str, known: &[&str]) -> Result<Option<String>, GraphError> {
    let text = call.params.text(name)?;
    match &text {
        Some(text) if !known.contains(&text.as_str()) => {
            Err(GraphError::parameter(format!("Param {name} must be one of {{{}}}", known.join(", "))))
        }
        _ => Ok(text),
    }
}

/// Whether the message is tagged as a human's; every other tag is refused.
fn is_human(call: &Call<'_>, kind: Option<&str>) -> Result<bool, GraphError> {
    let tag = call.params.text("tag")?;
    match (kind, tag.as_deref()) {
        (Some("MESSAGE_TAG"), None) => Err(GraphError::parameter("A tag is required with MESSAGE_TAG.")),
        (_, None) => Ok(false),
        (_, Some(tag)) if RETIRED.contains(&tag) => {
            Err(GraphError::parameter(format!("The message tag {tag} has been deprecated.")))
        }
        (Some("MESSAGE_TAG"), Some("HUMAN_AGENT")) => Ok(true),
        (_, Some("HUMAN_AGENT")) => {
            Err(GraphError::parameter("A tag requires the messaging_type MESSAGE_TAG."))
        }
        (_, Some(tag)) => Err(GraphError::parameter(format!("Invalid message tag: {tag}"))),
    }
}

fn check_persona(call: &Call<'_>, channel: Channel) -> Result<(), GraphError> {
    match call.params.text("persona_id")? {
        None => Ok(()),
        Some(_) if channel == Channel::Instagram => {
            Err(GraphError::parameter("Personas are for Messenger only."))
        }
        Some(id) if call.state.areas.messaging.personas.contains_key(&id) => Ok(()),
        Some(id) => Err(GraphError::parameter(format!("Invalid persona_id: {id}"))),
    }
}

/// The message that is answered, if one is named: it must be of this conversation.
fn reply_to(call: &Call<'_>, recipient: &Recipient) -> Result<Option<String>, GraphError> {
    let Some(value) = call.params.structure("reply_to")? else { return Ok(None) };
    let id = value.get("mid").and_then(Value::as_str).unwrap_or_default();
    let thread = recipient.person().and_then(|person| call.state.areas.messaging.threads.get(person));
    if thread.is_some_and(|thread| thread.messages.iter().any(|message| message.id == id)) {
        return Ok(Some(id.to_owned()));
    }
    Err(GraphError::parameter("Param reply_to must name a message of this conversation as {mid}."))
}

/// Seen, typing, reactions.
fn act(call: &mut Call<'_>, channel: Channel, recipient: &Recipient, action: &str) -> Outcome {
    for name in ["messaging_type", "tag", "reply_to", "notification_type"] {
        if call.params.value(name).is_some() {
            return Err(GraphError::parameter(format!("Param {name} does not go with a sender_action.")));
        }
    }
    check_persona(call, channel)?;
    let Recipient::Person(person) = recipient else {
        return Err(GraphError::parameter("A sender_action takes a recipient with an id."));
    };
    let payload = call.params.structure("payload")?;
    let (reacts, removes) = match action.to_ascii_uppercase().as_str() {
        "MARK_SEEN" | "TYPING_ON" | "TYPING_OFF" => (false, false),
        "REACT" => (true, false),
        "UNREACT" => (true, true),
        _ => {
            return Err(GraphError::parameter(
                "Param sender_action must be one of {mark_seen, typing_on, typing_off, react, unreact}.",
            ));
        }
    };
    let part = |name: &str| payload.as_ref().and_then(|value| value.get(name)).and_then(Value::as_str);
    let (message, reaction) = (part("message_id"), part("reaction").filter(|text| !text.is_empty()));
    let mut threads = call.state.areas.messaging.threads.iter_mut();
    let thread = threads.find(|(id, _)| *id == person).map(|(_, thread)| thread);
    let thread = thread.ok_or_else(|| GraphError::parameter("No matching user found").subcode(2_018_001))?;
    if !reacts {
        if payload.is_some() {
            return Err(GraphError::parameter("Only reactions take a payload."));
        }
        if action.eq_ignore_ascii_case("mark_seen") {
            thread.unread = 0;
        }
        return Ok(json!({"recipient_id": person}));
    }
    let found = thread.messages.iter_mut().find(|known| Some(known.id.as_str()) == message);
    let Some(found) = found else {
        return Err(GraphError::parameter("The payload must name a message of this conversation."));
    };
    found.reaction = match (removes, reaction) {
        (false, Some(reaction)) => Some(reaction.to_owned()),
        (false, None) => return Err(GraphError::parameter("The payload must have a reaction.")),
        (true, _) => None,
    };
    Ok(json!({"recipient_id": person}))
}
