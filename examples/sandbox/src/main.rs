//! The sandbox as a program.

use std::{env, net::SocketAddr, process::ExitCode};

use sociogram_sandbox::{Sandbox, SandboxConfig};

const USAGE: &str = "\
Plays Meta and LinkedIn on this machine (unofficial).

Usage: sociogram-sandbox [--port PORT] [--seed TEXT] [--meta-webhook URL] [--linkedin-webhook URL]

  --port PORT             port on 127.0.0.1; default 8420, 0 takes a free one
  --seed TEXT             tokens stay good over restarts with the same seed
  --meta-webhook URL      where Meta's webhooks go (http, this machine)
  --linkedin-webhook URL  where LinkedIn's webhooks go (http, this machine)
  --help                  this text
";

/// The port the program takes when none is named.
const PORT: u16 = 8420;

/// What the arguments ask for.
#[derive(Debug)]
enum Wish {
    Help,
    Run(Box<SandboxConfig>),
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut config =
        SandboxConfig { bind: SocketAddr::from(([127, 0, 0, 1], PORT)), ..SandboxConfig::default() };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if matches!(name.as_str(), "--help" | "-h") {
            return Ok(Wish::Help);
        }
        let mut value =
            || inline.clone().or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--port" => {
                let port =
                    value()?.parse().map_err(|_| "--port needs a number from 0 to 65535".to_owned())?;
                config.bind.set_port(port);
            }
            "--seed" => config.seed = value()?,
            "--meta-webhook" => config.meta_webhook = Some(value()?),
            "--linkedin-webhook" => config.linkedin_webhook = Some(value()?),
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    Ok(Wish::Run(Box::new(config)))
}

fn describe(sandbox: &Sandbox) -> String {
    let endpoints = sandbox.endpoints();
    let config = sandbox.config();
    format!(
        "sociogram sandbox (unofficial), at {url}\n\n\
         www.facebook.com    {}\n\
         graph.facebook.com  {}   ({})\n\
         www.instagram.com   {}\n\
         api.instagram.com   {}   (and graph.instagram.com)\n\
         threads.net         {}\n\
         graph.threads.net   {}\n\
         www.linkedin.com    {}\n\
         api.linkedin.com    {}   ({})\n\
         control API         {url}/_sandbox/\n\n\
         Meta app       id {}  secret {}  verify token {}\n\
         Instagram app  id {}  secret {}\n\
         Threads app    id {}  secret {}\n\
         LinkedIn app   id {}  secret {}\n\n\
         Stop with Ctrl-C.",
        endpoints.facebook,
        endpoints.graph,
        config.graph_versions.join(", "),
        endpoints.instagram,
        endpoints.instagram_api,
        endpoints.threads,
        endpoints.threads_api,
        endpoints.linkedin_oauth,
        endpoints.linkedin_api,
        config.linkedin_versions.join(", "),
        config.meta.id,
        config.meta.secret,
        config.meta.verify_token,
        config.instagram.id,
        config.instagram.secret,
        config.threads.id,
        config.threads.secret,
        config.linkedin.id,
        config.linkedin.secret,
        url = sandbox.url(),
    )
}

#[tokio::main]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to the person who started it")]
async fn main() -> ExitCode {
    let config = match read(env::args().skip(1)) {
        Ok(Wish::Run(config)) => *config,
        Ok(Wish::Help) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(mistake) => {
            eprint!("{mistake}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut sandbox = match Sandbox::start(config).await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", describe(&sandbox));
    tokio::select! {
        _asked_to_stop = tokio::signal::ctrl_c() => {}
        () = sandbox.wait() => {}
    }
    sandbox.shutdown().await;
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &[&str]) -> Result<Wish, String> {
        read(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn arguments_are_read_in_both_spellings() {
        let words = ["--port", "9000", "--seed=s", "--meta-webhook", "http://127.0.0.1:1/m"];
        let Ok(Wish::Run(config)) = read_words(&words) else { panic!("refused") };
        assert_eq!((config.bind.port(), config.seed.as_str()), (9000, "s"));
        assert_eq!(config.meta_webhook.as_deref(), Some("http://127.0.0.1:1/m"));
        assert!(matches!(read_words(&["--help"]), Ok(Wish::Help)));
        assert!(matches!(read_words(&[]), Ok(Wish::Run(config)) if config.bind.port() == PORT));
    }

    #[test]
    fn mistakes_are_named() {
        for (words, part) in [
            (&["--port"][..], "--port needs a value"),
            (&["--port", "x"], "number"),
            (&["--port=70000"], "number"),
            (&["--nonsense"], "unknown argument --nonsense"),
        ] {
            assert!(read_words(words).unwrap_err().contains(part), "{words:?}");
        }
    }
}
