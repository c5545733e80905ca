//! Images and videos for ads.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::{Kind, creation, video_chunks, writer};
use crate::mac::{hex, hmac_sha256};

/// Fields of a multipart body that an image may come in.
const FILES: [&str; 5] = ["filename", "file", "source", "bytes", "image"];
/// Largest image, in bytes.
const MAX_IMAGE: usize = 30 * 1024 * 1024;

/// `POST /{ad_account}/adimages`: a file, or bytes in base64.
pub(super) fn add_image(call: &mut Call<'_>, account: &'static str) -> Outcome {
    writer(call, account)?;
    let file = FILES.iter().find_map(|field| call.params.file(field)).cloned();
    let (name, content) = if let Some(file) = file {
        call.params.only_with_files(&["name"], &FILES)?;
        (file.name, file.content.to_vec())
    } else {
        call.params.only(&["bytes", "name"])?;
        let text = call.params.required("bytes")?;
        let wrong = |_| GraphError::parameter("Param bytes must be an image in base64.");
        (
            call.params.text("name")?.unwrap_or_else(|| "bytes".to_owned()),
            STANDARD.decode(text).map_err(wrong)?,
        )
    };
    let kinds: [&[u8]; 4] = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM"];
    if content.len() > MAX_IMAGE || !kinds.iter().any(|start| content.starts_with(start)) {
        return Err(GraphError::parameter("Invalid parameter: the file is not an image that can be used."));
    }
    let hash: String = hex(&hmac_sha256(b"image", &[&content])).chars().take(32).collect();
    let url = format!("https://scontent.example.com/{hash}.jpg");
    let known = call.state.areas.ads.things.iter().any(|image| {
        image.account == account && image.text("hash") == hash && image.text("status") != "DELETED"
    });
    if !known {
        let mut fields = Map::new();
        for (field, value) in [("name", name.as_str()), ("hash", &hash), ("url", &url), ("status", "ACTIVE")]
        {
            fields.insert(field.to_owned(), json!(value));
        }
        creation::keep(call, account, Kind::Image, None, fields);
    }
    Ok(json!({"images": {name: {"hash": hash, "url": url}}}))
}

/// `DELETE /{ad_account}/adimages`.
pub(super) fn remove_image(call: &mut Call<'_>, account: &'static str) -> Outcome {
    writer(call, account)?;
    call.params.only(&["hash"])?;
    let hash = call.params.required("hash")?;
    let image = call.state.areas.ads.things.iter_mut().find(|image| {
        image.kind == Kind::Image && image.text("hash") == hash && image.text("status") != "DELETED"
    });
    let image = image.ok_or_else(|| GraphError::parameter("There is no image with this hash."))?;
    image.fields.insert("status".to_owned(), json!("DELETED"));
    Ok(json!({"success": true}))
}

/// `POST /{ad_account}/advideos`: in chunks, or fetched from an address.
pub(super) fn add_video(call: &mut Call<'_>, account: &'static str) -> Outcome {
    writer(call, account)?;
    if let Some(phase) = call.params.text("upload_phase")? {
        return video_chunks::phase(call, account, &phase.to_ascii_lowercase());
    }
    call.params.only(&["file_url", "name", "title", "description"])?;
    let from = call.params.required("file_url")?;
    let is_web = url::Url::parse(&from).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web {
        return Err(GraphError::parameter("Param file_url must be a valid URL."));
    }
    let mut fields = Map::new();
    for name in ["name", "title", "description"] {
        if let Some(text) = call.params.text(name)? {
            fields.insert(name.to_owned(), json!(text));
        }
    }
    fields.insert("status".to_owned(), json!("ACTIVE"));
    Ok(json!({"id": creation::keep(call, account, Kind::Video, None, fields)}))
}
