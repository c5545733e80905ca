use std::collections::HashSet;

use serde_json::{Value, json};
use sociogram_linkedin_api::LeadUrn;
use sociogram_linkedin_api::conversions::{ConversionEvent, UserId, UserIdType};

use super::{NOW, event, events, rule};
use crate::linkedin::{LinkedInEvent, MAX_LINKEDIN_EVENTS, MAX_RULES, prepare_linkedin};
use crate::prepare::Prepared;
use crate::{
    ActionSource, CustomData, Event, Hashed, MAX_BODY_BYTES, PrepareOptions, RequestBody, Timestamp,
    UserData, prepare,
};

fn one(event: &LinkedInEvent) -> (Value, Vec<&'static str>) {
    let prepared = prepare_linkedin([event], NOW);
    assert!(prepared.rejected().is_empty(), "{:?}", prepared.rejected());
    let body: Value = serde_json::from_str(&prepared.bodies()[0].to_json()).unwrap();
    let rules = prepared.warnings().iter().map(|warning| warning.finding.rule()).collect();
    (body["elements"][0].clone(), rules)
}

fn user(user: UserData) -> (Value, Vec<&'static str>) {
    let (event, warnings) = one(&LinkedInEvent::from_parts(rule(7), NOW, user));
    (event["user"].clone(), warnings)
}

fn refused(event: &LinkedInEvent) -> Vec<&'static str> {
    let prepared = prepare_linkedin([event], NOW);
    assert!(prepared.bodies().is_empty());
    prepared.rejected()[0].findings.iter().map(crate::Finding::rule).collect()
}

fn sizes(prepared: &Prepared) -> Vec<usize> {
    prepared.bodies().iter().map(RequestBody::len).collect()
}

