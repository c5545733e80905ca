#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod accounts;
mod app;
mod assemble;
pub mod config;
mod conversions;
pub mod demo;
mod events;
mod failure;
mod html;
mod idempotency;
mod inbox;
mod incoming;
mod keeper;
pub mod keys;
mod leads;
pub mod migrate;
mod platforms;
mod problem;
mod publish;
mod records;
mod routes;
mod sandbox;
mod server;
mod stores;

#[cfg(test)]
mod tests;

pub use crate::{
    config::{Config, ConfigError},
    server::{Server, StartError},
};
