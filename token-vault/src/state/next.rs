//! Every event in every state.

use sociogram_oauth_core::{ReauthReason, Renewal};

use super::{Cascade, ConnectionState, Context, Effects, IllegalTransition, StateEvent, Transition, Verdict};
use crate::FailureClass;

use ConnectionState as State;

const NOTHING: Effects = Effects {
    shred: false,
    notify: false,
    cascade: None,
    check: false,
    check_parent: false,
    renew: false,
    report_app: false,
    alarm: false,
    chain_lost: false,
};

/// Where `event` leads from `state`.
///
/// # Errors
///
/// [`IllegalTransition`] for a pair that only a mistake of the caller can bring about.
pub(crate) fn next(
    state: State,
    event: StateEvent,
    context: &Context,
) -> Result<Transition, IllegalTransition> {
    if is_impossible(state, event, context) {
        return Err(IllegalTransition { state, event });
    }
    let transition = match event {
        // A new token set is what derived ones are made from: they follow.
        StateEvent::Reconnected => to(State::Connected, Effects { cascade: Some(Cascade::Back), ..NOTHING }),
        StateEvent::Refreshed => {
            let recovered = !state.serves();
            let effects = Effects { cascade: Some(Cascade::Back), notify: recovered, ..NOTHING };
            to(State::Connected, effects)
        }
        StateEvent::RefreshFailed(class) => refresh_failed(state, class, context),
        StateEvent::TakenOver if context.spends() => in_doubt(state),
        StateEvent::Rejected if state.serves() => to(state, Effects { check: true, ..NOTHING }),
        StateEvent::Checked(verdict) if state.serves() => checked(state, verdict, context),
        StateEvent::GrantLost(reason) => grant_lost(state, reason, context),
        StateEvent::ParentLost if state.serves() => {
            let effects = Effects { notify: true, cascade: Some(Cascade::Lost), ..NOTHING };
            to(State::BlockedByParent, effects)
        }
        StateEvent::ParentBack if state.allows_attempts() => to(state, Effects { renew: true, ..NOTHING }),
        // No refresh token was at stake, or the news is of a token that is not handed out anyway.
        StateEvent::TakenOver
        | StateEvent::Rejected
        | StateEvent::Checked(_)
        | StateEvent::ParentLost
        | StateEvent::ParentBack => stay(state),
        StateEvent::Withdrawn => end(state, State::Revoked),
        StateEvent::Disconnect => end(state, State::Disconnected),
    };
    Ok(transition)
}

fn is_impossible(state: State, event: StateEvent, context: &Context) -> bool {
    match event {
        // No attempt survives the end of a connection: that raises the generation.
        StateEvent::Refreshed | StateEvent::RefreshFailed(_) => state.is_retired(),
        // Nobody claims where attempts are not allowed.
        StateEvent::TakenOver => !state.allows_attempts(),
        StateEvent::ParentLost | StateEvent::ParentBack => !context.is_derived(),
        _ => false,
    }
}

const fn to(state: State, effects: Effects) -> Transition {
    Transition { state, effects }
}

const fn stay(state: State) -> Transition {
    to(state, NOTHING)
}

fn refresh_failed(state: State, class: FailureClass, context: &Context) -> Transition {
    if let State::NeedsReauth(_) = state {
        // The rest of an attempt that was under way. The person has been told.
        return stay(state);
    }
    match class {
        FailureClass::Terminal(reason) => ended_for_good(state, reason, context),
        FailureClass::AppConfig => to(state, Effects { report_app: true, ..NOTHING }),
        FailureClass::Throttled => stay(state),
        FailureClass::Defect => to(state, Effects { alarm: true, ..NOTHING }),
        FailureClass::Refused => refused(state, context),
        FailureClass::Ambiguous if context.spends() => in_doubt(state),
        FailureClass::NotSent | FailureClass::Transient | FailureClass::Ambiguous => {
            stay(failing(state, context))
        }
    }
}

/// A failure leaves a doubt as it is, and what is not handed out anyway. Where an extension is only hoped for,
/// nothing is wrong without one.
fn failing(state: State, context: &Context) -> State {
    match state {
        State::Connected if context.renewal != Renewal::MayExtend => State::RefreshFailing,
        other => other,
    }
}

