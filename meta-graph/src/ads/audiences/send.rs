//! Sending rows.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use super::rows::AudienceBatch;
use crate::id::CustomAudienceId;
use crate::lenient;

/// What is done with the rows.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudienceAction {
    /// They are added to the audience.
    Add,
    /// They are removed from it.
    Remove,
    /// They take the place of everybody in it.
    Replace,
}

/// Declares a call that sends rows. They go into the body whatever the method, because a URL is too short for them,
/// and no error keeps anything of the answer, because Meta may quote rows in it.
macro_rules! sends_rows {
    (
        $(#[$meta:meta])*
        pub struct $name:ident;
        $operation:literal: $method:ident $path:literal, $replay:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            audience: CustomAudienceId,
            batch: AudienceBatch,
        }

        impl $name {
            /// Sends these rows.
            pub fn new(audience: CustomAudienceId, batch: AudienceBatch) -> Self {
                Self { audience, batch }
            }
        }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = AudienceUsersReceived;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::$method;
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::$replay;
            const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];
            const SENSITIVE: bool = true;

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                if $path.ends_with("/usersreplace") && self.batch.session.is_none() {
                    return Err(Finding::error("ads.audience.session", "session", "replacing needs a session")
                        .advice("give the batch a session id")
                        .into());
                }
                parts.path("audience_id", &self.audience).form_field("payload", &self.batch.payload);
                if let Some(session) = &self.batch.session {
                    parts.form_field("session", serde_json::json!(session).to_string());
                }
                Ok(())
            }

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<AudienceUsersReceived, ::sociogram_api_core::http::DecodeError> {
                response.json()
            }
        }
    };
}

sends_rows! {
    /// Adds people to an audience: `POST /{audience_id}/users` (Marketing API: Custom Audience Users).
    ///
    /// Needs `ads_management`, and the custom audience terms accepted. At most 10 000 rows in one call, which
    /// [`AudienceUsers::batch`](super::AudienceUsers::batch) sees to. Adding somebody twice changes nothing.
    pub struct AddAudienceUsers;
    "ads.audience.users.create": POST "/{audience_id}/users", Safe;
}

sends_rows! {
    /// Removes people from an audience: `DELETE /{audience_id}/users` (Marketing API: Custom Audience Users).
    ///
    /// Needs `ads_management`. At most 10 000 rows in one call. Removing somebody twice changes nothing.
    pub struct RemoveAudienceUsers;
    "ads.audience.users.delete": DELETE "/{audience_id}/users", Safe;
}

sends_rows! {
    /// Puts people in the place of everybody in an audience: `POST /{audience_id}/usersreplace` (Marketing API: Custom
    /// Audience Usersreplace).
    ///
    /// Needs `ads_management`. All batches belong to one session, which has to end within 90 minutes. A repeat after the
    /// end of the session could put one batch in the place of all, so nothing repeats it.
    pub struct ReplaceAudienceUsers;
    "ads.audience.users.replace": POST "/{audience_id}/usersreplace", Never;
}

/// What Meta says about one batch.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AudienceUsersReceived {
    /// The audience.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub audience_id: Option<CustomAudienceId>,
    /// The upload it belongs to.
    #[serde(default, deserialize_with = "lenient::count")]
    pub session_id: Option<u64>,
    /// How many rows arrived; in some answers, of the whole session.
    #[serde(default, deserialize_with = "lenient::count")]
    pub num_received: Option<u64>,
    /// How many rows cannot be used.
    #[serde(default, deserialize_with = "lenient::count")]
    pub num_invalid_entries: Option<u64>,
    /// Some of those rows.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub invalid_entry_samples: Option<InvalidSamples>,
}

/// Rows that cannot be used, as they were sent. `Debug` hides them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct InvalidSamples(Value);

impl InvalidSamples {
    /// The rows as Meta gives them. They identify people: do not log them.
    pub const fn expose(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for InvalidSamples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvalidSamples([redacted])")
    }
}
