//! Reading what was said: conversations and their newest messages.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    Channel, DAY,
    door::Door,
    inbox::{Message, Owner, Thread},
};
use crate::clock::graph_time;

const FIELDS: [&str; 17] = [
    "id",
    "updated_time",
    "participants",
    "senders",
    "former_participants",
    "unread_count",
    "message_count",
    "can_reply",
    "is_owner",
    "is_subscribed",
    "folder",
    "link",
    "name",
    "subject",
    "snippet",
    "scoped_thread_key",
    "messages",
];
const MESSAGE_FIELDS: [&str; 13] = [
    "id",
    "created_time",
    "from",
    "to",
    "message",
    "attachments",
    "shares",
    "sticker",
    "story",
    "tags",
    "reactions",
    "reply_to",
    "is_unsupported",
];
/// How long a request that nobody accepted is shown, in seconds.
const REQUEST_LIFE: i64 = 30 * DAY;
/// What reading takes beside the permissions of the inbox.
const READING: [&str; 2] = ["pages_read_engagement", "pages_manage_metadata"];

pub(super) fn list(call: &Call<'_>, door: &Door) -> Outcome {
    let channel = match (door, Channel::of(call.params)?) {
        (Door::Page { .. }, channel) => channel,
        (Door::Account { .. }, Channel::Instagram) => Channel::Instagram,
        (Door::Account { .. }, Channel::Messenger) => {
            return Err(GraphError::parameter("Param platform must be instagram."));
        }
    };
    door.allow(call, channel, if channel == Channel::Messenger { &READING } else { &READING[1..] })?;
    let folder = call.params.text("folder")?.map(|folder| folder.to_ascii_lowercase());
    let person = call.params.text("user_id")?;
    let now = call.state.now_seconds();
    let mut threads: Vec<&Thread> = call.state.areas.messaging.threads.values().collect();
    threads.retain(|thread| {
        let fresh = thread.folder == "inbox" || now - thread.updated() <= REQUEST_LIFE;
        thread.person.channel == channel
            && door.reaches(call, channel)
            && !thread.messages.is_empty()
            && fresh
            && thread.folder == folder.as_deref().unwrap_or("inbox")
            && person.as_ref().is_none_or(|person| person == thread.person.id)
    });
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.updated()));
    let items =
        threads.into_iter().map(|thread| select(call, door, thread)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{}/conversations", door.id()), &items)
}

/// The conversation with this id, if the caller may read it.
fn find<'c>(call: &'c Call<'_>, door: &Door, id: &str) -> Result<&'c Thread, GraphError> {
    let mut threads = call.state.areas.messaging.threads.values();
    let thread = threads.find(|thread| thread.id() == id && !thread.messages.is_empty());
    let thread = thread.filter(|thread| door.reaches(call, thread.person.channel));
    let thread = thread.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    let reading = if thread.person.channel == Channel::Messenger { &READING[..1] } else { &[] };
    door.allow(call, thread.person.channel, reading)?;
    Ok(thread)
}

pub(super) fn read(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    select(call, door, find(call, door, id)?)
}

/// `/{conversation}/messages`
pub(super) fn messages(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    let thread = find(call, door, id)?;
    let asked = call.params.text("fields")?.unwrap_or_else(|| "id,created_time".to_owned());
    let readable = thread.readable();
    let items = readable.map(|message| picked(call, door, thread, message, &asked));
    paging::page(call, &format!("{id}/messages"), &items.collect::<Result<Vec<_>, _>>()?)
}

/// One message; of each conversation only the newest can be read.
pub(super) fn message(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    let mut threads = call.state.areas.messaging.threads.values();
    let thread = threads.find(|thread| thread.messages.iter().any(|message| message.id == id));
    let thread = thread.filter(|thread| door.reaches(call, thread.person.channel));
    let thread = thread.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    door.allow(call, thread.person.channel, &[])?;
    let Some(message) = thread.readable().find(|message| message.id == id) else {
        let text = "(#9000001) This message has been deleted.";
        return Err(GraphError::new(400, 9_000_001, text));
    };
    let asked = call.params.text("fields")?.unwrap_or_else(|| "id,created_time".to_owned());
    picked(call, door, thread, message, &asked)
}

