//! URNs: how LinkedIn names everything (LinkedIn: URNs and IDs).
//!
//! `urn:li:organization:2414183`, `urn:li:comment:(urn:li:activity:1,2)`. An id is text: it may be a
//! 63-bit number, an opaque word, or a tuple in parentheses that holds further URNs. Ids of persons are
//! given per app: the same member has another id in another app.

mod lead;
mod social;
mod typed;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{Deserializer, Error as _, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::restli::restli_words;

pub use lead::{LeadFormUrn, LeadUrn, VersionedLeadFormUrn};
pub use social::{CommentUrn, SocialTarget};
pub use typed::{
    ActivityUrn, ActorUrn, AdAccountUrn, CampaignGroupUrn, CampaignUrn, ConversionUrn, CreativeUrn,
    DeveloperApplicationUrn, DocumentUrn, ImageUrn, OrganizationUrn, PersonUrn, PostUrn, VideoUrn,
};

/// A URN, checked once and kept to the byte. Cheap to clone.
///
/// ```
/// use sociogram_linkedin_api::Urn;
///
/// let urn: Urn = "urn:li:comment:(urn:li:activity:1,2)".parse().unwrap();
/// assert_eq!((urn.namespace(), urn.entity_type()), ("li", "comment"));
/// assert_eq!(urn.elements().collect::<Vec<_>>(), ["urn:li:activity:1", "2"]);
/// assert_eq!(urn.to_string(), "urn:li:comment:(urn:li:activity:1,2)");
/// ```
#[derive(Clone)]
pub struct Urn {
    text: Arc<str>,
    namespace: Range<usize>,
    entity_type: Range<usize>,
}

impl Urn {
    /// The longest URN LinkedIn gives, in bytes.
    pub const MAX_BYTES: usize = 255;

    /// Checks and keeps a URN.
    ///
    /// # Errors
    /// When it is longer than [`MAX_BYTES`](Self::MAX_BYTES), does not have the form
    /// `urn:namespace:type:id`, holds anything but visible ASCII, or its parentheses do not match.
    pub fn parse(text: &str) -> Result<Self, UrnError> {
        if text.len() > Self::MAX_BYTES {
            return Err(UrnError("it is longer than 255 bytes"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UrnError("it holds a character that is not visible ASCII"));
        }
        let (namespace, entity_type, id) =
            split(text).ok_or(UrnError("it does not have the form urn:namespace:type:id"))?;
        check_id(id)?;
        let namespace_at = "urn:".len();
        let type_at = namespace_at + namespace.len() + 1;
        Ok(Self {
            text: Arc::from(text),
            namespace: namespace_at..namespace_at + namespace.len(),
            entity_type: type_at..type_at + entity_type.len(),
        })
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The namespace: `li` for almost everything.
    pub fn namespace(&self) -> &str {
        self.text.get(self.namespace.clone()).unwrap_or_default()
    }

    /// What it names: `person`, `organization`, `ugcPost`.
    pub fn entity_type(&self) -> &str {
        self.text.get(self.entity_type.clone()).unwrap_or_default()
    }

    /// The id after the type, parentheses included.
    pub fn id(&self) -> &str {
        self.text.get(self.entity_type.end + 1..).unwrap_or_default()
    }

    /// The elements of a tuple id, or the id itself when it is not a tuple. An element that is a URN can be
    /// parsed in its turn.
    pub fn elements(&self) -> impl Iterator<Item = &str> {
        tuple(self.id()).map_or_else(
            || Elements { rest: None, whole: Some(self.id()) },
            |inner| Elements { rest: Some(inner), whole: None },
        )
    }
}

/// `urn:namespace:type:id`, each part non-empty and made of the characters it may have.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (namespace, rest) = text.strip_prefix("urn:")?.split_once(':')?;
    let (entity_type, id) = rest.split_once(':')?;
    let plain = |part: &str, extra: &[u8]| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(&byte))
    };
    (plain(namespace, b"-") && plain(entity_type, b"-_.") && !id.is_empty()).then_some((
        namespace,
        entity_type,
        id,
    ))
}

fn tuple(id: &str) -> Option<&str> {
    id.strip_prefix('(')?.strip_suffix(')')
}

/// Recursion is bounded by the length of a URN.
fn check_id(id: &str) -> Result<(), UrnError> {
    let Some(inner) = tuple(id) else {
        let plain = !id.contains(['(', ')', ',']);
        return if plain { Ok(()) } else { Err(UrnError("its parentheses do not match")) };
    };
    let mut elements = Elements { rest: Some(inner), whole: None };
    for element in elements.by_ref() {
        match (element, split(element)) {
            ("", _) => return Err(UrnError("an element of its tuple is empty")),
            (_, Some((_, _, id))) => check_id(id)?,
            (_, None) => check_id(element)?,
        }
    }
    Ok(())
}

/// Splits a tuple at the commas that are not inside further parentheses.
struct Elements<'u> {
    rest: Option<&'u str>,
    whole: Option<&'u str>,
}

impl<'u> Iterator for Elements<'u> {
    type Item = &'u str;

    fn next(&mut self) -> Option<&'u str> {
        let Some(rest) = self.rest.take() else { return self.whole.take() };
        let mut depth = 0u32;
        for (at, c) in rest.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    self.rest = rest.get(at + 1..);
                    return rest.get(..at);
                }
                _ => {}
            }
        }
        Some(rest)
    }
}

