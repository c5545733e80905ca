//! Whom a message is for.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use sociogram_api_core::{Finding, open_enum};

use super::ids::{BusinessScopedUserId, GroupId};

/// Whom a message is for. Exactly one way to name somebody, because Meta silently prefers the phone number
/// where there are two.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A phone number with its country code, or the digits of a `wa_id`.
    Phone(String),
    /// A person whose number is not known.
    User(BusinessScopedUserId),
    /// A group.
    Group(GroupId),
}

open_enum! {
    /// Whether a message is for a person or a group.
    pub enum RecipientType {
        /// One person.
        Individual = "individual",
        /// A group.
        Group = "group",
    }
}

impl Recipient {
    /// A phone number with its country code (`+1 650 555 1234`), or a `wa_id`.
    pub fn phone(number: impl Into<String>) -> Self {
        Self::Phone(number.into())
    }

    /// Whether it is a group.
    pub const fn is_group(&self) -> bool {
        matches!(self, Self::Group(_))
    }

    /// Whether Meta takes it for a person or a group.
    pub const fn recipient_type(&self) -> RecipientType {
        if self.is_group() { RecipientType::Group } else { RecipientType::Individual }
    }

    /// What is wrong with it. The finding never repeats the number.
    pub fn check(&self) -> Vec<Finding> {
        match self {
            Self::Phone(number) => check_phone("to", number).into_iter().collect(),
            Self::User(_) | Self::Group(_) => Vec::new(),
        }
    }
}

/// Digits with the usual signs between them.
pub(super) fn check_phone(field: &'static str, number: &str) -> Option<Finding> {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || b"+-() .".contains(&byte));
    (!plain || !(5..=20).contains(&digits)).then(|| {
        Finding::error("whatsapp.recipient", field, "this is not a phone number")
            .measured(format_args!("{digits} digits"))
            .allowed("5 to 20 digits, with + - ( ) and spaces between them")
            .advice(
                "pass the number with its country code; use `Recipient::User` for a business-scoped user id",
            )
    })
}

impl From<BusinessScopedUserId> for Recipient {
    fn from(id: BusinessScopedUserId) -> Self {
        Self::User(id)
    }
}

impl From<GroupId> for Recipient {
    fn from(id: GroupId) -> Self {
        Self::Group(id)
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("recipient_type", &self.recipient_type())?;
        match self {
            Self::Phone(number) => map.serialize_entry("to", number)?,
            Self::User(id) => map.serialize_entry("recipient", id)?,
            Self::Group(id) => map.serialize_entry("to", id)?,
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_is_written_under_its_own_name() {
        let user = BusinessScopedUserId::new("US.13491208655302741918").unwrap();
        let group = GroupId::new("Y2FwaV9ncm91cDox==").unwrap();
        for (recipient, expected) in [
            (Recipient::phone("+16505551234"), json!({"recipient_type": "individual", "to": "+16505551234"})),
            (user.into(), json!({"recipient_type": "individual", "recipient": "US.13491208655302741918"})),
            (group.into(), json!({"recipient_type": "group", "to": "Y2FwaV9ncm91cDox=="})),
        ] {
            assert_eq!(serde_json::to_value(&recipient).unwrap(), expected);
            assert!(recipient.check().is_empty());
        }
    }

    #[test]
    fn what_is_no_number_is_found_and_not_repeated() {
        for bad in
            ["", "US.13491208655302741918", "somebody", "1234", "+49 151 CANARY", "1".repeat(21).as_str()]
        {
            let findings = Recipient::phone(bad).check();
            assert_eq!(findings.len(), 1, "{bad}");
            assert!(bad.is_empty() || !findings[0].to_string().contains(bad), "{bad}");
        }
        for good in ["16505551234", "+1 (650) 555-1234", "49 151.2345678"] {
            assert!(Recipient::phone(good).check().is_empty(), "{good}");
        }
    }
}
