mod anonymous;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use ::http::header::AUTHORIZATION;
use ::http::{HeaderValue, Method};
use async_trait::async_trait;

use super::*;
use crate::http::{
    AuthorizeError, BaseUrl, BodySource, BodyStream, BreakerState, Fault, QuotaReached, Replay,
    TransportErrorKind, UsageReading, Verdict, append_query,
};
use crate::testing::{CapturedLogs, ScriptedTransport, canary};
use crate::{ErrorKind, SystemClock};

/// Reads the class of a failure from the header `x-class`.
#[derive(Debug)]
struct TestDialect;

impl Dialect for TestDialect {
    fn inspect(&self, _operation: &Operation, head: &::http::response::Parts, _body: &[u8]) -> Verdict {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let mut verdict = Verdict::new();
        verdict.request_id = header("x-trace").map(Into::into);
        if let Some(percent) = header("x-usage") {
            verdict.usage.push(UsageReading::new(BudgetKey::new("app", "1"), percent.parse().unwrap()));
        }
        let class = match header("x-class") {
            Some("throttled") => FaultClass::Throttled,
            Some("transient") => FaultClass::Transient,
            Some("auth") => FaultClass::AuthRejected,
            Some("invalid") => FaultClass::Invalid,
            _ => return verdict,
        };
        let mut fault = Fault::new(class);
        if let Some(delay) = header("x-delay") {
            fault = fault.retry_after(Duration::from_secs(delay.parse().unwrap()));
        }
        verdict.fault = Some(fault);
        verdict
    }

    fn budget_keys(&self, operation: &Operation) -> Vec<BudgetKey> {
        let subject = operation.subject_id().map(|id| BudgetKey::new("page", id));
        [Some(BudgetKey::new("app", "1")), subject].into_iter().flatten().collect()
    }
}

/// Gives a fresh token for every attempt and counts refusals.
#[derive(Debug, Default)]
struct TestAuthorizer {
    given: AtomicU32,
    rejected: AtomicU32,
}

#[async_trait]
impl Authorizer for TestAuthorizer {
    async fn authorize(&self, _operation: &Operation, head: &mut Parts) -> Result<Ticket, AuthorizeError> {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let mut value = HeaderValue::try_from(format!("Bearer {}{number}", canary::secret("token"))).unwrap();
        value.set_sensitive(true);
        head.headers.insert(AUTHORIZATION, value);
        append_query(head, "proof", &canary::secret("proof"));
        Ok(Ticket::new(number))
    }

