//! The JSON of one event, with members in a fixed order.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::custom_data::WireCustomData;
use crate::event::Event;
use crate::members::put;
use crate::normalize::NormalizedUser;

/// An event with normalised customer data, as it is written.
pub(crate) struct WireEvent<'a> {
    pub(crate) event: &'a Event,
    pub(crate) user: &'a NormalizedUser,
}

impl Serialize for WireEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event = self.event;
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "event_name", Some(&event.name))?;
        put(&mut map, "event_time", Some(event.time.as_unix_seconds()))?;
        put(&mut map, "event_id", event.id.as_ref())?;
        put(&mut map, "event_source_url", event.source_url.as_ref())?;
        put(&mut map, "referrer_url", event.referrer_url.as_ref())?;
        put(&mut map, "action_source", event.action_source.as_ref())?;
        put(&mut map, "opt_out", event.opt_out)?;
        put(&mut map, "user_data", Some(WireUser(self.user)))?;
        let custom =
            event.custom_data.as_ref().map(|data| WireCustomData { data, currency: self.user.currency() });
        put(&mut map, "custom_data", custom)?;
        put(&mut map, "app_data", event.app_data.as_ref())?;
        if let Some(processing) = &event.data_processing {
            put(&mut map, "data_processing_options", processing.options.as_ref())?;
            put(&mut map, "data_processing_options_country", processing.country)?;
            put(&mut map, "data_processing_options_state", processing.state)?;
        }
        put(&mut map, "original_event_data", event.original_event_data.as_ref())?;
        put(&mut map, "attribution_data", event.attribution_data.as_ref())?;
        put(&mut map, "customer_segmentation", event.customer_segmentation.as_ref())?;
        put(&mut map, "messaging_channel", event.messaging_channel.as_ref())?;
        put(&mut map, "messaging_outcome_data", event.messaging_outcome_data.as_ref())?;
        put(&mut map, "advanced_measurement_table", event.advanced_measurement_table.as_ref())?;
        put(&mut map, "advertiser_tracking_enabled", event.advertiser_tracking_enabled)?;
        map.end()
    }
}

struct WireUser<'a>(&'a NormalizedUser);

impl Serialize for WireUser<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, mut values) in self.0.members() {
            if field.is_list() {
                map.serialize_entry(field.as_str(), &List(values))?;
            } else {
                put(&mut map, field.as_str(), values.next())?;
            }
        }
        map.end()
    }
}

struct List<I>(I);

impl<'a, I: Iterator<Item = &'a str> + Clone> Serialize for List<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
