//! The lists of posts of a Page (Page Feed, Page Posts, Page Scheduled Posts).

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::post::{POST_FIELDS, Post, PostAttachment};
use crate::endpoint::{UnixTime, list_endpoint};
use crate::id::{PageId, PostId, VideoId};
use crate::lenient;

open_enum! {
    /// Only posts that have this.
    pub enum PostFilter {
        /// A place.
        Location = "LOCATION",
    }
}

/// Declares a list of posts with the filters that most of them have.
macro_rules! post_list {
    ($(#[$meta:meta])* pub struct $name:ident; $operation:literal: $path:literal, [$($scope:expr),+]) => {
        list_endpoint! {
            $(#[$meta])*
            pub struct $name -> Post;
            $operation: $path, [$($scope),+], limit 100;
            new { page_id: PageId }
            with {
                /// Whether hidden posts come as well.
                include_hidden: bool,
                /// Whether posts that have ended come as well.
                show_expired: bool,
                /// Only posts with a place.
                with as "with": PostFilter,
                /// Only posts from then on.
                since: UnixTime,
                /// Only posts up to then.
                until: UnixTime,
            }
            fields POST_FIELDS;
            subject page_id;
        }
    };
}

post_list! {
    /// Lists the posts on a Page, its own and those of visitors: `GET /{page_id}/feed` (Page Feed).
    ///
    /// Needs the Page's token, `pages_read_engagement` and `pages_read_user_content`. Meta gives about 600 posts of a
    /// year, chosen by itself.
    pub struct ListFeed;
    "page.feed.list": "/{page_id}/feed", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST]
}

post_list! {
    /// Lists the Page's own posts: `GET /{page_id}/posts` (Page Posts).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListPosts;
    "page.posts.list": "/{page_id}/posts", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST]
}

post_list! {
    /// Lists the Page's own posts that are published: `GET /{page_id}/published_posts` (Page Published Posts).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListPublishedPosts;
    "page.published_posts.list": "/{page_id}/published_posts", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST]
}

post_list! {
    /// Lists what visitors posted on the Page: `GET /{page_id}/visitor_posts` (Page Visitor Posts).
    ///
    /// Needs the Page's token, `pages_read_engagement` and `pages_read_user_content`.
    pub struct ListVisitorPosts;
    "page.visitor_posts.list": "/{page_id}/visitor_posts", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST]
}

list_endpoint! {
    /// Lists posts that name the Page: `GET /{page_id}/tagged` (Page Tagged).
    ///
    /// Needs the Page's token, `pages_read_engagement` and `pages_read_user_content`.
    pub struct ListTaggedPosts -> Post;
    "page.tagged_posts.list": "/{page_id}/tagged", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    fields POST_FIELDS;
    subject page_id;
}

list_endpoint! {
    /// Lists unpublished posts that were made for ads: `GET /{page_id}/ads_posts` (Page Ads Posts).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListAdsPosts -> Post;
    "page.ads_posts.list": "/{page_id}/ads_posts", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Whether posts of dynamic ads are left out.
        exclude_dynamic_ads: bool,
        /// Whether posts made while making an ad come as well.
        include_inline_create: bool,
        /// Only posts from then on.
        since: UnixTime,
        /// Only posts up to then.
        until: UnixTime,
    }
    fields POST_FIELDS;
    subject page_id;
}

list_endpoint! {
    /// Lists posts that Meta is to publish later: `GET /{page_id}/scheduled_posts` (Page Scheduled Posts).
    ///
    /// Needs the Page's token, `pages_manage_posts` and `pages_read_engagement`.
    pub struct ListScheduledPosts -> ScheduledPost;
    "page.scheduled_posts.list": "/{page_id}/scheduled_posts", [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    fields "id,message,created_time,scheduled_publish_time,permalink_url,attachments{media_type,type,media,target,\
        subattachments{media_type,type,media,target}}";
    subject page_id;
}

/// A post that Meta is to publish later. Some of its fields belong to the node Scheduled Post, and Meta refuses them
/// on other posts; name them with `fields`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ScheduledPost {
    /// The post.
    pub id: PostId,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
    /// When it was made.
    #[serde(alias = "creation_time", default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it is to be published.
    #[serde(default, deserialize_with = "lenient::time")]
    pub scheduled_publish_time: Option<Timestamp>,
    /// Whether nothing stands against it; ask for `is_post_in_good_state`.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_post_in_good_state: Option<bool>,
    /// Why it could not be published; ask for `scheduled_failure_notice`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub scheduled_failure_notice: Option<String>,
    /// Its address for those who manage the Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink_url: Option<String>,
    /// The video of it; ask for `video_id`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub video_id: Option<VideoId>,
    /// What hangs on it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub attachments: Vec<PostAttachment>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_malformed_post_costs_only_itself() {
        let (page, request) = exchange(
            ListFeed::new(42).include_hidden(true).with(PostFilter::Location).since(Timestamp::from_unix_seconds(5)).limit(50),
            r#"{"data":[{"id":"42_1"},{"message":"no id"},{"id":"42_2","created_time":true}],"paging":{"cursors":{"after":"A"}}}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!((page.items.len(), page.malformed[0].index, page.next.is_none()), (2, 1, true));
        let line = line(&request);
        assert!(
            line.starts_with("GET /v26.0/42/feed?include_hidden=true&with=LOCATION&since=5&fields=id%2C"),
            "{line}"
        );
        assert!(line.ends_with("&limit=50"), "{line}");
    }

    #[tokio::test]
    async fn a_scheduled_post_tells_why_it_failed() {
        let (page, _) = exchange(
            ListScheduledPosts::new(42),
            r#"{"data":[{"id":"42_1","scheduled_publish_time":"1767323045","is_post_in_good_state":"false",
                "scheduled_failure_notice":"no","creation_time":"2026-01-02T03:04:05+0000","video_id":9}]}"#,
        )
        .await;
        let post = page.unwrap().items.remove(0);
        assert_eq!(post.scheduled_publish_time, post.created_time);
        assert_eq!(
            (post.is_post_in_good_state, post.scheduled_failure_notice.as_deref()),
            (Some(false), Some("no"))
        );
        assert_eq!(post.video_id, Some(VideoId::from(9)));
    }
}
