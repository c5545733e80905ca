//! Ending what runs in a directory, and removing it.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::identity::Identity;

const SCRIPT: &str = include_str!("sweep.sh");

/// What becomes of the directory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Files {
    Kept,
    Removed,
}

fn command(identity: Identity, directory: &Path, signal: &str, files: &str) -> Command {
    let mut command = identity.command("sh", Path::new("/"));
    command.args(["-c", SCRIPT, "sweep"]).arg(directory).args([signal, files]);
    command
}

/// Ends all processes that work in the directory; done when the last one is gone.
pub(crate) async fn sweep(
    identity: Identity,
    directory: &Path,
    signal: &str,
    files: Files,
) -> io::Result<()> {
    let files = match files {
        Files::Kept => "keep",
        Files::Removed => "remove",
    };
    command(identity, directory, signal, files).status().await.map(drop)
}

/// Starts the process that makes the directory, and sweeps it once its standard input is closed: when this process
/// is gone, however that came. One process for both, so that no directory is ever without its sweeper.
///
/// With it comes the room there, in kilobytes; nothing where the directory cannot be made.
pub(crate) async fn claim(identity: Identity, directory: &Path) -> Option<(Child, u64)> {
    let mut command = command(identity, directory, "QUIT", "claim");
    let mut sweeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut output = String::new();
    sweeper.stdout.take()?.read_to_string(&mut output).await.ok()?;
    Some((sweeper, available(&output)?))
}

/// The room in kilobytes, from the output of `df -Pk`.
fn available(output: &str) -> Option<u64> {
    output.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_the_fourth_column() {
        let output = "Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 24684096 12 24684084 1% /dev/shm\n";
        assert_eq!(available(output), Some(24_684_084));
        assert_eq!(available(""), None);
    }
}
