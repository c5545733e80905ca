//! Starting, serving and stopping.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use sociogram::oauth_core::OAuthError;
use sociogram_sandbox::{RedirectRule, Sandbox, SandboxConfig, World};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    app::App,
    assemble::{Assembled, assemble},
    config::Config,
    keeper::Keeper,
    platforms::{Login, Surroundings},
    records::RecordsError,
    routes, sandbox,
    stores::Stores,
};

/// How long a stop waits for requests in progress.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// The conversion rule of the sandbox.
const SANDBOX_RULE: u32 = 104_900;

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
    /// The database cannot be served from.
    #[error("the database: {}", reasons(.0))]
    Database(#[from] sociogram_postgres::SetupError),
    /// A login could not be set up.
    #[error("{0}")]
    Login(#[from] OAuthError),
    /// Something else is not set up correctly.
    #[error("{0}")]
    Setup(String),
}

/// The server's own records cannot be served from.
impl From<RecordsError> for StartError {
    fn from(error: RecordsError) -> Self {
        Self::Setup(format!("the database: {error}"))
    }
}

/// An error with what is behind it. The statements that put it right come last.
pub(crate) fn reasons(error: &sociogram_postgres::SetupError) -> String {
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(behind) = cause {
        let part = behind.to_string();
        if !told.contains(&part) {
            told = format!("{told}: {part}");
        }
        cause = behind.source();
    }
    told
}

fn listen_advice(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        "another program uses this port; stop it, or name another one (--port 0 takes a free one)".to_owned()
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
    keeper: Option<Keeper>,
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

        let stores = Stores::open(&config).await?;
        let sandbox = start_sandbox(&config, &base).await?;
        let Assembled { app, worker } = assemble(&config, stores, base, sandbox.as_ref())?;
        let app = Arc::new(app);
        let keeper = Keeper::start(&app, worker)?;

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
        Ok(Self { app, address, sandbox, stop: Some(stop), serving, keeper: Some(keeper) })
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
            Some(played) => sandbox::register_webhooks(played.url(), &self.url(), &self.app.played).await,
            None => Ok(()),
        }
    }

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
        if let Some(keeper) = self.keeper.take() {
            keeper.stop(&self.app).await;
        }
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.shutdown().await;
        }
    }
}

/// A listener on all addresses is reached over loopback.
fn local_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// The sandbox accepts exactly the redirect addresses that are ours, as the platforms do.
async fn start_sandbox(config: &Config, base: &str) -> Result<Option<Sandbox>, StartError> {
    if config.meta.is_some() && config.linkedin.is_some() {
        return Ok(None);
    }
    let redirects = [Login::Facebook, Login::LinkedIn].map(|login| Surroundings::callback(base, login));
    let mut settings =
        SandboxConfig { redirects: RedirectRule::Listed(redirects.to_vec()), ..SandboxConfig::default() };
    settings.world.conversion_rules = vec![SANDBOX_RULE];
    if let Some(id) = &config.sandbox_app {
        settings.meta.id.clone_from(id);
        settings.linkedin.id.clone_from(id);
        rename(&mut settings.world, id);
    }
    Ok(Some(Sandbox::start(settings).await?))
}

/// Pages and organizations of its own: events are told apart by the ids of accounts, and an inbox may hold those of earlier
/// sandboxes.
fn rename(world: &mut World, id: &str) {
    for (number, page) in world.pages.iter_mut().enumerate() {
        page.id = format!("{id}{number}");
    }
    for (number, organization) in world.organizations.iter_mut().enumerate() {
        organization.id = format!("{id}{number}");
    }
}
