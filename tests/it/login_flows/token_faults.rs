//! What can go wrong at a token endpoint, at both platforms: every case has its own reason, the code is sent once, and
//! nobody is asked anything after it.

use std::time::Duration;

use serde_json::{Value, json};
use sociogram::api_core::ErrorKind;
use sociogram::oauth_core::{
    OAuthClient, OAuthError, Reason, Refresh, RefreshErrorKind, ScopeSet, VerifiedCode, scope,
};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, request};

/// A platform: how it is called, and what it is asked for.
struct Platform {
    client: fn(&Stage) -> OAuthClient,
    scopes: &'static [&'static str],
    yes: &'static str,
    path: &'static str,
    /// The only call that a failed exchange leaves behind.
    exchange: &'static str,
    /// How the platform words a grant that is no good.
    refused: (Option<&'static str>, Option<i64>),
}

const FACEBOOK: Platform = Platform {
    client: Stage::facebook,
    scopes: &[scope::PAGES_SHOW_LIST],
    yes: "continue",
    path: "/oauth/access_token",
    exchange: "POST graph/v26.0/oauth/access_token",
    refused: (Some("OAuthException"), Some(190)),
};

const LINKEDIN: Platform = Platform {
    client: Stage::linkedin,
    scopes: &[scope::OPENID, scope::PROFILE],
    yes: "allow",
    path: "/accessToken",
    exchange: "POST linkedin/oauth/v2/accessToken",
    refused: (Some("invalid_request"), None),
};

impl Platform {
    /// A login whose code has come.
    async fn verified(&self, stage: &Stage, client: &OAuthClient) -> VerifiedCode {
        let started = stage.start(client, request(ScopeSet::from_static(self.scopes))).await;
        let query = stage.decide(&started, self.yes, &[]).await;
        stage.complete(client, &started, &query).await.unwrap()
    }

    /// What a login fails with whose code meets this fault.
    async fn failed(&self, stage: &Stage, fault: Value) -> OAuthError {
        let client = (self.client)(stage);
        let verified = self.verified(stage, &client).await;
        stage.control("faults", &fault).await;
        let mark = stage.mark();
        // A second attempt would wait for its turn: time runs, so that it is seen.
        let error = stage.let_time_run(client.log_in(verified)).await.unwrap_err();
        assert_eq!(stage.calls_since(mark), [self.exchange], "{fault}");
        error
    }

    fn fault(&self, kind: &str, after_effect: bool) -> Value {
        let mut fault = json!({"match": {"path_contains": self.path}, "kind": kind, "times": 9});
        if after_effect {
            fault["after_effect"] = json!(true);
        }
        fault
    }
}

#[tokio::test]
async fn every_bad_answer_has_a_reason_of_its_own_and_costs_one_call() {
    let cases = [
        ("html", Reason::AnswerIsHtml, ErrorKind::Decode),
        ("html_error", Reason::OutcomeUnknown, ErrorKind::InDoubt),
        ("redirect", Reason::Redirected, ErrorKind::Rejected),
        ("endless", Reason::AnswerTooLarge, ErrorKind::InDoubt),
        ("malformed_json", Reason::AnswerNotReadable, ErrorKind::Decode),
        ("error_with_200", Reason::CodeRefused, ErrorKind::Reauthorize),
        ("empty_token", Reason::TokenMissing, ErrorKind::Decode),
        ("server_error", Reason::OutcomeUnknown, ErrorKind::InDoubt),
        ("throttle", Reason::Throttled, ErrorKind::Throttled),
        ("reset", Reason::OutcomeUnknown, ErrorKind::InDoubt),
        ("reset_after_effect", Reason::OutcomeUnknown, ErrorKind::InDoubt),
    ];
    for platform in [FACEBOOK, LINKEDIN] {
        let stage = Stage::new().await;
        for (kind, reason, error_kind) in cases {
            let error = platform.failed(&stage, platform.fault(kind, false)).await;
            assert_eq!(
                (error.reason(), error.kind()),
                (reason, error_kind),
                "{} {kind}: {error}",
                platform.path
            );
            if kind == "error_with_200" {
                assert_eq!((error.error_code(), error.code()), platform.refused, "{error}");
            }
            assert_eq!(error.user_action(), reason.user_action(), "{kind}");
            stage.no_more_faults().await;
        }
        // The provider is well again, and so is the login.
        let client = (platform.client)(&stage);
        let login = stage.log_in(&client, ScopeSet::from_static(platform.scopes)).await;
        assert!(login.scopes.is_complete(), "{}", login.scopes);
        stage.no_violations();
    }
}

