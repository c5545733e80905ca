//! What reads of posts answer.

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    access,
    answer::{ApiError, batch, entity},
    api::{Call, collection, urn},
    little_text,
    post_rules::AD_TYPES,
    posts::RESOURCE,
};
use crate::received::LinkedInPost;

/// The post as a read answers it: the text that was kept, and what the platform adds.
fn represent(post: &LinkedInPost) -> Value {
    let mut fields = post.body.as_object().cloned().unwrap_or_default();
    fields.insert("id".to_owned(), json!(post.urn));
    fields.insert("commentary".to_owned(), json!(little_text::read(&post.commentary).kept));
    for name in ["createdAt", "publishedAt"] {
        fields.insert(name.to_owned(), json!(post.created_at));
    }
    fields.insert("lastModifiedAt".to_owned(), json!(post.modified_at));
    fields.entry("isReshareDisabledByAuthor").or_insert(json!(false));
    let info = json!({"contentStatus": "SUCCEEDED", "isEditedByAuthor": post.edited});
    fields.insert("lifecycleStateInfo".to_owned(), info);
    let mut body = Value::Object(fields);
    if let Some(poll) = body.pointer_mut("/content/poll").and_then(Value::as_object_mut) {
        poll.insert("uniqueVotersCount".to_owned(), json!(0));
        for option in poll.get_mut("options").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(option) = option.as_object_mut() {
                option.insert("voteCount".to_owned(), json!(0));
                option.insert("isVotedByViewer".to_owned(), json!(false));
            }
        }
    }
    body
}

/// Whether the token may read what this author posted.
fn may_read(call: &Call<'_>, author: &str, method: &str) -> Result<(), ApiError> {
    let scope = if access::is_organization(author) { "r_organization_social" } else { "r_member_social" };
    if call.claims.has_scope(scope) && access::posts_for(call, author) {
        return Ok(());
    }
    Err(ApiError::denied(RESOURCE, method, Some(&call.version)))
}

/// Checks through whose eyes the posts are read.
fn check_context(call: &Call<'_>) -> Result<(), ApiError> {
    match call.query.text("viewContext")?.as_deref() {
        None | Some("AUTHOR" | "READER") => Ok(()),
        Some(_) => Err(ApiError::illegal_argument("Parameter 'viewContext' is invalid")),
    }
}

fn readable(call: &Call<'_>, urn: &str, method: &str) -> Result<Value, ApiError> {
    let found = call.state.linkedin_posts.iter().find(|post| post.urn == urn && !post.deleted);
    let post = found.ok_or_else(ApiError::not_found)?;
    may_read(call, &post.author, method)?;
    Ok(represent(post))
}

pub(crate) fn one(call: &mut Call<'_>, urn: &str) -> Result<Response, ApiError> {
    call.query.only(&["viewContext"])?;
    check_context(call)?;
    let post = readable(call, urn, "GET")?;
    Ok(entity(call.state, &post))
}

/// Each key has its own fate; a deleted post has none.
pub(crate) fn several(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["ids", "viewContext"])?;
    check_context(call)?;
    let ids = call.query.texts("ids")?.unwrap_or_default();
    let is_post = |id: &String| id.starts_with("urn:li:share:") || id.starts_with("urn:li:ugcPost:");
    if ids.is_empty() || !ids.iter().all(is_post) {
        return Err(ApiError::illegal_argument("Parameter 'ids' is invalid"));
    }
    let gone = |id: &String| call.state.linkedin_posts.iter().any(|post| post.deleted && post.urn == *id);
    let fates = ids.iter().filter(|id| !gone(id)).map(|id| (id.clone(), readable(call, id, "BATCH_GET")));
    let fates = fates.collect();
    Ok(batch(call.state, fates))
}

/// The finders `author` and `dscAdAccount`, newest first.
pub(crate) fn found(call: &mut Call<'_>) -> Result<Response, ApiError> {
    match call.query.text("q")?.as_deref() {
        Some("author") => by_author(call),
        Some("dscAdAccount") => by_account(call),
        Some(_) => Err(ApiError::illegal_argument("Parameter 'q' is invalid: author or dscAdAccount")),
        None => Err(ApiError::method_not_allowed()),
    }
}

fn by_author(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["q", "author", "start", "count", "sortBy", "isDsc", "viewContext"])?;
    check_context(call)?;
    let author = call.query.required("author")?;
    if urn(&super::restli::encode(&author)).is_err() {
        return Err(ApiError::illegal_argument("Parameter 'author' is invalid"));
    }
    let by_change = match call.query.text("sortBy")?.as_deref() {
        None | Some("LAST_MODIFIED") => true,
        Some("CREATED") => false,
        Some(_) => return Err(ApiError::illegal_argument("Parameter 'sortBy' is invalid")),
    };
    let sponsored = call.query.flag("isDsc")?;
    may_read(call, &author, "FINDER-author")?;
    let mut posts: Vec<&LinkedInPost> = call
        .state
        .linkedin_posts
        .iter()
        .rev()
        .filter(|post| post.author == author && !post.deleted)
        .collect();
    posts.retain(|post| sponsored.is_none_or(|wanted| wanted == is_sponsored(post)));
    if by_change {
        posts.sort_by_key(|post| std::cmp::Reverse(post.modified_at));
    }
    let elements: Vec<Value> = posts.into_iter().map(represent).collect();
    collection(call, &elements)
}

/// A post made for ads only.
fn is_sponsored(post: &LinkedInPost) -> bool {
    post.body.pointer("/adContext/isDsc").and_then(Value::as_bool) == Some(true)
}

fn by_account(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["q", "dscAdAccount", "dscAdTypes", "start", "count", "sortBy", "viewContext"])?;
    check_context(call)?;
    let account = call.query.required("dscAdAccount")?;
    if !super::post_rules::is_urn(&account, &["sponsoredAccount"]) {
        return Err(ApiError::illegal_argument("Parameter 'dscAdAccount' is invalid"));
    }
    let types = call.query.texts("dscAdTypes")?;
    if types.iter().flatten().any(|kind| !AD_TYPES.contains(&kind.as_str())) {
        return Err(ApiError::illegal_argument("Parameter 'dscAdTypes' is invalid"));
    }
    if !call.claims.has_scope("r_organization_social") {
        return Err(ApiError::denied(RESOURCE, "FINDER-dscAdAccount", Some(&call.version)));
    }
    let field = |post: &LinkedInPost, name: &str| {
        post.body.pointer(&format!("/adContext/{name}")).and_then(Value::as_str).map(str::to_owned)
    };
    let wanted = |post: &&LinkedInPost| {
        let kind = field(post, "dscAdType").unwrap_or_default();
        !post.deleted
            && field(post, "dscAdAccount").as_deref() == Some(account.as_str())
            && types.as_ref().is_none_or(|types| types.contains(&kind))
            && access::posts_for(call, &post.author)
    };
    let elements: Vec<Value> = call.state.linkedin_posts.iter().rev().filter(wanted).map(represent).collect();
    collection(call, &elements)
}
