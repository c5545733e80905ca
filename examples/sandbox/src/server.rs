//! Starting, serving and stopping.

use std::{fmt, io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    clock::pause,
    config::{SandboxConfig, is_webhook_target},
    control, facebook, faults, graph,
    instagram::{self, Site},
    linkedin,
    listener::{Cut, CutListener},
    received::Received,
    request::{Area, Incoming},
    state::{Inner, Shared},
    webhooks,
    world::World,
};

/// How long a stop waits for calls in progress.
const STOP_PATIENCE: Duration = Duration::from_secs(1);

/// A running sandbox. Dropping it stops it; [`shutdown`](Self::shutdown) waits until it has stopped.
pub struct Sandbox {
    shared: Shared,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    /// `None` once it has stopped.
    server: Option<JoinHandle<()>>,
    courier: JoinHandle<()>,
}

/// Base addresses of the hosts the sandbox plays. No trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Plays `https://www.facebook.com`; the dialog is at `{facebook}/v26.0/dialog/oauth`.
    pub facebook: String,
    /// Plays `https://graph.facebook.com`; calls are at `{graph}/v26.0/…`.
    pub graph: String,
    /// Plays `https://graph-video.facebook.com`, which takes videos and nothing else.
    pub graph_video: String,
    /// Plays `https://rupload.facebook.com`; uploads are at `{upload}/video-upload/…` and `{upload}/ig-api-upload/…`.
    pub upload: String,
    /// Plays `https://lookaside.fbsbx.com`, where files are that people sent on WhatsApp.
    pub files: String,
    /// Plays `https://www.instagram.com`; the dialog is at `{instagram}/oauth/authorize`.
    pub instagram: String,
    /// Plays `https://api.instagram.com` and `https://graph.instagram.com`, whose paths do not overlap:
    /// `{instagram_api}/oauth/access_token`, `{instagram_api}/access_token`, `{instagram_api}/v26.0/me`.
    pub instagram_api: String,
    /// Plays `https://threads.net`; the dialog is at `{threads}/oauth/authorize`.
    pub threads: String,
    /// Plays `https://graph.threads.net`; calls are at `{threads_api}/oauth/access_token` and `{threads_api}/v1.0/me`.
    pub threads_api: String,
    /// Plays `https://www.linkedin.com`; OAuth is at `{linkedin_oauth}/oauth/v2/…`.
    pub linkedin_oauth: String,
    /// Plays `https://api.linkedin.com`; calls are at `{linkedin_api}/rest/…` and `{linkedin_api}/v2/userinfo`.
    pub linkedin_api: String,
}

/// The sandbox could not start.
#[derive(Debug)]
pub struct StartError {
    message: &'static str,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StartError {
    fn new(message: &'static str) -> Self {
        Self { message, source: None }
    }

