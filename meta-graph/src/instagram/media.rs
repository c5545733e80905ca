//! Published media (Instagram Platform: IG Media).

use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{InstagramAccountId, MediaId};

mod item;

pub use item::{AudioKind, BoostEligibility, CopyrightInfo, CopyrightStatus, Media, MediaProduct, MediaType};

endpoint! {
    /// Reads one medium: `GET /{media_id}`, under both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`). The usual
    /// fields exist under both logins; the counts over several apps, the copyright and boosting are asked for with
    /// [`Media::FACEBOOK_FIELDS`].
    pub struct GetMedia -> Media;
    "instagram.media.get": GET "/{media_id}", Safe, [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT];
    new { media_id: MediaId }
    fields Media::FIELDS;
}

list_endpoint! {
    /// Lists an account's media, the newest first, at most 10 000 and no stories: `GET /{account_id}/media`, under
    /// both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`).
    pub struct ListMedia -> Media;
    "instagram.media.list": "/{account_id}/media", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { account_id: InstagramAccountId }
    with {
        /// Only media from this time on.
        since: UnixTime,
        /// Only media up to this time.
        until: UnixTime,
    }
    fields Media::FIELDS;
    subject account_id;
}

list_endpoint! {
    /// Lists the stories of the last 24 hours: `GET /{account_id}/stories`, under both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`).
    pub struct ListStories -> Media;
    "instagram.stories.list": "/{account_id}/stories", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { account_id: InstagramAccountId }
    fields Media::FIELDS;
    subject account_id;
}

list_endpoint! {
    /// Lists live videos that are running: `GET /{account_id}/live_media`, under both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`).
    pub struct ListLiveMedia -> Media;
    "instagram.live_media.list": "/{account_id}/live_media", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { account_id: InstagramAccountId }
    with {
        /// Only media from this time on.
        since: UnixTime,
        /// Only media up to this time.
        until: UnixTime,
    }
    fields "id,media_type,media_product_type,owner,username,comments_count,timestamp";
    subject account_id;
}

list_endpoint! {
    /// Lists media of others in which the account is tagged: `GET /{account_id}/tags`.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement`; media of private accounts
    /// are left out.
    pub struct ListTaggedMedia -> Media;
    "instagram.tags.list": "/{account_id}/tags", [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { account_id: InstagramAccountId }
    with {
        /// Only media of this type. From v26.0 on.
        media_type: MediaType,
        /// Only media published after this time. From v26.0 on.
        posted_after: UnixTime,
        /// Only media published before this time. From v26.0 on.
        posted_before: UnixTime,
    }
    fields "id,caption,media_type,media_url,permalink,timestamp,username,comments_count,like_count";
    subject account_id;
}

list_endpoint! {
    /// Lists media of others on which the account is a collaborator: `GET /{account_id}/collaborative_media`.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement`.
    pub struct ListCollaborativeMedia -> Media;
    "instagram.collaborative_media.list": "/{account_id}/collaborative_media", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { account_id: InstagramAccountId }
    fields Media::FIELDS;
    subject account_id;
}

list_endpoint! {
    /// Lists the items of a carousel: `GET /{media_id}/children`, under both logins.
    ///
    /// Needs `instagram_basic` and `pages_read_engagement` (Instagram Login: `instagram_business_basic`).
    pub struct ListChildren -> Media;
    "instagram.children.list": "/{media_id}/children", [scope::INSTAGRAM_BASIC, scope::PAGES_READ_ENGAGEMENT], limit 100;
    new { media_id: MediaId }
    fields "id,media_type,media_url,thumbnail_url,permalink,timestamp,username,alt_text";
}

endpoint! {
    /// Opens or closes the comments of a medium: `POST /{media_id}`, under both logins. Nothing else of a medium can
    /// be changed.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`; Instagram Platform: Comment Moderation).
    pub struct UpdateMedia -> ();
    "instagram.media.update": POST "/{media_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { media_id: MediaId, comment_enabled: bool }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a medium for good: `DELETE /{media_id}`. Facebook Login only.
    ///
    /// Needs `instagram_basic` and `instagram_manage_contents`.
    pub struct DeleteMedia -> ();
    "instagram.media.delete": DELETE "/{media_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_CONTENTS];
    new { media_id: MediaId }
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::Timestamp;

    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_bad_item_of_a_list_is_set_aside() {
        let (page, request) = exchange(
            ListMedia::new(17).since(Timestamp::from_unix_seconds(5)).limit(2).fields("id"),
            r#"{"data":[{"id":"1"},{"caption":"no id"},{"id":3,"like_count":"4","timestamp":"2026-01-02T03:04:05+0000"}]}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!(line(&request), "GET /v26.0/17/media?since=5&fields=id&limit=2");
        assert_eq!((page.items.len(), page.malformed.len()), (2, 1));
        assert_eq!(page.items[1].like_count, Some(4));
        assert_eq!(page.items[1].timestamp, Some(Timestamp::from_unix_seconds(1_767_323_045)));
    }

    #[tokio::test]
    async fn comments_are_opened_and_closed_with_a_form() {
        let (done, request) = exchange(UpdateMedia::new(7, false), r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!((line(&request).as_str(), request.text()), ("POST /v26.0/7", "comment_enabled=false"));
        assert!(exchange(DeleteMedia::new(7), r#"{"success":false}"#).await.0.is_err());
    }

    #[tokio::test]
    async fn tagged_media_are_narrowed_down() {
        let list = ListTaggedMedia::new(17)
            .media_type(MediaType::Image)
            .posted_after(Timestamp::from_unix_seconds(1))
            .posted_before(Timestamp::from_unix_seconds(2))
            .fields("id");
        let (_, request) = exchange(list, r#"{"data":[]}"#).await;
        let expected = "GET /v26.0/17/tags?media_type=IMAGE&posted_after=1&posted_before=2&fields=id";
        assert_eq!(line(&request), expected);
    }
}
