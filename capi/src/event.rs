//! One conversion event.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use crate::app_data::AppData;
use crate::attribution::AttributionData;
use crate::custom_data::CustomData;
use crate::data_processing::DataProcessing;
use crate::members::{json, put};
use crate::user_data::UserData;
use crate::words::{ActionSource, CustomerSegmentation, MessagingChannel, MessagingOutcomeType};

/// A conversion event (Conversions API: server event parameters).
///
/// Build it with [`Event::builder`], or read it from JSON with [`Event::from_json`]. It holds plain
/// customer values; they are normalised and hashed by [`prepare`](crate::prepare()). `Debug` shows no
/// customer data.
///
/// ```
/// use sociogram_capi::{ActionSource, CustomData, Event, Timestamp, UserData};
///
/// let event = Event::builder("Purchase", Timestamp::from_unix_seconds(1_795_000_000))
///     .action_source(ActionSource::Website)
///     .event_source_url("https://shop.example.com/checkout")
///     .event_id("order-1001")
///     .user_data(UserData::new().email("maria@example.com").client_user_agent("Mozilla/5.0"))
///     .custom_data(CustomData::new().value("129.90".parse()?).currency("EUR"))
///     .build();
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
#[derive(Clone)]
pub struct Event {
    pub(crate) name: String,
    pub(crate) time: Timestamp,
    pub(crate) id: Option<String>,
    pub(crate) source_url: Option<String>,
    pub(crate) referrer_url: Option<String>,
    pub(crate) action_source: Option<ActionSource>,
    pub(crate) opt_out: Option<bool>,
    pub(crate) user_data: UserData,
    pub(crate) custom_data: Option<CustomData>,
    pub(crate) app_data: Option<AppData>,
    pub(crate) data_processing: Option<DataProcessing>,
    pub(crate) original_event_data: Option<OriginalEventData>,
    pub(crate) attribution_data: Option<Box<AttributionData>>,
    pub(crate) customer_segmentation: Option<CustomerSegmentation>,
    pub(crate) messaging_channel: Option<MessagingChannel>,
    pub(crate) messaging_outcome_data: Option<MessagingOutcomeData>,
    pub(crate) advanced_measurement_table: Option<String>,
    pub(crate) advertiser_tracking_enabled: Option<bool>,
}

impl Event {
    /// Starts an event. `event_name` is a standard event such as `Purchase` or a name of your own;
    /// `event_time` is when it happened, not when it is sent. Whole seconds are sent.
    pub fn builder(event_name: impl Into<String>, event_time: Timestamp) -> EventBuilder {
        EventBuilder(Self {
            name: event_name.into(),
            time: event_time,
            id: None,
            source_url: None,
            referrer_url: None,
            action_source: None,
            opt_out: None,
            user_data: UserData::new(),
            custom_data: None,
            app_data: None,
            data_processing: None,
            original_event_data: None,
            attribution_data: None,
            customer_segmentation: None,
            messaging_channel: None,
            messaging_outcome_data: None,
            advanced_measurement_table: None,
            advertiser_tracking_enabled: None,
        })
    }

    /// Reads one event from a JSON object with Meta's server-event member names and **plain** customer
    /// values, each a text or a list of texts.
    ///
    /// Numbers keep their digits. Identifiers may be texts or whole numbers; `null` counts as absent. Members of
    /// `custom_data` that Meta does not define become custom properties. Everything else must be what
    /// Meta documents: a wrong type, an unknown member or a member given twice is refused, so that a
    /// misspelt member can never carry customer data out unhashed.
    ///
    /// ```
    /// use sociogram_capi::Event;
    ///
    /// let event = Event::from_json(r#"{
    ///     "event_name": "Lead", "event_time": 1795000000, "action_source": "email",
    ///     "user_data": {"em": ["maria@example.com"], "country": "pt"}
    /// }"#)?;
    /// assert_eq!(event.event_name(), "Lead");
    ///
    /// let refused = Event::from_json(r#"{"event_name": "Lead", "event_time": 1795000000, "user_data": {}, "colour": 1}"#);
    /// assert_eq!(refused.unwrap_err().findings()[0].field(), "colour");
    /// # Ok::<(), sociogram_capi::InvalidRequest>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A finding for every member that cannot be read, with its path; values are never repeated.
    pub fn from_json(text: &str) -> Result<Self, InvalidRequest> {
        crate::read::event(text)
    }

    /// The name of the event.
    pub fn event_name(&self) -> &str {
        &self.name
    }

    /// When it happened.
    pub fn event_time(&self) -> Timestamp {
        self.time
    }

    /// The id it shares with the browser event.
    pub fn event_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Where it happened.
    pub fn action_source(&self) -> Option<&ActionSource> {
        self.action_source.as_ref()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_name", &self.name)
            .field("event_time", &self.time)
            .field("event_id", &self.id)
            .field("action_source", &self.action_source)
            .field("user_data", &self.user_data)
            .finish_non_exhaustive()
    }
}

/// Builds an [`Event`]. Nothing is checked here; [`prepare`](crate::prepare()) checks everything at once.
#[derive(Clone, Debug)]
#[must_use]
pub struct EventBuilder(Event);

impl EventBuilder {
    /// Sets where it happened; required by Meta.
    pub fn action_source(mut self, source: ActionSource) -> Self {
        self.0.action_source = Some(source);
        self
    }

