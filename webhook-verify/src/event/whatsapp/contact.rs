//! The people of a change.

use std::{borrow::Cow, collections::HashMap};

use serde_json::value::RawValue;

use crate::fields::{Fields, id_text};

/// The person a WhatsApp message is from, or a status is for (WhatsApp Cloud API: Webhooks, `contacts`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contact {
    /// The person's phone number, digits only. Absent when the person hides it.
    pub wa_id: Option<String>,
    /// The business-scoped id of the person, such as `US.13491208655302741918`.
    pub user_id: Option<String>,
    /// The id of the person for all linked businesses, such as `US.ENT.11815799212886844830`.
    pub parent_user_id: Option<String>,
    /// The name that the person gave to the profile.
    pub name: Option<String>,
    /// The username that the person took.
    pub username: Option<String>,
    /// Changes when the person's security code does; sent only when identity checks are on.
    pub identity_key_hash: Option<String>,
}

impl Contact {
    pub(super) fn read(value: &Fields<'_>) -> Self {
        let profile = value.object("profile");
        let profile = |name| profile.as_ref().and_then(|profile| profile.text(name));
        Self {
            wa_id: value.id("wa_id"),
            user_id: value.id("user_id"),
            parent_user_id: value.id("parent_user_id"),
            name: profile("name"),
            username: profile("username"),
            identity_key_hash: value.id("identity_key_hash"),
        }
    }
}

/// The members of an item that may name a person of the change.
const NAMES: [&str; 6] = ["from", "from_user_id", "recipient_id", "recipient_user_id", "to", "wa_id"];
/// With more people than these a map is faster than looking at each.
const FEW: usize = 8;

/// The people that a change names, found by the ids that its items give. Of several with one id the first counts, so that
/// an event with some of them finds the same one.
pub(crate) struct Contacts<'a> {
    people: Vec<Option<Fields<'a>>>,
    ids: Vec<(Cow<'a, str>, usize)>,
    by_id: Option<HashMap<Cow<'a, str>, usize>>,
}

impl<'a> Contacts<'a> {
    pub(crate) fn read(contacts: &[&'a RawValue]) -> Self {
        let people: Vec<_> = contacts.iter().map(|contact| Fields::of(contact)).collect();
        let mut ids = Vec::with_capacity(people.len());
        for (place, person) in people.iter().enumerate() {
            let names = ["wa_id", "user_id"].into_iter();
            ids.extend(names.filter_map(|name| Some((id_text(person.as_ref()?.raw(name)?)?, place))));
        }
        let by_id = (ids.len() > FEW).then(|| {
            let mut by_id = HashMap::with_capacity(ids.len());
            for (id, place) in ids.drain(..) {
                by_id.entry(id).or_insert(place);
            }
            by_id
        });
        Self { people, ids, by_id }
    }

    /// Where the person is that an item is from or for.
    pub(crate) fn place(&self, item: &Fields<'_>) -> Option<usize> {
        if self.people.is_empty() {
            return None;
        }
        NAMES.into_iter().find_map(|name| {
            let id = id_text(item.raw(name)?)?;
            match &self.by_id {
                Some(by_id) => by_id.get(&*id).copied(),
                None => self.ids.iter().find(|(known, _)| *known == id).map(|(_, place)| *place),
            }
        })
    }

    pub(crate) fn fields(&self, place: usize) -> Option<&Fields<'a>> {
        self.people.get(place)?.as_ref()
    }
}