/// Why a text is not the URN that was expected. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrnError(pub(crate) &'static str);

impl fmt::Display for UrnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a usable URN: {}; pass it as LinkedIn gave it", self.0)
    }
}

impl std::error::Error for UrnError {}

impl PartialEq for Urn {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Urn {}

impl PartialOrd for Urn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Urn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl std::hash::Hash for Urn {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Urn({})", self.text)
    }
}

impl FromStr for Urn {
    type Err = UrnError;

    fn from_str(text: &str) -> Result<Self, UrnError> {
        Self::parse(text)
    }
}

impl AsRef<str> for Urn {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

restli_words!(Urn);

impl Serialize for Urn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Urn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Urn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URN")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Urn, E> {
                Urn::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restli::RestliValue;
    use proptest::prelude::*;

    #[test]
    fn parts_come_apart() {
        for (text, namespace, entity_type, id, elements) in [
            ("urn:li:organization:2414183", "li", "organization", "2414183", vec!["2414183"]),
            ("urn:li:person:-f_Ut43FoQ", "li", "person", "-f_Ut43FoQ", vec!["-f_Ut43FoQ"]),
            ("urn:lla:llaPartnerConversion:456", "lla", "llaPartnerConversion", "456", vec!["456"]),
            (
                "urn:li:comment:(urn:li:comment:(urn:li:activity:1,2),3)",
                "li",
                "comment",
                "(urn:li:comment:(urn:li:activity:1,2),3)",
                vec!["urn:li:comment:(urn:li:activity:1,2)", "3"],
            ),
            ("urn:li:comment:(activity:1,2)", "li", "comment", "(activity:1,2)", vec!["activity:1", "2"]),
            ("urn:li:staffCountRange:(2,10)", "li", "staffCountRange", "(2,10)", vec!["2", "10"]),
        ] {
            let urn = Urn::parse(text).unwrap();
            assert_eq!(urn.namespace(), namespace);
            assert_eq!(urn.entity_type(), entity_type);
            assert_eq!(urn.id(), id);
            assert_eq!(urn.elements().collect::<Vec<_>>(), elements);
        }
    }

    #[test]
    fn what_is_not_a_urn_is_refused() {
        let long = format!("urn:li:x:{}", "1".repeat(247));
        for text in [
            "",
            "urn",
            "urn:li",
            "urn:li:person",
            "urn:li:person:",
            "urn::person:1",
            "urn:li::1",
            "URN:li:person:1",
            "https://example.com",
            "urn:li:per son:1",
            "urn:li:person:a b",
            "urn:li:person:ä",
            "urn:li:person:1\n",
            "urn:li:x:(1",
            "urn:li:x:1)",
            "urn:li:x:(1)(2)",
            "urn:li:x:()",
            "urn:li:x:(1,)",
            "urn:li:x:((1)",
            "urn:li:x:(urn:li:y:(1,2)",
            "urn:li:x:(urn:li:y:a(b),2)",
            "urn:li:x:1,2",
            &long,
        ] {
            assert!(Urn::parse(text).is_err(), "{text}");
        }
        assert!(Urn::parse(&long[..255]).is_ok());
    }

    #[test]
    fn json_form_is_the_text() {
        let urn: Urn = serde_json::from_str("\"urn:li:share:1\"").unwrap();
        assert_eq!(serde_json::to_string(&urn).unwrap(), "\"urn:li:share:1\"");
        assert!(
            serde_json::from_str::<Urn>("\"SEKRET\"")
                .unwrap_err()
                .to_string()
                .starts_with("not a usable URN")
        );
        assert!(serde_json::from_str::<Urn>("7").is_err());
    }

    fn urn_text() -> impl Strategy<Value = String> {
        let simple = "urn:(li|lla):[a-z][A-Za-z_.-]{0,8}:[A-Za-z0-9_:=-]{1,10}".boxed();
        simple.prop_recursive(3, 8, 3, |inner| {
            let element = prop_oneof!["[A-Za-z0-9:]{1,6}", inner];
            ("[a-z]{1,6}", prop::collection::vec(element, 1..4))
                .prop_map(|(entity_type, elements)| format!("urn:li:{entity_type}:({})", elements.join(",")))
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in urn_text()) {
            prop_assume!(text.len() <= Urn::MAX_BYTES);
            let urn = Urn::parse(&text).unwrap();
            prop_assert_eq!(urn.as_str(), &text);
            prop_assert_eq!(format!("urn:{}:{}:{}", urn.namespace(), urn.entity_type(), urn.id()), text);
            for element in urn.elements().filter(|element| element.starts_with("urn:") && element.ends_with(')')) {
                prop_assert!(Urn::parse(element).is_ok(), "{element}");
            }
        }

        #[test]
        fn parsing_never_panics(text in any::<String>(), structured in "urn:[a-z:]{0,6}[(),:a1]{0,20}") {
            let _ = Urn::parse(&text);
            if let Ok(urn) = Urn::parse(&structured) {
                prop_assert!(urn.elements().count() > 0);
                prop_assert_eq!(RestliValue::decode(&RestliValue::from(&urn).encode()).unwrap(), RestliValue::from(&urn));
            }
        }
    }
}
