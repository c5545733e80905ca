#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(feature = "token-vault"),
    allow(dead_code, unused_macros, reason = "without the stores there is the setup alone")
)]

mod connect;
mod database;
mod dev;
mod fault;
#[cfg(feature = "webhook-verify")]
mod inbox_rows;
#[cfg(feature = "token-vault")]
mod listener;
mod login;
mod names;
#[cfg(feature = "token-vault")]
mod notes;
#[cfg(feature = "capi")]
mod outbox_rows;
#[cfg(feature = "token-vault")]
mod rows;
mod setup;
mod setup_error;
mod statements;
mod store;
mod values;
#[cfg(any(feature = "token-vault", feature = "webhook-verify", feature = "capi"))]
mod worker;

pub use connect::ConnectOptions;
pub use dev::{DevLogins, setup_dev};
#[cfg(feature = "token-vault")]
#[cfg_attr(docsrs, doc(cfg(feature = "token-vault")))]
pub use listener::{Heard, Listener};
pub use names::{InvalidName, Role, Roles, Schema};
pub use setup::Setup;
pub use setup_error::SetupError;
pub use store::PostgresStore;
#[cfg(any(feature = "token-vault", feature = "webhook-verify", feature = "capi"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "token-vault", feature = "webhook-verify", feature = "capi"))))]
pub use worker::PostgresWorker;
