use std::error::Error as _;

use proptest::{prelude::*, sample::select};
use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{ConnectionId, ProviderId, ReauthReason, Renewal, Rotation};

use super::*;
use crate::{
    Account, ConnectionState, FailureClass, Generation, LastError, Origin, Revision, StoredToken,
    TokenRecord, schedule::Life,
};

mod entries;
mod steps;
mod warnings;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const LASTING: Renewal = Renewal::RefreshToken(Rotation::None);
const STRICT: Renewal = Renewal::RefreshToken(Rotation::Strict);
const RIPENS: Renewal = Renewal::WhileValid { min_age: DAY };

fn start() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000)
}

fn after(time: Duration) -> Timestamp {
    start().saturating_add(time)
}

/// A token set that was just stored and lives for so long; for ever if that is not said.
fn stored(kind: TokenKind, life: impl Into<Option<Duration>>) -> StoredToken {
    let mut token = TokenRecord::new(kind);
    token.expiry = life.into().map_or(Expiry::Never, |life| Expiry::At(after(life)));
    token.issued_at = Some(start());
    let account = Account::new(ProviderId::FACEBOOK, "app", "person");
    let generation = Generation::NONE.next();
    StoredToken::new(account, generation, None, token, ConnectionState::Connected, start())
}

fn generic(life: impl Into<Option<Duration>>) -> StoredToken {
    stored(TokenKind::Generic, life)
}

/// The same after a failure, with the next try at `due`.
fn failed(
    mut stored: StoredToken,
    class: FailureClass,
    state: ConnectionState,
    due: Timestamp,
) -> StoredToken {
    stored.state = state;
    stored.failures = 1;
    stored.last_error = Some(LastError::new(class, after(MINUTE)));
    stored.due_at = Some(due);
    stored
}

fn life(stored: &StoredToken, renewal: Renewal) -> Life {
    Life::of(ConnectionId::from_bytes([1; 16]), stored, renewal, None)
}

fn seen(stored: &StoredToken, renewal: Renewal) -> Seen {
    let token = refusal(stored, false).map_or_else(|| Ok(AccessToken::new("token")), Err);
    Seen::new(life(stored, renewal), stored, token)
}

/// A step in short.
#[derive(Debug, PartialEq)]
enum Told {
    Serve(Vec<Warning>),
    ServeAndRenew(Vec<Warning>),
    Renew,
    Refuse(Unusable),
    NotNow(Duration),
    Fault(ErrorKind),
}

fn told(step: Step) -> Told {
    match step {
        Step::Serve { resolved, renew } => {
            assert_eq!(resolved.token.expose(), "token");
            let warnings = resolved.warnings.iter().collect();
            if renew { Told::ServeAndRenew(warnings) } else { Told::Serve(warnings) }
        }
        Step::Renew => Told::Renew,
        Step::Refuse(error) => match (error.unusable(), error.retry_after()) {
            (Some(Unusable::NotNow), Some(wait)) => Told::NotNow(wait),
            (Some(unusable), None) => Told::Refuse(unusable),
            (None, None) => Told::Fault(error.kind()),
            other => panic!("{other:?}"),
        },
    }
}

fn step(seen: &Seen, options: &ResolveOptions, now: Timestamp) -> Told {
    told(seen.step(options, &Efforts::None, now))
}

fn plain(seen: &Seen, now: Timestamp) -> Told {
    step(seen, &ResolveOptions::new(), now)
}

const FINE: Told = Told::Serve(Vec::new());
const RENEWING: Told = Told::ServeAndRenew(Vec::new());
const OVER: Told = Told::Refuse(Unusable::NeedsReauth(ReauthReason::GrantExpired));
