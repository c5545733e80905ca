use std::time::Duration;

use proptest::{prelude::*, sample::select};
use sociogram_api_core::Timestamp;

use super::*;
use crate::VaultError;

mod matrix;

const STRICT: Renewal = Renewal::RefreshToken(Rotation::Strict);
const LASTING: Renewal = Renewal::RefreshToken(Rotation::None);

fn renewals() -> Vec<Renewal> {
    vec![
        Renewal::NotNeeded,
        Renewal::ExchangeNow,
        Renewal::WhileValid { min_age: Duration::ZERO },
        Renewal::MayExtend,
        LASTING,
        Renewal::RefreshToken(Rotation::Grace(Duration::from_secs(10))),
        STRICT,
        Renewal::FromParent,
        Renewal::FromApp,
        Renewal::Login,
    ]
}

fn events() -> Vec<StateEvent> {
    let mut events = vec![
        StateEvent::Reconnected,
        StateEvent::Refreshed,
        StateEvent::TakenOver,
        StateEvent::Rejected,
        StateEvent::Checked(Verdict::Alive),
        StateEvent::Checked(Verdict::Unknown),
        StateEvent::ParentLost,
        StateEvent::ParentBack,
        StateEvent::Withdrawn,
        StateEvent::Disconnect,
    ];
    events.extend(FailureClass::all().into_iter().map(StateEvent::RefreshFailed));
    for reason in ReauthReason::ALL {
        events.extend([StateEvent::GrantLost(*reason), StateEvent::Checked(Verdict::Dead(*reason))]);
    }
    events
}

fn strikes() -> Vec<Strikes> {
    let at = |minutes: i64| Timestamp::from_unix_seconds(60 * minutes);
    let refused = [0, 35, 70]
        .into_iter()
        .fold(Strikes::NONE, |strikes, time| strikes.after_failure(FailureClass::Refused, at(time)));
    let rejected = Strikes::NONE.after_rejection(at(0)).unwrap().after_rejection(at(5)).unwrap();
    assert!(refused.is_refused_for_good() && rejected.is_rejected_for_good());
    vec![Strikes::NONE, refused, rejected]
}

fn contexts() -> impl Strategy<Value = Context> {
    (select(renewals()), any::<bool>(), select(strikes())).prop_map(|(renewal, ended, strikes)| Context {
        renewal,
        ended,
        strikes,
    })
}

/// Every context, state and event there is: the space is small enough to look at all of it.
fn everything(mut look: impl FnMut(Context, ConnectionState, StateEvent)) {
    for renewal in renewals() {
        for ended in [false, true] {
            for strikes in strikes() {
                for state in ConnectionState::all() {
                    for event in events() {
                        look(Context { renewal, ended, strikes }, state, event);
                    }
                }
            }
        }
    }
}

fn asks_a_provider(effects: Effects) -> bool {
    effects.check || effects.renew
}

#[test]
fn a_login_leads_to_connected_from_everywhere() {
    everything(|context, state, event| {
        if event == StateEvent::Reconnected {
            let transition = next(state, event, &context).unwrap();
            assert_eq!(transition.state, ConnectionState::Connected);
            assert_eq!(transition.effects, Effects { cascade: Some(Cascade::Back), ..Effects::default() });
        }
    });
}

#[test]
fn a_connection_that_needs_a_login_never_costs_a_provider_call() {
    everything(|context, state, event| {
        let Ok(Transition { state: after, effects }) = next(state, event, &context) else { return };
        if matches!(after, ConnectionState::NeedsReauth(_)) || after.is_retired() {
            assert!(!asks_a_provider(effects), "{state:?} {event:?}");
            assert!(!after.allows_attempts());
            assert!(matches!(gate(after), Gate::Refuse(_)));
        }
    });
}

#[test]
fn a_connection_that_needs_a_login_is_healed_by_one_or_by_a_late_success_alone() {
    everything(|context, state, event| {
        let ConnectionState::NeedsReauth(_) = state else { return };
        let Ok(Transition { state: after, .. }) = next(state, event, &context) else { return };
        let expected = match event {
            StateEvent::Reconnected | StateEvent::Refreshed => ConnectionState::Connected,
            StateEvent::Withdrawn => ConnectionState::Revoked,
            StateEvent::Disconnect => ConnectionState::Disconnected,
            _ => state,
        };
        assert_eq!(after, expected, "{event:?}");
    });
}

#[test]
fn a_connection_that_ended_is_left_by_a_login_alone() {
    everything(|context, state, event| {
        if state.is_retired() && event != StateEvent::Reconnected {
            let after = next(state, event, &context).map_or(state, |transition| {
                assert_eq!(transition.effects, Effects::default(), "{event:?}");
                transition.state
            });
            assert_eq!(after, state, "{event:?}");
        }
    });
}