/// A renewal ended with "this grant is no good any more".
fn ended_for_good(state: State, reason: ReauthReason, context: &Context) -> Transition {
    // The answer is what a spent refresh token gets: the attempt in doubt went through and its fruit is lost.
    if state == State::RefreshUnknown && is_what_a_spent_token_gets(reason) {
        let lost = lose(state, ReauthReason::TokenReuse, context);
        return to(lost.state, Effects { chain_lost: true, ..lost.effects });
    }
    lose(state, reason, context)
}

const fn is_what_a_spent_token_gets(reason: ReauthReason) -> bool {
    matches!(
        reason,
        ReauthReason::GrantRevoked
            | ReauthReason::GrantExpired
            | ReauthReason::TokenRejected
            | ReauthReason::TokenReuse
    )
}

/// A refusal that nobody can place: let pass until it has lasted, then the token is looked at.
fn refused(state: State, context: &Context) -> Transition {
    let state = failing(state, context);
    if !context.strikes.is_refused_for_good() {
        return stay(state);
    }
    if context.ended || !state.serves() {
        return lose(state, ReauthReason::TokenRejected, context);
    }
    to(state, Effects { check: true, ..NOTHING })
}

/// A refresh token may be spent. Whether the access token is good decides whether there is time to wait.
fn in_doubt(state: State) -> Transition {
    match state {
        State::Connected | State::RefreshFailing | State::RefreshUnknown => {
            to(State::RefreshUnknown, Effects { check: true, ..NOTHING })
        }
        other => stay(other),
    }
}

fn checked(state: State, verdict: Verdict, context: &Context) -> Transition {
    match verdict {
        Verdict::Dead(reason) if may_be_renewed(state, reason, context) => {
            to(state, Effects { renew: true, ..NOTHING })
        }
        Verdict::Dead(reason) => lose(state, reason, context),
        Verdict::Unknown if context.strikes.is_rejected_for_good() => {
            checked(state, Verdict::Dead(ReauthReason::TokenRejected), context)
        }
        // Unknown: it is handed out until it ends. Nothing but a refused renewal speaks against it.
        Verdict::Alive | Verdict::Unknown => stay(state),
    }
}

/// Whether the refresh token may be good although the access token is dead for this reason.
fn may_be_renewed(state: State, reason: ReauthReason, context: &Context) -> bool {
    if !context.outlives_its_token() || context.strikes.is_refused_for_good() {
        return false;
    }
    match reason {
        ReauthReason::TokenRejected | ReauthReason::GrantExpired => true,
        // Providers revoke the old access token at a renewal: it is worth the one try that the doubt leaves.
        ReauthReason::GrantRevoked => state == State::RefreshUnknown,
        _ => false,
    }
}

fn grant_lost(state: State, reason: ReauthReason, context: &Context) -> Transition {
    match state {
        State::NeedsReauth(_) | State::Revoked | State::Disconnected => stay(state),
        State::BlockedByParent if context.is_derived() && is_the_parents(reason) => stay(state),
        _ => lose(state, reason, context),
    }
}

/// No token is handed out from now on.
fn lose(state: State, reason: ReauthReason, context: &Context) -> Transition {
    let cascade = state.serves().then_some(Cascade::Lost);
    let effects = Effects { notify: true, cascade, ..NOTHING };
    // A Page dies with the person's token: one question to the person, not one for every Page. When the
    // person's token turns out to be good and deriving from it fails all the same, it is the Page.
    if context.is_derived() && state.serves() && is_the_parents(reason) {
        return to(State::BlockedByParent, Effects { check_parent: true, ..effects });
    }
    to(State::NeedsReauth(reason), effects)
}

/// Whether a derived token that is lost for this reason may be lost because its parent is.
const fn is_the_parents(reason: ReauthReason) -> bool {
    !matches!(
        reason,
        ReauthReason::PermissionsLost | ReauthReason::AccountMismatch | ReauthReason::LegacyToken
    )
}

fn end(state: State, target: State) -> Transition {
    if state.is_retired() {
        return stay(state);
    }
    let cascade = state.serves().then_some(Cascade::Lost);
    to(target, Effects { shred: true, notify: true, cascade, ..NOTHING })
}
