//! Which items travel together.

use std::collections::HashMap;

use sociogram_api_core::Finding;

use super::{Batch, Entry, Settings};

/// The items of each call by their places in the batch, and what hangs together.
pub(super) struct Plan {
    pub(super) calls: Vec<Vec<usize>>,
    /// The earlier items each one needs.
    pub(super) needs: Vec<Vec<usize>>,
    /// The later items that need each one.
    pub(super) needed_by: Vec<Vec<usize>>,
}

impl Plan {
    /// Whether an item can be sent again by itself.
    pub(super) fn stands_alone(&self, index: usize) -> bool {
        let none = |links: &[Vec<usize>]| links.get(index).is_none_or(Vec::is_empty);
        none(&self.needs) && none(&self.needed_by)
    }
}

/// Packs the items into calls. What depends on each other is never torn apart.
pub(super) fn plan(entries: &[Entry], findings: &mut Vec<Finding>) -> Plan {
    let needs = needs(entries, findings);
    let mut needed_by = vec![Vec::new(); entries.len()];
    for (index, earlier) in needs.iter().enumerate() {
        for earlier in earlier {
            if let Some(later) = needed_by.get_mut(*earlier) {
                later.push(index);
            }
        }
    }
    let mut calls = vec![Vec::new()];
    for group in groups(&needs) {
        if group.len() > Batch::ITEMS_PER_CALL {
            findings.push(
                Finding::error("batch.dependencies", "depends_on", "too many items depend on each other")
                    .measured(group.len())
                    .allowed(Batch::ITEMS_PER_CALL)
                    .advice("make several batches; what depends on each other has to fit into one call"),
            );
        }
        match calls.last_mut() {
            Some(call) if call.len() + group.len() <= Batch::ITEMS_PER_CALL => call.extend(group),
            _ => calls.push(group),
        }
    }
    // A later item may belong to a group that began before its neighbours.
    for call in &mut calls {
        call.sort_unstable();
    }
    calls.retain(|call| !call.is_empty());
    Plan { calls, needs, needed_by }
}

/// The places of the earlier items that each one needs.
fn needs(entries: &[Entry], findings: &mut Vec<Finding>) -> Vec<Vec<usize>> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut all = Vec::with_capacity(entries.len());
    for (index, Entry { settings, .. }) in entries.iter().enumerate() {
        let mut needs: Vec<usize> = Vec::new();
        for name in needed_names(settings) {
            match names.get(name) {
                Some(earlier) if !needs.contains(earlier) => needs.push(*earlier),
                Some(_) => {}
                None => findings.push(
                    Finding::error(
                        "batch.depends_on",
                        field(index),
                        "it depends on an item that is not there",
                    )
                    .advice("name the other item, and add it before this one"),
                ),
            }
        }
        all.push(needs);
        for reference in &settings.references {
            let path = reference.path.strip_prefix('$');
            let plain = |c: char| c.is_ascii_alphanumeric() || "$._-*[]@,:'".contains(c);
            if !path.is_some_and(|path| path.chars().all(plain)) {
                findings.push(
                    Finding::error("batch.reference", field(index), "the reference is no JSONPath")
                        .allowed("$.id, $.data[0].id, $.data.*.id"),
                );
            }
        }
        if let Some(name) = &settings.name {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            if name.is_empty() || !name.bytes().all(plain) {
                findings.push(
                    Finding::error("batch.name", field(index), "the name cannot be used")
                        .allowed("letters, digits, - and _"),
                );
            }
            if names.insert(name, index).is_some() {
                findings.push(Finding::error("batch.name", field(index), "another item has the same name"));
            }
        }
    }
    all
}

fn needed_names(settings: &Settings) -> impl Iterator<Item = &str> {
    let references = settings.references.iter().map(|reference| reference.item.as_str());
    settings.depends_on.as_deref().into_iter().chain(references)
}

fn field(index: usize) -> String {
    format!("items[{index}]")
}

/// Items that hang together, each group in order; groups in the order of their first items.
fn groups(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // `first[i]`: the first item of the group of item `i`.
    let mut first: Vec<usize> = (0..needs.len()).collect();
    for (index, earlier) in needs.iter().enumerate() {
        let touched: Vec<usize> =
            earlier.iter().chain([&index]).filter_map(|item| first.get(*item).copied()).collect();
        let lowest = touched.iter().min().copied().unwrap_or(index);
        for group in first.iter_mut().filter(|group| touched.contains(group)) {
            *group = lowest;
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (index, first) in first.into_iter().enumerate() {
        if let Some(group) = groups.get_mut(first) {
            group.push(index);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}
