//! Settings. The environment is read here and nowhere else.

mod database;
mod leads;

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use sociogram::{
    api_core::Secret,
    meta_graph::{AppId, DatasetId},
    oauth_core::{ScopeSet, TenantId},
    token_vault::{KeyFile, KeyProvider, LocalKeys},
};
use url::{Host, Url};

pub(crate) use database::with_login;
pub use database::{Database, Migration};
pub use leads::LeadEvents;

/// The one tenant that is built in, until there are accounts for people.
const TENANT: TenantId = TenantId::from_bytes(*b"reference-server");

/// The port unless another is named.
pub const DEFAULT_PORT: u16 = 8080;

/// What the server runs with. The default is the sandbox on `127.0.0.1:8080`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Address to listen on (`BIND`).
    pub bind: IpAddr,
    /// Port to listen on; 0 takes a free one (`PORT`).
    pub port: u16,
    /// Origin under which browsers and platforms reach the server (`PUBLIC_URL`), without a trailing slash.
    /// Unset: `http://127.0.0.1:{port}`.
    pub public_url: Option<String>,
    /// Wraps the data keys of the vault (`ENCRYPTION_KEY`, or a file with the same text, `ENCRYPTION_KEY_FILE`).
    /// Unset: a random key for this run, which a database is not served with.
    pub encryption_key: Option<Arc<dyn KeyProvider>>,
    /// Where connections, tokens and logins are kept (`DATABASE_URL`). Unset: in memory.
    pub database: Option<Database>,
    /// Whose requests all requests are. Not for the environment.
    pub tenant: TenantId,
    /// Id of the made-up apps at the platforms that the sandbox plays, digits only; its Pages and organizations get ids of
    /// their own too. Unset: the sandbox's usual ones. Not for the environment.
    pub sandbox_app: Option<String>,
    /// The app at Meta (`META_APP_ID`). Unset: the sandbox plays Meta.
    pub meta: Option<MetaApp>,
    /// The app at LinkedIn (`LINKEDIN_CLIENT_ID`). Unset: the sandbox plays LinkedIn.
    pub linkedin: Option<LinkedInApp>,
    /// Where conversion events go unless a call names a dataset (`META_DATASET_ID`).
    pub dataset: Option<DatasetId>,
    /// Permissions to ask for at Facebook instead of the usual ones (`META_SCOPES`).
    pub meta_scopes: Option<ScopeSet>,
    /// Scopes to ask for at LinkedIn instead of the usual ones (`LINKEDIN_SCOPES`).
    pub linkedin_scopes: Option<ScopeSet>,
    /// What the platforms are told when a lead's status changes (`LEAD_EVENTS`, `WHATSAPP_LEAD_EVENTS`,
    /// `LINKEDIN_CONVERSION_RULE`).
    pub lead_events: LeadEvents,
    /// What to log (`RUST_LOG`).
    pub log: Option<String>,
}

/// An app at Meta.
#[derive(Debug, Clone)]
pub struct MetaApp {
    /// Its id.
    pub id: AppId,
    /// Its secret: signs webhooks and calls.
    pub secret: Secret,
    /// The token entered with the webhook's address.
    pub verify_token: Secret,
}

/// An app at LinkedIn.
#[derive(Debug, Clone)]
pub struct LinkedInApp {
    /// Its client id.
    pub id: String,
    /// Its client secret: signs webhooks.
    pub secret: Secret,
}

/// A setting is missing or not usable. Names the variable, never its value.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {problem}")]
pub struct ConfigError {
    variable: &'static str,
    problem: String,
}

impl ConfigError {
    pub(crate) fn new(variable: &'static str, problem: impl Into<String>) -> Self {
        Self { variable, problem: problem.into() }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: DEFAULT_PORT,
            public_url: None,
            encryption_key: None,
            database: None,
            tenant: TENANT,
            sandbox_app: None,
            meta: None,
            linkedin: None,
            dataset: None,
            meta_scopes: None,
            linkedin_scopes: None,
            lead_events: LeadEvents::default(),
            log: None,
        }
    }
}

