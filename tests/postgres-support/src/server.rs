//! One server process: starting, stopping, killing.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::process::Child;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::home::Home;
use crate::keeper::keeper;
use crate::settings::Settings;
use crate::sweep::{Files, sweep};

const POLL: Duration = Duration::from_millis(5);
/// A minute, which also is enough to recover from a crash.
const POLLS: u32 = 12_000;

#[derive(Debug)]
pub(crate) struct Server {
    home: &'static Home,
    pub(crate) directory: PathBuf,
    pub(crate) port: u16,
    settings: Settings,
    process: Mutex<Option<Child>>,
    /// Bound and never listening: no other program gets the port, also while the server is down.
    _port: TcpSocket,
}

impl Server {
    /// A running server. To be called on the keeper's thread, like the rest.
    pub(crate) async fn new(settings: Settings) -> Result<Server, String> {
        let home = Home::get().await?;
        let directory = home.new_cluster().await?;
        let reserved = reserve_port().map_err(|error| format!("no free port on 127.0.0.1: {error}"))?;
        let port = reserved.local_addr().map_err(|error| error.to_string())?.port();
        let server = Server { home, directory, port, settings, process: Mutex::new(None), _port: reserved };
        server.start().await?;
        Ok(server)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// The major version.
    pub(crate) fn version(&self) -> u32 {
        let version = fs::read_to_string(self.data().join("PG_VERSION")).ok();
        version.and_then(|version| version.trim().parse().ok()).unwrap_or_default()
    }

    /// What the server has written so far.
    pub(crate) fn log(&self) -> String {
        fs::read(self.log_file()).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    /// Starts the server, unless it runs; done when it takes connections.
    pub(crate) async fn start(&self) -> Result<(), String> {
        let mut process = self.process.lock().await;
        if process.is_some() {
            return Ok(());
        }
        let log = OpenOptions::new().append(true).create(true).open(self.log_file());
        let log = log.map_err(|error| format!("{}: {error}", self.log_file().display()))?;
        let program = self.home.binaries.join("postgres");
        let mut command = self.home.identity.bound_command("QUIT", &program, &self.directory);
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.directory);
        command.args(["-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
        for (name, value) in self.settings.parameters() {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let child =
            command.stderr(log).spawn().map_err(|error| format!("postgres does not start: {error}"))?;
        let child = process.insert(child);
        if let Err(why) = self.become_ready(child).await {
            *process = None;
            let _ = self.sweep("KILL").await;
            return Err(format!("postgres {why}; its log:\n{}", self.log()));
        }
        Ok(())
    }

    async fn become_ready(&self, child: &mut Child) -> Result<(), String> {
        for _ in 0..POLLS {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("ended ({status})"));
            }
            if child.id().is_some_and(|pid| is_ready(&self.data(), pid)) {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err("did not get ready".to_owned())
    }

    /// Stops the server in order; open connections are told so and closed.
    pub(crate) async fn stop(&self) -> Result<(), String> {
        let mut process = self.process.lock().await;
        let Some(pid) = process.as_ref().and_then(Child::id) else { return Ok(()) };
        let mut command = self.home.identity.command("sh", Path::new("/"));
        command.args(["-c", "kill -s INT \"$1\"", "stop"]).arg(pid.to_string());
        command.status().await.map_err(does_not_end)?;
        reap(&mut process).await
    }

    /// Kills all processes of the server at once; nobody is told.
    pub(crate) async fn kill(&self) -> Result<(), String> {
        let mut process = self.process.lock().await;
        self.sweep("KILL").await?;
        reap(&mut process).await
    }

    async fn sweep(&self, signal: &str) -> Result<(), String> {
        sweep(self.home.identity, &self.directory, signal, Files::Kept).await.map_err(does_not_end)
    }
}

async fn reap(process: &mut Option<Child>) -> Result<(), String> {
    if let Some(mut child) = process.take() {
        child.wait().await.map_err(does_not_end)?;
    }
    Ok(())
}

#[allow(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
fn does_not_end(error: std::io::Error) -> String {
    format!("postgres does not end: {error}")
}

impl Drop for Server {
    fn drop(&mut self) {
        let (identity, directory) = (self.home.identity, self.directory.clone());
        // Where this fails the sweeper of the process does it later.
        keeper().spawn(async move { sweep(identity, &directory, "QUIT", Files::Removed).await });
    }
}

fn reserve_port() -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Lets the server listen on the port beside this socket.
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    Ok(socket)
}

/// Whether the pid file is of this process and says "ready". A killed server leaves its own behind.
fn is_ready(data: &Path, pid: u32) -> bool {
    let Ok(file) = fs::read_to_string(data.join("postmaster.pid")) else { return false };
    let mut lines = file.lines();
    let own = lines.next().is_some_and(|line| line.trim() == pid.to_string());
    own && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}
