//! Threads: profiles, posts, replies (Threads API).
//!
//! For a client of [`GraphHost::Threads`](crate::GraphHost::Threads) with a Threads token. [`PublishThread`] does all the
//! steps of publishing.

mod container;
mod container_status;
mod limits;
mod locations;
mod post;
mod profile;
mod publish;
mod publishing;
mod replies;
mod search;
mod user;

pub use crate::container_flow::{PublishError, Published};
pub use container::{
    CreateThread, GifAttachment, GifProvider, PollAttachment, PublishText, ReplyControl, SpoilerText,
    StyledRange, TextAttachment, TextStyle, ThreadKind,
};
pub use container_status::{GetThreadContainer, ThreadContainerState, ThreadContainerStatus};
pub use limits::{GetThreadsLimits, ThreadsLimits, ThreadsQuota};
pub use locations::{GetLocation, SearchLocations, ThreadsLocation};
pub use post::{
    GetPost, HideStatus, ListMentions, ListPosts, PollResult, Post, PostOwner, PostRef, PostType,
    ReplyApproval,
};
pub use profile::{DiscoveredProfile, GetProfile, KeywordSearched, ListProfilePosts, LookUpProfile, Profile};
pub use publish::PublishThread;
pub use publishing::{Created, DeletePost, PublishThreadContainer, Repost};
pub use replies::{
    AnswerPendingReply, ApprovalFilter, HideReply, ListConversation, ListPendingReplies, ListReplies,
    ListUserReplies,
};
pub use search::{KeywordSearch, SearchMode, SearchOrder, SearchedMedia};
pub use user::{GetThreadsUser, ThreadsUser};

/// What the tests of this module share.
#[cfg(test)]
mod testing {
    use std::sync::Arc;

    use sociogram_api_core::http::Endpoint;
    use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

    use crate::{Client, Error, GraphHost, scripted};

    /// A client of Threads on a script.
    pub(super) fn client(transport: &ScriptedTransport) -> Client {
        let builder = Client::builder().host(GraphHost::Threads).transport(Arc::new(transport.clone()));
        builder.access_token("TOKEN").build().unwrap()
    }

    async fn send<E: Endpoint>(endpoint: E, answer: &str) -> (Result<E::Output, Error>, RecordedRequest) {
        let transport = ScriptedTransport::new().json(answer.to_owned());
        let result = client(&transport).send(endpoint).await;
        (result, transport.requests().pop().unwrap())
    }

    /// Sends one endpoint; gives the request line as well.
    pub(super) async fn exchange<E: Endpoint>(
        endpoint: E,
        answer: &str,
    ) -> (Result<E::Output, Error>, String) {
        let (result, request) = send(endpoint, answer).await;
        (result, scripted::line(&request))
    }

    /// Sends one endpoint; gives the body as well.
    pub(super) async fn exchange_body<E: Endpoint>(
        endpoint: E,
        answer: &str,
    ) -> (Result<E::Output, Error>, String) {
        let (result, request) = send(endpoint, answer).await;
        (result, request.text().to_owned())
    }
}
