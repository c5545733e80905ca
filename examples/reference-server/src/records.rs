//! What the server makes of events: leads, and what people wrote. Each event makes one record at most, however often it
//! is handled.

mod memory;
mod postgres;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sociogram::{api_core::Timestamp, oauth_core::TenantId, webhook_verify::DedupeKey};

pub(crate) use memory::MemoryRecords;
pub(crate) use postgres::{PostgresRecords, migrate};

/// A lead, fetched and mapped. All of it is personal data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Lead {
    /// The key of the event that told of it.
    #[serde(rename = "event")]
    pub(crate) key: DedupeKey,
    /// `meta` or `linkedin`.
    pub(crate) provider: String,
    /// The Page, organization or ad account.
    pub(crate) account: String,
    /// The platform's id of the lead.
    #[serde(rename = "lead")]
    pub(crate) external_id: String,
    pub(crate) form: Option<String>,
    pub(crate) ad: Option<String>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    /// Everything that was entered, as the platform gives it.
    pub(crate) answers: Value,
    /// The click on an ad that opened WhatsApp, if it came by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) click: Option<String>,
    /// How far it has come, as people say.
    pub(crate) status: LeadStatus,
    /// When they said so.
    pub(crate) status_at: Option<Timestamp>,
}

/// How far a lead has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LeadStatus {
    /// Nobody has looked at it.
    New,
    /// Somebody has written or called.
    Contacted,
    /// It is worth the trouble.
    Qualified,
    /// It became a customer.
    Converted,
    /// It will not.
    Lost,
}

impl LeadStatus {
    pub(crate) const ALL: [Self; 5] =
        [Self::New, Self::Contacted, Self::Qualified, Self::Converted, Self::Lost];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Contacted => "contacted",
            Self::Qualified => "qualified",
            Self::Converted => "converted",
            Self::Lost => "lost",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for LeadStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// A person, to the account.
    In,
    /// The account.
    Out,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|direction| direction.as_str() == word)
    }
}

impl Serialize for Direction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A message or comment. All of it is personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Utterance {
    /// The key of the event that brought it.
    #[serde(rename = "event")]
    pub(crate) key: DedupeKey,
    /// `facebook`, `messenger`, `instagram`, `whatsapp` or `linkedin`.
    pub(crate) platform: String,
    /// Whose conversation it is.
    pub(crate) account: String,
    /// The platform's id of the other one; of the author, for a comment.
    pub(crate) person: Option<String>,
    pub(crate) direction: Direction,
    /// `message` or `comment`.
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    /// When it was written.
    pub(crate) at: Option<Timestamp>,
    /// The platform's id of the message or comment.
    pub(crate) message_id: Option<String>,
}

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Kept<T> {
    /// Later records have greater ids.
    pub(crate) id: i64,
    pub(crate) stored_at: Timestamp,
    #[serde(flatten)]
    pub(crate) record: T,
}

/// Records could not be read or written. Holds nothing of them.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the records cannot be kept or read: {0}")]
pub(crate) struct RecordsError(String);

/// Where the records are.
#[derive(Debug, Clone)]
pub(crate) enum Records {
    Memory(Arc<MemoryRecords>),
    Postgres(PostgresRecords),
}

impl Records {
    /// Keeps a lead unless its event made one before. Gives whether it was kept.
    pub(crate) async fn add_lead(
        &self,
        tenant: TenantId,
        lead: &Lead,
        now: Timestamp,
    ) -> Result<bool, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.add_lead(tenant, lead, now)),
            Self::Postgres(records) => records.add_lead(tenant, lead).await,
        }
    }

    /// Keeps how far a lead has come. Gives the lead, if there is one.
    pub(crate) async fn set_lead_status(
        &self,
        tenant: TenantId,
        id: i64,
        status: LeadStatus,
        now: Timestamp,
    ) -> Result<Option<Kept<Lead>>, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.set_lead_status(tenant, id, status, now)),
            Self::Postgres(records) => records.set_lead_status(tenant, id, status).await,
        }
    }

    /// Erases a lead. Gives how many there were.
    pub(crate) async fn erase_lead(
        &self,
        tenant: TenantId,
        provider: &str,
        lead: &str,
    ) -> Result<u64, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.erase_lead(tenant, provider, lead)),
            Self::Postgres(records) => records.erase_lead(tenant, provider, lead).await,
        }
    }

    /// Keeps a message or comment unless its event made one before. Gives whether it was kept.
    pub(crate) async fn add_utterance(
        &self,
        tenant: TenantId,
        utterance: &Utterance,
        now: Timestamp,
    ) -> Result<bool, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.add_utterance(tenant, utterance, now)),
            Self::Postgres(records) => records.add_utterance(tenant, utterance).await,
        }
    }

    /// Erases what an account's message or comment said. Gives how many records there were.
    pub(crate) async fn erase_utterance(
        &self,
        tenant: TenantId,
        account: &str,
        message_id: &str,
    ) -> Result<u64, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.erase_utterance(tenant, account, message_id)),
            Self::Postgres(records) => records.erase_utterance(tenant, account, message_id).await,
        }
    }

    /// Up to `limit` leads, newest first, those older than `after` only.
    pub(crate) async fn leads(
        &self,
        tenant: TenantId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Kept<Lead>>, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.leads(tenant, after, limit)),
            Self::Postgres(records) => records.leads(tenant, after, limit).await,
        }
    }

    /// Up to `limit` messages and comments, newest first, those older than `after` only.
    pub(crate) async fn utterances(
        &self,
        tenant: TenantId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Kept<Utterance>>, RecordsError> {
        match self {
            Self::Memory(records) => Ok(records.utterances(tenant, after, limit)),
            Self::Postgres(records) => records.utterances(tenant, after, limit).await,
        }
    }

    /// Deletes everything of a tenant.
    pub(crate) async fn erase_tenant(&self, tenant: TenantId) -> Result<(), RecordsError> {
        match self {
            Self::Memory(records) => {
                records.erase_tenant(tenant);
                Ok(())
            }
            Self::Postgres(records) => records.erase_tenant(tenant).await,
        }
    }
}

#[cfg(test)]
mod tests;
