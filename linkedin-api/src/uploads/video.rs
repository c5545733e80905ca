//! Videos.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::http::{Endpoint, UploadSource};
use sociogram_api_core::{Finding, Progress, run_to_end};

use super::failures::{Failures, has_expired};
use super::waiting::{Judged, Waiting};
use super::{SendFile, UploadError, Uploaded, WaitPolicy, check, check_length, empty};
use crate::assets::{AssetStatus, SignedUrl};
use crate::client::Client;
use crate::error::Error;
use crate::guard::rules;
use crate::urn::{ActorUrn, Urn, VideoUrn};
use crate::videos::{FinalizeVideoUpload, GetVideo, InitializeVideoUpload, SendVideoPart};

mod files;
mod session;

pub use files::VideoFiles;
use session::{Next, Session};

/// Uploads a video in the parts that LinkedIn asks for, its captions and thumbnail too, and waits until it can be
/// posted (LinkedIn: Videos API).
///
/// It can be stored after every step and continued by another process, which sends the parts that are missing. When
/// the addresses have expired, a new upload is begun, with another URN and all parts again. Parts are sent one after
/// the other, so that memory stays flat.
///
/// The file is checked before anything is sent: 75 KB to 500 MB, and with the feature `media` its first 64 KiB (MP4, and 3
/// seconds to 30 minutes if its index is in front). A measured file can be checked as a whole by `guard::media`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "an upload does nothing until it is advanced"]
pub struct UploadVideo {
    owner: ActorUrn,
    length: u64,
    captions: Option<u64>,
    thumbnail: Option<u64>,
    template_name: Option<String>,
    linkback_context: Option<Value>,
    library: Option<(Urn, String)>,
    most_bytes: u64,
    policy: WaitPolicy,
    failures: Failures,
    step: Step,
    /// It is sure that the parts are not put together yet. Never stored.
    #[serde(skip)]
    unfinished: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Nothing was sent.
    Open,
    /// Some of it was sent.
    Send(Session),
    /// All of it was sent and put together.
    Wait { video: VideoUrn, waiting: Waiting },
    /// All is done.
    Done(Uploaded<VideoUrn>),
}

type Outcome = Result<Progress<Uploaded<VideoUrn>>, UploadError>;

const OPEN: &str = <InitializeVideoUpload as Endpoint>::NAME;

impl UploadVideo {
    /// Of these files, for the member or organization that will post the video.
    pub fn new(owner: impl Into<ActorUrn>, files: &VideoFiles) -> Self {
        Self {
            owner: owner.into(),
            length: files.video.len(),
            captions: files.captions.as_ref().map(UploadSource::len),
            thumbnail: files.thumbnail.as_ref().map(UploadSource::len),
            template_name: None,
            linkback_context: None,
            library: None,
            most_bytes: rules::VIDEO_MAX_BYTES,
            policy: WaitPolicy::long(),
            failures: Failures::default(),
            step: Step::Open,
            unfinished: false,
        }
    }

    /// Also keeps it in the media library of this ad account, under this name.
    pub fn library(mut self, account: impl Into<Urn>, name: impl Into<String>) -> Self {
        self.library = Some((account.into(), name.into()));
        self
    }

    /// The template the video was made with (since version 202602).
    pub fn template_name(mut self, name: impl Into<String>) -> Self {
        self.template_name = Some(name.into());
        self
    }

    /// What leads back to where the video was made (since version 202602).
    pub fn linkback_context(mut self, context: impl Into<Value>) -> Self {
        self.linkback_context = Some(context.into());
        self
    }

