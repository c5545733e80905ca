//! The program on its data, and against the sandbox.

mod compat;
mod explaining;
mod reading;
mod sending;

use std::path::Path;

use serde_json::Value;
use sociogram::api_core::{Clock, Timestamp};

use crate::{arguments::Secrets, run};

/// What the program wrote, and its exit status.
struct Outcome {
    out: String,
    err: String,
    status: u8,
}

impl Outcome {
    /// The events of all bodies.
    fn events(&self) -> Vec<Value> {
        let bodies = self.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        bodies.flat_map(|body| body["data"].as_array().unwrap().clone()).collect()
    }
}

/// A clock that stands still.
#[derive(Debug)]
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// When the events in the data happened, and some minutes.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_000_600);

/// Where a file of the examples' data is.
fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name).to_str().unwrap().to_owned()
}

async fn program(words: &[&str]) -> Outcome {
    program_with(words, &Secrets::default()).await
}

async fn program_with(words: &[&str], secrets: &Secrets) -> Outcome {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = run(words, secrets, &Still(NOW), &mut out, &mut err).await;
    Outcome { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), status }
}

/// A file of a test, gone with it.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("capi_payload_{}_{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}
