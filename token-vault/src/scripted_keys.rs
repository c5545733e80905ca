//! A key provider and a key table for tests: what they are asked is recorded, what they answer can be bent.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;
use tokio::sync::Semaphore;

use crate::{
    DataKey, DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, KekId, KeyContext, KeyError,
    KeyErrorKind, KeyHealth, KeyProvider, MemoryStore, RewrapRequest, StoreError, StoreErrorKind,
    UnwrapRequest, WrapRequest, Wrapped, WrappedDataKey,
};

/// Wrapping keys as text.
pub(crate) const OLD: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
pub(crate) const OLDER: &str = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";
pub(crate) const NEW: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Wrap(KeyContext),
    Unwrap(KeyContext),
    Rewrap(KeyContext, KeyContext),
    Health,
}

#[derive(Debug)]
pub(crate) struct ScriptedKeys {
    keys: Mutex<Arc<dyn KeyProvider>>,
    script: Mutex<Script>,
    /// Permits to answer, while `script.gated`.
    pub(crate) gate: Semaphore,
}

#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) asked: Vec<Asked>,
    /// Every call fails with this.
    pub(crate) failure: Option<KeyErrorKind>,
    /// Every call waits for a permit first.
    pub(crate) gated: bool,
    pub(crate) twist: Option<Twist>,
}

/// What is wrong with the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twist {
    /// Unwrapping gives another key.
    OtherKey,
    /// Rewrapping gives bytes that do not open.
    BrokenRewrap,
    /// Every answer to a batch is one too short.
    Short,
}

impl ScriptedKeys {
    pub(crate) fn over(keys: impl KeyProvider) -> Arc<Self> {
        Arc::new(Self { keys: Mutex::new(Arc::new(keys)), script: Mutex::default(), gate: Semaphore::new(0) })
    }

    pub(crate) fn set_keys(&self, keys: impl KeyProvider) {
        *self.keys.lock().unwrap() = Arc::new(keys);
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(crate) fn fail(&self, failure: impl Into<Option<KeyErrorKind>>) {
        self.script().failure = failure.into();
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.script().asked.clone()
    }

    /// How often it was asked to wrap and to unwrap since the last time.
    pub(crate) fn take_calls(&self) -> (usize, usize) {
        let asked = std::mem::take(&mut self.script().asked);
        let count = |which: fn(&Asked) -> bool| asked.iter().filter(|asked| which(asked)).count();
        (count(|asked| matches!(asked, Asked::Wrap(_))), count(|asked| matches!(asked, Asked::Unwrap(_))))
    }

    fn current(&self) -> Arc<dyn KeyProvider> {
        Arc::clone(&self.keys.lock().unwrap())
    }

    async fn before(&self, asked: Vec<Asked>) {
        let gated = {
            let mut script = self.script();
            script.asked.extend(asked);
            script.gated
        };
        if gated {
            self.gate.acquire().await.unwrap().forget();
        }
    }

    fn after<T>(&self, mut answers: Vec<Result<T, KeyError>>) -> Vec<Result<T, KeyError>> {
        let script = self.script();
        if let Some(kind) = script.failure {
            answers = answers.iter().map(|_| Err(KeyError::new(kind, "as scripted"))).collect();
        }
        if script.twist == Some(Twist::Short) {
            answers.pop();
        }
        answers
    }
}

#[async_trait]
impl KeyProvider for ScriptedKeys {
    fn id(&self) -> KekId {
        self.current().id()
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        self.before(requests.iter().map(|request| Asked::Wrap(request.context.clone())).collect()).await;
        self.after(self.current().wrap_many(requests).await)
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        self.before(requests.iter().map(|request| Asked::Unwrap(request.context.clone())).collect()).await;
        let mut answers = self.after(self.current().unwrap_many(requests).await);
        if self.script().twist == Some(Twist::OtherKey) {
            answers = answers.iter().map(|_| Ok(DataKey::random().unwrap())).collect();
        }
        answers
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        let rewrap = |request: &RewrapRequest<'_>| Asked::Rewrap(request.from.clone(), request.to.clone());
        self.before(requests.iter().map(rewrap).collect()).await;
        let mut answers = self.after(self.current().rewrap_many(requests).await);
        if self.script().twist == Some(Twist::BrokenRewrap) {
            answers.iter_mut().flatten().for_each(|bytes| bytes[20] ^= 1);
        }
        answers
    }