fn select(call: &Call<'_>, door: &Door, thread: &Thread) -> Outcome {
    let now = call.state.now_seconds();
    let person = thread.person.named();
    let us = business(call, door, thread.person.channel);
    let last = thread.messages.last();
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(thread.id()));
    put("updated_time", json!(graph_time(thread.updated())));
    put("participants", json!({"data": [person, us]}));
    put("senders", json!({"data": [person, us]}));
    put("former_participants", json!({"data": []}));
    put("unread_count", json!(thread.unread));
    put("message_count", json!(thread.messages.len()));
    let open = thread.wrote_at.is_some_and(|at| now - at <= DAY);
    put("can_reply", json!(open && !thread.blocked && !matches!(thread.owner, Owner::App(_))));
    put("is_owner", json!(thread.owner == Owner::Us));
    put("is_subscribed", json!(true));
    put("folder", json!(thread.folder));
    put("link", json!(format!("/{}/inbox/{}/", door.id(), thread.person.id)));
    put("name", json!(thread.person.name()));
    put("snippet", json!(last.map(|message| message.text.as_str())));
    put("scoped_thread_key", json!(thread.id()));
    let asked = call.params.text("fields")?.unwrap_or_default();
    if let Some((limit, inner)) = expansion(&asked, "messages") {
        let listed = thread.readable().take(limit.unwrap_or(20));
        let listed = listed.map(|message| picked(call, door, thread, message, inner));
        put("messages", json!({"data": listed.collect::<Result<Vec<_>, _>>()?}));
    }
    fields::select(call, "UnifiedThread", &object, &FIELDS, &["updated_time", "link"])
}

/// What stands behind a field: `messages.limit(5){id,message}` has a limit and fields of its own.
fn expansion<'t>(asked: &'t str, name: &str) -> Option<(Option<usize>, &'t str)> {
    let mut depth = 0_u32;
    let starts = asked.char_indices().find(|(position, c)| {
        let begins = depth == 0 && asked.get(*position..).is_some_and(|rest| rest.starts_with(name));
        match c {
            '{' | '(' => depth = depth.saturating_add(1),
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        begins
    });
    let rest = asked.get(starts?.0..)?.strip_prefix(name)?;
    if !rest.is_empty() && !rest.starts_with([',', '.', '{']) {
        return None;
    }
    let limit = rest.strip_prefix(".limit(").and_then(|text| text.split(')').next()?.parse().ok());
    let rest = rest.trim_start_matches(|c: char| c == '.' || c == '(' || c == ')' || c.is_alphanumeric());
    let inner = rest.strip_prefix('{').map_or("id,created_time", |inner| {
        let mut depth = 1_u32;
        let end = inner.char_indices().find(|(_, c)| {
            match c {
                '{' => depth = depth.saturating_add(1),
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        inner.get(..end.map_or(inner.len(), |(position, _)| position)).unwrap_or(inner)
    });
    Some((limit, inner))
}

/// The business, as conversations and messages name it.
fn business(call: &Call<'_>, door: &Door, channel: Channel) -> Value {
    let world = &call.shared.config.world;
    if let (Channel::Instagram, Some(account)) = (channel, world.instagram.first()) {
        return json!({"id": account.user_id, "username": account.username});
    }
    let page = world.pages.iter().find(|page| page.id == door.id());
    let name = page.map(|page| page.name.as_str());
    json!({"id": door.id(), "name": name, "email": format!("{}@facebook.com", door.id())})
}

/// A message with the fields asked for.
fn picked(call: &Call<'_>, door: &Door, thread: &Thread, message: &Message, asked: &str) -> Outcome {
    let (person, us) = (thread.person.named(), business(call, door, thread.person.channel));
    let (from, to) = if message.from_person { (person, us) } else { (us, person) };
    let names = fields::names(asked);
    let names = names.ok_or_else(|| GraphError::parameter("Syntax error in the fields parameter."))?;
    let mut out = Map::new();
    for name in names.into_iter().chain(["id"]) {
        if !MESSAGE_FIELDS.contains(&name) {
            let message = format!("Tried accessing nonexisting field ({name}) on node type (Message)");
            return Err(GraphError::parameter(message));
        }
        let value = match name {
            "id" => json!(message.id),
            "created_time" => json!(graph_time(message.at)),
            "from" => from.clone(),
            "to" => json!({"data": [to]}),
            "message" => json!(message.text),
            "tags" => json!({"data": [{"name": "inbox"}]}),
            "attachments" if !message.attachments.is_empty() => json!({"data": message.attachments}),
            "reply_to" if message.reply_to.is_some() => json!({"mid": message.reply_to}),
            "reactions" if message.reaction.is_some() => {
                let by = business(call, door, thread.person.channel);
                json!({"data": [{"reaction": message.reaction, "users": [by]}]})
            }
            _ => continue,
        };
        out.insert(name.to_owned(), value);
    }
    Ok(Value::Object(out))
}

#[cfg(test)]
mod tests {
    use super::expansion;

    #[test]
    fn an_expansion_has_a_limit_and_fields() {
        assert_eq!(
            expansion("id,messages.limit(5){id,from{name}},link", "messages"),
            Some((Some(5), "id,from{name}"))
        );
        assert_eq!(expansion("messages", "messages"), Some((None, "id,created_time")));
        assert_eq!(expansion("id,message_count", "messages"), None);
    }
}
