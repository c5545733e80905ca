//! Records deliveries.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{EntryId, InboxError, InboxErrorKind, RecordEvents, Recorded, Wake, meter};
use crate::{
    Delivery, Event, LinkedInVerifier, MetaVerifier, ParseError, Provider, VerifyError, parse_linkedin,
    parse_meta,
};

/// Verifies deliveries of one platform, splits them into events and records each once. Clones share everything.
///
/// It does all that a POST handler has to do; answer what it returns:
///
/// ```
/// # use std::sync::Arc;
/// # use bytes::Bytes;
/// use sociogram_webhook_verify::inbox::Receiver;
///
/// async fn post(receiver: &Receiver, signatures: Vec<Vec<u8>>, body: Bytes) -> u16 {
///     match receiver.receive(signatures, body).await {
///         Ok(_) => 200,
///         Err(error) => error.suggested_status(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Receiver {
    verifier: Verifier,
    store: Arc<dyn RecordEvents>,
    wake: Option<Wake>,
}

#[derive(Clone, Debug)]
enum Verifier {
    Meta(Arc<MetaVerifier>),
    LinkedIn(Arc<LinkedInVerifier>),
}

impl Receiver {
    /// Receives from Meta. Takes a verifier, or an [`Arc`] of one that is used elsewhere too.
    pub fn meta(verifier: impl Into<Arc<MetaVerifier>>, store: Arc<dyn RecordEvents>) -> Self {
        Self { verifier: Verifier::Meta(verifier.into()), store, wake: None }
    }

    /// Receives from LinkedIn. Takes a verifier, or an [`Arc`] of one that answers challenges too.
    pub fn linkedin(verifier: impl Into<Arc<LinkedInVerifier>>, store: Arc<dyn RecordEvents>) -> Self {
        Self { verifier: Verifier::LinkedIn(verifier.into()), store, wake: None }
    }

    /// Tells the worker of this process when there are new events.
    pub fn waking(mut self, wake: Wake) -> Self {
        self.wake = Some(wake);
        self
    }

    /// Whose deliveries it takes.
    pub fn provider(&self) -> Provider {
        match self.verifier {
            Verifier::Meta(_) => Provider::Meta,
            Verifier::LinkedIn(_) => Provider::LinkedIn,
        }
    }

    /// Takes one delivery in: all values of the signature header ([`MetaVerifier::SIGNATURE_HEADER`],
    /// [`LinkedInVerifier::SIGNATURE_HEADER`]), and the body exactly as received. When this is `Ok`, every event is
    /// recorded durably, now or before: answer 200. Answer an error with [`ReceiveError::suggested_status`].
    ///
    /// If the future is dropped, because the platform hung up, it is not known whether the events were recorded. The
    /// platform sends again.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`]: the delivery is not from the platform, cannot be read, or could not be recorded.
    pub async fn receive(
        &self,
        signatures: impl IntoIterator<Item = impl AsRef<[u8]>>,
        body: Bytes,
    ) -> Result<Receipt, ReceiveError> {
        let events = self.read(signatures, body)?;
        self.record(&events).await.map_err(|error| {
            meter::not_recorded(self.provider());
            let (provider, fault) = (self.provider().as_str(), error.kind());
            tracing::warn!(
                provider,
                ?fault,
                "a delivery could not be recorded, the platform will repeat it: {error}"
            );
            ReceiveError::NotRecorded(error)
        })
    }

    fn read(
        &self,
        signatures: impl IntoIterator<Item = impl AsRef<[u8]>>,
        body: Bytes,
    ) -> Result<Vec<Event>, ReceiveError> {
        let provider = self.provider();
        let verified = match &self.verifier {
            Verifier::Meta(verifier) => verifier.verify(signatures, body),
            Verifier::LinkedIn(verifier) => verifier.verify(signatures, body),
        };
        let verified = verified.map_err(|error| {
            meter::refused(provider, error.reason());
            // Anyone can cause these: no line that an operator would see.
            tracing::debug!(provider = provider.as_str(), reason = error.reason(), "a delivery was refused");
            ReceiveError::Refused(error)
        })?;
        meter::verified(provider);
        let delivery = match &self.verifier {
            Verifier::Meta(_) => parse_meta(&verified),
            Verifier::LinkedIn(_) => parse_linkedin(&verified),
        };
        delivery.map(Delivery::into_events).map_err(|error| {
            meter::unreadable(provider);
            tracing::warn!(provider = provider.as_str(), "a verified delivery cannot be read: {error}");
            ReceiveError::Unreadable { error, body: verified.into_body() }
        })
    }

    async fn record(&self, events: &[Event]) -> Result<Receipt, InboxError> {
        let provider = self.provider();
        let recorded = if events.is_empty() { Vec::new() } else { self.store.record(events).await? };
        if recorded.len() != events.len() {
            let message = "the store answered for another number of events than it was given";
            return Err(InboxError::new(InboxErrorKind::Corrupt, message));
        }
        let mut receipt = Receipt { provider, new: 0, duplicates: 0, entries: Vec::new() };
        for (event, recorded) in events.iter().zip(recorded) {
            let result = match recorded {
                Recorded::New(id) => {
                    receipt.new += 1;
                    receipt.entries.push(id);
                    "new"
                }
                Recorded::Duplicate => {
                    receipt.duplicates += 1;
                    "duplicate"
                }
            };
            meter::event(provider, event.kind().name(), result);
        }
        if let Some(wake) = self.wake.as_ref().filter(|_| receipt.new > 0) {
            wake.notify();
        }
        let Receipt { new, duplicates, .. } = receipt;
        tracing::debug!(provider = provider.as_str(), new, duplicates, "a delivery was recorded");
        Ok(receipt)
    }
}

/// A delivery whose events are all recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// Who sent it.
    pub provider: Provider,
    /// How many of its events are new.
    pub new: u64,
    /// How many were known already.
    pub duplicates: u64,
    /// Where the new ones are in the log, in the order of the delivery.
    pub entries: Vec<EntryId>,
}

/// A delivery was not taken in. `Debug` and the text hold nothing of the body.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// It is not from the platform, as far as can be told.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// The platform signed it, and it is not JSON. The same bytes would come again, so it is answered 200: keep the
    /// body, and tell a person.
    #[error("{error}; keep the body, the platform is not asked to repeat it")]
    Unreadable {
        /// What is wrong with it.
        error: ParseError,
        /// The body as received.
        body: Bytes,
    },
    /// Its events could not be recorded. The platform will send it again.
    #[error("the events could not be recorded")]
    NotRecorded(#[source] InboxError),
}

impl ReceiveError {
    /// The HTTP status to answer, with an empty body: 400, 401 or 413 for what was refused, 200 for what would be
    /// unreadable again, 503 when the store failed.
    pub fn suggested_status(&self) -> u16 {
        match self {
            Self::Refused(error) => error.suggested_status(),
            Self::Unreadable { .. } => 200,
            Self::NotRecorded(_) => 503,
        }
    }

    /// A short stable name, for a metric label: [`VerifyError::reason`], `unreadable` or `not_recorded`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.reason(),
            Self::Unreadable { .. } => "unreadable",
            Self::NotRecorded(_) => "not_recorded",
        }
    }
}

impl fmt::Debug for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => f.debug_tuple("Refused").field(error).finish(),
            Self::Unreadable { error, body } => f
                .debug_struct("Unreadable")
                .field("error", error)
                .field("body_bytes", &body.len())
                .finish_non_exhaustive(),
            Self::NotRecorded(error) => f.debug_tuple("NotRecorded").field(error).finish(),
        }
    }
}

#[cfg(test)]
mod tests;
