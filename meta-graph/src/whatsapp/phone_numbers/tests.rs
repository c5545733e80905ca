use super::*;
use crate::scripted::exchange;

#[tokio::test]
async fn only_the_id_of_a_number_is_certain() {
    let (number, _) = exchange(GetPhoneNumber::new(106), r#"{"id":"106"}"#).await;
    assert_eq!(number.unwrap().status, None);
    let body = r#"{"id":106,"status":"WARNED","quality_rating":"UNKNOWN","throughput":{"level":"HUGE"},
        "is_pin_enabled":true,"last_onboarded_time":"2026-05-21T11:18:09+0000","health_status":"odd"}"#;
    let (number, _) = exchange(GetPhoneNumber::new(106), body).await;
    let number = number.unwrap();
    assert_eq!(number.status.unwrap().as_str(), "WARNED");
    assert_eq!(number.quality_rating, Some(QualityRating::Unrated));
    assert_eq!(number.throughput.unwrap().level.unwrap().as_str(), "HUGE");
    assert_eq!((number.is_pin_enabled, number.health_status), (Some(true), None));
    assert_eq!(number.last_onboarded_time, Some(Timestamp::from_unix_seconds(1_779_362_289)));
}

#[tokio::test]
async fn a_bad_item_of_a_list_is_set_aside() {
    let (page, _) =
        exchange(ListPhoneNumbers::new(5), r#"{"data":[{"id":"1"},{"name":"x"},{"id":"2"}]}"#).await;
    let page = page.unwrap();
    assert_eq!((page.items.len(), page.malformed.len()), (2, 1));
}

#[test]
fn numbers_that_cannot_be_are_found_and_not_repeated() {
    for (cc, number, fields) in [
        ("1", "6505551234", &[][..]),
        ("+1", "6505551234", &["cc"]),
        ("", "650 555 1234", &["cc", "phone_number"]),
        ("49", "CANARY", &["phone_number"]),
    ] {
        let found = CreatePhoneNumber::new(5, cc, number).check();
        assert_eq!(found.iter().map(Finding::field).collect::<Vec<_>>(), fields);
        assert!(found.iter().all(|finding| !finding.to_string().contains(number)));
    }
}

#[tokio::test]
async fn a_webhook_of_its_own_is_set_and_taken_back() {
    let set = OverrideNumberWebhook::new(106, WebhookOverride::new("https://hook.example", "CANARY"));
    assert!(!format!("{set:?}").contains("CANARY"));
    let (done, request) = exchange(set, r#"{"success":true}"#).await;
    done.unwrap();
    assert_eq!(
        request.text(),
        r#"{"webhook_configuration":{"override_callback_uri":"https://hook.example","verify_token":"CANARY"}}"#
    );
    let (_, request) = exchange(OverrideNumberWebhook::new(106, WebhookOverride::none()), "true").await;
    assert_eq!(request.text(), r#"{"webhook_configuration":{"override_callback_uri":""}}"#);
}
