//! `/rest/posts`: making, changing and deleting posts. What reads answer is next door.

use axum::response::Response;
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    access,
    answer::{ApiError, created, no_content},
    api::{Call, demand_method, expect_method, json_object, urn},
    areas::media,
    known_posts,
    little_text::{self, Reading},
    post_answers, post_content,
    post_rules::{self, Draft},
    post_update,
};
use crate::{received::LinkedInPost, webhooks, world::World};

/// Longest text a reader sees, in UTF-16 units.
pub(super) const MAX_COMMENTARY: usize = 3000;
/// How long the same text by the same author counts as a duplicate, in milliseconds.
const DUPLICATE_WINDOW: i64 = 10 * 60 * 1000;
/// The resource's name in messages about permissions.
pub(super) const RESOURCE: &str = "partnerApiPostsExternal";

pub(super) fn route(call: &mut Call<'_>, key: &[&str]) -> Result<Response, ApiError> {
    match (key, call.request.method.clone()) {
        ([], Method::POST) => {
            expect_method(call, "create")?;
            create(call)
        }
        ([], Method::GET) if call.query.has("ids") => post_answers::several(call),
        ([], Method::GET) => post_answers::found(call),
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            post_answers::one(call, &urn(key)?)
        }
        ([key], Method::POST) => {
            let post = urn(key)?;
            demand_method(call, "partial_update")?;
            post_update::update(call, &post)
        }
        ([key], Method::DELETE) => delete(call, &urn(key)?),
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

fn create(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let mut body = json_object(call)?;
    let draft = post_rules::check(&body)?;
    access::may_make(call, &draft.author, (RESOURCE, "CREATE"), "/author")?;
    let reading = little_text::read(&draft.commentary);
    if reading.visible.encode_utf16().count() > MAX_COMMENTARY {
        let why = format!("at most {MAX_COMMENTARY} characters");
        return Err(ApiError::field("FIELD_LENGTH_TOO_LONG", "/commentary", &why));
    }
    refuse_duplicate(call, &draft)?;
    if let Some(Value::Object(content)) = body.get("content") {
        for (path, urn) in post_content::uploads(content) {
            media::usable(call.state, &urn, draft.author.urn(), &path)?;
        }
    }
    if let Some(parent) = &draft.parent {
        let root = root_of(call, parent)?;
        body.insert("reshareContext".to_owned(), json!({"parent": parent, "root": root}));
    }
    let post = store(call, draft, &reading, body);
    if access::is_organization(&post.author) {
        webhooks::linkedin::post_made(call.shared, call.state, &post);
    }
    Ok(created(call.state, "posts", &post.urn))
}

/// Where a chain of reshares began. The parent must exist and may be reshared.
fn root_of(call: &Call<'_>, parent: &str) -> Result<String, ApiError> {
    let path = "/reshareContext/parent";
    let Some(known) = known_posts::find(call.state, parent) else {
        return Err(ApiError::field("INVALID_URN_ID", path, "no such post"));
    };
    if !known.may_be_reshared {
        return Err(ApiError::field(
            "INVALID_VALUE_FOR_FIELD",
            path,
            "its author does not want the post reshared",
        ));
    }
    Ok(known.root.unwrap_or(known.urn))
}

/// The same text again within ten minutes; deleting the first post does not help.
fn refuse_duplicate(call: &Call<'_>, draft: &Draft) -> Result<(), ApiError> {
    let since = call.state.now().saturating_sub(DUPLICATE_WINDOW);
    let author = draft.author.urn();
    let same = |post: &&LinkedInPost| {
        post.created_at > since && post.author == author && post.commentary == draft.commentary
    };
    match call.state.linkedin_posts.iter().find(same) {
        Some(post) if !draft.commentary.trim().is_empty() => {
            let message = format!("Content is a duplicate of {}", post.urn);
            Err(ApiError::new(422, message)
                .code("UNPROCESSABLE_ENTITY")
                .input("DUPLICATE_POST", "/commentary"))
        }
        _ => Ok(()),
    }
}

/// The mentions that become links: those whose name is right.
pub(super) fn linked(world: &World, reading: &Reading) -> Vec<String> {
    let mentions = reading.mentions.iter().filter(|mention| {
        let mut organizations = world.organizations.iter();
        organizations
            .any(|organization| organization.urn() == mention.urn && organization.name == mention.name)
            || world.linkedin_members().any(|member| {
                let names = [member.name(), member.given_name.clone(), member.family_name.clone()];
                mention.urn == member.urn() && names.contains(&mention.name)
            })
    });
    mentions.map(|mention| mention.urn.clone()).collect()
}

fn store(call: &mut Call<'_>, draft: Draft, reading: &Reading, body: Map<String, Value>) -> LinkedInPost {
    let created_at = call.state.now();
    let number = i64::try_from(call.state.number()).unwrap_or_default();
    // Ids are snowflakes: the upper bits are the milliseconds, the lower 22 tell posts of one moment apart.
    let id = (created_at << 22) | (number & 0x3f_ffff);
    let kind = if draft.is_ugc { "ugcPost" } else { "share" };
    let post = LinkedInPost {
        urn: format!("urn:li:{kind}:{id}"),
        author: draft.author.urn().to_owned(),
        mentions: linked(&call.shared.config.world, reading),
        commentary: draft.commentary,
        visible_text: reading.visible.clone(),
        truncated: reading.truncated,
        visibility: draft.visibility,
        body: Value::Object(body),
        created_at,
        modified_at: created_at,
        edited: false,
        deleted: false,
    };
    call.state.linkedin_posts.push(post.clone());
    post
}

/// Deleting what is gone already is fine too.
fn delete(call: &mut Call<'_>, urn: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let found = call.state.linkedin_posts.iter().find(|post| post.urn == urn);
    let author = found.map(|post| post.author.clone()).ok_or_else(ApiError::not_found)?;
    let scope = if access::is_organization(&author) { "w_organization_social" } else { "w_member_social" };
    if !call.claims.has_scope(scope) || !access::posts_for(call, &author) {
        return Err(ApiError::denied(RESOURCE, "DELETE", Some(&call.version)));
    }
    if let Some(post) = call.state.linkedin_posts.iter_mut().find(|post| post.urn == urn) {
        post.deleted = true;
    }
    Ok(no_content(call.state))
}
