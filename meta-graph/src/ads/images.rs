//! Pictures of an ad account (Marketing API: Ad Image).

use std::collections::BTreeMap;

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{
    Body, DecodeError, Endpoint, Multipart, Part, RawResponse, Replay, RequestParts,
};
use sociogram_oauth_core::scope;

use crate::endpoint::list_endpoint;
use crate::id::AdAccountId;
use crate::lenient;

list_endpoint! {
    /// Lists the pictures of an ad account: `GET /{ad_account_id}/adimages` (Marketing API: Ad Image).
    ///
    /// Needs `ads_read` or `ads_management`.
    pub struct ListAdImages -> AdImage;
    "ads.images.list": "/{ad_account_id}/adimages", [scope::ADS_READ], limit 500;
    new { ad_account_id: AdAccountId }
    with {
        /// Only these.
        hashes: Vec<String>,
        /// Only those with this name.
        name: String,
    }
    fields "hash,name,width,height,url,permalink_url,status";
    subject ad_account_id;
}

/// Puts a picture into an ad account: `POST /{ad_account_id}/adimages` (Marketing API: Ad Image).
///
/// Needs `ads_management`. The same picture again gives the same hash, so a repeat changes nothing.
#[derive(Clone, Debug)]
pub struct UploadAdImage {
    account: AdAccountId,
    file_name: String,
    content_type: String,
    bytes: Body,
}

impl UploadAdImage {
    /// A picture by its name (`spring.png`), its type (`image/png`) and its bytes.
    pub fn new(
        account: AdAccountId,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        bytes: impl Into<Body>,
    ) -> Self {
        Self { account, file_name: file_name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }
}

impl Endpoint for UploadAdImage {
    type Output = UploadedAdImages;

    const NAME: &'static str = "ads.images.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{ad_account_id}/adimages";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::ADS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let file = Part::file("filename", &self.file_name, &self.content_type, self.bytes.clone());
        parts.path("ad_account_id", &self.account).multipart(Multipart::new().part(file)).map(|_| ())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<UploadedAdImages, DecodeError> {
        let uploaded: UploadedAdImages = response.json()?;
        if uploaded.images.is_empty() {
            return Err(DecodeError::new("images", "the answer names no picture"));
        }
        Ok(uploaded)
    }
}

/// Pictures that were uploaded.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadedAdImages {
    /// By the name of the file.
    pub images: BTreeMap<String, UploadedAdImage>,
}

impl UploadedAdImages {
    /// The hash of the picture.
    pub fn hash(&self) -> Option<&str> {
        self.images.values().next().map(|image| image.hash.as_str())
    }
}

/// A picture that was uploaded.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadedAdImage {
    /// Its hash; creatives name it by this.
    pub hash: String,
    /// Its address; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
}

/// A picture of an ad account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AdImage {
    /// Its hash; creatives name it by this.
    pub hash: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// How wide it is, in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub width: Option<u64>,
    /// How high it is, in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub height: Option<u64>,
    /// Its address; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
    /// An address that stays.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink_url: Option<String>,
    /// `ACTIVE`, `INTERNAL` or `DELETED`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn a_picture_is_known_by_its_hash() {
        let upload = UploadAdImage::new(AdAccountId::of("5").unwrap(), "a.png", "image/png", vec![1_u8, 2]);
        let answer = r#"{"images":{"a.png":{"hash":"h1","url":"https://example.com/a.png"}}}"#;
        let (uploaded, _) = exchange(upload.clone(), answer).await;
        assert_eq!(uploaded.unwrap().hash(), Some("h1"));
        let (uploaded, _) = exchange(upload, r#"{"images":{}}"#).await;
        assert!(uploaded.is_err());
    }
}
