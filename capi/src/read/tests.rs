use proptest::prelude::*;

use crate::{Event, PrepareOptions, Prepared, prepare};

fn refused(json: &str) -> Vec<(String, &'static str)> {
    let invalid = Event::from_json(json).unwrap_err();
    assert_eq!(invalid.to_string().lines().count(), 1);
    invalid.findings().iter().map(|finding| (finding.field().to_owned(), finding.rule())).collect()
}

/// A valid event with one member more.
fn with(member: &str) -> String {
    format!(
        r#"{{"event_name":"Lead","event_time":1795000000,"action_source":"other","user_data":{{"em":"a@example.com"}},{member}}}"#
    )
}

fn body(json: &str) -> String {
    let event = Event::from_json(json).unwrap();
    let prepared: Prepared = prepare([&event], &PrepareOptions::without_clock());
    assert_eq!(prepared.rejected().len(), 0, "{:?}", prepared.rejected());
    prepared.bodies()[0].to_json()
}

#[test]
fn every_member_survives_the_round_trip() {
    let json = r#"{
        "event_name": "Purchase", "event_time": 1795000000, "event_id": 77, "event_source_url": "https://example.com/ü",
        "referrer_url": "https://example.org/", "action_source": "website", "opt_out": false,
        "user_data": {"external_id": [5, "x"], "client_user_agent": "UA", "lead_id": 123456789012345678},
        "custom_data": {"value": 10.10, "currency": "eur", "num_items": 0, "content_ids": ["a", 2],
            "contents": [{"id": "a", "quantity": 1, "item_price": "5.050", "size": "M"}],
            "delivery_category": "drone", "extra": {"b": [1.0, null], "a": "x y"}, "net_revenue": 1e2},
        "app_data": {"advertiser_tracking_enabled": 1, "url_schemes": ["shop"],
            "extinfo": ["a2", null, "", "", "14", "", "", "", "", 1080, 2.5, "", "", "", "", ""]},
        "data_processing_options": ["LDU"], "data_processing_options_country": 1, "data_processing_options_state": 1000,
        "original_event_data": {"event_name": "Lead", "event_time": 1, "order_id": 5, "event_id": "e"},
        "attribution_data": {"scope": "x", "attribution_share": 0.10},
        "customer_segmentation": "new", "messaging_channel": null, "messaging_outcome_data": {"outcome_type": "x"},
        "advanced_measurement_table": "t", "advertiser_tracking_enabled": true
    }"#;
    assert_eq!(
        body(json),
        concat!(
            r#"{"data":[{"event_name":"Purchase","event_time":1795000000,"event_id":"77","#,
            r#""event_source_url":"https://example.com/ü","referrer_url":"https://example.org/","#,
            r#""action_source":"website","opt_out":false,"#,
            r#""user_data":{"external_id":["5","x"],"client_user_agent":"UA","lead_id":"123456789012345678"},"#,
            r#""custom_data":{"value":10.10,"net_revenue":1e2,"currency":"EUR","content_ids":["a","2"],"#,
            r#""contents":[{"id":"a","quantity":1,"item_price":5.050,"size":"M"}],"num_items":0,"#,
            r#""delivery_category":"drone","extra":{"b":[1.0,null],"a":"x y"}},"#,
            r#""app_data":{"advertiser_tracking_enabled":1,"#,
            r#""extinfo":["a2","","","","14","","","","","1080","2.5","","","","",""],"url_schemes":["shop"]},"#,
            r#""data_processing_options":["LDU"],"data_processing_options_country":1,"#,
            r#""data_processing_options_state":1000,"#,
            r#""original_event_data":{"event_name":"Lead","event_time":1,"order_id":"5","event_id":"e"},"#,
            r#""attribution_data":{"scope":"x","attribution_share":0.10},"customer_segmentation":"new","#,
            r#""messaging_outcome_data":{"outcome_type":"x"},"advanced_measurement_table":"t","#,
            r#""advertiser_tracking_enabled":true}]}"#
        )
    );
}

