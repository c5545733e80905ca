//! Starting, serving and stopping.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use sociogram::{
    api_core::{
        Secret, SystemClock,
        http::{ReqwestTransport, Timer},
    },
    meta_graph::{AppId, DatasetId},
    oauth_core::{MemorySessionStore, OAuthError},
    token_vault::{DataKeys, LocalKeys, MemoryStore, Vault},
};
use sociogram_sandbox::{RedirectRule, Sandbox, SandboxConfig};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    accounts::AccountBook,
    app::App,
    config::{Config, LinkedInApp, MetaApp},
    idempotency::Idempotency,
    inbox::Inbox,
    platforms::{
        Facebook, FacebookSettings, LinkedIn, LinkedInSettings, Login, Played, Surroundings,
    },
    publish::PostLog,
    routes, sandbox,
};

/// How long a stop waits for requests in progress.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// The server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {}", listen_advice(.source))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The sandbox could not start.
    #[error("the sandbox did not start: {0}")]
    Sandbox(#[from] sociogram_sandbox::StartError),
    /// A login could not be set up.
    #[error("{0}")]
    Login(#[from] OAuthError),
    /// Something else is not set up correctly.
    #[error("{0}")]
    Setup(String),
}

fn listen_advice(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        "another program uses this port; stop it, or name another port with --port (--port 0 takes a free one)"
            .to_owned()
    } else {
        format!("{error}; name another address with BIND or another port with --port")
    }
}

/// A running server. Dropping it stops it; [`shutdown`](Self::shutdown) waits until it has stopped.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    address: SocketAddr,
    sandbox: Option<Sandbox>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Starts the server, and the sandbox for each platform without an app in the settings.
    ///
    /// # Errors
    ///
    /// [`StartError`], with what to do about it.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let wanted = SocketAddr::new(config.bind, config.port);
        let listen = |source| StartError::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let base = config.public_url.clone().unwrap_or_else(|| local_url(address));

        let sandbox = start_sandbox(&config, &base).await?;
        let app = Arc::new(build(config, base, sandbox.as_ref())?);

        let (stop, stopped) = oneshot::channel::<()>();
        let service = routes::router(Arc::clone(&app));
        let serving = tokio::spawn(async move {
            let server = axum::serve(listener, service).with_graceful_shutdown(async {
                let _dropped_counts_as_stop = stopped.await;
            });
            if let Err(error) = server.await {
                tracing::error!(%error, "the server stopped serving");
            }
        });
        Ok(Self { app, address, sandbox, stop: Some(stop), serving })
    }

    /// Where a browser on this machine finds it, without a trailing slash.
    pub fn url(&self) -> String {
        local_url(self.address)
    }

    /// The origin that redirects name: `PUBLIC_URL`, or else [`url`](Self::url).
    pub fn public_url(&self) -> &str {
        &self.app.base
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The sandbox, if it plays a platform.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// Registers this server's webhook receivers with the sandbox, as a developer does in the platforms'
    /// settings. Both handshakes are made.
    ///
    /// # Errors
    ///
    /// What the sandbox did not accept.
    pub async fn register_webhooks(&self) -> Result<(), String> {
        match &self.sandbox {
            Some(played) => {
                sandbox::register_webhooks(played.url(), &self.url(), &self.app.played).await
            }
            None => Ok(()),
        }
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// Completes when it stops serving by itself.
    pub async fn stopped(&mut self) {
        let _ended = (&mut self.serving).await;
    }

    /// Takes no more requests, lets those in progress end for ten seconds, and stops.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _already_stopped = stop.send(());
        }
        if !self.serving.is_finished() {
            let timer = Arc::clone(&self.app.timer);
            tokio::select! {
                () = self.stopped() => {}
                () = timer.sleep(STOP_PATIENCE) => self.serving.abort(),
            }
        }
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.shutdown().await;
        }
    }
}

