//! Media: upload, look up, delete (Cloud API: Media).

use bytes::Bytes;
use http::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    MESSAGING, kinds, new_id, permitted, product,
    refusal::refusal,
    success,
};
use crate::mac::hex;

/// How long uploaded media are kept, in seconds.
const LIFE: i64 = 30 * 86_400;
/// How long an address to download from is good.
const LINK_LIFE: i64 = 300;

/// An uploaded file.
#[derive(Debug, Clone)]
pub(super) struct Media {
    pub(super) mime: String,
    pub(super) content: Bytes,
    number: String,
    ends: i64,
    /// Signatures of addresses given out, and until when each is good.
    links: Vec<(String, i64)>,
}

impl Media {
    pub(super) fn is_there(&self, now: i64) -> bool {
        now < self.ends
    }

    /// Whether an address with this signature was given out and is still good.
    pub(super) fn has_link(&self, signature: &str, now: i64) -> bool {
        self.links.iter().any(|(known, ends)| crate::mac::same(known, signature) && now < *ends)
    }
}

/// `POST /{phone}/media`: multipart with the file and its media type.
pub(super) fn upload(call: &mut Call<'_>, number: &str) -> Outcome {
    permitted(call, number, &[MESSAGING])?;
    call.params.only_with_files(&["messaging_product", "type", "ttl_minutes"], &["file"])?;
    product(call)?;
    let missing = || GraphError::parameter("The parameter file is required.");
    let file = call.params.file("file").ok_or_else(missing)?;
    let mime = call.params.required("type")?.to_ascii_lowercase();
    if !file.content_type.is_empty() && bare(&file.content_type) != bare(&mime) {
        return Err(GraphError::parameter(format!(
            "Param file is of type {}, and type says {mime}.",
            file.content_type
        )));
    }
    let Some((kind, most)) = kinds::of_media(&mime) else {
        let types: Vec<&str> = kinds::MEDIA.iter().flat_map(|(_, types, _)| types.iter().copied()).collect();
        return Err(GraphError::parameter(format!(
            "Param file must be a file with one of the following types: {}. Received file of type '{mime}'.",
            types.join(", ")
        )));
    };
    check_content(kind, &mime, &file.content, most)?;
    let life = match call.params.integer("ttl_minutes")? {
        None => LIFE,
        Some(minutes @ 1..=43_200) => minutes.saturating_mul(60),
        Some(_) => return Err(GraphError::parameter("Param ttl_minutes must be 1 to 43200.")),
    };
    let content = file.content.clone();
    let ends = call.state.now_seconds().saturating_add(life);
    let id = new_id(call);
    let media = Media { mime, content, number: number.to_owned(), ends, links: Vec::new() };
    call.state.areas.whatsapp.media.insert(id.clone(), media);
    Ok(json!({ "id": id }))
}

fn bare(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The size, and that a picture is what it is said to be.
fn check_content(kind: &str, mime: &str, content: &[u8], most: usize) -> Result<(), GraphError> {
    let error = |details: String| Err(refusal(131_053, "Media upload error", details));
    if content.is_empty() {
        return error("The file is empty.".to_owned());
    }
    let moves = content.windows(4).take(64).any(|window| window == b"ANIM");
    let most = if kind == "sticker" && !moves { kinds::STATIC_STICKER } else { most };
    if content.len() > most {
        return error(format!("The file has {} bytes, allowed are {most}.", content.len()));
    }
    let is_it = match bare(mime).as_str() {
        "image/jpeg" => content.starts_with(&[0xFF, 0xD8, 0xFF]),
        "image/png" => content.starts_with(b"\x89PNG"),
        "image/webp" => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        _ => true,
    };
    if is_it { Ok(()) } else { error(format!("The file is no {mime}.")) }
}

/// `/{media}`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    if !rest.is_empty() {
        return Err(GraphError::unknown_path(rest));
    }
    permitted(call, id, &[MESSAGING])?;
    let now = call.state.now_seconds();
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let number = call.params.text("phone_number_id")?;
    let media = call.state.areas.whatsapp.media.get(id).filter(|media| media.is_there(now));
    let media = media.ok_or_else(hidden)?;
    if number.is_some_and(|number| number != media.number) {
        return Err(hidden());
    }
    match call.request.method {
        Method::GET => look_up(call, id, now),
        Method::DELETE => {
            call.params.only(&["phone_number_id"])?;
            call.state.areas.whatsapp.media.remove(id);
            Ok(success())
        }
        _ => Err(hidden()),
    }
}

fn look_up(call: &mut Call<'_>, id: &str, now: i64) -> Outcome {
    let signature = call.state.random_hex();
    let ends = now.saturating_add(LINK_LIFE);
    let url = format!(
        "{}/lookaside/whatsapp_business/attachments/?mid={id}&ext={ends}&hash={signature}",
        call.shared.url
    );
    let hidden = || GraphError::unsupported(&Method::GET, id);
    let media = call.state.areas.whatsapp.media.get_mut(id).ok_or_else(hidden)?;
    media.links.retain(|(_, ends)| now < *ends);
    media.links.push((signature, ends));
    Ok(json!({
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": media.mime,
        "sha256": hex(&Sha256::digest(&media.content)),
        "file_size": media.content.len(),
        "id": id,
    }))
}
