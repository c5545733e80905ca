use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::scripted::{client, exchange, line};
use crate::{ErrorClass, ErrorKind, TokenInvalidReason};

async fn info(body: &str) -> TokenInfo {
    exchange(DebugToken::new("INPUT"), body).await.0.unwrap()
}

#[tokio::test]
async fn the_inspected_token_stands_in_the_query_and_only_there() {
    let (_, request) = exchange(DebugToken::new("EAAB x|y"), r#"{"data":{}}"#).await;
    assert_eq!(line(&request), "GET /v26.0/debug_token?input_token=EAAB%20x%7Cy");
    assert_eq!(request.header("authorization"), "Bearer TOKEN");
}

#[tokio::test]
async fn every_field_is_read() {
    let info = info(
        r#"{"data":{"app_id":"138483919580948","type":"USER","application":"Social Cafe","expires_at":1352419328,
            "data_access_expires_at":1360195328,"is_valid":true,"issued_at":1347235328,
            "metadata":{"sso":"iphone-safari"},"scopes":["email","pages_show_list"],
            "granular_scopes":[{"scope":"pages_show_list","target_ids":["1","2"]},{"scope":"email"}],
            "user_id":"1207059","profile_id":55}}"#,
    )
    .await;
    assert_eq!(info.app_id.as_ref().map(AppId::as_str), Some("138483919580948"));
    assert_eq!((info.token_type.clone(), info.is_valid), (Some(TokenType::User), true));
    assert_eq!(info.application.as_deref(), Some("Social Cafe"));
    assert_eq!(info.expires_at, Expiry::At(Timestamp::from_unix_seconds(1_352_419_328)));
    assert_eq!(info.data_access_expires_at, Expiry::At(Timestamp::from_unix_seconds(1_360_195_328)));
    assert_eq!(info.issued_at, Some(Timestamp::from_unix_seconds(1_347_235_328)));
    assert_eq!(info.scopes, ScopeSet::parse("email,pages_show_list"));
    assert_eq!(info.user_id.as_ref().map(UserId::as_str), Some("1207059"));
    assert_eq!(info.profile_id.as_ref().map(PageId::as_str), Some("55"));
    assert_eq!(info.metadata.unwrap().get(), r#"{"sso":"iphone-safari"}"#);
    assert!(info.error.is_none());
}

#[tokio::test]
async fn odd_shapes_cost_only_their_field() {
    let info = info(
        r#"{"data":{"app_id":138483919580948,"type":"NEW_KIND","is_valid":"true","expires_at":"0",
            "data_access_expires_at":0,"scopes":"email","granular_scopes":[{"scope":"a","target_ids":[7,"8"]},5],
            "user_id":{},"issued_at":null}}"#,
    )
    .await;
    assert_eq!(info.app_id.as_ref().map(AppId::as_str), Some("138483919580948"));
    assert_eq!(info.token_type, Some(TokenType::Unknown("NEW_KIND".into())));
    assert!(info.is_valid);
    assert_eq!((info.expires_at, info.data_access_expires_at), (Expiry::Never, Expiry::Never));
    assert!(info.scopes.is_empty());
    assert_eq!(info.granular_scopes.len(), 1);
    assert_eq!(info.granular_scopes[0].target_ids.as_deref(), Some(&["7".to_owned(), "8".to_owned()][..]));
    assert_eq!((info.user_id, info.issued_at), (None, None));
}

#[tokio::test]
async fn what_is_missing_is_unknown() {
    let empty = info(r#"{"data":{}}"#).await;
    assert_eq!((empty.is_valid, empty.expires_at), (false, Expiry::Unknown));
    assert_eq!(empty.data_access_expires_at, Expiry::Never, "tokens without the rule leave it out");
    let nothing = info(r#"{"data":[]}"#).await;
    assert_eq!((nothing.is_valid, nothing.app_id), (false, None));
}

#[tokio::test]
async fn an_invalid_token_is_an_answer_and_not_a_failure() {
    let info = info(
        r#"{"data":{"app_id":"1","is_valid":false,"scopes":[],
            "error":{"code":190,"message":"SEKRET","subcode":463}}}"#,
    )
    .await;
    let error = info.error.unwrap();
    assert_eq!(error.class(), ErrorClass::TokenInvalid(TokenInvalidReason::Expired));
    assert_eq!((error.message(), error.status()), (None, None));
}

#[tokio::test]
async fn granular_consent_limits_a_permission() {
    let info = info(
        r#"{"data":{"is_valid":true,"scopes":["pages_show_list","email","ads_read","none"],
            "granular_scopes":[{"scope":"pages_show_list","target_ids":["1"]},{"scope":"ads_read"},
                {"scope":"none","target_ids":"odd"}]}}"#,
    )
    .await;
    for (scope, target, allowed) in [
        ("pages_show_list", "1", true),
        ("pages_show_list", "2", false),
        ("ads_read", "2", true),
        ("email", "2", true),
        ("pages_manage_posts", "1", false),
        ("none", "1", false),
    ] {
        assert_eq!(info.allows(scope, target), allowed, "{scope} {target}");
    }
}

#[tokio::test]
async fn an_empty_token_is_not_sent() {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(DebugToken::new("")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert_eq!(error.findings()[0].rule(), "token.debug.empty");
}

#[tokio::test]
async fn another_shape_is_a_decode_error_without_content() {
    for body in [r#"{"data":"SEKRET"}"#, r#"{"SEKRET":1}"#, "[]"] {
        let error = exchange(DebugToken::new("INPUT"), body).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(!format!("{error} {error:?}").contains("SEKRET"));
        assert_eq!(error.raw_body(), None);
    }
}
