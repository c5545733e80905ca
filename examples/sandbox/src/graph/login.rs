//! `/oauth/access_token`: code exchange, long-lived exchange, app token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Call, Outcome, answer::GraphError, caller::read_claims};
use crate::{
    mac::same,
    state::{FacebookCode, Shared},
    token::{Claims, Kind},
};

/// Life of an authorization code, in milliseconds.
const CODE_LIFE: i64 = 10 * 60 * 1000;
/// Life of a token straight from the dialog, in seconds.
const SHORT_LIFE: i64 = 5400;
/// Life of an exchanged token, in seconds: about 60 days.
const LONG_LIFE: i64 = 5_183_944;

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
    match call.params.text("grant_type")?.as_deref() {
        None | Some("" | "authorization_code") => from_code(call),
        Some("fb_exchange_token") => from_token(call),
        Some("client_credentials") => {
            Ok(json!({"access_token": call.shared.signer.app_token(&meta.id), "token_type": "bearer"}))
        }
        Some(_) => Err(GraphError::parameter("Unsupported grant_type.")),
    }
}

fn from_code(call: &mut Call<'_>) -> Outcome {
    let redirect = call.params.required("redirect_uri")?;
    let code = call.params.required("code")?;
    let now = call.state.now();
    let invalid = |subcode: i64, message: &str| GraphError::new(400, 100, message).subcode(subcode);
    let Some(stored) = call.state.facebook_codes.get_mut(&code) else {
        return Err(GraphError::new(400, 100, "Invalid verification code format."));
    };
    if stored.used {
        return Err(invalid(36009, "This authorization code has been used."));
    }
    if stored.issued.saturating_add(CODE_LIFE) <= now {
        return Err(invalid(36007, "This authorization code has expired."));
    }
    if stored.redirect != redirect {
        return Err(invalid(
            36008,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you \
             used in the OAuth dialog request",
        ));
    }
    check_verifier(stored, call.params.text("code_verifier")?.as_deref())?;
    stored.used = true;
    let scopes = stored.scopes.clone();
    let claims = issue(call.shared, call.state, Kind::MetaUserShort, scopes, SHORT_LIFE);
    Ok(json!({
        "access_token": call.shared.signer.write(&claims),
        "token_type": "bearer",
        "expires_in": SHORT_LIFE,
    }))
}

/// A verifier without a challenge is harmless at Meta; with one, it has to fit.
fn check_verifier(stored: &FacebookCode, verifier: Option<&str>) -> Result<(), GraphError> {
    let Some((challenge, hashed)) = &stored.challenge else { return Ok(()) };
    let fits = match verifier {
        Some(verifier) if *hashed => same(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), challenge),
        Some(verifier) => same(verifier, challenge),
        None => false,
    };
    if fits {
        Ok(())
    } else {
        Err(GraphError::parameter("The code_verifier does not match the code_challenge."))
    }
}

fn from_token(call: &mut Call<'_>) -> Outcome {
    let token = call.params.required("fb_exchange_token")?;
    let claims = read_claims(call.shared, &token).ok_or_else(GraphError::malformed_token)?;
    if claims.kind == Kind::MetaPage {
        return Err(GraphError::parameter("A Page access token cannot be exchanged: exchange the user's."));
    }
    call.state.check(&claims).map_err(GraphError::dead_token)?;
    let claims = issue(call.shared, call.state, Kind::MetaUserLong, claims.scopes, LONG_LIFE);
    Ok(json!({
        "access_token": call.shared.signer.write(&claims),
        "token_type": "bearer",
        "expires_in": LONG_LIFE,
    }))
}

fn issue(shared: &Shared, state: &mut crate::state::State, kind: Kind, scopes: String, life: i64) -> Claims {
    let issued = state.issue_time();
    Claims {
        kind,
        app: shared.config.meta.id.clone(),
        person: shared.config.world.user.id.clone(),
        page: None,
        scopes,
        issued,
        expires: Some(issued.saturating_add(life.saturating_mul(1000))),
    }
}

/// A long-lived token without a login.
pub(crate) fn issue_directly(shared: &Shared, permissions: &[&str]) -> String {
    let mut state = shared.lock();
    let known = state.permissions.get_or_insert_default();
    for permission in permissions {
        known.insert((*permission).to_owned(), true);
    }
    let claims = issue(shared, &mut state, Kind::MetaUserLong, permissions.join(" "), LONG_LIFE);
    shared.signer.write(&claims)
}
