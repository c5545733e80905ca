//! Logins that run in the provider's script instead of a redirect (Meta: WhatsApp Embedded Signup).

use std::fmt;

use serde_json::{Map, Value};
use sociogram_api_core::Timestamp;

use crate::{BrowserBinder, OAuthClient, OAuthError, Reason, StartRequest, popup::script_json};

/// A login that was started for the provider's script. `Debug` shows neither state nor binder.
#[non_exhaustive]
pub struct EmbeddedSignup {
    /// Goes into the page, and comes back to the server together with the code
    /// ([`CallbackParams::from_script`](crate::CallbackParams::from_script)).
    pub state: String,
    /// What to put into the browser's cookie; see [`OAuthClient::cookie`].
    pub binder: BrowserBinder,
    /// The second argument of `FB.login`, as JSON that may stand in a script of the page.
    pub options: String,
    /// Until when the code can come back.
    pub expires_at: Timestamp,
}

impl fmt::Debug for EmbeddedSignup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedSignup")
            .field("options", &self.options)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl OAuthClient {
    /// Starts a login that the page runs with `FB.login` (WhatsApp: Embedded Signup). The page posts the code
    /// and the state to the server, which goes on with [`complete`](Self::complete) and
    /// [`log_in`](Self::log_in) at once: the code lives 30 seconds.
    ///
    /// The ids in the script's `WA_EMBEDDED_SIGNUP` message are claims of the browser. Use a WhatsApp Business
    /// account only if it is among the [limits](crate::TokenFacts::limits) of the token.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Invalid` for a provider whose logins are redirects, and those of
    /// [`start`](Self::start).
    pub async fn start_embedded(&self, request: StartRequest) -> Result<EmbeddedSignup, OAuthError> {
        let Some(config) = self.provider().config.as_ref().filter(|_| !self.provider().sends_redirect_uri)
        else {
            return Err(OAuthError::because(Reason::NotOffered)
                .with_message("this login product runs as a redirect")
                .with_action("use `start`"));
        };
        let mut options = Map::new();
        options.insert("config_id".to_owned(), Value::from(config.as_str()));
        options.insert("response_type".to_owned(), Value::from("code"));
        options.insert("override_default_response_type".to_owned(), Value::from(true));
        options.insert("extras".to_owned(), serde_json::json!({ "setup": {}, "sessionInfoVersion": "3" }));
        for (name, value) in &self.provider().authorize_params {
            options.insert(name.to_string(), option(value));
        }
        let options = script_json(&options)?;
        let asked = request.scopes.all();
        let (opened, _) = self.open(request, &asked).await?;
        Ok(EmbeddedSignup {
            state: opened.state,
            binder: opened.binder,
            options,
            expires_at: opened.expires_at,
        })
    }
}

/// Flags and objects (`extras`) as JSON, anything else as text.
fn option(value: &str) -> Value {
    match serde_json::from_str(value) {
        Ok(json @ (Value::Bool(_) | Value::Object(_))) => json,
        _ => Value::from(value),
    }
}
