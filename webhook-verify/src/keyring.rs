//! Named HMAC keys, prepared once and compared without early exit.

use std::{collections::BTreeSet, fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::{BuildError, Secret, signature::Tag};

/// Every secret costs one HMAC per delivery, so their number is bounded.
const MAX_KEYS: usize = 32;
const MAX_NAME_BYTES: usize = 64;
/// Block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// One named key, with the key block already hashed in. Wiped when dropped.
pub(crate) struct Key {
    name: Arc<str>,
    mac: Hmac<Sha256>,
}

impl Key {
    pub(crate) fn new(name: &str, secret: &Secret) -> Self {
        Self { name: name.into(), mac: prepare(secret.as_bytes()) }
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// HMAC-SHA256 of the prefix followed by the body, without joining them.
    pub(crate) fn sign(&self, prefix: &[u8], body: &[u8]) -> Tag {
        #[cfg(test)]
        SIGNED.set(SIGNED.get() + 1);
        let mut mac = self.mac.clone();
        if !prefix.is_empty() {
            mac.update(prefix);
        }
        mac.update(body);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
thread_local! {
    static SIGNED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many MACs this thread has made.
#[cfg(test)]
pub(crate) fn signed_by_this_thread() -> usize {
    SIGNED.get()
}

/// Pads or hashes the key to one block, as RFC 2104 says; with a whole block nothing can fail.
fn prepare(secret: &[u8]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    let hashed;
    let secret = if secret.len() > BLOCK_BYTES {
        hashed = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(secret)));
        hashed.as_slice()
    } else {
        secret
    };
    for (slot, byte) in block.iter_mut().zip(secret) {
        *slot = *byte;
    }
    Hmac::new((&*block).into())
}

/// All keys of a verifier: at least one, names unique.
pub(crate) struct KeyRing(Box<[Key]>);

impl KeyRing {
    pub(crate) fn new<'a>(
        named: impl ExactSizeIterator<Item = (&'a str, &'a Secret)>,
    ) -> Result<Self, BuildError> {
        let count = named.len();
        if count == 0 {
            return Err(BuildError::NoSecret);
        }
        if count > MAX_KEYS {
            return Err(BuildError::TooManySecrets { count, max: MAX_KEYS });
        }
        let mut taken = BTreeSet::new();
        let mut keys = Vec::with_capacity(count);
        for (name, secret) in named {
            if name.is_empty() || name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
                return Err(BuildError::BadName);
            }
            if !taken.insert(name) {
                return Err(BuildError::DuplicateName { name: name.to_owned() });
            }
            keys.push(Key::new(name, secret));
        }
        Ok(Self(keys.into()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn key(&self, index: usize) -> Option<&Key> {
        self.0.get(index)
    }

    /// The first key and prefix whose MAC is `tag`. Tries every pair, whatever matched before.
    pub(crate) fn find<'p>(
        &self,
        tag: &Tag,
        prefixes: &'p [&'p [u8]],
        body: &[u8],
    ) -> Option<(&Key, &'p [u8])> {
        let mut found = u32::MAX;
        let mut place = 0_u32;
        for key in &self.0 {
            for prefix in prefixes {
                let equal = key.sign(prefix, body).as_slice().ct_eq(tag);
                found.conditional_assign(&place, equal & found.ct_eq(&u32::MAX));
                place += 1;
            }
        }
        let pairs = self.0.iter().flat_map(|key| prefixes.iter().map(move |prefix| (key, *prefix)));
        (0_u32..).zip(pairs).find(|(place, _)| *place == found).map(|(_, pair)| pair)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(Key::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    fn ring(named: &[(&str, &str)]) -> Result<KeyRing, BuildError> {
        let named: Vec<_> = named.iter().map(|(name, text)| (*name, Secret::new(*text).unwrap())).collect();
        KeyRing::new(named.iter().map(|(name, secret)| (*name, secret)))
    }

    #[test]
    fn prepared_keys_of_every_length_agree_with_the_plain_construction() {
        for length in [1, 31, 32, 33, 63, 64, 65, 200] {
            let text = "k".repeat(length);
            let mut plain = Hmac::<Sha256>::new_from_slice(text.as_bytes()).unwrap();
            plain.update(b"pre");
            plain.update(b"body");
            let expected: Tag = plain.finalize().into_bytes().into();
            assert_eq!(
                Key::new("k", &Secret::new(text).unwrap()).sign(b"pre", b"body"),
                expected,
                "{length}"
            );
        }
    }

    #[test]
    fn rfc_4231_case_2() {
        let key = Key::new("k", &Secret::new("Jefe").unwrap());
        assert_eq!(
            hex::encode(&key.sign(b"", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn every_place_is_found_and_the_first_wins() {
        let ring = ring(&[("a", "1"), ("b", "2"), ("c", "3"), ("again", "2")]).unwrap();
        let prefixes: [&[u8]; 2] = [b"", b"p"];
        for (secret, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
            for prefix in prefixes {
                let tag = Key::new("x", &Secret::new(secret).unwrap()).sign(prefix, b"body");
                let (key, found) = ring.find(&tag, &prefixes, b"body").unwrap();
                assert_eq!((&**key.name(), found), (name, prefix));
            }
        }
        let stranger = Key::new("x", &Secret::new("4").unwrap()).sign(b"", b"body");
        assert!(ring.find(&stranger, &prefixes, b"body").is_none());
    }

    #[test]
    fn rings_that_make_no_sense_are_refused() {
        assert_eq!(ring(&[]).unwrap_err(), BuildError::NoSecret);
        assert_eq!(ring(&[("", "1")]).unwrap_err(), BuildError::BadName);
        assert_eq!(ring(&[("a\n", "1")]).unwrap_err(), BuildError::BadName);
        assert_eq!(ring(&[(&"n".repeat(65), "1")]).unwrap_err(), BuildError::BadName);
        assert_eq!(
            ring(&[("a", "1"), ("a", "2")]).unwrap_err(),
            BuildError::DuplicateName { name: "a".to_owned() }
        );
        let names: Vec<String> = (0..33).map(|n| n.to_string()).collect();
        let many: Vec<_> = names.iter().map(|name| (name.as_str(), "1")).collect();
        assert_eq!(ring(&many).unwrap_err(), BuildError::TooManySecrets { count: 33, max: 32 });
        assert_eq!(ring(&many[..32]).unwrap().len(), 32);
    }

    #[test]
    fn debug_shows_names_only() {
        let ring = ring(&[("main", "canary-secret")]).unwrap();
        assert_eq!(format!("{ring:?}"), r#"["main"]"#);
    }
}
