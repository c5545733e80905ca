use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::*;

#[derive(Deserialize)]
struct Case {
    value: Value,
    encoded: String,
    reduced: bool,
}

fn from_json(value: &Value) -> RestliValue {
    match value {
        Value::Null => panic!("there is no null"),
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => FiniteFloat::new(number.as_f64().unwrap()).unwrap().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(values) => RestliValue::list(values.iter().map(from_json)),
        Value::Object(fields) => {
            RestliValue::record(fields.iter().map(|(key, value)| (key, from_json(value))))
        }
    }
}

/// What is left of a value after a round trip: the wire form knows only text.
fn as_text_leaves(value: &RestliValue) -> RestliValue {
    match value {
        RestliValue::List(values) => RestliValue::list(values.iter().map(as_text_leaves)),
        RestliValue::Record(fields) => {
            RestliValue::record(fields.iter().map(|(key, value)| (key, as_text_leaves(value))))
        }
        RestliValue::Text(_) => value.clone(),
        leaf => leaf.encode().into(),
    }
}

#[test]
fn every_vector_encodes_and_decodes() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../testdata/restli_cases.json")).unwrap();
    assert_eq!(cases.len(), 282);
    for Case { value: json, encoded, reduced } in cases {
        let value = from_json(&json);
        let ours = if reduced { value.encode_reduced() } else { value.encode() };
        assert_eq!(ours, encoded, "{value:?} reduced={reduced}");
        // The reduced form does not encode percent signs, so text with an escape in it is ambiguous.
        if !reduced || !has_escape(&json.to_string()) {
            assert_eq!(RestliValue::decode(&encoded).unwrap(), as_text_leaves(&value), "{encoded}");
        }
    }
}

fn has_escape(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
}

