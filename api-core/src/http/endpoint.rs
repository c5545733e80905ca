//! Endpoints as types, and the call that sends one.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use ::http::{Extensions, Method};

use super::error::CoreError;
use super::operation::{Operation, Replay};
use super::pipeline::Pipeline;
use super::request::RequestParts;
use super::response::{DecodeError, RawResponse};
use crate::InvalidRequest;

/// One endpoint of a provider: what it is called, how it is written and how its answer is read. Adding one
/// touches one file.
pub trait Endpoint: Send + Sync {
    /// What a successful answer holds.
    type Output: Send;

    /// The dotted, stable name used in errors, spans and metrics.
    const NAME: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The path template; placeholders stand in braces.
    const PATH: &'static str;
    /// What repeating it would do.
    const REPLAY: Replay;
    /// The permissions the provider documents for it.
    const SCOPES: &'static [&'static str];
    /// Whether the answer holds a credential; then no error keeps any of it.
    const SENSITIVE: bool = false;

    /// Fills path, query and body.
    ///
    /// # Errors
    /// When the provider would refuse it; nothing is sent then.
    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest>;

    /// The id of the object it is about; rate limits are often kept per object.
    fn subject(&self) -> Option<&str> {
        None
    }

    /// Says more about the operation than the constants can: what a batch costs, how long an upload may
    /// take, values for the client to act on.
    fn describe(&self, operation: Operation) -> Operation {
        operation
    }

    /// Reads a successful answer.
    ///
    /// # Errors
    /// When the answer has another shape than expected.
    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError>;
}

/// A provider's client: a pipeline and what every request of the provider needs.
pub trait Client: Clone + fmt::Debug + Send + Sync + 'static {
    /// The client's error.
    type Error: From<CoreError> + Send;

    /// The road the requests take.
    fn pipeline(&self) -> &Pipeline;

    /// The provider's lower-case name.
    fn provider(&self) -> &'static str;

    /// Adds what every request needs: the base URL, the version, protocol headers.
    ///
    /// # Errors
    /// When the request cannot be sent by this client.
    fn prepare(&self, operation: &mut Operation, parts: &mut RequestParts) -> Result<(), InvalidRequest>;
}

/// A call that has not been sent yet; nothing happens until it is awaited.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'c, C, E> {
    client: &'c C,
    endpoint: E,
    attempt: Option<Duration>,
    deadline: Option<Duration>,
    extensions: Extensions,
}

impl<'c, C: Client, E: Endpoint> Call<'c, C, E> {
    /// Prepares to send `endpoint` through `client`.
    pub fn new(client: &'c C, endpoint: E) -> Self {
        Self { client, endpoint, attempt: None, deadline: None, extensions: Extensions::new() }
    }

    /// Another time for one attempt.
    pub fn timeout(mut self, attempt: Duration) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// Another time for the whole call, retries included.
    pub fn deadline(mut self, call: Duration) -> Self {
        self.deadline = Some(call);
        self
    }

    /// Attaches a typed value for the client, such as another API version.
    pub fn with<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// Gives the raw answer beside the output: headers, attempts, request id.
    pub fn with_meta(self) -> WithMeta<'c, C, E> {
        WithMeta(self)
    }

    pub(super) async fn run(self) -> Result<(E::Output, RawResponse), CoreError> {
        let mut parts = RequestParts::new(E::METHOD, E::PATH);
        let operation = self.operation(&mut parts).map_err(|invalid| CoreError::invalid(E::NAME, invalid))?;
        let response = self.client.pipeline().execute(&operation, &parts).await?;
        match self.endpoint.decode(&response) {
            Ok(output) => Ok((output, response)),
            Err(cause) => Err(CoreError::decode(&operation, &response, cause)),
        }
    }

    fn operation(&self, parts: &mut RequestParts) -> Result<Operation, InvalidRequest> {
        let mut operation = Operation::new(E::NAME, self.client.provider(), E::REPLAY).scopes(E::SCOPES);
        if let Some(subject) = self.endpoint.subject() {
            operation = operation.subject(subject);
        }
        if E::SENSITIVE {
            operation = operation.sensitive();
        }
        operation = self.endpoint.describe(operation);
        // The caller's word is the last one.
        if let Some(attempt) = self.attempt {
            operation = operation.attempt_timeout(attempt);
        }
        if let Some(deadline) = self.deadline {
            operation = operation.call_timeout(deadline);
        }
        operation.merge_extensions(self.extensions.clone());
        self.endpoint.write(parts)?;
        self.client.prepare(&mut operation, parts)?;
        Ok(operation)
    }
}

impl<C, E: Endpoint> fmt::Debug for Call<'_, C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", E::NAME)
    }
}

impl<'c, C: Client, E: Endpoint + 'c> IntoFuture for Call<'c, C, E> {
    type Output = Result<E::Output, C::Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.run().await?.0) })
    }
}

/// A [`Call`] that also gives the raw answer.
#[must_use = "a call does nothing until it is awaited"]
pub struct WithMeta<'c, C, E>(Call<'c, C, E>);

impl<C, E: Endpoint> fmt::Debug for WithMeta<'_, C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}, with meta)", E::NAME)
    }
}

impl<'c, C: Client, E: Endpoint + 'c> IntoFuture for WithMeta<'c, C, E> {
    type Output = Result<(E::Output, RawResponse), C::Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.0.run().await?) })
    }
}
