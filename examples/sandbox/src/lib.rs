#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod clock;
mod config;
mod control;
mod facebook;
mod faults;
mod graph;
mod html;
mod linkedin;
mod listener;
mod mac;
mod received;
mod request;
mod server;
mod state;
mod token;
mod webhooks;
mod world;

#[cfg(test)]
mod tests;

pub use crate::{
    config::{LinkedInApp, MetaApp, RedirectRule, SandboxConfig},
    received::{
        Call, ConversionEvent, Delivery, FacebookPost, Handshake, LinkedInPost, Received, Subscription,
        Violation,
    },
    server::{Endpoints, Sandbox, StartError},
    world::{FacebookPage, FacebookUser, LinkedInMember, LinkedInOrganization, World},
};
