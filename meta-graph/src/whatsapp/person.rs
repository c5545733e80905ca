//! Who is meant in an answer.

use serde::Deserialize;

use super::ids::BusinessScopedUserId;
use crate::lenient;

/// A person as answers name them. **Nothing is certain to be there**: a person who keeps the number private
/// has a `user_id` only, and one of old has a `wa_id` only (WhatsApp: Business-scoped user IDs).
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// The number or id as it was sent.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub input: Option<String>,
    /// The digits of the person's number on WhatsApp.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub wa_id: Option<String>,
    /// The person's id for this business.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user_id: Option<BusinessScopedUserId>,
    /// The person's id for the parent business.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent_user_id: Option<BusinessScopedUserId>,
    /// The person's user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_may_be_missing_or_odd() {
        for (json, wa_id, user_id) in [
            ("{}", None, None),
            (r#"{"wa_id":"16505551234"}"#, Some("16505551234"), None),
            (r#"{"wa_id":null,"user_id":"US.134"}"#, None, Some("US.134")),
            (r#"{"wa_id":{"odd":1},"user_id":7,"new":true}"#, None, Some("7")),
        ] {
            let person: Person = serde_json::from_str(json).unwrap();
            assert_eq!(person.wa_id.as_deref(), wa_id, "{json}");
            assert_eq!(person.user_id.as_ref().map(BusinessScopedUserId::as_str), user_id, "{json}");
        }
    }
}
