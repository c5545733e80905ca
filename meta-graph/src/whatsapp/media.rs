//! Files to send and files that came (WhatsApp Cloud API: Media).

mod download;
mod upload;

use serde::Deserialize;
use sociogram_oauth_core::scope;

pub use download::{MediaChunk, MediaReader};
pub use upload::{UploadMedia, UploadedMedia};

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{MediaId, PhoneNumberId};
use crate::lenient;

endpoint! {
    /// Where a file can be read: `GET /{media_id}`. The address is good for 5 minutes and needs the same token.
    ///
    /// An uploaded file is kept for 30 days, one that came by webhook for 7 days. Needs
    /// `whatsapp_business_messaging`. (Media: Retrieve Media URL)
    pub struct GetMedia -> MediaInfo;
    "whatsapp.media.get": GET "/{media_id}", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { media_id: MediaId }
    with {
        /// Only if the file belongs to this number.
        phone_number_id: PhoneNumberId,
    }
}

endpoint! {
    /// Deletes a file: `DELETE /{media_id}`. Needs `whatsapp_business_messaging`. (Media: Delete)
    pub struct DeleteMedia -> ();
    "whatsapp.media.delete": DELETE "/{media_id}", Safe, [scope::WHATSAPP_BUSINESS_MESSAGING];
    new { media_id: MediaId }
    with {
        /// Only if the file belongs to this number.
        phone_number_id: PhoneNumberId,
    }
    decode acknowledged::read;
}

/// Where a file can be read.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MediaInfo {
    /// Its id.
    pub id: MediaId,
    /// Its address; [`MediaReader`] reads it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
    /// Its type, such as `image/jpeg`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub mime_type: Option<String>,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub sha256: Option<String>,
    /// Its length in bytes.
    #[serde(default, deserialize_with = "lenient::count")]
    pub file_size: Option<u64>,
}

#[cfg(test)]
mod tests;
