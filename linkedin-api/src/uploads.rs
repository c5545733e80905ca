//! Files on their way to LinkedIn: resumable, with constant memory (LinkedIn: Images API, Videos API, Documents API).
//!
//! An [`UploadSource`] is what they are read from. [`UploadImage`] and [`UploadDocument`] send a file in one piece,
//! [`UploadVideo`] in the parts that LinkedIn asks for; all wait until the file can be posted.
//!
//! They hold where they stand and no token of the API, but the addresses that the file goes to. Whoever holds such an
//! address may send to it for about a month: store the state like a password. `Debug` does not show the addresses.
//!
//! ```no_run
//! use sociogram_linkedin_api::uploads::{UploadError, UploadSource, UploadVideo, VideoFiles};
//! use sociogram_linkedin_api::{Client, OrganizationUrn, VideoUrn};
//!
//! async fn upload(client: &Client, page: OrganizationUrn, film: UploadSource) -> Result<VideoUrn, UploadError> {
//!     let files = VideoFiles::new(film.on_progress(|sent, all| println!("{sent} of {all} bytes")));
//!     let mut upload = UploadVideo::new(page, &files);
//!     let uploaded = upload.run(client, &files, |state| store(&serde_json::json!(state))).await?;
//!     Ok(uploaded.urn)
//! }
//! # fn store(_: &serde_json::Value) {}
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{BaseUrl, CoreError};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::assets::AssetStatus;
use crate::error::Error;

mod error;
mod failures;
#[cfg(feature = "media")]
mod head;
pub(crate) mod library;
#[cfg(test)]
mod scripted;
mod send;
mod video;
mod waiting;
mod whole;

pub use error::UploadError;
pub use send::SendFile;
pub use sociogram_api_core::http::{RangeSource, UploadSource};
pub use video::{UploadVideo, VideoFiles};
pub use waiting::WaitPolicy;
pub use whole::{UploadDocument, UploadImage, UploadWhole, WholeFile};

/// The template of addresses that LinkedIn gave.
pub(crate) const PATH: &str = "/{upload_path}";
/// The content type of bytes.
pub(crate) const OCTETS: &str = "application/octet-stream";
/// The slowest line that is reckoned with, in bytes per second.
const SLOWEST: u64 = 512 * 1024;

/// A file that was uploaded.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded<U> {
    /// Its id.
    pub urn: U,
    /// `AVAILABLE`, or nothing when the token may not read it. Then LinkedIn's answer to the post tells whether it is
    /// ready.
    pub status: Option<AssetStatus>,
}

/// How long one attempt may take: a minute, and two seconds more for every mebibyte.
pub(crate) const fn time_for(bytes: u64) -> Duration {
    Duration::from_secs(60 + bytes / SLOWEST)
}

/// Whether bytes may go to a host that LinkedIn named. A [`BaseUrl`] is https, or plain http on loopback, where only a
/// client of a sandbox on loopback goes.
pub(crate) fn check_host(host: &BaseUrl, base: &BaseUrl) -> Result<(), InvalidRequest> {
    let plain = |url: &BaseUrl| url.as_str().starts_with("http://");
    if !plain(host) || plain(base) {
        return Ok(());
    }
    Err(Finding::error(
        "linkedin.upload.host",
        "upload_url",
        "the address is on this machine and not encrypted",
    )
    .allowed("an https address")
    .advice("begin a new upload")
    .into())
}

pub(crate) fn empty(field: &'static str) -> Finding {
    Finding::error("linkedin.upload.empty", field, "the file is empty").advice("pass a file with content")
}

/// A source of another length than at the beginning is another file; the two halves would not fit.
fn check_length(operation: &'static str, source: &UploadSource, length: u64) -> Result<(), Error> {
    if source.len() == length {
        return Ok(());
    }
    let finding =
        Finding::error("linkedin.upload.length", "source", "the source is not the file that was announced")
            .measured(format_args!("{} bytes", source.len()))
            .allowed(format_args!("{length} bytes"))
            .advice("pass the same file, or begin a new upload");
    Err(CoreError::invalid(operation, InvalidRequest::from(finding)).into())
}

fn check(operation: &'static str, findings: Vec<Finding>) -> Result<(), Error> {
    match InvalidRequest::from_findings(findings) {
        Some(invalid) => Err(CoreError::invalid(operation, invalid).into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_has_more_time() {
        assert_eq!(time_for(0), Duration::from_secs(60));
        assert_eq!(time_for(4 * 1024 * 1024), Duration::from_secs(68));
    }

    #[test]
    fn only_a_sandbox_on_this_machine_is_sent_to_without_encryption() {
        let [api, licdn, near, far] =
            ["https://api.linkedin.com", "https://dms.licdn.com", "http://127.0.0.1:1", "http://localhost:2"]
                .map(|url| BaseUrl::parse(url).unwrap());
        for (host, base, good) in
            [(&licdn, &api, true), (&near, &api, false), (&far, &near, true), (&licdn, &near, true)]
        {
            assert_eq!(check_host(host, base).is_ok(), good, "{host} {base}");
        }
    }
}
