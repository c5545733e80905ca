//! The steps of the demo, each with what must be true afterwards.

use std::io::Write;

use http::{Method, header};
use serde_json::{Value, json};
use sociogram_sandbox::Sandbox;

use super::{Browser, say};
use crate::Server;

/// With letters outside ASCII, and characters that LinkedIn would cut the text at if they were not escaped.
pub(super) const TEXT: &str = "Grüße aus der Backstube (ofenfrisch) [ab 7 Uhr] – 100 % Roggen #Brot";
const LINK: &str = "https://example.com/brot?woche=47";

pub(super) type Out<'a> = &'a mut (dyn Write + Send);

/// A connection of the server.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) id: String,
    pub(super) provider: String,
}

/// Where to publish.
#[derive(Debug)]
pub(super) struct Target {
    connection: String,
    provider: String,
    account: String,
}

/// A post that was made.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) provider: String,
    pub(super) account: String,
    pub(super) id: String,
}

/// What the person refuses at first.
const DECLINED: &str = "pages_manage_posts";

/// Logs in at Facebook without a permission that the server needs: nothing is stored, and the way on asks for
/// that permission alone.
async fn decline_and_think_again(browser: &mut Browser, out: Out<'_>) -> Result<(), String> {
    let callback = browser.decide("/connect/facebook", "continue", &[DECLINED]).await?;
    let refused = browser.open(&callback).await?;
    let problem: Value = serde_json::from_str(&refused.text).unwrap_or_default();
    let (detail, again) = (text(&problem, "detail")?, text(&problem, "ask_again")?);
    if refused.status != 403 || !list(&get(browser, "/api/connections").await?, "connections")?.is_empty() {
        return Err(format!("a login without {DECLINED} was taken: {}", refused.text));
    }
    say(out, &format!("decline  facebook: {detail}; nothing stored"))?;
    let asked = browser.open(&browser.at(&again)).await?;
    let dialog = asked.header(header::LOCATION).unwrap_or_default();
    let asked: Vec<_> = dialog
        .split('&')
        .filter(|part| part.starts_with("scope=") || part.starts_with("auth_type="))
        .collect();
    if asked != [format!("scope={DECLINED}").as_str(), "auth_type=rerequest"] {
        return Err(format!("the server asks again for {asked:?}, not for {DECLINED} alone"));
    }
    say(out, &format!("decline  facebook: asked again for {DECLINED} alone"))?;
    let callback = browser.decide(&again, "continue", &[]).await?;
    browser.come_back(&callback).await
}

/// Logs in at both platforms through their dialogs.
pub(super) async fn connect(browser: &mut Browser, out: Out<'_>) -> Result<Vec<Connected>, String> {
    decline_and_think_again(browser, out).await.map_err(|why| format!("declining a permission: {why}"))?;
    for (provider, button) in [("facebook", "continue"), ("linkedin", "allow")] {
        browser.log_in(provider, button).await.map_err(|why| format!("connecting {provider}: {why}"))?;
    }
    let answer = get(browser, "/api/connections").await?;
    let mut connections = Vec::new();
    for entry in list(&answer, "connections")? {
        let (id, provider, state) = (text(entry, "id")?, text(entry, "provider")?, text(entry, "state")?);
        if state != "connected" {
            return Err(format!("the {provider} connection is {state}"));
        }
        let scopes = list(entry, "scopes")?.len();
        let name = entry.get("name").and_then(Value::as_str).unwrap_or("without a name");
        say(out, &format!("connect  {provider}: {name}, {scopes} scopes granted"))?;
        connections.push(Connected { id, provider });
    }
    match connections.len() {
        2 => Ok(connections),
        other => Err(format!("expected two connections, the server has {other}")),
    }
}

/// Lists the accounts of each connection and takes a Page and an organization.
pub(super) async fn choose_accounts(
    browser: &Browser,
    connections: &[Connected],
    out: Out<'_>,
) -> Result<Vec<Target>, String> {
    let mut targets = Vec::new();
    for Connected { id, provider } in connections {
        let wanted = if provider == "facebook" { "page" } else { "organization" };
        let answer = get(browser, &format!("/api/connections/{id}/accounts")).await?;
        let accounts = list(&answer, "accounts")?;
        let usable = accounts.iter().find(|account| {
            account.get("kind").is_some_and(|kind| kind == wanted)
                && account.get("can_publish").is_some_and(|can| can == true)
        });
        for account in accounts {
            let reason = account.pointer("/blocked/reason").and_then(Value::as_str);
            let state = reason.map_or("may publish".to_owned(), |reason| format!("blocked: {reason}"));
            say(out, &format!("account  {provider}: {} {state}", text(account, "id")?))?;
        }
        let account = usable.ok_or_else(|| format!("no {wanted} of {provider} may be published to"))?;
        let (connection, provider) = (id.clone(), provider.clone());
        targets.push(Target { connection, provider, account: text(account, "id")? });
    }
    Ok(targets)
}

/// Enters the receivers on both platforms; each makes its handshake.
pub(super) async fn register_webhooks(server: &Server, out: Out<'_>) -> Result<(), String> {
    server.register_webhooks().await?;
    let received = server.sandbox().map(Sandbox::received).unwrap_or_default();
    for platform in ["meta", "linkedin"] {
        let made = received.handshakes.iter().find(|handshake| handshake.platform == platform);
        let made = made.filter(|handshake| handshake.verified);
        let made = made.ok_or_else(|| format!("{platform} made no handshake with the receiver"))?;
        say(out, &format!("webhook  {platform}: handshake, {}", made.detail))?;
    }
    Ok(())
}

/// Publishes one post to each target, and each once more to see that the key keeps it from being made twice.
pub(super) async fn publish(
    browser: &Browser,
    targets: Vec<Target>,
    out: Out<'_>,
) -> Result<Vec<Post>, String> {
    let mut posts = Vec::new();
    for Target { connection, provider, account } in targets {
        let body = json!({"connection": connection, "account": account, "text": TEXT, "link": LINK});
        let mut ids = Vec::new();
        for _ in 0..2 {
            let request = browser.request(Method::POST, "/api/publish").json(&body);
            let request = request.header("idempotency-key", format!("demo-{provider}"));
            let reply = browser.send(request).await?;
            let answer = reply.ok().map_err(|why| format!("publishing to {account}: {why}"))?;
            ids.push(text(&answer, "id")?);
        }
        ids.dedup();
        let [id] = ids.as_slice() else { return Err(format!("publishing to {account} made two posts")) };
        say(out, &format!("publish  {provider}: {id} (sent twice with one key, made once)"))?;
        posts.push(Post { provider, account, id: id.clone() });
    }
    Ok(posts)
}

pub(super) async fn get(browser: &Browser, path: &str) -> Result<Value, String> {
    let reply = browser.send(browser.request(Method::GET, path)).await?;
    reply.ok().map_err(|why| format!("{path}: {why}"))
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    value.get(name).and_then(Value::as_array).ok_or_else(|| format!("the answer has no list {name}"))
}

pub(super) fn text(value: &Value, name: &str) -> Result<String, String> {
    let text = value.get(name).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| format!("the answer has no text {name}"))
}
