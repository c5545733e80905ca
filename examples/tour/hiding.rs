//! What the record hides, and what it leaves as it was.

use http::Method;
use serde_json::{Value, json};

use crate::program::{record::Record, secrets::Secrets};

/// Stands for a secret that nobody told the record of.
const CANARY: &str = "EAACANARY|x-Y_9";

/// The canary, percent-encoded so many times.
fn canary(times: usize) -> String {
    (0..times).fold(CANARY.to_owned(), |text, _| text.replace('%', "%25").replace('|', "%7C"))
}

fn record(target: &str, content_type: &str, body: &str) -> Value {
    let content_type = Some(content_type).filter(|kind| !kind.is_empty());
    let body = body.as_bytes();
    let host = "graph.facebook.com";
    let record = Record { method: &Method::POST, host, target, content_type, body, operation: "a.b" };
    record.to_json(&Secrets::default())
}

/// What is left of a text.
fn hidden(text: &str) -> String {
    Secrets::default().hide(text)
}

/// The same text without the secret, and not another letter different.
fn check(with: impl Fn(&str) -> String, times: usize) {
    assert_eq!(hidden(&with(&canary(times))), with("[redacted]"));
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn queries_keep_their_names_and_lose_their_secrets() {
    let target = |secret: &str| {
        format!("/v26.0/debug_token?fields=id%2Caccess_token&input_token={secret}&appsecret_proof={secret}")
    };
    let shown = record(&target(&canary(1)), "", "");
    let expected = "fields=id%2Caccess_token&input_token=[redacted]&appsecret_proof=[redacted]";
    assert_eq!((&shown["path"], &shown["query"]), (&json!("/v26.0/debug_token"), &json!(expected)));
    assert_eq!((&shown["body"], &shown["content_type"]), (&Value::Null, &Value::Null));
    for name in [
        "access_token",
        "client_secret",
        "code",
        "code_verifier",
        "fb_exchange_token",
        "hub.verify_token",
        "page_access_token",
        "revoke_token",
        "uploadToken",
        "ut",
    ] {
        check(|secret| format!("a=1&{name}={secret}&b=2"), 1);
        check(|secret| format!("{name}={secret}"), 1);
    }
}

#[test]
fn forms_lose_their_secrets_and_those_in_their_values() {
    let body = format!("object=page&verify_token={}&fields=feed", canary(1));
    let shown = record("/v26.0/7/subscriptions", FORM, &body);
    assert_eq!(shown["body"], "object=page&verify_token=[redacted]&fields=feed");
    // An address in a parameter, and JSON in one.
    check(|secret| format!("link=https%3A%2F%2Fexample.com%2F%3Faccess_token%3D{secret}%26b%3D2&c=3"), 2);
    check(|secret| format!("x=%7B%22access_token%22%3A%22{secret}%22%2C%22b%22%3A2%7D&c=3"), 1);
    check(|secret| format!("x=%7B%22pin%22%3A+%22{secret}%22%7D"), 1);
}

#[test]
fn json_loses_texts_and_numbers_under_secret_names_at_any_depth() {
    let body =
        format!(r#"{{"messaging_product":"whatsapp","pin":"{CANARY}","nested":[{{"token":"{CANARY}"}}]}}"#);
    let shown = record("/v26.0/1/register", "application/json", &body);
    let expected = r#"{"messaging_product":"whatsapp","pin":"[redacted]","nested":[{"token":"[redacted]"}]}"#;
    assert_eq!(shown["body"], expected);
    assert_eq!(hidden(r#"{"pin":123456,"n":1}"#), r#"{"pin":[redacted],"n":1}"#);
    // JSON in a text of JSON, and an address in one.
    check(|secret| format!(r#"{{"body":"{{\"access_token\":\"{secret}\",\"n\":1}}","m":2}}"#), 0);
    check(|secret| format!(r#"{{"link":"https://a.b/?access_token={secret}","m":2}}"#), 1);
    // An escaped quote does not end a secret.
    assert_eq!(hidden(r#"{"password":"EAA\"CANARY","n":1}"#), r#"{"password":"[redacted]","n":1}"#);
}

#[test]
fn batches_lose_the_tokens_of_their_items() {
    // JSON in a form; its queries and bodies are encoded once more, and JSON in a body twice more.
    check(
        |secret| {
            format!(
                "batch=%5B%7B%22method%22%3A%22GET%22%2C%22relative_url%22%3A%22me%3Ffields%3Did%252Caccess_token\
                 %26access_token%3D{secret}%26appsecret_proof%3D{secret}%22%7D%2C%7B%22body%22%3A%22a%3D1%26\
                 verify_token%3D{secret}%22%2C%22name%22%3A%22x%22%7D%5D&include_headers=false"
            )
        },
        2,
    );
    check(
        |secret| {
            format!(
                "batch=%5B%7B%22body%22%3A%22x%3D%257B%2522access_token%2522%253A%2522{secret}%2522%252C%2522b%2522\
                 %253A1%257D%26y%3D2%22%7D%5D"
            )
        },
        2,
    );
    check(
        |secret| {
            format!(
                "batch=%5B%7B%22body%22%3A%22x%3D%255B%257B%255C%2522pin%255C%2522%253A%255C%2522{secret}%255C%2522%257D%255D%22%7D%5D"
            )
        },
        2,
    );
}

#[test]
fn multipart_bodies_lose_secret_fields_and_tell_files_by_their_size() {
    let part = |head: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let body = |secret: &str, in_query: &str, file: &str| {
        let batch = format!(r#"[{{"relative_url":"me?access_token={in_query}","attached_files":"file0"}}]"#);
        [
            part("name=\"access_token\"", secret),
            part("name=\"batch\"", &batch),
            part("name=\"file0\"; filename=\"token.png\"\r\nContent-Type: image/png", file),
            part("name=\"caption\"", "my token"),
            "--b--\r\n".to_owned(),
        ]
        .concat()
    };
    let sent = body(CANARY, &canary(1), "EAACANARY\r\n\r\nfile");
    let shown = record("/v26.0/", "multipart/form-data; boundary=b", &sent);
    assert_eq!(shown["body"], body("[redacted]", "[redacted]", "<17 bytes>"));
    // Other bodies are told by their size alone.
    for kind in ["", "application/octet-stream", "multipart/mixed; boundary=b"] {
        assert_eq!(record("/v26.0/", kind, CANARY)["body"], "<15 bytes>", "{kind}");
    }
}

#[test]
fn what_is_known_is_hidden_wherever_it_stands() {
    let secrets = Secrets::default();
    secrets.add("short");
    secrets.add(CANARY);
    secrets.learn(
        br#"[{"code":200,"body":"{\"data\":[{\"id\":\"1\",\"access_token\":\"EAALEARNED\"}]}"},null]"#,
    );
    secrets.learn(br#"{"id":"1","client_secret":"s3cret-of-the-app"}"#);
    secrets.learn(b"no JSON");
    for times in 0..3 {
        let text = format!("/v26.0/{}/x?y={}&z=1", canary(times), canary(times));
        assert_eq!(secrets.hide(&text), "/v26.0/[redacted]/x?y=[redacted]&z=1");
    }
    let text = "a short text of EAALEARNED and s3cret-of-the-app";
    assert_eq!(secrets.hide(text), "a short text of [redacted] and [redacted]");
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "fields=id,name,access_token&limit=25",
        "fields=access_token",
        "access_token=&next=1",
        "after=QVFIUtoken&summary=true",
        r#"{"language":{"code":"en_US"},"type":"token","pinned":true,"shipping":"1","tokens":["a"]}"#,
        r#"{"access_token":null,"access_token_kind":"page","pin":""}"#,
        "message=50%25%20off%20%26%20more",
        "%7B%22code%22%3A%22USD%22%7D",
        "spin=1&pinned=2&codec=3",
    ] {
        assert_eq!(hidden(text), text);
    }
}
