//! What a developer does by hand on the platforms and here through the sandbox's control API.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use serde_json::json;

/// How long an answer may take; longer than the server takes for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// An HTTP client that follows no redirects and uses no proxy.
pub(crate) fn http() -> Result<Client, String> {
    let builder = Client::builder().no_proxy().redirect(Policy::none()).referer(false).timeout(PATIENCE);
    builder.build().map_err(|error| format!("the HTTP client cannot be set up: {error}"))
}

/// Enters the addresses of the webhook receivers of the platforms that the sandbox plays. It makes the
/// handshake with each before it accepts it.
pub(crate) async fn register_webhooks(sandbox: &str, server: &str, platforms: &[&str]) -> Result<(), String> {
    let receiver =
        |platform: &&str| ((*platform).to_owned(), json!({"url": format!("{server}/webhooks/{platform}")}));
    let targets: serde_json::Map<_, _> = platforms.iter().map(receiver).collect();
    let request = http()?.post(format!("{sandbox}/_sandbox/webhooks")).json(&targets);
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let told = answer.text().await.unwrap_or_default();
    Err(format!("the sandbox did not accept the webhook receivers ({status}): {told}"))
}
