//! The calls of a video's upload (LinkedIn: Videos API).

use std::fmt;
use std::ops::Range;

use http::Method;
use http::header::{ETAG, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use sociogram_api_core::http::{
    DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts, UploadSource,
};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;

use crate::assets::SignedUrl;
use crate::created;
use crate::endpoint::{Params, endpoint};
use crate::lenient;
use crate::method::RestliMethod;
use crate::uploads::{OCTETS, PATH, library, time_for};
use crate::urn::{ActorUrn, Urn, VideoUrn};

/// Names the upload of a video; often empty, and sent back even then. `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadToken(String);

impl UploadToken {
    /// From its text, as LinkedIn gave it.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UploadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadToken(..)")
    }
}

/// One part of a video: which bytes, and where they go.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadInstruction {
    /// Takes the part, with [`SendVideoPart`].
    pub upload_url: SignedUrl,
    /// The first byte of the part.
    pub first_byte: u64,
    /// The last byte of the part, which belongs to it.
    pub last_byte: u64,
}

impl UploadInstruction {
    /// The bytes of the part.
    pub const fn range(&self) -> Range<u64> {
        self.first_byte..self.last_byte.saturating_add(1)
    }
}

/// Where the bytes of a video go. The parts follow each other without a gap and together are the whole file.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializedVideo {
    /// The video, which can be posted once it is `AVAILABLE`.
    pub video: VideoUrn,
    /// The parts, in the order in which [`FinalizeVideoUpload`] names them.
    pub upload_instructions: Vec<UploadInstruction>,
    /// Goes to [`FinalizeVideoUpload`].
    #[serde(default, deserialize_with = "token")]
    pub upload_token: UploadToken,
    /// Takes the captions, if they were announced.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub captions_upload_url: Option<SignedUrl>,
    /// Takes the thumbnail, if it was announced.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub thumbnail_upload_url: Option<SignedUrl>,
    /// Until when all of these addresses work.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub upload_urls_expire_at: Option<Timestamp>,
}

fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UploadToken, D::Error> {
    Ok(lenient::or_none(deserializer)?.unwrap_or_default())
}

impl InitializedVideo {
    /// Whether the parts are the whole file; a wrong one would be stored without a word.
    fn check(&self, bytes: u64) -> Result<(), DecodeError> {
        let mut next = 0;
        for (index, part) in self.upload_instructions.iter().enumerate() {
            let wrong = |field, reason| {
                Err(DecodeError::new(format!("value.uploadInstructions[{index}].{field}"), reason))
            };
            if part.first_byte != next {
                return wrong("firstByte", "the part does not begin where the one before it ends");
            }
            if part.last_byte < part.first_byte || part.last_byte >= bytes {
                return wrong("lastByte", "the part is empty or longer than the file");
            }
            next = part.range().end;
        }
        if next == bytes {
            return Ok(());
        }
        Err(DecodeError::new("value.uploadInstructions", "the parts are not the whole file"))
    }
}

/// Opens the upload of a video: `POST /rest/videos?action=initializeUpload` (LinkedIn: Videos API).
///
/// Needs `w_member_social` for a member as owner; `w_organization_social` (or `rw_ads`) and the role of administrator,
/// content administrator or direct sponsored content poster for an organization. MP4, 3 seconds to 30 minutes, 75 KB to
/// 500 MB. A video that is opened and never sent has no effect, so the call may be repeated.
///
/// An answer whose parts are not exactly the file is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)).
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct InitializeVideoUpload {
    owner: ActorUrn,
    bytes: u64,
    captions: bool,
    thumbnail: bool,
    template_name: Option<String>,
    linkback_context: Option<Value>,
    library_account: Option<Urn>,
    library_name: Option<String>,
}

impl InitializeVideoUpload {
    /// Of a file of so many bytes.
    pub fn new(owner: impl Into<ActorUrn>, bytes: u64) -> Self {
        Self {
            owner: owner.into(),
            bytes,
            captions: false,
            thumbnail: false,
            template_name: None,
            linkback_context: None,
            library_account: None,
            library_name: None,
        }
    }

    /// Whether captions are sent too.
    pub const fn captions(mut self, captions: bool) -> Self {
        self.captions = captions;
        self
    }

    /// Whether a thumbnail is sent too.
    pub const fn thumbnail(mut self, thumbnail: bool) -> Self {
        self.thumbnail = thumbnail;
        self
    }

    /// The template the video was made with (since version 202602).
    pub fn template_name(mut self, name: impl Into<String>) -> Self {
        self.template_name = Some(name.into());
        self
    }

    /// What leads back to where the video was made (since version 202602); LinkedIn does not document its members.
    pub fn linkback_context(mut self, context: impl Into<Value>) -> Self {
        self.linkback_context = Some(context.into());
        self
    }

    /// Also keeps it in the media library of this ad account.
    pub fn library_account(mut self, account: impl Into<Urn>) -> Self {
        self.library_account = Some(account.into());
        self
    }

