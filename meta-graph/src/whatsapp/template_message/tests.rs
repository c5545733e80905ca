use serde_json::{Value, json};
use sociogram_api_core::Finding;

use super::*;
use crate::guard::rules;
use crate::id::MediaId;
use crate::whatsapp::templates::Template;

fn image() -> TemplateHeader {
    TemplateHeader::Image(MediaId::from(2_871_834_006_348_767).into())
}

fn template(components: Value) -> Template {
    let mut template = json!({"id": "572", "name": "t", "language": "en_US", "status": "APPROVED"});
    template["components"] = components;
    serde_json::from_value(template).unwrap()
}

#[test]
fn every_parameter_is_written_as_the_samples_of_the_documentation() {
    let currency = ParameterValue::Currency {
        fallback_value: "$100.99".to_owned(),
        code: "USD".to_owned(),
        amount_1000: 100_990,
    };
    let time = ParameterValue::DateTime { fallback_value: "February 25, 1977".to_owned() };
    let action_data = json!({"name": "Pablo"}).as_object().cloned();
    let message = TemplateMessage::new("everything", "en_US")
        .header(image())
        .body("Pablo")
        .body(currency)
        .body(time)
        .button(0, TemplateButton::QuickReply("Yes-Button-Payload".to_owned()))
        .button(1, TemplateButton::Url("9rchFG6E".to_owned()))
        .button(2, TemplateButton::CopyCode("250FF".to_owned()))
        .button(
            3,
            TemplateButton::Flow { flow_token: Some("token".to_owned()), flow_action_data: action_data },
        )
        .button(4, TemplateButton::Catalog(Some("2lc20305pt".to_owned())))
        .button(
            5,
            TemplateButton::Products {
                thumbnail_product_retailer_id: "2lc20305pt".to_owned(),
                sections: vec![ProductSection::new("Popular", ["2lc20305pt"])],
            },
        )
        .button(6, TemplateButton::Catalog(None))
        .button(7, TemplateButton::VoiceCall(Some(100)))
        .offer_ends(Timestamp::from_unix_millis(1_209_600_000_123))
        .tap_target("More", "https://example.com/more");
    assert!(message.check().is_empty(), "{:?}", message.check());
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"name": "everything", "language": {"code": "en_US"}, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "2871834006348767"}}]},
            {"type": "body", "parameters": [
                {"type": "text", "text": "Pablo"},
                {"type": "currency", "currency": {"fallback_value": "$100.99", "code": "USD", "amount_1000": 100_990}},
                {"type": "date_time", "date_time": {"fallback_value": "February 25, 1977"}}]},
            {"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer",
                "limited_time_offer": {"expiration_time_ms": 1_209_600_000_123_i64}}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0",
                "parameters": [{"type": "payload", "payload": "Yes-Button-Payload"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "9rchFG6E"}]},
            {"type": "button", "sub_type": "copy_code", "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "250FF"}]},
            {"type": "button", "sub_type": "flow", "index": "3", "parameters": [{"type": "action",
                "action": {"flow_token": "token", "flow_action_data": {"name": "Pablo"}}}]},
            {"type": "button", "sub_type": "catalog", "index": "4", "parameters": [{"type": "action",
                "action": {"thumbnail_product_retailer_id": "2lc20305pt"}}]},
            {"type": "button", "sub_type": "mpm", "index": "5", "parameters": [{"type": "action",
                "action": {"thumbnail_product_retailer_id": "2lc20305pt", "sections": [{"title": "Popular",
                    "product_items": [{"product_retailer_id": "2lc20305pt"}]}]}}]},
            {"type": "button", "sub_type": "catalog", "index": "6"},
            {"type": "button", "sub_type": "voice_call", "index": "7",
                "parameters": [{"type": "ttl_minutes", "ttl_minutes": 100}]},
            {"type": "tap_target_configuration", "parameters": [{"type": "tap_target_configuration",
                "tap_target_configuration": [{"url": "https://example.com/more", "title": "More"}]}]}]})
    );
}