    async fn rejected(&self, ticket: Ticket) {
        assert!(ticket.downcast::<u32>().is_some());
        self.rejected.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

impl Observer for Recorder {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        self.0.lock().unwrap().push(format!("attempt {} {:?}", event.attempt, event.status));
    }

    fn breaker(&self, event: &BreakerEvent<'_>) {
        self.0.lock().unwrap().push(format!("breaker {}", event.state.as_str()));
    }

    fn gave_up(&self, event: &GiveUpEvent<'_>) {
        self.0.lock().unwrap().push(format!("gave up {}", event.kind.as_str()));
    }
}

fn pipeline(transport: &ScriptedTransport) -> PipelineBuilder {
    let base = BaseUrl::parse("https://api.example").unwrap();
    Pipeline::builder(Arc::new(TestDialect))
        .transport(Arc::new(transport.clone()))
        .hosts(AllowedHosts::default().allow(&base))
}

fn request(method: Method) -> RequestParts {
    let mut parts = RequestParts::new(method, "/{id}/things");
    parts.base(BaseUrl::parse("https://api.example").unwrap()).path("id", "7");
    parts
}

fn since(started: Duration) -> Duration {
    SystemClock::new().monotonic().saturating_sub(started)
}

async fn run(pipeline: &Pipeline, replay: Replay) -> Result<RawResponse, CoreError> {
    let operation = Operation::new("thing.do", "test", replay).subject("7");
    pipeline.execute(&operation, &request(Method::POST)).await
}

#[tokio::test(start_paused = true)]
async fn every_row_of_the_retry_table() {
    enum Failure {
        Transport(TransportErrorKind),
        Class(&'static str, u16),
    }
    use Failure::{Class, Transport};
    use TransportErrorKind as Kind;
    // failure; attempts seen and kind of the error for Safe, Keyed and Never when it never stops failing
    type Row = (Failure, [(usize, ErrorKind); 3]);
    let same = |attempts, kind| [(attempts, kind); 3];
    let write = |kind| [(3, kind), (3, kind), (1, ErrorKind::InDoubt)];
    let rows: Vec<Row> = vec![
        (Transport(Kind::Connect), same(3, ErrorKind::Connect)),
        (Transport(Kind::NotSent), same(3, ErrorKind::Connect)),
        (Transport(Kind::Timeout), write(ErrorKind::Server)),
        (Transport(Kind::Interrupted), write(ErrorKind::Server)),
        (Transport(Kind::Other), write(ErrorKind::Server)),
        (
            Transport(Kind::TooLarge),
            [(1, ErrorKind::Decode), (1, ErrorKind::Decode), (1, ErrorKind::InDoubt)],
        ),
        (Class("throttled", 429), same(3, ErrorKind::Throttled)),
        (Class("transient", 503), write(ErrorKind::Server)),
        (Class("auth", 401), same(2, ErrorKind::Reauthorize)),
        (Class("invalid", 400), same(1, ErrorKind::Invalid)),
    ];
    for (index, (failure, expected)) in rows.into_iter().enumerate() {
        for (replay, (attempts, kind)) in
            [Replay::Safe, Replay::Keyed, Replay::Never].into_iter().zip(expected)
        {
            let mut transport = ScriptedTransport::new();
            for _ in 0..5 {
                transport = match &failure {
                    Transport(kind) => transport.fail(*kind),
                    Class(class, status) => transport.respond(*status, &[("x-class", class)], ""),
                };
            }
            let error = run(&pipeline(&transport).build().unwrap(), replay).await.unwrap_err();
            assert_eq!(transport.requests().len(), attempts, "row {index} {replay:?}");
            assert_eq!(error.kind(), kind, "row {index} {replay:?}");
            assert_eq!(error.attempts() as usize, attempts, "row {index} {replay:?}");
            let in_doubt = kind == ErrorKind::InDoubt;
            assert!(!in_doubt || (error.may_have_been_applied() && !error.is_retryable()), "row {index}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once() {
    let transport = ScriptedTransport::new().respond(401, &[("x-class", "auth")], "").json("{}");
    let authorizer = Arc::new(TestAuthorizer::default());
    let pipeline = pipeline(&transport).authorizer(authorizer.clone()).build().unwrap();
    run(&pipeline, Replay::Never).await.unwrap();
    assert_eq!(authorizer.rejected.load(Ordering::Relaxed), 1);
    let sent: Vec<String> =
        transport.requests().iter().map(|r| r.header("authorization").to_owned()).collect();
    assert_ne!(sent[0], sent[1], "the second attempt carries the new token");
}

#[tokio::test(start_paused = true)]
async fn a_server_delay_is_honoured_or_handed_to_the_caller() {
    let throttled = |delay| [("x-class", "throttled"), ("x-delay", delay)];
    let transport = ScriptedTransport::new().respond(429, &throttled("40"), "").json("{}");
    let started = SystemClock::new().monotonic();
    run(&pipeline(&transport).build().unwrap(), Replay::Never).await.unwrap();
    assert!(since(started) >= Duration::from_secs(40));

    let transport = ScriptedTransport::new().respond(429, &throttled("91"), "").json("{}");
    let slow = pipeline(&transport).build().unwrap();
    let started = SystemClock::new().monotonic();
    let error = run(&slow, Replay::Never).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(91)));
    assert_eq!(SystemClock::new().monotonic(), started, "it does not wait for what cannot fit");
    let next = run(&slow, Replay::Never).await.unwrap_err();
    assert_eq!(
        (next.kind(), next.attempts()),
        (ErrorKind::Throttled, 0),
        "the budget refuses before sending"
    );
}

#[tokio::test(start_paused = true)]
async fn an_absurd_delay_is_an_error_and_no_panic() {
    let delay = u64::MAX.to_string();
    let transport =
        ScriptedTransport::new().respond(429, &[("x-class", "throttled"), ("x-delay", &delay)], "");
    let pipeline = pipeline(&transport).build().unwrap();
    for _ in 0..2 {
        assert_eq!(run(&pipeline, Replay::Safe).await.unwrap_err().kind(), ErrorKind::Throttled);
    }
}

#[tokio::test(start_paused = true)]
async fn usage_spreads_the_calls() {
    let mut transport = ScriptedTransport::new();
    for _ in 0..4 {
        transport = transport.respond(200, &[("x-usage", "95")], "{}");
    }
    let pipeline = pipeline(&transport).build().unwrap();
    let started = SystemClock::new().monotonic();
    for _ in 0..4 {
        run(&pipeline, Replay::Safe).await.unwrap();
    }
    let took = since(started);
    assert!(took >= Duration::from_secs(10) && took < Duration::from_secs(11), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn three_clocks() {
    let transport = ScriptedTransport::new().hang().hang().hang().hang();
    let pipeline =
        pipeline(&transport).timeouts(Timeouts::new(Duration::from_secs(30), Duration::from_secs(50)));
    let started = SystemClock::new().monotonic();
    let error = run(&pipeline.build().unwrap(), Replay::Safe).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(transport.requests().len(), 2, "the deadline leaves room for two attempts");
    assert!(since(started) <= Duration::from_millis(50_010));
}

#[tokio::test(start_paused = true)]
async fn the_circuit_opens_and_a_probe_closes_it() {
    let mut transport = ScriptedTransport::new();
    for _ in 0..20 {
        transport = transport.respond(503, &[("x-class", "transient")], "");
    }
    let transport = transport.json("{}").json("{}");
    let recorder = Arc::new(Recorder::default());
    let pipeline =
        pipeline(&transport).retry(RetryPolicy::none()).observer(recorder.clone()).build().unwrap();
    for _ in 0..20 {
        run(&pipeline, Replay::Safe).await.unwrap_err();
    }
    let error = run(&pipeline, Replay::Safe).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::CircuitOpen, 0));
    assert_eq!(transport.requests().len(), 20);
    tokio::time::advance(Duration::from_secs(31)).await;
    run(&pipeline, Replay::Safe).await.unwrap();
    run(&pipeline, Replay::Safe).await.unwrap();
    let now = pipeline.timer().monotonic();
    assert_eq!(pipeline.breaker().state(&BudgetKey::new("app", "1"), now), BreakerState::Closed);
    let events = recorder.0.lock().unwrap();
    assert!(events.contains(&"breaker open".to_owned()) && events.contains(&"breaker closed".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn throttles_do_not_open_the_circuit() {
    let mut transport = ScriptedTransport::new();
    for _ in 0..30 {
        transport = transport.respond(429, &[("x-class", "throttled"), ("x-delay", "0")], "");
    }
    let pipeline = pipeline(&transport).retry(RetryPolicy::none()).build().unwrap();
    for _ in 0..30 {
        assert_eq!(run(&pipeline, Replay::Safe).await.unwrap_err().kind(), ErrorKind::Throttled);
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_failures_is_not_multiplied() {
    let mut transport = ScriptedTransport::new();
    for _ in 0..200 {
        transport = transport.fail(TransportErrorKind::Connect);
    }
    let breaker =
        Arc::new(Breaker::new(crate::http::BreakerPolicy { min_calls: 1000, ..Default::default() }));
    let pipeline = pipeline(&transport).breaker(breaker).build().unwrap();
    for _ in 0..50 {
        run(&pipeline, Replay::Safe).await.unwrap_err();
    }
    let sent = transport.requests().len();
    assert!((60..=71).contains(&sent), "50 calls, ten retries in reserve, one for every five calls: {sent}");
}

#[tokio::test]
async fn a_credential_never_leaves_the_allowed_hosts() {
    let transport = ScriptedTransport::new().json("{}");
    let authorizer = Arc::new(TestAuthorizer::default());
    let pipeline = pipeline(&transport).authorizer(authorizer.clone()).build().unwrap();
    let mut parts = request(Method::GET);
    parts.base(BaseUrl::parse("https://evil.example").unwrap());
    let error = pipeline.execute(&Operation::new("x", "test", Replay::Safe), &parts).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.findings()[0].rule(), "request.host");
    assert_eq!(authorizer.given.load(Ordering::Relaxed), 0, "not even asked for");
    assert!(transport.requests().is_empty());
}

#[derive(Debug)]
struct Failing(Option<ErrorKind>);

#[async_trait]
impl Authorizer for Failing {
    async fn authorize(&self, _operation: &Operation, _head: &mut Parts) -> Result<Ticket, AuthorizeError> {
        match self.0 {
            Some(kind) => Err(AuthorizeError::new(kind, "the connection is gone")),
            None => std::future::pending().await,
        }
    }

    async fn rejected(&self, _ticket: Ticket) {}
}

#[tokio::test(start_paused = true)]
async fn without_a_credential_nothing_is_sent() {
    let transport = ScriptedTransport::new().json("{}");
    for (authorizer, kind) in [
        (Failing(Some(ErrorKind::Reauthorize)), ErrorKind::Reauthorize),
        (Failing(None), ErrorKind::Unavailable),
    ] {
        let pipeline = pipeline(&transport).authorizer(Arc::new(authorizer)).build().unwrap();
        let error = run(&pipeline, Replay::Never).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, 0));
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_logged() {
    let logs = CapturedLogs::start();
    let secret = canary::secret("body");
    let transport = ScriptedTransport::new()
        .respond(503, &[("x-class", "transient"), ("x-trace", "T1")], secret.clone())
        .respond(400, &[("x-class", "invalid"), ("x-secret", &secret)], secret.clone());
    let pipeline = pipeline(&transport).authorizer(Arc::new(TestAuthorizer::default())).build().unwrap();
    let mut parts = request(Method::POST);
    parts.query("secret", &secret).form_field("message", &secret);
    let error = pipeline.execute(&Operation::new("x", "test", Replay::Safe), &parts).await.unwrap_err();
    let requests = transport.requests();
    let printed = canary::printed(&error) + &format!("{pipeline:?} {parts:?} {requests:?}") + &logs.text();
    assert_eq!(canary::leaks(&printed), Vec::<String>::new());
    assert!(logs.text().contains("path=\"/{id}/things\""), "{}", logs.text());
    assert!(transport.requests()[0].uri.to_string().contains("CANARYproof"), "the canary was really planted");
}

#[derive(Debug, Default)]
struct Counted {
    opened: AtomicU32,
}

impl BodySource for Counted {
    fn open(&self) -> BodyStream {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let chunks = (0..4).map(|_| Ok(Bytes::from_static(b"chunk ")));
        Box::pin(futures_util::stream::iter(chunks))
    }

    fn len(&self) -> Option<u64> {
        Some(24)
    }
}

#[tokio::test(start_paused = true)]
async fn a_streamed_body_is_opened_anew_for_every_attempt() {
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Interrupted).json("{}");
    let source = Arc::new(Counted::default());
    let mut parts = request(Method::PUT);
    parts.body(Body::Stream(source.clone()), HeaderValue::from_static("video/mp4"));
    let pipeline = pipeline(&transport).build().unwrap();
    pipeline.execute(&Operation::new("upload", "test", Replay::Safe), &parts).await.unwrap();
    let bodies: Vec<Bytes> = transport.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, vec![Bytes::from("chunk ".repeat(4)); 2]);
    assert_eq!(source.opened.load(Ordering::Relaxed), 2);
    assert_eq!(transport.requests()[0].header("content-length"), "24");
}

#[test]
fn a_builder_says_what_is_missing() {
    let built = Pipeline::builder(Arc::new(TestDialect)).build();
    #[cfg(feature = "rustls")]
    built.unwrap();
    #[cfg(not(feature = "reqwest"))]
    assert!(built.unwrap_err().to_string().contains("enable the feature `reqwest` or pass one"));
    let transport = ScriptedTransport::new();
    assert!(pipeline(&transport).user_agent("bad\nagent").build().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_part_is_judged_as_if_it_had_come_alone() {
    let pipeline = pipeline(&ScriptedTransport::new()).build().unwrap();
    let part = Operation::new("post.get", "test", Replay::Safe).subject("7");
    let answer = |headers: &[(&'static str, &str)]| {
        let mut answer = Response::new(Bytes::from_static(b"{}"));
        for (name, value) in headers {
            answer.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        answer
    };
    let read = pipeline.part(&part, 2, answer(&[("x-trace", "T"), ("x-usage", "80")])).unwrap();
    assert_eq!((read.attempts(), read.request_id()), (2, Some("T")));
    let now = pipeline.timer().monotonic();
    assert!(pipeline.budget().usage(&BudgetKey::new("app", "1"), now).is_some(), "its usage counts");
    let error = pipeline.part(&part, 2, answer(&[("x-class", "throttled"), ("x-delay", "9")])).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Throttled, "post.get"));
    let page = pipeline.budget().usage(&BudgetKey::new("page", "7"), now).unwrap();
    assert_eq!(page.blocked_for, Duration::from_secs(9), "only its own limit is stopped");

    let lost = Pipeline::unanswered_part(&part, 2, TransportErrorKind::Timeout, "it took too long");
    assert_eq!((lost.kind(), lost.attempts()), (ErrorKind::Server, 2));
    assert!(lost.to_string().contains("it took too long"), "{lost}");
    assert!(pipeline.back_off_parts(&part, 1).await && pipeline.back_off_parts(&part, 2).await);
    assert!(!pipeline.back_off_parts(&part, 3).await, "three times in all");
}

/// Two places.
#[derive(Debug, Default)]
struct TwoPlaces(AtomicU32);

impl Quota for TwoPlaces {
    fn take(&self, _operation: &Operation) -> Result<(), QuotaReached> {
        let taken = self.0.fetch_add(1, Ordering::Relaxed);
        if taken < 2 { Ok(()) } else { Err(QuotaReached::new("both are gone", Duration::from_secs(7))) }
    }

    fn give_back(&self, _operation: &Operation) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_counts_what_is_sent_and_stops_the_rest() {
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Connect).json("{}").json("{}");
    let pipeline = pipeline(&transport).quota(Arc::new(TwoPlaces::default())).build().unwrap();
    run(&pipeline, Replay::Never).await.unwrap();
    run(&pipeline, Replay::Never).await.unwrap();
    let error = run(&pipeline, Replay::Safe).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.to_string().contains("both are gone"), "{error}");
    assert_eq!(transport.requests().len(), 3, "a failed connection takes no place");
}