#[test]
fn secrets_are_deleted_when_a_connection_ends_and_at_no_other_time() {
    everything(|context, state, event| {
        let Ok(Transition { state: after, effects }) = next(state, event, &context) else { return };
        assert_eq!(effects.shred, after.is_retired() && !state.is_retired(), "{state:?} {event:?}");
    });
}

#[test]
fn the_product_is_told_whenever_a_token_is_handed_out_no_more_or_again() {
    everything(|context, state, event| {
        let Ok(Transition { state: after, effects }) = next(state, event, &context) else { return };
        let login = event == StateEvent::Reconnected;
        let told = state.as_str() != after.as_str() && !(state.serves() && after.serves()) && !login;
        assert_eq!(effects.notify, told, "{state:?} {event:?} {after:?}");
        // Two blocked states in a row are one block; what was not handed out is not lost again.
        let lost = state.serves() && !after.serves();
        assert_eq!(effects.cascade == Some(Cascade::Lost), lost, "{state:?} {event:?}");
        let renewed = matches!(event, StateEvent::Reconnected | StateEvent::Refreshed);
        assert_eq!(effects.cascade == Some(Cascade::Back), renewed, "{state:?} {event:?}");
    });
}

#[test]
fn the_fault_of_the_app_changes_no_connection() {
    everything(|context, state, event| {
        if let (StateEvent::RefreshFailed(FailureClass::AppConfig), true) = (event, state.allows_attempts()) {
            let transition = next(state, event, &context).unwrap();
            assert_eq!(transition.state, state);
            assert_eq!(transition.effects, Effects { report_app: true, ..Effects::default() });
        }
    });
}

#[test]
fn an_extension_that_is_only_hoped_for_may_fail() {
    for class in [FailureClass::NotSent, FailureClass::Transient, FailureClass::Ambiguous] {
        let failed = StateEvent::RefreshFailed(class);
        let after = |renewal| next(ConnectionState::Connected, failed, &Context::new(renewal)).unwrap().state;
        assert_eq!(after(Renewal::MayExtend), ConnectionState::Connected);
        assert_eq!(after(LASTING), ConnectionState::RefreshFailing);
    }
}

#[test]
fn only_a_refresh_token_that_is_good_once_gets_in_doubt() {
    everything(|context, state, event| {
        let Ok(Transition { state: after, .. }) = next(state, event, &context) else { return };
        if after == ConnectionState::RefreshUnknown && state != after {
            assert!(context.spends(), "{:?} {event:?}", context.renewal);
            assert!(matches!(
                event,
                StateEvent::TakenOver | StateEvent::RefreshFailed(FailureClass::Ambiguous)
            ));
        }
    });
}

#[test]
fn a_doubt_ends_with_a_success_or_a_loss() {
    everything(|context, state, event| {
        if state != ConnectionState::RefreshUnknown {
            return;
        }
        let Ok(Transition { state: after, .. }) = next(state, event, &context) else { return };
        assert_ne!(after, ConnectionState::RefreshFailing, "{event:?}");
        if after == ConnectionState::Connected {
            assert!(matches!(event, StateEvent::Reconnected | StateEvent::Refreshed), "{event:?}");
        }
    });
}

