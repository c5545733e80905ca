//! Messenger and Instagram Direct.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, GraphCode, PAGE, Reply};
use crate::graph::areas::messaging::{
    BLOCKING_PERSON, COMMENT, COMMENTER, INSTAGRAM_COMMENT, INSTAGRAM_COMMENTER, INSTAGRAM_PERSON,
    LATE_INSTAGRAM_PERSON, LATE_PERSON, LOST_PERSON, OLD_COMMENT, OPT_IN_TOKEN, PERSON, PHONE_PERSON,
};

const ALL: [&str; 10] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "pages_utility_messaging",
    "instagram_basic",
    "business_management",
    "instagram_manage_messages",
    "instagram_manage_comments",
    "pages_user_locale",
];
const WINDOW: GraphCode = (400, 10, Some(2_018_278));
const BAD: GraphCode = (400, 100, None);

struct Inbox {
    bench: Bench,
    token: String,
}

impl Inbox {
    async fn new() -> Self {
        Self::with(&ALL).await
    }

    async fn with(permissions: &[&str]) -> Self {
        let bench = Bench::new().await;
        let token = bench.page_token(&bench.sandbox.meta_user_token(permissions)).await;
        Self { bench, token }
    }

    async fn post(&self, edge: &str, body: Value) -> Reply {
        self.bench.graph_post(&format!("/v26.0/{PAGE}/{edge}"), &self.token, &body).await
    }

    async fn send(&self, person: &str, message: Value) -> Reply {
        let body = json!({"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": message});
        self.post("messages", body).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.bench.graph_get(&format!("/v26.0/{path}"), &self.token).await
    }

    async fn delete(&self, path: &str) -> Reply {
        let path = format!("/v26.0/{path}");
        self.bench.send(self.bench.graph(Method::DELETE, &path, &self.token)).await
    }

    async fn pass_time(&self, seconds: i64) {
        let reply = self.bench.control(Method::POST, "/clock", &json!({"advance_seconds": seconds})).await;
        assert!(reply.status < 300, "{}", reply.text);
    }
}

#[tokio::test]
async fn a_message_in_the_window_arrives_and_can_be_read() {
    let inbox = Inbox::new().await;
    let sent = inbox.send(PERSON, json!({"text": "Hello"})).await.json();
    assert_eq!(sent["recipient_id"], PERSON);
    let id = sent["message_id"].as_str().unwrap();
    let message = inbox.get(&format!("{id}?fields=message,from,to")).await.json();
    assert_eq!((&message["message"], &message["from"]["id"]), (&json!("Hello"), &json!(PAGE)));
    assert_eq!(message["to"]["data"][0]["id"], PERSON);
    let alias = "/v26.0/me/messages";
    let body = json!({"recipient": {"id": PERSON}, "message": {"text": "Again"}, "reply_to": {"mid": id}});
    assert_eq!(inbox.bench.graph_post(alias, &inbox.token, &body).await.status, 200);
    assert_eq!(
        inbox.send("7799999999999999", json!({"text": "?"})).await.graph_error(),
        (400, 100, Some(2_018_001))
    );
    assert_eq!(
        inbox.send(BLOCKING_PERSON, json!({"text": "?"})).await.graph_error(),
        (400, 551, Some(1_545_041))
    );
}

#[tokio::test]
async fn outside_of_the_window_only_a_human_may_write_and_not_for_long() {
    let inbox = Inbox::new().await;
    let human = |person: &str| {
        json!({"recipient": {"id": person}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT",
               "message": {"text": "Hello"}})
    };
    assert_eq!(inbox.send(LATE_PERSON, json!({"text": "Hello"})).await.graph_error(), WINDOW);
    assert_eq!(inbox.post("messages", human(LATE_PERSON)).await.status, 200);
    assert_eq!(inbox.post("messages", human(LOST_PERSON)).await.graph_error(), WINDOW);
    assert_eq!(
        inbox.send(LATE_INSTAGRAM_PERSON, json!({"text": "Hello"})).await.graph_error(),
        (400, 10, Some(2_534_022))
    );
    assert_eq!(inbox.post("messages", human(LATE_INSTAGRAM_PERSON)).await.status, 200);
    inbox.pass_time(24 * 3600).await;
    assert_eq!(inbox.send(PERSON, json!({"text": "Hello"})).await.graph_error(), WINDOW);
    let invited =
        json!({"recipient": {"notification_messages_token": OPT_IN_TOKEN}, "message": {"text": "News"}});
    assert_eq!(inbox.post("messages", invited).await.json()["recipient_id"], LOST_PERSON);
}

