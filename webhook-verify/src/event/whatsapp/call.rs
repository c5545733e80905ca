//! Calls.

use super::{Contact, Shared, WhatsAppEventError};
use crate::{
    DedupeKey, EventTime, Strength,
    dedupe::KeyParts,
    event::content::{Content, exact},
    fields::Fields,
    open_enum::open_enum,
};

open_enum! {
    /// What happened to a call.
    pub enum CallEvent {
        /// It begins: answer, or apply the answer of the person.
        Connect = "connect",
        /// It ended.
        Terminate = "terminate",
    }
}

open_enum! {
    /// Who called.
    pub enum CallDirection {
        /// The person.
        UserInitiated = "USER_INITIATED",
        /// The business.
        BusinessInitiated = "BUSINESS_INITIATED",
    }
}

open_enum! {
    /// How a call stands, or ended.
    pub enum CallStatus {
        /// It rings at the person.
        Ringing = "RINGING",
        /// The person took it.
        Accepted = "ACCEPTED",
        /// The person declined it.
        Rejected = "REJECTED",
        /// It ended as it should.
        Completed = "COMPLETED",
        /// It did not come about, or broke off.
        Failed = "FAILED",
    }
}

/// A call by WhatsApp began or ended, or its state changed (WhatsApp Cloud API: Webhooks, `calls`; permission
/// `whatsapp_business_messaging`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatsAppCall {
    /// The call, `wacid.…`.
    pub id: Option<String>,
    /// What happened. Absent in a status of a call that the business made.
    pub event: Option<CallEvent>,
    /// How the call stands, or ended.
    pub status: Option<CallStatus>,
    /// Who called.
    pub direction: Option<CallDirection>,
    /// The caller's phone number.
    pub from: Option<String>,
    /// The business-scoped id of the caller.
    pub from_user_id: Option<String>,
    /// The phone number that was called; in a status the `recipient_id`.
    pub to: Option<String>,
    /// The business-scoped id of the person who was called; in a status the `recipient_user_id`.
    pub to_user_id: Option<String>,
    /// When it happened.
    pub timestamp: Option<EventTime>,
    /// When the call was taken.
    pub start_time: Option<EventTime>,
    /// When the call ended.
    pub end_time: Option<EventTime>,
    /// How long it took, in seconds.
    pub duration: Option<u64>,
    /// The description of the media session (RFC 8866): `session.sdp`.
    pub sdp: Option<String>,
    /// `offer` or `answer`: `session.sdp_type`.
    pub sdp_type: Option<String>,
    /// What the business attached to the call.
    pub biz_opaque_callback_data: Option<String>,
    /// What the business attached to the button or the link by which the person called: `cta_payload` or
    /// `deeplink_payload`.
    pub payload: Option<String>,
    /// Why it failed.
    pub errors: Vec<WhatsAppEventError>,
    /// The person.
    pub contact: Option<Contact>,
    /// The id of the business's phone number.
    pub phone_number_id: Option<String>,
    /// The business's phone number as it is shown.
    pub display_phone_number: Option<String>,
}

impl WhatsAppCall {
    pub(crate) fn read(value: &Fields<'_>, shared: &Shared, contact: Option<&Fields<'_>>) -> Self {
        let Shared { phone_number_id, display_phone_number } = shared.clone();
        let session = value.object("session");
        let session = |name| session.as_ref().and_then(|session| session.text(name));
        Self {
            id: value.id("id"),
            event: value.choice("event"),
            status: value.choice("status"),
            direction: value.choice("direction"),
            from: value.id("from"),
            from_user_id: value.id("from_user_id"),
            to: value.id("to"),
            to_user_id: value.id("to_user_id"),
            timestamp: value.time("timestamp"),
            start_time: value.time("start_time").or_else(|| value.time("start")),
            end_time: value.time("end_time").or_else(|| value.time("end")),
            duration: value.number("duration"),
            sdp: session("sdp"),
            sdp_type: session("sdp_type"),
            biz_opaque_callback_data: value.text("biz_opaque_callback_data"),
            payload: value.text("cta_payload").or_else(|| value.text("deeplink_payload")),
            errors: WhatsAppEventError::list(value, "errors"),
            contact: contact.map(Contact::read),
            phone_number_id,
            display_phone_number,
        }
    }

    /// A status of a call that the business made.
    pub(crate) fn read_status(value: &Fields<'_>, shared: &Shared) -> Self {
        let mut call = Self::read(value, shared, None);
        call.direction = call.direction.or(Some(CallDirection::BusinessInitiated));
        call.to = call.to.or_else(|| value.id("recipient_id"));
        call.to_user_id = call.to_user_id.or_else(|| value.id("recipient_user_id"));
        call
    }
}

impl Content for WhatsAppCall {
    fn name(&self) -> &'static str {
        "whatsapp_call"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.timestamp
    }

    fn subject(&self) -> Option<&str> {
        let (from, to) = (
            self.from.as_ref().or(self.from_user_id.as_ref()),
            self.to.as_ref().or(self.to_user_id.as_ref()),
        );
        let person = if self.direction == Some(CallDirection::BusinessInitiated) { to } else { from };
        person.map(String::as_str)
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let id = self.id.as_ref()?;
        match (&self.event, &self.status) {
            // A call begins and ends once.
            (Some(event @ (CallEvent::Connect | CallEvent::Terminate)), _) => {
                Some(exact(parts.part("wa_call").part(id).part(event.as_str())))
            }
            (Some(event), _) => Some(exact(
                parts.part("wa_call_event").part(id).part(event.as_str()).time(Some(self.timestamp?)),
            )),
            (None, Some(status)) => Some(exact(
                parts.part("wa_call_status").part(id).part(status.as_str()).time(Some(self.timestamp?)),
            )),
            (None, None) => None,
        }
    }
}
