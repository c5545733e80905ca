//! Any node or edge through the same road.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sociogram_api_core::http::{
    CoreError, Cursor, DecodeError, Endpoint, ListEndpoint, Operation, Page, RawResponse, Replay,
    RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::page_envelope::{self, Position};
use crate::version::ApiVersion;

/// What only the client may add: a token or a proof in a parameter would end up in logs of both sides.
const RESERVED: [&str; 3] = ["access_token", "appsecret_proof", "appsecret_time"];

/// The longest page a list of unknown kind is asked for.
const MAX_LIMIT: u32 = 5_000;

mod sealed {
    use http::Method;
    use sociogram_api_core::http::Replay;

    /// What the three methods differ in.
    pub trait Verb: Send + Sync + 'static {
        const NAME: &'static str;
        const METHOD: Method;
        const REPLAY: Replay;
    }
}

use sealed::Verb;

/// Reads; repeated freely.
#[derive(Clone, Copy, Debug)]
pub enum Get {}

/// Writes; never repeated unless [`replay`](RawRequest::replay) says otherwise.
#[derive(Clone, Copy, Debug)]
pub enum Post {}

/// Deletes; repeated freely.
#[derive(Clone, Copy, Debug)]
pub enum Delete {}

/// A request that this crate has no type for, through the same road as all others: token, proof, version, limits,
/// retries, errors.
///
/// Its answer is a [`Value`] unless [`read_as`](Self::read_as) names a type. Meta's documents say which permissions
/// it needs; errors cannot list them.
///
/// ```
/// use sociogram_meta_graph::RawRequest;
///
/// # async fn example(client: &sociogram_meta_graph::Client) -> Result<(), sociogram_meta_graph::Error> {
/// let me = client.send(RawRequest::get("me").fields("id,name")).await?;
/// let post = RawRequest::post("42/feed").form("message", "Hello").named("page.feed.create").subject("42");
/// let created = client.send(post).await?;
/// # let _ = (me, created);
/// # Ok(())
/// # }
/// ```
pub struct RawRequest<V, T = Value> {
    request: Request,
    replay: Option<Replay>,
    read: PhantomData<fn() -> (V, T)>,
}

/// A list that this crate has no type for, in pages.
///
/// ```
/// use futures_util::TryStreamExt;
/// use sociogram_meta_graph::RawList;
///
/// # async fn example(client: &sociogram_meta_graph::Client) -> Result<(), sociogram_meta_graph::Error> {
/// let labels = client.items(RawList::new("42/custom_labels").fields("id,page_label_name").limit(100));
/// let labels: Vec<serde_json::Value> = labels.try_collect().await?;
/// # let _ = labels;
/// # Ok(())
/// # }
/// ```
pub struct RawList<T = Value> {
    request: Request,
    page: Position,
    read: PhantomData<fn() -> T>,
}

/// What both have.
#[derive(Clone, Default)]
struct Request {
    path: String,
    query: Vec<(String, Value)>,
    form: Vec<(String, Value)>,
    json: Option<Value>,
    name: Option<&'static str>,
    subject: Option<String>,
}

impl RawRequest<Get> {
    /// `GET` of this path below the version, such as `me/accounts`. Empty for a request to the root, as with `ids`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(path)
    }
}

impl RawRequest<Post> {
    /// `POST` to this path below the version. Repeated only if it cannot have arrived, because Meta has no
    /// idempotency keys.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(path)
    }
}

impl RawRequest<Delete> {
    /// `DELETE` of this path below the version. Its parameters are in the query.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(path)
    }
}

impl<V: Verb, T> RawRequest<V, T> {
    fn new(path: impl Into<String>) -> Self {
        let request = Request { path: path.into(), ..Request::default() };
        Self { request, replay: None, read: PhantomData }
    }

