use super::*;
use crate::{
    AppData, AttributionData, Content, CustomData, DataProcessing, EventBuilder, ExtInfo, OriginalEventData,
    PrepareOptions, ProcessingOption, ProcessingState, UserData, check as check_event, leads,
};

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

#[test]
fn app_events_should_say_whose_device_it_is() {
    let app = || AppData::new(true, true, ExtInfo::android("14"));
    let with = |user: UserData, data: AppData| {
        rules(event("Lead", ActionSource::App).app_data(data).user_data(user))
    };
    let user = || UserData::new().first_name("Ann").last_name("Lee");
    assert_eq!(with(user(), app()), ["Warning user_data.madid"]);
    assert_eq!(with(user(), app().vendor_id("v")), [""; 0]);
    assert_eq!(with(user().anon_id("XZ1"), app()), [""; 0]);
    assert_eq!(with(user().madid("38400000-8cf0-11bd-b23e-10b96e40000d"), app()), [""; 0]);
    assert_eq!(
        with(user().madid("00000000-0000-0000-0000-000000000000"), app()),
        ["Warning user_data.madid"]
    );
}

#[test]
fn purchases_in_a_shop_should_name_their_order() {
    let purchase = |data: CustomData| {
        rules(
            event("Purchase", ActionSource::PhysicalStore)
                .custom_data(data.value(1u8.into()).currency("EUR")),
        )
    };
    assert_eq!(purchase(CustomData::new()), ["Warning custom_data.order_id"]);
    assert_eq!(purchase(CustomData::new().order_id("5")), [""; 0]);
    assert_eq!(purchase(CustomData::new().content(Content::new("a"))), [""; 0]);
    assert_eq!(rules(event("FindLocation", ActionSource::PhysicalStore)), [""; 0]);
}

#[test]
fn leads_of_a_crm_should_say_where_they_come_from() {
    let crm = |user: UserData, data: CustomData| {
        rules(event("Won", ActionSource::SystemGenerated).user_data(user).custom_data(data))
    };
    let lead = || UserData::new().lead_id("123456789012345");
    assert_eq!(rules(leads::lead_event("123456789012345", NOW, "Won", "CRM")), [""; 0]);
    assert_eq!(
        crm(lead(), CustomData::new()),
        ["Warning custom_data.event_source", "Warning custom_data.lead_event_source"]
    );
    let says_so = CustomData::new().property("event_source", &"crm").unwrap();
    assert_eq!(
        crm(UserData::new().email("a@example.com"), says_so),
        ["Warning user_data.lead_id", "Warning custom_data.lead_event_source"]
    );
    assert_eq!(
        crm(UserData::new().email("a@example.com"), CustomData::new()),
        [""; 0],
        "a renewal is no lead"
    );
    for (id, odd) in [
        ("12345678901234567", false),
        (" 123456789012345 ", false),
        ("12345678901234", true),
        ("123456789012345678", true),
        ("l:123456789012345", true),
        ("", false),
    ] {
        let event = event("Lead", ActionSource::Other).map_user_data(|user| user.lead_id(id));
        assert_eq!(rules(event), if odd { vec!["Warning user_data.lead_id"] } else { vec![] }, "{id}");
    }
}

#[test]
fn event_ids_that_will_not_meet_the_browsers_are_named() {
    for (id, odd) in [
        ("order-1001", 0),
        ("0191e6c0-7b1c-7c3e-8a53-6d1f0e2a9b11", 0),
        ("", 1),
        ("  ", 1),
        ("a b", 1),
        ("a\n", 1),
        (&"a".repeat(128), 0),
        (&"a".repeat(129), 1),
        (&" a".repeat(129), 2),
    ] {
        assert_eq!(
            rules(event("Lead", ActionSource::Other).event_id(id)),
            vec!["Warning event_id"; odd],
            "{id:?}"
        );
    }
    assert_eq!(rules(event(" Lead", ActionSource::Other)), ["Warning event_name"]);
}

#[test]
fn limited_data_use_fits_together() {
    let with = |options: DataProcessing| rules(event("Lead", ActionSource::Other).data_processing(options));
    let limited = DataProcessing::limited_in;
    assert_eq!(with(DataProcessing::limited()), [""; 0]);
    assert_eq!(with(DataProcessing::unlimited()), [""; 0]);
    assert_eq!(with(limited(1, 0)), [""; 0]);
    for state in ProcessingState::ALL {
        assert_eq!(with(DataProcessing::limited_in_state(*state)), [""; 0], "{state:?}");
    }
    let country = "Warning data_processing_options_country";
    let state = "Warning data_processing_options_state";
    assert_eq!(with(limited(0, 1000)), [country]);
    assert_eq!(with(limited(1, 999)), [state]);
    assert_eq!(with(limited(49, 0)), [country]);
    assert_eq!(with(DataProcessing::default().option(ProcessingOption::LimitedDataUse)), [country]);
    assert_eq!(with(DataProcessing::default().option(ProcessingOption::Amo)), [""; 0]);
    let misspelt = DataProcessing::default().option(ProcessingOption::from("ldu"));
    assert_eq!(with(misspelt), ["Warning data_processing_options"]);
    let nothing = DataProcessing { country: Some(1), state: Some(1000), ..DataProcessing::unlimited() };
    assert_eq!(with(nothing), ["Warning data_processing_options"]);
}

#[test]
fn times_and_shares_beside_the_event_are_looked_at() {
    let original = |seconds: i64| {
        let earlier = OriginalEventData::new("Lead", Timestamp::from_unix_seconds(seconds));
        rules(event("Purchased", ActionSource::Other).original_event_data(earlier))
    };
    let now = NOW.as_unix_seconds();
    assert_eq!((original(now), original(1)), (vec![], vec![]));
    for seconds in [now + 1, now * 1000] {
        assert_eq!(original(seconds), ["Warning original_event_data.event_time"]);
    }
    let credit =
        |name: &str, data: AttributionData| rules(event(name, ActionSource::Other).attribution_data(data));
    let whole = || {
        AttributionData::new()
            .ad_id("1")
            .touchpoint_ts(NOW)
            .attribution_share("1".parse().unwrap())
            .attribution_value(5u8.into())
    };
    assert_eq!(credit("AppendAttribution", whole()), [""; 0]);
    assert_eq!(credit("AppendAttribution", AttributionData::new()).len(), 4);
    assert_eq!(rules(event("AppendAttribution", ActionSource::Other)).len(), 4);
    assert_eq!(credit("Lead", AttributionData::new()), [""; 0]);
    for share in ["-0.1", "1.01", "50"] {
        let data = whole().attribution_share(share.parse().unwrap());
        assert_eq!(credit("Lead", data), ["Warning attribution_data.attribution_share"], "{share}");
    }
    let late = whole().visit_time(Timestamp::from_unix_seconds(now * 1000));
    assert_eq!(credit("Lead", late), ["Warning attribution_data.visit_time"]);
}

#[test]
fn cookies_made_with_seconds_are_named() {
    let user =
        |user: UserData| rules(event("Lead", ActionSource::Other).user_data(user.email("a@example.com")));
    assert_eq!(user(UserData::new().fbc("fb.1.1795000000.AbC")), ["Warning user_data.fbc"]);
    assert_eq!(user(UserData::new().fbp("fb.1.1795000000.123")), ["Warning user_data.fbp"]);
    assert_eq!(user(UserData::new().fbc("fb.1.1795000000123.AbC").fbp("fb.1.1795000000123.5")), [""; 0]);
}
