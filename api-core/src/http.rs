//! The one road of every request.
//!
//! ```text
//!  Call ─▶ Endpoint::write ─▶ Client::prepare ─▶ Pipeline::execute
//!                                                  │  host allow-list
//!                                                  ▼  each attempt:
//!                 rate budget ─▶ breaker ─▶ authorizer ─▶ quota ─▶ transport
//!                                                  ▲                  │
//!                              retry table ◀─ dialect (fault, usage) ◀┘
//! ```
//!
//! The road is fixed and written out in one file; what varies hangs on it as a trait object: the
//! [`Transport`] at the end, the [`Dialect`] that reads a provider's answers, the [`Authorizer`] that
//! attaches the credential. Whether a request may be repeated is a property of the endpoint
//! ([`Replay`]), never of the HTTP method.

mod authorizer;
mod base_url;
mod body;
mod breaker;
mod budget;
mod dialect;
mod endpoint;
mod error;
#[cfg(feature = "metrics")]
mod metrics;
mod multipart;
mod observe;
mod operation;
mod paging;
mod pipeline;
mod quiet;
mod quota;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
mod response;
mod retry;
mod settings;
mod transport;

pub use authorizer::{AuthorizeError, Authorizer, NoAuth, Ticket, append_query, bearer};
pub use base_url::{AllowedHosts, BaseUrl, BaseUrlError};
pub use body::{Body, BodySource, BodyStream, RangeSource, UploadSource};
pub use breaker::{Breaker, BreakerPolicy, BreakerState};
pub use budget::{BudgetKey, PacePolicy, RateBudget, UsageReading, UsageState};
pub use dialect::{Dialect, Fault, FaultClass, Verdict};
pub use endpoint::{Call, Client, Endpoint, WithMeta};
pub use error::CoreError;
#[cfg(feature = "metrics")]
pub use metrics::MetricsObserver;
pub use multipart::{Multipart, Part};
pub use observe::{AttemptEvent, BreakerEvent, GiveUpEvent, NoObserver, Observer, WaitEvent, WaitReason};
pub use operation::{Operation, Replay, Timeouts};
pub use paging::{Cursor, ListEndpoint, MalformedItem, Page, items, pages, pages_from};
pub use pipeline::{Pipeline, PipelineBuilder};
pub use quiet::Quiet;
pub use quota::{Quota, QuotaReached};
pub use request::RequestParts;
#[cfg(feature = "reqwest")]
pub use reqwest::{ReqwestTransport, ReqwestTransportBuilder};
pub use response::{DecodeError, RawResponse};
pub use retry::{FullJitter, Jitter, RetryPolicy};
pub use settings::PipelineSettings;
pub use transport::{Limits, Transport, TransportError, TransportErrorKind};
