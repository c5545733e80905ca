//! The provider, in the process of the test, and the line to it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::poll;
use serde_json::{Value, json};
use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_oauth_core::{Expiry, Refresh as _, RefreshError, RefreshToken, Rotation, TokenKind, TokenSet};
use sociogram_token_vault::testing::{Call, ScriptedRefresh};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// Answers refreshes over TCP: one line of JSON asks; `heard` says that the books are written, then comes the answer.
pub(crate) struct ProviderServer {
    pub(crate) address: SocketAddr,
    books: Arc<Books>,
    accepting: AbortHandle,
}

struct Books {
    scripted: Arc<ScriptedRefresh>,
    /// Who has which access token.
    people: Mutex<HashMap<String, String>>,
    /// How often each was asked for.
    calls: Mutex<HashMap<String, usize>>,
}

impl ProviderServer {
    pub(crate) async fn start(rotation: Rotation) -> ProviderServer {
        let scripted = ScriptedRefresh::new(rotation, Arc::new(SystemClock::new()));
        // So that a token is good by a clock that is an hour late or early.
        scripted.set_life(Duration::from_secs(24 * 3600));
        let books = Arc::new(Books { scripted, people: Mutex::default(), calls: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = tokio::spawn(accept(listener, Arc::clone(&books))).abort_handle();
        ProviderServer { address, books, accepting }
    }

    pub(crate) fn log_in(&self, person: &str) -> TokenSet {
        let tokens = self.books.scripted.log_in(TokenKind::Generic, person);
        self.books.belongs_to(&tokens, person);
        tokens
    }

    /// The same books without a network in between. Its calls are in [`calls`](Self::calls) only.
    pub(crate) fn line(&self) -> Arc<ScriptedRefresh> {
        Arc::clone(&self.books.scripted)
    }

    pub(crate) fn set_latency(&self, latency: Duration) {
        self.books.scripted.set_latency(latency);
    }

    /// Writes its books and keeps the answers back.
    pub(crate) fn hold(&self) {
        self.books.scripted.hold();
    }

    pub(crate) fn let_go(&self) {
        self.books.scripted.let_go();
    }

    pub(crate) async fn has_arrived(&self, calls: usize) {
        self.books.scripted.has_arrived(Call::Refresh, calls).await;
    }

    pub(crate) fn calls(&self) -> usize {
        self.books.scripted.calls(Call::Refresh)
    }

    /// How many grants it has withdrawn because a refresh token came twice.
    pub(crate) fn reused(&self) -> usize {
        self.books.scripted.reused()
    }

    /// How often it was asked over the network for each person that it was asked for.
    pub(crate) fn calls_by_person(&self) -> HashMap<String, usize> {
        self.books.calls.lock().unwrap().clone()
    }
}

impl Drop for ProviderServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Books {
    fn belongs_to(&self, tokens: &TokenSet, person: &str) {
        let access = tokens.access().expose().to_owned();
        self.people.lock().unwrap().insert(access, person.to_owned());
    }

    fn person(&self, access: &str) -> String {
        self.people.lock().unwrap().get(access).cloned().unwrap_or_default()
    }
}

async fn accept(listener: TcpListener, books: Arc<Books>) {
    while let Ok((stream, _)) = listener.accept().await {
        let books = Arc::clone(&books);
        // Whoever asked may be gone by the time of the answer.
        tokio::spawn(async move { answer(stream, &books).await.ok() });
    }
}

async fn answer(stream: TcpStream, books: &Books) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut request = String::new();
    stream.read_line(&mut request).await?;
    let request: Value = serde_json::from_str(&request)?;
    let (access, refresh) = (request["access"].as_str().unwrap(), request["refresh"].as_str().unwrap());
    let person = books.person(access);
    *books.calls.lock().unwrap().entry(person.clone()).or_default() += 1;

    let current =
        TokenSet::new(access.into(), TokenKind::Generic).with_refresh(refresh.into(), Expiry::Unknown);
    let mut refreshing = Box::pin(books.scripted.refresh(&current));
    let at_once = poll!(&mut refreshing);
    stream.write_all(b"heard\n").await?;
    let outcome = match at_once {
        std::task::Poll::Ready(outcome) => outcome,
        std::task::Poll::Pending => refreshing.await,
    };
    // The books are the provider's even where nobody hears of it.
    if let Ok(tokens) = &outcome {
        books.belongs_to(tokens, &person);
    }
    stream.write_all(format!("{}\n", described(&outcome)).as_bytes()).await
}

fn described(outcome: &Result<TokenSet, RefreshError>) -> Value {
    match outcome {
        Ok(tokens) => json!({
            "access": tokens.access().expose(),
            "refresh": tokens.refresh().map(RefreshToken::expose),
            "ends_at_ms": tokens.expiry().at().map(sociogram_api_core::Timestamp::as_unix_millis),
            "issued_at_ms": tokens.issued_at().map(sociogram_api_core::Timestamp::as_unix_millis),
        }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

/// Waits in real time: the other processes do as well.
pub(crate) async fn pause(time: Duration) {
    SystemClock::new().sleep(time).await;
}
