//! Which endpoints the crate declares, read from its sources.

use std::fs;
use std::path::{Path, PathBuf};

/// All sources below a folder.
pub(crate) fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
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

/// Whether a source has nothing but tests in it.
fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// The type and the name of every operation that the sources below a folder declare.
pub(crate) fn operations(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(folder, &mut files);
    files.retain(|path| !path.ends_with("endpoint.rs") && !is_test(path));
    files.iter().flat_map(|path| declared(&fs::read_to_string(path).unwrap())).collect()
}