#[test]
fn the_answer_that_a_spent_refresh_token_gets_is_a_lost_chain() {
    let refused = StateEvent::RefreshFailed(FailureClass::Terminal(ReauthReason::GrantRevoked));
    let context = Context { ended: true, ..Context::new(STRICT) };
    let transition = next(ConnectionState::RefreshUnknown, refused, &context).unwrap();
    assert_eq!(transition.state, ConnectionState::NeedsReauth(ReauthReason::TokenReuse));
    assert!(transition.effects.chain_lost);
    // The person's own doing is no lost chain.
    let removed = StateEvent::RefreshFailed(FailureClass::Terminal(ReauthReason::AppRemoved));
    let transition = next(ConnectionState::RefreshUnknown, removed, &context).unwrap();
    assert_eq!(transition.state, ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert!(!transition.effects.chain_lost);
    // Without a doubt it is the person's, too.
    let transition = next(ConnectionState::RefreshFailing, refused, &context).unwrap();
    assert_eq!(transition.state, ConnectionState::NeedsReauth(ReauthReason::GrantRevoked));
}

#[test]
fn a_refusal_that_a_client_reports_leads_to_a_check_and_to_no_state_of_its_own() {
    for state in [ConnectionState::Connected, ConnectionState::RefreshFailing] {
        let mut context = Context::new(Renewal::MayExtend);
        let rejected = next(state, StateEvent::Rejected, &context).unwrap();
        assert_eq!(rejected, Transition { state, effects: Effects { check: true, ..Effects::default() } });
        let unknown = StateEvent::Checked(Verdict::Unknown);
        // One refusal of a provider that answers no questions may be the trouble of a fresh token.
        assert_eq!(next(state, unknown, &context).unwrap().state, state);
        context.strikes = *strikes().last().unwrap();
        let lost = ConnectionState::NeedsReauth(ReauthReason::TokenRejected);
        assert_eq!(next(state, unknown, &context).unwrap().state, lost);
        // A refresh token is tried before the person is asked.
        context.renewal = LASTING;
        let renewed = next(state, unknown, &context).unwrap();
        assert_eq!(renewed, Transition { state, effects: Effects { renew: true, ..Effects::default() } });
    }
}

#[test]
fn an_unknown_refusal_is_temporary_then_checked_and_lost_with_the_tokens_end() {
    let refused = StateEvent::RefreshFailed(FailureClass::Refused);
    let for_good = strikes()[1];
    let first = next(ConnectionState::Connected, refused, &Context::new(LASTING)).unwrap();
    assert_eq!(first, Transition { state: ConnectionState::RefreshFailing, effects: Effects::default() });
    let mut context = Context { strikes: for_good, ..Context::new(LASTING) };
    let third = next(ConnectionState::RefreshFailing, refused, &context).unwrap();
    assert_eq!((third.state, third.effects.check), (ConnectionState::RefreshFailing, true));
    let dead = StateEvent::Checked(Verdict::Dead(ReauthReason::GrantExpired));
    let dead = next(third.state, dead, &context).unwrap();
    assert_eq!(dead.state, ConnectionState::NeedsReauth(ReauthReason::GrantExpired));
    for verdict in [Verdict::Alive, Verdict::Unknown] {
        // The token itself is not refused: it works until it ends.
        assert_eq!(next(third.state, StateEvent::Checked(verdict), &context).unwrap().state, third.state);
    }
    context.ended = true;
    let lost = next(third.state, refused, &context).unwrap();
    assert_eq!(lost.state, ConnectionState::NeedsReauth(ReauthReason::TokenRejected));
}

#[test]
fn one_lost_person_is_one_question_and_the_pages_follow_them_back() {
    let (person, page) = (Context::new(Renewal::MayExtend), Context::new(Renewal::FromParent));
    let changed = ReauthReason::PasswordChanged;
    // A page notices first: the person is looked at, and nobody is asked to log in for the page.
    let dead = next(ConnectionState::Connected, StateEvent::Checked(Verdict::Dead(changed)), &page).unwrap();
    assert_eq!(dead.state, ConnectionState::BlockedByParent);
    assert!(dead.effects.check_parent && !asks_a_provider(dead.effects));
    let lost =
        next(ConnectionState::Connected, StateEvent::Checked(Verdict::Dead(changed)), &person).unwrap();
    assert_eq!(lost.state, ConnectionState::NeedsReauth(changed));
    assert_eq!((lost.effects.notify, lost.effects.cascade), (true, Some(Cascade::Lost)));
    // The other pages are told, the first one again.
    for state in
        [ConnectionState::Connected, ConnectionState::RefreshFailing, ConnectionState::BlockedByParent]
    {
        let blocked = next(state, StateEvent::ParentLost, &page).unwrap();
        assert_eq!(
            (blocked.state, blocked.effects.notify),
            (ConnectionState::BlockedByParent, state.serves())
        );
    }
    let back = next(lost.state, StateEvent::Reconnected, &person).unwrap();
    assert_eq!(back.effects.cascade, Some(Cascade::Back));
    let follows = next(ConnectionState::BlockedByParent, StateEvent::ParentBack, &page).unwrap();
    assert_eq!((follows.state, follows.effects.renew), (ConnectionState::BlockedByParent, true));
    let derived = next(follows.state, StateEvent::Refreshed, &page).unwrap();
    assert_eq!((derived.state, derived.effects.notify), (ConnectionState::Connected, true));
}

#[test]
fn a_page_that_cannot_be_derived_from_a_good_person_is_itself_lost() {
    let page = Context::new(Renewal::FromParent);
    for reason in ReauthReason::ALL {
        let failed = StateEvent::RefreshFailed(FailureClass::Terminal(*reason));
        let lost = next(ConnectionState::BlockedByParent, failed, &page).unwrap();
        assert_eq!(lost.state, ConnectionState::NeedsReauth(*reason));
        assert!(lost.effects.notify && !lost.effects.check_parent, "{reason}");
    }
    let role = StateEvent::GrantLost(ReauthReason::PermissionsLost);
    let lost = next(ConnectionState::Connected, role, &page).unwrap();
    assert_eq!(lost.state, ConnectionState::NeedsReauth(ReauthReason::PermissionsLost));
}

#[test]
fn what_only_a_mistake_can_bring_about_is_an_error() {
    let plain = Context::new(LASTING);
    let cases = [
        (ConnectionState::Disconnected, StateEvent::Refreshed),
        (ConnectionState::Revoked, StateEvent::RefreshFailed(FailureClass::Transient)),
        (ConnectionState::NeedsReauth(ReauthReason::Checkpoint), StateEvent::TakenOver),
        (ConnectionState::Connected, StateEvent::ParentLost),
        (ConnectionState::BlockedByParent, StateEvent::ParentBack),
    ];
    for (state, event) in cases {
        assert_eq!(next(state, event, &plain), Err(IllegalTransition { state, event }));
    }
    let error = next(ConnectionState::Disconnected, StateEvent::Refreshed, &plain).unwrap_err();
    assert_eq!(error.to_string(), "Refreshed cannot happen to a connection in the state disconnected");
}

#[test]
fn states_are_stored_by_name_and_reason() {
    for state in ConnectionState::all() {
        assert_eq!(ConnectionState::from_parts(state.as_str(), state.reason()), Some(state));
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<ConnectionState>(&json).unwrap(), state);
        assert!(json.contains(&format!("\"state\":\"{state}\"")), "{json}");
        let serves = matches!(gate(state), Gate::Serve | Gate::ServeWithWarning(_));
        assert_eq!(serves, state.serves());
    }
    let lost = ConnectionState::NeedsReauth(ReauthReason::AppRemoved);
    let expected = r#"{"state":"needs_reauth","reason":"app_removed"}"#;
    assert_eq!(serde_json::to_string(&lost).unwrap(), expected);
    assert_eq!(ConnectionState::from_parts("needs_reauth", None), None);
    assert_eq!(ConnectionState::from_parts("connected", Some(ReauthReason::AppRemoved)), None);
    assert_eq!(ConnectionState::from_parts("asleep", None), None);
}

