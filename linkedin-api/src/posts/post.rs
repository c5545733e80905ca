//! A post as it was read.

use serde::Deserialize;
use serde_json::Value;
use sociogram_api_core::Timestamp;

use super::{AdContext, CallToAction, Content, Distribution, LifecycleState, Visibility};
use crate::lenient;
use crate::little_text::LittleText;
use crate::urn::{PostUrn, Urn};

/// A post as it was read (LinkedIn: Posts API, "Post schema").
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<Urn>,
    /// Who posted it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub author: Option<Urn>,
    /// The text, mentions and hashtags taken apart.
    #[serde(default, deserialize_with = "lenient::little_text")]
    pub commentary: Option<LittleText>,
    /// What it shows besides the text. A kind that is not known is kept as it came.
    #[serde(default)]
    pub content: Option<Content>,
    /// Where a click on the content leads.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub content_landing_page: Option<String>,
    /// What its button says.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub content_call_to_action_label: Option<CallToAction>,
    /// Who may see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub visibility: Option<Visibility>,
    /// Where it appears and for whom.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub distribution: Option<Distribution>,
    /// The group or event it was posted into.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub container: Option<Urn>,
    /// What makes it an ad.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ad_context: Option<AdContext>,
    /// Which post it shares.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reshare_context: Option<ReshareContext>,
    /// Where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub lifecycle_state: Option<LifecycleState>,
    /// More about where it stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub lifecycle_state_info: Option<LifecycleStateInfo>,
    /// Whether nobody may share it further.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub is_reshare_disabled_by_author: Option<bool>,
    /// With what it was made, as it came.
    #[serde(default)]
    pub origin: Option<Value>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub created_at: Option<Timestamp>,
    /// When it was published.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub published_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub last_modified_at: Option<Timestamp>,
}

impl Post {
    /// Its id, if it is a share or a ugcPost.
    pub fn urn(&self) -> Option<PostUrn> {
        self.id.clone()?.try_into().ok()
    }
}

/// More about where a post stands. The words are not documented, so they are kept as they came.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LifecycleStateInfo {
    /// Where the content stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub content_status: Option<String>,
    /// Whether its author changed it after publishing.
    #[serde(default, deserialize_with = "lenient::boolean")]
    pub is_edited_by_author: Option<bool>,
    /// Where LinkedIn's review stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub review_status: Option<String>,
}

/// Which post is shared.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ReshareContext {
    /// The post that was shared.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent: Option<Urn>,
    /// The first post, when the shared one is itself a reshare.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub root: Option<Urn>,
}

#[cfg(test)]
mod tests {
    use super::super::FeedDistribution;
    use super::*;

    #[test]
    fn a_post_is_read_with_whatever_it_holds() {
        let post: Post = serde_json::from_str(
            r#"{"id":"urn:li:share:1","author":"urn:li:organization:5","commentary":"a \\(b\\) {hashtag|\\#|c}",
                "visibility":"PUBLIC","lifecycleState":"BRAND_NEW","publishedAt":1700000000000,
                "distribution":{"feedDistribution":"MAIN_FEED","targetEntities":[{"geoLocations":["urn:li:geo:1"]}],
                    "thirdPartyDistributionChannels":[]},
                "content":{"media":{"id":"urn:li:video:V1","title":"A film"}},
                "contentLandingPage":"https://example.com","contentCallToActionLabel":"LEARN_MORE",
                "lifecycleStateInfo":{"contentStatus":"PROCESSED","isEditedByAuthor":false,"reviewStatus":"ACCEPTED"},
                "reshareContext":{"parent":"urn:li:share:2","root":"urn:li:ugcPost:3"},
                "adContext":{"dscAdAccount":"urn:li:sponsoredAccount:9","dscAdType":"VIDEO","dscName":"Spring",
                    "dscStatus":"ACTIVE","isDsc":true},
                "container":"urn:li:group:4","origin":"PARTNER_API","isReshareDisabledByAuthor":false}"#,
        )
        .unwrap();
        assert_eq!(post.commentary.as_ref().unwrap().to_string(), "a (b) #c");
        assert_eq!(post.urn().unwrap().as_str(), "urn:li:share:1");
        assert_eq!(post.lifecycle_state, Some(LifecycleState::Unknown("BRAND_NEW".into())));
        assert_eq!(post.published_at.map(Timestamp::as_unix_seconds), Some(1_700_000_000));
        assert_eq!(post.created_at, None);
        let distribution = post.distribution.unwrap();
        assert_eq!(distribution.feed, Some(FeedDistribution::MainFeed));
        assert_eq!(distribution.target_entities[0].geo_locations[0].id(), "1");
        assert!(
            matches!(post.content, Some(Content::Video(video)) if video.title.as_deref() == Some("A film"))
        );
        assert_eq!(post.content_call_to_action_label, Some(CallToAction::LearnMore));
        let info = post.lifecycle_state_info.unwrap();
        assert_eq!(
            (info.is_edited_by_author, info.review_status.as_deref()),
            (Some(false), Some("ACCEPTED"))
        );
        assert_eq!(post.reshare_context.unwrap().root.unwrap().id(), "3");
        assert_eq!(post.ad_context.unwrap().dsc_name.as_deref(), Some("Spring"));
        assert_eq!(post.container.unwrap().entity_type(), "group");
        assert_eq!(post.origin, Some("PARTNER_API".into()));
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        let nothing = Post::default();
        assert_eq!(serde_json::from_str::<Post>("{}").unwrap(), nothing);
        let odd = r#"{"id":7,"author":"nobody","commentary":[],"visibility":{},"distribution":"x","container":"y",
            "adContext":true,"reshareContext":1,"content":null,"lifecycleState":0,"lifecycleStateInfo":"z","createdAt":"now",
            "isReshareDisabledByAuthor":"maybe","contentLandingPage":{},"contentCallToActionLabel":9}"#;
        assert_eq!(serde_json::from_str::<Post>(odd).unwrap(), nothing);
        let odd_inside = r#"{"distribution":{"feedDistribution":1,"targetEntities":[7,{"geoLocations":["x"]}]},
            "adContext":{"dscAdAccount":"x","isDsc":"true"},"content":{"media":{"id":"urn:li:person:a"}}}"#;
        let post: Post = serde_json::from_str(odd_inside).unwrap();
        assert_eq!(post.ad_context.unwrap().is_dsc, Some(true));
        assert!(post.distribution.unwrap().target_entities[0].is_empty());
        assert!(matches!(post.content, Some(Content::Other(_))));
    }
}
