#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod app_data;
mod attribution;
#[cfg(any(feature = "meta", feature = "linkedin"))]
mod blame;
mod custom_data;
mod data_processing;
mod decimal;
#[cfg(feature = "outbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "outbox")))]
pub mod dispatch;
mod event;
pub mod event_id;
mod fbc;
mod field;
mod hashed;
pub mod leads;
#[cfg(feature = "linkedin")]
#[cfg_attr(docsrs, doc(cfg(feature = "linkedin")))]
pub mod linkedin;
mod members;
#[cfg(feature = "meta")]
mod meta;
mod normalize;
#[cfg(feature = "outbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "outbox")))]
pub mod outbox;
#[cfg(feature = "phone")]
mod phone;
#[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
mod platform;
mod prepare;
mod read;
#[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
mod send;
#[cfg(all(feature = "testing", feature = "outbox"))]
#[cfg_attr(docsrs, doc(cfg(all(feature = "testing", feature = "outbox"))))]
pub mod testing;
mod user_data;
mod validate;
mod words;
mod write;

pub use app_data::{AppData, ExtInfo};
pub use attribution::{
    AttributionData, AttributionMethod, AttributionModel, AttributionSetting, DeclineReason,
};
pub use custom_data::{Content, CustomData};
pub use data_processing::{DataProcessing, PROCESSING_COUNTRY_USA, ProcessingOption, ProcessingState};
pub use decimal::Decimal;
pub use event::{Event, EventBuilder, MessagingOutcomeData, OriginalEventData};
pub use fbc::{Fbc, Fbp};
pub use field::{Field, FieldPolicy};
pub use hashed::Hashed;
#[cfg(feature = "meta")]
#[cfg_attr(docsrs, doc(cfg(feature = "meta")))]
pub use meta::{ConversionsClient, EventsReceived, SendEvents};
pub use normalize::{Context, Mode, Normalized, normalize};
#[cfg(feature = "phone")]
#[cfg_attr(docsrs, doc(cfg(feature = "phone")))]
pub use phone::PhoneNumber;
#[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
pub use platform::{Refusal, RequestOutcome, SendRequest};
pub use prepare::{
    Accepted, Batcher, MAX_BODY_BYTES, MAX_EVENTS, PrepareOptions, Prepared, Rejected, RequestBody, Warning,
    check, prepare,
};
#[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
pub use send::{Counts, InDoubtPolicy, Outcome, Rejection, SendReport, Stopped};
pub use user_data::{CustomerValue, UserData};
pub use words::{
    ActionSource, ContentType, CustomerSegmentation, DeliveryCategory, MessagingChannel, MessagingOutcomeType,
};

pub use sociogram_api_core::{Finding, InvalidRequest, Severity, Timestamp};