    /// Adds a parameter to the query. Text is sent as it is, everything else as JSON.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.request.query.push((name.into(), value.into()));
        self
    }

    /// The fields wanted, in Meta's syntax; [`Fields`](crate::Fields) puts them together.
    pub fn fields(self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.query("fields", fields.into())
    }

    /// What repeating it would do, where the method does not tell.
    pub fn replay(mut self, replay: Replay) -> Self {
        self.replay = Some(replay);
        self
    }

    /// Another name in errors, spans and metrics. Its beginning selects the rate limit: `page.`, `instagram.`,
    /// `instagram.message.`, `messenger.`, `whatsapp.`, `threads.`, `ads.`, `ads.insights.`, `ads.audience.`,
    /// `lead.`, `catalog.`, `catalog.batch.`.
    pub fn named(mut self, name: &'static str) -> Self {
        self.request.name = Some(name);
        self
    }

    /// The object whose rate limit it counts against: a Page, an Instagram account, an ad account.
    pub fn subject(mut self, id: impl Into<String>) -> Self {
        self.request.subject = Some(id.into());
        self
    }

    /// The same request, its answer read as a `U`.
    pub fn read_as<U>(self) -> RawRequest<V, U> {
        RawRequest { request: self.request, replay: self.replay, read: PhantomData }
    }
}

impl<T> RawRequest<Post, T> {
    /// Adds a field to the form. Text is sent as it is, everything else as JSON.
    pub fn form(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.request.form.push((name.into(), value.into()));
        self
    }

    /// A JSON body in place of a form.
    pub fn json(mut self, body: impl Into<Value>) -> Self {
        self.request.json = Some(body.into());
        self
    }
}

impl RawList {
    /// The list at this path below the version, from its first page on.
    pub fn new(path: impl Into<String>) -> Self {
        let request = Request { path: path.into(), ..Request::default() };
        Self { request, page: Position::default(), read: PhantomData }
    }
}

impl<T> RawList<T> {
    /// Adds a parameter to the query. Text is sent as it is, everything else as JSON.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.request.query.push((name.into(), value.into()));
        self
    }

    /// The fields wanted, in Meta's syntax; [`Fields`](crate::Fields) puts them together.
    pub fn fields(self, fields: impl Into<Cow<'static, str>>) -> Self {
        self.query("fields", fields.into())
    }

    /// How many items one page holds; Meta gives 25 unless told, and many lists allow 100 at most.
    pub fn limit(mut self, limit: u32) -> Self {
        self.page.limit = Some(limit);
        self
    }

    /// Another name, as for [`RawRequest::named`].
    pub fn named(mut self, name: &'static str) -> Self {
        self.request.name = Some(name);
        self
    }

    /// The object whose rate limit it counts against.
    pub fn subject(mut self, id: impl Into<String>) -> Self {
        self.request.subject = Some(id.into());
        self
    }

    /// The same list, its items read as `U`s.
    pub fn read_as<U>(self) -> RawList<U> {
        RawList { request: self.request, page: self.page, read: PhantomData }
    }
}

