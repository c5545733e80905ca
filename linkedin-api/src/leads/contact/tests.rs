use serde_json::{Value, json};

use super::*;

fn lead(answers: &Value) -> LeadResponse {
    serde_json::from_value(json!({"id": "1", "formResponse": { "answers": answers }})).unwrap()
}

fn text(id: i64, answer: &str) -> Value {
    json!({"questionId": id, "name": "asked", "answerDetails": {"textQuestionAnswer": {"answer": answer}}})
}

fn form(questions: &Value) -> LeadForm {
    serde_json::from_value(json!({"id": 3162, "content": { "questions": questions }})).unwrap()
}

#[test]
fn answers_are_named_by_the_forms_questions() {
    let form = form(&json!([
        {"questionId": 1, "predefinedField": "FIRST_NAME"},
        {"questionId": "2", "predefinedField": "WORK_EMAIL"},
        {"questionId": 3, "predefinedField": "SHOE_SIZE", "name": "shoes"},
        {"questionId": 4, "name": "bread", "question": {"localized": {"en_US": "Which bread?"}}, "questionDetails":
            {"multipleChoiceQuestionDetails": {"options": [
                {"id": 1, "text": {"localized": {"en_US": "Rye"}}},
                {"id": 2, "text": {"localized": {"en_US": "Wheat"}}},
            ]}}},
        {"questionId": 5, "predefinedField": "COMPANY_SIZE", "questionDetails":
            {"multipleChoiceQuestionDetails": {"options": [{"id": 7, "text": {"localized": {"en_US": "11-50"}}}]}}},
    ]));
    let lead = lead(&json!([
        text(1, "Grace"),
        text(2, "grace@example.com"),
        text(3, "39"),
        {"questionId": 4, "answerDetails": {"multipleChoiceAnswer": {"options": [2, "1", 9]}}},
        {"questionId": 5, "answerDetails": {"multipleChoiceAnswer": {"options": [7]}}},
        text(6, "gone"),
        {"questionId": 1, "answerDetails": {"fileAnswer": {}}},
    ]));
    let contact = LeadContact::new(&lead, Some(&form));
    assert_eq!(contact.first_name, ["Grace"]);
    assert_eq!(contact.work_email, ["grace@example.com"]);
    assert_eq!(contact.company_size, ["11-50"]);
    assert!(contact.email.is_empty());
    let other: Vec<_> = contact.other.iter().map(|other| (other.question_id, other.values.clone())).collect();
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        other,
        [(Some(3), owned(&["39"])), (Some(4), owned(&["Wheat", "Rye", "9"])), (Some(6), owned(&["gone"])),]
    );
    assert_eq!(contact.other[0].kind, Some(PredefinedField::from("SHOE_SIZE")));
    assert_eq!(contact.other[1].label.as_deref(), Some("Which bread?"));
    assert_eq!(contact.other[1].name.as_deref(), Some("bread"));
    assert_eq!(contact.other[2].name.as_deref(), Some("asked"));
}

#[test]
fn without_the_form_nothing_is_guessed() {
    let lead = lead(&json!([text(1, "Grace"), text(2, "grace@example.com")]));
    let contact = lead.contact();
    assert!(contact.first_name.is_empty() && contact.email.is_empty());
    assert_eq!(contact.other.len(), 2);
    assert_eq!(contact.other[0].name.as_deref(), Some("asked"));
}

#[test]
fn debug_shows_no_answers() {
    let form = form(&json!([{"questionId": 1, "predefinedField": "EMAIL"}]));
    let lead = lead(&json!([text(1, "SEKRET"), text(2, "SEKRET")]));
    let contact = LeadContact::new(&lead, Some(&form));
    let shown = format!("{contact:?} {lead:?}");
    assert!(!shown.contains("SEKRET"), "{shown}");
    assert!(
        shown.contains("email: [1 redacted]") && shown.contains("OtherAnswer(Some(2): [1 redacted])"),
        "{shown}"
    );
}
