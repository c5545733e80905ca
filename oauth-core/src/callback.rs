//! What the provider sends back through the browser.

use std::fmt;

use sociogram_api_core::{ErrorKind, Secret, redact::sanitize_text};

use crate::{AuthorizationCode, OAuthError, Reason, ReturnTo};

const MAX_QUERY: usize = 16 * 1024;
/// Longest value that is looked at; codes have some hundred characters.
const MAX_VALUE: usize = 4 * 1024;
/// Ours has 43.
const MAX_STATE: usize = 256;
/// How much of a provider's error description is kept.
const MAX_DESCRIPTION: usize = 512;

/// The query of a callback, read strictly. Nothing in it is trusted yet.
///
/// ```
/// use sociogram_oauth_core::CallbackParams;
///
/// let callback = CallbackParams::parse("code=AQB&state=xyz#_=_")?;
/// assert!(!format!("{callback:?}").contains("AQB"));
/// assert!(CallbackParams::parse("code=a&code=b&state=xyz").is_err());
/// # Ok::<(), sociogram_oauth_core::OAuthError>(())
/// ```
pub struct CallbackParams {
    pub(crate) state: Secret,
    pub(crate) issuer: Option<String>,
    pub(crate) outcome: Result<AuthorizationCode, Denial>,
}

impl CallbackParams {
    /// Reads the raw query of the callback's URL, with or without `?`. The `#_=_` that Facebook and Instagram
    /// append is dropped.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Invalid` when it was tampered with: `code`, `state`, `error` or `iss` twice,
    /// `code` and `error` together or neither, no `state`, a code or state that is too long or not of visible
    /// ASCII, or more than 16 KiB. The [`reason`](OAuthError::reason) says which.
    pub fn parse(raw_query: &str) -> Result<Self, OAuthError> {
        let query = raw_query.strip_prefix('?').unwrap_or(raw_query);
        let query = query.split('#').next().unwrap_or_default();
        if query.len() > MAX_QUERY {
            return Err(OAuthError::because(Reason::CallbackTooLong));
        }
        let mut seen = Seen::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(field) = seen.field(&name) else { continue };
            if field.replace(value.into_owned()).is_some() {
                return Err(OAuthError::because(Reason::CallbackDuplicate));
            }
        }
        seen.judge()
    }

    /// What a login that ran in a script brought (Meta: Embedded Signup): the code the script was given, and
    /// the state that [`start_embedded`](crate::OAuthClient::start_embedded) made. Your page sends both to
    /// your server in the body of a POST.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Invalid`, as for [`parse`](Self::parse).
    pub fn from_script(code: &str, state: &str) -> Result<Self, OAuthError> {
        Seen { code: Some(code.to_owned()), state: Some(state.to_owned()), ..Seen::default() }.judge()
    }
}

impl fmt::Debug for CallbackParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackParams").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Seen {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    issuer: Option<String>,
    reason: Option<String>,
    description: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
}

impl Seen {
    fn field(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "code" => &mut self.code,
            "state" => &mut self.state,
            "error" => &mut self.error,
            "iss" => &mut self.issuer,
            "error_reason" => &mut self.reason,
            "error_description" => &mut self.description,
            "error_code" => &mut self.error_code,
            "error_message" => &mut self.error_message,
            _ => return None,
        })
    }

    fn judge(self) -> Result<CallbackParams, OAuthError> {
        let code = self.code.as_deref().map(without_marker).filter(|code| !code.is_empty());
        let error = self.error.as_deref().filter(|error| !error.is_empty());
        // Facebook's dialog has an older form without `error`.
        let failed = error.is_some() || self.error_code.is_some();
        let outcome = match (code, failed) {
            (Some(code), false) if is_plain(code, MAX_VALUE) => Ok(AuthorizationCode::new(code)),
            (Some(_), false) => return Err(OAuthError::because(Reason::CallbackMalformed)),
            (None, true) => Err(Denial::new(
                error.unwrap_or_default(),
                self.reason.as_deref(),
                self.description.as_deref().or(self.error_message.as_deref()),
            )),
            (Some(_), true) => return Err(OAuthError::because(Reason::CallbackContradictory)),
            (None, false) => return Err(OAuthError::because(Reason::CallbackWithoutOutcome)),
        };
        let state = self.state.as_deref().map(without_marker).filter(|state| !state.is_empty());
        let state = state.ok_or_else(|| OAuthError::because(Reason::CallbackWithoutState))?;
        let issuer = self.issuer.as_deref().map(without_marker);
        if !is_plain(state, MAX_STATE) || !issuer.is_none_or(|issuer| is_plain(issuer, MAX_VALUE)) {
            return Err(OAuthError::because(Reason::CallbackMalformed));
        }
        Ok(CallbackParams { state: Secret::new(state), issuer: issuer.map(ToOwned::to_owned), outcome })
    }
}

/// Without the `#_=_` (Facebook) or `#_` (Instagram) that some routers decode into the last value.
fn without_marker(value: &str) -> &str {
    value.strip_suffix("#_=_").or_else(|| value.strip_suffix("#_")).unwrap_or(value)
}

