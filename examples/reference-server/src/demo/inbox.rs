//! What comes in: webhooks about the posts, comments, leads, and a lead that cannot be read at first.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use sociogram::api_core::{SystemClock, Timer as _};
use sociogram_sandbox::{Delivery, Sandbox};

use super::{
    Browser, say,
    steps::{Out, Post, get, list, text},
};
use crate::{Server, sandbox::http};

/// What a visitor says on each platform.
const COMMENT: &str = "Gibt es auch Dinkel? 🥖";

/// How long webhooks and what is made of them may take.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(25);

/// What came in.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) webhooks: usize,
    pub(super) leads: usize,
    pub(super) comments: usize,
    pub(super) dead_letters: usize,
    pub(super) replayed: u64,
}

/// Waits for the webhooks about the posts, has visitors comment and fill in forms, and shows what was made of it.
pub(super) async fn receive(
    browser: &Browser,
    server: &Server,
    posts: &[Post],
    out: Out<'_>,
) -> Result<Received, String> {
    let visitors = Visitors::new(server)?;
    visitors.wait_for_deliveries(posts).await?;
    if !server.app().stores.has_worker() {
        let webhooks = visitors.sandbox.received().deliveries.len();
        say(
            out,
            &format!(
                "webhook  {webhooks} verified and recorded; WORKER_DATABASE_URL is not set: nobody handles them here"
            ),
        )?;
        return Ok(Received { webhooks, ..Received::default() });
    }
    wait_for_webhooks(browser, posts, out).await?;
    let comments = visitors.comment(browser, out).await?;
    let mut leads = Vec::new();
    for kind in ["leadgen", "linkedin_lead"] {
        let told = visitors.trigger(&json!({"kind": kind})).await?;
        leads.push(text(&told, "lead_id")?);
    }
    for lead in &leads {
        show_lead(browser, lead, "fetched and mapped", out).await?;
    }
    let (dead_letters, replayed) = visitors.break_and_mend(browser, &mut leads, out).await?;
    let webhooks = list(&get(browser, "/api/events?limit=500").await?, "events")?.len();
    Ok(Received { webhooks, leads: leads.len(), comments, dead_letters, replayed })
}

/// Waits until both posts are among the events, and handled.
async fn wait_for_webhooks(browser: &Browser, posts: &[Post], out: Out<'_>) -> Result<(), String> {
    for post in posts {
        let is_it = |event: &Value| {
            event.get("account").is_some_and(|account| *account == post.account)
                && event.get("subject").is_some_and(|subject| *subject == post.id)
                && event.get("state").is_some_and(|state| state == "done")
        };
        let event = wait_for(browser, "/api/events", "events", "the webhook about a post", is_it).await?;
        let (kind, provider) = (text(&event, "kind")?, text(&event, "provider")?);
        say(out, &format!("webhook  {provider}: {kind} about {}, verified and handled", post.id))?;
    }
    Ok(())
}

/// The lead with this id of the platform, once it is there.
async fn show_lead(browser: &Browser, id: &str, how: &str, out: Out<'_>) -> Result<(), String> {
    let is_it =
        |lead: &Value| lead.get("lead").and_then(Value::as_str).is_some_and(|lead| lead.ends_with(id));
    let lead = wait_for(browser, "/api/leads", "leads", "the lead", is_it).await?;
    let (provider, name, email) = (text(&lead, "provider")?, text(&lead, "name")?, text(&lead, "email")?);
    say(out, &format!("lead     {provider}: {name}, {email}, {how}"))
}

/// What people do on the platforms, and what goes wrong there.
struct Visitors<'a> {
    server: &'a Server,
    sandbox: &'a Sandbox,
}

impl<'a> Visitors<'a> {
    fn new(server: &'a Server) -> Result<Self, String> {
        Ok(Self { server, sandbox: server.sandbox().ok_or("the demo needs the sandbox")? })
    }

    /// Until the platforms have told about both posts and know that they were heard.
    async fn wait_for_deliveries(&self, posts: &[Post]) -> Result<(), String> {
        let timer = SystemClock::new();
        let begun = timer.monotonic();
        loop {
            let deliveries = self.sandbox.received().deliveries;
            let heard = |post: &&Post| {
                let platform = if post.provider == "facebook" { "meta" } else { "linkedin" };
                let heard = |delivery: &Delivery| delivery.platform == platform && delivery.acknowledged;
                deliveries.iter().any(heard)
            };
            let told = posts.iter().filter(heard).count();
            if told == posts.len() {
                return Ok(());
            }
            if timer.monotonic().saturating_sub(begun) > PATIENCE {
                let seconds = PATIENCE.as_secs();
                return Err(format!("{told} of {} webhooks were answered within {seconds} s", posts.len()));
            }
            timer.sleep(PAUSE).await;
        }
    }

