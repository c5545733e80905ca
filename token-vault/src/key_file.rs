//! Wrapping keys in a file, read again when told to.

use std::{
    fmt, fs, io,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{
    KeyError, KeyTextError, LocalKeys,
    key_provider::{DataKey, KekId, KeyHealth, KeyProvider, RewrapRequest, UnwrapRequest, WrapRequest},
};

const MAX_LEN: usize = 65_536;

/// Wrapping keys in a file of the form that [`LocalKeys::parse`] reads. [`reload`](Self::reload) reads it
/// again, so that a rotation needs no restart.
///
/// On Unix the file must be readable by its owner alone (`chmod 600`); with
/// [`open_for_group`](Self::open_for_group) its group may read it too. Elsewhere nothing is checked.
///
/// Opening and reloading read a small file and block for as long as that takes.
pub struct KeyFile {
    path: PathBuf,
    access: Access,
    keys: RwLock<Arc<LocalKeys>>,
}

/// The permission bits that must not be set.
#[derive(Clone, Copy, Debug)]
enum Access {
    Owner = 0o077,
    OwnerAndGroup = 0o037,
}

/// What [`KeyFile::reload`] changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloaded {
    /// The key that wraps from now on.
    pub primary: KekId,
    /// Keys that were not held before.
    pub added: Vec<KekId>,
    /// Keys that are not held any more.
    pub removed: Vec<KekId>,
}

/// A key file cannot be used. Names the file, never what it holds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("the key file {path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// It is a directory, a device or a pipe.
    #[error("the key file {path} is not a regular file")]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner may read or change it.
    #[error(
        "the key file {path} is open to others (mode {mode:04o}); run `chmod 600 {path}`, and make a new key if \
         somebody may have read it"
    )]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is far longer than any list of keys.
    #[error("the key file {path} has more than 65536 bytes; is it a key file?")]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// It holds no usable keys.
    #[error("the key file {path} holds no usable keys")]
    Text {
        /// The file.
        path: PathBuf,
        /// Which entry is wrong; `None` for bytes that are no text.
        source: Option<KeyTextError>,
    },
}

impl KeyFile {
    /// Reads the file. Only its owner may have access to it.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] when the file is missing, open to others, or holds no usable keys.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, KeyFileError> {
        Self::read(path.into(), Access::Owner)
    }

    /// Reads the file. Its group may read it too, as with a secret that Kubernetes mounts for a process that
    /// does not run as root (mode 0440).
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] when the file is missing, open to more than that, or holds no usable keys.
    pub fn open_for_group(path: impl Into<PathBuf>) -> Result<Self, KeyFileError> {
        Self::read(path.into(), Access::OwnerAndGroup)
    }

    fn read(path: PathBuf, access: Access) -> Result<Self, KeyFileError> {
        let keys = RwLock::new(Arc::new(read_keys(&path, access)?));
        Ok(Self { path, access, keys })
    }

    /// Reads the file again and uses what it holds from now on. Does not look whether a key that is gone is
    /// still needed: see [`DataKeys::status`](crate::DataKeys::status) before removing one.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] as when opening; the keys held before stay in use then.
    pub fn reload(&self) -> Result<Reloaded, KeyFileError> {
        let new = Arc::new(read_keys(&self.path, self.access)?);
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *keys, Arc::clone(&new));
        drop(keys);
        let only_in = |these: &LocalKeys, those: &LocalKeys| {
            these.ids().filter(|id| those.ids().all(|other| other != *id)).cloned().collect()
        };
        Ok(Reloaded { primary: new.id(), added: only_in(&new, &old), removed: only_in(&old, &new) })
    }

    /// Where the keys are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn current(&self) -> Arc<LocalKeys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read_keys(path: &Path, access: Access) -> Result<LocalKeys, KeyFileError> {
    let owned = || path.to_owned();
    let unreadable = |source| KeyFileError::Unreadable { path: owned(), source };
    // Looked at before opening, because opening a pipe waits for its other end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(KeyFileError::NotAFile { path: owned() });
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    // Of the opened file: the name may lead elsewhere by now.
    check_access(path, &file.metadata().map_err(unreadable)?, access)?;
    // Full capacity from the start: a growing buffer would leave copies of the keys behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_LEN + 1));
    let limit = u64::try_from(MAX_LEN + 1).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_LEN {
        return Err(KeyFileError::TooLong { path: owned() });
    }
    let unusable = |source| KeyFileError::Text { path: owned(), source };
    let text = str::from_utf8(&bytes).map_err(|_| unusable(None))?;
    LocalKeys::parse(text).map_err(|error| unusable(Some(error)))
}

#[cfg(unix)]
fn check_access(path: &Path, metadata: &fs::Metadata, access: Access) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = metadata.permissions().mode() & 0o7777;
    if mode & access as u32 == 0 {
        return Ok(());
    }
    Err(KeyFileError::TooOpen { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn check_access(_: &Path, _: &fs::Metadata, _: Access) -> Result<(), KeyFileError> {
    Ok(())
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("path", &self.path)
            .field("access", &self.access)
            .field("keys", &self.current())
            .finish()
    }
}

#[async_trait]
impl KeyProvider for KeyFile {
    fn id(&self) -> KekId {
        self.current().id()
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        self.current().wrap_many(requests).await
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        self.current().unwrap_many(requests).await
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        self.current().rewrap_many(requests).await
    }

    /// Always well: the keys are in memory, whatever becomes of the file.
    async fn health(&self) -> Result<KeyHealth, KeyError> {
        self.current().health().await
    }
}

#[cfg(test)]
mod tests;
