//! Sending events.

use http::Method;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::event::ConversionEvent;
use crate::batch::{BatchCreated, Elements};
use crate::guard::rules;
use crate::method::RestliMethod;

const PATH: &str = "/rest/conversionEvents";
const SCOPES: &[&str] = &[scope::RW_CONVERSIONS, scope::R_ADS];

/// Sends one event: `POST /rest/conversionEvents` (LinkedIn: Conversions API, "Streaming conversion events").
///
/// Scopes and roles stand at the [module](super). Nothing repeats the call: a repeat may count twice, because the event's
/// id is compared with the Insight Tag's only. No error keeps anything of the answer.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct SendConversionEvent {
    event: ConversionEvent,
}

impl SendConversionEvent {
    /// This one.
    pub const fn new(event: ConversionEvent) -> Self {
        Self { event }
    }

    /// What is wrong with it, as far as that can be told without LinkedIn and without a clock; see
    /// [`ConversionEvent::check_at`].
    pub fn check(&self) -> Vec<Finding> {
        self.event.check()
    }
}

impl Endpoint for SendConversionEvent {
    type Output = ();

    const NAME: &'static str = "linkedin.conversion_events.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = SCOPES;
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        RestliMethod::Create.mark(parts);
        parts.json(&self.event)?;
        Ok(())
    }

    fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// Sends up to 5000 events: `POST /rest/conversionEvents` with `X-RestLi-Method: BATCH_CREATE` (LinkedIn: Conversions API,
/// "Batch").
///
/// The answer has one entry for each event, in the same order. An event was taken when its entry
/// [succeeded](crate::CreatedElement::succeeded); LinkedIn gives events no ids. One that the answer does not reach may
/// have been taken or not. Scopes and roles stand at the [module](super). Nothing repeats the call. No error keeps
/// anything of the answer.
#[derive(Clone, Debug)]
#[must_use = "an endpoint does nothing until it is sent"]
pub struct SendConversionEvents {
    events: Vec<ConversionEvent>,
}

impl SendConversionEvents {
    /// These.
    pub fn new(events: impl Into<Vec<ConversionEvent>>) -> Self {
        Self { events: events.into() }
    }

    /// What is wrong with it, as far as that can be told without LinkedIn and without a clock; see
    /// [`ConversionEvent::check_at`]. One error stops all events, while LinkedIn judges each by itself: check them one by
    /// one before.
    pub fn check(&self) -> Vec<Finding> {
        if !(1..=rules::MAX_CONVERSION_EVENTS).contains(&self.events.len()) {
            return vec![rules::CONVERSION_BATCH.finding("elements").measured(self.events.len())];
        }
        self.events.iter().flat_map(ConversionEvent::check).collect()
    }
}

impl Endpoint for SendConversionEvents {
    type Output = BatchCreated<String>;

    const NAME: &'static str = "linkedin.conversion_events.batch_create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = PATH;
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = SCOPES;
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        RestliMethod::BatchCreate.mark(parts);
        parts.json(&Elements { elements: &self.events })?;
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        BatchCreated::read(response, self.events.len())
    }
}
