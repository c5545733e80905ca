//! Large files over a real socket: how much of them is held, and what happens when the line breaks.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream;
use sociogram_api_core::http::{BaseUrl, BodyStream, RangeSource, UploadSource};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{BytesUpload, SendVideoBytes, UploadTarget};
use crate::Client;
use crate::id::VideoId;

const PIECE: u64 = 64 * 1024;

/// How many bytes of the source exist at the moment, and how many did at most.
#[derive(Debug, Default)]
struct Held {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A piece that counts as held until nobody has it any more.
struct Piece {
    content: Vec<u8>,
    held: Arc<Held>,
}

impl Piece {
    fn new(range: Range<u64>, held: Arc<Held>) -> Self {
        let content: Vec<u8> = range.map(byte_at).collect();
        let now = held.now.fetch_add(content.len(), Ordering::SeqCst) + content.len();
        held.most.fetch_max(now, Ordering::SeqCst);
        Self { content, held }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.held.now.fetch_sub(self.content.len(), Ordering::SeqCst);
    }
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.content
    }
}

/// Every byte depends on its place.
fn byte_at(place: u64) -> u8 {
    place.wrapping_mul(31).to_le_bytes()[1]
}

/// Makes its bytes when they are asked for.
#[derive(Debug)]
struct Generated {
    len: u64,
    held: Arc<Held>,
}

impl RangeSource for Generated {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self, range: Range<u64>) -> BodyStream {
        let held = Arc::clone(&self.held);
        Box::pin(stream::unfold(range, move |range| {
            let held = Arc::clone(&held);
            async move {
                let end = range.end.min(range.start + PIECE);
                let piece = (range.start < end).then(|| Piece::new(range.start..end, held))?;
                Some((Ok(Bytes::from_owner(piece)), end..range.end))
            }
        }))
    }
}

/// Takes bytes and forgets them; breaks the line once after so many.
#[derive(Debug)]
struct Server {
    address: SocketAddr,
    /// How many bytes in a row arrived from the beginning on.
    received: Arc<Mutex<u64>>,
    /// The first line of each request, and its offset.
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(break_after: Option<u64>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server =
            Self { address: listener.local_addr().unwrap(), received: Arc::default(), seen: Arc::default() };
        let (received, seen) = (Arc::clone(&server.received), Arc::clone(&server.seen));
        tokio::spawn(async move {
            let mut break_after = break_after;
            loop {
                let (line, _) = listener.accept().await.unwrap();
                serve(line, &received, &seen, &mut break_after).await;
            }
        });
        server
    }

    fn client(&self) -> Client {
        let base = BaseUrl::parse(&format!("http://{}", self.address)).unwrap();
        Client::builder().base_url(base).access_token("token").build().unwrap()
    }
}

/// All requests of one connection.
async fn serve(
    mut line: TcpStream,
    received: &Mutex<u64>,
    seen: &Mutex<Vec<String>>,
    break_after: &mut Option<u64>,
) {
    let mut buffer = Vec::with_capacity(256 * 1024);
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8(buffer.drain(..end + 4).collect()).unwrap();
                break head;
            }
            if line.read_buf(&mut buffer).await.unwrap_or_default() == 0 {
                return;
            }
        };
        let header = |name: &str| -> u64 {
            let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.unwrap_or("0").parse().unwrap()
        };
        let (length, offset) = (header("content-length"), header("offset"));
        let first = head.lines().next().unwrap();
        seen.lock().unwrap().push(format!("{} {offset}", first.trim_end_matches(" HTTP/1.1")));
        let mut at = offset;
        while at < offset + length {
            if buffer.is_empty() && line.read_buf(&mut buffer).await.unwrap_or_default() == 0 {
                return;
            }
            for byte in buffer.drain(..) {
                assert_eq!(byte, byte_at(at), "at {at}");
                at += 1;
            }
            *received.lock().unwrap() = at;
            if break_after.is_some_and(|most| at >= most) {
                *break_after = None;
                return;
            }
        }
        let body = if first.starts_with("GET") {
            let bytes = *received.lock().unwrap();
            format!(
                r#"{{"status":{{"uploading_phase":{{"status":"in_progress","bytes_transferred":{bytes}}}}}}}"#
            )
        } else {
            r#"{"success":true}"#.to_owned()
        };
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        line.write_all(answer.as_bytes()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_megabytes_only_a_few_pieces_are_held() {
    let server = Server::start(None).await;
    let held = Arc::new(Held::default());
    let len = 200_000_000;
    let told = Arc::new(Mutex::new((0, 0)));
    let last = Arc::clone(&told);
    let source = UploadSource::new(Generated { len, held: Arc::clone(&held) })
        .on_progress(move |sent, total| *last.lock().unwrap() = (sent, total));
    let target = UploadTarget::Video(VideoId::from(7));
    server.client().send(SendVideoBytes::new(target, source, 0)).await.unwrap();
    assert_eq!(*server.received.lock().unwrap(), len);
    assert_eq!(*told.lock().unwrap(), (len, len));
    let most = held.most.load(Ordering::SeqCst);
    assert!(most <= 2 * 1024 * 1024, "{most} bytes were held at once");
    assert_eq!(held.now.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_in_the_middle_costs_no_byte_twice() {
    let server = Server::start(Some(2_500_000)).await;
    let len = 5_000_000;
    let source = UploadSource::new(Generated { len, held: Arc::default() });
    let client = server.client();
    let mut upload = BytesUpload::new(UploadTarget::Video(VideoId::from(7)), len);
    let mut stored = String::new();
    upload.run(&client, &source, |state| stored = serde_json::to_string(state).unwrap()).await.unwrap();
    assert_eq!(*server.received.lock().unwrap(), len);
    let seen = server.seen.lock().unwrap().clone();
    let [first, ask, second] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(
        (first.as_str(), ask.as_str()),
        ("POST /video-upload/v26.0/7 0", "GET /v26.0/7?fields=status 0")
    );
    let went_on: u64 = second.strip_prefix("POST /video-upload/v26.0/7 ").unwrap().parse().unwrap();
    assert!((2_500_000..len).contains(&went_on), "{went_on}");
    assert!(serde_json::from_str::<BytesUpload>(&stored).unwrap().is_done());
}
