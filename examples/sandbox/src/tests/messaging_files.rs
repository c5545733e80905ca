//! Files that are sent along with a message, and the request to opt in.

use std::fmt::Write as _;

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, GraphCode, PAGE, Reply};
use crate::graph::areas::messaging::{INSTAGRAM_PERSON, PERSON};

const ALL: [&str; 5] = [
    "pages_show_list",
    "pages_manage_metadata",
    "pages_messaging",
    "instagram_basic",
    "instagram_manage_messages",
];
const BAD: GraphCode = (400, 100, None);

async fn inbox() -> (Bench, String) {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.sandbox.meta_user_token(&ALL)).await;
    (bench, token)
}

/// A message in a multipart body, with a picture or without.
async fn send(inbox: &(Bench, String), person: &str, message: &Value, content_type: Option<&str>) -> Reply {
    let (bench, token) = inbox;
    let recipient = json!({"id": person}).to_string();
    let message = message.to_string();
    let mut body = String::new();
    for (name, value) in [("recipient", &recipient), ("message", &message)] {
        write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    if let Some(content_type) = content_type {
        write!(
            body,
            "--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a\"\r\n\
             Content-Type: {content_type}\r\n\r\nbytes\r\n"
        )
        .unwrap();
    }
    let request = bench.graph(Method::POST, &format!("/v26.0/{PAGE}/messages"), token);
    bench
        .send(request.header("content-type", "multipart/form-data; boundary=b").body(body + "--b--\r\n"))
        .await
}

#[tokio::test]
async fn a_file_is_sent_along_with_a_message_of_messenger_only() {
    let inbox = inbox().await;
    let picture = |payload: Value| json!({"attachment": {"type": "image", "payload": payload}});
    let kept = send(&inbox, PERSON, &picture(json!({"is_reusable": true})), Some("image/png")).await;
    let kept = kept.json()["attachment_id"].as_str().unwrap_or_else(|| panic!("{}", kept.text)).to_owned();
    let again = json!({"recipient": {"id": PERSON}, "message": picture(json!({"attachment_id": kept}))});
    let path = format!("/v26.0/{PAGE}/messages");
    assert_eq!(inbox.0.graph_post(&path, &inbox.1, &again).await.status, 200);
    let once = send(&inbox, PERSON, &picture(json!({})), Some("image/png")).await;
    assert!(once.json()["attachment_id"].is_null(), "{}", once.text);

    let wrong_type = send(&inbox, PERSON, &picture(json!({})), Some("video/mp4")).await;
    assert_eq!(wrong_type.graph_error(), (400, 100, Some(2_018_047)));
    for (person, message, file) in [
        (INSTAGRAM_PERSON, picture(json!({})), Some("image/png")),
        (PERSON, picture(json!({})), None),
        (PERSON, json!({"text": "See the picture"}), Some("image/png")),
    ] {
        assert_eq!(send(&inbox, person, &message, file).await.graph_error(), BAD, "{message} {file:?}");
    }
}

#[tokio::test]
async fn a_person_of_messenger_can_be_asked_to_opt_in() {
    let (bench, token) = inbox().await;
    let ask = |person: &str, payload: Value| {
        let attachment = json!({"type": "template", "payload": payload});
        let body = json!({"recipient": {"id": person}, "message": {"attachment": attachment}});
        let (bench, token) = (&bench, &token);
        async move { bench.graph_post(&format!("/v26.0/{PAGE}/messages"), token, &body).await }
    };
    let request = json!({"template_type": "notification_messages", "title": "News", "payload": "NEWS",
        "notification_messages_cta_text": "SIGN_UP"});
    assert_eq!(ask(PERSON, request.clone()).await.status, 200);
    assert_eq!(ask(INSTAGRAM_PERSON, request).await.graph_error(), BAD);
    for payload in [
        json!({"template_type": "notification_messages"}),
        json!({"template_type": "notification_messages", "title": "x".repeat(66)}),
        json!({"template_type": "notification_messages", "title": "News", "text": "?"}),
        json!({"template_type": "notification_messages", "title": "News", "notification_messages_cta_text": "BUY"}),
    ] {
        assert_eq!(ask(PERSON, payload.clone()).await.graph_error(), BAD, "{payload}");
    }
}