/// Every member of `attribution_data`, in Meta's order; what is not known is kept with its digits.
#[test]
fn attribution_keeps_every_member() {
    let data = concat!(
        r#""attribution_data":{"scope":"click","visit_time":1794900000,"ad_id":"1","adset_id":"2","campaign_id":"3","#,
        r#""attribution_share":0.50,"attribution_model":"last_click","attr_window":7,"attribution_value":64.950,"#,
        r#""attribution_source":"amm","touchpoint_type":"click","touchpoint_ts":1794900001,"#,
        r#""attribution_method":"gpir","decline_reason":"not_in_this_version","auditing_token":"t","linkage_key":"k","#,
        r#""touchpoint_id":"9","attribution_setting":{"inactivity_window_hours":0,"reattribution_window_hours":24,"more":[1.0]},"#,
        r#""total_credit":1e0,"partner_client_id":"p","later":{"a":1.10}}"#
    );
    assert!(body(&with(data)).contains(data), "{}", body(&with(data)));
    let outcome = r#""messaging_outcome_data":{"outcome_type":"automatic_events","later":1.10}"#;
    assert!(body(&with(outcome)).contains(outcome));
    for word in ["new_customer_to_business", "of_another_kind"] {
        let segment = format!(r#""customer_segmentation":"{word}""#);
        assert!(body(&with(&segment)).contains(&segment));
    }
    let doubled = r#""attribution_data":{"scope":"a","scope":"b"}"#;
    assert_eq!(refused(&with(doubled)), [("attribution_data.scope".to_owned(), "capi.json.duplicate")]);
}

#[test]
fn broken_json_names_the_place_only() {
    for json in ["", "{", "nonsense canary", r#"{"event_name":"canary""#, r#"{"a":1} canary"#] {
        let invalid = Event::from_json(json).unwrap_err();
        assert_eq!(invalid.findings()[0].rule(), "capi.json.syntax", "{json}");
        assert!(!invalid.to_string().contains("canary"));
    }
    assert_eq!(refused("[1]"), [(String::new(), "capi.json.type")]);
    assert_eq!(refused("\"canary\""), [(String::new(), "capi.json.type")]);
}

#[test]
fn missing_and_unknown_members_are_all_named() {
    assert_eq!(
        refused(r#"{"colour":1}"#),
        [
            ("colour".to_owned(), "capi.json.unknown_member"),
            ("event_name".to_owned(), "capi.json.missing"),
            ("event_time".to_owned(), "capi.json.missing"),
            ("user_data".to_owned(), "capi.json.missing"),
        ]
    );
}

#[test]
fn wrong_types_name_the_member() {
    for (member, path) in [
        (r#""event_source_url":1"#, "event_source_url"),
        (r#""opt_out":"no""#, "opt_out"),
        (r#""opt_out":0"#, "opt_out"),
        (r#""action_source":["website"]"#, "action_source"),
        (r#""data_processing_options":"LDU""#, "data_processing_options"),
        (r#""data_processing_options":[1]"#, "data_processing_options[0]"),
        (r#""data_processing_options_state":1.5"#, "data_processing_options_state"),
        (r#""custom_data":[]"#, "custom_data"),
        (r#""custom_data":{"value":"12,50"}"#, "custom_data.value"),
        (r#""custom_data":{"value":true}"#, "custom_data.value"),
        (r#""custom_data":{"num_items":-1}"#, "custom_data.num_items"),
        (r#""custom_data":{"contents":{"id":"a"}}"#, "custom_data.contents"),
        (r#""custom_data":{"contents":[{"id":"a"},{"quantity":1.5}]}"#, "custom_data.contents[1].quantity"),
        (r#""app_data":{"vendor_id":5}"#, "app_data.vendor_id"),
        (r#""app_data":{"extinfo":[{}]}"#, "app_data.extinfo[0]"),
        (r#""original_event_data":{"event_time":"x"}"#, "original_event_data.event_time"),
        (r#""attribution_data":"x""#, "attribution_data"),
        (r#""attribution_data":{"visit_time":1.5}"#, "attribution_data.visit_time"),
        (r#""attribution_data":{"attribution_share":"half"}"#, "attribution_data.attribution_share"),
        (r#""attribution_data":{"attribution_model":1}"#, "attribution_data.attribution_model"),
        (r#""attribution_data":{"attribution_setting":[]}"#, "attribution_data.attribution_setting"),
        (
            r#""attribution_data":{"attribution_setting":{"inactivity_window_hours":-1}}"#,
            "attribution_data.attribution_setting.inactivity_window_hours",
        ),
        (r#""messaging_outcome_data":[]"#, "messaging_outcome_data"),
        (r#""messaging_outcome_data":{"outcome_type":1}"#, "messaging_outcome_data.outcome_type"),
        (r#""customer_segmentation":{}"#, "customer_segmentation"),
        (r#""custom_data":{"content_type":1}"#, "custom_data.content_type"),
    ] {
        let found = refused(&with(member));
        assert!(found.contains(&(path.to_owned(), "capi.json.type")), "{member}: {found:?}");
    }
    for time in ["\"1795000000\"", "1795000000.5", "true"] {
        let json = format!(r#"{{"event_name":"Lead","event_time":{time},"user_data":{{}}}}"#);
        assert_eq!(refused(&json), [("event_time".to_owned(), "capi.json.type")], "{time}");
    }
    let user = |members: &str| format!(r#"{{"event_name":"Lead","event_time":1,"user_data":{{{members}}}}}"#);
    for (members, path) in [
        (r#""em":5"#, "user_data.em"),
        (r#""ph":[16505551212]"#, "user_data.ph[0]"),
        (r#""em":{"sha256":"x"}"#, "user_data.em"),
        (r#""em":[null]"#, "user_data.em[0]"),
        (r#""fbc":["a"]"#, "user_data.fbc"),
        (r#""lead_id":1.5"#, "user_data.lead_id"),
        (r#""external_id":-5"#, "user_data.external_id"),
    ] {
        assert_eq!(refused(&user(members)), [(path.to_owned(), "capi.json.type")], "{members}");
    }
}

#[test]
fn other_refusals() {
    for (member, path, rule) in [
        (r#""opt_out":true,"opt_out":false"#, "opt_out", "capi.json.duplicate"),
        (r#""custom_data":{"x":1,"x":2}"#, "custom_data.x", "capi.json.duplicate"),
        (r#""event_id":"\ud800""#, "event_id", "capi.json.text"),
        (r#""custom_data":{"x":["\ud800"]}"#, "custom_data.x", "capi.json.value"),
        (r#""custom_data":{"x":1e999}"#, "custom_data.x", "capi.json.value"),
        (r#""app_data":{"extinfo":["a2"]}"#, "app_data.extinfo", "capi.extinfo"),
        (r#""app_data":{"colour":1}"#, "app_data.colour", "capi.json.unknown_member"),
        (r#""original_event_data":{"colour":1}"#, "original_event_data.colour", "capi.json.unknown_member"),
    ] {
        assert_eq!(refused(&with(member)), [(path.to_owned(), rule)], "{member}");
    }
    // A misspelt customer member must never go out unhashed.
    let json = r#"{"event_name":"Lead","event_time":1,"user_data":{"email":"a@example.com"}}"#;
    assert_eq!(refused(json), [("user_data.email".to_owned(), "capi.json.unknown_member")]);
    let deep = format!(r#""custom_data":{{"x":{}{}}}"#, "[".repeat(500), "]".repeat(500));
    assert_eq!(refused(&with(&deep)), [("custom_data.x".to_owned(), "capi.json.value")]);
}

proptest! {
    #[test]
    fn no_input_panics_or_is_repeated(text in any::<String>()) {
        let _ = Event::from_json(&text);
        let _ = Event::from_json(&with(&format!("\"x\":{text}")));
    }

    #[test]
    fn decimal_values_keep_their_digits(units in 0u32.., cents in 0u8..100) {
        let value = format!("{units}.{cents:02}");
        let json = with(&format!(r#""custom_data":{{"value":{value},"own":{value}}}"#));
        let expected = format!(r#""custom_data":{{"value":{value},"own":{value}}}"#);
        prop_assert!(body(&json).contains(&expected));
    }
}

/// The demo file of the workspace: 43 good events and one of each kind of bad one.
#[test]
fn demo_events_are_as_announced() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/events.ndjson");
    let text = std::fs::read_to_string(path).unwrap();
    let mut refused = Vec::new();
    let mut events = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match Event::from_json(line) {
            Ok(event) => events.push((number, event)),
            Err(invalid) => refused.push((number, invalid.findings()[0].rule())),
        }
    }
    let prepared = prepare(events.iter().map(|(_, event)| event), &PrepareOptions::without_clock());
    for rejected in prepared.rejected() {
        let rules = rejected.findings.iter().filter(|finding| finding.severity() == crate::Severity::Error);
        refused.extend(rules.map(|finding| (events[rejected.index].0, finding.rule())));
    }
    assert_eq!(
        refused,
        [
            (28, "capi.json.syntax"),
            (36, "capi.json.missing"),
            (44, "capi.json.unknown_member"),
            (45, "capi.json.type"),
            (47, "capi.match_keys"),
            (48, "capi.purchase"),
        ]
    );
    assert_eq!(prepared.bodies()[0].len(), 43);
    let dropped: Vec<&str> = prepared
        .warnings()
        .iter()
        .filter(|warning| warning.finding.message().starts_with("left out"))
        .map(|warning| warning.finding.field())
        .collect();
    assert_eq!(dropped, ["user_data.ph[0]"]);
}
