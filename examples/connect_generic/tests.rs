//! The program against a server in this process.

use std::io::Write;

use sociogram::{
    api_core::http::{Body, Limits, ReqwestTransport, Transport},
    oauth_core::ClientAuth,
};
use sociogram_oauth_core::testing::{Decision, FakeApp};
use tokio::{net::TcpListener, sync::mpsc};

use super::run;
use server::{Plan, SECRET, Server};

mod browser;
mod server;

/// What the program wrote, and its exit status.
struct Outcome {
    out: String,
    err: String,
    status: u8,
}

impl Outcome {
    /// The lines of a login that worked.
    #[track_caller]
    fn lines(&self) -> Vec<&str> {
        assert_eq!((self.err.as_str(), self.status), ("", 0), "{}", self.out);
        self.out.lines().collect()
    }

    /// The one line of a login that failed.
    #[track_caller]
    fn failure(&self) -> &str {
        assert_eq!((self.err.lines().count(), self.status), (1, 1), "{}{}", self.out, self.err);
        self.err.trim_end()
    }
}

/// Runs the program. Whatever it does, it prints no secret.
async fn program(words: &[&str], secret: Option<&str>) -> Outcome {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = words.iter().map(ToString::to_string).collect();
    let status = Box::pin(run(words, secret.map(ToOwned::to_owned), &mut out, &mut err)).await;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let outcome = Outcome { out: text(out), err: text(err), status };
    for secret in ["CANARY", "code=", "code_verifier"] {
        assert!(
            !outcome.out.contains(secret) && !outcome.err.contains(secret),
            "{}{}",
            outcome.out,
            outcome.err
        );
    }
    outcome
}

/// Runs it against the server without a person.
async fn connect(server: &Server, more: &[&str]) -> Outcome {
    let mut words = server.words();
    words.push("--non-interactive");
    words.extend(more);
    program(&words, Some(SECRET)).await
}

#[tokio::test]
async fn a_login_goes_through_every_step() {
    let server = Plan::new().start().await;
    let outcome = connect(&server, &[]).await;
    let expected = [
        format!("discover   {}: PKCE supported, secret in the form", server.issuer),
        format!("listen     {}", server.callback),
        "authorize  following the server's redirects".to_owned(),
        "callback   it belongs to this login and holds a code".to_owned(),
        "exchange   an access token for 3600 s, scopes offline_access openid profile".to_owned(),
        "identity   person-1".to_owned(),
        "introspect the access token is active".to_owned(),
        "refresh    an access token for 3600 s, scopes offline_access openid profile; the refresh token rotated"
            .to_owned(),
        "introspect the access token is active".to_owned(),
        "revoke     the server confirmed it".to_owned(),
        "introspect the access token is not active".to_owned(),
    ];
    assert_eq!(outcome.lines(), expected);
}

#[tokio::test]
async fn what_the_server_lacks_is_skipped() {
    let hidden = &["introspection_endpoint", "revocation_endpoint", "refresh_token"];
    let server = Plan { hidden, ..Plan::new() }.start().await;
    let outcome = connect(&server, &["--scope", "openid"]).await;
    let last = [
        "exchange   an access token for 3600 s, scopes openid",
        "identity   person-1",
        "introspect skipped: the server offers this app no introspection",
        "refresh    skipped: the server gave no refresh token; many want the scope offline_access for it",
        "revoke     skipped: the server offers no revocation",
    ];
    assert_eq!(outcome.lines()[4..], last);
}

#[tokio::test]
async fn an_app_without_a_secret_logs_in_too() {
    let server = Plan { app: FakeApp::new("app-1"), auth: ClientAuth::None, ..Plan::new() }.start().await;
    let mut words = server.words();
    words.push("--non-interactive");
    let outcome = program(&words, None).await;
    assert!(outcome.lines()[0].ends_with("no secret"), "{}", outcome.out);
}

