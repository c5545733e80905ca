//! Events from the ids a business has at hand: leads of a CRM, and conversations that an ad opened.
//!
//! Each function sets what its kind of event needs. Add more about the person with
//! [`EventBuilder::map_user_data`] and about the order with [`EventBuilder::map_custom_data`], and give an
//! [`event_id`](EventBuilder::event_id) of your own.

use sociogram_api_core::Timestamp;

use crate::custom_data::CustomData;
use crate::event::{Event, EventBuilder};
use crate::user_data::UserData;
use crate::words::{ActionSource, MessagingChannel};

/// `custom_data.event_source` of events from a CRM.
pub(crate) const CRM: &str = "crm";

/// A lead of lead ads reached a stage in your CRM (Conversions API for CRM).
///
/// `lead_id` is Meta's id of the lead (15 to 17 digits), `stage` the name of the stage, which becomes the name of the
/// event, and `crm` the name of the CRM (`lead_event_source`).
///
/// ```
/// use sociogram_capi::{PrepareOptions, Timestamp, leads, prepare};
///
/// let at = Timestamp::from_unix_seconds(1_795_000_000);
/// let event = leads::lead_event("123456789012345", at, "Qualified", "Example CRM").build();
/// assert!(prepare([&event], &PrepareOptions::new(at)).warnings().is_empty());
/// ```
pub fn lead_event(
    lead_id: impl Into<String>,
    time: Timestamp,
    stage: impl Into<String>,
    crm: impl AsRef<str>,
) -> EventBuilder {
    Event::builder(stage, time)
        .action_source(ActionSource::SystemGenerated)
        .user_data(UserData::new().lead_id(lead_id))
        .custom_data(CustomData::of_crm(crm.as_ref()))
}

/// Something happened in a WhatsApp conversation that an ad opened.
///
/// `ctwa_clid` is the click id that came with the first message, unchanged; `waba_id` the WhatsApp Business account. For
/// `name`, Meta takes a fixed set, such as `LeadSubmitted` and `Purchase`.
pub fn click_to_whatsapp(
    ctwa_clid: impl Into<String>,
    waba_id: impl Into<String>,
    name: impl Into<String>,
    time: Timestamp,
) -> EventBuilder {
    let user = UserData::new().ctwa_clid(ctwa_clid).whatsapp_business_account_id(waba_id);
    conversation(MessagingChannel::WhatsApp, user, name, time)
}

/// Something happened in a Messenger conversation that an ad opened.
///
/// `psid` is the person's id for this Page. For `name` see [`click_to_whatsapp`].
pub fn click_to_messenger(
    page_id: impl Into<String>,
    psid: impl Into<String>,
    name: impl Into<String>,
    time: Timestamp,
) -> EventBuilder {
    let user = UserData::new().page_id(page_id).page_scoped_user_id(psid);
    conversation(MessagingChannel::Messenger, user, name, time)
}

/// Something happened in an Instagram conversation that an ad opened.
///
/// `ig_sid` is the person's id for this Instagram account. For `name` see [`click_to_whatsapp`].
pub fn click_to_instagram(
    ig_account_id: impl Into<String>,
    ig_sid: impl Into<String>,
    name: impl Into<String>,
    time: Timestamp,
) -> EventBuilder {
    let user = UserData::new().ig_account_id(ig_account_id).ig_sid(ig_sid);
    conversation(MessagingChannel::Instagram, user, name, time)
}

fn conversation(
    channel: MessagingChannel,
    user: UserData,
    name: impl Into<String>,
    time: Timestamp,
) -> EventBuilder {
    Event::builder(name, time)
        .action_source(ActionSource::BusinessMessaging)
        .messaging_channel(channel)
        .user_data(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PrepareOptions, prepare};

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_000_000);

    /// The JSON of the only event; nothing may be odd about it.
    fn written(event: EventBuilder) -> String {
        let prepared = prepare([&event.build()], &PrepareOptions::new(NOW));
        assert_eq!((prepared.rejected(), prepared.warnings()), (&[][..], &[][..]));
        prepared.bodies()[0].events().next().unwrap().to_owned()
    }

    #[test]
    fn a_lead_needs_nothing_but_its_ids() {
        let event = lead_event("123456789012345", NOW, "Qualified", "Example \"CRM\"");
        assert_eq!(
            written(event),
            concat!(
                r#"{"event_name":"Qualified","event_time":1795000000,"action_source":"system_generated","#,
                r#""user_data":{"lead_id":"123456789012345"},"#,
                r#""custom_data":{"event_source":"crm","lead_event_source":"Example \"CRM\""}}"#
            )
        );
    }

    #[test]
    fn a_conversation_needs_nothing_but_its_ids() {
        let at = |channel: &str, user: &str| {
            format!(
                r#"{{"event_name":"LeadSubmitted","event_time":1795000000,"action_source":"business_messaging","user_data":{user},"messaging_channel":"{channel}"}}"#
            )
        };
        let name = "LeadSubmitted";
        assert_eq!(
            written(click_to_whatsapp("ARAk-x_1", "1002", name, NOW)),
            at("whatsapp", r#"{"ctwa_clid":"ARAk-x_1","whatsapp_business_account_id":"1002"}"#)
        );
        assert_eq!(
            written(click_to_messenger("1", "2", name, NOW)),
            at("messenger", r#"{"page_id":"1","page_scoped_user_id":"2"}"#)
        );
        assert_eq!(
            written(click_to_instagram("1", "2", name, NOW)),
            at("instagram", r#"{"ig_account_id":"1","ig_sid":"2"}"#)
        );
    }

    #[test]
    fn more_is_added_beside_what_is_there() {
        let event = lead_event("123456789012345", NOW, "Won", "CRM")
            .map_user_data(|user| user.external_id("7"))
            .map_custom_data(|data| data.order_id("5"));
        let json = written(event);
        assert!(json.contains(r#""user_data":{"external_id":["7"],"lead_id":"123456789012345"}"#), "{json}");
        assert!(json.contains(r#""custom_data":{"order_id":"5","event_source":"crm""#), "{json}");
    }
}
