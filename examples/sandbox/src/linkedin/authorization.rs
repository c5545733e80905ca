//! The LinkedIn consent page: `/oauth/v2/authorization`.

use axum::response::Response;
use http::{Method, StatusCode};

use crate::{
    html,
    request::{Form, Incoming},
    state::{LinkedInCode, Shared},
};

/// Scopes the app's products give; any other is refused.
const SCOPES: [&str; 22] = [
    "openid",
    "profile",
    "email",
    "w_member_social",
    "w_member_social_feed",
    "r_member_social",
    "r_member_social_feed",
    "r_member_profileAnalytics",
    "r_member_postAnalytics",
    "r_1st_connections_size",
    "r_basicprofile",
    "w_organization_social",
    "w_organization_social_feed",
    "r_organization_social",
    "r_organization_social_feed",
    "r_organization_followers",
    "rw_organization_admin",
    "r_organization_admin",
    "r_ads",
    "rw_ads",
    "r_marketing_leadgen_automation",
    "rw_conversions",
];

/// Parameters the consent form carries from the first request to the decision.
const CARRIED: [&str; 5] = ["response_type", "client_id", "redirect_uri", "state", "scope"];

pub(crate) fn handle(shared: &Shared, request: &Incoming) -> Response {
    let posted = request.method == Method::POST;
    let fields = if posted { Form::parse(&request.body) } else { request.query_form() };
    let redirect = match check_client(shared, &fields) {
        Ok(redirect) => redirect,
        Err(reason) => return html::dead_end("LinkedIn | Bummer, something went wrong.", reason),
    };
    let scopes = match check_request(&fields) {
        Ok(scopes) => scopes,
        Err((error, description)) => return refuse(&fields, redirect, error, &description),
    };
    let decision = if posted { fields.get("decision") } else { fields.get("sandbox_decision") };
    match decision {
        None if !posted => consent(shared, &fields, &scopes),
        Some("allow") => {
            let mut state = shared.lock();
            let code = format!("AQ{}", state.random_hex());
            let issued = state.now();
            let stored = LinkedInCode { redirect: redirect.to_owned(), scopes: scopes.join(" "), issued };
            state.linkedin_codes.insert(code.clone(), stored);
            back(&fields, redirect, vec![("code", &code)])
        }
        Some("cancel") => {
            refuse(&fields, redirect, "user_cancelled_authorize", "The user cancelled the authorization")
        }
        Some("cancel_login") => {
            refuse(&fields, redirect, "user_cancelled_login", "The user cancelled LinkedIn login")
        }
        _ => html::dead_end("LinkedIn", "The decision must be `allow` or `cancel`."),
    }
}

/// Mistakes in these never redirect: the address could be anybody's.
fn check_client<'a>(shared: &Shared, fields: &'a Form) -> Result<&'a str, &'static str> {
    if CARRIED.iter().any(|name| fields.all(name).count() > 1) {
        return Err("A parameter was sent twice.");
    }
    let client = fields.filled("client_id").ok_or("You need to pass the \"client_id\" parameter.")?;
    if client != shared.config.linkedin.id {
        return Err("The passed in client_id is invalid.");
    }
    let redirect = fields.filled("redirect_uri").ok_or("You need to pass the \"redirect_uri\" parameter.")?;
    if !shared.config.redirects.allows_without_query(redirect) {
        return Err("The redirect_uri does not match the registered value.");
    }
    Ok(redirect)
}

fn check_request(fields: &Form) -> Result<Vec<&str>, (&'static str, String)> {
    if fields.get("response_type") != Some("code") {
        return Err((
            "invalid_request",
            "A required parameter \"response_type\" must be \"code\"".to_owned(),
        ));
    }
    if fields.get("code_challenge").is_some() {
        let message = "PKCE parameters belong to the native flow, which is not enabled for this application";
        return Err(("invalid_request", message.to_owned()));
    }
    // A comma is part of a scope's name here: LinkedIn separates by spaces only.
    let scopes: Vec<&str> =
        fields.get("scope").unwrap_or_default().split(' ').filter(|s| !s.is_empty()).collect();
    if scopes.is_empty() {
        return Err(("invalid_request", "A required parameter \"scope\" is missing".to_owned()));
    }
    match scopes.iter().find(|scope| !SCOPES.contains(scope)) {
        Some(scope) => Err((
            "unauthorized_scope_error",
            format!("Scope \"{scope}\" is not authorized for your application"),
        )),
        None => Ok(scopes),
    }
}

fn refuse(fields: &Form, redirect: &str, error: &str, description: &str) -> Response {
    back(fields, redirect, vec![("error", error), ("error_description", description)])
}

fn back<'a>(fields: &'a Form, redirect: &str, mut add: Vec<(&str, &'a str)>) -> Response {
    if let Some(state) = fields.get("state") {
        add.push(("state", state));
    }
    html::redirect(&html::with_parameters(redirect, &add))
}

fn consent(shared: &Shared, fields: &Form, scopes: &[&str]) -> Response {
    let carried: String =
        CARRIED.iter().filter_map(|name| fields.get(name).map(|value| html::hidden(name, value))).collect();
    let list: String = scopes
        .iter()
        .flat_map(|scope| ["<li>".to_owned(), html::escape(scope), "</li>\n".to_owned()])
        .collect();
    let content = format!(
        "<p><b id=\"app\">{}</b> would like to use the LinkedIn account of <b id=\"user\">{}</b>:</p>\n\
         <ul>\n{list}</ul>\n<form method=\"post\" action=\"\">\n{carried}\
         <button id=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
         <button id=\"cancel\" type=\"submit\" name=\"decision\" value=\"cancel\">Cancel</button>\n</form>",
        html::escape(&shared.config.linkedin.name),
        html::escape(&shared.config.world.member.name()),
    );
    html::page(StatusCode::OK, "Sign in with LinkedIn (sandbox)", &content)
}