impl Config {
    /// From the environment of the process.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the first variable that is missing or not usable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&environment)
    }

    /// The sandbox plays both platforms, on a free loopback port.
    pub fn sandboxed() -> Self {
        Self { port: 0, ..Self::default() }
    }

    fn read(environment: &dyn Fn(&'static str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let from = Variables(environment);
        let mut config = Self::default();
        if let Some(bind) = from.text("BIND")? {
            config.bind = bind.parse().map_err(|_| {
                ConfigError::new("BIND", "not an IP address; set one such as 127.0.0.1, or 0.0.0.0 for all")
            })?;
        }
        if let Some(port) = from.text("PORT")? {
            config.port = port.parse().map_err(|_| {
                ConfigError::new("PORT", "not a port; set a number from 0 to 65535 (0 takes a free one)")
            })?;
        }
        config.public_url = from.text("PUBLIC_URL")?.map(|text| origin(&text)).transpose()?;
        config.encryption_key = keys(&from)?;
        config.database = Database::read(&from)?;
        config.meta = meta(&from)?;
        config.linkedin = linkedin(&from)?;
        config.dataset = from.text("META_DATASET_ID")?.map(dataset).transpose()?;
        config.meta_scopes = scopes(&from, "META_SCOPES")?;
        config.linkedin_scopes = scopes(&from, "LINKEDIN_SCOPES")?;
        config.lead_events = LeadEvents::read(&from)?;
        config.log = from.text("RUST_LOG")?;
        Ok(config)
    }
}

impl Migration {
    /// From the environment of the process.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the first variable that is missing or not usable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&Variables(&environment))
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place of the program that reads its environment")]
fn environment(name: &'static str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Access to variables. One that is set to nothing counts as not set, as in files with `NAME=`.
struct Variables<'a>(&'a dyn Fn(&'static str) -> Option<OsString>);

impl Variables<'_> {
    fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let Some(value) = (self.0)(name) else { return Ok(None) };
        let value = value.into_string().map_err(|_| ConfigError::new(name, "not UTF-8 text"))?;
        let value = value.trim();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    /// A variable that `switch` needs beside it.
    fn companion(&self, name: &'static str, switch: &str, what: &str) -> Result<String, ConfigError> {
        self.text(name)?.ok_or_else(|| {
            ConfigError::new(
                name,
                format!("missing, but {switch} is set: set it to {what}, or unset {switch}"),
            )
        })
    }

    /// A variable that means nothing without `switch`: whoever sets it believes to use the real platform.
    fn refuse_alone(&self, name: &'static str, switch: &str) -> Result<(), ConfigError> {
        match self.text(name)? {
            None => Ok(()),
            Some(_) => Err(ConfigError::new(
                name,
                format!("set, but {switch} is not: set {switch} too, or unset it"),
            )),
        }
    }
}

fn meta(from: &Variables<'_>) -> Result<Option<MetaApp>, ConfigError> {
    let Some(id) = from.text("META_APP_ID")? else {
        from.refuse_alone("META_APP_SECRET", "META_APP_ID")?;
        from.refuse_alone("META_VERIFY_TOKEN", "META_APP_ID")?;
        return Ok(None);
    };
    let secret = from.companion("META_APP_SECRET", "META_APP_ID", "the app secret of the app's settings")?;
    let verify_token = from.companion(
        "META_VERIFY_TOKEN",
        "META_APP_ID",
        "the text you enter as verify token beside the webhook's address",
    )?;
    let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let id = AppId::new(id).ok().filter(|_| digits);
    let id = id.ok_or_else(|| ConfigError::new("META_APP_ID", "not an app id; it has digits only"))?;
    Ok(Some(MetaApp { id, secret: Secret::new(secret), verify_token: Secret::new(verify_token) }))
}

fn linkedin(from: &Variables<'_>) -> Result<Option<LinkedInApp>, ConfigError> {
    let Some(id) = from.text("LINKEDIN_CLIENT_ID")? else {
        from.refuse_alone("LINKEDIN_CLIENT_SECRET", "LINKEDIN_CLIENT_ID")?;
        return Ok(None);
    };
    let what = "the client secret of the app's Auth page";
    let secret = from.companion("LINKEDIN_CLIENT_SECRET", "LINKEDIN_CLIENT_ID", what)?;
    Ok(Some(LinkedInApp { id, secret: Secret::new(secret) }))
}

fn dataset(id: String) -> Result<DatasetId, ConfigError> {
    DatasetId::new(id).map_err(|error| ConfigError::new("META_DATASET_ID", error.to_string()))
}

fn keys(from: &Variables<'_>) -> Result<Option<Arc<dyn KeyProvider>>, ConfigError> {
    const TEXT: &str = "ENCRYPTION_KEY";
    const FILE: &str = "ENCRYPTION_KEY_FILE";
    match (from.text(TEXT)?, from.text(FILE)?) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ConfigError::new(FILE, "set beside ENCRYPTION_KEY; unset one of them")),
        (Some(text), None) => match LocalKeys::parse(&text) {
            Ok(keys) => Ok(Some(Arc::new(keys))),
            Err(error) => Err(ConfigError::new(TEXT, error.to_string())),
        },
        // Mounted secrets are often readable for the group of the process, and never for others.
        (None, Some(path)) => match KeyFile::open_for_group(path) {
            Ok(keys) => Ok(Some(Arc::new(keys))),
            Err(error) => Err(ConfigError::new(FILE, error.to_string())),
        },
    }
}

