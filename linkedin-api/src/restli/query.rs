//! Whole queries.

use std::collections::BTreeMap;

use super::RestliValue;
use super::encode;

/// A query, already encoded; parameters come out in alphabetical order. A parameter exists once: setting
/// it again replaces it, because protocol 2 refuses repeats and takes a list instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a query does nothing until it is encoded"]
pub struct Query(BTreeMap<String, String>);

impl Query {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter.
    pub fn param(mut self, name: &str, value: impl Into<RestliValue>) -> Self {
        self.0.insert(name.to_owned(), value.into().encode());
        self
    }

    /// Sets a parameter if there is a value; Rest.li has no null.
    pub fn optional(self, name: &str, value: Option<impl Into<RestliValue>>) -> Self {
        match value {
            Some(value) => self.param(name, value),
            None => self,
        }
    }

    /// Asks for these fields only: a projection mask such as `id,author,content:(media)`. Masks have
    /// their own grammar and are not Rest.li values.
    pub fn fields(self, mask: &str) -> Self {
        self.mask("fields", mask)
    }

    /// Asks for these fields of a list's `metadata` only; the same grammar.
    pub fn metadata_fields(self, mask: &str) -> Self {
        self.mask("metadataFields", mask)
    }

    /// Asks for these fields of a list's `paging` only; the same grammar. Without its `links`, the end of a list can
    /// only be guessed.
    pub fn paging_fields(self, mask: &str) -> Self {
        self.mask("pagingFields", mask)
    }

    fn mask(mut self, name: &str, mask: &str) -> Self {
        self.0.insert(name.to_owned(), encode::mask(mask));
        self
    }

    /// The names of the parameters.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The query without `?`.
    pub fn encode(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.0 {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&encode::text(name));
            out.push('=');
            out.push_str(value);
        }
        out
    }
}
