//! The parts of a utility template.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A part of a utility template. Placeholders stand in double braces, such as `{{1}}` or `{{order_id}}`; each needs an
/// example for the review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtilityComponent(Map<String, Value>);

impl UtilityComponent {
    fn of(kind: &str) -> Self {
        let mut map = Map::new();
        map.insert("type".to_owned(), json!(kind));
        Self(map)
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn with_example(self, name: &str, value: &Value, wanted: bool) -> Self {
        if wanted { self.with("example", json!({ name: value })) } else { self }
    }

    /// A header of text, with an example for each numbered placeholder.
    pub fn header<T: Into<String>>(text: impl Into<String>, examples: impl IntoIterator<Item = T>) -> Self {
        let examples: Vec<String> = examples.into_iter().map(Into::into).collect();
        let wanted = !examples.is_empty();
        let header = Self::of("HEADER").with("format", json!("TEXT")).with("text", json!(text.into()));
        header.with_example("header_text", &json!(examples), wanted)
    }

    /// A header with an image, by the handle of a resumable upload.
    pub fn image_header(handle: impl Into<String>) -> Self {
        let header = Self::of("HEADER").with("format", json!("IMAGE"));
        header.with_example("header_handle", &json!([handle.into()]), true)
    }

    /// The text, with an example for each numbered placeholder.
    pub fn body<T: Into<String>>(text: impl Into<String>, examples: impl IntoIterator<Item = T>) -> Self {
        let examples: Vec<String> = examples.into_iter().map(Into::into).collect();
        let wanted = !examples.is_empty();
        Self::of("BODY").with("text", json!(text.into())).with_example(
            "body_text",
            &json!([examples]),
            wanted,
        )
    }

    /// The text, with an example for each named placeholder.
    pub fn named_body<N: Into<String>, T: Into<String>>(
        text: impl Into<String>,
        examples: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let example = |(name, text): (N, T)| json!({ "param_name": name.into(), "example": text.into() });
        let examples: Vec<Value> = examples.into_iter().map(example).collect();
        let wanted = !examples.is_empty();
        let body = Self::of("BODY").with("text", json!(text.into()));
        body.with_example("body_text_named_params", &json!(examples), wanted)
    }

    /// Up to 3 buttons.
    pub fn buttons(buttons: impl IntoIterator<Item = TemplateButton>) -> Self {
        let buttons: Vec<Value> = buttons.into_iter().map(|button| button.0).collect();
        Self::of("BUTTONS").with("buttons", Value::Array(buttons))
    }

    /// What kind of part it is, such as `BODY`.
    pub fn kind(&self) -> Option<&str> {
        self.0.get("type")?.as_str()
    }

    /// Its text, if it has one.
    pub fn text(&self) -> Option<&str> {
        self.0.get("text")?.as_str()
    }

    /// Everything in it, as Meta writes it.
    pub const fn raw(&self) -> &Map<String, Value> {
        &self.0
    }

    pub(super) fn button_count(&self) -> usize {
        self.0.get("buttons").and_then(Value::as_array).map_or(0, Vec::len)
    }
}

/// A button of a utility template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateButton(Value);

impl TemplateButton {
    /// Sends a payload to the webhook; it may end with a numbered placeholder.
    pub fn postback(text: impl Into<String>, payload: impl Into<String>) -> Self {
        Self(json!({ "type": "POSTBACK", "text": text.into(), "payload": payload.into() }))
    }

    /// Opens a web page.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self(json!({ "type": "URL", "text": text.into(), "url": url.into() }))
    }

    /// Opens a web page whose address ends with `{{1}}`; the example is a whole address.
    pub fn open_link(text: impl Into<String>, url: impl Into<String>, example: impl Into<String>) -> Self {
        let example = json!({ "url_suffix_example": example.into() });
        Self(json!({ "type": "URL", "text": text.into(), "url": url.into(), "example": example }))
    }
}

/// What fills a button of a template from Meta's library.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct LibraryButtonInput(Value);

impl LibraryButtonInput {
    /// A link, by the address that it begins with.
    pub fn link(text: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self(json!({ "type": "URL", "text": text.into(), "url": { "base_url": base_url.into() } }))
    }
}

/// What replaces the text of a template from Meta's library.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct LibraryBodyInput(Value);

impl LibraryBodyInput {
    /// The text, with the placeholders of the template.
    pub fn text(text: impl Into<String>) -> Self {
        Self(json!({ "type": "body", "text": text.into() }))
    }
}
