//! Posts (LinkedIn: Posts API).
//!
//! Creating takes `w_member_social` for a member as author and `w_organization_social` for an
//! organization. There is no way to schedule a post and no key that makes creating one repeatable: after
//! an outcome in doubt, look first, or send the same text again and read
//! [`existing_post`](crate::Error::existing_post) from the refusal.

mod create;
mod read;

use sociogram_api_core::open_enum;

pub use create::{CreatePost, CreatedPost, MAX_COMMENTARY};
pub use read::{DeletePost, GetPost, Post, ViewContext};

open_enum! {
    /// Who may see a post.
    pub enum Visibility {
        /// Everyone.
        Public = "PUBLIC",
        /// The first-degree connections of a member.
        Connections = "CONNECTIONS",
        /// Everyone who is logged in.
        LoggedIn = "LOGGED_IN",
        /// The members of a container such as a group.
        Container = "CONTAINER",
    }
}

open_enum! {
    /// Where a post stands.
    pub enum LifecycleState {
        /// Not published.
        Draft = "DRAFT",
        /// Being published.
        PublishRequested = "PUBLISH_REQUESTED",
        /// Could not be published.
        PublishFailed = "PUBLISH_FAILED",
        /// Published.
        Published = "PUBLISHED",
    }
}
