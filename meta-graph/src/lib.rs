#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod acknowledged;
pub mod ads;
pub mod apps;
mod authorizer;
pub mod batch;
mod builder;
pub mod businesses;
mod client;
mod container_flow;
pub mod debug_token;
mod dialect;
mod endpoint;
mod error;
mod error_class;
mod error_table;
mod field_list;
mod graph_error;
pub mod guard;
mod host;
mod id;
pub mod insights;
pub mod instagram;
pub mod leads;
mod lenient;
mod limits;
pub mod me;
pub mod messaging;
pub mod oauth;
mod page_envelope;
pub mod pages;
pub mod permissions;
mod proof;
pub mod raw_request;
pub mod report_run;
pub mod threads;
pub mod uploads;
mod usage;
mod use_case;
mod version;
pub mod whatsapp;

#[cfg(test)]
mod scripted;

pub use authorizer::GraphAuthorizer;
pub use batch::{Batch, BatchAnswers, BatchHandle, BatchItem, ResultRef};
pub use builder::ClientBuilder;
pub use client::Client;
pub use dialect::GraphDialect;
pub use endpoint::{Joined, UnixTime};
pub use error::Error;
pub use error_class::{ErrorClass, RateLimitScope, RetryAdvice, TokenInvalidReason, Who};
pub use field_list::{Edge, Fields};
pub use graph_error::{GraphError, ThrottleDetail, ThrottleFactor};
pub use host::{GraphHost, MetaHost};
pub use id::{
    AdAccountId, AdCreativeId, AdId, AdSetId, AppId, BusinessId, CampaignId, CatalogId, CommentId,
    ContainerId, ConversationId, CustomAudienceId, DatasetId, HashtagId, InstagramAccountId, InvalidId,
    LeadFormId, LeadId, MediaId, MessageId, MessageTemplateId, ObjectId, PageId, PhoneNumberId, PhotoId,
    PostId, ReportRunId, ScopedUserId, ThreadsUserId, UserId, VideoId, WhatsAppAccountId,
};
pub use proof::{AppSecret, ProofMode};
pub use raw_request::{RawList, RawRequest};
pub use usage::{AccessTier, LimitUsage, UsageLevel, UsageSnapshot};
pub use use_case::UseCase;
pub use version::{ApiVersion, ParseVersionError, VersionDrift, VersionUpgrade};

pub use sociogram_api_core::http::{BaseUrl, Cursor, Page};
pub use sociogram_api_core::{ErrorKind, Progress};
