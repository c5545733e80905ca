//! The Facebook login dialog: `/{version}/dialog/oauth`.

use axum::response::Response;
use http::{Method, StatusCode};

use crate::{
    html,
    request::{Form, Incoming},
    state::{FacebookCode, Shared, State},
};

/// Permissions an app can ask for; any other makes the dialog refuse.
const PERMISSIONS: &[&str] = &[
    "public_profile",
    "email",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_manage_ads",
    "pages_manage_cta",
    "pages_messaging",
    "pages_utility_messaging",
    "page_events",
    "read_insights",
    "publish_video",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_messages",
    "instagram_manage_contents",
    "ads_read",
    "ads_management",
    "business_management",
    "leads_retrieval",
    "catalog_management",
    "whatsapp_business_management",
    "whatsapp_business_messaging",
    "whatsapp_business_manage_events",
];

/// The permission every login grants and nobody can decline.
const ALWAYS: &str = "public_profile";

/// Parameters the consent form carries from the first request to the decision.
const CARRIED: [&str; 8] = [
    "client_id",
    "redirect_uri",
    "state",
    "response_type",
    "scope",
    "auth_type",
    "code_challenge",
    "code_challenge_method",
];

/// A request for consent that is in order.
struct Ask<'a> {
    redirect: &'a str,
    state: &'a str,
    scopes: Vec<&'a str>,
    wants_granted_list: bool,
    challenge: Option<(String, bool)>,
}

pub(crate) fn handle(shared: &Shared, request: &Incoming, version: &str) -> Response {
    let known = shared.config.graph_versions.iter().any(|entry| entry == version);
    if !known {
        return html::dead_end("Facebook | Error", "Unknown version of the login dialog.");
    }
    let fields =
        if request.method == Method::POST { Form::parse(&request.body) } else { request.query_form() };
    let ask = match read(shared, &fields) {
        Ok(ask) => ask,
        Err(reason) => return html::dead_end("Facebook | Error", &reason),
    };
    let mut state = shared.lock();
    let offered = offered(&state, &ask, fields.get("auth_type"));
    let decision =
        if request.method == Method::POST { fields.get("decision") } else { fields.get("sandbox_decision") };
    match decision {
        None if request.method == Method::GET => consent(shared, &fields, &offered),
        Some("continue") => {
            let chosen: Vec<&str> = if request.method == Method::POST && fields.get("chosen").is_some() {
                offered
                    .iter()
                    .copied()
                    .filter(|scope| *scope == ALWAYS || fields.all("grant").any(|g| g == *scope))
                    .collect()
            } else {
                offered.clone()
            };
            accept(&mut state, &ask, &offered, &chosen)
        }
        Some("not_now") => {
            let fields = [
                ("error", "access_denied"),
                ("error_code", "200"),
                ("error_description", "Permissions error"),
                ("error_reason", "user_denied"),
                ("state", ask.state),
            ];
            html::redirect(&format!("{}#_=_", html::with_parameters(ask.redirect, &fields)))
        }
        _ => html::dead_end("Facebook | Error", "The decision must be `continue` or `not_now`."),
    }
}

