//! The parts of a template, as they are read and as they are created.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::open_enum;

use crate::lenient;

/// A part of a template. The same form is read and written.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateComponent {
    /// Which part.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
    /// What the header holds.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub format: Option<HeaderFormat>,
    /// The text, with its variables in braces: `{{1}}` or `{{name}}`.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Examples for the review.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub example: Option<TemplateExample>,
    /// The buttons.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ButtonSpec>,
    /// The cards of a carousel.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<CardSpec>,
    /// The offer.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub limited_time_offer: Option<OfferSpec>,
    /// Adds a line of advice to a one-time password's body.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub add_security_recommendation: Option<bool>,
    /// For how many minutes a one-time password is good: 1 to 90. Stands in the footer.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub code_expiration_minutes: Option<u32>,
}

open_enum! {
    /// A part of a template.
    pub enum ComponentKind {
        /// What stands above.
        Header = "HEADER",
        /// The text.
        Body = "BODY",
        /// What stands below.
        Footer = "FOOTER",
        /// The buttons.
        Buttons = "BUTTONS",
        /// Cards side by side.
        Carousel = "CAROUSEL",
        /// An offer that ends.
        LimitedTimeOffer = "LIMITED_TIME_OFFER",
    }
}

open_enum! {
    /// What a header holds.
    pub enum HeaderFormat {
        /// Text, with one variable at most.
        Text = "TEXT",
        /// An image.
        Image = "IMAGE",
        /// A video.
        Video = "VIDEO",
        /// A moving image.
        Gif = "GIF",
        /// A file.
        Document = "DOCUMENT",
        /// A place.
        Location = "LOCATION",
        /// A product.
        Product = "PRODUCT",
    }
}

impl TemplateComponent {
    /// Nothing but its kind.
    pub const fn new(kind: ComponentKind) -> Self {
        Self {
            kind,
            format: None,
            text: None,
            example: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            limited_time_offer: None,
            add_security_recommendation: None,
            code_expiration_minutes: None,
        }
    }

    /// A header of text: at most 60 characters and one variable.
    pub fn header_text(text: impl Into<String>) -> Self {
        Self { format: Some(HeaderFormat::Text), ..Self::new(ComponentKind::Header).text(text) }
    }

    /// A header of media, with the handle of an example that was uploaded with the Resumable Upload API.
    pub fn header_media(format: HeaderFormat, example_handle: impl Into<String>) -> Self {
        let header_handle = ExampleHandles(vec![example_handle.into()]);
        let example = TemplateExample { header_handle, ..TemplateExample::default() };
        Self { format: Some(format), example: Some(example), ..Self::new(ComponentKind::Header) }
    }

    /// A header that shows a place.
    pub fn header_location() -> Self {
        Self { format: Some(HeaderFormat::Location), ..Self::new(ComponentKind::Header) }
    }

    /// The body: 1 to 1,024 characters, no variable at either end.
    pub fn body(text: impl Into<String>) -> Self {
        Self::new(ComponentKind::Body).text(text)
    }

    /// The body of a one-time password; Meta writes it.
    pub const fn authentication_body(add_security_recommendation: bool) -> Self {
        let mut body = Self::new(ComponentKind::Body);
        body.add_security_recommendation = Some(add_security_recommendation);
        body
    }

    /// The footer, at most 60 characters.
    pub fn footer(text: impl Into<String>) -> Self {
        Self::new(ComponentKind::Footer).text(text)
    }

    /// The buttons, at most 10.
    pub fn buttons(buttons: impl IntoIterator<Item = ButtonSpec>) -> Self {
        Self { buttons: buttons.into_iter().collect(), ..Self::new(ComponentKind::Buttons) }
    }

    /// A carousel, at most 10 cards with the same parts.
    pub fn carousel(cards: impl IntoIterator<Item = CardSpec>) -> Self {
        Self { cards: cards.into_iter().collect(), ..Self::new(ComponentKind::Carousel) }
    }

    /// An offer that ends. The text has at most 16 characters.
    pub fn limited_time_offer(text: impl Into<String>, has_expiration: bool) -> Self {
        let offer = OfferSpec { text: Some(text.into()), has_expiration: Some(has_expiration) };
        Self { limited_time_offer: Some(offer), ..Self::new(ComponentKind::LimitedTimeOffer) }
    }

