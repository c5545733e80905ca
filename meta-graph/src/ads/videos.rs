//! Videos of an ad account (Marketing API: Ad Video).

use serde::Deserialize;
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::{AdAccountId, VideoId};

endpoint! {
    /// Has Meta fetch a video for an ad account: `POST /{ad_account_id}/advideos` (Marketing API: Ad Video).
    ///
    /// Needs `ads_management`. The address has to be public; Meta encodes the video afterwards, so it cannot be used at
    /// once. Files are uploaded in pieces instead.
    pub struct CreateAdVideo -> CreatedAdVideo;
    "ads.videos.create": POST "/{ad_account_id}/advideos", Never, [scope::ADS_MANAGEMENT];
    new { ad_account_id: AdAccountId, file_url: String }
    with {
        /// Its name.
        name: String,
        /// Its title.
        title: String,
        /// Its description.
        description: String,
    }
    subject ad_account_id;
}

/// A video that Meta fetches.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedAdVideo {
    /// Its id.
    pub id: VideoId,
}
