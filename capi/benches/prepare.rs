//! What normalising, checking and packing costs beside hashing the same texts and writing the same JSON, interleaved in
//! one run.
//!
//! `cargo bench -p sociogram-capi --bench prepare` prints, for batches of 1000 events:
//! `prepare: ratio=<time floor/ours> events_per_second=… floor=… allocations_per_event=… bytes_per_event=…`. The floor gets
//! texts that are normalised already, hashes them with `sha2`, and writes one body with `serde_json` from borrowed structs.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]
#![allow(clippy::cast_precision_loss, reason = "figures are far below 2^52")]

use std::hint::black_box;
use std::time::Instant;

use serde::Serialize;
use sha2::{Digest, Sha256};
use sociogram_capi::{
    ActionSource, Content, CustomData, Event, PrepareOptions, Timestamp, UserData, prepare,
};

const ROUNDS: usize = 201;
const EVENTS: usize = 1000;
const NOW: i64 = 1_795_000_600;
const URL: &str = "https://shop.example.com/checkout/thank-you?order=1001";
const AGENT: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0";
const FBC: &str = "fb.1.1794999000123.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk";
const FBP: &str = "fb.1.1794990000456.1098115397";

fn main() {
    if std::env::args().all(|arg| arg != "--bench") {
        return;
    }
    let people: Vec<Person> = (0..EVENTS).map(Person::new).collect();
    let events: Vec<Event> = people.iter().map(Person::event).collect();
    let options = PrepareOptions::new(Timestamp::from_unix_seconds(NOW));

    let ours =
        || prepare(&events, &options).bodies().iter().map(|body| black_box(body.to_bytes()).len()).sum();
    let floor = || black_box(floor(&people)).len();
    let (written, expected): (usize, usize) = (ours(), floor());
    assert_eq!(written, expected, "both write the same body");
    assert_eq!(
        prepare(&events, &options).bodies().first().map(|body| body.to_bytes().to_vec()),
        Some(self::floor(&people))
    );

    let mut bytes = 0;
    let counted = allocation_counter::measure(|| bytes = black_box(ours()));
    // The body, and what `prepare` hands out around it.
    let allocations = counted.count_total as f64 / EVENTS as f64;

    let (mut ratios, mut ours_best, mut floor_best) = (Vec::new(), f64::MAX, f64::MAX);
    for round in 0..ROUNDS {
        let mut best = [f64::MAX; 2];
        let order = if round % 2 == 0 { [0, 1, 1, 0] } else { [1, 0, 0, 1] };
        for side in order {
            let began = Instant::now();
            if side == 0 {
                black_box(ours())
            } else {
                black_box(floor())
            };
            let took = began.elapsed().as_secs_f64();
            if let Some(best) = best.get_mut(side) {
                *best = best.min(took);
            }
        }
        let [ours, floor] = best;
        ratios.push(floor / ours);
        (ours_best, floor_best) = (ours_best.min(ours), floor_best.min(floor));
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(ROUNDS / 2).copied().expect("a median");
    println!(
        "prepare: ratio={ratio:.2} events_per_second={:.0} floor={:.0} allocations_per_event={allocations:.2} \
         bytes_per_event={}",
        EVENTS as f64 / ours_best,
        EVENTS as f64 / floor_best,
        bytes / EVENTS
    );
}

/// What a shop knows of a buyer, as it was typed and as it is hashed.
struct Person {
    typed: [String; 8],
    normal: [String; 8],
    id: String,
    address: String,
    event_id: String,
}

impl Person {
    fn new(number: usize) -> Self {
        let typed = [
            format!(" Maria.Silva{number}@Example.com "),
            format!("+351 21 {:07}", number % 10_000_000),
            "Maria".to_owned(),
            format!("Da Silva-{}", letters(number)),
            "Porto".to_owned(),
            "Norte".to_owned(),
            format!("4000-{:03}", number % 1000),
            "PT".to_owned(),
        ];
        let normal = [
            format!("maria.silva{number}@example.com"),
            format!("35121{:07}", number % 10_000_000),
            "maria".to_owned(),
            format!("dasilva{}", letters(number)),
            "porto".to_owned(),
            "norte".to_owned(),
            "4000".to_owned(),
            "pt".to_owned(),
        ];
        Self {
            typed,
            normal,
            id: format!("customer-{number}"),
            address: format!("203.0.113.{}", number % 250),
            event_id: format!("order-{number}"),
        }
    }

    fn event(&self) -> Event {
        let [em, ph, first, last, ct, st, zp, country] = self.typed.clone();
        let user = UserData::new()
            .email(em)
            .phone(ph)
            .first_name(first)
            .last_name(last)
            .city(ct)
            .state(st)
            .zip(zp)
            .country(country)
            .external_id(self.id.clone())
            .client_ip_address(self.address.clone())
            .client_user_agent(AGENT)
            .fbc(FBC)
            .fbp(FBP);
        let item =
            |id: &str, price: &str| Content::new(id).quantity(1).item_price(price.parse().expect("a price"));
        let custom = CustomData::new()
            .value("129.90".parse().expect("a value"))
            .currency("EUR")
            .order_id(self.event_id.clone())
            .content(item("sku-1", "64.95"))
            .content(item("sku-2", "32.50"))
            .content(item("sku-3", "32.45"));
        Event::builder("Purchase", Timestamp::from_unix_seconds(NOW - 600))
            .action_source(ActionSource::Website)
            .event_source_url(URL)
            .event_id(self.event_id.clone())
            .user_data(user)
            .custom_data(custom)
            .build()
    }
}

fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect()
}

