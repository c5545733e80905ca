//! Sending prepared events to a platform, with one fate per event.

mod isolate;
mod report;
#[cfg(any(feature = "meta", feature = "linkedin"))]
mod run;

pub(crate) use isolate::Isolation;
pub use report::{Counts, Outcome, Rejection, SendReport, Stopped};
#[cfg(any(feature = "meta", feature = "linkedin"))]
pub(crate) use run::run;

/// What happens to a request of which nobody knows whether the platform processed it: no answer in time, a broken
/// connection, a failure of the platform's servers, an answer that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InDoubtPolicy {
    /// Nothing: its events are reported as [`Outcome::InDoubt`], and sending stops.
    #[default]
    Report,
    /// It is sent once more, at once, if **every** event in it carries an event id; else as [`Report`](Self::Report).
    ///
    /// This may count events **twice**. An event id joins an event from a server with one from the browser; neither
    /// Meta nor LinkedIn promises to recognise an event that a server sends twice. Choose it only where counting an
    /// event twice is better than not counting it. Only a second answer that says that the request was taken settles
    /// it; after anything else the events stay in doubt.
    RetryOnce,
}
