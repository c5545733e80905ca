//! Canary secrets through every error path, at trace level, with the logs of all libraries: zero hits.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Once};
use std::time::Duration;

use sociogram::api_core::http::{BaseUrl, ReqwestTransport, RetryPolicy, Timeouts, Transport};
use sociogram::api_core::testing::{CapturedLogs, canary};
use sociogram::linkedin_api::posts::CreatePost as CreateLinkedInPost;
use sociogram::linkedin_api::{self, PersonUrn};
use sociogram::meta_graph::debug_token::DebugToken;
use sociogram::meta_graph::pages::{CreatePagePost, ListAccounts};
use sociogram::meta_graph::{self, PageId};
use sociogram::oauth_core::{
    Actor, CallbackParams, ClientSecret, MemorySessionStore, OAuthClient, RedirectUri, ScopeSet,
    StartRequest, TenantId, TokenKind, TokenSet,
};
use sociogram::token_vault::{Account, AuditQuery, DataKeys, LocalKeys, MemoryStore, NewConnection, Vault};

use crate::support::fault_server::{FaultServer, Step, closed_port};

/// Everything that was printable on the way, and that it held no canary.
#[derive(Default)]
struct Printed {
    text: String,
    printed: u32,
}

impl Printed {
    fn error(&mut self, error: &(dyn Error + 'static)) {
        self.text.push_str(&canary::printed(error));
        self.printed += 1;
    }

    fn debug(&mut self, value: &dyn Debug) {
        let _ = writeln!(self.text, "{value:?}\n{value:#?}");
        self.printed += 1;
    }

    #[track_caller]
    fn assert_clean(self, logs: &CapturedLogs) {
        let text = self.text + &logs.text();
        assert_eq!(canary::leaks(&text), Vec::<String>::new());
        assert!(self.printed > 5, "something was really printed");
    }
}

/// Collects what the libraries below log too; they use the `log` facade.
fn capture() -> CapturedLogs {
    static BRIDGE: Once = Once::new();
    BRIDGE.call_once(|| tracing_log::LogTracer::init().unwrap());
    CapturedLogs::start()
}

/// Failures of every sort; the answers quote secrets, as providers do.
fn faults() -> Vec<Step> {
    vec![
        Step::Reset,
        Step::Cut,
        Step::Hang,
        Step::Answer(200, "", "<html>CANARYbodyCANARY"),
        Step::Answer(200, "", r#"{"data":{"access_token":"CANARYbodyCANARY"}}"#),
        Step::Answer(200, "", r#"{"access_token":7,"x":"CANARYbodyCANARY"}"#),
        Step::Answer(302, "location: http://127.0.0.1:9/?t=CANARYheaderCANARY\r\n", ""),
        Step::Answer(
            400,
            "",
            r#"{"error":{"message":"Bad token CANARYbodyCANARY","code":100,"fbtrace_id":"T"}}"#,
        ),
        Step::Answer(401, "", r#"{"error":{"message":"CANARYbodyCANARY","code":190,"error_subcode":463}}"#),
        Step::Answer(
            401,
            "",
            r#"{"status":401,"serviceErrorCode":65600,"code":"INVALID_ACCESS_TOKEN","message":"CANARYbodyCANARY"}"#,
        ),
        Step::Answer(400, "", r#"{"error":"invalid_request","error_description":"CANARYbodyCANARY"}"#),
        Step::Answer(429, "x-secret: CANARYheaderCANARY\r\n", r#"{"message":"CANARYbodyCANARY"}"#),
        Step::Answer(503, "", "CANARYbodyCANARY"),
    ]
}

fn timeouts() -> Timeouts {
    Timeouts::new(Duration::from_millis(150), Duration::from_secs(2))
}

fn retry() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(2))
}

fn graph(url: &str) -> meta_graph::Client {
    meta_graph::Client::builder()
        .access_token(canary::secret("token"))
        .app_secret(canary::secret("secret"))
        .base_url(BaseUrl::parse(url).unwrap())
        .timeouts(timeouts())
        .retry(retry())
        .build()
        .unwrap()
}

fn linkedin(url: &str) -> linkedin_api::Client {
    linkedin_api::Client::builder()
        .access_token(canary::secret("token"))
        .base_url(BaseUrl::parse(url).unwrap())
        .timeouts(timeouts())
        .retry(retry())
        .build()
        .unwrap()
}

async fn urls(faults: impl IntoIterator<Item = Step>) -> Vec<String> {
    let mut urls = vec![closed_port().await];
    for step in faults {
        urls.push(FaultServer::start([step.clone(), step.clone(), step]).await.url());
    }
    urls
}

#[tokio::test]
async fn the_clients() {
    let logs = capture();
    let mut printed = Printed::default();
    for url in urls(faults()).await {
        let client = graph(&url);
        printed.debug(&client);
        let page: PageId = "1".parse().unwrap();
        let post = CreatePagePost::new(page).message(canary::secret("text"));
        printed.error(&client.send(post).await.unwrap_err());
        let inspected = canary::secret("inspected");
        match client.send(DebugToken::new(inspected.as_str())).await {
            Ok(info) => printed.debug(&info),
            Err(error) => printed.error(&error),
        }
        match client.send(ListAccounts::new()).await {
            Ok(page) => printed.debug(&page),
            Err(error) => printed.error(&error),
        }
        let client = linkedin(&url);
        printed.debug(&client);
        let author: PersonUrn = "urn:li:person:a".parse().unwrap();
        let text = canary::secret("text");
        printed.error(&client.send(CreateLinkedInPost::new(author, text.as_str())).await.unwrap_err());
    }
    assert!(logs.text().contains("starting new connection"), "the libraries below are listened to");
    printed.assert_clean(&logs);
}

#[tokio::test]
async fn the_login() {
    let logs = capture();
    let mut printed = Printed::default();
    // The token endpoint's own timeout is ten seconds; a silent server is covered by the clients' test.
    let answers = faults().into_iter().filter(|step| !matches!(step, Step::Hang));
    for url in urls(answers).await {
        let base = BaseUrl::parse(&url).unwrap();
        let app = meta_graph::AppId::from(7);
        let providers = [
            meta_graph::oauth::facebook(&graph(&url), app, canary::secret("app-secret").into()),
            linkedin_api::oauth::linkedin(&linkedin(&url)),
        ];
        for provider in providers {
            let provider = provider.with_authorize_base(&base).with_token_base(&base);
            let transport: Arc<dyn Transport> = Arc::new(ReqwestTransport::new().unwrap());
            let redirect = RedirectUri::parse("http://127.0.0.1:9/callback").unwrap();
            let client = OAuthClient::builder(provider, "app")
                .client_secret(ClientSecret::new(canary::secret("secret")))
                .redirect_uri(redirect)
                .transport(transport)
                .sessions(Arc::new(MemorySessionStore::new()))
                .insecure_loopback_cookie()
                .build()
                .unwrap();
            printed.debug(&client);
            let actor = Actor::new(TenantId::from_bytes([1; 16]), "ada");
            let started = client.start(StartRequest::new(actor.clone(), ScopeSet::new())).await.unwrap();
            printed.debug(&started);
            let state = started.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
            let query = format!("code={}&state={state}", canary::secret("code"));
            let callback = CallbackParams::parse(&query).unwrap();
            printed.debug(&callback);
            let verified = client.complete(callback, &started.binder, &actor).await.unwrap();
            printed.debug(&verified);
            match client.log_in(verified).await {
                Ok(login) => printed.debug(&login),
                Err(error) => printed.error(&error),
            }
        }
    }
    printed.assert_clean(&logs);
}

#[tokio::test]
async fn the_vault() {
    let logs = capture();
    let mut printed = Printed::default();
    let store = Arc::new(MemoryStore::new());
    let keys = DataKeys::new(Arc::new(LocalKeys::generate().unwrap()), store.clone());
    let vault = Vault::builder(store.clone(), keys).build().unwrap();
    let tenant = TenantId::from_bytes([1; 16]);
    let tokens = TokenSet::new(canary::secret("token").into(), TokenKind::MetaPage);
    let account = Account::new(sociogram::oauth_core::ProviderId::FACEBOOK, "app", "user");
    let connection = vault.connect(NewConnection::new(tenant, account), &tokens).await.unwrap();
    let resolved = vault.resolve(tenant, connection.id).await.unwrap();
    assert!(resolved.token.expose().contains("CANARY"), "the canary was really planted");
    printed.debug(&resolved);
    printed.debug(&tokens);
    printed.debug(&vault);
    printed.debug(&store);
    let health = vault.health(tenant, connection.id).await.unwrap();
    printed.debug(&serde_json::to_string(&health).unwrap());
    printed.debug(&serde_json::to_string(&vault.system_health().await).unwrap());
    printed.debug(&vault.audit(tenant, AuditQuery::latest(10)).await.unwrap());
    let worker = vault.worker(store.clone()).build().unwrap();
    printed.debug(&worker);
    printed.debug(&worker.tick().await.unwrap());
    let stranger = TenantId::from_bytes([2; 16]);
    printed.error(&vault.resolve(stranger, connection.id).await.unwrap_err());
    vault.disconnect(tenant, connection.id).await.unwrap();
    printed.error(&vault.resolve(tenant, connection.id).await.unwrap_err());
    let bad_keys = [canary::secret("key"), format!("{},", "0".repeat(64)), String::new()];
    for text in bad_keys {
        printed.error(&LocalKeys::parse(&text).unwrap_err());
    }
    printed.assert_clean(&logs);
}
