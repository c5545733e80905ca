use super::*;
use crate::scripted::exchange;

fn form(questions: Vec<Question>) -> CreateLeadForm {
    CreateLeadForm::new(PageId::from(42), "Spring", questions)
}

fn email() -> Vec<Question> {
    vec![Question::new(QuestionType::Email)]
}

fn policy() -> PrivacyPolicy {
    PrivacyPolicy::new("https://example.com/privacy")
}

#[test]
fn findings_name_the_rule() {
    let custom = |count: usize| (0..count).map(|_| Question::custom("Why?")).collect::<Vec<_>>();
    for (form, rules) in [
        (form(email()).privacy_policy(policy()), &[][..]),
        (form(email()).legal_content_id("9"), &[]),
        (form(email()), &["lead.form.privacy_policy"]),
        (form(email()).privacy_policy(PrivacyPolicy::new("example.com")), &["lead.form.privacy_policy"]),
        (form(custom(15)).privacy_policy(policy()), &[]),
        (form(custom(16)).privacy_policy(policy()), &["lead.form.questions"]),
        (form([custom(15), email()].concat()).privacy_policy(policy()), &[]),
        (form(Vec::new()).privacy_policy(policy()), &["lead.form.empty"]),
        (form(vec![Question::custom(" ")]).privacy_policy(policy()), &["lead.form.label"]),
        (form(email()).privacy_policy(policy().link_text("x".repeat(71))), &["lead.form.text"]),
        (
            form(email())
                .privacy_policy(policy())
                .context_card(ContextCard::list("x".repeat(61), ["y".repeat(81)])),
            &["lead.form.text", "lead.form.text"],
        ),
        (
            form(email()).privacy_policy(policy()).context_card(ContextCard::paragraph("t", "y".repeat(500))),
            &[],
        ),
    ] {
        let findings = form.check();
        let found: Vec<&str> = findings.iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{form:?}");
    }
}

#[tokio::test]
async fn a_file_makes_it_multipart() {
    let file = GatedFile::new("guide.pdf", "application/pdf", vec![b'%'; 3]);
    let create = form(email()).privacy_policy(policy()).gated_file(file);
    let (created, request) = exchange(create, r#"{"id":"5"}"#).await;
    assert_eq!(created.unwrap().id, LeadFormId::from(5));
    assert!(request.header("content-type").starts_with("multipart/form-data; boundary="));
    let text = request.text();
    assert!(text.contains("name=\"questions\"\r\n\r\n[{\"type\":\"EMAIL\"}]\r\n"), "{text}");
    assert!(
        text.contains("name=\"upload_gated_file\"; filename=\"guide.pdf\"\r\nContent-Type: application/pdf")
    );
}
