//! URNs of one kind, so that an organization cannot be passed where a person belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Urn, UrnError};
use crate::restli::RestliValue;

/// The id of a simple URN: a number or an opaque word.
fn check_simple(id: &str) -> Result<(), UrnError> {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !id.is_empty() && plain {
        Ok(())
    } else {
        Err(UrnError("its id is not one word of letters, digits, - and _"))
    }
}

fn check(urn: &Urn, types: &[&str], expected: &'static str) -> Result<(), UrnError> {
    if urn.namespace() != "li" || !types.contains(&urn.entity_type()) {
        return Err(UrnError(expected));
    }
    check_simple(urn.id())
}

macro_rules! typed_urn {
    ($(#[$meta:meta])* $name:ident, $types:expr, $expected:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Urn", into = "Urn")]
        pub struct $name(Urn);

        impl $name {
            /// From the whole URN.
            ///
            /// # Errors
            /// When it is not a URN, names another kind of thing, or its id is not one word.
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
                check(&urn, $types, concat!("it does not name ", $expected))?;
                Ok(Self(urn))
            }
        }

        impl From<$name> for Urn {
            fn from(typed: $name) -> Self {
                typed.0
            }
        }

        impl From<&$name> for RestliValue {
            fn from(typed: &$name) -> Self {
                typed.as_str().into()
            }
        }

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

typed_urn! {
    /// `urn:li:person:{id}`: a member, as this app sees them.
    PersonUrn, &["person"], "a person (urn:li:person:…)"
}

typed_urn! {
    /// `urn:li:organization:{id}`: a company, school or other page.
    OrganizationUrn, &["organization"], "an organization (urn:li:organization:…)"
}

typed_urn! {
    /// `urn:li:share:{id}` or `urn:li:ugcPost:{id}`: a post. LinkedIn chooses the kind.
    PostUrn, &["share", "ugcPost"], "a post (urn:li:share:… or urn:li:ugcPost:…)"
}

impl PersonUrn {
    /// From the id alone, such as the `sub` of [`UserInfo`](crate::profile::UserInfo).
    ///
    /// # Errors
    /// When the id is not one word of letters, digits, `-` and `_`.
    pub fn from_id(id: &str) -> Result<Self, UrnError> {
        check_simple(id)?;
        Self::parse(&format!("urn:li:person:{id}"))
    }
}

impl OrganizationUrn {
    /// From the number alone.
    ///
    /// # Errors
    /// When the id is not one word of letters, digits, `-` and `_`.
    pub fn from_id(id: &str) -> Result<Self, UrnError> {
        check_simple(id)?;
        Self::parse(&format!("urn:li:organization:{id}"))
    }
}

impl PostUrn {
    /// The public page of the post. It exists only while the post is visible.
    pub fn url(&self) -> String {
        format!("https://www.linkedin.com/feed/update/{self}/")
    }
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

impl ActorUrn {
    /// From the whole URN.
    ///
    /// # Errors
    /// When it is not a URN, or names neither a person nor an organization.
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
            Self::Person(person) => person.as_urn(),
            Self::Organization(organization) => organization.as_urn(),
        }
    }
}

impl TryFrom<Urn> for ActorUrn {
    type Error = UrnError;

    fn try_from(urn: Urn) -> Result<Self, UrnError> {
        match urn.entity_type() {
            "person" => urn.try_into().map(Self::Person),
            "organization" => urn.try_into().map(Self::Organization),
            _ => Err(UrnError("it names neither a person nor an organization")),
        }
    }
}

impl From<ActorUrn> for Urn {
    fn from(actor: ActorUrn) -> Self {
        match actor {
            ActorUrn::Person(person) => person.into(),
            ActorUrn::Organization(organization) => organization.into(),
        }
    }
}

impl From<PersonUrn> for ActorUrn {
    fn from(person: PersonUrn) -> Self {
        Self::Person(person)
    }
}

impl From<OrganizationUrn> for ActorUrn {
    fn from(organization: OrganizationUrn) -> Self {
        Self::Organization(organization)
    }
}

impl From<&ActorUrn> for RestliValue {
    fn from(actor: &ActorUrn) -> Self {
        actor.as_str().into()
    }
}

impl FromStr for ActorUrn {
    type Err = UrnError;

    fn from_str(text: &str) -> Result<Self, UrnError> {
        Self::parse(text)
    }
}

impl fmt::Display for ActorUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
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
