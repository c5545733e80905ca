//! A platform that keeps its own books of what it took, and misbehaves.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sociogram_api_core::{SystemClock, Timer as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// The name of events that are refused.
pub(super) const BAD: &str = "Bad";
/// The token whose requests get no answer.
pub(super) const HELD: &str = "held";
/// After so many requests the misbehaviour begins anew.
const CYCLE: u64 = 18;

pub(super) struct Sink {
    pub(super) url: String,
    books: Arc<Books>,
}

#[derive(Default)]
struct Books {
    /// How often each event was taken.
    taken: Mutex<HashMap<String, u32>>,
    requests: AtomicU64,
    /// How often it misbehaved in each way.
    faults: Mutex<HashMap<&'static str, u32>>,
    holding: Notify,
    is_well: std::sync::atomic::AtomicBool,
}

impl Sink {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let books = Arc::new(Books::default());
        let served = Arc::clone(&books);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let books = Arc::clone(&served);
                // Whoever sends may be killed at any time.
                tokio::spawn(async move { drop(serve(stream, &books).await) });
            }
        });
        Self { url: format!("http://{address}"), books }
    }

    pub(super) fn taken(&self) -> HashMap<String, u32> {
        self.books.taken.lock().unwrap().clone()
    }

    pub(super) fn faults(&self) -> HashMap<&'static str, u32> {
        self.books.faults.lock().unwrap().clone()
    }

    /// From now on it only refuses what is bad.
    pub(super) fn get_well(&self) {
        self.books.is_well.store(true, Ordering::Relaxed);
    }

    /// Until it has taken a request that gets no answer.
    pub(super) async fn is_holding(&self) {
        self.books.holding.notified().await;
    }
}

impl Books {
    fn take<'a>(&self, events: impl IntoIterator<Item = &'a Value>) {
        let mut taken = self.taken.lock().unwrap();
        for event in events {
            *taken.entry(event["event_id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }

    fn note(&self, fault: &'static str) {
        *self.faults.lock().unwrap().entry(fault).or_default() += 1;
    }
}

async fn serve(mut stream: TcpStream, books: &Books) -> io::Result<()> {
    let Some((head, body)) = read(&mut stream).await? else { return Ok(()) };
    let body: Value = serde_json::from_slice(&body).unwrap();
    let events = body["data"].as_array().unwrap();
    if events.iter().any(|event| event["event_name"] == BAD) {
        books.note("refused");
        let error = json!({"error": {
            "message": "Invalid parameter", "type": "OAuthException", "code": 100, "error_subcode": 2_804_050,
        }});
        return answer(&mut stream, "400 Bad Request", &error).await;
    }
    // What comes of refusals, and the probes after doubts, would otherwise decide which misbehaviour there is.
    let counts = u64::from(events.len() > 1);
    let turn = books.requests.fetch_add(counts, Ordering::Relaxed) % CYCLE;
    let turn = if counts == 0 || books.is_well.load(Ordering::Relaxed) { 0 } else { turn };
    if turn == 3 {
        books.note("throttled");
        let error = json!({"error": {"message": "too many calls", "type": "OAuthException", "code": 4}});
        return answer(&mut stream, "429 Too Many Requests\r\nRetry-After: 1", &error).await;
    }
    if turn == 5 {
        books.note("reset before anything was taken");
        return Ok(());
    }
    if turn == 7 {
        books.note("failed before anything was taken");
        return fail(&mut stream).await;
    }
    if turn == 9 {
        books.note("took a part");
        books.take(&events[1..]);
        return answer(&mut stream, "200 OK", &json!({"events_received": events.len() - 1})).await;
    }
    books.take(events);
    if head.to_ascii_lowercase().contains(&format!("authorization: bearer {HELD}")) {
        books.note("held");
        books.holding.notify_one();
        SystemClock::new().sleep(Duration::from_secs(60)).await;
        return Ok(());
    }
    match turn {
        11 => {
            books.note("failed after all was taken");
            fail(&mut stream).await
        }
        13 => {
            books.note("reset in the middle of the answer");
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"events_").await
        }
        15 => {
            books.note("too slow");
            SystemClock::new().sleep(Duration::from_secs(3)).await;
            answer(&mut stream, "200 OK", &json!({"events_received": events.len()})).await
        }
        _ => {
            if turn % 4 == 2 {
                SystemClock::new().sleep(Duration::from_millis(120)).await;
            }
            let taken = json!({"events_received": events.len(), "messages": [], "fbtrace_id": "trace"});
            answer(&mut stream, "200 OK", &taken).await
        }
    }
}

async fn fail(stream: &mut TcpStream) -> io::Result<()> {
    let error = json!({"error": {"message": "unknown", "type": "OAuthException", "code": 2}});
    answer(stream, "500 Internal Server Error", &error).await
}

async fn answer(stream: &mut TcpStream, status: &str, body: &Value) -> io::Result<()> {
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// One request, head and body; `None` when the sender is gone.
async fn read(stream: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    loop {
        let mut part = vec![0; 64 * 1024];
        let count = stream.read(&mut part).await?;
        if count == 0 {
            return Ok(None);
        }
        all.extend_from_slice(&part[..count]);
        let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
        });
        if all.len() >= end + 4 + length.unwrap_or(0) {
            return Ok(Some((head, all.split_off(end + 4))));
        }
    }
}
