//! Sends deliveries as the platform does: signed, over connections that stay, many at once.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{StatusCode, header};
use reqwest::{Client, redirect::Policy};
use sociogram::api_core::{SystemClock, Timer as _};
use tokio::task::JoinSet;

use crate::{
    Outcome,
    deliveries::{SIGNATURE, Signer},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How soon a delivery is sent again. Platforms wait longer.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a delivery is sent again and again.
const PERSISTENCE: Duration = Duration::from_secs(120);

#[derive(Clone)]
pub(crate) struct Platform {
    client: Client,
    signer: Signer,
    timer: Arc<SystemClock>,
    concurrency: usize,
}

/// What one turn gave.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) took: Duration,
    /// How long each answer took, in microseconds.
    pub(crate) answers: Vec<u32>,
}

impl Turn {
    /// Deliveries in a second.
    #[allow(clippy::cast_precision_loss, reason = "nobody sends 2^52 deliveries")]
    pub(crate) fn rate(&self) -> f64 {
        self.answers.len() as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }
}

impl Platform {
    pub(crate) fn new(signer: Signer, concurrency: usize) -> Outcome<Self> {
        let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE);
        let client = client.pool_max_idle_per_host(concurrency).build()?;
        Ok(Self { client, signer, timer: Arc::new(SystemClock::new()), concurrency })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Time since some moment.
    pub(crate) fn now(&self) -> Duration {
        self.timer.monotonic()
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        self.timer.sleep(time).await;
    }

    /// Sends what `next` gives for so long.
    ///
    /// # Errors
    ///
    /// The first answer other than 200.
    pub(crate) async fn turn<N>(&self, url: &str, time: Duration, next: N) -> Outcome<Turn>
    where
        N: Fn() -> Bytes + Clone + Send + 'static,
    {
        let begun = self.now();
        let mut senders = JoinSet::new();
        for _ in 0..self.concurrency {
            let (platform, url, next) = (self.clone(), url.to_owned(), next.clone());
            senders.spawn(async move {
                let mut answers = Vec::new();
                loop {
                    let sent = platform.now();
                    if sent.saturating_sub(begun) >= time {
                        return Ok(answers);
                    }
                    let status = platform.send(&url, next()).await;
                    if status != Ok(StatusCode::OK) {
                        return Err(format!("{url} answered {}", told(&status)));
                    }
                    let took = platform.now().saturating_sub(sent).as_micros();
                    answers.push(u32::try_from(took).unwrap_or(u32::MAX));
                }
            });
        }
        let mut turn = Turn::default();
        while let Some(answers) = senders.join_next().await {
            turn.answers.extend(answers??);
        }
        turn.took = self.now().saturating_sub(begun);
        Ok(turn)
    }

    /// Sends what `next` gives for so long, each delivery until it is answered with 200. Gives how often one was sent
    /// again.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub(crate) async fn insist<N>(&self, url: &str, time: Duration, next: N) -> Outcome<u64>
    where
        N: Fn() -> Bytes + Clone + Send + 'static,
    {
        let begun = self.now();
        let mut senders = JoinSet::new();
        for _ in 0..self.concurrency {
            let (platform, url, next) = (self.clone(), url.to_owned(), next.clone());
            senders.spawn(async move {
                let mut again = 0;
                while platform.now().saturating_sub(begun) < time {
                    again += platform.deliver(&url, next()).await?;
                }
                Ok::<_, String>(again)
            });
        }
        let mut again = 0;
        while let Some(more) = senders.join_next().await {
            again += more??;
        }
        Ok(again)
    }

    async fn deliver(&self, url: &str, body: Bytes) -> Result<u64, String> {
        let (begun, mut again) = (self.now(), 0);
        loop {
            let status = self.send(url, body.clone()).await;
            if status == Ok(StatusCode::OK) {
                return Ok(again);
            }
            if self.now().saturating_sub(begun) > PERSISTENCE {
                return Err(format!("a delivery was not taken in time: {url} answered {}", told(&status)));
            }
            again += 1;
            self.sleep(PAUSE).await;
        }
    }

    /// The status, once the whole answer is there.
    async fn send(&self, url: &str, body: Bytes) -> Result<StatusCode, String> {
        let signature = self.signer.sign(&body);
        let request = self.client.post(url).header(SIGNATURE, signature);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body);
        let failed = |error: reqwest::Error| error.without_url().to_string();
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        answer.bytes().await.map_err(failed)?;
        Ok(status)
    }
}

fn told(status: &Result<StatusCode, String>) -> String {
    match status {
        Ok(status) => status.to_string(),
        Err(error) => format!("nothing ({error})"),
    }
}
