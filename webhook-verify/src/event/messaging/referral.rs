//! What brought a person into a conversation (Messenger Platform: `messaging_referrals`; Instagram Platform:
//! `messaging_referral`).

use crate::{fields::Fields, open_enum::open_enum};

open_enum! {
    /// By which way a person came.
    pub enum ReferralSource {
        /// A link of m.me or ig.me.
        Shortlink = "SHORTLINK",
        /// An ad.
        Ads = "ADS",
        /// A code that was scanned.
        MessengerCode = "MESSENGER_CODE",
        /// The discover tab of Messenger.
        DiscoverTab = "DISCOVER_TAB",
        /// The chat plugin of a website.
        CustomerChatPlugin = "CUSTOMER_CHAT_PLUGIN",
    }
}

/// What brought a person here.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// What you put into the link or ad (`ref`).
    pub reference: Option<String>,
    /// By which way the person came.
    pub source: Option<ReferralSource>,
    /// What it did (`type`): `OPEN_THREAD` so far.
    pub kind: Option<String>,
    /// The ad.
    pub ad_id: Option<String>,
    /// What the ad showed.
    pub ads_context_data: Option<AdsContext>,
    /// Where the chat plugin was.
    pub referer_uri: Option<String>,
    /// Whether the person is a guest of the chat plugin.
    pub is_guest_user: Option<bool>,
    /// The product of a shop that the person asks about.
    pub product_id: Option<String>,
}

/// What an ad showed.
///
/// Every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AdsContext {
    /// Its title.
    pub ad_title: Option<String>,
    /// Link to its picture.
    pub photo_url: Option<String>,
    /// Link to its video.
    pub video_url: Option<String>,
    /// The post behind it.
    pub post_id: Option<String>,
    /// The product it showed.
    pub product_id: Option<String>,
    /// The flow that the business gave it.
    pub flow_id: Option<String>,
}

impl Referral {
    pub(super) fn read(referral: &Fields<'_>) -> Self {
        Self {
            reference: referral.id("ref"),
            source: referral.text("source").as_deref().map(ReferralSource::from),
            kind: referral.text("type"),
            ad_id: referral.id("ad_id"),
            ads_context_data: referral.object("ads_context_data").map(|ad| AdsContext::read(&ad)),
            referer_uri: referral.text("referer_uri"),
            is_guest_user: referral.flag("is_guest_user"),
            product_id: referral.object("product").and_then(|product| product.id("id")),
        }
    }
}

impl AdsContext {
    fn read(ad: &Fields<'_>) -> Self {
        Self {
            ad_title: ad.text("ad_title"),
            photo_url: ad.text("photo_url"),
            video_url: ad.text("video_url"),
            post_id: ad.id("post_id"),
            product_id: ad.id("product_id"),
            flow_id: ad.id("flow_id"),
        }
    }
}