#[test]
fn one_customer_record_serves_both_platforms() {
    let customer = UserData::new()
        .email(" Maria.Silva@Example.com ")
        .phone("+351 210 000 142")
        .first_name(" Maria ")
        .last_name("Silva")
        .country("Portugal")
        .client_ip_address("203.0.113.7")
        .external_id("crm-5")
        .fbp("fb.1.1795000000000.123");
    let event = Event::builder("Purchase", NOW)
        .action_source(ActionSource::Other)
        .event_id("order-1001")
        .user_data(customer)
        .custom_data(CustomData::new().value("129.90".parse().unwrap()).currency("eur"))
        .build();
    let for_meta = prepare([&event], &PrepareOptions::new(NOW)).bodies()[0].to_json();
    let for_meta: Value = serde_json::from_str(&for_meta).unwrap();

    let lead = "urn:li:leadGenFormResponse:abc-1";
    let both = LinkedInEvent::from_event(rule(104_012), &event)
        .li_fat_id(" 7b5b ")
        .title("Buyer")
        .company_name("Example")
        .user_id(UserId::new(UserIdType::GoogleAid, "g-1"))
        .lead(LeadUrn::parse(lead).unwrap());
    let (for_linkedin, warnings) = one(&both);
    assert_eq!(
        for_linkedin,
        json!({
            "conversion": "urn:lla:llaPartnerConversion:104012",
            "conversionHappenedAt": 1_795_000_000_000_i64,
            "conversionValue": {"currencyCode": "EUR", "amount": "129.90"},
            "user": {
                "userIds": [
                    {"idType": "SHA256_EMAIL", "idValue": for_meta["data"][0]["user_data"]["em"][0]},
                    {"idType": "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "idValue": "7b5b"},
                    {"idType": "GOOGLE_AID", "idValue": "g-1"},
                    {"idType": "PLAINTEXT_IP_ADDRESS", "idValue": "203.0.113.7"},
                ],
                "userInfo": {
                    "firstName": "Maria", "lastName": "Silva", "title": "Buyer", "companyName": "Example",
                    "countryCode": "PT",
                },
                "externalIds": ["crm-5"],
                "lead": lead,
            },
            "eventId": "order-1001",
        })
    );
    assert_eq!(warnings, [""; 0]);
    assert_eq!((both.id(), both.happened_at()), (Some("order-1001"), NOW));
}

#[test]
fn mail_addresses_are_trimmed_lowered_and_hashed() {
    let id = |user_data: UserData| user(user_data).0["userIds"][0]["idValue"].clone();
    let expected = json!(Hashed::digest("a.b+c@example.com").as_str());
    assert_eq!(
        id(UserData::new().email(" A.B+C@EXAMPLE.com\n")),
        expected,
        "neither dots nor plus are touched"
    );
    let digest = Hashed::digest("a.b+c@example.com");
    let marked = Hashed::sha256_hex(&format!("{}.AQQCAQMC", digest.as_str())).unwrap();
    assert_eq!(id(UserData::new().email(marked)), expected, "without the mark of Meta's parameter builder");
}

#[test]
fn what_linkedin_does_not_take_is_left_out_with_a_warning() {
    let base = || UserData::new().email("a@example.com");
    for (user_data, warnings) in [
        (base().email("b@example.com"), vec!["capi.linkedin.one"]),
        (base().email(" A@example.com"), vec![]),
        (UserData::new().email("nobody").email("a@example.com"), vec!["capi.email"]),
        (base().client_ip_address("2001:db8::1"), vec!["capi.linkedin.ip_address"]),
        (base().client_ip_address("10.0.0.1"), vec!["capi.linkedin.ip_address"]),
        (base().client_ip_address("203.0.113.7:80"), vec!["capi.linkedin.ip_address"]),
        (base().client_ip_address(" "), vec![]),
        (base().first_name("Ann"), vec!["capi.linkedin.names"]),
        (base().first_name("Ann").last_name(Hashed::digest("lee")), vec!["capi.linkedin.names"]),
        (
            base().first_name("A\u{7}n").last_name("Lee"),
            vec!["capi.control_character", "capi.linkedin.names"],
        ),
        (base().country("Portugal"), vec![]),
    ] {
        let (written, found) = user(user_data.clone());
        assert_eq!(found, warnings, "{user_data:?}");
        assert_eq!(written["userIds"].as_array().unwrap().len(), 1, "{user_data:?}");
        assert_eq!(written.get("userInfo"), None, "{user_data:?}");
    }
    let named = UserData::new().first_name("Ann").last_name("Lee").country("Atlantis");
    let (written, found) = user(named);
    assert_eq!(written, json!({"userIds": [], "userInfo": {"firstName": "Ann", "lastName": "Lee"}}));
    assert_eq!(found, ["capi.country"]);
}

#[test]
fn values_keep_their_digits_or_are_left_out() {
    let value = |amount: &str, currency: &str| {
        let (written, warnings) = one(&event(1, 7).value(amount.parse().unwrap(), currency));
        (written["conversionValue"].clone(), warnings)
    };
    let money = |amount: &str| json!({"currencyCode": "EUR", "amount": amount});
    assert_eq!(value("129.90", " eur"), (money("129.90"), vec![]));
    assert_eq!(value("0", "EUR"), (money("0"), vec![]));
    assert_eq!(value("-1", "EUR"), (Value::Null, vec!["capi.linkedin.value"]));
    assert_eq!(value("1e3", "EUR"), (Value::Null, vec!["capi.linkedin.value"]));
    assert_eq!(value("1", "Euros"), (Value::Null, vec!["capi.currency"]));
    assert_eq!(value("1", ""), (Value::Null, vec![]));
}

#[test]
fn events_that_linkedin_would_refuse_are_rejected() {
    let at = |millis: i64| {
        let time = Timestamp::from_unix_millis(NOW.as_unix_millis() + millis);
        LinkedInEvent::from_parts(rule(7), time, UserData::new().email("a@example.com"))
    };
    let window = 90 * 86_400_000;
    for millis in [0, -window] {
        assert_eq!(prepare_linkedin([&at(millis)], NOW).rejected(), [], "{millis}");
    }
    assert_eq!(at(-window).expires_at(), NOW);
    assert_eq!(refused(&at(1)), ["linkedin.conversion.future"]);
    assert_eq!(refused(&at(-window - 1)), ["linkedin.conversion.age"]);

    let nobody = |user| LinkedInEvent::from_parts(rule(7), NOW, user);
    assert_eq!(refused(&nobody(UserData::new().city("Porto"))), ["linkedin.conversion.nobody"]);
    assert_eq!(
        refused(&nobody(UserData::new().email("nobody"))),
        ["capi.email", "linkedin.conversion.nobody"],
        "a dropped value identifies nobody"
    );
    assert_eq!(user(UserData::new().external_id("5")).1, ["linkedin.conversion.nobody_sure"]);
    assert_eq!(refused(&event(1, 7).li_fat_id(" ")), ["linkedin.conversion.id_empty"]);
    assert_eq!(refused(&event(1, 7).event_id("")), ["linkedin.conversion.event_id"]);
    assert_eq!(refused(&event(1, 7).event_id("x".repeat(MAX_BODY_BYTES))), ["capi.event_size"]);
}

#[test]
fn requests_hold_at_most_5000_events_and_100_rules() {
    let prepared = prepare_linkedin(&events(MAX_LINKEDIN_EVENTS * 2 + 1), NOW);
    assert_eq!(sizes(&prepared), [5000, 5000, 1]);

    // Each rule comes up again and again: its events still go together.
    let many: Vec<LinkedInEvent> = (0..1000).map(|number| event(number, number % 250)).collect();
    let prepared = prepare_linkedin(&many, NOW);
    assert_eq!(sizes(&prepared), [400, 400, 200]);
    let mut indexes: Vec<usize> = prepared.bodies().iter().flat_map(RequestBody::indexes).collect();
    indexes.sort_unstable();
    assert_eq!(indexes, (0..1000).collect::<Vec<_>>());
    for body in prepared.bodies() {
        for (index, json) in body.indexes().zip(body.events()) {
            let written: ConversionEvent = serde_json::from_str(json).unwrap();
            assert_eq!(written.conversion(), many[index].conversion());
        }
        let rules = body.events().map(|json| {
            let event: Value = serde_json::from_str(json).unwrap();
            event["conversion"].clone().to_string()
        });
        assert!(rules.collect::<HashSet<_>>().len() <= MAX_RULES);
    }
}

#[test]
fn requests_stay_below_the_byte_limit() {
    let big = |bytes: usize| event(1, 7).event_id("x".repeat(bytes));
    let events: Vec<LinkedInEvent> = (0..7).map(|_| big(MAX_BODY_BYTES / 3)).collect();
    let prepared = prepare_linkedin(&events, NOW);
    assert_eq!(sizes(&prepared), [2, 2, 2, 1]);
    assert!(prepared.bodies().iter().all(|body| body.to_bytes().len() <= MAX_BODY_BYTES));

    // To the byte: one event, and two.
    let empty = prepare_linkedin([&big(1)], NOW).bodies()[0].to_bytes().len() - 1;
    let fits = prepare_linkedin([&big(MAX_BODY_BYTES - empty)], NOW);
    assert_eq!(fits.bodies()[0].to_bytes().len(), MAX_BODY_BYTES);
    assert_eq!(prepare_linkedin([&big(MAX_BODY_BYTES - empty + 1)], NOW).bodies().len(), 0);
    let pair = prepare_linkedin([&big(1), &big(1)], NOW).bodies()[0].to_bytes().len() - 1;
    let pair_of = |bytes: usize| sizes(&prepare_linkedin([&big(1), &big(bytes)], NOW));
    assert_eq!(pair_of(MAX_BODY_BYTES - pair), [2]);
    assert_eq!(pair_of(MAX_BODY_BYTES - pair + 1), [1, 1]);
}

#[test]
fn nothing_shows_customer_data() {
    let event = LinkedInEvent::from_parts(
        rule(7),
        NOW,
        UserData::new()
            .email("canary@example.com")
            .email("canary")
            .first_name("canary")
            .client_ip_address("canary"),
    )
    .title("canary")
    .li_fat_id("canary");
    let prepared = prepare_linkedin([&event], NOW);
    assert!(prepared.warnings().len() >= 3);
    let shown = format!("{event:?} {prepared:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains(Hashed::digest("canary@example.com").as_str()), "{shown}");
}
