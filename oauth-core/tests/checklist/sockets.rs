//! A token endpoint on a real socket that does not behave: C21.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sociogram_api_core::{ErrorKind, SystemClock, Timer, http::ReqwestTransport, testing::ManualClock};
use sociogram_oauth_core::{
    CallbackParams, ClientSecret, MemorySessionStore, OAuthClient, OAuthError, Provider, ProviderId,
    ProviderMetadata, Reason, RedirectUri, TokenSet,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

use crate::world::{actor, param, request};

/// What the server does once it has read a request.
#[derive(Clone, Debug)]
enum Deed {
    Redirect(u16, String),
    EndlessChunks,
    EndlessLength,
    EndlessHeaders,
    Silence,
    HalfAnAnswer,
    HangUp,
}

/// A server for one sort of deed; counts what it sees.
struct Server {
    base: String,
    connections: Arc<AtomicUsize>,
    /// Bytes that the client let it send.
    sent: Arc<AtomicUsize>,
    asked: Arc<Notify>,
    work: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl Server {
    async fn start(deed: Deed) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (connections, sent, asked) = (Arc::default(), Arc::default(), Arc::new(Notify::new()));
        let server = (Arc::clone(&connections), Arc::clone(&sent), Arc::clone(&asked));
        let work = tokio::spawn(async move {
            let (connections, sent, asked): (Arc<AtomicUsize>, Arc<AtomicUsize>, Arc<Notify>) = server;
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                if read_request(&mut stream).await.is_ok() {
                    asked.notify_one();
                    // The client hangs up in the middle; that is what is hoped for.
                    let _ = answer(&mut stream, &deed, &sent).await;
                }
            }
        });
        Self { base, connections, sent, asked, work }
    }

    fn client(&self, clock: &ManualClock) -> OAuthClient {
        let endpoint = |path: &str| format!("{}{path}", self.base);
        let metadata = ProviderMetadata::new(&endpoint("/authorize"), &endpoint("/token")).unwrap();
        OAuthClient::builder(Provider::generic(ProviderId::new("raw"), metadata).unwrap(), "app-1")
            .client_secret(ClientSecret::new("s3cret"))
            .redirect_uri(RedirectUri::parse("https://app.example.com/cb").unwrap())
            .transport(Arc::new(ReqwestTransport::new().unwrap()))
            .sessions(Arc::new(MemorySessionStore::new()))
            .timer(Arc::new(clock.clone()))
            .build()
            .unwrap()
    }

    /// Trades a code; `clock` says by how much time passes once the server has read the request.
    async fn exchange(&self, passes: Duration) -> Result<TokenSet, OAuthError> {
        let clock = ManualClock::default();
        let client = self.client(&clock);
        let started = client.start(request()).await.unwrap();
        let callback = format!("code=c&state={}", param(started.url.as_str(), "state"));
        let callback = CallbackParams::parse(&callback).unwrap();
        let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
        let time = async {
            self.asked.notified().await;
            clock.advance(passes);
            // Real time, so that a client that waits for ever fails instead of hanging.
            SystemClock::new().sleep(Duration::from_secs(20)).await;
        };
        tokio::select! {
            result = client.exchange(verified) => result,
            () = time => panic!("the client still waits"),
        }
    }
}

/// Up to the end of the body; what it says does not matter.
async fn read_request(stream: &mut TcpStream) -> io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse().unwrap() {
            return Ok(());
        }
    }
}

