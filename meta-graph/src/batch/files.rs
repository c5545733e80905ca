//! Files of items: parts of the call that stand beside the items (Graph API: Batch Requests, binary data).

use std::future::poll_fn;
use std::time::Duration;

use sociogram_api_core::http::{Body, Part};

/// The slowest upload that is waited for, in bytes per second.
const SLOWEST: usize = 128 * 1024;

/// What is added for everything but the bytes.
const MARGIN: Duration = Duration::from_secs(60);

/// A file of one item.
pub(super) struct Attached {
    /// The name of its part: what the item calls it.
    pub(super) part: String,
    name: String,
    content_type: String,
    content: Vec<u8>,
}

impl Attached {
    pub(super) fn to_part(&self) -> Part {
        Part::file(&self.part, &self.name, &self.content_type, self.content.clone())
    }
}

/// How long an attempt with these files may take; `None` where the usual time will do.
pub(super) fn patience<'f>(files: impl Iterator<Item = &'f Attached>) -> Option<Duration> {
    let bytes = files.map(|file| file.content.len()).fold(0, usize::saturating_add);
    let needed = Duration::from_secs(u64::try_from(bytes / SLOWEST).unwrap_or(u64::MAX));
    (needed >= Duration::from_secs(10)).then(|| needed.saturating_add(MARGIN))
}

/// What a multipart body holds.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) texts: Vec<(String, String)>,
    pub(super) files: Vec<Attached>,
}

/// Takes a body of this crate's own making apart. The files get `part` as their name.
pub(super) async fn take_apart(body: &Body, boundary: &str, part: &str) -> Result<Contents, &'static str> {
    let bytes = gathered(body).await?;
    let delimiter = format!("--{boundary}");
    let mut contents = Contents::default();
    let mut rest = bytes.as_slice();
    while let Some(at) = find(rest, delimiter.as_bytes()) {
        let (before, after) = rest.split_at(at);
        rest = after.get(delimiter.len()..).unwrap_or_default();
        // Nothing stands before the first delimiter.
        if !before.is_empty() {
            take(before, part, &mut contents).ok_or("the body is no form with files")?;
        }
    }
    Ok(contents)
}

/// One part: head, empty line, content.
fn take(bytes: &[u8], part: &str, contents: &mut Contents) -> Option<()> {
    let bytes = bytes.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?;
    let at = find(bytes, b"\r\n\r\n")?;
    let (head, content) = bytes.split_at(at);
    let head = std::str::from_utf8(head).ok()?;
    let content = content.get(4..)?.to_vec();
    if let Some(name) = value(head, "; filename=\"", '"') {
        contents.files.push(Attached {
            part: part.to_owned(),
            name: name.to_owned(),
            content_type: value(head, "\r\nContent-Type: ", '\r')?.to_owned(),
            content,
        });
    } else {
        let name = value(head, "; name=\"", '"')?.to_owned();
        contents.texts.push((name, String::from_utf8(content).ok()?));
    }
    Some(())
}

/// What stands between `lead` and `end`.
fn value<'h>(head: &'h str, lead: &str, end: char) -> Option<&'h str> {
    head.split_once(lead)?.1.split(end).next()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

async fn gathered(body: &Body) -> Result<Vec<u8>, &'static str> {
    let mut stream = body.open();
    let mut bytes = Vec::new();
    while let Some(chunk) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        bytes.extend_from_slice(&chunk.map_err(|_| "the file cannot be read")?);
    }
    Ok(bytes)
}
