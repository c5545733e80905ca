//! Personas: names and faces under which a Page writes.

use serde::Deserialize;
use sociogram_api_core::Finding;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{ObjectId, PageId};
use crate::lenient;

/// The longest name of a persona, in characters.
const MAX_NAME_CHARS: usize = 50;

endpoint! {
    /// Makes a persona: `POST /{page_id}/personas` (Messenger Platform: Personas). Needs the Page's token, the task
    /// `MESSAGING` and `pages_messaging`. The name has at most 50 characters, the picture at most 8 MB; Meta fetches it
    /// from its address.
    pub struct CreatePersona -> CreatedPersona;
    "messenger.personas.create": POST "/{page_id}/personas", Never, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, name: String, profile_picture_url: String }
    subject page_id;
    checked by check;
}

impl CreatePersona {
    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let chars = self.name.chars().count();
        if !self.name.trim().is_empty() && chars <= MAX_NAME_CHARS {
            return Vec::new();
        }
        vec![
            Finding::error("messenger.persona.name", "name", "the name is empty or too long")
                .measured(format_args!("{chars} characters"))
                .allowed(format_args!("1 to {MAX_NAME_CHARS} characters"))
                .advice("use a first name and an initial"),
        ]
    }
}

list_endpoint! {
    /// The personas of a Page: `GET /{page_id}/personas` (Messenger Platform: Personas). Permissions as for
    /// [`CreatePersona`].
    pub struct ListPersonas -> Persona;
    "messenger.personas.list": "/{page_id}/personas", [scope::PAGES_MESSAGING], limit 100;
    new { page_id: PageId }
    fields "id,name,profile_picture_url";
    subject page_id;
}

endpoint! {
    /// One persona: `GET /{persona_id}` (Messenger Platform: Personas).
    pub struct GetPersona -> Persona;
    "messenger.personas.get": GET "/{persona_id}", Safe, [scope::PAGES_MESSAGING];
    new { persona_id: ObjectId }
    fields "id,name,profile_picture_url";
}

endpoint! {
    /// Deletes a persona: `DELETE /{persona_id}` (Messenger Platform: Personas). Repeating it changes nothing.
    pub struct DeletePersona -> ();
    "messenger.personas.delete": DELETE "/{persona_id}", Safe, [scope::PAGES_MESSAGING];
    new { persona_id: ObjectId }
    decode acknowledged::read;
}

/// A persona that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedPersona {
    /// Its id.
    pub id: ObjectId,
}

/// A persona.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Persona {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
}
