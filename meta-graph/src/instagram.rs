//! Instagram professional accounts, under both logins (Instagram Platform).
//!
//! The same endpoints work with a client of [`GraphHost::Facebook`](crate::GraphHost::Facebook) (Facebook Login) and of
//! [`GraphHost::Instagram`](crate::GraphHost::Instagram) (Instagram Login), unless their documentation says otherwise;
//! what an API does not have is refused before it is sent. [`PublishInstagram`] does all the steps of publishing.

mod account;
mod audio;
mod collaboration;
mod comments;
mod container;
mod container_status;
mod created;
mod discovery;
mod hashtags;
mod likes;
pub(crate) mod login;
mod media;
mod mentions;
mod product_tags;
mod publish;
mod publishing;
mod subscriptions;
mod user;

pub use crate::container_flow::{PublishError, Published};
pub use account::{Account, GetAccount};
pub use audio::{Audio, SearchAudio};
pub use collaboration::{
    AnswerCollaborationInvite, CollaborationInvite, Collaborator, InviteStatus, ListCollaborationInvites,
    ListCollaborators,
};
pub use comments::{
    Author, Comment, CommentedMedia, CreateComment, CreateReply, DeleteComment, GetComment, HideComment,
    ListComments, ListReplies,
};
pub use container::{
    AudioConfiguration, ContainerKind, CreateContainer, CreatedContainer, GraduationStrategy, TrialParams,
    UserTag,
};
pub use container_status::{
    ContainerState, ContainerStatus, CopyrightCheck, GetContainer, UploadPhase, VideoStatus,
};
pub use created::Created;
pub use discovery::{DiscoverBusiness, DiscoveredBusiness, DiscoveredMedia};
pub use hashtags::{FindHashtag, Hashtag, ListRecentMedia, ListSearchedHashtags, ListTopMedia};
pub use likes::{LikeComment, LikeMedia, UnlikeComment, UnlikeMedia};
pub use login::instagram_login_scope;
pub use media::{
    AudioKind, BoostEligibility, CopyrightInfo, CopyrightStatus, DeleteMedia, GetMedia, ListChildren,
    ListCollaborativeMedia, ListLiveMedia, ListMedia, ListStories, ListTaggedMedia, Media, MediaProduct,
    MediaType, UpdateMedia,
};
pub use mentions::{CreateMentionReply, GetMentionedComment, GetMentionedMedia};
pub use product_tags::{ListProductTags, ProductTag, ReviewStatus, TaggedProduct, UpdateProductTags};
pub use publish::{CarouselItem, PublishInstagram};
pub use publishing::{GetPublishingLimit, PublishContainer, PublishingLimit, Quota};
pub use subscriptions::{ListSubscribedApps, SubscribeApp, SubscribedApp, SubscriptionField, UnsubscribeApp};
pub use user::{GetInstagramUser, InstagramAccountType, InstagramUser};

use sociogram_api_core::Finding;

/// What to say about a text that is missing.
fn empty_text(rule: &'static str, field: &'static str, text: &str) -> Vec<Finding> {
    let empty = || Finding::error(rule, field, "there is no text").advice("add one");
    if text.trim().is_empty() { vec![empty()] } else { Vec::new() }
}

/// Clients on a script, for the tests of this module.
#[cfg(test)]
mod testing {
    use std::sync::Arc;

    use sociogram_api_core::http::Endpoint;
    use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

    use crate::{Client, Error, GraphHost};

    /// Of graph.instagram.com.
    pub(super) fn at_instagram(transport: &ScriptedTransport) -> Client {
        let builder = Client::builder().host(GraphHost::Instagram).transport(Arc::new(transport.clone()));
        builder.access_token("TOKEN").build().unwrap()
    }

    /// Sends one endpoint to graph.instagram.com.
    pub(super) async fn exchange<E: Endpoint>(
        endpoint: E,
        answer: &str,
    ) -> (Result<E::Output, Error>, RecordedRequest) {
        let transport = ScriptedTransport::new().json(answer.to_owned());
        let result = at_instagram(&transport).send(endpoint).await;
        (result, transport.requests().pop().unwrap())
    }
}
