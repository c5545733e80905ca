//! The Facebook login dialog: `/{version}/dialog/oauth`.

use axum::response::Response;
use http::{Method, StatusCode};

use super::{
    ask::{ALWAYS, Ask, CARRIED},
    consent,
};
use crate::{
    html,
    request::{Form, Incoming, PlatformName},
    state::{Decision, Shared, State},
};

pub(crate) fn handle(shared: &Shared, request: &Incoming, version: &str) -> Response {
    let known = shared.config.graph_versions.iter().any(|entry| entry == version);
    if !known {
        return html::dead_end("Facebook | Error", "Unknown version of the login dialog.");
    }
    let posted = request.method == Method::POST;
    let fields = if posted { Form::parse(&request.body) } else { request.query_form() };
    let ask = match Ask::read(&shared.config, &fields) {
        Ok(ask) => ask,
        Err(reason) => return html::dead_end("Facebook | Error", &reason),
    };
    let mut state = shared.lock();
    if ask.configuration.is_some() && fields.filled("scope").is_some() {
        state.violation("scope-with-config-id", request);
    }
    let offered = offered(&state, &ask);
    let decision = if posted { fields.get("decision") } else { fields.get("sandbox_decision") };
    match decision {
        None if !posted => page(shared, &state, &fields, &ask, &offered),
        Some("continue") => match declined(&fields, &ask, &offered) {
            Err(reason) => html::dead_end("Facebook | Error", &reason),
            // A configuration is granted whole or not at all.
            Ok(declined) if ask.configuration.is_some() && !declined.is_empty() => refuse(&ask),
            Ok(declined) => accept(shared, &mut state, &ask, &offered, &declined),
        },
        Some("not_now") => refuse(&ask),
        _ => html::dead_end("Facebook | Error", "The decision must be `continue` or `not_now`."),
    }
}

/// What the dialog asks for: a permission declined before is asked for again only with `auth_type=rerequest`.
fn offered<'a>(state: &State, ask: &Ask<'a>) -> Vec<&'a str> {
    let known = state.permissions.get(state.signed_in(PlatformName::Meta));
    let declined = |scope: &str| known.and_then(|known| known.get(scope)) == Some(&Decision::Declined);
    let all = ask.configuration.is_some() || ask.auth_type == Some("rerequest");
    ask.scopes.iter().copied().filter(|scope| all || !declined(scope)).collect()
}

/// What the person does not allow: the boxes that are not ticked, and what `sandbox_decline` names.
fn declined<'a>(fields: &Form, ask: &Ask<'a>, offered: &[&'a str]) -> Result<Vec<&'a str>, String> {
    for name in fields.list("sandbox_decline") {
        if name == ALWAYS {
            return Err(format!("{ALWAYS} cannot be declined."));
        }
        if !ask.scopes.contains(&name) {
            return Err(format!("sandbox_decline names {name}, which is not asked for."));
        }
    }
    let chosen = fields.get("chosen").is_some();
    let keeps = |scope: &str| {
        let ticked = !chosen || scope == ALWAYS || fields.all("grant").any(|grant| grant == scope);
        ticked && !fields.list("sandbox_decline").any(|name| name == scope)
    };
    Ok(offered.iter().copied().filter(|scope| !keeps(scope)).collect())
}

fn page(shared: &Shared, state: &State, fields: &Form, ask: &Ask<'_>, offered: &[&str]) -> Response {
    let carried = CARRIED.iter().filter_map(|name| fields.get(name).map(|value| html::hidden(name, value)));
    let whole = ask.configuration.is_some();
    let boxes = offered.iter().map(|scope| {
        let name = html::escape(scope);
        if whole {
            return format!("<p>{name}</p>\n");
        }
        let fixed = if *scope == ALWAYS { " disabled" } else { "" };
        format!("<p><label><input type=\"checkbox\" name=\"grant\" value=\"{name}\" checked{fixed}> {name}</label></p>\n")
    });
    let user = shared.config.world.facebook_user(state.signed_in(PlatformName::Meta));
    let form = format!(
        "<p><b id=\"app\">{}</b> asks for access to the account of <b id=\"user\">{}</b>.</p>\n\
         <form method=\"post\" action=\"\">\n{}{}{}\
         <button id=\"continue\" type=\"submit\" name=\"decision\" value=\"continue\">Continue</button>\n\
         <button id=\"not-now\" type=\"submit\" name=\"decision\" value=\"not_now\">Not now</button>\n</form>",
        html::escape(&shared.config.meta.name),
        html::escape(user.map(|user| user.name.as_str()).unwrap_or_default()),
        carried.collect::<String>(),
        if whole { String::new() } else { html::hidden("chosen", "1") },
        boxes.collect::<String>(),
    );
    html::page(StatusCode::OK, "Log in with Facebook (sandbox)", &form)
}

fn refuse(ask: &Ask<'_>) -> Response {
    let fields = [
        ("error", "access_denied"),
        ("error_code", "200"),
        ("error_description", "Permissions error"),
        ("error_reason", "user_denied"),
        ("state", ask.state),
    ];
    back(ask, &fields)
}

fn accept(
    shared: &Shared,
    state: &mut State,
    ask: &Ask<'_>,
    offered: &[&str],
    declined: &[&str],
) -> Response {
    let given = consent::give(shared, state, ask, offered, declined);
    let mut fields = vec![("code", given.code.as_str()), ("state", ask.state)];
    // What was declined before and not offered again is denied still.
    let denied: Vec<&str> = ask
        .scopes
        .iter()
        .copied()
        .filter(|scope| !given.granted.iter().any(|granted| granted == scope))
        .collect();
    let (granted, denied) = (given.granted.join(","), denied.join(","));
    if ask.wants_granted_list {
        fields.push(("granted_scopes", &granted));
        fields.push(("denied_scopes", &denied));
    }
    back(ask, &fields)
}

fn back(ask: &Ask<'_>, fields: &[(&str, &str)]) -> Response {
    let redirect = ask.redirect.unwrap_or_default();
    html::redirect(&format!("{}#_=_", html::with_parameters(redirect, fields)))
}
