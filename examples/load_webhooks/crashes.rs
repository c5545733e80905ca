//! The server is killed under load, and what is left is counted.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use crate::{
    Outcome,
    arguments::Arguments,
    audit::Audit,
    deliveries::{Mixture, Sent},
    load::Platform,
    rates::signer,
    rounded, say,
    server::Server,
    stage::{Contents, Scene, Stage},
};

const KILLS: u32 = 2;

/// What happened.
#[derive(Debug)]
pub(crate) struct Crashed {
    pub(crate) audit: Audit,
    sent: Sent,
    /// Deliveries that were sent again for want of a 200.
    again: u64,
    contents: Contents,
    drained: Duration,
}

impl Crashed {
    pub(crate) fn summary(&self) -> Value {
        json!({
            "kills": KILLS,
            "deliveries": self.sent.deliveries,
            "sent_again": self.again,
            "repeats": self.sent.repeats,
            "distinct": self.audit.sent,
            "inbox": self.audit.recorded,
            "done": self.contents.done,
            "effects": self.audit.effects,
            "handled_again": self.contents.again,
            "lost": self.audit.lost,
            "effects_twice": self.audit.twice,
            "effects_unknown": self.audit.unknown,
            "drained_s": rounded(self.drained.as_secs_f64()),
        })
    }
}

/// Loads the server, kills it twice, waits until everything is handled, and compares.
pub(crate) async fn run(stage: &Stage, arguments: &Arguments) -> Outcome<Crashed> {
    let scene = stage.scene(&arguments.server_log).await?;
    let platform = Platform::new(signer()?, arguments.concurrency)?;
    let server = scene.working.serve(0).await?;
    server.log_in(platform.client()).await?;
    let seconds = arguments.seconds;
    say(&format!("crashes     {} s of load, {KILLS} kills", seconds.as_secs()))?;
    let mixture = Arc::new(Mixture::default());
    let (webhook, source) = (server.webhook(), Arc::clone(&mixture));
    let load = platform.insist(&webhook, seconds, move || source.next());
    let kill = kill_twice(&scene, &platform, server, arguments);
    let (again, server) = tokio::try_join!(load, kill)?;
    let sent = mixture.sent();
    say(&format!(
        "sent        {} deliveries of {} messages and {} repeats; {again} were sent again",
        sent.deliveries, sent.messages, sent.repeats
    ))?;
    let drained = scene.drained(&platform).await?;
    let contents = scene.contents().await?;
    let recorded = u64::try_from(contents.recorded)?;
    let audit = Audit::new(sent.messages, recorded, scene.effects().await?);
    server.kill().await?;
    say(&format!(
        "handled     {:.1} s later; {} sent, {} in the inbox, {} effects; {} attempts were repeats",
        drained.as_secs_f64(),
        audit.sent,
        audit.recorded,
        audit.effects,
        contents.again
    ))?;
    Ok(Crashed { audit, sent, again, contents, drained })
}

/// In the middle of the load, and back at the same address.
async fn kill_twice(
    scene: &Scene,
    platform: &Platform,
    mut server: Server,
    arguments: &Arguments,
) -> Outcome<Server> {
    let port = server.port()?;
    for number in 1..=KILLS {
        platform.sleep(arguments.seconds / (KILLS + 1)).await;
        let begun = platform.now();
        server.kill().await?;
        if arguments.ends_claims {
            scene.end_claims().await?;
        }
        server = scene.working.serve(port).await?;
        let gone = platform.now().saturating_sub(begun).as_millis();
        say(&format!("kill {number}      back after {gone} ms"))?;
    }
    Ok(server)
}
