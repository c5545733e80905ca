//! Why a login, or a renewal, failed: one name per case, each with its own advice.

use std::fmt;

use sociogram_api_core::ErrorKind;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $variant:ident, $kind:ident, $name:literal, $message:expr, $action:expr;)*) => {
        /// Why a login, or a renewal, failed. [`OAuthError::reason`](crate::OAuthError::reason) tells it to the
        /// program, for its audit and its decisions; the person sees the error's text and
        /// [`user_action`](crate::OAuthError::user_action).
        ///
        /// Seven reasons say that a callback belongs to no open login: they share one text and one advice, so
        /// that whoever sends a forged callback learns nothing. See [`is_session_mismatch`](Self::is_session_mismatch).
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Reason {
            /// Every reason this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The reason in `snake_case`, for logs, audit rows and metrics labels.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What sort of trouble it usually is. The error's own kind may be more precise: an answer that
            /// timed out is [`ErrorKind::InDoubt`] for a code and [`ErrorKind::Server`] for a read.
            pub const fn kind(self) -> ErrorKind {
                match self { $(Self::$variant => ErrorKind::$kind,)* }
            }

            /// What is wrong, in one lower-case line.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }

            /// What to do next.
            pub const fn user_action(self) -> &'static str {
                match self { $(Self::$variant => $action,)* }
            }
        }
    };
}

const NO_SESSION: &str =
    "this login is not open any more, or was started by someone else or in another browser";
const NO_SESSION_ACTION: &str = "start the login again, in one browser and within ten minutes";
const AGAIN: &str = "start the login again";
const AGAIN_USED: &str = "start the login again: the code may be used up";
const REPORT: &str = "report it: the provider's answer has a shape this version does not know";

