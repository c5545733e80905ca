//! The request of events that were begun, and those into which it is cut when it is refused.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use sociogram_api_core::ErrorKind;

use super::{
    delivery::{Delivery, Ended},
    lanes::Seat,
    meter,
    within::within,
};
use crate::{
    InDoubtPolicy, Outcome, Rejection, RequestBody, RequestOutcome, SendRequest,
    outbox::{self, BatchEvent, Fate, Platform, Settlement},
    send::Isolation,
};

/// Most further calls for finding the bad events of one refused request: enough for three of 1000.
const EXTRA_CALLS: u32 = 60;

/// What stands before the list of events.
pub(super) const fn open(platform: Platform) -> &'static str {
    match platform {
        Platform::Meta => r#"{"data":["#,
        Platform::LinkedIn => r#"{"elements":["#,
    }
}

/// Why the events of a request that were not processed come back, and after how long.
#[derive(Clone, Copy)]
struct Later {
    after: Duration,
    reason: &'static str,
}

/// Sends events that were begun, and stores what became of each as soon as it is known.
pub(super) async fn send(
    delivery: &mut Delivery,
    seat: &Seat,
    sender: &dyn SendRequest,
    events: &[BatchEvent],
) -> Result<(), Ended> {
    let shared = Arc::clone(&delivery.shared);
    let json = events.iter().enumerate().map(|(index, event)| (index, &*event.json));
    let body = RequestBody::of_json(open(delivery.route.platform), json, &delivery.route.envelope);
    let mut search = Isolation::new(body, EXTRA_CALLS);
    // Unless something else is said: the calls for the search were used up.
    let mut later = Later { after: shared.waits.base, reason: "search_limit" };
    while let Some(body) = search.next() {
        let part = ours(delivery, events, &body);
        let Some(body) = forget_lost(delivery, events, body, part).await? else { continue };
        let began = shared.timer.monotonic();
        let (outcome, hindered) = match hindrance(delivery).await {
            Some(kind) => {
                let reason = String::new();
                (RequestOutcome::NotProcessed { kind, retry_after: None, reason }, true)
            }
            None => (request(delivery, sender, events, &body).await, false),
        };
        let doubtful = matches!(outcome, RequestOutcome::InDoubt { .. });
        match search.answered(&body, outcome) {
            ControlFlow::Continue(()) => seat.well(began),
            ControlFlow::Break(why) => {
                search.stop(&why);
                let now = shared.timer.monotonic();
                let reason = if doubtful { "doubt_before" } else { why.kind.as_str() };
                let wait = |failures| shared.waits.after(why.kind, why.retry_after, failures);
                let after = if hindered {
                    Duration::ZERO
                } else {
                    tracing::warn!(
                        tenant = %delivery.route.tenant, connection = %delivery.route.connection,
                        platform = %delivery.route.platform, kind = why.kind.as_str(), doubtful,
                        "a route waits"
                    );
                    seat.failed(began, now, reason, doubtful, |failures| {
                        let wait = wait(failures);
                        if doubtful { wait.max(shared.waits.back_off(failures)) } else { wait }
                    })
                };
                later = Later { after, reason };
            }
        }
        let decided = search.take_decided();
        settle(delivery, events, decided, later).await?;
    }
    let decided = search.take_decided();
    settle(delivery, events, decided, later).await
}

/// Which places of the body are of claims that still hold.
fn ours(delivery: &Delivery, events: &[BatchEvent], body: &RequestBody) -> Vec<bool> {
    let holds = |index: usize| events.get(index).is_some_and(|event| delivery.lease.holds(event.token));
    body.indexes().map(holds).collect()
}

/// Leaves out events whose claims were lost: they are not sent again. Their last request was refused, which is stored if
/// nobody took them since.
async fn forget_lost(
    delivery: &mut Delivery,
    events: &[BatchEvent],
    body: RequestBody,
    ours: Vec<bool>,
) -> Result<Option<RequestBody>, Ended> {
    if ours.iter().all(|ours| *ours) {
        return Ok(Some(body));
    }
    let (kept, lost) = body.partition(|place| ours.get(place).is_some_and(|ours| *ours));
    if let Some(lost) = lost {
        let unsent = Outcome::NotSent { kind: ErrorKind::Cancelled, retry_after: None };
        let decided = lost.indexes().map(|index| (index, unsent.clone())).collect();
        settle(delivery, events, decided, Later { after: Duration::ZERO, reason: "claim_lost" }).await?;
    }
    Ok(kept)
}

