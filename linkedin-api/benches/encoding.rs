//! What encoding Rest.li costs beside writing the same values as JSON, interleaved in one run.
//!
//! `cargo bench -p sociogram-linkedin-api --bench encoding` prints one line for each form:
//! `full: ratio=<time ours/serde_json>` and `reduced: ratio=…`, for 10 000 mixed values: URNs, keys, ranges, targeting
//! expressions, lists of ids, plain and accented text.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use sociogram_linkedin_api::restli::RestliValue;

const ROUNDS: usize = 101;
const VALUES: i64 = 10_000;

fn main() {
    if std::env::args().all(|arg| arg != "--bench") {
        return;
    }
    let values: Vec<Value> = (0..VALUES).map(mixed).collect();
    let ours: Vec<RestliValue> =
        values.iter().map(|value| RestliValue::from_json(&value.to_string()).expect("a value")).collect();
    // Both as a copy, so that both lie in memory as they are read.
    let (values, ours) = (values.clone(), ours.clone());

    compare(
        "full",
        || ours.iter().map(|value| black_box(value.encode()).len()).sum(),
        || json_bytes(&values),
    );
    compare(
        "reduced",
        || ours.iter().map(|value| black_box(value.encode_reduced()).len()).sum(),
        || json_bytes(&values),
    );
}

fn json_bytes(values: &[Value]) -> usize {
    values.iter().map(|value| black_box(serde_json::to_string(value).expect("JSON")).len()).sum()
}

fn mixed(number: i64) -> Value {
    let person = format!("urn:li:person:-f_Ut43FoQ{number}");
    match number % 10 {
        0 => json!(number * 1_000_003),
        1 => json!(person),
        2 => json!({"actor": person, "entity": format!("urn:li:comment:(urn:li:activity:{number},2)")}),
        3 => {
            json!({"timeRange": {"start": 1_634_018_799_000_i64 + number, "end": 1_634_623_599_000_i64}, "timeGranularityType": "DAY"})
        }
        4 => json!([number, number + 1, number + 2, number + 3, number + 4]),
        5 => {
            json!({"include": {"and": [{"or": {"urn:li:adTargetingFacet:locations": [format!("urn:li:geo:{number}"), "urn:li:geo:103644278"]}}]}})
        }
        6 => json!("What time do you open on Sunday? (Asking for a friend, who can't.)"),
        7 => json!(format!("Größe, Straße, 株式会社 {number}")),
        8 => json!({"k": [true, false, 2.5, "", {}], "title": "Senior Engineer", "count": number}),
        _ => json!(["impressions", "clicks", "costInLocalCurrency", "dateRange", "pivotValues"]),
    }
}

fn compare(name: &str, ours: impl Fn() -> usize, floor: impl Fn() -> usize) {
    let time = |work: &dyn Fn() -> usize| {
        let begin = Instant::now();
        black_box(work());
        begin.elapsed().as_secs_f64()
    };
    time(&ours);
    time(&floor);
    let mut rows = Vec::new();
    for round in 0..ROUNDS {
        // Drift of the machine falls on both.
        rows.push(if round % 2 == 0 {
            let a = time(&ours);
            (a, time(&floor))
        } else {
            let b = time(&floor);
            (time(&ours), b)
        });
    }
    let ratio = median(rows.iter().map(|(ours, floor)| ours / floor));
    let (ours, floor) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!(
        "{name}: ratio={ratio:.3} ours={:.3} ms serde_json={:.3} ms for {VALUES} values (aim 1.5)",
        ours * 1e3,
        floor * 1e3
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
