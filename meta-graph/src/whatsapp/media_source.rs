//! Where the bytes of a message's media are.

use serde::Serialize;
use sociogram_api_core::Finding;
use url::Url;

use super::measure;
use crate::id::MediaId;

/// The longest link accepted.
const MAX_LINK: usize = 2_000;

/// Where media come from: uploaded before, or a public link.
///
/// Prefer the id: a link is fetched after the message was accepted, and that it could not be fetched shows
/// only in the webhook (131053). An id lives 30 days after the upload, 7 days if it came by webhook.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaSource {
    /// What [`UploadMedia`](super::media::UploadMedia) gave.
    Id(MediaId),
    /// A public link, with the right content type and length. Meta keeps it for about 10 minutes.
    Link(String),
}

impl MediaSource {
    /// A public link.
    pub fn link(link: impl Into<String>) -> Self {
        Self::Link(link.into())
    }

    /// What is wrong with it, for a message's field.
    pub(super) fn check(&self, field: &'static str) -> Option<Finding> {
        match self {
            Self::Id(id) => (!id.as_str().bytes().all(|byte| byte.is_ascii_digit())).then(|| {
                Finding::error("whatsapp.media.id", field, "this is not the id of uploaded media")
                    .allowed("digits")
                    .advice("upload the file with `UploadMedia`; a template's example handle cannot be sent")
            }),
            Self::Link(link) => measure::web_address("whatsapp.media.link", field, link, MAX_LINK)
                .or_else(|| is_meta_download(link).then(|| refused(field))),
        }
    }
}

impl From<MediaId> for MediaSource {
    fn from(id: MediaId) -> Self {
        Self::Id(id)
    }
}

/// Links that Meta hands out for reading: media downloads, and the examples of templates. Its own fetcher is
/// refused there, long after the message was accepted.
fn is_meta_download(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let below =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    below("fbcdn.net") || below("fbsbx.com") || below("cdn.whatsapp.net") || host.starts_with("scontent")
}

fn refused(field: &'static str) -> Finding {
    Finding::error(
        "whatsapp.media.example_link",
        field,
        "WhatsApp cannot fetch this link: it is one of Meta's own",
    )
    .advice("download the file, upload it with `UploadMedia` and send the id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_meta_and_example_handles_are_refused() {
        for (source, rule) in [
            (MediaSource::link("https://example.com/a.jpg?b=c"), None),
            (MediaSource::link("http://example.com/scontent.jpg"), None),
            (MediaSource::link("https://notfbcdn.net/a.jpg"), None),
            (MediaSource::from(MediaId::from(1_037_543_291_543_636)), None),
            (MediaSource::link("example.com/a.jpg"), Some("whatsapp.media.link")),
            (MediaSource::link("file:///etc/passwd"), Some("whatsapp.media.link")),
            (MediaSource::link(""), Some("whatsapp.media.link")),
            (MediaSource::link(format!("https://e.com/{}", "a".repeat(2_000))), Some("whatsapp.media.link")),
            (
                MediaSource::link("https://scontent.whatsapp.net/v/t61.29466-34/1.jpg?ccb=1-7&oh=01"),
                Some("whatsapp.media.example_link"),
            ),
            (
                MediaSource::link("https://scontent.xx.fbcdn.net/m1/v/t0.57323-24/An_Hq0"),
                Some("whatsapp.media.example_link"),
            ),
            (
                MediaSource::link("https://LOOKASIDE.fbsbx.com./whatsapp_business/attachments/?mid=1"),
                Some("whatsapp.media.example_link"),
            ),
            (MediaSource::from(MediaId::new("4::aW1hZ2UvanBlZw").unwrap()), Some("whatsapp.media.id")),
        ] {
            let finding = source.check("image");
            assert_eq!(finding.as_ref().map(Finding::rule), rule, "{source:?}");
        }
    }
}
