//! Calls of a login, and what becomes of their errors.

use std::fmt::Write as _;
use std::sync::Arc;

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{OAuthError, ReauthReason, TokenSource};

use super::reauth_reason;
use crate::client::Client;
use crate::error::Error;
use crate::error_class::ErrorClass;
use crate::host::GraphHost;

/// The client with these tokens, unless it calls another API: there the token would be refused as a bad one, and
/// the login would be given up for a mistake in the settings.
pub(super) fn acting_with(
    client: &Client,
    host: GraphHost,
    tokens: Arc<dyn TokenSource>,
) -> Result<Client, OAuthError> {
    if client.host() == host {
        return Ok(client.with_token(tokens));
    }
    let (has, needs) = (client.host().base_url(), host.base_url());
    Err(OAuthError::new(
        ErrorKind::Misconfigured,
        format!("the client of the hooks calls {has} instead of {needs}"),
    )
    .with_action("build the client with `ClientBuilder::host`"))
}

/// The error of a [`Quiet`](sociogram_api_core::http::Quiet) call as one of the login: kind, numbers, advice, status,
/// request id, the time to wait and why the person must log in again stay. Meta's texts are not in it, because the
/// call kept none.
pub(super) fn oauth_error(error: Error) -> OAuthError {
    let reason = error.api().and_then(reauth_reason::read);
    let told = told_as(judged(&error), error);
    match reason {
        Some(reason) => told.with_reauth_reason(reason),
        None => told,
    }
}

/// The error of a call that asks about somebody else's token: a refused token is the one of the asker then, which
/// stands in the settings, and the person need not log in again.
pub(super) fn oauth_error_of_asker(error: Error) -> OAuthError {
    match judged(&error) {
        ErrorKind::Reauthorize => told_as(ErrorKind::Misconfigured, error)
            .with_action("check the app id and secret, or the tester's token, that the hooks were given"),
        kind => told_as(kind, error),
    }
}

/// The error of a call that asks for the token of a Page: one that is hidden from the parent is out of its reach.
pub(super) fn oauth_error_of_page(error: Error) -> OAuthError {
    let hidden = error.class() == Some(ErrorClass::NotFoundOrHidden) && is_known(&error);
    if !hidden {
        return oauth_error(error);
    }
    told_as(ErrorKind::Permission, error)
        .with_action("have the person's role on the Page restored, or connect someone who has one")
        .with_reauth_reason(ReauthReason::PermissionsLost)
}

/// Whether Meta said it by a number that is in the table. A status may be that of a proxy.
fn is_known(error: &Error) -> bool {
    error.api().is_none_or(|told| told.meaning().is_some())
}

/// The kind, as far as it may be laid on the person.
fn judged(error: &Error) -> ErrorKind {
    match (error.kind(), error.class()) {
        (_, Some(ErrorClass::CapabilityMissing)) => ErrorKind::Misconfigured,
        (ErrorKind::Reauthorize | ErrorKind::Permission, _) if !is_known(error) => ErrorKind::Rejected,
        (kind, _) => kind,
    }
}

