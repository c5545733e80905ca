//! The extractors in a router of axum.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, FromRef, RawQuery, State},
    http::{Request, StatusCode, header::CONTENT_TYPE},
    response::Response,
    routing::{get, post},
};
use bytes::Bytes;
use http_body_util::Limited;
use sociogram_webhook_verify::{
    ChallengeAnswer, ChallengeError, DataDeletionAnswer, EventTime, LinkedInVerifier, MetaChallenge,
    MetaVerifier, Provider, SignedRequestError, SignedRequestVerifier, VerifyError, VerifyToken,
    axum::{DeliveryRejection, LinkedInDelivery, MetaDelivery},
    testing,
};
use tower::ServiceExt as _;

use super::{linkedin, secret};

const BODY: &[u8] = br#"{"object":"page","entry":[]}"#;
const LIMIT: usize = 64;

#[derive(Clone)]
struct App {
    meta: MetaVerifier,
    linkedin: LinkedInVerifier,
    token: VerifyToken,
    signed_requests: SignedRequestVerifier,
}

impl FromRef<App> for MetaVerifier {
    fn from_ref(app: &App) -> Self {
        app.meta.clone()
    }
}

impl FromRef<App> for LinkedInVerifier {
    fn from_ref(app: &App) -> Self {
        app.linkedin.clone()
    }
}

async fn from_meta(MetaDelivery(verified): MetaDelivery) -> String {
    format!("{} {}", verified.secret_name(), verified.body().len())
}

async fn from_linkedin(LinkedInDelivery(verified): LinkedInDelivery) -> String {
    format!("{:?} {}", verified.scheme(), verified.body().len())
}

async fn ask_meta(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<ChallengeAnswer, ChallengeError> {
    MetaChallenge::answer(&query.unwrap_or_default(), &app.token)
}

async fn ask_linkedin(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<ChallengeAnswer, ChallengeError> {
    app.linkedin.challenge(&query.unwrap_or_default())
}

async fn delete(State(app): State<App>, body: Bytes) -> Result<DataDeletionAnswer, SignedRequestError> {
    app.signed_requests.verify_form(&body, EventTime::from_unix_millis(1).unwrap())?;
    Ok(DataDeletionAnswer::new("https://example.com/d", "A1").unwrap())
}

fn router() -> Router {
    let app = App {
        meta: MetaVerifier::builder().secret("canary-name", secret()).max_body_bytes(LIMIT).build().unwrap(),
        linkedin: linkedin(),
        token: VerifyToken::new("token").unwrap(),
        signed_requests: SignedRequestVerifier::builder().secret("main", secret()).build().unwrap(),
    };
    Router::new()
        .route("/meta", get(ask_meta).post(from_meta))
        .route("/linkedin", get(ask_linkedin).post(from_linkedin))
        .route("/delete", post(delete))
        .with_state(app)
}

async fn send(request: Request<Body>) -> Response {
    router().oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
}

fn posted(path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path);
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value))
        .body(body.into())
        .unwrap()
}

/// The body without the announcement of its length.
fn unannounced(body: Vec<u8>) -> Body {
    Body::from_stream(Body::from(body).into_data_stream())
}

#[tokio::test]
async fn a_signed_delivery_reaches_its_handler() {
    let signature = testing::sign_meta(&secret(), BODY);
    for body in [Body::from(BODY), unannounced(BODY.to_vec())] {
        let response = send(posted("/meta", &[("X-Hub-Signature-256", &signature)], body)).await;
        assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::OK, "canary-name 28"));
    }
    let signature = testing::sign_linkedin_bare(&secret(), BODY);
    let response = send(posted("/linkedin", &[("X-LI-Signature", &signature)], BODY)).await;
    assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::OK, "LinkedInBare 28"));
}

