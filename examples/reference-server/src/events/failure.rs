//! From the errors of the platforms' clients to whether an event is tried again.

use sociogram::{
    api_core::{ErrorKind, http::CoreError},
    linkedin_api, meta_graph,
    webhook_verify::inbox::HandleError,
};

/// What will not be there later either is given up; a person who mends the cause replays it. All else is tried again: the
/// token may be renewed, the account connected again, the platform back.
///
/// `Display` of the error is one line without tokens, bodies and personal data.
fn of_call(error: &CoreError) -> HandleError {
    let told = error.to_string();
    match (error.kind(), error.retry_after()) {
        (
            ErrorKind::NotFound
            | ErrorKind::Invalid
            | ErrorKind::Rejected
            | ErrorKind::Conflict
            | ErrorKind::Decode,
            _,
        ) => HandleError::dead(told),
        (_, Some(wait)) => HandleError::retry_after(wait, told),
        (_, None) => HandleError::retry(told),
    }
}

pub(super) fn of_meta(error: &meta_graph::Error) -> HandleError {
    of_call(error.as_core())
}

pub(super) fn of_linkedin(error: &linkedin_api::Error) -> HandleError {
    of_call(error.as_core())
}
