use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use sociogram_api_core::{
    ErrorKind,
    http::{Transport, TransportErrorKind},
    testing::{ManualClock, ScriptedTransport},
};

use super::*;

const ISSUER: &str = "https://id.example.com";

/// RFC 8414 section 3.2, with OpenID Connect's members.
fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example.com/authorize",
        "token_endpoint": "https://id.example.com/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "userinfo_endpoint": "https://api.example.com/userinfo",
        "introspection_endpoint": "https://id.example.com/introspect",
        "revocation_endpoint": "https://id.example.com/revoke",
        "jwks_uri": "https://id.example.com/jwks.json",
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code", "code token"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": true,
        "service_documentation": "http://id.example.com/docs",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut document = document();
    document[name] = value;
    document
}

fn without(name: &str) -> Value {
    let mut document = document();
    document.as_object_mut().unwrap().remove(name);
    document
}

fn parse(document: &Value) -> Result<ProviderMetadata, OAuthError> {
    ProviderMetadata::parse(ISSUER, document.to_string().as_bytes())
}

fn problem(result: Result<ProviderMetadata, OAuthError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(
        (error.reason(), error.kind()),
        (Reason::MetadataInvalid, ErrorKind::Misconfigured),
        "{error}"
    );
    error.to_string().strip_prefix("the provider's metadata cannot be used: ").unwrap().to_owned()
}

#[test]
fn a_document_is_read() {
    let metadata = parse(&document()).unwrap();
    let url = |endpoint: &Endpoint| endpoint.url(None);
    assert_eq!(metadata.issuer(), Some(ISSUER));
    assert_eq!(url(&metadata.authorization), "https://id.example.com/authorize");
    assert_eq!(url(&metadata.token), "https://id.example.com/token");
    assert_eq!(metadata.introspection.as_ref().map(url).unwrap(), "https://id.example.com/introspect");
    assert_eq!(metadata.revocation.as_ref().map(url).unwrap(), "https://id.example.com/revoke");
    assert_eq!(metadata.userinfo.as_ref().map(url).unwrap(), "https://api.example.com/userinfo");
    assert_eq!((metadata.client_auth, metadata.pkce), (ClientAuth::Basic, PkceSupport::Required));
    assert!(metadata.iss_required);
    assert_eq!(metadata.scopes_supported(), &ScopeSet::parse("openid profile email"));

    let least = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example.com/authorize?audience=x",
        "token_endpoint": "https://id.example.com/o/token/?p=policy",
    });
    let metadata = parse(&least).unwrap();
    assert_eq!(url(&metadata.token), "https://id.example.com/o/token/?p=policy");
    assert_eq!((metadata.client_auth, metadata.pkce), (ClientAuth::Basic, PkceSupport::Optional));
    assert!(metadata.userinfo.is_none() && !metadata.iss_required);
}

#[test]
fn the_client_authentication_is_one_that_is_listed() {
    let cases = [
        (json!(["client_secret_post", "client_secret_basic"]), Some(ClientAuth::Basic)),
        (json!(["client_secret_post"]), Some(ClientAuth::Body)),
        (json!(["private_key_jwt", "none"]), Some(ClientAuth::None)),
        (json!(null), Some(ClientAuth::Basic)),
        (json!([7, "client_secret_post"]), Some(ClientAuth::Body)),
        (json!(["private_key_jwt", "tls_client_auth"]), None),
        (json!([]), None),
    ];
    for (methods, expected) in cases {
        let result = parse(&with("token_endpoint_auth_methods_supported", methods.clone()));
        match expected {
            Some(auth) => assert_eq!(result.unwrap().client_auth, auth, "{methods}"),
            None => assert!(problem(result).contains("client_secret_basic"), "{methods}"),
        }
    }
}

#[test]
fn the_neighbours_of_the_token_endpoint_list_their_own_methods() {
    let metadata = parse(&document()).unwrap();
    assert_eq!((metadata.introspection_auth, metadata.revocation_auth), (vec![], vec![]));
    let metadata = parse(&with(
        "introspection_endpoint_auth_methods_supported",
        json!(["none", "private_key_jwt", "client_secret_post", "client_secret_basic"]),
    ));
    let all = vec![ClientAuth::Basic, ClientAuth::Body, ClientAuth::None];
    assert_eq!(metadata.unwrap().introspection_auth, all);
    let metadata = parse(&with("revocation_endpoint_auth_methods_supported", json!(["client_secret_post"])));
    assert_eq!(metadata.unwrap().revocation_auth, vec![ClientAuth::Body]);
}

