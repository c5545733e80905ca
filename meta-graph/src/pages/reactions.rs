//! Likes and reactions (Object Likes, Object Reactions).

use serde::Deserialize;
use sociogram_api_core::open_enum;
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::id::ObjectId;
use crate::{acknowledged, lenient};

endpoint! {
    /// Likes a post, photo, video or comment as the Page: `POST /{object_id}/likes` (Object Likes).
    ///
    /// Needs the Page's token, the task `MODERATE` and `pages_manage_engagement`. Repeating it changes nothing.
    pub struct LikeObject -> ();
    "page.likes.set": POST "/{object_id}/likes", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { object_id: ObjectId }
    decode acknowledged::read;
}

endpoint! {
    /// Takes the Page's like back: `DELETE /{object_id}/likes` (Object Likes).
    ///
    /// Needs the Page's token, the task `MODERATE` and `pages_manage_engagement`.
    pub struct UnlikeObject -> ();
    "page.likes.delete": DELETE "/{object_id}/likes", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { object_id: ObjectId }
    decode acknowledged::read;
}

open_enum! {
    /// A reaction.
    pub enum ReactionType {
        /// "Like".
        Like = "LIKE",
        /// "Love".
        Love = "LOVE",
        /// "Care".
        Care = "CARE",
        /// "Haha".
        Haha = "HAHA",
        /// "Wow".
        Wow = "WOW",
        /// "Sad".
        Sad = "SAD",
        /// "Angry".
        Angry = "ANGRY",
        /// "Thankful", of an earlier season.
        Thankful = "THANKFUL",
        /// "Pride", of an earlier season.
        Pride = "PRIDE",
        /// Fire.
        Fire = "FIRE",
        /// Hundred.
        Hundred = "HUNDRED",
        /// None.
        None = "NONE",
    }
}

list_endpoint! {
    /// Lists the reactions to a post, photo, video or comment: `GET /{object_id}/reactions` (Object Reactions).
    ///
    /// Needs the Page's token, `pages_read_engagement` and, for who it was, `pages_read_user_content`. For numbers use
    /// [`GetPostCounts`](super::GetPostCounts).
    pub struct ListReactions -> Reaction;
    "page.reactions.list": "/{object_id}/reactions", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST], limit 100;
    new { object_id: ObjectId }
    with {
        /// Only these.
        kind as "type": ReactionType,
    }
    fields "id,name,type";
}

/// A reaction. Meta leaves out who it was where the token may not see it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reaction {
    /// Who, by an id for this Page only.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Which reaction.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub kind: Option<ReactionType>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn reactions_of_unknown_kinds_and_people_are_read() {
        let (page, request) = exchange(
            ListReactions::new(ObjectId::from(7)).kind(ReactionType::Love),
            r#"{"data":[{"id":5,"name":"Ada","type":"LOVE"},{"type":"CONFETTI"},{}]}"#,
        )
        .await;
        assert_eq!(line(&request), "GET /v26.0/7/reactions?type=LOVE&fields=id%2Cname%2Ctype");
        let items = page.unwrap().items;
        assert_eq!((items[0].id.as_deref(), &items[0].kind), (Some("5"), &Some(ReactionType::Love)));
        assert_eq!(items[1].kind.as_ref().unwrap().as_str(), "CONFETTI");
        assert_eq!((items[2].kind.is_none(), items.len()), (true, 3));
    }

    #[tokio::test]
    async fn only_a_yes_is_a_yes() {
        assert!(exchange(LikeObject::new(ObjectId::from(7)), r#"{"success":true}"#).await.0.is_ok());
        assert!(exchange(UnlikeObject::new(ObjectId::from(7)), "false").await.0.is_err());
    }
}