/// A listener on all addresses is reached over loopback.
fn local_url(address: SocketAddr) -> String {
    let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// The sandbox accepts exactly the redirect addresses that are ours, as the platforms do.
async fn start_sandbox(config: &Config, base: &str) -> Result<Option<Sandbox>, StartError> {
    if config.meta.is_some() && config.linkedin.is_some() {
        return Ok(None);
    }
    let redirects = [Login::Facebook, Login::LinkedIn].map(|login| Surroundings::callback(base, login));
    let settings =
        SandboxConfig { redirects: RedirectRule::Listed(redirects.to_vec()), ..SandboxConfig::default() };
    Ok(Some(Sandbox::start(settings).await?))
}

fn build(config: Config, base: String, sandbox: Option<&Sandbox>) -> Result<App, StartError> {
    let timer: Arc<dyn Timer> = Arc::new(SystemClock::new());
    let transport = ReqwestTransport::new()
        .map_err(|error| StartError::Setup(format!("the HTTP client cannot be set up: {error}")))?;
    let around = Arc::new(Surroundings {
        base: base.clone(),
        transport: Arc::new(transport),
        sessions: Arc::new(MemorySessionStore::new()),
        timer: Arc::clone(&timer),
    });
    let keys = match config.encryption_key.clone() {
        Some(keys) => keys,
        None => Arc::new(LocalKeys::generate().map_err(|error| StartError::Setup(error.to_string()))?),
    };
    let store = Arc::new(MemoryStore::new());
    let vault = Vault::builder(store.clone(), store.clone(), DataKeys::new(keys, store.clone())).build();
    let played = [("meta", config.meta.is_none()), ("linkedin", config.linkedin.is_none())];
    let played = played.into_iter().filter(|(_, played)| *played).map(|(name, _)| name).collect();
    let (facebook, linkedin) = platforms(config, sandbox)?;
    Ok(App {
        base,
        sandbox: sandbox.map(|sandbox| sandbox.url().to_owned()),
        played,
        timer,
        vault,
        store,
        facebook: Facebook::new(facebook, &around)?,
        linkedin: LinkedIn::new(linkedin, &around)?,
        accounts: AccountBook::default(),
        inbox: Inbox::default(),
        idempotency: Idempotency::default(),
        posts: PostLog::default(),
    })
}

/// The settings of both platforms: the real one where an app is configured, else the sandbox.
fn platforms(
    config: Config,
    sandbox: Option<&Sandbox>,
) -> Result<(FacebookSettings, LinkedInSettings), StartError> {
    let no_sandbox = || StartError::Setup("no app is configured and there is no sandbox".to_owned());
    let (meta, meta_played, dataset) = match config.meta {
        Some(app) => (app, None, config.dataset),
        None => {
            let sandbox = sandbox.ok_or_else(no_sandbox)?;
            let dataset = sandbox.world().datasets.first().and_then(|id| DatasetId::new(id.as_str()).ok());
            (played_meta(sandbox)?, Some(meta_endpoints(sandbox)?), config.dataset.or(dataset))
        }
    };
    let (linkedin, linkedin_played) = match config.linkedin {
        Some(app) => (app, None),
        None => {
            let sandbox = sandbox.ok_or_else(no_sandbox)?;
            let app = &sandbox.config().linkedin;
            let app = LinkedInApp { id: app.id.clone(), secret: Secret::new(app.secret.as_str()) };
            (app, Some(linkedin_endpoints(sandbox)?))
        }
    };
    Ok((
        FacebookSettings { app: meta, played: meta_played, scopes: config.meta_scopes, dataset },
        LinkedInSettings { app: linkedin, played: linkedin_played, scopes: config.linkedin_scopes },
    ))
}

fn played_meta(sandbox: &Sandbox) -> Result<MetaApp, StartError> {
    let app = &sandbox.config().meta;
    Ok(MetaApp {
        id: AppId::new(app.id.as_str()).map_err(|error| StartError::Setup(error.to_string()))?,
        secret: Secret::new(app.secret.as_str()),
        verify_token: Secret::new(app.verify_token.as_str()),
    })
}

fn meta_endpoints(sandbox: &Sandbox) -> Result<Played, StartError> {
    let hosts = sandbox.endpoints();
    Played::new(&hosts.facebook, &hosts.graph, &hosts.graph)
}

fn linkedin_endpoints(sandbox: &Sandbox) -> Result<Played, StartError> {
    let hosts = sandbox.endpoints();
    Played::new(&hosts.linkedin_oauth, &hosts.linkedin_oauth, &hosts.linkedin_api)
}