async fn answer(stream: &mut TcpStream, deed: &Deed, sent: &AtomicUsize) -> io::Result<()> {
    const FILL: [u8; 1024] = [b'x'; 1024];
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    match deed {
        Deed::Redirect(status, to) => {
            let text = format!("HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(text.as_bytes()).await
        }
        Deed::EndlessChunks => {
            stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).await?;
            loop {
                stream.write_all(b"400\r\n").await?;
                stream.write_all(&FILL).await?;
                stream.write_all(b"\r\n").await?;
                sent.fetch_add(FILL.len(), Ordering::SeqCst);
            }
        }
        Deed::EndlessLength => {
            stream.write_all(format!("{head}Content-Length: 99999999999\r\n\r\n").as_bytes()).await?;
            loop {
                stream.write_all(&FILL).await?;
                sent.fetch_add(FILL.len(), Ordering::SeqCst);
            }
        }
        Deed::EndlessHeaders => {
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(b"X-More: ").await?;
                stream.write_all(&FILL).await?;
                stream.write_all(b"\r\n").await?;
                sent.fetch_add(FILL.len(), Ordering::SeqCst);
            }
        }
        Deed::Silence => std::future::pending().await,
        Deed::HalfAnAnswer => {
            let half = format!("{head}Content-Length: 100\r\n\r\n{{\"access_token\":\"t");
            stream.write_all(half.as_bytes()).await?;
            std::future::pending().await
        }
        Deed::HangUp => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c21_ssrf_by_endpoints() {
    // A redirect is not followed, neither to another server nor with the code posted again.
    let target = Server::start(Deed::Silence).await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start(Deed::Redirect(status, format!("{}/metadata", target.base))).await;
        let error = server.exchange(Duration::ZERO).await.unwrap_err();
        assert_eq!((error.reason(), error.status()), (Reason::Redirected, Some(status)));
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    }
    assert_eq!(target.connections.load(Ordering::SeqCst), 0);

    // An answer without end: reading stops at 64 KiB, give or take what lies in the sockets' buffers.
    for deed in [Deed::EndlessChunks, Deed::EndlessLength] {
        let server = Server::start(deed.clone()).await;
        let error = server.exchange(Duration::ZERO).await.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (Reason::AnswerTooLarge, ErrorKind::InDoubt), "{deed:?}");
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < 16 * 1024 * 1024, "{deed:?}: the client took {sent} bytes");
        assert_eq!(server.connections.load(Ordering::SeqCst), 1, "{deed:?}");
    }
    let server = Server::start(Deed::EndlessHeaders).await;
    let error = server.exchange(Duration::ZERO).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::OutcomeUnknown, ErrorKind::InDoubt));
    assert!(server.sent.load(Ordering::SeqCst) < 16 * 1024 * 1024);

    // Ten seconds for the whole answer, not for its first byte.
    for deed in [Deed::Silence, Deed::HalfAnAnswer] {
        let server = Server::start(deed.clone()).await;
        let error = server.exchange(Duration::from_secs(10)).await.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (Reason::AnswerTimedOut, ErrorKind::InDoubt), "{deed:?}");
        assert_eq!(server.connections.load(Ordering::SeqCst), 1, "{deed:?}");
    }
    let server = Server::start(Deed::HangUp).await;
    assert_eq!(server.exchange(Duration::ZERO).await.unwrap_err().reason(), Reason::OutcomeUnknown);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn c21_endpoints_are_checked() {
    for endpoint in [
        "",
        "/token",
        "http://as.example/token",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "gopher://as.example/",
        "https://user:pass@as.example/token",
        "https://as.example/token#fragment",
    ] {
        let error = ProviderMetadata::new("https://as.example/authorize", endpoint).unwrap_err();
        assert_eq!(error.reason(), Reason::MetadataInvalid, "{endpoint:?}");
        let error = ProviderMetadata::new(endpoint, "https://as.example/token").unwrap_err();
        assert_eq!(error.reason(), Reason::MetadataInvalid, "{endpoint:?}");
    }
    // What an issuer publishes must not lead to this machine, and must be the issuer's own.
    let document = |issuer: &str, token: &str| {
        serde_json::json!({
            "issuer": issuer, "authorization_endpoint": "https://as.example/authorize", "token_endpoint": token,
        })
        .to_string()
    };
    let good = document("https://as.example", "https://as.example/token");
    assert!(ProviderMetadata::parse("https://as.example", good.as_bytes()).is_ok());
    for bad in [
        document("https://as.example", "http://127.0.0.1:8080/token"),
        document("https://as.example", "http://as.example/token"),
        document("https://evil.example", "https://as.example/token"),
        document("https://as.example/", "https://as.example/token"),
    ] {
        let error = ProviderMetadata::parse("https://as.example", bad.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), Reason::MetadataInvalid, "{bad}");
    }
}
