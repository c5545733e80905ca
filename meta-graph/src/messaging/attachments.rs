//! Uploading files for later messages.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use sociogram_api_core::http::{
    DecodeError, Endpoint, Multipart, Operation, Part, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::Platform;
use super::attachment::Attachment;
use super::rules_applied::Checks;
use crate::id::{ObjectId, PageId};

/// Gives Meta a file for later messages: `POST /{page_id}/message_attachments` (Messenger Platform: Attachment Upload
/// API; Instagram Messaging: Attachment Upload).
///
/// The file comes from an address or is uploaded. It belongs to the Page, may be sent to everybody and **ends after 90
/// days**. Needs the Page's token and `pages_messaging`, for Instagram `instagram_manage_messages` besides.
#[derive(Clone, Debug)]
pub struct UploadAttachment {
    page: PageId,
    platform: Platform,
    attachment: Attachment,
}

impl UploadAttachment {
    /// For messages of this platform; the attachment is made with [`Attachment::url`] or [`Attachment::upload`].
    pub fn new(page: PageId, platform: Platform, attachment: Attachment) -> Self {
        Self { page, platform, attachment: attachment.reusable() }
    }

    /// What is wrong with it. Sending checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut checks = Checks::new(self.platform.clone());
        if !self.attachment.is_media() || !self.attachment.takes_long() {
            checks.add(
                Finding::error(
                    "messaging.attachment.upload",
                    "message.attachment",
                    "only files can be uploaded",
                )
                .advice("pass a file, or an address to fetch it from"),
            );
        }
        self.attachment.check(&mut checks, "message.attachment");
        checks.done()
    }

    fn message(&self) -> Result<Value, InvalidRequest> {
        let attachment = self.attachment.to_json().map_err(|_| {
            Finding::error("request.body.json", "message", "the attachment cannot be written as JSON")
        })?;
        Ok(json!({ "attachment": attachment }))
    }
}

impl Endpoint for UploadAttachment {
    type Output = UploadedAttachment;

    const NAME: &'static str = "messenger.attachments.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/message_attachments";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        parts.path("page_id", &self.page);
        let message = self.message()?;
        let Some(file) = self.attachment.file() else {
            return parts.json(&json!({ "platform": self.platform, "message": message })).map(|_| ());
        };
        let multipart = Multipart::new()
            .part(Part::text("platform", self.platform.as_str()))
            .part(Part::text("message", message.to_string()))
            .part(file.part());
        parts.multipart(multipart).map(|_| ())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.attempt_timeout(Duration::from_secs(90))
    }

    fn decode(&self, response: &RawResponse) -> Result<UploadedAttachment, DecodeError> {
        response.json()
    }
}

/// A file that Meta keeps.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UploadedAttachment {
    /// Its id, for [`Attachment::id`].
    pub attachment_id: ObjectId,
}