    /// Allows a larger file than 500 MB. Some pages of the documentation allow 5 GB
    /// ([`VIDEO_LARGEST_BYTES`](rules::VIDEO_LARGEST_BYTES)).
    pub const fn most_bytes(mut self, bytes: u64) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Waits in another way than [`WaitPolicy::long`].
    pub fn wait(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// What is wrong with it, as far as that can be told without the content.
    pub fn check(&self) -> Vec<Finding> {
        let measured = format_args!("{} bytes", self.length).to_string();
        let mut findings = Vec::new();
        if self.length < rules::VIDEO_MIN_BYTES {
            findings.push(rules::VIDEO_SMALL.finding("media").measured(measured));
        } else if self.length > self.most_bytes {
            let allowed = format_args!("at most {} bytes", self.most_bytes).to_string();
            findings.push(rules::VIDEO_LARGE.finding("media").measured(measured).allowed(allowed));
        }
        for (length, field) in [(self.captions, "captions"), (self.thumbnail, "thumbnail")] {
            if length == Some(0) {
                findings.push(empty(field));
            }
        }
        findings
    }

    /// The result, once all is done.
    pub const fn uploaded(&self) -> Option<&Uploaded<VideoUrn>> {
        if let Step::Done(uploaded) = &self.step { Some(uploaded) } else { None }
    }

    /// Makes at most one call and moves on. Save the state after each. The files must be the same every time.
    ///
    /// # Errors
    /// When a file breaks a rule or has another length than before, LinkedIn refuses or cannot process the video, or
    /// five attempts in a row fail. The state stays usable.
    pub async fn advance(&mut self, client: &Client, files: &VideoFiles) -> Outcome {
        match &self.step {
            Step::Open => self.open(client, files).await,
            Step::Send(session) => match session.next() {
                Next::Finish(finish) => self.finish(client, finish).await,
                next => self.send(client, files, next).await,
            },
            Step::Wait { video, waiting } => {
                let (video, waiting) = (video.clone(), *waiting);
                self.ask(client, video, waiting).await
            }
            Step::Done(uploaded) => Ok(Progress::Done(uploaded.clone())),
        }
    }

    /// Goes all the way, with the client's timer; `save` gets the state after every step.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        files: &VideoFiles,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<Uploaded<VideoUrn>, UploadError> {
        run_to_end!(self, client.pipeline().timer(), save, self.advance(client, files))
    }

    async fn open(&mut self, client: &Client, files: &VideoFiles) -> Outcome {
        self.check_files(files)?;
        let findings = self.check();
        #[cfg(feature = "media")]
        let findings = {
            let mut findings = findings;
            if let Some(facts) = super::head::facts(&files.video).await {
                findings.extend(crate::guard::media::video(&facts, self.most_bytes));
            }
            findings
        };
        check(OPEN, findings)?;
        let mut open = InitializeVideoUpload::new(self.owner.clone(), self.length)
            .captions(self.captions.is_some())
            .thumbnail(self.thumbnail.is_some());
        if let Some(name) = &self.template_name {
            open = open.template_name(name);
        }
        if let Some(context) = &self.linkback_context {
            open = open.linkback_context(context.clone());
        }
        if let Some((account, name)) = &self.library {
            open = open.library_account(account.clone()).library_name(name);
        }
        match client.send(open).await {
            Ok(mut opened) => {
                self.failures.forget();
                // One that has ended when it is given shows that our clock is wrong.
                let now = client.pipeline().timer().now();
                opened.upload_urls_expire_at = opened.upload_urls_expire_at.filter(|at| *at > now);
                // Addresses for what was not announced are of no use.
                opened.captions_upload_url = opened.captions_upload_url.filter(|_| self.captions.is_some());
                opened.thumbnail_upload_url =
                    opened.thumbnail_upload_url.filter(|_| self.thumbnail.is_some());
                self.step = Step::Send(Session::new(opened));
                Ok(Progress::Again)
            }
            Err(error) => self.wait_after(error),
        }
    }

