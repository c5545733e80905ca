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
//! [`stage`] starts the sandbox and has the clients, [`wire`] watches what is sent, and each other module is one area
//! of the API, to be read as an example of it.

mod access;
mod ads;
mod apps;
mod audiences;
mod batch;
mod businesses;
mod control;
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
mod raw;
mod record;
mod secrets;
mod stage;
#[cfg(test)]
mod tests;
mod threads;
mod uploads;
mod whatsapp;
mod whatsapp_account;
mod whatsapp_interactive;
mod whatsapp_manage;
mod wire;

use std::{
    error::Error,
    fs::File,
    future::Future,
    io::{self, Write},
    path::PathBuf,
    pin::Pin,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use stage::Stage;
use wire::Report;

const USAGE: &str = "\
usage: meta_tour [--record FILE] [AREA]…

Calls the Graph API as the sandbox plays it, offline: every area once, or those that are named.

options:
  --record FILE  write every request sent to FILE, one line of JSON each
  --areas        print the names of the areas
  --help         print this text

exit status: 0 all calls did what they should, 1 some did not, 2 wrong arguments or an unwritable file";

/// What an area ends with.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Ends an area unless `is_so`, with what was expected.
fn expect(is_so: bool, what: &str) -> Outcome {
    if is_so { Ok(()) } else { Err(format!("expected {what}").into()) }
}

/// An area being toured.
type Touring<'s> = Pin<Box<dyn Future<Output = Outcome> + Send + 's>>;

/// What tours an area.
type Tour = fn(&Stage) -> Touring<'_>;

/// The areas, in the order of the tour.
const AREAS: &[(&str, Tour)] = &[
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

/// What the program was asked for.
#[derive(Debug, Default)]
struct Arguments {
    record: Option<PathBuf>,
    areas: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let words = std::env::args().skip(1).collect();
    let out: wire::Output = Arc::new(Mutex::new(Box::new(io::stdout())));
    ExitCode::from(run(words, &out, &mut io::stderr()).await)
}

/// The whole program: what it was called with, where it writes to, and the exit status.
async fn run(words: Vec<String>, out: &wire::Output, err: &mut (impl Write + Send)) -> u8 {
    let arguments = match parse(words) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => return say(out, USAGE),
        Err(reason) if reason == AREAS_ONLY => {
            let names: Vec<&str> = AREAS.iter().map(|(name, _)| *name).collect();
            return say(out, &names.join("\n"));
        }
        Err(reason) => return complain(err, &format!("{reason}\n\n{USAGE}"), 2),
    };
    let record = match arguments.record.as_ref().map(File::create).transpose() {
        Ok(file) => file,
        Err(error) => return complain(err, &format!("the record cannot be written: {error}"), 2),
    };
    let report = Arc::new(Report::new(Arc::clone(out), record));
    let stage = match Stage::start(Arc::clone(&report)).await {
        Ok(stage) => stage,
        Err(error) => return complain(err, &format!("the tour cannot start: {}", whole(&*error)), 1),
    };
    let mut failed = 0_u32;
    for (name, tour) in AREAS {
        if !arguments.areas.is_empty() && !arguments.areas.iter().any(|area| area == name) {
            continue;
        }
        report.line(&format!("# {name}"));
        if let Err(error) = tour(&stage).await {
            failed += 1;
            complain(err, &format!("{name}: {}", whole(&*error)), 1);
        }
    }
    for violation in stage.sandbox.received().violations {
        failed += 1;
        complain(err, &format!("the sandbox complains: {violation:?}"), 1);
    }
    report.line(&format!("{} calls, {} operations", report.calls(), report.operations()));
    stage.sandbox.shutdown().await;
    match report.finish() {
        Err(error) => complain(err, &format!("the record is not complete: {error}"), 2),
        Ok(()) => u8::from(failed > 0),
    }
}

/// The answer of [`parse`] to `--areas`.
const AREAS_ONLY: &str = "areas";

/// `None` when help was asked for.
fn parse(words: Vec<String>) -> Result<Option<Arguments>, String> {
    let mut arguments = Arguments::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--areas" => return Err(AREAS_ONLY.to_owned()),
            "--record" => {
                let file = words.next().ok_or("--record needs the name of a file")?;
                arguments.record = Some(PathBuf::from(file));
            }
            word if AREAS.iter().any(|(name, _)| *name == word) => arguments.areas.push(word.to_owned()),
            word => return Err(format!("unknown area or option {word:?}; --areas lists the areas")),
        }
    }
    Ok(Some(arguments))
}

fn say(out: &wire::Output, text: &str) -> u8 {
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    u8::from(writeln!(out, "{text}").is_err())
}

fn complain(err: &mut impl Write, text: &str, status: u8) -> u8 {
    // Where standard error is closed, nobody is there to be told.
    let _closed = writeln!(err, "{text}");
    status
}

/// An error with its causes.
fn whole(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
