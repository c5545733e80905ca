//! The command line.

use std::time::Duration;

use sociogram::oauth_core::{ClientAuth, ClientSecret, RedirectUri, ScopeSet};
use url::{Host, Url};

pub(crate) const USAGE: &str = "\
usage: connect_generic --issuer URL --client-id ID --redirect-uri http://127.0.0.1:PORT/PATH [options]

Logs in at an OpenID Connect server with authorization code and PKCE; then introspects, refreshes and
revokes the tokens. Prints one line per step, and no secret.

  --issuer URL           the server, exactly as its metadata calls itself
  --client-id ID         the app at the server
  --redirect-uri URI     registered for the app, on 127.0.0.1, [::1] or localhost: it is listened on

options:
  --client-secret TEXT   the app's secret. Other users of this machine can read command lines: rather
                         set the environment variable CONNECT_CLIENT_SECRET. Without either the app is
                         a public one
  --client-auth HOW      how the app shows its secret, if not the way the server lists first: basic or post
  --scope \"A B\"          what to ask for (default: openid; offline_access and profile if the server lists them)
  --param NAME=VALUE     one more parameter for the authorization request, such as prompt=login. May be
                         repeated. With the scope offline_access, prompt=consent is sent unless prompt is given
  --timeout SECONDS      how long to wait for the callback, at most 600 (default: 300)
  --non-interactive      follow the server's redirects, without a browser: works where it shows no page
  --help                 print this text

exit status: 0 done (a step the server does not offer is skipped, and says so), 1 failed, 2 wrong arguments";

const SECRET_VARIABLE: &str = "CONNECT_CLIENT_SECRET";

pub(crate) enum Command {
    Help,
    Run(Box<Arguments>),
}

pub(crate) struct Arguments {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) client_auth: Option<ClientAuth>,
    pub(crate) redirect_uri: RedirectUri,
    /// The redirect URI in its parts, to listen on.
    pub(crate) callback: Url,
    pub(crate) scopes: Option<ScopeSet>,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) timeout: Duration,
    pub(crate) non_interactive: bool,
}

#[allow(clippy::disallowed_methods, reason = "the one place of the program that reads its environment")]
pub(crate) fn secret_from_environment() -> Option<String> {
    std::env::var(SECRET_VARIABLE).ok()
}

/// # Errors
///
/// What is wrong. Values are not repeated: one of them is a secret.
pub(crate) fn parse(
    mut words: impl Iterator<Item = String>,
    secret_from_environment: Option<String>,
) -> Result<Command, String> {
    let (mut issuer, mut client_id, mut redirect_uri) = (None, None, None);
    let (mut secret, mut client_auth, mut scopes) = (secret_from_environment, None, None);
    let (mut params, mut timeout, mut non_interactive) = (Vec::new(), Duration::from_secs(300), false);
    while let Some(word) = words.next() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value =
            || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--issuer" => issuer = Some(value()?),
            "--client-id" => client_id = Some(value()?),
            "--redirect-uri" => redirect_uri = Some(value()?),
            "--client-secret" => secret = Some(value()?),
            "--client-auth" => client_auth = Some(method(&value()?)?),
            "--scope" => scopes = Some(ScopeSet::parse(&value()?)),
            "--param" => params.push(param(&value()?)?),
            "--timeout" => timeout = seconds(&value()?)?,
            "--non-interactive" if inline.is_none() => non_interactive = true,
            "--help" | "-h" if inline.is_none() => return Ok(Command::Help),
            _ if name.starts_with("--") => return Err(format!("unknown option {name}")),
            _ => return Err("an argument is not an option; put values with spaces in quotes".to_owned()),
        }
    }
    let required = |name: &str, value: Option<String>| value.ok_or_else(|| format!("{name} is missing"));
    let issuer = required("--issuer", issuer)?;
    let client_id = required("--client-id", client_id)?;
    let (redirect_uri, callback) = loopback(&required("--redirect-uri", redirect_uri)?)?;
    // An empty variable is how many shells and runners leave one unset.
    let client_secret = secret.filter(|secret| !secret.is_empty()).map(ClientSecret::new);
    Ok(Command::Run(Box::new(Arguments {
        issuer,
        client_id,
        client_secret,
        client_auth,
        redirect_uri,
        callback,
        scopes,
        params,
        timeout,
        non_interactive,
    })))
}

fn method(text: &str) -> Result<ClientAuth, String> {
    match text {
        "basic" => Ok(ClientAuth::Basic),
        "post" => Ok(ClientAuth::Body),
        _ => Err("--client-auth is basic or post".to_owned()),
    }
}

fn param(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("--param takes NAME=VALUE, such as prompt=login")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "--timeout takes 1 to 600 seconds".to_owned())
}

/// The redirect URI as the library sends it, and in its parts.
fn loopback(text: &str) -> Result<(RedirectUri, Url), String> {
    let redirect_uri = RedirectUri::parse(text).map_err(|error| format!("--redirect-uri: {error}"))?;
    let callback = Url::parse(text).map_err(|error| format!("--redirect-uri: {error}"))?;
    let here = match callback.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if callback.scheme() != "http" || !here {
        return Err(
            "--redirect-uri must lead back to this program: http on 127.0.0.1, [::1] or localhost".to_owned()
        );
    }
    Ok((redirect_uri, callback))
}
