//! `/rest/posts`.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{
    answer::{ApiError, created, entity, no_content},
    api::{Call, collection},
    little_text::{self, Reading},
    post_rules::{self, Author, Draft},
};
use crate::{
    received::LinkedInPost,
    webhooks,
    world::{LinkedInOrganization, World},
};

/// Longest text a reader sees, in UTF-16 units.
const MAX_COMMENTARY: usize = 3000;
/// How long the same text by the same author counts as a duplicate, in milliseconds.
const DUPLICATE_WINDOW: i64 = 10 * 60 * 1000;
/// Roles that may post for an organization.
const POSTING_ROLES: [&str; 3] =
    ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"];
/// The resource's name in messages about permissions.
const RESOURCE: &str = "partnerApiPostsExternal";

pub(crate) fn create(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    if call.request.media_type().as_deref() != Some("application/json") {
        return Err(
            ApiError::new(415, "Content-Type must be application/json").code("UNSUPPORTED_MEDIA_TYPE")
        );
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(&call.request.body) else {
        return Err(ApiError::illegal_argument("Cannot parse request entity: it must be one JSON object"));
    };
    let draft = post_rules::check(&body)?;
    may_write(call, &draft.author)?;
    let reading = little_text::read(&draft.commentary);
    if reading.visible.encode_utf16().count() > MAX_COMMENTARY {
        let why = format!("at most {MAX_COMMENTARY} characters");
        return Err(ApiError::field("FIELD_LENGTH_TOO_LONG", "/commentary", &why));
    }
    refuse_duplicate(call, &draft)?;
    let post = store(call, draft, &reading, body);
    if post.author.starts_with("urn:li:organization:") {
        webhooks::linkedin::post_made(call.shared, call.state, &post);
    }
    Ok(created(call.state, "posts", &post.urn))
}

fn urn_of(author: &Author) -> &str {
    match author {
        Author::Person(urn) | Author::Organization(urn) => urn,
    }
}

fn organization<'a>(world: &'a World, urn: &str) -> Option<&'a LinkedInOrganization> {
    world.organizations.iter().find(|organization| organization.urn() == urn)
}

fn may_write(call: &Call<'_>, author: &Author) -> Result<(), ApiError> {
    let denied = || ApiError::denied(RESOURCE, "CREATE", Some(&call.version));
    let as_member = call.claims.has_scope("w_member_social");
    let as_organization = call.claims.has_scope("w_organization_social");
    let world = &call.shared.config.world;
    match author {
        Author::Person(_) if !as_member => Err(denied()),
        Author::Person(urn) if *urn != call.member.urn() => Err(not_yours()),
        Author::Person(_) => Ok(()),
        Author::Organization(_) if !as_organization && as_member => {
            Err(ApiError::new(400, "Organization permissions must be used when using organization as author")
                .service_code(0))
        }
        Author::Organization(_) if !as_organization => Err(denied()),
        Author::Organization(urn) => {
            let may_post = |organization: &LinkedInOrganization| {
                call.member.id == world.member.id
                    && organization.state == "APPROVED"
                    && POSTING_ROLES.contains(&organization.role.as_str())
            };
            if organization(world, urn).is_some_and(may_post) { Ok(()) } else { Err(not_yours()) }
        }
    }
}

fn not_yours() -> ApiError {
    ApiError::new(
        403,
        "Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/author]",
    )
    .code("ACCESS_DENIED")
    .service_code(100)
}

