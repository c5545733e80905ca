//! What a file is, by its first bytes.

use std::future::poll_fn;

use bytes::BytesMut;
use sociogram_api_core::http::UploadSource;
use sociogram_api_core::media::MediaFacts;

/// Enough for most images, and for videos that have their index in front.
const HEAD: u64 = 64 * 1024;

/// Measures the first bytes, or nothing when they cannot be read; sending them tells why. The length is not judged here.
pub(super) async fn facts(source: &UploadSource) -> Option<MediaFacts> {
    // What is only looked at is no progress.
    let mut pieces = source.clone().on_progress(|_, _| {}).range(0..HEAD).open();
    let mut head = BytesMut::new();
    while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
        head.extend_from_slice(&piece.ok()?);
    }
    let mut facts = MediaFacts::from_head(&head, Some(source.len()));
    facts.bytes = None;
    Some(facts)
}
