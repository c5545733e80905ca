//! Messages made from an approved template.

use serde::Serialize;
use serde_json::{Value, json};

/// A message made from an approved template of the Page (Messenger Platform: Send a utility message). It may be sent
/// outside of the window of 24 hours and must not advertise. Needs `pages_utility_messaging`; Meta's guide to utility
/// messages writes `page_utility_messaging`, which the login dialog refuses as an invalid scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UtilityMessage {
    name: String,
    language: Language,
    components: Vec<Filled>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Language {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Filled {
    #[serde(rename = "type")]
    part: &'static str,
    parameters: Vec<Value>,
}

impl UtilityMessage {
    /// From the template of this name and language, such as `en`.
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self { name: name.into(), language: Language { code: language.into() }, components: Vec::new() }
    }

    fn with(mut self, part: &'static str, parameters: Vec<Value>) -> Self {
        self.components.push(Filled { part, parameters });
        self
    }

    /// Fills the placeholders of the header, in their order.
    pub fn header(self, parameters: impl IntoIterator<Item = UtilityParameter>) -> Self {
        self.with("header", parameters.into_iter().map(|parameter| parameter.0).collect())
    }

    /// Fills the placeholders of the text, in their order.
    pub fn body(self, parameters: impl IntoIterator<Item = UtilityParameter>) -> Self {
        self.with("body", parameters.into_iter().map(|parameter| parameter.0).collect())
    }

    /// Fills the placeholders of the buttons, one parameter for each button.
    pub fn buttons(self, parameters: impl IntoIterator<Item = UtilityParameter>) -> Self {
        self.with("buttons", parameters.into_iter().map(|parameter| parameter.0).collect())
    }
}

/// What stands in for a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UtilityParameter(Value);

impl UtilityParameter {
    /// A text, for templates that number their placeholders.
    pub fn text(text: impl Into<String>) -> Self {
        Self(json!({ "type": "text", "text": text.into() }))
    }

    /// A text, for templates that name their placeholders.
    pub fn named(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(json!({ "type": "text", "parameter_name": name.into(), "text": text.into() }))
    }

    /// The payload of a button.
    pub fn payload(payload: impl Into<String>) -> Self {
        Self(json!({ "type": "POSTBACK", "payload": payload.into() }))
    }

    /// The end of a button's address.
    pub fn url_end(end: impl Into<String>) -> Self {
        Self(json!({ "type": "URL", "url": end.into() }))
    }
}

impl<T: Into<String>> From<T> for UtilityParameter {
    fn from(text: T) -> Self {
        Self::text(text)
    }
}
