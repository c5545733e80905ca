//! Creating a post.

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::{
    AdContext, CallToAction, Content, Distribution, FeedDistribution, LifecycleState, PostContext, Targeting,
    Visibility, check,
};
use crate::created;
use crate::little_text::LittleText;
use crate::method::RestliMethod;
use crate::urn::{ActorUrn, PostUrn, Urn};

/// Creates a post: `POST /rest/posts` (LinkedIn: Posts API).
///
/// Needs `w_member_social` for a member as author, `w_organization_social` and the role of administrator, content
/// administrator or direct sponsored content poster for an organization. Self-serve apps have 150 calls for each member
/// and day.
///
/// Never repeated once it may have reached LinkedIn. The same text by the same author within about ten
/// minutes is refused as a duplicate; [`Error::existing_post`](crate::Error::existing_post) names the
/// first one. [`PublishPost`](super::PublishPost) waits for uploaded media and settles an outcome in doubt.
///
/// Serialised it is the body of its request.
///
/// ```
/// use sociogram_linkedin_api::{ImageUrn, LittleText, OrganizationUrn, PersonUrn};
/// use sociogram_linkedin_api::posts::{CreatePost, ImageContent, Visibility};
///
/// let author: PersonUrn = "urn:li:person:782bbtaQ".parse().unwrap();
/// let post = CreatePost::new(author, "Hello (again)").visibility(Visibility::Connections);
/// assert!(post.check().is_empty());
///
/// let page: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
/// assert_eq!(CreatePost::new(page.clone(), " ").check()[0].rule(), "linkedin.post.empty");
///
/// let image: ImageUrn = "urn:li:image:C5610AQFj6TdYowm8w".parse().unwrap();
/// let post = CreatePost::new(page, "Our office").content(ImageContent::new(image).alt_text("A desk"));
/// assert!(post.check().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct CreatePost {
    pub(super) author: ActorUrn,
    #[serde(with = "wire_text")]
    pub(super) commentary: LittleText,
    pub(super) visibility: Visibility,
    #[serde(default)]
    pub(super) distribution: Distribution,
    pub(super) lifecycle_state: LifecycleState,
    #[serde(default)]
    pub(super) is_reshare_disabled_by_author: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<Content>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_landing_page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_call_to_action_label: Option<CallToAction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ad_context: Option<AdContext>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<Urn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reshare_context: Option<Reshare>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reshare {
    pub(super) parent: PostUrn,
}

/// A commentary as it is sent.
mod wire_text {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer};

    use crate::little_text::LittleText;

    pub(super) fn serialize<S: Serializer>(text: &LittleText, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text.to_wire())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LittleText, D::Error> {
        Ok(LittleText::parse(&Cow::<str>::deserialize(deserializer)?))
    }
}

impl CreatePost {
    /// A public post. The author is the token's member, or an organization on which that member may post
    /// (see [`OrganizationAcl::can_post`](crate::organizations::OrganizationAcl::can_post)). Plain text is
    /// escaped, so `#word` stays text; build a [`LittleText`] for mentions and hashtags, for instance with
    /// [`LittleText::with_hashtags`]. With content or as a reshare it needs no text.
    pub fn new(author: impl Into<ActorUrn>, commentary: impl Into<LittleText>) -> Self {
        Self {
            author: author.into(),
            commentary: commentary.into(),
            visibility: Visibility::Public,
            distribution: Distribution::default(),
            lifecycle_state: LifecycleState::Published,
            is_reshare_disabled_by_author: false,
            content: None,
            content_landing_page: None,
            content_call_to_action_label: None,
            ad_context: None,
            container: None,
            reshare_context: None,
        }
    }

    /// Who may see it. `CONNECTIONS` is for members only.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Posts into a container, such as a group or an event, for those who are in it.
    pub fn container(mut self, container: impl Into<Urn>) -> Self {
        self.container = Some(container.into());
        self.visibility(Visibility::Container)
    }

    /// What it shows besides the text. Uploaded files belong to the author and are `AVAILABLE`.
    pub fn content(mut self, content: impl Into<Content>) -> Self {
        self.content = Some(content.into());
        self
    }

    /// In which feeds it appears.
    pub fn feed(mut self, feed: FeedDistribution) -> Self {
        self.distribution.feed = Some(feed);
        self
    }

    /// Only for members with these facets, more than 300 of them. For organizations only.
    pub fn target(mut self, audience: Targeting) -> Self {
        self.distribution.target_entities = vec![audience];
        self
    }

    /// A button, and the absolute web address to which it leads.
    pub fn call_to_action(mut self, label: CallToAction, landing_page: impl Into<String>) -> Self {
        self.content_call_to_action_label = Some(label);
        self.landing_page(landing_page)
    }

    /// Where a click on the content leads, without a button.
    pub fn landing_page(mut self, landing_page: impl Into<String>) -> Self {
        self.content_landing_page = Some(landing_page.into());
        self
    }

    /// Makes it an ad. Direct sponsored content is taken out of the feed.
    pub fn ad_context(mut self, ad: AdContext) -> Self {
        if ad.is_dsc == Some(true) {
            self.distribution.feed = Some(FeedDistribution::None);
        }
        self.ad_context = Some(ad);
        self
    }

    /// Shares another post. It can then have a text, and no content of its own.
    pub fn reshare_of(mut self, parent: PostUrn) -> Self {
        self.reshare_context = Some(Reshare { parent });
        self
    }

    /// In another state than published. LinkedIn documents no other one for creating.
    pub fn lifecycle_state(mut self, state: LifecycleState) -> Self {
        self.lifecycle_state = state;
        self
    }

    /// Nobody may share it further.
    pub fn disable_reshare(mut self) -> Self {
        self.is_reshare_disabled_by_author = true;
        self
    }

    /// Who posts.
    pub const fn author(&self) -> &ActorUrn {
        &self.author
    }

    /// The text.
    pub const fn text(&self) -> &LittleText {
        &self.commentary
    }

    /// The uploaded files it names: images, videos, documents. Each must be `AVAILABLE` before it is created.
    pub fn assets(&self) -> Vec<Urn> {
        let assets = self.content.iter().flat_map(Content::assets);
        assets.map(|(_, urn)| urn.clone()).collect()
    }

    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        check::check(self)
    }

    /// The same, and what follows from facts that only the caller knows: token, roles, uploaded files, time.
    pub fn check_with(&self, context: &PostContext) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(context.check(self));
        findings
    }
}

impl Endpoint for CreatePost {
    type Output = CreatedPost;

    const NAME: &'static str = "linkedin.posts.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/rest/posts";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        RestliMethod::Create.mark(parts);
        parts.json(self)?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.author.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        created::id(response).map(CreatedPost::new)
    }
}

/// A post that now exists. That it exists does not prove that it is visible yet.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedPost {
    /// Its id.
    pub urn: PostUrn,
    /// Its public page.
    pub url: String,
}

impl CreatedPost {
    fn new(urn: PostUrn) -> Self {
        Self { url: urn.url(), urn }
    }
}

#[cfg(test)]
mod tests;
