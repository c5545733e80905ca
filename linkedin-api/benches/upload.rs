//! What an upload costs beside the bare loop, interleaved in one run.
//!
//! `cargo bench -p sociogram-linkedin-api --bench upload` prints
//!
//! * `video upload: ratio=<throughput ours/floor>` for a file of 200 MB from disk over loopback: `UploadVideo` beside
//!   `reqwest` sending the same slices of the same file, one after the other;
//! * `memory:` how much the peak of resident memory grew while 20 MB and 200 MB were sent.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sociogram_api_core::http::BaseUrl;
use sociogram_linkedin_api::uploads::{UploadSource, UploadVideo, VideoFiles};
use sociogram_linkedin_api::{Client, OrganizationUrn};
use tokio::runtime::Runtime;

const ROUNDS: usize = 9;
const MB: u64 = 1_000_000;
/// As LinkedIn slices a video.
const PART: u64 = 4 * 1024 * 1024;

fn main() {
    if std::env::args().all(|arg| arg != "--bench") {
        return;
    }
    let url = serve();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ours = Client::builder()
        .access_token("AQXbench")
        .base_url(BaseUrl::parse(&url).expect("a base URL"))
        .build()
        .expect("a client");
    let floor = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (small, large) = (Film::new(20 * MB), Film::new(200 * MB));

    memory(&runtime, &ours, &small, &large);
    throughput(&runtime, &ours, &floor, &url, &large);
}

/// A file that begins like an MP4 and goes away in the end.
struct Film {
    path: PathBuf,
    bytes: u64,
}

impl Film {
    fn new(bytes: u64) -> Self {
        let path = std::env::temp_dir().join(format!("sociogram-bench-{}-{bytes}", std::process::id()));
        let mut file = File::create(&path).expect("a file");
        file.write_all(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom").expect("a file");
        let mut left = bytes - 24;
        while left > 0 {
            let piece = left.min(MB);
            file.write_all(&vec![0x5a; usize::try_from(piece).expect("a small number")]).expect("a file");
            left -= piece;
        }
        Self { path, bytes }
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

async fn send_ours(client: &Client, film: &Film) {
    let files = VideoFiles::new(UploadSource::from_path(&film.path).await.expect("a file"));
    let owner = OrganizationUrn::from_id("5").expect("an id");
    UploadVideo::new(owner, &files).run(client, &files, |_| ()).await.expect("an upload");
}

async fn send_bare(client: &reqwest::Client, url: &str, film: &Film) {
    let mut first = 0;
    while first < film.bytes {
        let length = PART.min(film.bytes - first);
        let body = slice(&film.path, first, length);
        let answer = client.put(format!("{url}/part/{first}")).body(body).send().await.expect("an answer");
        assert!(answer.status().is_success() && answer.headers().contains_key("etag"));
        first += length;
    }
}

fn slice(path: &Path, first: u64, length: u64) -> Vec<u8> {
    let mut file = File::open(path).expect("a file");
    file.seek(SeekFrom::Start(first)).expect("a place");
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).expect("a slice");
    bytes
}

fn throughput(runtime: &Runtime, ours: &Client, floor: &reqwest::Client, url: &str, film: &Film) {
    let a = || timed(|| runtime.block_on(send_ours(ours, film)));
    let b = || timed(|| runtime.block_on(send_bare(floor, url, film)));
    a();
    b();
    let mut rows = Vec::new();
    for round in 0..ROUNDS {
        // Drift of the machine falls on both.
        rows.push(if round % 2 == 0 {
            let (a, b) = (a(), b());
            (a, b)
        } else {
            let (b, a) = (b(), a());
            (a, b)
        });
    }
    let ratio = median(rows.iter().map(|(a, b)| b / a));
    let (ours, floor) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!(
        "video upload: ratio={ratio:.3} floor={floor:.3}s ours={ours:.3}s for {} MB (aim 0.9)",
        film.bytes / MB
    );
}

fn memory(runtime: &Runtime, ours: &Client, small: &Film, large: &Film) {
    // The first calls fill pools and buffers.
    runtime.block_on(send_ours(ours, small));
    let peak = |film: &Film| {
        fs::write("/proc/self/clear_refs", "5").expect("this benchmark needs Linux");
        let before = status_kib("VmRSS:");
        runtime.block_on(send_ours(ours, film));
        (status_kib("VmHWM:"), status_kib("VmHWM:").saturating_sub(before))
    };
    let (few, many) = (peak(small), peak(large));
    println!(
        "memory: peak_rss={} KiB (+{}) for 20 MB, {} KiB (+{}) for 200 MB",
        few.0, few.1, many.0, many.1
    );
}

fn status_kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("this benchmark needs Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a figure");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn timed(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A server on threads of its own that takes parts and forgets them.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let base = url.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let base = base.clone();
            thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
                answer_all(&stream, &base);
            });
        }
    });
    url
}

fn answer_all(stream: &TcpStream, base: &str) {
    let mut reader = BufReader::with_capacity(256 * 1024, stream);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        loop {
            let mut header = String::new();
            if !reader.read_line(&mut header).is_ok_and(|read| read > 0) {
                return;
            }
            if header.trim().is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or_default();
            }
            if line.is_empty() {
                line = header;
            }
        }
        let mut body = Vec::new();
        let is_part = line.starts_with("PUT");
        let mut rest = Read::take(&mut reader, length);
        let arrived = if is_part { discard(&mut rest) } else { rest.read_to_end(&mut body).is_ok() };
        if !arrived {
            return;
        }
        let body = answer(&line, &body, base);
        let head = format!("HTTP/1.1 200 OK\r\netag: \"a\"\r\ncontent-length: {}\r\n\r\n", body.len());
        if (&mut &*stream).write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

/// Without copying, so that the server costs as little as it can.
fn discard<R: BufRead>(rest: &mut R) -> bool {
    loop {
        match rest.fill_buf() {
            Ok([]) => return true,
            Ok(bytes) => {
                let read = bytes.len();
                rest.consume(read);
            }
            Err(_) => return false,
        }
    }
}

fn answer(line: &str, body: &[u8], base: &str) -> String {
    if line.contains("initializeUpload") {
        let request: serde_json::Value = serde_json::from_slice(body).expect("a request");
        let bytes =
            request.pointer("/initializeUploadRequest/fileSizeBytes").and_then(serde_json::Value::as_u64);
        let bytes = bytes.expect("a length");
        let mut parts = Vec::new();
        let mut first = 0;
        while first < bytes {
            let last = (first + PART).min(bytes) - 1;
            parts.push(serde_json::json!({
                "uploadUrl": format!("{base}/part/{first}"), "firstByte": first, "lastByte": last,
            }));
            first = last + 1;
        }
        let opened =
            serde_json::json!({"video": "urn:li:video:1", "uploadInstructions": parts, "uploadToken": ""});
        return serde_json::json!({"value": opened}).to_string();
    }
    if line.starts_with("GET") { r#"{"status":"AVAILABLE"}"#.to_owned() } else { String::new() }
}