/// The same text again within ten minutes; deleting the first post does not help.
fn refuse_duplicate(call: &Call<'_>, draft: &Draft) -> Result<(), ApiError> {
    let since = call.state.now().saturating_sub(DUPLICATE_WINDOW);
    let author = urn_of(&draft.author);
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

fn store(call: &mut Call<'_>, draft: Draft, reading: &Reading, body: Map<String, Value>) -> LinkedInPost {
    let created_at = call.state.now();
    let number = i64::try_from(call.state.number()).unwrap_or_default();
    // Ids are snowflakes: the upper bits are the milliseconds, the lower 22 tell posts of one moment apart.
    let id = (created_at << 22) | (number & 0x3f_ffff);
    let kind = if draft.is_ugc { "ugcPost" } else { "share" };
    let world = &call.shared.config.world;
    let mentions = reading.mentions.iter().filter(|mention| {
        let of_organization =
            organization(world, &mention.urn).is_some_and(|found| found.name == mention.name);
        of_organization
            || world.linkedin_members().any(|member| {
                let names = [member.name(), member.given_name.clone(), member.family_name.clone()];
                mention.urn == member.urn() && names.contains(&mention.name)
            })
    });
    let post = LinkedInPost {
        urn: format!("urn:li:{kind}:{id}"),
        author: urn_of(&draft.author).to_owned(),
        mentions: mentions.map(|mention| mention.urn.clone()).collect(),
        commentary: draft.commentary,
        visible_text: reading.visible.clone(),
        truncated: reading.truncated,
        visibility: draft.visibility,
        body: Value::Object(body),
        created_at,
        deleted: false,
    };
    call.state.linkedin_posts.push(post.clone());
    post
}

/// The post as a read answers it: the text that was kept, and what the platform adds.
fn represent(post: &LinkedInPost) -> Value {
    let mut fields = post.body.as_object().cloned().unwrap_or_default();
    fields.insert("id".to_owned(), json!(post.urn));
    fields.insert("commentary".to_owned(), json!(little_text::read(&post.commentary).kept));
    for name in ["createdAt", "publishedAt", "lastModifiedAt"] {
        fields.insert(name.to_owned(), json!(post.created_at));
    }
    fields.entry("isReshareDisabledByAuthor").or_insert(json!(false));
    let info = json!({"contentStatus": "SUCCEEDED", "isEditedByAuthor": false});
    fields.insert("lifecycleStateInfo".to_owned(), info);
    Value::Object(fields)
}

fn may_read(call: &Call<'_>, author: &str, method: &str) -> Result<(), ApiError> {
    let scope =
        if author.starts_with("urn:li:organization:") { "r_organization_social" } else { "r_member_social" };
    if call.claims.has_scope(scope) && acts_for(call, author) {
        return Ok(());
    }
    Err(ApiError::denied(RESOURCE, method, Some(&call.version)))
}

/// Whether the author is the member of the token, or an organization of theirs.
fn acts_for(call: &Call<'_>, author: &str) -> bool {
    let has_organizations = call.member.id == call.shared.config.world.member.id;
    author == call.member.urn() || (author.starts_with("urn:li:organization:") && has_organizations)
}

pub(crate) fn read(call: &mut Call<'_>, urn: &str) -> Result<Response, ApiError> {
    call.query.only(&["viewContext"])?;
    if call.query.text("viewContext")?.is_some_and(|context| !matches!(context.as_str(), "AUTHOR" | "READER"))
    {
        return Err(ApiError::illegal_argument("Parameter 'viewContext' is invalid"));
    }
    let found = call.state.linkedin_posts.iter().find(|post| post.urn == urn && !post.deleted);
    let post = found.cloned().ok_or_else(ApiError::not_found)?;
    may_read(call, &post.author, "GET")?;
    Ok(entity(call.state, &represent(&post)))
}

/// Newest first.
pub(crate) fn by_author(call: &mut Call<'_>) -> Result<Response, ApiError> {
    if call.query.text("q")?.as_deref() != Some("author") {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid: the sandbox plays author"));
    }
    call.query.only(&["q", "author", "start", "count", "sortBy", "isDsc", "viewContext"])?;
    let author = call.query.text("author")?;
    let author = author.ok_or_else(|| ApiError::illegal_argument("Parameter 'author' is required"))?;
    may_read(call, &author, "FINDER-author")?;
    let posts = call.state.linkedin_posts.iter().rev().filter(|post| post.author == author && !post.deleted);
    let elements: Vec<Value> = posts.map(represent).collect();
    collection(call, &elements)
}

/// Deleting what is gone already is fine too.
pub(crate) fn delete(call: &mut Call<'_>, urn: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let Some(position) = call.state.linkedin_posts.iter().position(|post| post.urn == urn) else {
        return Err(ApiError::not_found());
    };
    let author = call.state.linkedin_posts.get(position).map(|post| post.author.clone()).unwrap_or_default();
    let scope =
        if author.starts_with("urn:li:organization:") { "w_organization_social" } else { "w_member_social" };
    if !call.claims.has_scope(scope) || !acts_for(call, &author) {
        return Err(ApiError::denied(RESOURCE, "DELETE", Some(&call.version)));
    }
    if let Some(post) = call.state.linkedin_posts.get_mut(position) {
        post.deleted = true;
    }
    Ok(no_content(call.state))
}
