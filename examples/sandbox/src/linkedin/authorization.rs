//! The LinkedIn consent page: `/oauth/v2/authorization` and, for native apps, `/oauth/native-pkce/authorization`.

use axum::response::Response;
use http::{Method, StatusCode};

use crate::{
    codes::LinkedInCode,
    config::is_native_redirect,
    html,
    pkce::Challenge,
    request::{Form, Incoming, PlatformName},
    state::Shared,
    world::LinkedInMember,
};

/// Scopes the app's products give; any other is refused.
const SCOPES: [&str; 23] = [
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
    "r_ads_reporting",
    "r_marketing_leadgen_automation",
    "rw_conversions",
];

/// Parameters the consent form carries from the first request to the decision.
const CARRIED: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
];

/// Which of LinkedIn's two logins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// For apps that keep a secret. Knows no PKCE.
    Standard,
    /// For apps on the member's machine (LinkedIn: Authenticating with OAuth 2.0 for Native Clients).
    Native,
}

pub(crate) fn handle(shared: &Shared, request: &Incoming, flow: Flow) -> Response {
    let posted = request.method == Method::POST;
    let fields = if posted { Form::parse(&request.body) } else { request.query_form() };
    let redirect = match check_client(shared, &fields, flow) {
        Ok(redirect) => redirect,
        Err(reason) => return html::dead_end("LinkedIn | Bummer, something went wrong.", reason),
    };
    let (scopes, challenge) = match check_request(&fields, flow) {
        Ok(ask) => ask,
        Err((error, description)) => return refuse(&fields, redirect, error, &description),
    };
    let decision = if posted { fields.get("decision") } else { fields.get("sandbox_decision") };
    match decision {
        None if !posted => consent(shared, &fields, &scopes),
        Some("allow") => {
            let mut state = shared.lock();
            let code = format!("AQ{}", state.random_hex());
            let stored = LinkedInCode {
                redirect: redirect.to_owned(),
                person: state.signed_in(PlatformName::Linkedin).to_owned(),
                scopes: scopes.join(" "),
                issued: state.now(),
                challenge,
            };
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
fn check_client<'a>(shared: &Shared, fields: &'a Form, flow: Flow) -> Result<&'a str, &'static str> {
    if CARRIED.iter().any(|name| fields.all(name).count() > 1) {
        return Err("A parameter was sent twice.");
    }
    let app = &shared.config.linkedin;
    let client = fields.filled("client_id").ok_or("You need to pass the \"client_id\" parameter.")?;
    if client != app.id {
        return Err("The passed in client_id is invalid.");
    }
    let redirect = fields.filled("redirect_uri").ok_or("You need to pass the \"redirect_uri\" parameter.")?;
    match flow {
        Flow::Native if !app.native_pkce => Err("The native PKCE flow is not enabled for this application."),
        Flow::Native if !is_native_redirect(redirect) => Err(
            "The redirect_uri of a native app must be http(s)://127.0.0.1:{port} or http(s)://[::1]:{port}.",
        ),
        Flow::Standard if !shared.config.redirects.allows_without_query(redirect) => {
            Err("The redirect_uri does not match the registered value.")
        }
        _ => Ok(redirect),
    }
}

/// The scopes, and the challenge of the native flow.
type Asked<'a> = (Vec<&'a str>, Option<Challenge>);

fn check_request(fields: &Form, flow: Flow) -> Result<Asked<'_>, (&'static str, String)> {
    let invalid = |message: &str| ("invalid_request", message.to_owned());
    if fields.get("response_type") != Some("code") {
        return Err(invalid("A required parameter \"response_type\" must be \"code\""));
    }
    let challenge = match flow {
        Flow::Standard if fields.get("code_challenge").is_some() => {
            return Err(invalid(
                "PKCE parameters belong to the native flow, which has an address of its own: \
                 /oauth/native-pkce/authorization",
            ));
        }
        Flow::Standard => None,
        Flow::Native => {
            let challenge = Challenge::read(fields).map_err(invalid)?;
            let missing = "A required parameter \"code_challenge\" is missing";
            let challenge = challenge.ok_or_else(|| invalid(missing))?;
            if !challenge.is_hashed() {
                return Err(invalid("The parameter \"code_challenge_method\" must be \"S256\""));
            }
            Some(challenge)
        }
    };
    // A comma is part of a scope's name here: LinkedIn separates by spaces only.
    let scopes: Vec<&str> =
        fields.get("scope").unwrap_or_default().split(' ').filter(|s| !s.is_empty()).collect();
    if scopes.is_empty() {
        return Err(invalid("A required parameter \"scope\" is missing"));
    }
    match scopes.iter().find(|scope| !SCOPES.contains(scope)) {
        Some(scope) => Err((
            "unauthorized_scope_error",
            format!("Scope \"{scope}\" is not authorized for your application"),
        )),
        None => Ok((scopes, challenge)),
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
    let state = shared.lock();
    let member = shared.config.world.linkedin_member(state.signed_in(PlatformName::Linkedin));
    let content = format!(
        "<p><b id=\"app\">{}</b> would like to use the LinkedIn account of <b id=\"user\">{}</b>:</p>\n\
         <ul>\n{list}</ul>\n<form method=\"post\" action=\"\">\n{carried}\
         <button id=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
         <button id=\"cancel\" type=\"submit\" name=\"decision\" value=\"cancel\">Cancel</button>\n</form>",
        html::escape(&shared.config.linkedin.name),
        html::escape(&member.map(LinkedInMember::name).unwrap_or_default()),
    );
    html::page(StatusCode::OK, "Sign in with LinkedIn (sandbox)", &content)
}
