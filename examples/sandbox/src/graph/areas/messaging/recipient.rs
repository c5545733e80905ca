//! Who a message goes to, and whether it may.

use serde_json::{Map, Value};

use super::{
    super::super::{Call, answer::GraphError},
    COMMENTER, Channel, DAY, INSTAGRAM_COMMENT, INSTAGRAM_COMMENTER, LOST_PERSON, OPT_IN_TOKEN, VISITOR_POST,
    door::Door,
    inbox::{Owner, Thread},
};

/// How long after a person wrote they may be written to, in seconds.
const WINDOW: i64 = DAY;
/// How long a human may answer, and a comment be answered in private, in seconds.
const HUMAN_WINDOW: i64 = 7 * DAY;

/// Who is written to.
#[derive(Debug)]
pub(super) enum Recipient {
    /// Somebody by their id.
    Person(&'static str),
    /// Whoever wrote a comment or a visitor's post.
    Private {
        /// Of the comment or the post.
        about: String,
        /// Who wrote it.
        person: &'static str,
    },
    /// Somebody who agreed to get such messages.
    OptedIn(&'static str),
    /// Somebody whose id stays unknown: of the plugin, or with this phone number.
    Unnamed,
}

impl Recipient {
    /// Reads the parameter.
    pub(super) fn read(call: &Call<'_>, door: &Door) -> Result<Self, GraphError> {
        let wrong = || GraphError::parameter("Param recipient must be an object with one id.");
        let value = call.params.structure("recipient")?;
        let value = value.ok_or_else(|| GraphError::parameter("The parameter recipient is required."))?;
        let object = value.as_object().ok_or_else(wrong)?;
        let mut names = object.keys().map(String::as_str).filter(|name| *name != "name");
        let (Some(kind), None) = (names.next(), names.next()) else { return Err(wrong()) };
        if object.contains_key("name") && kind != "phone_number" {
            return Err(GraphError::parameter("Only a phone_number may come with a name."));
        }
        let id = text(object, kind).ok_or_else(wrong)?;
        match kind {
            "id" => person(call, door, &id).map(Self::Person),
            "comment_id" | "post_id" => private(call, door, kind, id),
            "notification_messages_token" if id == OPT_IN_TOKEN => Ok(Self::OptedIn(LOST_PERSON)),
            "notification_messages_token" => {
                Err(GraphError::parameter("The notification messages token is not valid."))
            }
            "user_ref" | "phone_number" if matches!(door, Door::Account { .. }) => Err(wrong()),
            "phone_number" if !is_phone_number(&id) => Err(unknown_person(Channel::Messenger)),
            "user_ref" | "phone_number" => Ok(Self::Unnamed),
            other => Err(GraphError::parameter(format!("Invalid keys \"{other}\" were found in recipient."))),
        }
    }

    pub(super) fn person(&self) -> Option<&'static str> {
        match self {
            Self::Person(id) | Self::OptedIn(id) | Self::Private { person: id, .. } => Some(id),
            Self::Unnamed => None,
        }
    }
}

/// Text, or a number as its digits.
fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.trim_start_matches('+').chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')'));
    let digits: Vec<char> = digits.collect();
    (7..=15).contains(&digits.len()) && digits.iter().all(char::is_ascii_digit)
}

fn unknown_person(channel: Channel) -> GraphError {
    match channel {
        Channel::Messenger => GraphError::parameter("No matching user found").subcode(2_018_001),
        Channel::Instagram => GraphError::parameter("The requested user cannot be found.").subcode(2_534_014),
    }
}

/// Somebody this inbox knows.
pub(super) fn person(call: &Call<'_>, door: &Door, id: &str) -> Result<&'static str, GraphError> {
    let channel = match door {
        Door::Page { .. } => Channel::Messenger,
        Door::Account { .. } => Channel::Instagram,
    };
    let thread = call.state.areas.messaging.threads.get(id);
    let thread = thread.filter(|thread| door.reaches(call, thread.person.channel));
    thread.map(|thread| thread.person.id).ok_or_else(|| unknown_person(channel))
}

fn private(call: &Call<'_>, door: &Door, kind: &str, about: String) -> Result<Recipient, GraphError> {
    let unknown = || GraphError::parameter(format!("Invalid {kind}: {about}")).subcode(2_018_001);
    let held = &call.state.areas.messaging;
    let of_instagram = about == INSTAGRAM_COMMENT;
    let made = match held.comments.get(about.as_str()) {
        Some(at) => Some(*at),
        None => comment_on_own_post(call, &about),
    };
    let made = made.filter(|_| (kind == "post_id") == (about == VISITOR_POST)).ok_or_else(unknown)?;
    let channel = if of_instagram { Channel::Instagram } else { Channel::Messenger };
    if !door.reaches(call, channel) {
        return Err(unknown());
    }
    if held.replied.contains(&about) {
        return Err(GraphError::new(400, 10_900, "(#10900) Activity already replied to"));
    }
    if call.state.now_seconds() - made > HUMAN_WINDOW {
        let message = "(#10900) The time allowed for a private reply to this activity has passed";
        return Err(GraphError::new(400, 10_900, message));
    }
    let person = if of_instagram { INSTAGRAM_COMMENTER } else { COMMENTER };
    Ok(Recipient::Private { about, person })
}

/// A comment that a webhook told about: `{post}_{number}`, at most as old as the post.
fn comment_on_own_post(call: &Call<'_>, id: &str) -> Option<i64> {
    let (post, number) = id.split_once('_')?;
    let number: u64 = number.parse().ok()?;
    let known = (1..=call.state.next_number).contains(&number);
    let mut posts = call.state.posts.iter().filter(|known| !known.deleted);
    let post = posts.find(|known| known.id.rsplit('_').next() == Some(post))?;
    known.then_some(post.created_at)
}

/// What allows a message outside of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Nothing.
    None,
    /// A human answers.
    Human,
    /// A reviewed template, an opt-in or a private reply.
    Always,
}

/// Refuses a message to somebody who may not be written to now.
pub(super) fn check_window(thread: &Thread, pass: Pass, now: i64) -> Result<(), GraphError> {
    if thread.blocked {
        return Err(
            GraphError::new(400, 551, "(#551) This person isn't available right now.").subcode(1_545_041)
        );
    }
    let channel = thread.person.channel;
    if matches!(thread.owner, Owner::App(_)) {
        let message = "Message failed to send because another app is controlling this thread now.";
        return Err(match channel {
            Channel::Messenger => GraphError::new(400, 10, format!("(#10) {message}")).subcode(2_018_300),
            Channel::Instagram => GraphError::parameter(message).subcode(2_534_037),
        });
    }
    let limit = match pass {
        Pass::Always => return Ok(()),
        Pass::Human => HUMAN_WINDOW,
        Pass::None => WINDOW,
    };
    if thread.wrote_at.is_some_and(|at| now - at <= limit) {
        return Ok(());
    }
    let message = "(#10) This message is sent outside of allowed window. Learn more about the new policy here: \
                   https://developers.facebook.com/docs/messenger-platform/policy-overview";
    let subcode = if channel == Channel::Messenger { 2_018_278 } else { 2_534_022 };
    Err(GraphError::new(400, 10, message).subcode(subcode))
}
