use sociogram_api_core::{
    http::Limits,
    testing::{ManualClock, canary},
};

use super::*;

mod grants;
mod pages;
mod trouble;
mod vault;

const ISSUER: &str = "https://as.example";
const REDIRECT: &str = "https://app.example.com/cb?x=1";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A server with two apps and a clock that stands still.
struct Bench {
    server: FakeProvider,
    clock: ManualClock,
}

impl Bench {
    fn new(set: impl FnOnce(FakeProvider) -> FakeProvider) -> Self {
        let clock = ManualClock::default();
        let app = |id: &str| FakeApp::new(id).with_secret("s3cret").with_redirect_uri(REDIRECT);
        let server = FakeProvider::new(ISSUER)
            .with_app(app("app-1").with_secret("new"))
            .with_app(app("app-2"))
            .with_timer(Arc::new(clock.clone()));
        Self { server: set(server), clock }
    }

    fn plain() -> Self {
        Self::new(|server| server)
    }

    /// A code for app-1, with the challenge of appendix B.
    fn code(&self, scope: &str) -> String {
        self.code_for(&[("scope", scope), ("code_challenge", CHALLENGE), ("code_challenge_method", "S256")])
    }

    fn code_for(&self, more: &[(&str, &str)]) -> String {
        let query = self.server.authorize(&url(more), Decision::approve("person-1")).unwrap();
        field(&query, "code").unwrap_or_else(|| panic!("no code: {query}"))
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(format!("{ISSUER}{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await.unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Result<(u16, Value), TransportErrorKind> {
        let answer =
            self.server.send(request, &Limits::new(64 * 1024)).await.map_err(|error| error.kind())?;
        Ok((answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default()))
    }

    /// Trades a code as app-1 with everything in order, but for the changed fields; an empty one is left out.
    async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let mut fields = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("client_id", "app-1"),
            ("client_secret", "s3cret"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ]);
        fields.extend(changes.iter().copied());
        fields.retain(|_, value| !value.is_empty());
        self.post("/token", &fields.into_iter().collect::<Vec<_>>()).await
    }

    async fn login(&self, scope: &str) -> Value {
        let (status, tokens) = self.redeem(&self.code(scope), &[]).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    async fn refresh(&self, refresh: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", "app-1"),
            ("client_secret", "new"),
            ("refresh_token", refresh),
        ];
        self.post("/token", &fields).await
    }
}

/// An authorization URL of app-1; fields given twice are there twice.
fn url(more: &[(&str, &str)]) -> String {
    let mut url = url::Url::parse(&format!("{ISSUER}/authorize")).unwrap();
    let mut fields = vec![("response_type", "code"), ("client_id", "app-1"), ("redirect_uri", REDIRECT)];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    url.query_pairs_mut().extend_pairs(fields).extend_pairs(more).append_pair("state", "st");
    url.into()
}

fn field(query: &str, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(query.as_bytes()).filter(|(field, _)| field == name);
    fields.next().map(|(_, value)| value.into_owned())
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
