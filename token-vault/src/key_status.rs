//! Which wrapping keys are there and what still needs them.

use std::collections::BTreeMap;

use crate::{DataKeys, HeldKek, KekId, KeyCheck, KeyHealth, VaultError};

/// What a command `keys status` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysStatus {
    /// The key that wraps.
    pub primary: KekId,
    /// Every key that the provider holds or that data keys are wrapped with; those the provider holds first,
    /// in its order.
    pub keys: Vec<KekStatus>,
}

/// One wrapping key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KekStatus {
    /// Its id.
    pub id: KekId,
    /// Whether new data keys are wrapped with it.
    pub primary: bool,
    /// Whether the provider has it. What is under a key it does not have cannot be opened.
    pub held: bool,
    /// Tells two keys of one name apart, where the provider can.
    pub check: Option<KeyCheck>,
    /// How many data keys of all tenants it wraps.
    pub data_keys: u64,
}

impl KekStatus {
    /// Whether the provider may do without it: nothing is wrapped with it, and nothing new will be, once
    /// every process has the same primary key.
    pub fn is_removable(&self) -> bool {
        self.held && !self.primary && self.data_keys == 0
    }

    /// Whether data keys are wrapped with it and the provider does not have it: their tenants' tokens cannot
    /// be opened. A server checks this when it starts.
    pub fn is_missing(&self) -> bool {
        !self.held && self.data_keys > 0
    }
}

impl DataKeys {
    /// The wrapping keys and how many data keys each one wraps, over all tenants.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Unavailable` when the table or the key provider does not answer, `Misconfigured` when
    /// the provider refuses.
    pub async fn status(&self) -> Result<KeysStatus, VaultError> {
        Ok(combine(self.health().await?, self.table().count_by_kek().await?))
    }
}

fn combine(health: KeyHealth, counts: Vec<(KekId, u64)>) -> KeysStatus {
    let mut counts: BTreeMap<_, _> = counts.into_iter().collect();
    let mut status = |key: HeldKek, held| KekStatus {
        primary: key.id == health.primary,
        held,
        check: key.check,
        data_keys: counts.remove(&key.id).unwrap_or_default(),
        id: key.id,
    };
    let mut keys: Vec<_> = health.keys.into_iter().map(|key| status(key, true)).collect();
    let others = counts.into_iter().map(|(id, data_keys)| KekStatus {
        primary: id == health.primary,
        held: false,
        check: None,
        data_keys,
        id,
    });
    keys.extend(others);
    KeysStatus { primary: health.primary, keys }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_and_needed_keys_are_told_apart() {
        let id = KekId::new;
        let check = KeyCheck::from_bytes([1; 8]);
        let held = vec![
            HeldKek::new(id("new")).with_check(check),
            HeldKek::new(id("old")),
            HeldKek::new(id("done")),
        ];
        let counts = vec![(id("lost"), 2), (id("new"), 5), (id("old"), 1)];
        let status = combine(KeyHealth::new(id("new"), held), counts);
        assert_eq!(status.primary, id("new"));
        let rows = status.keys.iter().map(|key| {
            (key.id.as_str(), key.primary, key.held, key.data_keys, key.is_removable(), key.is_missing())
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                ("new", true, true, 5, false, false),
                ("old", false, true, 1, false, false),
                ("done", false, true, 0, true, false),
                ("lost", false, false, 2, false, true),
            ]
        );
        assert_eq!(status.keys[0].check, Some(check));
    }
}
