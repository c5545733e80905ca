use std::collections::BTreeSet;

use http::Method;
use proptest::prelude::*;
use sociogram_api_core::ErrorKind;

use super::{
    endpoint::append_query,
    swap::SwapShape,
    targets::{SwapTarget, Targets},
    *,
};
use crate::{ProviderMetadata, StandardHooks};

fn hooks() -> Arc<dyn ProviderHooks> {
    Arc::new(StandardHooks::new())
}

/// One of each constructor.
fn all() -> Vec<(&'static str, Provider)> {
    let metadata =
        ProviderMetadata::new("https://id.example/authorize?x=1", "https://id.example/o/token/?t=%20")
            .unwrap()
            .with_userinfo("https://api.id.example/userinfo")
            .unwrap();
    vec![
        ("facebook", Provider::facebook(hooks())),
        ("business user", Provider::facebook_for_business("123", BusinessToken::User, hooks())),
        ("business system", Provider::facebook_for_business("123", BusinessToken::SystemUser, hooks())),
        ("whatsapp", Provider::whatsapp_embedded_signup("123", hooks())),
        ("instagram", Provider::instagram(hooks())),
        ("threads", Provider::threads(hooks())),
        ("linkedin", Provider::linkedin(hooks())),
        ("linkedin native", Provider::linkedin_native(hooks())),
        ("generic", Provider::generic(ProviderId::new("example"), metadata).unwrap()),
    ]
}

fn provider(name: &str) -> Provider {
    all().into_iter().find(|(known, _)| *known == name).unwrap().1
}

#[test]
fn endpoints_are_the_documented_ones() {
    let graph = "https://graph.facebook.com/v26.0/oauth/access_token";
    let dialog = "https://www.facebook.com/v26.0/dialog/oauth";
    let linkedin_token = "https://www.linkedin.com/oauth/v2/accessToken";
    let expected = [
        ("facebook", dialog, graph),
        ("business user", dialog, graph),
        ("business system", dialog, graph),
        ("whatsapp", dialog, graph),
        (
            "instagram",
            "https://www.instagram.com/oauth/authorize",
            "https://api.instagram.com/oauth/access_token",
        ),
        ("threads", "https://threads.net/oauth/authorize", "https://graph.threads.net/oauth/access_token"),
        ("linkedin", "https://www.linkedin.com/oauth/v2/authorization", linkedin_token),
        ("linkedin native", "https://www.linkedin.com/oauth/native-pkce/authorization", linkedin_token),
        ("generic", "https://id.example/authorize?x=1", "https://id.example/o/token/?t=%20"),
    ];
    assert_eq!(expected.len(), all().len());
    for (name, authorize, token) in expected {
        let provider = provider(name);
        assert_eq!((provider.authorize_url().as_str(), provider.token_url().as_str()), (authorize, token));
        assert_eq!(provider.checked_authorize_url().unwrap(), authorize, "{name}");
        assert!(provider.targets().is_ok(), "{name}");
    }
}

/// PKCE, client authentication, kind of token, long-lived kind, what the app's credentials give.
type Tokens = (PkceSupport, ClientAuth, TokenKind, Option<TokenKind>, Option<TokenKind>);

#[test]
fn tokens_and_credentials_are_each_providers_own() {
    use ClientAuth::{Basic, Body, None as Public};
    use PkceSupport::{Optional, Required, Unsupported};
    use TokenKind::{
        Generic, InstagramUser, LinkedInApp, LinkedInMember, MetaApp, MetaSystemUser, MetaUserLong,
        MetaUserShort, ThreadsUser, WhatsAppBusiness,
    };
    let expected: [(&str, Tokens); 9] = [
        ("facebook", (Unsupported, Body, MetaUserShort, Some(MetaUserLong), Some(MetaApp))),
        ("business user", (Unsupported, Body, MetaUserShort, Some(MetaUserLong), Some(MetaApp))),
        ("business system", (Unsupported, Body, MetaSystemUser, None, Some(MetaApp))),
        ("whatsapp", (Unsupported, Body, WhatsAppBusiness, None, Some(MetaApp))),
        ("instagram", (Unsupported, Body, InstagramUser, Some(InstagramUser), None)),
        ("threads", (Unsupported, Body, ThreadsUser, Some(ThreadsUser), None)),
        ("linkedin", (Unsupported, Body, LinkedInMember, None, Some(LinkedInApp))),
        ("linkedin native", (Required, Public, LinkedInMember, None, None)),
        ("generic", (Optional, Basic, Generic, None, Some(Generic))),
    ];
    for (name, tokens) in expected {
        let p = provider(name);
        assert_eq!(
            (p.pkce(), p.client_auth(), p.token_kind(), p.long_lived_kind, p.app_kind),
            tokens,
            "{name}"
        );
        assert_eq!(p.long_lived_kind.is_some(), p.targets().unwrap().long_lived.is_some(), "{name}");
    }
}

