//! The numbers of the Graph API and what they mean, as data. A new number is one new row.

mod ads;
mod generic;
mod index;
mod login;
mod messaging;
mod publishing;
mod rate_limits;
mod texts;
mod whatsapp;

use std::time::Duration;

use crate::error_class::{ErrorClass, RateLimitScope, RetryAdvice, TokenInvalidReason, Who};

/// All rows. The order carries no meaning: the most specific key wins.
const SECTIONS: &[&[Row]] = &[
    generic::ROWS,
    login::ROWS,
    rate_limits::ROWS,
    publishing::ROWS,
    messaging::ROWS,
    whatsapp::ROWS,
    ads::ROWS,
];

/// From here on a number is unique over all of Meta's tables, so it counts whether it stands in `code` or
/// in `error_subcode`.
const FIRST_UNIQUE_ID: i64 = 1_000_000;

/// A session that is refused has the subcodes of a refused token, with the same meaning.
const SESSION: i64 = 102;
const TOKEN: i64 = 190;

/// What a row is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// Exactly this code with this subcode.
    Pair(i64, i64),
    /// This code, whatever the subcode.
    Code(i64),
    /// This number in either place.
    Id(i64),
    /// All numbers from the first to the last.
    Range(i64, i64),
}

/// Products in which the same number means something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// WhatsApp Cloud API and WhatsApp Business Management API.
    WhatsApp,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    key: Key,
    product: Option<Product>,
    class: ErrorClass,
    retry: RetryAdvice,
    who: Option<Who>,
    wait_secs: Option<u32>,
    meaning: &'static str,
}

impl Row {
    const fn new(key: Key, class: ErrorClass, retry: RetryAdvice, meaning: &'static str) -> Self {
        Self { key, product: None, class, retry, who: None, wait_secs: None, meaning }
    }

    /// How long to wait, where Meta documents it, in seconds.
    const fn wait(mut self, seconds: u32) -> Self {
        self.wait_secs = Some(seconds);
        self
    }

    /// Someone else than the class names has to act.
    const fn by(mut self, who: Who) -> Self {
        self.who = Some(who);
        self
    }

    /// The meaning holds in this product only, and there it comes first.
    const fn only(mut self, product: Product) -> Self {
        self.product = Some(product);
        self
    }
}

const fn pair(code: i64, subcode: i64, class: ErrorClass, retry: RetryAdvice, meaning: &'static str) -> Row {
    Row::new(Key::Pair(code, subcode), class, retry, meaning)
}

const fn code(code: i64, class: ErrorClass, retry: RetryAdvice, meaning: &'static str) -> Row {
    Row::new(Key::Code(code), class, retry, meaning)
}

const fn id(id: i64, class: ErrorClass, retry: RetryAdvice, meaning: &'static str) -> Row {
    Row::new(Key::Id(id), class, retry, meaning)
}

const fn range(from: i64, to: i64, class: ErrorClass, retry: RetryAdvice, meaning: &'static str) -> Row {
    Row::new(Key::Range(from, to), class, retry, meaning)
}

/// What is known of an error before it is judged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts<'a> {
    pub(crate) code: Option<i64>,
    pub(crate) subcode: Option<i64>,
    /// HTTP status; 0 when there was none.
    pub(crate) status: u16,
    pub(crate) product: Option<Product>,
    pub(crate) is_transient: Option<bool>,
    pub(crate) message: &'a str,
}

/// What the table says of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) class: ErrorClass,
    pub(crate) retry: RetryAdvice,
    pub(crate) who: Who,
    pub(crate) wait: Option<Duration>,
    pub(crate) meaning: Option<&'static str>,
}

/// Judges an error: (code, subcode), then unique id, then text, then code, then range, then HTTP status.
pub(crate) fn judge(facts: &Facts<'_>) -> Judgement {
    if let Some(row) = exact(facts).or_else(|| texts::find(facts)) {
        return row.into();
    }
    let judgement = general(facts).map_or_else(|| by_status(facts.status), Judgement::from);
    if facts.is_transient == Some(true) && yields_to_transient(judgement.class) {
        return Judgement { meaning: judgement.meaning, ..by_status(503) };
    }
    judgement
}

