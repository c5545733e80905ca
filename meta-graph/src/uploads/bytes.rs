//! Bytes for what was opened before: reels and video stories of a Page, Instagram containers (Graph API: Page Video
//! Reels; Instagram Platform: Resumable Uploads).

use http::Method;
use http::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{
    DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts, UploadSource,
};
use sociogram_api_core::{Finding, InvalidRequest};
use url::Url;

use super::failures::Failures;
use super::status::{GetContainerVideoStatus, GetVideoStatus, PhaseStatus, UploadingPhase};
use super::{check_length, check_position, time_for};
use crate::acknowledged;
use crate::client::Client;
use crate::error::Error;
use crate::host::MetaHost;
use crate::id::{ContainerId, VideoId};
use sociogram_api_core::{Progress, run_to_end};

/// What bytes are sent for.
///
/// Meta also names a complete `upload_url`. It is not used: the address is put together from the id, so that an
/// answer can never lead the token elsewhere. The version of the client stands in it, as in the addresses that Meta
/// gives out; some samples leave it out, and whether Meta asks for it is not documented.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadTarget {
    /// A reel or video story of a Page, opened with `upload_phase=start`.
    Video(VideoId),
    /// An Instagram container made with `upload_type=resumable`.
    Container(ContainerId),
}

impl UploadTarget {
    fn write(&self, parts: &mut RequestParts) {
        match self {
            Self::Video(id) => parts.path("product", "video-upload").path("object_id", id),
            Self::Container(id) => parts.path("product", "ig-api-upload").path("object_id", id),
        };
    }

    fn id(&self) -> &str {
        match self {
            Self::Video(id) => id.as_str(),
            Self::Container(id) => id.as_str(),
        }
    }
}

const PATH: &str = "/{product}/{api_version}/{object_id}";

/// Sends bytes from a place on: `POST rupload.facebook.com/video-upload/{version}/{video_id}`, or `/ig-api-upload/` for
/// a container.
///
/// Needs the token the target was opened with. One attempt may take a minute, and two seconds more for every mebibyte.
/// Nothing repeats it once it may have been sent: [`uploading_phase`] says how far it came. [`BytesUpload`] does both.
#[derive(Clone, Debug)]
pub struct SendVideoBytes {
    target: UploadTarget,
    source: UploadSource,
    offset: u64,
}

impl SendVideoBytes {
    /// All of `source` from byte `offset` on.
    pub const fn new(target: UploadTarget, source: UploadSource, offset: u64) -> Self {
        Self { target, source, offset }
    }
}

impl Endpoint for SendVideoBytes {
    type Output = ();

    const NAME: &'static str = "app.video_bytes.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.source.is_empty() {
            return Err(Finding::error("uploads.empty", "source", "the video is empty")
                .advice("pass a file with content")
                .into());
        }
        self.target.write(parts);
        parts
            .header(HeaderName::from_static("offset"), HeaderValue::from(self.offset))
            .header(HeaderName::from_static("file_size"), HeaderValue::from(self.source.len()))
            .body(self.source.rest(self.offset), HeaderValue::from_static("application/octet-stream"));
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.target.id())
    }

    fn describe(&self, operation: Operation) -> Operation {
        let bytes = self.source.len().saturating_sub(self.offset);
        operation.with(MetaHost::Upload).attempt_timeout(time_for(bytes))
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// Has Meta fetch the bytes from a public address: the same call with the header `file_url` and no body.
///
/// Addresses of Meta's own media servers (`fbcdn.net`) are refused.
#[derive(Clone, Debug)]
pub struct SendHostedVideo {
    target: UploadTarget,
    url: Url,
}

impl SendHostedVideo {
    /// From `url`, which must be `https` and need no login.
    pub const fn new(target: UploadTarget, url: Url) -> Self {
        Self { target, url }
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let finding = |message: &'static str| {
            Finding::error("uploads.file_url", "file_url", message)
                .advice("host the file at a public https address")
        };
        let host = self.url.host_str().unwrap_or_default();
        let mut findings = Vec::new();
        if self.url.scheme() != "https" {
            findings.push(finding("the address is not https"));
        }
        if host == "fbcdn.net" || host.ends_with(".fbcdn.net") {
            findings.push(finding("Meta does not take a video from its own media servers"));
        }
        findings
    }
}

impl Endpoint for SendHostedVideo {
    type Output = ();

