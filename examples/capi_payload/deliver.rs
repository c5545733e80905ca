//! Sends the events, and tells the fate of each.

use std::{
    io::{self, BufRead, Write},
    sync::Arc,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sociogram::{
    api_core::{Clock, http::ReqwestTransport},
    capi::{ConversionsClient, Counts, Event, MAX_EVENTS, Outcome, SendReport, Stopped},
    meta_graph::Client,
};

use crate::{
    arguments::{Arguments, Destination, Secrets},
    input::{Records, Unreadable},
};

/// What an event that may have been counted needs.
const DOUBT: &str =
    "it may have been counted, and sending it again may count it twice; look for it in Events Manager first";

/// # Errors
/// What is missing, for a person.
pub(crate) fn client(to: &Destination, secrets: &Secrets) -> Result<ConversionsClient, String> {
    let token = secrets.token.as_deref().ok_or("--send needs a token in META_ACCESS_TOKEN")?;
    let transport = ReqwestTransport::new().map_err(|why| format!("no requests can be made: {why}"))?;
    let mut builder = Client::builder().transport(Arc::new(transport)).access_token(token);
    if let Some(secret) = secrets.app_secret.as_deref() {
        builder = builder.app_secret(secret);
    }
    if let Some(url) = &to.graph_url {
        builder = builder.base_url(url.clone());
    }
    let client = builder.build().map_err(|why| format!("no requests can be made: {why}"))?;
    Ok(ConversionsClient::new(client, to.dataset.clone()))
}

/// The fates so far.
#[derive(Default)]
pub(crate) struct Tally {
    sent: u64,
    rejected: u64,
    in_doubt: u64,
    not_sent: u64,
    calls: u32,
    messages: Vec<String>,
    /// What is to be said about single lines.
    troubles: Vec<(usize, String)>,
    warnings: Vec<(usize, String)>,
    /// Why sending ended early.
    stopped: Option<Stopped>,
}

impl Tally {
    fn refused(&mut self, line: usize, reason: &str) {
        self.rejected += 1;
        self.troubles.push((line, format!("refused: {reason}")));
    }

    fn add(&mut self, lines: &[usize], report: SendReport) {
        let Counts { sent, rejected, in_doubt, not_sent, .. } = report.counts();
        self.sent += sent;
        self.rejected += rejected;
        self.in_doubt += in_doubt;
        self.not_sent += not_sent;
        self.calls += report.calls;
        self.messages.extend(report.messages);
        let line = |index: usize| lines.get(index).copied().unwrap_or_default();
        let stopped = report.stopped.as_ref();
        self.troubles.extend(
            report.outcomes.iter().filter_map(|(index, outcome)| {
                trouble(outcome, stopped).map(|trouble| (line(*index), trouble))
            }),
        );
        let warnings = report.warnings.iter();
        self.warnings.extend(warnings.map(|warning| (line(warning.index), warning.finding.to_string())));
        self.stopped = report.stopped;
    }

    fn is_fine(&self) -> bool {
        self.rejected + self.in_doubt + self.not_sent == 0
    }

    fn write(&mut self, warnings: bool, out: &mut impl Write) -> io::Result<()> {
        if warnings {
            self.warnings.sort();
            for (line, warning) in &self.warnings {
                writeln!(out, "warning: line {line}: {warning}")?;
            }
        }
        for message in &self.messages {
            writeln!(out, "the platform remarks: {message}")?;
        }
        self.troubles.sort();
        for (line, trouble) in &self.troubles {
            writeln!(out, "line {line}: {trouble}")?;
        }
        if let Some(stopped) = &self.stopped {
            writeln!(out, "sending stopped: {stopped}")?;
        }
        let Self { sent, rejected, in_doubt, not_sent, calls, .. } = self;
        let accepted = *sent + *rejected + *in_doubt + *not_sent;
        writeln!(
            out,
            "accepted {accepted} = sent {sent} + rejected {rejected} + in doubt {in_doubt} + not sent {not_sent}; \
             requests: {calls}"
        )
    }
}

/// Why an event was not sent and what to do about it; `None` for one that was.
fn trouble(outcome: &Outcome, stopped: Option<&Stopped>) -> Option<String> {
    match outcome {
        Outcome::Sent { .. } => None,
        Outcome::Rejected(why) => Some(format!("refused: {why}")),
        Outcome::InDoubt { reason, trace, .. } => {
            let trace = trace.as_ref().map(|trace| format!(", trace {trace}")).unwrap_or_default();
            Some(format!("in doubt ({}{trace}): {DOUBT}", reason.replace('_', " ")))
        }
        Outcome::NotSent { retry_after, .. } => Some(not_sent(
            stopped.map_or(
                "its request was refused and the calls for finding out why were used up",
                |stopped| stopped.reason.as_str(),
            ),
            retry_after.map(|wait| wait.as_secs()),
        )),
        _ => Some("unknown fate".to_owned()),
    }
}

fn not_sent(reason: &str, wait: Option<u64>) -> String {
    let wait = wait.map(|seconds| format!(" in {seconds} s")).unwrap_or_default();
    format!("not sent: {reason}; it was not counted, send it again{wait}")
}

/// Sends everything, at most a request's worth at a time. Returns whether all events were sent.
///
/// # Errors
/// The input cannot be read. What was sent before that is reported first.
pub(crate) async fn run<R: BufRead + Send>(
    client: &ConversionsClient,
    records: &mut Records<'_, R>,
    asked: &Arguments,
    clock: &dyn Clock,
    bytes: Option<u64>,
    out: &mut (impl Write + Send),
) -> Result<bool, Unreadable> {
    let bar = progress(bytes);
    let mut tally = Tally::default();
    let outcome = feed(client, records, asked, clock, &bar, &mut tally).await;
    bar.finish_and_clear();
    tally.write(asked.warnings, out)?;
    outcome?;
    Ok(tally.is_fine())
}

async fn feed<R: BufRead + Send>(
    client: &ConversionsClient,
    records: &mut Records<'_, R>,
    asked: &Arguments,
    clock: &dyn Clock,
    bar: &ProgressBar,
    tally: &mut Tally,
) -> Result<(), Unreadable> {
    loop {
        let (mut lines, mut events) = (Vec::new(), Vec::new());
        let outcome = read(records, &mut lines, &mut events, tally);
        if events.is_empty() {
            return outcome.map_err(Unreadable::Io);
        }
        if let Some(stopped) = &tally.stopped {
            let wait = stopped.retry_after.map(|wait| wait.as_secs());
            let reason = not_sent(&stopped.reason, wait);
            tally.not_sent += lines.len() as u64;
            tally.troubles.extend(lines.into_iter().map(|line| (line, reason.clone())));
        } else {
            let now = asked.now.unwrap_or_else(|| clock.now());
            let options = asked.options.prepare(Some(now)).map_err(Unreadable::Content)?;
            let report = client.send(&events, &options).await;
            tally.add(&lines, report);
        }
        if let Some(consumed) = records.consumed() {
            bar.set_position(consumed);
        }
        bar.set_message(format!("{} sent, {} troubles", tally.sent, tally.troubles.len()));
        outcome.map_err(Unreadable::Io)?;
    }
}

/// A request's worth of events, with their lines.
fn read<R: BufRead>(
    records: &mut Records<'_, R>,
    lines: &mut Vec<usize>,
    events: &mut Vec<Event>,
    tally: &mut Tally,
) -> io::Result<()> {
    while events.len() < MAX_EVENTS {
        let Some(record) = records.next()? else { return Ok(()) };
        let event =
            record.json.and_then(|json| Event::from_json(&json).map_err(|invalid| invalid.to_string()));
        match event {
            Ok(event) => {
                lines.push(record.line);
                events.push(event);
            }
            Err(reason) => tally.refused(record.line, &reason),
        }
    }
    Ok(())
}

/// Shown only where standard error is a terminal.
fn progress(bytes: Option<u64>) -> ProgressBar {
    let bar = bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.set_draw_target(ProgressDrawTarget::stderr());
    let template = match bytes {
        Some(_) => "{bar:40} {percent:>3} %  {msg}",
        None => "{spinner} {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
