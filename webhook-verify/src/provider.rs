//! Who sent the delivery.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The platform that sent a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Provider {
    /// Facebook, Instagram, WhatsApp, Messenger, Threads.
    Meta,
    /// LinkedIn.
    LinkedIn,
}

impl Provider {
    /// The stable lower-case name: `meta` or `linkedin`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::LinkedIn => "linkedin",
        }
    }

    /// The signature header as the platform's documentation spells it, for messages.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Meta => "X-Hub-Signature-256",
            Self::LinkedIn => "X-LI-Signature",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Meta => "Meta",
            Self::LinkedIn => "LinkedIn",
        })
    }
}
