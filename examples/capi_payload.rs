//! Shows the request body that the Conversions API would get: reads events as NDJSON (Meta's server-event
//! member names, plain customer data) from a file or from standard input, and prints what would be sent.
//!
//! ```sh
//! cargo run --example capi_payload -- examples/data/events.ndjson
//! cargo run --example capi_payload -- --mode python-compat < events.ndjson
//! ```
//!
//! One body of up to 1000 events per output line. Refused lines go to standard error as `line N: reason`.
//! Nothing is sent, so the age of events is not judged unless `--now` says which day it is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use sociogram::capi::{Batcher, Event, Mode, PrepareOptions, Severity, Timestamp};

const USAGE: &str = "\
usage: capi_payload [options] [FILE]

Reads one event per line (JSON with Meta's server-event member names and plain customer data) from FILE
or standard input, and prints the request bodies that would be sent, one per line. Nothing is sent.

options:
  --mode canonical|python-compat  how customer data is normalised (default: canonical)
  --now SECONDS|RFC3339           refuse events that are too old or too new at this time
                                  (default: the age of events is not judged)
  --warnings                      print what is odd about events, such as fields that were left out
  --help                          print this text

exit status: 0 all lines were accepted, 1 some were refused, 2 wrong arguments or unreadable input";

/// A longer line is refused without being kept.
const MAX_LINE: usize = 1024 * 1024;

struct Arguments {
    options: PrepareOptions,
    warnings: bool,
    file: Option<String>,
}

enum Command {
    Help,
    Run(Arguments),
}

fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(Command::Run(arguments)) => arguments,
        Ok(Command::Help) => return done(writeln!(io::stdout(), "{USAGE}").map(|()| 0)),
        Err(reason) => return done(complain(&format!("{reason}\n\n{USAGE}")).map(|()| 2)),
    };
    let result = match arguments.file.as_deref() {
        None | Some("-") => run(io::stdin().lock(), &arguments),
        Some(path) => File::open(path).and_then(|file| run(BufReader::new(file), &arguments)),
    };
    match result {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            let input = arguments.file.as_deref().unwrap_or("standard input");
            done(complain(&format!("cannot process {input}: {why}")).map(|()| 2))
        }
        result => done(result.map(u8::from)),
    }
}

/// A closed pipe on the other side is no news for anybody.
fn done(status: io::Result<u8>) -> ExitCode {
    ExitCode::from(status.unwrap_or(2))
}

fn complain(line: &str) -> io::Result<()> {
    writeln!(io::stderr(), "{line}")
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut mode = Mode::Canonical;
    let mut now = None;
    let (mut warnings, mut file, mut only_files) = (false, None, false);
    while let Some(word) = words.next() {
        if only_files || !word.starts_with('-') || word == "-" {
            if file.replace(word).is_some() {
                return Err("give one file".to_owned());
            }
            continue;
        }
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value =
            || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--mode" => {
                mode = match value()?.as_str() {
                    "canonical" => Mode::Canonical,
                    "python-compat" => Mode::PythonCompat,
                    _ => return Err("--mode is canonical or python-compat".to_owned()),
                };
            }
            "--now" => now = Some(time(&value()?)?),
            "--warnings" if inline.is_none() => warnings = true,
            "--help" | "-h" if inline.is_none() => return Ok(Command::Help),
            "--" if inline.is_none() => only_files = true,
            _ => return Err(format!("unknown option {name}")),
        }
    }
    let options = now.map_or_else(PrepareOptions::without_clock, PrepareOptions::new).mode(mode);
    Ok(Command::Run(Arguments { options, warnings, file }))
}

fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Timestamp::from_unix_seconds(seconds));
    }
    serde_json::from_value(text.into())
        .map_err(|_| "--now takes seconds since 1970, or a time such as 2026-11-20T12:00:00Z".to_owned())
}

/// Whether any line was refused.
fn run(mut input: impl BufRead, arguments: &Arguments) -> io::Result<bool> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut batcher = Batcher::new(arguments.options.clone());
    let (mut refused, mut printed, mut number) = (false, false, 0);
    let mut line = Vec::new();
    while let Some(fits) = next_line(&mut input, &mut line)? {
        number += 1;
        let accepted = match event(&line, fits) {
            Ok(None) => continue,
            Ok(Some(event)) => batcher.push(number, &event).map_err(|rejected| {
                let warnings =
                    rejected.findings.iter().filter(|finding| finding.severity() != Severity::Error);
                (rejected.to_string(), warnings.cloned().collect())
            }),
            Err(reason) => Err((reason, Vec::new())),
        };
        let warnings = match accepted {
            Ok(accepted) => {
                if let Some(body) = accepted.full {
                    writeln!(out, "{}", body.to_json())?;
                    printed = true;
                }
                accepted.warnings
            }
            Err((reason, warnings)) => {
                refused = true;
                complain(&format!("line {number}: {reason}"))?;
                warnings
            }
        };
        for warning in warnings.iter().filter(|_| arguments.warnings) {
            complain(&format!("warning: line {number}: {warning}"))?;
        }
    }
    match batcher.finish() {
        Some(body) => writeln!(out, "{}", body.to_json())?,
        None if !printed => writeln!(out, r#"{{"data":[]}}"#)?,
        None => {}
    }
    out.flush()?;
    Ok(refused)
}

/// The event in a line; `None` for a blank one.
fn event(line: &[u8], fits: bool) -> Result<Option<Event>, String> {
    if !fits {
        return Err(format!("longer than {MAX_LINE} bytes"));
    }
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8 text".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    Event::from_json(text).map(Some).map_err(|invalid| invalid.to_string())
}

/// Reads the next line into `line`, without its end. `Some(false)` when it is too long: what it had is
/// skipped. `None` at the end of the input.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let (mut any, mut fits) = (false, true);
    loop {
        let chunk = match input.fill_buf() {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() {
            return Ok(any.then_some(fits));
        }
        any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        fits = fits && line.len() + part.len() <= MAX_LINE;
        if fits {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(fits));
        }
    }
}
