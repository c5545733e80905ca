//! The fuzz targets with random input and a small corpus, on the stable compiler.
#![cfg(feature = "media")]

use proptest::prelude::*;

#[path = "../../fuzz/targets.rs"]
#[allow(unreachable_pub, reason = "it is the library of the fuzz targets, too")]
mod targets;

/// JSON as Meta sends it, and everything that resembles it.
fn jsonish() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "\"error\"",
        "\"code\"",
        "\"error_subcode\"",
        "\"message\"",
        "\"error_data\"",
        "\"is_transient\"",
        "\"data\"",
        "\"paging\"",
        "\"cursors\"",
        "\"after\"",
        "\"next\"",
        "\"summary\"",
        "\"permission\"",
        "\"status\"",
        "\"call_count\"",
        "\"total_time\"",
        "\"estimated_time_to_regain_access\"",
        "\"type\"",
        "\"acc_id_util_pct\"",
        "\"app_id_util_pct\"",
        "\"https://graph.facebook.com/me?after=x\"",
        "4",
        "190",
        "-1",
        "1e400",
        "99999999999999999999",
        "0.5",
        "null",
        "true",
        "\"\"",
        "\"7\"",
        "\"\\ud800\"",
    ]);
    let leaf = word.clone().prop_map(str::to_owned);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

#[test]
fn the_corpus_breaks_no_promise() {
    let nested = "[".repeat(100_000);
    let corpus: [&[u8]; 12] = [
        b"",
        b"{}",
        b"null",
        b"\0\0{\"error\":{\"code\":190,\"error_subcode\":463}}",
        b"\x01\x2c{\"error\":null}",
        b"{\"data\":[],\"paging\":{\"next\":\"::\"}}",
        b"{\"data\":[{}],\"paging\":{\"cursors\":{\"after\":7}}}",
        b"{\"error\":{\"code\":4}}",
        b"{\"call_count\":1e308}\n{\"call_count\":-5}\n{\"1\":[{\"type\":\"pages\",\"call_count\":\"NaN\"}]}",
        b"\xff\xd8\xff\xe0\0\x02\xff\xc0",
        b"\0\0\0\x10ftypisom\0\0\0\0\xff\xff\xff\xffmoov",
        nested.as_bytes(),
    ];
    for data in corpus {
        targets::media_facts(data);
        targets::graph_error(data);
        targets::page_envelope(data);
        targets::usage_headers(data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_break_no_promise(data in prop::collection::vec(any::<u8>(), 0..512)) {
        targets::media_facts(&data);
        targets::graph_error(&data);
        targets::page_envelope(&data);
        targets::usage_headers(&data);
    }

    #[test]
    fn random_answers_break_no_promise(body in jsonish(), status in any::<[u8; 2]>()) {
        targets::graph_error(&[&status, body.as_bytes()].concat());
        targets::page_envelope(body.as_bytes());
        targets::page_envelope(format!(r#"{{"data":[{body}],"paging":{body}}}"#).as_bytes());
        targets::graph_error(format!(r#"  {{"error":{body}}}"#).as_bytes());
    }

    #[test]
    fn random_headers_break_no_promise(lines in prop::collection::vec(jsonish(), 0..8)) {
        targets::usage_headers(lines.join("\n").as_bytes());
        let nested: Vec<_> = lines.iter().map(|line| format!(r#"{{"12":[{line}]}}"#)).collect();
        targets::usage_headers(nested.join("\n").as_bytes());
    }
}
