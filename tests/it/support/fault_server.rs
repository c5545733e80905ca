//! A server that misbehaves on cue, below HTTP where a mock server cannot.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answers with this status, this header line (may be empty) and this body.
    Answer(u16, &'static str, &'static str),
    /// Closes the connection after reading the request.
    Reset,
    /// Closes the connection in the middle of the answer.
    Cut,
    /// Never answers.
    Hang,
}

/// Plays its steps in order, one request per connection, and remembers the requests.
#[derive(Clone, Debug)]
pub(crate) struct FaultServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl FaultServer {
    pub(crate) async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), requests: Arc::default() };
        let mut steps: VecDeque<Step> = steps.into_iter().collect();
        let requests = server.requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let step = steps.pop_front().unwrap_or(Step::Reset);
                tokio::spawn(play(stream, step, requests.clone()));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, head and body as text.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// The URL of a port where nobody listens.
pub(crate) async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn play(mut stream: TcpStream, step: Step, requests: Arc<Mutex<Vec<String>>>) {
    let request = read_request(&mut stream).await;
    requests.lock().unwrap().push(request);
    let text = match step {
        Step::Answer(status, header, body) => {
            let length = body.len();
            format!(
                "HTTP/1.1 {status} X\r\n{header}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        }
        Step::Cut => "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"id\":".to_owned(),
        Step::Reset => return,
        Step::Hang => std::future::pending().await,
    };
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let length =
            text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let complete = text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length.unwrap_or(0));
        if complete || read == 0 {
            return text;
        }
    }
}
