//! Video in chunks: `upload_phase` start, transfer, finish and cancel. The platform says how long each chunk is.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    transfer::{Transfer, length},
};

/// Longest chunk.
const CHUNK: u64 = 1024 * 1024;
/// Largest file.
const MAX_SIZE: u64 = 10 * 1024 * 1024 * 1024;
/// How long a session is good, in seconds.
const LIFE: i64 = 86_400;

/// A video that arrives in chunks.
#[derive(Debug)]
pub(super) struct Chunked {
    session: String,
    /// The Page or ad account it is for.
    owner: String,
    video: String,
    begun_at: i64,
    transfer: Transfer,
}

impl Chunked {
    /// Where the next chunk ends.
    fn end(&self) -> u64 {
        let size = self.transfer.size.unwrap_or_default();
        // Even a small file comes in two chunks, so that nobody forgets the second.
        let chunk = size.div_ceil(2).clamp(1, CHUNK);
        self.transfer.received.saturating_add(chunk).min(size)
    }

    /// Where the next chunk begins and ends.
    fn next(&self) -> Value {
        json!({"start_offset": self.transfer.received.to_string(), "end_offset": self.end().to_string()})
    }

    fn room(&self) -> u64 {
        self.end().saturating_sub(self.transfer.received)
    }
}

/// Begins an upload of the video with this id.
pub(crate) fn start(call: &mut Call<'_>, owner: &str, video: &str) -> Outcome {
    call.params.only(&["upload_phase", "file_size"])?;
    call.params.required("file_size")?;
    let size = call.params.integer("file_size")?.and_then(|size| u64::try_from(size).ok());
    let size = size.filter(|size| (1..=MAX_SIZE).contains(size)).ok_or_else(|| {
        GraphError::parameter("Param file_size must be the number of bytes of the video.").subcode(1_363_025)
    })?;
    let session = format!("{}", 333_000_000_000_000_u64.saturating_add(call.state.number()));
    let chunked = Chunked {
        session: session.clone(),
        owner: owner.to_owned(),
        video: video.to_owned(),
        begun_at: call.state.now_seconds(),
        transfer: Transfer::expected(size),
    };
    let mut answer = chunked.next();
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("upload_session_id".to_owned(), json!(session));
        fields.insert("video_id".to_owned(), json!(video));
    }
    call.state.areas.uploads.chunked.push(chunked);
    Ok(answer)
}

fn find(call: &Call<'_>, owner: &str) -> Result<usize, GraphError> {
    let session = call.params.required("upload_session_id")?;
    let now = call.state.now_seconds();
    let mut all = call.state.areas.uploads.chunked.iter();
    all.position(|chunked| {
        chunked.session == session && chunked.owner == owner && now.saturating_sub(chunked.begun_at) < LIFE
    })
    .ok_or_else(|| {
        GraphError::new(400, 6000, "(#6000) The upload session has expired or is invalid.").subcode(1_363_041)
    })
}

/// Takes the next chunk.
pub(crate) fn transfer(call: &mut Call<'_>, owner: &str) -> Outcome {
    call.params
        .only_with_files(&["upload_phase", "upload_session_id", "start_offset"], &["video_file_chunk"])?;
    let at = find(call, owner)?;
    call.params.required("start_offset")?;
    let offset = call.params.integer("start_offset")?.and_then(|offset| u64::try_from(offset).ok());
    let bytes = call.params.file("video_file_chunk").map(|file| file.content.clone());
    let bytes = bytes.ok_or_else(|| GraphError::parameter("The parameter video_file_chunk is required."))?;
    let now = call.state.now_seconds();
    let gone = || GraphError::unsupported(&call.request.method, owner);
    let chunked = call.state.areas.uploads.chunked.get_mut(at).ok_or_else(gone)?;
    if offset != Some(chunked.transfer.received) {
        let message = "(#6001) The chunk does not begin where the upload stands.";
        return Err(GraphError::new(400, 6001, message).subcode(1_363_037).data(chunked.next()));
    }
    if bytes.is_empty() || length(&bytes) > chunked.room() {
        let message = "(#6000) The chunk does not have the length that was asked for.";
        return Err(GraphError::new(400, 6000, message).subcode(1_363_026));
    }
    chunked.transfer.append(&bytes, now);
    Ok(chunked.next())
}

/// Ends an upload: the video's id and bytes, when all of them are there.
pub(crate) fn finish(call: &mut Call<'_>, owner: &str) -> Result<(String, Transfer), GraphError> {
    let at = find(call, owner)?;
    let missing = call.state.areas.uploads.chunked.get(at).filter(|chunked| !chunked.transfer.is_complete());
    if let Some(chunked) = missing {
        let message = "(#6001) Not all chunks have arrived.";
        return Err(GraphError::new(400, 6001, message).subcode(1_363_037).data(chunked.next()));
    }
    let chunked = call.state.areas.uploads.chunked.swap_remove(at);
    Ok((chunked.video, chunked.transfer))
}

/// Gives an upload up.
pub(crate) fn cancel(call: &mut Call<'_>, owner: &str) -> Outcome {
    call.params.only(&["upload_phase", "upload_session_id"])?;
    let at = find(call, owner)?;
    call.state.areas.uploads.chunked.swap_remove(at);
    Ok(json!({"success": true}))
}

/// The video of the session that the call names, and how far it is.
pub(crate) fn video_of(call: &Call<'_>, owner: &str) -> Result<(String, Transfer), GraphError> {
    let at = find(call, owner)?;
    let chunked = call.state.areas.uploads.chunked.get(at);
    let chunked = chunked.ok_or_else(|| GraphError::unsupported(&call.request.method, owner))?;
    Ok((chunked.video.clone(), chunked.transfer.clone()))
}
