//! Request bodies that can be sent again.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;

#[cfg(feature = "fs")]
mod file;
mod upload;

pub use upload::{RangeSource, UploadSource};

/// The chunks of an opened [`BodySource`].
pub type BodyStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A body too large for memory that can be opened anew for every attempt.
pub trait BodySource: fmt::Debug + Send + Sync {
    /// Starts reading from the first byte. Called once per attempt; every call must give the same bytes.
    fn open(&self) -> BodyStream;

    /// Length in bytes, when known. Providers that need `Content-Length` refuse a body without it.
    fn len(&self) -> Option<u64>;

    /// Whether the body is known to be empty.
    fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

/// The body of a request: nothing, bytes in memory, or a stream that can be opened again. All three can
/// be replayed by a retry, and a stream keeps memory flat.
#[non_exhaustive]
#[derive(Clone, Default)]
pub enum Body {
    /// No body and no `Content-Type`.
    #[default]
    Empty,
    /// Bytes in memory; cloning is cheap.
    Bytes(Bytes),
    /// A source that is opened once per attempt.
    Stream(Arc<dyn BodySource>),
}

impl Body {
    /// Length in bytes, when known.
    pub fn len(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Self::Stream(source) => source.len(),
        }
    }

    /// Whether the body is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Opens the body as a stream of chunks, whatever its form.
    pub fn open(&self) -> BodyStream {
        match self {
            Self::Empty => Box::pin(futures_util::stream::empty()),
            Self::Bytes(bytes) => {
                let bytes = bytes.clone();
                Box::pin(futures_util::stream::once(async move { Ok(bytes) }))
            }
            Self::Stream(source) => source.open(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.len()) {
            (Self::Empty, _) => f.write_str("Body(empty)"),
            (Self::Bytes(_), Some(len)) => write!(f, "Body({len} bytes)"),
            (_, Some(len)) => write!(f, "Body(stream of {len} bytes)"),
            (_, None) => f.write_str("Body(stream)"),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Bytes(text.into())
    }
}
