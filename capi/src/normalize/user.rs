//! A whole `user_data`, member by member.

use std::ops::Range;

use sociogram_api_core::{Finding, Timestamp};

use super::{Context, Mode, Remark, Step, place, step};
use crate::field::{Field, FieldPolicy, FieldSet};
use crate::hashed::write_sha256_hex;
use crate::user_data::{CustomerValue, UserData};

/// `user_data` and the currency as they are written. Made anew for every event in the same memory.
#[derive(Debug, Default)]
pub(crate) struct NormalizedUser {
    /// All values one after the other.
    texts: String,
    /// In writing order; fields with several values stand as often.
    values: Vec<(Field, Range<usize>)>,
    present: FieldSet,
    currency: Option<Range<usize>>,
    /// The fields of the values that came in, in writing order, with their places.
    order: Vec<(Field, usize)>,
    /// The value at hand.
    text: String,
}

impl NormalizedUser {
    /// The values of each field in writing order; never an empty list.
    pub(crate) fn members(&self) -> impl Iterator<Item = (Field, impl Iterator<Item = &str> + Clone)> {
        self.values.chunk_by(|(one, _), (next, _)| one == next).filter_map(|values| {
            let (field, _) = values.first()?;
            Some((*field, values.iter().filter_map(|(_, at)| self.texts.get(at.clone()))))
        })
    }

    /// Which fields have a value left.
    pub(crate) fn present(&self) -> FieldSet {
        self.present
    }

    /// The currency of `custom_data`; `None` when there is none or it was left out.
    pub(crate) fn currency(&self) -> Option<&str> {
        self.currency.clone().and_then(|at| self.texts.get(at))
    }

    /// Normalises and hashes every value. Values that come out equal are written once, in the order in which
    /// they were first given.
    pub(crate) fn read(
        &mut self,
        user: &UserData,
        currency: Option<&str>,
        rules: &Rules<'_>,
        findings: &mut Vec<Finding>,
    ) {
        self.texts.clear();
        self.values.clear();
        (self.present, self.currency) = (FieldSet::default(), None);
        let mut context = rules.context();
        context.country = country(user);
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        order.extend(user.entries().iter().enumerate().map(|(place, (field, _))| (*field, place)));
        order.sort_unstable();
        let (mut last, mut index) = (None, 0);
        for (field, place) in order.iter().copied() {
            index = if last == Some(field) { index + 1 } else { 0 };
            last = Some(field);
            let path = || {
                if field.is_list() {
                    format!("user_data.{field}[{index}]")
                } else {
                    format!("user_data.{field}")
                }
            };
            let at = match user.entries().get(place) {
                Some((_, CustomerValue::Hashed(hashed))) => Some(self.put(hashed.as_str())),
                Some((_, CustomerValue::Plain(text))) => {
                    self.one(field, text, rules, &context, findings, path)
                }
                None => None,
            };
            let Some(at) = at else { continue };
            let text = self.texts.get(at.clone());
            let mut same = self.values.iter().rev().take_while(|(other, _)| *other == field);
            if same.any(|(_, other)| self.texts.get(other.clone()) == text) {
                self.texts.truncate(at.start);
                continue;
            }
            self.present.insert(field);
            self.values.push((field, at));
        }
        self.order = order;
        self.currency = currency.and_then(|code| {
            self.one(Field::Currency, code, rules, &context, findings, || "custom_data.currency".to_owned())
        });
    }

    fn put(&mut self, text: &str) -> Range<usize> {
        let start = self.texts.len();
        self.texts.push_str(text);
        start..self.texts.len()
    }

    /// One plain value in the form that is written.
    fn one(
        &mut self,
        field: Field,
        value: &str,
        rules: &Rules<'_>,
        context: &Context<'_>,
        findings: &mut Vec<Finding>,
        path: impl Fn() -> String,
    ) -> Option<Range<usize>> {
        let mut notes = Vec::new();
        self.text.clear();
        let result = step(rules.mode(field), field, value, context, &mut notes, &mut self.text);
        findings.extend(notes.into_iter().map(|note| note.warning(path())));
        let start = self.texts.len();
        match result {
            Ok(Step::Omit) => return None,
            Ok(Step::AsIs(text)) => self.texts.push_str(text),
            Ok(Step::Text) if field.is_hashed() => write_sha256_hex(&self.text, &mut self.texts),
            Ok(Step::Text | Step::Ready) => self.texts.push_str(&self.text),
            Err(why) => {
                findings.push(rules.problem(field, why, path()));
                return None;
            }
        }
        Some(start..self.texts.len())
    }
}

/// The rules of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) mode: Mode,
    pub(crate) now: Option<Timestamp>,
    pub(crate) calling_code: Option<&'a str>,
    pub(crate) policies: &'a [(Field, FieldPolicy)],
    pub(crate) default_policy: FieldPolicy,
}

impl Rules<'_> {
    fn policy(&self, field: Field) -> FieldPolicy {
        self.policies
            .iter()
            .rev()
            .find(|(other, _)| *other == field)
            .map_or(self.default_policy, |(_, policy)| *policy)
    }

    fn mode(&self, field: Field) -> Mode {
        if self.policy(field) == FieldPolicy::Compat { Mode::PythonCompat } else { self.mode }
    }

    fn context(&self) -> Context<'_> {
        Context { now: self.now, country: None, calling_code: self.calling_code }
    }

    fn problem(&self, field: Field, why: Remark, path: String) -> Finding {
        match self.policy(field) {
            FieldPolicy::Strict => why.error(path),
            FieldPolicy::DropField | FieldPolicy::Compat => why.dropped(path),
        }
    }
}

/// The first country that can be read: it decides how states and postal codes are read.
fn country(user: &UserData) -> Option<&'static str> {
    user.values(Field::Country).find_map(|value| match value {
        CustomerValue::Plain(text) => place::country_code(text),
        CustomerValue::Hashed(_) => None,
    })
}
