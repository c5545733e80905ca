//! What goes wrong in a store.

use std::{error::Error, fmt};

/// Which sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutboxErrorKind {
    /// The store does not answer, or it is not known whether it did what it was to do. Try again.
    Unavailable,
    /// A value cannot be kept or read back. Trying again does not help.
    Corrupt,
    /// There is no room. Delete finished events, or keep them elsewhere.
    Full,
}

/// A store of events failed. Holds no content of events.
#[derive(Debug)]
pub struct OutboxError {
    kind: OutboxErrorKind,
    message: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl OutboxError {
    /// For stores. The message must hold no content of events.
    pub fn new(kind: OutboxErrorKind, message: &'static str) -> Self {
        Self { kind, message, source: None }
    }

    /// What is behind it.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Which sort of failure it is.
    pub fn kind(&self) -> OutboxErrorKind {
        self.kind
    }
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl Error for OutboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
