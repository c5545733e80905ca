//! Scopes: what the person is asked to allow, as open text with named constants.
//!
//! A scope that this version does not know is a normal value: providers add them all the time. The
//! constants carry the provider's spelling; which permission depends on which is written at each, and known to
//! [`ScopeSet::with_dependencies`].

use std::{borrow::Cow, collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

mod catalog;
pub(crate) mod linkedin;
mod meta;
pub mod retired;

pub use catalog::{ScopeFamily, ScopeState};
pub use linkedin::*;
pub use meta::*;

/// One scope (Meta calls it a permission).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(Cow<'static, str>);

impl Scope {
    /// From one of this module's constants or another literal.
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// From text known at run time.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The provider's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text can stand in a scope list: not empty, and only the characters of RFC 6749
    /// section 3.3 without the comma, which Meta and LinkedIn use as a separator.
    pub fn is_well_formed(&self) -> bool {
        let allowed = |c: u8| matches!(c, 0x21 | 0x23..=0x2B | 0x2D..=0x5B | 0x5D..=0x7E);
        !self.0.is_empty() && self.0.bytes().all(allowed)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.0)
    }
}

impl From<&'static str> for Scope {
    fn from(name: &'static str) -> Self {
        Self::from_static(name)
    }
}

/// A set of scopes. Sorted, so that two sets are equal whatever order they were written in.
///
/// ```
/// use sociogram_oauth_core::{ScopeSet, scope};
///
/// let granted = ScopeSet::parse("email,openid profile");
/// let wanted = ScopeSet::from_static(&[scope::OPENID, scope::W_MEMBER_SOCIAL]);
/// assert!(granted.contains("profile"));
/// assert_eq!(granted.missing(&wanted).to_string(), "w_member_social");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// The empty set.
    pub const fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// From constants of [`scope`](self).
    pub fn from_static(names: &[&'static str]) -> Self {
        names.iter().copied().map(Scope::from_static).collect()
    }

    /// Reads a list separated by spaces, commas or both: RFC 6749 says space, LinkedIn answers with
    /// commas, Meta uses either.
    pub fn parse(list: &str) -> Self {
        list.split(|c: char| c == ',' || c.is_whitespace())
            .filter(|name| !name.is_empty())
            .map(Scope::new)
            .collect()
    }

    /// Whether the set holds the scope with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.as_str() == name)
    }

    /// What of `required` this set lacks.
    pub fn missing(&self, required: &Self) -> Self {
        required.0.difference(&self.0).cloned().collect()
    }

    /// The scopes of either set.
    pub fn union(&self, other: &Self) -> Self {
        self.0.union(&other.0).cloned().collect()
    }

    /// The scopes that both sets hold.
    pub fn intersection(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).cloned().collect()
    }

    /// Adds one scope; `false` if it was there already.
    pub fn insert(&mut self, scope: impl Into<Scope>) -> bool {
        self.0.insert(scope.into())
    }

    /// The scopes in alphabetical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Scope> + '_ {
        self.0.iter()
    }

    /// How many scopes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The list with this separator: `','` for Facebook's dialog, `' '` for LinkedIn.
    pub fn join(&self, separator: char) -> String {
        let mut list = String::new();
        for scope in &self.0 {
            if !list.is_empty() {
                list.push(separator);
            }
            list.push_str(scope.as_str());
        }
        list
    }
}

impl fmt::Display for ScopeSet {
    /// Space-separated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.join(' '))
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScopeSet({self})")
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl Extend<Scope> for ScopeSet {
    fn extend<I: IntoIterator<Item = Scope>>(&mut self, scopes: I) {
        self.0.extend(scopes);
    }
}

impl IntoIterator for ScopeSet {
    type Item = Scope;
    type IntoIter = std::collections::btree_set::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a ScopeSet {
    type Item = &'a Scope;
    type IntoIter = std::collections::btree_set::Iter<'a, Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests;