#[tokio::test]
async fn retired_and_misplaced_tags_are_refused() {
    let inbox = Inbox::new().await;
    for (kind, tag) in [
        ("MESSAGE_TAG", Some("CONFIRMED_EVENT_UPDATE")),
        ("MESSAGE_TAG", Some("POST_PURCHASE_UPDATE")),
        ("MESSAGE_TAG", Some("ACCOUNT_UPDATE")),
        ("MESSAGE_TAG", Some("SOMETHING")),
        ("MESSAGE_TAG", None),
        ("RESPONSE", Some("HUMAN_AGENT")),
        ("REPLY", None),
    ] {
        let mut body =
            json!({"recipient": {"id": PERSON}, "messaging_type": kind, "message": {"text": "Hello"}});
        if let Some(tag) = tag {
            body["tag"] = json!(tag);
        }
        assert_eq!(inbox.post("messages", body).await.graph_error(), BAD, "{kind} {tag:?}");
    }
}

#[tokio::test]
async fn a_message_takes_json_a_page_token_and_its_permission() {
    let inbox = Inbox::with(&["pages_show_list"]).await;
    assert_eq!(inbox.send(PERSON, json!({"text": "Hello"})).await.graph_error(), (403, 230, None));
    assert_eq!(inbox.send(INSTAGRAM_PERSON, json!({"text": "Hi"})).await.graph_error(), (403, 200, None));
    let user = inbox.bench.sandbox.meta_user_token(&ALL);
    let path = format!("/v26.0/{PAGE}/messages");
    let body = json!({"recipient": {"id": PERSON}, "message": {"text": "Hello"}});
    assert_eq!(inbox.bench.graph_post(&path, &user, &body).await.graph_error(), (403, 200, None));
    let form = [("recipient", r#"{"id":"1"}"#), ("message", r#"{"text":"Hello"}"#)];
    let request = inbox.bench.graph(Method::POST, &path, &inbox.token).form(&form);
    assert_eq!(inbox.bench.send(request).await.graph_error(), BAD);
}

#[tokio::test]
async fn contents_are_held_to_their_limits() {
    let inbox = Inbox::new().await;
    let reply = |title: &str| json!({"content_type": "text", "title": title, "payload": "P"});
    let button = json!({"type": "postback", "title": "Go", "payload": "P"});
    let template = |payload: Value| json!({"attachment": {"type": "template", "payload": payload}});
    let element = json!({"title": "T", "buttons": [button]});
    let elements =
        |count: usize| json!({"template_type": "generic", "elements": vec![element.clone(); count]});
    let buttons = |count: usize| json!({"template_type": "button", "text": "T", "buttons": vec![button.clone(); count]});
    let image = json!({"type": "image", "payload": {"url": "https://example.com/a.png"}});
    let good = [
        (PERSON, json!({"text": "ä".repeat(1_999)})),
        (PERSON, json!({"text": "?", "quick_replies": vec![reply("Yes"); 13]})),
        (PERSON, template(elements(10))),
        (PERSON, template(buttons(3))),
        (INSTAGRAM_PERSON, json!({"text": "ä".repeat(500)})),
        (INSTAGRAM_PERSON, json!({"attachments": vec![image.clone(); 10]})),
        (INSTAGRAM_PERSON, json!({"attachment": {"type": "like_heart"}})),
        (INSTAGRAM_PERSON, json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "1"}}})),
    ];
    for (person, message) in good {
        let reply = inbox.send(person, message).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let bad = [
        (PERSON, json!({"text": "ä".repeat(2_000)})),
        (PERSON, json!({"text": "?", "quick_replies": vec![reply("Yes"); 14]})),
        (PERSON, json!({"text": "?", "quick_replies": [reply(&"y".repeat(21))]})),
        (PERSON, json!({"text": "?", "metadata": "m".repeat(1_001)})),
        (PERSON, template(elements(11))),
        (PERSON, template(elements(0))),
        (PERSON, template(buttons(4))),
        (PERSON, template(buttons(0))),
        (PERSON, json!({"text": "both", "attachment": image})),
        (PERSON, json!({})),
        (PERSON, json!({"attachment": {"type": "like_heart"}})),
        (PERSON, json!({"text": "?", "unknown": 1})),
        (INSTAGRAM_PERSON, json!({"text": "ä".repeat(501)})),
        (INSTAGRAM_PERSON, json!({"attachments": vec![image.clone(); 11]})),
        (
            INSTAGRAM_PERSON,
            json!({"attachment": {"type": "image", "payload": {"url": "https://example.com/a.webp"}}}),
        ),
        (PERSON, json!({"attachment": {"type": "image", "payload": {"url": "ftp://example.com/a.png"}}})),
    ];
    for (person, message) in bad {
        let text = message.to_string();
        let (status, code, _) = inbox.send(person, message).await.graph_error();
        assert_eq!((status, code), (400, 100), "{text}");
    }
}

