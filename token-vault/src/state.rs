//! The states of a connection and how it gets from one to another. Pure: no time, no store, no provider.

use std::fmt;

use serde::{Deserialize, Serialize};
use sociogram_oauth_core::{ReauthReason, Renewal, Rotation};

use crate::{FailureClass, Strikes, Unusable};

mod next;

pub(crate) use next::next;

/// How a connection stands.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", content = "reason", rename_all = "snake_case")]
pub enum ConnectionState {
    /// Its token may be used.
    Connected,
    /// Its token may be used until it ends, with a warning: renewals fail, and are tried again.
    RefreshFailing,
    /// Its token may be used until it ends, with a warning: a renewal was sent and nobody knows what became of
    /// it, so the refresh token may be spent. It is not sent again while the access token lives.
    RefreshUnknown,
    /// The person must log in again. No token is handed out, and the provider is not asked for one.
    NeedsReauth(ReauthReason),
    /// The connection that its token is derived from (a Page's: the person's) is of no use at the moment. No token
    /// is handed out.
    BlockedByParent,
    /// The grant was withdrawn at the provider and the secrets are gone. Only a login leads out.
    Revoked,
    /// It was disconnected on purpose and its secrets are gone. Only a login leads out.
    Disconnected,
}

impl ConnectionState {
    /// One of each, the one that needs a login with every reason.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        let lost = ReauthReason::ALL.iter().map(|reason| Self::NeedsReauth(*reason));
        let others = [
            Self::Connected,
            Self::RefreshFailing,
            Self::RefreshUnknown,
            Self::BlockedByParent,
            Self::Revoked,
            Self::Disconnected,
        ];
        others.into_iter().chain(lost).collect()
    }

    /// The state in `snake_case`, without the reason: as stored, and as used in metrics labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::RefreshFailing => "refresh_failing",
            Self::RefreshUnknown => "refresh_unknown",
            Self::NeedsReauth(_) => "needs_reauth",
            Self::BlockedByParent => "blocked_by_parent",
            Self::Revoked => "revoked",
            Self::Disconnected => "disconnected",
        }
    }

    /// Every name that [`as_str`](Self::as_str) gives.
    pub(crate) const NAMES: &'static [&'static str] = &[
        "connected",
        "refresh_failing",
        "refresh_unknown",
        "needs_reauth",
        "blocked_by_parent",
        "revoked",
        "disconnected",
    ];

    /// Why the person must log in again, if that is the state.
    pub const fn reason(self) -> Option<ReauthReason> {
        match self {
            Self::NeedsReauth(reason) => Some(reason),
            _ => None,
        }
    }

    /// The state of that name; with a reason if and only if it is the one that needs a login.
    pub fn from_parts(name: &str, reason: Option<ReauthReason>) -> Option<Self> {
        let state = match (name, reason) {
            ("connected", None) => Self::Connected,
            ("refresh_failing", None) => Self::RefreshFailing,
            ("refresh_unknown", None) => Self::RefreshUnknown,
            ("needs_reauth", Some(reason)) => Self::NeedsReauth(reason),
            ("blocked_by_parent", None) => Self::BlockedByParent,
            ("revoked", None) => Self::Revoked,
            ("disconnected", None) => Self::Disconnected,
            _ => return None,
        };
        Some(state)
    }

    /// Whether its token may be handed out while it has not ended.
    pub const fn serves(self) -> bool {
        matches!(self, Self::Connected | Self::RefreshFailing | Self::RefreshUnknown)
    }

    /// Whether the provider may be asked to renew or to derive its token.
    pub const fn allows_attempts(self) -> bool {
        self.serves() || matches!(self, Self::BlockedByParent)
    }

    /// Whether its secrets are gone for good.
    pub const fn is_retired(self) -> bool {
        matches!(self, Self::Revoked | Self::Disconnected)
    }
}

impl fmt::Display for ConnectionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a resolver may do in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Hand out the token, if it has not ended.
    Serve,
    /// The same, and say that all is not well.
    ServeWithWarning(Unwell),
    /// Hand out nothing and ask nobody.
    Refuse(Unusable),
}

/// Why a token in use deserves a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unwell {
    /// Renewals fail.
    RefreshFailing,
    /// The refresh token may be spent.
    RefreshUnknown,
}

