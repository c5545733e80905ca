//! Changing a comment.

use http::Method;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::CommentText;
use crate::created;
use crate::endpoint::Params;
use crate::guard::rules;
use crate::method::RestliMethod;
use crate::patch::Patch;
use crate::urn::{ActorUrn, CommentUrn, SocialTarget};

/// Changes the text of a comment: `POST /rest/socialActions/{target}/comments/{id}?actor=…` with
/// `X-RestLi-Method: PARTIAL_UPDATE` (LinkedIn: Comments API, "Edit a comment").
///
/// Only who wrote it can change it. Scopes, roles and length as for [`CreateComment`](super::CreateComment). Sending it
/// again has no further effect.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct UpdateComment {
    target: SocialTarget,
    id: String,
    actor: ActorUrn,
    text: CommentText,
    clears: bool,
    most: usize,
}

impl UpdateComment {
    /// The comment with this id below a post or an activity.
    pub fn new(
        target: impl Into<SocialTarget>,
        id: impl Into<String>,
        actor: impl Into<ActorUrn>,
        text: impl Into<CommentText>,
    ) -> Self {
        Self {
            target: target.into(),
            id: id.into(),
            actor: actor.into(),
            text: text.into(),
            clears: false,
            most: rules::MAX_COMMENT,
        }
    }

    /// The same by its whole id.
    pub fn of(comment: &CommentUrn, actor: impl Into<ActorUrn>, text: impl Into<CommentText>) -> Self {
        Self::new(comment.parent(), comment.comment_id(), actor, text)
    }

    /// Takes the mentions away that the comment had, when the new text has none. Otherwise only the text is set, as in
    /// LinkedIn's example, and old mentions may stay at their places.
    pub const fn clear_mentions(mut self) -> Self {
        self.clears = true;
        self
    }

    /// The longest text without a warning, in UTF-16 units; 1250 unless told.
    pub const fn max_length(mut self, utf16_units: usize) -> Self {
        self.most = utf16_units;
        self
    }

    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.text.check(self.most);
        if self.text.is_blank() {
            findings.push(rules::COMMENT_EMPTY.finding("message.text"));
        }
        findings
    }

    fn patch(&self) -> Patch {
        let patch = Patch::new().inside("message", "text", self.text.to_string());
        let attributes = self.text.attributes();
        if attributes.is_empty() && !self.clears {
            return patch;
        }
        // URNs and numbers can always be written.
        let attributes = serde_json::to_value(attributes).unwrap_or(Value::Null);
        patch.inside("message", "attributes", attributes)
    }
}

impl Endpoint for UpdateComment {
    type Output = ();

    const NAME: &'static str = "linkedin.comments.update";
    const METHOD: Method = RestliMethod::PartialUpdate.http_method();
    const PATH: &'static str = "/rest/socialActions/{target}/comments/{id}";
    // It only sets fields, so a second time changes nothing.
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, RestliMethod::PartialUpdate, true);
        params.put("target", &self.target);
        params.put("id", &self.id);
        params.query("actor", &self.actor);
        params.finish();
        parts.json(&self.patch())?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.target.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        created::nothing(self, response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_cannot_be_emptied() {
        let comment = CommentUrn::parse("urn:li:comment:(urn:li:activity:1,2)").unwrap();
        let actor = ActorUrn::parse("urn:li:person:a").unwrap();
        let rule = |text: &str| {
            let check = UpdateComment::of(&comment, actor.clone(), text).max_length(3).check();
            check.first().map(Finding::rule)
        };
        assert_eq!(rule(" "), Some("linkedin.comment.empty"));
        assert_eq!(rule("abcd"), Some("linkedin.comment.length"));
        assert_eq!(rule("abc"), None);
    }
}
