//! Logins, tokens and permissions: tokens that Meta gives for other credentials, and how a login reads Meta's
//! answers.
//!
//! The hooks (`FacebookHooks`, `InstagramHooks`, `ThreadsHooks`) and `embedded_signup` need the feature `login`,
//! which is on by default.

mod app_token;
#[cfg(feature = "login")]
mod calls;
mod client_system_user_token;
#[cfg(feature = "login")]
pub mod embedded_signup;
#[cfg(feature = "login")]
mod facebook;
#[cfg(feature = "login")]
mod facts;
#[cfg(feature = "login")]
mod instagram;
mod page_token;
#[cfg(feature = "login")]
mod providers;
#[cfg(feature = "login")]
mod reauth_reason;
#[cfg(feature = "login")]
mod refusal;
mod revoke_token;
mod system_user_token;
#[cfg(feature = "login")]
mod threads;

pub use app_token::AppToken;
pub use client_system_user_token::{CreateClientSystemUserToken, GetClientSystemUserToken};
#[cfg(feature = "login")]
pub use facebook::FacebookHooks;
#[cfg(feature = "login")]
pub use instagram::InstagramHooks;
pub use page_token::{GetPageToken, PageToken};
#[cfg(feature = "login")]
pub use providers::{facebook, facebook_for_business, instagram, threads, whatsapp_embedded_signup};
pub use revoke_token::RevokeToken;
pub use system_user_token::{CreateSystemUserToken, RevokeSystemUserTokens, SystemUserToken};
#[cfg(feature = "login")]
pub use threads::ThreadsHooks;
