//! Writing a request without a URL library rewriting it.

use std::borrow::Cow;
use std::fmt;
use std::mem;

use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Serialize;

use super::base_url::BaseUrl;
use super::body::Body;
use super::multipart::Multipart;
use crate::{Finding, InvalidRequest};

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ESCAPED)
}

/// A request being written: method, path template with named placeholders, query, headers, body.
///
/// The template (`/{page_id}/feed`) names the route in spans and metrics, so the filled path never has to
/// be printed. All setters return the writer.
///
/// ```
/// use http::Method;
/// use sociogram_api_core::http::RequestParts;
///
/// let mut parts = RequestParts::new(Method::GET, "/{page_id}/feed");
/// parts.path("page_id", "42").query("fields", "id,message");
/// assert_eq!(parts.query_string(), "fields=id%2Cmessage");
/// ```
#[derive(Clone)]
pub struct RequestParts {
    method: Method,
    template: &'static str,
    base: Option<BaseUrl>,
    params: Vec<Param>,
    query: String,
    headers: HeaderMap,
    form: Option<String>,
    body: Body,
    content_type: Option<HeaderValue>,
}

/// What fills a placeholder, encoded.
#[derive(Clone)]
struct Param {
    name: &'static str,
    value: String,
    /// Whether it may hold several segments, with `/` between them.
    many: bool,
}

impl RequestParts {
    /// A request without base, parameters or body. `template` starts with `/`; placeholders stand in
    /// braces.
    pub fn new(method: Method, template: &'static str) -> Self {
        Self {
            method,
            template,
            base: None,
            params: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            form: None,
            body: Body::Empty,
            content_type: None,
        }
    }

    /// The host and path prefix. A client sets its own unless the endpoint chose one.
    pub fn base(&mut self, base: BaseUrl) -> &mut Self {
        self.base = Some(base);
        self
    }

    /// Whether the endpoint chose a host itself.
    pub const fn has_base(&self) -> bool {
        self.base.is_some()
    }

    /// The host that the endpoint chose, if it did.
    pub const fn base_url(&self) -> Option<&BaseUrl> {
        self.base.as_ref()
    }

    /// Fills a placeholder with one path segment, percent-encoding all but unreserved characters.
    pub fn path(&mut self, name: &'static str, value: impl AsRef<str>) -> &mut Self {
        self.encoded_path(name, encode(value.as_ref()).to_string())
    }

    /// Fills a placeholder with any number of path segments, percent-encoding all but unreserved characters of
    /// each. None at all leaves the placeholder empty.
    pub fn path_segments<S: AsRef<str>>(
        &mut self,
        name: &'static str,
        segments: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        let encoded = segments.into_iter().map(|segment| encode(segment.as_ref()).to_string());
        self.encoded_path_segments(name, encoded)
    }

    /// Fills a placeholder with text that is already encoded, such as a Rest.li key.
    pub fn encoded_path(&mut self, name: &'static str, value: impl Into<String>) -> &mut Self {
        self.params.push(Param { name, value: value.into(), many: false });
        self
    }

    /// The same with segments that are already encoded. One with a `/` in it counts as several.
    pub fn encoded_path_segments(
        &mut self,
        name: &'static str,
        segments: impl IntoIterator<Item = String>,
    ) -> &mut Self {
        let segments: Vec<String> = segments.into_iter().collect();
        self.params.push(Param { name, value: segments.join("/"), many: true });
        self
    }

    /// Adds a query parameter, percent-encoding name and value.
    pub fn query(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        push_pair(&mut self.query, name.as_ref(), value.as_ref());
        self
    }

    /// Adds query text that is already encoded (`ids=List(1,2)`).
    pub fn encoded_query(&mut self, raw: impl AsRef<str>) -> &mut Self {
        if !raw.as_ref().is_empty() {
            if !self.query.is_empty() {
                self.query.push('&');
            }
            self.query.push_str(raw.as_ref());
        }
        self
    }

    /// The encoded query so far, without `?`.
    pub fn query_string(&self) -> &str {
        &self.query
    }

    /// Takes the encoded query away, for clients that move it into the body.
    pub fn take_query(&mut self) -> String {
        mem::take(&mut self.query)
    }

    /// Sets a header, replacing one of the same name.
    pub fn header(&mut self, name: HeaderName, value: HeaderValue) -> &mut Self {
        self.headers.insert(name, value);
        self
    }

    /// The headers set so far.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers set so far, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// A JSON body.
    ///
    /// # Errors
    /// When the value cannot be written as JSON (a map with keys that are not text).
    pub fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<&mut Self, InvalidRequest> {
        let bytes = serde_json::to_vec(value).map_err(|_| {
            Finding::error("request.body.json", "body", "the value cannot be written as JSON")
                .advice("use text as the keys of maps")
        })?;
        Ok(self.body(bytes.into(), HeaderValue::from_static("application/json")))
    }

    /// Adds a field to an `application/x-www-form-urlencoded` body.
    pub fn form_field(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        push_pair(self.form.get_or_insert_default(), name.as_ref(), value.as_ref());
        self
    }

