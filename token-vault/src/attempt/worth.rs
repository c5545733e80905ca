//! Whether an attempt is to be made. Pure: the time is passed in.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{Renewal, Rotation};

use crate::{ConnectionState, Phase, StoredToken, schedule::Life};

/// A token that has lived less than this part of its life is not replaced before it is due: the caller has read
/// what was stored before it, or wants a longer life than the provider gives.
const YOUNG: u32 = 10;

/// Whether the provider is to be asked for a new token set now. `call`: how long the call of an earlier attempt
/// and writing down its failure may have taken.
pub(super) fn is_worth_trying(
    life: &Life,
    stored: &StoredToken,
    force: bool,
    call: Duration,
    now: Timestamp,
) -> bool {
    if !life.state.allows_attempts() || !life.can_renew(now) || !may_send(life, stored, call, now) {
        return false;
    }
    if force {
        return true;
    }
    if life.is_backing_off(now) {
        return false;
    }
    life.state != ConnectionState::Connected
        || life.is_ended(now)
        || life.renew_at().is_some_and(|at| at <= now)
        || (life.renewal != Renewal::MayExtend && has_aged(life, now))
}

/// Whether the refresh token may be sent: not while it may be spent and there is something to lose.
pub(super) fn may_send(life: &Life, stored: &StoredToken, call: Duration, now: Timestamp) -> bool {
    let since = match life.renewal {
        Renewal::RefreshToken(Rotation::Grace(_)) => first_use(stored, call),
        _ => life.state_since,
    };
    Life { state_since: since, ..*life }.may_send_in_doubt(now)
}

/// Since when a refresh token in doubt may be spent, at the earliest: the provider's time of grace begins then.
fn first_use(stored: &StoredToken, call: Duration) -> Timestamp {
    // Written down after the call.
    let failed = began_with_a_failure(stored).then(|| stored.state_since.saturating_sub(call));
    let lease =
        stored.lease.filter(|lease| lease.phase == Phase::Sent && lease.generation == stored.generation);
    let claimed = lease.map(|lease| lease.started_at);
    [failed, claimed].into_iter().flatten().min().unwrap_or(Timestamp::from_unix_millis(i64::MIN))
}

/// Whether the doubt was stored as the failure of a call, and not when somebody else's attempt was taken over.
pub(super) fn began_with_a_failure(stored: &StoredToken) -> bool {
    stored.last_error.is_some_and(|error| error.at >= stored.state_since)
}

fn has_aged(life: &Life, now: Timestamp) -> bool {
    life.clocks.token.at().is_some_and(|end| {
        let whole = end.saturating_duration_since(life.issued_at);
        now.saturating_duration_since(life.issued_at) >= whole / YOUNG
    })
}
