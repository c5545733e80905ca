//! Comments on what the account has published, and answers to them.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Object,
    access::{Access, Need},
    page_links,
    selection::{self, Kind},
};
use crate::clock::graph_time;

const MAX_MESSAGE: usize = 300;
/// Fields of a comment when the call names none.
const DEFAULT: &str = "timestamp,text,id";

/// A comment or a reply.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) media: String,
    /// The comment it answers.
    pub(super) parent: Option<String>,
    pub(super) author: String,
    pub(super) author_id: String,
    pub(super) text: String,
    /// Seconds; what lies ahead of the clock has not happened yet.
    pub(super) created_at: i64,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
}

/// In the order they were written.
fn visible<'c>(call: &'c Call<'_>, media: &str) -> impl DoubleEndedIterator<Item = &'c Comment> {
    let now = call.state.now_seconds();
    let comments = call.state.areas.instagram.comments.iter();
    let mut seen: Vec<&Comment> =
        comments.filter(|one| one.media == media && !one.deleted && one.created_at <= now).collect();
    seen.sort_by_key(|one| one.created_at);
    seen.into_iter()
}

/// How many comments there are, answers included.
pub(super) fn count(call: &Call<'_>, media: &str) -> usize {
    visible(call, media).count()
}

/// The comments of a media with all their fields, newest first.
pub(super) fn values_of(call: &Call<'_>, media: &str) -> Vec<Value> {
    let comments = visible(call, media).filter(|one| one.parent.is_none());
    comments.rev().map(|comment| Value::Object(fields_of(call, comment))).collect()
}

pub(super) fn fields_of(call: &Call<'_>, comment: &Comment) -> Object {
    let mut object = Object::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(comment.id));
    put("text", json!(comment.text));
    put("timestamp", json!(graph_time(comment.created_at)));
    put("username", json!(comment.author));
    put("from", json!({"id": comment.author_id, "username": comment.author}));
    put("like_count", json!(call.state.areas.instagram.likes_of(&comment.id)));
    put("hidden", json!(comment.hidden));
    let owner = call.state.areas.instagram.owner_of_media(&comment.media).unwrap_or_default();
    if owner == comment.author_id {
        put("user", json!({"id": comment.author_id}));
    }
    put("media", json!({"id": comment.media}));
    if let Some(parent) = &comment.parent {
        put("parent_id", json!(parent));
    } else {
        let replies = visible(call, &comment.media).filter(|one| one.parent.as_ref() == Some(&comment.id));
        let replies: Vec<Value> = replies.map(|one| Value::Object(fields_of(call, one))).collect();
        if !replies.is_empty() {
            put("replies", json!({ "data": replies }));
        }
    }
    object
}

pub(super) fn of_media(call: &mut Call<'_>, access: &Access, media: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    let fields = selection::asked(call, DEFAULT)?;
    let comments = visible(call, media).filter(|one| one.parent.is_none());
    let values = comments.rev().map(|one| select(call, one, &fields)).collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, &format!("{media}/comments"), &values, &[])
}

pub(super) fn replies(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    let fields = selection::asked(call, DEFAULT)?;
    let media = find(call, id)?.media.clone();
    let replies = visible(call, &media).filter(|one| one.parent.as_deref() == Some(id));
    let values = replies.map(|one| select(call, one, &fields)).collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, &format!("{id}/replies"), &values, &[])
}

fn select(call: &Call<'_>, comment: &Comment, fields: &[selection::Field]) -> Outcome {
    selection::apply(Kind::Comment, &fields_of(call, comment), fields)
}

/// A comment that can be seen now.
fn find<'c>(call: &'c Call<'_>, id: &str) -> Result<&'c Comment, GraphError> {
    let now = call.state.now_seconds();
    let mut comments = call.state.areas.instagram.comments.iter();
    let found = comments.find(|one| one.id == id && !one.deleted && one.created_at <= now);
    found.ok_or_else(|| GraphError::unsupported(&call.request.method, id))
}

pub(super) fn read(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    select(call, find(call, id)?, &selection::asked(call, DEFAULT)?)
}

pub(super) fn write(call: &mut Call<'_>, access: &Access, media: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&["message"])?;
    let text = message(call)?;
    add(call, access, media, None, text)
}

pub(super) fn reply(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&["message"])?;
    let text = message(call)?;
    let comment = find(call, id)?;
    // An answer to an answer hangs below the same comment.
    let (media, parent) = (comment.media.clone(), comment.parent.clone().unwrap_or_else(|| id.to_owned()));
    add(call, access, &media, Some(parent), text)
}

pub(super) fn message(call: &Call<'_>) -> Result<String, GraphError> {
    let text = call.params.required("message")?;
    if text.trim().is_empty() {
        return Err(GraphError::parameter("The parameter message is required."));
    }
    if text.chars().count() > MAX_MESSAGE {
        return Err(GraphError::parameter("Param message is too long: at most 300 characters."));
    }
    Ok(text)
}

/// Adds a comment of the account that calls.
pub(super) fn add(
    call: &mut Call<'_>,
    access: &Access,
    media: &str,
    parent: Option<String>,
    text: String,
) -> Outcome {
    let found = call.state.areas.instagram.media.iter().find(|one| one.id == media && !one.deleted);
    if found.is_none_or(|media| !media.comments_enabled) {
        return Err(GraphError::parameter("Comments are turned off for this media."));
    }
    let accounts = &call.shared.config.world.instagram;
    let author = accounts.iter().find(|account| account.user_id == access.account);
    let author = author.map(|account| account.username.clone()).unwrap_or_default();
    let id = format!("1787{:013}", call.state.number());
    let created_at = call.state.now_seconds();
    call.state.areas.instagram.comments.push(Comment {
        id: id.clone(),
        media: media.to_owned(),
        parent,
        author,
        author_id: access.account.clone(),
        text,
        created_at,
        hidden: false,
        deleted: false,
    });
    Ok(json!({ "id": id }))
}

pub(super) fn hide(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&["hide"])?;
    let hide = call.params.boolean("hide")?;
    let hide = hide.ok_or_else(|| GraphError::parameter("The parameter hide is required."))?;
    find(call, id)?;
    for comment in call.state.areas.instagram.comments.iter_mut().filter(|one| one.id == id) {
        // The account's own comments stay visible whatever is asked.
        comment.hidden = hide && comment.author_id != access.account;
    }
    Ok(json!({"success": true}))
}

pub(super) fn delete(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&[])?;
    find(call, id)?;
    for comment in &mut call.state.areas.instagram.comments {
        if comment.id == id || comment.parent.as_deref() == Some(id) {
            comment.deleted = true;
        }
    }
    Ok(json!({"success": true}))
}