    fn from_source(message: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { message, source: Some(Box::new(source)) }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

impl Sandbox {
    /// Starts a sandbox in this process.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sociogram_sandbox::StartError> {
    /// use sociogram_sandbox::{Sandbox, SandboxConfig};
    ///
    /// let sandbox = Sandbox::start(SandboxConfig::default()).await?;
    /// assert!(sandbox.endpoints().graph.starts_with("http://127.0.0.1:"));
    /// assert!(sandbox.received().calls.is_empty());
    /// sandbox.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the address is not on this machine or taken, when no version is configured, or when a webhook target is
    /// not an address on this machine.
    pub async fn start(config: SandboxConfig) -> Result<Self, StartError> {
        check(&config)?;
        let mut entropy = [0_u8; 32];
        getrandom::fill(&mut entropy).map_err(|error| {
            StartError::from_source("the system gave no random bytes", io::Error::other(error.to_string()))
        })?;
        let listener = TcpListener::bind(config.bind).await.map_err(|error| {
            StartError::from_source(
                "could not listen on the bind address: choose a free port or port 0",
                error,
            )
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| StartError::from_source("could not read the address listened on", error))?;
        let http = webhooks::client()
            .map_err(|error| StartError::from_source("could not build the webhook client", error))?;
        let (outbox, parcels) = mpsc::unbounded_channel();
        let shared = Shared::new(Inner::new(config, format!("http://{address}"), http, outbox, entropy));
        let courier = tokio::spawn(webhooks::carry(shared.clone(), parcels));
        let (stop, stopped) = oneshot::channel::<()>();
        let service = Router::new()
            .fallback(entry)
            .with_state(shared.clone())
            .into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            let serving = axum::serve(CutListener(listener), service).with_graceful_shutdown(async {
                let _dropped_counts_as_stop = stopped.await;
            });
            if let Err(error) = serving.await {
                tracing::error!(%error, "sandbox stopped serving");
            }
        });
        Ok(Self { shared, address, stop: Some(stop), server: Some(server), courier })
    }

    /// Base address, `http://127.0.0.1:{port}`, without a trailing slash. The control API is below `/_sandbox/`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The address listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base addresses of the hosts the sandbox plays.
    pub fn endpoints(&self) -> Endpoints {
        let url = self.url();
        Endpoints {
            facebook: format!("{url}/facebook"),
            graph: format!("{url}/graph"),
            graph_video: format!("{url}/graph-video"),
            upload: format!("{url}/rupload"),
            files: format!("{url}/lookaside"),
            instagram: format!("{url}/instagram"),
            instagram_api: format!("{url}/instagram-api"),
            threads: format!("{url}/threads"),
            threads_api: format!("{url}/threads-api"),
            linkedin_oauth: format!("{url}/linkedin"),
            linkedin_api: format!("{url}/linkedin-api"),
        }
    }

    /// The settings it runs with.
    pub fn config(&self) -> &SandboxConfig {
        &self.shared.config
    }

    /// Who and what exists on the platforms.
    pub fn world(&self) -> &World {
        &self.shared.config.world
    }

    /// A snapshot of what the platforms hold and saw.
    pub fn received(&self) -> Received {
        self.shared.lock().snapshot()
    }

    /// A long-lived Facebook user token with these permissions, as if the person had just agreed. For tests that are
    /// not about the login.
    pub fn meta_user_token(&self, permissions: &[&str]) -> String {
        graph::login::issue_directly(&self.shared, permissions)
    }

    /// A long-lived token of Instagram Login (60 days) with these permissions, as if the account had just agreed. For
    /// tests that are not about the login.
    pub fn instagram_token(&self, permissions: &[&str]) -> String {
        instagram::issue_directly(&self.shared, Site::Instagram, permissions)
    }

    /// A long-lived Threads token (60 days) with these permissions, as if the profile had just agreed. For tests that
    /// are not about the login.
    pub fn threads_token(&self, permissions: &[&str]) -> String {
        instagram::issue_directly(&self.shared, Site::Threads, permissions)
    }

    /// A LinkedIn member token (60 days) with these scopes, as if the member had just agreed. For tests that are not
    /// about the login.
    pub fn linkedin_token(&self, scopes: &[&str]) -> String {
        linkedin::token::issue_directly(&self.shared, scopes)
    }

    /// Stops listening, breaks off what is still open, and waits for it.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            let _already_stopped = stop.send(());
        }
        self.courier.abort();
        if let Some(mut server) = self.server.take() {
            tokio::select! {
                _stopped = &mut server => {}
                // A call that a fault holds back must not hold the stop back too.
                () = pause(STOP_PATIENCE) => {
                    server.abort();
                    let _aborted = server.await;
                }
            }
        }
        let _aborted = (&mut self.courier).await;
    }

    /// Serves until the process is told to stop; for the program.
    pub async fn wait(&mut self) {
        if let Some(server) = self.server.as_mut() {
            let _stopped = server.await;
            self.server = None;
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The server stops by itself: losing the sender of the stop signal counts as the signal.
        self.courier.abort();
    }
}

fn check(config: &SandboxConfig) -> Result<(), StartError> {
    if !config.bind.ip().is_loopback() {
        return Err(StartError::new("the sandbox only listens on this machine: bind 127.0.0.1 or [::1]"));
    }
    if config.graph_versions.is_empty() || config.linkedin_versions.is_empty() {
        return Err(StartError::new("name at least one graph version and one linkedin version"));
    }
    let targets = [&config.meta_webhook, &config.linkedin_webhook];
    if targets.into_iter().flatten().any(|target| !is_webhook_target(target)) {
        return Err(StartError::new("webhook targets must be http addresses on this machine"));
    }
    Ok(())
}

async fn entry(
    State(shared): State<Shared>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let Some(incoming) = Incoming::read(request).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "body above 64 MiB or broken off\n").into_response();
    };
    match incoming.area {
        Area::Control => control::handle(&shared, &incoming).await,
        Area::Elsewhere => elsewhere(&incoming),
        _ => faults::play(&shared, incoming, &cut, answer).await,
    }
}

/// The answer of the platform, before any fault.
fn answer(shared: &Shared, incoming: &Incoming) -> Response {
    match incoming.area {
        Area::Facebook => facebook::handle(shared, incoming),
        Area::Graph | Area::GraphVideo | Area::Upload | Area::Files => graph::handle(shared, incoming),
        Area::Instagram => instagram::handle(shared, incoming, Site::Instagram),
        Area::InstagramApi => instagram::handle_api(shared, incoming, Site::Instagram),
        Area::Threads => instagram::handle(shared, incoming, Site::Threads),
        Area::ThreadsApi => instagram::handle_api(shared, incoming, Site::Threads),
        Area::LinkedIn => linkedin::handle(shared, incoming),
        _ => linkedin::api::handle(shared, incoming),
    }
}

fn elsewhere(incoming: &Incoming) -> Response {
    let page = "sociogram sandbox: plays Meta and LinkedIn (unofficial)\n\n\
        /facebook      www.facebook.com\n\
        /graph         graph.facebook.com\n\
        /graph-video   graph-video.facebook.com\n\
        /rupload       rupload.facebook.com\n\
        /lookaside     lookaside.fbsbx.com\n\
        /instagram     www.instagram.com\n\
        /instagram-api api.instagram.com, graph.instagram.com\n\
        /threads       threads.net\n\
        /threads-api   graph.threads.net\n\
        /linkedin      www.linkedin.com\n\
        /linkedin-api  api.linkedin.com\n\
        /_sandbox      control API\n";
    let status = if incoming.path == "/" { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, page).into_response()
}
