//! What the platform finds at the address of a picture or a video. Nothing is fetched: the address itself tells.

use super::super::super::answer::GraphError;

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Found {
    /// Something the platform can use.
    Good,
    /// Nothing that a server on the internet can load without logging in.
    Unreachable,
    /// The server answers too slowly (`timeout` in the file name).
    Slow,
    /// A file of another format.
    Format,
    /// A file above the limit (`too-large` in the file name).
    TooLarge,
    /// A picture of an impossible shape (`bad-ratio` in the file name).
    Ratio,
}

/// Looks at the address of a picture. Threads takes PNG too.
pub(in super::super) fn picture(address: &str, png: bool) -> Found {
    let others: &[&str] = if png {
        &["webp", "heic", "heif", "gif", "bmp", "tiff", "avif", "mp4", "mov"]
    } else {
        &["png", "webp", "heic", "heif", "gif", "bmp", "tiff", "avif", "mp4", "mov", "mpo", "jps"]
    };
    look(address, others)
}

/// Looks at the address of a video.
pub(in super::super) fn video(address: &str) -> Found {
    look(address, &["avi", "mkv", "webm", "wmv", "flv", "jpg", "jpeg", "png", "gif"])
}

fn look(address: &str, wrong: &[&str]) -> Found {
    let Ok(parsed) = url::Url::parse(address) else { return Found::Unreachable };
    let public = match parsed.host() {
        Some(url::Host::Domain(name)) => {
            name.contains('.')
                && ![".local", ".localhost", ".internal", ".invalid"].iter().any(|end| name.ends_with(end))
        }
        Some(url::Host::Ipv4(ip)) => {
            !(ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified())
        }
        Some(url::Host::Ipv6(ip)) => {
            !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified())
        }
        None => false,
    };
    if !public || !matches!(parsed.scheme(), "http" | "https") || !parsed.username().is_empty() {
        return Found::Unreachable;
    }
    let file = parsed.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    if file.contains("timeout") {
        Found::Slow
    } else if wrong.contains(&ending) {
        Found::Format
    } else if file.contains("too-large") {
        Found::TooLarge
    } else if file.contains("bad-ratio") {
        Found::Ratio
    } else {
        Found::Good
    }
}

/// What Instagram says of a picture.
///
/// # Errors
///
/// When it cannot be used.
pub(super) fn check_picture(address: &str) -> Result<(), GraphError> {
    let error =
        |code: i64, subcode: i64, message: &str| Err(GraphError::new(400, code, message).subcode(subcode));
    match picture(address, false) {
        Found::Good => Ok(()),
        Found::Unreachable => error(
            9004,
            2_207_052,
            "Only photo or video can be accepted as media type. The URI could not be fetched.",
        ),
        Found::Slow => Err(GraphError::new(400, -2, "Download of the media took too long.")
            .subcode(2_207_003)
            .transient()),
        Found::Format => error(36001, 2_207_005, "The image format is not supported. Use JPEG."),
        Found::TooLarge => error(36000, 2_207_004, "The image is too large: at most 8 MiB."),
        Found::Ratio => error(36003, 2_207_009, "The aspect ratio is not supported: from 4:5 to 1.91:1."),
    }
}

/// The subcode that the container of a video ends with, if the video cannot be used.
pub(super) fn video_fault(address: &str) -> Option<i64> {
    match video(address) {
        Found::Good => None,
        Found::Unreachable => Some(2_207_052),
        Found::Slow => Some(2_207_003),
        Found::Format | Found::TooLarge | Found::Ratio => Some(2_207_026),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_what_is_there() {
        let cases = [
            ("https://example.com/a.jpg", Found::Good),
            ("https://example.com/media?id=5", Found::Good),
            ("https://example.com/a.PNG", Found::Format),
            ("https://example.com/too-large.jpg", Found::TooLarge),
            ("https://example.com/bad-ratio.jpg", Found::Ratio),
            ("https://example.com/timeout.jpg", Found::Slow),
            ("http://127.0.0.1/a.jpg", Found::Unreachable),
            ("https://localhost/a.jpg", Found::Unreachable),
            ("https://user@example.com/a.jpg", Found::Unreachable),
            ("ftp://example.com/a.jpg", Found::Unreachable),
            ("a.jpg", Found::Unreachable),
        ];
        for (address, expected) in cases {
            assert_eq!(picture(address, false), expected, "{address}");
        }
        assert_eq!(picture("https://example.com/a.png", true), Found::Good);
        assert_eq!(video("https://example.com/a.mp4"), Found::Good);
        assert_eq!(video_fault("https://example.com/a.avi"), Some(2_207_026));
    }
}
