//! Arrows between the crates point one way only.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

const API_CORE: &str = "sociogram-api-core";
const OAUTH_CORE: &str = "sociogram-oauth-core";
const TOKEN_VAULT: &str = "sociogram-token-vault";
const META_GRAPH: &str = "sociogram-meta-graph";
const LINKEDIN_API: &str = "sociogram-linkedin-api";
const WEBHOOK_VERIFY: &str = "sociogram-webhook-verify";
const CAPI: &str = "sociogram-capi";
const POSTGRES: &str = "sociogram-postgres";

/// For each library, the libraries of the family it may depend on.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let libraries: [(&str, &[&str]); 8] = [
        (API_CORE, &[]),
        (WEBHOOK_VERIFY, &[]),
        (OAUTH_CORE, &[API_CORE]),
        (TOKEN_VAULT, &[OAUTH_CORE, API_CORE]),
        (META_GRAPH, &[OAUTH_CORE, API_CORE]),
        (LINKEDIN_API, &[OAUTH_CORE, API_CORE]),
        (CAPI, &[META_GRAPH, LINKEDIN_API, OAUTH_CORE, API_CORE]),
        (POSTGRES, &[TOKEN_VAULT, OAUTH_CORE, WEBHOOK_VERIFY, CAPI, API_CORE]),
    ];
    let mut allowed: BTreeMap<_, BTreeSet<_>> =
        libraries.iter().map(|(name, to)| (*name, to.iter().copied().collect())).collect();
    allowed.insert("sociogram", libraries.iter().map(|(name, _)| *name).collect());
    allowed
}

/// Programs and tests, which nothing but each other may depend on.
const PROGRAMS: [&str; 4] =
    ["sociogram-sandbox", "reference-server", "sociogram-tests", "sociogram-test-postgres"];

#[test]
fn arrows_point_one_way() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let allowed = allowed();
    let family: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        if PROGRAMS.contains(&name) {
            continue;
        }
        let Some(allowed) = allowed.get(name) else {
            wrong.push(format!("{name} is not in the picture: add it here and to the README"));
            continue;
        };
        let normal =
            package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        for dependency in normal.filter(|dependency| family.contains(dependency.name.as_str())) {
            if !allowed.contains(dependency.name.as_str()) {
                wrong.push(format!("{name} -> {}", dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows the design does not allow: {wrong:?}");
    assert!(
        allowed.keys().filter(|name| family.contains(*name)).count() >= 8,
        "the family was found: {family:?}"
    );
}

#[test]
fn only_the_adapter_names_reqwest() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let libraries = metadata.packages.iter().filter(|package| !PROGRAMS.contains(&package.name.as_str()));
    for package in libraries.filter(|package| package.name.as_str() != API_CORE) {
        // A bench may measure beside it.
        let normal =
            package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        let names: Vec<_> = normal.map(|dependency| dependency.name.as_str()).collect();
        assert!(!names.contains(&"reqwest"), "{} depends on reqwest itself", package.name);
    }
}
