//! Any resource through the same road.

mod answer;
mod list;

use std::fmt;

use http::Method;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::batch::{Elements, Entities};
use crate::client::Versioned;
use crate::method::RestliMethod;
use crate::restli::{Query, RestliValue, encode_text};

pub use answer::RawAnswer;
pub use list::RawList;

/// What only the client may add: a token in a parameter would end up in logs of both sides.
const RESERVED: [&str; 4] = ["access_token", "oauth2_access_token", "client_secret", "refresh_token"];

/// A request that this crate has no type for, through the same road as all others: token, version, protocol headers,
/// tunnelling, limits, retries, errors.
///
/// LinkedIn's documents say which scopes it needs; errors cannot list them. Its HTTP method follows from the Rest.li
/// method. Reads, replacing, changing and deleting are repeated freely; what creates, and actions, only if they cannot have
/// arrived, unless [`replay`](Self::replay) says otherwise.
///
/// ```
/// use serde_json::json;
/// use sociogram_linkedin_api::restli::RestliValue;
/// use sociogram_linkedin_api::{RawRequest, RestliMethod};
///
/// # async fn example(client: &sociogram_linkedin_api::Client) -> Result<(), sociogram_linkedin_api::Error> {
/// let key = RestliValue::record([("actor", "urn:li:person:a"), ("entity", "urn:li:activity:1")]);
/// let reaction = client.send(RawRequest::new(RestliMethod::Get, "reactions").key(key)).await?;
/// let _ = reaction.body().get("reactionType");
///
/// let create = RawRequest::new(RestliMethod::Create, "events").body(json!({"name": "Meetup"})).named("app.events.create");
/// let id = client.send(create).await?.id();
/// # let _ = id;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct RawRequest {
    method: RestliMethod,
    target: Target,
    body: Option<Value>,
    replay: Option<Replay>,
}

/// What requests and lists have in common.
#[derive(Clone)]
struct Target {
    unversioned: bool,
    /// Encoded.
    segments: Vec<String>,
    query: Query,
    name: Option<&'static str>,
    subject: Option<String>,
    findings: Vec<Finding>,
}

/// The setters of both.
macro_rules! target_setters {
    () => {
        /// The key of an entity: a number, a URN, or a record for complex and compound keys.
        pub fn key(mut self, key: impl Into<RestliValue>) -> Self {
            self.target.segments.push(key.into().encode());
            self
        }

        /// A resource below the entity, such as `comments`.
        pub fn below(mut self, resource: &str) -> Self {
            self.target.push(resource);
            self
        }

        /// Below `/v2` in place of `/rest`, without a version.
        pub fn unversioned(mut self) -> Self {
            self.target.unversioned = true;
            self
        }

        /// Sets a parameter.
        pub fn query(mut self, name: &str, value: impl Into<RestliValue>) -> Self {
            self.target.query = self.target.query.param(name, value);
            self
        }

        /// Only these fields: a projection mask such as `id,content:(media)`.
        pub fn fields(mut self, mask: &str) -> Self {
            self.target.query = self.target.query.fields(mask);
            self
        }

        /// Only these fields of a list's metadata; a projection mask.
        pub fn metadata_fields(mut self, mask: &str) -> Self {
            self.target.query = self.target.query.metadata_fields(mask);
            self
        }

        /// Another name in errors, spans, metrics and counts. LinkedIn limits each endpoint on its own, and the name tells
        /// them apart.
        pub fn named(mut self, name: &'static str) -> Self {
            self.target.name = Some(name);
            self
        }

        /// The id of the object it is about.
        pub fn subject(mut self, id: impl Into<String>) -> Self {
            self.target.subject = Some(id.into());
            self
        }
    };
}

use target_setters;

impl RawRequest {
    /// A request to this resource, such as `adAccounts`, or `adAccounts/5/adCampaigns` where the keys are plain.
    pub fn new(method: RestliMethod, resource: &str) -> Self {
        Self { method, target: Target::new(resource), body: None, replay: None }
    }

    target_setters!();

    /// Only these fields of a list's paging; a projection mask.
    pub fn paging_fields(mut self, mask: &str) -> Self {
        self.target.query = self.target.query.paging_fields(mask);
        self
    }

    /// The finder (`q`) of a FINDER, or the batch finder (`bq`) of a BATCH_FINDER.
    pub fn finder(self, name: &str) -> Self {
        let parameter = if self.method == RestliMethod::BatchFinder { "bq" } else { "q" };
        self.query(parameter, name)
    }

    /// The action of an ACTION.
    pub fn action(self, name: &str) -> Self {
        self.query("action", name)
    }

    /// The keys of a batch.
    pub fn ids<K: Into<RestliValue>>(self, ids: impl IntoIterator<Item = K>) -> Self {
        self.query("ids", RestliValue::list(ids))
    }

    /// The body: an entity, a [`Patch`](crate::Patch), the parameters of an action.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The entities of a BATCH_CREATE.
    pub fn elements(self, entities: &[Value]) -> Self {
        let body = serde_json::to_value(Elements { elements: entities });
        self.body(body.unwrap_or_default())
    }

