//! The Resumable Upload API: a session, its bytes, and the handle that stands for the file.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    super::super::{Call, Outcome, answer::GraphError, caller::Caller},
    transfer::{Transfer, length},
};

/// Types of files it takes.
const TYPES: [&str; 5] = ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

/// One upload.
#[derive(Debug)]
pub(super) struct Session {
    /// What follows `upload:` up to the signature.
    name: String,
    signature: String,
    person: String,
    pub(super) file_type: String,
    pub(super) transfer: Transfer,
    /// Given out with the last byte.
    pub(super) handle: Option<String>,
}

impl Session {
    fn id(&self) -> String {
        format!("{}?sig={}", self.name, self.signature)
    }
}

/// Whether a path part is the id of a session.
pub(super) fn is_session(segment: &str) -> bool {
    segment.starts_with("upload:")
}

pub(super) fn open(call: &mut Call<'_>) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let person = caller.user()?.person.clone();
    call.params.only(&["file_name", "file_length", "file_type", "session_type"])?;
    let wrong_length = || GraphError::parameter("Param file_length must be the number of bytes of the file.");
    call.params.required("file_length")?;
    let size = call.params.integer("file_length")?.and_then(|size| u64::try_from(size).ok());
    let size = size.filter(|size| *size > 0).ok_or_else(wrong_length)?;
    let file_type = call.params.required("file_type")?;
    if !TYPES.contains(&file_type.as_str()) {
        let allowed = TYPES.join(", ");
        return Err(GraphError::parameter(format!("Param file_type must be one of {{{allowed}}}.")));
    }
    if call.params.text("session_type")?.is_some_and(|kind| kind != "attachment") {
        return Err(GraphError::parameter("Param session_type must be one of {attachment}."));
    }
    let random = call.state.random_hex();
    let (name, signature) = random.split_at(40);
    let session = Session {
        name: format!("upload:{}", STANDARD.encode(format!("attachment:{name}"))),
        signature: format!("ARZ{signature}"),
        person,
        file_type,
        transfer: Transfer::expected(size),
        handle: None,
    };
    let id = session.id();
    call.state.areas.uploads.sessions.push(session);
    Ok(json!({ "id": id }))
}

/// The position of the caller's session among those that are held.
fn find(call: &mut Call<'_>, name: &str) -> Result<usize, GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    if call.request.authorization(&["OAuth"]).is_none() {
        // Uploads know one scheme only.
        return Err(GraphError::malformed_token());
    }
    let person = &caller.user()?.person;
    let signature = call.params.text("sig")?.unwrap_or_default();
    let mut sessions = call.state.areas.uploads.sessions.iter();
    sessions
        .position(|session| {
            session.name == name && session.signature == signature && session.person == *person
        })
        .ok_or_else(|| GraphError::unsupported(&call.request.method, name))
}

pub(super) fn position(call: &mut Call<'_>, name: &str) -> Outcome {
    let at = find(call, name)?;
    let hidden = || GraphError::unsupported(&call.request.method, name);
    let session = call.state.areas.uploads.sessions.get(at).ok_or_else(hidden)?;
    Ok(json!({"id": session.id(), "file_offset": session.transfer.received}))
}

pub(super) fn send(call: &mut Call<'_>, name: &str) -> Outcome {
    let at = find(call, name)?;
    let offset = call.request.header("file_offset").and_then(|text| text.parse::<u64>().ok());
    let offset = offset
        .ok_or_else(|| GraphError::parameter("The header file_offset must be a position in the file."))?;
    let now = call.state.now_seconds();
    let random = call.state.random_hex();
    let bytes = &call.request.body;
    let hidden = || GraphError::unsupported(&call.request.method, name);
    let session = call.state.areas.uploads.sessions.get_mut(at).ok_or_else(hidden)?;
    let size = session.transfer.size.unwrap_or_default();
    if offset != session.transfer.received {
        let received = session.transfer.received;
        let message = format!("file_offset {offset} is not where the upload stands: {received}");
        return Err(GraphError::parameter(message));
    }
    if offset.saturating_add(length(bytes)) > size {
        return Err(GraphError::parameter("There are more bytes than file_length says."));
    }
    session.transfer.append(bytes, now);
    if !session.transfer.is_complete() {
        let message = "(#2) The upload broke off before its end.";
        return Err(GraphError::new(500, 2, message).transient());
    }
    let handle = session.handle.get_or_insert_with(|| {
        let kind = STANDARD.encode(&session.file_type);
        format!("4:{}:{kind}:{random}", STANDARD.encode(&session.name))
    });
    Ok(json!({ "h": handle }))
}
