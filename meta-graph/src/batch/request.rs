//! What an item looks like inside the call.

use std::sync::Arc;

use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use sociogram_api_core::http::{Body, BudgetKey, Client as _, Operation, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};

use super::files::{Attached, take_apart};
use super::{Entry, ResultRef, Settings};
use crate::client::Client;
use crate::host::MetaHost;
use crate::version::ApiVersion;

/// The operations inside a batch, as an extension of its own.
#[derive(Clone)]
pub(crate) struct Items(pub(super) Arc<[Operation]>);

impl Items {
    /// The limits of all items, each once, the widest first.
    pub(crate) fn limits(&self, of: impl Fn(&Operation) -> Vec<BudgetKey>) -> Vec<BudgetKey> {
        let mut all: Vec<BudgetKey> = Vec::new();
        for key in self.0.iter().flat_map(of) {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }
}

/// An item that is ready to be sent. It holds tokens, so it is never printed.
pub(super) struct Prepared {
    pub(super) operation: Operation,
    pub(super) item: Map<String, Value>,
    /// Travels beside the items.
    pub(super) file: Option<Attached>,
}

/// Writes the item at `place` as Meta wants it.
pub(super) async fn prepare(
    client: &Client,
    entry: &Entry,
    place: usize,
) -> Result<Prepared, InvalidRequest> {
    let settings = &entry.settings;
    let (mut operation, mut parts) = entry.part.write(client.provider())?;
    if parts.has_base() || operation.get::<MetaHost>().is_some_and(|host| *host != MetaHost::Graph) {
        return Err(unfit("host", "the endpoint goes to another host"));
    }
    if let Some(version) = settings.version {
        operation = operation.with(version);
    }
    client.prepare(&mut operation, &mut parts)?;
    let Content { form: mut body, file } = content(&parts, place).await?;
    if let Some(token) = &settings.token {
        parts.query("access_token", token.expose());
        for (name, value) in client.authorizer.proof_of(token) {
            parts.query(name, value);
        }
    }
    let mut url = parts.path_and_query()?.trim_start_matches('/').to_owned();
    restore(&settings.references, &mut url, &mut body)?;
    if let Some(version) = operation.get::<ApiVersion>().filter(|version| **version != client.version) {
        url = format!("{version}/{url}");
    }
    let mut item = item(&parts, settings, url, body);
    if let Some(file) = &file {
        item.insert("attached_files".to_owned(), file.part.as_str().into());
    }
    Ok(Prepared { operation, item, file })
}

fn item(parts: &RequestParts, settings: &Settings, url: String, body: String) -> Map<String, Value> {
    let mut item = Map::new();
    item.insert("method".to_owned(), parts.method().as_str().into());
    item.insert("relative_url".to_owned(), url.into());
    if !body.is_empty() {
        item.insert("body".to_owned(), body.into());
    }
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        Some(json!({ "name": name.as_str(), "value": value.to_str().ok()? }))
    };
    let headers: Vec<Value> =
        parts.headers().iter().filter(|(name, _)| **name != CONTENT_TYPE).filter_map(header).collect();
    if !headers.is_empty() {
        item.insert("headers".to_owned(), headers.into());
    }
    if let Some(name) = &settings.name {
        item.insert("name".to_owned(), name.as_str().into());
    }
    if let Some(earlier) = &settings.depends_on {
        item.insert("depends_on".to_owned(), earlier.as_str().into());
    }
    // Meta leaves the answers of named items out unless told not to.
    if settings.silent || settings.name.is_some() {
        item.insert("omit_response_on_success".to_owned(), settings.silent.into());
    }
    item
}

fn unfit(field: &'static str, message: &'static str) -> InvalidRequest {
    Finding::error("batch.item", field, message).advice("send it by itself").into()
}

/// The body of an item.
#[derive(Default)]
struct Content {
    form: String,
    file: Option<Attached>,
}

/// The body as a form, and its file: all that an item can have.
async fn content(parts: &RequestParts, place: usize) -> Result<Content, InvalidRequest> {
    let Some((body, content_type)) = parts.content() else { return Ok(Content::default()) };
    let content_type = content_type.to_str().unwrap_or_default();
    if let Some(boundary) = content_type.strip_prefix("multipart/form-data; boundary=") {
        let contents = take_apart(&body, boundary, &format!("file{place}")).await;
        let mut contents = contents.map_err(|problem| unfit("body", problem))?;
        let file = contents.files.pop();
        // A part has one name, which an item uses to point at it: none is left for the parameter it stands for.
        if !contents.files.is_empty() {
            return Err(unfit("body", "an item carries one file"));
        }
        let form = form(contents.texts.iter().map(|(name, text)| (name.as_str(), text.clone())));
        return Ok(Content { form, file });
    }
    let bytes = match body {
        Body::Empty => return Ok(Content::default()),
        Body::Bytes(bytes) => bytes,
        _ => return Err(unfit("body", "the body is a stream")),
    };
    let other = || unfit("body", "the body is neither a form nor a JSON object");
    let form = match content_type {
        "application/x-www-form-urlencoded" => String::from_utf8(bytes.to_vec()).map_err(|_| other())?,
        "application/json" => {
            let object: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|_| other())?;
            form(object.iter().map(|(name, value)| match value {
                Value::String(text) => (name.as_str(), text.clone()),
                nested => (name.as_str(), nested.to_string()),
            }))
        }
        _ => return Err(other()),
    };
    Ok(Content { form, file: None })
}

fn form<'n>(pairs: impl Iterator<Item = (&'n str, String)>) -> String {
    let mut parts = RequestParts::new(Method::GET, "/");
    for (name, value) in pairs {
        parts.query(name, value);
    }
    parts.take_query()
}

/// The text as it stands in an encoded query or body.
fn encoded(text: &str) -> String {
    form(std::iter::once(("", text.to_owned()))).split_off(1)
}

/// Meta looks for references in the text as it is, so encoding is undone for them. Any other one is refused: it
/// came with somebody's text, and would put other answers into it.
fn restore(references: &[ResultRef], url: &mut String, body: &mut String) -> Result<(), InvalidRequest> {
    let mut foreign = format!("{url}&{body}");
    for reference in references {
        let plain = reference.to_string();
        let encoded = encoded(&plain);
        if !foreign.contains(&encoded) {
            return Err(Finding::error(
                "batch.reference",
                "item",
                "a declared reference stands nowhere in the item",
            )
            .advice("put its text into the path, a parameter or the body")
            .into());
        }
        foreign = foreign.replace(&encoded, "");
        *url = url.replace(&encoded, &plain);
        *body = body.replace(&encoded, &plain);
    }
    let foreign = foreign.to_ascii_lowercase();
    if foreign.contains("%7bresult%3d") || foreign.contains("{result=") {
        return Err(Finding::error(
            "batch.reference",
            "item",
            "the item holds a reference that it does not declare",
        )
        .advice("declare it with `refers_to`, or send the item by itself if it is somebody's text")
        .into());
    }
    Ok(())
}
