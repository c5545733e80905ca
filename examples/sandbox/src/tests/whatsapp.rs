//! WhatsApp: sending.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, GraphCode, Reply};

pub(super) const PHONE: &str = "/v26.0/500600700800901";
pub(super) const ACCOUNT: &str = "/v26.0/400500600700801";
pub(super) const CUSTOMER: &str = "16505551234";
const CUSTOMER_ID: &str = "US.13491208655302741918";
const STRANGER: &str = "16505550100";
const OPTED_OUT: &str = "16505550150";
const INBOUND: &str = "wamid.SBXINBOUND0001=";

pub(super) fn token(bench: &Bench) -> String {
    bench.sandbox.meta_user_token(&[
        "whatsapp_business_messaging",
        "whatsapp_business_management",
        "business_management",
    ])
}

pub(super) async fn post(bench: &Bench, path: &str, body: &Value) -> Reply {
    bench.graph_post(path, &token(bench), body).await
}

pub(super) async fn post_well(bench: &Bench, path: &str, body: &Value) -> Value {
    let reply = post(bench, path, body).await;
    assert_eq!(reply.status, 200, "{body}: {}", reply.text);
    reply.json()
}

pub(super) async fn pass(bench: &Bench, seconds: i64) {
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": seconds})).await;
}

fn message(to: &str, kind: &str, content: &Value) -> Value {
    json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": kind, kind: content})
}

async fn send(bench: &Bench, kind: &str, content: &Value) -> Reply {
    post(bench, &format!("{PHONE}/messages"), &message(CUSTOMER, kind, content)).await
}

async fn refused(bench: &Bench, body: &Value) -> GraphCode {
    post(bench, &format!("{PHONE}/messages"), body).await.graph_error()
}

fn button(id: &str, title: &str) -> Value {
    json!({"type": "reply", "reply": {"id": id, "title": title}})
}

fn buttons(list: &[Value]) -> Value {
    json!({"type": "button", "body": {"text": "Which?"}, "action": {"buttons": list}})
}

fn list_of(sections: &[usize]) -> Value {
    let section = |(at, rows): (usize, &usize)| {
        let rows: Vec<Value> =
            (0..*rows).map(|row| json!({"id": format!("{at}-{row}"), "title": "Row"})).collect();
        json!({"title": "Section", "rows": rows})
    };
    let sections: Vec<Value> = sections.iter().enumerate().map(section).collect();
    json!({"type": "list", "body": {"text": "Which?"}, "action": {"button": "Open", "sections": sections}})
}

/// A carousel whose cards have this many buttons to reply with.
fn replies(cards: &[usize]) -> Value {
    let card = |(at, buttons): (usize, &usize)| {
        let button = |index: usize| json!({"type": "quick_reply", "quick_reply": {"id": format!("{at}-{index}"), "title": "Yes"}});
        json!({"card_index": at, "type": "cta_url", "header": {"type": "image", "image": {"link": "https://e.com/a"}},
            "action": {"buttons": (0..*buttons).map(button).collect::<Vec<_>>()}})
    };
    let cards: Vec<Value> = cards.iter().enumerate().map(card).collect();
    json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": cards}})
}

#[tokio::test]
async fn a_text_is_accepted_and_names_the_person() {
    let bench = Bench::new().await;
    let mut body = message("+1 (650) 555-1234", "text", &json!({"body": "Hello", "preview_url": true}));
    body["context"] = json!({"message_id": INBOUND});
    body["biz_opaque_callback_data"] = json!("order 7");
    let sent = post_well(&bench, &format!("{PHONE}/messages"), &body).await;
    assert_eq!(sent["contacts"], json!([{"input": "+1 (650) 555-1234", "wa_id": CUSTOMER}]));
    assert!(sent["messages"][0]["id"].as_str().unwrap().starts_with("wamid."));

    let body = json!({"messaging_product": "whatsapp", "recipient": CUSTOMER_ID, "type": "text", "text": {"body": "Hi"}});
    let sent = post_well(&bench, &format!("{PHONE}/messages"), &body).await;
    assert_eq!(sent["contacts"], json!([{"input": CUSTOMER_ID, "user_id": CUSTOMER_ID}]));
}

