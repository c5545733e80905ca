#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod api_error;
mod authorizer;
mod builder;
mod client;
mod collection;
mod dialect;
mod error;
mod error_table;
pub mod little_text;
mod method;
#[cfg(feature = "login")]
#[cfg_attr(docsrs, doc(cfg(feature = "login")))]
pub mod oauth;
pub mod organizations;
pub mod posts;
pub mod profile;
pub mod restli;
mod tunnel;
pub mod urn;
mod version;

pub use api_error::{InputError, LinkedInError, Throttle, ThrottleScope, Trace};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use little_text::LittleText;
pub use method::RestliMethod;
pub use urn::{ActorUrn, OrganizationUrn, PersonUrn, PostUrn, Urn, UrnError};
pub use version::{ApiVersion, ParseVersionError};

pub use sociogram_api_core::http::{BaseUrl, Cursor, Page, RetryPolicy, Timeouts};
pub use sociogram_api_core::{ErrorKind, Finding};
