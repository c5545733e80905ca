//! `/{page}/custom_labels`: what a Page writes on people.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    Channel,
    door::Door,
    recipient, success,
};

const FIELDS: [&str; 2] = ["id", "page_label_name"];

/// A label and who has it.
#[derive(Debug, Clone)]
pub(super) struct Label {
    page: String,
    name: String,
    people: BTreeSet<&'static str>,
}

pub(super) fn create(call: &mut Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[])?;
    call.params.only(&["page_label_name"])?;
    let name = call.params.required("page_label_name")?;
    let held = &call.state.areas.messaging.labels;
    if held.values().any(|label| label.page == door.id() && label.name == name) {
        return Err(GraphError::parameter("A label with this name exists already."));
    }
    let id = 1_859_999_000_000_000_u64.saturating_add(call.state.number()).to_string();
    let label = Label { page: door.id().to_owned(), name, people: BTreeSet::new() };
    call.state.areas.messaging.labels.insert(id.clone(), label);
    Ok(json!({ "id": id }))
}

pub(super) fn list(call: &Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[])?;
    listed(call, &format!("{}/custom_labels", door.id()), |label| label.page == door.id())
}

/// The labels a person has.
pub(super) fn of_person(call: &Call<'_>, door: &Door, person: &str) -> Outcome {
    door.allow(call, Channel::Messenger, &[])?;
    let own = |label: &Label| label.page == door.id() && label.people.contains(person);
    listed(call, &format!("{person}/custom_labels"), own)
}

fn listed(call: &Call<'_>, path: &str, wanted: impl Fn(&Label) -> bool) -> Outcome {
    let held = call.state.areas.messaging.labels.iter().filter(|(_, label)| wanted(label));
    let items = held.map(|(id, label)| select(call, id, label)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, path, &items)
}

fn check(call: &Call<'_>, door: &Door, id: &str) -> Result<(), GraphError> {
    let label = call.state.areas.messaging.labels.get(id).filter(|label| label.page == door.id());
    label.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    door.allow(call, Channel::Messenger, &[])
}

pub(super) fn read(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    check(call, door, id)?;
    match call.state.areas.messaging.labels.get(id) {
        Some(label) => select(call, id, label),
        None => Err(GraphError::unsupported(&call.request.method, id)),
    }
}

pub(super) fn delete(call: &mut Call<'_>, door: &Door, id: &str) -> Outcome {
    check(call, door, id)?;
    call.state.areas.messaging.labels.remove(id);
    Ok(success())
}

/// Gives the label to a person, or takes it away.
pub(super) fn assign(call: &mut Call<'_>, door: &Door, id: &str) -> Outcome {
    check(call, door, id)?;
    call.params.only(&["user"])?;
    let person = recipient::person(call, door, &call.params.required("user")?)?;
    let gives = call.request.method == Method::POST;
    if let Some(label) = call.state.areas.messaging.labels.get_mut(id) {
        if gives {
            label.people.insert(person);
        } else {
            label.people.remove(person);
        }
    }
    Ok(success())
}

fn select(call: &Call<'_>, id: &str, label: &Label) -> Outcome {
    let mut object: Map<String, Value> = Map::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("page_label_name".to_owned(), json!(label.name));
    fields::select(call, "PageUserMessageThreadLabel", &object, &FIELDS, &["id"])
}
