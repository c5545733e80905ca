//! Everything that can go wrong, each once: what happened, what it is called, and what it must not tell.

use std::sync::Arc;

use sociogram_api_core::testing::canary;
use sociogram_oauth_core::{
    OAuthClient, OAuthError, Reason, StartRequest,
    testing::{Decision, ServerEndpoint},
};

use crate::world::{Browser, PERSON, RecordingStore, World, param, request};

pub(crate) mod answers;
pub(crate) mod callbacks;
pub(crate) mod checks;
pub(crate) mod own;

/// One thing that went wrong.
pub(crate) struct Case {
    pub(crate) what: String,
    pub(crate) expected: Reason,
    pub(crate) reason: Reason,
    /// What the person reads.
    pub(crate) message: String,
    pub(crate) advice: &'static str,
    /// Everything that the error and its causes can print.
    pub(crate) printed: String,
    /// How often a code reached the token endpoint.
    pub(crate) codes_sent: usize,
    /// How many logins are open afterwards.
    pub(crate) open: usize,
    /// How many times something was put into the store.
    pub(crate) puts: usize,
    /// What must not be printed, besides whatever holds the mark of a canary.
    pub(crate) secrets: Vec<String>,
}

/// A login whose person is back, with a code that holds a canary.
pub(crate) struct Login {
    pub(crate) world: World,
    pub(crate) client: OAuthClient,
    pub(crate) browser: Browser,
    pub(crate) url: String,
    pub(crate) query: String,
}

impl Login {
    pub(crate) async fn new() -> Self {
        Self::in_world(World::new()).await
    }

    pub(crate) async fn in_world(world: World) -> Self {
        let client = world.client().await;
        Self::with(world, client, request(), Decision::approve(PERSON)).await
    }

    pub(crate) async fn with(
        world: World,
        client: OAuthClient,
        request: StartRequest,
        decision: Decision,
    ) -> Self {
        let mut browser = Browser::default();
        let url = browser.start(&client, request).await;
        let query = world.server.authorize(&url, decision).unwrap();
        Self { world, client, browser, url, query }
    }

    pub(crate) fn state(&self) -> String {
        param(&self.url, "state")
    }

    pub(crate) fn case(&self, what: impl Into<String>, expected: Reason, error: &OAuthError) -> Case {
        let binder = self.browser.binder(&self.client).map(|binder| binder.expose().to_owned());
        let calls = self.world.server.requests_to(ServerEndpoint::Token);
        let codes: Vec<_> =
            calls.iter().filter(|call| call.field("grant_type") == "authorization_code").collect();
        let verifiers = codes.iter().map(|call| call.field("code_verifier"));
        let secrets = [self.state(), param(&self.url, "nonce"), canary::secret("secret")];
        Case {
            secrets: secrets
                .into_iter()
                .chain(binder)
                .chain(verifiers)
                .filter(|text| !text.is_empty())
                .collect(),
            codes_sent: codes.len(),
            ..Case::alone(what, expected, error, &self.world.sessions)
        }
    }
}

impl Case {
    /// One without a login.
    pub(crate) fn alone(
        what: impl Into<String>,
        expected: Reason,
        error: &OAuthError,
        sessions: &Arc<RecordingStore>,
    ) -> Self {
        Self {
            what: what.into(),
            expected,
            reason: error.reason(),
            message: error.to_string(),
            advice: error.user_action(),
            printed: canary::printed(error),
            codes_sent: 0,
            open: sessions.open(),
            puts: sessions.puts.lock().unwrap().len(),
            secrets: Vec::new(),
        }
    }
}
