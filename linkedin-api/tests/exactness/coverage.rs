//! Whether every endpoint of the crate stands in the table.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::declared::{operations, sources};

#[test]
fn every_endpoint_stands_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tables = Vec::new();
    sources(&root.join("tests/exactness"), &mut tables);
    let rows: String = tables.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let words: BTreeSet<&str> = rows.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut names = BTreeSet::new();
    let mut missing = Vec::new();
    for (of, name) in operations(&root.join("src")) {
        assert!(names.insert(name.clone()), "two endpoints are called {name}");
        if !words.contains(of.as_str()) {
            missing.push(format!("{of} ({name})"));
        }
    }
    assert!(names.len() > 10, "{names:?}");
    assert!(missing.is_empty(), "not in the table: {missing:#?}");
}
