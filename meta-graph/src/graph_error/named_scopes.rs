//! Which permissions an error names.

use std::collections::BTreeSet;

use sociogram_oauth_core::Scope;

use super::Told;

/// The known permissions that stand in Meta's texts as words of their own, in the order of the catalog. Words without
/// an underscore (`email`) are left out: they are words of the language too.
pub(super) fn named(told: &Told) -> Vec<Scope> {
    let texts = [&told.message, &told.details, &told.user_message];
    let words: BTreeSet<&str> = texts
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .filter(|word| word.contains('_'))
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    Scope::known().filter(|scope| words.contains(scope.as_str()) && !scope.is_retired()).collect()
}
