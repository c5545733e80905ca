//! What the tests of the tours share.

#[path = "../../meta-graph/tests/exactness/declared.rs"]
mod declared;

use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Write},
    path::Path,
    process,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use crate::program::{Stage, run, wire::Output};

/// The members of a line of the record.
const MEMBERS: [&str; 7] = ["body", "content_type", "host", "method", "operation", "path", "query"];

/// Output that a test reads afterwards.
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

/// Exit status, standard output and standard error of a tour.
async fn tour<S: Stage>(words: &[&str]) -> (u8, String, String) {
    let (shown, mut complaints) = (Shared::default(), Vec::new());
    let out: Output = Arc::new(Mutex::new(Box::new(shown.clone())));
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let status = run::<S>(words, &out, &mut complaints).await;
    let shown = shown.0.lock().unwrap().clone();
    (status, String::from_utf8(shown).unwrap(), String::from_utf8(complaints).unwrap())
}

/// Tours everything. Every operation that `sources` declare must be called, and the record must name no host but these
/// and none of the secrets.
pub(crate) async fn nothing_is_left_out_or_given_away<S: Stage>(
    sources: &str,
    hosts: &[&str],
    secrets: &[&str],
) {
    let name = sources.split('/').next().unwrap();
    let file = env::temp_dir().join(format!("sociogram-tour-{name}-{}.ndjson", process::id()));
    let (status, shown, complaints) = tour::<S>(&["--record", file.to_str().unwrap()]).await;
    assert_eq!((status, complaints.as_str()), (0, ""), "{shown}");

    let toured: BTreeSet<&str> = shown.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let declared = declared::operations(&Path::new(env!("CARGO_MANIFEST_DIR")).join(sources));
    let missing: Vec<_> = declared.iter().filter(|(_, name)| !toured.contains(name.as_str())).collect();
    assert!(declared.len() > 50 && missing.is_empty(), "not toured: {missing:#?}");

    let record = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    // The status of a call that was cut off takes two words: no answer.
    let is_call = |line: &&str| matches!(line.split_whitespace().count(), 4 | 5) && line.contains(" /");
    assert_eq!(record.lines().count(), shown.lines().filter(is_call).count());
    for line in record.lines() {
        let Value::Object(members) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        assert_eq!(members.keys().map(String::as_str).collect::<Vec<_>>(), MEMBERS);
        assert!(hosts.contains(&members["host"].as_str().unwrap()), "{line}");
        assert!(members["path"].as_str().unwrap().starts_with('/'), "{line}");
    }
    for secret in secrets {
        assert!(!record.contains(secret), "{secret}");
    }
}

/// Wrong words on the command line. `area` is one of the tour's.
pub(crate) async fn wrong_arguments_are_explained<S: Stage>(area: &str) {
    for (words, reason) in [
        (&["--record"][..], "--record needs the name of a file"),
        (&["paegs"], "unknown area or option \"paegs\"; --areas lists the areas"),
        (&["--record", "/nonexistent/calls.ndjson"], "the record cannot be written"),
    ] {
        let (status, shown, complaints) = tour::<S>(words).await;
        assert_eq!((status, shown.as_str()), (2, ""));
        assert!(complaints.starts_with(reason), "{complaints}");
    }
    let (status, shown, _) = tour::<S>(&["--areas"]).await;
    assert_eq!(status, 0);
    assert!(shown.lines().any(|line| line == area), "{shown}");
}
