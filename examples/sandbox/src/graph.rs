//! Plays `graph.facebook.com`.

pub(crate) mod answer;
pub(crate) mod areas;
mod caller;
mod debug_token;
mod event_rules;
mod events;
mod feed;
mod fields;
pub(crate) mod login;
mod object;
mod paging;
pub(crate) mod params;
mod person;
mod subscribed_apps;
mod system_user;

use axum::response::Response;
use http::Method;
use serde_json::Value;

pub(crate) use self::fields::names as field_names;
use self::{
    answer::{Answer, GraphError},
    caller::Caller,
    params::Params,
};
use crate::{
    request::{Area, Incoming},
    state::{Shared, State},
};

/// A call being answered.
pub(crate) struct Call<'a> {
    shared: &'a Shared,
    state: &'a mut State,
    request: &'a Incoming,
    version: &'a str,
    params: &'a Params,
}

/// What an operation answers.
pub(crate) type Outcome = Result<Value, GraphError>;

/// Answers a call to `graph.facebook.com`.
pub(crate) fn handle(shared: &Shared, request: &Incoming) -> Response {
    respond(shared, &mut shared.lock(), request)
}

/// The same with the state at hand: a call may be one of many in a batch.
fn respond(shared: &Shared, state: &mut State, request: &Incoming) -> Response {
    let segments = request.segments();
    if let Some(response) = areas::uploads::rupload::handle(shared, state, request, &segments) {
        return response;
    }
    if let Some(response) = areas::whatsapp::download::handle(shared, state, request, &segments) {
        return response;
    }
    let trace = state.trace_id();
    let newest = shared.config.newest_graph_version();
    let is_video = matches!(segments.last(), Some(&("videos" | "advideos")));
    if matches!(request.area, Area::Upload | Area::Files) || request.area == Area::GraphVideo && !is_video {
        return Answer::new(newest, trace, None).error(&GraphError::unknown_path(&segments));
    }
    let (version, path) = match segments.split_first() {
        Some((first, rest)) if is_version(first) => {
            match shared.config.graph_versions.iter().find(|version| version == first) {
                Some(version) => (version.as_str(), rest),
                None => return Answer::new(newest, trace, None).error(&GraphError::unknown_path(&segments)),
            }
        }
        _ => {
            // Meta serves the oldest version the app may use; a client that relies on it breaks one day.
            state.violation("unversioned-call", request);
            (shared.config.graph_versions.first().map_or(newest, String::as_str), segments.as_slice())
        }
    };
    let page = path.first().filter(|id| shared.config.world.pages.iter().any(|page| page.id == **id));
    let answer = Answer::new(version, trace, page.map(|id| (*id).to_owned()));
    let params = match Params::read(request) {
        Ok(params) => params,
        Err(error) => return answer.error(&error),
    };
    let mut call = Call { shared, state, request, version, params: &params };
    match route(&mut call, path) {
        Ok(value) => answer.json(&value),
        Err(error) => answer.error(&error),
    }
}

pub(crate) fn is_version(segment: &str) -> bool {
    let Some((major, minor)) = segment.strip_prefix('v').and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(major) && digits(minor)
}

fn route(call: &mut Call<'_>, path: &[&str]) -> Outcome {
    if let Some(outcome) = areas::route(call, path) {
        return outcome;
    }
    let method = &call.request.method;
    match path {
        ["oauth", "access_token"] if matches!(*method, Method::GET | Method::POST) => login::exchange(call),
        ["oauth", "revoke"] if *method == Method::GET => login::revoke(call),
        ["debug_token"] if *method == Method::GET => debug_token::inspect(call),
        ["me", rest @ ..] => {
            let caller = Caller::of(call)?.ok_or_else(GraphError::no_token_for_me)?;
            about_caller(call, &caller, rest)
        }
        [id, rest @ ..] if object::looks_like_id(id) => {
            let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
            about_object(call, &caller, id, rest)
        }
        [] => Err(GraphError::unsupported(method, "")),
        _ => Err(GraphError::unknown_path(path)),
    }
}

/// `/me…`: the person, or the Page when the token is a Page's.
fn about_caller(call: &mut Call<'_>, caller: &Caller, rest: &[&str]) -> Outcome {
    match caller {
        Caller::App => Err(GraphError::no_token_for_me()),
        Caller::User(claims) => about_person(call, caller, &claims.person.clone(), rest),
        Caller::Page { page, .. } => about_object(call, caller, &page.clone(), rest),
    }
}

fn about_person(call: &mut Call<'_>, caller: &Caller, id: &str, rest: &[&str]) -> Outcome {
    let method = &call.request.method;
    if matches!(caller, Caller::User(claims) if claims.person != id) {
        return Err(GraphError::unsupported(method, id));
    }
    match rest {
        [] if *method == Method::GET => person::profile(call, caller),
        ["permissions"] if *method == Method::GET => person::permissions(call, caller, id),
        ["permissions"] if *method == Method::DELETE => {
            let one = call.params.text("permission")?;
            person::remove_permission(call, caller, id, one.as_deref())
        }
        ["permissions", one] if *method == Method::DELETE => {
            person::remove_permission(call, caller, id, Some(one))
        }
        ["accounts"] if *method == Method::GET => person::accounts(call, caller),
        [] | ["permissions" | "accounts"] => Err(GraphError::unsupported(method, id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn about_object(call: &mut Call<'_>, caller: &Caller, id: &str, rest: &[&str]) -> Outcome {
    let world = &call.shared.config.world;
    let method = &call.request.method;
    if id == world.business.system_user && rest == ["access_tokens"] {
        return match *method {
            Method::POST => system_user::create(call, caller),
            Method::DELETE => system_user::revoke_all(call, caller),
            _ => Err(GraphError::unsupported(method, id)),
        };
    }
    if id == world.business.id {
        return match (rest, method) {
            (["system_user_access_tokens"], &Method::POST) => system_user::for_client_business(call, caller),
            ([] | ["system_user_access_tokens"], _) => Err(GraphError::unsupported(method, id)),
            _ => Err(GraphError::unknown_path(rest)),
        };
    }
    if world.facebook_user(id).is_some() || id == world.business.system_user {
        return about_person(call, caller, id, rest);
    }
    if world.pages.iter().any(|page| page.id == id) {
        return match (rest, method) {
            ([], &Method::GET) => object::page(call, caller, id),
            (["feed"], &Method::GET) => feed::list(call, caller, id),
            (["feed"], &Method::POST) => feed::publish(call, caller, id),
            (["subscribed_apps"], &Method::GET) => subscribed_apps::list(call, caller, id),
            (["subscribed_apps"], &Method::POST) => subscribed_apps::subscribe(call, caller, id),
            (["subscribed_apps"], &Method::DELETE) => subscribed_apps::unsubscribe(call, caller, id),
            ([] | ["feed" | "subscribed_apps"], _) => Err(GraphError::unsupported(method, id)),
            _ => Err(GraphError::unknown_path(rest)),
        };
    }
    if world.datasets.iter().any(|dataset| dataset == id) {
        return match (rest, method) {
            (["events"], &Method::POST) => events::receive(call, caller, id),
            ([] | ["events"], _) => Err(GraphError::unsupported(method, id)),
            _ => Err(GraphError::unknown_path(rest)),
        };
    }
    match (rest, method) {
        ([], &Method::GET) => object::read(call, caller, id),
        ([], &Method::DELETE) => feed::delete(call, caller, id),
        _ => Err(GraphError::unsupported(method, id)),
    }
}
