//! A whole `user_data`, member by member.

use std::collections::HashSet;

use sociogram_api_core::{Finding, Timestamp};

use super::{Context, Mode, Remark, Step, place, step};
use crate::field::{Field, FieldPolicy, FieldSet};
use crate::hashed::sha256_hex;
use crate::user_data::{CustomerValue, UserData};

/// `user_data` as it is written.
#[derive(Debug, Default)]
pub(crate) struct NormalizedUser {
    members: Vec<(Field, Vec<String>)>,
    present: FieldSet,
}

impl NormalizedUser {
    /// Fields in writing order with their values; never an empty list.
    pub(crate) fn members(&self) -> &[(Field, Vec<String>)] {
        &self.members
    }

    /// Which fields have a value left.
    pub(crate) fn present(&self) -> FieldSet {
        self.present
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

    fn context(&self) -> Context<'_> {
        Context { now: self.now, country: None, calling_code: self.calling_code }
    }

    fn problem(&self, field: Field, why: Remark, path: String) -> Finding {
        match self.policy(field) {
            FieldPolicy::Strict => why.error(path),
            FieldPolicy::DropField => why.dropped(path),
        }
    }

    /// The currency of `custom_data`; `None` when there is none or it was left out.
    pub(crate) fn currency(&self, value: &str, findings: &mut Vec<Finding>) -> Option<String> {
        self.one(Field::Currency, value, &self.context(), findings, || "custom_data.currency".to_owned())
    }

    /// One plain value in the form that is written.
    fn one(
        &self,
        field: Field,
        value: &str,
        context: &Context<'_>,
        findings: &mut Vec<Finding>,
        path: impl Fn() -> String,
    ) -> Option<String> {
        let mut notes = Vec::new();
        let result = step(self.mode, field, value, context, &mut notes);
        findings.extend(notes.into_iter().map(|note| note.warning(path())));
        match result {
            Ok(Step::Omit) => None,
            Ok(Step::Text(text)) if field.is_hashed() => Some(sha256_hex(&text)),
            Ok(Step::Text(text) | Step::Ready(text)) => Some(text),
            Err(why) => {
                findings.push(self.problem(field, why, path()));
                None
            }
        }
    }
}

/// Normalises and hashes every value. Values that come out equal are written once, in the order in which
/// they were first given.
pub(crate) fn user_data(user: &UserData, rules: &Rules<'_>, findings: &mut Vec<Finding>) -> NormalizedUser {
    let country = country(user);
    let mut context = rules.context();
    context.country = country.as_deref();
    let mut out = NormalizedUser::default();
    for field in user.fields() {
        let mut values: Vec<String> = Vec::new();
        for (index, value) in user.values(field).enumerate() {
            let wire = match value {
                CustomerValue::Hashed(hashed) => Some(hashed.as_str().to_owned()),
                CustomerValue::Plain(text) => rules.one(field, text, &context, findings, || {
                    if field.is_list() {
                        format!("user_data.{field}[{index}]")
                    } else {
                        format!("user_data.{field}")
                    }
                }),
            };
            values.extend(wire);
        }
        if values.len() > 1 {
            let mut seen = HashSet::with_capacity(values.len());
            values.retain(|value| seen.insert(value.clone()));
        }
        if !values.is_empty() {
            out.present.insert(field);
            out.members.push((field, values));
        }
    }
    out
}

/// The first country that can be read: it decides how states and postal codes are read.
fn country(user: &UserData) -> Option<String> {
    user.values(Field::Country).find_map(|value| match value {
        CustomerValue::Plain(text) => place::country(text).ok(),
        CustomerValue::Hashed(_) => None,
    })
}