fn told_as(kind: ErrorKind, error: Error) -> OAuthError {
    let mut message = format!("{} failed: {kind}", error.operation());
    let mut facts = Vec::new();
    facts.extend(error.status().map(|status| format!("status {status}")));
    facts.extend(error.code().map(|code| format!("code {code}")));
    facts.extend(error.subcode().map(|subcode| format!("subcode {subcode}")));
    if !facts.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(message, " ({})", facts.join(", "));
    }
    let action =
        if kind == error.kind() || is_known(&error) { error.user_action() } else { kind.user_action() };
    OAuthError::new(kind, message).with_action(action).with_source(error.into_core())
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::time::Duration;

    use sociogram_api_core::http::{CoreError, Quiet};
    use sociogram_api_core::testing::{ScriptedTransport, canary};

    use super::*;
    use crate::me::GetMe;
    use crate::scripted::client;
    use crate::{ErrorClass, GraphError, TokenInvalidReason};

    async fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> OAuthError {
        let transport = (0..3)
            .fold(ScriptedTransport::new(), |script, _| script.respond(status, headers, body.to_owned()));
        oauth_error(client(&transport).send(Quiet(GetMe::new())).await.unwrap_err())
    }

    #[tokio::test(start_paused = true)]
    async fn kind_numbers_advice_and_the_time_to_wait_stay() {
        let body = crate::scripted::error_body(190, 459);
        let error = refused(400, &[], &body).await;
        assert_eq!(error.kind(), ErrorKind::Reauthorize);
        assert_eq!(
            error.to_string(),
            "user.read failed: the token is not accepted (status 400, code 190, subcode 459)"
        );
        let checkpoint = ErrorClass::TokenInvalid(TokenInvalidReason::Checkpoint);
        assert_eq!(error.user_action(), checkpoint.advice());
        assert_eq!(error.reauth_reason(), Some(ReauthReason::Checkpoint));
        assert_eq!((error.status(), error.request_id()), (Some(400), Some("AbC1")));

        let body = crate::scripted::error_body(4, 0);
        let error = refused(400, &[("retry-after", "170")], &body).await;
        assert_eq!(
            (error.kind(), error.retry_after()),
            (ErrorKind::Throttled, Some(Duration::from_secs(170)))
        );
        let error = refused(503, &[], "<html>").await;
        assert_eq!(error.kind(), ErrorKind::Server);
    }

    #[tokio::test]
    async fn what_is_not_the_persons_matter_is_not_laid_on_the_person() {
        for (status, body, kind) in [
            (401, "<html>".to_owned(), ErrorKind::Rejected),
            (403, "<html>".to_owned(), ErrorKind::Rejected),
            (404, "<html>".to_owned(), ErrorKind::NotFound),
            (400, crate::scripted::error_body(3, 0), ErrorKind::Misconfigured),
            (400, crate::scripted::error_body(101, 0), ErrorKind::Misconfigured),
        ] {
            let error = refused(status, &[], &body).await;
            assert_eq!((error.kind(), error.reauth_reason()), (kind, None), "{status} {body}");
        }
        let error = refused(401, &[], "<html>").await;
        assert_eq!(error.user_action(), ErrorKind::Rejected.user_action());
    }

    #[tokio::test]
    async fn a_refused_asker_is_a_matter_of_the_settings() {
        for (code, kind) in [(190, ErrorKind::Misconfigured), (200, ErrorKind::Permission)] {
            let transport = (0..2).fold(ScriptedTransport::new(), |script, _| {
                script.respond(400, &[], crate::scripted::error_body(code, 0))
            });
            let error = client(&transport).send(Quiet(GetMe::new())).await.unwrap_err();
            let error = oauth_error_of_asker(error);
            assert_eq!((error.kind(), error.status()), (kind, Some(400)), "{code}");
            assert_eq!(error.reauth_reason(), None, "{code}");
            assert!(error.to_string().contains(&format!("code {code}")), "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_of_metas_answer_is_kept() {
        for (status, body) in [
            (400, r#"{"error":{"message":"Malformed token CANARY","code":190,"error_user_msg":"CANARY"}}"#),
            (500, "CANARYhtml"),
            (200, r#"{"CANARY":1}"#),
        ] {
            let error = refused(status, &[], body).await;
            assert_eq!(canary::leaks(&canary::printed(&error)), [""; 0]);
            let core: &CoreError = error.source().unwrap().downcast_ref().unwrap();
            assert_eq!(core.raw_body(), None);
            let told = core.provider_fault().and_then(|fault| fault.downcast_detail::<GraphError>());
            assert!(told.is_none_or(|told| told.message().is_none() && told.user_message().is_none()));
        }
    }
}
