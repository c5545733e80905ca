//! Which provider a connection belongs to.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// A provider's login product by name. Open text: a provider this version does not know is a normal value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderId(Cow<'static, str>);

impl ProviderId {
    /// Facebook Login: Pages, Instagram through Pages, WhatsApp, ads.
    pub const FACEBOOK: Self = Self::from_static("facebook");
    /// Instagram Login: Instagram's professional accounts without a Page.
    pub const INSTAGRAM: Self = Self::from_static("instagram");
    /// Threads.
    pub const THREADS: Self = Self::from_static("threads");
    /// WhatsApp Embedded Signup.
    pub const WHATSAPP: Self = Self::from_static("whatsapp");
    /// LinkedIn.
    pub const LINKEDIN: Self = Self::from_static("linkedin");

    /// From a literal.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// From text known at run time, such as a stored row.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProviderId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_wherever_they_come_from() {
        assert_eq!(ProviderId::new("facebook"), ProviderId::FACEBOOK);
        assert_eq!(serde_json::to_string(&ProviderId::LINKEDIN).unwrap(), "\"linkedin\"");
        assert_eq!(ProviderId::new("mastodon").to_string(), "mastodon");
    }
}
