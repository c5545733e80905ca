//! A load test of webhooks, run by hand: how fast the reference server takes deliveries beside a bare handler, and
//! whether it loses an event or makes something of one twice when it is killed.
//!
//! ```sh
//! cargo build --release -p reference-server
//! cargo run --release --example load_webhooks              # about five minutes
//! cargo run --release --example load_webhooks -- --quick   # ten seconds of load
//! ```
//!
//! Everything is thrown away afterwards: a Postgres of its own, the server as a process of its own in front of the
//! sandbox. Offline, and with no account. The last line is JSON.
//!
//! 1. **Rates.** Signed deliveries of one message each go to the server and to a handler that checks the signature and
//!    inserts the body into one table ([`bare`]), in turns of equal length: bare, server, server, bare. First to a server
//!    that only receives, since what handles events would take its time from the bare handler too; then to one that
//!    handles them as well, with a pause after each turn until everything is handled.
//! 2. **Crashes.** Deliveries of several messages, of which some were sent before in others; the server is killed twice.
//!    Whoever got no 200 sends again. Then what was sent is compared with what the database holds.

mod arguments;
mod audit;
mod bare;
mod crashes;
mod deliveries;
mod load;
mod rates;
mod server;
mod stage;
#[cfg(test)]
mod tests;

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use arguments::{Arguments, Command, USAGE};
use rates::Comparison;
use serde_json::{Value, json};
use stage::Stage;

/// What a step ends with.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Run(arguments)) => arguments,
        Ok(Command::Help) => return status(say(USAGE).is_ok()),
        Err(mistake) => {
            complain(&format!("{mistake}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    // What runs is ended by guards, which must not be skipped.
    let outcome = tokio::select! {
        outcome = Box::pin(run(&arguments)) => outcome,
        stopped = stop_asked() => Err(stopped.err().map_or_else(|| "stopped".into(), Into::into)),
    };
    match outcome {
        Ok(is_well) => status(is_well),
        Err(error) => {
            complain(&whole(&*error));
            ExitCode::FAILURE
        }
    }
}

/// Whether nothing was lost and nothing done twice.
async fn run(arguments: &Arguments) -> Outcome<bool> {
    let stage = Stage::set(arguments.fsync).await?;
    say(&format!("postgres    {}", stage.about))?;
    let receiving = Box::pin(rates::compare(&stage, arguments, false)).await?;
    say(&format!("ratio={:.2}\n", receiving.ratio()))?;
    let working = match arguments.working_rounds {
        0 => None,
        _ => Some(Box::pin(rates::compare(&stage, arguments, true)).await?),
    };
    if let Some(working) = &working {
        say(&format!("ratio_with_worker={:.2}\n", working.ratio()))?;
    }
    let crashed = Box::pin(crashes::run(&stage, arguments)).await?;
    let audit = &crashed.audit;
    let is_well = audit.is_well();
    say(&format!("lost: {}, effects twice: {}", audit.lost, audit.twice))?;
    let summary = json!({
        "ok": is_well,
        "postgres": stage.about,
        "fsync": arguments.fsync,
        "concurrency": arguments.concurrency,
        "ratio": rounded(receiving.ratio()),
        "receiving": shown(&receiving),
        "with_worker": working.as_ref().map(shown),
        "crashes": crashed.summary(),
    });
    say(&summary.to_string())?;
    Ok(is_well)
}

fn shown(comparison: &Comparison) -> Value {
    json!({
        "ratio": rounded(comparison.ratio()),
        "bare": comparison.bare.summary(),
        "server": comparison.server.summary(),
    })
}

/// To three places.
pub(crate) fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

pub(crate) fn say(line: &str) -> Outcome {
    writeln!(io::stdout(), "{line}").map_err(|error| format!("cannot write to the output: {error}").into())
}

fn complain(text: &str) {
    // Where standard error is closed, nobody is there to be told.
    let _closed = writeln!(io::stderr(), "{text}");
}

fn status(is_well: bool) -> ExitCode {
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn stop_asked() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked,
        _ = terminate.recv() => Ok(()),
    }
}

/// An error with its causes.
fn whole(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
