//! Every route against input it must not take: a problem that says what to do, and nothing done.

use http::{Method, header};

use super::driver::{Bench, problem};

const JSON: Option<&str> = Some("application/json");
const LINES: Option<&str> = Some("application/x-ndjson");
const ID: &str = "00000000-0000-4000-8000-000000000000";

type Case<'a> = (Method, &'a str, Option<&'a str>, &'a [u8], u16);

async fn refuse_all(bench: &Bench, cases: &[Case<'_>]) {
    for (method, path, media_type, body, status) in cases {
        let mut request = bench.request(method.clone(), path).body(body.to_vec());
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, *media_type);
        }
        let reply = bench.send(request).await;
        let start = String::from_utf8_lossy(body.get(..body.len().min(60)).unwrap_or_default()).into_owned();
        assert_eq!(reply.status, *status, "{method} {path} {media_type:?} {start}: {}", reply.text);
        problem(&reply, *status);
    }
}

async fn nothing_happened(bench: &Bench) {
    let connections = bench.json("/api/connections").await;
    assert_eq!(connections["connections"].as_array().unwrap().len(), 0);
    assert_eq!(bench.recorded().await, 0);
    let calls = bench.received().calls;
    assert!(calls.is_empty(), "no platform was asked anything: {calls:?}");
}

#[tokio::test]
async fn paths_methods_and_queries() {
    let bench = Bench::new().await;
    let long = format!("/callback/facebook?state=x&code={}", "a".repeat(20_000));
    let (disconnect, accounts) =
        (format!("/api/connections/{ID}"), format!("/api/connections/{ID}/accounts"));
    let twice = |path: &str| format!("{path}?a=1&a=2");
    let (disconnect_twice, accounts_twice) = (twice(&disconnect), twice(&accounts));
    let get = |path, status| (Method::GET, path, None, &b""[..], status);
    let call = |method, path, status| (method, path, None, &b""[..], status);
    let cases = [
        get("/nothing", 404),
        get("/api", 404),
        get("/api/connections/", 404),
        get("/?a=1&a=2", 400),
        get("/?a=%ff", 400),
        call(Method::POST, "/", 405),
        get("/healthz?a=1&a=2", 400),
        get("/healthz?a=1", 400),
        call(Method::PUT, "/healthz", 405),
        get("/connect/myspace", 404),
        get("/connect/%ff", 400),
        get("/connect/facebook?a=1&a=2", 400),
        get("/connect/linkedin?scope=all", 400),
        call(Method::POST, "/connect/facebook", 405),
        get("/callback/myspace?code=a&state=b", 404),
        get("/callback/%ff", 400),
        get("/callback/facebook", 400),
        get("/callback/facebook?state=b", 400),
        get("/callback/facebook?code=a", 400),
        get("/callback/facebook?code=a&code=b&state=c", 400),
        get("/callback/facebook?code=a&error=b&state=c", 400),
        get("/callback/facebook?code=a&state=b", 400),
        get("/callback/linkedin?code=%ff&state=%ff", 400),
        get(&long, 400),
        call(Method::POST, "/callback/linkedin", 405),
        get("/api/connections?a=1&a=2", 400),
        get("/api/connections?limit=5", 400),
        call(Method::POST, "/api/connections", 405),
        call(Method::DELETE, "/api/connections/1", 400),
        call(Method::DELETE, "/api/connections/%ff", 400),
        call(Method::DELETE, &disconnect, 404),
        call(Method::DELETE, &disconnect_twice, 400),
        get(&disconnect, 405),
        get("/api/connections/1/accounts", 400),
        get("/api/connections/%ff/accounts", 400),
        get(&accounts, 404),
        get(&accounts_twice, 400),
        call(Method::PUT, &accounts, 405),
        get("/api/publish", 405),
        get("/api/webhooks", 404),
        get("/api/events?a=1&a=2", 400),
        get("/api/events?page=0", 400),
        get("/api/events?since=yesterday", 422),
        get("/api/events?since=1969-01-01T00:00:00Z", 422),
        get("/api/events?until=0", 422),
        get("/api/events?state=lost", 422),
        get("/api/events?state=dead,", 422),
        get("/api/events?provider=tiktok", 422),
        get("/api/events?limit=0", 422),
        get("/api/events?limit=501", 422),
        get("/api/events?after=x", 422),
        get("/api/events/x", 400),
        get("/api/events/1?a=1", 400),
        get("/api/events/1", 404),
        get("/api/leads?limit=many", 422),
        get("/api/leads?kind=x", 400),
        get("/api/conversations?after=-1", 422),
        call(Method::DELETE, "/api/events", 405),
        call(Method::POST, "/api/leads", 405),
        get("/api/events/replay", 405),
        get("/api/conversions?state=gone", 422),
        get("/api/conversions?platform=myspace", 422),
        get("/api/conversions?connection=1", 400),
        get("/api/conversions?since=yesterday", 422),
        get("/api/conversions?limit=501", 422),
        get("/api/conversions?after=x", 422),
        get("/api/conversions?kind=x", 400),
        get("/api/conversions/x", 400),
        get("/api/conversions/1?a=1", 400),
        get("/api/conversions/1", 404),
        get("/api/conversions/replay", 405),
        call(Method::DELETE, "/api/conversions/1", 405),
        get("/api/leads/1", 405),
        call(Method::PATCH, "/api/leads/1", 415),
    ];
    refuse_all(&bench, &cases).await;
    let reply = bench.send(bench.request(Method::PATCH, "/webhooks/meta")).await;
    assert_eq!(reply.header(header::ALLOW), Some("GET,HEAD,POST"), "405 names what is allowed");
    nothing_happened(&bench).await;
}

