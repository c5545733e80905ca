//! URNs of one kind, so that an organization cannot be passed where a person belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use super::{Urn, UrnError};
use crate::restli::restli_words;

/// The id of a simple URN: a number or an opaque word.
pub(super) fn check_simple(id: &str) -> Result<(), UrnError> {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !id.is_empty() && plain {
        Ok(())
    } else {
        Err(UrnError("its id is not one word of letters, digits, - and _"))
    }
}

fn check(urn: &Urn, namespace: &str, types: &[&str], expected: &'static str) -> Result<(), UrnError> {
    if urn.namespace() != namespace || !types.contains(&urn.entity_type()) {
        return Err(UrnError(expected));
    }
    check_simple(urn.id())
}

macro_rules! typed_urn {
    // One simple type: the id alone is enough.
    ($(#[$meta:meta])* $name:ident: $namespace:literal $entity:literal, $expected:literal) => {
        typed_urn! { $(#[$meta])* $name, $namespace, &[$entity], $expected }

        impl $name {
            /// From the id alone.
            ///
            /// # Errors
            /// When the id is not one word of letters, digits, `-` and `_`.
            pub fn from_id(id: &str) -> Result<Self, UrnError> {
                check_simple(id)?;
                Self::parse(&format!(concat!("urn:", $namespace, ":", $entity, ":{}"), id))
            }
        }
    };
    ($(#[$meta:meta])* $name:ident, $namespace:literal, $types:expr, $expected:literal) => {
        typed_urn! {
            $(#[$meta])* $name, |urn| check(urn, $namespace, $types, concat!("it does not name ", $expected))
        }
    };
    // Any other rule.
    ($(#[$meta:meta])* $name:ident, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Urn", into = "Urn")]
        pub struct $name(pub(super) Urn);

        impl $name {
            /// From the whole URN.
            ///
            /// # Errors
            /// When it is not a URN, names another kind of thing, or its id has another form.
            pub fn parse(text: &str) -> Result<Self, UrnError> {
                Self::try_from(Urn::parse(text)?)
            }

            /// The whole text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The id alone.
            pub fn id(&self) -> &str {
                self.0.id()
            }

            /// As a URN of any kind.
            pub const fn as_urn(&self) -> &Urn {
                &self.0
            }
        }

        impl TryFrom<Urn> for $name {
            type Error = UrnError;

            fn try_from(urn: Urn) -> Result<Self, UrnError> {
                let check: fn(&Urn) -> Result<(), UrnError> = $check;
                check(&urn)?;
                Ok(Self(urn))
            }
        }

        impl From<$name> for Urn {
            fn from(typed: $name) -> Self {
                typed.0
            }
        }

        restli_words!($name);

        impl FromStr for $name {
            type Err = UrnError;

            fn from_str(text: &str) -> Result<Self, UrnError> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    };
}

pub(super) use typed_urn;

typed_urn! {
    /// `urn:li:person:{id}`: a member, as this app sees them. The id is the `sub` of
    /// [`UserInfo`](crate::profile::UserInfo).
    PersonUrn: "li" "person", "a person (urn:li:person:…)"
}

typed_urn! {
    /// `urn:li:organization:{id}`: a company, school or other page.
    OrganizationUrn: "li" "organization", "an organization (urn:li:organization:…)"
}

typed_urn! {
    /// `urn:li:share:{id}` or `urn:li:ugcPost:{id}`: a post. LinkedIn chooses the kind.
    PostUrn, "li", &["share", "ugcPost"], "a post (urn:li:share:… or urn:li:ugcPost:…)"
}

typed_urn! {
    /// `urn:li:activity:{id}`: an entry of the feed, as answers about comments and reactions name a post.
    ActivityUrn: "li" "activity", "an activity (urn:li:activity:…)"
}

typed_urn! {
    /// `urn:li:image:{id}`: an uploaded image.
    ImageUrn: "li" "image", "an image (urn:li:image:…)"
}

typed_urn! {
    /// `urn:li:video:{id}`: an uploaded video.
    VideoUrn: "li" "video", "a video (urn:li:video:…)"
}

typed_urn! {
    /// `urn:li:document:{id}`: an uploaded document.
    DocumentUrn: "li" "document", "a document (urn:li:document:…)"
}

typed_urn! {
    /// `urn:li:sponsoredAccount:{id}`: an ad account.
    AdAccountUrn: "li" "sponsoredAccount", "an ad account (urn:li:sponsoredAccount:…)"
}

typed_urn! {
    /// `urn:li:sponsoredCampaignGroup:{id}`: a campaign group.
    CampaignGroupUrn: "li" "sponsoredCampaignGroup", "a campaign group (urn:li:sponsoredCampaignGroup:…)"
}

typed_urn! {
    /// `urn:li:sponsoredCampaign:{id}`: a campaign.
    CampaignUrn: "li" "sponsoredCampaign", "a campaign (urn:li:sponsoredCampaign:…)"
}

typed_urn! {
    /// `urn:li:sponsoredCreative:{id}`: a creative, that is, an ad.
    CreativeUrn: "li" "sponsoredCreative", "a creative (urn:li:sponsoredCreative:…)"
}

typed_urn! {
    /// `urn:lla:llaPartnerConversion:{id}`: a conversion rule.
    ConversionUrn: "lla" "llaPartnerConversion", "a conversion rule (urn:lla:llaPartnerConversion:…)"
}

typed_urn! {
    /// `urn:li:developerApplication:{id}`: an app, as subscriptions name it.
    DeveloperApplicationUrn: "li" "developerApplication", "an app (urn:li:developerApplication:…)"
}

impl PostUrn {
    /// The public page of the post. It exists only while the post is visible.
    pub fn url(&self) -> String {
        format!("https://www.linkedin.com/feed/update/{self}/")
    }

    /// When it was likely created: its id seems to hold the time, in milliseconds (`id >> 22`). LinkedIn does not
    /// document it, so use it for ordering and display only.
    pub fn likely_created_at(&self) -> Option<Timestamp> {
        time_in_id(self.id())
    }
}

impl ActivityUrn {
    /// When it was likely created; see [`PostUrn::likely_created_at`].
    pub fn likely_created_at(&self) -> Option<Timestamp> {
        time_in_id(self.id())
    }
}

/// `None` for ids that hold no time: words, and numbers whose time would lie before LinkedIn began (May 2003).
pub(super) fn time_in_id(id: &str) -> Option<Timestamp> {
    const BEGIN: i64 = 1_052_092_800_000;
    let millis = id.parse::<i64>().ok()? >> 22;
    (millis >= BEGIN).then(|| Timestamp::from_unix_millis(millis))
}

/// Who acts: a person or an organization. Authors of posts and targets of mentions are one of the two.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Urn", into = "Urn")]
pub enum ActorUrn {
    /// A person.
    Person(PersonUrn),
    /// An organization.
    Organization(OrganizationUrn),
}

/// Gives an enum of typed URNs what each of them has. `PartialEq` and the serde attributes stand on the enum.
macro_rules! urn_enum {
    ($name:ident { $($variant:ident($of:ident)),+ }, $expected:literal) => {
        impl $name {
            /// From the whole URN.
            ///
            /// # Errors
            /// When it is not a URN, or names none of these.
            pub fn parse(text: &str) -> Result<Self, UrnError> {
                Self::try_from(Urn::parse(text)?)
            }

            /// The whole text.
            pub fn as_str(&self) -> &str {
                self.as_urn().as_str()
            }

            /// As a URN of any kind.
            pub const fn as_urn(&self) -> &Urn {
                match self {
                    $(Self::$variant(urn) => urn.as_urn(),)+
                }
            }
        }

        impl TryFrom<Urn> for $name {
            type Error = UrnError;

            fn try_from(urn: Urn) -> Result<Self, UrnError> {
                $(if let Ok(urn) = $of::try_from(urn.clone()) {
                    return Ok(Self::$variant(urn));
                })+
                Err(UrnError($expected))
            }
        }

        impl From<$name> for Urn {
            fn from(of: $name) -> Self {
                match of {
                    $($name::$variant(urn) => urn.into(),)+
                }
            }
        }

        $(impl From<$of> for $name {
            fn from(urn: $of) -> Self {
                Self::$variant(urn)
            }
        })+

        restli_words!($name);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl FromStr for $name {
            type Err = UrnError;

            fn from_str(text: &str) -> Result<Self, UrnError> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use urn_enum;

urn_enum! {
    ActorUrn { Person(PersonUrn), Organization(OrganizationUrn) },
    "it names neither a person nor an organization"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_takes_its_own_kind_only() {
        assert!(PersonUrn::parse("urn:li:person:a").is_ok());
        assert!(PersonUrn::parse("urn:li:organization:1").is_err());
        assert!(PersonUrn::parse("urn:lla:person:a").is_err());
        assert!(PersonUrn::parse("urn:li:person:(a,b)").is_err());
        assert!(OrganizationUrn::parse("urn:li:organizationBrand:1").is_err());
        assert!(PostUrn::parse("urn:li:share:1").is_ok());
        assert!(PostUrn::parse("urn:li:ugcPost:1").is_ok());
        assert!(PostUrn::parse("urn:li:activity:1").is_err());
        assert!(matches!(ActorUrn::parse("urn:li:person:a"), Ok(ActorUrn::Person(_))));
        assert!(matches!(ActorUrn::parse("urn:li:organization:1"), Ok(ActorUrn::Organization(_))));
        assert!(ActorUrn::parse("urn:li:share:1").is_err());
    }

    #[test]
    fn an_id_cannot_smuggle_in_more() {
        for id in ["", "a b", "a:b", "(a,b)", "../x", "a\u{e4}", "a%2F"] {
            assert!(PersonUrn::from_id(id).is_err(), "{id}");
            assert!(OrganizationUrn::from_id(id).is_err(), "{id}");
        }
        assert_eq!(PersonUrn::from_id("-f_Ut43FoQ").unwrap().as_str(), "urn:li:person:-f_Ut43FoQ");
        assert_eq!(OrganizationUrn::from_id("7").unwrap().id(), "7");
    }

    #[test]
    fn json_form_is_the_text() {
        let post: PostUrn = serde_json::from_str("\"urn:li:ugcPost:7\"").unwrap();
        assert_eq!(serde_json::to_string(&post).unwrap(), "\"urn:li:ugcPost:7\"");
        assert_eq!(post.url(), "https://www.linkedin.com/feed/update/urn:li:ugcPost:7/");
        assert!(serde_json::from_str::<PostUrn>("\"urn:li:person:7\"").is_err());
        let actor: ActorUrn = serde_json::from_str("\"urn:li:organization:7\"").unwrap();
        assert_eq!(serde_json::to_string(&actor).unwrap(), "\"urn:li:organization:7\"");
    }
}