/// Why nothing may be sent now.
async fn hindrance(delivery: &mut Delivery) -> Option<ErrorKind> {
    if *delivery.stopping.borrow() {
        return Some(ErrorKind::Cancelled);
    }
    (!delivery.lease.ensure().await).then_some(ErrorKind::Unavailable)
}

/// Sends a body once, or twice where the policy says so.
async fn request(
    delivery: &mut Delivery,
    sender: &dyn SendRequest,
    events: &[BatchEvent],
    body: &RequestBody,
) -> RequestOutcome {
    let first = once(delivery, sender, body).await;
    let has_id = |index: usize| events.get(index).is_some_and(|event| event.has_event_id);
    let again = delivery.shared.settings.in_doubt == InDoubtPolicy::RetryOnce
        && matches!(first, RequestOutcome::InDoubt { .. })
        && body.indexes().all(has_id);
    if !again {
        return first;
    }
    let shared = Arc::clone(&delivery.shared);
    let mut stopping = delivery.stopping.clone();
    let wait = async {
        tokio::select! {
            () = shared.timer.sleep(shared.waits.back_off(1)) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    };
    delivery.lease.during(wait).await;
    let still_ours =
        hindrance(delivery).await.is_none() && ours(delivery, events, body).iter().all(|ours| *ours);
    if !still_ours {
        return first;
    }
    match once(delivery, sender, body).await {
        // What the second one refuses, the first one may have taken.
        RequestOutcome::Taken { received, refused, mut unknown, trace, messages } => {
            unknown.extend(refused.into_iter().map(|(place, _)| place));
            RequestOutcome::Taken { received, refused: Vec::new(), unknown, trace, messages }
        }
        _ => first,
    }
}

async fn once(delivery: &mut Delivery, sender: &dyn SendRequest, body: &RequestBody) -> RequestOutcome {
    let shared = Arc::clone(&delivery.shared);
    let platform = delivery.route.platform;
    let began = shared.timer.monotonic();
    let answer = within(&*shared.timer, shared.settings.answer_within, sender.send_request(body));
    let answer = delivery.lease.during(answer).await;
    let outcome = answer.unwrap_or(RequestOutcome::InDoubt {
        kind: ErrorKind::InDoubt,
        reason: "timeout",
        trace: None,
    });
    meter::requested(platform, body.len(), &outcome, shared.timer.monotonic().saturating_sub(began));
    outcome
}

async fn settle(
    delivery: &mut Delivery,
    events: &[BatchEvent],
    decided: Vec<(usize, Outcome)>,
    later: Later,
) -> Result<(), Ended> {
    let known = decided.into_iter().filter_map(|(index, outcome)| Some((events.get(index)?, outcome)));
    let (of, settlements): (Vec<&BatchEvent>, Vec<Settlement>) = known
        .map(|(event, outcome)| (event, Settlement::new(event.token, outcome_of(outcome, later))))
        .unzip();
    if settlements.is_empty() {
        return Ok(());
    }
    let stored = delivery.settle(&settlements).await?;
    let now = delivery.now();
    for (event, (settlement, stored)) in of.into_iter().zip(settlements.iter().zip(stored)) {
        if stored && matches!(settlement.outcome, outbox::Outcome::Finished(Fate::Sent { .. })) {
            meter::lag(delivery.route.platform, now.saturating_duration_since(event.added_at));
        }
    }
    Ok(())
}

fn outcome_of(outcome: Outcome, later: Later) -> outbox::Outcome {
    let fate = match outcome {
        Outcome::Sent { trace } => Fate::Sent { trace },
        Outcome::Rejected(Rejection::Platform(refusal)) => Fate::Rejected {
            code: refusal.code,
            subcode: refusal.subcode,
            field: refusal.field,
            reason: refusal.reason,
            advice: refusal.advice,
            trace: refusal.trace,
        },
        Outcome::Rejected(checks @ Rejection::Checks(_)) => Fate::Rejected {
            code: None,
            subcode: None,
            field: None,
            reason: checks.to_string(),
            advice: String::new(),
            trace: None,
        },
        Outcome::InDoubt { reason, trace, kind: _ } => Fate::InDoubt { reason: reason.to_owned(), trace },
        Outcome::NotSent { .. } => {
            let Later { after, reason } = later;
            return outbox::Outcome::NotProcessed { after, reason: reason.to_owned() };
        }
    };
    outbox::Outcome::Finished(fate)
}