    /// Comments on the newest post of each platform. Gives how many comments are in the log.
    async fn comment(&self, browser: &Browser, out: Out<'_>) -> Result<usize, String> {
        for (kind, platform) in [("comment", "facebook"), ("linkedin_comment", "linkedin")] {
            self.trigger(&json!({"kind": kind, "message": COMMENT})).await?;
            let is_it = |entry: &Value| {
                entry.get("platform").is_some_and(|is| is == platform)
                    && entry.get("text").is_some_and(|text| text == COMMENT)
            };
            let entry = wait_for(browser, "/api/conversations", "entries", "the comment", is_it).await?;
            say(
                out,
                &format!("comment  {platform}: \"{}\" by {}", text(&entry, "text")?, text(&entry, "person")?),
            )?;
        }
        Ok(list(&get(browser, "/api/conversations").await?, "entries")?.len())
    }

    /// A lead that LinkedIn answers nonsense about is given up. When LinkedIn is well again, a person replays it. Gives
    /// how many dead letters there were, and how many were replayed.
    async fn break_and_mend(
        &self,
        browser: &Browser,
        leads: &mut Vec<String>,
        out: Out<'_>,
    ) -> Result<(usize, u64), String> {
        let path = "leadFormResponses";
        let fault = json!({"match": {"path_contains": path}, "kind": "malformed_json", "times": 100});
        control(self.server, Method::POST, "faults", &fault).await?;
        let lead = text(&self.trigger(&json!({"kind": "linkedin_lead"})).await?, "lead_id")?;
        let is_it = |event: &Value| {
            event.get("subject").and_then(Value::as_str).is_some_and(|subject| subject.ends_with(&lead))
        };
        let dead = wait_for(browser, "/api/events?state=dead", "events", "the dead letter", is_it).await?;
        let error = dead.pointer("/errors/0/error/0").and_then(Value::as_str).unwrap_or("no reason is told");
        say(
            out,
            &format!("dead     linkedin: event {} given up: {error}", dead.get("id").unwrap_or(&Value::Null)),
        )?;
        let letters = list(&get(browser, "/api/events?state=dead").await?, "events")?.len();

        control(self.server, Method::DELETE, "faults", &Value::Null).await?;
        let request = browser.request(Method::POST, "/api/events/replay").json(&json!({"of": "failed"}));
        let answer = browser.send(request).await?.ok().map_err(|why| format!("replaying: {why}"))?;
        let replayed = answer.get("replayed").and_then(Value::as_u64).unwrap_or_default();
        say(out, &format!("replay   {replayed} event(s) made due again"))?;
        show_lead(browser, &lead, "fetched after the replay", out).await?;
        leads.push(lead);
        Ok((letters, replayed))
    }

    async fn trigger(&self, what: &Value) -> Result<Value, String> {
        control(self.server, Method::POST, "trigger", what).await
    }
}

/// Uses the sandbox's control API.
pub(super) async fn control(
    server: &Server,
    method: Method,
    name: &str,
    body: &Value,
) -> Result<Value, String> {
    let sandbox = server.sandbox().ok_or("the demo needs the sandbox")?;
    let request = http()?.request(method, format!("{}/_sandbox/{name}", sandbox.url())).json(body);
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    let status = answer.status();
    let told = answer.text().await.unwrap_or_default();
    if !status.is_success() {
        return Err(format!("the sandbox refused {name} {body} ({status}): {told}"));
    }
    serde_json::from_str(&told).map_err(|error| format!("the sandbox's answer is not JSON: {error}"))
}

/// Asks a list until something is in it.
async fn wait_for(
    browser: &Browser,
    path: &str,
    name: &str,
    what: &str,
    is_it: impl Fn(&Value) -> bool,
) -> Result<Value, String> {
    let timer = SystemClock::new();
    let begun = timer.monotonic();
    loop {
        let answer = get(browser, path).await?;
        if let Some(found) = list(&answer, name)?.iter().find(|entry| is_it(entry)) {
            return Ok(found.clone());
        }
        if timer.monotonic().saturating_sub(begun) > PATIENCE {
            return Err(format!("{what} was not there within {} s: {path}: {answer}", PATIENCE.as_secs()));
        }
        timer.sleep(PAUSE).await;
    }
}
