use serde_json::json;
use sociogram_api_core::Finding;

use super::limits::{check_components, variables};
use super::*;
use crate::guard::rules;
use crate::scripted::exchange;

fn create() -> CreateTemplate {
    CreateTemplate::new(5, "seasonal_promotion", "en_US", TemplateCategory::Marketing)
}

fn found(components: &[TemplateComponent]) -> Vec<&'static str> {
    check_components(components, false).iter().map(Finding::rule).collect()
}

#[tokio::test]
async fn a_template_is_written_as_the_samples_of_the_documentation() {
    let components = vec![
        TemplateComponent::header_text("Our {{1}} is on!").header_example("Summer Sale"),
        TemplateComponent::body(
            "Shop now through {{1}} and use code {{2}} to get {{3}} off all merchandise.",
        )
        .body_examples(["the end of August", "25OFF", "25%"]),
        TemplateComponent::footer("Use the buttons below to manage your marketing subscriptions"),
        TemplateComponent::buttons([
            ButtonSpec::quick_reply("Unsubscribe from Promos"),
            ButtonSpec::url_with_variable("Shop", "https://example.com/{{1}}", "https://example.com/summer"),
        ]),
    ];
    let (created, request) = exchange(
        create().components(components),
        r#"{"id":"572","status":"PENDING","category":"MARKETING"}"#,
    )
    .await;
    assert_eq!(created.unwrap().status, Some(TemplateStatus::Pending));
    let sent: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        sent,
        json!({"name": "seasonal_promotion", "language": "en_US", "category": "MARKETING", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Our {{1}} is on!",
                "example": {"header_text": ["Summer Sale"]}},
            {"type": "BODY",
                "text": "Shop now through {{1}} and use code {{2}} to get {{3}} off all merchandise.",
                "example": {"body_text": [["the end of August", "25OFF", "25%"]]}},
            {"type": "FOOTER", "text": "Use the buttons below to manage your marketing subscriptions"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Unsubscribe from Promos"},
                {"type": "URL", "text": "Shop", "url": "https://example.com/{{1}}",
                    "example": ["https://example.com/summer"]}]}]})
    );
}

#[test]
fn every_part_is_written_as_documented() {
    let card = CardSpec::new([
        TemplateComponent::header_media(HeaderFormat::Image, "4::aW1hZ2U="),
        TemplateComponent::body("Fresh"),
        TemplateComponent::buttons([ButtonSpec::copy_code("250FF")]),
    ]);
    for (part, expected) in [
        (
            TemplateComponent::header_media(HeaderFormat::Video, "4::dmlk="),
            json!({"type": "HEADER", "format": "VIDEO", "example": {"header_handle": ["4::dmlk="]}}),
        ),
        (TemplateComponent::header_location(), json!({"type": "HEADER", "format": "LOCATION"})),
        (
            TemplateComponent::authentication_body(true),
            json!({"type": "BODY", "add_security_recommendation": true}),
        ),
        (
            TemplateComponent::limited_time_offer("Expiring offer!", true),
            json!({"type": "LIMITED_TIME_OFFER",
                "limited_time_offer": {"text": "Expiring offer!", "has_expiration": true}}),
        ),
        (
            TemplateComponent::body("Hi {{name}}, hello").named_example("name", "Pablo"),
            json!({"type": "BODY", "text": "Hi {{name}}, hello",
                "example": {"body_text_named_params": [{"param_name": "name", "example": "Pablo"}]}}),
        ),
        (
            TemplateComponent::carousel([card]),
            json!({"type": "CAROUSEL", "cards": [{"components": [
                {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U="]}},
                {"type": "BODY", "text": "Fresh"},
                {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "250FF"}]}]}]}),
        ),
        (
            TemplateComponent::buttons([
                ButtonSpec::otp_zero_tap([SupportedApp::new("com.example.app", "K8a/AINcGX7")]),
                ButtonSpec::phone_number("Call", "15550051310"),
                ButtonSpec::flow("Sign up", super::super::FlowId::new("1").unwrap()),
            ]),
            json!({"type": "BUTTONS", "buttons": [
                {"type": "OTP", "otp_type": "ZERO_TAP", "zero_tap_terms_accepted": true,
                    "supported_apps": [{"package_name": "com.example.app", "signature_hash": "K8a/AINcGX7"}]},
                {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "15550051310"},
                {"type": "FLOW", "text": "Sign up", "flow_id": "1"}]}),
        ),
    ] {
        assert_eq!(serde_json::to_value(&part).unwrap(), expected);
        assert_eq!(serde_json::from_value::<TemplateComponent>(expected).unwrap(), part);
    }
}

