//! Lead forms and leads.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::leads::{
    ContextCard, CreateLeadForm, CreateTestLead, CustomDisclaimer, DeleteLead, DisclaimerResponse, FieldData,
    FormCheckbox, GatedFile, GetLead, GetLeadAccess, GetLeadForm, GetLeadTerms, LeadContact, LeadFormStatus,
    LeadPlatform, LeadTimes, ListAdLeads, ListFormLeads, ListLeadForms, ListTestLeads, PrivacyPolicy,
    Question, QuestionType, ThankYouButton, ThankYouPage, UpdateLeadForm,
};
use sociogram_meta_graph::{AdId, AppId, LeadFormId, LeadId, PageId, UserId};

use crate::table::Table;

const FORM_FIELDS: &str = "id%2Cname%2Cstatus%2Clocale%2Ccreated_time%2Cleads_count%2Corganic_leads_count%2C\
    expired_leads_count%2Cpage_id%2Cquestions%2Cprivacy_policy_url%2Cfollow_up_action_url%2Ctracking_parameters%2C\
    question_page_custom_headline%2Cis_optimized_for_quality%2Clegal_content%2Ccontext_card%2Cthank_you_page";
const LEAD_FIELDS: &str = "id%2Ccreated_time%2Cform_id%2Cad_id%2Cad_name%2Cadset_id%2Cadset_name%2Ccampaign_id%2C\
    campaign_name%2Cis_organic%2Cplatform%2Cpartner_name%2Cretailer_item_id%2Cfield_data%2C\
    custom_disclaimer_responses";

fn form() -> LeadFormId {
    LeadFormId::from(5)
}

fn page() -> PageId {
    PageId::from(42)
}

fn lead() -> serde_json::Value {
    json!({"id": "11", "created_time": "2026-01-02T03:04:05+0000", "form_id": "5", "ad_id": "6", "ad_name": "Ad",
        "campaign_id": "8", "is_organic": false, "platform": "ig",
        "field_data": [{"name": "email", "values": ["ada@example.com"]}],
        "custom_disclaimer_responses": [{"checkbox_key": "sms", "is_checked": "1"},
            {"checkbox_key": "mail", "is_checked": ""}]})
}