#[derive(Serialize)]
struct Body<'a> {
    data: Vec<FloorEvent<'a>>,
}

#[derive(Serialize)]
struct FloorEvent<'a> {
    event_name: &'a str,
    event_time: i64,
    event_id: &'a str,
    event_source_url: &'a str,
    action_source: &'a str,
    user_data: FloorUser<'a>,
    custom_data: FloorCustom<'a>,
}

#[derive(Serialize)]
struct FloorUser<'a> {
    em: [&'a str; 1],
    ph: [&'a str; 1],
    ln: [&'a str; 1],
    #[serde(rename = "fn")]
    first: [&'a str; 1],
    ct: [&'a str; 1],
    st: [&'a str; 1],
    zp: [&'a str; 1],
    country: [&'a str; 1],
    external_id: [&'a str; 1],
    client_ip_address: &'a str,
    client_user_agent: &'a str,
    fbc: &'a str,
    fbp: &'a str,
}

#[derive(Serialize)]
struct FloorCustom<'a> {
    value: &'a serde_json::value::RawValue,
    currency: &'a str,
    contents: [FloorItem<'a>; 3],
    order_id: &'a str,
}

#[derive(Serialize)]
struct FloorItem<'a> {
    id: &'a str,
    quantity: u64,
    item_price: &'a serde_json::value::RawValue,
}

/// Hashes texts that are normalised already, and writes the body.
fn floor(people: &[Person]) -> Vec<u8> {
    let number = |text| serde_json::from_str::<&serde_json::value::RawValue>(text).expect("a number");
    let (value, first, second, third) = (number("129.90"), number("64.95"), number("32.50"), number("32.45"));
    let hashes: Vec<[[u8; 64]; 8]> =
        people.iter().map(|person| person.normal.each_ref().map(|text| hex_of(text))).collect();
    let data = people.iter().zip(&hashes).map(|(person, hashes)| {
        let [em, ph, first_name, ln, ct, st, zp, country] =
            hashes.each_ref().map(|hex| [std::str::from_utf8(hex).expect("digits")]);
        let item = |id, item_price| FloorItem { id, quantity: 1, item_price };
        FloorEvent {
            event_name: "Purchase",
            event_time: NOW - 600,
            event_id: &person.event_id,
            event_source_url: URL,
            action_source: "website",
            user_data: FloorUser {
                em,
                ph,
                ln,
                first: first_name,
                ct,
                st,
                zp,
                country,
                external_id: [&person.id],
                client_ip_address: &person.address,
                client_user_agent: AGENT,
                fbc: FBC,
                fbp: FBP,
            },
            custom_data: FloorCustom {
                value,
                currency: "EUR",
                contents: [item("sku-1", first), item("sku-2", second), item("sku-3", third)],
                order_id: &person.event_id,
            },
        }
    });
    let mut out = Vec::with_capacity(people.len() * 1700);
    serde_json::to_writer(&mut out, &Body { data: data.collect() }).expect("JSON");
    out
}

fn hex_of(text: &str) -> [u8; 64] {
    let mut out = [0; 64];
    hex::encode_to_slice(Sha256::digest(text.as_bytes()), &mut out).expect("the length");
    out
}
