//! The fake provider behind a real socket, with a sign-in that wants its cookies back.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body as AxumBody, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
};
use serde_json::{Value, json};
use sociogram::{
    api_core::http::{Body, Limits, Transport},
    oauth_core::ClientAuth,
};
use sociogram_oauth_core::testing::{Decision, FakeApp, FakeProvider};
use tokio::net::TcpListener;
use url::Url;

use super::free_port;

pub(super) const SECRET: &str = "CANARY-secret";

/// What the server is like, and what the person does.
pub(super) struct Plan {
    pub(super) app: FakeApp,
    pub(super) auth: ClientAuth,
    pub(super) decision: Decision,
    /// Whether the person has to sign in on a page.
    pub(super) page: bool,
    /// What its answers do not hold.
    pub(super) hidden: &'static [&'static str],
}

impl Plan {
    /// The person agrees to everything, without seeing a page.
    pub(super) fn new() -> Self {
        Self {
            app: FakeApp::new("app-1").with_secret(SECRET),
            auth: ClientAuth::Body,
            decision: Decision::approve("person-1"),
            page: false,
            hidden: &[],
        }
    }

    /// Serves on a free port until the test ends.
    pub(super) async fn start(self) -> Arc<Server> {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", socket.local_addr().unwrap());
        let callback = format!("http://127.0.0.1:{}/cb", free_port().await);
        let fake = FakeProvider::new(issuer.clone())
            .with_app(self.app.clone().with_redirect_uri(callback.clone()))
            .with_client_auth(self.auth)
            .with_issuer_in_callbacks();
        let server = Arc::new(Server { plan: self, issuer, callback, fake, visits: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&server));
        tokio::spawn(axum::serve(socket, router).into_future());
        server
    }
}

/// A server, and the one app that it knows.
pub(super) struct Server {
    plan: Plan,
    pub(super) issuer: String,
    pub(super) callback: String,
    fake: FakeProvider,
    visits: Mutex<Vec<Url>>,
}

impl Server {
    /// The arguments that every run needs.
    pub(super) fn words(&self) -> Vec<&str> {
        vec!["--issuer", &self.issuer, "--client-id", "app-1", "--redirect-uri", &self.callback]
    }

    pub(super) fn owned_words(&self) -> Vec<String> {
        self.words().into_iter().map(ToOwned::to_owned).collect()
    }

    /// What the person decides at this address, as the address that they are sent back to.
    pub(super) fn approve(&self, address: &str) -> String {
        format!("{}?{}", self.callback, self.fake.authorize(address, self.plan.decision.clone()).unwrap())
    }

    /// The last address the person was sent to.
    pub(super) fn last_visit(&self) -> Url {
        self.visits.lock().unwrap().last().unwrap().clone()
    }

    /// Sends a browser without the sign-in cookie to sign in, and one with it back to the app.
    fn visit(&self, request: &Request) -> Response {
        let address = format!("{}{}", self.issuer, request.uri());
        let cookie = request.headers().get(COOKIE).map_or("", |cookie| cookie.to_str().unwrap());
        if self.plan.page {
            return "Sign in".into_response();
        }
        if !cookie.split("; ").any(|pair| pair == "signed-in=yes") {
            let back = request.uri().query().unwrap_or_default();
            return redirect(&format!("/login/start?{back}"), "ticket=1; HttpOnly");
        }
        self.visits.lock().unwrap().push(Url::parse(&address).unwrap());
        match self.fake.authorize(&address, self.plan.decision.clone()) {
            Ok(query) => redirect(&format!("{}?{query}", self.callback), "signed-in=; Path=/authorize"),
            Err(page) => (StatusCode::BAD_REQUEST, page.to_string()).into_response(),
        }
    }

    /// Where its own endpoints are.
    async fn call(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = Body::Bytes(to_bytes(body, usize::MAX).await.unwrap());
        let answer = self.fake.send(http::Request::from_parts(head, body), &Limits::default()).await.unwrap();
        let (head, body) = answer.into_parts();
        match serde_json::from_slice::<Value>(&body) {
            Ok(Value::Object(mut members)) => {
                if members.contains_key("issuer") {
                    members.insert(
                        "scopes_supported".to_owned(),
                        json!(["openid", "profile", "offline_access"]),
                    );
                }
                members.retain(|name, _| !self.plan.hidden.contains(&&**name));
                let mut head = head;
                head.headers.remove("content-length");
                Response::from_parts(head, AxumBody::from(Value::Object(members).to_string()))
            }
            _ => Response::from_parts(head, AxumBody::from(body)),
        }
    }
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let cookie = request.headers().get(COOKIE).map_or("", |cookie| cookie.to_str().unwrap());
    match request.uri().path() {
        "/authorize" => server.visit(&request),
        // The ticket was given out at the root.
        "/login/start" if cookie == "ticket=1" => {
            let back = request.uri().query().unwrap_or_default();
            redirect(&format!("../authorize?{back}#top"), "signed-in=yes; Path=/authorize; Max-Age=60")
        }
        "/login/start" => StatusCode::FORBIDDEN.into_response(),
        _ => server.call(request).await,
    }
}

fn redirect(to: &str, cookie: &str) -> Response {
    let header = |text: &str| HeaderValue::from_str(text).unwrap();
    (StatusCode::FOUND, [(LOCATION, header(to)), (SET_COOKIE, header(cookie))]).into_response()
}
