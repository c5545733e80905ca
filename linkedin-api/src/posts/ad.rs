//! Posts that are ads: direct sponsored content (LinkedIn: Posts API, "Direct Sponsored Content").

use serde::{Deserialize, Serialize};
use sociogram_api_core::open_enum;

use super::content::Content;
use crate::lenient;
use crate::restli::restli_words;
use crate::urn::AdAccountUrn;

open_enum! {
    /// What a sponsored post holds.
    pub enum DscAdType {
        /// A video.
        Video = "VIDEO",
        /// A text, an image or an article.
        Standard = "STANDARD",
        /// Cards.
        Carousel = "CAROUSEL",
        /// A job.
        JobPosting = "JOB_POSTING",
        /// A document.
        NativeDocument = "NATIVE_DOCUMENT",
        /// An event.
        Event = "EVENT",
    }
}

open_enum! {
    /// Whether a sponsored post is in use.
    pub enum DscStatus {
        /// In use.
        Active = "ACTIVE",
        /// Put away.
        Archived = "ARCHIVED",
    }
}

restli_words!(DscAdType, DscStatus);

impl DscAdType {
    /// What a post with this content is called, if that is clear.
    pub(super) fn of(content: Option<&Content>) -> Option<Self> {
        Some(match content {
            None | Some(Content::Image(_) | Content::Article(_)) => Self::Standard,
            Some(Content::Video(_)) => Self::Video,
            Some(Content::Document(_)) => Self::NativeDocument,
            Some(Content::Carousel(_)) => Self::Carousel,
            Some(Content::Reference(reference)) => match reference.id.entity_type() {
                "event" => Self::Event,
                "job" | "jobPosting" => Self::JobPosting,
                _ => return None,
            },
            Some(_) => return None,
        })
    }
}

/// What makes a post an ad.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdContext {
    /// The ad account it belongs to.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub dsc_ad_account: Option<AdAccountUrn>,
    /// What it holds.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub dsc_ad_type: Option<DscAdType>,
    /// Its name in the campaign manager.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub dsc_name: Option<String>,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub dsc_status: Option<DscStatus>,
    /// Whether it is sponsored only, and never organic.
    #[serde(default, deserialize_with = "lenient::boolean", skip_serializing_if = "Option::is_none")]
    pub is_dsc: Option<bool>,
}

impl AdContext {
    /// Active, sponsored-only content of this ad account.
    pub fn new(account: AdAccountUrn, ad_type: DscAdType) -> Self {
        Self {
            dsc_ad_account: Some(account),
            dsc_ad_type: Some(ad_type),
            dsc_name: None,
            dsc_status: Some(DscStatus::Active),
            is_dsc: Some(true),
        }
    }

    /// Its name in the campaign manager.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.dsc_name = Some(name.into());
        self
    }
}
