//! Replies (Threads API: Reply Management).

use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use super::post::Post;
use crate::acknowledged;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{MediaId, ThreadsUserId};

open_enum! {
    /// Which of the replies that need approval are listed.
    pub enum ApprovalFilter {
        /// Those that were passed over; they can still be approved.
        Ignored = "ignored",
        /// Those that nobody has decided about.
        Pending = "pending",
    }
}

list_endpoint! {
    /// Lists the replies directly under a post: `GET /{media_id}/replies`.
    ///
    /// Needs `threads_basic` and `threads_read_replies`.
    pub struct ListReplies -> Post;
    "threads.replies.list": "/{media_id}/replies", [scope::THREADS_BASIC, scope::THREADS_READ_REPLIES], limit 100;
    new { media_id: MediaId }
    with {
        /// Whether the newest come first, as they do unless set.
        reverse: bool,
    }
    fields Post::REPLY_FIELDS;
}

list_endpoint! {
    /// Lists all replies under a post, those to replies as well, in one list: `GET /{media_id}/conversation`.
    ///
    /// Needs `threads_basic` and `threads_read_replies`. Only for posts of the account, at the top of a conversation.
    pub struct ListConversation -> Post;
    "threads.conversation.list": "/{media_id}/conversation", [scope::THREADS_BASIC, scope::THREADS_READ_REPLIES], limit 100;
    new { media_id: MediaId }
    with {
        /// Whether the newest come first, as they do unless set.
        reverse: bool,
    }
    fields Post::REPLY_FIELDS;
}

list_endpoint! {
    /// Lists the replies that the account wrote: `GET /{user_id}/replies`.
    ///
    /// Needs `threads_basic` and `threads_read_replies`.
    pub struct ListUserReplies -> Post;
    "threads.user_replies.list": "/{user_id}/replies", [scope::THREADS_BASIC, scope::THREADS_READ_REPLIES], limit 100;
    new { user_id: ThreadsUserId }
    with {
        /// Only replies from this time on.
        since: UnixTime,
        /// Only replies up to this time.
        until: UnixTime,
    }
    fields Post::REPLY_FIELDS;
    subject user_id;
}

list_endpoint! {
    /// Lists replies that are not shown before they are approved: `GET /{media_id}/pending_replies`. Only for posts made
    /// with `enable_reply_approvals`.
    ///
    /// Needs `threads_basic` and `threads_read_replies`.
    pub struct ListPendingReplies -> Post;
    "threads.pending_replies.list": "/{media_id}/pending_replies", [scope::THREADS_BASIC, scope::THREADS_READ_REPLIES], limit 100;
    new { media_id: MediaId }
    with {
        /// Whether the newest come first, as they do unless set.
        reverse: bool,
        /// Which ones; all unless set.
        approval_status: ApprovalFilter,
    }
    fields "id,text,username,permalink,timestamp,media_type,media_url,reply_approval_status";
}

endpoint! {
    /// Hides a reply with all under it, or shows it again: `POST /{reply_id}/manage_reply`. Only replies directly under
    /// a post of the account.
    ///
    /// Needs `threads_basic` and `threads_manage_replies`.
    pub struct HideReply -> ();
    "threads.replies.update": POST "/{reply_id}/manage_reply", Safe, [scope::THREADS_BASIC, scope::THREADS_MANAGE_REPLIES];
    new { reply_id: MediaId, hide: bool }
    decode acknowledged::read;
}

endpoint! {
    /// Shows a reply that needs approval, or passes it over: `POST /{reply_id}/manage_pending_reply`.
    ///
    /// Needs `threads_basic` and `threads_manage_replies`.
    pub struct AnswerPendingReply -> ();
    "threads.pending_replies.update": POST "/{reply_id}/manage_pending_reply", Safe, [scope::THREADS_BASIC, scope::THREADS_MANAGE_REPLIES];
    new { reply_id: MediaId, approve: bool }
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::{exchange, exchange_body};

    #[tokio::test]
    async fn replies_are_listed_in_the_order_wanted() {
        let none = r#"{"data":[]}"#;
        let (_, line) = exchange(ListReplies::new(18).reverse(false).fields("id"), none).await;
        assert_eq!(line, "GET /v1.0/18/replies?reverse=false&fields=id");
        let pending = ListPendingReplies::new(18).approval_status(ApprovalFilter::Ignored).fields("id");
        let (_, line) = exchange(pending, none).await;
        assert_eq!(line, "GET /v1.0/18/pending_replies?approval_status=ignored&fields=id");
    }

    #[tokio::test]
    async fn a_reply_is_hidden_or_approved_with_a_form() {
        let (done, body) = exchange_body(HideReply::new(19, true), r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(body, "hide=true");
        let (done, body) = exchange_body(AnswerPendingReply::new(19, false), r#"{"success":false}"#).await;
        assert!(done.is_err());
        assert_eq!(body, "approve=false");
    }
}
