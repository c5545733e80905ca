//! `/_sandbox/person`, `/permissions`, `/remove-app` and `/change-password`: what people do at the platforms themselves.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::{
    request::PlatformName,
    state::{Dead, Decision, Shared},
    world::World,
};

/// Another person logs in at a platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    platform: PlatformName,
    id: String,
}

pub(super) fn sign_in(shared: &Shared, wanted: &Person) -> Result<Value, Problem> {
    let known = ids(&shared.config.world, wanted.platform);
    if !known.iter().any(|id| *id == wanted.id) {
        let detail = format!("id: no such person there; known are {}", known.join(", "));
        return Err(Problem::new(StatusCode::NOT_FOUND, "nobody to log in", detail));
    }
    shared.lock().sign_in(wanted.platform, &wanted.id);
    Ok(json!({"platform": wanted.platform, "id": wanted.id}))
}

/// Everyone who can log in at a platform.
fn ids(world: &World, platform: PlatformName) -> Vec<&str> {
    match platform {
        PlatformName::Meta => {
            std::iter::once(&world.user).chain(&world.other_users).map(|user| user.id.as_str()).collect()
        }
        PlatformName::Instagram => world.instagram.iter().map(|account| account.id.as_str()).collect(),
        PlatformName::Threads => world.threads.iter().map(|profile| profile.id.as_str()).collect(),
        PlatformName::Linkedin => world.linkedin_members().map(|member| member.id.as_str()).collect(),
    }
}

/// A permission changes without the app: the person took it back, or the platform let it expire.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Permission {
    permission: String,
    status: Decision,
}

pub(super) fn set_permission(shared: &Shared, wanted: &Permission) -> Result<Value, Problem> {
    let mut state = shared.lock();
    let person = state.signed_in(PlatformName::Meta).to_owned();
    let decisions = state.permissions.get_mut(&person);
    let decision = decisions.and_then(|decisions| decisions.get_mut(&wanted.permission));
    let decision = decision.ok_or_else(|| {
        let detail = "permission: the person logged in at Facebook was never asked for it; log in first";
        Problem::new(StatusCode::NOT_FOUND, "nothing to change", detail)
    })?;
    *decision = wanted.status;
    Ok(json!({"person": person, "permission": wanted.permission, "status": wanted.status}))
}

/// The person removes the app in the platform's settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveApp {
    platform: PlatformName,
}

pub(super) fn remove_app(shared: &Shared, wanted: &RemoveApp) -> Value {
    let mut state = shared.lock();
    let person = state.signed_in(wanted.platform).to_owned();
    state.remove_app(wanted.platform, &person);
    if wanted.platform == PlatformName::Meta && shared.config.world.has_pages(&person) {
        state.subscriptions.clear();
    }
    json!({"platform": wanted.platform, "person": person})
}

/// The person changes the password, which ends the tokens. What was granted stays granted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePassword {
    platform: PlatformName,
}

pub(super) fn change_password(shared: &Shared, wanted: &ChangePassword) -> Result<Value, Problem> {
    if wanted.platform == PlatformName::Linkedin {
        return Err(Problem::bad("platform: LinkedIn does not say that a new password ends tokens"));
    }
    let mut state = shared.lock();
    let person = state.signed_in(wanted.platform).to_owned();
    state.end_tokens_of(wanted.platform, &person, Dead::PasswordChanged);
    Ok(json!({"platform": wanted.platform, "person": person}))
}

/// Who is logged in where.
pub(super) fn signed_in(shared: &Shared) -> Value {
    let state = shared.lock();
    json!({
        "meta": state.signed_in(PlatformName::Meta),
        "instagram": state.signed_in(PlatformName::Instagram),
        "threads": state.signed_in(PlatformName::Threads),
        "linkedin": state.signed_in(PlatformName::Linkedin),
    })
}
