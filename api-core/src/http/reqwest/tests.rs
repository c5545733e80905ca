use std::error::Error as _;
use std::io;
use std::sync::Arc;

use ::http::{Method, Request};
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::http::{BodySource, BodyStream};

/// Serves one connection with `serve` and gives its address.
async fn serve<F, Fut>(serve: F) -> String
where
    F: FnOnce(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream).await;
    });
    format!("http://{address}")
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let length =
            text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length.unwrap_or(0)) {
            return text;
        }
        assert!(n > 0, "the client went away");
    }
}

async fn answer(stream: &mut TcpStream, answer: &str) {
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

async fn get(url: &str, max: usize) -> Result<::http::Response<Bytes>, TransportError> {
    let request = Request::builder().method(Method::GET).uri(url).body(Body::Empty).unwrap();
    ReqwestTransport::new().unwrap().send(request, &Limits::new(max)).await
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_compressed_bytes_stay_compressed() {
    let url = serve(|mut stream| async move {
        let request = read_request(&mut stream).await;
        assert!(!request.to_lowercase().contains("accept-encoding"), "{request}");
        answer(&mut stream, "HTTP/1.1 302 Found\r\nlocation: http://evil.example/\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nraw").await;
    })
    .await;
    let response = get(&url, 100).await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(response.body(), "raw");
}

#[tokio::test]
async fn the_url_arrives_as_written() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let url = serve(|mut stream| async move {
        let _ = sender.send(read_request(&mut stream).await);
        answer(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    })
    .await;
    let path = "/rest/(actor:urn%3Ali%3Aperson%3Aa,entity:x)?ids=List((a:b),%27%27)&q=%2B";
    get(&format!("{url}{path}"), 100).await.unwrap();
    assert!(receiver.await.unwrap().starts_with(&format!("GET {path} HTTP/1.1\r\n")));
}

#[tokio::test]
async fn a_url_that_would_be_rewritten_is_not_sent() {
    let error = get("http://127.0.0.1:1/?a=''", 100).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::NotSent);
}

#[tokio::test]
async fn faults_are_told_apart() {
    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/?token=SEKRET", refused.local_addr().unwrap());
    drop(refused);
    let error = get(&closed, 100).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let printed = format!("{error} {error:?} {:?}", error.source());
    assert!(!printed.contains("SEKRET"), "{printed}");

    let reset = serve(|mut stream| async move { drop(read_request(&mut stream).await) }).await;
    assert_eq!(get(&reset, 100).await.unwrap_err().kind(), TransportErrorKind::Interrupted);

    let cut = serve(|mut stream| async move {
        read_request(&mut stream).await;
        answer(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nonly this").await;
    })
    .await;
    assert_eq!(get(&cut, 100).await.unwrap_err().kind(), TransportErrorKind::Interrupted);
}

#[tokio::test]
async fn an_answer_over_the_cap_is_not_read_to_the_end() {
    let announced = serve(|mut stream| async move {
        read_request(&mut stream).await;
        answer(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n").await;
    })
    .await;
    assert_eq!(get(&announced, 100).await.unwrap_err().kind(), TransportErrorKind::TooLarge);

    let endless = serve(|mut stream| async move {
        read_request(&mut stream).await;
        answer(&mut stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
        while stream.write_all(chunk.as_bytes()).await.is_ok() {}
    })
    .await;
    assert_eq!(get(&endless, 100 * 1024).await.unwrap_err().kind(), TransportErrorKind::TooLarge);

    let exact = serve(|mut stream| async move {
        read_request(&mut stream).await;
        answer(&mut stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n").await;
        answer(&mut stream, "3\r\ncde\r\n0\r\n\r\n").await;
    })
    .await;
    assert_eq!(get(&exact, 5).await.unwrap().body(), "abcde");
}

#[derive(Debug)]
struct Letters;

impl BodySource for Letters {
    fn open(&self) -> BodyStream {
        Box::pin(stream::iter(
            ["ab", "cd"].map(|chunk| Ok::<_, io::Error>(Bytes::from_static(chunk.as_bytes()))),
        ))
    }

    fn len(&self) -> Option<u64> {
        Some(4)
    }
}

#[tokio::test]
async fn a_stream_is_sent_with_its_length() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let url = serve(|mut stream| async move {
        let _ = sender.send(read_request(&mut stream).await);
        answer(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    })
    .await;
    let body = Body::Stream(Arc::new(Letters));
    let request =
        Request::builder().method(Method::PUT).uri(url).header("content-length", "4").body(body).unwrap();
    ReqwestTransport::new().unwrap().send(request, &Limits::default()).await.unwrap();
    let request = receiver.await.unwrap().to_lowercase();
    assert!(request.ends_with("\r\n\r\nabcd") && request.contains("content-length: 4"), "{request}");
    assert!(!request.contains("chunked"), "{request}");
}
