//! What a process is told by its arguments: pairs of `--name value`.

use crate::Fallible;

/// Where the process stops, until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Events are claimed.
    BeforeBegin,
    /// It is stored that they are about to be sent, and nothing is sent.
    AfterBegin,
    /// The answer of the platform is there.
    BeforeSettle,
    /// A part of a request has its fate, and the rest does not.
    BetweenSettles,
}

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) worker: String,
    pub(crate) platform: String,
    pub(crate) token: String,
    pub(crate) concurrency: usize,
    pub(crate) stop_at: Option<Stage>,
}

impl Settings {
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut settings = Self {
            database: String::new(),
            worker: String::new(),
            platform: String::new(),
            token: String::new(),
            concurrency: 1,
            stop_at: None,
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            settings.set(&name, value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: String) -> Fallible<()> {
        match name {
            "--database" => self.database = value,
            "--worker" => self.worker = value,
            "--platform" => self.platform = value,
            "--token" => self.token = value,
            "--concurrency" => self.concurrency = value.parse()?,
            "--stop-at" => self.stop_at = Some(stage(&value)?),
            _ => return Err(format!("no setting is called {name}").into()),
        }
        Ok(())
    }
}

fn stage(name: &str) -> Fallible<Stage> {
    Ok(match name {
        "before-begin" => Stage::BeforeBegin,
        "after-begin" => Stage::AfterBegin,
        "before-settle" => Stage::BeforeSettle,
        "between-settles" => Stage::BetweenSettles,
        _ => return Err(format!("no stage is called {name}").into()),
    })
}
