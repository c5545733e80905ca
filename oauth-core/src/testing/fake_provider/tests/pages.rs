//! What the person's browser sees.

use super::*;

#[test]
fn whoever_cannot_be_sent_back_gets_an_error_page() {
    let server = Bench::plain().server;
    for (url, what) in [
        ("nonsense".to_owned(), "not a URL"),
        (url(&[]).replace("as.example", "evil.example"), "another server"),
        (url(&[("client_id", "app-9")]), "app is not known"),
        (url(&[("redirect_uri", "https://app.example.com/cb")]), "redirect URI"),
        (url(&[("redirect_uri", "https://app.example.com/cb?x=1&y=2")]), "redirect URI"),
        (url(&[("state", "a"), ("state", "b")]), "twice"),
    ] {
        let page = server.authorize(&url, Decision::approve("p")).unwrap_err();
        assert!(page.to_string().contains(what), "{url}: {page}");
    }
}

#[test]
fn an_error_goes_back_through_the_browser_with_the_state() {
    let required = Bench::new(|server| server.with_pkce(PkceSupport::Required)).server;
    let optional = Bench::plain().server;
    let pkce = |method| [("code_challenge", CHALLENGE), ("code_challenge_method", method)];
    for (server, more, decision, error) in [
        (&optional, vec![], Decision::cancel(), "access_denied"),
        (&optional, vec![], Decision::fail("server_error"), "server_error"),
        (&optional, vec![("response_type", "token")], Decision::approve("p"), "unsupported_response_type"),
        (&optional, pkce("plain").to_vec(), Decision::approve("p"), "invalid_request"),
        (&optional, vec![("code_challenge", CHALLENGE)], Decision::approve("p"), "invalid_request"),
        (
            &optional,
            vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
            Decision::approve("p"),
            "invalid_request",
        ),
        (&required, vec![], Decision::approve("p"), "invalid_request"),
    ] {
        let query = server.authorize(&url(&more), decision).unwrap();
        assert_eq!(field(&query, "error").as_deref(), Some(error), "{query}");
        assert_eq!(field(&query, "state").as_deref(), Some("st"), "{query}");
        assert_eq!(field(&query, "code"), None, "{query}");
    }
    assert!(
        field(&required.authorize(&url(&pkce("S256")), Decision::approve("p")).unwrap(), "code").is_some()
    );
}

#[test]
fn the_issuer_is_named_only_where_it_is_announced() {
    for (server, issuer) in [
        (Bench::plain().server, None),
        (Bench::new(FakeProvider::with_issuer_in_callbacks).server, Some(ISSUER)),
    ] {
        for decision in [Decision::approve("p"), Decision::cancel()] {
            let query = server.authorize(&url(&[]), decision).unwrap();
            assert_eq!(field(&query, "iss").as_deref(), issuer);
        }
    }
}

#[tokio::test]
async fn the_metadata_say_what_the_server_does() {
    let bench = Bench::new(|server| {
        server
            .with_client_auth(ClientAuth::Basic)
            .with_pkce(PkceSupport::Unsupported)
            .with_issuer_in_callbacks()
    });
    let get = |path: &str| Request::get(format!("{ISSUER}{path}")).body(Body::default()).unwrap();
    let (status, metadata) = bench.send(get("/.well-known/openid-configuration")).await.unwrap();
    assert_eq!((status, metadata["issuer"].as_str()), (200, Some(ISSUER)));
    assert_eq!(metadata["token_endpoint"], "https://as.example/token");
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], serde_json::json!(["client_secret_basic"]));
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!([]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert_eq!(bench.send(get("/.well-known/oauth-authorization-server")).await.unwrap().1, metadata);
    assert_eq!(bench.send(get("/somewhere")).await.unwrap().0, 404);
}
