//! The retry table, row by row, over real connections: what is sent how often, and what the caller learns.

use std::time::Duration;

use sociogram::api_core::ErrorKind;
use sociogram::api_core::http::{BaseUrl, RetryPolicy, Timeouts};
use sociogram::linkedin_api::posts::{CreatePost, DeletePost};
use sociogram::linkedin_api::{Client, Error, PersonUrn, PostUrn};

use crate::support::fault_server::{FaultServer, Step, closed_port};

const CREATED: Step = Step::Answer(201, "x-restli-id: urn:li:share:1\r\n", "");
const DELETED: Step = Step::Answer(204, "", "");
const EXPIRED: Step =
    Step::Answer(401, "", r#"{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN"}"#);
const THROTTLED: Step = Step::Answer(
    429,
    "retry-after: 1\r\n",
    r#"{"status":429,"serviceErrorCode":101,"code":"TOO_MANY_REQUESTS"}"#,
);
const SUNSET: Step = Step::Answer(426, "", r#"{"status":426,"code":"NONEXISTENT_VERSION"}"#);
const REFUSED: Step = Step::Answer(400, "", r#"{"status":400,"code":"ILLEGAL_ARGUMENT"}"#);

fn client(url: &str) -> Client {
    Client::builder()
        .access_token("AQVtoken")
        .base_url(BaseUrl::parse(url).unwrap())
        .retry(RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(5)))
        .timeouts(Timeouts::new(Duration::from_millis(300), Duration::from_secs(5)))
        .build()
        .unwrap()
}

/// `Replay::Never`.
async fn create(url: &str) -> Result<(), Error> {
    let author: PersonUrn = "urn:li:person:a".parse().unwrap();
    client(url).send(CreatePost::new(author, "hello")).await.map(drop)
}

/// `Replay::Safe`.
async fn delete(url: &str) -> Result<(), Error> {
    client(url).send(DeletePost::new("urn:li:share:1".parse::<PostUrn>().unwrap())).await.map(drop)
}

struct Row {
    name: &'static str,
    /// The failure, played before an answer that would succeed.
    failure: Step,
    /// Requests that reach the server for a write that must not be repeated; `None` if it then succeeds.
    create: (usize, Option<ErrorKind>),
    /// The same for one that may.
    delete: (usize, Option<ErrorKind>),
}

#[tokio::test]
async fn one_failure_then_success() {
    let rows = [
        Row { name: "reset", failure: Step::Reset, create: (1, Some(ErrorKind::InDoubt)), delete: (2, None) },
        Row {
            name: "cut answer",
            failure: Step::Cut,
            create: (1, Some(ErrorKind::InDoubt)),
            delete: (2, None),
        },
        Row {
            name: "no answer",
            failure: Step::Hang,
            create: (1, Some(ErrorKind::InDoubt)),
            delete: (2, None),
        },
        Row {
            name: "503 in HTML",
            failure: Step::Answer(503, "content-type: text/html\r\n", "<html>busy</html>"),
            create: (1, Some(ErrorKind::InDoubt)),
            delete: (2, None),
        },
        Row {
            name: "504",
            failure: Step::Answer(504, "", ""),
            create: (1, Some(ErrorKind::InDoubt)),
            delete: (2, None),
        },
        Row { name: "throttled", failure: THROTTLED, create: (2, None), delete: (2, None) },
        Row { name: "expired token", failure: EXPIRED, create: (2, None), delete: (2, None) },
        Row {
            name: "sunset version",
            failure: SUNSET,
            create: (1, Some(ErrorKind::Misconfigured)),
            delete: (1, Some(ErrorKind::Misconfigured)),
        },
        Row {
            name: "refused",
            failure: REFUSED,
            create: (1, Some(ErrorKind::Invalid)),
            delete: (1, Some(ErrorKind::Invalid)),
        },
        Row {
            name: "redirect",
            failure: Step::Answer(302, "location: http://127.0.0.1:9/\r\n", ""),
            create: (1, Some(ErrorKind::Rejected)),
            delete: (1, Some(ErrorKind::Rejected)),
        },
    ];
    for row in rows {
        let server = FaultServer::start([row.failure.clone(), CREATED]).await;
        let outcome = create(&server.url()).await;
        assert_eq!(server.requests().len(), row.create.0, "create: {}", row.name);
        assert_eq!(outcome.as_ref().err().map(Error::kind), row.create.1, "create: {}", row.name);
        if let Err(error) = outcome {
            let in_doubt = error.kind() == ErrorKind::InDoubt;
            assert_eq!(error.may_have_been_applied(), in_doubt, "{}", row.name);
            assert!(!error.is_retryable(), "{}", row.name);
        }
        let server = FaultServer::start([row.failure, DELETED]).await;
        let outcome = delete(&server.url()).await;
        assert_eq!(server.requests().len(), row.delete.0, "delete: {}", row.name);
        assert_eq!(outcome.err().map(|error| error.kind()), row.delete.1, "delete: {}", row.name);
    }
}

#[tokio::test]
async fn what_keeps_failing_is_given_up() {
    let url = closed_port().await;
    for error in [create(&url).await.unwrap_err(), delete(&url).await.unwrap_err()] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(error.is_retryable() && !error.may_have_been_applied());
    }
    let server = FaultServer::start([Step::Reset, Step::Reset, Step::Reset, DELETED]).await;
    let error = delete(&server.url()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.requests().len()), (ErrorKind::Server, 3, 3));
    let server = FaultServer::start([EXPIRED, EXPIRED, CREATED]).await;
    let error = create(&server.url()).await.unwrap_err();
    assert_eq!(
        (error.kind(), server.requests().len()),
        (ErrorKind::Reauthorize, 2),
        "renewed once, not twice"
    );
}

#[tokio::test]
async fn a_repeated_request_is_the_same_request() {
    let server = FaultServer::start([THROTTLED, CREATED]).await;
    create(&server.url()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0], requests[1]);
    assert!(requests[0].contains(r#""commentary":"hello""#), "{}", requests[0]);
}