#[test]
fn pkce_is_required_only_where_s256_is_listed() {
    for (methods, expected) in [
        (json!(["S256"]), PkceSupport::Required),
        (json!(["plain"]), PkceSupport::Optional),
        (json!([]), PkceSupport::Optional),
        (json!(null), PkceSupport::Optional),
    ] {
        assert_eq!(parse(&with("code_challenge_methods_supported", methods.clone())).unwrap().pkce, expected);
    }
}

#[test]
fn the_issuer_must_be_named_exactly() {
    for other in [
        json!("https://id.example.com/"),
        json!("https://ID.example.com"),
        json!("https://id.example.com:443"),
        json!("https://evil.example"),
        json!(""),
        json!(null),
    ] {
        let error = parse(&with("issuer", other.clone())).unwrap_err();
        assert!(error.user_action().contains("exactly"), "{other}");
        assert!(problem(Err(error)).starts_with("it names another issuer"), "{other}");
    }
    assert!(problem(parse(&without("issuer"))).starts_with("it names another issuer"));
    let slash = with("issuer", json!("https://id.example.com/"));
    assert!(ProviderMetadata::parse("https://id.example.com/", slash.to_string().as_bytes()).is_ok());
}

#[test]
fn what_cannot_be_used_is_named() {
    assert_eq!(problem(parse(&without("token_endpoint"))), "it names no token endpoint");
    assert_eq!(problem(parse(&without("authorization_endpoint"))), "it names no authorization endpoint");
    for (member, name) in [
        ("authorization_endpoint", "authorization endpoint"),
        ("token_endpoint", "token endpoint"),
        ("introspection_endpoint", "introspection endpoint"),
        ("revocation_endpoint", "revocation endpoint"),
        ("userinfo_endpoint", "userinfo endpoint"),
    ] {
        for bad in
            ["http://id.example.com/x", "/x", "", "https://u@id.example.com/x", "https://id.example.com/x#f"]
        {
            let told = problem(parse(&with(member, json!(bad))));
            assert!(told.starts_with(&format!("the {name} is not usable: ")), "{bad}: {told}");
        }
        // A far-away document must not lead a server to its own machine.
        let told = problem(parse(&with(member, json!("http://127.0.0.1:8080/x"))));
        assert!(told.contains("this machine"), "{member}: {told}");
    }
    for broken in ["", "[]", "<html>", r#"{"issuer":7}"#, r#"{"issuer":"https://id.example.com""#] {
        let told = problem(ProviderMetadata::parse(ISSUER, broken.as_bytes()));
        assert!(told.starts_with("it is not a JSON object"), "{broken}");
    }
}

#[test]
fn an_issuer_on_this_machine_may_have_its_endpoints_there() {
    let local = json!({
        "issuer": "http://127.0.0.1:4010",
        "authorization_endpoint": "http://127.0.0.1:4010/authorize",
        "token_endpoint": "http://localhost:4010/token",
    });
    assert!(ProviderMetadata::parse("http://127.0.0.1:4010", local.to_string().as_bytes()).is_ok());
}

#[test]
fn issuers_are_https_addresses_without_a_query() {
    for bad in [
        "",
        "id.example.com",
        "http://id.example.com",
        "https://id.example.com?x=1",
        "https://id.example.com#",
    ] {
        let told = problem(ProviderMetadata::parse(bad, document().to_string().as_bytes()));
        assert!(told.starts_with("the issuer is not usable"), "{bad}: {told}");
        let written = ProviderMetadata::new("https://a.example/a", "https://a.example/t").unwrap();
        assert!(written.with_issuer(bad).is_err(), "{bad}");
    }
}

#[test]
fn metadata_can_be_written_down() {
    let metadata = ProviderMetadata::new("https://id.example.com/a", "https://id.example.com/t")
        .unwrap()
        .with_issuer(ISSUER)
        .unwrap()
        .with_iss_required()
        .with_introspection("https://id.example.com/i")
        .unwrap()
        .with_revocation("https://id.example.com/r")
        .unwrap()
        .with_userinfo("https://id.example.com/u")
        .unwrap();
    assert!(metadata.iss_required);
    assert_eq!(metadata.endpoints().count(), 5);
    assert!(ProviderMetadata::new("http://id.example.com/a", "https://id.example.com/t").is_err());
    assert!(ProviderMetadata::new("https://id.example.com/a", "token").is_err());
}

async fn discover(
    issuer: &'static str,
    script: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Result<ProviderMetadata, OAuthError>, Vec<String>) {
    let (transport, clock) = (script(ScriptedTransport::new()), ManualClock::default());
    let (sent, timer) = (transport.clone(), Arc::new(clock.clone()));
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let work = tokio::spawn(async move { ProviderMetadata::discover_with(issuer, transport, timer).await });
    while !work.is_finished() {
        clock.advance(std::time::Duration::from_millis(500));
        tokio::task::yield_now().await;
    }
    let requests = sent.requests();
    assert!(requests.iter().all(|request| request.method == "GET" && request.body.is_empty()));
    (work.await.unwrap(), requests.iter().map(|request| request.uri.to_string()).collect())
}