#[test]
fn every_header_is_written_as_documented() {
    let link = || MediaSource::link("https://www.luckyshrub.com/a.pdf");
    for (header, expected) in [
        (
            TemplateHeader::Text(TextParameter::named("name", "Pablo")),
            json!({"type": "text", "text": "Pablo", "parameter_name": "name"}),
        ),
        (
            TemplateHeader::Video(link()),
            json!({"type": "video", "video": {"link": "https://www.luckyshrub.com/a.pdf"}}),
        ),
        (
            TemplateHeader::Gif(link()),
            json!({"type": "gif", "gif": {"link": "https://www.luckyshrub.com/a.pdf"}}),
        ),
        (
            TemplateHeader::Document(Document::new(link()).filename("a.pdf").caption("not sent")),
            json!({"type": "document", "document": {"link": "https://www.luckyshrub.com/a.pdf", "filename": "a.pdf"}}),
        ),
        (
            TemplateHeader::Location(Location::new(37.5, -122.25).name("Shrub").address("1 Way")),
            json!({"type": "location",
                "location": {"latitude": 37.5, "longitude": -122.25, "name": "Shrub", "address": "1 Way"}}),
        ),
        (
            TemplateHeader::Product {
                product_retailer_id: "nqryix03ez".to_owned(),
                catalog_id: "194".to_owned(),
            },
            json!({"type": "product", "product": {"product_retailer_id": "nqryix03ez", "catalog_id": "194"}}),
        ),
    ] {
        let message = TemplateMessage::new("t", "en").header(header);
        assert!(message.check().is_empty());
        let written = serde_json::to_value(&message).unwrap();
        assert_eq!(written["components"], json!([{"type": "header", "parameters": [expected]}]));
    }
    let bare = serde_json::to_value(TemplateMessage::new("hello_world", "en_US")).unwrap();
    assert_eq!(bare, json!({"name": "hello_world", "language": {"code": "en_US"}}));
}

#[test]
fn a_one_time_password_stands_in_body_and_button() {
    let message = TemplateMessage::one_time_password("verification_code", "en_US", "J$FpnYnP");
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"name": "verification_code", "language": {"code": "en_US"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "J$FpnYnP"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "J$FpnYnP"}]}]})
    );
    let url = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}";
    for button in [
        json!({"type": "URL", "text": "Copy code", "url": url}),
        json!({"type": "OTP", "otp_type": "COPY_CODE"}),
    ] {
        let mut read = template(json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 5}, {"type": "BUTTONS", "buttons": [button]}]));
        read.name = Some("verification_code".to_owned());
        assert!(message.check_against(&read).is_empty(), "{:?}", message.check_against(&read));
        let forgotten = TemplateMessage::new("verification_code", "en_US").body("J$FpnYnP");
        assert_eq!(forgotten.check_against(&read).len(), 1);
    }
}

#[test]
fn what_breaks_a_limit_is_found() {
    let base = || TemplateMessage::new("t", "en_US");
    let example = || MediaSource::link("https://scontent.whatsapp.net/v/t61.29466-34/1.jpg");
    let card = || TemplateCard::new(image());
    for (message, rules) in [
        (base(), &[][..]),
        (TemplateMessage::new("", "en_US"), &["whatsapp.template.message"]),
        (TemplateMessage::new("t", ""), &["whatsapp.template.message"]),
        (base().header(TemplateHeader::Image(example())), &["whatsapp.media.example_link"]),
        (base().header(TemplateHeader::Video(example())), &["whatsapp.media.example_link"]),
        (base().header(TemplateHeader::Gif(example())), &["whatsapp.media.example_link"]),
        (base().header(TemplateHeader::Document(Document::new(example()))), &["whatsapp.media.example_link"]),
        (
            base().card(TemplateCard::new(TemplateHeader::Image(example()))).card(card()),
            &["whatsapp.media.example_link"],
        ),
        (
            base().header(TemplateHeader::Image(MediaId::new("4::aW1hZ2U").unwrap().into())),
            &["whatsapp.media.id"],
        ),
        (base().body(""), &["whatsapp.template.text"]),
        (base().body("two\nlines"), &["whatsapp.template.text"]),
        (base().body(TextParameter::named("a", "x")).body("y"), &["whatsapp.template.names"]),
        (
            base().body(TextParameter::named("a", "x")).body(TextParameter::named("a", "y")),
            &["whatsapp.template.names"],
        ),
        (base().button(10, TemplateButton::flow()), &["whatsapp.template.button"]),
        (
            base().button(0, TemplateButton::flow()).button(0, TemplateButton::flow()),
            &["whatsapp.template.button"],
        ),
        (base().button(0, TemplateButton::CopyCode("c".repeat(16))), &["whatsapp.template.code"]),
        (base().button(0, TemplateButton::Url(String::new())), &["whatsapp.template.button"]),
        (base().card(card()), &["whatsapp.template.cards"]),
        (base().card(card()).card(card()), &[]),
        (base().tap_target("t", "nowhere"), &["whatsapp.template.tap_target"]),
    ] {
        let found = message.check();
        assert_eq!(found.iter().map(Finding::rule).collect::<Vec<_>>(), rules, "{message:?}");
    }
}