#[tokio::test]
async fn forms() {
    let table = Table::new().await;
    table
        .row(
            ListLeadForms::new(page()).limit(50),
            &format!("GET /v26.0/42/leadgen_forms?fields={FORM_FIELDS}&limit=50"),
            json!({"data": [{"id": "5", "name": "Spring", "status": "ACTIVE", "leads_count": 3,
                "questions": [{"id": "1", "key": "email", "type": "EMAIL", "label": "E-mail"}]}]}),
            |list| assert_eq!(list.items[0].questions[0].kind, QuestionType::Email),
        )
        .await;
    table
        .row(
            GetLeadForm::new(form()),
            &format!("GET /v26.0/5?fields={FORM_FIELDS}"),
            json!({"id": "5", "status": "ARCHIVED", "expired_leads_count": 2,
                "tracking_parameters": [{"utm": "x"}], "thank_you_page": {"button_type": "WHATSAPP"},
                "legal_content": {"id": "4", "custom_disclaimer": {"checkboxes": [{"key": "sms", "is_required": true}]}}}),
            |form| {
                assert_eq!(form.status, Some(LeadFormStatus::Archived));
                assert_eq!(form.tracking_parameters, [("utm".to_owned(), "x".to_owned())]);
                assert_eq!(form.legal_content.unwrap().checkboxes[0].key.as_deref(), Some("sms"));
                assert_eq!(form.thank_you_page.unwrap().button_type, Some(ThankYouButton::WhatsApp));
            },
        )
        .await;
    table
        .row(
            UpdateLeadForm::new(form(), LeadFormStatus::Archived),
            "POST /v26.0/5\nform status=ARCHIVED",
            json!({"success": true}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn making_forms() {
    let table = Table::new().await;
    let questions = [
        Question::new(QuestionType::Email),
        Question::custom("When?").key("when").options([("am", "Morning")]).inline_context("Any day"),
    ];
    let disclaimer =
        CustomDisclaimer::new("Consent", "We may call").link(0, 2, "https://example.com/we").checkboxes([
            FormCheckbox::new("sms", "SMS").required(),
            FormCheckbox::new("mail", "Mail").checked(),
        ]);
    let thanks =
        ThankYouPage::new("Thanks", "Bye", ThankYouButton::CallBusiness, "Call").phone("US", "2125552368");
    let create = CreateLeadForm::new(page(), "Spring", questions.clone())
        .privacy_policy(PrivacyPolicy::new("https://example.com/p").link_text("Privacy"))
        .context_card(ContextCard::list("Why", ["Fast"]).button("Go"))
        .thank_you_page(thanks)
        .custom_disclaimer(disclaimer)
        .tracking_parameter("utm", "x")
        .follow_up_action_url("https://example.com")
        .locale("en_US")
        .question_page_custom_headline("Ask")
        .block_display_for_non_targeted_viewer(true)
        .is_optimized_for_quality(true)
        .is_phone_sms_verify_enabled(false)
        .should_enforce_work_email(false)
        .allow_organic_lead_retrieval(true)
        .is_lead_capture_ai_agent_enabled(false);
    let encoded = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let escape =
            |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(escape).collect::<String>()
    };
    let expected = [
        ("allow_organic_lead_retrieval", "true"),
        ("block_display_for_non_targeted_viewer", "true"),
        ("context_card", r#"{"button_text":"Go","content":["Fast"],"style":"LIST_STYLE","title":"Why"}"#),
        (
            "custom_disclaimer",
            r#"{"body":{"text":"We may call","url_entities":[{"length":2,"offset":0,"url":"https://example.com/we"}]},"checkboxes":[{"is_checked_by_default":false,"is_required":true,"key":"sms","text":"SMS"},{"is_checked_by_default":true,"is_required":false,"key":"mail","text":"Mail"}],"title":"Consent"}"#,
        ),
        ("follow_up_action_url", "https://example.com"),
        ("is_lead_capture_ai_agent_enabled", "false"),
        ("is_optimized_for_quality", "true"),
        ("is_phone_sms_verify_enabled", "false"),
        ("locale", "en_US"),
        ("name", "Spring"),
        ("privacy_policy", r#"{"link_text":"Privacy","url":"https://example.com/p"}"#),
        ("question_page_custom_headline", "Ask"),
        (
            "questions",
            r#"[{"type":"EMAIL"},{"inline_context":"Any day","key":"when","label":"When?","options":[{"key":"am","value":"Morning"}],"type":"CUSTOM"}]"#,
        ),
        ("should_enforce_work_email", "false"),
        (
            "thank_you_page",
            r#"{"body":"Bye","business_phone_number":"2125552368","button_text":"Call","button_type":"CALL_BUSINESS","country_code":"US","title":"Thanks"}"#,
        ),
        ("tracking_parameters", r#"{"utm":"x"}"#),
    ];
    let expected: Vec<String> =
        expected.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    table
        .row(
            create,
            &format!("POST /v26.0/42/leadgen_forms\nform {}", expected.join("&")),
            json!({"id": "5"}),
            |created| assert_eq!(created.id, form()),
        )
        .await;
    let file = GatedFile::new("guide.pdf", "application/pdf", vec![1, 2, 3]);
    table
        .row(
            CreateLeadForm::new(page(), "Spring", questions.into_iter().take(1)).legal_content_id("4").gated_file(file),
            "POST /v26.0/42/leadgen_forms\nmultipart legal_content_id=4 name=Spring questions=[{\"type\":\"EMAIL\"}] \
             upload_gated_file=@guide.pdf;application/pdf",
            json!({"id": "5"}),
            |_| {},
        )
        .await;
}

#[tokio::test]
async fn leads() {
    let table = Table::new().await;
    let from = Timestamp::from_unix_seconds(1_767_323_045);
    let until = Timestamp::from_unix_seconds(1_767_409_445);
    table
        .row(
            ListFormLeads::new(form()).times(LeadTimes::since(from).until(until)).limit(100),
            &format!(
                "GET /v26.0/5/leads?filtering=%5B%7B%22field%22%3A%22time_created%22%2C%22operator%22%3A%22\
                 GREATER_THAN%22%2C%22value%22%3A1767323044%7D%2C%7B%22field%22%3A%22time_created%22%2C%22operator\
                 %22%3A%22LESS_THAN%22%2C%22value%22%3A1767409445%7D%5D&fields={LEAD_FIELDS}&limit=100"
            ),
            json!({"data": [lead()]}),
            |list| {
                let lead = &list.items[0];
                assert_eq!((lead.created_time, &lead.platform), (Some(from_lead()), &Some(LeadPlatform::Instagram)));
                assert_eq!(LeadContact::new(lead, None).email, ["ada@example.com"]);
                let ticked: Vec<bool> = lead.custom_disclaimer_responses.iter().map(|it| it.is_checked).collect();
                assert_eq!(ticked, [true, false]);
            },
        )
        .await;
    table
        .row(
            ListAdLeads::new(AdId::from(6)),
            &format!("GET /v26.0/6/leads?fields={LEAD_FIELDS}"),
            json!({"data": [lead()]}),
            |list| assert_eq!(list.items[0].ad_id, Some(AdId::from(6))),
        )
        .await;
    table
        .row(
            GetLead::new(LeadId::from(11)),
            &format!("GET /v26.0/11?fields={LEAD_FIELDS}"),
            json!({"id": "11", "is_organic": true, "platform": "fb", "field_data": []}),
            |lead| assert_eq!((lead.is_organic, lead.ad_id), (Some(true), None)),
        )
        .await;
}

/// When the lead of these tests was given.
fn from_lead() -> Timestamp {
    Timestamp::from_unix_seconds(1_767_323_045)
}

#[tokio::test]
async fn test_leads() {
    let table = Table::new().await;
    table
        .row(
            CreateTestLead::new(form())
                .field_data(vec![FieldData::new("email", ["a@b.c"])])
                .custom_disclaimer_responses(vec![
                    DisclaimerResponse::new("sms", true),
                    DisclaimerResponse::new("mail", false),
                ]),
            "POST /v26.0/5/test_leads\nform field_data=%5B%7B%22name%22%3A%22email%22%2C%22values%22%3A%5B%22a%40b.c%22\
             %5D%7D%5D&custom_disclaimer_responses=%5B%7B%22checkbox_key%22%3A%22sms%22%2C%22is_checked%22%3A%221%22%7D\
             %2C%7B%22checkbox_key%22%3A%22mail%22%2C%22is_checked%22%3A%22%22%7D%5D",
            json!({"id": "12"}),
            |created| assert_eq!(created.id, LeadId::from(12)),
        )
        .await;
    table
        .row(
            ListTestLeads::new(form()),
            "GET /v26.0/5/test_leads?fields=id%2Ccreated_time%2Cform_id%2Cfield_data%2Ccustom_disclaimer_responses",
            json!({"data": [lead()]}),
            |list| assert_eq!(list.items[0].field_data[0].name, "email"),
        )
        .await;
    table.row(DeleteLead::new(LeadId::from(12)), "DELETE /v26.0/12", json!({"success": true}), |()| {}).await;
}

#[tokio::test]
async fn access() {
    let table = Table::new().await;
    let denied = json!({"id": "42", "has_lead_access": {"can_access_lead": false, "app_has_leads_permission": true,
        "user_has_leads_permission": false, "enabled_lead_access_manager": true, "is_page_admin": false,
        "failure_reason": "R", "failure_resolution": "Do this", "page_id": 42, "user_id": 17}});
    table
        .row(
            GetLeadAccess::new(page(), UserId::from(17)).app(AppId::from(9)),
            "GET /v26.0/42?fields=has_lead_access.user_id%2817%29.app_id%289%29",
            denied,
            |access| {
                assert!(!access.is_granted());
                assert_eq!(access.failure_resolution.as_deref(), Some("Do this"));
                assert_eq!((access.page_id, access.user_id), (Some(page()), Some(UserId::from(17))));
            },
        )
        .await;
    table
        .row(
            GetLeadAccess::new(page(), UserId::from(17)),
            "GET /v26.0/42?fields=has_lead_access.user_id%2817%29",
            json!({"has_lead_access": {"data": [{"can_access_lead": "true"}]}}),
            |access| assert!(access.is_granted()),
        )
        .await;
    table
        .row(
            GetLeadTerms::new(page()),
            "GET /v26.0/42?fields=leadgen_tos_accepted%2Cleadgen_tos_acceptance_time",
            json!({"id": "42", "leadgen_tos_accepted": true, "leadgen_tos_acceptance_time": "2026-01-02T03:04:05+0000"}),
            |terms| assert_eq!((terms.accepted, terms.accepted_at), (Some(true), Some(from_lead()))),
        )
        .await;
}