    /// A `multipart/form-data` body.
    ///
    /// # Errors
    /// When a part's name, file name or content type is empty or holds control characters.
    pub fn multipart(&mut self, multipart: Multipart) -> Result<&mut Self, InvalidRequest> {
        let (body, content_type) = multipart.encode()?;
        let content_type = HeaderValue::try_from(content_type).map_err(|_| {
            Finding::error("request.multipart.type", "body", "the content type is not plain text")
        })?;
        Ok(self.body(body, content_type))
    }

    /// Any other body.
    pub fn body(&mut self, body: Body, content_type: HeaderValue) -> &mut Self {
        self.form = None;
        self.body = body;
        self.content_type = Some(content_type);
        self
    }

    /// The body and its content type, if there is one.
    pub fn content(&self) -> Option<(Body, HeaderValue)> {
        if let Some(form) = &self.form {
            let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            return Some((form.clone().into(), content_type));
        }
        Some((self.body.clone(), self.content_type.clone()?))
    }

    /// The method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Replaces the method, for clients that tunnel.
    pub fn set_method(&mut self, method: Method) -> &mut Self {
        self.method = method;
        self
    }

    /// The path template.
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// The filled path and the query, as they follow the base URL (`/42/feed?fields=id`): what an item of a
    /// batch holds in place of a URL.
    ///
    /// # Errors
    /// When a placeholder is not filled, filled twice or unsafe, or the query needs encoding.
    pub fn path_and_query(&self) -> Result<String, InvalidRequest> {
        let mut target = String::with_capacity(self.template.len() + self.query.len() + 64);
        self.fill(&mut target)?;
        if !self.query.is_empty() {
            check_query(&self.query)?;
            target.push('?');
            target.push_str(&self.query);
        }
        Ok(target)
    }

    /// The request with its URL put together by plain concatenation.
    ///
    /// # Errors
    /// When a placeholder is not filled, filled twice or unsafe, there is no base URL, or the URL is too
    /// long for a URI (65 534 bytes).
    pub(super) fn build(&self) -> Result<::http::Request<Body>, InvalidRequest> {
        let base = self.base.as_ref().ok_or_else(|| template_error("there is no base URL"))?;
        let url = format!("{}{}", base.as_str(), self.path_and_query()?);
        let uri = Uri::try_from(url).map_err(|_| {
            Finding::error(
                "request.url",
                "query",
                "the URL is too long or holds characters that need encoding",
            )
            .measured(format_args!("{} bytes of query", self.query.len()))
            .advice("ask for less in one call")
        })?;
        let mut request = ::http::Request::new(Body::Empty);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        request.headers_mut().clone_from(&self.headers);
        if !self.headers.contains_key(ACCEPT) {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        if let Some((body, content_type)) = self.content() {
            if let Some(len) = body.len() {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(len));
            }
            request.headers_mut().insert(CONTENT_TYPE, content_type);
            *request.body_mut() = body;
        } else if self.method == Method::POST || self.method == Method::PUT {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0u64));
        }
        Ok(request)
    }

    fn fill(&self, url: &mut String) -> Result<(), InvalidRequest> {
        let mut rest = self.template;
        let mut used = 0;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (name, tail) = tail.split_once('}').ok_or_else(|| template_error("a brace is not closed"))?;
            url.push_str(literal);
            let mut values = self.params.iter().filter(|param| param.name == name);
            let Param { value, many, .. } = match (values.next(), values.next()) {
                (Some(param), None) => param,
                (None, _) => return Err(template_error("a placeholder is not filled")),
                (Some(_), Some(_)) => return Err(template_error("a placeholder is filled twice")),
            };
            if !many {
                check_segment(name, value)?;
            } else if !value.is_empty() {
                value.split('/').try_for_each(|segment| check_segment(name, segment))?;
            }
            url.push_str(value);
            used += 1;
            rest = tail;
        }
        if used != self.params.len() {
            return Err(template_error("a path parameter has no placeholder"));
        }
        url.push_str(rest);
        Ok(())
    }
}

/// A value that is empty, climbs the path or leaves its segment would address another object.
fn check_segment(name: &str, value: &str) -> Result<(), InvalidRequest> {
    if value.is_empty() || value == "." || value == ".." || value.contains(['/', '?', '#', '\\']) {
        return Err(Finding::error("request.path", name.to_owned(), "the value cannot stand in a path")
            .advice("pass the id as the provider gave it")
            .into());
    }
    Ok(())
}

/// URL libraries rewrite everything else, a bare `'` included, and so would change what was asked.
fn check_query(query: &str) -> Result<(), InvalidRequest> {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@/?%".contains(&byte);
    if query.bytes().all(kept) {
        return Ok(());
    }
    Err(Finding::error("request.query", "query", "the query holds characters that need percent-encoding")
        .advice("encode them, or send the query in the body")
        .into())
}

fn template_error(message: impl Into<Cow<'static, str>>) -> InvalidRequest {
    Finding::error("request.template", "path", message).advice("report it: the endpoint is wrong").into()
}

fn push_pair(to: &mut String, name: &str, value: &str) {
    if !to.is_empty() {
        to.push('&');
    }
    to.extend(encode(name));
    to.push('=');
    to.extend(encode(value));
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestParts")
            .field("method", &self.method)
            .field("template", &self.template)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
