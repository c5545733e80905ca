//! Endpoints whose answers are not for errors to keep.

use http::Method;

use super::{
    CoreError, Cursor, DecodeError, Endpoint, ListEndpoint, Operation, Page, RawResponse, Replay,
    RequestParts,
};
use crate::InvalidRequest;

/// The same endpoint, marked [`SENSITIVE`](Endpoint::SENSITIVE): no error keeps anything of its answer. For calls
/// made while an account is being connected, where providers quote tokens in their messages and the person has
/// agreed to nothing yet.
#[derive(Clone, Debug)]
pub struct Quiet<E>(pub E);

impl<E: Endpoint> Endpoint for Quiet<E> {
    type Output = E::Output;

    const NAME: &'static str = E::NAME;
    const METHOD: Method = E::METHOD;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = E::REPLAY;
    const SCOPES: &'static [&'static str] = E::SCOPES;
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.0.write(parts)
    }

    fn subject(&self) -> Option<&str> {
        self.0.subject()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.0.describe(operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<E::Output, DecodeError> {
        self.0.decode(response)
    }
}

impl<E: ListEndpoint> ListEndpoint for Quiet<E>
where
    Self: Endpoint<Output = Page<E::Item>>,
{
    type Item = E::Item;

    fn after(self, cursor: &Cursor) -> Self {
        Self(self.0.after(cursor))
    }

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        self.0.smaller(error).map(Self)
    }
}
