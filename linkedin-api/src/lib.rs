#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod little_text;
pub mod restli;
pub mod urn;
mod version;
pub mod profile {
    pub struct UserInfo;
}

pub use little_text::LittleText;
pub use urn::{ActorUrn, OrganizationUrn, PersonUrn, PostUrn, Urn};
pub use version::{ApiVersion, ParseVersionError};
