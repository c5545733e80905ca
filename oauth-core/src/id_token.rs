//! The id token of OpenID Connect, as it comes from the token endpoint.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::{Secret, Timestamp};

use crate::{Identity, OAuthError, Reason};

/// How far the provider's clock may be behind ours.
const LEEWAY: Duration = Duration::from_secs(60);
/// OpenID Connect Core section 2: a subject has at most 255 characters.
const MAX_SUBJECT: usize = 255;

/// What the id token must say.
pub(crate) struct Expected<'a, I> {
    pub(crate) issuers: &'a [I],
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a Secret,
    pub(crate) now: Timestamp,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Value>,
    azp: Option<String>,
    exp: Option<Value>,
    nonce: Option<String>,
    name: Option<Value>,
    preferred_username: Option<Value>,
    email: Option<Value>,
    picture: Option<Value>,
}

/// Whose login it was, if the id token was made for it (OpenID Connect Core section 3.1.3.7).
///
/// The signature is not looked at: the token came straight from the token endpoint over TLS, which item 6 of
/// that section accepts in its place.
pub(crate) fn check<I: AsRef<str>>(
    id_token: &Secret,
    expected: &Expected<'_, I>,
) -> Result<Identity, OAuthError> {
    let claims = read(id_token.expose()).ok_or_else(|| invalid("it cannot be read"))?;
    let issuer = claims.iss.as_deref().unwrap_or_default();
    if !expected.issuers.iter().any(|known| known.as_ref() == issuer) {
        return Err(invalid("it comes from another issuer"));
    }
    let audiences = audiences(claims.aud.as_ref());
    if !audiences.contains(&expected.client_id) {
        return Err(invalid("it was made for another app"));
    }
    match claims.azp.as_deref() {
        Some(party) if party == expected.client_id => {}
        None if audiences.len() == 1 => {}
        Some(_) | None => return Err(invalid("it was made for several apps, and handed to another one")),
    }
    let end = claims.exp.as_ref().and_then(seconds).ok_or_else(|| invalid("it has no end"))?;
    if Timestamp::from_unix_seconds(end).saturating_add(LEEWAY) <= expected.now {
        return Err(invalid("it has ended"));
    }
    let nonce = Secret::new(claims.nonce.unwrap_or_default());
    if !nonce.ct_eq(expected.nonce) {
        return Err(OAuthError::because(Reason::NonceMismatch));
    }
    let subject = claims.sub.filter(|sub| !sub.is_empty() && sub.len() <= MAX_SUBJECT);
    let mut identity = Identity::new(subject.ok_or_else(|| invalid("it names no user"))?);
    identity.name = text(claims.name);
    identity.username = text(claims.preferred_username);
    identity.email = text(claims.email);
    identity.picture = text(claims.picture);
    Ok(identity)
}

fn invalid(what: &'static str) -> OAuthError {
    OAuthError::because(Reason::IdTokenInvalid).with_message(format!("the id token is not valid: {what}"))
}

