//! Images (LinkedIn: Images API).
//!
//! [`UploadImage`](crate::uploads::UploadImage) does all steps of an upload.

use serde::Deserialize;
use serde_json::{Value, json};
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use crate::assets::{AssetStatus, SignedUrl};
use crate::batch::BatchResults;
use crate::created;
use crate::endpoint::endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::uploads::library;
use crate::urn::{ActorUrn, ImageUrn, Urn};

/// An uploaded image.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Image {
    /// Its id.
    #[serde(deserialize_with = "lenient::or_none")]
    pub id: Option<ImageUrn>,
    /// Who owns it; only the owner can post it.
    #[serde(deserialize_with = "lenient::or_none")]
    pub owner: Option<Urn>,
    /// Whether it can be used.
    #[serde(deserialize_with = "lenient::or_none")]
    pub status: Option<AssetStatus>,
    /// Where it can be downloaded.
    #[serde(deserialize_with = "lenient::or_none")]
    pub download_url: Option<SignedUrl>,
    /// Until when.
    #[serde(deserialize_with = "lenient::millis")]
    pub download_url_expires_at: Option<Timestamp>,
}

/// Where the bytes of an image go.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializedImage {
    /// The image, which can be posted once it is `AVAILABLE`.
    pub image: ImageUrn,
    /// Takes the file, with [`SendFile`](crate::uploads::SendFile).
    pub upload_url: SignedUrl,
    /// Until when.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub upload_url_expires_at: Option<Timestamp>,
}

endpoint! {
    /// Opens the upload of an image: `POST /rest/images?action=initializeUpload` (LinkedIn: Images API).
    ///
    /// Needs `w_member_social` for a member as owner; `w_organization_social` (or `rw_ads`) and the role of administrator,
    /// content administrator or direct sponsored content poster for an organization. An image that is opened and never
    /// sent has no effect, so the call may be repeated.
    pub struct InitializeImageUpload -> InitializedImage;
    "linkedin.images.initialize_upload": Action "/rest/images", Safe, [scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];
    fixed { action: "initializeUpload" }
    new { owner: ActorUrn }
    with {
        /// Also keeps it in the media library of this ad account.
        library_account: Urn,
        /// Its name in the media library.
        library_name: String,
    }
    subject owner;
    body by body;
    read by created::value;
}

impl InitializeImageUpload {
    fn body(&self) -> Value {
        let mut request = json!({"owner": self.owner});
        library::write(&mut request, self.library_account.as_ref(), self.library_name.as_deref());
        json!({"initializeUploadRequest": request})
    }
}

endpoint! {
    /// Reads an image: `GET /rest/images/{urn}` (LinkedIn: Images API).
    ///
    /// A token with `w_member_social` alone gets 403, for images of its own too.
    pub struct GetImage -> Image;
    "linkedin.images.get": Get "/rest/images/{urn}", Safe, [scope::W_ORGANIZATION_SOCIAL, scope::R_ORGANIZATION_SOCIAL];
    new { urn: ImageUrn }
    projection;
    subject urn;
}

endpoint! {
    /// Reads several images: `GET /rest/images?ids=List(…)` (LinkedIn: Images API). Scopes as for [`GetImage`].
    pub struct BatchGetImages -> BatchResults<Image>;
    "linkedin.images.batch_get": BatchGet "/rest/images", Safe, [scope::W_ORGANIZATION_SOCIAL, scope::R_ORGANIZATION_SOCIAL];
    new { ids: Vec<ImageUrn> }
    projection;
    checked by check;
    read by Self::read;
}

impl BatchGetImages {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.ids.is_empty() { vec![rules::KEYS_EMPTY.finding("ids")] } else { Vec::new() }
    }

    fn read(&self, response: &RawResponse) -> Result<BatchResults<Image>, DecodeError> {
        BatchResults::read(response, self.ids.iter().map(ImageUrn::as_str))
    }
}
