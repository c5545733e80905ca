use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{CoreError, Quiet, TransportErrorKind};
use sociogram_api_core::testing::{ScriptedTransport, canary};

use super::*;
use crate::profile::GetUserInfo;
use crate::{Client, LinkedInError, RetryPolicy};

async fn failed(transport: ScriptedTransport) -> OAuthError {
    let client = Client::builder()
        .access_token("token")
        .transport(Arc::new(transport))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    oauth_error(client.send(Quiet(GetUserInfo::new())).await.unwrap_err())
}

async fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> OAuthError {
    let answers =
        (0..2).fold(ScriptedTransport::new(), |script, _| script.respond(status, headers, body.to_owned()));
    failed(answers).await
}

#[tokio::test]
async fn kind_codes_advice_and_the_time_to_wait_stay() {
    let body = r#"{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN","message":"expired"}"#;
    let error = refused(401, &[("x-li-uuid", "AAYX")], body).await;
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(
        error.to_string(),
        "linkedin.userinfo.get failed: the token is not accepted (status 401, code 65602)"
    );
    assert_eq!((error.status(), error.request_id()), (Some(401), Some("AAYX")));
    assert_eq!(error.user_action(), ErrorKind::Reauthorize.user_action());

    let body = r#"{"status":403,"message":"Not enough permissions to access: userinfo.GET.NO_VERSION"}"#;
    let error = refused(403, &[], body).await;
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(error.user_action(), "the token lacks the scopes openid and profile");

    let error = refused(429, &[("retry-after", "170")], r#"{"status":429}"#).await;
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Throttled, Some(Duration::from_secs(170))));
    assert_eq!(refused(503, &[], "<html>").await.kind(), ErrorKind::Server);

    let error = failed(ScriptedTransport::new().fail(TransportErrorKind::Connect)).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connect, None));
    assert_eq!(error.to_string(), format!("linkedin.userinfo.get failed: {}", ErrorKind::Connect));
}

#[tokio::test]
async fn a_refused_token_says_why_the_member_must_log_in_again() {
    for (status, code, reason) in [
        (401, 65_600, Some(ReauthReason::TokenRejected)),
        (401, 65_601, Some(ReauthReason::GrantRevoked)),
        (401, 65_602, Some(ReauthReason::GrantExpired)),
        (401, 65_604, None),
        (403, 100, None),
        (429, 101, None),
    ] {
        let error =
            refused(status, &[], &format!(r#"{{"serviceErrorCode":{code},"status":{status}}}"#)).await;
        assert_eq!(error.reauth_reason(), reason, "{status} {code}");
    }
}

#[tokio::test]
async fn nothing_of_linkedins_answer_is_kept() {
    for (status, body) in [
        (
            400,
            r#"{"message":"CANARY","errorDetails":{"inputErrors":[{"description":"CANARY"}],"x":"CANARY"}}"#,
        ),
        (400, r#"{"error":"invalid_request","error_description":"CANARY"}"#),
        (500, "CANARYhtml"),
        (200, r#"{"CANARY":1,"email":"CANARY"}"#),
    ] {
        let error = refused(status, &[], body).await;
        assert_eq!(canary::leaks(&canary::printed(&error)), [""; 0], "{body}");
        let core: &CoreError = error.source().unwrap().downcast_ref().unwrap();
        assert_eq!(core.raw_body(), None);
        let told = core.provider_fault().and_then(|fault| fault.downcast_detail::<LinkedInError>());
        assert_eq!(told.is_some(), status != 200);
        let texts = |told: &LinkedInError| {
            let inputs = told.input_errors().iter().any(|input| input.description().is_some());
            told.message().is_some() || told.details().is_some() || inputs
        };
        assert!(!told.is_some_and(texts), "{body}");
    }
}