#[tokio::test]
async fn a_person_opens_the_printed_address() {
    let server = Plan::new().start().await;
    let (callback, words) = (server.callback.clone(), server.owned_words());
    let mut running = Running::start(words);
    let address = running.address().await;
    // The browser asks for its icon as well, and a person may come by twice.
    assert_eq!(get(&callback.replace("/cb", "/favicon.ico")).await, 404);
    let back = server.approve(&address);
    assert_eq!(get(&back).await, 200);
    let (status, lines) = running.end().await;
    assert_eq!(
        (status, lines.last().map(String::as_str)),
        (0, Some("introspect the access token is not active"))
    );
}

#[tokio::test]
async fn a_callback_of_another_login_is_refused() {
    let server = Plan::new().start().await;
    let mut running = Running::start(server.owned_words());
    running.address().await;
    assert_eq!(get(&format!("{}?code=forged&state=forged", server.callback)).await, 200);
    let (status, lines) = running.end().await;
    let failure = lines.last().unwrap();
    assert_eq!(status, 1);
    assert!(failure.starts_with("failed: callback: this login is not open any more"), "{failure}");
}

#[tokio::test]
async fn what_fails_is_said_in_one_line() {
    let deny = Plan { decision: Decision::cancel(), ..Plan::new() };
    let other_app = Plan { app: FakeApp::new("app-2"), ..Plan::new() };
    let other_secret = Plan { app: FakeApp::new("app-1").with_secret("another"), ..Plan::new() };
    let page = Plan { page: true, ..Plan::new() };
    for (server, start, end) in [
        (deny, "failed: callback: the person did not agree (access_denied", "when they want it"),
        (other_app, "failed: authorize: http://127.0.0.1:", "without --non-interactive to read the page"),
        (other_secret, "failed: exchange: oauth.exchange_code failed:", "(see --client-auth), or has none"),
        (page, "failed: authorize: http://127.0.0.1:", "run it without --non-interactive and sign in there"),
    ] {
        let server = server.start().await;
        let outcome = connect(&server, &[]).await;
        let failure = outcome.failure();
        assert!(failure.starts_with(start) && failure.ends_with(end), "{failure}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_or_calls_itself_otherwise_is_refused() {
    let server = Plan::new().start().await;
    let nowhere = format!("http://127.0.0.1:{}", free_port().await);
    let slash = format!("{}/", server.issuer);
    for (issuer, start) in [
        (&*nowhere, "failed: discover: oauth.discover failed: the provider could not be reached;"),
        (&*slash, "failed: discover: the provider's metadata cannot be used: it names another issuer"),
        (
            "http://id.example.com",
            "failed: discover: the provider's metadata cannot be used: the issuer is not",
        ),
    ] {
        let outcome = connect(&server, &["--issuer", issuer]).await;
        assert!(outcome.failure().starts_with(start), "{}", outcome.err);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let server = Plan::new().start().await;
    let port = server.callback.rsplit(':').next().unwrap().trim_end_matches("/cb");
    let _taken = TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    let outcome = connect(&server, &[]).await;
    let start = format!("failed: listen: port {port} of the redirect URI cannot be used (address in use)");
    assert!(outcome.failure().starts_with(&start), "{}", outcome.err);
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let server = Plan::new().start().await;
    let mut words = server.words();
    words.extend(["--timeout", "1"]);
    let mut running = Running::start(words.iter().map(ToString::to_string).collect());
    let (status, lines) = running.end().await;
    assert_eq!(status, 1);
    assert!(lines.last().unwrap().starts_with("failed: callback: none came within 1 s;"), "{lines:?}");
}

#[tokio::test]
async fn extra_parameters_are_sent_and_offline_access_asks_for_consent() {
    let server = Plan::new().start().await;
    for (more, expected) in [
        (&["--param", "ui_locales=de"][..], vec![("ui_locales", "de"), ("prompt", "consent")]),
        (&["--param=prompt=login"][..], vec![("prompt", "login")]),
        (&["--scope", "openid"][..], vec![]),
    ] {
        connect(&server, more).await.lines();
        let asked = server.last_visit();
        let query: Vec<_> = asked.query_pairs().collect();
        let sent: Vec<_> =
            query.iter().filter(|(name, _)| ["ui_locales", "prompt"].contains(&&**name)).collect();
        let sent: Vec<_> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(sent, expected);
    }
}

#[tokio::test]
async fn wrong_arguments_are_told_with_the_usage_and_without_their_values() {
    let good =
        ["--issuer", "http://127.0.0.1:1", "--client-id", "a", "--redirect-uri", "http://127.0.0.1:1/cb"];
    for (words, complaint) in [
        (&[][..], "--issuer is missing"),
        (&good[..4], "--redirect-uri is missing"),
        (&[&good[..], &["--client-secrt=CANARY"]].concat(), "unknown option --client-secrt"),
        (&[&good[..], &["CANARY"]].concat(), "an argument is not an option"),
        (&[&good[..], &["--client-secret"]].concat(), "--client-secret needs a value"),
        (&[&good[..], &["--client-auth", "CANARY"]].concat(), "--client-auth is basic or post"),
        (&[&good[..], &["--param", "CANARY"]].concat(), "--param takes NAME=VALUE"),
        (&[&good[..], &["--timeout", "0"]].concat(), "--timeout takes 1 to 600 seconds"),
        (&[&good[..], &["--timeout", "601"]].concat(), "--timeout takes 1 to 600 seconds"),
        (&[&good[..], &["--non-interactive=yes"]].concat(), "unknown option --non-interactive"),
        (&[&good[..], &["--redirect-uri", "http://example.com/cb"]].concat(), "--redirect-uri: "),
        (
            &[&good[..], &["--redirect-uri", "https://example.com/cb"]].concat(),
            "--redirect-uri must lead back",
        ),
        (&[&good[..], &["--redirect-uri", "https://127.0.0.1/cb"]].concat(), "--redirect-uri must lead back"),
    ] {
        let outcome = program(words, None).await;
        assert_eq!((outcome.out.as_str(), outcome.status), ("", 2), "{words:?}");
        assert!(outcome.err.starts_with(complaint) && outcome.err.contains("usage:"), "{}", outcome.err);
    }
    let help = program(&["--help"], None).await;
    assert!(help.out.contains("CONNECT_CLIENT_SECRET") && help.status == 0, "{}", help.out);
}

/// The program while it waits for a person.
struct Running {
    lines: mpsc::UnboundedReceiver<String>,
    status: tokio::task::JoinHandle<u8>,
}

impl Running {
    fn start(words: Vec<String>) -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        let (mut out, mut err) = (Lines(sender.clone()), Lines(sender));
        let status =
            tokio::spawn(
                async move { Box::pin(run(words, Some(SECRET.to_owned()), &mut out, &mut err)).await },
            );
        Self { lines, status }
    }

    /// The address it says to open.
    async fn address(&mut self) -> String {
        loop {
            let line = self.lines.recv().await.expect("the program ended without an address");
            if let Some(address) = line.strip_prefix("authorize  open this address in a browser: ") {
                return address.to_owned();
            }
        }
    }

    async fn end(&mut self) -> (u8, Vec<String>) {
        let status = (&mut self.status).await.unwrap();
        let mut lines = Vec::new();
        while let Some(line) = self.lines.recv().await {
            lines.push(line);
        }
        (status, lines)
    }
}

struct Lines(mpsc::UnboundedSender<String>);

/// `writeln!` may come in pieces, so lines are put together again.
impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for line in String::from_utf8_lossy(bytes).lines().filter(|line| !line.is_empty()) {
            drop(self.0.send(line.to_owned()));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn get(url: &str) -> u16 {
    let request = http::Request::get(url).body(Body::Empty).unwrap();
    ReqwestTransport::new().unwrap().send(request, &Limits::default()).await.unwrap().status().as_u16()
}

async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}
