//! The handshakes of a webhook registration.

use serde_json::Value;

use super::{Platform, linkedin::challenge_response};
use crate::{mac::same, received::Handshake, request::encode_form, state::Shared};

/// Asks the receiver whether it wants these webhooks. The result is also recorded.
pub(crate) async fn shake(shared: &Shared, platform: Platform, target: &str) -> Handshake {
    let outcome = match platform {
        Platform::Meta => meta(shared, target).await,
        Platform::LinkedIn => linkedin(shared, target).await,
    };
    let (verified, detail) = match outcome {
        Ok(detail) => (true, detail.to_owned()),
        Err(detail) => (false, detail),
    };
    let handshake = Handshake { platform: platform.name(), verified, detail };
    shared.lock().handshakes.push(handshake.clone());
    handshake
}

/// The target with a query added.
fn with_query(target: &str, query: &str) -> String {
    let separator = if target.contains('?') { '&' } else { '?' };
    format!("{target}{separator}{query}")
}

async fn get(shared: &Shared, platform: Platform, address: String) -> Result<reqwest::Response, String> {
    let answer = shared.http.get(address).timeout(platform.patience()).send().await;
    let answer =
        answer.map_err(|_| "the receiver could not be reached in time: is it running?".to_owned())?;
    let status = answer.status().as_u16();
    if status == 200 {
        Ok(answer)
    } else {
        Err(format!("the receiver answered status {status}, 200 was expected"))
    }
}

async fn meta(shared: &Shared, target: &str) -> Result<&'static str, String> {
    let challenge = {
        let mut state = shared.lock();
        let digits = state.random_hex();
        // Documented as a number.
        digits.chars().filter(char::is_ascii_digit).take(10).collect::<String>() + "1"
    };
    let query = encode_form(&[
        ("hub.mode", "subscribe"),
        ("hub.verify_token", &shared.config.meta.verify_token),
        ("hub.challenge", &challenge),
    ]);
    let answer = get(shared, Platform::Meta, with_query(target, &query)).await?;
    let body = answer.text().await.map_err(|_| "the answer broke off".to_owned())?;
    if body == challenge {
        Ok("the challenge was echoed")
    } else {
        Err("the body was not the challenge and nothing else".to_owned())
    }
}

async fn linkedin(shared: &Shared, target: &str) -> Result<&'static str, String> {
    let challenge = shared.lock().uuid();
    let query = encode_form(&[("challengeCode", &challenge)]);
    let answer = get(shared, Platform::LinkedIn, with_query(target, &query)).await?;
    let content_type = answer.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/json")) {
        return Err("the answer's content type was not application/json".to_owned());
    }
    let body = answer.bytes().await.map_err(|_| "the answer broke off".to_owned())?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| "the answer was not JSON".to_owned())?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("challengeCode") != challenge {
        return Err("challengeCode was not repeated".to_owned());
    }
    if !same(text("challengeResponse"), &challenge_response(&shared.config.linkedin.secret, &challenge)) {
        return Err("challengeResponse was not the HMAC of the code under the client secret".to_owned());
    }
    Ok("the challenge was answered")
}
