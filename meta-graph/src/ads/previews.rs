//! How ads look (Marketing API: Ad Previews).

use std::fmt;

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::endpoint::list_endpoint;
use crate::id::{AdCreativeId, AdId, ObjectId};

list_endpoint! {
    /// Shows how an ad or a creative looks in one place: `GET /{id}/previews` (Marketing API: Ad Previews).
    ///
    /// Needs a person's token, `ads_read` or `ads_management`, and a role on the ad account, which whoever looks at the
    /// preview needs as well. Not every creative can be shown everywhere; Meta refuses what does not fit.
    pub struct GetAdPreviews -> AdPreview;
    "ads.previews.list": "/{shown_id}/previews", [scope::ADS_READ], limit 100;
    new { shown_id: ObjectId, ad_format: AdFormat }
}

impl GetAdPreviews {
    /// Of an ad.
    pub fn of_ad(ad: AdId, format: AdFormat) -> Self {
        Self::new(ad, format)
    }

    /// Of a creative.
    pub fn of_creative(creative: AdCreativeId, format: AdFormat) -> Self {
        Self::new(creative, format)
    }
}

open_enum! {
    /// Where an ad is shown; Meta knows more places.
    pub enum AdFormat {
        /// The feed of Facebook on a computer.
        DesktopFeedStandard = "DESKTOP_FEED_STANDARD",
        /// A story of Facebook.
        FacebookStoryMobile = "FACEBOOK_STORY_MOBILE",
        /// The feed of Instagram.
        InstagramStandard = "INSTAGRAM_STANDARD",
        /// A story of Instagram.
        InstagramStory = "INSTAGRAM_STORY",
        /// The feed of Facebook on a phone.
        MobileFeedStandard = "MOBILE_FEED_STANDARD",
        /// The right column of Facebook.
        RightColumnStandard = "RIGHT_COLUMN_STANDARD",
    }
}

/// A preview. `Debug` does not show it: its address holds a key of Meta's.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct AdPreview {
    /// An `iframe` of HTML to put into a page. It is Meta's, so treat it as foreign text: show it in a page of its own.
    pub body: String,
}

impl fmt::Debug for AdPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdPreview").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn a_preview_does_not_print_its_address() {
        let previews = GetAdPreviews::of_ad(AdId::from(9), AdFormat::MobileFeedStandard);
        let (page, _) = exchange(previews, r#"{"data":[{"body":"<iframe src='CANARY'></iframe>"}]}"#).await;
        let page = page.unwrap();
        assert!(page.items[0].body.contains("CANARY") && !format!("{page:?}").contains("CANARY"));
    }
}
