//! Comments, reactions and moderation on Pages.

mod blocked;
mod comment;
pub(crate) mod counts;
mod reactions;

use std::collections::BTreeSet;

use http::Method;

use self::comment::Comment;
use super::super::{Call, Outcome, answer::GraphError, caller::Caller};

/// What reading comments and reactions needs.
const READ: [&str; 2] = ["pages_read_engagement", "pages_read_user_content"];
/// What writing them needs.
const WRITE: [&str; 1] = ["pages_manage_engagement"];

/// What the platform holds of it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    comments: Vec<Comment>,
    /// Page and object it likes.
    likes: BTreeSet<(String, String)>,
    /// Page and person it has banned.
    blocked: BTreeSet<(String, String)>,
    /// How many webhook deliveries were looked through for comments of visitors.
    looked_through: usize,
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    comment::take_over(call);
    let method = call.request.method.clone();
    match *path {
        [page, "blocked"] if is_page(call, page) => Some(match method {
            Method::GET => blocked::list(call, page),
            Method::POST => blocked::add(call, page),
            Method::DELETE => blocked::remove(call, page),
            _ => no_such_method(call, page),
        }),
        [page, "moderate_conversations"] if is_page(call, page) => Some(match method {
            Method::POST => blocked::moderate(call, page),
            _ => no_such_method(call, page),
        }),
        [id] if comment::exists(call, id) => Some(match method {
            Method::GET => comment::read(call, id),
            Method::POST => comment::change(call, id),
            Method::DELETE => comment::delete(call, id),
            _ => no_such_method(call, id),
        }),
        [id, edge @ ("comments" | "likes" | "reactions")] => {
            let page = page_of(call, id)?;
            Some(match (edge, method) {
                ("comments", Method::GET) => comment::list(call, &page, id),
                ("comments", Method::POST) => comment::create(call, &page, id),
                ("likes", Method::POST) => reactions::like(call, &page, id),
                ("likes", Method::DELETE) => reactions::unlike(call, &page, id),
                ("likes" | "reactions", Method::GET) => reactions::list(call, &page, id, edge),
                _ => no_such_method(call, id),
            })
        }
        _ => None,
    }
}

fn is_page(call: &Call<'_>, id: &str) -> bool {
    call.shared.config.world.pages.iter().any(|page| page.id == id)
}

/// The Page on which this can be talked about: a post, a photo, a video or a comment.
fn page_of(call: &Call<'_>, id: &str) -> Option<String> {
    let post = call.state.posts.iter().find(|post| post.id == id && !post.deleted);
    let comment = || call.state.areas.page_talk.comments.iter().find(|comment| comment.id == id);
    let media = || call.state.areas.page_media.page_of(id);
    let page = post.map(|post| post.page_id.as_str());
    page.or_else(|| comment().map(|comment| comment.page.as_str())).or_else(media).map(str::to_owned)
}

/// Whether the caller is the Page and may do this.
fn allow(call: &mut Call<'_>, page: &str, permissions: &[&str]) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    caller.page(call, page, permissions).map(|_claims| ())
}

fn no_such_method(call: &Call<'_>, id: &str) -> Outcome {
    Err(GraphError::unsupported(&call.request.method, id))
}

/// Refuses a word that the parameter does not know.
fn one_of(call: &Call<'_>, name: &str, words: &[&str]) -> Result<Option<String>, GraphError> {
    let word = call.params.text(name)?;
    if word.as_deref().is_some_and(|word| !words.contains(&word)) {
        return Err(GraphError::parameter(format!("Param {name} must be one of {{{}}}.", words.join(", "))));
    }
    Ok(word)
}