/// RFC 6749 appendix A.5 and A.11: printable ASCII.
fn is_plain(value: &str, max: usize) -> bool {
    value.len() <= max && value.bytes().all(|c| matches!(c, b' '..=b'~'))
}

/// Why the provider gave no code.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DenialKind {
    /// The person said no, or did not sign in.
    Cancelled,
    /// The provider was told not to show anything (`prompt=none`) and would have to.
    InteractionNeeded,
    /// The app may not ask for one of the scopes: a product or a review is missing.
    ScopeNotAllowed,
    /// The provider is in trouble; the same login may work later.
    Unavailable,
    /// The request was refused for another reason, most likely the app's settings.
    Misconfigured,
}

/// The provider sent the person back without a code.
#[derive(Clone)]
pub struct Denial {
    kind: DenialKind,
    error: String,
    description: Option<String>,
    pub(crate) return_to: Option<ReturnTo>,
}

impl Denial {
    fn new(error: &str, reason: Option<&str>, description: Option<&str>) -> Self {
        let kind = match error {
            "access_denied" | "user_cancelled_login" | "user_cancelled_authorize" => DenialKind::Cancelled,
            _ if reason == Some("user_denied") => DenialKind::Cancelled,
            "login_required" | "consent_required" | "interaction_required" | "account_selection_required" => {
                DenialKind::InteractionNeeded
            }
            "unauthorized_scope_error" | "invalid_scope" => DenialKind::ScopeNotAllowed,
            "server_error" | "temporarily_unavailable" => DenialKind::Unavailable,
            _ => DenialKind::Misconfigured,
        };
        let description = description.map(|text| sanitize_text(text, MAX_DESCRIPTION));
        Self { kind, error: sanitize_text(error, 64), description, return_to: None }
    }

    /// Why.
    pub const fn kind(&self) -> DenialKind {
        self.kind
    }

    /// The provider's `error`, at most 64 characters. It came through the browser: escape it before showing
    /// it.
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The provider's explanation for the developer, at most 512 characters without control characters. It
    /// came through the browser, so anybody may have written it: escape it before showing it.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Where the product wanted to go after the login.
    pub const fn return_to(&self) -> Option<&ReturnTo> {
        self.return_to.as_ref()
    }
}