#[tokio::test]
async fn a_code_that_took_effect_unseen_is_not_tried_a_second_time() {
    for platform in [FACEBOOK, LINKEDIN] {
        let stage = Stage::new().await;
        for kind in ["html_error", "malformed_json", "server_error", "throttle", "reset"] {
            platform.failed(&stage, platform.fault(kind, true)).await;
            stage.no_more_faults().await;
        }
        stage.no_violations();
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_within_ten_seconds_is_waited_for_no_longer() {
    for platform in [FACEBOOK, LINKEDIN] {
        let stage = Stage::new().await;
        let client = (platform.client)(&stage);
        let verified = platform.verified(&stage, &client).await;
        let mut slow = platform.fault("slow", false);
        slow["ms"] = json!(20_000);
        stage.control("faults", &slow).await;
        let met = async || stage.state().await["faults"][0]["times"] == 8;
        let (outcome, ()) = futures_util::join!(client.log_in(verified), async {
            while !met().await {}
            stage.clock.advance(Duration::from_secs(10));
        });
        let error = outcome.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (Reason::AnswerTimedOut, ErrorKind::InDoubt), "{error}");
        assert!(met().await, "the code went out once");
        stage.no_violations();
    }
}

#[tokio::test]
async fn an_answer_without_an_end_is_good_and_the_end_is_asked_for() {
    for (platform, life) in [(FACEBOOK, META_SIXTY_DAYS), (LINKEDIN, 60 * DAY)] {
        let stage = Stage::new().await;
        let client = (platform.client)(&stage);
        // Both of Facebook's answers: the one to the code and the one of the long-lived exchange.
        stage.control("faults", &platform.fault("no_expiry", false)).await;
        let login = stage.log_in(&client, ScopeSet::from_static(platform.scopes)).await;
        assert_eq!(login.tokens.expiry(), login.facts.unwrap().expiry);
        assert!(stage.ends_in(login.tokens.expiry(), life), "{:?}", login.tokens.expiry());
        stage.no_violations();
    }
}

#[tokio::test]
async fn a_failed_long_lived_exchange_fails_the_login_before_anybody_is_asked() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let verified = FACEBOOK.verified(&stage, &client).await;
    // The first call goes through, the second does not.
    let slow = json!({"match": {"path_contains": FACEBOOK.path}, "kind": "slow", "ms": 0});
    stage.control("faults", &slow).await;
    stage.fault(FACEBOOK.path, "html").await;
    let mark = stage.mark();
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(error.reason(), Reason::AnswerIsHtml);
    assert_eq!(error.user_action(), "start the login again later: the code is used up");
    assert_eq!(stage.calls_since(mark), [FACEBOOK.exchange, FACEBOOK.exchange]);
    stage.no_violations();
}

#[tokio::test]
async fn only_the_platforms_own_word_gives_a_connection_up_at_a_renewal() {
    let cases = [
        ("html", RefreshErrorKind::Transient),
        ("malformed_json", RefreshErrorKind::Transient),
        ("endless", RefreshErrorKind::Transient),
        ("empty_token", RefreshErrorKind::Transient),
        ("redirect", RefreshErrorKind::Misconfigured),
        // What the platforms say of a grant that is dead: with any status it is.
        ("error_with_200", RefreshErrorKind::Revoked),
    ];
    for platform in [FACEBOOK, LINKEDIN] {
        let stage = Stage::new().await;
        let client = (platform.client)(&stage);
        let tokens = stage.log_in(&client, ScopeSet::from_static(platform.scopes)).await.tokens;
        for (kind, expected) in cases {
            stage.control("faults", &platform.fault(kind, false)).await;
            let error = client.refresh(&tokens).await.unwrap_err();
            assert_eq!(error.kind(), expected, "{} {kind}: {error}", platform.path);
            stage.no_more_faults().await;
        }
        // One failure of the platform is not even noticed: nothing is used up by asking again.
        stage.fault(platform.path, "server_error").await;
        let mark = stage.mark();
        stage.let_time_run(client.refresh(&tokens)).await.unwrap();
        assert_eq!(stage.calls_since(mark), [platform.exchange, platform.exchange]);
        stage.no_violations();
    }
}
