//! Buttons of templates and menus.

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, open_enum};

use super::Platform;
use super::rules_applied::Checks;
use crate::guard::rules;
use crate::lenient;

open_enum! {
    /// What a button does.
    pub enum ButtonKind {
        /// Opens a web page.
        WebUrl = "web_url",
        /// Sends a payload to the webhook.
        Postback = "postback",
        /// Calls a number.
        PhoneNumber = "phone_number",
        /// Begins to link an account.
        AccountLink = "account_link",
        /// Ends the link of an account.
        AccountUnlink = "account_unlink",
        /// Opens an instant game.
        GamePlay = "game_play",
    }
}

open_enum! {
    /// How high a web page opens over the conversation.
    pub enum WebviewHeight {
        /// Half of the screen.
        Compact = "compact",
        /// Three quarters.
        Tall = "tall",
        /// All of it.
        Full = "full",
    }
}

/// A button (Messenger Platform: Buttons). Its title has at most 20 characters. Instagram has links and postbacks only.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: ButtonKind,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// The address it opens.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
    /// What the webhook gets, at most 1000 characters; a phone number for a call.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub payload: Option<String>,
    /// How high the page opens.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub webview_height_ratio: Option<WebviewHeight>,
    /// Whether the page uses the extensions of Messenger.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::yes_or_no")]
    pub messenger_extensions: Option<bool>,
    /// The page for those whose Messenger has no extensions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub fallback_url: Option<String>,
}

impl Button {
    const fn of(kind: ButtonKind) -> Self {
        Self {
            kind,
            title: None,
            url: None,
            payload: None,
            webview_height_ratio: None,
            messenger_extensions: None,
            fallback_url: None,
        }
    }

    /// Opens a web page.
    pub fn link(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { title: Some(title.into()), url: Some(url.into()), ..Self::of(ButtonKind::WebUrl) }
    }

    /// A link without a text: what a tap on an element does.
    pub fn tap(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::of(ButtonKind::WebUrl) }
    }

    /// Sends a payload to the webhook, at most 1000 characters.
    pub fn postback(title: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { title: Some(title.into()), payload: Some(payload.into()), ..Self::of(ButtonKind::Postback) }
    }

    /// Calls a number, with `+` and the country.
    pub fn call(title: impl Into<String>, number: impl Into<String>) -> Self {
        Self { title: Some(title.into()), payload: Some(number.into()), ..Self::of(ButtonKind::PhoneNumber) }
    }

    /// Begins to link the person's account at the product, at this address.
    pub fn log_in(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::of(ButtonKind::AccountLink) }
    }

    /// Ends the link of the person's account.
    pub const fn log_out() -> Self {
        Self::of(ButtonKind::AccountUnlink)
    }

    /// Opens the instant game of the app.
    pub fn play(title: impl Into<String>, payload: impl Into<String>) -> Self {
        Self { title: Some(title.into()), payload: Some(payload.into()), ..Self::of(ButtonKind::GamePlay) }
    }

    /// How high the page of a link opens.
    pub fn webview(mut self, height: WebviewHeight) -> Self {
        self.webview_height_ratio = Some(height);
        self
    }

    /// Has the page of a link use the extensions of Messenger; `fallback` opens where there are none.
    pub fn extensions(mut self, fallback: impl Into<String>) -> Self {
        self.messenger_extensions = Some(true);
        self.fallback_url = Some(fallback.into());
        self
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        let titled = matches!(
            self.kind,
            ButtonKind::WebUrl | ButtonKind::Postback | ButtonKind::PhoneNumber | ButtonKind::GamePlay
        );
        if titled {
            let title = self.title.as_deref().unwrap_or_default();
            checks.text(rules::M5_TITLE, &format!("{field}.title"), title, rules::M5_MAX_TITLE_CHARS);
        }
        let payload = self.payload.as_deref().unwrap_or_default().chars().count();
        if payload > rules::M3_MAX_PAYLOAD_CHARS {
            checks.add(
                Finding::error(
                    "messenger.buttons.payload",
                    format!("{field}.payload"),
                    "the payload is too long",
                )
                .measured(format_args!("{payload} characters"))
                .allowed(format_args!("{} characters", rules::M3_MAX_PAYLOAD_CHARS))
                .advice("keep the data and send a key to it"),
            );
        }
        if !matches!(self.kind, ButtonKind::WebUrl | ButtonKind::Postback | ButtonKind::Unknown(_)) {
            checks.only_on(&Platform::Messenger, field, "Instagram has links and postbacks only");
        }
    }
}

pub(super) fn check_all(buttons: &[Button], checks: &mut Checks, field: &str) {
    for (index, button) in buttons.iter().enumerate() {
        button.check(checks, &format!("{field}.buttons[{index}]"));
    }
}