    async fn health(&self) -> Result<KeyHealth, KeyError> {
        self.before(vec![Asked::Health]).await;
        self.after(vec![self.current().health().await]).remove(0)
    }
}

/// A table in memory whose rows are bent when they are read by id, or that does not answer at all.
#[derive(Debug)]
pub(crate) struct ScriptedTable {
    pub(crate) store: Arc<MemoryStore>,
    bend: Mutex<Option<fn(&mut WrappedDataKey)>>,
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Every call fails.
    Away,
    /// No call comes back.
    Hanging,
    /// There are no rows to be read by id.
    Forgetful,
    /// Destroying lets others go first.
    Slow,
}

impl ScriptedTable {
    pub(crate) fn over(store: Arc<MemoryStore>) -> Arc<Self> {
        Arc::new(Self { store, bend: Mutex::default(), mood: Mutex::new(Mood::Well) })
    }

    pub(crate) fn bend(&self, bend: fn(&mut WrappedDataKey)) {
        *self.bend.lock().unwrap() = Some(bend);
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    async fn check(&self) -> Result<(), StoreError> {
        match self.mood() {
            Mood::Well | Mood::Forgetful | Mood::Slow => Ok(()),
            Mood::Away => Err(StoreError::new(StoreErrorKind::Unavailable, "as scripted")),
            Mood::Hanging => std::future::pending().await,
        }
    }
}

#[async_trait]
impl DataKeyTable for ScriptedTable {
    async fn active_key(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, StoreError> {
        self.check().await?;
        self.store.active_key(tenant).await
    }

    async fn find_key(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, StoreError> {
        self.check().await?;
        let mut row = self.store.find_key(tenant, id).await?.filter(|_| self.mood() != Mood::Forgetful);
        if let Some(bend) = *self.bend.lock().unwrap() {
            row.iter_mut().for_each(bend);
        }
        Ok(row)
    }

    async fn list_keys(&self, tenant: TenantId) -> Result<Vec<WrappedDataKey>, StoreError> {
        self.check().await?;
        self.store.list_keys(tenant).await
    }

    async fn insert_active_key(
        &self,
        key: WrappedDataKey,
        replacing: Option<DataKeyId>,
    ) -> Result<WrappedDataKey, StoreError> {
        self.check().await?;
        self.store.insert_active_key(key, replacing).await
    }

    async fn replace_wrapped(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        seen: &Wrapped,
        new: Wrapped,
    ) -> Result<bool, StoreError> {
        self.check().await?;
        self.store.replace_wrapped(tenant, id, seen, new).await
    }

    async fn set_key_state(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        from: DataKeyState,
        to: DataKeyState,
    ) -> Result<bool, StoreError> {
        self.check().await?;
        self.store.set_key_state(tenant, id, from, to).await
    }

    async fn add_messages(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        messages: u64,
    ) -> Result<Option<u64>, StoreError> {
        self.check().await?;
        self.store.add_messages(tenant, id, messages).await
    }

    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.check().await?;
        if self.mood() == Mood::Slow {
            tokio::task::yield_now().await;
        }
        self.store.destroy_keys(tenant).await
    }

    async fn keys_under(
        &self,
        kek: &KekId,
        after: Option<DataKeyPosition>,
        limit: usize,
    ) -> Result<Vec<WrappedDataKey>, StoreError> {
        self.check().await?;
        self.store.keys_under(kek, after, limit).await
    }

    async fn count_by_kek(&self) -> Result<Vec<(KekId, u64)>, StoreError> {
        self.check().await?;
        self.store.count_by_kek().await
    }
}
