//! In what the two sites differ.

use serde_json::{Map, Value, json};

use crate::{config::SandboxConfig, request::PlatformName, token::Kind, world::World};

/// Permissions of Instagram Login; the first is the base of all others.
const INSTAGRAM: [&str; 5] = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
    "instagram_business_manage_messages",
];

/// Permissions of Threads; the first is the base of all others.
const THREADS: [&str; 12] = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_manage_mentions",
    "threads_keyword_search",
    "threads_profile_discovery",
    "threads_location_tagging",
    "threads_delete",
    "threads_share_to_instagram",
    "threads_business_basic",
];

/// Fields of `/me` at Instagram. Those the sandbox has no value for are accepted and left out.
const INSTAGRAM_FIELDS: [&str; 11] = [
    "id",
    "user_id",
    "username",
    "name",
    "account_type",
    "profile_picture_url",
    "followers_count",
    "follows_count",
    "media_count",
    "biography",
    "website",
];

/// Fields of `/me` at Threads.
const THREADS_FIELDS: [&str; 7] = [
    "id",
    "username",
    "name",
    "threads_profile_picture_url",
    "threads_biography",
    "is_verified",
    "is_eligible_for_geo_gating",
];

/// The only version of the Threads API.
const THREADS_VERSIONS: [&str; 1] = ["v1.0"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Instagram,
    Threads,
}

/// An app, as far as both sites have the same.
pub(super) struct App<'a> {
    pub(super) id: &'a str,
    pub(super) secret: &'a str,
    pub(super) name: &'a str,
}

impl Site {
    pub(super) fn app(self, config: &SandboxConfig) -> App<'_> {
        match self {
            Self::Instagram => {
                let app = &config.instagram;
                App { id: &app.id, secret: &app.secret, name: &app.name }
            }
            Self::Threads => {
                let app = &config.threads;
                App { id: &app.id, secret: &app.secret, name: &app.name }
            }
        }
    }

    pub(super) fn platform(self) -> PlatformName {
        match self {
            Self::Instagram => PlatformName::Instagram,
            Self::Threads => PlatformName::Threads,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Instagram => "Instagram",
            Self::Threads => "Threads",
        }
    }

    /// What can be asked for; the first must be.
    pub(super) fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Instagram => &INSTAGRAM,
            Self::Threads => &THREADS,
        }
    }

    /// The permission every login asks for and nobody can decline.
    pub(super) fn base_permission(self) -> &'static str {
        self.permissions().first().copied().unwrap_or_default()
    }

    pub(super) fn short(self) -> Kind {
        match self {
            Self::Instagram => Kind::InstagramShort,
            Self::Threads => Kind::ThreadsShort,
        }
    }

    pub(super) fn long(self) -> Kind {
        match self {
            Self::Instagram => Kind::InstagramLong,
            Self::Threads => Kind::ThreadsLong,
        }
    }

    /// Grant type of the exchange for a long-lived token.
    pub(super) fn exchange_grant(self) -> &'static str {
        match self {
            Self::Instagram => "ig_exchange_token",
            Self::Threads => "th_exchange_token",
        }
    }

    pub(super) fn refresh_grant(self) -> &'static str {
        match self {
            Self::Instagram => "ig_refresh_token",
            Self::Threads => "th_refresh_token",
        }
    }

    /// `type` of errors that are not about the token.
    pub(super) fn error_kind(self) -> &'static str {
        match self {
            Self::Instagram => "IGApiException",
            Self::Threads => "THApiException",
        }
    }

    /// Whether the API has this version.
    pub(super) fn has_version(self, config: &SandboxConfig, version: &str) -> bool {
        match self {
            Self::Instagram => config.graph_versions.iter().any(|known| known == version),
            Self::Threads => THREADS_VERSIONS.contains(&version),
        }
    }

    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Instagram => &INSTAGRAM_FIELDS,
            Self::Threads => &THREADS_FIELDS,
        }
    }

    /// The handle of a person.
    pub(super) fn username(self, world: &World, person: &str) -> Option<String> {
        self.profile(world, person)?.get("username")?.as_str().map(str::to_owned)
    }

    /// What `/me` knows of a person.
    pub(super) fn profile(self, world: &World, person: &str) -> Option<Map<String, Value>> {
        let profile = match self {
            Self::Instagram => {
                let account = world.instagram.iter().find(|account| account.id == person)?;
                json!({
                    "id": account.id,
                    "user_id": account.user_id,
                    "username": account.username,
                    "name": account.name,
                    "account_type": account.account_type,
                    "followers_count": 0,
                    "follows_count": 0,
                    "media_count": 0,
                })
            }
            Self::Threads => {
                let profile = world.threads.iter().find(|profile| profile.id == person)?;
                json!({
                    "id": profile.id,
                    "username": profile.username,
                    "name": profile.name,
                    "threads_biography": "",
                    "is_verified": false,
                    "is_eligible_for_geo_gating": false,
                })
            }
        };
        match profile {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }
}
