//! Changes of a person's profile and permissions (Webhooks reference: User, Permissions).

use super::content::Content;
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    fields::{Fields, text},
    open_enum::open_enum,
};

open_enum! {
    /// What happened to the value.
    pub enum UserVerb {
        /// It is new.
        Add = "add",
        /// It was changed.
        Update = "update",
        /// It was removed.
        Remove = "remove",
    }
}

/// A person changed something of their profile (`user`; each field takes the permission to read it). The person is
/// the [`account`](crate::Event::account) of the event.
///
/// Every member but the field's name may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserChange {
    /// The same as [`Event::field`](crate::Event::field): `email`, `likes`, `work_history` and so on.
    pub field: String,
    /// What happened to the value; sent with some fields only.
    pub verb: Option<UserVerb>,
    /// The value, where it is text, such as a mail address.
    pub text: Option<String>,
    /// The Page that was liked or no longer is (field `likes`).
    pub page: Option<String>,
    /// The value as JSON, whatever its type.
    pub value: Option<Box<str>>,
}

impl UserChange {
    pub(crate) fn read(field: &str, change: &Fields<'_>) -> Self {
        let object = change.object("value");
        let verb = change.text("verb").or_else(|| object.as_ref()?.text("verb"));
        Self {
            field: field.to_owned(),
            verb: verb.as_deref().map(UserVerb::from),
            text: change.raw("value").and_then(text),
            page: object.as_ref().and_then(|value| value.id("page")),
            value: change.json("value"),
        }
    }
}

impl Content for UserChange {
    fn name(&self) -> &'static str {
        "user_change"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        None
    }

    /// It has no identifiers: two likes in one second differ by their content only.
    fn key(&self, _: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        None
    }
}

open_enum! {
    /// What happened to a permission.
    pub enum PermissionVerb {
        /// The person granted it.
        Granted = "granted",
        /// The person took it back, or it ended.
        Revoked = "revoked",
    }
}

/// A person granted or revoked a permission (`permissions`). The person is the [`account`](crate::Event::account) of
/// the event. When a permission is revoked, stop using what was read with it.
///
/// Every member but the permission may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PermissionChange {
    /// The permission, the same as [`Event::field`](crate::Event::field); `connected` for the app as a whole.
    pub permission: String,
    /// What happened to it.
    pub verb: Option<PermissionVerb>,
    /// The Pages, accounts and so on that it is for. Empty where it is for all of them.
    pub target_ids: Vec<String>,
}

impl PermissionChange {
    /// `{"field", "value": {"verb", "target_ids"}}`, or the verb beside the field.
    pub(crate) fn read(field: &str, change: &Fields<'_>) -> Self {
        let value = change.object("value");
        let verb = value.as_ref().and_then(|value| value.text("verb")).or_else(|| change.text("verb"));
        Self {
            permission: field.to_owned(),
            verb: verb.as_deref().map(PermissionVerb::from),
            target_ids: value.map(|value| value.ids("target_ids")).unwrap_or_default(),
        }
    }
}

impl Content for PermissionChange {
    fn name(&self) -> &'static str {
        "permission"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        None
    }

    /// It can be granted and revoked again and again: content and time of sending are all there is.
    fn key(&self, _: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        None
    }
}

#[cfg(test)]
mod tests;
