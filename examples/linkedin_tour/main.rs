//! Takes the LinkedIn client through everything it can do, against the sandbox: offline, and with no account.
//!
//! ```sh
//! cargo run --example linkedin_tour                        # a line per call
//! cargo run --example linkedin_tour -- --record calls.ndjson
//! cargo run --example linkedin_tour -- posts media         # some areas only
//! ```
//!
//! A line holds the operation, the method, the path template and the status. With `--record` every request that left
//! the client is written as one line of JSON, with the platform's host and path; secrets are hidden.
//!
//! [`stage`] starts the sandbox and has the clients, [`program`] has the command line and watches what is sent, and each
//! other module is one area of the API, to be read as an example of it.

mod ads;
mod analytics;
mod conversions;
mod leads;
mod media;
mod organizations;
mod posts;
mod profile;
#[path = "../tour/program.rs"]
mod program;
mod raw;
mod social;
mod stage;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::{process::ExitCode, sync::Arc};

use program::{Outcome, control, expect, wire::Report};
use sociogram_sandbox::Sandbox;
use stage::Stage;

#[tokio::main]
async fn main() -> ExitCode {
    program::main::<Stage>().await
}

impl program::Stage for Stage {
    const USAGE: &'static str = "\
usage: linkedin_tour [--record FILE] [AREA]…

Calls LinkedIn's API as the sandbox plays it, offline: every area once, or those that are named.

options:
  --record FILE  write every request sent to FILE, one line of JSON each
  --areas        print the names of the areas
  --help         print this text

exit status: 0 all calls did what they should, 1 some did not, 2 wrong arguments or an unwritable file";

    const AREAS: &'static [(&'static str, program::Tour<Self>)] = &[
        ("profile", |stage| Box::pin(profile::tour(stage))),
        ("organizations", |stage| Box::pin(organizations::tour(stage))),
        ("media", |stage| Box::pin(media::tour(stage))),
        ("posts", |stage| Box::pin(posts::tour(stage))),
        ("social", |stage| Box::pin(social::tour(stage))),
        ("subscriptions", |stage| Box::pin(subscriptions::tour(stage))),
        ("analytics", |stage| Box::pin(analytics::tour(stage))),
        ("ads", |stage| Box::pin(ads::tour(stage))),
        ("leads", |stage| Box::pin(leads::tour(stage))),
        ("conversions", |stage| Box::pin(conversions::tour(stage))),
        ("raw", |stage| Box::pin(raw::tour(stage))),
    ];

    async fn start(report: Arc<Report>) -> Outcome<Self> {
        Self::log_in(report).await
    }

    fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn end(self) -> Sandbox {
        self.sandbox
    }
}
