//! What Meta would refuse, found before sending.

use std::time::Duration;

use sociogram_api_core::{Finding, Timestamp};

use crate::event::Event;
use crate::field::{Field, FieldSet};
use crate::words::{ActionSource, MessagingChannel};

const DAY: Duration = Duration::from_secs(86_400);
/// Seconds that lie in the year 5138: such a number is milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Meta refuses events whose only match keys lie within one of these sets (Conversions API: customer
/// information parameters). The parts that only Meta's SDKs know count like the whole.
const TOO_WEAK: &[FieldSet] = &[
    FieldSet::of(&[
        Field::City,
        Field::Country,
        Field::State,
        Field::Zip,
        Field::Gender,
        Field::ClientUserAgent,
    ]),
    FieldSet::of(&[
        Field::BirthDate,
        Field::BirthDay,
        Field::BirthMonth,
        Field::BirthYear,
        Field::ClientUserAgent,
    ]),
    FieldSet::of(&[Field::FirstName, Field::FirstNameStart, Field::FirstInitial, Field::Gender]),
    FieldSet::of(&[Field::LastName, Field::LastNameStart, Field::Gender]),
];

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

/// Checks an event whose customer data was normalised: `present` says which members have a value left,
/// `has_currency` whether the currency has one. Without `now` its age is not judged.
pub(crate) fn check(
    event: &Event,
    present: FieldSet,
    has_currency: bool,
    now: Option<Timestamp>,
    findings: &mut Vec<Finding>,
) {
    if event.name.trim().is_empty() {
        findings.push(Finding::error("capi.event_name", "event_name", "missing"));
    }
    time(event, now, findings);
    action_source(event, present, findings);
    if TOO_WEAK.iter().any(|set| present.is_subset(*set)) {
        findings.push(
            Finding::error(
                "capi.match_keys",
                "user_data",
                "not enough customer information to match anybody",
            )
            .advice(
                "add an e-mail address, a phone number, an external id, a click id, or first and last name",
            ),
        );
    }
    if event.name == "Purchase" {
        let has_value = event.custom_data.as_ref().is_some_and(|data| data.value.is_some());
        for (present, field) in [(has_value, "custom_data.value"), (has_currency, "custom_data.currency")] {
            if !present {
                findings.push(Finding::error("capi.purchase", field, "a Purchase needs it"));
            }
        }
    }
}

fn time(event: &Event, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
    let time = event.time;
    if time.as_unix_seconds() >= MILLISECONDS_FROM {
        findings.push(
            Finding::error("capi.event_time.milliseconds", "event_time", "looks like milliseconds")
                .advice("give whole seconds since 1970"),
        );
        return;
    }
    let Some(now) = now else { return };
    let days = if event.action_source == Some(ActionSource::PhysicalStore) { 62 } else { 7 };
    if now.saturating_duration_since(time) > DAY * days {
        findings.push(
            Finding::error("capi.event_time.age", "event_time", "too long ago")
                .measured(time)
                .allowed(format_args!("the last {days} days"))
                .advice("Meta takes no older events; send events within the hour"),
        );
    } else if time.saturating_duration_since(now) > DAY {
        findings.push(
            Finding::error("capi.event_time.future", "event_time", "in the future")
                .measured(time)
                .advice("check the clock and the time zone of the sender"),
        );
    }
}

