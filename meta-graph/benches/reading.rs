//! What reading costs beside the bare loop, interleaved in one run.
//!
//! `cargo bench -p sociogram-meta-graph` prints
//!
//! * `paging: ratio=<throughput ours/floor>` for 100 000 comments, 100 a page, over loopback: `client.items(…)` beside
//!   `reqwest` and serde into the same struct, following the same cursors;
//! * `memory:` how much the peak of resident memory grew while 1 000 and 100 000 of them were read;
//! * `batch: calls=<HTTP calls for 500 nodes>`;
//! * `errors: ns=<classifying one error answer>`, beside reading its JSON.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use sociogram_api_core::http::BaseUrl;
use sociogram_meta_graph::batch::Batch;
use sociogram_meta_graph::pages::{Comment, GetPost, ListComments};
use sociogram_meta_graph::{Client, GraphError, ObjectId, PostId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

const ROUNDS: usize = 7;
const PAGE: usize = 100;
const MANY: usize = 100_000;
const FEW: usize = 1_000;
const NODES: usize = 500;
const ERRORS: u32 = 20_000;

fn main() {
    if std::env::args().all(|arg| arg != "--bench") {
        return;
    }
    let calls = Arc::new(AtomicUsize::new(0));
    let url = serve(Arc::clone(&calls));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ours = Client::builder()
        .access_token("EAAB0123456789")
        .app_secret("0123456789abcdef")
        .base_url(BaseUrl::parse(&url).expect("a base URL"))
        .build()
        .expect("a client");
    let floor =
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");

    memory(&runtime, &ours);
    paging(&runtime, &ours, &floor, &url);
    batch(&runtime, &ours, &calls);
    errors();
}

async fn read_ours(client: &Client, objects: usize) -> usize {
    let limit = u32::try_from(PAGE).expect("a small number");
    let of = ObjectId::new(objects.to_string()).expect("an id");
    let mut comments = pin!(client.items(ListComments::new(of).limit(limit)));
    let mut read = 0;
    while let Some(comment) = comments.try_next().await.expect("an answer") {
        black_box(&comment);
        read += 1;
    }
    read
}

#[derive(Deserialize)]
struct Envelope {
    data: Vec<Comment>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    cursors: Cursors,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    after: String,
}

async fn read_bare(client: &reqwest::Client, url: &str, objects: usize) -> usize {
    let (mut read, mut after) = (0, String::new());
    loop {
        let url = format!("{url}/v26.0/{objects}/comments?fields=id%2Cmessage&limit={PAGE}&after={after}");
        let request = client.get(&url).header(AUTHORIZATION, "Bearer EAAB0123456789");
        let bytes = request.send().await.expect("an answer").bytes().await.expect("a body");
        let page: Envelope = serde_json::from_slice(&bytes).expect("a page");
        for comment in &page.data {
            black_box(comment);
            read += 1;
        }
        match page.paging.filter(|paging| paging.next.is_some()) {
            Some(paging) => after = paging.cursors.after,
            None => return read,
        }
    }
}

fn paging(runtime: &Runtime, ours: &Client, floor: &reqwest::Client, url: &str) {
    let a = || timed(|| assert_eq!(runtime.block_on(read_ours(ours, MANY)), MANY));
    let b = || timed(|| assert_eq!(runtime.block_on(read_bare(floor, url, MANY)), MANY));
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
    println!("paging: ratio={ratio:.3} floor={floor:.3}s ours={ours:.3}s for {MANY} objects (aim 0.9)");
}

fn memory(runtime: &Runtime, ours: &Client) {
    // The first calls fill pools and buffers.
    runtime.block_on(read_ours(ours, FEW));
    let peak = |objects| {
        fs::write("/proc/self/clear_refs", "5").expect("this benchmark needs Linux");
        let before = status_kib("VmRSS:");
        assert_eq!(runtime.block_on(read_ours(ours, objects)), objects);
        (status_kib("VmHWM:"), status_kib("VmHWM:").saturating_sub(before))
    };
    let (few, many) = (peak(FEW), peak(MANY));
    println!(
        "memory: peak_rss={} KiB (+{}) for {FEW} objects, {} KiB (+{}) for {MANY}",
        few.0, few.1, many.0, many.1
    );
}

fn status_kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("this benchmark needs Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a figure");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn batch(runtime: &Runtime, ours: &Client, calls: &AtomicUsize) {
    let before = calls.load(Ordering::Relaxed);
    let took = timed(|| {
        runtime.block_on(async {
            let mut batch = Batch::new();
            let nodes: Vec<_> = (0..NODES)
                .map(|node| batch.add(GetPost::new(PostId::new(format!("1_{node}")).expect("an id"))))
                .collect();
            let answers = ours.send_batch(batch).await.expect("an answer");
            for node in nodes {
                black_box(answers.take(node).expect("a post"));
            }
        });
    });
    let calls = calls.load(Ordering::Relaxed) - before;
    println!("batch: calls={calls} for {NODES} nodes in {:.1} ms (aim 11 calls)", took * 1e3);
}

fn errors() {
    let body = br#"{"error":{"message":"(#80001) There have been too many calls to this Page account. Wait a bit and try again.","type":"OAuthException","code":80001,"error_subcode":2446079,"is_transient":false,"fbtrace_id":"AbCdEfGhIjK"}}"#;
    let read = |work: &dyn Fn()| {
        let took = timed(|| (0..ERRORS).for_each(|_| work()));
        took * 1e9 / f64::from(ERRORS)
    };
    let ours = || {
        let error = GraphError::from_body(400, black_box(body)).expect("a failure");
        black_box((error.class(), error.retry(), error.who()));
    };
    let floor = || {
        black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).expect("JSON"));
    };
    let rows: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (read(&ours), read(&floor))).collect();
    let classified = median(rows.iter().map(|(ours, floor)| ours - floor));
    let (ours, floor) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!(
        "errors: ns={classified:.0} to classify (aim 1000): {ours:.0} with its JSON, which takes {floor:.0}"
    );
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

