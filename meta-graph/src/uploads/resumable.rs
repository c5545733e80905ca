//! A file becomes a handle, over as many calls as it takes.

use serde::{Deserialize, Serialize};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{Endpoint, UploadSource};

use super::failures::Failures;
use super::session::{FileType, GetUpload, OpenUpload, SendUpload, UploadHandle, UploadSessionId};
use super::{check_length, check_position};
use crate::client::Client;
use crate::error::Error;
use crate::id::AppId;
use sociogram_api_core::{Progress, run_to_end};

/// Uploads a file through the Resumable Upload API and gives its handle.
///
/// Opens a session, sends the bytes, and after a break asks Meta where to go on. Loaded from storage it asks as
/// well, because the process that saved it may have sent more. A handle has no effect of its own, so nothing can
/// happen twice.
///
/// Needs the token of a person who is administrator or developer of the app, or of a system user, and no permission. A
/// Page's token will not do, even where the handle is for something of the Page; that Meta takes the app's own token
/// is not documented. Sources: Graph API, Resumable Upload API and Application Uploads.
///
/// ```no_run
/// use sociogram_meta_graph::uploads::{FileType, ResumableUpload, UploadSource};
/// use sociogram_meta_graph::{AppId, Client};
///
/// # async fn upload(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let source = UploadSource::from_bytes(vec![0; 5_000_000])
///     .on_progress(|sent, total| println!("{sent} of {total} bytes"));
/// let mut upload = ResumableUpload::new(AppId::from(7), FileType::Mp4, source.len());
/// let handle = upload.run(&client, &source, |state| println!("save {state:?}")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumableUpload {
    app_id: AppId,
    file_type: FileType,
    file_name: Option<String>,
    file_length: u64,
    state: State,
    /// The furthest place that Meta named.
    confirmed: u64,
    failures: Failures,
    /// Where to go on, while that is certain. Never stored.
    #[serde(skip)]
    next: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Open,
    Send { session: UploadSessionId },
    Done { handle: UploadHandle },
}

impl ResumableUpload {
    /// Of a file of `file_length` bytes, for this app.
    pub fn new(app_id: AppId, file_type: impl Into<FileType>, file_length: u64) -> Self {
        Self {
            app_id,
            file_type: file_type.into(),
            file_name: None,
            file_length,
            state: State::Open,
            confirmed: 0,
            failures: Failures::default(),
            next: None,
        }
    }

    /// The name of the file.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// The handle, once all is done.
    pub fn handle(&self) -> Option<&UploadHandle> {
        match &self.state {
            State::Done { handle } => Some(handle),
            State::Open | State::Send { .. } => None,
        }
    }

    /// Takes one step: one call. The source must be the same file every time.
    ///
    /// # Errors
    /// When the source has another length, Meta refuses, or five attempts in a row brought no byte over. The
    /// state stays usable: the next step asks Meta where to go on.
    pub async fn advance(
        &mut self,
        client: &Client,
        source: &UploadSource,
    ) -> Result<Progress<UploadHandle>, Error> {
        let session = match &self.state {
            State::Done { handle } => return Ok(Progress::Done(handle.clone())),
            State::Open => {
                check_length(OpenUpload::NAME, source, self.file_length)?;
                return self.open(client).await;
            }
            State::Send { session } => session.clone(),
        };
        check_length(SendUpload::NAME, source, self.file_length)?;
        // Taken before the call: one that is dropped half-way leaves an upload that asks.
        match self.next.take() {
            None => self.ask(client, session).await,
            Some(offset) => self.send(client, session, source, offset).await,
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
    ) -> Result<UploadHandle, Error> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client, source))
    }

    async fn open(&mut self, client: &Client) -> Result<Progress<UploadHandle>, Error> {
        let mut open = OpenUpload::new(self.app_id.clone(), self.file_length, self.file_type.clone());
        if let Some(name) = &self.file_name {
            open = open.file_name(name);
        }
        let session = client.send(open).await?.id;
        self.state = State::Send { session };
        self.confirmed = 0;
        self.next = Some(0);
        Ok(Progress::Again)
    }

    async fn ask(
        &mut self,
        client: &Client,
        session: UploadSessionId,
    ) -> Result<Progress<UploadHandle>, Error> {
        let offset = match client.send(GetUpload::new(session)).await {
            Ok(position) => position.file_offset,
            // The session has gone; nothing was made of it yet.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.state = State::Open;
                return Ok(Progress::Again);
            }
            Err(error) => return self.failures.wait_after(error).map(Progress::Wait),
        };
        check_position(GetUpload::NAME, offset, self.file_length)?;
        if offset > self.confirmed {
            self.failures.forget();
        }
        self.confirmed = self.confirmed.max(offset);
        self.next = Some(offset);
        Ok(Progress::Again)
    }

    async fn send(
        &mut self,
        client: &Client,
        session: UploadSessionId,
        source: &UploadSource,
        offset: u64,
    ) -> Result<Progress<UploadHandle>, Error> {
        match client.send(SendUpload::new(session, source.clone()).offset(offset)).await {
            Ok(handle) => {
                self.state = State::Done { handle: handle.clone() };
                Ok(Progress::Done(handle))
            }
            Err(error) => self.failures.wait_after(error).map(Progress::Wait),
        }
    }
}

#[cfg(test)]
mod tests;
