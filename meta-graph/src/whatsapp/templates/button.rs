//! Making buttons.

use serde_json::json;

use super::component::{ButtonKind, ButtonSpec, OtpType, SupportedApp};
use crate::whatsapp::FlowId;

impl ButtonSpec {
    /// Nothing but its kind.
    pub const fn new(kind: ButtonKind) -> Self {
        Self {
            kind,
            text: None,
            url: None,
            phone_number: None,
            example: None,
            otp_type: None,
            autofill_text: None,
            zero_tap_terms_accepted: None,
            supported_apps: Vec::new(),
            flow_id: None,
            flow_name: None,
            flow_action: None,
            navigate_screen: None,
        }
    }

    /// A button with a text, 1 to 25 characters.
    pub fn labelled(kind: ButtonKind, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::new(kind) }
    }

    /// Replies with its text.
    pub fn quick_reply(text: impl Into<String>) -> Self {
        Self::labelled(ButtonKind::QuickReply, text)
    }

    /// Opens a web address, at most 2,000 characters.
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::labelled(ButtonKind::Url, text) }
    }

    /// Opens a web address that ends with `{{1}}`; the example is a whole address.
    pub fn url_with_variable(
        text: impl Into<String>,
        url: impl Into<String>,
        example: impl Into<String>,
    ) -> Self {
        Self { example: Some(json!([example.into()])), ..Self::url(text, url) }
    }

    /// Calls a phone number, at most 20 characters.
    pub fn phone_number(text: impl Into<String>, number: impl Into<String>) -> Self {
        Self { phone_number: Some(number.into()), ..Self::labelled(ButtonKind::PhoneNumber, text) }
    }

    /// Copies a coupon code; the example has at most 15 characters.
    pub fn copy_code(example: impl Into<String>) -> Self {
        Self { example: Some(json!(example.into())), ..Self::new(ButtonKind::CopyCode) }
    }

    /// Opens the first screen of a flow.
    pub fn flow(text: impl Into<String>, flow: FlowId) -> Self {
        Self { flow_id: Some(flow), ..Self::labelled(ButtonKind::Flow, text) }
    }

    /// Copies a one-time password.
    pub fn otp_copy_code() -> Self {
        Self { otp_type: Some(OtpType::CopyCode), ..Self::new(ButtonKind::Otp) }
    }

    /// Fills a one-time password into one of these apps with one tap.
    pub fn otp_one_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let supported_apps = apps.into_iter().collect();
        Self { otp_type: Some(OtpType::OneTap), supported_apps, ..Self::new(ButtonKind::Otp) }
    }

    /// Fills a one-time password into one of these apps without a tap; this accepts Meta's terms for it.
    pub fn otp_zero_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let terms = Some(true);
        Self { otp_type: Some(OtpType::ZeroTap), zero_tap_terms_accepted: terms, ..Self::otp_one_tap(apps) }
    }
}
