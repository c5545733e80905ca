//! Conversion events: recorded, then sent; refused here, refused there, in doubt; and what a lead's status tells.

use std::time::Duration;

use http::{Method, header};
use serde::Serialize;
use serde_json::{Value, json};
use sociogram::api_core::{Clock as _, SystemClock, Timer as _};

use super::{
    Browser, events,
    inbox::control,
    say,
    steps::{Out, get, list, text},
};
use crate::Server;

/// How long events may take to be sent.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);
const UNFINISHED: &str = "/api/conversions?state=pending,claimed,sending&limit=1";

/// What became of the events: `accepted` is the sum of `sent`, `rejected`, `in_doubt` and `waiting`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Conversions {
    accepted: usize,
    sent: usize,
    /// By a platform.
    rejected: usize,
    in_doubt: usize,
    /// For a process with a worker.
    waiting: usize,
    replayed: u64,
    /// Leads whose status a platform was told.
    leads_told: usize,
    /// Lines that were not accepted.
    pub(super) refused: Vec<Refused>,
    /// The ids of the events that Meta must hold, as often as it must.
    #[serde(skip)]
    pub(super) at_meta: Vec<String>,
    #[serde(skip)]
    pub(super) at_linkedin: usize,
}

/// A line that was not accepted.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    pub(super) index: usize,
    reason: String,
}

/// Sends the file of conversion events, then some with which something goes wrong, then what leads tell.
pub(super) async fn send(browser: &Browser, server: &Server, out: Out<'_>) -> Result<Conversions, String> {
    let mut done = Conversions::default();
    let now = SystemClock::new().now();
    let answer = hand_in(browser, "", events::fresh(now)).await?;
    let accepted = list(&answer, "accepted")?.len();
    say(out, &format!("events   {accepted} accepted, {} refused at once", list(&answer, "rejected")?.len()))?;
    for entry in list(&answer, "rejected")? {
        let index = entry.get("index").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
        let index = index.ok_or("a refused event has no index")?;
        let reason = text(entry, "reason")?;
        say(out, &format!("events   line {} refused: {reason}", index + 1))?;
        done.refused.push(Refused { index, reason });
    }
    if server.app().stores.has_worker() {
        wait_until_sent(browser).await?;
        say(out, &format!("events   {accepted} sent"))?;
        done.at_meta.extend(events::expected().into_iter().flatten());
        be_refused_there(browser, server, &mut done, out).await?;
        be_in_doubt(browser, server, &mut done, out).await?;
        tell_of_leads(browser, &mut done, out).await?;
    } else {
        say(out, "events   they wait: WORKER_DATABASE_URL is not set, so nobody sends them here")?;
    }
    count(browser, &mut done).await?;
    say(
        out,
        &format!(
            "events   {} accepted = {} sent + {} rejected + {} in doubt + {} waiting",
            done.accepted, done.sent, done.rejected, done.in_doubt, done.waiting
        ),
    )?;
    Ok(done)
}

/// Meta refuses a whole request for one event, without a word about which. It is found, and the others are sent.
async fn be_refused_there(
    browser: &Browser,
    server: &Server,
    done: &mut Conversions,
    out: Out<'_>,
) -> Result<(), String> {
    let fault = json!({"match": {"body_contains": "demo-refused"}, "kind": "refuse", "times": 100});
    control(server, Method::POST, "faults", &fault).await?;
    let names = ["demo-beside-1", "demo-refused", "demo-beside-2"];
    let answer = hand_in(browser, "?wait=30", made(&names)).await?;
    control(server, Method::DELETE, "faults", &Value::Null).await?;
    let states = states(&answer)?;
    if states != ["sent", "rejected", "sent"] {
        return Err(format!("an event that Meta refuses is not told from others: {answer}"));
    }
    let why = answer.pointer("/accepted/1/fate").ok_or("a rejected event has no fate")?;
    say(out, &format!("events   {} rejected by meta: {}; 2 beside it sent", names[1], text(why, "reason")?))?;
    done.at_meta.extend([names[0], names[2]].map(str::to_owned));
    Ok(())
}

