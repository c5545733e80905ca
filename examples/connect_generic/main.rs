//! Takes one login through everything OAuth offers, at any OpenID Connect server: discovery, authorization
//! code with PKCE, identity, introspection, refresh, revocation. One line per step; no secret is printed.
//!
//! ```sh
//! CONNECT_CLIENT_SECRET=… cargo run --example connect_generic -- \
//!     --issuer https://id.example.com --client-id app-1 --redirect-uri http://127.0.0.1:4190/cb
//! ```
//!
//! [`arguments`] reads the command line, [`listener`] waits for the callback, [`browser`] follows redirects
//! where nobody is there to do it. Everything else is the library's.

mod arguments;
mod browser;
mod listener;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use sociogram::{
    api_core::{
        SystemClock, Timer,
        http::{ReqwestTransport, Transport},
    },
    oauth_core::{
        Actor, CallbackParams, ClientAuth, Expiry, MemorySessionStore, OAuthClient, OAuthError, PkceSupport,
        Provider, ProviderId, ProviderMetadata, Reason, Revocation, Scope, ScopeSet, StartRequest, TenantId,
        TokenFacts, TokenSet, scope,
    },
};
use url::Url;

use arguments::{Arguments, Command, USAGE};
use browser::Browser;
use listener::Listener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let secret = arguments::secret_from_environment();
    let words = std::env::args().skip(1).collect();
    let status = run(words, secret, &mut io::stdout(), &mut io::stderr()).await;
    ExitCode::from(status)
}

/// The whole program: what it was called with, where it writes to, and the exit status.
async fn run(
    words: Vec<String>,
    secret: Option<String>,
    out: &mut (impl Write + Send),
    err: &mut (impl Write + Send),
) -> u8 {
    match arguments::parse(words.into_iter(), secret) {
        Ok(Command::Help) => say(out, USAGE, 0),
        Err(reason) => say(err, &format!("{reason}\n\n{USAGE}"), 2),
        Ok(Command::Run(arguments)) => match Box::pin(connect(&arguments, out)).await {
            Ok(()) => 0,
            Err(failure) => say(err, &format!("failed: {failure}"), 1),
        },
    }
}

/// A closed pipe on the other side is no news for anybody.
fn say(to: &mut impl Write, line: &str, status: u8) -> u8 {
    writeln!(to, "{line}").map_or(status, |()| status)
}

/// From the issuer's address to tokens that are withdrawn again.
///
/// # Errors
///
/// One line: the step, what failed, what to do.
async fn connect(arguments: &Arguments, out: &mut (impl Write + Send)) -> Result<(), String> {
    let mut step = |name: &str, text: &str| {
        say(out, &format!("{name:<11}{text}"), 0);
    };
    let transport: Arc<dyn Transport> =
        Arc::new(ReqwestTransport::new().map_err(|error| format!("set-up: {error}"))?);

    let metadata = ProviderMetadata::discover(&arguments.issuer, Arc::clone(&transport)).await;
    let metadata = metadata.map_err(|error| failure("discover", &error))?;
    let scopes = arguments.scopes.clone().unwrap_or_else(|| usual_scopes(&metadata));
    let provider = provider(metadata, arguments, &scopes).map_err(|error| failure("discover", &error))?;
    step("discover", &format!("{}: {}", arguments.issuer, abilities(&provider)));

    // One process and one person, so sessions stay in memory, and the binder in a variable. A web site shares
    // its session store among its processes and sends the binder as a cookie: see `OAuthClient::cookie`.
    let mut client = OAuthClient::builder(provider, &arguments.client_id)
        .redirect_uri(arguments.redirect_uri.clone())
        .transport(Arc::clone(&transport))
        .sessions(Arc::new(MemorySessionStore::new()));
    if let Some(secret) = &arguments.client_secret {
        client = client.client_secret(secret.clone());
    }
    let client = client.build().map_err(|error| failure("set-up", &error))?;

    let listener = Listener::open(&arguments.callback).await?;
    step("listen", arguments.redirect_uri.as_str());

    let person = Actor::new(TenantId::from_bytes([0; 16]), "the person at this machine");
    let started = client.start(StartRequest::new(person.clone(), scopes)).await;
    let started = started.map_err(|error| failure("authorize", &error))?;
    if arguments.non_interactive {
        step("authorize", "following the server's redirects");
    } else {
        step("authorize", &format!("open this address in a browser: {}", started.url));
    }

    let query = tokio::select! {
        query = callback(arguments, &started.url, listener, transport) => query?,
        () = SystemClock::new().sleep(arguments.timeout) => return Err(format!(
            "callback: none came within {} s; run it again and sign in, or allow more with --timeout",
            arguments.timeout.as_secs(),
        )),
    };
    let callback = CallbackParams::parse(&query).map_err(|error| failure("callback", &error))?;
    let verified = client.complete(callback, &started.binder, &person).await;
    let verified = verified.map_err(|error| failure("callback", &error))?;
    step("callback", "it belongs to this login and holds a code");

    let login = client.log_in(verified).await.map_err(|error| failure("exchange", &error))?;
    step("exchange", &described(&login.tokens));
    step("identity", &login.identity.id);
    step("introspect", looked_up(login.facts.as_ref()));

    let tokens = if let Some(before) = login.tokens.refresh() {
        let fresh = client.refresh_token(&login.tokens).await.map_err(|error| failure("refresh", &error))?;
        let same = fresh.refresh().is_some_and(|after| after.ct_eq(before));
        let fate = if same { "stayed the same" } else { "rotated" };
        step("refresh", &format!("{}; the refresh token {fate}", described(&fresh)));
        step("introspect", introspected(&client, &fresh).await?);
        fresh
    } else {
        step(
            "refresh",
            "skipped: the server gave no refresh token; many want the scope offline_access for it",
        );
        login.tokens
    };

    match client.revoke(&tokens).await.map_err(|error| failure("revoke", &error))? {
        Revocation::Confirmed => {
            step("revoke", "the server confirmed it");
            step("introspect", introspected(&client, &tokens).await?);
        }
        _ => step("revoke", "skipped: the server offers no revocation"),
    }
    Ok(())
}

