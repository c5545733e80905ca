//! Why a part of a batch failed.

use std::fmt;

use http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api_error::{InputError, LinkedInError};
use crate::lenient;

/// Why a batch has no entity under a key or at a place. `Debug` shows none of LinkedIn's words.
#[non_exhaustive]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BatchFailure {
    /// The HTTP status of this part: 403 for one the member may not read, 404 for one that does not exist or that the
    /// answer to a read says nothing about; `None` when nothing can be told.
    pub status: Option<u16>,
    /// The word code, if LinkedIn gave one.
    pub code: Option<String>,
    /// The numeric code (`serviceErrorCode`), if LinkedIn gave one.
    pub service_error_code: Option<i64>,
    /// Which fields were refused, and why.
    pub input_errors: Vec<InputError>,
    message: Option<String>,
}

impl BatchFailure {
    /// LinkedIn's words; see [`LinkedInError::message`].
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    pub(super) fn of(status: Option<u16>) -> Self {
        Self { status, ..Self::default() }
    }

    /// From an error inside an answer. Its own status wins over the one beside it.
    pub(super) fn read(status: Option<u16>, error: Option<&RawValue>) -> Self {
        #[derive(Default, Deserialize)]
        struct Status {
            #[serde(default, deserialize_with = "lenient::integer")]
            status: Option<i64>,
        }
        let Some(error) = error else { return Self::of(status) };
        let own: Status = serde_json::from_str(error.get()).unwrap_or_default();
        let status = own.status.and_then(|status| u16::try_from(status).ok()).or(status);
        let read = LinkedInError::read(status.unwrap_or_default(), &HeaderMap::new(), error.get().as_bytes());
        Self {
            status,
            code: read.code().map(str::to_owned),
            service_error_code: read.service_error_code(),
            input_errors: read.input_errors().to_vec(),
            message: read.message().map(str::to_owned),
        }
    }
}

impl fmt::Debug for BatchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchFailure")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("service_error_code", &self.service_error_code)
            .field("input_errors", &self.input_errors)
            .finish_non_exhaustive()
    }
}
