//! What is sent, to the byte.

use futures_util::{StreamExt, TryStreamExt};
use http::Method;
use sociogram_api_core::http::Cursor;
use sociogram_api_core::testing::RecordedRequest;

use super::*;
use crate::organizations::{AclState, ListOrganizationAcls, OrganizationRole};
use crate::posts::{CreatePost, DeletePost, GetPost, ViewContext, Visibility};
use crate::profile::GetUserInfo;
use crate::{LittleText, OrganizationUrn, PostUrn};

const EMPTY_PAGE: &str = r#"{"elements":[],"paging":{"start":0,"count":10,"links":[]}}"#;

fn only(transport: &ScriptedTransport) -> RecordedRequest {
    let requests = transport.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().unwrap()
}

fn post_urn() -> PostUrn {
    PostUrn::parse("urn:li:share:7300000000000000000").unwrap()
}

#[tokio::test]
async fn a_finder_carries_all_protocol_headers() {
    let transport = ScriptedTransport::new().json(EMPTY_PAGE);
    let list = ListOrganizationAcls::new().role(OrganizationRole::Administrator).state(AclState::Approved);
    client(&transport).send(list).await.unwrap();
    let request = only(&transport);
    assert_eq!(request.method, Method::GET);
    assert_eq!(
        request.uri.to_string(),
        "https://api.linkedin.com/rest/organizationAcls?count=50&q=roleAssignee&role=ADMINISTRATOR&start=0&state=APPROVED"
    );
    assert_eq!(request.header("linkedin-version"), "202609");
    assert_eq!(request.header("x-restli-protocol-version"), "2.0.0");
    assert_eq!(request.header("x-restli-method"), "finder");
    assert_eq!(request.header("accept"), "application/json");
    assert_eq!(request.header("authorization"), format!("Bearer {}", canary::secret("TOKEN")));
    assert!(request.headers["authorization"].is_sensitive());
    assert!(request.header("user-agent").starts_with("sociogram/"));
    assert!(!request.headers.contains_key("x-http-method-override"));
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_post_is_written_as_documented() {
    let transport =
        ScriptedTransport::new().respond(201, &[("x-restli-id", "urn:li:share:7300000000000000000")], "");
    let page = OrganizationUrn::from_id("5").unwrap();
    let text = LittleText::text("Hi (all) ").mention("Devtestco", page.clone()).then(" ").hashtag("rust");
    let post = CreatePost::new(page, text).visibility(Visibility::LoggedIn).disable_reshare();
    let created = client(&transport).send(post).await.unwrap();
    assert_eq!(created.urn, post_urn());
    assert_eq!(created.url, "https://www.linkedin.com/feed/update/urn:li:share:7300000000000000000/");
    let request = only(&transport);
    assert_eq!(request.method, Method::POST);
    assert_eq!(request.uri.to_string(), "https://api.linkedin.com/rest/posts");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("x-restli-method"), "create");
    assert_eq!(
        request.text(),
        concat!(
            r#"{"author":"urn:li:organization:5","#,
            r#""commentary":"Hi \\(all\\) @[Devtestco](urn:li:organization:5) {hashtag|\\#|rust}","#,
            r#""visibility":"LOGGED_IN","distribution":{"feedDistribution":"MAIN_FEED","targetEntities":[],"#,
            r#""thirdPartyDistributionChannels":[]},"lifecycleState":"PUBLISHED","isReshareDisabledByAuthor":true}"#
        )
    );
}