fn body(text: impl Into<String>) -> TemplateComponent {
    TemplateComponent::body(text)
}

#[test]
fn the_limits_of_the_parts() {
    let buttons = |buttons: Vec<ButtonSpec>| TemplateComponent::buttons(buttons);
    let reply = || ButtonSpec::quick_reply("Yes");
    let url = |url: &str| ButtonSpec::url("Open", url);
    let mut late = TemplateComponent::footer("");
    late.code_expiration_minutes = Some(91);
    let card = |text: &str| CardSpec::new([body(text), buttons(vec![reply()])]);
    for (part, rules) in [
        (TemplateComponent::header_text("h".repeat(60)), &[][..]),
        (TemplateComponent::header_text("h".repeat(61)), &[rules::W12_HEADER.name]),
        (TemplateComponent::header_text("{{1}} {{2}}"), &["whatsapp.template.header_variables"]),
        (
            TemplateComponent::header_media(HeaderFormat::Image, "https://scontent.whatsapp.net/v/1.jpg"),
            &["whatsapp.template.example"],
        ),
        (body("b".repeat(1_024)), &[]),
        (body("b".repeat(1_025)), &[rules::W12_BODY.name]),
        (body(""), &[rules::W12_BODY.name]),
        (body("{{1}} is here").body_examples(["x"]), &["whatsapp.template.variables"]),
        (body("Here is {{1}}").body_examples(["x"]), &["whatsapp.template.variables"]),
        (body("Here {{2}} is").body_examples(["x"]), &["whatsapp.template.variables"]),
        (body("Here {{1}} is").body_examples(["x"]), &[]),
        (body("Here {{1}} is"), &["whatsapp.template.examples"]),
        (body("Here {{1}} and {{2}} is").body_examples(["x"]), &["whatsapp.template.examples"]),
        (TemplateComponent::footer("f".repeat(61)), &[rules::W12_FOOTER.name]),
        (TemplateComponent::footer("{{1}}"), &["whatsapp.template.footer_variables"]),
        (late, &["whatsapp.template.code_expiration"]),
        (buttons(vec![reply(); 10]), &[]),
        (buttons(vec![reply(); 11]), &[rules::W12_BUTTONS.name]),
        (buttons(vec![ButtonSpec::quick_reply("t".repeat(26))]), &[rules::W12_BUTTON_TEXT.name]),
        (buttons(vec![url("https://e.com"), reply(), reply()]), &[]),
        (buttons(vec![reply(), url("https://e.com"), reply()]), &["whatsapp.template.button_order"]),
        (buttons(vec![url("https://e.com"); 3]), &["whatsapp.template.button_kinds"]),
        (buttons(vec![url("https://e.com/{{1}}/more")]), &["whatsapp.template.url"]),
        (buttons(vec![url("{{1}}")]), &["whatsapp.template.url"]),
        (buttons(vec![ButtonSpec::phone_number("Call", "1".repeat(21))]), &["whatsapp.template.phone"]),
        (buttons(vec![ButtonSpec::copy_code("c".repeat(16))]), &["whatsapp.template.code"]),
        (TemplateComponent::limited_time_offer("o".repeat(17), true), &["whatsapp.template.offer"]),
        (TemplateComponent::carousel([card("a"), card("b")]), &[]),
        (TemplateComponent::carousel([card("a")]), &["whatsapp.template.cards"]),
        (
            TemplateComponent::carousel([card("a"), CardSpec::new([body("b")])]),
            &["whatsapp.template.card_parts"],
        ),
        (TemplateComponent::carousel([card("a"), card(&"b".repeat(161))]), &["whatsapp.template.card_body"]),
    ] {
        assert_eq!(found(std::slice::from_ref(&part)), rules, "{part:?}");
    }
}

