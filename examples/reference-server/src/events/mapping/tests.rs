use serde_json::json;
use sociogram::webhook_verify::DedupeKey;

use super::*;

fn key() -> DedupeKey {
    DedupeKey::from_bytes([7; 32])
}

#[test]
fn answers_are_named_by_the_form_where_it_is_known() {
    let lead: MetaLead = serde_json::from_value(json!({
        "id": "1", "created_time": "2026-11-20T12:00:00+0000", "form_id": "5", "ad_id": "9",
        "field_data": [
            {"name": "dein_name", "values": ["Ada Lovelace"]},
            {"name": "email", "values": [" ", "ada@example.com"]},
            {"name": "brot", "values": ["Roggen", "Dinkel"]},
        ],
    }))
    .unwrap();
    let form: LeadForm = serde_json::from_value(json!({
        "id": "5", "questions": [
            {"key": "dein_name", "type": "FULL_NAME"}, {"key": "email", "type": "EMAIL"}, {"key": "brot", "type": "CUSTOM"},
        ],
    }))
    .unwrap();
    let record = of_meta(key(), "10", &lead, Some(&form));
    assert_eq!(
        (record.name.as_deref(), record.email.as_deref()),
        (Some("Ada Lovelace"), Some("ada@example.com"))
    );
    assert_eq!((record.form.as_deref(), record.ad.as_deref(), record.phone), (Some("5"), Some("9"), None));
    assert_eq!((record.account.as_str(), record.external_id.as_str(), record.key), ("10", "1", key()));
    assert_eq!(record.answers[2], json!({"name": "brot", "values": ["Roggen", "Dinkel"]}));
    // Without the form only Meta's own names are known.
    let record = of_meta(key(), "10", &lead, None);
    assert_eq!((record.name, record.email.as_deref()), (None, Some("ada@example.com")));
}

#[test]
fn a_name_in_two_parts_is_one_name() {
    for (first, last, whole) in [
        (Some("Ada"), Some("Lovelace"), Some("Ada Lovelace")),
        (Some("Ada"), None, Some("Ada")),
        (None, Some(" Lovelace "), Some("Lovelace")),
        (None, None, None),
    ] {
        let list = |name: Option<&str>| name.map(str::to_owned).into_iter().collect::<Vec<_>>();
        assert_eq!(whole_name(&list(first), &list(last)).as_deref(), whole);
    }
}

#[test]
fn a_lead_of_linkedin_keeps_its_answers_beside_the_contact() {
    let text = |id: u64, answer: &str| json!({"questionId": id, "answerDetails": {"textQuestionAnswer": {"answer": answer}}});
    let question = |id: u64, field: &str| json!({"questionId": id, "predefinedField": field});
    let lead: LeadResponse = serde_json::from_value(json!({
        "id": "abc",
        "submittedAt": 1_795_000_000_000_i64,
        "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:6"}},
        "associatedEntity": {"sponsoredCreative": "urn:li:sponsoredCreative:7"},
        "formResponse": {"answers": [
            text(1, "Ada"), text(2, "Lovelace"), text(3, "ada@example.com"),
            {"questionId": 4, "answerDetails": {"multipleChoiceAnswer": {"options": [2]}}},
        ]},
        "form": {"id": 5, "content": {"questions": [
            question(1, "FIRST_NAME"), question(2, "LAST_NAME"), question(3, "EMAIL"),
        ]}},
    }))
    .unwrap();
    let record = of_linkedin(key(), "urn:li:organization:5", "urn:li:leadGenFormResponse:abc", &lead);
    assert_eq!(
        (record.name.as_deref(), record.email.as_deref()),
        (Some("Ada Lovelace"), Some("ada@example.com"))
    );
    assert_eq!(record.ad.as_deref(), Some("urn:li:sponsoredCreative:7"));
    assert_eq!(record.external_id, "urn:li:leadGenFormResponse:abc");
    assert_eq!(record.answers[3], json!({"question": 4, "name": null, "value": [2]}));
    assert!(record.created_at.is_some());
}
