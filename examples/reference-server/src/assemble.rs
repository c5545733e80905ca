//! From settings to the state of the server.

use std::sync::Arc;

use sociogram::{
    api_core::{Secret, SystemClock, Timer, http::ReqwestTransport},
    capi::dispatch::Dispatcher,
    linkedin_api::ConversionUrn,
    meta_graph::{AppId, DatasetId},
    token_vault::{KeyProvider, LocalKeys},
    webhook_verify::inbox::{Receiver, Wake, Worker},
};
use sociogram_sandbox::Sandbox;

use crate::{
    accounts::AccountBook,
    app::{App, Receivers, built_in_actor},
    config::{Config, LeadEvents, LinkedInApp, MetaApp},
    conversions::{Outbox, Senders},
    events::{self, EventHandler},
    idempotency::Idempotency,
    platforms::{Facebook, FacebookSettings, LinkedIn, LinkedInSettings, Played, Surroundings},
    publish::PostLog,
    server::StartError,
    stores::Stores,
};

/// What a server is made of.
pub(crate) struct Assembled {
    pub(crate) app: App,
    /// What handles events, if this process may look across tenants. Not at work yet.
    pub(crate) worker: Option<Worker>,
}

/// The state. `sandbox` plays each platform without an app in the settings.
pub(crate) fn assemble(
    config: &Config,
    stores: Stores,
    base: String,
    sandbox: Option<&Sandbox>,
) -> Result<Assembled, StartError> {
    let timer: Arc<dyn Timer> = Arc::new(SystemClock::new());
    let transport = ReqwestTransport::new()
        .map_err(|error| StartError::Setup(format!("the HTTP client cannot be set up: {error}")))?;
    let around = Arc::new(Surroundings {
        base: base.clone(),
        transport: Arc::new(transport),
        sessions: stores.sessions(),
        timer: Arc::clone(&timer),
    });
    let keys: Arc<dyn KeyProvider> = match &config.encryption_key {
        Some(keys) => Arc::clone(keys),
        None => Arc::new(LocalKeys::generate().map_err(|error| StartError::Setup(error.to_string()))?),
    };
    let facebook = Arc::new(Facebook::new(facebook(config, sandbox)?, &around)?);
    let leads = lead_events(config, sandbox);
    let counts = leads.usual_rule().is_some();
    let linkedin = Arc::new(LinkedIn::new(linkedin(config, sandbox, counts)?, &around)?);
    let mut vault = stores.vault(keys).timer(Arc::clone(&timer));
    for oauth in [&facebook.oauth, &linkedin.oauth] {
        vault = vault.app(oauth.provider().id().clone(), oauth.client_id(), Arc::new(oauth.clone()));
    }
    let vault = vault.build().map_err(|error| StartError::Setup(error.to_string()))?;
    let played = [("meta", config.meta.is_none()), ("linkedin", config.linkedin.is_none())];
    let handler = stores.holders().map(|holders| EventHandler {
        facebook: Arc::clone(&facebook),
        linkedin: Arc::clone(&linkedin),
        vault: vault.clone(),
        connections: stores.connections(),
        holders,
        records: stores.records(),
        timer: Arc::clone(&timer),
        is_guest: config.sandbox_app.is_some(),
    });
    let worker = stores.inbox().zip(handler).map(|(inbox, handler)| events::worker(inbox, handler));
    let wake = worker.as_ref().map(Worker::wake);
    let senders = Senders {
        facebook: Arc::clone(&facebook),
        linkedin: Arc::clone(&linkedin),
        vault: vault.clone(),
        connections: stores.connections(),
    };
    let outbox = outbox(&stores, senders, &timer)?;
    let app = App {
        base,
        sandbox: sandbox.map(|sandbox| sandbox.url().to_owned()),
        played: played.into_iter().filter(|(_, played)| *played).map(|(name, _)| name).collect(),
        actor: built_in_actor(config.tenant),
        timer,
        vault,
        store: stores.connections(),
        receivers: receivers(&stores, &facebook, &linkedin, wake.as_ref()),
        inbox: stores.inbox(),
        wake,
        records: stores.records(),
        stores,
        facebook,
        linkedin,
        accounts: AccountBook::default(),
        outbox,
        leads,
        idempotency: Idempotency::default(),
        recorded: Idempotency::default(),
        posts: PostLog::default(),
    };
    Ok(Assembled { app, worker })
}

