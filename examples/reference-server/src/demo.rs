//! `reference-server demo`: starts a server of its own, drives it over HTTP as a browser would, and checks
//! with the sandbox that everything really happened.

mod browser;
mod check;
mod conversions;
mod disconnect;
mod events;
mod inbox;
mod page;
mod steps;

use std::{io::Write, sync::Arc};

use serde::Serialize;
use sociogram::{oauth_core::TenantId, token_vault::LocalKeys};

use crate::{Config, Server};

pub(crate) use browser::Browser;
#[cfg(test)]
pub(crate) use browser::Reply;

/// What the demo did: its last line.
#[derive(Debug, Serialize)]
struct Summary {
    connections: usize,
    disconnected: usize,
    published: Vec<String>,
    webhooks: usize,
    leads: usize,
    comments: usize,
    dead_letters: usize,
    replayed: u64,
    conversions: conversions::Conversions,
}

/// Runs the demo, and writes what happened as short lines and at the end as one line of JSON. It takes a
/// few seconds. Of the settings it takes the database with its wrapping key; there it works for a tenant of its own, with apps
/// of its own, and leaves nothing of them.
///
/// # Errors
///
/// The first thing that did not go as it should, in one line.
pub async fn run(settings: &Config, out: &mut (dyn Write + Send)) -> Result<(), String> {
    let server = Server::start(own(settings)?).await.map_err(|error| error.to_string())?;
    let outcome = drive(&server, out).await;
    let app = server.app();
    let cleared = app.stores.clear(&app.vault, app.tenant()).await;
    server.shutdown().await;
    let summary = serde_json::to_string(&outcome?).map_err(|error| error.to_string())?;
    cleared.map_err(|why| format!("the tenant of the demo could not be cleared: {}", why.detail()))?;
    say(out, &summary)
}

/// The sandbox, on the database of the settings.
fn own(settings: &Config) -> Result<Config, String> {
    let mut tenant = [0; 16];
    getrandom::fill(&mut tenant).map_err(|error| format!("the system gives no random bytes: {error}"))?;
    let mut config = Config { tenant: TenantId::from_bytes(tenant), ..Config::sandboxed() };
    // A grant is withdrawn only when no tenant uses the account at this app any more.
    config.sandbox_app = Some(format!("9{:015}", u128::from_be_bytes(tenant) % 10_u128.pow(15)));
    config.database.clone_from(&settings.database);
    config.encryption_key.clone_from(&settings.encryption_key);
    if config.encryption_key.is_none() {
        // Good enough: nothing that is sealed under it is left at the end.
        let key = LocalKeys::generate().map_err(|error| error.to_string())?;
        config.encryption_key = Some(Arc::new(key));
    }
    Ok(config)
}

async fn drive(server: &Server, out: &mut (dyn Write + Send)) -> Result<Summary, String> {
    let sandbox = server.sandbox().ok_or("the demo needs the sandbox")?;
    say(out, &format!("server   {}", server.url()))?;
    say(out, &format!("sandbox  {}", sandbox.url()))?;
    say(out, &format!("stores   {}\n", server.app().stores))?;
    let mut browser = Browser::new(&server.url())?;

    let connections = steps::connect(&mut browser, out).await?;
    let targets = steps::choose_accounts(&browser, &connections, out).await?;
    steps::register_webhooks(server, out).await?;
    let posts = steps::publish(&browser, targets, out).await?;
    let received = inbox::receive(&browser, server, &posts, out).await?;
    let conversions = conversions::send(&browser, server, out).await?;
    let disconnected = disconnect::disconnect_one(&browser, server, &connections, out).await?;

    check::against_sandbox(&sandbox.received(), &posts, &conversions)?;
    say(out, "sandbox  holds the same posts and events, and saw nothing a careful client does not do\n")?;
    Ok(Summary {
        connections: connections.len(),
        disconnected,
        published: posts.into_iter().map(|post| post.id).collect(),
        webhooks: received.webhooks,
        leads: received.leads,
        comments: received.comments,
        dead_letters: received.dead_letters,
        replayed: received.replayed,
        conversions,
    })
}

fn say(out: &mut (dyn Write + Send), line: &str) -> Result<(), String> {
    writeln!(out, "{line}").map_err(|error| format!("cannot write to the output: {error}"))
}
