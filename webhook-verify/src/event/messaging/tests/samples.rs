//! One item of every kind, in the shapes of the platform's documentation.

use serde_json::{Value, json};

use super::{ACCOUNT, PERSON, anonymous, item, own};

pub(super) struct Sample {
    pub(super) object: &'static str,
    /// The name of the event without the platform.
    pub(super) label: &'static str,
    pub(super) person: Option<&'static str>,
    pub(super) item: Value,
}

fn page(label: &'static str, item: Value) -> Sample {
    Sample { object: "page", label, person: Some(PERSON), item }
}

fn instagram(label: &'static str, item: Value) -> Sample {
    Sample { object: "instagram", label, person: Some(PERSON), item }
}

pub(super) fn all() -> Vec<Sample> {
    let mut all = messenger();
    all.extend(control());
    all.extend(on_instagram());
    all
}

fn messenger() -> Vec<Sample> {
    vec![
        page(
            "message",
            item(&json!({"message": {"mid": "m_text", "text": "hello, world!", "nlp": {"intents": []},
            "quick_reply": {"payload": "RED"}, "reply_to": {"mid": "m_before", "is_self_reply": false}}})),
        ),
        page(
            "message",
            item(&json!({"message": {"mid": "m_media", "seq": 73, "attachments": [
                {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/a.png", "sticker_id": 369_239_263_222_822_i64}},
                {"type": "location", "title": "Pin", "url": "https://maps.example/", "payload": {"coordinates":
                    {"lat": 38.8951, "long": "-77.0364"}}},
                {"type": "fallback", "title": "A page", "url": "https://example.com/", "payload": null},
                {"type": "template", "payload": {"product": {"elements": [{"id": "4", "retailer_id": "sku", "title": "Cup"}]}}},
                {"type": "reel", "payload": {"url": "https://www.facebook.com/reel/1", "title": "Reel", "reel_video_id": 7}},
            ]}})),
        ),
        page(
            "message",
            item(&json!({"message": {"mid": "m_ad", "text": "How much?", "referral": {"ref": "spring",
            "ad_id": 6_045_246, "source": "ADS", "type": "OPEN_THREAD", "ads_context_data": {"ad_title": "Cups",
            "photo_url": "https://example.com/p.jpg", "video_url": "https://example.com/v.mp4",
            "post_id": "10_2", "product_id": "5", "flow_id": "6"}}}})),
        ),
        page(
            "message_echo",
            own(&json!({"message": {"mid": "m_echo", "text": "Hi", "is_echo": true,
            "app_id": 1_517_776_481_860_111_i64, "metadata": "campaign 5"}})),
        ),
        page("message_deleted", item(&json!({"message": {"mid": "m_gone", "is_deleted": true}}))),
        page(
            "message_edit",
            item(&json!({"message_edit": {"mid": "m_text", "text": "hello", "num_edit": 1}})),
        ),
        page(
            "message_delivery",
            item(&json!({"delivery": {"mids": ["m_echo"], "watermark": 1_712_000_000_000_i64}})),
        ),
        page("message_read", item(&json!({"read": {"watermark": 1_712_000_000_000_i64, "seq": 38}}))),
        page(
            "message_reaction",
            item(&json!({"reaction": {"reaction": "love", "emoji": "\u{2764}", "action": "react",
            "mid": "m_echo"}})),
        ),
        page(
            "postback",
            item(&json!({"postback": {"mid": "m_press", "title": "Start", "payload": "GET_STARTED",
            "referral": {"ref": "door", "source": "SHORTLINK", "type": "OPEN_THREAD"}}})),
        ),
        page("postback", item(&json!({"postback": {"title": "Start", "payload": "OLD_BUTTON"}}))),
        page(
            "referral",
            item(
                &json!({"referral": {"ref": "door", "source": "CUSTOMER_CHAT_PLUGIN", "type": "OPEN_THREAD",
            "referer_uri": "https://example.com/", "is_guest_user": true}}),
            ),
        ),
        page(
            "optin",
            item(&json!({"optin": {"type": "notification_messages", "payload": "NEWS", "topic": "News",
            "title": "Our news", "notification_messages_token": "4321", "notification_messages_frequency": "DAILY",
            "notification_messages_timezone": "Europe/Berlin", "token_expiry_timestamp": 1_743_536_000_000_i64,
            "user_token_status": "NOT_REFRESHED", "notification_messages_status": "STOP_NOTIFICATIONS"}})),
        ),
        Sample {
            object: "page",
            label: "optin",
            person: Some("checkbox-5"),
            item: anonymous(&json!({"optin": {"ref": "order 5", "user_ref": "checkbox-5"}})),
        },
        page(
            "account_linking",
            item(&json!({"account_linking": {"status": "linked", "authorization_code": "code"}})),
        ),
        page(
            "checkout_update",
            item(&json!({"checkout_update": {"payload": "P", "shipping_address": {"id": 10}}})),
        ),
        page(
            "payment",
            item(&json!({"payment": {"payload": "P", "amount": {"currency": "USD", "amount": "29.62"}}})),
        ),
        page(
            "game_play",
            item(&json!({"game_play": {"game_id": "1", "player_id": "2", "context_type": "SOLO"}})),
        ),
        page(
            "prior_message",
            item(&json!({"prior_message": {"source": "customer_matching", "identifier": "4915"}})),
        ),
    ]
}

fn control() -> Vec<Sample> {
    let apps = json!({"previous_owner_app_id": "111", "new_owner_app_id": 222, "metadata": "your turn"});
    vec![
        page("pass_thread_control", item(&json!({"pass_thread_control": apps}))),
        page(
            "take_thread_control",
            item(&json!({"take_thread_control": {"previous_owner_app_id": "222",
            "new_owner_app_id": "111", "metadata": "back"}})),
        ),
        page(
            "request_thread_control",
            item(&json!({"request_thread_control": {"requested_owner_app_id": 333,
            "metadata": "please"}})),
        ),
        Sample {
            object: "page",
            label: "app_roles",
            person: None,
            item: anonymous(&json!({"app_roles": {"111": ["primary_receiver"], "222": []}})),
        },
        Sample {
            object: "page",
            label: "policy_enforcement",
            person: None,
            item: anonymous(&json!({"policy-enforcement": {"action": "block", "reason": "spam"}})),
        },
    ]
}

fn on_instagram() -> Vec<Sample> {
    vec![
        instagram(
            "message",
            item(&json!({"message": {"mid": "aWdfZ", "text": "Nice!", "reply_to": {"story":
            {"url": "https://lookaside.fbsbx.com/s", "id": "17899"}}}})),
        ),
        instagram(
            "message",
            item(&json!({"message": {"mid": "aWdfM", "attachments": [
            {"type": "story_mention", "payload": {"url": "https://lookaside.fbsbx.com/m"}},
            {"type": "ig_reel", "payload": {"reel_video_id": "178", "title": "T", "url": "https://lookaside.fbsbx.com/r"}},
            {"type": "share", "payload": {"url": "https://lookaside.fbsbx.com/p"}},
            {"type": "ephemeral"}]}})),
        ),
        instagram("message", item(&json!({"message": {"mid": "aWdfU", "is_unsupported": true}}))),
        instagram(
            "message",
            item(&json!({"message": {"mid": "aWdfP", "text": "This one?",
            "referral": {"product": {"id": 99}}}})),
        ),
        instagram(
            "message_echo",
            own(&json!({"message": {"mid": "aWdfS", "text": "memo", "is_echo": true,
            "is_self": true}})),
        ),
        instagram("message_deleted", item(&json!({"message": {"mid": "aWdfD", "is_deleted": true}}))),
        instagram(
            "message_edit",
            item(&json!({"message_edit": {"mid": "aWdfZ", "text": "Nice", "num_edit": "2"}})),
        ),
        instagram("message_read", item(&json!({"read": {"mid": "aWdfE"}}))),
        instagram("message_reaction", item(&json!({"reaction": {"mid": "aWdfE", "action": "unreact"}}))),
        instagram(
            "postback",
            item(&json!({"postback": {"mid": "aWdfB", "title": "Hours?", "payload": "HOURS"}})),
        ),
        instagram(
            "postback",
            own(&json!({"is_self": true, "postback": {"mid": "aWdfO", "title": "Start",
            "payload": "START"}})),
        ),
        instagram(
            "referral",
            item(&json!({"referral": {"ref": "bio", "source": "SHORTLINKS", "type": "OPEN_THREAD"}})),
        ),
        instagram(
            "optin",
            item(&json!({"optin": {"type": "notification_messages", "payload": "NEWS",
            "notification_messages_token": "9"}})),
        ),
        instagram(
            "pass_thread_control",
            item(&json!({"pass_thread_control": {"new_owner_app_id": "222"},
            "recipient": {"id": ACCOUNT}})),
        ),
    ]
}
