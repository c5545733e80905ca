//! One item of a batch, and the call it stands for.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::Value;

use super::{
    super::super::{Call, answer::GraphError, is_version},
    reference,
};
use crate::request::{Area, Form, Incoming, encode_form};

/// Separates the parts of an item that carries files.
const BOUNDARY: &str = "sandbox-batch-item-boundary";

#[derive(Debug)]
pub(super) struct Item {
    method: Method,
    url: String,
    body: String,
    headers: HeaderMap,
    pub(super) name: Option<String>,
    depends_on: Option<String>,
    /// Whether a good answer is left out when another item used it.
    pub(super) omits: bool,
    /// Names of parts of the batch's own body.
    files: Vec<String>,
}

impl Item {
    pub(super) fn read(entry: &Value) -> Result<Self, GraphError> {
        let object = entry.as_object();
        let object = object.ok_or_else(|| GraphError::parameter("Each batch item must be an object."))?;
        let known = [
            "method",
            "relative_url",
            "body",
            "headers",
            "name",
            "depends_on",
            "omit_response_on_success",
            "attached_files",
        ];
        if let Some(name) = object.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(GraphError::parameter(format!("Unknown key in a batch item: {name}")));
        }
        let text = |name: &str| match object.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(GraphError::parameter(format!("Batch item: {name} must be a string."))),
        };
        let method = text("method")?.unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase();
        let method = match method.as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "DELETE" => Method::DELETE,
            _ => return Err(GraphError::parameter("Batch item: method is none that is known.")),
        };
        let url = text("relative_url")?;
        let url = url.ok_or_else(|| GraphError::parameter("Batch item: relative_url is required."))?;
        if url.contains("://") {
            return Err(GraphError::parameter("Batch item: relative_url must be relative."));
        }
        let body = text("body")?.unwrap_or_default();
        if !body.is_empty() && method == Method::GET {
            return Err(GraphError::parameter("Batch item: a GET has no body."));
        }
        let files = text("attached_files")?.unwrap_or_default();
        Ok(Self {
            method,
            url,
            body,
            headers: headers(object.get("headers"))?,
            name: text("name")?,
            depends_on: text("depends_on")?,
            omits: object.get("omit_response_on_success") != Some(&Value::Bool(false)),
            files: files
                .split(',')
                .map(str::trim)
                .filter(|file| !file.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Names of the items it needs.
    pub(super) fn uses(&self) -> Vec<&str> {
        let mut names = reference::names(&self.url);
        names.extend(reference::names(&self.body));
        names.extend(self.depends_on.as_deref());
        names
    }

    /// The call it stands for.
    pub(super) fn request(
        &self,
        call: &Call<'_>,
        results: &BTreeMap<&str, &Value>,
    ) -> Result<Incoming, GraphError> {
        let url = reference::resolve(&self.url, results)?;
        let body = reference::resolve(&self.body, results)?;
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let path = path.trim_start_matches('/');
        let first = path.split('/').next().unwrap_or_default();
        let path = if is_version(first) { format!("/{path}") } else { format!("/{}/{path}", call.version) };
        let form = Form::parse(body.as_bytes());
        let mut query = Form::parse(query.as_bytes());
        if form.get("batch").is_some() || query.get("batch").is_some() {
            return Err(GraphError::parameter("A batch does not stand in a batch."));
        }
        let mut headers = self.headers.clone();
        let own = query.0.iter().position(|(name, _)| name == "access_token");
        match own.map(|at| query.0.remove(at).1) {
            // In a batch this is where an item's own token goes: no address shows it.
            Some(token) => authorize(&mut headers, &token),
            None if form.get("access_token").is_none() => inherit(call, &mut headers, &mut query)?,
            None => {}
        }
        let (content_type, body) = self.content(call, body)?;
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        let pairs: Vec<(&str, &str)> =
            query.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let query = encode_form(&pairs);
        Ok(Incoming { area: Area::Graph, method: self.method.clone(), path, query, headers, body })
    }

    /// The body, with the files it names.
    fn content(&self, call: &Call<'_>, body: String) -> Result<(HeaderValue, Bytes), GraphError> {
        if self.files.is_empty() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            return Ok((form, Bytes::from(body)));
        }
        let mut out = Vec::new();
        for (name, value) in &Form::parse(body.as_bytes()).0 {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        for name in &self.files {
            let missing = || GraphError::parameter(format!("File {name} has not been attached"));
            let file = call.params.file(name).ok_or_else(missing)?;
            // An edge that takes a file calls it `source`.
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"source\"; filename=\"{}\"\r\nContent-Type: \
                 {}\r\n\r\n",
                file.name, file.content_type
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(&file.content);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let content_type = HeaderValue::from_str(&content_type);
        let content_type =
            content_type.map_err(|_invalid| GraphError::parameter("The files cannot be read."))?;
        Ok((content_type, Bytes::from(out)))
    }
}

fn authorize(headers: &mut HeaderMap, token: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
        headers.insert(header::AUTHORIZATION, value);
    }
}

/// Gives an item without a token the token of the batch, and its proof.
fn inherit(call: &Call<'_>, headers: &mut HeaderMap, query: &mut Form) -> Result<(), GraphError> {
    match call.request.authorization(&["Bearer", "OAuth"]) {
        Some(token) => authorize(headers, token),
        None => {
            if let Some(token) = call.params.text("access_token")? {
                authorize(headers, &token);
            }
        }
    }
    for name in ["appsecret_proof", "appsecret_time"] {
        if let Some(value) = call.params.text(name)?.filter(|_| query.get(name).is_none()) {
            query.0.push((name.to_owned(), value));
        }
    }
    Ok(())
}

/// `headers` of an item: a list of `{name, value}`.
fn headers(value: Option<&Value>) -> Result<HeaderMap, GraphError> {
    let wrong = || GraphError::parameter("Batch item: headers must be a list of {name, value}.");
    let mut out = HeaderMap::new();
    let entries = match value {
        None => return Ok(out),
        Some(value) => value.as_array().ok_or_else(wrong)?,
    };
    for entry in entries {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).ok_or_else(wrong);
        let name = HeaderName::try_from(text("name")?).map_err(|_invalid| wrong())?;
        out.insert(name, HeaderValue::from_str(text("value")?).map_err(|_invalid| wrong())?);
    }
    Ok(out)
}