    fn text(self, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    /// One example for each variable of the body, in order.
    pub fn body_examples<T: Into<String>>(mut self, examples: impl IntoIterator<Item = T>) -> Self {
        let row = examples.into_iter().map(Into::into).collect();
        self.example.get_or_insert_default().body_text = vec![row];
        self
    }

    /// The example for the variable of the header.
    pub fn header_example(mut self, example: impl Into<String>) -> Self {
        self.example.get_or_insert_default().header_text = vec![example.into()];
        self
    }

    /// An example for a named variable of the body.
    pub fn named_example(mut self, name: impl Into<String>, example: impl Into<String>) -> Self {
        let named = NamedExample { param_name: name.into(), example: example.into() };
        self.example.get_or_insert_default().body_text_named_params.push(named);
        self
    }
}

/// Examples for the review of a template.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateExample {
    /// For the variable of the header.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub header_text: Vec<String>,
    /// For the media of the header.
    #[serde(default, deserialize_with = "lenient_handles", skip_serializing_if = "ExampleHandles::is_empty")]
    pub header_handle: ExampleHandles,
    /// For the variables of the body: rows of one example each.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub body_text: Vec<Vec<String>>,
    /// For the named variable of the header.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub header_text_named_params: Vec<NamedExample>,
    /// For the named variables of the body.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub body_text_named_params: Vec<NamedExample>,
}

fn lenient_handles<'de, D: serde::Deserializer<'de>>(from: D) -> Result<ExampleHandles, D::Error> {
    lenient::list(from).map(ExampleHandles)
}

/// An example for a named variable.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedExample {
    /// The variable's name.
    pub param_name: String,
    /// The example.
    pub example: String,
}

/// The examples of a media header: handles when it is created, links of Meta's own servers when it is read.
///
/// **They are for the review only and cannot be sent**: WhatsApp accepts a message with such a link and then
/// fails to fetch it (131053). So there is no way from here to a [`MediaSource`](crate::whatsapp::MediaSource);
/// upload the file for the message.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ExampleHandles(Vec<String>);

impl ExampleHandles {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The links, to show the example to a person.
    pub fn preview_urls(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Debug for ExampleHandles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExampleHandles({})", self.0.len())
    }
}

/// The text of an offer.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferSpec {
    /// The text, at most 16 characters.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether the end is shown; then each message says when it is.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub has_expiration: Option<bool>,
}

/// A card of a carousel.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardSpec {
    /// Its parts.
    #[serde(default, deserialize_with = "lenient::list")]
    pub components: Vec<TemplateComponent>,
}

impl CardSpec {
    /// From its parts: a header of media, a body of at most 160 characters, buttons.
    pub fn new(components: impl IntoIterator<Item = TemplateComponent>) -> Self {
        Self { components: components.into_iter().collect() }
    }
}

open_enum! {
    /// A kind of button.
    pub enum ButtonKind {
        /// Replies.
        QuickReply = "QUICK_REPLY",
        /// Opens a web address.
        Url = "URL",
        /// Calls a phone number.
        PhoneNumber = "PHONE_NUMBER",
        /// Copies a coupon code.
        CopyCode = "COPY_CODE",
        /// Copies or fills in a one-time password.
        Otp = "OTP",
        /// Opens a flow.
        Flow = "FLOW",
        /// Opens the catalog.
        Catalog = "CATALOG",
        /// Opens several products.
        Mpm = "MPM",
        /// Opens one product.
        Spm = "SPM",
        /// Calls the business on WhatsApp.
        VoiceCall = "VOICE_CALL",
        /// Asks whether the business may call.
        CallPermissionRequest = "CALL_PERMISSION_REQUEST",
        /// Shows an order to pay.
        OrderDetails = "ORDER_DETAILS",
    }
}

open_enum! {
    /// How a one-time password gets into an app.
    pub enum OtpType {
        /// It is copied.
        CopyCode = "COPY_CODE",
        /// One tap fills it in; Android.
        OneTap = "ONE_TAP",
        /// It fills itself in; Android.
        ZeroTap = "ZERO_TAP",
    }
}

/// A button of a template.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ButtonSpec {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ButtonKind,
    /// Its text, 1 to 25 characters.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The address, at most 2,000 characters; it may end with one variable.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The phone number, at most 20 characters.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// An example: a list with one address, or a coupon code of at most 15 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// How a one-time password gets into the app.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub otp_type: Option<OtpType>,
    /// The text of the button that fills the password in.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub autofill_text: Option<String>,
    /// Whether the terms of passwords that fill themselves in are accepted.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub zero_tap_terms_accepted: Option<bool>,
    /// The apps that get the password.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub supported_apps: Vec<SupportedApp>,
    /// The flow, by id.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<super::super::FlowId>,
    /// The flow, by name.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub flow_name: Option<String>,
    /// How the flow begins: `navigate` or `data_exchange`.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub flow_action: Option<String>,
    /// The flow's first screen.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub navigate_screen: Option<String>,
}

/// An Android app that gets one-time passwords.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportedApp {
    /// The package's name.
    pub package_name: String,
    /// The hash of the signature.
    pub signature_hash: String,
}

impl SupportedApp {
    /// From the package's name and the hash of its signature.
    pub fn new(package_name: impl Into<String>, signature_hash: impl Into<String>) -> Self {
        Self { package_name: package_name.into(), signature_hash: signature_hash.into() }
    }
}
