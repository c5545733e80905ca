//! What is fuzzed: everything that reads bytes which somebody else chose. Each function panics when a promise is
//! broken.

use std::io::Cursor;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Response};
use serde_json::value::RawValue;
use sociogram_api_core::http::{Dialect, Operation, Replay};
use sociogram_api_core::media::MediaFacts;
use sociogram_api_core::testing::ScriptedTransport;
use sociogram_meta_graph::permissions::ListPermissions;
use sociogram_meta_graph::{Client, GraphDialect, GraphError, guard};

/// Media files, and the guards on what was read of them.
pub fn media_facts(data: &[u8]) {
    let facts = MediaFacts::from_bytes(data);
    let read = MediaFacts::read(Cursor::new(data));
    assert_eq!(read.ok().as_ref(), Some(&facts), "memory and file are the same");
    if let Some(fps) = facts.video.and_then(|video| video.fps) {
        assert!(fps.is_finite() && fps > 0.0, "a frame rate is a number");
    }
    let remote = MediaFacts::from_head(data, Some(u64::MAX));
    for facts in [facts, remote] {
        let checks = [
            guard::media::facebook_photo(&facts),
            guard::media::facebook_reel(&facts),
            guard::media::facebook_video_in_one_request(&facts),
            guard::media::instagram_reel(&facts),
            guard::media::instagram_carousel(&[facts.clone(), facts.clone()]),
            guard::media::threads_carousel(&[facts.clone(), facts.clone()]),
            guard::media::whatsapp_audio(&facts),
            guard::media::whatsapp_sticker(&facts),
        ];
        for finding in checks.iter().flatten() {
            assert!(!finding.to_string().is_empty(), "a finding says something");
        }
    }
}

/// Error answers of the Graph API: the first two bytes are the status, the rest the body.
pub fn graph_error(data: &[u8]) {
    let Some((status, body)) = data.split_first_chunk() else { return };
    let status = 100 + u16::from_be_bytes(*status) % 500;
    if let Some(error) = GraphError::from_body(status, body) {
        let shown = format!("{error} {error:?}");
        assert!(!shown.is_empty(), "an error says something");
        assert!(!error.advice().is_empty(), "an error says what to do");
    }
    inspect(status, &[], body);
}

/// Lists of the Graph API: the whole answer.
pub fn page_envelope(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let transport = ScriptedTransport::new().json(data.to_vec());
    let client = Client::builder().transport(Arc::new(transport.clone())).access_token("TOKEN").build();
    let (Ok(runtime), Ok(client)) = (runtime, client) else { unreachable!("nothing here can be refused") };
    // Time is paused, so that waiting for a limit takes none.
    if let Ok(page) = runtime.block_on(client.send(ListPermissions::new()).into_future()) {
        assert!(serde_json::from_slice::<&RawValue>(data).is_ok(), "only JSON is a list");
        let cursor = format!("{page:?}");
        assert!(!cursor.contains("TOKEN"), "a cursor holds no token of ours");
    }
    assert!(!transport.requests().is_empty(), "it was asked for");
}

/// Headers that say how much of the limits is used: each line is the value of the next header.
pub fn usage_headers(data: &[u8]) {
    const NAMES: [&str; 8] = [
        "x-app-usage",
        "x-page-usage",
        "x-business-use-case-usage",
        "x-ad-account-usage",
        "x-fb-ads-insights-throttle",
        "facebook-api-version",
        "retry-after",
        "x-fb-trace-id",
    ];
    let values = data.split(|byte| *byte == b'\n');
    let headers: Vec<_> = NAMES.iter().copied().zip(values).collect();
    inspect(200, &headers, b"{}");
    inspect(400, &headers, br#"{"error":{"code":4,"message":"limit"}}"#);
}

fn inspect(status: u16, headers: &[(&'static str, &[u8])], body: &[u8]) {
    let Ok(mut response) = Response::builder().status(status).body(()) else { return };
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    let (head, ()) = response.into_parts();
    for name in ["page.posts.list", "ads.insights.get", "whatsapp.messages.send"] {
        let operation = Operation::new(name, "meta", Replay::Never);
        let verdict = GraphDialect::new().inspect(&operation, &head, body);
        for reading in &verdict.usage {
            assert!(
                reading.percent.is_finite() && reading.percent >= 0.0,
                "a usage is a number: {reading:?}"
            );
        }
        assert!(!format!("{verdict:?}").is_empty(), "a verdict can be shown");
    }
}
