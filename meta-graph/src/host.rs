//! The hosts of Meta's APIs.

use http::uri::Uri;
use sociogram_api_core::http::BaseUrl;

use crate::version::ApiVersion;

/// Which of Meta's APIs a client calls. A login belongs to exactly one of them, and so does its token: it is
/// never sent to another.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GraphHost {
    /// graph.facebook.com: Pages, ads, businesses, WhatsApp, and Instagram through Facebook Login.
    #[default]
    Facebook,
    /// graph.instagram.com: tokens of Instagram Login.
    Instagram,
    /// graph.threads.net: tokens of Threads. It has a single version, v1.0.
    Threads,
}

impl GraphHost {
    /// The base URL, without the version.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Facebook => "https://graph.facebook.com",
            Self::Instagram => "https://graph.instagram.com",
            Self::Threads => "https://graph.threads.net",
        }
    }

    /// The version a client uses unless told otherwise.
    pub const fn default_version(self) -> ApiVersion {
        match self {
            Self::Facebook | Self::Instagram => ApiVersion::DEFAULT,
            Self::Threads => ApiVersion::THREADS,
        }
    }

    /// The hosts that may get a token of this API, upload hosts among them; others never do, whatever a
    /// response says.
    pub(crate) const fn token_hosts(self) -> &'static [&'static str] {
        match self {
            Self::Facebook => &[
                "graph.facebook.com",
                "graph-video.facebook.com",
                "rupload.facebook.com",
                // Files that people sent on WhatsApp.
                "lookaside.fbsbx.com",
            ],
            Self::Instagram => &["graph.instagram.com", "rupload.facebook.com"],
            Self::Threads => &["graph.threads.net"],
        }
    }
}

/// The host that takes uploaded bytes, which wants another scheme of authorization and no proof.
const UPLOAD_HOST: &str = "rupload.facebook.com";

/// Which host of its API an operation goes to, as an extension of it
/// ([`Operation::with`](sociogram_api_core::http::Operation::with)). The client knows the addresses.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MetaHost {
    /// The host of the client's API.
    #[default]
    Graph,
    /// graph-video.facebook.com: videos of Pages and ad accounts, sent as bytes. The version stands before the
    /// path as usual.
    Video,
    /// rupload.facebook.com: the bytes of reels, stories and Instagram containers. The version stands inside
    /// the path, at the placeholder `{api_version}`.
    Upload,
}

/// Where the hosts of an API are: Meta's own, or a sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Bases {
    pub(crate) graph: BaseUrl,
    pub(crate) video: BaseUrl,
    pub(crate) upload: BaseUrl,
}

impl Bases {
    pub(crate) const VIDEO: &'static str = "https://graph-video.facebook.com";
    pub(crate) const UPLOAD: &'static str = "https://rupload.facebook.com";

    pub(crate) const fn of(&self, host: MetaHost) -> &BaseUrl {
        match host {
            MetaHost::Graph => &self.graph,
            MetaHost::Video => &self.video,
            MetaHost::Upload => &self.upload,
        }
    }
}

/// How the token is named in the `Authorization` header, as an extension of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OAuthScheme;

/// The answer is a file, as an extension of an operation: its bytes are not read as an answer of the API, and its
/// address is signed and takes no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivesFile;

/// Whether a request goes to the upload host itself.
pub(crate) fn is_upload_host(uri: &Uri) -> bool {
    uri.host().is_some_and(|host| host.eq_ignore_ascii_case(UPLOAD_HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_sends_its_tokens_to_its_own_host() {
        for host in [GraphHost::Facebook, GraphHost::Instagram, GraphHost::Threads] {
            let own = host.base_url().strip_prefix("https://").unwrap();
            for other in [GraphHost::Facebook, GraphHost::Instagram, GraphHost::Threads] {
                assert_eq!(other.token_hosts().contains(&own), host == other, "{host:?} {other:?}");
            }
        }
    }

    #[test]
    fn upload_hosts_are_among_those_that_may_get_the_token() {
        for url in [Bases::VIDEO, Bases::UPLOAD] {
            let host = url.strip_prefix("https://").unwrap();
            assert!(GraphHost::Facebook.token_hosts().contains(&host), "{host}");
            assert!(!GraphHost::Threads.token_hosts().contains(&host), "{host}");
            assert_eq!(is_upload_host(&url.parse().unwrap()), host == UPLOAD_HOST);
        }
    }
}
