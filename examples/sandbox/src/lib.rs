#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod clock;
mod codes;
mod config;
mod control;
mod facebook;
mod faults;
mod graph;
mod html;
mod instagram;
mod linkedin;
mod listener;
mod mac;
mod multipart;
mod pkce;
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
    config::{
        ConfiguredToken, InstagramApp, LinkedInApp, LoginConfiguration, MetaApp, RedirectRule, SandboxConfig,
        ThreadsApp,
    },
    received::{
        Call, ConversionEvent, Delivery, FacebookPost, Handshake, LinkedInPost, Received, Subscription,
        Violation,
    },
    server::{Endpoints, Sandbox, StartError},
    world::{
        Business, FacebookPage, FacebookUser, InstagramAccount, LinkedInMember, LinkedInOrganization,
        ThreadsProfile, World,
    },
};
