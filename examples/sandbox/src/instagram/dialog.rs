//! The authorization window: `/oauth/authorize`.

use axum::response::Response;
use http::{Method, StatusCode};

use super::Site;
use crate::{
    codes::SiteCode,
    html,
    request::{Form, Incoming},
    state::{Shared, State},
};

/// Parameters the consent form carries from the first request to the decision.
const CARRIED: [&str; 5] = ["client_id", "redirect_uri", "response_type", "scope", "state"];

/// A request for consent that is in order.
struct Ask<'a> {
    redirect: &'a str,
    state: Option<&'a str>,
    scopes: Vec<&'a str>,
}

pub(super) fn handle(shared: &Shared, request: &Incoming, site: Site) -> Response {
    let posted = request.method == Method::POST;
    let fields = if posted { Form::parse(&request.body) } else { request.query_form() };
    let ask = match read(shared, &fields, site) {
        Ok(ask) => ask,
        Err(reason) => return html::dead_end(site.title(), &reason),
    };
    let mut state = shared.lock();
    if fields.get("code_challenge").is_some() {
        // Not documented here: whoever relies on it is not protected.
        state.violation("pkce-where-there-is-none", request);
    }
    let decision = if posted { fields.get("decision") } else { fields.get("sandbox_decision") };
    match decision {
        None if !posted => page(shared, &state, &fields, &ask, site),
        Some("allow") => match granted(&fields, &ask, site) {
            Ok(granted) => accept(&mut state, &ask, &granted, site),
            Err(reason) => html::dead_end(site.title(), &reason),
        },
        Some("cancel") => {
            let refusal = [
                ("error", "access_denied"),
                ("error_reason", "user_denied"),
                ("error_description", "The user denied your request"),
            ];
            back(&ask, refusal.to_vec())
        }
        _ => html::dead_end(site.title(), "The decision must be `allow` or `cancel`."),
    }
}

fn read<'a>(shared: &Shared, fields: &'a Form, site: Site) -> Result<Ask<'a>, String> {
    for name in CARRIED {
        if fields.all(name).count() > 1 {
            return Err(format!("The parameter {name} was sent twice."));
        }
    }
    let required =
        |name: &str| fields.filled(name).ok_or_else(|| format!("The parameter {name} is required."));
    if required("client_id")? != site.app(&shared.config).id {
        return Err("Invalid platform app: the client_id is not that of the app on this platform.".to_owned());
    }
    let redirect = required("redirect_uri")?;
    if !shared.config.redirects.allows_exactly(redirect) {
        return Err("Invalid redirect_uri: it is not one of the app's valid OAuth redirect URIs.".to_owned());
    }
    if required("response_type")? != "code" {
        return Err("Invalid response_type: it must be code.".to_owned());
    }
    let mut scopes = Vec::new();
    for scope in fields.list("scope") {
        if !site.permissions().contains(&scope) {
            return Err(format!("Invalid Scopes: {scope}."));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if !scopes.contains(&site.base_permission()) {
        return Err(format!("Invalid Scopes: {} is required.", site.base_permission()));
    }
    Ok(Ask { redirect, state: fields.get("state"), scopes })
}

/// What the person allows: the boxes that are ticked, less what `sandbox_decline` names.
fn granted<'a>(fields: &Form, ask: &Ask<'a>, site: Site) -> Result<Vec<&'a str>, String> {
    let base = site.base_permission();
    for name in fields.list("sandbox_decline") {
        if name == base || !ask.scopes.contains(&name) {
            return Err(format!(
                "sandbox_decline names {name}, which is not asked for or cannot be declined."
            ));
        }
    }
    let chosen = fields.get("chosen").is_some();
    let keeps = |scope: &str| {
        let ticked = !chosen || scope == base || fields.all("grant").any(|grant| grant == scope);
        ticked && !fields.list("sandbox_decline").any(|name| name == scope)
    };
    Ok(ask.scopes.iter().copied().filter(|scope| keeps(scope)).collect())
}

fn accept(state: &mut State, ask: &Ask<'_>, granted: &[&str], site: Site) -> Response {
    let code = format!("AQ{}", state.random_hex());
    let stored = SiteCode {
        platform: site.platform(),
        redirect: ask.redirect.to_owned(),
        person: state.signed_in(site.platform()).to_owned(),
        scopes: granted.join(" "),
        issued: state.now(),
    };
    state.site_codes.insert(code.clone(), stored);
    back(ask, vec![("code", &code)])
}

fn back<'a>(ask: &Ask<'a>, mut fields: Vec<(&'a str, &'a str)>) -> Response {
    if let Some(state) = ask.state {
        fields.push(("state", state));
    }
    html::redirect(&format!("{}#_", html::with_parameters(ask.redirect, &fields)))
}

fn page(shared: &Shared, state: &State, fields: &Form, ask: &Ask<'_>, site: Site) -> Response {
    let carried = CARRIED.iter().filter_map(|name| fields.get(name).map(|value| html::hidden(name, value)));
    let boxes = ask.scopes.iter().map(|scope| {
        let fixed = if *scope == site.base_permission() { " disabled" } else { "" };
        let name = html::escape(scope);
        format!("<p><label><input type=\"checkbox\" name=\"grant\" value=\"{name}\" checked{fixed}> {name}</label></p>\n")
    });
    let person = state.signed_in(site.platform());
    let form = format!(
        "<p><b id=\"app\">{}</b> asks for access to the account <b id=\"user\">{}</b>.</p>\n\
         <form method=\"post\" action=\"\">\n{}{}{}\
         <button id=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
         <button id=\"cancel\" type=\"submit\" name=\"decision\" value=\"cancel\">Cancel</button>\n</form>",
        html::escape(site.app(&shared.config).name),
        html::escape(&site.username(&shared.config.world, person).unwrap_or_default()),
        carried.collect::<String>(),
        html::hidden("chosen", "1"),
        boxes.collect::<String>(),
    );
    html::page(StatusCode::OK, &format!("Log in with {} (sandbox)", site.title()), &form)
}
