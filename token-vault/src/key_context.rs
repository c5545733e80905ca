//! What is authenticated along with a wrapped data key.

use sociogram_oauth_core::TenantId;

use crate::{DataKeyId, KekId};

const SCHEMA: &[u8; 8] = b"sg-dkey1";
const SCOPE_LEN: usize = 29;

/// Which data key is wrapped, for whom, for which cipher and with which wrapping key. Not secret.
///
/// A wrapped key opens only in the context it was wrapped in. Providers hand it on as what their service
/// calls additional data:
///
/// * [`to_bytes`](Self::to_bytes): one string of bytes, for an AEAD and for `associated_data` of Vault's
///   transit engine.
/// * [`pairs`](Self::pairs): named text, for the encryption context of AWS KMS. It appears in CloudTrail, and
///   policies can refer to it (`kms:EncryptionContext:sociogram-tenant`).
/// * [`scope_bytes`](Self::scope_bytes): without the wrapping key, so that it does not change when a data key
///   is wrapped anew. For services whose rewrapping keeps the context, such as `context` of a derived transit
///   key: `rewrap` there takes no `associated_data`.
///
/// ```
/// use sociogram_oauth_core::TenantId;
/// use sociogram_token_vault::{DataKeyId, KekId, KeyContext};
///
/// let tenant = TenantId::from_bytes([0x11; 16]);
/// let context = KeyContext::new(tenant, DataKeyId::new(7), 1, KekId::new("local:efb81a692a2f72c5"));
/// assert_eq!(context.pairs()[1], ("sociogram-key", "00000007".to_owned()));
/// assert!(context.to_bytes().starts_with(&context.scope_bytes()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyContext {
    /// Whose data key it is.
    pub tenant: TenantId,
    /// Its id within the tenant.
    pub key: DataKeyId,
    /// The cipher the data key is bound to: 1 = AES-256-GCM.
    pub suite: u8,
    /// The key it is wrapped with.
    pub kek: KekId,
}

impl KeyContext {
    /// All of it.
    pub const fn new(tenant: TenantId, key: DataKeyId, suite: u8, kek: KekId) -> Self {
        Self { tenant, key, suite, kek }
    }

    /// The same data key wrapped with another key.
    pub fn under(&self, kek: KekId) -> Self {
        Self { kek, ..self.clone() }
    }

    /// Schema tag (8), tenant (16), key id (4, big-endian), suite (1), wrapping key id (UTF-8). Only the last
    /// part varies in width, so no two contexts look the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let kek = self.kek.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(SCOPE_LEN + kek.len());
        bytes.extend_from_slice(&self.scope_bytes());
        bytes.extend_from_slice(kek);
        bytes
    }

    /// As [`to_bytes`](Self::to_bytes), without the wrapping key id.
    pub fn scope_bytes(&self) -> [u8; SCOPE_LEN] {
        let mut bytes = [0; SCOPE_LEN];
        let key = self.key.get().to_be_bytes();
        let parts: [&[u8]; 4] = [SCHEMA, self.tenant.as_bytes(), &key, &[self.suite]];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }

    /// The parts under the names `sociogram-tenant` (UUID), `sociogram-key` (8 hexadecimal digits),
    /// `sociogram-suite` (decimal) and `sociogram-kek`.
    pub fn pairs(&self) -> [(&'static str, String); 4] {
        [
            ("sociogram-tenant", self.tenant.to_string()),
            ("sociogram-key", self.key.to_string()),
            ("sociogram-suite", self.suite.to_string()),
            ("sociogram-kek", self.kek.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn context() -> KeyContext {
        let tenant = TenantId::from_bytes([0x11; 16]);
        KeyContext::new(tenant, DataKeyId::new(0x0102_0304), 1, KekId::new("kek"))
    }

    #[test]
    fn the_bytes_are_the_documented_ones() {
        let mut expected = b"sg-dkey1".to_vec();
        expected.extend([0x11; 16]);
        expected.extend([1, 2, 3, 4, 1]);
        assert_eq!(context().scope_bytes().to_vec(), expected);
        expected.extend(b"kek");
        assert_eq!(context().to_bytes(), expected);
    }

    #[test]
    fn the_pairs_are_named_and_readable() {
        let expected = [
            ("sociogram-tenant", "11111111-1111-1111-1111-111111111111"),
            ("sociogram-key", "01020304"),
            ("sociogram-suite", "1"),
            ("sociogram-kek", "kek"),
        ];
        assert_eq!(context().pairs(), expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn every_part_changes_both_forms_and_the_wrapping_key_leaves_the_scope() {
        let here = context();
        let others = [
            here.clone(),
            KeyContext { tenant: TenantId::from_bytes([0x12; 16]), ..here.clone() },
            KeyContext { key: DataKeyId::new(0x0102_0305), ..here.clone() },
            KeyContext { suite: 2, ..here.clone() },
            here.under(KekId::new("kek2")),
        ];
        assert_eq!(others.iter().map(KeyContext::to_bytes).collect::<BTreeSet<_>>().len(), 5);
        assert_eq!(others.iter().map(KeyContext::pairs).collect::<BTreeSet<_>>().len(), 5);
        assert_eq!(others.iter().map(KeyContext::scope_bytes).collect::<BTreeSet<_>>().len(), 4);
    }
}
