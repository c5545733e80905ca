//! A loopback proxy that breaks the connections to a server in chosen ways.

mod relay;
mod road;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::lookup_host;
use tokio::task::AbortHandle;
use url::Url;

use crate::keeper::{keep, keeper};
use road::{Mode, Road, Trap};

/// A TCP proxy on 127.0.0.1 in front of a Postgres URL, which breaks connections when a test says so.
///
/// It runs on a thread of its own, and ends with its handle. It speaks no TLS.
///
/// | | new connections | open connections | afterwards, on [`restore`](Self::restore) |
/// |---|---|---|---|
/// | [`cut`](Self::cut) | refused | reset | new ones work |
/// | [`stall`](Self::stall) | accepted, nothing arrives | nothing arrives, either way | what lost bytes is reset |
/// | [`swallow_answers`](Self::swallow_answers) | no answer arrives | the server works, no answer arrives | what lost bytes is reset |
/// | [`hold`](Self::hold) | wait | wait | everything arrives, late |
///
/// For one statement: [`lose_answer_to`](Self::lose_answer_to) and [`lose_statement`](Self::lose_statement).
#[derive(Debug)]
pub struct CutProxy {
    road: Arc<Road>,
    url: String,
    accepting: AbortHandle,
}

impl CutProxy {
    /// A proxy in front of the server of the URL.
    pub async fn before(url: &str) -> CutProxy {
        let server = parse(url);
        let host = server.host_str().unwrap_or("127.0.0.1").to_owned();
        let port = server.port().unwrap_or(5432);
        let started = keep(async move {
            let server: SocketAddr =
                lookup_host((host, port)).await?.next().ok_or(std::io::ErrorKind::NotFound)?;
            let road = Arc::new(Road::to(server)?);
            let accepting = keeper().spawn(relay::accept(Arc::clone(&road))).abort_handle();
            road.settled(Mode::Open).await;
            Ok::<_, std::io::Error>((road, accepting))
        });
        let (road, accepting) = started.await.unwrap_or_else(|error| panic!("no proxy: {error}"));
        let mut proxy = CutProxy { road, url: String::new(), accepting };
        proxy.url = proxy.through(url);
        proxy
    }

    /// The URL it was made for, through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Another URL of the same server, through the proxy: of another role or database.
    pub fn through(&self, url: &str) -> String {
        let (mut through, port) = (parse(url), self.road.address.port());
        let changed = through.set_host(Some("127.0.0.1")).is_ok() && through.set_port(Some(port)).is_ok();
        assert!(changed, "a URL without a server");
        through.into()
    }

    /// Resets all connections and refuses new ones; done when no connection is left.
    pub async fn cut(&self) {
        self.set(Mode::Cut).await;
    }

    /// Swallows what either side sends, as when a firewall drops packets without a word.
    pub async fn stall(&self) {
        self.set(Mode::Stalled).await;
    }

    /// Passes on what clients send and swallows what the server answers.
    pub async fn swallow_answers(&self) {
        self.set(Mode::Deaf).await;
    }

    /// Keeps back what either side sends, until it arrives late.
    pub async fn hold(&self) {
        self.set(Mode::Held).await;
    }

    /// Passes everything on again; done when the connections that lost bytes are reset.
    pub async fn restore(&self) {
        self.set(Mode::Open).await;
    }

    async fn set(&self, mode: Mode) {
        let road = Arc::clone(&self.road);
        keep(async move {
            road.set(mode);
            road.settled(mode).await;
        })
        .await;
    }

    /// Lets the next statement that contains the text happen, and resets its connection before the answer arrives.
    ///
    /// The server has finished the statement by then, and has committed what the statement commits. The text is
    /// compared as it is sent, also of prepared statements; an empty text is in every statement. Arming again
    /// replaces a trap that has caught nothing yet.
    pub fn lose_answer_to(&self, text: &str) {
        self.road.arm(Trap::Answer(text.to_owned()));
    }

    /// Resets the connection of the next statement that contains the text before the server sees it.
    ///
    /// Otherwise as [`lose_answer_to`](Self::lose_answer_to).
    pub fn lose_statement(&self, text: &str) {
        self.road.arm(Trap::Statement(text.to_owned()));
    }

    /// How many statements or answers the traps have caught: to show that the fault really happened.
    pub fn lost(&self) -> usize {
        self.road.lost()
    }

    /// How many clients are connected.
    pub fn connections(&self) -> usize {
        self.road.connections()
    }
}

impl Drop for CutProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.road.set(Mode::Cut);
    }
}

fn parse(url: &str) -> Url {
    Url::parse(url).unwrap_or_else(|error| panic!("no URL of a server: {error}"))
}
