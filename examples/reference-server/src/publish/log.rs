//! What was posted lately, to name the first post when a platform refuses a second one like it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use super::NewPost;

/// How many posts are remembered.
const KEPT: usize = 200;

/// The latest posts with their ids.
#[derive(Debug, Default)]
pub(crate) struct PostLog(Mutex<VecDeque<(NewPost, String)>>);

impl PostLog {
    pub(super) fn remember(&self, post: &NewPost, id: &str) {
        let mut posts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        posts.push_front((post.clone(), id.to_owned()));
        posts.truncate(KEPT);
    }

    /// The id of the latest post with the same text and link on the same account, whoever made it.
    pub(super) fn find(&self, post: &NewPost) -> Option<String> {
        let posts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |made: &NewPost| {
            (&made.account, &made.text, &made.link) == (&post.account, &post.text, &post.link)
        };
        posts.iter().find(|(made, _)| same(made)).map(|(_, id)| id.clone())
    }
}