#[test]
fn names_and_missing_parts_are_found() {
    let parts = || vec![TemplateComponent::body("Hello")];
    let named =
        |name: &str| CreateTemplate::new(5, name, "en_US", TemplateCategory::Utility).components(parts());
    for (create, rule) in [
        (named("order_update_2"), None),
        (named(&"n".repeat(512)), None),
        (named(&"n".repeat(513)), Some(rules::W12.name)),
        (named("Order"), Some(rules::W12.name)),
        (named(""), Some(rules::W12.name)),
        (create(), Some("whatsapp.template.empty")),
        (create().library_template_name("delivery_update_1"), None),
    ] {
        assert_eq!(create.check().first().map(Finding::rule), rule, "{create:?}");
    }
    assert!(DeleteTemplates::new(5, vec![]).check().len() == 1);
    assert_eq!(UpsertAuthenticationTemplates::new(5, "code", vec![], vec![]).check().len(), 1);
    assert_eq!(EditTemplate::new(7).components(vec![TemplateComponent::body("")]).check().len(), 1);
}

#[test]
fn variables_have_numbers_or_names() {
    for (text, expected) in [
        ("no {1} {{}} {{ }} {{a b}} {{", &[][..]),
        ("{{1}} and {{2}} and {{1}}", &["1", "2"]),
        ("Hi {{ first_name }}, {{order_id}}", &["first_name", "order_id"]),
        ("{{{{1}}}}", &["1"]),
    ] {
        assert_eq!(variables(text), expected, "{text}");
    }
}

#[tokio::test]
async fn odd_templates_are_read_as_far_as_they_go() {
    let body = r#"{"id":7,"status":"BRAND_NEW","parameter_format":null,"last_updated_time":"2026-05-21T11:18:09+0000",
        "quality_score":{"score":"UNKNOWN","date":1700000000},"message_send_ttl_seconds":"-1",
        "components":[{"type":"NEW_PART","thing":1},7,{"type":"BODY","text":"Hi","example":{"body_text":"odd"}},
        {"type":"BUTTONS","buttons":[{"type":"NEW_BUTTON","text":"x"},{"text":"no type"}]}]}"#;
    let template = exchange(GetTemplate::new(7), body).await.0.unwrap();
    assert_eq!(template.status.unwrap().as_str(), "BRAND_NEW");
    assert_eq!(template.quality_score.unwrap().score, Some(TemplateQuality::Unrated));
    let kinds: Vec<&str> = template.components.iter().map(|part| part.kind.as_str()).collect();
    assert_eq!(kinds, ["NEW_PART", "BODY", "BUTTONS"]);
    assert_eq!(template.components[2].buttons.len(), 1);
    assert_eq!(template.message_send_ttl_seconds, None);
}

#[tokio::test]
async fn what_was_not_copied_comes_as_a_list_or_as_a_map() {
    for body in [
        r#"{"migrated_templates":["1",2],"failed_templates":[{"id":"3","reason":"exists"},{}]}"#,
        r#"{"migrated_templates":["1",2],"failed_templates":{"3":"exists"}}"#,
    ] {
        let moved = exchange(MigrateTemplates::new(5, 6), body).await.0.unwrap();
        assert_eq!((moved.migrated.len(), moved.failed.len()), (2, 1), "{body}");
        assert_eq!((moved.failed[0].id.as_str(), moved.failed[0].reason.as_deref()), ("3", Some("exists")));
    }
}

#[test]
fn the_links_of_examples_do_not_show() {
    let part = json!({"type": "HEADER", "format": "IMAGE",
        "example": {"header_handle": ["https://scontent.whatsapp.net/v/CANARY.jpg"]}});
    let part: TemplateComponent = serde_json::from_value(part).unwrap();
    assert!(!format!("{part:?}").contains("CANARY"));
    let handles = part.example.unwrap().header_handle;
    assert_eq!((handles.len(), handles.is_empty()), (1, false));
    assert_eq!(handles.preview_urls().next(), Some("https://scontent.whatsapp.net/v/CANARY.jpg"));
}