/// What a resolver may do in this state.
pub(crate) const fn gate(state: ConnectionState) -> Gate {
    match state {
        ConnectionState::Connected => Gate::Serve,
        ConnectionState::RefreshFailing => Gate::ServeWithWarning(Unwell::RefreshFailing),
        ConnectionState::RefreshUnknown => Gate::ServeWithWarning(Unwell::RefreshUnknown),
        ConnectionState::NeedsReauth(reason) => Gate::Refuse(Unusable::NeedsReauth(reason)),
        ConnectionState::BlockedByParent => Gate::Refuse(Unusable::BlockedByParent),
        ConnectionState::Revoked => Gate::Refuse(Unusable::Revoked),
        ConnectionState::Disconnected => Gate::Refuse(Unusable::Disconnected),
    }
}

/// Something that happened to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateEvent {
    /// A login brought a token set, or, for a derived token, a login of the person it is derived from.
    Reconnected,
    /// A renewal brought a token set, however late.
    Refreshed,
    /// A renewal failed.
    RefreshFailed(FailureClass),
    /// The attempt of a process that died was taken over, and it may have sent the refresh token.
    TakenOver,
    /// A client reported that the provider refuses the token (and [`Strikes::after_rejection`] counted it).
    Rejected,
    /// The provider was asked whether the token is good.
    Checked(Verdict),
    /// The grant is lost, learnt elsewhere: a deauthorize callback, an end that passed and nothing can move, a
    /// permission that is missing, the product's own judgement.
    GrantLost(ReauthReason),
    /// The connection that this one's token is derived from hands out nothing any more.
    ParentLost,
    /// The connection that this one's token is derived from has a new token, or was found to be good.
    ParentBack,
    /// The grant was withdrawn at the provider: by us, or it told us so.
    Withdrawn,
    /// Somebody disconnected it.
    Disconnect,
}

/// What the provider says about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is good.
    Alive,
    /// It is not.
    Dead(ReauthReason),
    /// The provider cannot be asked, or did not say.
    Unknown,
}

/// What else a transition depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// How its token is renewed.
    pub(crate) renewal: Renewal,
    /// Whether its token has ended.
    pub(crate) ended: bool,
    /// What happened to the token set so far, this time included.
    pub(crate) strikes: Strikes,
}

impl Context {
    /// A token that has not ended and of which nothing bad is known.
    #[cfg(test)]
    pub(crate) const fn new(renewal: Renewal) -> Self {
        Self { renewal, ended: false, strikes: Strikes::NONE }
    }

    /// Whether an unknown outcome may have used the refresh token up.
    const fn spends(&self) -> bool {
        matches!(self.renewal, Renewal::RefreshToken(Rotation::Grace(_) | Rotation::Strict))
    }

    /// Whether a new token can be had although the old one is dead.
    const fn outlives_its_token(&self) -> bool {
        matches!(self.renewal, Renewal::RefreshToken(_))
    }

    const fn is_derived(&self) -> bool {
        matches!(self.renewal, Renewal::FromParent)
    }
}

/// Where an event leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Transition {
    /// The state from now on.
    pub(crate) state: ConnectionState,
    /// What has to be done about it.
    pub(crate) effects: Effects,
}

/// What has to be done about a transition; nothing unless it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent flags, each named once")]
pub(crate) struct Effects {
    /// Delete the secrets.
    pub(crate) shred: bool,
    /// Tell the product about the new state, with the change: the person must log in, the connection is blocked
    /// or ended, or it works again without a login.
    pub(crate) notify: bool,
    /// Tell the connections derived from this one.
    pub(crate) cascade: Option<Cascade>,
    /// Ask the provider whether the token is good, and come back with [`StateEvent::Checked`].
    pub(crate) check: bool,
    /// Check the connection it is derived from; if that one is good, come back with
    /// [`StateEvent::ParentBack`].
    pub(crate) check_parent: bool,
    /// Get a new token now.
    pub(crate) renew: bool,
    /// Count it against the app: every connection of it is affected.
    pub(crate) report_app: bool,
    /// Tell whoever runs the program: this is a defect.
    pub(crate) alarm: bool,
    /// The successor of a refresh token was lost. Count it, and tell the product.
    pub(crate) chain_lost: bool,
}

/// What to tell the connections derived from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cascade {
    /// [`StateEvent::ParentLost`].
    Lost,
    /// [`StateEvent::ParentBack`].
    Back,
}

/// An event that cannot happen in a state; nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen to a connection in the state {state}")]
pub(crate) struct IllegalTransition {
    /// The state.
    pub(crate) state: ConnectionState,
    /// What is said to have happened.
    pub(crate) event: StateEvent,
}

#[cfg(test)]
mod tests;
