//! An event of the outbox as the API shows it: what became of it, never what is in it.

use serde::Serialize;
use sociogram::{
    api_core::Timestamp,
    capi::outbox::{Entry, EntryId, EntryState, Fate, Platform},
    oauth_core::ConnectionId,
};

use crate::{incoming, problem::Problem};

/// The word of the API for a platform.
pub(crate) fn word(platform: Platform) -> &'static str {
    match platform {
        Platform::LinkedIn => "linkedin",
        other => other.as_str(),
    }
}

/// The platform with this word.
pub(crate) fn platform_from(text: &str) -> Result<Platform, Problem> {
    Platform::ALL.into_iter().find(|platform| word(*platform) == text).ok_or_else(|| {
        Problem::invalid(format!("platform: {} is none", incoming::shown(text)), "take meta or linkedin")
    })
}

/// What is known of one event.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: EntryId,
    /// `meta` or `linkedin`.
    pub(crate) platform: &'static str,
    pub(crate) connection: ConnectionId,
    /// The dataset; `None` at LinkedIn.
    pub(crate) target: Option<String>,
    /// The name; at LinkedIn the rule.
    pub(crate) name: String,
    pub(crate) event_id: Option<String>,
    pub(crate) event_time: Timestamp,
    pub(crate) state: EntryState,
    pub(crate) fate: Option<ShownFate>,
    /// How often it was begun since it was added or replayed.
    pub(crate) attempts: u32,
    pub(crate) replays: u32,
    /// The latest attempts that brought no fate, the last one last.
    pub(crate) history: Vec<Tried>,
    pub(crate) added_at: Timestamp,
    /// When it is tried next, or its lease ends.
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
    /// Until when the platform takes it.
    pub(crate) expires_at: Timestamp,
    /// Whether there is something left to be sent.
    pub(crate) has_content: bool,
}

/// An attempt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tried {
    pub(crate) at: Timestamp,
    pub(crate) reason: String,
}

/// What became of an event, and what to do about it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ShownFate {
    pub(crate) reason: Option<String>,
    pub(crate) advice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subcode: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// The id of the exchange, for the platform's support.
    pub(crate) trace: Option<String>,
}

const DOUBT: &str =
    "look at the platform whether it was counted; replay it only if counting twice is better than not at all";

impl From<Fate> for ShownFate {
    fn from(fate: Fate) -> Self {
        let none = Self { reason: None, advice: None, code: None, subcode: None, field: None, trace: None };
        match fate {
            Fate::Sent { trace } => Self { trace, ..none },
            Fate::Rejected { code, subcode, field, reason, advice, trace } => {
                Self { reason: Some(reason), advice: Some(advice), code, subcode, field, trace }
            }
            Fate::InDoubt { reason, trace } => {
                Self { reason: Some(reason), advice: Some(DOUBT.to_owned()), trace, ..none }
            }
            _ => Self { reason: Some("unknown to this version of the server".to_owned()), ..none },
        }
    }
}

impl From<Entry> for Shown {
    fn from(entry: Entry) -> Self {
        let attempts =
            entry.history.into_iter().map(|attempt| Tried { at: attempt.at, reason: attempt.reason });
        Self {
            id: entry.id,
            platform: word(entry.route.platform),
            connection: entry.route.connection,
            target: Some(entry.route.target).filter(|target| !target.is_empty()),
            name: entry.event.name,
            event_id: entry.event.event_id,
            event_time: entry.event.event_time,
            state: entry.state,
            fate: entry.fate.map(ShownFate::from),
            attempts: entry.attempts,
            replays: entry.replays,
            history: attempts.collect(),
            added_at: entry.added_at,
            due_at: entry.due_at,
            finished_at: entry.finished_at,
            expires_at: entry.event.expires_at,
            has_content: !entry.event.json.is_empty(),
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    pub(crate) conversions: Vec<Shown>,
    /// What to send as `after` for the next page.
    pub(crate) next: Option<EntryId>,
}
