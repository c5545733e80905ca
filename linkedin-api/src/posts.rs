//! Posts (LinkedIn: Posts API).
//!
//! Creating takes `w_member_social` for a member as author and `w_organization_social` for an
//! organization. There is no way to schedule a post and no key that makes creating one repeatable: after
//! an outcome in doubt, look first, or send the same text again and read
//! [`existing_post`](crate::Error::existing_post) from the refusal. [`PublishPost`] does both.
//!
//! Images, videos and documents are uploaded before the post and named in it by their URN, as [`Content`].

mod ad;
mod check;
mod content;
mod context;
mod create;
mod distribution;
mod post;
mod publish;
mod read;
mod update;

use sociogram_api_core::open_enum;

pub use ad::{AdContext, DscAdType, DscStatus};
pub use content::{
    Article, CardMedia, Carousel, CarouselCard, Content, DocumentContent, ImageContent, MultiImage, Poll,
    PollDuration, PollOption, PollSettings, Reference, VideoContent, VoteSelection,
};
pub use context::{AssetFacts, PostContext};
pub use create::{CreatePost, CreatedPost};
pub use distribution::{Distribution, FeedDistribution, TargetLocale, Targeting};
pub use post::{LifecycleStateInfo, Post, ReshareContext};
pub use publish::{PublishError, PublishPolicy, PublishPost, PublishedPost, PublishedVia};
pub use read::{BatchGetPosts, DeletePost, GetPost, ListDscPosts, ListPostsByAuthor, PostSort, ViewContext};
pub use update::UpdatePost;

/// The longest commentary, in UTF-16 units of the displayed text.
pub use crate::guard::rules::MAX_COMMENTARY;

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

open_enum! {
    /// What the button of a post says (LinkedIn: Posts API, call to action labels).
    pub enum CallToAction {
        /// Apply.
        Apply = "APPLY",
        /// Download.
        Download = "DOWNLOAD",
        /// View quote.
        ViewQuote = "VIEW_QUOTE",
        /// Learn more.
        LearnMore = "LEARN_MORE",
        /// Sign up.
        SignUp = "SIGN_UP",
        /// Subscribe.
        Subscribe = "SUBSCRIBE",
        /// Register.
        Register = "REGISTER",
        /// Join.
        Join = "JOIN",
        /// Attend.
        Attend = "ATTEND",
        /// Request demo.
        RequestDemo = "REQUEST_DEMO",
        /// See more.
        SeeMore = "SEE_MORE",
        /// Buy now; since 202504.
        BuyNow = "BUY_NOW",
        /// Shop now; since 202504.
        ShopNow = "SHOP_NOW",
    }
}
