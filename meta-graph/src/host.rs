//! The hosts of Meta's APIs.

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
            Self::Facebook => &["graph.facebook.com", "graph-video.facebook.com", "rupload.facebook.com"],
            Self::Instagram => &["graph.instagram.com", "rupload.facebook.com"],
            Self::Threads => &["graph.threads.net"],
        }
    }
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
}
