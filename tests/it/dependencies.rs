//! How many crates a build of each package pulls in. A budget rises only in a change that says why.

use std::collections::BTreeSet;
use std::process::Command;

/// The distinct crates of a normal build, the package itself included.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    lines.lines().filter(|line| !line.is_empty()).map(name_and_version).collect()
}

#[track_caller]
fn assert_budget(arguments: &[&str], budget: usize, banned: &[&str]) {
    let crates = tree(arguments);
    let found: Vec<_> = crates
        .iter()
        .filter(|entry| banned.iter().any(|name| entry.split(' ').next() == Some(name)))
        .collect();
    assert!(found.is_empty(), "{arguments:?} pulls in {found:?}");
    assert!(
        crates.len() <= budget,
        "{arguments:?} pulls in {} crates, budget {budget}: {crates:#?}",
        crates.len()
    );
    assert!(crates.len() > 3, "the tree was read: {crates:?}");
}

#[test]
fn webhook_verify_is_small() {
    let no_runtime = ["tokio", "http", "hyper", "reqwest", "rustls"];
    assert_budget(&["-p", "sociogram-webhook-verify", "--no-default-features"], 35, &no_runtime);
}

#[test]
fn the_vault_contains_no_http() {
    let no_http = ["reqwest", "hyper", "rustls", "oauth2", "sqlx"];
    assert_budget(&["-p", "sociogram-token-vault"], 90, &no_http);
}

#[test]
fn the_road_without_a_transport_contains_none() {
    let no_transport = ["reqwest", "hyper", "rustls"];
    assert_budget(
        &["-p", "sociogram-api-core", "--no-default-features", "--features", "http"],
        80,
        &no_transport,
    );
}
