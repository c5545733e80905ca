//! The command line.

use std::time::Duration;

pub(crate) const USAGE: &str = "\
usage: load_webhooks [options]

Loads the reference server with signed webhook deliveries: compares its rate with that of a bare handler, then kills it
under load and counts what was lost and what was done twice. Needs `cargo build --release -p reference-server`, and
Postgres installed. Best on a machine that does nothing else.

options:
  --fsync on|off       whether Postgres waits for the disk at each commit (default: on). Its files lie in memory where
                       there is room, which costs it little: the first line says where
  --concurrency N      how many deliveries are under way at once, 1 to 1000 (default: 32)
  --rounds N           how often to compare; a round is two turns of each (default: 3)
  --working-rounds N   the same with a server that handles events meanwhile (default: 1)
  --turn SECONDS       how long a turn takes (default: 5)
  --seconds N          how long the server is loaded while it is killed twice, at least 3 (default: 30)
  --server-log LEVEL   what the server logs, as its RUST_LOG (default: info)
  --quick              ten seconds of load in all, and no waiting for the claims of killed workers to end
  --help               print this text

exit status: 0 nothing lost and nothing done twice, 1 something was, or a step failed, 2 wrong arguments";

pub(crate) enum Command {
    Help,
    Run(Arguments),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) fsync: bool,
    pub(crate) concurrency: usize,
    pub(crate) rounds: usize,
    pub(crate) working_rounds: usize,
    pub(crate) turn: Duration,
    pub(crate) seconds: Duration,
    pub(crate) server_log: String,
    /// Whether claims of a killed worker are ended at once.
    pub(crate) ends_claims: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            fsync: true,
            concurrency: 32,
            rounds: 3,
            working_rounds: 1,
            turn: Duration::from_secs(5),
            seconds: Duration::from_secs(30),
            server_log: "info".to_owned(),
            ends_claims: false,
        }
    }
}

/// # Errors
///
/// What is wrong.
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value =
            || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--fsync" => {
                arguments.fsync = match value()?.as_str() {
                    "on" => true,
                    "off" => false,
                    _ => return Err("--fsync is on or off".to_owned()),
                };
            }
            "--concurrency" => arguments.concurrency = number(&name, &value()?, 1, 1000)?,
            "--rounds" => arguments.rounds = number(&name, &value()?, 1, 1000)?,
            "--working-rounds" => arguments.working_rounds = number(&name, &value()?, 0, 1000)?,
            "--turn" => arguments.turn = seconds(&name, &value()?, 1)?,
            "--seconds" => arguments.seconds = seconds(&name, &value()?, 3)?,
            "--server-log" => arguments.server_log = value()?,
            "--quick" if inline.is_none() => {
                let turn = Duration::from_secs(1);
                let (rounds, working_rounds, seconds) = (1, 0, Duration::from_secs(5));
                arguments =
                    Arguments { rounds, working_rounds, turn, seconds, ends_claims: true, ..arguments };
            }
            "--help" | "-h" if inline.is_none() => return Ok(Command::Help),
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    Ok(Command::Run(arguments))
}

fn seconds(name: &str, text: &str, least: usize) -> Result<Duration, String> {
    number(name, text, least, 86_400).map(|seconds| Duration::from_secs(seconds as u64))
}

fn number(name: &str, text: &str, least: usize, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("{name} takes a number from {least} to {most}"))
}