/// All texts of a value, each on a line of its own.
fn as_plain(value: &RestliValue) -> String {
    match value {
        RestliValue::Text(text) => text.clone(),
        RestliValue::List(values) => values.iter().map(as_plain).collect::<Vec<_>>().join("\n"),
        RestliValue::Record(fields) => fields
            .iter()
            .map(|(key, value)| format!("{key}\n{}", as_plain(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

#[test]
fn every_query_vector_encodes() {
    #[derive(Deserialize)]
    struct Case {
        params: serde_json::Map<String, Value>,
        query: String,
    }
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../testdata/restli_query_cases.json")).unwrap();
    assert_eq!(cases.len(), 8);
    for Case { params, query } in cases {
        let ours = params
            .iter()
            .rev()
            .fold(Query::new(), |query, (name, value)| query.param(name, from_json(value)));
        assert_eq!(ours.encode(), query);
    }
}

#[test]
fn broken_text_is_refused() {
    for (text, at) in [
        ("", 0),
        ("hello:", 5),
        ("(a:)", 3),
        ("List(a,,b)", 7),
        ("List(a,b,)", 9),
        ("List(a:b)", 6),
        ("(a:b:c)", 4),
        ("(a,b)", 2),
        ("(a:b", 4),
        ("(a:b))", 5),
        ("List(a", 6),
        ("List(a)b", 7),
        ("(a:b)c", 5),
        ("a(b)", 1),
        ("list(a)", 4),
        ("(:v)", 1),
        ("(k:)", 3),
        ("List(,)", 5),
        ("(a:b,)", 5),
        ("(a:1,a:2)", 6),
        (")", 0),
        (",", 0),
        ("'", 1),
        ("a''b", 4),
        ("%FF", 3),
    ] {
        let error = RestliValue::decode(text).expect_err(text);
        assert_eq!(error.position(), at, "{text}: {error}");
    }
}

#[test]
fn whole_numbers_are_written_to_the_digit() {
    for number in [0, 7, 10, 99, 100, -1, -10, i64::MAX, i64::MIN, 1_000_000_000_000_000_000] {
        assert_eq!(RestliValue::from(number).encode(), number.to_string());
    }
}

#[test]
fn a_key_has_one_spelling() {
    let compound =
        "(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29)";
    for key in [
        compound,
        "(entity:urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29,actor:urn%3Ali%3Aperson%3Aa)",
        "($params:(x:1),actor:urn%3ali%3aperson%3aa,entity:urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29)",
        "%28actor%3Aurn%253Ali%253Aperson%253Aa%2Centity%3Aurn%253Ali%253Acomment%253A%2528urn%253Ali%253Aactivity%253A1%252C2%2529%29",
    ] {
        assert_eq!(normal_key(key), compound, "{key}");
    }
    for (key, plain) in [
        ("urn:li:comment:(urn:li:activity:1,2)", "urn:li:comment:(urn:li:activity:1,2)"),
        ("urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29", "urn:li:comment:(urn:li:activity:1,2)"),
        ("5", "5"),
        ("100%25", "100%25"),
        ("(not a record", "(not a record"),
    ] {
        assert_eq!(normal_key(key), plain, "{key}");
    }
}

#[test]
fn a_complex_key_carries_its_params() {
    let key = RestliValue::complex_key([("a", "stringVal")], [("b", 4)]);
    assert_eq!(key.encode(), "(%24params:(b:4),a:stringVal)");
    assert_eq!(RestliValue::decode("($params:(b:4),a:stringVal)"), RestliValue::decode(&key.encode()));
    let without = RestliValue::complex_key([("a", "stringVal")], [] as [(&str, i64); 0]);
    assert_eq!(without.encode(), "(a:stringVal)");
}

#[test]
fn any_escape_is_decoded() {
    for (text, plain) in
        [("%25", "%"), ("%2525", "%25"), ("%41%c3%a4", "Aä"), ("100%", "100%"), ("%zz", "%zz"), ("''", "")]
    {
        assert_eq!(RestliValue::decode(text).unwrap().as_text(), Some(plain));
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}a{}", "List(".repeat(depth), ")".repeat(depth));
    assert!(RestliValue::decode(&nested(64)).is_ok());
    assert!(RestliValue::decode(&nested(65)).is_err());
    assert!(RestliValue::decode(&"(a:".repeat(1_000_000)).is_err());
}

#[test]
fn floats_have_no_exponent() {
    for (number, text) in [(1e21, "1000000000000000000000"), (1e-7, "0.0000001"), (-0.5, "-0.5"), (2.0, "2")]
    {
        assert_eq!(RestliValue::from(FiniteFloat::new(number).unwrap()).encode(), text);
    }
    assert_eq!(FiniteFloat::new(f64::NAN), None);
    assert_eq!(FiniteFloat::new(f64::INFINITY), None);
}

#[test]
fn queries_leave_masks_bare_and_nulls_out() {
    let query = Query::new()
        .fields("id,content:(media:(id)),m:($*:(x))&evil=1")
        .param("a b", "ä&=")
        .param("q", "first")
        .param("q", "second")
        .param("empty", "")
        .optional("none", None::<i64>)
        .optional("some", Some(true))
        .metadata_fields("a:(b)#")
        .paging_fields("start,links:($*:(rel))");
    assert_eq!(
        query.encode(),
        "a%20b=%C3%A4%26%3D&empty=''&fields=id,content:(media:(id)),m:($*:(x))%26evil%3D1&metadataFields=a:(b)%23\
         &pagingFields=start,links:($*:(rel))&q=second&some=true"
    );
}

#[test]
fn url_libraries_keep_an_encoded_path() {
    let path = "/rest/reactions/(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A2%2C3%29)";
    let text = format!("https://api.linkedin.com{path}?ids=List((a:urn%3Ali%3Ax%3A1),2)");
    assert_eq!(url::Url::parse(&text).unwrap().as_str(), text);
    assert_eq!(text.parse::<http::Uri>().unwrap().to_string(), text);
}

fn leaf() -> impl Strategy<Value = RestliValue> {
    prop_oneof![
        any::<String>().prop_map(RestliValue::from),
        "[-A-Za-z0-9:,()'% _]{0,12}".prop_map(RestliValue::from),
        any::<i64>().prop_map(RestliValue::from),
        any::<bool>().prop_map(RestliValue::from),
        any::<f64>().prop_filter_map("finite", |n| FiniteFloat::new(n).map(RestliValue::from)),
    ]
}

fn value() -> impl Strategy<Value = RestliValue> {
    leaf().prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(RestliValue::List),
            prop::collection::btree_map("[a-zA-Z:'(),%$ ]{0,5}", inner, 0..5).prop_map(RestliValue::Record),
        ]
    })
}

proptest! {
    #[test]
    fn full_form_round_trips(value in value()) {
        let encoded = value.encode();
        prop_assert!(encoded.is_ascii());
        prop_assert!(!encoded.contains(['+', ' ', '&', '=', '?', '#', '/']));
        prop_assert_eq!(RestliValue::decode(&encoded).unwrap(), as_text_leaves(&value));
    }

    #[test]
    fn what_was_decoded_encodes_to_the_same_text(value in value()) {
        let encoded = value.encode();
        prop_assert_eq!(RestliValue::decode(&encoded).unwrap().encode(), encoded);
        let reduced = value.encode_reduced();
        if !has_escape(&as_plain(&value)) {
            prop_assert_eq!(RestliValue::decode(&reduced).unwrap().encode_reduced(), reduced);
        }
    }

    #[test]
    fn both_forms_write_a_text_the_documented_way(text in "\\PC{1,30}") {
        let full: String = text.bytes().map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        }).collect();
        prop_assert_eq!(RestliValue::from(&text).encode(), full);
        let reduced: String = text.chars().map(|c| match c {
            ',' | '(' | ')' | '\'' | ':' => format!("%{:02X}", u32::from(c)),
            c => c.to_string(),
        }).collect();
        prop_assert_eq!(RestliValue::from(&text).encode_reduced(), reduced);
    }

    #[test]
    fn reduced_form_round_trips_without_percent_signs(text in "[^%]{0,20}") {
        let value = RestliValue::record([(text.clone(), vec![text])]);
        prop_assert_eq!(RestliValue::decode(&value.encode_reduced()).unwrap(), value);
    }

    #[test]
    fn decoding_never_panics_and_is_exact(text in "(List\\(|[(),:'%a2Fé]){0,30}") {
        if let Ok(value) = RestliValue::decode(&text) {
            prop_assert_eq!(RestliValue::decode(&value.encode()).unwrap(), value);
        }
    }

    #[test]
    fn decoding_never_panics(text in any::<String>()) {
        let _ = RestliValue::decode(&text);
        let _ = decode_id(&text);
    }
}