#[test]
fn rules_of_the_flow_are_each_providers_own() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (name, p) in all() {
        let meta = !name.starts_with("linkedin") && name != "generic";
        let generic = name == "generic";
        assert_eq!(p.scope_separator, if meta { ',' } else { ' ' }, "{name}");
        assert_eq!(p.nonce, generic, "{name}");
        assert_eq!(p.rotation(), if generic { Rotation::Strict } else { Rotation::None }, "{name}");
        assert_eq!(p.incremental, name == "facebook", "{name}");
        assert_eq!(p.rerequest.is_some(), name == "facebook", "{name}");
        assert_eq!(p.sends_redirect_uri, name != "whatsapp", "{name}");
        assert_eq!(p.families.is_empty(), generic, "{name}");
        assert!(!p.iss_required, "{name}");
        let life = match name {
            "whatsapp" => Duration::from_secs(30),
            "instagram" | "threads" => minutes(60),
            "linkedin" | "linkedin native" => minutes(30),
            _ => minutes(10),
        };
        assert_eq!(p.code_life, life, "{name}");
        let configured = matches!(name, "business user" | "business system" | "whatsapp");
        assert_eq!(p.config.as_deref(), configured.then_some("123"), "{name}");
        let params: Vec<_> = p.authorize_params.iter().map(|(name, value)| (&**name, &**value)).collect();
        let system = matches!(name, "business system" | "whatsapp");
        let expected: &[(&str, &str)] =
            if system { &[("override_default_response_type", "true")] } else { &[] };
        assert_eq!(params, expected, "{name}");
    }
    assert_eq!(provider("linkedin").issuers, ["https://www.linkedin.com/oauth", "https://www.linkedin.com"]);
    assert_eq!(provider("facebook").issuers, ["https://www.facebook.com"]);
    assert!(provider("instagram").issuers.is_empty());
}

fn swap(swap: Option<&SwapTarget>) -> Option<(String, &'static str, &'static str, SwapShape)> {
    let swap = swap?;
    let url = format!("{}{}", swap.target.base, swap.target.request(Method::GET).template());
    Some((url, swap.grant, swap.field, swap.shape))
}

#[test]
fn tokens_are_swapped_where_the_provider_documents_it() {
    let graph = "https://graph.facebook.com/v26.0/oauth/access_token";
    let form = || Some((graph.to_owned(), "fb_exchange_token", "fb_exchange_token", SwapShape::Form));
    let query = |url: &str, grant, shape| Some((url.to_owned(), grant, "access_token", shape));
    let (secret, bare) = (SwapShape::QueryWithSecret, SwapShape::Query);
    let expected = [
        ("facebook", form(), form()),
        ("business user", form(), form()),
        ("business system", None, form()),
        ("whatsapp", None, form()),
        (
            "instagram",
            query("https://graph.instagram.com/access_token", "ig_exchange_token", secret),
            query("https://graph.instagram.com/refresh_access_token", "ig_refresh_token", bare),
        ),
        (
            "threads",
            query("https://graph.threads.net/access_token", "th_exchange_token", secret),
            query("https://graph.threads.net/refresh_access_token", "th_refresh_token", bare),
        ),
        ("linkedin", None, None),
        ("linkedin native", None, None),
        ("generic", None, None),
    ];
    for (name, long_lived, renew) in expected {
        let targets = provider(name).targets().unwrap();
        assert_eq!(swap(targets.long_lived.as_ref()), long_lived, "{name}");
        assert_eq!(swap(targets.renew.as_ref()), renew, "{name}");
    }
}

fn origins(targets: &Targets) -> BTreeSet<String> {
    targets.all().map(|target| target.base.as_str().to_owned()).collect()
}

