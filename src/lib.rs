#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

pub use sociogram_api_core as api_core;
#[cfg(feature = "capi")]
pub use sociogram_capi as capi;
#[cfg(feature = "linkedin-api")]
pub use sociogram_linkedin_api as linkedin_api;
#[cfg(feature = "meta-graph")]
pub use sociogram_meta_graph as meta_graph;
#[cfg(feature = "oauth-core")]
pub use sociogram_oauth_core as oauth_core;
#[cfg(feature = "token-vault")]
pub use sociogram_token_vault as token_vault;
#[cfg(feature = "webhook-verify")]
pub use sociogram_webhook_verify as webhook_verify;
