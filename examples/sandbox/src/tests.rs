//! Behaviour over HTTP, against a sandbox on a real port.

mod control;
mod driver;
mod event_rules;
mod facebook_login;
mod faults;
mod graph;
mod graph_rules;
mod linkedin;
mod linkedin_login;
mod linkedin_rules;
mod post_rules;
mod receiver;
mod webhooks;
