//! How many deliveries a second the server takes, beside the bare handler.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use sociogram_sandbox::SandboxConfig;

use crate::{
    Outcome,
    arguments::Arguments,
    bare::Bare,
    deliveries::{Numbers, Signer, single},
    load::{Platform, Turn},
    rounded, say,
    stage::Stage,
};

const WARM_UP: Duration = Duration::from_millis(500);

/// Signs as the platform that the server's sandbox plays.
pub(crate) fn signer() -> Outcome<Signer> {
    Ok(Signer::new(&SandboxConfig::default().meta.secret)?)
}

/// The turns of one receiver.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    rates: Vec<f64>,
    /// In microseconds.
    answers: Vec<u32>,
}

impl Measured {
    fn add(&mut self, turn: Turn) {
        self.rates.push(turn.rate());
        self.answers.extend(turn.answers);
        self.answers.sort_unstable();
    }

    /// The median of the turns, in deliveries a second.
    pub(crate) fn rate(&self) -> f64 {
        median(&self.rates)
    }

    /// Below it are so many hundredths of the answers; in milliseconds.
    fn percentile(&self, hundredths: usize) -> f64 {
        let place = (self.answers.len() * hundredths / 100).min(self.answers.len().saturating_sub(1));
        f64::from(self.answers.get(place).copied().unwrap_or_default()) / 1000.0
    }

    pub(crate) fn summary(&self) -> Value {
        json!({
            "deliveries": self.answers.len(),
            "rate": self.rate().round(),
            "rates": self.rates.iter().map(|rate| rate.round()).collect::<Vec<_>>(),
            "p50_ms": rounded(self.percentile(50)),
            "p99_ms": rounded(self.percentile(99)),
        })
    }

    fn line(&self, name: &str) -> String {
        format!(
            "{name:<10}  {:>6.0} deliveries/s, p50 {:.2} ms, p99 {:.2} ms",
            self.rate(),
            self.percentile(50),
            self.percentile(99)
        )
    }
}

/// Of an even number, the mean of the two in the middle.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    f64::midpoint(at(sorted.len().saturating_sub(1) / 2), at(sorted.len() / 2))
}

#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) bare: Measured,
    pub(crate) server: Measured,
}

impl Comparison {
    /// Of the medians; 1 is as fast as the bare handler.
    pub(crate) fn ratio(&self) -> f64 {
        self.server.rate() / self.bare.rate().max(f64::EPSILON)
    }
}

/// Loads both in turns. With `working`, the server handles what it received too, and each turn begins when everything is
/// handled.
pub(crate) async fn compare(stage: &Stage, arguments: &Arguments, working: bool) -> Outcome<Comparison> {
    let scene = stage.scene(&arguments.server_log).await?;
    let platform = Platform::new(signer()?, arguments.concurrency)?;
    let bare = Bare::start(scene.database.owner_url(), signer()?).await?;
    let server = if working { &scene.working } else { &scene.receiving }.serve(0).await?;
    server.log_in(platform.client()).await?;
    let numbers = Arc::new(Numbers::default());
    let webhook = server.webhook();
    let rounds = if working { arguments.working_rounds } else { arguments.rounds };
    let turn = async |url: &str, time: Duration| {
        let numbers = Arc::clone(&numbers);
        let turn = platform.turn(url, time, move || single(numbers.next())).await?;
        if working {
            scene.drained(&platform).await?;
        }
        Outcome::Ok(turn)
    };
    let what = if working { "receives and handles" } else { "receives" };
    say(&format!("rates       the server {what}; {} deliveries at once", arguments.concurrency))?;
    for url in [&bare.url, &webhook] {
        turn(url, WARM_UP).await?;
    }
    let mut comparison = Comparison::default();
    for _ in 0..rounds {
        comparison.bare.add(turn(&bare.url, arguments.turn).await?);
        comparison.server.add(turn(&webhook, arguments.turn).await?);
        comparison.server.add(turn(&webhook, arguments.turn).await?);
        comparison.bare.add(turn(&bare.url, arguments.turn).await?);
    }
    say(&comparison.bare.line("bare"))?;
    say(&comparison.server.line("server"))?;
    server.kill().await?;
    Ok(comparison)
}