    /// Sends one part, the captions or the thumbnail.
    async fn send(&mut self, client: &Client, files: &VideoFiles, next: Next) -> Outcome {
        self.check_files(files)?;
        let Step::Send(session) = &self.step else { return Ok(Progress::Again) };
        if session.has_expired(client.pipeline().timer().now()) {
            self.step = Step::Open;
            return Ok(Progress::Again);
        }
        let sent = match &next {
            Next::Part { url, range, .. } => {
                let part = SendVideoPart::of(url.clone(), files.video.clone(), range.clone());
                client.send(part).await.map(Some)
            }
            Next::Captions(url) => send_beside(client, url, files.captions.as_ref()).await,
            Next::Thumbnail(url) => send_beside(client, url, files.thumbnail.as_ref()).await,
            Next::Finish(_) => return Ok(Progress::Again),
        };
        match sent {
            Ok(id) => {
                self.failures.forget();
                if let Step::Send(session) = &mut self.step {
                    session.sent(&next, id);
                }
                self.unfinished = true;
                Ok(Progress::Again)
            }
            Err(error) if has_expired(&error) => {
                self.step = Step::Open;
                self.failures.restart(error)?;
                Ok(Progress::Again)
            }
            Err(error) => self.wait_after(error),
        }
    }

    /// Has the parts put together. Who does not know whether that was done asks first.
    async fn finish(&mut self, client: &Client, finish: FinalizeVideoUpload) -> Outcome {
        let video = finish.video().clone();
        // Taken before the call: one that is dropped half-way leaves an upload that asks.
        if !std::mem::take(&mut self.unfinished) {
            return match client.send(GetVideo::new(video.clone())).await {
                Ok(found) => {
                    self.unfinished = matches!(found.status, None | Some(AssetStatus::WaitingUpload));
                    if !self.unfinished {
                        self.step = Step::Wait { video, waiting: Waiting::default() };
                    }
                    Ok(Progress::Again)
                }
                Err(error) if is_hidden(&error) => {
                    self.unfinished = true;
                    Ok(Progress::Again)
                }
                Err(error) => self.wait_after(error),
            };
        }
        match client.send(finish).await {
            Ok(()) => {
                self.failures.forget();
                self.step = Step::Wait { video, waiting: Waiting::default() };
                Ok(Progress::Again)
            }
            Err(error) => {
                self.unfinished = !error.may_have_been_applied();
                self.wait_after(error)
            }
        }
    }

    async fn ask(&mut self, client: &Client, video: VideoUrn, mut waiting: Waiting) -> Outcome {
        if waiting.is_unreadable() {
            return Ok(self.end(Uploaded { urn: video, status: None }));
        }
        let (status, reason) = match client.send(GetVideo::new(video.clone())).await {
            Ok(found) => (Ok(found.status), found.processing_failure_reason),
            Err(error) => (Err(error), None),
        };
        let judged = match waiting.judge(status, &self.policy) {
            Ok(judged) => judged,
            Err(error) => return self.wait_after(error),
        };
        self.failures.forget();
        self.step = Step::Wait { video: video.clone(), waiting };
        match judged {
            Judged::Over(status) => Ok(self.end(Uploaded { urn: video, status })),
            Judged::Pause(pause) => Ok(Progress::Wait(pause)),
            Judged::Late => Err(UploadError::Late(video.into())),
            Judged::Failed => Err(UploadError::Failed { asset: video.into(), reason }),
        }
    }

    fn end(&mut self, uploaded: Uploaded<VideoUrn>) -> Progress<Uploaded<VideoUrn>> {
        self.step = Step::Done(uploaded.clone());
        Progress::Done(uploaded)
    }

    fn wait_after(&mut self, error: Error) -> Outcome {
        Ok(Progress::Wait(self.failures.wait_after(error)?))
    }

    fn check_files(&self, files: &VideoFiles) -> Result<(), Error> {
        check_length(OPEN, &files.video, self.length)?;
        for (source, length) in [(&files.captions, self.captions), (&files.thumbnail, self.thumbnail)] {
            // A missing file is like an empty one: not the one that was announced.
            let nothing = UploadSource::from_bytes("");
            check_length(OPEN, source.as_ref().unwrap_or(&nothing), length.unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Sends captions or a thumbnail, which have no id.
async fn send_beside(
    client: &Client,
    url: &SignedUrl,
    source: Option<&UploadSource>,
) -> Result<Option<String>, Error> {
    if let Some(source) = source {
        client.send(SendFile::new(url.clone(), source.clone()).anonymous()).await?;
    }
    Ok(None)
}

fn is_hidden(error: &Error) -> bool {
    matches!(error.kind(), crate::ErrorKind::Permission | crate::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests;
