//! Several key providers as one, for moving from one to another.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    KeyContext, KeyError, KeyErrorKind,
    key_provider::{
        DataKey, HeldKek, KekId, KeyHealth, KeyProvider, RewrapRequest, UnwrapRequest, WrapRequest,
    },
};

/// Wraps with the first provider and unwraps with whichever holds the key: for moving from a key in the
/// environment to a key service, or between two services, while serving. Once no data key is left under the
/// old provider, use the new one alone.
///
/// ```
/// use std::sync::Arc;
/// use sociogram_token_vault::{KeyChain, KeyProvider, LocalKeys};
///
/// let service = Arc::new(LocalKeys::generate()?); // stands for a key service
/// let before = Arc::new(LocalKeys::generate()?);
/// let keys = KeyChain::new(service.clone()).then(before);
/// assert_eq!(keys.id(), service.id());
/// # Ok::<(), sociogram_token_vault::KeyError>(())
/// ```
#[derive(Debug)]
pub struct KeyChain {
    primary: Arc<dyn KeyProvider>,
    others: Vec<Arc<dyn KeyProvider>>,
}

impl KeyChain {
    /// The provider that wraps.
    pub fn new(primary: Arc<dyn KeyProvider>) -> Self {
        Self { primary, others: Vec::new() }
    }

    /// Adds a provider that unwraps what it wrapped before.
    pub fn then(mut self, older: Arc<dyn KeyProvider>) -> Self {
        self.others.push(older);
        self
    }

    fn all(&self) -> impl Iterator<Item = &Arc<dyn KeyProvider>> {
        std::iter::once(&self.primary).chain(&self.others)
    }
}

/// What is still to be asked: every request starts as "nobody holds this key" and is passed on for as long as
/// that is the answer.
struct Answers<T>(Vec<Result<T, KeyError>>);

impl<T> Answers<T> {
    fn none<'a>(contexts: impl Iterator<Item = &'a KeyContext>) -> Self {
        Self(contexts.map(|context| Err(KeyError::wrong_key(&context.kek))).collect())
    }

    fn open<R: Copy>(&self, requests: &[R]) -> (Vec<usize>, Vec<R>) {
        let unheld = |answer: &Result<T, KeyError>| matches!(answer, Err(error) if error.kind() == KeyErrorKind::WrongKey);
        let open = self.0.iter().zip(requests).enumerate().filter(|(_, (answer, _))| unheld(answer));
        open.map(|(index, (_, request))| (index, *request)).unzip()
    }

    fn fill(&mut self, indexes: &[usize], answers: Vec<Result<T, KeyError>>) {
        for (index, answer) in indexes.iter().zip(answers) {
            if let Some(slot) = self.0.get_mut(*index) {
                *slot = answer;
            }
        }
    }
}

#[async_trait]
impl KeyProvider for KeyChain {
    fn id(&self) -> KekId {
        self.primary.id()
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        let mut answers = Answers::none(requests.iter().map(|request| request.context));
        for provider in self.all() {
            let (indexes, open) = answers.open(requests);
            if open.is_empty() {
                break;
            }
            answers.fill(&indexes, provider.wrap_many(&open).await);
        }
        answers.0
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        let mut answers = Answers::none(requests.iter().map(|request| request.context));
        for provider in self.all() {
            let (indexes, open) = answers.open(requests);
            if open.is_empty() {
                break;
            }
            answers.fill(&indexes, provider.unwrap_many(&open).await);
        }
        answers.0
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        let mut answers = Answers::none(requests.iter().map(|request| request.from));
        for provider in self.all() {
            let (indexes, open) = answers.open(requests);
            if open.is_empty() {
                return answers.0;
            }
            answers.fill(&indexes, provider.rewrap_many(&open).await);
        }
        // Nobody holds both keys of these: one provider opens, another wraps.
        let (indexes, open) = answers.open(requests);
        let unwrap: Vec<_> =
            open.iter().map(|request| UnwrapRequest::new(request.from, request.wrapped)).collect();
        let keys = self.unwrap_many(&unwrap).await;
        let opened = open.iter().zip(&keys).filter_map(|(request, key)| Some((request, key.as_ref().ok()?)));
        let wrap: Vec<_> = opened.map(|(request, key)| WrapRequest::new(request.to, key)).collect();
        let mut wrapped = self.wrap_many(&wrap).await.into_iter();
        let moved = keys
            .into_iter()
            .map(|key| key.and_then(|_| wrapped.next().unwrap_or_else(|| Err(KeyError::unanswered()))));
        let moved = moved.collect();
        answers.fill(&indexes, moved);
        answers.0
    }

    /// Well when every provider is: a data key may be under any of them.
    async fn health(&self) -> Result<KeyHealth, KeyError> {
        let mut all = self.primary.health().await?;
        for provider in &self.others {
            let held = provider.health().await?.keys;
            let new = |key: &HeldKek| all.keys.iter().all(|known| known.id != key.id);
            let new: Vec<_> = held.into_iter().filter(new).collect();
            all.keys.extend(new);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