impl fmt::Debug for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Denial").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl From<Denial> for OAuthError {
    fn from(denial: Denial) -> Self {
        let (kind, message, action) = match denial.kind {
            DenialKind::Cancelled => {
                (ErrorKind::Cancelled, "the person did not agree", "offer the login again when they want it")
            }
            DenialKind::InteractionNeeded => (
                ErrorKind::Reauthorize,
                "the provider has to ask the person",
                "start the login again without `prompt=none`",
            ),
            DenialKind::ScopeNotAllowed => (
                ErrorKind::Misconfigured,
                "the app may not ask for one of the scopes",
                "add the product that grants the scope to the app, or ask for less",
            ),
            DenialKind::Unavailable => (
                ErrorKind::Server,
                "the provider could not complete the login",
                "start the login again later",
            ),
            DenialKind::Misconfigured => (
                ErrorKind::Misconfigured,
                "the provider refused the login request",
                "check the app's settings at the provider: redirect URI, scopes, app mode",
            ),
        };
        Self::because(Reason::Denied)
            .with_kind(kind)
            .with_message(message)
            .with_action(action)
            .with_denial(denial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn denial(query: &str) -> Denial {
        CallbackParams::parse(query).unwrap().outcome.unwrap_err()
    }

    #[test]
    fn a_code_is_read_whatever_stands_around_it() {
        for query in [
            "code=C&state=S",
            "?state=S&code=C",
            "code=C&state=S#_=_",
            "code=C&state=S%23_%3D_",
            "state=S&code=C%23_",
            "code=C&state=S&granted_scopes=email&granted_scopes=x&iss=https%3A%2F%2Fissuer.example",
            "code=C&state=S&error=",
        ] {
            let callback = CallbackParams::parse(query).unwrap();
            assert_eq!(callback.state.expose(), "S", "{query}");
            assert_eq!(callback.outcome.unwrap().expose(), "C", "{query}");
        }
    }

    #[test]
    fn tampering_is_refused() {
        use Reason::{
            CallbackContradictory, CallbackDuplicate, CallbackMalformed, CallbackTooLong,
            CallbackWithoutOutcome, CallbackWithoutState,
        };
        let long = format!("code={}&state=S", "x".repeat(MAX_QUERY));
        let long_code = format!("code={}&state=S", "x".repeat(MAX_VALUE + 1));
        let long_state = format!("code=C&state={}", "x".repeat(MAX_STATE + 1));
        let long_issuer = format!("code=C&state=S&iss={}", "x".repeat(MAX_VALUE + 1));
        for (query, reason) in [
            ("", CallbackWithoutOutcome),
            ("state=S", CallbackWithoutOutcome),
            ("code=&state=S", CallbackWithoutOutcome),
            ("code=%23_%3D_&state=S", CallbackWithoutOutcome),
            ("Code=C&state=S", CallbackWithoutOutcome),
            ("code[]=C&state=S", CallbackWithoutOutcome),
            ("code=C", CallbackWithoutState),
            ("code=C&state=", CallbackWithoutState),
            ("error=access_denied", CallbackWithoutState),
            ("code=C&code=C&state=S", CallbackDuplicate),
            ("code=C&c%6Fde=D&state=S", CallbackDuplicate),
            ("code=C&code=&state=S", CallbackDuplicate),
            ("code=C&state=S&state=S", CallbackDuplicate),
            ("error=a&error=b&state=S", CallbackDuplicate),
            ("code=C&state=S&iss=a&iss=b", CallbackDuplicate),
            ("error=a&error_reason=b&error_reason=c&state=S", CallbackDuplicate),
            ("code=C&error=access_denied&state=S", CallbackContradictory),
            ("code=C&error_code=1&state=S", CallbackContradictory),
            ("code=C%0D%0Ax&state=S", CallbackMalformed),
            ("code=C%00&state=S", CallbackMalformed),
            ("code=C%7F&state=S", CallbackMalformed),
            ("code=%C3%A4&state=S", CallbackMalformed),
            ("code=%FF&state=S", CallbackMalformed),
            ("code=C&state=S%1B", CallbackMalformed),
            ("error=x&state=S%0A", CallbackMalformed),
            ("code=C&state=S&iss=%0A", CallbackMalformed),
            (&long_code, CallbackMalformed),
            (&long_state, CallbackMalformed),
            (&long_issuer, CallbackMalformed),
            (&long, CallbackTooLong),
        ] {
            let error = CallbackParams::parse(query).unwrap_err();
            assert_eq!((error.kind(), error.reason()), (ErrorKind::Invalid, reason), "{query}");
            assert!(error.user_action().starts_with("start the login "), "{query}");
        }
    }

    #[test]
    fn a_script_brings_a_code_and_a_state() {
        let callback = CallbackParams::from_script("C#_=_", "S").unwrap();
        assert_eq!((callback.state.expose(), callback.outcome.unwrap().expose()), ("S", "C"));
        for (code, state, reason) in [
            ("", "S", Reason::CallbackWithoutOutcome),
            ("C", "", Reason::CallbackWithoutState),
            ("C\n", "S", Reason::CallbackMalformed),
        ] {
            assert_eq!(CallbackParams::from_script(code, state).unwrap_err().reason(), reason);
        }
    }

    #[test]
    fn denials_are_told_apart() {
        for (query, kind, error_kind) in [
            ("error=access_denied&error_reason=user_denied", DenialKind::Cancelled, ErrorKind::Cancelled),
            ("error=user_cancelled_login", DenialKind::Cancelled, ErrorKind::Cancelled),
            ("error=user_cancelled_authorize", DenialKind::Cancelled, ErrorKind::Cancelled),
            ("error=unauthorized_scope_error", DenialKind::ScopeNotAllowed, ErrorKind::Misconfigured),
            ("error=login_required", DenialKind::InteractionNeeded, ErrorKind::Reauthorize),
            ("error=server_error", DenialKind::Unavailable, ErrorKind::Server),
            ("error=invalid_request", DenialKind::Misconfigured, ErrorKind::Misconfigured),
            ("error=something_new", DenialKind::Misconfigured, ErrorKind::Misconfigured),
            (
                "error_code=1349048&error_message=Cannot+load",
                DenialKind::Misconfigured,
                ErrorKind::Misconfigured,
            ),
        ] {
            let denial = denial(&format!("{query}&state=S"));
            assert_eq!(denial.kind(), kind, "{query}");
            let error = OAuthError::from(denial);
            assert_eq!((error.kind(), error.reason()), (error_kind, Reason::Denied), "{query}");
        }
    }

    #[test]
    fn descriptions_are_cut_cleaned_and_kept_out_of_print() {
        let hostile = format!(
            "error=x&state=S&error_description=%3Cscript%3E%0D%0A%1B%5B31mCANARY{}",
            "y".repeat(MAX_DESCRIPTION)
        );
        let denial = denial(&hostile);
        let text = denial.description().unwrap();
        assert!(text.starts_with("<script>") && text.chars().count() == MAX_DESCRIPTION + 1, "{text}");
        assert!(!text.chars().any(char::is_control));
        let error = OAuthError::from(denial.clone());
        assert!(!format!("{denial:?} {error:?} {error}").contains("CANARY"));
        assert_eq!(error.denial().unwrap().error(), "x");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(query in any::<String>()) {
            let _ = CallbackParams::parse(&query);
        }

        #[test]
        fn a_code_never_comes_out_of_a_query_with_an_error(rest in "[a-z=&%0-9]{0,40}") {
            let parsed = CallbackParams::parse(&format!("error=x&state=S&{rest}"));
            prop_assert!(parsed.is_err() || parsed.unwrap().outcome.is_err());
        }
    }
}