/// What the server's metadata makes of it, adjusted by the command line.
fn provider(
    metadata: ProviderMetadata,
    arguments: &Arguments,
    scopes: &ScopeSet,
) -> Result<Provider, OAuthError> {
    let mut provider = Provider::generic(ProviderId::new("generic"), metadata)?;
    if arguments.client_secret.is_none() {
        provider = provider.with_client_auth(ClientAuth::None);
    } else if let Some(auth) = arguments.client_auth {
        provider = provider.with_client_auth(auth);
    }
    // OpenID Connect Core section 11: offline access is to be asked for together with consent.
    let mut params = arguments.params.clone();
    if scopes.contains("offline_access") && params.iter().all(|(name, _)| name != "prompt") {
        params.push(("prompt".to_owned(), "consent".to_owned()));
    }
    Ok(params
        .into_iter()
        .fold(provider, |provider, (name, value)| provider.with_authorize_param(name, value)))
}

/// `openid`, and what else of the usual the server lists.
fn usual_scopes(metadata: &ProviderMetadata) -> ScopeSet {
    let listed = |name: &&str| metadata.scopes_supported().contains(name);
    let usual = ["offline_access", "profile"].into_iter().filter(listed);
    usual.chain([scope::OPENID]).map(Scope::from_static).collect()
}

fn abilities(provider: &Provider) -> String {
    let pkce = match provider.pkce() {
        PkceSupport::Required => "PKCE supported",
        _ => "PKCE not announced, sent all the same",
    };
    let auth = match provider.client_auth() {
        ClientAuth::Basic => "secret in the header",
        ClientAuth::Body => "secret in the form",
        _ => "no secret",
    };
    format!("{pkce}, {auth}")
}

/// The query of the callback, as the browser delivers it.
async fn callback(
    arguments: &Arguments,
    url: &Url,
    listener: Listener,
    transport: Arc<dyn Transport>,
) -> Result<String, String> {
    if arguments.non_interactive {
        Browser::new(transport).follow(url, &arguments.callback).await?;
    }
    listener.callback().await
}

async fn introspected(client: &OAuthClient, tokens: &TokenSet) -> Result<&'static str, String> {
    match client.inspect(tokens).await {
        Ok(facts) => Ok(looked_up(facts.as_ref())),
        // Many servers keep introspection for their own resource servers.
        Err(error) if matches!(error.status(), Some(401 | 403)) => Ok(looked_up(None)),
        Err(error) => Err(failure("introspect", &error)),
    }
}

fn looked_up(facts: Option<&TokenFacts>) -> &'static str {
    match facts {
        Some(facts) if facts.active => "the access token is active",
        Some(_) => "the access token is not active",
        None => "skipped: the server offers this app no introspection",
    }
}

fn described(tokens: &TokenSet) -> String {
    let life = match (tokens.issued_at(), tokens.expiry()) {
        (Some(start), Expiry::At(end)) => format!("for {} s", end.saturating_duration_since(start).as_secs()),
        _ => "of unknown life".to_owned(),
    };
    match tokens.scopes() {
        Some(scopes) => format!("an access token {life}, scopes {scopes}"),
        None => format!("an access token {life}"),
    }
}

/// What failed and what to do. The library's errors hold no secret and no URL.
fn failure(step: &str, error: &OAuthError) -> String {
    let told = match error.denial().map(|denial| (denial.error(), denial.description())) {
        Some((code, Some(description))) => format!(" ({code}: {description})"),
        Some((code, None)) => format!(" ({code})"),
        None => String::new(),
    };
    let hint = match error.reason() {
        Reason::ClientRefused => "; or the app shows its secret another way (see --client-auth), or has none",
        _ => "",
    };
    format!("{step}: {error}{told}; {}{hint}", error.user_action())
}
