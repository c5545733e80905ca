//! Who has written, and what was said.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    BLOCKING_PERSON, COMMENTER, Channel, DAY, HOUR, INSTAGRAM_COMMENTER, INSTAGRAM_PERSON,
    LATE_INSTAGRAM_PERSON, LATE_PERSON, LOST_INSTAGRAM_PERSON, LOST_PERSON, PERSON, PHONE_PERSON,
};

/// Somebody who can be written to.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) channel: Channel,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    /// Of Instagram.
    pub(super) username: &'static str,
    /// Whether they are known to the Page by more than a phone number.
    pub(super) has_profile: bool,
    /// How long before the start they wrote last, in seconds.
    wrote: Option<i64>,
    /// How many messages they had written by then.
    messages: i64,
}

const fn person(id: &'static str, channel: Channel, name: (&'static str, &'static str)) -> Person {
    Person {
        id,
        channel,
        first_name: name.0,
        last_name: name.1,
        username: "",
        has_profile: true,
        wrote: Some(HOUR),
        messages: 2,
    }
}

static PEOPLE: [Person; 10] = [
    Person { messages: 25, ..person(PERSON, Channel::Messenger, ("Grace", "Visitor")) },
    Person { wrote: Some(3 * DAY), ..person(LATE_PERSON, Channel::Messenger, ("Henry", "Visitor")) },
    Person { wrote: Some(40 * DAY), ..person(LOST_PERSON, Channel::Messenger, ("Ida", "Visitor")) },
    person(BLOCKING_PERSON, Channel::Messenger, ("Jack", "Visitor")),
    Person { has_profile: false, ..person(PHONE_PERSON, Channel::Messenger, ("Kim", "Visitor")) },
    Person { wrote: None, messages: 0, ..person(COMMENTER, Channel::Messenger, ("Sandbox", "Visitor")) },
    Person { username: "lena.visits", ..person(INSTAGRAM_PERSON, Channel::Instagram, ("Lena", "Visitor")) },
    Person {
        username: "milo.visits",
        wrote: Some(3 * DAY),
        ..person(LATE_INSTAGRAM_PERSON, Channel::Instagram, ("Milo", "Visitor"))
    },
    Person {
        username: "nina.visits",
        wrote: Some(40 * DAY),
        ..person(LOST_INSTAGRAM_PERSON, Channel::Instagram, ("Nina", "Visitor"))
    },
    Person {
        username: "olaf.visits",
        wrote: None,
        messages: 0,
        ..person(INSTAGRAM_COMMENTER, Channel::Instagram, ("Olaf", "Visitor"))
    },
];

impl Person {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// As conversations and messages name them.
    pub(super) fn named(&self) -> Value {
        match self.channel {
            Channel::Messenger => {
                json!({"id": self.id, "name": self.name(), "email": format!("{}@facebook.com", self.id)})
            }
            Channel::Instagram => json!({"id": self.id, "username": self.username}),
        }
    }
}

/// One message.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    pub(super) id: String,
    /// Unix seconds.
    pub(super) at: i64,
    /// Whether the person wrote it, not the business.
    pub(super) from_person: bool,
    pub(super) text: String,
    /// As conversations show them.
    pub(super) attachments: Vec<Value>,
    pub(super) reply_to: Option<String>,
    /// What the business reacted with.
    pub(super) reaction: Option<String>,
}

/// What was said with one person.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) person: &'static Person,
    /// Oldest first.
    pub(super) messages: Vec<Message>,
    /// When the person wrote last, in unix seconds.
    pub(super) wrote_at: Option<i64>,
    pub(super) unread: usize,
    pub(super) folder: &'static str,
    /// The app that controls it, and until when; `None` for this app.
    pub(super) owner: Owner,
    /// Added to the end of the control, in seconds.
    pub(super) extended: i64,
    /// The person has blocked the business, or the business the person.
    pub(super) blocked: bool,
}

/// Which app may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// This app.
    Us,
    /// Another one.
    App(String),
    /// None: the next one that writes.
    Nobody,
}

impl Thread {
    pub(super) fn id(&self) -> String {
        match self.person.channel {
            Channel::Messenger => format!("t_{}", self.person.id),
            Channel::Instagram => format!("aWdf{}", self.person.id),
        }
    }

    /// When the last message was written, in unix seconds.
    pub(super) fn updated(&self) -> i64 {
        self.messages.last().map_or(0, |message| message.at)
    }

    /// The person writes: what opens the window.
    pub(super) fn person_writes(&mut self, id: String, at: i64, text: String) {
        self.messages.push(Message { id, at, from_person: true, text, ..Message::default() });
        self.wrote_at = Some(at);
        self.unread = self.unread.saturating_add(1);
    }

    /// The messages that can still be read: the newest twenty, newest first.
    pub(super) fn readable(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev().take(20)
    }
}

/// Everybody, with what they had written before the sandbox started.
pub(super) fn furnished(now: i64) -> BTreeMap<&'static str, Thread> {
    let mut threads = BTreeMap::new();
    for person in &PEOPLE {
        let mut thread = Thread {
            person,
            messages: Vec::new(),
            wrote_at: None,
            unread: 0,
            folder: if person.id == LOST_INSTAGRAM_PERSON { "pending" } else { "inbox" },
            owner: Owner::Us,
            extended: 0,
            blocked: person.id == BLOCKING_PERSON,
        };
        for number in 1..=person.messages {
            let at = now - person.wrote.unwrap_or_default() - 60 * (person.messages - number);
            let id = format!("m_{}.{number}", person.id);
            thread.person_writes(id, at, format!("Message {number} of {}", person.first_name));
        }
        threads.insert(person.id, thread);
    }
    threads
}

pub(super) fn looks_like_conversation(id: &str) -> bool {
    id.starts_with("t_") || id.starts_with("aWdf")
}

pub(super) fn looks_like_message(id: &str) -> bool {
    id.starts_with("m_")
}
