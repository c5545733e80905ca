#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod app_data;
mod custom_data;
mod decimal;
mod event;
mod field;
mod hashed;
mod members;
mod normalize;
mod prepare;
mod read;
#[cfg(feature = "meta")]
mod send;
mod user_data;
mod validate;
mod words;
mod write;

pub use app_data::{AppData, ExtInfo};
pub use custom_data::{Content, CustomData};
pub use decimal::Decimal;
pub use event::{DataProcessing, Event, EventBuilder, OriginalEventData};
pub use field::{Field, FieldPolicy};
pub use hashed::Hashed;
pub use normalize::{Context, Mode, Normalized, normalize};
pub use prepare::{
    Accepted, Batcher, MAX_BODY_BYTES, MAX_EVENTS, PrepareOptions, Prepared, Rejected, RequestBody, Warning,
    check, prepare,
};
#[cfg(feature = "meta")]
#[cfg_attr(docsrs, doc(cfg(feature = "meta")))]
pub use send::{EventsReceived, Outcome, Rejection, SendEvents, SendReport, send};
pub use user_data::{CustomerValue, UserData};
pub use words::{ActionSource, DeliveryCategory, MessagingChannel};

pub use sociogram_api_core::{Finding, InvalidRequest, Severity, Timestamp};