/// A server on a thread of its own: `GET /{version}/{objects}/comments` gives that many, page by page, and
/// `POST /{version}/` answers a batch.
fn serve(calls: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_all(stream, Arc::clone(&calls)));
            }
        });
    });
    url
}

async fn answer_all(mut stream: TcpStream, calls: Arc<AtomicUsize>) {
    let _ = stream.set_nodelay(true);
    let mut request = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        request.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let Some(text) = whole(&request) else { continue };
        calls.fetch_add(1, Ordering::Relaxed);
        let body = if text.starts_with("POST") { batch_answer(text) } else { page(text) };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all((head + &body).as_bytes()).await.is_err() {
            return;
        }
        request.clear();
    }
}

/// The request, once all of it is there.
fn whole(request: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(request).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
    });
    (body.len() >= length.unwrap_or_default()).then_some(text)
}

fn page(request: &str) -> String {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let objects: usize =
        target.split('/').nth(2).and_then(|of| of.parse().ok()).expect("a number of objects");
    let after = target.split(['?', '&']).find_map(|pair| pair.strip_prefix("after="));
    let start: usize = after.and_then(|after| after.parse().ok()).unwrap_or_default();
    let end = (start + PAGE).min(objects);
    let mut body = String::from(r#"{"data":["#);
    for number in start..end {
        let comma = if number == start { "" } else { "," };
        let _ = write!(
            body,
            r#"{comma}{{"id":"102030405060701_{number}","message":"What time do you open on Sunday? {number}","created_time":"2026-11-20T08:00:00+0000","from":{{"id":"7{number}","name":"Ada Example"}},"like_count":3,"comment_count":0,"can_reply_privately":true,"is_hidden":false}}"#
        );
    }
    let next = if end < objects {
        format!(r#","next":"https://graph.facebook.com/v26.0/{objects}/comments?access_token=T&after={end}""#)
    } else {
        String::new()
    };
    let _ = write!(body, r#"],"paging":{{"cursors":{{"before":"{start}","after":"{end}"}}{next}}}}}"#);
    body
}

fn batch_answer(request: &str) -> String {
    let items = request.matches("relative_url").count();
    let item = r#"{"code":200,"headers":[{"name":"facebook-api-version","value":"v26.0"}],"body":"{\"id\":\"1_2\",\"message\":\"Fresh bread\"}"}"#;
    format!("[{}]", vec![item; items].join(","))
}