fn read<'a>(shared: &Shared, fields: &'a Form) -> Result<Ask<'a>, String> {
    for name in CARRIED {
        if fields.all(name).count() > 1 {
            return Err(format!("The parameter {name} was sent twice."));
        }
    }
    let client = fields.filled("client_id").ok_or("The parameter client_id is required.")?;
    if client != shared.config.meta.id {
        return Err("Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned());
    }
    let redirect = fields.filled("redirect_uri").ok_or("The parameter redirect_uri is required.")?;
    if !shared.config.redirects.allows_exactly(redirect) {
        return Err(
            "URL Blocked: This redirect failed because the redirect URI is not white-listed in the app's \
                    client OAuth settings."
                .to_owned(),
        );
    }
    let state = fields.filled("state").ok_or("The parameter state is required.")?;
    let mut wants_granted_list = false;
    for part in
        fields.get("response_type").unwrap_or("code").split([' ', ',']).filter(|part| !part.is_empty())
    {
        match part {
            "code" => {}
            "granted_scopes" => wants_granted_list = true,
            "token" => return Err("The sandbox plays response_type=code, not token.".to_owned()),
            _ => return Err("Invalid response_type: ask for code.".to_owned()),
        }
    }
    let mut scopes = vec![ALWAYS];
    for scope in fields.get("scope").unwrap_or_default().split([' ', ',']).filter(|scope| !scope.is_empty()) {
        if !PERMISSIONS.contains(&scope) {
            return Err(format!("Invalid Scopes: {scope}. This message is only shown to developers."));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let challenge = match (fields.filled("code_challenge"), fields.get("code_challenge_method")) {
        (None, _) => None,
        (Some(text), Some("S256")) => Some((text.to_owned(), true)),
        (Some(text), None | Some("plain")) => Some((text.to_owned(), false)),
        (Some(_), Some(_)) => return Err("Invalid code_challenge_method: use S256.".to_owned()),
    };
    Ok(Ask { redirect, state, scopes, wants_granted_list, challenge })
}

/// What the dialog asks for: a permission declined before is asked for again only with `auth_type=rerequest`.
fn offered<'a>(state: &State, ask: &Ask<'a>, auth_type: Option<&str>) -> Vec<&'a str> {
    let declined = |scope: &str| {
        let known = state.permissions.as_ref();
        known.and_then(|known| known.get(scope)).is_some_and(|granted| !granted)
    };
    let again = auth_type == Some("rerequest");
    ask.scopes.iter().copied().filter(|scope| again || !declined(scope)).collect()
}

fn consent(shared: &Shared, fields: &Form, offered: &[&str]) -> Response {
    let carried = CARRIED.iter().filter_map(|name| fields.get(name).map(|value| html::hidden(name, value)));
    let boxes = offered.iter().map(|scope| {
        let fixed = if *scope == ALWAYS { " disabled" } else { "" };
        let name = html::escape(scope);
        format!("<p><label><input type=\"checkbox\" name=\"grant\" value=\"{name}\" checked{fixed}> {name}</label></p>\n")
    });
    let form = format!(
        "<p><b id=\"app\">{}</b> asks for access to the account of <b id=\"user\">{}</b>.</p>\n\
         <form method=\"post\" action=\"\">\n{}{}{}\
         <button id=\"continue\" type=\"submit\" name=\"decision\" value=\"continue\">Continue</button>\n\
         <button id=\"not-now\" type=\"submit\" name=\"decision\" value=\"not_now\">Not now</button>\n</form>",
        html::escape(&shared.config.meta.name),
        html::escape(&shared.config.world.user.name),
        carried.collect::<String>(),
        html::hidden("chosen", "1"),
        boxes.collect::<String>(),
    );
    html::page(StatusCode::OK, "Log in with Facebook (sandbox)", &form)
}

fn accept(state: &mut State, ask: &Ask<'_>, offered: &[&str], chosen: &[&str]) -> Response {
    let permissions = state.permissions.get_or_insert_default();
    for scope in offered {
        permissions.insert((*scope).to_owned(), chosen.contains(scope));
    }
    // A token carries everything the person has granted the app so far, not only what was asked this time.
    let granted: Vec<String> =
        permissions.iter().filter(|(_, granted)| **granted).map(|(scope, _)| scope.clone()).collect();
    let code = format!("AQ{}", state.random_hex());
    let issued = state.now();
    let stored = FacebookCode {
        redirect: ask.redirect.to_owned(),
        scopes: granted.join(" "),
        issued,
        used: false,
        challenge: ask.challenge.clone(),
    };
    state.facebook_codes.insert(code.clone(), stored);
    let granted = granted.join(",");
    let declined: Vec<&str> = offered.iter().copied().filter(|scope| !chosen.contains(scope)).collect();
    let declined = declined.join(",");
    let mut fields = vec![("code", code.as_str()), ("state", ask.state)];
    if ask.wants_granted_list {
        fields.push(("granted_scopes", &granted));
        fields.push(("denied_scopes", &declined));
    }
    html::redirect(&format!("{}#_=_", html::with_parameters(ask.redirect, &fields)))
}
