//! The messenger profile of a Page.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::Platform;
use super::profile_parts::{Commands, GetStarted, Greeting, IceBreakers, PersistentMenu, ProfileField};
use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PageId;
use crate::lenient;

const MAX_ICE_BREAKERS: usize = 4;
const MAX_MENU_ITEMS: usize = 3;
const MAX_DOMAINS: usize = 50;
const MAX_GREETING_CHARS: usize = 160;

endpoint! {
    /// Sets parts of what conversations show around messages: `POST /{page_id}/messenger_profile` (Messenger Platform:
    /// Messenger Profile API). Each part replaces what was there; parts that are left out stay.
    ///
    /// Needs the Page's token and `pages_messaging`, for Instagram `instagram_manage_messages`. Instagram has ice
    /// breakers and the menu only. Changes show after some minutes.
    pub struct SetMessengerProfile -> ();
    "messenger.profile.update": POST "/{page_id}/messenger_profile", Safe, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId }
    with {
        /// The platform; Messenger unless set.
        platform: Platform,
        /// The button that begins a conversation. The menu needs it.
        get_started: GetStarted,
        /// The text before a conversation, per language.
        greeting: Vec<Greeting>,
        /// Questions to tap, at most 4 per language.
        ice_breakers: Vec<IceBreakers>,
        /// The menu, at most 3 items per language.
        persistent_menu: Vec<PersistentMenu>,
        /// Commands to type, per language.
        commands: Vec<Commands>,
        /// The web sites that may use the extensions of Messenger, at most 50, each with `https://`.
        whitelisted_domains: Vec<String>,
        /// The page that links accounts.
        account_linking_url: String,
    }
    subject page_id;
    checked by check;
    decode done;
}

impl SetMessengerProfile {
    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut most = |field: String, count: usize, max: usize| {
            if count > max {
                findings.push(
                    Finding::error("messenger.profile.count", field, "there are too many entries")
                        .measured(count)
                        .allowed(format_args!("at most {max}"))
                        .advice("leave some out"),
                );
            }
        };
        for (index, breakers) in self.ice_breakers.iter().flatten().enumerate() {
            let field = format!("ice_breakers[{index}].call_to_actions");
            most(field, breakers.call_to_actions.len(), MAX_ICE_BREAKERS);
        }
        for (index, menu) in self.persistent_menu.iter().flatten().enumerate() {
            let field = format!("persistent_menu[{index}].call_to_actions");
            most(field, menu.call_to_actions.len(), MAX_MENU_ITEMS);
        }
        let domains = self.whitelisted_domains.as_ref().map_or(0, Vec::len);
        most("whitelisted_domains".to_owned(), domains, MAX_DOMAINS);
        for (index, greeting) in self.greeting.iter().flatten().enumerate() {
            let chars = greeting.text.chars().count();
            if chars > MAX_GREETING_CHARS {
                findings.push(
                    Finding::warning(
                        "messenger.profile.greeting",
                        format!("greeting[{index}].text"),
                        "the text is too long",
                    )
                    .measured(format_args!("{chars} characters"))
                    .allowed(format_args!("{MAX_GREETING_CHARS} characters"))
                    .advice("shorten it"),
                );
            }
        }
        if self.platform == Some(Platform::Instagram) {
            for (name, set) in [
                ("get_started", self.get_started.is_some()),
                ("greeting", self.greeting.is_some()),
                ("commands", self.commands.is_some()),
                ("whitelisted_domains", self.whitelisted_domains.is_some()),
                ("account_linking_url", self.account_linking_url.is_some()),
            ] {
                if set {
                    findings.push(
                        Finding::error(
                            "messaging.platform",
                            name,
                            "Instagram has ice breakers and the menu only",
                        )
                        .advice("leave it out on this platform"),
                    );
                }
            }
        }
        findings
    }
}

endpoint! {
    /// Removes parts of the profile: `DELETE /{page_id}/messenger_profile` (Messenger Platform: Messenger Profile API).
    /// Permissions as for [`SetMessengerProfile`]. The start button cannot go before the menu.
    pub struct DeleteMessengerProfile -> ();
    "messenger.profile.delete": DELETE "/{page_id}/messenger_profile", Safe, [scope::PAGES_MESSAGING];
    new { page_id: PageId, parts as "fields": Vec<ProfileField> }
    with {
        /// The platform; Messenger unless set.
        platform: Platform,
    }
    subject page_id;
    decode done;
}

/// `{"result":"success"}`, or what all others answer.
fn done(response: &RawResponse) -> Result<(), DecodeError> {
    let answer: Value = response.json()?;
    let said = answer.get("result").and_then(Value::as_str) == Some("success");
    if said { Ok(()) } else { acknowledged::read(response) }
}

/// What conversations show around messages: `GET /{page_id}/messenger_profile` (Messenger Platform: Messenger Profile
/// API). Permissions as for [`SetMessengerProfile`].
#[derive(Clone, Debug)]
pub struct GetMessengerProfile {
    page: PageId,
    platform: Option<Platform>,
}

impl GetMessengerProfile {
    /// Of this Page, on Messenger.
    pub const fn new(page: PageId) -> Self {
        Self { page, platform: None }
    }

    /// On this platform.
    pub fn platform(mut self, platform: Platform) -> Self {
        self.platform = Some(platform);
        self
    }
}

impl Endpoint for GetMessengerProfile {
    type Output = MessengerProfile;

    const NAME: &'static str = "messenger.profile.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{page_id}/messenger_profile";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page);
        let mut fields = "get_started,greeting,ice_breakers,persistent_menu,commands,whitelisted_domains,account_linking_url";
        if let Some(platform) = &self.platform {
            parts.query("platform", platform.as_str());
            if *platform == Platform::Instagram {
                fields = "ice_breakers,persistent_menu";
            }
        }
        parts.query("fields", fields);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<MessengerProfile, DecodeError> {
        let answer: Profiles = response.json()?;
        Ok(answer.data.into_iter().next().unwrap_or_default())
    }
}

#[derive(Deserialize)]
struct Profiles {
    #[serde(deserialize_with = "lenient::edge")]
    data: Vec<MessengerProfile>,
}

/// What conversations show around messages. What was never set is missing.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MessengerProfile {
    /// What the start button sends.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub get_started: Option<GetStarted>,
    /// The text before a conversation, per language.
    #[serde(default, deserialize_with = "lenient::list")]
    pub greeting: Vec<Greeting>,
    /// Questions to tap, per language.
    #[serde(default, deserialize_with = "lenient::list")]
    pub ice_breakers: Vec<IceBreakers>,
    /// The menu, per language.
    #[serde(default, deserialize_with = "lenient::list")]
    pub persistent_menu: Vec<PersistentMenu>,
    /// Commands, per language.
    #[serde(default, deserialize_with = "lenient::list")]
    pub commands: Vec<Commands>,
    /// The web sites that may use the extensions of Messenger.
    #[serde(default, deserialize_with = "lenient::list")]
    pub whitelisted_domains: Vec<String>,
    /// The page that links accounts.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub account_linking_url: Option<String>,
}
