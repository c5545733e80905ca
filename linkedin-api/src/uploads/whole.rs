//! Images and documents.

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::UploadSource;
use sociogram_api_core::{Finding, Progress, Timestamp, run_to_end};

use super::failures::{Failures, has_expired};
use super::waiting::{Judged, Waiting};
use super::{SendFile, UploadError, Uploaded, WaitPolicy, check, check_length};
use crate::assets::{self, SignedUrl};
use crate::client::Client;
use crate::urn::{ActorUrn, DocumentUrn, ImageUrn, Urn};

mod kind;

pub use kind::WholeFile;

/// Uploads an image and waits until it can be posted.
pub type UploadImage = UploadWhole<ImageUrn>;

/// Uploads a document and waits until it can be posted. Its title belongs to the post.
pub type UploadDocument = UploadWhole<DocumentUrn>;

/// Uploads a file in one piece and waits until it can be posted; see [`UploadImage`] and [`UploadDocument`].
///
/// It can be stored after every step and continued by another process. The whole file is sent again when the line
/// breaks. When the address has expired, a new upload is begun, with another URN.
///
/// The file is checked before anything is sent: its length, and with the feature `media` its first 64 KiB. A
/// measured file can be checked as a whole by `guard::media`.
///
/// A token that may not read its own file (`w_member_social` alone) cannot know when it is ready: after a grace of 5
/// seconds the status is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "U: WholeFile")]
#[must_use = "an upload does nothing until it is advanced"]
pub struct UploadWhole<U> {
    owner: ActorUrn,
    length: u64,
    library_account: Option<Urn>,
    library_name: Option<String>,
    policy: WaitPolicy,
    failures: Failures,
    step: Step<U>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "U: WholeFile", rename_all = "snake_case")]
enum Step<U> {
    /// Nothing was sent.
    Open,
    /// The file is to be sent there.
    Send(Target<U>),
    /// The file was sent.
    Wait { urn: U, waiting: Waiting },
    /// All is done.
    Done(Uploaded<U>),
}

/// Where a file goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[doc(hidden)]
pub struct Target<U> {
    pub(super) urn: U,
    pub(super) url: SignedUrl,
    pub(super) expires_at: Option<Timestamp>,
}

impl<U: WholeFile> UploadWhole<U> {
    /// Of this file, for the member or organization that will post it.
    pub fn new(owner: impl Into<ActorUrn>, source: &UploadSource) -> Self {
        Self {
            owner: owner.into(),
            length: source.len(),
            library_account: None,
            library_name: None,
            policy: WaitPolicy::short(),
            failures: Failures::default(),
            step: Step::Open,
        }
    }

    /// Also keeps it in the media library of this ad account, under this name.
    pub fn library(mut self, account: impl Into<Urn>, name: impl Into<String>) -> Self {
        self.library_account = Some(account.into());
        self.library_name = Some(name.into());
        self
    }

    /// Waits in another way than [`WaitPolicy::short`].
    pub fn wait(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// What is wrong with it, as far as that can be told without the content.
    pub fn check(&self) -> Vec<Finding> {
        U::check_length(self.length)
    }

    /// The result, once all is done.
    pub const fn uploaded(&self) -> Option<&Uploaded<U>> {
        if let Step::Done(uploaded) = &self.step { Some(uploaded) } else { None }
    }

    /// Makes at most one call and moves on. Save the state after each. The source must be the same file every time.
    ///
    /// # Errors
    /// When the file breaks a rule or has another length than before, LinkedIn refuses or cannot process it, or five
    /// attempts in a row fail. The state stays usable.
    pub async fn advance(
        &mut self,
        client: &Client,
        source: &UploadSource,
    ) -> Result<Progress<Uploaded<U>>, UploadError> {
        match &self.step {
            Step::Open => self.open(client, source).await,
            Step::Send(target) => {
                let target = target.clone();
                self.send(client, source, target).await
            }
            Step::Wait { urn, waiting } => {
                let (urn, waiting) = (urn.clone(), *waiting);
                self.ask(client, urn, waiting).await
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
        source: &UploadSource,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<Uploaded<U>, UploadError> {
        run_to_end!(self, client.pipeline().timer(), save, self.advance(client, source))
    }

    async fn open(
        &mut self,
        client: &Client,
        source: &UploadSource,
    ) -> Result<Progress<Uploaded<U>>, UploadError> {
        check_length(U::OPEN, source, self.length)?;
        let findings = self.check();
        #[cfg(feature = "media")]
        let findings = {
            let mut findings = findings;
            if let Some(facts) = super::head::facts(source).await {
                findings.extend(U::check_facts(&facts));
            }
            findings
        };
        check(U::OPEN, findings)?;
        let (account, name) = (self.library_account.clone(), self.library_name.clone());
        match U::open(client, self.owner.clone(), account, name).await {
            Ok(mut target) => {
                self.failures.forget();
                // One that has ended when it is given shows that our clock is wrong.
                let now = client.pipeline().timer().now();
                target.expires_at = target.expires_at.filter(|at| *at > now);
                self.step = Step::Send(target);
                Ok(Progress::Again)
            }
            Err(error) => Ok(Progress::Wait(self.failures.wait_after(error)?)),
        }
    }

    async fn send(
        &mut self,
        client: &Client,
        source: &UploadSource,
        target: Target<U>,
    ) -> Result<Progress<Uploaded<U>>, UploadError> {
        check_length(U::OPEN, source, self.length)?;
        if target.expires_at.is_some_and(|at| at <= client.pipeline().timer().now()) {
            self.step = Step::Open;
            return Ok(Progress::Again);
        }
        match client.send(SendFile::new(target.url, source.clone())).await {
            Ok(()) => {
                self.failures.forget();
                self.step = Step::Wait { urn: target.urn, waiting: Waiting::default() };
                Ok(Progress::Again)
            }
            Err(error) if has_expired(&error) => {
                self.step = Step::Open;
                self.failures.restart(error)?;
                Ok(Progress::Again)
            }
            Err(error) => Ok(Progress::Wait(self.failures.wait_after(error)?)),
        }
    }

    async fn ask(
        &mut self,
        client: &Client,
        urn: U,
        mut waiting: Waiting,
    ) -> Result<Progress<Uploaded<U>>, UploadError> {
        if waiting.is_unreadable() {
            return Ok(self.finish(Uploaded { urn, status: None }));
        }
        let asset: Urn = urn.clone().into();
        let judged = match waiting.judge(assets::status(client, &asset).await, &self.policy) {
            Ok(judged) => judged,
            Err(error) => return Ok(Progress::Wait(self.failures.wait_after(error)?)),
        };
        self.failures.forget();
        self.step = Step::Wait { urn: urn.clone(), waiting };
        match judged {
            Judged::Over(status) => Ok(self.finish(Uploaded { urn, status })),
            Judged::Pause(pause) => Ok(Progress::Wait(pause)),
            Judged::Late => Err(UploadError::Late(asset)),
            Judged::Failed => Err(UploadError::Failed { asset, reason: None }),
        }
    }

    fn finish(&mut self, uploaded: Uploaded<U>) -> Progress<Uploaded<U>> {
        self.step = Step::Done(uploaded.clone());
        Progress::Done(uploaded)
    }
}

#[cfg(test)]
mod tests;
