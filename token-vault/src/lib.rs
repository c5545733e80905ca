#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod cache;
mod cipher;
mod connection;
mod data_key;
mod data_keys;
mod envelope;
mod error;
mod key_provider;
mod local_keys;
mod mac;
mod memory;
mod random;
mod resolve;
mod token_source;
mod token_store;
mod vault;

pub use connection::{Account, Connection, ConnectionRepo, ConnectionStatus, ReauthReason, Version};
pub use data_key::{DataKeyId, DataKeyState, DataKeyTable, WrappedDataKey};
pub use data_keys::DataKeys;
pub use envelope::Sealed;
pub use error::{SealFault, StoreError, StoreErrorKind, VaultError};
pub use key_provider::{DataKey, KekId, KeyError, KeyErrorKind, KeyProvider};
pub use local_keys::{KeyTextError, LocalKeys};
pub use memory::MemoryStore;
pub use random::new_connection_id;
pub use resolve::{Resolved, Warning};
pub use token_store::{Generation, SealedTokens, TokenCommit, TokenRecord, TokenStore};
pub use vault::{NewConnection, Vault, VaultBuilder};

/// Re-exported so that implementors of the async traits need no version of their own.
pub use async_trait::async_trait;