reasons! {
    // ---- the callback itself ----

    /// The callback's query is longer than any provider's.
    CallbackTooLong, Invalid, "callback_too_long",
        "the callback is not one of the provider's: it is too long", AGAIN;
    /// A parameter that may come once came twice.
    CallbackDuplicate, Invalid, "callback_duplicate",
        "the callback is not one of the provider's: a parameter is there twice",
        "start the login again; if it repeats, look for a proxy that rewrites the query";
    /// A code and an error together.
    CallbackContradictory, Invalid, "callback_contradictory",
        "the callback is not one of the provider's: it holds both a code and an error",
        "start the login again, and do not reuse an old callback address";
    /// No state.
    CallbackWithoutState, Invalid, "callback_without_state",
        "the callback is not one of the provider's: it has no state",
        "start the login from the product, not from a link or bookmark";
    /// Neither a code nor an error.
    CallbackWithoutOutcome, Invalid, "callback_without_outcome",
        "the callback is not one of the provider's: it holds neither a code nor an error",
        "start the login again; if it repeats, check that the redirect URI keeps its query";
    /// A code, a state or an issuer that is too long or holds characters no provider sends.
    CallbackMalformed, Invalid, "callback_malformed",
        "the callback is not one of the provider's: a value is too long or holds control characters",
        "start the login again; if it repeats, look for what changes the query on its way";

    // ---- the login the callback belongs to: one answer for all ----

    /// There is no open login with this state: never started, already completed, or pushed out by newer ones.
    SessionUnknown, Rejected, "session_unknown", NO_SESSION, NO_SESSION_ACTION;
    /// The login was open for too long.
    SessionExpired, Rejected, "session_expired", NO_SESSION, NO_SESSION_ACTION;
    /// The login was started in another browser.
    OtherBrowser, Rejected, "other_browser", NO_SESSION, NO_SESSION_ACTION;
    /// The login was started by another person, or in another tenant.
    OtherActor, Rejected, "other_actor", NO_SESSION, NO_SESSION_ACTION;
    /// The login was started at another provider, for another app, or with other endpoints.
    OtherProvider, Rejected, "other_provider", NO_SESSION, NO_SESSION_ACTION;
    /// The provider promises an issuer in its callbacks and none came (RFC 9207).
    IssuerMissing, Rejected, "issuer_missing", NO_SESSION, NO_SESSION_ACTION;
    /// The callback names another issuer (RFC 9207).
    IssuerMismatch, Rejected, "issuer_mismatch", NO_SESSION, NO_SESSION_ACTION;

    // ---- the provider's no ----

    /// The provider sent the person back without a code; see [`OAuthError::denial`](crate::OAuthError::denial).
    Denied, Cancelled, "denied",
        "the provider gave no code", "offer the login again when they want it";

    // ---- answers of the provider ----

    /// The provider was never reached; nothing was sent.
    NotReached, Connect, "not_reached",
        "the provider could not be reached", "check the network, then start the step again";
    /// An endpoint answered with a redirect, which is never followed.
    Redirected, Rejected, "redirected",
        "the endpoint answered with a redirect, which is not followed",
        "check the endpoint's address in the provider's settings";
    /// An answer of more than 64 KiB.
    AnswerTooLarge, Decode, "answer_too_large",
        "the answer is larger than 64 KiB and was not read",
        "check that the endpoint's address is the provider's; a login has to be started again";
    /// No answer within ten seconds.
    AnswerTimedOut, InDoubt, "answer_timed_out",
        "the provider did not answer in time", "try again later; a login has to be started again";
    /// An answer that is neither JSON nor a form, or whose fields have other types.
    AnswerNotReadable, Decode, "answer_not_readable", "the answer could not be read", REPORT;
    /// A page for people where an answer for programs belongs.
    AnswerIsHtml, Decode, "answer_is_html",
        "the answer is a web page and no token answer",
        "look for a proxy or sign-in page in between, then start the login again";
    /// An error with a status of success.
    RefusedWithSuccess, Rejected, "refused_with_success",
        "the provider refused, with a status of success", "read the provider's code; then start the login again";
    /// An answer without a usable access token.
    TokenMissing, Decode, "token_missing",
        "the answer holds no access token, an empty one or one with spaces", AGAIN;
    /// A token of a type that cannot simply be sent along.
    NotBearer, Decode, "not_bearer",
        "the token is not a bearer token", "set the app to bearer tokens at the provider, then start the login again";
    /// A life that is negative, broken, or beyond a hundred years.
    LifetimeSenseless, Decode, "lifetime_senseless",
        "the token's life is not a sensible number of seconds", REPORT;
    /// The code has expired, was used before, or belongs to another redirect URI or verifier.
    CodeRefused, Reauthorize, "code_refused",
        "the provider does not accept the code", "start the login again: a code is good once and for a short time";
    /// The grant has ended or was taken back.
    GrantRevoked, Reauthorize, "grant_revoked",
        "the provider does not accept the grant any more", "send the person through the login again";
    /// The provider does not accept the app's id or secret.
    ClientRefused, Misconfigured, "client_refused",
        "the provider does not accept the client id or secret",
        "copy the id and the secret from the app's settings at the provider";
    /// The provider says that the app is set up wrongly.
    AppMisconfigured, Misconfigured, "app_misconfigured",
        "the provider says that the app is set up wrongly",
        "check the app's settings at the provider: redirect URI, products, app mode";
    /// The app may not do this.
    PermissionMissing, Permission, "permission_missing",
        "the app or the person lacks a permission",
        "ask the person for the missing permission, or have the app approved for it";
    /// Too many calls.
    Throttled, Throttled, "throttled",
        "the provider asks to slow down", "wait for the time given by `retry_after`, then try again";
    /// The provider is in trouble.
    ProviderDown, Server, "provider_down", "the provider failed", "try again later";
    /// Refused for another lasting reason.
    Refused, Rejected, "refused",
        "the provider refused", "read the provider's code and change the request";
    /// The request was sent and nobody knows what became of it.
    OutcomeUnknown, InDoubt, "outcome_unknown",
        "the request was sent, and what became of it is not known", AGAIN_USED;

    // ---- what is checked before anything is stored ----

    /// The code came back too long ago; nothing was sent.
    CodeTooOld, Reauthorize, "code_too_old",
        "the code is too old to be exchanged, and was not sent",
        "start the login again, and exchange the code as soon as it comes";
    /// The token was made for another app.
    ForeignToken, Rejected, "foreign_token",
        "the token was made for another app",
        "do not use it; check that the client id is the one the login was started with";
    /// The provider says that the token it just gave is not good.
    TokenInactive, Reauthorize, "token_inactive",
        "the provider says that the token is not active",
        "start the login again; if it repeats, check that the app is not disabled at the provider";
    /// A reconnect brought another account than the one that is connected.
    AccountSwapped, Conflict, "account_swapped",
        "this is another account than the one that is connected",
        "sign in to the connected account at the provider first, or connect this one as a new account";
    /// Two answers about one token name two people.
    SubjectMismatch, Rejected, "subject_mismatch",
        "the provider named two different users for one token",
        "do not use the token; start the login again in a fresh browser window";
    /// Nobody said whose token it is.
    IdentityUnknown, Misconfigured, "identity_unknown",
        "the provider did not say whose token it is",
        "ask for the `openid` scope, or give the provider hooks or a userinfo endpoint that tell it";
    /// The id token does not carry the nonce of this login.
    NonceMismatch, Rejected, "nonce_mismatch",
        "the id token was not made for this login",
        "start the login again in a fresh browser window";
    /// The id token is missing, or is not one for this app and this time.
    IdTokenInvalid, Rejected, "id_token_invalid",
        "the id token is missing or not valid for this app",
        "start the login again; if it repeats, compare issuer, client id and clock with the provider's";
    /// A required scope was not granted; see [`OAuthError::scope_report`](crate::OAuthError::scope_report).
    ScopesMissing, Permission, "scopes_missing",
        "required scopes were not granted",
        "tell the person which scopes are needed and for what, then ask for them again";

    // ---- the product's own side ----

    /// The client is set up wrongly.
    Setup, Misconfigured, "setup",
        "the client is not set up correctly", "correct the client's settings";
    /// The provider's published metadata cannot be used.
    MetadataInvalid, Misconfigured, "metadata_invalid",
        "the provider's metadata cannot be used",
        "check the issuer, and that its metadata names it and has https endpoints";
    /// Scopes that this login product does not give.
    MixedScopes, Invalid, "mixed_scopes",
        "some scopes belong to another login product",
        "ask for each product's scopes with its own provider";
    /// Something the caller passed cannot be used.
    Input, Invalid, "input", "what was passed cannot be used", "correct what is named and call it again";
    /// The session store does not answer.
    StoreUnavailable, Unavailable, "store_unavailable",
        "the session store does not answer", "check the session store, then start the login again";
    /// There is no refresh token, or it has ended; nothing was sent.
    NoRefreshToken, Reauthorize, "no_refresh_token",
        "there is no refresh token that could renew the access", "send the person through the login again";
    /// The provider does not renew a token of this age yet; nothing was sent.
    TooYoung, Throttled, "too_young",
        "the token is too young to be renewed", "keep the token, and try again after `retry_after`";
    /// The provider, or this sort of token, has no such step; nothing was sent.
    NotOffered, Invalid, "not_offered",
        "there is no such step for this provider or this sort of token", "keep the token as it is";
    /// Anything else.
    Other, Internal, "other", "it failed for a reason without a name", "read the error's kind and its cause";
}

