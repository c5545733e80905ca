//! Who did something, and when.

use serde::Deserialize;
use sociogram_api_core::Timestamp;

use crate::lenient;
use crate::urn::{ActorUrn, Urn};

/// Who did something, and when: LinkedIn's audit stamp.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct AuditStamp {
    /// Who did it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub actor: Option<Urn>,
    /// Who did it in the actor's name: the administrator behind an organization, or a service.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub impersonator: Option<Urn>,
    /// When.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub time: Option<Timestamp>,
}

impl AuditStamp {
    /// Who did it, if it was a member or an organization.
    pub fn author(&self) -> Option<ActorUrn> {
        self.actor.clone()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_far_as_it_is_there() {
        let read = |json: &str| serde_json::from_str::<AuditStamp>(json).unwrap();
        let stamp = read(
            r#"{"actor":"urn:li:organization:5","impersonator":"urn:li:person:a","time":1700000000000}"#,
        );
        assert!(matches!(stamp.author(), Some(ActorUrn::Organization(_))));
        assert_eq!(stamp.impersonator.unwrap().id(), "a");
        assert_eq!(stamp.time.map(Timestamp::as_unix_seconds), Some(1_700_000_000));
        assert_eq!(read(r#"{"actor":7,"impersonator":"x","time":"now"}"#), AuditStamp::default());
        assert_eq!(read(r#"{"actor":"urn:li:servicePrincipal:organization"}"#).author(), None);
    }
}
