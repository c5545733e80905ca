//! Bytes on their way: resumable uploads, chunked video, and the upload host of reels and containers.

pub(crate) mod chunks;
pub(crate) mod rupload;
mod session;
pub(crate) mod transfer;

use std::collections::BTreeMap;

use http::Method;

use self::{chunks::Chunked, session::Session, transfer::Transfer};
use super::super::{Call, Outcome, answer::GraphError};

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    sessions: Vec<Session>,
    chunked: Vec<Chunked>,
    /// Bytes of Instagram containers, by the containers' ids. The area of Instagram says which ones wait for theirs
    /// (`awaits_bytes`) and is told when they are there (`bytes_arrived`).
    containers: BTreeMap<String, Transfer>,
}

impl Held {
    /// The media type behind a handle of the Resumable Upload API and its length, if there is such a handle.
    pub(crate) fn handle(&self, handle: &str) -> Option<(&str, &Transfer)> {
        let session = self.sessions.iter().find(|session| session.handle.as_deref() == Some(handle))?;
        Some((session.file_type.as_str(), &session.transfer))
    }

    /// How many bytes of an Instagram container have arrived; nothing for one that no bytes were sent for.
    pub(crate) fn bytes_of_container(&self, container: &str) -> Option<u64> {
        self.containers.get(container).map(|transfer| transfer.received)
    }
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let method = &call.request.method;
    match *path {
        [app, "uploads"] if app == call.shared.config.meta.id => Some(match *method {
            Method::POST => session::open(call),
            _ => Err(GraphError::unsupported(method, app)),
        }),
        [id] if session::is_session(id) => Some(match *method {
            Method::POST => session::send(call, id),
            Method::GET => session::position(call, id),
            _ => Err(GraphError::unsupported(method, id)),
        }),
        _ => None,
    }
}
