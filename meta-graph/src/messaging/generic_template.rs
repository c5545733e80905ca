//! Templates of elements and of buttons.

use serde::Serialize;
use sociogram_api_core::open_enum;

use super::button::{self, Button};
use super::rules_applied::Checks;
use crate::guard::rules;

open_enum! {
    /// The shape of an element's image.
    pub enum ImageRatio {
        /// 1.91 to 1.
        Horizontal = "horizontal",
        /// 1 to 1.
        Square = "square",
    }
}

/// Up to 10 elements side by side (Messenger Platform: Generic Template). On Messenger and Instagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GenericTemplate {
    elements: Vec<Element>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_aspect_ratio: Option<ImageRatio>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sharable: Option<bool>,
}

impl GenericTemplate {
    /// With 1 to 10 elements.
    pub fn new(elements: impl IntoIterator<Item = Element>) -> Self {
        Self { elements: elements.into_iter().collect(), image_aspect_ratio: None, sharable: None }
    }

    /// The shape of the images, horizontal unless set.
    pub fn image_ratio(mut self, ratio: ImageRatio) -> Self {
        self.image_aspect_ratio = Some(ratio);
        self
    }

    /// Whether the person may pass it on.
    pub fn sharable(mut self, sharable: bool) -> Self {
        self.sharable = Some(sharable);
        self
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        checks.count(rules::M4, &format!("{field}.elements"), self.elements.len(), 1, rules::M4_MAX_ELEMENTS);
        for (index, element) in self.elements.iter().enumerate() {
            element.check(checks, &format!("{field}.elements[{index}]"));
        }
    }
}

/// One element of a [`GenericTemplate`]: a title and at least one thing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_action: Option<Button>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button>,
}

impl Element {
    /// With a title of at most 80 characters.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: None,
            image_url: None,
            default_action: None,
            buttons: Vec::new(),
        }
    }

    /// A second line, at most 80 characters.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = Some(subtitle.into());
        self
    }

    /// An image that Meta can fetch.
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_url = Some(url.into());
        self
    }

    /// The page that a tap on the element opens.
    pub fn opens(mut self, url: impl Into<String>) -> Self {
        self.default_action = Some(Button::tap(url));
        self
    }

    /// Up to 3 buttons.
    pub fn buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.buttons.extend(buttons);
        self
    }

    fn check(&self, checks: &mut Checks, field: &str) {
        checks.text(rules::M4_TITLE, &format!("{field}.title"), &self.title, rules::M4_MAX_TITLE_CHARS);
        let subtitle = self.subtitle.as_deref().unwrap_or_default();
        let subtitle_field = format!("{field}.subtitle");
        checks.longest(rules::M4_SUBTITLE, &subtitle_field, subtitle, rules::M4_MAX_SUBTITLE_CHARS);
        let buttons_field = format!("{field}.buttons");
        checks.count(rules::M4_BUTTONS, &buttons_field, self.buttons.len(), 0, rules::M4_MAX_BUTTONS);
        button::check_all(&self.buttons, checks, field);
    }
}

/// A text with 1 to 3 buttons (Messenger Platform: Button Template). On Messenger and Instagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ButtonTemplate {
    text: String,
    buttons: Vec<Button>,
}

impl ButtonTemplate {
    /// With a text of at most 640 characters.
    pub fn new(text: impl Into<String>, buttons: impl IntoIterator<Item = Button>) -> Self {
        Self { text: text.into(), buttons: buttons.into_iter().collect() }
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        checks.text(rules::M5, &format!("{field}.text"), &self.text, rules::M5_MAX_CHARS);
        let buttons_field = format!("{field}.buttons");
        checks.count(rules::M5_BUTTONS, &buttons_field, self.buttons.len(), 1, rules::M5_MAX_BUTTONS);
        button::check_all(&self.buttons, checks, field);
    }
}
