//! One comment.

use serde_json::{Value, json};

use super::{Held, thread::comment_urn};
use crate::state::State;

/// A comment on a post, or an answer to a comment.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) id: String,
    /// The number of the post.
    pub(super) post: String,
    /// The comment it answers.
    pub(super) parent: Option<String>,
    pub(super) actor: String,
    /// The member who speaks for an organization.
    agent: Option<String>,
    pub(super) text: String,
    /// Mentions, as they were sent.
    pub(super) attributes: Value,
    /// Images, as they were sent.
    pub(super) content: Value,
    created: i64,
    pub(super) modified: i64,
}

impl Comment {
    pub(super) fn new(
        state: &mut State,
        post: &str,
        parent: Option<String>,
        actor: &str,
        agent: Option<String>,
        text: &str,
    ) -> Self {
        let now = state.now();
        let number = i64::try_from(state.number()).unwrap_or_default();
        Self {
            id: ((now << 22) | (number & 0x3f_ffff)).to_string(),
            post: post.to_owned(),
            parent,
            actor: actor.to_owned(),
            agent,
            text: text.to_owned(),
            attributes: json!([]),
            content: json!([]),
            created: now,
            modified: now,
        }
    }

    pub(super) fn urn(&self) -> String {
        comment_urn(&self.post, &self.id)
    }

    /// What a read answers to this member.
    pub(super) fn represent(&self, held: &Held, member: &str) -> Value {
        let likes = held
            .reactions
            .iter()
            .filter(|reaction| reaction.post == self.post && reaction.comment.as_ref() == Some(&self.id));
        let likes: Vec<&str> = likes.map(|reaction| reaction.actor.as_str()).collect();
        let answers =
            held.comments.iter().filter(|comment| comment.parent.as_ref() == Some(&self.id)).count();
        let stamp = |time: i64| match &self.agent {
            Some(agent) => json!({"actor": self.actor, "impersonator": agent, "time": time}),
            None => json!({"actor": self.actor, "time": time}),
        };
        let mut value = json!({
            "id": self.id,
            "commentUrn": self.urn(),
            "$URN": self.urn(),
            "actor": self.actor,
            "object": format!("urn:li:activity:{}", self.post),
            "message": {"text": self.text, "attributes": self.attributes},
            "created": stamp(self.created),
            "lastModified": stamp(self.modified),
            "likesSummary": {
                "totalLikes": likes.len(),
                "aggregatedTotalLikes": likes.len(),
                "likedByCurrentUser": likes.contains(&member),
                "selectedLikes": [],
            },
            "commentsSummary": {
                "totalFirstLevelComments": answers,
                "aggregatedTotalComments": answers,
                "selectedComments": [],
            },
        });
        if let Some(fields) = value.as_object_mut() {
            if let Some(agent) = &self.agent {
                fields.insert("agent".to_owned(), json!(agent));
            }
            if let Some(parent) = &self.parent {
                fields.insert("parentComment".to_owned(), json!(comment_urn(&self.post, parent)));
            }
            if self.content.as_array().is_some_and(|content| !content.is_empty()) {
                fields.insert("content".to_owned(), self.content.clone());
            }
        }
        value
    }
}