fn action_source(event: &Event, present: FieldSet, findings: &mut Vec<Finding>) {
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
        ActionSource::App => match &event.app_data {
            Some(data) => data.check(findings),
            None => findings.push(Finding::error("capi.app_data", "app_data", "an app event needs it")),
        },
        ActionSource::BusinessMessaging => messaging(event, present, findings),
        ActionSource::Unknown(_) => findings.push(
            Finding::warning("capi.action_source", "action_source", "not a value this version knows")
                .advice("check its spelling"),
        ),
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppData, CustomData, EventBuilder, ExtInfo, PrepareOptions, UserData, check as check_event};

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_000_000);

    fn event(name: &str, source: ActionSource) -> EventBuilder {
        Event::builder(name, NOW).action_source(source).user_data(UserData::new().email("a@example.com"))
    }

    fn rules(event: EventBuilder) -> Vec<String> {
        let findings = check_event(&event.build(), &PrepareOptions::new(NOW));
        findings.iter().map(|finding| format!("{:?} {}", finding.severity(), finding.field())).collect()
    }

    #[test]
    fn sources_have_their_own_needs() {
        use ActionSource as S;
        let url = "https://example.com/";
        assert_eq!(rules(event("Lead", S::Email)), [""; 0]);
        assert_eq!(
            rules(event("Lead", S::Website)),
            ["Error event_source_url", "Warning user_data.client_user_agent"]
        );
        assert_eq!(
            rules(event("Lead", S::Website).event_source_url(url)),
            ["Warning user_data.client_user_agent"]
        );
        assert_eq!(rules(event("Lead", S::App)), ["Error app_data"]);
        let app = AppData::new(true, false, ExtInfo::android("14"));
        assert_eq!(rules(event("Lead", S::App).app_data(app)), [""; 0]);
        assert_eq!(rules(event("Lead", S::from("dream"))), ["Warning action_source"]);
        let without = Event::builder("Lead", NOW).user_data(UserData::new().email("a@example.com"));
        assert_eq!(rules(without), ["Error action_source"]);
        assert_eq!(rules(event(" ", S::Other)), ["Error event_name"]);
    }

    #[test]
    fn conversations_need_the_ids_of_their_channel() {
        let chat = |channel: &str, user: UserData| {
            rules(
                event("LeadSubmitted", ActionSource::BusinessMessaging)
                    .messaging_channel(channel.into())
                    .user_data(user),
            )
        };
        let user = UserData::new;
        assert_eq!(
            chat("whatsapp", user().email("a@example.com")),
            ["Error user_data.ctwa_clid", "Error user_data.whatsapp_business_account_id"]
        );
        assert_eq!(chat("whatsapp", user().ctwa_clid("c").whatsapp_business_account_id("1")), [""; 0]);
        assert_eq!(chat("whatsapp", user().ctwa_clid("c").page_id("1")), [""; 0]);
        assert_eq!(chat("messenger", user().page_id("1")), ["Error user_data.page_scoped_user_id"]);
        assert_eq!(chat("instagram", user().ig_account_id("1").ig_sid("2")), [""; 0]);
        assert_eq!(chat("pigeon", user().email("a@example.com")), ["Warning messaging_channel"]);
        assert_eq!(
            rules(event("Lead", ActionSource::BusinessMessaging)),
            ["Error messaging_channel", "Warning event_name"]
        );
    }

    #[test]
    fn weak_match_keys_are_refused() {
        let refused = |user: UserData| {
            let found = rules(event("Lead", ActionSource::Other).user_data(user));
            found.contains(&"Error user_data".to_owned())
        };
        let user = UserData::new;
        assert!(refused(user()));
        assert!(refused(user().city("Berlin").country("de").state("Berlin").zip("10115").gender("f")));
        assert!(refused(user().birth_date("1997-02-16").client_user_agent("UA")));
        assert!(refused(user().first_name("Ann").gender("f")));
        assert!(refused(user().last_name("Lee").gender("f")));
        assert!(refused(user().email("not an address").city("Berlin")), "a dropped value is no match key");
        assert!(!refused(user().first_name("Ann").last_name("Lee")));
        assert!(!refused(user().first_name("Ann").city("Berlin")));
        assert!(!refused(user().birth_date("1997-02-16").city("Berlin")));
        assert!(!refused(user().external_id("5")));
        assert!(!refused(user().client_ip_address("203.0.113.7").client_user_agent("UA")));
    }

    #[test]
    fn purchases_need_value_and_currency() {
        let purchase = |data: CustomData| rules(event("Purchase", ActionSource::Other).custom_data(data));
        assert_eq!(purchase(CustomData::new()), ["Error custom_data.value", "Error custom_data.currency"]);
        assert_eq!(purchase(CustomData::new().value(0u8.into()).currency("EUR")), [""; 0]);
        assert_eq!(
            purchase(CustomData::new().value(1u8.into()).currency("Euros")),
            ["Warning custom_data.currency", "Error custom_data.currency"]
        );
        assert_eq!(rules(event("purchase", ActionSource::Other)), [""; 0]);
    }

    #[test]
    fn age_limits() {
        let at = |source: ActionSource, seconds: i64| {
            let event = Event::builder("Lead", Timestamp::from_unix_seconds(NOW.as_unix_seconds() + seconds))
                .action_source(source)
                .user_data(UserData::new().email("a@example.com"))
                .build();
            let rules = |options| check_event(&event, &options).iter().map(Finding::rule).collect::<Vec<_>>();
            (rules(PrepareOptions::new(NOW)), rules(PrepareOptions::without_clock()))
        };
        let day = 86_400;
        for (source, seconds, rule) in [
            (ActionSource::Other, -7 * day, None),
            (ActionSource::Other, -7 * day - 1, Some("capi.event_time.age")),
            (ActionSource::PhysicalStore, -62 * day, None),
            (ActionSource::PhysicalStore, -62 * day - 1, Some("capi.event_time.age")),
            (ActionSource::Other, day, None),
            (ActionSource::Other, day + 1, Some("capi.event_time.future")),
        ] {
            assert_eq!(at(source, seconds), (rule.into_iter().collect(), vec![]), "{seconds}");
        }
        let millis = NOW.as_unix_seconds() * 999;
        let wrong = vec!["capi.event_time.milliseconds"];
        assert_eq!(at(ActionSource::Other, millis), (wrong.clone(), wrong));
    }
}
