use super::*;
use crate::ErrorKind;
use crate::scripted::{client, error_body, exchange, line};
use sociogram_api_core::testing::ScriptedTransport;

#[tokio::test]
async fn asks_for_the_default_fields_of_whoever_it_is() {
    let (page, request) = exchange(ListAccounts::default(), r#"{"data":[]}"#).await;
    assert_eq!(
        line(&request),
        "GET /v26.0/me/accounts?fields=id%2Cname%2Cusername%2Ccategory%2Ctasks%2Caccess_token"
    );
    assert!(page.unwrap().next.is_none());
    let other = ListAccounts::new().of(&UserId::from(9)).fields("id,business{id}").limit(100);
    let (_, request) = exchange(other, r#"{"data":[]}"#).await;
    assert_eq!(line(&request), "GET /v26.0/9/accounts?fields=id%2Cbusiness%7Bid%7D&limit=100");
}

#[tokio::test]
async fn accounts_are_read_leniently_and_hide_their_token() {
    let (page, _) = exchange(
        ListAccounts::new(),
        r#"{"data":[{"id":1,"name":"Cafe","tasks":["MANAGE","PROFILE_PLUS_NEW",7],"access_token":"SEKRET",
            "instagram_business_account":{"id":"17841","username":"cafe"},"business":{"name":"no id"}},
            {"id":"2","access_token":"","name":5,"tasks":null}]}"#,
    )
    .await;
    let page = page.unwrap();
    let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((first.id.as_str(), first.name.as_deref()), ("1", Some("Cafe")));
    assert_eq!(first.tasks, [PageTask::Manage, PageTask::Unknown("PROFILE_PLUS_NEW".into())]);
    assert_eq!(first.access_token.as_ref().map(AccessToken::expose), Some("SEKRET"));
    assert_eq!(first.instagram_business_account.as_ref().unwrap().id.as_str(), "17841");
    assert_eq!(first.business, None, "without its id it is no use");
    assert!(second.access_token.is_none() && second.name.is_none() && second.tasks.is_empty());
    assert!(!format!("{page:?}").contains("SEKRET"));
}

#[tokio::test]
async fn details_may_have_odd_shapes() {
    let (page, _) = exchange(
        ListAssignedPages::new(UserId::from(9)),
        r#"{"data":[{"id":"1","fan_count":"12","followers_count":-1,"is_published":"true",
            "category_list":[{"id":2347428775505624,"name":"Cafe"},5],"picture":{"data":{"url":"https://x/y","width":50}},
            "verification_status":"gold","user_access_expire_time":"2026-01-02T03:04:05+0000"},
            {"id":"2","picture":{"url":"no data"},"verification_status":null}]}"#,
    )
    .await;
    let page = page.unwrap();
    let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((first.fan_count, first.followers_count, first.is_published), (Some(12), None, Some(true)));
    assert_eq!(first.category_list.len(), 1);
    assert_eq!(first.category_list[0].id.as_deref(), Some("2347428775505624"));
    assert_eq!(first.picture.as_ref().unwrap().width, Some(50));
    assert_eq!(first.verification_status, Some(PageVerification::Unknown("gold".into())));
    assert_eq!(first.user_access_expire_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
    assert_eq!((&second.picture, &second.verification_status), (&None, &None));
}

#[tokio::test]
async fn no_error_keeps_an_answer_that_may_hold_tokens() {
    let transport = ScriptedTransport::new().json(r#"{"data":{"access_token":"SEKRET"}}"#);
    let error = client(&transport).send(ListAssignedPages::new(9)).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Decode, None));
    let transport = ScriptedTransport::new().respond(400, &[], error_body(100, 0));
    let error = client(&transport).send(ListAccounts::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Invalid, None));
}

#[tokio::test]
async fn a_page_of_the_list_holds_a_hundred_at_most() {
    let transport = ScriptedTransport::new();
    for error in [
        client(&transport).send(ListAccounts::new().limit(101)).await.unwrap_err(),
        client(&transport).send(ListAssignedPages::new(9).limit(0)).await.unwrap_err(),
    ] {
        assert_eq!(error.findings()[0].rule(), "list.limit");
    }
    assert!(transport.requests().is_empty());
}