fn scopes(from: &Variables<'_>, name: &'static str) -> Result<Option<ScopeSet>, ConfigError> {
    let Some(list) = from.text(name)? else { return Ok(None) };
    let scopes = ScopeSet::parse(&list);
    if scopes.iter().all(sociogram::oauth_core::Scope::is_well_formed) {
        Ok(Some(scopes))
    } else {
        Err(ConfigError::new(name, "not a list of scopes; separate their names by spaces or commas"))
    }
}

/// `https`, or plain `http` on this machine; nothing behind the host, since all routes start at the root.
fn origin(text: &str) -> Result<String, ConfigError> {
    let unusable = |why: &str| {
        ConfigError::new("PUBLIC_URL", format!("{why}; set an address such as https://social.example.com"))
    };
    let url = Url::parse(text).map_err(|_| unusable("not an absolute address"))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(unusable("it has no host")),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(unusable("plain http works on this machine only")),
        _ => return Err(unusable("the scheme is not https")),
    }
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("it has more than scheme, host and port"));
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let owned: Vec<(String, OsString)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
        Config::read(&|name| owned.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn nothing_set_is_the_sandbox_on_loopback() {
        let config = read(&[("META_APP_ID", ""), ("PORT", "  ")]).unwrap();
        assert_eq!((config.bind.to_string().as_str(), config.port), ("127.0.0.1", DEFAULT_PORT));
        assert!(config.meta.is_none() && config.linkedin.is_none() && config.encryption_key.is_none());
    }

    #[test]
    fn everything_can_be_set_and_secrets_are_not_printed() {
        let key = "0f".repeat(32);
        let config = read(&[
            ("BIND", "0.0.0.0"),
            ("PORT", "9000"),
            ("PUBLIC_URL", "https://Social.example.com/"),
            ("ENCRYPTION_KEY", &key),
            ("DATABASE_URL", "postgres://app:CANARY@db.example/product"),
            ("WORKER_DATABASE_URL", "postgres://worker:CANARY@db.example/product"),
            ("DATABASE_SCHEMA", "social"),
            ("META_APP_ID", "123"),
            ("META_APP_SECRET", "CANARY"),
            ("META_VERIFY_TOKEN", "CANARY"),
            ("LINKEDIN_CLIENT_ID", "86abc"),
            ("LINKEDIN_CLIENT_SECRET", "CANARY"),
            ("META_DATASET_ID", "42"),
            ("LINKEDIN_SCOPES", "openid,profile w_member_social"),
            ("RUST_LOG", "debug"),
        ]);
        let config = config.unwrap();
        assert_eq!((config.bind.to_string().as_str(), config.port), ("0.0.0.0", 9000));
        assert_eq!(config.public_url.as_deref(), Some("https://social.example.com"));
        assert_eq!(config.meta.as_ref().unwrap().secret.expose(), "CANARY");
        assert_eq!(config.linkedin.as_ref().unwrap().id, "86abc");
        assert_eq!(config.dataset.as_ref().unwrap().as_str(), "42");
        assert_eq!(config.linkedin_scopes.as_ref().unwrap().len(), 3);
        let printed = format!("{config:?}");
        assert!(printed.contains("db.example") && printed.matches("social\"").count() == 3, "{printed}");
        assert!(!printed.contains("CANARY") && !printed.contains(&key), "{printed}");
    }

    /// What is set, which variable is at fault, and part of the advice.
    type Mistake<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

    #[test]
    fn mistakes_name_the_variable_and_what_to_do() {
        let cases: [Mistake<'_>; 20] = [
            (&[("META_APP_ID", "1")], "META_APP_SECRET", "META_APP_ID is set"),
            (&[("META_APP_ID", "1"), ("META_APP_SECRET", "s")], "META_VERIFY_TOKEN", "verify token"),
            (&[("META_APP_SECRET", "s")], "META_APP_SECRET", "META_APP_ID is not"),
            (&[("META_VERIFY_TOKEN", "s")], "META_VERIFY_TOKEN", "META_APP_ID is not"),
            (
                &[("META_APP_ID", "x1"), ("META_APP_SECRET", "s"), ("META_VERIFY_TOKEN", "t")],
                "META_APP_ID",
                "digits",
            ),
            (&[("LINKEDIN_CLIENT_ID", "1")], "LINKEDIN_CLIENT_SECRET", "LINKEDIN_CLIENT_ID is set"),
            (&[("LINKEDIN_CLIENT_SECRET", "1")], "LINKEDIN_CLIENT_SECRET", "LINKEDIN_CLIENT_ID is not"),
            (&[("PORT", "70000")], "PORT", "0 to 65535"),
            (&[("BIND", "localhost")], "BIND", "IP address"),
            (&[("PUBLIC_URL", "http://social.example.com")], "PUBLIC_URL", "this machine only"),
            (&[("PUBLIC_URL", "https://social.example.com/app")], "PUBLIC_URL", "more than"),
            (&[("PUBLIC_URL", "social.example.com")], "PUBLIC_URL", "https://"),
            (&[("ENCRYPTION_KEY", "short")], "ENCRYPTION_KEY", "openssl rand -hex 32"),
            (&[("ENCRYPTION_KEY_FILE", "/nowhere/keys")], "ENCRYPTION_KEY_FILE", "/nowhere/keys"),
            (&[("ENCRYPTION_KEY", "k"), ("ENCRYPTION_KEY_FILE", "/k")], "ENCRYPTION_KEY_FILE", "unset one"),
            (&[("META_DATASET_ID", "a/b")], "META_DATASET_ID", "id"),
            (&[("DATABASE_URL", "mysql//CANARY")], "DATABASE_URL", "postgres://"),
            (&[("WORKER_DATABASE_URL", "postgres:///db")], "WORKER_DATABASE_URL", "DATABASE_URL is not"),
            (&[("DATABASE_SCHEMA", "social")], "DATABASE_SCHEMA", "DATABASE_URL is not"),
            (
                &[("DATABASE_URL", "postgres:///db"), ("DATABASE_SCHEMA", "So cial")],
                "DATABASE_SCHEMA",
                "schema",
            ),
        ];
        for (variables, name, part) in cases {
            let error = read(variables).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("{name}: ")) && error.contains(part),
                "{variables:?}: {error}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn text_that_is_not_utf_8_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        let error =
            Config::read(&|name| (name == "PORT").then(|| OsString::from_vec(vec![0xff]))).unwrap_err();
        assert_eq!(error.to_string(), "PORT: not UTF-8 text");
    }
}
