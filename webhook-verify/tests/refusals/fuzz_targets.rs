//! The fuzz targets of the webhooks with seeded random input and a small corpus, on the stable compiler.

use proptest::{prelude::*, test_runner::RngSeed};
use sociogram_webhook_verify::{Secret, testing};

#[path = "../../../fuzz/webhooks.rs"]
#[allow(unreachable_pub, reason = "it is part of the library of the fuzz targets, too")]
mod webhooks;

fn all(data: &[u8]) {
    webhooks::signature_header(data);
    webhooks::webhook_query(data);
    webhooks::signed_request(data);
    webhooks::delivery(data);
}

/// JSON as the platforms send it, and everything that resembles it.
fn jsonish() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1712000000",
        "1712000000123",
        "-1",
        "1e400",
        "99999999999999999999",
        "0.5",
        "null",
        "true",
        "\"\"",
        "\"7\"",
        "\"\\ud800\"",
        "\"add\"",
        "\"remove\"",
        "\"comment\"",
        "\"reaction\"",
        "\"status\"",
        "\"LIKE\"",
        "\"text\"",
        "\"urn:li:organization:1\"",
        "\"wamid.1\"",
        "\"delivered\"",
        "\"CREATED\"",
        "\"HMAC-SHA256\"",
        "{}",
        "[]",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 6, |inner| {
        let name = prop::sample::select(vec![
            "id",
            "time",
            "field",
            "value",
            "item",
            "verb",
            "from",
            "sender",
            "recipient",
            "timestamp",
            "message",
            "mid",
            "read",
            "reaction",
            "postback",
            "delivery",
            "watermark",
            "mids",
            "statuses",
            "messages",
            "contacts",
            "status",
            "type",
            "text",
            "errors",
            "metadata",
            "phone_number_id",
            "leadgen_id",
            "created_time",
            "post_id",
            "comment_id",
            "media",
            "user_id",
            "algorithm",
            "issued_at",
            "expires",
            "action",
            "notificationId",
            "organizationalEntity",
            "leadAction",
            "owner",
            "a\\u0062",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

#[test]
fn the_corpus_breaks_no_promise() {
    let secret = Secret::new("canary-secret").unwrap();
    let body = br#"{"object":"page","entry":[]}"#;
    let nested = format!("{{\"a\":{}", "[".repeat(100_000));
    let upper = testing::sign_meta(&secret, body).to_uppercase().replace("SHA256", "sha256");
    for data in [
        "",
        "\n",
        &testing::sign_meta(&secret, body),
        &upper,
        &format!("{}\n", testing::sign_meta(&secret, body)),
        &testing::sign_linkedin(&secret, body),
        &testing::sign_linkedin_bare(&secret, body).to_uppercase(),
        &testing::meta_challenge_query("canary-token", "1158201444"),
        &testing::linkedin_challenge_query("890e4665-4dfe-4ab1-b689-ed553bceeed0", None),
        r#"{"algorithm":"HMAC-SHA256","user_id":"1"}"#,
        r#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m"}}]}]}"#,
        r#"{"type":"LEAD_ACTION","leadAction":"CREATED"}"#,
        &nested,
    ] {
        all(data.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_122),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes_break_no_promise(data in prop::collection::vec(any::<u8>(), 0..256)) {
        all(&data);
    }

    #[test]
    fn random_headers_break_no_promise(data in "(sha256=|sha1=|hmacsha256=|HMACSHA256=|)[0-9a-fA-F]{62,66}[ \t\n,]?") {
        webhooks::signature_header(data.as_bytes());
    }

    #[test]
    fn random_queries_break_no_promise(
        challenge in "[0-9a-zA-Z_%<&=+ -]{0,40}",
        code in "([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f{}=-]{30,40})",
    ) {
        webhooks::webhook_query(format!("hub.mode=subscribe&hub.verify_token=canary-token&hub.challenge={challenge}").as_bytes());
        webhooks::webhook_query(format!("challengeCode={code}").as_bytes());
    }

    #[test]
    fn random_signed_requests_break_no_promise(text in "[A-Za-z0-9_=%+.-]{0,60}", payload in jsonish()) {
        webhooks::signed_request(format!("signed_request={text}").as_bytes());
        webhooks::signed_request(text.as_bytes());
        webhooks::signed_request(payload.as_bytes());
        webhooks::signed_request(format!(r#"{{"algorithm":"HMAC-SHA256","user_id":{payload}}}"#).as_bytes());
    }

    #[test]
    fn random_deliveries_break_no_promise(
        value in jsonish(),
        other in jsonish(),
        object in "(page|instagram|whatsapp_business_account|permissions|user|x)",
        field in "(feed|leadgen|mention|messages|comments|mentions|statuses|account_update|live_videos|ratings|x)",
        list in "(messaging|standby|changes|changed_fields)",
    ) {
        let change = format!(r#"{{"field":"{field}","value":{value}}}"#);
        for body in [
            value.clone(),
            format!(r#"{{"object":"{object}","entry":{value}}}"#),
            format!(r#"{{"object":"{object}","entry":[{{"id":"1","time":{other},"changes":[{change},{change},{other}]}}]}}"#),
            format!(r#"{{"object":"{object}","entry":[{{"id":"1","time":1712000000,"{list}":[{value},{other}]}}]}}"#),
            format!(r#"{{"object":"{object}","entry":[{{"id":"1","changes":[{{"field":"{field}","value":{{"metadata":{other},"messages":[{value}],"statuses":[{other}]}}}}]}}]}}"#),
            format!(r#"{{"target_id":"1","time":1712000000,"values":{change}}}"#),
            format!(r#"{{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[{value},{other}]}}"#),
            format!(r#"{{"type":"LEAD_ACTION","leadAction":{value},"owner":{other}}}"#),
        ] {
            webhooks::delivery(body.as_bytes());
        }
    }
}