    /// The entities or patches of a BATCH_UPDATE or BATCH_PARTIAL_UPDATE, their keys included.
    pub fn entities(self, entities: &Entities) -> Self {
        let body = serde_json::to_value(entities).unwrap_or_default();
        self.query("ids", entities.ids()).body(body)
    }

    /// What repeating it would do, where the method does not tell.
    pub fn replay(mut self, replay: Replay) -> Self {
        self.replay = Some(replay);
        self
    }
}

impl Target {
    fn new(resource: &str) -> Self {
        let mut target = Self {
            unversioned: false,
            segments: Vec::new(),
            query: Query::new(),
            name: None,
            subject: None,
            findings: Vec::new(),
        };
        target.push(resource);
        let first = target.segments.first().map(String::as_str);
        if matches!(first, Some("rest" | "v2")) {
            target.findings.push(
                Finding::error("linkedin.raw.path", "path", "the path begins with the API's own prefix")
                    .advice("leave `rest` out; `unversioned` goes to `v2`"),
            );
        }
        target
    }

    /// A slash at either end is a matter of taste; one too many inside addresses something else and is refused on sending.
    fn push(&mut self, resource: &str) {
        let resource = resource.strip_prefix('/').unwrap_or(resource);
        let resource = resource.strip_suffix('/').unwrap_or(resource);
        if resource.contains("://") || resource.contains(['?', '#', '%', '(']) {
            self.findings.push(
                Finding::error("linkedin.raw.path", "path", "this is not the plain name of a resource")
                    .advice(
                        "pass keys through `key` and parameters through `query`; the client knows the host",
                    ),
            );
        }
        // Nothing at all stays nothing: Rest.li's empty text would be a key.
        let encoded = |segment: &str| if segment.is_empty() { String::new() } else { encode_text(segment) };
        self.segments.extend(resource.split('/').map(encoded));
    }

    fn write(
        &self,
        parts: &mut RequestParts,
        method: RestliMethod,
        query: &Query,
    ) -> Result<(), InvalidRequest> {
        let mut findings = self.findings.clone();
        if query
            .names()
            .any(|name| RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name.trim())))
        {
            findings.push(
                Finding::error("linkedin.raw.reserved", "query", "a secret is not passed as a parameter")
                    .advice("use a client `with_token`; it sends the token itself"),
            );
        }
        if let Some(invalid) = InvalidRequest::from_findings(findings) {
            return Err(invalid);
        }
        method.mark(parts);
        parts.set_method(method.http_method());
        let prefix = if self.unversioned { "v2" } else { "rest" };
        let segments = std::iter::once(prefix.to_owned()).chain(self.segments.iter().cloned());
        parts.encoded_path_segments("path", segments).encoded_query(query.encode());
        Ok(())
    }

    fn describe(&self, operation: Operation, method: RestliMethod) -> Operation {
        let operation = operation.named(self.name.unwrap_or(name(method)));
        if self.unversioned { operation } else { operation.with(Versioned) }
    }
}

const fn name(method: RestliMethod) -> &'static str {
    match method {
        RestliMethod::Get => "linkedin.raw.get",
        RestliMethod::BatchGet => "linkedin.raw.batch_get",
        RestliMethod::GetAll => "linkedin.raw.get_all",
        RestliMethod::Finder => "linkedin.raw.finder",
        RestliMethod::BatchFinder => "linkedin.raw.batch_finder",
        RestliMethod::Create => "linkedin.raw.create",
        RestliMethod::BatchCreate => "linkedin.raw.batch_create",
        RestliMethod::Update => "linkedin.raw.update",
        RestliMethod::BatchUpdate => "linkedin.raw.batch_update",
        RestliMethod::PartialUpdate => "linkedin.raw.partial_update",
        RestliMethod::BatchPartialUpdate => "linkedin.raw.batch_partial_update",
        RestliMethod::Delete => "linkedin.raw.delete",
        RestliMethod::BatchDelete => "linkedin.raw.batch_delete",
        RestliMethod::Action => "linkedin.raw.action",
    }
}

const fn replay(method: RestliMethod) -> Replay {
    match method {
        RestliMethod::Create | RestliMethod::BatchCreate | RestliMethod::Action => Replay::Never,
        _ => Replay::Safe,
    }
}

impl Endpoint for RawRequest {
    type Output = RawAnswer;

    const NAME: &'static str = "linkedin.raw.request";
    // `write` sets the one of the Rest.li method.
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{path}";
    // `describe` says what the Rest.li method does.
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.target.write(parts, self.method, &self.target.query)?;
        match &self.body {
            Some(body) => parts.json(body).map(|_| ()),
            None => Ok(()),
        }
    }

    fn subject(&self) -> Option<&str> {
        self.target.subject.as_deref()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.target.describe(operation, self.method).replayed(self.replay.unwrap_or(replay(self.method)))
    }

    fn decode(&self, response: &RawResponse) -> Result<RawAnswer, DecodeError> {
        RawAnswer::read(response)
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Target {
    /// Without values and path: what somebody passes by mistake may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.query.names().collect();
        f.debug_struct("Target").field("name", &self.name).field("parameters", &names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