#[test]
fn a_sandbox_gets_every_call_of_every_provider() {
    let sandbox = BaseUrl::parse("http://127.0.0.1:4010/x").unwrap();
    for (name, provider) in all() {
        let path = |url: &str| {
            url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).unwrap().1.to_owned()
        };
        let before = (path(&provider.authorize_url()), path(&provider.token_url()));
        let provider = provider.with_authorize_base(&sandbox).with_token_base(&sandbox);
        for base in origins(&provider.targets().unwrap()) {
            assert!(base.starts_with("http://127.0.0.1:4010/x"), "{name}: {base}");
        }
        assert_eq!(provider.authorize_url(), format!("http://127.0.0.1:4010/x/{}", before.0), "{name}");
        assert_eq!(provider.token_url(), format!("http://127.0.0.1:4010/x/{}", before.1), "{name}");
    }
    let linkedin = provider("linkedin").targets().unwrap();
    assert_eq!(
        origins(&linkedin).into_iter().collect::<Vec<_>>(),
        ["https://api.linkedin.com", "https://www.linkedin.com"]
    );
}

#[test]
fn a_version_belongs_to_providers_that_have_one() {
    let facebook = provider("facebook").with_version("v27.0");
    assert_eq!(facebook.token_url(), "https://graph.facebook.com/v27.0/oauth/access_token");
    for name in ["linkedin", "instagram", "threads", "generic"] {
        assert_eq!(provider(name).with_version("v27.0").token_url(), provider(name).token_url());
    }
    for bad in ["", "26.0", "v26", "v26.0/..", "v26.0.1", "vx.y", "v99999.0"] {
        let facebook = provider("facebook").with_version(bad);
        for error in [facebook.targets().unwrap_err(), facebook.checked_authorize_url().unwrap_err()] {
            assert_eq!((error.kind(), error.reason()), (ErrorKind::Misconfigured, Reason::Setup), "{bad}");
        }
    }
}

#[test]
fn parameters_that_the_flow_writes_cannot_be_added() {
    let fine = provider("instagram")
        .with_authorize_param("force_authentication", "1")
        .with_authorize_param("enable_fb_login", "0");
    assert_eq!(fine.checked_authorize_url().unwrap(), "https://www.instagram.com/oauth/authorize");
    for name in RESERVED.into_iter().chain([""]) {
        let error = provider("facebook").with_authorize_param(name, "x").checked_authorize_url().unwrap_err();
        assert_eq!(error.reason(), Reason::Setup, "{name}");
    }
    let twice =
        provider("facebook").with_authorize_param("display", "a").with_authorize_param("display", "b");
    assert!(twice.checked_authorize_url().is_err());
    assert!(provider("generic").with_authorize_param("x", "2").checked_authorize_url().is_err());
    for query in ["state=1", "a=1&scope=x", "redirect%5Furi=y", "a=1&a=2", "=1"] {
        let address = format!("https://id.example/authorize?{query}");
        let metadata = ProviderMetadata::new(&address, "https://id.example/token").unwrap();
        let generic = Provider::generic(ProviderId::new("example"), metadata).unwrap();
        assert_eq!(generic.checked_authorize_url().unwrap_err().reason(), Reason::Setup, "{query}");
    }
    let built_in = provider("whatsapp").with_authorize_param("override_default_response_type", "false");
    assert!(built_in.checked_authorize_url().is_err());
    for config in ["", "12 3", "12&state=x", "ä"] {
        let business = Provider::facebook_for_business(config, BusinessToken::User, hooks());
        assert_eq!(business.checked_authorize_url().unwrap_err().reason(), Reason::Setup, "{config:?}");
    }
}

#[test]
fn linkedins_native_flow_returns_to_an_address_of_this_machine() {
    let cases = [
        ("http://127.0.0.1:51004/cb", true),
        ("http://[::1]/cb", true),
        ("http://localhost:51004/cb", false),
        ("https://app.example.com/cb", false),
    ];
    for (uri, native) in cases {
        let uri = RedirectUri::parse(uri).unwrap();
        assert_eq!(provider("linkedin native").check_redirect_uri(&uri).is_ok(), native, "{uri}");
        assert!(provider("linkedin").check_redirect_uri(&uri).is_ok(), "{uri}");
    }
}