/// A row for exactly this pair, or for a unique id in either place.
fn exact(facts: &Facts<'_>) -> Option<&'static Row> {
    let by_pair = facts.code.zip(facts.subcode).and_then(|(code, subcode)| {
        let key = Key::Pair(if code == SESSION { TOKEN } else { code }, subcode);
        own_first(index::exact(subcode).filter(|row| row.key == key && row.fits(facts.product)))
    });
    let mut ids = [facts.subcode, facts.code].into_iter().flatten().filter(|id| *id >= FIRST_UNIQUE_ID);
    by_pair.or_else(|| ids.find_map(|id| by_id(facts, id)))
}

/// A unique id also identifies a row that documents it together with another code, as long as all rows
/// that name it agree.
fn by_id(facts: &Facts<'_>, id: i64) -> Option<&'static Row> {
    let own = own_first(index::exact(id).filter(|row| row.key == Key::Id(id) && row.fits(facts.product)));
    own.or_else(|| {
        let mut named = index::exact(id).filter(|row| matches!(row.key, Key::Pair(..)));
        let first = named.next()?;
        named.all(|row| row.class == first.class).then_some(first)
    })
}

fn general(facts: &Facts<'_>) -> Option<&'static Row> {
    let by_code =
        facts.code.and_then(|code| own_first(index::code(code).filter(|row| row.fits(facts.product))));
    let by_subcode = facts.subcode.filter(|subcode| *subcode >= FIRST_UNIQUE_ID).and_then(index::range);
    match (by_code, by_subcode) {
        // The subcode says the same more precisely: a bad value of this product, which can be put right.
        (Some(code), Some(subcode)) if code.class == subcode.class => Some(subcode),
        (code, subcode) => code.or_else(|| facts.code.and_then(index::range)).or(subcode),
    }
}

/// A row of the error's own product comes before one for all products.
fn own_first(rows: impl Iterator<Item = &'static Row>) -> Option<&'static Row> {
    rows.max_by_key(|row| row.product.is_some())
}

impl Row {
    fn fits(&self, product: Option<Product>) -> bool {
        self.product.is_none() || self.product == product
    }
}

/// `is_transient: true` is believed unless the class already says when to come back, or repeating would
/// do harm.
const fn yields_to_transient(class: ErrorClass) -> bool {
    !matches!(
        class,
        ErrorClass::Transient
            | ErrorClass::RateLimited(_)
            | ErrorClass::QuotaReached
            | ErrorClass::MediaNotReady
            | ErrorClass::TokenInvalid(_)
            | ErrorClass::Duplicate
            | ErrorClass::PolicyBlocked
            | ErrorClass::AccountRestricted
    )
}

/// The last resort, when Meta's number is missing or new.
fn by_status(status: u16) -> Judgement {
    let (class, retry) = match status {
        401 => (ErrorClass::TokenInvalid(TokenInvalidReason::Unknown), RetryAdvice::Never),
        403 => (ErrorClass::PermissionMissing, RetryAdvice::AfterFix),
        404 | 410 => (ErrorClass::NotFoundOrHidden, RetryAdvice::Never),
        405 | 411 | 414 | 415 | 422 => (ErrorClass::InvalidParam, RetryAdvice::AfterFix),
        408 | 500..=599 => (ErrorClass::Transient, RetryAdvice::Backoff),
        413 => (ErrorClass::DataTooLarge, RetryAdvice::AfterFix),
        429 => (ErrorClass::RateLimited(RateLimitScope::Edge), RetryAdvice::Backoff),
        _ => (ErrorClass::Unknown, RetryAdvice::Never),
    };
    Judgement { class, retry, who: class.who(), wait: None, meaning: None }
}

impl From<&Row> for Judgement {
    fn from(row: &Row) -> Self {
        Self {
            class: row.class,
            retry: row.retry,
            who: row.who.unwrap_or(row.class.who()),
            wait: row.wait_secs.map(|seconds| Duration::from_secs(seconds.into())),
            meaning: Some(row.meaning),
        }
    }
}

#[cfg(test)]
mod documented;
#[cfg(test)]
mod tests;
