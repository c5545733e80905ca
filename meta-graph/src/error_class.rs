//! What an error of the Graph API means, whatever its number.

use std::fmt;

use sociogram_api_core::http::FaultClass;

use crate::use_case::UseCase;

/// The meaning of a Graph API error. Branch on this and not on numbers: the crate keeps the list of
/// numbers (see [`GraphError`](crate::GraphError) for those of one error).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Meta failed for the moment.
    Transient,
    /// A call limit is reached.
    RateLimited(RateLimitScope),
    /// The token is not accepted.
    TokenInvalid(TokenInvalidReason),
    /// A permission, a Page task or an asset assignment is missing.
    PermissionMissing,
    /// The app lacks a feature, or the account is not eligible for it.
    CapabilityMissing,
    /// The object does not exist, or this token may not see it. Never delete local data on it.
    NotFoundOrHidden,
    /// A parameter or field is missing, wrong or not supported.
    InvalidParam,
    /// The API version is no longer served.
    VersionRetired,
    /// The login's code has expired, was used before or is none. Only a new login helps.
    CodeInvalid,
    /// The app's id or secret is wrong. Nothing else was looked at.
    ClientInvalid,
    /// The app is set up wrongly: its redirect URIs or its domains.
    AppMisconfigured,
    /// Blocked for a violation of policy, or for behaviour that looks like spam.
    PolicyBlocked,
    /// The account is restricted, disabled or has to pass a check.
    AccountRestricted,
    /// The same thing exists already; the request may have been carried out before.
    Duplicate,
    /// A quota of a product is used up until its window ends.
    QuotaReached,
    /// The file was refused: type, size, dimensions, duration, or it could not be fetched.
    MediaRejected,
    /// The media container is not ready, or no longer usable.
    MediaNotReady,
    /// The upload continues at another offset; see
    /// [`GraphError::upload_offset`](crate::GraphError::upload_offset).
    UploadOffset,
    /// The window in which this kind of message is allowed is closed.
    WindowClosed,
    /// The recipient cannot or will not get the message.
    RecipientUnavailable,
    /// The WhatsApp template or flow is missing, paused, refused or filled in wrongly.
    TemplateProblem,
    /// Payment is not set up.
    BillingProblem,
    /// The answer would be too large.
    DataTooLarge,
    /// Meta gave no number this version knows.
    Unknown,
}

/// What a rate limit counts by.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimitScope {
    /// All calls of the app.
    App,
    /// All calls for one person, over all apps.
    User,
    /// One Page, called with a user or app token.
    Page,
    /// One ad account.
    AdAccount,
    /// A business use case (Graph API: Business Use Case Rate Limits) of one object.
    UseCase(UseCase),
    /// One sender and one recipient; other recipients are not concerned.
    Pair,
    /// A limit of one product or endpoint.
    Custom,
    /// A throttle in front of the API (HTTP 429 without a code).
    Edge,
}

/// Why a token is not accepted.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenInvalidReason {
    /// Meta did not say; Debug Token may.
    Unknown,
    /// Past its end. An expired token can never be exchanged.
    Expired,
    /// The person removed the app.
    AppRemoved,
    /// The person must pass a check on facebook.com; the token may come back to life.
    Checkpoint,
    /// The password was changed, or the session was reset for security.
    PasswordChanged,
    /// The person's account is not confirmed; the token may come back to life.
    Unconfirmed,
    /// Logged out, revoked or withdrawn.
    Invalidated,
    /// The person behind a Page token lost the role on the Page.
    PageRoleLost,
    /// The session was replaced or logged out.
    SessionEnded,
    /// The person installed the app anew; the older token ended.
    Reinstalled,
    /// Not used for a long time.
    LongUnused,
    /// The person's account is not valid any more.
    UserInvalid,
    /// The text is not a token, or comes from a place where it may not be used.
    Malformed,
    /// No token arrived, or its `appsecret_proof` is missing or wrong.
    NotPresented,
    /// The app is unknown or disabled.
    AppUnknown,
}

/// Who has to act on an error.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The developer: code or the app's settings.
    Developer,
    /// The person or an administrator of the account.
    User,
    /// Nobody; it passes.
    Wait,
    /// Meta; report it with the trace id.
    Meta,
}

/// Whether the same request may be sent again.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryAdvice {
    /// Yes, after a short back-off.
    Backoff,
    /// Yes, but minutes to days later.
    Later,
    /// Only after something was put right.
    AfterFix,
    /// No.
    Never,
}

impl ErrorClass {
    /// The class a pair of numbers stands for, as in a webhook's error object.
    ///
    /// ```
    /// use sociogram_meta_graph::{ErrorClass, TokenInvalidReason};
    ///
    /// let class = ErrorClass::from_codes(190, Some(463));
    /// assert_eq!(class, ErrorClass::TokenInvalid(TokenInvalidReason::Expired));
    /// ```
    pub fn from_codes(code: i64, subcode: Option<i64>) -> Self {
        crate::error_table::judge(&crate::error_table::Facts {
            code: Some(code),
            subcode,
            ..crate::error_table::Facts::default()
        })
        .class
    }

