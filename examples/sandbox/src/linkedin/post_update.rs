//! PARTIAL_UPDATE of a post: what its author may change afterwards.

use axum::response::Response;
use serde_json::{Map, Value};

use super::{
    access,
    answer::{ApiError, no_content},
    api::{Call, json_object},
    little_text,
    post_rules::{self, known_only, missing, object, wrong},
    posts::{MAX_COMMENTARY, RESOURCE},
};

/// What may be set, and of that what may be taken away.
const SETTABLE: [&str; 4] =
    ["commentary", "contentCallToActionLabel", "contentLandingPage", "lifecycleState"];
const REMOVABLE: [&str; 2] = ["contentCallToActionLabel", "contentLandingPage"];
const SETTABLE_OF_AD: [&str; 2] = ["dscName", "dscStatus"];

/// The fields a patch may not touch are told as LinkedIn tells them.
pub(crate) fn unpermitted(path: &str) -> ApiError {
    let message = format!(
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields [{path}]"
    );
    ApiError::new(403, message).code("ACCESS_DENIED").service_code(100)
}

/// The patch of a body that has nothing else.
pub(crate) fn patch_of(body: &Map<String, Value>) -> Result<&Map<String, Value>, ApiError> {
    known_only(body, &["patch"], "")?;
    let patch = object(body.get("patch").ok_or_else(|| missing("/patch"))?, "/patch")?;
    if patch.is_empty() {
        return Err(wrong("/patch", "changes nothing"));
    }
    Ok(patch)
}

pub(crate) fn update(call: &mut Call<'_>, urn: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let body = json_object(call)?;
    let patch = patch_of(&body)?;
    let found = call.state.linkedin_posts.iter().find(|post| post.urn == urn && !post.deleted);
    let mut post = found.cloned().ok_or_else(ApiError::not_found)?;
    let scope =
        if access::is_organization(&post.author) { "w_organization_social" } else { "w_member_social" };
    if !call.claims.has_scope(scope) || !access::posts_for(call, &post.author) {
        return Err(ApiError::denied(RESOURCE, "PARTIAL_UPDATE", Some(&call.version)));
    }
    let mut fields = post.body.as_object().cloned().unwrap_or_default();
    apply(patch, &mut fields)?;
    check(&fields)?;
    fields.get("commentary").and_then(Value::as_str).unwrap_or_default().clone_into(&mut post.commentary);
    let reading = little_text::read(&post.commentary);
    if reading.visible.encode_utf16().count() > MAX_COMMENTARY {
        let why = format!("at most {MAX_COMMENTARY} characters");
        return Err(ApiError::field("FIELD_LENGTH_TOO_LONG", "/commentary", &why));
    }
    post.mentions = super::posts::linked(&call.shared.config.world, &reading);
    (post.visible_text, post.truncated) = (reading.visible, reading.truncated);
    post.body = Value::Object(fields);
    post.edited = true;
    post.modified_at = call.state.now();
    if let Some(kept) = call.state.linkedin_posts.iter_mut().find(|kept| kept.urn == urn) {
        *kept = post;
    }
    Ok(no_content(call.state))
}

fn apply(patch: &Map<String, Value>, fields: &mut Map<String, Value>) -> Result<(), ApiError> {
    for (name, change) in patch {
        match name.as_str() {
            "$set" => set(object(change, "/patch/$set")?, &SETTABLE, "/patch/$set", fields)?,
            "$delete" => {
                let names = change.as_array().ok_or_else(|| wrong("/patch/$delete", "must be an array"))?;
                for name in names {
                    let name = name.as_str().unwrap_or_default();
                    if !REMOVABLE.contains(&name) {
                        return Err(unpermitted(&format!("/patch/$delete/{name}")));
                    }
                    fields.remove(name);
                }
            }
            "adContext" => {
                let change = object(change, "/patch/adContext")?;
                known_only(change, &["$set"], "/patch/adContext")?;
                let place = "/patch/adContext/$set";
                let values = object(change.get("$set").ok_or_else(|| missing(place))?, place)?;
                let Some(Value::Object(context)) = fields.get_mut("adContext") else {
                    return Err(wrong("/patch/adContext", "the post is no ad"));
                };
                set(values, &SETTABLE_OF_AD, place, context)?;
            }
            _ => return Err(unpermitted(&format!("/patch/{name}"))),
        }
    }
    Ok(())
}

fn set(
    values: &Map<String, Value>,
    settable: &[&str],
    path: &str,
    fields: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    if values.is_empty() {
        return Err(wrong(path, "changes nothing"));
    }
    for (name, value) in values {
        if !settable.contains(&name.as_str()) {
            return Err(unpermitted(&format!("{path}/{name}")));
        }
        fields.insert(name.clone(), value.clone());
    }
    Ok(())
}

/// The post as it would be must be a post that could be made. The reshare's root is what the platform added.
fn check(fields: &Map<String, Value>) -> Result<(), ApiError> {
    let mut as_sent = fields.clone();
    if let Some(context) = as_sent.get_mut("reshareContext").and_then(Value::as_object_mut) {
        context.remove("root");
    }
    post_rules::check(&as_sent).map(drop)
}
