//! What the tours share: the command line, the lines that are shown, the record of what was sent. Each tour brings a
//! [`Stage`] and its areas.

pub(crate) mod control;
pub(crate) mod record;
pub(crate) mod secrets;
pub(crate) mod wire;

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

use sociogram_sandbox::Sandbox;

use self::wire::{Output, Report};

/// What an area ends with.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// An area being toured.
pub(crate) type Touring<'s> = Pin<Box<dyn Future<Output = Outcome> + Send + 's>>;

/// What tours an area.
pub(crate) type Tour<S> = fn(&S) -> Touring<'_>;

/// What every area of a tour works with.
pub(crate) trait Stage: Sized + Send + Sync + 'static {
    /// Shown with `--help`.
    const USAGE: &'static str;

    /// The areas, in the order of the tour.
    const AREAS: &'static [(&'static str, Tour<Self>)];

    /// Starts a sandbox and logs everybody in.
    ///
    /// # Errors
    /// When the sandbox cannot start, a client cannot be built, or a first look fails.
    fn start(report: Arc<Report>) -> impl Future<Output = Outcome<Self>> + Send;

    /// Plays the platform.
    fn sandbox(&self) -> &Sandbox;

    /// Gives the sandbox back.
    fn end(self) -> Sandbox;
}

/// Ends an area unless `is_so`, with what was expected.
pub(crate) fn expect(is_so: bool, what: &str) -> Outcome {
    if is_so { Ok(()) } else { Err(format!("expected {what}").into()) }
}

/// Runs the tour that the command line asks for.
pub(crate) async fn main<S: Stage>() -> ExitCode {
    let words = std::env::args().skip(1).collect();
    let out: Output = Arc::new(Mutex::new(Box::new(io::stdout())));
    ExitCode::from(run::<S>(words, &out, &mut io::stderr()).await)
}

/// The whole program: what it was called with, where it writes to, and the exit status.
pub(crate) async fn run<S: Stage>(words: Vec<String>, out: &Output, err: &mut (impl Write + Send)) -> u8 {
    let arguments = match parse::<S>(words) {
        Ok(Asked::Tour(arguments)) => arguments,
        Ok(Asked::Help) => return say(out, S::USAGE),
        Ok(Asked::Areas) => {
            let names: Vec<&str> = S::AREAS.iter().map(|(name, _)| *name).collect();
            return say(out, &names.join("\n"));
        }
        Err(reason) => return complain(err, &format!("{reason}\n\n{}", S::USAGE), 2),
    };
    let record = match arguments.record.as_ref().map(File::create).transpose() {
        Ok(file) => file,
        Err(error) => return complain(err, &format!("the record cannot be written: {error}"), 2),
    };
    let report = Arc::new(Report::new(Arc::clone(out), record));
    let stage = match S::start(Arc::clone(&report)).await {
        Ok(stage) => stage,
        Err(error) => return complain(err, &format!("the tour cannot start: {}", whole(&*error)), 1),
    };
    let mut failed = 0_u32;
    for (name, tour) in S::AREAS {
        if !arguments.areas.is_empty() && !arguments.areas.iter().any(|area| area == name) {
            continue;
        }
        report.line(&format!("# {name}"));
        if let Err(error) = tour(&stage).await {
            failed += 1;
            complain(err, &format!("{name}: {}", whole(&*error)), 1);
        }
    }
    for violation in stage.sandbox().received().violations {
        failed += 1;
        complain(err, &format!("the sandbox complains: {violation:?}"), 1);
    }
    report.line(&format!("{} calls, {} operations", report.calls(), report.operations()));
    stage.end().shutdown().await;
    match report.finish() {
        Err(error) => complain(err, &format!("the record is not complete: {error}"), 2),
        Ok(()) => u8::from(failed > 0),
    }
}

/// What the program was asked for.
enum Asked {
    Tour(Arguments),
    Areas,
    Help,
}

#[derive(Default)]
struct Arguments {
    record: Option<PathBuf>,
    areas: Vec<String>,
}

fn parse<S: Stage>(words: Vec<String>) -> Result<Asked, String> {
    let mut arguments = Arguments::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(Asked::Help),
            "--areas" => return Ok(Asked::Areas),
            "--record" => {
                let file = words.next().ok_or("--record needs the name of a file")?;
                arguments.record = Some(PathBuf::from(file));
            }
            word if S::AREAS.iter().any(|(name, _)| *name == word) => arguments.areas.push(word.to_owned()),
            word => return Err(format!("unknown area or option {word:?}; --areas lists the areas")),
        }
    }
    Ok(Asked::Tour(arguments))
}

fn say(out: &Output, text: &str) -> u8 {
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
