//! Parameters of a Graph call: from the query and from a form or JSON body, with Meta's loose types.

use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value};

use super::answer::GraphError;
use crate::{
    multipart::{File, form_and_files},
    request::{Form, Incoming},
};

/// Parameters every call may carry.
const COMMON: [&str; 8] = [
    "access_token",
    "appsecret_proof",
    "appsecret_time",
    "fields",
    "locale",
    "pretty",
    "debug",
    "date_format",
];

/// Parameters of one call.
#[derive(Debug)]
pub(crate) struct Params {
    query: Form,
    body: Map<String, Value>,
    files: Vec<File>,
    /// The whole body, where it is neither a form nor JSON.
    raw: Option<Bytes>,
    is_json: bool,
}

impl Params {
    pub(crate) fn read(request: &Incoming) -> Result<Self, GraphError> {
        let query = request.query_form();
        let mut body = Map::new();
        let (mut files, mut raw) = (Vec::new(), None);
        let mut is_json = false;
        if !request.body.is_empty() && request.method != Method::GET {
            match request.media_type().as_deref() {
                Some("application/json") => {
                    is_json = true;
                    body = match serde_json::from_slice(&request.body) {
                        Ok(Value::Object(fields)) => fields,
                        _ => return Err(GraphError::parameter("The body must be one JSON object.")),
                    };
                }
                Some("application/x-www-form-urlencoded") => {
                    insert_all(&mut body, Form::parse(&request.body))?;
                }
                Some("multipart/form-data") => {
                    let broken = || GraphError::parameter("The multipart body cannot be read.");
                    let (form, found) = form_and_files(request).ok_or_else(broken)?;
                    insert_all(&mut body, form)?;
                    files = found;
                }
                _ => raw = Some(request.body.clone()),
            }
        }
        Ok(Self { query, body, files, raw, is_json })
    }

    /// The file in this field of a multipart body.
    pub(crate) fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }

    /// Whether the body was JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// The token, if it travels in the query.
    pub(crate) fn query_token(&self) -> Option<&str> {
        self.query.filled("access_token")
    }

    /// A parameter of the body, else of the query.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        match self.body.get(name) {
            Some(value) => Some(value.clone()),
            None => self.query.get(name).map(|text| Value::String(text.to_owned())),
        }
    }

    /// Text; a number counts as its digits.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, GraphError> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(GraphError::parameter(format!("Param {name} must be a string."))),
        }
    }

    /// Text that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, GraphError> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| GraphError::parameter(format!("The parameter {name} is required.")))
    }

    /// A boolean: JSON's, or the words and digits Meta takes for one.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, GraphError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(Value::String(text)) if matches!(text.as_str(), "true" | "1") => Ok(Some(true)),
            Some(Value::String(text)) if matches!(text.as_str(), "false" | "0") => Ok(Some(false)),
            Some(_) => Err(GraphError::parameter(format!("Param {name} must be a boolean."))),
        }
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, GraphError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(GraphError::parameter(format!("Param {name} must be an integer."))),
        }
    }

    /// A list: a JSON array, JSON text of one, or text separated by commas.
    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<String>>, GraphError> {
        let wrong = || GraphError::parameter(format!("Param {name} must be an array of strings."));
        let entries = match self.value(name) {
            None => return Ok(None),
            Some(Value::Array(entries)) => entries,
            Some(Value::String(text)) if text.starts_with('[') => match serde_json::from_str(&text) {
                Ok(Value::Array(entries)) => entries,
                _ => return Err(wrong()),
            },
            Some(Value::String(text)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                return Ok(Some(parts.map(str::to_owned).collect()));
            }
            Some(_) => return Err(wrong()),
        };
        entries
            .into_iter()
            .map(|entry| entry.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// JSON, or text of it (nested values travel JSON-encoded in a form).
    pub(crate) fn structure(&self, name: &str) -> Result<Option<Value>, GraphError> {
        match self.value(name) {
            Some(Value::String(text)) => match serde_json::from_str(&text) {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(GraphError::parameter(format!("Param {name} must be valid JSON."))),
            },
            other => Ok(other),
        }
    }

    /// Refuses a write that carries a parameter the edge does not know.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), GraphError> {
        self.only_with_files(known, &[])
    }

    /// The same for an edge that takes files, or a body of bytes as the field `body`.
    pub(crate) fn only_with_files(&self, known: &[&str], files: &[&str]) -> Result<(), GraphError> {
        let bodies =
            self.files.iter().map(|file| file.field.as_str()).chain(self.raw.as_ref().map(|_| "body"));
        if let Some(name) = bodies.into_iter().find(|name| !files.contains(name)) {
            return Err(GraphError::parameter(format!("This edge takes no file or bytes: {name}")));
        }
        let names =
            self.body.keys().map(String::as_str).chain(self.query.0.iter().map(|(name, _)| name.as_str()));
        for name in names {
            if !COMMON.contains(&name) && !known.contains(&name) {
                return Err(GraphError::parameter(format!("Unknown parameter: {name}")));
            }
        }
        Ok(())
    }
}

fn insert_all(body: &mut Map<String, Value>, form: Form) -> Result<(), GraphError> {
    for (name, value) in form.0 {
        if body.insert(name.clone(), Value::String(value)).is_some() {
            return Err(GraphError::parameter(format!("The parameter {name} was sent twice.")));
        }
    }
    Ok(())
}
