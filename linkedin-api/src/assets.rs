//! What images, videos and documents have in common (LinkedIn: Images API, Videos API, Documents API).

use std::fmt;

use http::HeaderValue;
use http::Uri;
use http::header::ACCEPT;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{BaseUrl, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, open_enum};

use crate::client::Client;
use crate::documents::GetDocument;
use crate::error::Error;
use crate::images::GetImage;
use crate::urn::VideoUrn;
use crate::urn::{DocumentUrn, ImageUrn, Urn};
use crate::videos::GetVideo;

open_enum! {
    /// Where the processing of an uploaded file stands.
    pub enum AssetStatus {
        /// Its bytes have not arrived.
        WaitingUpload = "WAITING_UPLOAD",
        /// LinkedIn works on it.
        Processing = "PROCESSING",
        /// It can be used.
        Available = "AVAILABLE",
        /// It can never be used.
        ProcessingFailed = "PROCESSING_FAILED",
    }
}

/// An address that takes or gives a file from whoever holds it, for a time. `Debug` does not show it; serialised it
/// is plain text, so store it like a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedUrl(String);

impl SignedUrl {
    /// From the address as LinkedIn gave it.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes it the address of a request with the template `/{upload_path}`.
    pub(crate) fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let uri: Uri = self.0.parse().map_err(|_| unusable())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(unusable().into());
        };
        let base = BaseUrl::parse(&format!("{scheme}://{authority}")).map_err(|_| unusable())?;
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        parts
            .base(base)
            .encoded_path_segments("upload_path", [path.to_owned()])
            .encoded_query(uri.query().unwrap_or_default())
            .header(ACCEPT, HeaderValue::from_static("*/*"));
        Ok(())
    }
}

fn unusable() -> Finding {
    Finding::error(
        "linkedin.upload.address",
        "upload_url",
        "the address is not one that a file may be sent to",
    )
    .allowed("an absolute https address")
    .advice("begin a new upload")
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedUrl(..)")
    }
}

/// What LinkedIn tells of an uploaded file.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) owner: Option<Urn>,
    pub(crate) status: Option<AssetStatus>,
}

/// Asks about an image, a video or a document.
pub(crate) async fn look(client: &Client, asset: &Urn) -> Result<Known, Error> {
    let (owner, status) = if let Ok(image) = ImageUrn::try_from(asset.clone()) {
        let image = client.send(GetImage::new(image)).await?;
        (image.owner, image.status)
    } else if let Ok(video) = VideoUrn::try_from(asset.clone()) {
        let video = client.send(GetVideo::new(video)).await?;
        (video.owner, video.status)
    } else if let Ok(document) = DocumentUrn::try_from(asset.clone()) {
        let document = client.send(GetDocument::new(document)).await?;
        (document.owner, document.status)
    } else {
        (None, None)
    };
    Ok(Known { owner, status })
}

/// Asks for the status alone; `None` when LinkedIn does not say.
pub(crate) async fn status(client: &Client, asset: &Urn) -> Result<Option<AssetStatus>, Error> {
    Ok(look(client, asset).await?.status)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn write(url: &str) -> Result<RequestParts, InvalidRequest> {
        let mut parts = RequestParts::new(Method::PUT, "/{upload_path}");
        SignedUrl::new(url).write(&mut parts)?;
        parts.path_and_query()?;
        Ok(parts)
    }

    #[test]
    fn an_address_is_kept_to_the_letter_and_shown_nowhere() {
        let url = "https://www.linkedin.com/dms-uploads/C5:a~b=/up,load/0?ca=vector&ut=1aB%2F_-&x=a:b";
        let parts = write(url).unwrap();
        assert_eq!(parts.base_url().unwrap().as_str(), "https://www.linkedin.com");
        assert_eq!(parts.path_and_query().unwrap(), url.strip_prefix("https://www.linkedin.com").unwrap());
        let url = SignedUrl::new("https://a.example/CANARY");
        assert!(!format!("{url:?}").contains("CANARY"));
        assert_eq!(serde_json::to_string(&url).unwrap(), "\"https://a.example/CANARY\"");
    }

    #[test]
    fn what_is_no_address_for_a_file_is_refused() {
        for bad in [
            "",
            "/dms-uploads/CANARY",
            "http://www.linkedin.com/CANARY",
            "ftp://www.linkedin.com/CANARY",
            "https://user@www.linkedin.com/CANARY",
            "https://www.linkedin.com/a/../CANARY",
            "https://www.linkedin.com/a b/CANARY",
            "https://www.linkedin.com/a?b='CANARY'",
        ] {
            let Err(refusal) = write(bad) else { panic!("{bad}") };
            assert!(!refusal.to_string().contains("CANARY"), "{refusal}");
        }
    }
}
