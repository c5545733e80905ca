//! Webhook deliveries: signed, sent to the registered target, tried again on failure.

pub(crate) mod handshake;
pub(crate) mod linkedin;
pub(crate) mod meta;

use std::time::Duration;

use bytes::Bytes;
use http::header;
use serde::Serialize;
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    clock::pause,
    received::Delivery,
    state::{Inner, Shared, State},
};

/// Pauses between attempts. The platforms wait minutes; a sandbox has no time for that.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Platform {
    Meta,
    LinkedIn,
}

impl Platform {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::LinkedIn => "linkedin",
        }
    }

    /// How long a receiver may take.
    pub(crate) fn patience(self) -> Duration {
        match self {
            Self::Meta => Duration::from_secs(5),
            Self::LinkedIn => Duration::from_secs(3),
        }
    }
}

/// A delivery on its way.
#[derive(Debug)]
pub(crate) struct Outgoing {
    id: u64,
    platform: Platform,
    url: String,
    signature: String,
    body: Bytes,
}

/// The client that webhooks and handshakes are sent with: no proxy, no redirects.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()
}

/// Signs a body and hands it to the courier; `None` when nobody is registered.
fn send(shared: &Inner, state: &mut State, platform: Platform, topic: &str, body: &Value) -> Option<u64> {
    let url = state.target(platform)?.clone();
    Some(send_to(shared, state, platform, url, topic, body))
}

/// Signs a body and hands it to the courier.
fn send_to(
    shared: &Inner,
    state: &mut State,
    platform: Platform,
    url: String,
    topic: &str,
    body: &Value,
) -> u64 {
    let id = u64::try_from(state.deliveries.len()).unwrap_or(u64::MAX).saturating_add(1);
    let (bytes, signature) = match platform {
        Platform::Meta => meta::sign(&shared.config.meta.secret, body),
        Platform::LinkedIn => linkedin::sign(&shared.config.linkedin.secret, body),
    };
    state.deliveries.push(Delivery {
        id,
        platform: platform.name(),
        topic: topic.to_owned(),
        attempts: 0,
        status: None,
        acknowledged: false,
        finished: false,
        body: body.clone(),
    });
    let parcel = Outgoing { id, platform, url, signature, body: Bytes::from(bytes) };
    if shared.outbox.send(parcel).is_err() {
        tracing::warn!("the sandbox is stopping: a webhook was not sent");
    }
    id
}

/// Carries deliveries to their targets until the sandbox stops.
pub(crate) async fn carry(shared: Shared, mut parcels: mpsc::UnboundedReceiver<Outgoing>) {
    let mut under_way = JoinSet::new();
    while let Some(parcel) = parcels.recv().await {
        while under_way.try_join_next().is_some() {}
        under_way.spawn(deliver(shared.clone(), parcel));
    }
}

async fn deliver(shared: Shared, parcel: Outgoing) {
    let mut pauses = PAUSES.into_iter();
    loop {
        let status = attempt(&shared, &parcel).await;
        let acknowledged = match (parcel.platform, status) {
            (Platform::Meta, Some(status)) => status == 200,
            (Platform::LinkedIn, Some(status)) => (200..300).contains(&status),
            (_, None) => false,
        };
        let next = if acknowledged { None } else { pauses.next() };
        note(&shared, &parcel, status, acknowledged, next.is_none());
        match next {
            Some(wait) => pause(wait).await,
            None => break,
        }
    }
}

async fn attempt(shared: &Shared, parcel: &Outgoing) -> Option<u16> {
    let (header, agent) = match parcel.platform {
        Platform::Meta => ("x-hub-signature-256", "facebookexternalua"),
        Platform::LinkedIn => ("x-li-signature", "LinkedIn-Webhooks"),
    };
    let sent = shared
        .http
        .post(&parcel.url)
        .timeout(parcel.platform.patience())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, agent)
        .header(header, &parcel.signature)
        .body(parcel.body.clone())
        .send()
        .await;
    sent.ok().map(|answer| answer.status().as_u16())
}

fn note(shared: &Shared, parcel: &Outgoing, status: Option<u16>, acknowledged: bool, finished: bool) {
    let mut state = shared.lock();
    // Ids count from 1 in the order of the list.
    let position = usize::try_from(parcel.id.saturating_sub(1)).unwrap_or(usize::MAX);
    if let Some(delivery) = state.deliveries.get_mut(position) {
        delivery.attempts = delivery.attempts.saturating_add(1);
        delivery.status = status;
        delivery.acknowledged = acknowledged;
        delivery.finished = finished;
    }
}
