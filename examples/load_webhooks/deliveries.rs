//! What the platform would send: messages of people to a Page, each with an id of its own, and deliveries of them.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// A Page of the sandbox.
pub(crate) const PAGE: &str = "102030405060701";
pub(crate) const SIGNATURE: &str = "x-hub-signature-256";

/// How many people write. Messages of one person are handled one after the other.
const PEOPLE: u64 = 5000;
/// How many messages are remembered for sending them again.
const RECENT: usize = 2000;
const MOST_AT_ONCE: u64 = 4;
/// Of the messages, so many in a hundred were sent before.
const REPEATED: u64 = 30;
/// Some time in 2026, in milliseconds.
const BEGUN: u64 = 1_795_000_000_000;
const TEXT: &str = "Good morning! I ordered the blue bicycle bag in your shop last week, and the parcel that came today had \
    the green one in it. Could you tell me how to send it back, and when the right one might arrive? I would need it \
    before the end of the month, for a longer trip. Many thanks, and all the best.";

/// The id of a message on the platform. Numbers and ids belong together one to one.
pub(crate) fn message_id(number: u64) -> String {
    // As long as the real ones.
    format!("m_{:A<60}_{number:012}", "loadtest")
}

/// What a number stands for in a list of messages. Always the same for the same number.
fn item(number: u64) -> Value {
    let person = 7_000_000_000_000_000 + scattered(number) % PEOPLE;
    json!({
        "sender": {"id": person.to_string()},
        "recipient": {"id": PAGE},
        "timestamp": BEGUN + number,
        "message": {"mid": message_id(number), "text": TEXT},
    })
}

/// A delivery of these messages. Some platforms' batches have an entry for each, some one entry for all.
fn body(numbers: &[u64], one_entry: bool) -> Bytes {
    let time = BEGUN + numbers.iter().copied().max().unwrap_or_default() + 200;
    let entry = |items: Vec<Value>| json!({"id": PAGE, "time": time, "messaging": items});
    let items = numbers.iter().map(|number| item(*number));
    let entries: Vec<Value> =
        if one_entry { vec![entry(items.collect())] } else { items.map(|item| entry(vec![item])).collect() };
    json!({"object": "page", "entry": entries}).to_string().into()
}

/// A delivery of one message.
pub(crate) fn single(number: u64) -> Bytes {
    body(&[number], true)
}

/// Well spread and always the same (SplitMix64).
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Deliveries of one to four messages. Of the messages some were in another delivery before, which may still be under way.
#[derive(Debug, Default)]
pub(crate) struct Mixture {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many messages there are so far: their numbers are below.
    messages: u64,
    repeats: u64,
    deliveries: u64,
    drawn: u64,
    recent: VecDeque<u64>,
}

/// What was sent, leaving out what was sent again for want of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) deliveries: u64,
    /// Different ones.
    pub(crate) messages: u64,
    pub(crate) repeats: u64,
}

impl Mixture {
    /// The next delivery.
    pub(crate) fn next(&self) -> Bytes {
        let (numbers, one_entry) = self.state.lock().unwrap_or_else(PoisonError::into_inner).next();
        body(&numbers, one_entry)
    }

    pub(crate) fn sent(&self) -> Sent {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Sent { deliveries: state.deliveries, messages: state.messages, repeats: state.repeats }
    }
}

impl State {
    fn next(&mut self) -> (Vec<u64>, bool) {
        self.deliveries += 1;
        let count = 1 + self.draw() % MOST_AT_ONCE;
        let numbers = (0..count).map(|_| self.message()).collect();
        (numbers, self.draw().is_multiple_of(2))
    }

    fn message(&mut self) -> u64 {
        if self.draw() % 100 < REPEATED && !self.recent.is_empty() {
            let place = usize::try_from(self.draw()).unwrap_or_default() % self.recent.len();
            if let Some(number) = self.recent.get(place) {
                self.repeats += 1;
                return *number;
            }
        }
        let number = self.messages;
        self.messages += 1;
        self.recent.push_back(number);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        number
    }

    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        // Not what the people are drawn with.
        scattered(self.drawn ^ 0x5555_5555) >> 1
    }
}

/// Numbers for messages, each once.
#[derive(Debug, Default)]
pub(crate) struct Numbers(AtomicU64);

impl Numbers {
    pub(crate) fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Signs and checks as the platform says, with nothing around it.
#[derive(Clone)]
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    /// # Errors
    ///
    /// Never: HMAC takes keys of every length.
    pub(crate) fn new(secret: &str) -> Result<Self, String> {
        Hmac::new_from_slice(secret.as_bytes()).map(Self).map_err(|error| error.to_string())
    }

    /// The value of the header.
    pub(crate) fn sign(&self, body: &[u8]) -> String {
        let bytes = self.0.clone().chain_update(body).finalize().into_bytes();
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
        "sha256=".chars().chain(digits).collect()
    }

    /// Whether this value of the header is of this body.
    pub(crate) fn accepts(&self, signature: &[u8], body: &[u8]) -> bool {
        let digits = signature.strip_prefix(b"sha256=").and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = |place: usize| u8::from_str_radix(digits?.get(place..place + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
        bytes.is_some_and(|bytes| self.0.clone().chain_update(body).verify_slice(&bytes).is_ok())
    }
}
