use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{ActionSource, CustomData, Event, Field, FieldPolicy, Hashed, Mode, Timestamp, UserData};

fn event(name: &str) -> Event {
    Event::builder(name, Timestamp::from_unix_millis(1_795_000_000_999))
        .action_source(ActionSource::Other)
        .user_data(UserData::new().email("a@example.com"))
        .build()
}

fn with_user(user: UserData) -> Event {
    Event::builder("Lead", Timestamp::from_unix_seconds(1))
        .action_source(ActionSource::Other)
        .user_data(user)
        .build()
}

fn options() -> PrepareOptions {
    PrepareOptions::without_clock()
}

fn parsed(body: &RequestBody) -> Value {
    serde_json::from_str(&body.to_json()).unwrap()
}

#[test]
fn requests_hold_at_most_1000_events_and_nothing_is_lost() {
    let events: Vec<Event> = (0..2001).map(|n| event(if n % 2 == 0 { "Even" } else { "Odd" })).collect();
    let prepared = prepare(&events, &options());
    let sizes: Vec<usize> = prepared.bodies().iter().map(RequestBody::len).collect();
    assert_eq!(sizes, [1000, 1000, 1]);
    let indexes: Vec<usize> = prepared.bodies().iter().flat_map(RequestBody::indexes).collect();
    assert_eq!(indexes, (0..2001).collect::<Vec<_>>());
    assert_eq!(parsed(&prepared.bodies()[1])["data"][1]["event_name"], "Odd");
    assert_eq!(parsed(&prepared.bodies()[0])["data"][0]["event_time"], 1_795_000_000);
}

