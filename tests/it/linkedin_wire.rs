//! What LinkedIn sees of us, to the byte.

use futures_util::TryStreamExt;
use serde_json::json;
use sociogram::api_core::ErrorKind;
use sociogram::api_core::http::BaseUrl;
use sociogram::linkedin_api::organizations::{AclState, ListOrganizationAcls, OrganizationRole};
use sociogram::linkedin_api::posts::{CreatePost, DeletePost, GetPost};
use sociogram::linkedin_api::profile::GetUserInfo;
use sociogram::linkedin_api::{Client, OrganizationUrn, PersonUrn, PostUrn};
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "AQVtoken";

fn client(server: &MockServer) -> Client {
    let base = BaseUrl::parse(&server.uri()).unwrap();
    Client::builder().access_token(TOKEN).base_url(base).build().unwrap()
}

/// Method, target and the headers that matter, as one readable text.
fn head(request: &Request) -> String {
    let target =
        format!("{}{}", request.url.path(), request.url.query().map(|q| format!("?{q}")).unwrap_or_default());
    let names = [
        "authorization",
        "content-type",
        "linkedin-version",
        "x-http-method-override",
        "x-restli-method",
        "x-restli-protocol-version",
    ];
    let headers = names
        .iter()
        .filter_map(|name| Some(format!("\n{name}: {}", request.headers.get(*name)?.to_str().ok()?)));
    format!("{} {target}{}", request.method, headers.collect::<String>())
}

async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

#[tokio::test]
async fn creating_a_post() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/rest/posts"))
        .respond_with(
            ResponseTemplate::new(201).insert_header("x-restli-id", "urn:li:share:7300000000000000001"),
        )
        .mount(&server)
        .await;
    let author: OrganizationUrn = "urn:li:organization:5".parse().unwrap();
    let post = client(&server).send(CreatePost::new(author, "Opening (soon) #not_a_tag")).await.unwrap();
    assert_eq!(post.urn.as_str(), "urn:li:share:7300000000000000001");
    assert_eq!(post.url, "https://www.linkedin.com/feed/update/urn:li:share:7300000000000000001/");

    let request = only_request(&server).await;
    assert_eq!(
        head(&request),
        "POST /rest/posts\nauthorization: Bearer AQVtoken\ncontent-type: application/json\n\
         linkedin-version: 202609\nx-restli-method: create\nx-restli-protocol-version: 2.0.0"
    );
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(),
        json!({
            "author": "urn:li:organization:5",
            "commentary": "Opening \\(soon\\) \\#not\\_a\\_tag",
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": false
        })
    );
}

#[tokio::test]
async fn organizations_come_page_by_page() {
    let server = MockServer::start().await;
    let acl = |id: u32| json!({"role": "ADMINISTRATOR", "state": "APPROVED", "organization": format!("urn:li:organization:{id}")});
    let page = |elements: Vec<serde_json::Value>, start: u32, next: bool| {
        let links = if next {
            json!([{"rel": "next", "href": "/rest/organizationAcls?start=50", "type": "application/json"}])
        } else {
            json!([])
        };
        json!({"elements": elements, "paging": {"start": start, "count": 50, "links": links}})
    };
    Mock::given(method("GET"))
        .and(query_param("start", "0"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page((0..50).map(acl).collect(), 0, true)))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(
            vec![acl(50), json!("no role")],
            50,
            false,
        )))
        .mount(&server)
        .await;
    let endpoint =
        ListOrganizationAcls::new().role(OrganizationRole::Administrator).state(AclState::Approved);
    let all: Vec<_> = client(&server).items(endpoint).try_collect().await.unwrap();
    assert_eq!(all.len(), 51, "the malformed one is set aside");
    let requests = server.received_requests().await.unwrap();
    let queries: Vec<_> = requests.iter().map(|request| request.url.query().unwrap().to_owned()).collect();
    assert_eq!(
        queries,
        [
            "count=50&q=roleAssignee&role=ADMINISTRATOR&start=0&state=APPROVED",
            "count=50&q=roleAssignee&role=ADMINISTRATOR&start=50&state=APPROVED"
        ]
    );
}

#[tokio::test]
async fn keys_in_the_path_are_encoded_once() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "urn:li:share:1"})))
        .mount(&server)
        .await;
    let urn: PostUrn = "urn:li:share:1".parse().unwrap();
    client(&server).send(GetPost::new(urn)).await.unwrap();
    assert_eq!(only_request(&server).await.url.path(), "/rest/posts/urn%3Ali%3Ashare%3A1");
}

#[tokio::test]
async fn deleting_is_repeated_and_profile_has_no_version() {
    let server = MockServer::start().await;
    Mock::given(method("DELETE"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("DELETE"))
        .and(header("x-restli-method", "delete"))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    Mock::given(path("/v2/userinfo"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"sub": "abc", "name": "Ada"})))
        .mount(&server)
        .await;
    let client = client(&server);
    client.send(DeletePost::new("urn:li:share:1".parse::<PostUrn>().unwrap())).await.unwrap();
    let me = client.send(GetUserInfo::new()).await.unwrap();
    assert_eq!(me.sub, "abc");
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 3);
    assert!(!requests[2].headers.contains_key("linkedin-version"));
}

#[tokio::test]
async fn a_duplicate_names_the_post_that_is_there() {
    let server = MockServer::start().await;
    let body = json!({
        "status": 422, "code": "UNPROCESSABLE_ENTITY",
        "message": "Content is a duplicate of urn:li:share:6",
        "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST", "description": "Content is a duplicate of urn:li:share:6"}]}
    });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(422).set_body_json(body).insert_header("x-li-uuid", "AAYuuid"))
        .expect(1)
        .mount(&server)
        .await;
    let author: PersonUrn = "urn:li:person:a".parse().unwrap();
    let error = client(&server).send(CreatePost::new(author, "again")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.existing_post().map(ToString::to_string).as_deref(), Some("urn:li:share:6"));
    assert_eq!(error.request_id(), Some("AAYuuid"));
}

#[tokio::test]
async fn a_refused_post_is_never_sent() {
    let server = MockServer::start().await;
    let author: PersonUrn = "urn:li:person:a".parse().unwrap();
    for text in [String::new(), "  \n".to_owned(), "x".repeat(3001)] {
        let error = client(&server).send(CreatePost::new(author.clone(), text.as_str())).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
        assert!(!error.findings().is_empty());
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
