use serde_json::json;

use super::*;

fn lead() -> Lead {
    serde_json::from_value(json!({"id": "1", "created_time": "2026-01-02T03:04:05+0000", "field_data": [
        {"name": "correo", "values": ["ada@example.com"]},
        {"name": "email", "values": ["not an email"]},
        {"name": "phone_number", "values": ["+12125552368", 5]},
        {"name": "which_days", "values": ["mon", "tue"]},
        {"name": "documento", "values": ["123"]},
        {"name": "date_of_birth", "values": "12/31/1990"},
        {"name": "utm_source", "values": ["spring"]},
        {"name": "from_nowhere", "values": []},
    ]}))
    .unwrap()
}

fn form() -> LeadForm {
    serde_json::from_value(json!({"id": "5", "questions": [
        {"id": "1", "key": "correo", "type": "EMAIL"},
        {"id": 2, "key": "email", "type": "CUSTOM", "label": "How shall we write?"},
        {"type": "PHONE"},
        {"key": "which_days", "type": "CUSTOM", "label": "Which days?",
         "options": [{"key": "mon", "value": "Monday"}, {"key": "tue", "value": "Tuesday"}]},
        {"key": "documento", "type": "ID_AR_DNI"},
        {"key": "date_of_birth", "type": "SOMETHING_NEW"},
        {"no": "type"},
    ], "tracking_parameters": [{"utm_source": "spring"}]}))
    .unwrap()
}

#[test]
fn the_type_of_the_question_says_what_an_answer_means() {
    let contact = LeadContact::new(&lead(), Some(&form()));
    assert_eq!(contact.email, ["ada@example.com"]);
    assert_eq!(contact.phone, ["+12125552368", "5"]);
    assert_eq!(contact.national_ids.len(), 1);
    assert_eq!(
        (&contact.national_ids[0].kind, &contact.national_ids[0].values[0][..]),
        (&QuestionType::IdArDni, "123")
    );
    assert!(contact.birth_date.is_empty());
    let others: Vec<(&str, Option<&str>, usize)> =
        contact.other.iter().map(|it| (&it.name[..], it.label.as_deref(), it.values.len())).collect();
    assert_eq!(
        others,
        [
            ("email", Some("How shall we write?"), 1),
            ("which_days", Some("Which days?"), 2),
            ("date_of_birth", None, 1),
            ("from_nowhere", None, 0),
        ]
    );
    assert_eq!(contact.other[2].kind.as_ref().map(QuestionType::as_str), Some("SOMETHING_NEW"));
    assert_eq!((&contact.tracking[0].name[..], &contact.tracking[0].values[0][..]), ("utm_source", "spring"));
}

#[test]
fn without_the_form_the_default_names_count() {
    let contact = LeadContact::new(&lead(), None);
    assert_eq!(contact.email, ["not an email"]);
    assert_eq!(contact.birth_date, ["12/31/1990"]);
    let others: Vec<&str> = contact.other.iter().map(|answer| &answer.name[..]).collect();
    assert_eq!(others, ["correo", "which_days", "documento", "utm_source", "from_nowhere"]);
    assert!(contact.tracking.is_empty() && contact.national_ids.is_empty());
}

#[test]
fn a_question_with_the_name_of_a_hidden_value_is_an_answer() {
    let mut form = form();
    form.tracking_parameters.push(("which_days".to_owned(), String::new()));
    let contact = LeadContact::new(&lead(), Some(&form));
    assert!(contact.other.iter().any(|answer| answer.name == "which_days"));
    assert_eq!(contact.tracking.len(), 1);
}

#[test]
fn every_default_name_stands_for_its_type() {
    for (name, field) in [
        ("work_email", "work_email"),
        ("full_name", "full_name"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("work_phone_number", "work_phone"),
        ("whatsapp_number", "whatsapp"),
        ("street_address", "street"),
        ("city", "city"),
        ("state", "state"),
        ("province", "province"),
        ("country", "country"),
        ("zip_code", "postal_code"),
        ("post_code", "postal_code"),
        ("company_name", "company"),
        ("job_title", "job_title"),
        ("website", "website"),
        ("gender", "gender"),
        ("marital_status", "marital_status"),
        ("relationship_status", "relationship_status"),
        ("military_status", "military_status"),
    ] {
        let lead = json!({"id": "1", "field_data": [{"name": name, "values": ["x"]}]});
        let contact = LeadContact::new(&serde_json::from_value(lead).unwrap(), None);
        let shown = format!("{contact:?}");
        assert!(shown.contains(&format!("{field}: [1 redacted]")), "{name}: {shown}");
        assert!(contact.other.is_empty(), "{name}");
    }
}

#[test]
fn nothing_that_was_entered_is_printed() {
    let (lead, form) = (lead(), form());
    for shown in [
        format!("{lead:?}"),
        format!("{lead:#?}"),
        format!("{:?}", LeadContact::new(&lead, Some(&form))),
        format!("{:?}", LeadContact::new(&lead, None)),
    ] {
        for secret in ["ada@", "not an email", "+1212", "mon", "\"123\"", "12/31", "spring"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        assert!(shown.contains("which_days") && shown.contains("redacted"), "{shown}");
    }
}

#[test]
fn the_spelling_of_the_api_is_kept() {
    assert_eq!(QuestionType::MaritalStatus.as_str(), "MARITIAL_STATUS");
    assert_eq!(QuestionType::from("MARITAL_STATUS").as_str(), "MARITAL_STATUS");
    assert_ne!(QuestionType::from("MARITAL_STATUS"), QuestionType::MaritalStatus);
}