#[tokio::test]
async fn sender_actions_go_alone() {
    let inbox = Inbox::new().await;
    let act = |action: &str, payload: Value| {
        let mut body = json!({"recipient": {"id": PERSON}, "sender_action": action});
        if !payload.is_null() {
            body["payload"] = payload;
        }
        inbox.post("messages", body)
    };
    for action in ["typing_on", "TYPING_OFF", "mark_seen"] {
        assert_eq!(act(action, Value::Null).await.json(), json!({"recipient_id": PERSON}));
    }
    let newest = format!("m_{PERSON}.25");
    let love = json!({"message_id": newest, "reaction": "love"});
    assert_eq!(act("react", love).await.status, 200);
    let message = inbox.get(&format!("{newest}?fields=reactions")).await.json();
    assert_eq!(message["reactions"]["data"][0]["reaction"], "love");
    assert_eq!(act("unreact", json!({"message_id": newest})).await.status, 200);
    assert!(inbox.get(&format!("{newest}?fields=reactions")).await.json()["reactions"].is_null());
    assert_eq!(act("react", json!({"message_id": "m_none", "reaction": "love"})).await.graph_error(), BAD);
    assert_eq!(act("wave", Value::Null).await.graph_error(), BAD);
    let both = json!({"recipient": {"id": PERSON}, "sender_action": "typing_on", "message": {"text": "x"}});
    assert_eq!(inbox.post("messages", both).await.graph_error(), BAD);
}

#[tokio::test]
async fn a_comment_is_answered_in_private_once_and_within_a_week() {
    let inbox = Inbox::new().await;
    let private = |comment: &str| {
        let body = json!({"recipient": {"comment_id": comment}, "message": {"text": "Hello"}});
        inbox.post("messages", body)
    };
    let sent = private(COMMENT).await.json();
    assert_eq!(sent["recipient_id"], COMMENTER);
    assert_eq!(private(COMMENT).await.graph_error(), (400, 10_900, None));
    assert_eq!(private(OLD_COMMENT).await.graph_error(), (400, 10_900, None));
    assert_eq!(private("122_1").await.graph_error(), (400, 100, Some(2_018_001)));
    assert_eq!(private(INSTAGRAM_COMMENT).await.json()["recipient_id"], INSTAGRAM_COMMENTER);
    // The window opens with the person's answer only.
    assert_eq!(inbox.send(COMMENTER, json!({"text": "More"})).await.graph_error(), WINDOW);
}

