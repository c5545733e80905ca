//! Leads since the last time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::{Cursor, ListEndpoint, MalformedItem, Page};

use super::lead::{Lead, LeadTimes, ListAdLeads, ListFormLeads};
use crate::client::Client;
use crate::error::Error;
use crate::id::{AdId, LeadFormId, LeadId};

/// How much earlier than the newest known lead it looks again, unless told: leads appear minutes late.
const OVERLAP: Duration = Duration::from_secs(3600);
/// How many leads one call gives.
const PAGE: u32 = 100;

/// Whose leads are read.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadSource {
    /// Of a form.
    Form(LeadFormId),
    /// Of an ad.
    Ad(AdId),
}

/// The leads of a form or ad that came since the last time, each once. A plain state: keep it as JSON.
///
/// Call [`next`](Self::next) until it gives `None`; that is one run. The next run, hours later, goes on from there. It
/// keeps ids and times only, no answers.
///
/// * Take the leads into your store first and save this state afterwards: a crash between the two gives some leads again,
///   with the same ids, and never loses one.
/// * It asks Meta for newer leads only, but does not rely on that: Meta ignores the filter at times. What is too old or
///   was given before is left out here, and reading ends at a page that is all too old.
/// * Each run looks at the last hour before the newest known lead again ([`overlap`](Self::overlap)), because leads
///   appear late.
///
/// ```no_run
/// use sociogram_meta_graph::{Client, LeadFormId};
/// use sociogram_meta_graph::leads::{LeadSource, LeadSync};
///
/// # async fn run(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
/// # fn store(_: &[sociogram_meta_graph::leads::Lead]) {}
/// # fn save(_: &LeadSync) {}
/// let mut sync = LeadSync::new(LeadSource::Form(LeadFormId::new("1234567890")?));
/// while let Some(new) = sync.next(client).await? {
///     store(&new.leads);
///     save(&sync);
/// }
/// save(&sync);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadSync {
    source: LeadSource,
    overlap: Duration,
    /// The time of the newest lead of the last run that came to its end.
    watermark: Option<Timestamp>,
    /// What was given, from the overlap before the watermark on.
    seen: BTreeMap<LeadId, Timestamp>,
    run: Option<Run>,
}

/// A run that has begun. Cursors do not live long, so a process that takes over begins the run anew; `seen` keeps it from
/// giving a lead twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    newest: Option<Timestamp>,
    #[serde(skip)]
    position: Position,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Position {
    #[default]
    Begin,
    After(Cursor),
    End,
}

/// New leads of one call.
#[non_exhaustive]
#[derive(Debug)]
pub struct NewLeads {
    /// The leads, the newest first; empty when the call brought known ones only.
    pub leads: Vec<Lead>,
    /// What could not be read. **The next run does not bring it back**: look at it with
    /// [`ListFormLeads`](super::ListFormLeads).
    pub malformed: Vec<MalformedItem>,
}

impl LeadSync {
    /// From the oldest lead that Meta still has.
    pub const fn new(source: LeadSource) -> Self {
        Self { source, overlap: OVERLAP, watermark: None, seen: BTreeMap::new(), run: None }
    }

    /// From this time on.
    pub fn since(mut self, time: Timestamp) -> Self {
        self.watermark = Some(time.saturating_add(self.overlap));
        self
    }

    /// How much is read again in each run; one hour unless set.
    pub fn overlap(mut self, overlap: Duration) -> Self {
        let floor = self.floor();
        self.overlap = overlap;
        self.watermark = floor.map(|floor| floor.saturating_add(overlap));
        self
    }

    /// The time of the newest lead that was given.
    pub const fn watermark(&self) -> Option<Timestamp> {
        self.watermark
    }

    /// Whose leads it reads.
    pub const fn source(&self) -> &LeadSource {
        &self.source
    }

    /// The next new leads, by one call; `None` when the run is over.
    ///
    /// # Errors
    /// As for [`ListFormLeads`](super::ListFormLeads). The state is as before: call again later.
    pub async fn next(&mut self, client: &Client) -> Result<Option<NewLeads>, Error> {
        let run = self.run.clone().unwrap_or_default();
        let cursor = match run.position {
            Position::Begin => None,
            Position::After(cursor) => Some(cursor),
            Position::End => {
                self.finish();
                return Ok(None);
            }
        };
        let times = self.floor().map(LeadTimes::since);
        let page = match &self.source {
            LeadSource::Form(form) => {
                let list = ListFormLeads::new(form.clone()).limit(PAGE);
                read(client, times.into_iter().fold(list, ListFormLeads::times), cursor.as_ref()).await?
            }
            LeadSource::Ad(ad) => {
                let list = ListAdLeads::new(ad.clone()).limit(PAGE);
                read(client, times.into_iter().fold(list, ListAdLeads::times), cursor.as_ref()).await?
            }
        };
        let now = client.pipeline.timer().now();
        Ok(Some(self.take(page, cursor.as_ref(), run.newest, now)))
    }

    /// Before this time nothing is new.
    fn floor(&self) -> Option<Timestamp> {
        self.watermark.map(|watermark| watermark.saturating_sub(self.overlap))
    }

    fn take(
        &mut self,
        page: Page<Lead>,
        cursor: Option<&Cursor>,
        mut newest: Option<Timestamp>,
        now: Timestamp,
    ) -> NewLeads {
        let floor = self.floor();
        let mut leads = Vec::new();
        let mut recent = page.items.is_empty();
        for lead in page.items {
            // A time in the future would hide all leads until then.
            let at = lead.created_time.unwrap_or(now).min(now);
            if floor.is_some_and(|floor| at < floor) {
                continue;
            }
            recent = true;
            newest = newest.max(Some(at));
            if self.seen.insert(lead.id.clone(), at).is_none() {
                leads.push(lead);
            }
        }
        let position = match page.next {
            Some(next) if recent && Some(&next) != cursor => Position::After(next),
            _ => Position::End,
        };
        self.run = Some(Run { newest, position });
        NewLeads { leads, malformed: page.malformed }
    }

    /// Only a run that came to its end moves the watermark: the newest leads come first, older ones may still be missing.
    fn finish(&mut self) {
        let newest = self.run.take().and_then(|run| run.newest);
        self.watermark = self.watermark.max(newest);
        if let Some(floor) = self.floor() {
            self.seen.retain(|_, at| *at >= floor);
        }
    }
}

async fn read<E: ListEndpoint<Item = Lead>>(
    client: &Client,
    list: E,
    cursor: Option<&Cursor>,
) -> Result<Page<Lead>, Error> {
    let list = cursor.into_iter().fold(list, E::after);
    client.send(list).await
}

#[cfg(test)]
mod tests;