    const NAME: &'static str = "app.video_url.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut url = HeaderValue::try_from(self.url.as_str()).map_err(|_| {
            Finding::error("uploads.file_url", "file_url", "the address cannot stand in a header")
                .advice("percent-encode it")
        })?;
        // A pre-signed address opens the file to whoever reads it.
        url.set_sensitive(true);
        self.target.write(parts);
        parts.header(HeaderName::from_static("file_url"), url);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.target.id())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(MetaHost::Upload)
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// Sends all of `source` from byte `from_offset` on, in one call. `progress` gets the bytes handed over so far and
/// the bytes in all; it must not block.
///
/// # Errors
/// When Meta refuses or the line breaks; [`uploading_phase`] says where to go on.
pub async fn send_bytes(
    client: &Client,
    target: &UploadTarget,
    source: &UploadSource,
    from_offset: u64,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<(), Error> {
    let source = source.clone().on_progress(progress);
    client.send(SendVideoBytes::new(target.clone(), source, from_offset)).await
}

/// Asks how much of the bytes arrived. `None` when Meta does not say.
///
/// # Errors
/// When Meta refuses.
pub async fn uploading_phase(
    client: &Client,
    target: &UploadTarget,
) -> Result<Option<UploadingPhase>, Error> {
    let status = match target {
        UploadTarget::Video(id) => client.send(GetVideoStatus::new(id.clone())).await?.status,
        UploadTarget::Container(id) => {
            client.send(GetContainerVideoStatus::new(id.clone())).await?.video_status
        }
    };
    Ok(status.and_then(|status| status.uploading_phase))
}

/// Sends the bytes of a target, and after a break those that are missing.
///
/// Loaded from storage it asks Meta first, because the process that saved it may have sent more. Sending bytes
/// publishes nothing, so nothing can happen twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BytesUpload {
    target: UploadTarget,
    file_size: u64,
    done: bool,
    /// The furthest place that Meta named.
    confirmed: u64,
    failures: Failures,
    /// Where to go on, while that is certain. Never stored.
    #[serde(skip)]
    next: Option<u64>,
}

impl BytesUpload {
    /// Of a file of `file_size` bytes, of which nothing was sent yet.
    pub fn new(target: UploadTarget, file_size: u64) -> Self {
        Self { target, file_size, done: false, confirmed: 0, failures: Failures::default(), next: Some(0) }
    }

    /// What the bytes are sent for.
    pub const fn target(&self) -> &UploadTarget {
        &self.target
    }

    /// Whether all bytes arrived.
    pub const fn is_done(&self) -> bool {
        self.done
    }

    /// Takes one step: one call. The source must be the same file every time.
    ///
    /// # Errors
    /// When the source has another length, Meta refuses, or five attempts in a row brought no byte over. The
    /// state stays usable: the next step asks Meta where to go on.
    pub async fn advance(&mut self, client: &Client, source: &UploadSource) -> Result<Progress<()>, Error> {
        if self.done {
            return Ok(Progress::Done(()));
        }
        check_length(SendVideoBytes::NAME, source, self.file_size)?;
        // Taken before the call: one that is dropped half-way leaves an upload that asks.
        let Some(offset) = self.next.take() else { return self.ask(client).await };
        match client.send(SendVideoBytes::new(self.target.clone(), source.clone(), offset)).await {
            Ok(()) => {
                self.done = true;
                Ok(Progress::Done(()))
            }
            Err(error) => self.failures.wait_after(error).map(Progress::Wait),
        }
    }

    /// Takes all steps. `save` gets the state after each of them; store it there.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        source: &UploadSource,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<(), Error> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client, source))
    }

    async fn ask(&mut self, client: &Client) -> Result<Progress<()>, Error> {
        let phase = match uploading_phase(client, &self.target).await {
            Ok(phase) => phase,
            Err(error) => return self.failures.wait_after(error).map(Progress::Wait),
        };
        if phase.as_ref().is_some_and(|phase| phase.status == Some(PhaseStatus::Complete)) {
            self.done = true;
            return Ok(Progress::Done(()));
        }
        let offset = phase.and_then(|phase| phase.bytes_transferred).unwrap_or_default();
        check_position(SendVideoBytes::NAME, offset, self.file_size)?;
        if offset > self.confirmed {
            self.confirmed = offset;
            self.failures.forget();
        }
        self.next = Some(offset);
        Ok(Progress::Again)
    }
}

#[cfg(test)]
mod tests;