#[tokio::test]
async fn attachments_are_kept_ninety_days_and_only_for_their_kind() {
    let inbox = Inbox::new().await;
    let upload = |reusable: bool| {
        let payload = json!({"url": "https://example.com/a.png", "is_reusable": reusable});
        inbox.post(
            "message_attachments",
            json!({"message": {"attachment": {"type": "image", "payload": payload}}}),
        )
    };
    let by_id =
        |kind: &str, id: &str| json!({"attachment": {"type": kind, "payload": {"attachment_id": id}}});
    let kept = upload(true).await.json()["attachment_id"].as_str().unwrap().to_owned();
    let once = upload(false).await.json()["attachment_id"].as_str().unwrap().to_owned();
    assert_eq!(inbox.send(PERSON, by_id("image", &kept)).await.status, 200);
    let gone = (400, 100, Some(2_018_074));
    assert_eq!(inbox.send(PERSON, by_id("video", &kept)).await.graph_error(), gone);
    assert_eq!(inbox.send(PERSON, by_id("image", &once)).await.graph_error(), gone);
    assert_eq!(
        inbox.send(INSTAGRAM_PERSON, by_id("image", &kept)).await.graph_error(),
        (400, 100, Some(2_534_068))
    );
    let payload = json!({"url": "https://example.com/b.png", "is_reusable": true});
    let sent = inbox.send(PERSON, json!({"attachment": {"type": "image", "payload": payload}})).await;
    assert!(sent.json()["attachment_id"].is_string(), "{}", sent.text);
    inbox.pass_time(91 * 86_400).await;
    assert_eq!(inbox.send(PERSON, by_id("image", &kept)).await.graph_error(), gone);
}

#[tokio::test]
async fn a_file_can_be_uploaded_as_multipart() {
    let inbox = Inbox::new().await;
    let upload = |content_type: &str| {
        let message = r#"{"attachment":{"type":"image","payload":{"is_reusable":true}}}"#;
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"platform\"\r\n\r\ninstagram\r\n\
             --b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{message}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a\"\r\n\
             Content-Type: {content_type}\r\n\r\nbytes\r\n--b--\r\n"
        );
        let path = format!("/v26.0/{PAGE}/message_attachments");
        let request = inbox.bench.graph(Method::POST, &path, &inbox.token);
        inbox.bench.send(request.header("content-type", "multipart/form-data; boundary=b").body(body))
    };
    let id = upload("image/png").await.json()["attachment_id"].as_str().unwrap().to_owned();
    let message = json!({"attachment": {"type": "image", "payload": {"attachment_id": id}}});
    assert_eq!(inbox.send(INSTAGRAM_PERSON, message).await.status, 200);
    assert_eq!(upload("video/mp4").await.graph_error(), (400, 100, Some(2_018_047)));
}

#[tokio::test]
async fn conversations_show_their_newest_twenty_messages() {
    let inbox = Inbox::new().await;
    let list = inbox
        .get(&format!("{PAGE}/conversations?fields=id,participants,unread_count&user_id={PERSON}"))
        .await;
    let conversation = list.json()["data"][0]["id"].as_str().unwrap().to_owned();
    let fields = "message_count,can_reply,messages{id,message,from}";
    let read = inbox.get(&format!("{conversation}?fields={fields}")).await.json();
    assert_eq!((&read["message_count"], &read["can_reply"]), (&json!(25), &json!(true)));
    let messages = read["messages"]["data"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["message"]), (20, &json!("Message 25 of Grace")));
    assert_eq!(messages[0]["from"]["id"], PERSON);
    let page = inbox.get(&format!("{conversation}/messages?limit=5")).await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 5);
    assert_eq!(inbox.get(&format!("m_{PERSON}.5")).await.graph_error(), (400, 9_000_001, None));
    assert_eq!(inbox.get(&format!("m_{PERSON}.6")).await.status, 200);
    assert_eq!(inbox.get(&format!("{conversation}?fields=nothing")).await.graph_error(), BAD);
    let instagram = inbox.get(&format!("{PAGE}/conversations?platform=instagram")).await.json();
    assert_eq!(instagram["data"].as_array().unwrap().len(), 2);
    let requests = inbox.get(&format!("{PAGE}/conversations?platform=instagram&folder=pending")).await;
    assert_eq!(requests.json()["data"], json!([]));
}

