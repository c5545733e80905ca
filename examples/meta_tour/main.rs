//! Takes the Graph client through everything it can do, against the sandbox: offline, and with no account.
//!
//! ```sh
//! cargo run --example meta_tour                        # a line per call
//! cargo run --example meta_tour -- --record calls.ndjson
//! cargo run --example meta_tour -- instagram threads   # some areas only
//! ```
//!
//! A line holds the operation, the method, the path template and the status. With `--record` every request that left
//! the client is written as one line of JSON, with the platform's host and path; secrets are hidden.
//!
//! [`stage`] starts the sandbox and has the clients, [`program`] has the command line and watches what is sent, and each other module is one area
//! of the API, to be read as an example of it.

mod access;
mod ads;
mod apps;
mod audiences;
mod batch;
mod businesses;
mod dialog;
mod insights;
mod instagram;
mod instagram_login;
mod instagram_people;
mod leads;
mod messaging;
mod messaging_instagram;
mod messaging_manage;
mod page_media;
mod page_talk;
mod pages;
#[path = "../tour/program.rs"]
mod program;
mod raw;
mod stage;
#[cfg(test)]
mod tests;
mod threads;
mod uploads;
mod whatsapp;
mod whatsapp_account;
mod whatsapp_interactive;
mod whatsapp_manage;

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
usage: meta_tour [--record FILE] [AREA]…

Calls the Graph API as the sandbox plays it, offline: every area once, or those that are named.

options:
  --record FILE  write every request sent to FILE, one line of JSON each
  --areas        print the names of the areas
  --help         print this text

exit status: 0 all calls did what they should, 1 some did not, 2 wrong arguments or an unwritable file";

    const AREAS: &'static [(&'static str, program::Tour<Self>)] = &[
        ("access", |stage| Box::pin(access::tour(stage))),
        ("businesses", |stage| Box::pin(businesses::tour(stage))),
        ("apps", |stage| Box::pin(apps::tour(stage))),
        ("pages", |stage| Box::pin(pages::tour(stage))),
        ("page-media", |stage| Box::pin(page_media::tour(stage))),
        ("page-talk", |stage| Box::pin(page_talk::tour(stage))),
        ("instagram", |stage| Box::pin(instagram::tour(stage))),
        ("instagram-login", |stage| Box::pin(instagram_login::tour(stage))),
        ("threads", |stage| Box::pin(threads::tour(stage))),
        ("whatsapp", |stage| Box::pin(whatsapp::tour(stage))),
        ("whatsapp-interactive", |stage| Box::pin(whatsapp_interactive::tour(stage))),
        ("whatsapp-account", |stage| Box::pin(whatsapp_account::tour(stage))),
        ("whatsapp-manage", |stage| Box::pin(whatsapp_manage::tour(stage))),
        ("messaging", |stage| Box::pin(messaging::tour(stage))),
        ("messaging-instagram", |stage| Box::pin(messaging_instagram::tour(stage))),
        ("messaging-manage", |stage| Box::pin(messaging_manage::tour(stage))),
        ("leads", |stage| Box::pin(leads::tour(stage))),
        ("insights", |stage| Box::pin(insights::tour(stage))),
        ("ads", |stage| Box::pin(ads::tour(stage))),
        ("audiences", |stage| Box::pin(audiences::tour(stage))),
        ("uploads", |stage| Box::pin(uploads::tour(stage))),
        ("batch", |stage| Box::pin(batch::tour(stage))),
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