/// The answer to a request is lost. Nothing is sent again by itself; a person decides about one of two.
async fn be_in_doubt(
    browser: &Browser,
    server: &Server,
    done: &mut Conversions,
    out: Out<'_>,
) -> Result<(), String> {
    let fault = json!({"match": {"body_contains": "demo-doubt"}, "kind": "reset_after_effect"});
    control(server, Method::POST, "faults", &fault).await?;
    let names = ["demo-doubt-1", "demo-doubt-2"];
    let answer = hand_in(browser, "?wait=30", made(&names)).await?;
    if states(&answer)? != ["in_doubt", "in_doubt"] {
        return Err(format!("a lost answer leaves no doubt: {answer}"));
    }
    let listed = get(browser, "/api/conversions?state=in_doubt").await?;
    for entry in list(&listed, "conversions")? {
        let why = entry.get("fate").ok_or("an event in doubt has no fate")?;
        say(
            out,
            &format!("doubt    {}: {}, not sent again", text(entry, "event_id")?, text(why, "reason")?),
        )?;
    }
    let chosen = answer.pointer("/accepted/0/id").ok_or("an accepted event has no id")?;
    let wish = json!({"of": "entries", "ids": [chosen]});
    let request = browser.request(Method::POST, "/api/conversions/replay").json(&wish);
    let answer = browser.send(request).await?.ok().map_err(|why| format!("replaying an event: {why}"))?;
    done.replayed = answer.get("replayed").and_then(Value::as_u64).unwrap_or_default();
    say(out, &format!("replay   {} sent again by choice; {}", names[0], text(&answer, "warning")?))?;
    wait_until_sent(browser).await?;
    // The answers were lost, not the events.
    done.at_meta.extend([names[0], names[0], names[1]].map(str::to_owned));
    Ok(())
}

/// Every lead qualifies. Saying so twice tells the platform once.
async fn tell_of_leads(browser: &Browser, done: &mut Conversions, out: Out<'_>) -> Result<(), String> {
    let leads = get(browser, "/api/leads").await?;
    for lead in list(&leads, "leads")? {
        let id = lead.get("id").and_then(Value::as_i64).ok_or("a lead has no id")?;
        for repeated in [false, true] {
            let request = browser.request(Method::PATCH, &format!("/api/leads/{id}"));
            let request = request.json(&json!({"status": "qualified"}));
            let answer =
                browser.send(request).await?.ok().map_err(|why| format!("a lead's status: {why}"))?;
            let told = answer.get("conversion").filter(|told| told.is_object());
            let told = told.ok_or_else(|| format!("nobody is told of a lead's status: {answer}"))?;
            if told.get("repeated") != Some(&json!(repeated)) {
                return Err(format!(
                    "a status that was {repeated} told before is not known as such: {answer}"
                ));
            }
            if !repeated {
                let (platform, name) = (text(told, "platform")?, text(told, "name")?);
                say(out, &format!("lead     {platform}: qualified, told as {name}"))?;
                done.leads_told += 1;
                match platform.as_str() {
                    "meta" => done.at_meta.push(format!("lead-{}-qualified", text(lead, "lead")?)),
                    _ => done.at_linkedin += 1,
                }
            }
        }
    }
    wait_until_sent(browser).await
}

/// Events that are good, with these ids.
fn made(ids: &[&str]) -> String {
    let now = SystemClock::new().now().as_unix_seconds();
    let event = |id: &&str| {
        let user = json!({"em": format!("{id}@example.com")});
        json!({
            "event_name": "Lead", "event_time": now - 60, "event_id": id, "action_source": "email", "user_data": user,
        })
        .to_string()
    };
    ids.iter().map(event).collect::<Vec<_>>().join("\n")
}

async fn hand_in(browser: &Browser, query: &str, events: String) -> Result<Value, String> {
    let request = browser.request(Method::POST, &format!("/api/conversions{query}"));
    let request = request.header(header::CONTENT_TYPE, "application/x-ndjson").body(events);
    let reply = browser.send(request).await?;
    let expected = if query.is_empty() { 202 } else { 200 };
    reply.with_status(expected).map_err(|why| format!("handing in conversion events: {why}"))
}

fn states(answer: &Value) -> Result<Vec<&str>, String> {
    let accepted = list(answer, "accepted")?.iter();
    Ok(accepted.filter_map(|entry| entry.get("state")?.as_str()).collect())
}

async fn wait_until_sent(browser: &Browser) -> Result<(), String> {
    let timer = SystemClock::new();
    let begun = timer.monotonic();
    loop {
        let answer = get(browser, UNFINISHED).await?;
        if list(&answer, "conversions")?.is_empty() {
            return Ok(());
        }
        if timer.monotonic().saturating_sub(begun) > PATIENCE {
            let seconds = PATIENCE.as_secs();
            return Err(format!("events were not sent within {seconds} s: {answer}"));
        }
        timer.sleep(PAUSE).await;
    }
}

/// Counts what the list says.
async fn count(browser: &Browser, done: &mut Conversions) -> Result<(), String> {
    let answer = get(browser, "/api/conversions?limit=500").await?;
    for entry in list(&answer, "conversions")? {
        done.accepted += 1;
        match text(entry, "state")?.as_str() {
            "sent" => done.sent += 1,
            "rejected" => done.rejected += 1,
            "in_doubt" => done.in_doubt += 1,
            _ => done.waiting += 1,
        }
    }
    let held = done.at_meta.len() + done.at_linkedin;
    // One is held twice, since it was sent again; the one in doubt is held as well.
    let sent_or_held = done.sent + done.in_doubt + usize::try_from(done.replayed).unwrap_or_default();
    if held != sent_or_held {
        return Err(format!(
            "{held} events should be at the platforms, the list says {sent_or_held}: {done:?}"
        ));
    }
    Ok(())
}
