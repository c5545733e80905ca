//! What the road costs: one JSON GET and one form POST over loopback, through the pipeline and through
//! bare `reqwest` with a timeout of its own, interleaved in one run.
//!
//! `cargo bench -p sociogram-api-core --features reqwest` prints, per call,
//! `ratio=<latency ours/floor> floor=<ns> ours=<ns>` and the CPU time of the client thread.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::fs;
use std::hint::black_box;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use http::header::AUTHORIZATION;
use http::{HeaderValue, Method};
use serde::Deserialize;
use sociogram_api_core::http::{
    AllowedHosts, AuthorizeError, Authorizer, BaseUrl, BudgetKey, Call, Client, CoreError, DecodeError,
    Dialect, Endpoint, Fault, FaultClass, Operation, Pipeline, RawResponse, Replay, RequestParts,
    ReqwestTransport, Ticket, Verdict,
};
use sociogram_api_core::{InvalidRequest, async_trait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ROUNDS: usize = 201;
const CALLS: u32 = 40;
const BODY: &str =
    r#"{"id":"1234567890","name":"A page with a name","category":"Shop","tasks":["MANAGE","ANALYZE"]}"#;
const TOKEN: &str = "Bearer EAAB0123456789abcdefghijklmnopqrstuvwxyz";
const TEXT: &str = "Fresh bread from eight o'clock, and coffee too";

#[derive(Deserialize)]
struct Answer {
    id: String,
}

fn main() {
    if std::env::args().all(|arg| arg != "--bench") {
        return;
    }
    let url = serve();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ours = Api::new(&url);
    let floor =
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");
    let get_url = format!("{url}/page?fields=id%2Cname");
    let post_url = format!("{url}/feed");

    report(
        "get",
        || {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    black_box(Call::new(&ours, GetPage).await.expect("an answer"));
                }
            });
        },
        || {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    let answer =
                        floor.get(&get_url).header(AUTHORIZATION, TOKEN).send().await.expect("an answer");
                    let bytes = answer.bytes().await.expect("a body");
                    black_box(serde_json::from_slice::<Answer>(&bytes).expect("JSON").id);
                }
            });
        },
    );
    report(
        "post",
        || {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    black_box(Call::new(&ours, CreatePost).await.expect("an answer"));
                }
            });
        },
        || {
            runtime.block_on(async {
                for _ in 0..CALLS {
                    let form = [("message", TEXT), ("published", "true")];
                    let request = floor.post(&post_url).header(AUTHORIZATION, TOKEN).form(&form);
                    let bytes = request.send().await.expect("an answer").bytes().await.expect("a body");
                    black_box(serde_json::from_slice::<Answer>(&bytes).expect("JSON").id);
                }
            });
        },
    );
}

/// Wall and CPU nanoseconds per call of one batch.
fn batch(work: &mut impl FnMut()) -> (f64, f64) {
    let (cpu, wall) = (thread_cpu_ns(), Instant::now());
    work();
    let wall = wall.elapsed().as_secs_f64() * 1e9;
    (wall / f64::from(CALLS), (thread_cpu_ns() - cpu) / f64::from(CALLS))
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
fn report(name: &str, mut ours: impl FnMut(), mut floor: impl FnMut()) {
    ours();
    floor();
    let mut rows = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (a, b);
        if round % 2 == 0 {
            let first = batch(&mut ours);
            let (second, third) = (batch(&mut floor), batch(&mut floor));
            (a, b) = (lower(first, batch(&mut ours)), lower(second, third));
        } else {
            let first = batch(&mut floor);
            let (second, third) = (batch(&mut ours), batch(&mut ours));
            (a, b) = (lower(second, third), lower(first, batch(&mut floor)));
        }
        rows.push((a, b));
    }
    let ratio = median(rows.iter().map(|(a, b)| a.0 / b.0));
    let (ours_ns, floor_ns) = (median(rows.iter().map(|(a, _)| a.0)), median(rows.iter().map(|(_, b)| b.0)));
    let cpu_ratio = median(rows.iter().map(|(a, b)| a.1 / b.1));
    let added = median(rows.iter().map(|(a, b)| a.1 - b.1)) / 1000.0;
    println!(
        "{name}: ratio={ratio:.3} floor={floor_ns:.0} ours={ours_ns:.0} cpu_ratio={cpu_ratio:.3} cpu_added_us={added:.2}"
    );
}

fn lower(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.min(b.1))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// CPU time of this thread, from the scheduler's own account.
fn thread_cpu_ns() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("this benchmark needs Linux");
    text.split(' ').next().and_then(|field| field.parse().ok()).expect("a number of nanoseconds")
}

/// A server that answers every request with the same JSON. One thread serves all connections, so that the
/// scheduler cannot treat the two contenders differently.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_all(stream));
            }
        });
    });
    url
}

async fn answer_all(mut stream: TcpStream) {
    let length = BODY.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    let _ = stream.set_nodelay(true);
    let mut buffer = [0; 8192];
    // A loopback request of this size arrives in one piece or in two (head, body).
    while let Ok(read) = stream.read(&mut buffer).await {
        let request = buffer.get(..read).unwrap_or_default();
        let complete = request.starts_with(b"GET") || !request.ends_with(b"\r\n\r\n");
        if read == 0 || (complete && stream.write_all(answer.as_bytes()).await.is_err()) {
            return;
        }
    }
}

#[derive(Clone, Debug)]
struct Api {
    pipeline: Pipeline,
    base: BaseUrl,
}

impl Api {
    fn new(url: &str) -> Self {
        let base = BaseUrl::parse(url).expect("a base URL");
        let pipeline = Pipeline::builder(Arc::new(Plain))
            .transport(Arc::new(ReqwestTransport::new().expect("a transport")))
            .authorizer(Arc::new(Bearer))
            .hosts(AllowedHosts::default().allow(&base))
            .build()
            .expect("a pipeline");
        Self { pipeline, base }
    }
}

impl Client for Api {
    type Error = CoreError;

    fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    fn provider(&self) -> &'static str {
        "bench"
    }

    fn prepare(&self, _operation: &mut Operation, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.base(self.base.clone());
        Ok(())
    }
}

#[derive(Debug)]
struct Plain;

impl Dialect for Plain {
    fn inspect(&self, _operation: &Operation, head: &http::response::Parts, _body: &[u8]) -> Verdict {
        let mut verdict = Verdict::new();
        verdict.fault = (!head.status.is_success()).then(|| Fault::new(FaultClass::Permanent));
        verdict
    }

    fn budget_keys(&self, _operation: &Operation) -> Vec<BudgetKey> {
        vec![BudgetKey::new("app", "1")]
    }
}

#[derive(Debug)]
struct Bearer;

#[async_trait]
impl Authorizer for Bearer {
    async fn authorize(
        &self,
        _operation: &Operation,
        head: &mut http::request::Parts,
    ) -> Result<Ticket, AuthorizeError> {
        let mut value = HeaderValue::from_static(TOKEN);
        value.set_sensitive(true);
        head.headers.insert(AUTHORIZATION, value);
        Ok(Ticket::none())
    }

    async fn rejected(&self, _ticket: Ticket) {}
}

struct GetPage;

impl Endpoint for GetPage {
    type Output = String;
    const NAME: &'static str = "page.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/page";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.query("fields", "id,name");
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        response.json::<Answer>().map(|answer| answer.id)
    }
}

struct CreatePost;

impl Endpoint for CreatePost {
    type Output = String;
    const NAME: &'static str = "post.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/feed";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.form_field("message", TEXT).form_field("published", "true");
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        response.json::<Answer>().map(|answer| answer.id)
    }
}
