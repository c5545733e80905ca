//! Polls (LinkedIn: Poll API).

use serde::{Deserialize, Serialize};
use sociogram_api_core::open_enum;

use crate::lenient;

open_enum! {
    /// How long a poll is open.
    pub enum PollDuration {
        /// One day.
        OneDay = "ONE_DAY",
        /// Three days.
        ThreeDays = "THREE_DAYS",
        /// Seven days.
        SevenDays = "SEVEN_DAYS",
        /// Fourteen days.
        FourteenDays = "FOURTEEN_DAYS",
    }
}

open_enum! {
    /// How many options a member may choose.
    pub enum VoteSelection {
        /// One.
        Single = "SINGLE_VOTE",
        /// Several; not supported when creating.
        Multiple = "MULTIPLE_VOTE",
    }
}

/// A question with answers to vote for.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// The question, 1 to 140 UTF-16 units.
    pub question: String,
    /// 2 to 4 options.
    pub options: Vec<PollOption>,
    /// How it is voted.
    pub settings: PollSettings,
    /// How many members voted; read only.
    #[serde(default, deserialize_with = "lenient::integer", skip_serializing_if = "Option::is_none")]
    pub unique_voters_count: Option<i64>,
}

/// An answer to vote for.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PollOption {
    /// The answer, 1 to 30 UTF-16 units.
    pub text: String,
    /// How many votes it has; read only.
    #[serde(default, deserialize_with = "lenient::integer", skip_serializing_if = "Option::is_none")]
    pub vote_count: Option<i64>,
}

/// How a poll is voted.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PollSettings {
    /// How long it is open.
    pub duration: PollDuration,
    /// How many options a member may choose.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub vote_selection_type: Option<VoteSelection>,
    /// Whether the author sees who voted.
    #[serde(default, deserialize_with = "lenient::boolean", skip_serializing_if = "Option::is_none")]
    pub is_voter_visible_to_author: Option<bool>,
}

impl Poll {
    /// A poll as LinkedIn takes it: one vote for each member, and the author sees who voted.
    pub fn new<T: Into<String>>(
        question: impl Into<String>,
        options: impl IntoIterator<Item = T>,
        duration: PollDuration,
    ) -> Self {
        let option = |text: T| PollOption { text: text.into(), vote_count: None };
        Self {
            question: question.into(),
            options: options.into_iter().map(option).collect(),
            settings: PollSettings {
                duration,
                vote_selection_type: Some(VoteSelection::Single),
                is_voter_visible_to_author: Some(true),
            },
            unique_voters_count: None,
        }
    }
}
