//! Records in memory, forgotten at the end of the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sociogram::{api_core::Timestamp, oauth_core::TenantId, webhook_verify::DedupeKey};

use super::{Kept, Lead, LeadStatus, Utterance};

/// The records of all tenants.
#[derive(Debug, Default)]
pub(crate) struct MemoryRecords(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    leads: Shelf<Lead>,
    utterances: Shelf<Utterance>,
}

/// Records of one sort, oldest first.
#[derive(Debug)]
struct Shelf<T> {
    last_id: i64,
    kept: Vec<(TenantId, DedupeKey, Kept<T>)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { last_id: 0, kept: Vec::new() }
    }
}

impl<T: Clone> Shelf<T> {
    fn add(&mut self, tenant: TenantId, key: DedupeKey, record: &T, stored_at: Timestamp) -> bool {
        if self.kept.iter().any(|(owner, known, _)| (*owner, *known) == (tenant, key)) {
            return false;
        }
        self.last_id = self.last_id.saturating_add(1);
        let stored = Kept { id: self.last_id, stored_at, record: record.clone() };
        self.kept.push((tenant, key, stored));
        true
    }

    fn erase(&mut self, tenant: TenantId, unwanted: impl Fn(&T) -> bool) -> u64 {
        let before = self.kept.len();
        self.kept.retain(|(owner, _, stored)| *owner != tenant || !unwanted(&stored.record));
        before.saturating_sub(self.kept.len()) as u64
    }

    fn latest(&self, tenant: TenantId, after: Option<i64>, limit: usize) -> Vec<Kept<T>> {
        let own =
            self.kept.iter().rev().filter(|(owner, _, _)| *owner == tenant).map(|(_, _, stored)| stored);
        own.filter(|stored| after.is_none_or(|after| stored.id < after)).take(limit).cloned().collect()
    }
}

impl MemoryRecords {
    pub(super) fn add_lead(&self, tenant: TenantId, lead: &Lead, now: Timestamp) -> bool {
        self.lock().leads.add(tenant, lead.key, lead, now)
    }

    pub(super) fn set_lead_status(
        &self,
        tenant: TenantId,
        id: i64,
        status: LeadStatus,
        now: Timestamp,
    ) -> Option<Kept<Lead>> {
        let mut state = self.lock();
        let mut own = state.leads.kept.iter_mut().filter(|(owner, _, _)| *owner == tenant);
        let (_, _, kept) = own.find(|(_, _, kept)| kept.id == id)?;
        if kept.record.status != status {
            kept.record.status = status;
            kept.record.status_at = Some(now);
        }
        Some(kept.clone())
    }

    pub(super) fn erase_lead(&self, tenant: TenantId, provider: &str, lead: &str) -> u64 {
        self.lock().leads.erase(tenant, |kept| kept.provider == provider && kept.external_id == lead)
    }

    pub(super) fn add_utterance(&self, tenant: TenantId, utterance: &Utterance, now: Timestamp) -> bool {
        self.lock().utterances.add(tenant, utterance.key, utterance, now)
    }

    pub(super) fn erase_utterance(&self, tenant: TenantId, account: &str, message_id: &str) -> u64 {
        let is_it =
            |kept: &Utterance| kept.account == account && kept.message_id.as_deref() == Some(message_id);
        self.lock().utterances.erase(tenant, is_it)
    }

    pub(super) fn leads(&self, tenant: TenantId, after: Option<i64>, limit: usize) -> Vec<Kept<Lead>> {
        self.lock().leads.latest(tenant, after, limit)
    }

    pub(super) fn utterances(
        &self,
        tenant: TenantId,
        after: Option<i64>,
        limit: usize,
    ) -> Vec<Kept<Utterance>> {
        self.lock().utterances.latest(tenant, after, limit)
    }

    pub(super) fn erase_tenant(&self, tenant: TenantId) {
        let mut state = self.lock();
        state.leads.erase(tenant, |_| true);
        state.utterances.erase(tenant, |_| true);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No change above can panic half-way, so a poisoned list is still sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
