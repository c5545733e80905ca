#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod app;
mod app_gate;
mod asset;
mod attempt;
mod audit;
mod cache;
mod census;
mod check;
mod cipher;
mod commit;
mod connection;
mod counter;
mod cross_tenant;
mod data_key;
mod data_key_table;
mod data_keys;
mod decision;
mod effects;
mod envelope;
mod error;
mod event;
mod failure;
mod flights;
#[cfg(test)]
mod golden;
mod held_keys;
mod key_chain;
mod key_context;
mod key_error;
mod key_file;
mod key_provider;
mod key_status;
mod key_text;
mod local_keys;
mod mac;
mod memory;
mod meter;
mod new_connection;
mod notes;
mod notices;
mod random;
mod read_audit;
mod resolve;
mod revocation;
mod rewrap;
mod schedule;
#[cfg(test)]
mod scripted_keys;
mod state;
mod stores;
#[cfg(any(test, feature = "testing"))]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod token_record;
mod token_source;
mod token_store;
mod turns;
mod vault;
#[cfg(test)]
mod virtual_clock;
mod within;
mod worker;
mod wrapping;

pub use app_gate::AppState;
pub use asset::{
    Asset, AssetFilter, AssetKey, AssetKind, AssetPage, AssetRepo, Link, LinkOutcome, Linked, NewAsset,
    Overwrite, Standing,
};
pub use audit::{
    AuditAction, AuditActor, AuditEntry, AuditLog, AuditPage, AuditPosition, AuditQuery, AuditReason,
    AuditRecord,
};
pub use census::{Census, StateCount};
pub use commit::{
    Amendment, Checked, Committed, Connect, Failure, NextLook, Retire, Retired, Retirement, Success,
};
pub use connection::{
    Account, Connection, ConnectionFilter, ConnectionPage, ConnectionRepo, Details, Origin, Parents, Removed,
    Updated,
};
pub use counter::{Fence, Generation, Revision, Version};
pub use cross_tenant::{CrossTenant, Holder};
pub use data_key::{DataKeyId, DataKeyState, Wrapped, WrappedDataKey};
pub use data_key_table::{DataKeyPosition, DataKeyTable};
pub use data_keys::DataKeys;
pub use envelope::Sealed;
pub use error::{Refusal, SealFault, StoreError, StoreErrorKind, Unusable, VaultError};
pub use event::{Event, EventId, EventKind, EventQueue, EventSink, EventSinkError};
pub use failure::{FailureClass, Strikes};
pub use key_chain::KeyChain;
pub use key_context::KeyContext;
pub use key_error::{KeyError, KeyErrorKind};
pub use key_file::{KeyFile, KeyFileError, Reloaded};
pub use key_provider::{
    DataKey, HeldKek, KekId, KeyCheck, KeyHealth, KeyProvider, RewrapRequest, UnwrapRequest, WrapRequest,
};
pub use key_status::{KekStatus, KeysStatus};
pub use key_text::{GeneratedKey, KeyTextError, KeyTextFault};
pub use local_keys::LocalKeys;
pub use memory::MemoryStore;
pub use new_connection::NewConnection;
pub use notes::Notes;
pub use notices::{Ending, NoticeStage, Notified};
pub use random::new_connection_id;
pub use read_audit::ReadAudit;
pub use resolve::{ResolveOptions, Resolved, Warning, Warnings, WarningsIter};
pub use revocation::{Revocation, RevocationQueue};
pub use rewrap::{Rewrap, RewrapFailure, RewrapProgress};
pub use state::ConnectionState;
pub use token_record::{LastError, Lease, LeaseOwner, Phase, SealedTokens, StoredToken, TokenRecord};
pub use token_store::{Claim, Claimed, Due, TokenStore};
pub use vault::{
    AppHealth, AssetLink, AssetReport, AssetStanding, Callbacks, ConnectionHealth, Disconnect, Disconnected,
    HealthPage, KeyCheckValue, KeysHealth, KnownEnd, PartHealth, Revalidated, Vault, VaultBuilder,
    VaultConfigError, VaultHealth, Withdrawn,
};
pub use worker::{Worker, WorkerBuilder, WorkerConfigError, WorkerReport};

pub use sociogram_oauth_core::ReauthReason;

/// Re-exported so that implementors of the async traits need no version of their own.
pub use async_trait::async_trait;