#[tokio::test]
async fn profiles_are_shown_to_who_may_see_them() {
    let inbox = Inbox::new().await;
    let profile = inbox.get(&format!("{PERSON}?fields=first_name,locale")).await.json();
    assert_eq!((&profile["first_name"], &profile["locale"]), (&json!("Grace"), &json!("de_DE")));
    assert_eq!(
        inbox.get(&format!("{PERSON}?fields=gender")).await.graph_error(),
        (400, 100, Some(2_018_247))
    );
    assert_eq!(inbox.get(PHONE_PERSON).await.graph_error(), (400, 100, Some(2_018_218)));
    let profile = inbox.get(&format!("{INSTAGRAM_PERSON}?fields=username,follower_count")).await.json();
    assert_eq!(profile["username"], "lena.visits");
    assert_eq!(inbox.get(INSTAGRAM_COMMENTER).await.graph_error(), (403, 230, None));
}

#[tokio::test]
async fn only_the_app_in_control_may_write() {
    let inbox = Inbox::new().await;
    let recipient = json!({"id": PERSON});
    let owner = format!("{PAGE}/thread_owner?recipient={PERSON}");
    let passed = json!({"recipient": recipient, "target_app_id": "263902037430900"});
    assert_eq!(inbox.post("pass_thread_control", passed.clone()).await.json(), json!({"success": true}));
    assert_eq!(inbox.get(&owner).await.json()["data"][0]["thread_owner"]["app_id"], "263902037430900");
    let taken = (400, 10, Some(2_018_300));
    assert_eq!(inbox.send(PERSON, json!({"text": "?"})).await.graph_error(), taken);
    assert_eq!(inbox.post("pass_thread_control", passed).await.graph_error(), taken);
    let body = json!({"recipient": recipient});
    assert_eq!(inbox.post("request_thread_control", body.clone()).await.status, 200);
    assert_eq!(inbox.post("release_thread_control", body.clone()).await.graph_error(), taken);
    assert_eq!(inbox.post("take_thread_control", body.clone()).await.status, 200);
    assert_eq!(inbox.send(PERSON, json!({"text": "!"})).await.status, 200);
    let longer = |seconds: i64| json!({"recipient": {"id": PERSON}, "duration": seconds});
    assert_eq!(inbox.post("extend_thread_control", longer(3600)).await.status, 200);
    assert_eq!(inbox.post("extend_thread_control", longer(604_801)).await.graph_error(), BAD);
    assert_eq!(inbox.post("release_thread_control", body).await.status, 200);
    assert_eq!(inbox.get(&owner).await.json()["data"], json!([]));
}

#[tokio::test]
async fn the_messenger_profile_keeps_its_order() {
    let inbox = Inbox::new().await;
    let item = json!({"type": "postback", "title": "Help", "payload": "HELP"});
    let menu = |count: usize| json!([{"locale": "default", "call_to_actions": vec![item.clone(); count]}]);
    let edge = "messenger_profile";
    assert_eq!(inbox.post(edge, json!({"persistent_menu": menu(3)})).await.graph_error(), BAD);
    let set = inbox.post(edge, json!({"get_started": {"payload": "GO"}, "persistent_menu": menu(3)})).await;
    assert_eq!(set.json(), json!({"result": "success"}));
    assert_eq!(inbox.post(edge, json!({"persistent_menu": menu(4)})).await.graph_error(), BAD);
    let breaker = json!({"question": "Open?", "payload": "OPEN"});
    assert_eq!(inbox.post(edge, json!({"ice_breakers": vec![breaker; 5]})).await.graph_error(), BAD);
    let greeting = json!({"platform": "instagram", "greeting": [{"locale": "default", "text": "Hi"}]});
    assert_eq!(inbox.post(edge, greeting).await.graph_error(), BAD);
    let read = inbox.get(&format!("{PAGE}/{edge}?fields=get_started,greeting")).await.json();
    assert_eq!(read, json!({"data": [{"get_started": {"payload": "GO"}}]}));
    let remove = |part: &str| inbox.delete_owned(format!("{PAGE}/{edge}?fields={part}"));
    assert_eq!(remove("get_started").await.graph_error(), BAD);
    assert_eq!(remove("persistent_menu,get_started").await.status, 200);
    assert_eq!(inbox.get(&format!("{PAGE}/{edge}?fields=get_started")).await.json()["data"], json!([]));
}