    /// Its name in the media library.
    pub fn library_name(mut self, name: impl Into<String>) -> Self {
        self.library_name = Some(name.into());
        self
    }

    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if self.bytes == 0 { vec![crate::uploads::empty("bytes")] } else { Vec::new() }
    }

    fn body(&self) -> Value {
        let mut request = json!({
            "owner": self.owner,
            "fileSizeBytes": self.bytes,
            "uploadCaptions": self.captions,
            "uploadThumbnail": self.thumbnail,
        });
        if let Value::Object(members) = &mut request {
            if let Some(name) = &self.template_name {
                members.insert("templateName".to_owned(), json!(name));
            }
            if let Some(context) = &self.linkback_context {
                members.insert("linkbackContext".to_owned(), context.clone());
            }
        }
        library::write(&mut request, self.library_account.as_ref(), self.library_name.as_deref());
        json!({"initializeUploadRequest": request})
    }
}

impl Endpoint for InitializeVideoUpload {
    type Output = InitializedVideo;

    const NAME: &'static str = "linkedin.videos.initialize_upload";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/rest/videos";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut params = Params::new(parts, RestliMethod::Action, true);
        params.query("action", "initializeUpload");
        params.finish();
        parts.json(&self.body())?;
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.owner.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<InitializedVideo, DecodeError> {
        let initialized: InitializedVideo = created::value(self, response)?;
        initialized.check(self.bytes)?;
        for (asked, url, name) in [
            (self.captions, &initialized.captions_upload_url, "value.captionsUploadUrl"),
            (self.thumbnail, &initialized.thumbnail_upload_url, "value.thumbnailUploadUrl"),
        ] {
            if asked && url.is_none() {
                return Err(DecodeError::new(name, "there is no address for a file that was announced"));
            }
        }
        Ok(initialized)
    }
}

/// Sends one part of a video: `PUT` to the address that LinkedIn gave, without the token (LinkedIn: Videos API). The
/// result is the part's id, its `ETag`, for [`FinalizeVideoUpload`].
///
/// One attempt may take a minute, and two seconds more for every mebibyte. Sending a part again replaces it.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct SendVideoPart {
    url: SignedUrl,
    source: UploadSource,
    range: Range<u64>,
}

impl SendVideoPart {
    /// The bytes of the file that the instruction names.
    pub fn new(instruction: &UploadInstruction, file: UploadSource) -> Self {
        Self::of(instruction.upload_url.clone(), file, instruction.range())
    }

    pub(crate) const fn of(url: SignedUrl, source: UploadSource, range: Range<u64>) -> Self {
        Self { url, source, range }
    }
}

impl Endpoint for SendVideoPart {
    type Output = String;

    const NAME: &'static str = "linkedin.videos.send_part";
    const METHOD: Method = Method::PUT;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.range.is_empty() || self.range.end > self.source.len() {
            return Err(Finding::error("linkedin.upload.part", "source", "the part is not in the file")
                .measured(format_args!("bytes {:?}", self.range))
                .allowed(format_args!("{} bytes", self.source.len()))
                .advice("pass the file that was announced")
                .into());
        }
        self.url.write(parts)?;
        parts.body(self.source.range(self.range.clone()), HeaderValue::from_static(OCTETS));
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.anonymous().attempt_timeout(time_for(self.range.end.saturating_sub(self.range.start)))
    }

    fn decode(&self, response: &RawResponse) -> Result<String, DecodeError> {
        let tag = response.header_str(ETAG).unwrap_or_default().trim();
        let id = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
        if id.is_empty() {
            return Err(DecodeError::new("etag", "the answer does not name the part"));
        }
        Ok(id.to_owned())
    }
}

endpoint! {
    /// Puts the parts of a video together: `POST /rest/videos?action=finalizeUpload` (LinkedIn: Videos API).
    ///
    /// Scopes and roles as for [`InitializeVideoUpload`]. The ids of the parts stand in the order of the instructions;
    /// captions and thumbnail are sent before. Whether repeating it does harm is not documented, so nothing does; the
    /// status of the video tells whether it was done.
    pub struct FinalizeVideoUpload -> ();
    "linkedin.videos.finalize_upload": Action "/rest/videos", Never, [scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];
    fixed { action: "finalizeUpload" }
    new { video: VideoUrn, part_ids: Vec<String> }
    with {
        /// What [`InitializedVideo::upload_token`] holds; empty unless set.
        token: UploadToken,
    }
    subject video;
    checked by check;
    body by body;
    read by created::nothing;
}

impl FinalizeVideoUpload {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        if !self.part_ids.is_empty() && self.part_ids.iter().all(|id| !id.is_empty()) {
            return Vec::new();
        }
        vec![
            Finding::error("linkedin.upload.part_ids", "part_ids", "the id of a part is missing")
                .allowed("the ETag of every part")
                .advice("send the missing parts first"),
        ]
    }

    pub(crate) const fn video(&self) -> &VideoUrn {
        &self.video
    }

    fn body(&self) -> Value {
        let token = self.token.as_ref().map(UploadToken::as_str).unwrap_or_default();
        let request = json!({"video": self.video, "uploadToken": token, "uploadedPartIds": self.part_ids});
        json!({"finalizeUploadRequest": request})
    }
}

crate::restli::restli_words!(UploadToken);

#[cfg(test)]
mod tests;
