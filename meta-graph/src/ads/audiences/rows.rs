//! The people of an audience, ready to be sent.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use sha2::{Digest, Sha256};
use sociogram_api_core::Finding;

use super::normalize::{AudienceKey, AudienceValue, Gender, wire};
use crate::guard::rules;
use crate::id::PageId;

/// How many findings are kept; the rest is only counted.
const MAX_FINDINGS: usize = 100;

/// One person, with whatever is known. `Debug` shows which keys are given and no value.
///
/// ```
/// use sociogram_meta_graph::ads::AudienceUser;
///
/// let user = AudienceUser::new().email("Maria@Example.com ").phone("+49 30 901820").country("DE");
/// assert!(!format!("{user:?}").contains("aria"));
/// ```
#[derive(Clone, Default)]
pub struct AudienceUser {
    values: Vec<(AudienceKey, AudienceValue)>,
}

impl AudienceUser {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Any key; a second value of the same key replaces the first.
    pub fn with(mut self, key: AudienceKey, value: impl Into<AudienceValue>) -> Self {
        self.values.retain(|(known, _)| *known != key);
        self.values.push((key, value.into()));
        self
    }

    /// The advertiser's own id of the customer; it is not hashed.
    pub fn external_id(self, id: impl Into<String>) -> Self {
        self.with(AudienceKey::ExternalId, id.into())
    }

    /// E-mail address.
    pub fn email(self, email: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::Email, email)
    }

    /// Phone number with its country's calling code.
    pub fn phone(self, phone: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::Phone, phone)
    }

    /// Gender.
    pub fn gender(self, gender: Gender) -> Self {
        self.with(
            AudienceKey::Gender,
            match gender {
                Gender::Female => "f",
                Gender::Male => "m",
            },
        )
    }

    /// Year, month and day of birth.
    pub fn born(self, year: u16, month: u8, day: u8) -> Self {
        self.with(AudienceKey::BirthYear, year.to_string())
            .with(AudienceKey::BirthMonth, month.to_string())
            .with(AudienceKey::BirthDay, day.to_string())
    }

    /// First name.
    pub fn first_name(self, name: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::FirstName, name)
    }

    /// Last name.
    pub fn last_name(self, name: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::LastName, name)
    }

    /// City.
    pub fn city(self, city: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::City, city)
    }

    /// State; its two letters in the USA.
    pub fn state(self, state: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::State, state)
    }

    /// Postal code.
    pub fn zip(self, zip: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::Zip, zip)
    }

    /// Country, two letters. It also decides how state and postal code are read.
    pub fn country(self, country: impl Into<AudienceValue>) -> Self {
        self.with(AudienceKey::Country, country)
    }

    /// Advertising id of a mobile device; it is not hashed.
    pub fn mobile_advertiser_id(self, id: impl Into<String>) -> Self {
        self.with(AudienceKey::MobileAdvertiserId, id.into())
    }

    /// What the customer is worth, for audiences made for lookalikes.
    pub fn lookalike_value(self, value: f64) -> Self {
        self.with(AudienceKey::LookalikeValue, value.to_string())
    }

    fn country_code(&self) -> Option<String> {
        self.values.iter().find_map(|(key, value)| match (key, value) {
            (AudienceKey::Country, AudienceValue::Plain(text)) => Some(text.trim().to_lowercase()),
            _ => None,
        })
    }
}

impl fmt::Debug for AudienceUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.values.iter().map(|(key, _)| key.as_str()).collect();
        f.debug_struct("AudienceUser").field("keys", &keys).finish_non_exhaustive()
    }
}

type Row = Vec<(AudienceKey, Box<str>)>;

/// The people of an upload, normalised and hashed as they are added; plain values are not kept. `Debug` shows numbers
/// and no value.
///
/// A value that cannot be normalised is left out, and a person of whom nothing is left is left out as a whole:
/// [`findings`](Self::findings) says which and why, by the place in which they were added, from 0.
#[derive(Clone, Default)]
pub struct AudienceUsers {
    rows: Vec<Row>,
    schema: BTreeSet<AudienceKey>,
    pages: Vec<PageId>,
    added: usize,
    findings: Vec<Finding>,
    more_findings: usize,
}

impl AudienceUsers {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The Pages whose ids of people are used; needed with [`AudienceKey::PageScopedId`].
    pub fn pages(mut self, pages: impl Into<Vec<PageId>>) -> Self {
        self.pages = pages.into();
        self
    }

