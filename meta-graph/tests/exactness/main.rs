//! Every endpoint once over a real socket: what is sent to the byte, what is read, and what an error becomes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test should panic"
)]

mod ads;
mod apps;
mod audiences;
mod businesses;
mod coverage;
mod declared;
mod insights;
mod instagram;
mod leads;
mod messaging;
mod messaging_manage;
mod oauth;
mod page_comments;
mod page_media;
mod pages;
mod people;
mod pitfalls;
mod proofs;
mod raw;
mod table;
mod threads;
mod uploads;
mod whatsapp;
mod whatsapp_account;
mod whatsapp_manage;