impl Request {
    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let findings = self.check();
        if let Some(invalid) = InvalidRequest::from_findings(findings) {
            return Err(invalid);
        }
        parts.path_segments("path", self.segments());
        for (name, value) in &self.query {
            parts.query(name, text(value));
        }
        for (name, value) in &self.form {
            parts.form_field(name, text(value));
        }
        match &self.json {
            Some(body) => parts.json(body).map(|_| ()),
            None => Ok(()),
        }
    }

    /// A slash at either end is a matter of taste; one too many inside addresses something else.
    fn segments(&self) -> impl Iterator<Item = &str> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        let path = path.strip_suffix('/').unwrap_or(path);
        path.split('/').filter(move |_| !path.is_empty())
    }

    fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.path.contains("://") || self.path.contains(['?', '#']) {
            findings.push(
                Finding::error("raw.path", "path", "this is a URL and not the path of a node or edge")
                    .advice("pass `42/feed`; parameters go through `query`, and the client knows the host"),
            );
        }
        if self.segments().next().is_some_and(|first| first.parse::<ApiVersion>().is_ok()) {
            findings.push(
                Finding::error("raw.path", "path", "the path begins with a version")
                    .advice("leave it out; `Call::with` takes another `ApiVersion` for one call"),
            );
        }
        if self.json.is_some() && !self.form.is_empty() {
            findings.push(
                Finding::error("raw.body", "body", "there is a form and a JSON body").advice("use one"),
            );
        }
        let of_json = self.json.as_ref().and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let names = self.query.iter().chain(&self.form).map(|(name, _)| name).chain(of_json);
        if names.into_iter().any(|name| is_reserved(name)) {
            findings.push(
                Finding::error("raw.reserved", "query", "a token or its proof is not passed as a parameter")
                    .advice("use a client `with_token`; it sends token and proof itself"),
            );
        }
        findings
    }

    fn describe(&self, mut operation: Operation) -> Operation {
        if let Some(name) = self.name {
            operation = operation.named(name);
        }
        operation
    }
}

fn is_reserved(name: &str) -> bool {
    let name = name.trim().split('[').next().unwrap_or_default();
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

impl Verb for Get {
    const NAME: &'static str = "raw.get";
    const METHOD: http::Method = http::Method::GET;
    const REPLAY: Replay = Replay::Safe;
}

impl Verb for Post {
    const NAME: &'static str = "raw.post";
    const METHOD: http::Method = http::Method::POST;
    const REPLAY: Replay = Replay::Never;
}

impl Verb for Delete {
    const NAME: &'static str = "raw.delete";
    const METHOD: http::Method = http::Method::DELETE;
    const REPLAY: Replay = Replay::Safe;
}

impl<V: Verb, T: DeserializeOwned + Send> Endpoint for RawRequest<V, T> {
    type Output = T;

    const NAME: &'static str = V::NAME;
    const METHOD: http::Method = V::METHOD;
    const PATH: &'static str = "/{path}";
    const REPLAY: Replay = V::REPLAY;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.request.write(parts)
    }

    fn subject(&self) -> Option<&str> {
        self.request.subject.as_deref()
    }

    fn describe(&self, operation: Operation) -> Operation {
        let operation = self.request.describe(operation);
        match self.replay {
            Some(replay) => operation.replayed(replay),
            None => operation,
        }
    }

    fn decode(&self, response: &RawResponse) -> Result<T, DecodeError> {
        response.json()
    }
}

impl<T: DeserializeOwned + Send> Endpoint for RawList<T> {
    type Output = Page<T>;

    const NAME: &'static str = "raw.list";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/{path}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.request.write(parts)?;
        self.page.write(parts, MAX_LIMIT)
    }

    fn subject(&self) -> Option<&str> {
        self.request.subject.as_deref()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.request.describe(operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<T>, DecodeError> {
        page_envelope::read(response)
    }
}

impl<T: DeserializeOwned + Send> ListEndpoint for RawList<T> {
    type Item = T;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.page.after = Some(cursor.clone());
        self
    }

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        Some(Self { page: self.page.smaller(error)?, ..self.clone() })
    }
}

impl<V, T> Clone for RawRequest<V, T> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), replay: self.replay, read: PhantomData }
    }
}

impl<T> Clone for RawList<T> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), page: self.page.clone(), read: PhantomData }
    }
}

impl<V, T> fmt::Debug for RawRequest<V, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.show("RawRequest", f)
    }
}

impl<T> fmt::Debug for RawList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.show("RawList", f)
    }
}

impl Request {
    /// Without values and path: what somebody passes by mistake may be a secret.
    fn show(&self, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.query.iter().chain(&self.form).map(|(name, _)| name.as_str()).collect();
        f.debug_struct(kind).field("name", &self.name).field("parameters", &names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