impl Inbox {
    async fn delete_owned(&self, path: String) -> Reply {
        self.delete(&path).await
    }
}

#[tokio::test]
async fn personas_and_labels_are_made_used_and_deleted() {
    let inbox = Inbox::new().await;
    let body = json!({"name": "Ada", "profile_picture_url": "https://example.com/a.jpg"});
    let persona = inbox.post("personas", body).await.json()["id"].as_str().unwrap().to_owned();
    let as_ada = |id: &str| json!({"recipient": {"id": PERSON}, "message": {"text": "Hi"}, "persona_id": id});
    assert_eq!(inbox.post("messages", as_ada(&persona)).await.status, 200);
    assert_eq!(inbox.get(&persona).await.json()["name"], "Ada");
    assert_eq!(inbox.delete(&persona).await.status, 200);
    assert_eq!(inbox.post("messages", as_ada(&persona)).await.graph_error(), BAD);
    assert_eq!(inbox.get(&format!("{PAGE}/personas")).await.json()["data"], json!([]));
    let made = inbox.post("custom_labels", json!({"page_label_name": "VIP"})).await;
    let label = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v26.0/{label}/label");
    assert_eq!(inbox.bench.graph_post(&path, &inbox.token, &json!({"user": PERSON})).await.status, 200);
    let of_person = format!("{PERSON}/custom_labels?fields=id,page_label_name");
    assert_eq!(inbox.get(&of_person).await.json()["data"][0]["page_label_name"], "VIP");
    assert_eq!(inbox.delete(&format!("{label}/label?user={PERSON}")).await.status, 200);
    assert_eq!(inbox.get(&of_person).await.json()["data"], json!([]));
    assert_eq!(inbox.delete(&label).await.status, 200);
    assert_eq!(inbox.get(&label).await.graph_error(), (400, 100, Some(33)));
}

#[tokio::test]
async fn utility_templates_are_sent_once_they_are_reviewed() {
    let inbox = Inbox::new().await;
    let body = json!({"name": "order", "language": "en", "category": "UTILITY",
                      "components": [{"type": "BODY", "text": "Your order is ready."}]});
    assert_eq!(inbox.post("message_templates", body).await.json()["status"], "PENDING");
    let message = json!({"recipient": {"id": LOST_PERSON}, "messaging_type": "UTILITY",
                         "message": {"template": {"name": "order", "language": {"code": "en"}}}});
    assert_eq!(inbox.post("messages", message.clone()).await.graph_error(), BAD);
    inbox.pass_time(2).await;
    assert_eq!(inbox.post("messages", message.clone()).await.status, 200);
    assert_eq!(inbox.delete(&format!("{PAGE}/message_templates?name=order")).await.status, 200);
    assert_eq!(inbox.post("messages", message).await.graph_error(), BAD);
    let library = inbox.get("message_template_library?language=en").await.json();
    assert_eq!(library["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn people_on_instagram_can_be_blocked() {
    let inbox = Inbox::new().await;
    let moderate = |action: &str| {
        inbox.post(
            "moderate_conversations",
            json!({"user_ids": [{"id": INSTAGRAM_PERSON}], "actions": [action]}),
        )
    };
    assert_eq!(moderate("BLOCK_USER").await.status, 200);
    assert_eq!(
        inbox.send(INSTAGRAM_PERSON, json!({"text": "?"})).await.graph_error(),
        (400, 551, Some(1_545_041))
    );
    assert_eq!(moderate("unblock_user").await.status, 200);
    assert_eq!(inbox.send(INSTAGRAM_PERSON, json!({"text": "!"})).await.status, 200);
    for actions in [json!(["FORGET"]), json!(["block_user", "unblock_user"])] {
        let body = json!({"user_ids": [{"id": INSTAGRAM_PERSON}], "actions": actions});
        assert_eq!(inbox.post("moderate_conversations", body).await.graph_error(), BAD);
    }
}
