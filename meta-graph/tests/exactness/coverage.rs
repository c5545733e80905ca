//! Whether every endpoint of the crate stands in the table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of the operations that a source declares, and the types they belong to.
fn declared(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut last = String::new();
    let source = source.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    for line in source.lines().map(str::trim) {
        let of =
            |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned();
        if let Some(rest) = line.strip_prefix("pub struct ") {
            last = of(rest);
        } else if let Some((_, rest)) = line.split_once("Endpoint for ") {
            last = of(rest);
        }
        let name = line.strip_prefix("const NAME: &'static str = ").unwrap_or(line);
        let name = name.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        if let Some((name, rest)) = name
            && (rest == ";" || rest.starts_with(": "))
            && name.contains('.')
            && !name.contains(' ')
            && !name.contains('/')
        {
            found.push((last.clone(), name.to_owned()));
        }
    }
    found
}

#[test]
fn every_endpoint_stands_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut files, mut tables) = (Vec::new(), Vec::new());
    sources(&root.join("src"), &mut files);
    sources(&root.join("tests/exactness"), &mut tables);
    let rows: String = tables.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let words: BTreeSet<&str> = rows.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut names = BTreeSet::new();
    let mut missing = Vec::new();
    let is_test = |path: &&PathBuf| path.iter().any(|part| part == "tests" || part == "tests.rs");
    for path in files.iter().filter(|path| !path.ends_with("endpoint.rs") && !is_test(path)) {
        for (of, name) in declared(&fs::read_to_string(path).unwrap()) {
            assert!(names.insert(name.clone()), "two endpoints are called {name}");
            if !words.contains(of.as_str()) {
                missing.push(format!("{of} ({name})"));
            }
        }
    }
    assert!(names.len() > 10, "{names:?}");
    assert!(missing.is_empty(), "not in the table: {missing:#?}");
}