#[test]
fn a_refusal_says_who_has_to_do_what() {
    let text = |state| match gate(state) {
        Gate::Refuse(unusable) => VaultError::unusable_because(unusable).to_string(),
        Gate::Serve | Gate::ServeWithWarning(_) => String::new(),
    };
    let removed = text(ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert_eq!(removed, "the account must be connected again: the app was removed");
    assert!(text(ConnectionState::BlockedByParent).contains("first"));
    assert_eq!(text(ConnectionState::Connected), "");
    assert_eq!(gate(ConnectionState::RefreshUnknown), Gate::ServeWithWarning(Unwell::RefreshUnknown));
}

proptest! {
    /// Whatever happens: of all losses between two recoveries the product hears once.
    #[test]
    fn a_loss_is_told_once(context in contexts(), history in proptest::collection::vec(select(events()), 0..40)) {
        let mut state = ConnectionState::Connected;
        let mut told_of_loss = false;
        for event in history {
            let Ok(transition) = next(state, event, &context) else { continue };
            if transition.state.serves() {
                told_of_loss = false;
            } else if transition.effects.notify && matches!(transition.state, ConnectionState::NeedsReauth(_)) {
                prop_assert!(!told_of_loss, "{:?} after {:?} in {:?}", transition, event, state);
                told_of_loss = true;
            }
            let lost = |state| matches!(state, ConnectionState::NeedsReauth(_));
            prop_assert!(transition.effects.notify || lost(state) || !lost(transition.state));
            state = transition.state;
        }
    }

    /// Whatever happened: a login heals, and what is derived is healed by its parent's return and a token.
    #[test]
    fn every_history_ends_well_with_a_login(
        context in contexts(),
        history in proptest::collection::vec(select(events()), 0..40),
    ) {
        let end = history.into_iter().fold(ConnectionState::Connected, |state, event| {
            next(state, event, &context).map_or(state, |transition| transition.state)
        });
        prop_assert_eq!(next(end, StateEvent::Reconnected, &context).unwrap().state, ConnectionState::Connected);
        if context.is_derived() && end.allows_attempts() {
            let back = next(end, StateEvent::ParentBack, &context).unwrap();
            prop_assert!(back.effects.renew);
            let derived = next(back.state, StateEvent::Refreshed, &context).unwrap();
            prop_assert_eq!(derived.state, ConnectionState::Connected);
        }
    }
}
