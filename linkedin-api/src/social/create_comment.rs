//! Writing a comment.

use http::Method;
use serde::Serialize;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::{Comment, CommentText};
use crate::client::Versioned;
use crate::created;
use crate::guard::rules;
use crate::method::RestliMethod;
use crate::restli::RestliValue;
use crate::urn::{ActorUrn, CommentUrn, ImageUrn, SocialTarget};

/// Comments on a post, or replies to a comment: `POST /rest/socialActions/{target}/comments` (LinkedIn: Comments API).
///
/// Needs `w_member_social_feed` for a member as actor; for an organization `w_organization_social_feed` and the role of
/// administrator, direct sponsored content poster or recruiting poster. An app that has `w_member_social` alone is
/// refused here with 403: see [`self_serve`](Self::self_serve).
///
/// LinkedIn documents no longest text. Beyond 1250 UTF-16 units a warning comes, or beyond
/// [`max_length`](Self::max_length). Never repeated once it may have reached LinkedIn.
///
/// ```
/// use sociogram_linkedin_api::{CommentUrn, PersonUrn, PostUrn};
/// use sociogram_linkedin_api::social::{CommentText, CreateComment};
///
/// let me = PersonUrn::from_id("a1").unwrap();
/// let post: PostUrn = "urn:li:share:1".parse().unwrap();
/// let comment = CreateComment::new(me.clone(), post, "Well said (again)");
/// assert!(comment.check().is_empty());
///
/// let first: CommentUrn = "urn:li:comment:(urn:li:activity:1,2)".parse().unwrap();
/// let text = CommentText::text("Thank you, ").mention("Ada", PersonUrn::from_id("b2").unwrap());
/// assert!(CreateComment::new(me, first, text).check().is_empty());
/// ```
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct CreateComment {
    actor: ActorUrn,
    target: SocialTarget,
    object: Option<SocialTarget>,
    text: CommentText,
    image: Option<ImageUrn>,
    self_serve: bool,
    most: usize,
}

impl CreateComment {
    /// A comment on a post or an activity; on a comment it is a reply.
    pub fn new(
        actor: impl Into<ActorUrn>,
        target: impl Into<SocialTarget>,
        text: impl Into<CommentText>,
    ) -> Self {
        Self {
            actor: actor.into(),
            target: target.into(),
            object: None,
            text: text.into(),
            image: None,
            self_serve: false,
            most: rules::MAX_COMMENT,
        }
    }

    /// Names the activity of the post in the body, where it is known. Unless told, the body names the post of the path.
    pub fn object(mut self, object: impl Into<SocialTarget>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Shows an uploaded image. LinkedIn refuses it to some apps.
    pub fn image(mut self, image: ImageUrn) -> Self {
        self.image = Some(image);
        self
    }

    /// Sends it to `/v2/socialActions/{target}/comments`, without a version, for a token that has `w_member_social` and no
    /// more. LinkedIn has announced the end of the unversioned API without a date, so ask for Community Management if you
    /// can. For members only.
    pub const fn self_serve(mut self, self_serve: bool) -> Self {
        self.self_serve = self_serve;
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
        if self.text.is_blank() && self.image.is_none() {
            findings.push(rules::COMMENT_EMPTY.finding("message.text"));
        }
        if self.image.is_some() {
            findings.push(rules::COMMENT_IMAGE.finding("content"));
        }
        if self.self_serve && matches!(self.actor, ActorUrn::Organization(_)) {
            findings.push(rules::COMMENT_SELF_SERVE.finding("actor"));
        }
        findings
    }

    fn body(&self) -> Body<'_> {
        let image = self.image.as_ref();
        Body {
            actor: &self.actor,
            object: self.object.clone().unwrap_or_else(|| root(&self.target)),
            message: &self.text,
            content: image.map(|image| [Content { entity: Entity { image } }]),
            parent_comment: match &self.target {
                SocialTarget::Comment(comment) => Some(comment),
                SocialTarget::Post(_) | SocialTarget::Activity(_) => None,
            },
        }
    }
}

