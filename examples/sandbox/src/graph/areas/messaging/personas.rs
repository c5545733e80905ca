//! `/{page}/personas`: names and pictures that messages can be sent under.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    Channel,
    door::Door,
    success,
};

const FIELDS: [&str; 3] = ["id", "name", "profile_picture_url"];

/// Somebody a Page speaks as.
#[derive(Debug, Clone)]
pub(super) struct Persona {
    page: String,
    name: String,
    picture: String,
}

pub(super) fn create(call: &mut Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[])?;
    call.params.only(&["name", "profile_picture_url"])?;
    let name = call.params.required("name")?;
    let picture = call.params.required("profile_picture_url")?;
    if url::Url::parse(&picture).is_err() {
        return Err(GraphError::parameter("Param profile_picture_url must be a valid URL."));
    }
    let id = 1_858_888_000_000_000_u64.saturating_add(call.state.number()).to_string();
    let persona = Persona { page: door.id().to_owned(), name, picture };
    call.state.areas.messaging.personas.insert(id.clone(), persona);
    Ok(json!({ "id": id }))
}

pub(super) fn list(call: &Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[])?;
    let held = call.state.areas.messaging.personas.iter();
    let own = held.filter(|(_, persona)| persona.page == door.id());
    let items = own.map(|(id, persona)| select(call, id, persona)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{}/personas", door.id()), &items)
}

fn find<'c>(call: &'c Call<'_>, door: &Door, id: &str) -> Result<&'c Persona, GraphError> {
    let persona = call.state.areas.messaging.personas.get(id).filter(|persona| persona.page == door.id());
    let persona = persona.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    door.allow(call, Channel::Messenger, &[])?;
    Ok(persona)
}

pub(super) fn read(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    select(call, id, find(call, door, id)?)
}

pub(super) fn delete(call: &mut Call<'_>, door: &Door, id: &str) -> Outcome {
    find(call, door, id)?;
    call.state.areas.messaging.personas.remove(id);
    Ok(success())
}

fn select(call: &Call<'_>, id: &str, persona: &Persona) -> Outcome {
    let mut object: Map<String, Value> = Map::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("name".to_owned(), json!(persona.name));
    object.insert("profile_picture_url".to_owned(), json!(persona.picture));
    fields::select(call, "Persona", &object, &FIELDS, &FIELDS)
}
