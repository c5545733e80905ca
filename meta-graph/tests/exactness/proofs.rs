//! Whether a crate's `PITFALLS.md` holds what it says: every proof in it is a test or a type that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::declared::sources;

/// Where proofs may stand.
const CRATES: [&str; 7] =
    ["meta-graph", "linkedin-api", "api-core", "oauth-core", "token-vault", "webhook-verify", "tests"];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The module of a source: `meta-graph/src/batch/tests/wire.rs` is `meta-graph::batch::wire`.
fn module(path: &Path) -> String {
    let path = path.strip_prefix(workspace()).unwrap().with_extension("");
    let mut parts = path.iter().map(|part| part.to_str().unwrap());
    let krate = parts.next().unwrap();
    parts
        .filter(|part| !["src", "tests"].contains(part))
        .fold(krate.to_owned(), |found, part| format!("{found}::{part}"))
}

/// The test functions of a source, by name.
fn tests_of(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        let attribute = line.strip_prefix("#[").unwrap_or_default();
        is_test |= ["test]", "tokio::test]", "tokio::test("].iter().any(|test| attribute.starts_with(test));
        let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let (true, Some(rest)) = (is_test, function) {
            found.insert(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned());
            is_test = false;
        }
    }
    found
}

/// The types that a source declares.
fn types_of(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("pub ")?;
        let rest = ["struct ", "enum ", "trait "].iter().find_map(|kind| rest.strip_prefix(kind))?;
        Some(rest.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned())
    })
}

/// The rows of the tables, as their three columns.
fn rows(folder: &Path) -> Vec<[String; 3]> {
    let text = fs::read_to_string(folder.join("PITFALLS.md")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_matches('|');
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what goes wrong"));
    rows.map(|line| cells(line).try_into().unwrap_or_else(|_| panic!("three columns: {line}"))).collect()
}

/// Fails when a proof in the `PITFALLS.md` of this folder does not exist, or when the tables have fewer rows.
pub(crate) fn check(folder: &Path, least: usize) {
    let mut files: Vec<PathBuf> = Vec::new();
    for krate in CRATES {
        for folder in ["src", "tests", "it"].map(|folder| workspace().join(krate).join(folder)) {
            if folder.is_dir() {
                sources(&folder, &mut files);
            }
        }
    }
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut types = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        tests.entry(module(&file)).or_default().extend(tests_of(&source));
        types.extend(types_of(&source));
    }
    let rows = rows(folder);
    assert!(rows.len() >= least, "the tables were read: {}", rows.len());
    let mut missing = Vec::new();
    for [what, why, proofs] in &rows {
        assert!(what.ends_with('.') && why.ends_with('.'), "a sentence in both columns: {what}");
        let proofs: Vec<&str> = proofs.split(", ").map(|proof| proof.trim_matches('`')).collect();
        for proof in proofs {
            let exists = match proof.rsplit_once("::") {
                Some((module, name)) => tests.get(module).is_some_and(|tests| tests.contains(name)),
                None => types.contains(proof),
            };
            if !exists {
                missing.push(format!("{proof} ({what})"));
            }
        }
    }
    assert!(missing.is_empty(), "no such test or type: {missing:#?}");
}

/// The code of these crates by module, without tests and comments.
pub(crate) fn code(crates: &[&str]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for krate in crates {
        sources(&workspace().join(krate).join("src"), &mut files);
    }
    let is_code = |path: &PathBuf| {
        !path
            .iter()
            .any(|part| ["tests", "testing", "tests.rs", "scripted.rs"].contains(&part.to_str().unwrap()))
    };
    let read = |path: &PathBuf| {
        let source = fs::read_to_string(path).unwrap();
        let source = source.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = source.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        (module(path), lines.collect::<Vec<_>>().join("\n"))
    };
    let all = files.iter().filter(|path| is_code(path)).map(read);
    // What still holds a test is a module of tests under another name.
    all.filter(|(_, code)| !code.contains("#[test]") && !code.contains("#[tokio::test")).collect()
}
