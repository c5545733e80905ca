//! Moving data keys to the current wrapping key, while serving.

use sociogram_oauth_core::TenantId;

use crate::{
    DataKeyId, DataKeyPosition, DataKeys, KekId, KeyContext, KeyError, KeyErrorKind, RewrapRequest,
    UnwrapRequest, VaultError, Wrapped, WrappedDataKey, meter, wrapping,
};

/// A pass over all data keys that are not wrapped with the provider's primary key. Made by
/// [`DataKeys::rewrap`].
///
/// It keeps nothing but its place: what was moved is not listed again, so a pass that was given up is simply
/// started anew, and several may run at once.
#[derive(Debug)]
pub struct Rewrap {
    keys: DataKeys,
    batch: usize,
    /// The wrapping key whose data keys are being moved, and the last of them that was looked at.
    place: Option<(KekId, Option<DataKeyPosition>)>,
}

/// What one batch did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RewrapProgress {
    /// The wrapping key that the batch moved data keys away from.
    pub from: KekId,
    /// How many were moved.
    pub moved: usize,
    /// How many another process moved or destroyed meanwhile.
    pub superseded: usize,
    /// Which ones could not be moved. They stay as they are.
    pub failed: Vec<RewrapFailure>,
    /// How many data keys are not under the primary key now, those that failed included.
    pub remaining: u64,
}

/// A data key that could not be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RewrapFailure {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its id.
    pub key: DataKeyId,
    /// Why.
    pub kind: KeyErrorKind,
}

impl DataKeys {
    /// A job that wraps every data key with the provider's primary key, `batch` at a time (at least one). One
    /// data key per tenant is a row or two; no token is touched, and tokens are opened and sealed all the
    /// while.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use sociogram_token_vault::{DataKeys, LocalKeys, MemoryStore, VaultError};
    /// # async fn rotate(keys: DataKeys) -> Result<(), VaultError> {
    /// let mut job = keys.rewrap(100);
    /// while let Some(progress) = job.next().await? {
    ///     println!("{} to go", progress.remaining);
    /// }
    /// let removable = keys.status().await?.keys.into_iter().filter(|key| key.is_removable());
    /// # Ok(())
    /// # }
    /// ```
    pub fn rewrap(&self, batch: usize) -> Rewrap {
        Rewrap { keys: self.clone(), batch: batch.max(1), place: None }
    }
}

impl Rewrap {
    /// Moves the next batch; `None` when all were looked at.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the table or the key provider does not answer. What was moved
    /// stays moved; call it again later and it goes on where it was.
    pub async fn next(&mut self) -> Result<Option<RewrapProgress>, VaultError> {
        let primary = self.keys.provider().id();
        loop {
            let place = match self.place.clone() {
                Some(place) => Some(place),
                None => self.first_kek(&primary, None).await?.map(|kek| (kek, None)),
            };
            let Some((kek, after)) = place else { return Ok(None) };
            let rows = self.keys.table().keys_under(&kek, after, self.batch).await?;
            if let Some(last) = rows.last().map(|row| (row.tenant, row.id)) {
                let mut progress = self.shift(&kek, rows, &primary).await?;
                progress.remaining = self.remaining(&primary).await?;
                self.place = Some((kek, Some(last)));
                return Ok(Some(progress));
            }
            let Some(next) = self.first_kek(&primary, Some(&kek)).await? else { return Ok(None) };
            self.place = Some((next, None));
        }
    }

    /// The first wrapping key behind `after` that is in use and not the primary one.
    async fn first_kek(&self, primary: &KekId, after: Option<&KekId>) -> Result<Option<KekId>, VaultError> {
        let counts = self.keys.table().count_by_kek().await?;
        let keks = counts.into_iter().map(|(kek, _)| kek).filter(|kek| kek != primary);
        Ok(keks.filter(|kek| after.is_none_or(|after| kek > after)).min())
    }

    async fn remaining(&self, primary: &KekId) -> Result<u64, VaultError> {
        let counts = self.keys.table().count_by_kek().await?;
        Ok(counts.into_iter().filter(|(kek, _)| kek != primary).map(|(_, count)| count).sum())
    }

    async fn shift(
        &self,
        from: &KekId,
        rows: Vec<WrappedDataKey>,
        primary: &KekId,
    ) -> Result<RewrapProgress, VaultError> {
        let mut progress =
            RewrapProgress { from: from.clone(), moved: 0, superseded: 0, failed: Vec::new(), remaining: 0 };
        let mut gone = None;
        for (row, moved) in rows.iter().zip(self.rewrapped(&rows, primary).await) {
            match moved {
                Ok(new) => {
                    let (table, seen) = (self.keys.table(), &row.wrapped);
                    if table.replace_wrapped(row.tenant, row.id, seen, new).await? {
                        progress.moved += 1;
                    } else {
                        progress.superseded += 1;
                    }
                }
                Err(error) if error.kind() == KeyErrorKind::Unavailable => gone = Some(error),
                Err(error) => {
                    let (tenant, key, kind) = (row.tenant, row.id, error.kind());
                    progress.failed.push(RewrapFailure { tenant, key, kind });
                }
            }
        }
        // What was moved before the provider went away stays moved.
        gone.map_or(Ok(progress), |error| Err(error.into()))
    }

    /// The rows' keys under the primary key, each opened again and checked before it may replace the old one.
    async fn rewrapped(&self, rows: &[WrappedDataKey], primary: &KekId) -> Vec<Result<Wrapped, KeyError>> {
        let provider = self.keys.provider();
        let from: Vec<_> = rows.iter().map(WrappedDataKey::context).collect();
        let to: Vec<_> = from.iter().map(|context| context.under(primary.clone())).collect();
        let requests: Vec<_> = rows
            .iter()
            .zip(from.iter().zip(&to))
            .map(|(row, (from, to))| RewrapRequest::new(from, to, &row.wrapped.bytes))
            .collect();
        let moved = all(provider.rewrap_many(&requests).await, rows.len());
        meter::key_provider_called("rewrap", moved.iter().all(Result::is_ok));

        let opened: Vec<_> =
            to.iter().zip(&moved).filter_map(|(to, bytes)| Some(request(to, bytes.as_ref().ok()?))).collect();
        let mut keys = all(provider.unwrap_many(&opened).await, opened.len()).into_iter();
        drop(opened);
        let checked = rows.iter().zip(moved).map(|(row, bytes)| {
            let bytes = bytes?;
            let key = keys.next().unwrap_or_else(|| Err(KeyError::unanswered()))?;
            wrapping::check(row, key)?;
            Ok(Wrapped::new(primary.clone(), bytes))
        });
        checked.collect()
    }
}

fn request<'a>(context: &'a KeyContext, wrapped: &'a [u8]) -> UnwrapRequest<'a> {
    UnwrapRequest::new(context, wrapped)
}

/// As many answers as there were requests, whatever the provider gave.
fn all<T>(mut answers: Vec<Result<T, KeyError>>, requests: usize) -> Vec<Result<T, KeyError>> {
    answers.truncate(requests);
    while answers.len() < requests {
        answers.push(Err(KeyError::unanswered()));
    }
    answers
}

#[cfg(test)]
mod tests;
