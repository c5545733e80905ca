//! Creating a post.

use http::Method;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::{LifecycleState, Visibility};
use crate::little_text::LittleText;
use crate::method::RestliMethod;
use crate::restli::{RestliValue, decode_id};
use crate::urn::{ActorUrn, PostUrn};

/// The longest commentary, in UTF-16 units of the displayed text.
pub const MAX_COMMENTARY: usize = 3000;

const FIELD: &str = "commentary";

/// Creates a text post.
///
/// Never repeated once it may have reached LinkedIn. The same text by the same author within about ten
/// minutes is refused as a duplicate; [`Error::existing_post`](crate::Error::existing_post) names the
/// first one.
///
/// ```
/// use sociogram_linkedin_api::{LittleText, OrganizationUrn, PersonUrn};
/// use sociogram_linkedin_api::posts::{CreatePost, Visibility};
///
/// let author: PersonUrn = "urn:li:person:782bbtaQ".parse().unwrap();
/// let post = CreatePost::new(author, "Hello (again)").visibility(Visibility::Connections);
/// assert!(post.check().is_empty());
///
/// let page: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
/// assert_eq!(CreatePost::new(page, " ").check()[0].rule(), "linkedin.post.empty");
/// ```
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct CreatePost {
    author: ActorUrn,
    commentary: LittleText,
    visibility: Visibility,
    reshare_disabled: bool,
}

impl CreatePost {
    /// A public post. The author is the token's member, or an organization on which that member may post
    /// (see [`OrganizationAcl::can_post`](crate::organizations::OrganizationAcl::can_post)). Plain text is
    /// escaped, so `#word` stays text; build a [`LittleText`] for mentions and hashtags, for instance with
    /// [`LittleText::with_hashtags`].
    pub fn new(author: impl Into<ActorUrn>, commentary: impl Into<LittleText>) -> Self {
        Self {
            author: author.into(),
            commentary: commentary.into(),
            visibility: Visibility::Public,
            reshare_disabled: false,
        }
    }

    /// Who may see it. `CONNECTIONS` is for members only.
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Nobody may share it further.
    pub fn disable_reshare(mut self) -> Self {
        self.reshare_disabled = true;
        self
    }

    /// Everything a local check has to say, warnings included. Errors stop the call before it is sent.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.commentary.check(FIELD);
        if self.commentary.is_blank() {
            findings.push(Finding::error("linkedin.post.empty", FIELD, "a text post needs text"));
        }
        findings.extend(self.check_length());
        if matches!(self.author, ActorUrn::Organization(_)) && self.visibility == Visibility::Connections {
            findings.push(
                Finding::error(
                    "linkedin.post.visibility",
                    "visibility",
                    "an organization has no connections",
                )
                .allowed("PUBLIC or LOGGED_IN"),
            );
        }
        findings
    }

    fn check_length(&self) -> Option<Finding> {
        let displayed = self.commentary.utf16_len();
        let sent = self.commentary.to_wire().encode_utf16().count();
        let finding = if displayed > MAX_COMMENTARY {
            Finding::error("linkedin.post.length", FIELD, "the text is too long")
                .measured(format_args!("{displayed} UTF-16 units"))
                .advice("shorten the text")
        } else if sent > MAX_COMMENTARY {
            Finding::warning(
                "linkedin.post.escaped_length",
                FIELD,
                "the text may be too long once it is escaped",
            )
            .measured(format_args!("{sent} UTF-16 units escaped"))
            .advice("use fewer mentions and special characters if LinkedIn refuses it")
        } else {
            return None;
        };
        Some(finding.allowed(format_args!("{MAX_COMMENTARY} UTF-16 units")))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'p> {
    author: &'p ActorUrn,
    commentary: String,
    visibility: &'p Visibility,
    distribution: Distribution,
    lifecycle_state: LifecycleState,
    is_reshare_disabled_by_author: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Distribution {
    #[serde(rename = "feedDistribution")]
    feed: &'static str,
    target_entities: [(); 0],
    third_party_distribution_channels: [(); 0],
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
        parts.json(&Wire {
            author: &self.author,
            commentary: self.commentary.to_wire(),
            visibility: &self.visibility,
            distribution: Distribution {
                feed: "MAIN_FEED",
                target_entities: [],
                third_party_distribution_channels: [],
            },
            lifecycle_state: LifecycleState::Published,
            is_reshare_disabled_by_author: self.reshare_disabled,
        })?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.author.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        let urn = created_id(response)
            .ok_or_else(|| DecodeError::new("x-restli-id", "the answer does not name the new post"))?;
        Ok(CreatedPost { url: urn.url(), urn })
    }
}

/// The id stands in a header; which one depends on the protocol version, and some gateways drop both.
fn created_id(response: &RawResponse) -> Option<PostUrn> {
    let parse = |id: &str| PostUrn::parse(&decode_id(id.trim())).ok();
    let header = |name: &str| parse(response.header_str(name)?);
    let location = || {
        let (_, key) = response.header_str(LOCATION)?.rsplit_once('/')?;
        let key = key.split('?').next().unwrap_or(key);
        PostUrn::parse(RestliValue::decode(key).ok()?.as_text()?).ok()
    };
    let body = || {
        #[derive(Deserialize)]
        struct Body {
            id: String,
        }
        parse(&response.json::<Body>().ok()?.id)
    };
    header("x-restli-id").or_else(|| header("x-linkedin-id")).or_else(location).or_else(body)
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
