//! Shows the request bodies that the Conversions API would get, explains what becomes of every value, and sends them.
//!
//! ```sh
//! cargo run --example capi_payload -- examples/data/events.ndjson
//! cargo run --example capi_payload -- --mode python-compat < events.ndjson
//! cargo run --example capi_payload -- --csv --set action_source=physical_store --explain examples/data/orders.csv
//! META_ACCESS_TOKEN=… cargo run --example capi_payload -- --send 1234567890 events.ndjson
//! ```
//!
//! One body of up to 1000 events per output line. Refused lines go to standard error as `line N: reason`.
//! Without `--send` nothing is sent, so the age of events is not judged unless `--now` says which day it is.
//!
//! [`arguments`] reads the command line, [`input`] the events ([`lines`], [`table`], [`record`], [`target`]), [`explain`]
//! tells what becomes of them, [`deliver`] sends them, and [`linkedin`] makes LinkedIn's bodies. Everything else is the library's.

mod arguments;
mod deliver;
mod explain;
mod input;
mod lines;
mod linkedin;
mod record;
mod table;
mod target;
#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    process::ExitCode,
};

use sociogram::{
    api_core::{Clock, SystemClock},
    capi::{Batcher, Event, PrepareOptions, Severity},
};

use arguments::{Arguments, Command, Secrets};
use explain::Explainer;
use input::{Records, Unreadable};
use record::Record;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words = std::env::args().skip(1).collect();
    let mut out = BufWriter::new(io::stdout());
    let secrets = Secrets::from_environment();
    ExitCode::from(run(words, &secrets, &SystemClock::new(), &mut out, &mut io::stderr()).await)
}

/// The whole program: what it was called with, where it writes to, and the exit status.
async fn run(
    words: Vec<String>,
    secrets: &Secrets,
    clock: &dyn Clock,
    out: &mut (impl Write + Send),
    err: &mut (impl Write + Send),
) -> u8 {
    let asked = match arguments::parse(words.into_iter()) {
        Ok(Command::Run(asked)) => asked,
        Ok(Command::Help) => return say(out, &arguments::usage(), 0),
        Err(reason) => return say(err, &format!("{reason}; --help tells the options"), 2),
    };
    let (input, bytes): (Box<dyn BufRead + Send>, _) = match asked.file.as_deref() {
        None | Some("-") => (Box::new(BufReader::new(io::stdin())), None),
        Some(path) => match File::open(path) {
            Ok(file) => {
                let bytes = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
                (Box::new(BufReader::new(file)), bytes)
            }
            Err(why) => return say(err, &format!("cannot read {path}: {why}"), 2),
        },
    };
    let result = process(input, bytes, &asked, secrets, clock, out, err).await;
    let flushed = out.flush();
    let input = asked.file.as_deref().unwrap_or("standard input");
    match result.and_then(|fine| flushed.map(|()| fine).map_err(Unreadable::Io)) {
        Ok(fine) => u8::from(!fine),
        // A closed pipe on the other side is no news for anybody.
        Err(Unreadable::Io(why)) if why.kind() == io::ErrorKind::BrokenPipe => 2,
        Err(Unreadable::Io(why)) => say(err, &format!("cannot process {input}: {why}"), 2),
        Err(Unreadable::Content(why)) => say(err, &format!("cannot process {input}: {why}"), 2),
    }
}

fn say(to: &mut impl Write, line: &str, status: u8) -> u8 {
    match writeln!(to, "{line}").and_then(|()| to.flush()) {
        Ok(()) => status,
        Err(_) => 2,
    }
}

/// Returns whether all events were accepted.
async fn process<R: BufRead + Send>(
    input: R,
    bytes: Option<u64>,
    asked: &Arguments,
    secrets: &Secrets,
    clock: &dyn Clock,
    out: &mut (impl Write + Send),
    err: &mut (impl Write + Send),
) -> Result<bool, Unreadable> {
    let client = asked.send.as_ref().map(|to| deliver::client(to, secrets));
    let client = client.transpose().map_err(Unreadable::Content)?;
    let mut records = Records::open(input, asked)?;
    if let Some(client) = client {
        return deliver::run(&client, &mut records, asked, clock, bytes, out).await;
    }
    if let Some(rule) = &asked.linkedin {
        let now = asked.now.unwrap_or_else(|| clock.now());
        return Ok(linkedin::bodies(&mut records, rule, now, asked.warnings, out, err)?);
    }
    let options = asked.options.prepare(asked.now).map_err(Unreadable::Content)?;
    match asked.explain {
        Some(explain) => {
            let explainer = Explainer { asked: &asked.options, explain, options: &options, now: asked.now };
            for column in records.columns() {
                writeln!(out, "column {column}")?;
            }
            let mut fine = true;
            while let Some(record) = records.next()? {
                fine &= !explainer.event(out, &record)?;
            }
            Ok(fine)
        }
        None => Ok(bodies(&mut records, options, asked.warnings, out, err)?),
    }
}

/// Prints the bodies. Returns whether all events were accepted.
fn bodies<R: BufRead>(
    records: &mut Records<'_, R>,
    options: PrepareOptions,
    warn: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<bool> {
    let mut batcher = Batcher::new(options);
    let (mut fine, mut printed) = (true, false);
    while let Some(Record { line, json }) = records.next()? {
        let event = json.and_then(|json| Event::from_json(&json).map_err(|invalid| invalid.to_string()));
        let accepted = event.map_err(|reason| (reason, Vec::new())).and_then(|event| {
            batcher.push(line, &event).map_err(|rejected| {
                let mut findings = rejected.findings.clone();
                findings.retain(|finding| finding.severity() != Severity::Error);
                (rejected.to_string(), findings)
            })
        });
        let warnings = match accepted {
            Ok(accepted) => {
                if let Some(body) = accepted.full {
                    writeln!(out, "{}", body.to_json())?;
                    printed = true;
                }
                accepted.warnings
            }
            Err((reason, warnings)) => {
                fine = false;
                writeln!(err, "line {line}: {reason}")?;
                warnings
            }
        };
        for warning in warnings.iter().filter(|_| warn) {
            writeln!(err, "warning: line {line}: {warning}")?;
        }
    }
    match batcher.finish() {
        Some(body) => writeln!(out, "{}", body.to_json())?,
        None if !printed => writeln!(out, r#"{{"data":[]}}"#)?,
        None => {}
    }
    Ok(fine)
}
