//! `/oauth/access_token` (code exchange, long-lived exchange, app token) and `/oauth/revoke`.

use serde_json::{Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, read_claims},
};
use crate::{
    codes::FacebookCode,
    mac::same,
    request::PlatformName,
    state::{Decision, Shared, State},
    token::{Claims, Kind},
};

/// Life of a token straight from the dialog, in seconds.
const SHORT_LIFE: i64 = 5400;
/// Life of an exchanged token, in seconds: about 60 days.
pub(super) const LONG_LIFE: i64 = 5_183_944;

/// Parameters of this endpoint.
const KNOWN: [&str; 9] = [
    "client_id",
    "client_secret",
    "redirect_uri",
    "code",
    "grant_type",
    "fb_exchange_token",
    "code_verifier",
    "set_token_expires_in_60_days",
    "machine_id",
];

pub(super) fn exchange(call: &mut Call<'_>) -> Outcome {
    call.params.only(&KNOWN)?;
    authenticate(call)?;
    match call.params.text("grant_type")?.as_deref() {
        None | Some("" | "authorization_code") => from_code(call),
        Some("fb_exchange_token") => from_token(call),
        Some("client_credentials") => Ok(
            json!({"access_token": call.shared.signer.app_token(&call.shared.config.meta.id), "token_type": "bearer"}),
        ),
        Some(_) => Err(GraphError::parameter("Unsupported grant_type.")),
    }
}

/// The app's id and secret.
fn authenticate(call: &Call<'_>) -> Result<(), GraphError> {
    let meta = &call.shared.config.meta;
    let client = call.params.text("client_id")?.filter(|id| !id.is_empty());
    let client = client.ok_or_else(|| GraphError::new(400, 101, "Missing client_id parameter."))?;
    if client != meta.id {
        let message = "Error validating application. Cannot get application info due to a system error.";
        return Err(GraphError::new(400, 101, message));
    }
    let secret = call.params.text("client_secret")?.filter(|secret| !secret.is_empty());
    let secret = secret.ok_or_else(|| GraphError::new(400, 1, "Missing client secret."))?;
    if !same(&secret, &meta.secret) {
        return Err(GraphError::new(400, 1, "Error validating client secret."));
    }
    Ok(())
}

fn from_code(call: &mut Call<'_>) -> Outcome {
    let code = call.params.required("code")?;
    let redirect = call.params.text("redirect_uri")?.filter(|redirect| !redirect.is_empty());
    let verifier = call.params.text("code_verifier")?;
    let now = call.state.now();
    let invalid = |subcode: i64, message: &str| GraphError::new(400, 100, message).subcode(subcode);
    let Some(stored) = call.state.facebook_codes.get_mut(&code) else {
        return Err(GraphError::new(400, 100, "Invalid verification code format."));
    };
    if stored.used {
        return Err(invalid(36009, "This authorization code has been used."));
    }
    if stored.issued.saturating_add(stored.life) <= now {
        return Err(invalid(36007, "This authorization code has expired."));
    }
    if stored.redirect.is_some() && redirect.is_none() {
        return Err(GraphError::parameter("The parameter redirect_uri is required."));
    }
    if stored.redirect != redirect {
        return Err(invalid(
            36008,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you \
             used in the OAuth dialog request",
        ));
    }
    // A verifier without a challenge is harmless at Meta; with one, it has to fit.
    if stored.challenge.as_ref().is_some_and(|challenge| !challenge.is_met_by(verifier.as_deref())) {
        return Err(GraphError::parameter("The code_verifier does not match the code_challenge."));
    }
    stored.used = true;
    let stored = stored.clone();
    let (kind, life) = kind_of(&stored);
    let claims = issue(call.shared, call.state, kind, &stored.person, stored.scopes, life);
    if stored.system_user {
        call.state.system_user_token = Some(claims.clone());
    }
    Ok(answer(call, &claims, life))
}

fn kind_of(code: &FacebookCode) -> (Kind, Option<i64>) {
    match (code.system_user, code.sixty_days) {
        (false, _) => (Kind::MetaUserShort, Some(SHORT_LIFE)),
        (true, true) => (Kind::MetaSystemUser, Some(LONG_LIFE)),
        (true, false) => (Kind::MetaSystemUser, None),
    }
}

fn from_token(call: &mut Call<'_>) -> Outcome {
    let token = call.params.required("fb_exchange_token")?;
    let sixty_days = call.params.boolean("set_token_expires_in_60_days")? == Some(true);
    let claims = read_claims(call.shared, &token).ok_or_else(GraphError::malformed_token)?;
    call.state.check(&claims).map_err(GraphError::dead_token)?;
    let kind = match claims.kind {
        Kind::MetaPage => {
            return Err(GraphError::parameter(
                "A Page access token cannot be exchanged: exchange the user's.",
            ));
        }
        Kind::MetaSystemUser if !sixty_days => {
            return Err(GraphError::parameter(
                "The parameter set_token_expires_in_60_days is required for the token of a system user.",
            ));
        }
        Kind::MetaSystemUser => Kind::MetaSystemUser,
        _ => Kind::MetaUserLong,
    };
    // The token it was made from keeps working until its own end.
    let claims = issue(call.shared, call.state, kind, &claims.person, claims.scopes, Some(LONG_LIFE));
    Ok(answer(call, &claims, Some(LONG_LIFE)))
}

/// A token answer. A token without an end is answered without `expires_in`.
fn answer(call: &Call<'_>, claims: &Claims, life: Option<i64>) -> Value {
    let mut body = json!({"access_token": call.shared.signer.write(claims), "token_type": "bearer"});
    if let (Some(life), Some(fields)) = (life, body.as_object_mut()) {
        fields.insert("expires_in".to_owned(), json!(life));
    }
    body
}

/// `/oauth/revoke`: ends one token.
pub(super) fn revoke(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["client_id", "client_secret", "revoke_token"])?;
    authenticate(call)?;
    Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let token = call.params.required("revoke_token")?;
    let claims = read_claims(call.shared, &token).ok_or_else(GraphError::malformed_token)?;
    call.state.revoke(&claims);
    Ok(json!({"success": true}))
}

/// A new token.
pub(super) fn issue(
    shared: &Shared,
    state: &mut State,
    kind: Kind,
    person: &str,
    scopes: String,
    life: Option<i64>,
) -> Claims {
    let issued = state.issue_time();
    Claims {
        kind,
        app: shared.config.meta.id.clone(),
        person: person.to_owned(),
        page: None,
        scopes,
        issued,
        expires: life.map(|life| issued.saturating_add(life.saturating_mul(1000))),
        consented: None,
    }
}

/// A long-lived token without a login.
pub(crate) fn issue_directly(shared: &Shared, permissions: &[&str]) -> String {
    let mut state = shared.lock();
    let person = state.signed_in(PlatformName::Meta).to_owned();
    state.use_app(&person, false);
    let known = state.permissions.entry(person.clone()).or_default();
    for permission in permissions {
        known.insert((*permission).to_owned(), Decision::Granted);
    }
    let scopes = permissions.join(" ");
    let claims = issue(shared, &mut state, Kind::MetaUserLong, &person, scopes, Some(LONG_LIFE));
    shared.signer.write(&claims)
}
