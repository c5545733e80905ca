//! The people the business can write to, and how messages name them.

use super::{
    super::super::{Call, answer::GraphError},
    Held,
    refusal::{invalid, missing, refusal},
};

/// Wrote to the business when the sandbox began: the window is open for 24 hours.
pub(super) const CUSTOMER: &str = "16505551234";
/// The same person, by the id that is valid for this business only.
pub(super) const CUSTOMER_ID: &str = "US.13491208655302741918";
/// Never wrote to the business: templates only.
pub(super) const STRANGER: &str = "16505550100";
/// The same person.
pub(super) const STRANGER_ID: &str = "US.13491208655302741000";
/// Wants no marketing messages; wrote when the sandbox began.
pub(super) const OPTED_OUT: &str = "16505550150";
/// The customer's message the business can mark as read, react to, and answer.
pub(super) const INBOUND_MESSAGE: &str = "wamid.SBXINBOUND0001=";
/// How long people can be answered freely, in seconds.
pub(super) const WINDOW: i64 = 86_400;

/// Whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct To {
    /// As the caller wrote it.
    pub(super) input: String,
    /// Digits of a number, a user id, or the id of a group.
    pub(super) id: String,
    pub(super) kind: ToKind,
}

/// What names the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToKind {
    Phone,
    UserId,
    Group,
}

/// The recipient of this call: `to` wins over `recipient`.
pub(super) fn recipient(call: &Call<'_>) -> Result<To, GraphError> {
    let kind = call.params.text("recipient_type")?.unwrap_or_else(|| "individual".to_owned());
    let to = call.params.text("to")?.filter(|text| !text.is_empty());
    let user = call.params.text("recipient")?.filter(|text| !text.is_empty());
    match (kind.as_str(), to, user) {
        ("individual", Some(to), _) => {
            let id = digits(&to).ok_or_else(|| invalid("Param to is no phone number."))?;
            Ok(To { input: to, id, kind: ToKind::Phone })
        }
        ("individual", None, Some(user)) => {
            if !is_user_id(&user) {
                return Err(invalid("Param recipient is no business-scoped user id."));
            }
            Ok(To { input: user.clone(), id: user, kind: ToKind::UserId })
        }
        ("group", Some(to), _) => {
            if !call.state.areas.whatsapp.groups.contains_key(&to) {
                return Err(refusal(131_041, "Group unavailable", "The group does not exist."));
            }
            Ok(To { input: to.clone(), id: to, kind: ToKind::Group })
        }
        ("individual" | "group", ..) => Err(missing("The parameter to is required.")),
        _ => Err(GraphError::parameter("Param recipient_type must be one of {INDIVIDUAL, GROUP}.")),
    }
}

/// The digits of a phone number, however it is written.
pub(super) fn digits(text: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (text.chars().all(known) && (7..=15).contains(&digits.len())).then_some(digits)
}

/// Two letters of a country, a dot, and up to 128 letters and digits.
pub(super) fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The phone number behind either name of a person.
pub(super) fn phone_of(id: &str) -> &str {
    match id {
        CUSTOMER_ID => CUSTOMER,
        STRANGER_ID => STRANGER,
        other => other,
    }
}

impl Held {
    /// Whether the person wrote within the last 24 hours.
    pub(super) fn window_is_open(&self, person: &str, now: i64) -> bool {
        let wrote = matches!(phone_of(person), CUSTOMER | OPTED_OUT);
        let since = self.since.unwrap_or(now);
        let is_open = |at: i64| now < at.saturating_add(WINDOW);
        let later = self.written.iter().rev().find(|one| one.from == phone_of(person));
        wrote && is_open(since) || later.is_some_and(|one| is_open(one.at))
    }

    /// When a person wrote this message, in seconds.
    pub(super) fn written_at(&self, message: &str, now: i64) -> Option<i64> {
        if message == INBOUND_MESSAGE {
            return Some(self.since.unwrap_or(now));
        }
        self.written.iter().find(|one| one.id == message).map(|one| one.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, expected) in [
            ("+1 (650) 555-1234", Some(CUSTOMER)),
            ("16505551234", Some(CUSTOMER)),
            ("123456", None),
            ("1234567890123456", None),
            ("US.13491208655302741918", None),
        ] {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
        assert!(is_user_id(CUSTOMER_ID) && is_user_id(STRANGER_ID));
        for wrong in ["us.1", "US", "US.", "USA.1", "US.1-2"] {
            assert!(!is_user_id(wrong), "{wrong}");
        }
    }
}
