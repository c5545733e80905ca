//! The reference server as a program.

use std::{io, process::ExitCode};

use reference_server::{
    Config, Server,
    config::{Database, Migration},
    demo, keys, migrate,
};
use tracing_subscriber::EnvFilter;

const USAGE: &str = "\
The sociogram family running as one server (unofficial).

Usage: reference-server [--port PORT]    serve, with the sandbox for each platform that is not configured
       reference-server demo             start a server of its own, drive it like a browser, say what happened
       reference-server migrate          make the schema in the database, or bring it up to date
       reference-server migrate --dev    the same on this machine, logins too, and print the URLs to use
       reference-server keys generate    print a fresh wrapping key for ENCRYPTION_KEY
       reference-server keys status      print which wrapping keys are set and what they are needed for
       reference-server keys rotate      wrap every data key with the first wrapping key

  --port PORT  port to listen on; default 8080 or PORT, 0 takes a free one
  --help       this text

Settings come from the environment: see the README.
";

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Help,
    Serve { port: Option<u16> },
    Demo,
    GenerateKey,
    KeyStatus,
    RotateKeys,
    Migrate { dev: bool },
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut arguments = arguments;
    let (mut port, mut command, mut dev) = (None, None, false);
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        match (name.as_str(), inline) {
            ("--help" | "-h", None) => return Ok(Wish::Help),
            ("--port", inline) => {
                let value = inline.or_else(|| arguments.next()).ok_or("--port needs a value")?;
                port = Some(value.parse().map_err(|_| "--port needs a number from 0 to 65535")?);
            }
            ("demo", None) if command.is_none() => command = Some(Wish::Demo),
            ("--dev", None) => dev = true,
            ("migrate", None) if command.is_none() => command = Some(Wish::Migrate { dev: false }),
            ("keys", None) if command.is_none() => {
                command = Some(match arguments.next().as_deref() {
                    Some("generate") => Wish::GenerateKey,
                    Some("status") => Wish::KeyStatus,
                    Some("rotate") => Wish::RotateKeys,
                    _ => return Err("keys needs one of: generate, status, rotate".to_owned()),
                });
            }
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    if let Some(Wish::Migrate { dev: wanted }) = &mut command {
        *wanted = dev;
    } else if dev {
        return Err("only migrate takes --dev; leave it out".to_owned());
    }
    match (command, port) {
        (None, port) => Ok(Wish::Serve { port }),
        (Some(command), None) => Ok(command),
        (Some(_), Some(_)) => Err("only serving takes --port; leave it out".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let wish = match read(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(mistake) => {
            say(&mut io::stderr(), &format!("{mistake}\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    let outcome = match wish {
        Wish::Help => {
            say(&mut io::stdout(), USAGE.trim_end());
            Ok(())
        }
        Wish::Serve { port } => serve(port).await,
        Wish::Demo => run_demo().await,
        Wish::GenerateKey => keys::generate(&mut io::stdout()),
        Wish::KeyStatus => key_status().await,
        Wish::RotateKeys => rotate_keys().await,
        Wish::Migrate { dev } => run_migration(dev).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&mut io::stderr(), &why);
            ExitCode::FAILURE
        }
    }
}

/// Serves until Ctrl-C.
async fn serve(port: Option<u16>) -> Result<(), String> {
    let mut config = Config::from_env().map_err(|error| error.to_string())?;
    config.port = port.unwrap_or(config.port);
    log_to_stderr(config.log.as_deref(), "info");
    let mut notes = notes(&config);
    let mut server = Server::start(config).await.map_err(|error| error.to_string())?;
    if let Err(why) = server.register_webhooks().await {
        notes.push(format!("No webhooks will come: {why}."));
    }
    announce(&server, &notes);
    tokio::select! {
        asked = stop_asked() => asked.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))?,
        () = server.stopped() => {}
    }
    server.shutdown().await;
    Ok(())
}

/// The demo takes little from the environment: what to log, and the database with its wrapping key. It never touches a
/// real platform.
async fn run_demo() -> Result<(), String> {
    let config = Config::from_env().map_err(|error| error.to_string())?;
    log_to_stderr(config.log.as_deref(), "error");
    demo::run(&config, &mut io::stdout()).await
}

async fn run_migration(dev: bool) -> Result<(), String> {
    let migration = Migration::from_env().map_err(|error| error.to_string())?;
    if dev {
        migrate::run_dev(&migration, &mut io::stdout()).await
    } else {
        migrate::run(&migration, &mut io::stdout()).await
    }
}

async fn rotate_keys() -> Result<(), String> {
    let config = Config::from_env().map_err(|error| error.to_string())?;
    keys::rotate(&config, &mut io::stdout()).await
}

async fn key_status() -> Result<(), String> {
    let config = Config::from_env().map_err(|error| error.to_string())?;
    keys::status(&config, &mut io::stdout()).await
}

/// Ctrl-C, and what a service manager sends.
async fn stop_asked() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// What a person should know about these settings.
fn notes(config: &Config) -> Vec<String> {
    let has_no_worker = |database: &Database| database.worker.is_none();
    let notes = [
        (
            config.database.as_ref().is_some_and(has_no_worker),
            "No WORKER_DATABASE_URL is set: this process runs no worker. Tokens are renewed only when they are used; \
             withdrawn grants, events and conversions wait for a process that has it.",
        ),
        (
            config.database.is_none(),
            "No DATABASE_URL is set: everything is in memory and forgotten at the end.",
        ),
        (
            config.encryption_key.is_none(),
            "No ENCRYPTION_KEY is set: tokens are sealed under a random key for this run. `keys generate` makes one.",
        ),
        (
            !config.bind.is_loopback(),
            "There is no sign-in yet: whoever reaches this address may publish. Keep it behind a proxy.",
        ),
    ];
    notes.into_iter().filter(|(concerned, _)| *concerned).map(|(_, note)| note.to_owned()).collect()
}

fn announce(server: &Server, notes: &[String]) {
    let mut lines = vec![format!("sociogram reference server (unofficial), at {}", server.url())];
    if server.public_url() != server.url() {
        lines.push(format!("public address {}", server.public_url()));
    }
    lines.push(match server.sandbox() {
        Some(sandbox) => format!("sandbox at {}", sandbox.url()),
        None => "no sandbox: both platforms are real".to_owned(),
    });
    lines.extend_from_slice(notes);
    lines.push(format!("Open {}/ in a browser. Stop with Ctrl-C.", server.public_url()));
    say(&mut io::stdout(), &lines.join("\n"));
}

/// A closed pipe on the other side is no news for anybody.
fn say(out: &mut dyn io::Write, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// Compact lines on standard error; standard output belongs to the person who started the program.
fn log_to_stderr(wanted: Option<&str>, usual: &str) {
    let filter = EnvFilter::builder().parse_lossy(wanted.unwrap_or(usual));
    tracing_subscriber::fmt().compact().with_env_filter(filter).with_writer(io::stderr).init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use reference_server::config::DEFAULT_PORT;

    fn read_words(words: &[&str]) -> Result<Wish, String> {
        read(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn arguments_are_read_in_both_spellings() {
        assert_eq!(read_words(&[]), Ok(Wish::Serve { port: None }));
        assert_eq!(read_words(&["--port", "0"]), Ok(Wish::Serve { port: Some(0) }));
        assert_eq!(read_words(&["--port=9000"]), Ok(Wish::Serve { port: Some(9000) }));
        assert_eq!(read_words(&["demo"]), Ok(Wish::Demo));
        assert_eq!(read_words(&["keys", "generate"]), Ok(Wish::GenerateKey));
        assert_eq!(read_words(&["keys", "status"]), Ok(Wish::KeyStatus));
        assert_eq!(read_words(&["keys", "rotate"]), Ok(Wish::RotateKeys));
        assert_eq!(read_words(&["migrate"]), Ok(Wish::Migrate { dev: false }));
        assert_eq!(read_words(&["migrate", "--dev"]), Ok(Wish::Migrate { dev: true }));
        assert_eq!(read_words(&["--help"]), Ok(Wish::Help));
    }

    #[test]
    fn mistakes_are_named() {
        for (words, part) in [
            (&["--port"][..], "--port needs a value"),
            (&["--port", "70000"], "number"),
            (&["serve"], "unknown argument serve"),
            (&["demo", "demo"], "unknown argument demo"),
            (&["demo", "--port", "1"], "only serving takes --port"),
            (&["--dev"], "only migrate takes --dev"),
            (&["demo", "--dev"], "only migrate takes --dev"),
            (&["migrate", "--port=1"], "only serving takes --port"),
            (&["keys"], "generate, status, rotate"),
            (&["keys", "steal"], "generate, status, rotate"),
            (&["keys", "status", "demo"], "unknown argument demo"),
        ] {
            assert!(read_words(words).unwrap_err().contains(part), "{words:?}");
        }
        assert!(USAGE.contains(&DEFAULT_PORT.to_string()));
    }
}
