//! The Rest.li method of a request.

use http::{HeaderName, HeaderValue, Method};
use sociogram_api_core::http::RequestParts;

const NAME: HeaderName = HeaderName::from_static("x-restli-method");

/// What a request does in Rest.li's terms, beside its HTTP method (Rest.li protocol, "Resource methods").
/// Endpoints that share an HTTP method are told apart by it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestliMethod {
    /// One entity by its key.
    Get,
    /// Several entities by their keys (`ids=List(…)`).
    BatchGet,
    /// All entities, in pages.
    GetAll,
    /// A named search (`q=…`).
    Finder,
    /// Several criteria in one search (`bq=…`).
    BatchFinder,
    /// A new entity; its id comes back in a header.
    Create,
    /// Several new entities.
    BatchCreate,
    /// Replaces an entity.
    Update,
    /// Replaces several entities.
    BatchUpdate,
    /// Changes some fields of an entity.
    PartialUpdate,
    /// Changes some fields of several entities.
    BatchPartialUpdate,
    /// Removes an entity.
    Delete,
    /// Removes several entities.
    BatchDelete,
    /// Anything else (`action=…`).
    Action,
}

impl RestliMethod {
    /// The name as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::BatchGet => "batch_get",
            Self::GetAll => "get_all",
            Self::Finder => "finder",
            Self::BatchFinder => "batch_finder",
            Self::Create => "create",
            Self::BatchCreate => "batch_create",
            Self::Update => "update",
            Self::BatchUpdate => "batch_update",
            Self::PartialUpdate => "partial_update",
            Self::BatchPartialUpdate => "batch_partial_update",
            Self::Delete => "delete",
            Self::BatchDelete => "batch_delete",
            Self::Action => "action",
        }
    }

    /// The HTTP method that carries it.
    pub const fn http_method(self) -> Method {
        match self {
            Self::Get | Self::BatchGet | Self::GetAll | Self::Finder | Self::BatchFinder => Method::GET,
            Self::Create
            | Self::BatchCreate
            | Self::PartialUpdate
            | Self::BatchPartialUpdate
            | Self::Action => Method::POST,
            Self::Update | Self::BatchUpdate => Method::PUT,
            Self::Delete | Self::BatchDelete => Method::DELETE,
        }
    }

    /// Sets `X-RestLi-Method`. An endpoint does this first thing in `write`.
    pub fn mark(self, parts: &mut RequestParts) {
        parts.header(NAME, HeaderValue::from_static(self.as_str()));
    }
}
