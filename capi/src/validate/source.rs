//! What an event needs because of where it happened.

use sociogram_api_core::Finding;

use crate::custom_data::CustomData;
use crate::event::Event;
use crate::field::{Field, FieldSet};
use crate::words::{ActionSource, MessagingChannel};

/// `custom_data.event_source` of events from a CRM, as JSON.
const CRM_JSON: &str = "\"crm\"";

/// What tells the person of an app event.
const KNOWS_APP_USERS: &[Field] =
    &[Field::Madid, Field::AnonId, Field::Email, Field::Phone, Field::ExternalId, Field::FbLoginId];

/// Names Meta takes for conversations (Conversions API for business messaging).
const MESSAGING_EVENTS: &[&str] = &[
    "Purchase",
    "LeadSubmitted",
    "InitiateCheckout",
    "AddToCart",
    "ViewContent",
    "OrderCreated",
    "OrderShipped",
    "OrderDelivered",
    "OrderCanceled",
    "OrderReturned",
    "CartAbandoned",
    "QualifiedLead",
    "RatingProvided",
    "ReviewProvided",
];

pub(super) fn check(event: &Event, present: FieldSet, findings: &mut Vec<Finding>) {
    let Some(source) = &event.action_source else {
        findings.push(
            Finding::error("capi.action_source", "action_source", "missing")
                .advice("say where it happened, such as website, app or physical_store"),
        );
        return;
    };
    match source {
        ActionSource::Website => {
            if event.source_url.as_deref().is_none_or(|url| url.trim().is_empty()) {
                findings.push(Finding::error("capi.website", "event_source_url", "a website event needs it"));
            }
            if !present.contains(Field::ClientUserAgent) {
                findings.push(
                    Finding::warning(
                        "capi.website",
                        "user_data.client_user_agent",
                        "a website event should have it",
                    )
                    .advice("pass the browser's User-Agent header on"),
                );
            }
        }
        ActionSource::App => app(event, present, findings),
        ActionSource::PhysicalStore => store(event, findings),
        ActionSource::SystemGenerated => crm(event, present, findings),
        ActionSource::BusinessMessaging => messaging(event, present, findings),
        ActionSource::Unknown(_) => findings.push(
            Finding::warning("capi.action_source", "action_source", "not a value this version knows")
                .advice("check its spelling"),
        ),
        _ => {}
    }
}

fn app(event: &Event, present: FieldSet, findings: &mut Vec<Finding>) {
    let Some(data) = &event.app_data else {
        findings.push(Finding::error("capi.app_data", "app_data", "an app event needs it"));
        return;
    };
    data.check(findings);
    if data.vendor_id.is_none() && !KNOWS_APP_USERS.iter().any(|field| present.contains(*field)) {
        findings.push(
            Finding::warning("capi.app_data.person", "user_data.madid", "an app event should have it")
                .advice("pass madid or anon_id, or else an e-mail address, a phone number or an external id"),
        );
    }
}

fn store(event: &Event, findings: &mut Vec<Finding>) {
    if event.name == "Purchase" && !event.custom_data.as_ref().is_some_and(CustomData::names_an_order) {
        findings.push(
            Finding::warning(
                "capi.physical_store",
                "custom_data.order_id",
                "a purchase in a shop should have it",
            )
            .advice("pass the number of the receipt, or the goods in contents"),
        );
    }
}

/// Events from a CRM are those that say so, and those about a lead of lead ads.
fn crm(event: &Event, present: FieldSet, findings: &mut Vec<Finding>) {
    let property = |name| event.custom_data.as_ref().and_then(|data| data.property_json(name));
    let says_so = property("event_source") == Some(CRM_JSON);
    let has_lead = present.contains(Field::LeadId);
    if !says_so && !has_lead {
        return;
    }
    let mut wanted = |is_there: bool, field: &'static str, advice: &'static str| {
        if !is_there {
            let finding = Finding::warning("capi.crm", field, "an event from a CRM should have it");
            findings.push(finding.advice(advice));
        }
    };
    wanted(has_lead, "user_data.lead_id", "keep the id of the lead that lead ads gave, 15 to 17 digits");
    wanted(says_so, "custom_data.event_source", "set it to crm");
    wanted(
        property("lead_event_source").is_some(),
        "custom_data.lead_event_source",
        "set it to the name of the CRM",
    );
}

fn messaging(event: &Event, present: FieldSet, findings: &mut Vec<Finding>) {
    let needed: &[(Field, &'static str)] = match &event.messaging_channel {
        None => {
            findings.push(
                Finding::error("capi.messaging", "messaging_channel", "a business_messaging event needs it")
                    .allowed("whatsapp, messenger or instagram"),
            );
            &[]
        }
        Some(MessagingChannel::WhatsApp) => &[
            (Field::CtwaClid, "user_data.ctwa_clid"),
            (Field::WhatsAppBusinessAccountId, "user_data.whatsapp_business_account_id"),
        ],
        Some(MessagingChannel::Messenger) => &[
            (Field::PageId, "user_data.page_id"),
            (Field::PageScopedUserId, "user_data.page_scoped_user_id"),
        ],
        Some(MessagingChannel::Instagram) => {
            &[(Field::IgAccountId, "user_data.ig_account_id"), (Field::IgSid, "user_data.ig_sid")]
        }
        Some(MessagingChannel::Unknown(_)) => {
            findings.push(
                Finding::warning("capi.messaging", "messaging_channel", "not a value this version knows")
                    .advice("check its spelling"),
            );
            &[]
        }
    };
    for (field, path) in needed {
        // Meta's Python SDK names the account of a WhatsApp event by its Page.
        let instead = *field == Field::WhatsAppBusinessAccountId && present.contains(Field::PageId);
        if !present.contains(*field) && !instead {
            findings.push(Finding::error("capi.messaging", *path, "an event of this channel needs it"));
        }
    }
    if !MESSAGING_EVENTS.contains(&event.name.as_str()) {
        findings.push(
            Finding::warning(
                "capi.messaging.event_name",
                "event_name",
                "not a name Meta takes for conversations",
            )
            .allowed(MESSAGING_EVENTS.join(", ")),
        );
    }
}