    /// Adds a person.
    pub fn push(&mut self, user: AudienceUser) {
        let at = self.added;
        self.added += 1;
        let country = user.country_code();
        let mut row = Row::new();
        for (key, value) in user.values {
            match wire(&key, value, country.as_deref()) {
                Ok(Some(text)) => row.push((key, text)),
                Ok(None) => {}
                Err(why) => self.note(at, &key, why.0),
            }
        }
        // A country or a gender alone names nobody.
        let names_somebody = |key: &AudienceKey| {
            !matches!(key, AudienceKey::Country | AudienceKey::Gender | AudienceKey::LookalikeValue)
        };
        if !row.iter().any(|(key, _)| names_somebody(key)) {
            self.finding(
                Finding::warning("ads.audience.row", format!("rows[{at}]"), "nothing in it names a person")
                    .advice("add an e-mail address, a phone number or another key"),
            );
            return;
        }
        self.schema.extend(row.iter().map(|(key, _)| key.clone()));
        self.rows.push(row);
    }

    fn note(&mut self, at: usize, key: &AudienceKey, why: &'static str) {
        self.finding(
            Finding::warning("ads.audience.value", format!("rows[{at}].{key}"), why)
                .advice("it was left out; correct it"),
        );
    }

    fn finding(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more_findings += 1;
        }
    }

    /// How many people will be sent.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nobody to send.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What was left out and why, at most the first 100.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings there are beyond those.
    pub fn more_findings(&self) -> usize {
        self.more_findings
    }

    /// The columns that are sent.
    pub fn schema(&self) -> impl ExactSizeIterator<Item = &AudienceKey> {
        self.schema.iter()
    }

    /// How many calls it takes.
    pub fn batches(&self) -> usize {
        self.rows.len().div_ceil(rules::A1_MAX_ROWS)
    }

    /// One of the calls, from 0; `None` beyond the last one. Without a session it stands for itself.
    pub fn batch(&self, index: usize, session_id: Option<u64>) -> Option<AudienceBatch> {
        let rows = self.rows.chunks(rules::A1_MAX_ROWS).nth(index)?;
        let session = session_id.map(|session_id| BatchSession {
            session_id,
            batch_seq: index + 1,
            last_batch_flag: index + 1 == self.batches(),
            estimated_num_total: self.rows.len(),
        });
        let payload = Payload {
            schema: &self.schema,
            data: Table { rows, schema: &self.schema },
            page_ids: &self.pages,
        };
        let payload = serde_json::to_string(&payload).unwrap_or_default();
        Some(AudienceBatch { payload: payload.into(), rows: rows.len(), session })
    }

    /// A digest of everything that is sent, to tell later whether the rows are the same.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut add = |text: &str| {
            digest.update(text.len().to_le_bytes());
            digest.update(text.as_bytes());
        };
        for row in &self.rows {
            add("row");
            for (key, text) in row {
                add(key.as_str());
                add(text);
            }
        }
        digest.finalize().into()
    }
}

impl Extend<AudienceUser> for AudienceUsers {
    fn extend<I: IntoIterator<Item = AudienceUser>>(&mut self, users: I) {
        users.into_iter().for_each(|user| self.push(user));
    }
}

impl FromIterator<AudienceUser> for AudienceUsers {
    fn from_iter<I: IntoIterator<Item = AudienceUser>>(users: I) -> Self {
        let mut all = Self::new();
        all.extend(users);
        all
    }
}

impl fmt::Debug for AudienceUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AudienceUsers")
            .field("rows", &self.rows.len())
            .field("schema", &self.schema)
            .field("findings", &(self.findings.len() + self.more_findings))
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Payload<'u> {
    schema: &'u BTreeSet<AudienceKey>,
    data: Table<'u>,
    #[serde(skip_serializing_if = "<[PageId]>::is_empty")]
    page_ids: &'u [PageId],
}

/// Rows with one cell for each column; what is not known is empty text.
struct Table<'u> {
    rows: &'u [Row],
    schema: &'u BTreeSet<AudienceKey>,
}

impl Serialize for Table<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in self.rows {
            let cell =
                |key: &AudienceKey| row.iter().find(|(known, _)| known == key).map_or("", |(_, text)| text);
            let cells: Vec<&str> = self.schema.iter().map(cell).collect();
            list.serialize_element(&cells)?;
        }
        list.end()
    }
}

/// The rows of one call. `Debug` shows how many and no value.
#[derive(Clone)]
pub struct AudienceBatch {
    pub(super) payload: std::sync::Arc<str>,
    pub(super) rows: usize,
    pub(super) session: Option<BatchSession>,
}

impl AudienceBatch {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Its place in a session, if it belongs to one.
    pub fn session(&self) -> Option<&BatchSession> {
        self.session.as_ref()
    }
}

impl fmt::Debug for AudienceBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AudienceBatch")
            .field("rows", &self.rows)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// The place of a batch in an upload of several calls.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BatchSession {
    /// The upload.
    pub session_id: u64,
    /// Which batch it is, from 1.
    pub batch_seq: usize,
    /// Whether it is the last one.
    pub last_batch_flag: bool,
    /// How many rows all batches have together.
    pub estimated_num_total: usize,
}
