//! A request read whole: path and query as they were sent, the body under a cap.

use axum::{body::to_bytes, extract::Request};
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use serde::{Deserialize, Serialize};

/// Largest body any part of the sandbox reads.
pub(crate) const MAX_BODY: usize = 64 * 1024 * 1024;

/// The host a request was meant for, told by the first part of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    /// `www.facebook.com`
    Facebook,
    /// `graph.facebook.com`
    Graph,
    /// `graph-video.facebook.com`
    GraphVideo,
    /// `rupload.facebook.com`
    Upload,
    /// `lookaside.fbsbx.com`
    Files,
    /// `www.instagram.com`
    Instagram,
    /// `api.instagram.com` and `graph.instagram.com`, whose paths do not overlap.
    InstagramApi,
    /// `threads.net`
    Threads,
    /// `graph.threads.net`
    ThreadsApi,
    /// `www.linkedin.com`
    LinkedIn,
    /// `api.linkedin.com`
    LinkedInApi,
    /// The sandbox's own control API.
    Control,
    /// Anything else.
    Elsewhere,
}

impl Area {
    fn of(name: &str) -> Self {
        match name {
            "facebook" => Self::Facebook,
            "graph" => Self::Graph,
            "graph-video" => Self::GraphVideo,
            "rupload" => Self::Upload,
            "lookaside" => Self::Files,
            "instagram" => Self::Instagram,
            "instagram-api" => Self::InstagramApi,
            "threads" => Self::Threads,
            "threads-api" => Self::ThreadsApi,
            "linkedin" => Self::LinkedIn,
            "linkedin-api" => Self::LinkedInApi,
            "_sandbox" => Self::Control,
            _ => Self::Elsewhere,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Graph => "graph",
            Self::GraphVideo => "graph-video",
            Self::Upload => "rupload",
            Self::Files => "lookaside",
            Self::Instagram => "instagram",
            Self::InstagramApi => "instagram-api",
            Self::Threads => "threads",
            Self::ThreadsApi => "threads-api",
            Self::LinkedIn => "linkedin",
            Self::LinkedInApi => "linkedin-api",
            Self::Control => "_sandbox",
            Self::Elsewhere => "",
        }
    }

    /// Whose host it is; `None` for the sandbox's own.
    pub(crate) fn platform(self) -> Option<PlatformName> {
        match self {
            Self::Facebook | Self::Graph | Self::GraphVideo | Self::Upload | Self::Files => {
                Some(PlatformName::Meta)
            }
            Self::Instagram | Self::InstagramApi => Some(PlatformName::Instagram),
            Self::Threads | Self::ThreadsApi => Some(PlatformName::Threads),
            Self::LinkedIn | Self::LinkedInApi => Some(PlatformName::Linkedin),
            Self::Control | Self::Elsewhere => None,
        }
    }
}

/// A platform, as the control API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PlatformName {
    /// Facebook and the Graph API.
    Meta,
    /// Instagram Login.
    Instagram,
    Threads,
    Linkedin,
}

/// A request read whole.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) area: Area,
    pub(crate) method: Method,
    /// What follows the area, as sent: percent-encoding is kept. Starts with `/`.
    pub(crate) path: String,
    /// As sent; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    /// Reads the request; `None` when the body is above the cap or broke off.
    pub(crate) async fn read(request: Request) -> Option<Self> {
        let (parts, body) = request.into_parts();
        let whole = parts.uri.path().trim_start_matches('/');
        let (first, rest) = whole.split_once('/').unwrap_or((whole, ""));
        let area = Area::of(first);
        let path = if area == Area::Elsewhere { whole } else { rest };
        Some(Self {
            area,
            method: parts.method,
            path: format!("/{path}"),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: to_bytes(body, MAX_BODY).await.ok()?,
        })
    }

    /// The parts of the path, still percent-encoded.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// The query as a form, `+` meaning a space.
    pub(crate) fn query_form(&self) -> Form {
        Form::parse(self.query.as_bytes())
    }

    /// The text of a header sent once; a header sent twice counts as absent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let only = values.next()?;
        if values.next().is_some() {
            return None;
        }
        only.to_str().ok()
    }

    /// The media type of the body in lower case, without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header(header::CONTENT_TYPE.as_str())?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The token of `Authorization: Bearer …` (any letter case of the scheme, also `OAuth` where allowed).
    pub(crate) fn authorization(&self, schemes: &[&str]) -> Option<&str> {
        let (scheme, token) = self.header(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        let token = token.trim();
        let known = schemes.iter().any(|name| name.eq_ignore_ascii_case(scheme));
        (known && !token.is_empty()).then_some(token)
    }
}

/// Fields of a query or of a form body, in the order sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The first value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field, unless it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The list in a field, separated by spaces or commas.
    pub(crate) fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).flat_map(|value| value.split([' ', ','])).filter(|entry| !entry.is_empty())
    }
}

/// Writes one `name=value` list.
pub(crate) fn encode_form(fields: &[(&str, &str)]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        out.append_pair(name, value);
    }
    out.finish()
}
