//! Publishing a container, reposting, deleting (Threads API: Publishing).

use serde::Deserialize;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{ContainerId, MediaId, ThreadsUserId};

/// What was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Created<T> {
    /// Its id.
    pub id: T,
}

endpoint! {
    /// Publishes a container that is finished: `POST /{user_id}/threads_publish`. Meta advises to wait 30 seconds after it
    /// was made.
    ///
    /// Needs `threads_basic` and `threads_content_publish`.
    pub struct PublishThreadContainer -> Created<MediaId>;
    "threads.posts.publish": POST "/{user_id}/threads_publish", Never, [scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH];
    new { user_id: ThreadsUserId, creation_id: ContainerId }
    subject user_id;
}

endpoint! {
    /// Reposts a post: `POST /{media_id}/repost`. The answer names the repost.
    ///
    /// Needs `threads_basic` and `threads_content_publish`.
    pub struct Repost -> Created<MediaId>;
    "threads.reposts.create": POST "/{media_id}/repost", Never, [scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH];
    new { media_id: MediaId }
}

endpoint! {
    /// Deletes a post of the account for good: `DELETE /{media_id}`. At most 100 a day.
    ///
    /// Needs `threads_basic` and `threads_delete`.
    pub struct DeletePost -> ();
    "threads.posts.delete": DELETE "/{media_id}", Safe, [scope::THREADS_BASIC, scope::THREADS_DELETE];
    new { media_id: MediaId }
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::threads::testing::{exchange, exchange_body};

    #[tokio::test]
    async fn publishing_names_the_container() {
        let (created, body) = exchange_body(PublishThreadContainer::new(7, 3), r#"{"id":"99"}"#).await;
        assert_eq!((created.unwrap().id.as_str(), body.as_str()), ("99", "creation_id=3"));
        let error = exchange(Repost::new(99), r#"{"ok":1}"#).await.0.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
    }

    #[tokio::test]
    async fn a_deletion_must_be_confirmed() {
        let (done, line) = exchange(DeletePost::new(99), r#"{"success":true,"deleted_id":"99"}"#).await;
        done.unwrap();
        assert_eq!(line, "DELETE /v1.0/99");
        assert!(exchange(DeletePost::new(99), r#"{"success":false}"#).await.0.is_err());
    }
}
