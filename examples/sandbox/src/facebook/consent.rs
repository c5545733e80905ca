//! A person agrees: what that changes, and the code it gives.

use super::ask::Ask;
use crate::{
    codes::FacebookCode,
    config::ConfiguredToken,
    request::PlatformName,
    state::{Decision, Shared, State},
};

/// Life of an authorization code, in milliseconds.
const CODE_LIFE: i64 = 10 * 60 * 1000;
/// Life of a code of WhatsApp Embedded Signup, in milliseconds.
const SIGNUP_CODE_LIFE: i64 = 30 * 1000;

/// What the app gets for the consent.
pub(crate) struct Given {
    pub(crate) code: String,
    /// What the token will carry.
    pub(crate) granted: Vec<String>,
}

/// Takes the decision of the person who is logged in and hands out a code.
pub(crate) fn give(
    shared: &Shared,
    state: &mut State,
    ask: &Ask<'_>,
    offered: &[&str],
    declined: &[&str],
) -> Given {
    let person = state.signed_in(PlatformName::Meta).to_owned();
    state.use_app(&person, ask.auth_type == Some("reauthorize"));
    let system_user = ask.token().is_system_user();
    let (subject, granted) = if system_user {
        // A snapshot: the token of a system user carries what was configured when it was made.
        let granted = ask.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let subject = shared.config.world.business.system_user.clone();
        state.permissions.remove(&subject);
        (subject, granted)
    } else {
        (person.clone(), decide(state, &person, offered, declined))
    };
    let code = format!("AQ{}", state.random_hex());
    let stored = FacebookCode {
        redirect: ask.redirect.map(str::to_owned),
        person: subject,
        scopes: granted.join(" "),
        system_user,
        sixty_days: ask.configuration.is_some_and(|configuration| configuration.sixty_days),
        issued: state.now(),
        life: if ask.token() == ConfiguredToken::WhatsAppBusiness { SIGNUP_CODE_LIFE } else { CODE_LIFE },
        used: false,
        challenge: ask.challenge.clone(),
    };
    state.facebook_codes.insert(code.clone(), stored);
    Given { code, granted }
}

/// A token carries everything the person has granted the app so far, not only what was asked this time.
fn decide(state: &mut State, person: &str, offered: &[&str], declined: &[&str]) -> Vec<String> {
    let decisions = state.permissions.entry(person.to_owned()).or_default();
    for scope in offered {
        let decision = if declined.contains(scope) { Decision::Declined } else { Decision::Granted };
        decisions.insert((*scope).to_owned(), decision);
    }
    let granted = decisions.iter().filter(|(_, decision)| **decision == Decision::Granted);
    granted.map(|(scope, _)| scope.clone()).collect()
}