    /// The class in `snake_case`, without scope and reason: for metrics labels and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::RateLimited(_) => "rate_limited",
            Self::TokenInvalid(_) => "token_invalid",
            Self::PermissionMissing => "permission_missing",
            Self::CapabilityMissing => "capability_missing",
            Self::NotFoundOrHidden => "not_found_or_hidden",
            Self::InvalidParam => "invalid_param",
            Self::VersionRetired => "version_retired",
            Self::CodeInvalid => "code_invalid",
            Self::ClientInvalid => "client_invalid",
            Self::AppMisconfigured => "app_misconfigured",
            Self::PolicyBlocked => "policy_blocked",
            Self::AccountRestricted => "account_restricted",
            Self::Duplicate => "duplicate",
            Self::QuotaReached => "quota_reached",
            Self::MediaRejected => "media_rejected",
            Self::MediaNotReady => "media_not_ready",
            Self::UploadOffset => "upload_offset",
            Self::WindowClosed => "window_closed",
            Self::RecipientUnavailable => "recipient_unavailable",
            Self::TemplateProblem => "template_problem",
            Self::BillingProblem => "billing_problem",
            Self::DataTooLarge => "data_too_large",
            Self::Unknown => "unknown",
        }
    }

    /// Who has to act, unless the single error says otherwise
    /// ([`GraphError::who`](crate::GraphError::who)).
    pub const fn who(self) -> Who {
        use TokenInvalidReason::{AppUnknown, Malformed, NotPresented};
        match self {
            Self::Transient | Self::RateLimited(_) | Self::QuotaReached | Self::MediaNotReady => Who::Wait,
            Self::TokenInvalid(AppUnknown | Malformed | NotPresented)
            | Self::CapabilityMissing
            | Self::VersionRetired
            | Self::ClientInvalid
            | Self::AppMisconfigured
            | Self::NotFoundOrHidden
            | Self::InvalidParam
            | Self::DataTooLarge
            | Self::Duplicate
            | Self::MediaRejected
            | Self::UploadOffset => Who::Developer,
            Self::TokenInvalid(_)
            | Self::PermissionMissing
            | Self::CodeInvalid
            | Self::PolicyBlocked
            | Self::AccountRestricted
            | Self::WindowClosed
            | Self::RecipientUnavailable
            | Self::TemplateProblem
            | Self::BillingProblem => Who::User,
            Self::Unknown => Who::Meta,
        }
    }

    /// What to do, in one line.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Transient => "try again later; before repeating a write, look whether it was done",
            Self::RateLimited(scope) => scope.advice(),
            Self::TokenInvalid(reason) => reason.advice(),
            Self::PermissionMissing => {
                "compare the granted permissions, Page tasks and assets with what is needed, then ask again \
                 with `auth_type=rerequest`"
            }
            Self::CapabilityMissing => "have the app reviewed for the feature, or use an eligible account",
            Self::NotFoundOrHidden => {
                "check the id, the kind of token and that the asset is assigned; keep local data"
            }
            Self::InvalidParam => "correct the parameter; the error names the field where Meta said which",
            Self::VersionRetired => "use a newer API version",
            Self::CodeInvalid => "start the login again; a code is good once and for a short time",
            Self::ClientInvalid => "check the app's id and secret; Instagram and Threads have their own",
            Self::AppMisconfigured => {
                "correct the app's redirect URIs and domains; the redirect URI must be the same everywhere"
            }
            Self::PolicyBlocked => "stop, show Meta's text to the person and have someone look into it",
            Self::AccountRestricted => "the person has to settle it with Meta; show them Meta's text",
            Self::Duplicate => "look up what already exists; it may be your own earlier request",
            Self::QuotaReached => "wait until the quota's window ends",
            Self::MediaRejected => "encode the file anew, or put it where Meta can fetch it",
            Self::MediaNotReady => {
                "ask for the container's status until it is finished; an expired one is made anew"
            }
            Self::UploadOffset => "continue the upload at the offset the error names",
            Self::WindowClosed => "do not send it again; use a template, an allowed tag or another channel",
            Self::RecipientUnavailable => "do not send it again; reach the person another way",
            Self::TemplateProblem => "correct the template or flow in WhatsApp Manager, or its parameters",
            Self::BillingProblem => "an administrator has to settle the payment settings",
            Self::DataTooLarge => "ask for fewer fields or rows, split the period, or run it as an async job",
            Self::Unknown => "report it to Meta with the trace id",
        }
    }

    /// What the road of a request does with it.
    pub(crate) const fn fault_class(self) -> FaultClass {
        use TokenInvalidReason::{AppUnknown, NotPresented};
        match self {
            Self::Transient => FaultClass::Transient,
            // A used-up quota was refused like a throttle; its own limit key keeps it from stopping others.
            Self::RateLimited(_) | Self::QuotaReached => FaultClass::Throttled,
            // The token is not at fault: telling its source to drop it would lose a good one.
            Self::TokenInvalid(AppUnknown | NotPresented)
            | Self::VersionRetired
            | Self::ClientInvalid
            | Self::AppMisconfigured => FaultClass::Misconfigured,
            Self::TokenInvalid(_) => FaultClass::AuthRejected,
            Self::PermissionMissing | Self::CapabilityMissing => FaultClass::Permission,
            Self::NotFoundOrHidden => FaultClass::NotFound,
            Self::Duplicate | Self::MediaNotReady | Self::UploadOffset => FaultClass::Conflict,
            Self::InvalidParam
            | Self::CodeInvalid
            | Self::DataTooLarge
            | Self::MediaRejected
            | Self::TemplateProblem => FaultClass::Invalid,
            Self::PolicyBlocked
            | Self::AccountRestricted
            | Self::WindowClosed
            | Self::RecipientUnavailable
            | Self::BillingProblem
            | Self::Unknown => FaultClass::Permanent,
        }
    }
}