#[tokio::test]
async fn posts() {
    let bench = Bench::new().await;
    let path = "/api/publish";
    let post = |media_type, body: &'static [u8], status| (Method::POST, path, media_type, body, status);
    let too_large = format!("{{\"text\":\"{}\"}}", "a".repeat(1024 * 1024));
    let deep = "[".repeat(100_000);
    let good = format!(r#"{{"connection":"{ID}","account":"1","text":"x"}}"#);
    let unknown = format!(r#"{{"connection":"{ID}","account":"1","text":"x","texts":"y"}}"#);
    let wrong = format!(r#"{{"connection":"{ID}","account":1,"text":"x"}}"#);
    let doubled = format!(r#"{{"connection":"{ID}","account":"1","text":"x","text":"y"}}"#);
    let cases = [
        post(None, b"{}", 415),
        post(Some("text/plain"), b"{}", 415),
        post(Some("application/json; charset=latin1"), b"{}", 415),
        post(Some("application/jsonp"), b"{}", 415),
        post(JSON, b"", 400),
        post(JSON, b" \n", 400),
        post(JSON, b"\xff\xfe{\x00", 400),
        post(JSON, b"{\"text\":", 400),
        post(JSON, b"[]", 422),
        post(JSON, b"null", 422),
        post(JSON, b"{}", 422),
        post(JSON, br#"{"connection":"x","account":"1","text":"x"}"#, 422),
        (Method::POST, path, JSON, unknown.as_bytes(), 422),
        (Method::POST, path, JSON, wrong.as_bytes(), 422),
        (Method::POST, path, JSON, doubled.as_bytes(), 422),
        (Method::POST, path, JSON, good.as_bytes(), 404),
        (Method::POST, path, JSON, deep.as_bytes(), 422),
        (Method::POST, path, JSON, too_large.as_bytes(), 413),
        (Method::POST, "/api/publish?a=1&a=2", JSON, good.as_bytes(), 400),
        (Method::POST, "/api/publish?dry=1", JSON, good.as_bytes(), 400),
    ];
    refuse_all(&bench, &cases).await;
    for (name, value, status) in [
        ("idempotency-key", "", 400),
        ("idempotency-key", "two words", 400),
        ("content-encoding", "gzip", 415),
        ("host", "evil.example", 421),
    ] {
        let request = bench.request(Method::POST, path).header(name, value);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(good.clone());
        problem(&bench.send(request).await, status);
    }
    nothing_happened(&bench).await;
}

#[tokio::test]
async fn replays() {
    let bench = Bench::new().await;
    let path = "/api/events/replay";
    let post = |body: &'static [u8], status| (Method::POST, path, JSON, body, status);
    let cases = [
        (Method::POST, path, None, &b"{}"[..], 415),
        (Method::POST, "/api/events/replay?dry=1", JSON, br#"{"of":"failed"}"#, 400),
        post(b"", 400),
        post(b"{}", 422),
        post(br#"{"of":"everything"}"#, 422),
        post(br#"{"of":"failed","since":"yesterday"}"#, 422),
        post(br#"{"of":"failed","until":"1969-01-01T00:00:00Z"}"#, 422),
        post(br#"{"of":"failed","limit":0}"#, 422),
        post(br#"{"of":"failed","limit":1001}"#, 422),
        post(br#"{"of":"failed","ids":[1]}"#, 422),
        post(br#"{"of":"failed","provider":"tiktok"}"#, 422),
        post(br#"{"of":"failed","all":true}"#, 422),
        post(br#"{"of":"entries"}"#, 422),
        post(br#"{"of":"entries","ids":[]}"#, 422),
        post(br#"{"of":"entries","ids":["1"]}"#, 422),
        post(br#"{"of":"entries","ids":[1],"kind":"page_feed"}"#, 422),
        // Nobody's event is told from somebody else's.
        post(br#"{"of":"entries","ids":[1]}"#, 404),
    ];
    refuse_all(&bench, &cases).await;
    nothing_happened(&bench).await;
}

#[tokio::test]
async fn webhooks() {
    let bench = Bench::new().await;
    let get = |path, status| (Method::GET, path, None, &b""[..], status);
    let too_large = vec![b' '; 4 * 1024 * 1024 + 1];
    let long = format!("/webhooks/meta?hub.mode=subscribe&hub.challenge={}", "1".repeat(10_000));
    let cases = [
        get("/webhooks/meta", 400),
        get("/webhooks/meta?hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1", 403),
        get("/webhooks/meta?hub.mode=subscribe&hub.mode=subscribe&hub.verify_token=a&hub.challenge=1", 400),
        get("/webhooks/meta?hub.mode=subscribe&hub.verify_token=%ff&hub.challenge=1", 400),
        get(&long, 400),
        get("/webhooks/linkedin", 400),
        get("/webhooks/linkedin?challengeCode=hmacsha256%3D%7B%7D", 400),
        get("/webhooks/linkedin?challengeCode=a&challengeCode=b", 400),
        get("/webhooks/linkedin?challengeCode=%ff", 400),
        (Method::POST, "/webhooks/meta", JSON, b"{}", 401),
        (Method::POST, "/webhooks/meta", JSON, b"", 401),
        (Method::POST, "/webhooks/meta?a=1&a=2", JSON, b"{}", 401),
        (Method::POST, "/webhooks/meta", Some("text/plain"), b"\xff", 401),
        (Method::POST, "/webhooks/meta", JSON, &too_large, 413),
        (Method::POST, "/webhooks/linkedin", JSON, b"{}", 401),
        (Method::POST, "/webhooks/linkedin", None, b"\xff", 401),
        (Method::POST, "/webhooks/linkedin", JSON, &too_large, 413),
        (Method::DELETE, "/webhooks/linkedin", None, b"", 405),
        (Method::POST, "/webhooks/tiktok", JSON, b"{}", 404),
    ];
    refuse_all(&bench, &cases).await;
    for (path, name) in [("/webhooks/meta", "x-hub-signature-256"), ("/webhooks/linkedin", "x-li-signature")]
    {
        let signed = |values: &[&str]| {
            let request = bench.request(Method::POST, path).body("{}");
            values.iter().fold(request, |request, value| request.header(name, *value))
        };
        let forged = format!("{}{}", if name == "x-li-signature" { "" } else { "sha256=" }, "0".repeat(64));
        problem(&bench.send(signed(&[&forged])).await, 401);
        problem(&bench.send(signed(&[&forged, &forged])).await, 400);
        problem(&bench.send(signed(&["nonsense"])).await, 400);
    }
    nothing_happened(&bench).await;
}

#[tokio::test]
async fn conversions() {
    let bench = Bench::new().await;
    let path = "/api/conversions";
    let event =
        br#"{"event_name":"Lead","event_time":1,"action_source":"email","user_data":{"em":"a@b.example"}}"#;
    let too_large = vec![b' '; 10 * 1024 * 1024 + 1];
    let too_many = "{}\n".repeat(10_001);
    let post = |path, media_type, body, status| (Method::POST, path, media_type, body, status);
    let cases = [
        post(path, None, &event[..], 415),
        post(path, Some("text/csv"), event, 415),
        post(path, LINES, b"", 400),
        post(path, LINES, b"\xff", 400),
        post(path, LINES, b"\n \n", 400),
        post(path, JSON, b"[", 400),
        post(path, JSON, event, 422),
        post(path, JSON, b"[]", 422),
        post(path, LINES, too_many.as_bytes(), 422),
        post(path, LINES, &too_large, 413),
        post("/api/conversions?dataset=1&dataset=2", LINES, event, 400),
        post("/api/conversions?data=1", LINES, event, 400),
        post("/api/conversions?dataset=a/b", LINES, event, 400),
        post("/api/conversions?dataset=%ff", LINES, event, 400),
        post("/api/conversions?connection=1", LINES, event, 400),
        post("/api/conversions?platform=linked_in", LINES, event, 422),
        post("/api/conversions?platform=linkedin&dataset=1", LINES, event, 422),
        post("/api/conversions?platform=linkedin", LINES, event, 409),
        post("/api/conversions?wait=31", LINES, event, 422),
        post("/api/conversions?wait=-1", LINES, event, 422),
        post(path, LINES, event, 409),
    ];
    refuse_all(&bench, &cases).await;
    nothing_happened(&bench).await;
}

#[tokio::test]
async fn conversions_again_and_leads() {
    let bench = Bench::new().await;
    let replay = "/api/conversions/replay";
    let post = |body: &'static str, status| (Method::POST, replay, JSON, body.as_bytes(), status);
    let patch = |path, body: &'static str, status| (Method::PATCH, path, JSON, body.as_bytes(), status);
    let cases = [
        post("{", 400),
        post("{}", 422),
        post(r#"{"of":"sent"}"#, 422),
        post(r#"{"of":"entries"}"#, 422),
        post(r#"{"of":"entries","ids":[]}"#, 422),
        post(r#"{"of":"entries","ids":[1],"name":"Lead"}"#, 422),
        post(r#"{"of":"rejected","ids":[1]}"#, 422),
        post(r#"{"of":"rejected","limit":0}"#, 422),
        post(r#"{"of":"in_doubt","limit":1001}"#, 422),
        post(r#"{"of":"rejected","platform":"myspace"}"#, 422),
        post(r#"{"of":"rejected","connection":"1"}"#, 400),
        post(r#"{"of":"rejected","since":"yesterday"}"#, 422),
        post(r#"{"of":"rejected","state":"sent"}"#, 422),
        patch("/api/leads/1", "{", 400),
        patch("/api/leads/1", "{}", 422),
        patch("/api/leads/1", r#"{"status":"won"}"#, 422),
        patch("/api/leads/1", r#"{"status":"lost","name":"x"}"#, 422),
        patch("/api/leads/x", r#"{"status":"lost"}"#, 400),
        patch("/api/leads/1?a=1", r#"{"status":"lost"}"#, 400),
        patch("/api/leads/1", r#"{"status":"lost"}"#, 404),
    ];
    refuse_all(&bench, &cases).await;
    nothing_happened(&bench).await;
}
