//! A flow's client, clock and transport, for tests.

use std::sync::Arc;
use std::time::Duration;

use sociogram_api_core::Progress;
use sociogram_api_core::http::BaseUrl;
use sociogram_api_core::testing::{ManualClock, RecordedRequest, ScriptedTransport};

use super::UploadError;
use crate::urn::OrganizationUrn;
use crate::{Client, RetryPolicy};

pub(super) struct Bench {
    pub(super) client: Client,
    pub(super) clock: ManualClock,
    transport: ScriptedTransport,
}

impl Bench {
    pub(super) fn new(transport: &ScriptedTransport) -> Self {
        Self::at("https://api.linkedin.com", transport)
    }

    /// With another base URL.
    pub(super) fn at(base: &str, transport: &ScriptedTransport) -> Self {
        let clock = ManualClock::default();
        let client = Client::builder()
            .access_token("token")
            .base_url(BaseUrl::parse(base).unwrap())
            .transport(Arc::new(transport.clone()))
            .timer(Arc::new(clock.clone()))
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        Self { client, clock, transport: transport.clone() }
    }

    /// What was sent: method, URL, whose it was and the body.
    pub(super) fn sent(&self) -> Vec<String> {
        let show = |request: &RecordedRequest| {
            let of = if request.header("authorization") == "Bearer token" { "bearer" } else { "nobody" };
            assert_eq!(request.headers.contains_key("authorization"), of == "bearer");
            let api = request.uri.path().starts_with("/rest/");
            for name in ["linkedin-version", "x-restli-protocol-version"] {
                assert_eq!(request.headers.contains_key(name), api, "{name} {}", request.uri);
            }
            assert!(api || request.header("content-length") == request.body.len().to_string());
            assert!(!request.headers.contains_key("transfer-encoding"));
            let body = if request.body.len() > 500 { "(long)" } else { request.text() };
            format!("{} {} {of} {body}", request.method, request.uri).trim_end().to_owned()
        };
        self.transport.requests().iter().map(show).collect()
    }
}

pub(super) fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

pub(super) trait Script {
    fn status(self, status: &str) -> Self;
    fn refused(self, status: u16) -> Self;
    fn missing(self) -> Self;
}

impl Script for ScriptedTransport {
    fn status(self, status: &str) -> Self {
        self.json(format!(r#"{{"status":"{status}"}}"#))
    }

    /// As the hosts of files refuse: without JSON.
    fn refused(self, status: u16) -> Self {
        self.respond(status, &[("content-type", "text/html")], "<html>no</html>")
    }

    fn missing(self) -> Self {
        self.respond(404, &[], r#"{"status":404,"message":"Not found"}"#)
    }
}

/// Goes on until it is done or fails, moving the clock; gives the seconds it waited, too.
macro_rules! finish {
    ($bench:expr, $flow:expr, $source:expr) => {{
        let (mut waits, mut steps): (Vec<f64>, u32) = (Vec::new(), 0);
        let flow = &mut $flow;
        loop {
            match $crate::uploads::scripted::wait(flow.advance(&$bench.client, $source).await) {
                Ok(Ok(wait)) => {
                    if let Some(wait) = wait {
                        $bench.clock.advance(wait);
                        waits.push(wait.as_secs_f64());
                    }
                }
                Ok(Err(done)) => break (Ok(done), waits),
                Err(error) => break (Err(error), waits),
            }
            steps += 1;
            assert!(steps < 100, "it never ends");
        }
    }};
}
pub(super) use finish;

/// How long to wait, or what came out.
pub(super) fn wait<T>(
    progress: Result<Progress<T>, UploadError>,
) -> Result<Result<Option<Duration>, T>, UploadError> {
    Ok(match progress? {
        Progress::Done(done) => Err(done),
        Progress::Wait(wait) => Ok(Some(wait)),
        Progress::Again => Ok(None),
    })
}

/// What another process would go on with.
pub(super) fn reload<F: serde::Serialize + serde::de::DeserializeOwned>(flow: &F) -> F {
    serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap()
}
