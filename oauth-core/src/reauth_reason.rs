//! Why a person must log in again.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! reauth_reason {
    ($($(#[doc = $doc:literal])* $variant:ident => $name:literal, $text:literal;)*) => {
        /// Why a person must log in again: nothing that the program could do brings the access back.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ReauthReason {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ReauthReason {
            /// Every reason this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The reason in `snake_case`, as stored and as used in metrics labels.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The reason in plain words, to follow "the account must be connected again: ".
            pub const fn as_text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

reauth_reason! {
    /// The provider refuses the stored token and does not say why.
    TokenRejected => "token_rejected", "the provider no longer accepts the token";
    /// The person or the provider withdrew the grant.
    GrantRevoked => "grant_revoked", "access was withdrawn";
    /// The grant reached its end.
    GrantExpired => "grant_expired", "access has ended";
    /// The person changed the password, which ends Meta's tokens.
    PasswordChanged => "password_changed", "the password was changed";
    /// The person removed the app.
    AppRemoved => "app_removed", "the app was removed";
    /// The provider wants the person to confirm something on its own pages first.
    Checkpoint => "checkpoint", "the provider wants something confirmed first";
    /// A permission the product needs was taken away.
    PermissionsLost => "permissions_lost", "a permission was taken away";
    /// Meta's 90-day access to the person's data has lapsed.
    DataAccessExpired => "data_access_expired", "access to the data has lapsed";
    /// The refresh token was good once and is spent: its successor was lost, or somebody else used it
    /// (RFC 9700 section 4.14).
    TokenReuse => "token_reuse", "the access could not be renewed safely";
    /// The token turned out to be another account's.
    AccountMismatch => "account_mismatch", "the token belongs to another account";
    /// The token comes from an earlier product or login, and the provider cannot renew it.
    LegacyToken => "legacy_token", "it was connected in an older way";
}

impl ReauthReason {
    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == name)
    }
}

impl fmt::Display for ReauthReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_is_stored_by_its_name_and_has_a_text_of_its_own() {
        for reason in ReauthReason::ALL {
            assert_eq!(serde_json::to_string(reason).unwrap(), format!("\"{reason}\""));
            assert_eq!(ReauthReason::from_name(reason.as_str()), Some(*reason));
            let text = reason.as_text();
            assert!(text.starts_with(char::is_lowercase) && !text.ends_with('.'), "{text}");
        }
        let texts: BTreeSet<_> = ReauthReason::ALL.iter().map(|reason| reason.as_text()).collect();
        assert_eq!(texts.len(), ReauthReason::ALL.len());
        assert_eq!(ReauthReason::from_name("GrantRevoked"), None);
    }
}
