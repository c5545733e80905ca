#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod accounts;
mod acknowledged;
mod authorizer;
mod builder;
mod client;
pub mod debug_token;
mod dialect;
mod error;
mod error_class;
mod error_table;
mod graph_error;
mod host;
mod id;
pub mod instagram_user;
mod lenient;
mod limits;
pub mod me;
pub mod oauth;
mod page_envelope;
pub mod page_posts;
pub mod page_subscriptions;
pub mod permissions;
mod proof;
pub mod threads_user;
mod usage;
mod use_case;
mod version;

#[cfg(test)]
mod scripted;

pub use authorizer::GraphAuthorizer;
pub use builder::ClientBuilder;
pub use client::Client;
pub use dialect::GraphDialect;
pub use error::Error;
pub use error_class::{ErrorClass, RateLimitScope, RetryAdvice, TokenInvalidReason, Who};
pub use graph_error::{GraphError, ThrottleDetail, ThrottleFactor};
pub use host::GraphHost;
pub use id::{
    AppId, BusinessId, DatasetId, InstagramAccountId, InvalidId, PageId, PhoneNumberId, PostId,
    ThreadsUserId, UserId, WhatsAppAccountId,
};
pub use proof::{AppSecret, ProofMode};
pub use use_case::UseCase;
pub use version::{ApiVersion, ParseVersionError, VersionDrift};

pub use sociogram_api_core::ErrorKind;
pub use sociogram_api_core::http::{BaseUrl, Cursor, Page};