/// What records events, and what sends them if this process may look across tenants. The latter is not at work yet.
fn outbox(stores: &Stores, senders: Senders, timer: &Arc<dyn Timer>) -> Result<Outbox, StartError> {
    let dispatcher = match stores.outbox() {
        None => None,
        Some(store) => {
            let dispatcher = Dispatcher::builder(store, Arc::new(senders)).timer(Arc::clone(timer)).build();
            Some(dispatcher.map_err(|error| StartError::Setup(error.to_string()))?)
        }
    };
    Ok(Outbox::start(stores.conversions(), dispatcher, Arc::clone(timer)))
}

/// Those of the settings; the sandbox has a rule of its own.
fn lead_events(config: &Config, sandbox: Option<&Sandbox>) -> LeadEvents {
    let events = config.lead_events.clone();
    let played = sandbox.filter(|_| config.linkedin.is_none() && events.usual_rule().is_none());
    let rule = played.and_then(|sandbox| sandbox.world().conversion_rules.first());
    match rule.and_then(|id| ConversionUrn::from_id(&id.to_string()).ok()) {
        Some(rule) => events.with_rule(rule),
        None => events,
    }
}

fn receivers(stores: &Stores, facebook: &Facebook, linkedin: &LinkedIn, wake: Option<&Wake>) -> Receivers {
    let waking = |receiver: Receiver| match wake {
        Some(wake) => receiver.waking(wake.clone()),
        None => receiver,
    };
    let recorder = stores.recorder();
    Receivers {
        meta: waking(Receiver::meta(facebook.verifier.clone(), Arc::clone(&recorder))),
        linkedin: waking(Receiver::linkedin(linkedin.verifier.clone(), recorder)),
    }
}

/// Meta: the app of the settings, or the sandbox's with its dataset.
fn facebook(config: &Config, sandbox: Option<&Sandbox>) -> Result<FacebookSettings, StartError> {
    let (scopes, dataset) = (config.meta_scopes.clone(), config.dataset.clone());
    if let Some(app) = config.meta.clone() {
        return Ok(FacebookSettings { app, played: None, scopes, dataset });
    }
    let sandbox = sandbox.ok_or_else(no_sandbox)?;
    let made_up = &sandbox.config().meta;
    let app = MetaApp {
        id: AppId::new(made_up.id.as_str()).map_err(|error| StartError::Setup(error.to_string()))?,
        secret: Secret::new(made_up.secret.as_str()),
        verify_token: Secret::new(made_up.verify_token.as_str()),
    };
    let hosts = sandbox.endpoints();
    let played = Some(Played::new(&hosts.facebook, &hosts.graph, &hosts.graph)?);
    let first = || sandbox.world().datasets.first().and_then(|id| DatasetId::new(id.as_str()).ok());
    Ok(FacebookSettings { app, played, scopes, dataset: dataset.or_else(first) })
}

/// LinkedIn: the app of the settings, or the sandbox's.
fn linkedin(
    config: &Config,
    sandbox: Option<&Sandbox>,
    conversions: bool,
) -> Result<LinkedInSettings, StartError> {
    let scopes = config.linkedin_scopes.clone();
    if let Some(app) = config.linkedin.clone() {
        return Ok(LinkedInSettings { app, played: None, scopes, conversions });
    }
    let sandbox = sandbox.ok_or_else(no_sandbox)?;
    let made_up = &sandbox.config().linkedin;
    let app = LinkedInApp { id: made_up.id.clone(), secret: Secret::new(made_up.secret.as_str()) };
    let hosts = sandbox.endpoints();
    let played = Some(Played::new(&hosts.linkedin_oauth, &hosts.linkedin_oauth, &hosts.linkedin_api)?);
    Ok(LinkedInSettings { app, played, scopes, conversions })
}

fn no_sandbox() -> StartError {
    StartError::Setup("no app is configured, and there is no sandbox to play the platform".to_owned())
}