#[test]
fn number_names_and_kinds_are_those_of_the_template() {
    let base = || TemplateMessage::new("t", "en_US");
    let url = |url: &str| {
        json!([{"type": "BUTTONS", "buttons": [
        {"type": "QUICK_REPLY", "text": "No"}, {"type": "URL", "text": "Shop", "url": url}]}])
    };
    let fields = |message: TemplateMessage, components: Value| -> Vec<String> {
        let found = message.check_against(&template(components));
        assert!(found.iter().all(|finding| finding.rule() == rules::W11.name), "{found:?}");
        found.iter().map(|finding| finding.field().to_owned()).collect()
    };
    let text = json!([{"type": "BODY", "text": "Hi {{1}}, {{2}} and {{1}}"}]);
    let picture = json!([{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.x/1"]}}]);
    let offer = json!([{"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Now", "has_expiration": true}}]);
    let cards = json!([{"type": "CAROUSEL", "cards": [
        {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "For {{1}} only"}]},
        {"components": [{"type": "HEADER", "format": "IMAGE"}]}]}]);
    let card = || TemplateCard::new(image());
    let shop = || TemplateButton::Url("summer".to_owned());
    for (message, components, expected) in [
        (base().body("a").body("b"), text.clone(), &[][..]),
        (base().body("a"), text.clone(), &["template.body"]),
        (base().body("a").body("b").body("c"), text.clone(), &["template.body"]),
        (
            base().body(TextParameter::named("1", "a")).body(TextParameter::named("2", "b")),
            text,
            &["template.body"],
        ),
        (base().header(image()), picture.clone(), &[]),
        (base(), picture.clone(), &["template.header"]),
        (base().header(TemplateHeader::Text("a".into())), picture, &["template.header"]),
        (base(), json!([{"type": "HEADER", "format": "TEXT", "text": "Sale"}]), &[]),
        (base(), json!([{"type": "HEADER", "format": "TEXT", "text": "{{1}}"}]), &["template.header"]),
        (base().header(image()), json!([]), &["template.header"]),
        (base().button(1, shop()), url("https://e.com/{{1}}"), &[]),
        (base(), url("https://e.com/{{1}}"), &["template.buttons[1]"]),
        (base().button(1, shop()), url("https://e.com/"), &["template.buttons[1]"]),
        (base(), url("https://e.com/"), &[]),
        (base().button(0, shop()), url("https://e.com/"), &["template.buttons[0]"]),
        (base().button(2, shop()), url("https://e.com/"), &["template.buttons[2]"]),
        (base().button(0, TemplateButton::QuickReply("p".to_owned())), url("https://e.com/"), &[]),
        (base(), offer.clone(), &["template.limited_time_offer"]),
        (base().offer_ends(Timestamp::from_unix_seconds(1)), offer, &[]),
        (base().offer_ends(Timestamp::from_unix_seconds(1)), json!([]), &["template.limited_time_offer"]),
        (base().card(card().body("you")).card(card()), cards.clone(), &[]),
        (base().card(card()).card(card()), cards, &["template.body"]),
        (base().button(0, shop()), json!([{"type": "BUTTONS", "buttons": [{"type": "BRAND_NEW"}]}]), &[]),
    ] {
        assert_eq!(fields(message.clone(), components.clone()), expected, "{message:?} {components}");
    }
}

#[test]
fn names_count_where_the_template_has_names() {
    let mut read = template(json!([{"type": "BODY", "text": "Hi {{first_name}}, {{order_id}} is there"}]));
    read.parameter_format = Some(crate::whatsapp::templates::ParameterFormat::Named);
    let named = |first, second| {
        let base = TemplateMessage::new("t", "en_US");
        base.body(TextParameter::named(first, "CANARY")).body(TextParameter::named(second, "5"))
    };
    assert!(named("order_id", "first_name").check_against(&read).is_empty(), "the order does not count");
    let found = named("first_name", "order").check_against(&read);
    assert_eq!(found.len(), 1);
    assert!(!found[0].to_string().contains("CANARY"));
    assert_eq!(TemplateMessage::new("t", "en_US").body("a").body("b").check_against(&read).len(), 1);
}

#[test]
fn another_template_or_one_that_is_not_approved_is_found() {
    let mut read = template(json!([]));
    let message = TemplateMessage::new("t", "de");
    assert_eq!(message.check_against(&read)[0].rule(), "whatsapp.template.message");
    read.language = None;
    assert!(message.check_against(&read).is_empty());
    read.status = Some("PAUSED".into());
    assert_eq!(message.check_against(&read)[0].rule(), "whatsapp.template.status");
}
