//! Apps, and how they prove who they are.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::header;

use super::{
    World,
    received::{Form, Received},
    reply::Refused,
};
use crate::ClientAuth;

/// An app that is registered at a [`FakeProvider`](super::FakeProvider). `Debug` shows its id only.
#[derive(Clone)]
pub struct FakeApp {
    pub(super) id: String,
    pub(super) secrets: Vec<String>,
    pub(super) redirect_uris: Vec<String>,
}

impl FakeApp {
    /// With this client id; without secret and redirect URI yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), secrets: Vec::new(), redirect_uris: Vec::new() }
    }

    /// Accepts this secret. Call it twice for an app whose secret is being replaced.
    pub fn with_secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Accepts this redirect URI, compared byte for byte.
    pub fn with_redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uris.push(redirect_uri.into());
        self
    }
}

impl fmt::Debug for FakeApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeApp").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What an app showed.
enum Shown {
    Nothing,
    InBody { id: String, secret: String },
    InHeader { id: String, secret: String },
    InBoth,
}

impl Shown {
    fn read(received: &Received, form: &Form) -> Self {
        let in_body = form.get("client_secret");
        let header = received.header(header::AUTHORIZATION.as_str());
        match (in_body, header.strip_prefix("Basic ")) {
            (None, None) => Self::Nothing,
            (Some(_), Some(_)) => Self::InBoth,
            (Some(secret), None) => Self::InBody {
                id: form.get("client_id").cloned().unwrap_or_default(),
                secret: secret.clone(),
            },
            (None, Some(encoded)) => {
                let (id, secret) = basic(encoded).unwrap_or_default();
                Self::InHeader { id, secret }
            }
        }
    }
}

/// Id and secret of RFC 6749 section 2.3.1: each form-encoded, then joined by a colon.
fn basic(encoded: &str) -> Option<(String, String)> {
    let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    // A text without `=` and `&` is read as a name without a value.
    form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

impl World {
    /// The form of the request and the app that sent it, if the app proved it in the way that was agreed.
    pub(super) fn form_of_app(&self, received: &Received) -> Result<(String, Form), Refused> {
        let form = received
            .strict_form()
            .ok_or_else(|| Refused::new("invalid_request", "a POST with a form is wanted"))?;
        let app = self.authenticate(received, &form)?;
        Ok((app, form))
    }

    fn authenticate(&self, received: &Received, form: &Form) -> Result<String, Refused> {
        let (id, secret) = match (Shown::read(received, form), self.client_auth) {
            (Shown::InBoth, _) => return Err(Refused::new("invalid_request", "two ways at once")),
            (Shown::InBody { id, secret }, ClientAuth::Body)
            | (Shown::InHeader { id, secret }, ClientAuth::Basic) => (id, Some(secret)),
            (Shown::Nothing, ClientAuth::None) => (form.get("client_id").cloned().unwrap_or_default(), None),
            (Shown::InBody { secret, .. } | Shown::InHeader { secret, .. }, _) => {
                return Err(Refused::client(&secret));
            }
            (Shown::Nothing, _) => return Err(Refused::client("no secret")),
        };
        let app = self.apps.get(&id).ok_or_else(|| Refused::client(&id))?;
        match secret {
            Some(secret) if !app.secrets.contains(&secret) => Err(Refused::client(&secret)),
            _ => Ok(id),
        }
    }
}
