//! `GET /{person}`: what a person shows to the business they wrote to.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields},
    Channel,
    door::Door,
    inbox::Person,
};

const MESSENGER_FIELDS: [&str; 8] =
    ["id", "name", "first_name", "last_name", "profile_pic", "locale", "timezone", "gender"];
const INSTAGRAM_FIELDS: [&str; 8] = [
    "id",
    "name",
    "username",
    "profile_pic",
    "follower_count",
    "is_user_follow_business",
    "is_business_follow_user",
    "is_verified_user",
];
/// Fields that need a permission of their own.
const GUARDED: [(&str, &str); 3] =
    [("locale", "pages_user_locale"), ("timezone", "pages_user_timezone"), ("gender", "pages_user_gender")];

pub(super) fn profile(call: &Call<'_>, door: &Door, id: &str) -> Outcome {
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let thread = call.state.areas.messaging.threads.get(id).ok_or_else(hidden)?;
    let person = thread.person;
    if !door.reaches(call, person.channel) {
        return Err(hidden());
    }
    door.allow(call, person.channel, &[])?;
    match person.channel {
        Channel::Messenger => messenger(call, door, person),
        Channel::Instagram if thread.wrote_at.is_none() => {
            Err(GraphError::new(403, 230, "(#230) User consent is required to access user profile"))
        }
        Channel::Instagram => instagram(call, person),
    }
}

fn messenger(call: &Call<'_>, door: &Door, person: &Person) -> Outcome {
    if !person.has_profile {
        let message = "No profile available for this user.";
        return Err(GraphError::parameter(message).subcode(2_018_218));
    }
    let asked = call.params.text("fields")?.unwrap_or_default();
    let names = fields::names(&asked).unwrap_or_default();
    for (field, permission) in GUARDED {
        if names.contains(&field) && !door.has(call, permission) {
            let message = "Insufficient permission to access user profile.";
            return Err(GraphError::parameter(message).subcode(2_018_247));
        }
    }
    let mut object = common(person);
    object.insert("first_name".to_owned(), json!(person.first_name));
    object.insert("last_name".to_owned(), json!(person.last_name));
    object.insert("locale".to_owned(), json!("de_DE"));
    object.insert("timezone".to_owned(), json!(1));
    object.insert("gender".to_owned(), json!("female"));
    let default = ["first_name", "last_name", "profile_pic", "id"];
    fields::select(call, "User", &object, &MESSENGER_FIELDS, &default)
}

fn instagram(call: &Call<'_>, person: &Person) -> Outcome {
    let mut object = common(person);
    object.insert("username".to_owned(), json!(person.username));
    object.insert("follower_count".to_owned(), json!(42));
    object.insert("is_user_follow_business".to_owned(), json!(true));
    object.insert("is_business_follow_user".to_owned(), json!(false));
    object.insert("is_verified_user".to_owned(), json!(false));
    fields::select(call, "IGBusinessScopedID", &object, &INSTAGRAM_FIELDS, &["name", "username", "id"])
}

fn common(person: &Person) -> Map<String, Value> {
    let picture = format!("https://scontent.example.com/{}.jpg", person.id);
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(person.id));
    object.insert("name".to_owned(), json!(person.name()));
    object.insert("profile_pic".to_owned(), json!(picture));
    object
}
