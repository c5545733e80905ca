//! What the platforms allow, one constant per rule.
//!
//! A rule says what is wrong, what is allowed and what to do; the code that measures makes a [`Finding`] of it.
//! The limits are constants of their own beside the rules. Rules that Meta documents firmly are errors; those
//! that its pages contradict each other about are warnings, and have a second rule `*_HARD` far outside, which is
//! an error.

use std::borrow::Cow;

use sociogram_api_core::{Finding, Severity};

mod facebook;
mod instagram;
mod messaging;
mod other;
mod threads;
mod whatsapp;

pub use facebook::*;
pub use instagram::*;
pub use messaging::*;
pub use other::*;
pub use threads::*;
pub use whatsapp::*;

/// One documented limit of a platform.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable, dotted name that a [`Finding`] carries.
    pub name: &'static str,
    /// How much breaking it weighs.
    pub severity: Severity,
    /// What is wrong when it is broken.
    pub message: &'static str,
    /// What is allowed.
    pub allowed: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Rule {
    /// What to say when this field breaks it.
    pub fn finding(&self, field: impl Into<Cow<'static, str>>) -> Finding {
        let finding = match self.severity {
            Severity::Error => Finding::error(self.name, field, self.message),
            _ => Finding::warning(self.name, field, self.message),
        };
        finding.allowed(self.allowed).advice(self.advice)
    }
}

/// Declares rules as constants and the list of them.
macro_rules! rules {
    ($list:ident: $($id:ident, $severity:ident, $name:literal, $message:literal, $allowed:literal, $advice:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $message, ". Allowed: ", $allowed, ".")]
            pub const $id: $crate::guard::rules::Rule = $crate::guard::rules::Rule {
                name: $name,
                severity: sociogram_api_core::Severity::$severity,
                message: $message,
                allowed: $allowed,
                advice: $advice,
            };
        )+

        pub(super) const $list: &[(&str, $crate::guard::rules::Rule)] = &[$((stringify!($id), $id)),+];
    };
}
use rules;

const PARTS: [&[(&str, Rule)]; 6] = [FACEBOOK, INSTAGRAM, THREADS, WHATSAPP, MESSAGING, OTHER];

const COUNT: usize = {
    let mut count = 0;
    let mut parts: &[&[(&str, Rule)]] = &PARTS;
    while let [part, rest @ ..] = parts {
        count += part.len();
        parts = rest;
    }
    count
};

const JOINED: [(&str, Rule); COUNT] = {
    let mut joined = [("", F1); COUNT];
    let mut free: &mut [(&str, Rule)] = &mut joined;
    let mut parts: &[&[(&str, Rule)]] = &PARTS;
    let mut part: &[(&str, Rule)] = &[];
    while let Some((slot, tail)) = free.split_first_mut() {
        while part.is_empty() {
            if let [next, rest @ ..] = parts {
                part = next;
                parts = rest;
            }
        }
        if let [rule, rest @ ..] = part {
            *slot = *rule;
            part = rest;
        }
        free = tail;
    }
    joined
};

/// Every rule with the name of its constant.
pub const ALL: &[(&str, Rule)] = &JOINED;

#[cfg(test)]
mod tests;
