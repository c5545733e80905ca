//! Likes on behalf of an account (Instagram Platform: User Likes). Facebook Login only.

use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::{CommentId, InstagramAccountId, MediaId};

endpoint! {
    /// Likes a medium: `POST /{account_id}/likes`. Facebook Login only; not for stories. Liking twice changes nothing.
    ///
    /// Needs `instagram_basic` and `instagram_manage_engagement`. More than 50 likes in 5 seconds lock the account out
    /// for an hour.
    pub struct LikeMedia -> ();
    "instagram.likes.media.create": POST "/{account_id}/likes", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_ENGAGEMENT];
    new { account_id: InstagramAccountId, media_id: MediaId }
    subject account_id;
    decode acknowledged::read;
}

endpoint! {
    /// Takes the like of a medium back: `DELETE /{account_id}/likes`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and `instagram_manage_engagement`.
    pub struct UnlikeMedia -> ();
    "instagram.likes.media.delete": DELETE "/{account_id}/likes", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_ENGAGEMENT];
    new { account_id: InstagramAccountId, media_id: MediaId }
    subject account_id;
    decode acknowledged::read;
}

endpoint! {
    /// Likes a comment or reply: `POST /{account_id}/likes`. Facebook Login only. Liking twice changes nothing.
    ///
    /// Needs `instagram_basic` and `instagram_manage_engagement`.
    pub struct LikeComment -> ();
    "instagram.likes.comment.create": POST "/{account_id}/likes", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_ENGAGEMENT];
    new { account_id: InstagramAccountId, comment_id: CommentId }
    subject account_id;
    decode acknowledged::read;
}

endpoint! {
    /// Takes the like of a comment or reply back: `DELETE /{account_id}/likes`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and `instagram_manage_engagement`.
    pub struct UnlikeComment -> ();
    "instagram.likes.comment.delete": DELETE "/{account_id}/likes", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_ENGAGEMENT];
    new { account_id: InstagramAccountId, comment_id: CommentId }
    subject account_id;
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_like_is_given_and_taken_back() {
        let done = r#"{"success":true}"#;
        let (result, request) = exchange(LikeMedia::new(17, 7), done).await;
        result.unwrap();
        assert_eq!((line(&request).as_str(), request.text()), ("POST /v26.0/17/likes", "media_id=7"));
        let (result, request) = exchange(UnlikeComment::new(17, 8), done).await;
        result.unwrap();
        assert_eq!(line(&request), "DELETE /v26.0/17/likes?comment_id=8");
        assert!(exchange(LikeComment::new(17, 8), r#"{"success":false}"#).await.0.is_err());
        assert!(exchange(UnlikeMedia::new(17, 8), "{}").await.0.is_err());
    }
}