impl RateLimitScope {
    const fn advice(self) -> &'static str {
        match self {
            Self::App => "pause all calls of the app until `retry_after`; calling on makes it longer",
            Self::User => "pause the calls for this person until `retry_after`; another token does not help",
            Self::Page => "pause the calls for this Page until `retry_after`; prefer the Page's own token",
            Self::AdAccount => "pause the calls for this ad account until `retry_after`",
            Self::UseCase(_) => "pause this kind of call for this object until `retry_after`",
            Self::Pair => "send more slowly to this recipient; others are not concerned",
            Self::Custom => "slow down this kind of call",
            Self::Edge => "slow down and try again",
        }
    }
}

impl TokenInvalidReason {
    /// The reason in `snake_case`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::AppRemoved => "app_removed",
            Self::Checkpoint => "checkpoint",
            Self::PasswordChanged => "password_changed",
            Self::Unconfirmed => "unconfirmed",
            Self::Invalidated => "invalidated",
            Self::PageRoleLost => "page_role_lost",
            Self::SessionEnded => "session_ended",
            Self::Reinstalled => "reinstalled",
            Self::LongUnused => "long_unused",
            Self::UserInvalid => "user_invalid",
            Self::Malformed => "malformed",
            Self::NotPresented => "not_presented",
            Self::AppUnknown => "app_unknown",
        }
    }

    /// Whether the token may be accepted again without a new login, once the person has acted.
    pub const fn may_recover(self) -> bool {
        matches!(self, Self::Checkpoint | Self::Unconfirmed)
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Checkpoint => {
                "the person has to pass a check on facebook.com; the token may work again after it"
            }
            Self::Unconfirmed => "the person has to confirm their account on facebook.com",
            Self::AppRemoved => {
                "the person removed the app: purge their data and, if wanted, ask for a new login"
            }
            Self::PageRoleLost => {
                "have the person's role on the Page restored, then derive the Page token anew"
            }
            Self::Malformed => {
                "check where the token comes from; it is cut, altered or meant for another host"
            }
            Self::NotPresented => {
                "check that the client has a token and the app secret of the app that issued it"
            }
            Self::AppUnknown => "check the app id and that the app is not disabled",
            Self::Unknown
            | Self::Expired
            | Self::PasswordChanged
            | Self::Invalidated
            | Self::SessionEnded
            | Self::Reinstalled
            | Self::LongUnused
            | Self::UserInvalid => "send the person through the login again",
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenInvalid(reason) => write!(f, "{}({})", self.as_str(), reason.as_str()),
            _ => f.write_str(self.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tokens_own_fault_is_told_to_its_source() {
        for (reason, expected) in [
            (TokenInvalidReason::Expired, FaultClass::AuthRejected),
            (TokenInvalidReason::Malformed, FaultClass::AuthRejected),
            (TokenInvalidReason::NotPresented, FaultClass::Misconfigured),
            (TokenInvalidReason::AppUnknown, FaultClass::Misconfigured),
        ] {
            assert_eq!(ErrorClass::TokenInvalid(reason).fault_class(), expected, "{reason:?}");
        }
    }

    #[test]
    fn an_expired_version_and_a_missing_feature_are_not_the_persons_business() {
        for class in [
            ErrorClass::VersionRetired,
            ErrorClass::CapabilityMissing,
            ErrorClass::InvalidParam,
            ErrorClass::ClientInvalid,
            ErrorClass::AppMisconfigured,
        ] {
            assert_eq!(class.who(), Who::Developer, "{class}");
        }
        assert_eq!(ErrorClass::CodeInvalid.who(), Who::User);
        assert_eq!(ErrorClass::TokenInvalid(TokenInvalidReason::AppUnknown).who(), Who::Developer);
        assert_eq!(ErrorClass::TokenInvalid(TokenInvalidReason::Expired).who(), Who::User);
        assert_eq!(ErrorClass::RateLimited(RateLimitScope::App).who(), Who::Wait);
        assert_eq!(ErrorClass::Unknown.who(), Who::Meta);
    }
}
