//! The last step of the demo: one account is disconnected.

use std::time::Duration;

use http::Method;
use sociogram::{
    api_core::{SystemClock, Timer as _},
    oauth_core::ConnectionId,
};

use super::{
    Browser, say,
    steps::{Connected, Out},
};
use crate::{Server, stores::Stores};

/// How long the withdrawal at the platform may take.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(25);

/// Disconnects the Facebook account: its token no longer resolves, and the platform is told. Gives the number of
/// connections that were disconnected.
pub(super) async fn disconnect_one(
    browser: &Browser,
    server: &Server,
    connections: &[Connected],
    out: Out<'_>,
) -> Result<usize, String> {
    let facebook = connections.iter().find(|connection| connection.provider == "facebook");
    let id = &facebook.ok_or("there is no facebook connection")?.id;
    let reply = browser.send(browser.request(Method::DELETE, &format!("/api/connections/{id}"))).await?;
    if reply.status != 204 {
        return Err(format!("disconnecting facebook: status {}: {}", reply.status, reply.text));
    }
    let app = server.app();
    let id: ConnectionId = id.parse().map_err(|error| format!("{id} is no connection id: {error}"))?;
    let Err(refused) = app.vault.resolve(app.tenant(), id).await else {
        return Err("the token of a disconnected account still resolves".to_owned());
    };
    say(out, &format!("leave    facebook: its token no longer resolves ({refused})"))?;
    if app.stores.has_worker() {
        wait_for_withdrawal(server).await?;
        say(out, "leave    facebook: the grant was withdrawn at the platform")?;
    } else {
        say(out, "leave    facebook: WORKER_DATABASE_URL is not set, so nobody withdraws the grant here")?;
    }
    Ok(1)
}

async fn wait_for_withdrawal(server: &Server) -> Result<(), String> {
    let timer = SystemClock::new();
    let begun = timer.monotonic();
    loop {
        let received = server.sandbox().ok_or("the demo needs the sandbox")?.received();
        let withdrawn = |call: &sociogram_sandbox::Call| {
            call.method == "DELETE" && call.path.ends_with("/permissions") && call.status == 200
        };
        if received.calls.iter().any(withdrawn) {
            return Ok(());
        }
        if timer.monotonic().saturating_sub(begun) > PATIENCE {
            let advice = match &server.app().stores {
                Stores::Memory(_) => "",
                Stores::Postgres(_) => {
                    "; a server with a worker on this database may have taken it: stop it meanwhile"
                }
            };
            return Err(format!("the grant was not withdrawn within {} s{advice}", PATIENCE.as_secs()));
        }
        timer.sleep(PAUSE).await;
    }
}
