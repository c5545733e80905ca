//! The connections of a proxy.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::{select, spawn};

use super::road::{Caught, Mode, Road};
use super::wire::{Client, Sent, Server};

/// Request codes of the start of a connection ("Message Formats": SSLRequest, GSSENCRequest).
const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];

/// Takes connections as long as the proxy lives.
pub(super) async fn accept(road: Arc<Road>) {
    let mut mode = road.mode();
    while mode.wait_for(|mode| *mode != Mode::Cut).await.is_ok() {
        let listener = road.listen().unwrap_or_else(|error| panic!("the proxy lost its port: {error}"));
        accept_from(&listener, &mut mode, &road).await;
        road.closed(listener);
    }
}

async fn accept_from(listener: &TcpListener, mode: &mut watch::Receiver<Mode>, road: &Arc<Road>) {
    loop {
        select! {
            biased;
            _ = mode.wait_for(|mode| *mode == Mode::Cut) => return,
            client = listener.accept() => if let Ok((client, _)) = client {
                let connection = Connection::new(Arc::clone(road));
                spawn(connection.run(client));
            },
        }
    }
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// One side has closed it, or there is no server.
    Closed,
    /// The client is to see it break.
    Reset,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> End {
        End::Closed
    }
}

#[derive(Debug)]
struct Connection {
    road: Arc<Road>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    lossy: bool,
    /// How many times the server has to say that it is ready; once without being asked, after the login.
    ready_wanted: usize,
    ready: usize,
    /// From this "ready" on the client hears nothing, and with it the connection ends.
    doomed: Option<usize>,
}

impl Connection {
    fn new(road: Arc<Road>) -> Connection {
        road.connected();
        let state = State { lossy: false, ready_wanted: 1, ready: 0, doomed: None };
        Connection { road, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(self, mut client: TcpStream) {
        let end = select! {
            biased;
            () = self.must_break() => End::Reset,
            end = self.relay(&mut client) => end,
        };
        if end == End::Reset {
            let _ = client.set_zero_linger();
        }
        // Closed before it is counted as gone.
        drop(client);
    }

    /// Done when the proxy is cut, or restored after this connection has lost bytes.
    async fn must_break(&self) {
        let mut mode = self.road.mode();
        let breaks = |mode: &Mode| *mode == Mode::Cut || (*mode == Mode::Open && self.state().lossy);
        let _ = mode.wait_for(breaks).await;
    }

    async fn relay(&self, client: &mut TcpStream) -> End {
        let mut server = match self.greet(client).await {
            Ok(server) => server,
            Err(end) => return end,
        };
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        select! {
            Err(end) = self.up(from_client, to_server) => end,
            Err(end) = self.down(from_server, to_client) => end,
            else => End::Closed,
        }
    }

    /// Waits while bytes are held, and says whether they may go on to the client or to the server.
    async fn passes(&self, to_client: bool) -> bool {
        let mut mode = self.road.mode();
        let mode = mode.wait_for(|mode| *mode != Mode::Held).await.map_or(Mode::Cut, |mode| *mode);
        let passes = mode == Mode::Open || (mode == Mode::Deaf && !to_client);
        if !passes && !self.state().lossy {
            self.state().lossy = true;
            self.road.lossy();
        }
        passes
    }

    /// Passes the start of the connection on, without encryption.
    async fn greet(&self, client: &mut TcpStream) -> Result<TcpStream, End> {
        loop {
            let mut start = [0; 8];
            client.read_exact(&mut start).await?;
            let [a, b, c, d, code @ ..] = start;
            if ENCRYPTION.contains(&u32::from_be_bytes(code)) {
                if self.passes(true).await {
                    client.write_all(b"N").await?;
                }
                continue;
            }
            let mut rest =
                vec![0; (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(start.len()).min(10_000)];
            client.read_exact(&mut rest).await?;
            let passes = self.passes(false).await;
            let mut server = TcpStream::connect(self.road.server()).await?;
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            if passes {
                server.write_all(&start).await?;
                server.write_all(&rest).await?;
            }
            return Ok(server);
        }
    }

    async fn up(&self, mut client: ReadHalf<'_>, mut server: WriteHalf<'_>) -> Result<(), End> {
        let mut follower = Client::default();
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = client.read(&mut buffer).await?;
            let piece = buffer.get(..length).filter(|piece| !piece.is_empty()).ok_or(End::Closed)?;
            if !self.passes(false).await {
                continue;
            }
            for sent in follower.take(piece) {
                self.follow(sent)?;
            }
            server.write_all(piece).await?;
        }
    }

    fn follow(&self, sent: Sent) -> Result<(), End> {
        let statement = match sent {
            Sent::ReadyWanted => {
                self.state().ready_wanted += 1;
                return Ok(());
            }
            Sent::Statement(statement) => statement,
        };
        match self.road.show(&statement) {
            None => Ok(()),
            Some(Caught::Statement) => {
                self.road.count_loss();
                Err(End::Reset)
            }
            Some(Caught::Answer) => {
                let mut state = self.state();
                state.doomed = Some(state.ready_wanted + 1);
                Ok(())
            }
        }
    }

    async fn down(&self, mut server: ReadHalf<'_>, mut client: WriteHalf<'_>) -> Result<(), End> {
        let mut follower = Server::default();
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = server.read(&mut buffer).await?;
            let piece = buffer.get(..length).filter(|piece| !piece.is_empty()).ok_or(End::Closed)?;
            let (heard, doomed) = self.heard(piece.len(), &follower.take(piece));
            if self.passes(true).await {
                client.write_all(piece.get(..heard).unwrap_or_default()).await?;
            }
            if doomed {
                self.road.count_loss();
                return Err(End::Reset);
            }
        }
    }

    /// How much of a piece with these ends of "ready" the client is to hear, and whether that was the last.
    fn heard(&self, length: usize, ready: &[usize]) -> (usize, bool) {
        let mut state = self.state();
        let before = state.ready;
        state.ready += ready.len();
        let Some(doomed) = state.doomed else { return (length, false) };
        // The answers before the doomed one end with the "ready" before it.
        let earlier = (doomed - 1).checked_sub(before);
        let heard = match earlier {
            None | Some(0) => 0,
            Some(earlier) => ready.get(earlier - 1).copied().unwrap_or(length),
        };
        (heard, state.ready >= doomed)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.road.disconnected(self.state().lossy);
    }
}
