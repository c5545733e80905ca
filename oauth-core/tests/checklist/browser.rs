//! What goes through the browser and comes back to a page: C15 to C20, and C30.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use sociogram_api_core::testing::{CapturedLogs, canary};
use sociogram_oauth_core::{
    CALLBACK_HEADERS, CALLBACK_STATUS, CallbackParams, DenialKind, PopupPage, Provider, Reason, ReturnTo,
    ScopeSet, StandardHooks, StartRequest,
    testing::{Answer, Decision, ServerEndpoint},
};
use url::Url;

use crate::world::{Browser, PERSON, World, actor, param, request};

/// Numbers that are the same in every run (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

#[test]
fn c15_open_redirect() {
    const PIECES: [&str; 48] = [
        "/",
        "/",
        "/",
        "//",
        "\\",
        "%5c",
        "%5C",
        "%2f",
        "%2F",
        "%2f%2f",
        "%252f",
        "evil.example",
        "@",
        "a@b",
        ":",
        "http:",
        "https:",
        "https://evil.example",
        "javascript:",
        "data:",
        "\t",
        "\n",
        "\r",
        " ",
        "%09",
        "%0a",
        "%0d%0a",
        "%00",
        "%20",
        "\0",
        "?",
        "#",
        "?next=//evil.example",
        ".",
        "..",
        "/..",
        "%2e%2e",
        ";",
        "a",
        "settings",
        "x=1",
        "&",
        "\u{e4}",
        "\u{ff0f}",
        "\u{2028}",
        "[::1]",
        "%",
        "%zz",
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..10_000 {
        let mut path = if dice.roll(4) == 0 { String::new() } else { "/".to_owned() };
        for _ in 0..=dice.roll(6) {
            path += PIECES[dice.roll(PIECES.len())];
        }
        let Ok(return_to) = ReturnTo::parse(&path) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        assert_eq!(return_to.as_str(), path);
        // As a browser reads it, as it reads it after a proxy has decoded the path, and next to any base.
        let decoded = path.replace("%2f", "/").replace("%2F", "/").replace("%2e", ".");
        for text in [path.as_str(), &decoded] {
            for base in [
                "https://app.example.com/oauth/cb",
                "https://app.example.com",
                "https://app.example.com/a/b/",
            ] {
                let base = Url::parse(base).unwrap();
                assert_eq!(base.join(text).unwrap().origin(), base.origin(), "{path:?}");
            }
        }
        assert!(!path.contains(['\r', '\n', '\0', '\t', '\\']), "{path:?}");
    }
    assert!(
        accepted > 500 && refused > 5_000,
        "{accepted} accepted, {refused} refused: the dice prove too little"
    );
    for known in
        ["//evil.example", "/\\evil.example", "/%5cevil.example", "/%2fevil.example", "https:evil.example"]
    {
        assert_eq!(ReturnTo::parse(known).unwrap_err().reason(), Reason::Input, "{known}");
    }
}

#[test]
fn c16_referrer_and_history() {
    assert_eq!(CALLBACK_HEADERS, [("referrer-policy", "no-referrer"), ("cache-control", "no-store")]);
    // The page for a popup carries them as well.
    let answer = PopupPage::new("https://app.example.com").unwrap().render("done").unwrap();
    for (name, value) in CALLBACK_HEADERS {
        assert!(answer.headers.contains(&(name, value.to_owned())), "{name}");
    }
}

#[tokio::test]
async fn c17_no_repost() {
    // The browser is sent on with a GET, whatever it came with.
    assert_eq!(CALLBACK_STATUS, 303);
    // The provider's own 307 and 308 would have the code and the secret posted again, to another address.
    for status in [301, 302, 303, 307, 308] {
        let world = World::new();
        let client = world.client().await;
        let verified = world.verified(&client).await;
        let redirect = Answer::redirect("https://evil.example/token").with_status(status);
        world.server.answer_next(ServerEndpoint::Token, redirect);
        let error = world.drive(client.exchange(verified)).await.unwrap_err();
        assert_eq!((error.reason(), error.status()), (Reason::Redirected, Some(status)));
        let calls = world.server.requests_to(ServerEndpoint::Token);
        assert_eq!(calls.len(), 1, "{status}");
        assert_eq!(calls[0].uri.host(), Some("as.example"));
    }
}

#[tokio::test]
async fn c18_token_in_url() {
    let logs = CapturedLogs::start();
    let mut urls = Vec::new();
    let token =
        || Answer::json(200, format!(r#"{{"access_token":"{}","expires_in":5}}"#, canary::secret("t")));
    let hooks = || Arc::new(StandardHooks::new());
    for (issuer, provider) in [
        ("https://www.facebook.com", Provider::facebook(hooks())),
        ("https://www.instagram.com", Provider::instagram(hooks())),
        ("https://threads.net", Provider::threads(hooks())),
        ("https://www.linkedin.com", Provider::linkedin(hooks())),
    ] {
        let world = World::at(issuer, |server| server);
        let client = world.build(provider);
        let login = StartRequest::new(actor(), ScopeSet::new());
        let verified = world.verified_as(&client, login, Decision::approve(PERSON)).await;
        world.server.answer_next(ServerEndpoint::Token, token());
        let tokens = client.exchange(verified).await.unwrap();
        world.server.answer_next(ServerEndpoint::Token, token());
        let renewed = client.exchange_long_lived(&tokens).await;
        assert_eq!(renewed.is_ok(), issuer != "https://www.linkedin.com", "{renewed:?}");
        // Instagram's and Threads' second step is documented as a GET with a query.
        let by_get = |url: &String| {
            url.contains("graph.instagram.com") || url.contains("graph.threads.net/access_token")
        };
        let calls = world.server.requests();
        urls.extend(calls.iter().map(|call| call.uri.to_string()).filter(|url| !by_get(url)));
        assert!(canary::leaks(&format!("{calls:?} {tokens:?}")).is_empty());
    }
    let world = World::new();
    let client = world.client().await;
    let login = client.log_in(world.verified(&client).await).await.unwrap();
    let tokens = client.refresh_token(&login.tokens).await.unwrap();
    client.inspect(&tokens).await.unwrap();
    client.revoke(&tokens).await.unwrap();
    urls.extend(world.server.requests().iter().map(|call| call.uri.to_string()));
    assert!(urls.len() > 10, "{urls:?}");
    assert_eq!(canary::leaks(&urls.join("\n")), Vec::<String>::new());
    assert!(logs.text().contains("oauth"), "the calls are logged at all");
    assert_eq!(canary::leaks(&logs.text()), Vec::<String>::new());
}

#[tokio::test]
async fn c19_error_page_xss() {
    let world = World::new();
    let client = world.client().await;
    for payload in [
        "<script>CANARYalertCANARY</script>",
        "\"><img src=x onerror=CANARYalertCANARY>",
        "line\r\nSet-Cookie: CANARY=CANARY",
        "\u{1b}[31mCANARYredCANARY\u{7}",
        "CANARY\0CANARY\u{85}\u{9b}",
        &format!("CANARY{}CANARY", "x".repeat(10_000)),
        &"\u{e4}".repeat(600),
    ] {
        let mut browser = Browser::default();
        let url = browser.start(&client, request()).await;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("error", "access_denied")
            .append_pair("error_reason", payload.get(..20).unwrap_or_default())
            .append_pair("error_description", payload)
            .append_pair("state", &param(&url, "state"))
            .finish();
        let error = browser.come_back(&client, &query, &actor()).await.unwrap_err();
        assert_eq!(error.reason(), Reason::Denied);
        let printed = canary::printed(&error);
        assert_eq!(canary::leaks(&printed), Vec::<String>::new(), "{payload:?}");
        assert!(!printed.contains("script") && !printed.contains('\u{1b}'));
        let denial = error.denial().unwrap();
        assert_eq!(denial.kind(), DenialKind::Cancelled);
        let description = denial.description().unwrap();
        assert!(description.chars().count() <= 513, "512 characters and an ellipsis");
        assert!(!description.chars().any(char::is_control), "{description:?}");
    }
    let hostile = format!("error=%3Cscript%3E{}&state=s", "y".repeat(1_000));
    let shown = format!("{:?}", CallbackParams::parse(&hostile).unwrap());
    assert!(!shown.contains("script") && !shown.contains("yyy"), "{shown}");
}

#[test]
fn c20_parameter_pollution() {
    for query in [
        "code=C&code=C&state=S",
        "code=C&code=D&state=S",
        "code=C&c%6Fde=D&state=S",
        "code=C&state=S&state=T",
        "code=C&state=S&st%61te=S",
        "error=a&error=b&state=S",
        "code=C&state=S&iss=a&iss=b",
        "error=a&error_description=x&error_description=y&state=S",
        "code=&code=C&state=S",
        "state=&code=C&state=S",
    ] {
        assert_eq!(CallbackParams::parse(query).unwrap_err().reason(), Reason::CallbackDuplicate, "{query}");
    }
    for query in
        ["code=C&error=access_denied&state=S", "error_code=200&code=C&state=S", "state=S&error=x&code=C"]
    {
        assert_eq!(
            CallbackParams::parse(query).unwrap_err().reason(),
            Reason::CallbackContradictory,
            "{query}"
        );
    }
    // Parameters nobody reads may repeat: Facebook's lists of scopes do.
    assert!(CallbackParams::parse("code=C&state=S&granted_scopes=a&granted_scopes=b").is_ok());
}

#[test]
fn c30_post_message() {
    for origin in [
        "*",
        "",
        "null",
        "https://*.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "http://app.example.com",
        "https://app.example.com:443",
        "https://APP.example.com",
        "https://user@app.example.com",
        "https://app.example.com\",\"*",
        "javascript:alert(1)",
    ] {
        assert_eq!(PopupPage::new(origin).unwrap_err().reason(), Reason::Setup, "{origin:?}");
    }
    let page = PopupPage::new("https://app.example.com:8443").unwrap();
    let hostile = "</script><script>alert(1)</script>\u{2028}<!--";
    let answer = page.render(&serde_json::json!({ "result": hostile })).unwrap();
    let (_, rest) = answer.html.split_once("<script>").unwrap();
    let (script, after) = rest.split_once("</script>").unwrap();
    assert!(script.contains(r#","https://app.example.com:8443")"#), "{script}");
    assert_eq!(script.matches("postMessage").count(), 1);
    assert!(!answer.html.contains('*') && !after.contains("<script"), "{}", answer.html);

    // What a browser runs is this script and no other, in no frame.
    let header = |name: &str| answer.headers.iter().find(|(other, _)| *other == name).unwrap().1.as_str();
    let policy = header("content-security-policy");
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    assert!(policy.contains(&format!("script-src 'sha256-{hash}'")), "{policy}");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(header("x-frame-options"), "DENY");
}