#[tokio::test]
async fn the_new_id_is_found_wherever_it_is() {
    for (headers, body) in [
        (vec![("x-restli-id", "urn%3Ali%3Ashare%3A7")], ""),
        (vec![("x-linkedin-id", "urn:li:share:7")], ""),
        (vec![("x-restli-id", ""), ("location", "/posts/urn%3Ali%3Ashare%3A7")], ""),
        (vec![("location", "https://api.linkedin.com/rest/posts/urn%3Ali%3Ashare%3A7?x=1")], ""),
        (vec![], r#"{"id":"urn:li:share:7"}"#),
    ] {
        let transport = ScriptedTransport::new().respond(201, &headers, body);
        let created = client(&transport).send(CreatePost::new(person(), "hi")).await.unwrap();
        assert_eq!(created.urn.as_str(), "urn:li:share:7", "{headers:?}");
    }
}

#[tokio::test]
async fn urns_in_paths_are_encoded_once() {
    let transport =
        ScriptedTransport::new().json(r#"{"id":"urn:li:share:7300000000000000000"}"#).respond(204, &[], "");
    let client = client(&transport);
    client.send(GetPost::new(post_urn()).view(ViewContext::Author)).await.unwrap();
    client.send(DeletePost::new(post_urn())).await.unwrap();
    let requests = transport.requests();
    let url = "https://api.linkedin.com/rest/posts/urn%3Ali%3Ashare%3A7300000000000000000";
    assert_eq!(requests[0].uri.to_string(), format!("{url}?viewContext=AUTHOR"));
    assert_eq!(requests[0].header("x-restli-method"), "get");
    assert_eq!(requests[1].uri.to_string(), url);
    assert_eq!(requests[1].method, Method::DELETE);
    assert_eq!(requests[1].header("x-restli-method"), "delete");
}

#[tokio::test]
async fn userinfo_has_no_version() {
    let transport =
        ScriptedTransport::new().json(r#"{"sub":"782bbtaQ","locale":{"language":"en","country":"US"}}"#);
    let info = client(&transport).send(GetUserInfo::new()).await.unwrap();
    assert_eq!(info.person_urn().unwrap(), person());
    let request = only(&transport);
    assert_eq!(request.uri.to_string(), "https://api.linkedin.com/v2/userinfo");
    assert!(!request.headers.contains_key("linkedin-version"));
}

#[tokio::test]
async fn the_version_is_a_setting_of_client_and_call() {
    let transport = ScriptedTransport::new().json(EMPTY_PAGE).json(EMPTY_PAGE);
    let client = client(&transport).with_version("202607.01".parse().unwrap());
    client.send(ListOrganizationAcls::new()).await.unwrap();
    client.send(ListOrganizationAcls::new()).with("202608".parse::<ApiVersion>().unwrap()).await.unwrap();
    let versions: Vec<_> =
        transport.requests().iter().map(|request| request.header("linkedin-version").to_owned()).collect();
    assert_eq!(versions, ["202607.01", "202608"]);
}

#[tokio::test]
async fn another_base_gets_the_whole_path() {
    let transport = ScriptedTransport::new().json(EMPTY_PAGE);
    let base = BaseUrl::parse("http://127.0.0.1:8080/linkedin").unwrap();
    builder(&transport).base_url(base).build().unwrap().send(ListOrganizationAcls::new()).await.unwrap();
    assert!(
        only(&transport).uri.to_string().starts_with("http://127.0.0.1:8080/linkedin/rest/organizationAcls?")
    );
}

#[tokio::test]
async fn pages_follow_the_offsets_and_keep_going_over_bad_items() {
    let transport = ScriptedTransport::new()
        .json(
            r#"{"elements":[{"organization":"urn:li:organization:1","role":"NEW_ROLE"},7],
                "paging":{"start":0,"count":2147483647,"total":-1,"links":[{"rel":"next","href":"/rest/organizationAcls?count=2&start=2"}]}}"#,
        )
        .json(r#"{"elements":[],"paging":{"links":[{"rel":"next","href":"/rest/organizationAcls?count=2&start=4"}]}}"#)
        .json(r#"{"elements":[{"organization":"urn:li:organization:3"}],"paging":{"links":[]}}"#);
    let list = ListOrganizationAcls::new().count(2);
    let pages: Vec<_> = client(&transport).pages(list.clone()).try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(pages[0].malformed.len(), 1);
    assert_eq!(pages[0].items[0].role, Some(OrganizationRole::Unknown("NEW_ROLE".into())));
    let starts: Vec<_> = transport
        .requests()
        .iter()
        .map(|request| request.uri.query().unwrap().replace("count=2&q=roleAssignee&start=", ""))
        .collect();
    assert_eq!(starts, ["0", "2", "4"]);

    let transport = ScriptedTransport::new()
        .json(r#"{"elements":[{"organization":"urn:li:organization:1"},{"organization":"urn:li:organization:2"}]}"#)
        .json(r#"{"elements":[{"organization":"urn:li:organization:3"}]}"#);
    let all: Vec<_> = client(&transport).items(list).map(Result::unwrap).collect().await;
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn what_linkedin_would_refuse_is_not_sent() {
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    let page = OrganizationUrn::from_id("5").unwrap();
    for (post, rule) in [
        (CreatePost::new(person(), " \n"), "linkedin.post.empty"),
        (CreatePost::new(person(), "😀".repeat(1501)), "linkedin.post.length"),
        (CreatePost::new(person(), LittleText::text("x").hashtag("a b")), "little_text.hashtag"),
        (CreatePost::new(page, "x").visibility(Visibility::Connections), "linkedin.post.visibility"),
    ] {
        let error = client.send(post).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(error.findings()[0].rule(), rule);
    }
    let bad_page = ListOrganizationAcls::new().count(0);
    assert_eq!(client.send(bad_page).await.unwrap_err().findings()[0].rule(), "linkedin.paging.count");
    let bad_cursor = ListEndpoint::after(ListOrganizationAcls::new(), &Cursor::new("x"));
    assert_eq!(client.send(bad_cursor).await.unwrap_err().findings()[0].rule(), "linkedin.paging.cursor");
    assert!(transport.requests().is_empty());

    let findings = CreatePost::new(person(), "(".repeat(1501)).check();
    assert_eq!(findings[0].rule(), "linkedin.post.escaped_length");
    assert_eq!(InvalidRequest::from_findings(findings), None, "a warning lets it pass");
    assert!(CreatePost::new(person(), "😀".repeat(1500)).check().is_empty());
}