fn named(issuer: &str) -> String {
    let mut document = document();
    document["issuer"] = json!(issuer);
    document.to_string()
}

#[tokio::test]
async fn the_well_known_addresses_are_asked_in_turn() {
    let openid = "https://id.example.com/.well-known/openid-configuration";
    let (found, asked) = discover(ISSUER, |t| t.json(named(ISSUER))).await;
    assert_eq!((found.unwrap().issuer(), asked), (Some(ISSUER), vec![openid.to_owned()]));

    let oauth = "https://id.example.com/.well-known/oauth-authorization-server";
    for nothing in ["", "not found", "<html>not found</html>"] {
        let (found, asked) = discover(ISSUER, |t| t.respond(404, &[], nothing).json(named(ISSUER))).await;
        assert!(found.is_ok());
        assert_eq!(asked, [openid, oauth]);
    }
    // A web app that answers everything with its page.
    let (found, asked) =
        discover(ISSUER, |t| t.respond(200, &[], "<!doctype html>").json(named(ISSUER))).await;
    assert_eq!((found.is_ok(), asked.len()), (true, 2));
}

#[tokio::test]
async fn addresses_have_no_doubled_slash_and_keep_the_issuers_path() {
    for (issuer, expected) in [
        (
            "https://id.example.com/",
            [
                "https://id.example.com/.well-known/openid-configuration",
                "https://id.example.com/.well-known/oauth-authorization-server",
            ],
        ),
        (
            "https://id.example.com/realms/one",
            [
                "https://id.example.com/realms/one/.well-known/openid-configuration",
                "https://id.example.com/.well-known/oauth-authorization-server/realms/one",
            ],
        ),
        (
            "https://id.example.com:8443/t/",
            [
                "https://id.example.com:8443/t/.well-known/openid-configuration",
                "https://id.example.com:8443/.well-known/oauth-authorization-server/t",
            ],
        ),
    ] {
        let (found, asked) = discover(issuer, |t| t.respond(404, &[], "").json(named(issuer))).await;
        assert_eq!(found.unwrap().issuer(), Some(issuer));
        assert_eq!(asked, expected);
    }
}

#[tokio::test]
async fn a_discovery_that_fails_says_why() {
    let (found, asked) = discover(ISSUER, |t| t.respond(404, &[], "").respond(404, &[], "")).await;
    assert!(problem(found).starts_with("there is none"));
    assert_eq!(asked.len(), 2);

    let (found, asked) = discover(ISSUER, |t| t.json(named("https://evil.example"))).await;
    assert!(problem(found).starts_with("it names another issuer"));
    assert_eq!(asked.len(), 1);

    let (found, asked) =
        discover(ISSUER, |t| t.respond(302, &[("location", "https://evil.example/")], "")).await;
    assert_eq!((found.unwrap_err().reason(), asked.len()), (Reason::Redirected, 1));

    let (found, asked) = discover(ISSUER, |t| t.json("x".repeat(64 * 1024 + 1))).await;
    assert_eq!((found.unwrap_err().reason(), asked.len()), (Reason::AnswerTooLarge, 1));

    let (found, _) = discover(ISSUER, ScriptedTransport::hang).await;
    assert_eq!(found.unwrap_err().reason(), Reason::AnswerTimedOut);

    let down =
        |t: ScriptedTransport| t.fail(TransportErrorKind::Connect).respond(503, &[], "").json(named(ISSUER));
    let (found, asked) = discover(ISSUER, down).await;
    assert_eq!((found.is_ok(), asked.len()), (true, 3));

    let (found, asked) = discover("http://id.example.com", |t| t).await;
    assert!(problem(found).starts_with("the issuer is not usable"));
    assert!(asked.is_empty());
}

proptest! {
    #[test]
    fn reading_never_panics_and_accepts_only_safe_endpoints(
        token in "(https?://(id|localhost|127\\.0\\.0\\.1)(:[0-9]{1,4})?/[a-z/?=#]{0,8}|\\PC{0,20})",
    ) {
        if let Ok(metadata) = parse(&with("token_endpoint", json!(token))) {
            prop_assert!(metadata.token.url(None).starts_with("https://"));
        }
    }

    #[test]
    fn bytes_of_any_sort_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(ProviderMetadata::parse(ISSUER, &bytes).is_err());
    }
}
