//! Who gets a message.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use sociogram_api_core::Secret;

use super::Platform;
use super::rules_applied::Checks;
use crate::id::{CommentId, PostId, ScopedUserId};

/// Who gets a message (Messenger Platform: Send API; Private Replies).
#[non_exhaustive]
#[derive(Clone)]
pub enum Recipient {
    /// A person who has written to the Page or account.
    Person(ScopedUserId),
    /// Whoever wrote this comment: a private reply. **One message for each comment, within 7 days**; comments of a live
    /// video on Instagram only while it is live. It does not open the window of 24 hours, the person's answer does.
    Comment(CommentId),
    /// Whoever wrote this post on the Page, under the same rules. Messenger only.
    Post(PostId),
    /// A person who used the check box plugin; the reference that the product gave it. Messenger only.
    UserRef(String),
    /// A person by phone number, for apps that have customer matching. Messenger only.
    Phone {
        /// The number with its country, such as `+1(212)555-2368`.
        number: String,
        /// First and last name, to match better.
        name: Option<(String, String)>,
    },
    /// A person who opted in to marketing messages. Messenger only.
    OptIn(OptInToken),
}

/// The token of a person who opted in to marketing messages (`notification_messages_token`), from the webhook
/// `messaging_optins`. Whoever has it can write to the person: it is never printed.
#[derive(Clone, Debug)]
pub struct OptInToken(Secret);

impl OptInToken {
    /// From its text.
    pub fn new(token: impl Into<String>) -> Self {
        Self(Secret::new(token))
    }
}

impl Recipient {
    /// The part of the message's body.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Person(id) => json!({ "id": id }),
            Self::Comment(id) => json!({ "comment_id": id }),
            Self::Post(id) => json!({ "post_id": id }),
            Self::UserRef(reference) => json!({ "user_ref": reference }),
            Self::Phone { number, name } => {
                let mut phone = Map::new();
                phone.insert("phone_number".to_owned(), json!(number));
                if let Some((first, last)) = name {
                    phone.insert("name".to_owned(), json!({ "first_name": first, "last_name": last }));
                }
                Value::Object(phone)
            }
            Self::OptIn(token) => json!({ "notification_messages_token": token.0.expose() }),
        }
    }

    /// Whether it is a private reply, which has rules of its own.
    pub const fn is_private_reply(&self) -> bool {
        matches!(self, Self::Comment(_) | Self::Post(_))
    }

    pub(super) fn check(&self, checks: &mut Checks) {
        if !matches!(self, Self::Person(_) | Self::Comment(_)) {
            checks.only_on(&Platform::Messenger, "recipient", "Instagram knows people and comments only");
        }
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl From<ScopedUserId> for Recipient {
    fn from(person: ScopedUserId) -> Self {
        Self::Person(person)
    }
}

impl From<CommentId> for Recipient {
    fn from(comment: CommentId) -> Self {
        Self::Comment(comment)
    }
}

impl From<PostId> for Recipient {
    fn from(post: PostId) -> Self {
        Self::Post(post)
    }
}

impl From<OptInToken> for Recipient {
    fn from(token: OptInToken) -> Self {
        Self::OptIn(token)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => f.debug_tuple("Person").field(id).finish(),
            Self::Comment(id) => f.debug_tuple("Comment").field(id).finish(),
            Self::Post(id) => f.debug_tuple("Post").field(id).finish(),
            Self::UserRef(_) => f.write_str("UserRef([redacted])"),
            Self::Phone { .. } => f.write_str("Phone([redacted])"),
            Self::OptIn(_) => f.write_str("OptIn([redacted])"),
        }
    }
}

/// A person, as thread control and moderation name them. Made from their id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRef(ScopedUserId);

impl From<ScopedUserId> for PersonRef {
    fn from(person: ScopedUserId) -> Self {
        Self(person)
    }
}

impl Serialize for PersonRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "id": self.0 }).serialize(serializer)
    }
}
