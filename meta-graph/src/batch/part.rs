//! An endpoint whose type is forgotten.

use std::any::Any;

use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, RequestParts};

/// What an endpoint is read as, until its handle knows better.
pub(super) type Output = Box<dyn Any + Send>;

/// An endpoint as an item of a batch.
pub(super) trait Part: Send + Sync {
    fn name(&self) -> &'static str;

    /// The operation and the request, as if it were sent alone.
    fn write(&self, provider: &'static str) -> Result<(Operation, RequestParts), InvalidRequest>;

    fn decode(&self, response: &RawResponse) -> Result<Output, DecodeError>;
}

impl<E: Endpoint + 'static> Part for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn write(&self, provider: &'static str) -> Result<(Operation, RequestParts), InvalidRequest> {
        let mut operation = Operation::new(E::NAME, provider, E::REPLAY).scopes(E::SCOPES);
        if let Some(subject) = self.subject() {
            operation = operation.subject(subject);
        }
        if E::SENSITIVE {
            operation = operation.sensitive();
        }
        let mut parts = RequestParts::new(E::METHOD, E::PATH);
        Endpoint::write(self, &mut parts)?;
        Ok((self.describe(operation), parts))
    }

    fn decode(&self, response: &RawResponse) -> Result<Output, DecodeError> {
        Ok(Box::new(Endpoint::decode(self, response)?))
    }
}

/// An endpoint whose answer is not read.
pub(super) struct Silent<E>(pub(super) E);

impl<E: Endpoint> Endpoint for Silent<E> {
    type Output = ();

    const NAME: &'static str = E::NAME;
    const METHOD: http::Method = E::METHOD;
    const PATH: &'static str = E::PATH;
    const REPLAY: sociogram_api_core::http::Replay = E::REPLAY;
    const SCOPES: &'static [&'static str] = E::SCOPES;
    const SENSITIVE: bool = E::SENSITIVE;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.0.write(parts)
    }

    fn subject(&self) -> Option<&str> {
        self.0.subject()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.0.describe(operation)
    }

    fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}
