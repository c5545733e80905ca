//! Reading and deleting one post.

use http::Method;
use serde::{Deserialize, Deserializer};
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use super::{LifecycleState, Visibility};
use crate::little_text::LittleText;
use crate::method::RestliMethod;
use crate::restli::{Query, RestliValue};
use crate::urn::{PostUrn, Urn};
use sociogram_api_core::open_enum;

open_enum! {
    /// Through whose eyes a post is read.
    pub enum ViewContext {
        /// As its readers see it; the last published state.
        Reader = "READER",
        /// As its author sees it; unpublished changes included.
        Author = "AUTHOR",
    }
}

/// Reads a post.
///
/// Posts of organizations need `r_organization_social`; posts of members need `r_member_social`, which is
/// closed to new apps, so a self-serve app cannot read back what it wrote.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct GetPost {
    urn: PostUrn,
    view: Option<ViewContext>,
}

impl GetPost {
    /// As its readers see it.
    pub const fn new(urn: PostUrn) -> Self {
        Self { urn, view: None }
    }

    /// Through other eyes.
    pub fn view(mut self, view: ViewContext) -> Self {
        self.view = Some(view);
        self
    }
}

impl Endpoint for GetPost {
    type Output = Post;

    const NAME: &'static str = "linkedin.posts.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/rest/posts/{urn}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::R_ORGANIZATION_SOCIAL, scope::R_MEMBER_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        RestliMethod::Get.mark(parts);
        parts.encoded_path("urn", RestliValue::from(&self.urn).encode());
        parts.encoded_query(
            Query::new().optional("viewContext", self.view.as_ref().map(ViewContext::as_str)).encode(),
        );
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.urn.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        response.json()
    }
}

/// Deletes a post. Deleting one that is already gone succeeds, so it is safe to repeat.
///
/// Needs `w_member_social` or `w_organization_social`, whichever created it. LinkedIn may go on refusing
/// the same text as a duplicate of the deleted post for a day or two.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct DeletePost {
    urn: PostUrn,
}

impl DeletePost {
    /// Of this post.
    pub const fn new(urn: PostUrn) -> Self {
        Self { urn }
    }
}

impl Endpoint for DeletePost {
    type Output = ();

    const NAME: &'static str = "linkedin.posts.delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/rest/posts/{urn}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        RestliMethod::Delete.mark(parts);
        parts.encoded_path("urn", RestliValue::from(&self.urn).encode());
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.urn.as_str())
    }

    fn decode(&self, _response: &RawResponse) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}

/// A post as it was read.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// Its id.
    pub id: Option<Urn>,
    /// Who posted it.
    pub author: Option<Urn>,
    /// The text, mentions and hashtags taken apart.
    #[serde(default, deserialize_with = "little_text")]
    pub commentary: Option<LittleText>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Where it stands.
    pub lifecycle_state: Option<LifecycleState>,
    /// Whether nobody may share it further.
    pub is_reshare_disabled_by_author: Option<bool>,
    /// When it was created.
    #[serde(default, deserialize_with = "millis")]
    pub created_at: Option<Timestamp>,
    /// When it was published.
    #[serde(default, deserialize_with = "millis")]
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "millis")]
    pub last_modified_at: Option<Timestamp>,
}

fn little_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LittleText>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|wire| LittleText::parse(&wire)))
}

fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(Timestamp::from_unix_millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_read_with_whatever_it_holds() {
        let post: Post = serde_json::from_str(
            r#"{"id":"urn:li:share:1","author":"urn:li:organization:5","commentary":"a \\(b\\) {hashtag|\\#|c}",
                "visibility":"PUBLIC","lifecycleState":"BRAND_NEW","publishedAt":1700000000000,
                "distribution":{"feedDistribution":"MAIN_FEED"},"isReshareDisabledByAuthor":false}"#,
        )
        .unwrap();
        assert_eq!(post.commentary.unwrap().to_string(), "a (b) #c");
        assert_eq!(post.lifecycle_state, Some(LifecycleState::Unknown("BRAND_NEW".into())));
        assert_eq!(post.published_at.map(Timestamp::as_unix_seconds), Some(1_700_000_000));
        assert_eq!(post.created_at, None);
        assert_eq!(serde_json::from_str::<Post>("{}").unwrap().id, None);
    }
}
