//! What comments and reactions are about: a post, or a comment on one.

use super::super::super::{
    answer::ApiError,
    known_posts::{self, Known},
};
use crate::state::State;

/// A post, or a comment on one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) post: Known,
    /// Id of the comment.
    pub(super) comment: Option<String>,
}

impl Thread {
    /// The way answers name it.
    pub(super) fn urn(&self) -> String {
        match &self.comment {
            Some(id) => comment_urn(&self.post.number, id),
            None => self.post.activity(),
        }
    }
}

/// `urn:li:comment:(urn:li:activity:{post},{id})`.
pub(super) fn comment_urn(post: &str, id: &str) -> String {
    format!("urn:li:comment:(urn:li:activity:{post},{id})")
}

/// Finds a share, ugcPost, activity or comment.
pub(super) fn find(state: &State, urn: &str) -> Result<Thread, ApiError> {
    let post = |urn: &str| known_posts::find(state, urn).ok_or_else(ApiError::not_found);
    let kind = urn.strip_prefix("urn:li:").and_then(|rest| rest.split(':').next()).unwrap_or_default();
    match kind {
        "share" | "ugcPost" | "activity" => Ok(Thread { post: post(urn)?, comment: None }),
        "comment" => {
            let inner = urn.strip_prefix("urn:li:comment:(").and_then(|rest| rest.strip_suffix(')'));
            let (outer, id) =
                inner.and_then(|inner| inner.rsplit_once(',')).ok_or_else(ApiError::not_found)?;
            let post = post(outer)?;
            let mut comments = state.linkedin.social.comments.iter();
            if comments.any(|comment| comment.id == id && comment.post == post.number) {
                return Ok(Thread { post, comment: Some(id.to_owned()) });
            }
            Err(ApiError::not_found())
        }
        _ => {
            Err(ApiError::new(400, format!("{urn} is not the URN of a post or comment"))
                .code("INVALID_URN_TYPE"))
        }
    }
}
