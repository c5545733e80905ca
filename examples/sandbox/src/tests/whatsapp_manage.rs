//! WhatsApp: media, templates, groups, flows and the account.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, Reply},
    whatsapp::{ACCOUNT, CUSTOMER, PHONE, pass, post, post_well, token},
};

const STRANGER: &str = "16505550100";

fn png(size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(size, 7);
    bytes
}

pub(super) async fn get(bench: &Bench, path: &str) -> Reply {
    bench.graph_get(path, &token(bench)).await
}

pub(super) async fn get_well(bench: &Bench, path: &str) -> Value {
    let reply = get(bench, path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply.json()
}

pub(super) async fn delete(bench: &Bench, path: &str) -> Reply {
    bench.send(bench.graph(Method::DELETE, path, &token(bench))).await
}

async fn delete_with(bench: &Bench, path: &str, body: &Value) -> Reply {
    bench.send(bench.graph(Method::DELETE, path, &token(bench)).json(body)).await
}

fn multipart(fields: &[(&str, &str)], content_type: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!(
        "--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: {content_type}\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--bound--\r\n");
    body
}

async fn send_form(bench: &Bench, path: &str, body: Vec<u8>) -> Reply {
    let request = bench.graph(Method::POST, path, &token(bench));
    bench.send(request.header("content-type", "multipart/form-data; boundary=bound").body(body)).await
}

async fn upload(bench: &Bench, mime: &str, file: &[u8]) -> Reply {
    let fields = [("messaging_product", "whatsapp"), ("type", mime)];
    send_form(bench, &format!("{PHONE}/media"), multipart(&fields, mime, file)).await
}

async fn upload_well(bench: &Bench, mime: &str, file: &[u8]) -> String {
    let reply = upload(bench, mime, file).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["id"].as_str().unwrap().to_owned()
}

fn new_template(name: &str, text: &str) -> Value {
    json!({"name": name, "language": "en_US", "category": "UTILITY", "components": [{"type": "body", "text": text}]})
}

#[tokio::test]
async fn media_are_uploaded_sent_and_deleted() {
    let bench = Bench::new().await;
    let id = upload_well(&bench, "image/png", &png(1000)).await;
    let found = get_well(&bench, &format!("/v26.0/{id}?phone_number_id=500600700800901")).await;
    assert_eq!(found["mime_type"], "image/png");
    assert_eq!(found["file_size"], 1000);
    assert_eq!(found["sha256"].as_str().unwrap().len(), 64);
    let message =
        |kind: &str| json!({"messaging_product": "whatsapp", "to": CUSTOMER, "type": kind, kind: {"id": id}});
    let path = format!("{PHONE}/messages");
    post_well(&bench, &path, &message("image")).await;
    let wrong = post(&bench, &path, &message("video")).await;
    assert_eq!(wrong.graph_error(), (400, 131_053, None));
    let elsewhere = get(&bench, &format!("/v26.0/{id}?phone_number_id=1")).await;
    assert_eq!(elsewhere.graph_error(), (400, 100, Some(33)));
    assert_eq!(delete(&bench, &format!("/v26.0/{id}")).await.json(), json!({"success": true}));
    assert_eq!(get(&bench, &format!("/v26.0/{id}")).await.graph_error(), (400, 100, Some(33)));
    assert_eq!(post(&bench, &path, &message("image")).await.graph_error(), (400, 131_009, None));

    let id = upload_well(&bench, "image/png", &png(10)).await;
    pass(&bench, 30 * 86_400).await;
    assert_eq!(get(&bench, &format!("/v26.0/{id}")).await.graph_error(), (400, 100, Some(33)));
}

#[tokio::test]
async fn a_file_of_the_wrong_kind_or_size_is_refused() {
    let bench = Bench::new().await;
    let mut webp = b"RIFF0000WEBPVP8 ".to_vec();
    webp.resize(100 * 1024, 0);
    upload_well(&bench, "image/webp", &webp).await;
    webp.push(0);
    for (mime, file, code) in [
        ("image/webp", webp, 131_053),
        ("image/png", b"no picture".to_vec(), 131_053),
        ("audio/ogg", Vec::new(), 131_053),
        ("image/gif", b"GIF89a".to_vec(), 100),
    ] {
        assert_eq!(upload(&bench, mime, &file).await.graph_error(), (400, code, None), "{mime}");
    }
    let path = format!("{PHONE}/media");
    for fields in [
        &[("type", "image/png")][..],
        &[("messaging_product", "whatsapp")],
        &[("messaging_product", "whatsapp"), ("type", "image/jpeg")],
        &[("messaging_product", "whatsapp"), ("type", "image/png"), ("caption", "c")],
        &[("messaging_product", "whatsapp"), ("type", "image/png"), ("ttl_minutes", "0")],
    ] {
        let reply = send_form(&bench, &path, multipart(fields, "image/png", &png(10))).await;
        assert_eq!(reply.graph_error(), (400, 100, None), "{fields:?}");
    }
}

#[tokio::test]
async fn a_download_wants_the_bearer_and_gives_ranges() {
    let bench = Bench::new().await;
    let file = png(1000);
    let id = upload_well(&bench, "image/png", &file).await;
    let url = get_well(&bench, &format!("/v26.0/{id}")).await["url"].as_str().unwrap().to_owned();
    let token = token(&bench);
    let status = |token: Option<String>, range: Option<&'static str>| {
        let mut request = bench.http.get(&url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(range) = range {
            request = request.header("range", range);
        }
        request.send()
    };
    assert_eq!(status(None, None).await.unwrap().status(), 401);
    assert_eq!(status(Some("nonsense".to_owned()), None).await.unwrap().status(), 401);
    let whole = status(Some(token.clone()), None).await.unwrap();
    assert_eq!(
        (whole.status().as_u16(), &whole.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(whole.bytes().await.unwrap(), file);
    let part = status(Some(token.clone()), Some("bytes=4-7")).await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 4-7/1000");
    assert_eq!(part.bytes().await.unwrap(), file[4..8]);
    assert_eq!(status(Some(token.clone()), Some("bytes=1000-")).await.unwrap().status(), 416);
    let forged = bench.http.get(url.replace("hash=", "hash=0")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(forged.status(), 404);
    pass(&bench, 300).await;
    assert_eq!(status(Some(token), None).await.unwrap().status(), 404);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn a_template_is_looked_at_for_a_moment() {
    let bench = Bench::new().await;
    let list = format!("{ACCOUNT}/message_templates");
    let made = post_well(&bench, &list, &new_template("greeting", "Good morning")).await;
    assert_eq!((&made["status"], &made["category"]), (&json!("PENDING"), &json!("UTILITY")));
    let path = format!("/v26.0/{}", made["id"].as_str().unwrap());
    assert_eq!(get_well(&bench, &path).await["status"], "PENDING");
    assert_eq!(get_well(&bench, &path).await["status"], "APPROVED");
    let found =
        get_well(&bench, &format!("{list}?name=greet&status=APPROVED&fields=name,components&summary=true"))
            .await;
    assert_eq!(found["data"][0]["components"][0]["type"], "BODY");
    assert_eq!(found["summary"]["message_template_count"], 2);
    assert_eq!(get_well(&bench, &format!("{list}?category=MARKETING")).await["data"], json!([]));
    let unknown = get(&bench, &format!("{path}?fields=colour")).await;
    assert_eq!(unknown.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn a_template_that_breaks_a_rule_is_not_made() {
    let bench = Bench::new().await;
    let list = format!("{ACCOUNT}/message_templates");
    let body = json!({"type": "BODY", "text": "Good morning"});
    let header = |text: &str| json!([{"type": "HEADER", "format": "TEXT", "text": text}, body]);
    let text = |text: &str| json!([{"type": "BODY", "text": text, "example": {"body_text": [["a"]]}}]);
    let buttons = |buttons: Value| json!([body, {"type": "BUTTONS", "buttons": buttons}]);
    let reply = |text: &str| json!({"type": "QUICK_REPLY", "text": text});
    let url = |url: &str| json!({"type": "URL", "text": "Go", "url": url, "example": ["a"]});
    for (components, subcode) in [
        (header(&"h".repeat(61)), Some(2_388_040)),
        (header("{{1}} and {{2}}"), Some(2_388_047)),
        (json!([{"type": "HEADER", "format": "IMAGE"}, body]), Some(2_388_047)),
        (text("{{1}} is ready now"), Some(2_388_299)),
        (text("Now {{1}} is {{3}} ready here"), Some(2_388_072)),
        (text("Hi {{1}}, {{2}} {{3}} {{4}} now"), Some(2_388_293)),
        (json!([{"type": "BODY", "text": "Hi {{1}} there"}]), Some(2_388_072)),
        (json!([{"type": "BODY", "text": "b".repeat(1025)}]), Some(2_388_040)),
        (json!([body, {"type": "FOOTER", "text": "Hi {{1}}"}]), Some(2_388_073)),
        (json!([]), Some(2_388_072)),
        (json!([body, body]), None),
        (buttons(json!([reply(&"t".repeat(26))])), Some(2_388_040)),
        (buttons(json!([reply("a"), url("https://e.com/a"), reply("b")])), Some(2_388_039)),
        (buttons(json!([url("https://e.com"), url("https://e.com"), url("https://e.com")])), Some(2_388_039)),
        (buttons(json!([url("https://e.com/{{1}}/a")])), Some(2_388_039)),
        (buttons(json!([{"type": "OTP", "otp_type": "COPY_CODE"}])), Some(2_388_039)),
        (buttons(json!(vec![reply("a"); 11])), None),
    ] {
        let mut body = new_template("broken", "x");
        body["components"] = components;
        assert_eq!(post(&bench, &list, &body).await.graph_error(), (400, 100, subcode), "{body}");
    }
    for (name, value) in [
        ("name", json!("Greeting")),
        ("category", json!("SPAM")),
        ("language", json!("english")),
        ("parameter_format", json!("LOOSE")),
        ("bid_spec", json!({})),
        ("message_send_ttl_seconds", json!(10)),
    ] {
        let mut body = new_template("broken", "Good morning");
        body[name] = value;
        assert_eq!(post(&bench, &list, &body).await.graph_error(), (400, 100, None), "{name}");
    }
    let twice = post(&bench, &list, &new_template("hello_world", "Hello")).await;
    assert_eq!(twice.graph_error(), (400, 100, Some(2_388_024)));
}

#[tokio::test]
async fn an_approved_template_is_edited_once_a_day_and_its_name_stays_blocked() {
    let bench = Bench::new().await;
    let list = format!("{ACCOUNT}/message_templates");
    let made = post_well(&bench, &list, &new_template("greeting", "Good morning")).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/v26.0/{id}");
    let edit = json!({"components": [{"type": "BODY", "text": "Good evening"}]});
    assert_eq!(post(&bench, &path, &edit).await.graph_error(), (400, 100, Some(2_388_039)));
    pass(&bench, 2).await;
    assert_eq!(post_well(&bench, &path, &edit).await["success"], true);
    assert_eq!(get_well(&bench, &path).await["components"][0]["text"], "Good evening");
    pass(&bench, 2).await;
    assert_eq!(post(&bench, &path, &edit).await.graph_error(), (400, 100, Some(2_388_039)));
    pass(&bench, 86_400).await;
    post_well(&bench, &path, &edit).await;
    pass(&bench, 2).await;

    assert_eq!(delete(&bench, &list).await.graph_error(), (400, 100, None));
    let other = delete(&bench, &format!("{list}?name=greeting&hsm_id=1")).await;
    assert_eq!(other.graph_error(), (400, 100, Some(2_593_002)));
    assert_eq!(delete(&bench, &format!("{list}?name=greeting&hsm_id={id}")).await.status, 200);
    let again = new_template("greeting", "Hello");
    assert_eq!(post(&bench, &list, &again).await.graph_error(), (400, 100, Some(2_388_023)));
    pass(&bench, 30 * 86_400).await;
    post_well(&bench, &list, &again).await;
}

#[tokio::test]
async fn templates_are_upserted_compared_and_migrated() {
    let bench = Bench::new().await;
    let upsert = json!({"name": "code", "category": "AUTHENTICATION", "languages": ["en_US", "de"],
        "components": [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]});
    let path = format!("{ACCOUNT}/upsert_message_templates");
    let first = post_well(&bench, &path, &upsert).await;
    assert_eq!(first["data"][1]["language"], "de");
    assert_eq!(post_well(&bench, &path, &upsert).await["data"][0]["id"], first["data"][0]["id"]);
    let id = first["data"][0]["id"].as_str().unwrap();
    let compare =
        |start: i64| format!("/v26.0/{id}/compare?template_ids=1380000000000001&start={start}&end=700000");
    assert_eq!(get_well(&bench, &compare(95_200)).await["data"][0]["metric"], "BLOCK_RATE");
    assert_eq!(get(&bench, &compare(0)).await.graph_error(), (400, 100, None));
    let not_paused = post(&bench, &format!("/v26.0/{id}/unpause"), &json!({})).await;
    assert_eq!(not_paused.graph_error(), (400, 100, Some(2_388_039)));
    let path = format!("{ACCOUNT}/migrate_message_templates");
    let moved = post_well(&bench, &path, &json!({"source_waba_id": "400500600700802"})).await;
    assert_eq!(moved["migrated_templates"].as_array().unwrap().len(), 1);
    let again = post_well(&bench, &path, &json!({"source_waba_id": "400500600700802"})).await;
    assert_eq!(again["failed_templates"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_blocked_gets_no_messages_and_only_those_who_wrote_can_be_blocked() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/block_users");
    let body =
        json!({"messaging_product": "whatsapp", "block_users": [{"user": CUSTOMER}, {"user": STRANGER}]});
    let answer = post_well(&bench, &path, &body).await;
    assert_eq!(answer["block_users"]["added_users"], json!([{"input": CUSTOMER, "wa_id": CUSTOMER}]));
    assert_eq!(answer["block_users"]["failed_users"][0]["errors"][0]["code"], 139_100);
    let text = json!({"messaging_product": "whatsapp", "to": CUSTOMER, "text": {"body": "Hi"}});
    let refused = post(&bench, &format!("{PHONE}/messages"), &text).await;
    assert_eq!(refused.graph_error(), (400, 130_403, None));
    assert_eq!(get_well(&bench, &path).await["data"][0]["wa_id"], CUSTOMER);
    let body = json!({"messaging_product": "whatsapp", "block_users": [{"user": CUSTOMER}]});
    let removed = delete_with(&bench, &path, &body).await.json();
    assert_eq!(removed["block_users"]["removed_users"][0]["wa_id"], CUSTOMER);
    post_well(&bench, &format!("{PHONE}/messages"), &text).await;
}

#[tokio::test]
async fn a_group_has_people_requests_and_messages() {
    let bench = Bench::new().await;
    let path = format!("{PHONE}/groups");
    let product = |more: Value| {
        let mut body = json!({"messaging_product": "whatsapp"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let long = product(json!({"subject": "s".repeat(129)}));
    assert_eq!(post(&bench, &path, &long).await.graph_error(), (400, 100, None));
    let new = product(json!({"subject": "Bread", "join_approval_mode": "approval_required"}));
    assert!(post_well(&bench, &path, &new).await["request_id"].is_string());
    let id = get_well(&bench, &path).await["data"]["groups"][0]["id"].as_str().unwrap().to_owned();
    let group = format!("/v26.0/{id}");
    let text = product(json!({"recipient_type": "group", "to": id, "type": "text", "text": {"body": "Hi"}}));
    let sent = post_well(&bench, &format!("{PHONE}/messages"), &text).await;
    assert_eq!(sent["messages"][0]["group_id"], id.as_str());
    let pin = json!({"type": "pin", "message_id": sent["messages"][0]["id"], "expiration_days": 7});
    let mut body = text.clone();
    (body["type"], body["pin"]) = (json!("pin"), pin);
    body.as_object_mut().unwrap().remove("text");
    post_well(&bench, &format!("{PHONE}/messages"), &body).await;
    body["pin"]["expiration_days"] = json!(31);
    assert_eq!(post(&bench, &format!("{PHONE}/messages"), &body).await.graph_error(), (400, 100, None));

    let requests = format!("{group}/join_requests");
    let request = get_well(&bench, &requests).await["data"][0]["join_request_id"].clone();
    let answer = post_well(&bench, &requests, &product(json!({"join_requests": [request, "x"]}))).await;
    assert_eq!(answer["approved_join_requests"], json!([request]));
    assert_eq!(answer["failed_join_requests"][0]["join_request_id"], "x");
    let count = format!("{group}?fields=total_participant_count,subject");
    assert_eq!(get_well(&bench, &count).await["total_participant_count"], 2);
    let people = product(json!({"participants": [{"user": STRANGER}]}));
    assert_eq!(delete_with(&bench, &format!("{group}/participants"), &people).await.status, 200);
    assert_eq!(get_well(&bench, &count).await["total_participant_count"], 1);
    let link = get_well(&bench, &format!("{group}/invite_link")).await;
    let reset = post_well(&bench, &format!("{group}/invite_link"), &product(json!({}))).await;
    assert_ne!(link["invite_link"], reset["invite_link"]);
    post_well(&bench, &group, &product(json!({"subject": "Rolls"}))).await;
    assert_eq!(get_well(&bench, &count).await["subject"], "Rolls");
    assert_eq!(delete(&bench, &group).await.status, 200);
    assert_eq!(post(&bench, &format!("{PHONE}/messages"), &text).await.graph_error(), (400, 131_041, None));
}

#[tokio::test]
async fn a_flow_is_drafted_published_sent_and_deprecated() {
    let bench = Bench::new().await;
    let path = format!("{ACCOUNT}/flows");
    let new = json!({"name": "Order", "categories": ["SHOPPING"]});
    let id = post_well(&bench, &path, &new).await["id"].as_str().unwrap().to_owned();
    assert_eq!(post(&bench, &path, &new).await.graph_error(), (400, 100, Some(4_016_019)));
    let flow = format!("/v26.0/{id}");
    let early = post(&bench, &format!("{flow}/publish"), &json!({})).await;
    assert_eq!(early.graph_error(), (400, 139_002, None));
    let fields = [("name", "flow.json"), ("asset_type", "FLOW_JSON")];
    let assets = format!("{flow}/assets");
    let put = |json: &'static [u8]| send_form(&bench, &assets, multipart(&fields, "application/json", json));
    let bad = put(b"{\"version\":\"7.0\"}").await.json();
    assert_eq!(bad["validation_errors"].as_array().unwrap().len(), 1);
    let good = put(b"{\"version\":\"7.0\",\"screens\":[{\"id\":\"A\"}]}").await.json();
    assert_eq!(good, json!({"success": true, "validation_errors": []}));
    assert_eq!(get_well(&bench, &format!("{flow}/assets")).await["data"][0]["name"], "flow.json");
    let message = |mode: &str| {
        json!({"messaging_product": "whatsapp", "to": CUSTOMER, "type": "interactive",
            "interactive": {"type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters":
                {"flow_message_version": "3", "flow_id": id, "flow_cta": "Order", "mode": mode}}}})
    };
    let messages = format!("{PHONE}/messages");
    post_well(&bench, &messages, &message("draft")).await;
    assert_eq!(post(&bench, &messages, &message("published")).await.graph_error(), (400, 131_009, None));
    post_well(&bench, &format!("{flow}/publish"), &json!({})).await;
    post_well(&bench, &messages, &message("published")).await;
    assert_eq!(delete(&bench, &flow).await.graph_error(), (400, 139_004, None));
    post_well(&bench, &format!("{flow}/deprecate"), &json!({})).await;
    assert_eq!(get_well(&bench, &flow).await["status"], "DEPRECATED");
}

#[tokio::test]
async fn the_account_tells_who_is_subscribed_and_what_was_sent() {
    let bench = Bench::new().await;
    let apps = format!("{ACCOUNT}/subscribed_apps");
    assert_eq!(get_well(&bench, &apps).await["data"], json!([]));
    let half = post(&bench, &apps, &json!({"override_callback_uri": "https://example.com"})).await;
    assert_eq!(half.graph_error(), (400, 100, None));
    post_well(&bench, &apps, &json!({})).await;
    let list = get_well(&bench, &apps).await;
    assert_eq!(list["data"][0]["whatsapp_business_api_data"]["id"], "900100200300400");
    assert_eq!(delete(&bench, &apps).await.status, 200);

    let users = format!("{ACCOUNT}/assigned_users");
    let assign = format!("{users}?user=10160000000000002&tasks=MANAGE");
    assert_eq!(post(&bench, &assign, &json!({})).await.status, 200);
    let list = get_well(&bench, &format!("{users}?business=300400500600701")).await;
    assert_eq!(list["data"][1]["tasks"], json!(["MANAGE"]));

    let message = json!({"messaging_product": "whatsapp", "to": STRANGER, "type": "template",
        "template": {"name": "hello_world", "language": {"code": "en_US"}}});
    post_well(&bench, &format!("{PHONE}/messages"), &message).await;
    let day = crate::clock::wall_millis().div_euclid(1000);
    let span = format!("start={}&end={}&granularity=DAILY", day - 86_400, day + 86_400);
    let path = format!("{ACCOUNT}/template_analytics?{span}&template_ids=1380000000000001");
    assert_eq!(get(&bench, &path).await.graph_error(), (400, 200_005, None));
    post_well(&bench, ACCOUNT, &json!({"is_enabled_for_insights": true})).await;
    assert_eq!(get_well(&bench, &path).await["data"][0]["data_points"][0]["sent"], 1);
    let path = format!("{ACCOUNT}/pricing_analytics?{span}&dimensions=PHONE");
    let prices = get_well(&bench, &path).await;
    assert_eq!(prices["data"][0]["data_points"][0]["volume"], 1);
    assert_eq!(prices["data"][0]["data_points"][0]["phone_number"], "15550783881");
    assert_eq!(get_well(&bench, ACCOUNT).await["id"], "400500600700801");
    assert_eq!(get(&bench, &format!("{ACCOUNT}/pets")).await.graph_error().1, 2500);
}
