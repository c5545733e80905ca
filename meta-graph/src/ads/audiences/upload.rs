//! An upload of any number of rows, which survives a crash.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sociogram_api_core::http::CoreError;
use sociogram_api_core::{Finding, InvalidRequest};

use super::node::ListAudienceSessions;
use super::rows::AudienceUsers;
use super::send::{
    AddAudienceUsers, AudienceAction, AudienceUsersReceived, RemoveAudienceUsers, ReplaceAudienceUsers,
};
use crate::client::Client;
use crate::error::Error;
use crate::guard::rules;
use crate::id::CustomAudienceId;
use sociogram_api_core::{Progress, run_to_end};

/// Sends rows to an audience in batches of 10 000 that belong to one session (Marketing API: Custom Audience Users).
///
/// It is `Serialize` and holds numbers only, no rows: save it after every step. Whoever loads it goes on with the next
/// batch of the same session, given the same rows in the same order; other rows are refused.
///
/// A batch that may have arrived is sent again when rows are added or removed, because that changes nothing. When they
/// are replaced, Meta is asked first how much of the session arrived.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AudienceUpload {
    audience: CustomAudienceId,
    action: AudienceAction,
    session_id: u64,
    fingerprint: [u8; 32],
    rows: usize,
    next: usize,
    invalid: u64,
    /// Whether it is known what Meta has; never after a restart.
    #[serde(skip)]
    sure: bool,
    /// Whether the rows were compared since the start of the process.
    #[serde(skip)]
    compared: bool,
}

/// What came of an upload.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudienceUploaded {
    /// The session, to ask for [`ListAudienceSessions`].
    pub session_id: u64,
    /// How many rows were sent.
    pub rows: usize,
    /// How many of them Meta called unusable. Matching goes on in the background.
    pub invalid: u64,
}

impl AudienceUpload {
    /// An upload of these rows, with a session of its own.
    pub fn new(
        client: &Client,
        audience: CustomAudienceId,
        action: AudienceAction,
        users: &AudienceUsers,
    ) -> Self {
        let fingerprint = users.fingerprint();
        let session_id = session_id(&audience, &fingerprint, client.pipeline.timer().now().as_unix_millis());
        Self {
            audience,
            action,
            session_id,
            fingerprint,
            rows: users.len(),
            next: 0,
            invalid: 0,
            sure: true,
            compared: true,
        }
    }

    /// The session.
    pub const fn session_id(&self) -> u64 {
        self.session_id
    }

    /// How many rows are known to have arrived, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.rows.min(self.next * rules::A1_MAX_ROWS), self.rows)
    }

    /// Does one call and moves on. `users` are the rows it was made with.
    ///
    /// # Errors
    /// When the call fails, there are no rows, or they are not those it was made with. It can be tried again later; then
    /// it goes on where it stands, unless Meta has forgotten the session of a replacement.
    pub async fn advance(
        &mut self,
        client: &Client,
        users: &AudienceUsers,
    ) -> Result<Progress<AudienceUploaded>, Error> {
        self.compare(users)?;
        if self.next >= users.batches() {
            return Ok(self.done());
        }
        if self.action == AudienceAction::Replace && !self.sure {
            self.ask(client, users).await?;
            return Ok(Progress::Again);
        }
        let received = match self.send(client, users).await {
            Ok(received) => received,
            Err(error) => {
                self.sure = !error.may_have_been_applied();
                return Err(error);
            }
        };
        self.invalid += received.num_invalid_entries.unwrap_or_default();
        self.next += 1;
        self.sure = true;
        Ok(if self.next < users.batches() { Progress::Again } else { self.done() })
    }

    /// Takes steps until all is sent. `save` is called before the first call and after every change.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        users: &AudienceUsers,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<AudienceUploaded, Error> {
        save(self);
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client, users))
    }

    async fn send(&self, client: &Client, users: &AudienceUsers) -> Result<AudienceUsersReceived, Error> {
        let Some(batch) = users.batch(self.next, Some(self.session_id)) else { return Err(nobody()) };
        let audience = self.audience.clone();
        match self.action {
            AudienceAction::Add => client.send(AddAudienceUsers::new(audience, batch)).await,
            AudienceAction::Remove => client.send(RemoveAudienceUsers::new(audience, batch)).await,
            AudienceAction::Replace => client.send(ReplaceAudienceUsers::new(audience, batch)).await,
        }
    }

    /// Asks how much of the session arrived, and goes on after the last whole batch of it.
    async fn ask(&mut self, client: &Client, users: &AudienceUsers) -> Result<(), Error> {
        let sessions = ListAudienceSessions::new(self.audience.clone()).session_id(self.session_id);
        let page = client.send(sessions).await?;
        let listed = page.items.iter().find(|session| session.session_id == Some(self.session_id));
        if listed.is_none() && self.next > 0 {
            // The rest alone in a new session would take the place of what was sent before.
            return Err(refused(
                &Finding::error("ads.audience.session_gone", "session", "Meta no longer knows the session")
                    .advice("begin a new upload with all rows; a session lasts 90 minutes"),
            ));
        }
        let received = listed
            .and_then(|session| session.num_received)
            .and_then(|rows| usize::try_from(rows).ok())
            .unwrap_or_default();
        let whole = if received >= self.rows { users.batches() } else { received / rules::A1_MAX_ROWS };
        self.next = self.next.max(whole);
        self.sure = true;
        Ok(())
    }

    fn compare(&mut self, users: &AudienceUsers) -> Result<(), Error> {
        if users.is_empty() {
            return Err(nobody());
        }
        let same = users.len() == self.rows && (self.compared || users.fingerprint() == self.fingerprint);
        if same {
            self.compared = true;
            return Ok(());
        }
        Err(refused(
            &Finding::error(
                "ads.audience.other_rows",
                "rows",
                "these are not the rows the upload began with",
            )
            .measured(format_args!("{} rows", users.len()))
            .allowed(format_args!("the same {} rows in the same order", self.rows))
            .advice("load the same rows, or begin a new upload"),
        ))
    }

    fn done(&self) -> Progress<AudienceUploaded> {
        Progress::Done(AudienceUploaded {
            session_id: self.session_id,
            rows: self.rows,
            invalid: self.invalid,
        })
    }
}

fn nobody() -> Error {
    refused(
        &Finding::error("ads.audience.empty", "rows", "there is nobody to send")
            .advice("look at the findings of the rows; delete the audience to empty it"),
    )
}

fn refused(finding: &Finding) -> Error {
    CoreError::invalid("ads.audience.users.upload", InvalidRequest::from(finding.clone())).into()
}

/// A number that no other upload has: from what is sent, where to and when.
fn session_id(audience: &CustomAudienceId, fingerprint: &[u8; 32], millis: i64) -> u64 {
    let mut digest = Sha256::new();
    digest.update(audience.as_str());
    digest.update(fingerprint);
    digest.update(millis.to_le_bytes());
    let bytes: [u8; 32] = digest.finalize().into();
    let mut first = [0; 8];
    first.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    // Readers that know only signed numbers are not to be irritated.
    (u64::from_le_bytes(first) >> 1).max(1)
}