#[test]
fn requests_stay_below_the_byte_limit() {
    let big = |bytes: usize| {
        Event::builder("Lead", Timestamp::from_unix_seconds(1))
            .action_source(ActionSource::Other)
            .event_source_url("x".repeat(bytes))
            .user_data(UserData::new().external_id("5"))
            .build()
    };
    let events: Vec<Event> = (0..10).map(|_| big(MAX_BODY_BYTES / 3)).collect();
    let prepared = prepare(&events, &options().test_event_code("T"));
    assert_eq!(prepared.bodies().iter().map(RequestBody::len).collect::<Vec<_>>(), [2; 5]);
    assert!(prepared.bodies().iter().all(|body| body.to_json().len() <= MAX_BODY_BYTES));

    // The largest event that fits, to the byte.
    let overhead = prepare([&big(0)], &options()).bodies()[0].to_json().len();
    let fits = prepare([&big(MAX_BODY_BYTES - overhead)], &options());
    assert_eq!(fits.bodies()[0].to_json().len(), MAX_BODY_BYTES);
    let too_big = prepare([&big(MAX_BODY_BYTES - overhead + 1), &event("Lead")], &options());
    assert_eq!(too_big.rejected()[0].findings[0].rule(), "capi.event_size");
    assert_eq!(too_big.bodies()[0].indexes().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_bad_event_costs_nobody_else_anything() {
    let bad = with_user(UserData::new().city("Berlin"));
    let prepared = prepare([&event("A"), &bad, &event("B")], &options());
    assert_eq!(prepared.bodies()[0].indexes().collect::<Vec<_>>(), [0, 2]);
    assert_eq!(prepared.rejected().len(), 1);
    assert_eq!(prepared.rejected()[0].index, 1);
    assert_eq!(
        prepared.rejected()[0].to_string(),
        "user_data: not enough customer information to match anybody: \
         add an e-mail address, a phone number, an external id, a click id, or first and last name"
    );
}

#[test]
fn policies_decide_about_values_that_do_not_fit() {
    let events = [with_user(
        UserData::new().email("nobody").external_id("5").email("a@example.com").country("Atlantis"),
    )];
    let dropped = prepare(&events, &options());
    let fields: Vec<(usize, &str)> =
        dropped.warnings().iter().map(|warning| (warning.index, warning.finding.field())).collect();
    assert_eq!(fields, [(0, "user_data.em[0]"), (0, "user_data.country[0]")]);
    let user = &parsed(&dropped.bodies()[0])["data"][0]["user_data"];
    assert_eq!(user["em"], json!([Hashed::digest("a@example.com").as_str()]));
    assert_eq!(user.get("country"), None);

    let strict_country = prepare(&events, &options().policy(Field::Country, FieldPolicy::Strict));
    assert_eq!(strict_country.rejected()[0].to_string().matches("user_data.").count(), 1);
    let strict = prepare(&events, &options().default_policy(FieldPolicy::Strict));
    assert_eq!(strict.rejected()[0].to_string().matches("user_data.").count(), 2);
    let but_email =
        options().default_policy(FieldPolicy::Strict).policy(Field::Email, FieldPolicy::DropField);
    assert_eq!(prepare(&events, &but_email).rejected()[0].to_string().matches("user_data.").count(), 1);
}

#[test]
fn values_are_hashed_then_deduplicated_in_order() {
    let user = UserData::new()
        .email("b@example.com")
        .email(" B@EXAMPLE.com")
        .email(Hashed::digest("a@example.com"))
        .email("a@example.com")
        .external_id("x")
        .external_id("x")
        .client_user_agent("UA")
        .first_initial("Ann");
    let prepared = prepare([&with_user(user)], &options());
    let (a, b) = (Hashed::digest("a@example.com"), Hashed::digest("b@example.com"));
    assert_eq!(
        parsed(&prepared.bodies()[0])["data"][0]["user_data"],
        json!({
            "em": [b.as_str(), a.as_str()],
            "external_id": ["x"],
            "client_user_agent": "UA",
            "fi": Hashed::digest("a").as_str(),
        })
    );
}

#[test]
fn country_decides_how_states_and_postal_codes_are_read() {
    let place = |country: &str| {
        let user = UserData::new().external_id("5").zip("123456789").state("California").country(country);
        let user =
            parsed(&prepare([&with_user(user)], &options()).bodies()[0])["data"][0]["user_data"].clone();
        (user["zp"][0].as_str().unwrap().to_owned(), user["st"][0].as_str().unwrap().to_owned())
    };
    let hash = |text: &str| Hashed::digest(text).as_str().to_owned();
    assert_eq!(place("United States"), (hash("12345"), hash("ca")));
    assert_eq!(place("de"), (hash("123456789"), hash("california")));
}

#[test]
fn modes_differ_where_documented() {
    let user = UserData::new().external_id("5").first_name("O'Connor").phone("+44 (0)20 7183 8750");
    let event = Event::builder("Lead", Timestamp::from_unix_seconds(1))
        .action_source(ActionSource::Other)
        .user_data(user)
        .custom_data(CustomData::new().currency("eur"))
        .build();
    let data = |mode| parsed(&prepare([&event], &options().mode(mode)).bodies()[0])["data"][0].clone();
    let (ours, python) = (data(Mode::Canonical), data(Mode::PythonCompat));
    assert_eq!(ours["user_data"]["fn"][0], Hashed::digest("oconnor").as_str());
    assert_eq!(python["user_data"]["fn"][0], Hashed::digest("o'connor").as_str());
    assert_eq!(ours["user_data"]["ph"][0], Hashed::digest("442071838750").as_str());
    assert_eq!(python["user_data"]["ph"][0], Hashed::digest("4402071838750").as_str());
    assert_eq!(
        (&ours["custom_data"]["currency"], &python["custom_data"]["currency"]),
        (&json!("EUR"), &json!("eur"))
    );
}

#[test]
fn request_members_stand_beside_the_events() {
    let options = options().test_event_code("T\"1").partner_agent("shop_v1").unwrap();
    let body = parsed(&prepare([&event("A")], &options).bodies()[0]);
    assert_eq!((&body["test_event_code"], &body["partner_agent"]), (&json!("T\"1"), &json!("shop_v1")));
    for agent in ["", "x1", "a-platform-with-23-chars"] {
        assert!(PrepareOptions::without_clock().partner_agent(agent).is_err(), "{agent}");
    }
    for code in ["", "+49", "049", "4949"] {
        assert!(PrepareOptions::without_clock().default_calling_code(code).is_err(), "{code}");
    }
}

#[test]
fn nothing_shows_customer_data() {
    let event = Event::builder("Lead", Timestamp::from_unix_seconds(1))
        .action_source(ActionSource::Other)
        .event_source_url("https://example.com/?email=canary@example.com")
        .user_data(UserData::new().email("canary@example.com").phone("canary").first_name("ca\u{7}nary"))
        .build();
    let prepared = prepare([&event], &options());
    assert_eq!(prepared.warnings().len(), 3);
    let shown = format!("{event:?} {prepared:?} {:?}", Batcher::new(options()));
    assert!(
        !shown.contains("canary") && !shown.contains(Hashed::digest("canary@example.com").as_str()),
        "{shown}"
    );
}

proptest! {
    /// Whatever the events are, each ends in exactly one place, and every body is valid JSON in one line.
    #[test]
    fn every_event_ends_in_one_place(texts in prop::collection::vec((".{0,12}", ".{0,12}"), 0..20)) {
        let events: Vec<Event> = texts
            .iter()
            .map(|(name, text)| {
                Event::builder(name.as_str(), Timestamp::from_unix_seconds(1))
                    .action_source(ActionSource::Other)
                    .event_id(text.as_str())
                    .user_data(UserData::new().email(text.as_str()).external_id(name.as_str()))
                    .build()
            })
            .collect();
        let prepared = prepare(&events, &options());
        let mut indexes: Vec<usize> = prepared.bodies().iter().flat_map(RequestBody::indexes).collect();
        indexes.extend(prepared.rejected().iter().map(|rejected| rejected.index));
        indexes.sort_unstable();
        prop_assert_eq!(indexes, (0..events.len()).collect::<Vec<_>>());
        for body in prepared.bodies() {
            prop_assert!(!body.to_json().contains('\n'));
            prop_assert_eq!(parsed(body)["data"].as_array().unwrap().len(), body.len());
            prop_assert_eq!(prepare(&events, &options()).bodies()[0].to_json(), prepared.bodies()[0].to_json());
        }
    }
}