#[tokio::test]
async fn every_kind_is_accepted() {
    let bench = Bench::new().await;
    let link = json!({"link": "https://cdn.example.com/file"});
    let name = json!([{"name": {"formatted_name": "Bo B", "first_name": "Bo"}, "birthday": "1999-12-31",
        "phones": [{"phone": "+1 650 555 0100", "type": "WORK"}]}]);
    let card = |index: usize| {
        json!({"card_index": index, "type": "cta_url", "header": {"type": "image", "image": link},
            "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://example.com"}}})
    };
    let amount = |value: i64| json!({"value": value, "offset": 100});
    let order = json!({"name": "review_and_pay", "parameters": {"reference_id": "7", "type": "digital-goods",
        "currency": "INR", "total_amount": amount(210), "payment_settings": [],
        "order": {"status": "pending", "subtotal": amount(200), "tax": amount(10),
            "items": [{"retailer_id": "1", "name": "Bread", "amount": amount(100), "quantity": 2}]}}});
    for (kind, content) in [
        ("image", json!({"link": "https://cdn.example.com/a.jpg", "caption": "Bread"})),
        ("video", link.clone()),
        ("audio", json!({"link": "https://cdn.example.com/a.ogg", "voice": true})),
        ("document", json!({"link": "https://cdn.example.com/a.pdf", "filename": "a.pdf"})),
        ("sticker", link.clone()),
        ("location", json!({"latitude": 52.5, "longitude": "13.4", "name": "Shop"})),
        ("contacts", name),
        ("reaction", json!({"message_id": INBOUND, "emoji": "👍"})),
        ("reaction", json!({"message_id": INBOUND, "emoji": ""})),
        ("interactive", replies(&[2, 2])),
        ("interactive", buttons(&[button("a", "Yes"), button("b", "No")])),
        ("interactive", list_of(&[5, 5])),
        (
            "interactive",
            json!({"type": "cta_url", "body": {"text": "See"}, "footer": {"text": "f"},
            "header": {"type": "text", "text": "h"},
            "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://example.com"}}}),
        ),
        (
            "interactive",
            json!({"type": "location_request_message", "body": {"text": "Where?"},
            "action": {"name": "send_location"}}),
        ),
        (
            "interactive",
            json!({"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "2"}}),
        ),
        (
            "interactive",
            json!({"type": "product_list", "header": {"type": "text", "text": "h"},
            "body": {"text": "b"}, "action": {"catalog_id": "1",
                "sections": [{"product_items": [{"product_retailer_id": "2"}]}]}}),
        ),
        (
            "interactive",
            json!({"type": "carousel", "body": {"text": "b"},
            "action": {"cards": [card(0), card(1)]}}),
        ),
        ("interactive", json!({"type": "order_details", "body": {"text": "b"}, "action": order})),
    ] {
        let reply = send(&bench, kind, &content).await;
        assert_eq!(reply.status, 200, "{kind} {content}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_content_that_breaks_a_rule_is_refused() {
    let bench = Bench::new().await;
    let link = "https://cdn.example.com/a";
    let long = buttons(&[button("a", &"t".repeat(21))]);
    for (kind, content, code) in [
        ("text", json!({}), 131_008),
        ("text", json!({"body": ""}), 100),
        ("text", json!({"body": "ä".repeat(4097)}), 100),
        ("text", json!({"body": "a", "previewUrl": true}), 100),
        ("image", json!({"link": link, "caption": "c".repeat(1025)}), 100),
        ("image", json!({"link": link, "id": "1"}), 100),
        ("image", json!({"link": "ftp://example.com/a"}), 100),
        ("image", json!({"id": "404"}), 131_009),
        ("audio", json!({"link": link, "caption": "c"}), 100),
        ("sticker", json!({"link": link, "caption": "c"}), 100),
        ("location", json!({"latitude": 91, "longitude": 0}), 100),
        ("contacts", json!([{"name": {"formatted_name": "Bo"}}]), 131_008),
        ("contacts", json!([]), 131_009),
        ("reaction", json!({"message_id": "wamid.unknown", "emoji": "👍"}), 131_009),
        ("pin", json!({"type": "pin", "message_id": INBOUND, "expiration_days": 7}), 131_009),
        ("hologram", json!({}), 131_051),
        ("interactive", buttons(&[]), 131_009),
        ("interactive", buttons(&vec![button("a", "b"); 4]), 131_009),
        ("interactive", buttons(&[button("a", "Yes"), button("b", "Yes")]), 131_009),
        ("interactive", buttons(&[button(" a", "Yes")]), 131_009),
        ("interactive", long, 131_009),
        ("interactive", list_of(&[6, 5]), 131_009),
        ("interactive", json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": []}}), 131_009),
        ("interactive", replies(&[1, 2]), 131_009),
        (
            "interactive",
            json!({"type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters":
            {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Go"}}}),
            131_009,
        ),
    ] {
        let reply = send(&bench, kind, &content).await;
        assert_eq!(reply.graph_error(), (400, code, None), "{kind} {content}: {}", reply.text);
    }
    let missing = send(&bench, "interactive", &json!({"type": "list", "action": {}})).await;
    assert_eq!(missing.graph_error().1, 131_008);
    let details = &missing.json()["error"]["error_data"];
    assert_eq!(details["messaging_product"], "whatsapp");
    assert!(details["details"].as_str().unwrap().contains("interactive['body']"), "{details}");
}

#[tokio::test]
async fn an_envelope_that_breaks_a_rule_is_refused() {
    let bench = Bench::new().await;
    let good = message(CUSTOMER, "text", &json!({"body": "Hello"}));
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    for (body, code) in [
        (with("messaging_product", json!("sms")), 100),
        (with("recipient_type", json!("crowd")), 100),
        (with("recipient_type", json!("group")), 131_041),
        (with("to", json!("")), 131_008),
        (with("to", json!("nobody")), 131_009),
        (with("to", json!("15550783881")), 131_021),
        (with("preview", json!(1)), 100),
        (with("image", json!({"link": "https://example.com/a"})), 100),
        (with("biz_opaque_callback_data", json!("d".repeat(513))), 100),
        (with("context", json!({"message_id": "7"})), 131_009),
        (with("text", Value::Null), 100),
        (json!({"messaging_product": "whatsapp", "recipient": "US1", "text": {"body": "a"}}), 131_009),
    ] {
        assert_eq!(refused(&bench, &body).await, (400, code, None), "{body}");
    }
    let form = bench.graph(Method::POST, &format!("{PHONE}/messages"), &token(&bench));
    let form =
        form.form(&[("messaging_product", "whatsapp"), ("to", CUSTOMER), ("text", "{\"body\":\"a\"}")]);
    assert_eq!(bench.send(form).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn only_the_business_with_the_permission_sends() {
    let bench = Bench::new().await;
    let body = message(CUSTOMER, "text", &json!({"body": "Hello"}));
    let path = format!("{PHONE}/messages");
    let weak = bench.sandbox.meta_user_token(&["whatsapp_business_management"]);
    assert_eq!(bench.graph_post(&path, &weak, &body).await.graph_error(), (403, 200, None));
    let page = bench.page_token(&bench.user_token()).await;
    assert_eq!(bench.graph_post(&path, &page, &body).await.graph_error(), (400, 100, Some(33)));
    let other = json!({"platform": "meta", "id": "10160000000000002"});
    bench.control(Method::POST, "/person", &other).await;
    assert_eq!(bench.graph_post(&path, &token(&bench), &body).await.graph_error(), (400, 100, Some(33)));
    let get = bench.graph_get(&path, &token(&bench)).await;
    assert_eq!(get.graph_error(), (400, 100, Some(33)));
}

#[tokio::test]
async fn outside_the_window_only_templates_are_sent() {
    let bench = Bench::new().await;
    let hello = json!({"name": "hello_world", "language": {"code": "en_US"}});
    let text = json!({"body": "Hello"});
    assert_eq!(refused(&bench, &message(STRANGER, "text", &text)).await, (400, 131_047, None));
    let path = format!("{PHONE}/messages");
    let sent = post_well(&bench, &path, &message(STRANGER, "template", &hello)).await;
    assert_eq!(sent["messages"][0]["message_status"], "accepted");
    assert_eq!(send(&bench, "text", &text).await.status, 200);
    pass(&bench, 86_400).await;
    assert_eq!(send(&bench, "text", &text).await.graph_error(), (400, 131_047, None));
    assert_eq!(send(&bench, "template", &hello).await.status, 200);
}

#[tokio::test]
async fn a_message_is_marked_as_read_and_typing_is_shown() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/messages");
    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": INBOUND,
        "typing_indicator": {"type": "text"}});
    assert_eq!(post_well(&bench, &path, &read).await, json!({"success": true}));
    for (name, value, code) in [
        ("status", json!("seen"), 100),
        ("message_id", json!("wamid.unknown"), 131_009),
        ("typing_indicator", json!({"type": "dance"}), 100),
        ("to", json!(CUSTOMER), 100),
    ] {
        let mut wrong = read.clone();
        wrong[name] = value;
        assert_eq!(refused(&bench, &wrong).await, (400, code, None), "{name}");
    }
}

#[tokio::test]
async fn too_many_messages_to_one_person_are_refused_for_a_while() {
    let bench = Bench::new().await;
    let text = json!({"body": "Hello"});
    let mut accepted = 0;
    while send(&bench, "text", &text).await.status == 200 {
        accepted += 1;
        assert!(accepted < 60, "there is no end");
    }
    assert!(accepted >= 45, "{accepted}");
    let reply = send(&bench, "text", &text).await;
    assert_eq!(reply.graph_error(), (400, 131_056, None), "{}", reply.text);
    pass(&bench, 300).await;
    assert_eq!(send(&bench, "text", &text).await.status, 200);
}

async fn make(bench: &Bench, name: &str, category: &str, components: &Value) {
    let body = json!({"name": name, "language": "en_US", "category": category, "components": components});
    post_well(bench, &format!("{ACCOUNT}/message_templates"), &body).await;
    pass(bench, 3).await;
}

fn template(name: &str, components: &Value) -> Value {
    json!({"name": name, "language": {"code": "en_US"}, "components": components})
}

#[tokio::test]
async fn a_template_message_fits_its_template() {
    let bench = Bench::new().await;
    let spec = json!([
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}},
        {"type": "BODY", "text": "Hi {{1}}, your order {{2}} is ready.", "example": {"body_text": [["Bo", "7"]]}},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Thanks"},
            {"type": "URL", "text": "Track", "url": "https://example.com/{{1}}", "example": ["https://example.com/7"]},
        ]},
    ]);
    make(&bench, "order_ready", "UTILITY", &spec).await;
    let text = |text: &str| json!({"type": "text", "text": text});
    let head = |kind: &str| json!({"type": "header", "parameters": [{"type": kind, kind: {"link": "https://example.com/a"}}]});
    let body = |parameters: &[Value]| json!({"type": "body", "parameters": parameters});
    let url = |index: &str, kind: &str| json!({"type": "button", "sub_type": kind, "index": index, "parameters": [text("7")]});
    let two = body(&[text("Bo"), text("7")]);
    let good = json!([head("image"), two, url("1", "url")]);
    let reply = send(&bench, "template", &template("order_ready", &good)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    for (components, code) in [
        (json!([]), 132_000),
        (json!([two, url("1", "url")]), 132_000),
        (json!([head("image"), body(&[text("Bo")]), url("1", "url")]), 132_000),
        (json!([head("video"), two, url("1", "url")]), 132_012),
        (json!([head("image"), two]), 132_000),
        (json!([head("image"), two, url("0", "url")]), 132_012),
        (json!([head("image"), two, url("5", "url")]), 132_012),
        (json!([head("image"), two, url("1", "quick_reply")]), 132_012),
        (json!([head("image"), body(&[text("Bo"), text("a\nb")]), url("1", "url")]), 132_018),
        (json!([head("image"), body(&[text(&"x".repeat(1024)), text("7")]), url("1", "url")]), 132_005),
        (
            json!([
                head("image"),
                body(&[json!({"type": "image", "image": {}}), text("7")]),
                url("1", "url")
            ]),
            132_012,
        ),
    ] {
        let reply = send(&bench, "template", &template("order_ready", &components)).await;
        assert_eq!(reply.graph_error(), (400, code, None), "{components}: {}", reply.text);
    }
    let unknown = send(&bench, "template", &template("order_lost", &json!([]))).await;
    assert_eq!(unknown.graph_error(), (400, 132_001, None));
}

#[tokio::test]
async fn a_template_in_another_state_is_not_sent() {
    let bench = Bench::new().await;
    let spec = json!([{"type": "BODY", "text": "Hello there"}]);
    for (name, code) in
        [("sandbox_rejected_1", 132_001), ("sandbox_paused_1", 132_015), ("sandbox_disabled_1", 132_016)]
    {
        make(&bench, name, "UTILITY", &spec).await;
        let reply = send(&bench, "template", &template(name, &json!([]))).await;
        assert_eq!(reply.graph_error(), (400, code, None), "{name}");
    }
}

#[tokio::test]
async fn a_code_goes_to_a_phone_number_only_and_twice_the_same() {
    let bench = Bench::new().await;
    let spec = json!([{"type": "BODY", "add_security_recommendation": true},
        {"type": "FOOTER", "code_expiration_minutes": 5},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]);
    make(&bench, "code", "AUTHENTICATION", &spec).await;
    let with = |button: &str| {
        json!([{"type": "body", "parameters": [{"type": "text", "text": "123456"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": button}]}])
    };
    assert_eq!(send(&bench, "template", &template("code", &with("123456"))).await.status, 200);
    let differs = send(&bench, "template", &template("code", &with("654321"))).await;
    assert_eq!(differs.graph_error(), (400, 132_012, None));
    let to_id = json!({"messaging_product": "whatsapp", "recipient": CUSTOMER_ID, "type": "template",
        "template": template("code", &with("123456"))});
    assert_eq!(refused(&bench, &to_id).await, (400, 131_062, None));
}

#[tokio::test]
async fn marketing_goes_to_those_who_want_it() {
    let bench = Bench::new().await;
    make(&bench, "offer", "MARKETING", &json!([{"type": "BODY", "text": "Bread for less"}])).await;
    let path = format!("{PHONE}/marketing_messages");
    let body = |to: &str, name: &str| {
        let mut body = message(to, "template", &template(name, &json!([])));
        body["product_policy"] = json!("CLOUD_API_FALLBACK");
        body
    };
    assert_eq!(post(&bench, &path, &body(CUSTOMER, "offer")).await.status, 200);
    let out = post(&bench, &path, &body(OPTED_OUT, "offer")).await;
    assert_eq!(out.graph_error(), (400, 131_050, None));
    let utility = post(&bench, &path, &body(CUSTOMER, "hello_world")).await;
    assert_eq!(utility.graph_error(), (400, 131_055, None));
    post_well(&bench, ACCOUNT, &json!({"disable_marketing_messages_on_cloud_api": true})).await;
    let off = send(&bench, "template", &template("offer", &json!([]))).await;
    assert_eq!(off.graph_error(), (400, 131_063, None));
}
