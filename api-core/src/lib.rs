#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod clock;
mod error_kind;
mod finding;
#[cfg(feature = "http")]
mod flow;
#[cfg(feature = "media")]
pub mod media;
mod open_enum;
pub mod redact;
mod secret;
#[cfg(feature = "timer")]
mod timer;

#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "testing")]
pub mod testing;

pub use clock::{Clock, SystemClock, Timestamp};
pub use error_kind::ErrorKind;
#[doc(hidden)]
pub use open_enum::__serde;

pub use finding::{Finding, InvalidRequest, Severity};
#[cfg(feature = "http")]
pub use flow::Progress;
pub use secret::Secret;
#[cfg(feature = "timer")]
pub use timer::Timer;

/// Re-exported so that implementors of the async traits need no version of their own.
#[cfg(feature = "http")]
pub use async_trait::async_trait;