    /// Sets the id that the browser pixel gives the same event as `eventID`. Meta drops the second of two
    /// events with equal name and id within 48 hours, if one comes from the browser.
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.0.id = Some(id.into());
        self
    }

    /// Sets the page on which it happened; required for `website`.
    pub fn event_source_url(mut self, url: impl Into<String>) -> Self {
        self.0.source_url = Some(url.into());
        self
    }

    /// Sets the page from which the person came.
    pub fn referrer_url(mut self, url: impl Into<String>) -> Self {
        self.0.referrer_url = Some(url.into());
        self
    }

    /// Sets whether the event may only be used for attribution, not for the delivery of ads.
    pub fn opt_out(mut self, opt_out: bool) -> Self {
        self.0.opt_out = Some(opt_out);
        self
    }

    /// Sets whom it is about; required.
    pub fn user_data(mut self, user: UserData) -> Self {
        self.0.user_data = user;
        self
    }

    /// Adds to whom it is about: [`user_data`](Self::user_data) would replace it.
    ///
    /// ```
    /// use sociogram_capi::{Timestamp, leads};
    ///
    /// let event = leads::click_to_messenger("1000142", "7000142", "LeadSubmitted", Timestamp::from_unix_seconds(1_795_000_000))
    ///     .map_user_data(|user| user.email("maria@example.com"))
    ///     .build();
    /// ```
    pub fn map_user_data(mut self, change: impl FnOnce(UserData) -> UserData) -> Self {
        self.0.user_data = change(std::mem::take(&mut self.0.user_data));
        self
    }

    /// Sets value, goods and order.
    pub fn custom_data(mut self, data: CustomData) -> Self {
        self.0.custom_data = Some(data);
        self
    }

    /// Adds to value, goods and order: [`custom_data`](Self::custom_data) would replace them.
    pub fn map_custom_data(mut self, change: impl FnOnce(CustomData) -> CustomData) -> Self {
        self.0.custom_data = Some(change(self.0.custom_data.take().unwrap_or_default()));
        self
    }

    /// Sets app and device; required for `app`.
    pub fn app_data(mut self, data: AppData) -> Self {
        self.0.app_data = Some(data);
        self
    }

    /// Sets limited data use.
    pub fn data_processing(mut self, options: DataProcessing) -> Self {
        self.0.data_processing = Some(options);
        self
    }

    /// Sets the earlier event that this one completes.
    pub fn original_event_data(mut self, original: OriginalEventData) -> Self {
        self.0.original_event_data = Some(original);
        self
    }

    /// Sets the attribution of a measurement partner.
    pub fn attribution_data(mut self, data: AttributionData) -> Self {
        self.0.attribution_data = Some(Box::new(data));
        self
    }

    /// Sets how well the business knew the person before.
    pub fn customer_segmentation(mut self, segment: CustomerSegmentation) -> Self {
        self.0.customer_segmentation = Some(segment);
        self
    }

    /// Sets the messaging product; required for `business_messaging`.
    pub fn messaging_channel(mut self, channel: MessagingChannel) -> Self {
        self.0.messaging_channel = Some(channel);
        self
    }

    /// Sets the outcome of a conversation. Only for events that Meta found itself.
    pub fn messaging_outcome_data(mut self, data: MessagingOutcomeData) -> Self {
        self.0.messaging_outcome_data = Some(data);
        self
    }

    /// Sets the table for advanced measurement.
    pub fn advanced_measurement_table(mut self, table: impl Into<String>) -> Self {
        self.0.advanced_measurement_table = Some(table.into());
        self
    }

    /// Sets whether the person allowed tracking, on the event itself.
    pub fn advertiser_tracking_enabled(mut self, enabled: bool) -> Self {
        self.0.advertiser_tracking_enabled = Some(enabled);
        self
    }

    /// The event.
    #[must_use]
    pub fn build(self) -> Event {
        self.0
    }
}

/// The earlier event that an event completes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginalEventData {
    pub(crate) event_name: Option<String>,
    pub(crate) event_time: Option<Timestamp>,
    pub(crate) order_id: Option<String>,
    pub(crate) event_id: Option<String>,
}

impl OriginalEventData {
    /// The event with this name at this time.
    pub fn new(event_name: impl Into<String>, event_time: Timestamp) -> Self {
        Self { event_name: Some(event_name.into()), event_time: Some(event_time), ..Self::default() }
    }

    /// Sets the id of its order.
    pub fn order_id(mut self, id: impl Into<String>) -> Self {
        self.order_id = Some(id.into());
        self
    }

    /// Sets its event id.
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }
}

impl Serialize for OriginalEventData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "event_name", self.event_name.as_ref())?;
        put(&mut map, "event_time", self.event_time.map(Timestamp::as_unix_seconds))?;
        put(&mut map, "order_id", self.order_id.as_ref())?;
        put(&mut map, "event_id", self.event_id.as_ref())?;
        map.end()
    }
}

/// The outcome of a conversation (WhatsApp: automatic events).
#[derive(Clone, Debug, Default)]
pub struct MessagingOutcomeData {
    pub(crate) outcome_type: Option<MessagingOutcomeType>,
    pub(crate) more: Vec<(String, Box<RawValue>)>,
}

impl MessagingOutcomeData {
    /// An outcome of this type.
    pub fn new(outcome_type: MessagingOutcomeType) -> Self {
        Self { outcome_type: Some(outcome_type), more: Vec::new() }
    }

    /// Adds a member that this version does not know.
    ///
    /// # Errors
    ///
    /// `capi.property.clash` for `outcome_type` and for a name that was added before,
    /// `capi.property.value` when the value cannot be written as JSON.
    pub fn property(
        mut self,
        name: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
        let name = name.into();
        let path = format!("messaging_outcome_data.{name}");
        if name == "outcome_type" || self.more.iter().any(|(other, _)| *other == name) {
            return Err(Finding::error("capi.property.clash", path, "this member exists already").into());
        }
        self.more.push((name, json(value, path)?));
        Ok(self)
    }
}

impl Serialize for MessagingOutcomeData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "outcome_type", self.outcome_type.as_ref())?;
        for (name, value) in &self.more {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
