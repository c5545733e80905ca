use std::collections::BTreeMap;

use sociogram_api_core::{
    Clock, ErrorKind,
    http::{BaseUrl, TransportErrorKind},
    testing::{CapturedLogs, ManualClock, RecordedRequest, ScriptedTransport, canary},
};

use super::*;
use crate::{
    BusinessToken, ClientAuth, Expiry, OAuthErrorClass, ProviderHooks, ProviderId, ProviderMetadata, Refusal,
    StandardHooks,
};

mod answers;
mod secrets;
mod wire;

const REDIRECT: &str = "https://app.example.com/oauth/cb?x=1";
const TOKEN: &str = r#"{"access_token":"new"}"#;

/// The standard's hooks, but a body with `Meta` in it is about the secret.
#[derive(Debug)]
struct TestHooks;

impl ProviderHooks for TestHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        if answer.body.windows(4).any(|window| window == b"Meta") {
            return Refusal::new(OAuthErrorClass::InvalidClient).with_code(Some(1), None);
        }
        StandardHooks::new().refusal(answer)
    }
}

fn hooks() -> Arc<dyn ProviderHooks> {
    Arc::new(TestHooks)
}

fn generic() -> Provider {
    let metadata = ProviderMetadata::new("https://id.example/authorize", "https://id.example/o/token/?p=1")
        .unwrap()
        .with_introspection("https://id.example/introspect")
        .unwrap()
        .with_revocation("https://id.example/revoke")
        .unwrap()
        .with_userinfo("https://api.id.example/userinfo")
        .unwrap();
    Provider::generic(ProviderId::new("example"), metadata).unwrap()
}

struct World {
    clock: ManualClock,
    transport: ScriptedTransport,
}

impl World {
    fn new(script: impl FnOnce(ScriptedTransport) -> ScriptedTransport) -> Self {
        Self { clock: ManualClock::default(), transport: script(ScriptedTransport::new()) }
    }

    fn endpoint(&self, provider: Provider) -> Arc<TokenEndpoint> {
        let secret = (provider.client_auth() != ClientAuth::None).then(|| canary::secret("secret").into());
        self.endpoint_with(provider, Secrets { current: secret, previous: None })
    }

    fn endpoint_with(&self, provider: Provider, secrets: Secrets) -> Arc<TokenEndpoint> {
        let (transport, timer) = (Arc::new(self.transport.clone()), Arc::new(self.clock.clone()));
        Arc::new(TokenEndpoint::new(provider, "app-1".to_owned(), secrets, transport, timer, None).unwrap())
    }

    /// Runs the work while time passes, so that a wait ends and a wrong repetition shows.
    async fn drive<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let work = tokio::spawn(work);
        for _ in 0..1_000 {
            if work.is_finished() {
                return work.await.unwrap();
            }
            self.clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
        panic!("the work did not end within 100 seconds");
    }

    fn only_request(&self) -> RecordedRequest {
        let requests = self.transport.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Names and values, in any order.
fn fields<const N: usize>(fields: [(&str, &str); N]) -> BTreeMap<String, String> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn code() -> AuthorizationCode {
    canary::secret("code").into()
}
