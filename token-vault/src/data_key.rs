//! Data keys as they are stored: wrapped, one set per tenant.

use std::fmt;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use crate::{KekId, KeyContext};

/// Names a data key within its tenant. Chosen at random, so that ids of different tenants rarely coincide;
/// nothing depends on that. An id never comes twice within a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataKeyId(u32);

impl DataKeyId {
    /// From the number stored with the key.
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for DataKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// What a data key may still be used for. It only ever moves down this list.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataKeyState {
    /// Seals and opens. At most one per tenant.
    Active,
    /// Only opens what was sealed before.
    DecryptOnly,
    /// The wrapped bytes are gone, and with them everything sealed under the key. The row stays, so that the
    /// id is not used again and a token under it is known to be shredded.
    Destroyed,
}

impl DataKeyState {
    /// The state in `snake_case`, as a store may keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::DecryptOnly => "decrypt_only",
            Self::Destroyed => "destroyed",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::DecryptOnly, Self::Destroyed].into_iter().find(|state| state.as_str() == name)
    }

    /// Whether a key may go from this state to that one: never up the list, never nowhere.
    pub fn may_become(self, next: Self) -> bool {
        self < next
    }
}

/// The wrapped form of a data key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wrapped {
    /// The key it is wrapped with.
    pub kek: KekId,
    /// The bytes, as the key provider gave them; empty once the key is destroyed.
    pub bytes: Vec<u8>,
}

impl Wrapped {
    /// Both.
    pub const fn new(kek: KekId, bytes: Vec<u8>) -> Self {
        Self { kek, bytes }
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapped({}, {} bytes)", self.kek, self.bytes.len())
    }
}

/// A data key as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrappedDataKey {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its id within the tenant.
    pub id: DataKeyId,
    /// The cipher it is bound to: 1 = AES-256-GCM.
    pub suite: u8,
    /// Its wrapped form.
    pub wrapped: Wrapped,
    /// HMAC of tenant and id under the data key: proves after unwrapping that it is this key and no other.
    pub commitment: [u8; 32],
    /// What it may be used for.
    pub state: DataKeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many messages may have been sealed under it, at most.
    pub messages: u64,
}

impl WrappedDataKey {
    /// A key that was just made: active, nothing sealed under it. For a store that reads one back: set the
    /// rest.
    pub const fn new(
        tenant: TenantId,
        id: DataKeyId,
        suite: u8,
        wrapped: Wrapped,
        commitment: [u8; 32],
        created_at: Timestamp,
    ) -> Self {
        let state = DataKeyState::Active;
        Self { tenant, id, suite, wrapped, commitment, state, created_at, messages: 0 }
    }

    /// What its wrapped bytes were wrapped with.
    pub fn context(&self) -> KeyContext {
        KeyContext::new(self.tenant, self.id, self.suite, self.wrapped.kek.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_only_move_down() {
        use DataKeyState::{Active, DecryptOnly, Destroyed};
        let all = [Active, DecryptOnly, Destroyed];
        let allowed: Vec<_> = all
            .into_iter()
            .flat_map(|from| all.into_iter().map(move |to| (from, to)))
            .filter(|(from, to)| from.may_become(*to))
            .collect();
        assert_eq!(allowed, [(Active, DecryptOnly), (Active, Destroyed), (DecryptOnly, Destroyed)]);
        for state in all {
            assert_eq!(DataKeyState::from_name(state.as_str()), Some(state));
        }
        assert_eq!(DataKeyState::from_name("Active"), None);
    }

    #[test]
    fn debug_shows_no_wrapped_bytes() {
        let wrapped = Wrapped::new(KekId::new("kek"), b"CANARY".to_vec());
        assert_eq!(format!("{wrapped:?}"), "Wrapped(kek, 6 bytes)");
    }
}
