//! Whether the tour leaves nothing out, and gives nothing away.

#[path = "../../meta-graph/tests/exactness/declared.rs"]
mod declared;
mod hiding;

use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Write},
    path::Path,
    process,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use crate::{run, wire::Output};

/// Operations that the tour does not call, and why.
const LEFT_OUT: &[(&str, &str)] = &[];

/// The members of a line of the record.
const MEMBERS: [&str; 7] = ["body", "content_type", "host", "method", "operation", "path", "query"];

/// Hosts that the client may call.
const HOSTS: [&str; 6] = [
    "graph.facebook.com",
    "graph-video.facebook.com",
    "graph.instagram.com",
    "graph.threads.net",
    "lookaside.fbsbx.com",
    "rupload.facebook.com",
];

/// Output that the test reads afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn tour(words: &[&str]) -> (u8, String, String) {
    let (shown, mut complaints) = (Shared::default(), Vec::new());
    let out: Output = Arc::new(Mutex::new(Box::new(shown.clone())));
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let status = run(words, &out, &mut complaints).await;
    let shown = shown.0.lock().unwrap().clone();
    (status, String::from_utf8(shown).unwrap(), String::from_utf8(complaints).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_calls_every_operation_and_its_record_tells_no_secret() {
    let file = env::temp_dir().join(format!("sociogram-meta-tour-{}.ndjson", process::id()));
    let (status, shown, complaints) = tour(&["--record", file.to_str().unwrap()]).await;
    assert_eq!((status, complaints.as_str()), (0, ""), "{shown}");

    let toured: BTreeSet<&str> = shown.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let declared = declared::operations(&Path::new(env!("CARGO_MANIFEST_DIR")).join("meta-graph/src"));
    let is_left_out = |name: &str| LEFT_OUT.iter().any(|(left_out, _)| *left_out == name);
    let missing: Vec<_> =
        declared.iter().filter(|(_, name)| !toured.contains(name.as_str()) && !is_left_out(name)).collect();
    assert!(missing.is_empty(), "not toured: {missing:#?}");
    assert!(LEFT_OUT.iter().all(|(name, why)| !toured.contains(name) && !why.is_empty()));

    let record = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let calls =
        shown.lines().filter(|line| line.split_whitespace().count() == 4 && line.contains(" /")).count();
    assert_eq!(record.lines().count(), calls);
    for line in record.lines() {
        let Value::Object(members) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        assert_eq!(members.keys().map(String::as_str).collect::<Vec<_>>(), MEMBERS);
        assert!(HOSTS.contains(&members["host"].as_str().unwrap()), "{line}");
        assert!(members["path"].as_str().unwrap().starts_with('/'), "{line}");
    }
    for secret in ["EAA", "IGAA", "THAA", "127.0.0.1"] {
        assert!(!record.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn wrong_arguments_are_explained() {
    for (words, reason) in [
        (&["--record"][..], "--record needs the name of a file"),
        (&["paegs"], "unknown area or option \"paegs\"; --areas lists the areas"),
        (&["--record", "/nonexistent/calls.ndjson"], "the record cannot be written"),
    ] {
        let (status, shown, complaints) = tour(words).await;
        assert_eq!((status, shown.as_str()), (2, ""));
        assert!(complaints.starts_with(reason), "{complaints}");
    }
    let (status, shown, _) = tour(&["--areas"]).await;
    assert_eq!(status, 0);
    assert!(shown.lines().any(|line| line == "page-media"), "{shown}");
}
