//! Uploading a file.

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{
    Body, DecodeError, Endpoint, Multipart, Part, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use crate::guard::rules::{self, Rule};
use crate::id::{MediaId, PhoneNumberId};

/// Uploads a file to send: `POST /{phone_number_id}/media`. It is kept for 30 days.
///
/// Images (JPEG, PNG) have up to 5 MB, videos (MP4, 3GP) and sounds 16 MB, stickers (WebP) 100 KB or 500 KB when
/// they move, documents 100 MB. Needs `whatsapp_business_messaging`. A repeat would upload it twice.
/// (Media: Upload)
#[derive(Clone, Debug)]
pub struct UploadMedia {
    phone_number: PhoneNumberId,
    file_name: String,
    content_type: String,
    file: Body,
    ttl_minutes: Option<u32>,
}

/// A file that was uploaded.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadedMedia {
    /// What a message names it by.
    pub id: MediaId,
}

impl UploadMedia {
    /// A file of this type, such as `image/jpeg`. It is streamed if it is a [`Body::Stream`].
    pub fn new(
        phone_number: impl Into<PhoneNumberId>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        file: impl Into<Body>,
    ) -> Self {
        Self {
            phone_number: phone_number.into(),
            file_name: file_name.into(),
            content_type: content_type.into(),
            file: file.into(),
            ttl_minutes: None,
        }
    }

    /// For how many minutes it is kept.
    pub const fn ttl_minutes(mut self, minutes: u32) -> Self {
        self.ttl_minutes = Some(minutes);
        self
    }

    /// What is wrong with it, as far as its type and length tell. Sending it checks the same; the guard looks into
    /// the file.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let essence = self.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence.split('/').filter(|part| !part.is_empty()).count() != 2 {
            let finding = Finding::error("whatsapp.media.type", "type", "this is not a content type");
            found.push(finding.advice("pass one such as image/jpeg"));
        }
        let (rule, most): (&Rule, u64) = match essence.as_str() {
            "image/webp" => (&rules::W7_SIZE, rules::W7_MAX_ANIMATED_BYTES),
            kind if kind.starts_with("image/") => (&rules::W3_SIZE, rules::W3_MAX_BYTES),
            kind if kind.starts_with("video/") => (&rules::W4_SIZE, rules::W4_MAX_BYTES),
            kind if kind.starts_with("audio/") => (&rules::W5_SIZE, rules::W5_MAX_BYTES),
            _ => (&rules::W6, rules::W6_MAX_BYTES),
        };
        match self.file.len() {
            Some(0) => {
                let finding = Finding::error("whatsapp.media.empty", "file", "the file is empty");
                found.push(finding.advice("read it before uploading it"));
            }
            Some(bytes) if bytes > most => {
                found.push(rule.finding("file").measured(format_args!("{bytes} bytes")));
            }
            _ => {}
        }
        found
    }
}

impl Endpoint for UploadMedia {
    type Output = UploadedMedia;

    const NAME: &'static str = "whatsapp.media.upload";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{phone_number_id}/media";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut form = Multipart::new()
            .part(Part::text("messaging_product", "whatsapp"))
            .part(Part::text("type", &*self.content_type));
        if let Some(minutes) = self.ttl_minutes {
            form = form.part(Part::text("ttl_minutes", minutes.to_string()));
        }
        let file = Part::file("file", &*self.file_name, &*self.content_type, self.file.clone());
        parts.path("phone_number_id", &self.phone_number).multipart(form.part(file))?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.phone_number.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<UploadedMedia, DecodeError> {
        response.json()
    }
}