/// The claims of a JWT in its compact form; an encrypted one has five parts and is not read.
fn read(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn audiences(aud: Option<&Value>) -> Vec<&str> {
    match aud {
        Some(Value::String(one)) => vec![one],
        // An entry that is no text still counts as one that is not ours.
        Some(Value::Array(list)) => list.iter().map(|one| one.as_str().unwrap_or_default()).collect(),
        _ => Vec::new(),
    }
}

/// Whole seconds; a fraction is cut off.
fn seconds(value: &Value) -> Option<i64> {
    if let Some(seconds) = value.as_i64() {
        return Some(seconds);
    }
    let seconds = Duration::try_from_secs_f64(value.as_f64()?).ok()?;
    i64::try_from(seconds.as_secs()).ok()
}

fn text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ISSUERS: [&str; 2] = ["https://id.example.com", "https://id.example.com/v2"];
    const NOW: i64 = 10_000;

    /// An id token with these claims and no signature worth the name.
    pub(crate) fn id_token(claims: &Value) -> String {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(&claims.to_string()))
    }

    fn good() -> Value {
        json!({
            "iss": "https://id.example.com", "sub": "user-1", "aud": "app", "exp": NOW + 1, "iat": NOW,
            "nonce": "CANARYnonce", "name": "Ada", "preferred_username": "ada", "email": "ada@example.com",
            "picture": "https://id.example.com/ada.png", "email_verified": true,
        })
    }

    fn judge(token: &str) -> Result<Identity, OAuthError> {
        let nonce = Secret::new("CANARYnonce");
        let expected = Expected {
            issuers: &ISSUERS,
            client_id: "app",
            nonce: &nonce,
            now: Timestamp::from_unix_seconds(NOW),
        };
        check(&Secret::new(token), &expected)
    }

    fn changed(changes: &Value) -> Result<Identity, OAuthError> {
        let mut claims = good();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        judge(&id_token(&claims))
    }

    #[test]
    fn a_good_one_tells_who_logged_in() {
        let identity = judge(&id_token(&good())).unwrap();
        assert_eq!(identity.id, "user-1");
        assert_eq!((identity.name.as_deref(), identity.username.as_deref()), (Some("Ada"), Some("ada")));
        assert_eq!(identity.email.as_deref(), Some("ada@example.com"));
        assert_eq!(identity.picture.as_deref(), Some("https://id.example.com/ada.png"));
    }

    #[test]
    fn what_does_not_matter_may_vary() {
        for fine in [
            json!({"iss": "https://id.example.com/v2"}),
            json!({"aud": ["app"]}),
            json!({"aud": ["app", "other"], "azp": "app"}),
            json!({"azp": "app"}),
            json!({"exp": NOW - 59}),
            json!({"exp": 10_000.5}),
            json!({"name": 7, "email": null, "picture": "", "iat": "soon"}),
        ] {
            assert_eq!(changed(&fine).unwrap().id, "user-1", "{fine}");
        }
        assert_eq!(changed(&json!({"name": 7})).unwrap().name, None);
    }

    #[test]
    fn one_that_was_made_for_something_else_is_refused() {
        use Reason::{IdTokenInvalid, NonceMismatch};
        for (changes, reason, what) in [
            (json!({"iss": null}), IdTokenInvalid, "issuer"),
            (json!({"iss": "https://id.example.com/"}), IdTokenInvalid, "issuer"),
            (json!({"iss": "https://evil.example"}), IdTokenInvalid, "issuer"),
            (json!({"iss": 7}), IdTokenInvalid, "read"),
            (json!({"aud": null}), IdTokenInvalid, "another app"),
            (json!({"aud": "app2"}), IdTokenInvalid, "another app"),
            (json!({"aud": []}), IdTokenInvalid, "another app"),
            (json!({"aud": {"app": true}}), IdTokenInvalid, "another app"),
            (json!({"aud": ["app", "other"]}), IdTokenInvalid, "several"),
            (json!({"aud": ["app", 7]}), IdTokenInvalid, "several"),
            (json!({"azp": "other"}), IdTokenInvalid, "several"),
            (json!({"exp": null}), IdTokenInvalid, "no end"),
            (json!({"exp": "soon"}), IdTokenInvalid, "no end"),
            (json!({"exp": -1.5}), IdTokenInvalid, "no end"),
            (json!({"exp": NOW - 60}), IdTokenInvalid, "has ended"),
            (json!({"nonce": null}), NonceMismatch, "this login"),
            (json!({"nonce": "CANARYnonce2"}), NonceMismatch, "this login"),
            (json!({"nonce": ""}), NonceMismatch, "this login"),
            (json!({"sub": null}), IdTokenInvalid, "no user"),
            (json!({"sub": ""}), IdTokenInvalid, "no user"),
            (json!({"sub": "x".repeat(256)}), IdTokenInvalid, "no user"),
        ] {
            let error = changed(&changes).unwrap_err();
            assert_eq!(error.reason(), reason, "{changes}");
            assert!(error.to_string().contains(what), "{changes}: {error}");
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
        }
    }

    #[test]
    fn what_is_no_jwt_is_refused() {
        let (good, object) = (id_token(&good()), URL_SAFE_NO_PAD.encode("[]"));
        let twice =
            URL_SAFE_NO_PAD.encode(r#"{"iss":"https://id.example.com","iss":"https://evil.example"}"#);
        let long = format!("{good}.more");
        for bad in
            ["", "..", "a.b.c", "e30", "e30.e30", &format!("e30.{object}.c"), &long, &format!("e.{twice}.c")]
        {
            assert_eq!(judge(bad).unwrap_err().reason(), Reason::IdTokenInvalid, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_nothing_random_passes(token in "\\PC{0,40}", payload in "\\PC{0,40}") {
            prop_assert!(judge(&token).is_err());
            let token = format!("e30.{}.e30", URL_SAFE_NO_PAD.encode(payload));
            prop_assert!(judge(&token).is_err());
        }
    }
}