/// The post below which a comment stands, however deep.
fn root(target: &SocialTarget) -> SocialTarget {
    let mut root = target.clone();
    // A URN is short, so this ends soon; a parent is always shorter than its comment.
    while let SocialTarget::Comment(comment) = &root {
        let parent = comment.parent();
        if parent == root {
            break;
        }
        root = parent;
    }
    root
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'b> {
    actor: &'b ActorUrn,
    object: SocialTarget,
    message: &'b CommentText,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<[Content<'b>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_comment: Option<&'b CommentUrn>,
}

#[derive(Serialize)]
struct Content<'b> {
    entity: Entity<'b>,
}

#[derive(Serialize)]
struct Entity<'b> {
    image: &'b ImageUrn,
}

impl Endpoint for CreateComment {
    type Output = CreatedComment;

    const NAME: &'static str = "linkedin.comments.create";
    const METHOD: Method = Method::POST;
    // The first segment is a parameter because the fall-back has another one.
    const PATH: &'static str = "/{api}/socialActions/{target}/comments";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] =
        &[scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED, scope::W_MEMBER_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        RestliMethod::Create.mark(parts);
        parts.encoded_path("api", if self.self_serve { "v2" } else { "rest" });
        parts.encoded_path("target", RestliValue::from(&self.target).encode());
        parts.json(&self.body())?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.target.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        if self.self_serve { operation } else { operation.with(Versioned) }
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedComment, DecodeError> {
        let comment: Comment = response.json().unwrap_or_default();
        let named = created::id::<String>(response);
        let named = named
            .or_else(|error| comment.comment_urn.as_ref().map(|urn| urn.as_str().to_owned()).ok_or(error))?;
        let whole = CommentUrn::parse(&named).ok();
        let id = whole.as_ref().map_or(named.as_str(), CommentUrn::comment_id).to_owned();
        let parent = || comment.object.clone().unwrap_or_else(|| root(&self.target));
        let urn = comment.comment_urn.clone().or(whole).or_else(|| CommentUrn::new(&parent(), &id).ok());
        Ok(CreatedComment { id, urn, comment })
    }
}

/// A comment that now exists.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedComment {
    /// Its own id below the post.
    pub id: String,
    /// Its whole id: as LinkedIn gave it, else put together.
    pub urn: Option<CommentUrn>,
    /// The comment, as far as the answer tells.
    pub comment: Comment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::urn::{OrganizationUrn, PersonUrn};

    fn target(urn: &str) -> SocialTarget {
        SocialTarget::parse(urn).unwrap()
    }

    fn rules(comment: &CreateComment) -> Vec<&'static str> {
        comment.check().iter().map(Finding::rule).collect()
    }

    #[test]
    fn the_object_is_the_post_however_deep_the_reply() {
        for (at, object) in [
            ("urn:li:share:1", "urn:li:share:1"),
            ("urn:li:comment:(urn:li:activity:1,2)", "urn:li:activity:1"),
            ("urn:li:comment:(urn:li:comment:(urn:li:ugcPost:1,2),3)", "urn:li:ugcPost:1"),
        ] {
            assert_eq!(root(&target(at)).as_str(), object, "{at}");
        }
    }

    #[test]
    fn what_can_be_told_beforehand_is_told() {
        let me = PersonUrn::from_id("a").unwrap();
        let page = OrganizationUrn::from_id("5").unwrap();
        let post = || target("urn:li:share:1");
        let image = ImageUrn::from_id("i").unwrap();
        assert_eq!(rules(&CreateComment::new(me.clone(), post(), " ")), ["linkedin.comment.empty"]);
        assert_eq!(
            rules(&CreateComment::new(me.clone(), post(), "").image(image)),
            ["linkedin.comment.image"]
        );
        assert_eq!(
            rules(&CreateComment::new(page, post(), "Hi").self_serve(true)),
            ["linkedin.comment.self_serve"]
        );
        let long = CreateComment::new(me, post(), "x".repeat(1251));
        assert_eq!(rules(&long), ["linkedin.comment.length"]);
        assert!(!crate::guard::blocks(&long.check()));
        assert!(long.max_length(3000).check().is_empty());
    }

    #[test]
    fn the_text_is_not_printed() {
        let me = PersonUrn::from_id("a").unwrap();
        assert!(
            !format!("{:?}", CreateComment::new(me, target("urn:li:share:1"), "SEKRET")).contains("SEKRET")
        );
    }
}
