//! The reference server in a process of its own.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};

use http::{HeaderMap, header};
use reqwest::Client;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::Outcome;

/// The program, which is built beside this one.
pub(crate) fn binary() -> Outcome<PathBuf> {
    let own = env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).ok_or("this program is in no folder")?;
    let binary = folder.join("reference-server");
    if binary.is_file() {
        return Ok(binary);
    }
    let profile = if folder.ends_with("release") { " --release" } else { "" };
    Err(format!("{} is missing: run `cargo build{profile} -p reference-server` first", binary.display())
        .into())
}

/// How to start it: the environment is all there is.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) binary: PathBuf,
    pub(crate) environment: Vec<(&'static str, String)>,
    /// What it says on standard error.
    pub(crate) log: PathBuf,
}

impl Setting {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    fn command(&self, words: &[&str]) -> Outcome<Command> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(&self.binary);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        Ok(command)
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, words: &[&str]) -> Outcome {
        let done = self.command(words)?.output().await?;
        if done.status.success() { Ok(()) } else { Err(self.failure(&words.join(" "))) }
    }

    fn failure(&self, what: &str) -> Box<dyn std::error::Error + Send + Sync> {
        let log = fs::read(&self.log).map(|log| String::from_utf8_lossy(&log).into_owned());
        let log = log.unwrap_or_default();
        let last: Vec<&str> = log.lines().rev().take(5).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        format!("the reference server failed ({what}); it said last:\n{}", last.join("\n")).into()
    }

    /// Starts to serve; done when it takes requests. Port 0 takes a free one.
    pub(crate) async fn serve(&self, port: u16) -> Outcome<Server> {
        let mut child = self.command(&["--port", &port.to_string()])?.spawn()?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(out).lines();
        let mut url = None;
        while let Some(line) = lines.next_line().await? {
            if let Some((_, address)) = line.split_once("(unofficial), at ") {
                url = Some(address.to_owned());
            }
            if let Some(url) = url.take_if(|_| line.starts_with("Open ")) {
                return Ok(Server { child, url });
            }
        }
        Err(self.failure("serving"))
    }
}

/// It serves until it is killed, at the latest when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Without a trailing slash.
    pub(crate) url: String,
}

impl Server {
    /// Where the deliveries of Meta go.
    pub(crate) fn webhook(&self) -> String {
        format!("{}/webhooks/meta", self.url)
    }

    pub(crate) fn port(&self) -> Outcome<u16> {
        Ok(self.url.rsplit(':').next().unwrap_or_default().parse()?)
    }

    /// SIGKILL: nothing is finished and nothing is said. Done when it is gone.
    pub(crate) async fn kill(mut self) -> Outcome {
        Ok(self.child.kill().await?)
    }

    /// Connects the account that the sandbox plays, and with it its Page.
    pub(crate) async fn log_in(&self, client: &Client) -> Outcome {
        let started = open(client, &format!("{}/connect/facebook", self.url), "").await?;
        let cookie = text(&started, &header::SET_COOKIE)?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        let dialog = text(&started, &header::LOCATION)?;
        let decided = open(client, &format!("{dialog}&sandbox_decision=continue"), "").await?;
        let callback = text(&decided, &header::LOCATION)?;
        let finished = open(client, callback.split('#').next().unwrap_or_default(), cookie).await?;
        match text(&finished, &header::LOCATION)? {
            "/" => Ok(()),
            other => Err(format!("the login did not end at the home page but at {other}").into()),
        }
    }
}

/// The headers of a redirect.
async fn open(client: &Client, url: &str, cookie: &str) -> Outcome<HeaderMap> {
    let answer = client.get(url).header(header::COOKIE, cookie).send().await?;
    if answer.status().is_redirection() {
        return Ok(answer.headers().clone());
    }
    Err(format!("a step of the login was answered with {}", answer.status()).into())
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Outcome<&'a str> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| format!("a step of the login has no {name}").into())
}
