//! What a process is told by its arguments: pairs of `--name value`.

use std::{net::SocketAddr, time::Duration};

use sociogram_oauth_core::{ConnectionId, Rotation, TenantId};

use crate::Fallible;

/// Where the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KillPoint {
    /// The claim is not made.
    BeforeClaim,
    /// The claim is stored.
    AfterClaim,
    /// It is stored that the request is about to be sent, and it is not sent.
    AfterMark,
    /// The provider has read the request and done what it asks.
    AfterSent,
    /// The answer has arrived.
    AfterAnswer,
    /// The commit is on the way to the server, which has not answered.
    CommitSent,
    /// The server has said that the commit is stored.
    AfterCommit,
    /// Nowhere, but the code that should read the first answer panics.
    Panic,
}

pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) encryption_key: String,
    pub(crate) keys_are_away: bool,
    pub(crate) provider: SocketAddr,
    pub(crate) rotation: Rotation,
    pub(crate) tenant: TenantId,
    pub(crate) connections: Vec<ConnectionId>,
    pub(crate) resolves: usize,
    pub(crate) concurrency: usize,
    pub(crate) rounds: usize,
    pub(crate) lease: Duration,
    pub(crate) provider_timeout: Duration,
    pub(crate) commit_budget: Duration,
    pub(crate) clock_wrong_by: i64,
    pub(crate) die_at: Option<KillPoint>,
}

impl Settings {
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut settings = Self {
            database: String::new(),
            encryption_key: String::new(),
            keys_are_away: false,
            provider: SocketAddr::from(([127, 0, 0, 1], 0)),
            rotation: Rotation::None,
            tenant: TenantId::from_bytes([0; 16]),
            connections: Vec::new(),
            resolves: 1,
            concurrency: 1,
            rounds: 1,
            lease: Duration::from_secs(7),
            provider_timeout: Duration::from_secs(1),
            commit_budget: Duration::from_secs(1),
            clock_wrong_by: 0,
            die_at: None,
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            settings.set(&name, &value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Fallible<()> {
        match name {
            "--database" => value.clone_into(&mut self.database),
            "--encryption-key" => value.clone_into(&mut self.encryption_key),
            "--keys" => self.keys_are_away = value == "away",
            "--provider" => self.provider = value.parse()?,
            "--rotation" => self.rotation = rotation(value)?,
            "--tenant" => self.tenant = value.parse()?,
            "--connections" => {
                self.connections = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--resolves" => self.resolves = value.parse()?,
            "--concurrency" => self.concurrency = value.parse()?,
            "--rounds" => self.rounds = value.parse()?,
            "--lease-ms" => self.lease = millis(value)?,
            "--provider-timeout-ms" => self.provider_timeout = millis(value)?,
            "--commit-budget-ms" => self.commit_budget = millis(value)?,
            "--clock-wrong-by-s" => self.clock_wrong_by = value.parse()?,
            "--die-at" => self.die_at = Some(kill_point(value)?),
            _ => return Err(format!("no setting is called {name}").into()),
        }
        Ok(())
    }
}

fn millis(value: &str) -> Fallible<Duration> {
    Ok(Duration::from_millis(value.parse()?))
}

/// `none`, `strict`, or the milliseconds of grace.
fn rotation(value: &str) -> Fallible<Rotation> {
    Ok(match value {
        "none" => Rotation::None,
        "strict" => Rotation::Strict,
        grace => Rotation::Grace(millis(grace)?),
    })
}

fn kill_point(value: &str) -> Fallible<KillPoint> {
    Ok(match value {
        "before-claim" => KillPoint::BeforeClaim,
        "after-claim" => KillPoint::AfterClaim,
        "after-mark" => KillPoint::AfterMark,
        "after-sent" => KillPoint::AfterSent,
        "after-answer" => KillPoint::AfterAnswer,
        "commit-sent" => KillPoint::CommitSent,
        "after-commit" => KillPoint::AfterCommit,
        "panic" => KillPoint::Panic,
        _ => return Err(format!("no kill point is called {value}").into()),
    })
}
