#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub mod ads;
pub mod analytics;
mod api_error;
pub mod assets;
mod audit;
mod authorizer;
mod bare_id;
mod batch;
mod builder;
mod client;
mod collection;
pub mod conversions;
mod created;
mod date;
mod denied;
mod dialect;
pub mod documents;
mod endpoint;
mod error;
mod error_table;
pub mod guard;
pub mod images;
pub mod leads;
mod lenient;
pub mod little_text;
mod localized;
mod method;
mod money;
pub mod notifications;
#[cfg(feature = "login")]
#[cfg_attr(docsrs, doc(cfg(feature = "login")))]
pub mod oauth;
pub mod organizations;
mod patch;
pub mod posts;
pub mod profile;
mod quota;
mod raw_request;
pub mod restli;
pub mod retention;
pub mod social;
pub mod subscriptions;
mod time_range;
mod tunnel;
pub mod uploads;
pub mod urn;
mod version;
pub mod videos;

pub use api_error::{InputError, LinkedInError, Throttle, ThrottleScope, Trace};
pub use audit::AuditStamp;
pub use bare_id::BareId;
pub use batch::{BatchCreated, BatchFailure, BatchResults, CreatedElement, Entities};
pub use builder::ClientBuilder;
pub use client::Client;
pub use date::{Date, DateRange, InvalidDate};
pub use denied::DeniedAccess;
pub use error::Error;
pub use little_text::LittleText;
pub use localized::{Locale, LocalizedText};
pub use method::RestliMethod;
pub use money::{InvalidMoney, Money};
pub use patch::Patch;
pub use quota::{DailyQuota, DailyUsage, EndpointUsage, MemberUsage, Used};
pub use raw_request::{RawAnswer, RawList, RawRequest};
pub use time_range::TimeRange;
pub use urn::{
    ActivityUrn, ActorUrn, AdAccountUrn, CampaignGroupUrn, CampaignUrn, CommentUrn, ConversionUrn,
    CreativeUrn, DeveloperApplicationUrn, DocumentUrn, ImageUrn, LeadFormUrn, LeadUrn, OrganizationUrn,
    PersonUrn, PostUrn, SocialTarget, Urn, UrnError, VersionedLeadFormUrn, VideoUrn,
};
pub use version::{ApiVersion, ParseVersionError, VersionProblem};

pub use sociogram_api_core::http::{BaseUrl, Cursor, DecodeError, Page, RetryPolicy, Timeouts};
pub use sociogram_api_core::{ErrorKind, Finding, Progress};