#[tokio::test]
async fn every_refusal_has_its_status_and_says_no_more_than_its_kind() {
    let right = testing::sign_meta(&secret(), BODY);
    let wrong = testing::sign_meta(&secret(), b"{}");
    let header = "x-hub-signature-256";
    let sha1 = "sha1=1a0f9c7c0ba12e75ceddc41a1849c768641b8c7d";
    for (headers, body, status, reason) in [
        (&[][..], BODY.to_vec(), 401, "missing_signature"),
        (&[("x-hub-signature", sha1)], BODY.to_vec(), 401, "missing_signature"),
        (&[(header, sha1)], BODY.to_vec(), 400, "sha1_signature"),
        (&[(header, &right), (header, &right)], BODY.to_vec(), 400, "duplicate_signature"),
        (&[(header, &right[..70])], BODY.to_vec(), 400, "malformed_signature"),
        (&[(header, &wrong)], BODY.to_vec(), 401, "mismatch"),
        (&[(header, &right)], vec![b'{'; LIMIT + 1], 413, "body_too_large"),
        (&[], vec![b'{'; LIMIT + 1], 413, "body_too_large"),
    ] {
        for sent in [Body::from(body.clone()), unannounced(body.clone())] {
            let response = send(posted("/meta", headers, sent)).await;
            assert_eq!(response.status(), status, "{reason}");
            assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
            let rejection = response.extensions().get::<DeliveryRejection>().unwrap();
            assert_eq!((rejection.reason(), rejection.status()), (reason, status));
            assert_eq!(text(response).await, reason);
        }
    }
    let response = send(posted("/linkedin", &[], BODY)).await;
    let expected = DeliveryRejection::Refused(VerifyError::MissingSignature { provider: Provider::LinkedIn });
    assert_eq!(response.extensions().get(), Some(&expected));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_delivery() {
    let signature = testing::sign_meta(&secret(), BODY);
    let broken = Body::new(Limited::new(unannounced(BODY.to_vec()), 10));
    let response = send(posted("/meta", &[("x-hub-signature-256", &signature)], broken)).await;
    assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::BAD_REQUEST, "interrupted"));
}

#[tokio::test]
async fn the_limit_is_that_of_the_verifier() {
    let body = format!("{{\"t\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
    let signature = testing::sign_linkedin(&secret(), body.as_bytes());
    let request = posted("/linkedin", &[("x-li-signature", &signature)], body);
    let response = router().layer(DefaultBodyLimit::max(10)).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_not_read_on() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router()).await });
    let answers = tokio::task::spawn_blocking(move || {
        let endless = raw(
            address,
            "transfer-encoding: chunked",
            &b"28\r\n{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\r\n".repeat(2),
        );
        let announced = raw(address, "content-length: 1000000000000", b"");
        [endless, announced]
    });
    for answer in answers.await.unwrap() {
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.ends_with("body_too_large"), "{answer}");
    }
    server.abort();
}

/// Sends the head and the beginning of a body, and reads the answer while the body is still open.
fn raw(address: SocketAddr, header: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "POST /meta HTTP/1.1\r\nhost: x\r\n{header}\r\n\r\n").unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 1024];
    while !answer.ends_with(b"body_too_large") {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn challenges_are_answered_as_they_are() {
    let get = |uri: String| send(Request::get(uri).body(Body::empty()).unwrap());
    let response = get(format!("/meta?{}", testing::meta_challenge_query("token", "1158201444"))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(text(response).await, "1158201444");

    let code = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
    let response = get(format!("/linkedin?{}", testing::linkedin_challenge_query(code, None))).await;
    assert_eq!(
        (response.status(), &response.headers()[CONTENT_TYPE]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    assert!(text(response).await.contains(&testing::linkedin_challenge_response(&secret(), code)));

    for (uri, status) in [
        (format!("/meta?{}", testing::meta_challenge_query("guess", "1")), StatusCode::FORBIDDEN),
        ("/meta".to_owned(), StatusCode::BAD_REQUEST),
        ("/linkedin?challengeCode=%7B%7D".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let response = get(uri).await;
        assert_eq!(response.status(), status);
        assert!(response.extensions().get::<ChallengeError>().is_some());
        assert_eq!(text(response).await, "");
    }
}

#[tokio::test]
async fn a_data_deletion_callback_is_answered() {
    let payload = r#"{"algorithm":"HMAC-SHA256","user_id":"1","issued_at":1291836800}"#;
    let response = send(posted("/delete", &[], testing::signed_request_form(&secret(), payload))).await;
    assert_eq!(
        (response.status(), &response.headers()[CONTENT_TYPE]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    assert_eq!(text(response).await, r#"{"url":"https://example.com/d","confirmation_code":"A1"}"#);

    let forged = testing::signed_request_form(&sociogram_webhook_verify::Secret::new("x").unwrap(), payload);
    let response = send(posted("/delete", &[], forged)).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.extensions().get::<SignedRequestError>().unwrap().reason(), "mismatch");
    assert_eq!(text(response).await, "");
}