impl Reason {
    /// Whether the callback belongs to no open login of this person, browser and provider. Worth an entry in the
    /// audit; the text for the person is one and the same.
    pub const fn is_session_mismatch(self) -> bool {
        matches!(
            self,
            Self::SessionUnknown
                | Self::SessionExpired
                | Self::OtherBrowser
                | Self::OtherActor
                | Self::OtherProvider
                | Self::IssuerMissing
                | Self::IssuerMismatch
        )
    }

    /// The reason that comes nearest to a kind, where nobody named one.
    pub(crate) const fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Invalid => Self::Input,
            ErrorKind::Misconfigured => Self::AppMisconfigured,
            ErrorKind::Connect => Self::NotReached,
            ErrorKind::InDoubt => Self::OutcomeUnknown,
            ErrorKind::Throttled | ErrorKind::CircuitOpen => Self::Throttled,
            ErrorKind::Reauthorize => Self::GrantRevoked,
            ErrorKind::Permission => Self::PermissionMissing,
            ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Conflict => Self::Refused,
            ErrorKind::Server => Self::ProviderDown,
            ErrorKind::Decode => Self::AnswerNotReadable,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_name_and_a_line_of_its_own() {
        let names: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let text = [reason.message(), reason.user_action()];
            assert!(text.iter().all(|line| !line.is_empty() && !line.contains('\n')), "{reason}");
            assert!(reason.message().starts_with(char::is_lowercase), "{reason}");
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(reason.to_string().chars().all(plain), "{reason}");
        }
    }

    #[test]
    fn only_session_mismatches_share_their_text() {
        let told = |reason: &Reason| (reason.message(), reason.user_action(), reason.kind());
        let mismatches: Vec<_> = Reason::ALL.iter().filter(|reason| reason.is_session_mismatch()).collect();
        assert_eq!(mismatches.len(), 7);
        assert!(mismatches.iter().all(|reason| told(reason) == told(&Reason::SessionUnknown)));
        let rest: BTreeSet<_> = Reason::ALL
            .iter()
            .filter(|reason| !reason.is_session_mismatch())
            .map(|reason| reason.message())
            .collect();
        assert_eq!(rest.len(), Reason::ALL.len() - 7);
    }
}
