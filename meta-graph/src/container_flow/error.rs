//! Why something was not published.

use sociogram_api_core::ErrorKind;

use crate::error::Error;
use crate::error_class::ErrorClass;

/// Why something was not published. `item` is the place in the carousel, from 0; `None` stands for the whole.
///
/// The flow keeps its state: after the cause is gone it can be continued, and asks what was published before it
/// publishes again.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A call failed, or was refused before it was sent.
    #[error("{}: {error}", of(*.item))]
    Call {
        /// Which item it was about.
        item: Option<usize>,
        /// The call's error.
        #[source]
        error: Error,
    },
    /// The platform could not use the file.
    #[error("{}: the media failed: {class}{}: {}", of(*.item), number(*.subcode), class.advice())]
    MediaFailed {
        /// Which item it is.
        item: Option<usize>,
        /// Meta's number, if it told one.
        subcode: Option<i64>,
        /// What it means.
        class: ErrorClass,
        /// What Meta said about it. Do not branch on it.
        said: Option<String>,
    },
    /// The account has published all it may for now.
    #[error("the account has published all it may for now: wait until the quota's window ends")]
    QuotaReached {
        /// The refusal; `None` when the quota was asked for before.
        error: Option<Error>,
    },
    /// The container expired, and could not or not again be made anew.
    #[error("{}: the container has expired: make a new one", of(*.item))]
    Expired {
        /// Which item it was for.
        item: Option<usize>,
    },
    /// The platform is still at work after 10 minutes. Continue later; nothing is lost.
    #[error("{}: the platform is still at work: continue later", of(*.item))]
    StillProcessing {
        /// Which item it is about.
        item: Option<usize>,
    },
}

impl PublishError {
    pub(crate) fn call(item: Option<usize>, error: Error) -> Self {
        if error.class() == Some(ErrorClass::QuotaReached) {
            return Self::QuotaReached { error: Some(error) };
        }
        Self::Call { item, error }
    }

    /// The place in the carousel, from 0; `None` for the whole.
    pub const fn item(&self) -> Option<usize> {
        match self {
            Self::Call { item, .. }
            | Self::MediaFailed { item, .. }
            | Self::Expired { item }
            | Self::StillProcessing { item } => *item,
            Self::QuotaReached { .. } => None,
        }
    }

    /// What kind of trouble it is; the same kinds in every crate of the family.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call { error, .. } | Self::QuotaReached { error: Some(error) } => error.kind(),
            Self::QuotaReached { error: None }
            | Self::MediaFailed { class: ErrorClass::QuotaReached, .. } => ErrorKind::Throttled,
            Self::MediaFailed { class: ErrorClass::Transient, .. } => ErrorKind::Server,
            Self::MediaFailed { class: ErrorClass::InvalidParam | ErrorClass::MediaRejected, .. } => {
                ErrorKind::Invalid
            }
            Self::MediaFailed { .. } => ErrorKind::Rejected,
            Self::Expired { .. } => ErrorKind::Conflict,
            Self::StillProcessing { .. } => ErrorKind::Unavailable,
        }
    }

    /// What Meta's error means; `None` when the failure is not one of Meta's.
    pub fn class(&self) -> Option<ErrorClass> {
        match self {
            Self::Call { error, .. } => error.class(),
            Self::MediaFailed { class, .. } => Some(*class),
            Self::QuotaReached { .. } => Some(ErrorClass::QuotaReached),
            Self::Expired { .. } => Some(ErrorClass::MediaNotReady),
            Self::StillProcessing { .. } => None,
        }
    }

    /// The call's error, if a call failed.
    pub const fn error(&self) -> Option<&Error> {
        match self {
            Self::Call { error, .. } => Some(error),
            Self::QuotaReached { error } => error.as_ref(),
            Self::MediaFailed { .. } | Self::Expired { .. } | Self::StillProcessing { .. } => None,
        }
    }

    /// Whether continuing the same flow later may succeed without anybody's help. It never publishes twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call { error, .. } => error.is_retryable() || error.may_have_been_applied(),
            Self::QuotaReached { .. } | Self::StillProcessing { .. } => true,
            Self::MediaFailed { .. } | Self::Expired { .. } => false,
        }
    }
}

fn of(item: Option<usize>) -> String {
    item.map_or_else(|| "publishing failed".to_owned(), |item| format!("publishing failed at item {item}"))
}

fn number(subcode: Option<i64>) -> String {
    subcode.map(|subcode| format!(" ({subcode})")).unwrap_or_default()
}
