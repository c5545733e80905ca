//! What a proxy does at the moment, and what goes on in it.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Open,
    Cut,
    Stalled,
    Deaf,
    Held,
}

/// What is to be lost once. The text is a part of the statement.
#[derive(Debug)]
pub(super) enum Trap {
    Answer(String),
    Statement(String),
}

/// What has been caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caught {
    Answer,
    Statement,
}

#[derive(Debug, Default)]
struct Traffic {
    listening: bool,
    connections: usize,
    /// Open connections that have lost bytes.
    lossy: usize,
}

#[derive(Debug)]
pub(super) struct Road {
    server: SocketAddr,
    pub(super) address: SocketAddr,
    mode: watch::Sender<Mode>,
    traffic: watch::Sender<Traffic>,
    trap: Mutex<Option<Trap>>,
    lost: AtomicUsize,
    /// Bound and never listening: no other program gets the port, also while connections are refused.
    _port: TcpSocket,
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Road {
    pub(super) fn to(server: SocketAddr) -> io::Result<Road> {
        let reserved = socket(([127, 0, 0, 1], 0).into())?;
        let address = reserved.local_addr()?;
        let (mode, traffic) = (watch::Sender::new(Mode::Open), watch::Sender::default());
        Ok(Road {
            server,
            address,
            mode,
            traffic,
            trap: Mutex::new(None),
            lost: AtomicUsize::new(0),
            _port: reserved,
        })
    }

    pub(super) fn server(&self) -> SocketAddr {
        self.server
    }

    pub(super) fn listen(&self) -> io::Result<TcpListener> {
        let listener = socket(self.address)?.listen(1024)?;
        self.traffic.send_modify(|traffic| traffic.listening = true);
        Ok(listener)
    }

    pub(super) fn closed(&self, listener: TcpListener) {
        drop(listener);
        self.traffic.send_modify(|traffic| traffic.listening = false);
    }

    pub(super) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    pub(super) fn mode(&self) -> watch::Receiver<Mode> {
        self.mode.subscribe()
    }

    /// Waits until the connections are as the mode wants them.
    pub(super) async fn settled(&self, mode: Mode) {
        let settled = |traffic: &Traffic| match mode {
            Mode::Cut => !traffic.listening && traffic.connections == 0,
            Mode::Open => traffic.listening && traffic.lossy == 0,
            Mode::Stalled | Mode::Deaf | Mode::Held => traffic.listening,
        };
        // The sender is a field of this road, so the channel is open.
        let _ = self.traffic.subscribe().wait_for(settled).await;
    }

    fn trap(&self) -> MutexGuard<'_, Option<Trap>> {
        self.trap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn arm(&self, trap: Trap) {
        *self.trap() = Some(trap);
    }

    /// Shows a statement to the trap, which catches once.
    pub(super) fn show(&self, statement: &str) -> Option<Caught> {
        let mut trap = self.trap();
        let caught = match trap.as_ref()? {
            Trap::Answer(text) => statement.contains(text.as_str()).then_some(Caught::Answer),
            Trap::Statement(text) => statement.contains(text.as_str()).then_some(Caught::Statement),
        };
        if caught.is_some() {
            *trap = None;
        }
        caught
    }

    pub(super) fn count_loss(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn lost(&self) -> usize {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn connections(&self) -> usize {
        self.traffic.borrow().connections
    }

    pub(super) fn connected(&self) {
        self.traffic.send_modify(|traffic| traffic.connections += 1);
    }

    pub(super) fn lossy(&self) {
        self.traffic.send_modify(|traffic| traffic.lossy += 1);
    }

    pub(super) fn disconnected(&self, lossy: bool) {
        self.traffic.send_modify(|traffic| {
            traffic.connections -= 1;
            traffic.lossy -= usize::from(lossy);
        });
    }
}
