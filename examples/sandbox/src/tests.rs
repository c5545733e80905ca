//! Behaviour over HTTP, against a sandbox on a real port.

mod business_login;
mod control;
mod driver;
mod event_rules;
mod facebook_client;
mod facebook_consent;
mod facebook_login;
mod facebook_tokens;
mod faults;
mod graph;
mod graph_rules;
mod instagram_login;
mod linkedin;
mod linkedin_client;
mod linkedin_login;
mod linkedin_native;
mod linkedin_rules;
mod linkedin_tokens;
mod people;
mod post_rules;
mod receiver;
mod system_user;
mod threads_login;
mod token_faults;
mod webhooks;
