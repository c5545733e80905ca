//! The transport that most programs use. The only file of the family that names `reqwest`.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::body::Body;
use super::transport::{Limits, Transport, TransportError, TransportErrorKind};

/// [`Transport`] over `reqwest`: redirects, cookies, decompression, the environment's proxies and
/// `reqwest`'s own retries are off, whatever features other crates switch on.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: ::reqwest::Client,
}

impl ReqwestTransport {
    /// With the default settings of [`builder`](Self::builder).
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// Connect within 10 s, keep idle connections for 90 s, no proxy.
    pub const fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            proxy: None,
        }
    }

    /// Over your own client, for another TLS set-up. Build it without redirects, retries and
    /// decompression; the pipeline relies on that.
    pub const fn from_client(client: ::reqwest::Client) -> Self {
        Self { client }
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport")
    }
}

/// Settings of a [`ReqwestTransport`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    proxy: Option<String>,
}

impl ReqwestTransportBuilder {
    /// How long connecting may take, TLS included.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an unused connection is kept.
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// A proxy for all requests, such as `http://proxy.internal:3128`.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// The transport. Opens no connection.
    ///
    /// # Errors
    /// When TLS cannot be set up (no provider, no roots) or the proxy URL is not one.
    pub fn build(self) -> Result<ReqwestTransport, TransportError> {
        let mut builder = ::reqwest::Client::builder()
            .redirect(::reqwest::redirect::Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.idle_timeout);
        if let Some(proxy) = self.proxy {
            builder =
                builder.proxy(::reqwest::Proxy::all(proxy).map_err(|error| not_sent(error.without_url()))?);
        }
        Ok(ReqwestTransport { client: builder.build().map_err(|error| not_sent(error.without_url()))? })
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: ::http::Request<Body>,
        limits: &Limits,
    ) -> Result<::http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let url = unchanged_url(&head.uri)?;
        let mut request = ::reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = match body {
            Body::Empty => None,
            Body::Bytes(bytes) => Some(bytes.into()),
            Body::Stream(source) => Some(::reqwest::Body::wrap_stream(source.open())),
        };
        let response = self.client.execute(request).await.map_err(failure)?;
        read(response, limits.max_response_bytes).await
    }
}

/// The most memory that is set aside because an answer announces its length, in bytes.
const MAX_RESERVED: usize = 1024 * 1024;

/// The URL type rewrites some characters (a bare `'` in a query, for one), which would change the meaning
/// of an encoded request; such a request is not sent.
fn unchanged_url(uri: &::http::Uri) -> Result<::reqwest::Url, TransportError> {
    let url: ::reqwest::Url = uri.to_string().parse().map_err(|_| not_sent("the URL cannot be parsed"))?;
    if url.path() != uri.path() || url.query() != uri.query() {
        return Err(not_sent("the URL holds characters that need percent-encoding"));
    }
    Ok(url)
}

async fn read(
    mut response: ::reqwest::Response,
    max: usize,
) -> Result<::http::Response<Bytes>, TransportError> {
    let mut answer = ::http::Response::new(Bytes::new());
    *answer.status_mut() = response.status();
    *answer.version_mut() = response.version();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    let too_large = |length: usize| length > max;
    let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced.is_some_and(too_large) {
        return Err(TransportError::new(TransportErrorKind::TooLarge));
    }
    let first = response.chunk().await.map_err(failure)?.unwrap_or_default();
    let Some(second) = response.chunk().await.map_err(failure)? else {
        if too_large(first.len()) {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        *answer.body_mut() = first;
        return Ok(answer);
    };
    // What was announced need not come.
    let expected = announced.unwrap_or_default().min(MAX_RESERVED).max(first.len());
    let mut body = BytesMut::with_capacity(expected);
    body.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        if too_large(body.len() + chunk.len()) {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        body.extend_from_slice(&chunk);
        next = response.chunk().await.map_err(failure)?;
    }
    *answer.body_mut() = body.freeze();
    Ok(answer)
}

fn failure(error: ::reqwest::Error) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::NotSent
    } else if error.is_request() || error.is_body() || error.is_decode() {
        TransportErrorKind::Interrupted
    } else {
        TransportErrorKind::Other
    };
    TransportError::new(kind).with_source(error.without_url())
}

fn not_sent(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::NotSent).with_source(source)
}

#[cfg(test)]
mod tests;