#[test]
fn a_generic_provider_has_a_short_plain_id() {
    let metadata = || ProviderMetadata::new("https://id.example/a", "https://id.example/t").unwrap();
    for good in ["okta", "entra-id", "idp_2"] {
        assert_eq!(Provider::generic(ProviderId::new(good), metadata()).unwrap().id().as_str(), good);
    }
    for bad in ["", "Okta", "a b", "a;b", "ä", "a/b", &"x".repeat(41)] {
        let error = Provider::generic(ProviderId::new(bad), metadata()).unwrap_err();
        assert_eq!(error.reason(), Reason::Setup, "{bad}");
    }
}

#[test]
fn endpoints_are_kept_byte_for_byte_or_refused() {
    for url in [
        "https://id.example/token",
        "https://id.example/o/token/",
        "https://id.example/",
        "https://id.example:8443/token?p=b2c_1_policy&x=%20",
        "http://127.0.0.1:4010/token",
        "http://localhost/token",
        "http://[::1]:9/token",
    ] {
        let endpoint = Endpoint::parse(url).unwrap_or_else(|problem| panic!("{url}: {problem}"));
        assert_eq!(endpoint.url(None), url);
        let target = endpoint.target(None).unwrap();
        let request = target.request(Method::GET);
        let query = Some(request.query_string()).filter(|query| !query.is_empty());
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!(format!("{}{}{query}", target.base, request.template()), url);
    }
    for (url, kept) in [
        ("https://ID.example/Token", "https://id.example/Token"),
        ("https://id.example:443/token", "https://id.example/token"),
        ("https://id.example", "https://id.example/"),
        ("https://id.example/token?", "https://id.example/token"),
    ] {
        assert_eq!(Endpoint::parse(url).map(|endpoint| endpoint.url(None)), Ok(kept.to_owned()));
    }
    for bad in [
        "",
        "/token",
        "id.example/token",
        "http://id.example/token",
        "http://10.0.0.1/token",
        "http://localhost.example/token",
        "ftp://id.example/token",
        "javascript:alert(1)",
        "https://user@id.example/token",
        "https://user:pass@id.example/token",
        "https://id.example/token#f",
        "https://id.example/a/../token",
        "https://id.example//token",
        "https://id.example/to%20ken",
        "https://id.example/to ken",
        "https://id.example/token?q=a b",
        "https://id.example/token?q='x'",
        "https://id.example/token?q=ä",
        "https://id.example\\token",
        "https:id.example/token",
        "https://0x7f.1/token",
        "https://127.1/token",
        "https://ïd.example/token",
        "https://id%2Eexample/token",
    ] {
        assert!(Endpoint::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_query_is_added_to_the_one_that_is_there() {
    for (url, expected) in [
        ("https://h/a", "https://h/a?b=1"),
        ("https://h/a?", "https://h/a?b=1"),
        ("https://h/a?x=1", "https://h/a?x=1&b=1"),
        ("https://h/a?x=1&", "https://h/a?x=1&b=1"),
    ] {
        assert_eq!(append_query(url, "b=1"), expected);
    }
}

#[test]
fn debug_shows_addresses_and_hooks() {
    let shown = format!("{:?}", provider("generic"));
    assert!(shown.contains("https://id.example/authorize?x=1") && shown.contains("StandardHooks"), "{shown}");
}

proptest! {
    #[test]
    fn an_accepted_endpoint_is_where_a_browser_would_go(text in "https?://([a-z@.:/#?*%0-9\\\\]{0,30}|id\\.example(:[0-9]{1,4})?[a-z/?&=.%#]{0,20})") {
        if let Ok(endpoint) = Endpoint::parse(&text) {
            let url = url::Url::parse(&endpoint.url(None)).unwrap();
            let given = url::Url::parse(&text).unwrap();
            // A question mark with nothing behind it is no query.
            let expected = given.as_str().strip_suffix('?').filter(|_| given.query() == Some(""));
            prop_assert_eq!(url.as_str(), expected.unwrap_or(given.as_str()));
            prop_assert!(url.scheme() == "https" || endpoint.is_loopback_http());
            prop_assert!(url.fragment().is_none() && url.username().is_empty());
            prop_assert!(endpoint.target(None).is_ok());
        }
    }
}
