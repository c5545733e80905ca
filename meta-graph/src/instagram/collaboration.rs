//! Media with several owners (Instagram Platform: Collaboration). Facebook Login only.

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{InstagramAccountId, MediaId};
use crate::lenient;

open_enum! {
    /// How a collaborator answered.
    pub enum InviteStatus {
        /// Yes.
        Accepted = "Accepted",
        /// No.
        Declined = "Declined",
        /// Not yet.
        Pending = "Pending",
    }
}

/// Somebody who was asked to share a medium.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Collaborator {
    /// The id for this app only.
    pub id: InstagramAccountId,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// How they answered.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub invite_status: Option<InviteStatus>,
}

list_endpoint! {
    /// Lists who was asked to share a medium, and how they answered: `GET /{media_id}/collaborators`. Facebook Login
    /// only. Who does not take such invitations is left out.
    ///
    /// Needs `instagram_basic`, `pages_read_engagement` and `pages_show_list`.
    pub struct ListCollaborators -> Collaborator;
    "instagram.collaborators.list": "/{media_id}/collaborators", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { media_id: MediaId }
}

/// An invitation to share a medium of somebody else.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CollaborationInvite {
    /// The medium.
    pub media_id: MediaId,
    /// The user name of its owner.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_owner_username: Option<String>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub caption: Option<String>,
    /// The address of the file; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_url: Option<String>,
}

list_endpoint! {
    /// Lists the account's open invitations to share a medium: `GET /{account_id}/collaboration_invites`. Facebook
    /// Login only; at most 300 calls a day.
    ///
    /// Needs `instagram_basic`.
    pub struct ListCollaborationInvites -> CollaborationInvite;
    "instagram.collaboration_invites.list": "/{account_id}/collaboration_invites", [scope::INSTAGRAM_BASIC], limit 100;
    new { account_id: InstagramAccountId }
    subject account_id;
}

endpoint! {
    /// Accepts or declines an invitation to share a medium: `POST /{account_id}/collaboration_invites`. Facebook Login
    /// only.
    ///
    /// Needs `instagram_basic`, `instagram_content_publish` and `instagram_manage_comments`.
    pub struct AnswerCollaborationInvite -> ();
    "instagram.collaboration_invites.update": POST "/{account_id}/collaboration_invites", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH, scope::INSTAGRAM_MANAGE_COMMENTS];
    new { account_id: InstagramAccountId, media_id: MediaId, accept: bool }
    subject account_id;
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn an_unknown_answer_of_a_collaborator_is_kept() {
        let body = r#"{"data":[{"id":"1","username":"ann","invite_status":"Accpeted"},{"username":"no id"},
            {"id":2,"invite_status":"Pending"}]}"#;
        let page = exchange(ListCollaborators::new(7), body).await.0.unwrap();
        assert_eq!((page.items.len(), page.malformed.len()), (2, 1));
        assert_eq!(page.items[0].invite_status.as_ref().map(InviteStatus::as_str), Some("Accpeted"));
        assert_eq!(page.items[1].invite_status, Some(InviteStatus::Pending));
    }

    #[tokio::test]
    async fn an_invitation_is_answered_with_a_form() {
        let (done, request) =
            exchange(AnswerCollaborationInvite::new(17, 7, true), r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(line(&request), "POST /v26.0/17/collaboration_invites");
        assert_eq!(request.text(), "media_id=7&accept=true");
    }
}
