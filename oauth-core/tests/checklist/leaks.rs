//! Nothing secret is printed, whatever goes wrong: C33.

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use sociogram_api_core::testing::{CapturedLogs, canary};
use sociogram_oauth_core::{
    AccessToken, AuthorizationCode, BrowserBinder, CallbackParams, ClientSecret, OAuthError, PkceVerifier,
    PopupPage, Provider, Reason, RefreshToken, ScopeSet, StandardHooks, StartRequest, TokenSet,
};

use crate::{
    cases::{answers, callbacks, checks, own},
    world::{World, actor, request},
};

#[tokio::test]
async fn c33_leak_by_debug_and_errors() {
    let logs = CapturedLogs::start();
    let mut cases = callbacks::all().await;
    cases.extend(answers::all().await);
    cases.extend(checks::all().await);
    cases.extend(own::all().await);
    let logged = logs.text();
    assert!(
        logged.contains("login callback refused") && logged.contains("oauth.exchange_code"),
        "nothing was logged"
    );
    assert_eq!(canary::leaks(&logged), Vec::<String>::new(), "in the logs");
    for case in &cases {
        assert_eq!(canary::leaks(&case.printed), Vec::<String>::new(), "{}", case.what);
        for secret in &case.secrets {
            assert!(!case.printed.contains(secret.as_str()), "{}: {}", case.what, case.printed);
            assert!(!logged.contains(secret.as_str()), "{}: in the logs", case.what);
        }
    }

    // Every reason was there, but for the one that only a broken operating system brings.
    let seen: BTreeSet<_> = cases.iter().map(|case| case.reason.as_str()).collect();
    let all: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    let unseen: Vec<_> = all.difference(&seen).copied().collect();
    assert_eq!(unseen, ["other"]);
    for reason in Reason::ALL {
        let error = OAuthError::because(*reason).with_source(OAuthError::because(Reason::Other));
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new());
    }
}

#[tokio::test]
async fn c33_leak_by_debug_of_values() {
    let world = World::new();
    let client = world.client().await;
    let started = client.start(request()).await.unwrap();
    let binder = started.binder.expose().to_owned();
    let builder =
        world.builder(world.generic().await).previous_client_secret(ClientSecret::new(canary::secret("old")));
    let callback =
        CallbackParams::parse("code=CANARYcode&state=CANARYstate&iss=https://CANARY.example").unwrap();
    let verified = world.verified(&client).await;
    let embedded = world.build(Provider::whatsapp_embedded_signup("123", Arc::new(StandardHooks::new())));
    let signup = embedded.start_embedded(StartRequest::new(actor(), ScopeSet::new())).await.unwrap();
    let page = PopupPage::new("https://app.example.com").unwrap().render("CANARYmessage").unwrap();
    let before = format!("{builder:?} {client:#?} {started:?} {callback:?} {verified:?} {signup:?} {page:?}");
    let login = client.log_in(verified).await.unwrap();
    assert!(login.tokens.access().expose().contains("CANARY") && login.tokens.refresh().is_some());
    let binders = [binder, signup.binder.expose().to_owned(), signup.state];
    let text = format!("{before} {login:?} {login:#?} {:?}", world.server.requests());
    assert_eq!(canary::leaks(&text), Vec::<String>::new());
    for secret in binders {
        assert!(!text.contains(&secret), "{text}");
    }
}

/// Whether a type has a trait, answered by the compiler.
macro_rules! implements {
    ($type:ty: $bound:path) => {{
        #[allow(dead_code, reason = "used where the bound does not hold")]
        trait Probe {
            fn yes(&self) -> bool;
        }
        struct Wrap<T>(PhantomData<T>);
        impl<T: $bound> Wrap<T> {
            #[allow(dead_code, reason = "used where the bound holds")]
            fn yes(&self) -> bool {
                true
            }
        }
        impl<T> Probe for Wrap<T> {
            fn yes(&self) -> bool {
                false
            }
        }
        Wrap::<$type>(PhantomData).yes()
    }};
}

#[test]
fn c33_secrets_have_neither_display_nor_serialize() {
    macro_rules! assert_silent {
        ($($secret:ty),*) => {$(
            assert!(!implements!($secret: std::fmt::Display), stringify!($secret));
            assert!(!implements!($secret: serde::Serialize), stringify!($secret));
        )*};
    }
    assert!(implements!(String: std::fmt::Display) && implements!(String: serde::Serialize));
    assert_silent!(
        AccessToken,
        RefreshToken,
        ClientSecret,
        AuthorizationCode,
        PkceVerifier,
        BrowserBinder,
        TokenSet,
        CallbackParams
    );
}
