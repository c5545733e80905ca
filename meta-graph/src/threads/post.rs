//! Published posts (Threads API: Media Retrieval).

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::container::{ReplyControl, TextAttachment};
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{MediaId, ObjectId, ThreadsUserId};
use crate::lenient;

open_enum! {
    /// What a post is made of.
    pub enum PostType {
        /// Several images and videos.
        CarouselAlbum = "CAROUSEL_ALBUM",
        /// A sound.
        Audio = "AUDIO",
        /// An image.
        Image = "IMAGE",
        /// A repost of somebody's post.
        RepostFacade = "REPOST_FACADE",
        /// A text alone.
        TextPost = "TEXT_POST",
        /// A video.
        Video = "VIDEO",
    }
}

open_enum! {
    /// Whether a reply is shown.
    pub enum HideStatus {
        /// Blocked.
        Blocked = "BLOCKED",
        /// Hidden by Threads.
        Covered = "COVERED",
        /// Hidden by the owner of the post.
        Hidden = "HIDDEN",
        /// Not hidden.
        NotHushed = "NOT_HUSHED",
        /// Restricted.
        Restricted = "RESTRICTED",
        /// Shown again.
        Unhushed = "UNHUSHED",
    }
}

open_enum! {
    /// Whether a reply that needs approval has it.
    pub enum ReplyApproval {
        /// It is shown.
        Approved = "approved",
        /// It is not shown.
        Ignored = "ignored",
        /// Nobody has decided yet.
        Pending = "pending",
    }
}

endpoint! {
    /// Reads one post: `GET /{media_id}`.
    ///
    /// Needs `threads_basic`.
    pub struct GetPost -> Post;
    "threads.posts.get": GET "/{media_id}", Safe, [scope::THREADS_BASIC];
    new { media_id: MediaId }
    fields Post::FIELDS;
}

list_endpoint! {
    /// Lists the account's posts, the newest first: `GET /{user_id}/threads`.
    ///
    /// Needs `threads_basic`.
    pub struct ListPosts -> Post;
    "threads.posts.list": "/{user_id}/threads", [scope::THREADS_BASIC], limit 100;
    new { user_id: ThreadsUserId }
    with {
        /// Only posts from this time on.
        since: UnixTime,
        /// Only posts up to this time.
        until: UnixTime,
    }
    fields Post::FIELDS;
    subject user_id;
}

list_endpoint! {
    /// Lists public posts of others that mention the account: `GET /{user_id}/mentions`.
    ///
    /// Needs `threads_basic` and `threads_manage_mentions`.
    pub struct ListMentions -> Post;
    "threads.mentions.list": "/{user_id}/mentions", [scope::THREADS_BASIC, scope::THREADS_MANAGE_MENTIONS], limit 100;
    new { user_id: ThreadsUserId }
    with {
        /// Only posts from this time on.
        since: UnixTime,
        /// Only posts up to this time.
        until: UnixTime,
    }
    fields Post::PUBLIC_FIELDS;
    subject user_id;
}

/// Another post, by its id.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PostRef {
    /// The id.
    pub id: MediaId,
}

/// A poll and how it stands. The shares are percentages, 0 to 100.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PollResult {
    /// The first answer.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub option_a: Option<String>,
    /// The second answer.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub option_b: Option<String>,
    /// The third answer.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub option_c: Option<String>,
    /// The fourth answer.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub option_d: Option<String>,
    /// The share of the first answer.
    #[serde(default, deserialize_with = "lenient::number")]
    pub option_a_votes_percentage: Option<f64>,
    /// The share of the second answer.
    #[serde(default, deserialize_with = "lenient::number")]
    pub option_b_votes_percentage: Option<f64>,
    /// The share of the third answer.
    #[serde(default, deserialize_with = "lenient::number")]
    pub option_c_votes_percentage: Option<f64>,
    /// The share of the fourth answer.
    #[serde(default, deserialize_with = "lenient::number")]
    pub option_d_votes_percentage: Option<f64>,
    /// How many have voted.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_votes: Option<u64>,
    /// When it ends.
    #[serde(default, deserialize_with = "lenient::time")]
    pub expiration_timestamp: Option<Timestamp>,
}

/// A post or reply. All but the id may be missing: it was not asked for, or this post has none.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Post {
    /// The id.
    pub id: MediaId,
    /// `THREADS`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_product_type: Option<String>,
    /// What it is made of.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_type: Option<PostType>,
    /// The text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub text: Option<String>,
    /// The address of the file; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_url: Option<String>,
    /// The address of a GIF.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub gif_url: Option<String>,
    /// The address of a video's picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub thumbnail_url: Option<String>,
    /// The lasting address for people.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink: Option<String>,
    /// The short name in the permalink.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub shortcode: Option<String>,
    /// When it was published.
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
    /// The user name of the owner.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The owner; of one's own posts only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub owner: Option<PostOwner>,
    /// Whether the owner is verified.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_verified: Option<bool>,
    /// The address of the owner's picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
    /// The items of a carousel.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub children: Vec<PostRef>,
    /// Whether it quotes a post.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_quote_post: Option<bool>,
    /// The post it quotes.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub quoted_post: Option<PostRef>,
    /// The post it reposts.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reposted_post: Option<PostRef>,
    /// Whether it has replies.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub has_replies: Option<bool>,
    /// Whether it is a reply.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_reply: Option<bool>,
    /// Whether the account itself wrote the reply.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_reply_owned_by_me: Option<bool>,
    /// The post at the top of the conversation.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub root_post: Option<PostRef>,
    /// The post it replies to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub replied_to: Option<PostRef>,
    /// Whether it is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub hide_status: Option<HideStatus>,
    /// Whether it has the approval it needs. Of pending replies.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reply_approval_status: Option<ReplyApproval>,
    /// Who may reply.
    #[serde(default, deserialize_with = "audience")]
    pub reply_audience: Option<ReplyControl>,
    /// The description for people who do not see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub alt_text: Option<String>,
    /// The link that is shown with a preview.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub link_attachment_url: Option<String>,
    /// The long text that is attached.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub text_attachment: Option<TextAttachment>,
    /// The poll.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub poll_attachment: Option<PollResult>,
    /// The topic.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub topic_tag: Option<String>,
    /// The place.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub location_id: Option<ObjectId>,
    /// Whether its media are hidden until somebody taps on them.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_spoiler_media: Option<bool>,
    /// The countries in which it is shown, as two letters; empty for all.
    #[serde(default, deserialize_with = "lenient::list")]
    pub allowlisted_country_codes: Vec<String>,
}

/// Whose post it is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PostOwner {
    /// The account.
    pub id: ThreadsUserId,
}

impl Post {
    /// What is asked for of one's own posts unless told otherwise.
    pub const FIELDS: &'static str = "id,media_product_type,media_type,media_url,gif_url,permalink,owner,username,text,\
                                      timestamp,shortcode,thumbnail_url,children,is_quote_post,quoted_post,\
                                      reposted_post,has_replies,alt_text,link_attachment_url,poll_attachment,\
                                      topic_tag";
    /// What is asked for of other people's posts unless told otherwise: all that a search gives.
    pub const PUBLIC_FIELDS: &'static str = "id,text,media_type,media_url,permalink,timestamp,username,shortcode,\
                                             thumbnail_url,has_replies,is_quote_post,is_reply,topic_tag";
    /// What is asked for of replies unless told otherwise.
    pub const REPLY_FIELDS: &'static str = "id,text,username,permalink,timestamp,media_product_type,media_type,\
                                            media_url,shortcode,thumbnail_url,children,is_quote_post,has_replies,\
                                            root_post,replied_to,is_reply,is_reply_owned_by_me,hide_status,\
                                            reply_audience";
}

/// Read in upper case, written in lower case.
fn audience<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<ReplyControl>, D::Error> {
    let text: Option<String> = lenient::or_none(from)?;
    Ok(text.map(|text| ReplyControl::from(text.to_ascii_lowercase().as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;

    #[tokio::test]
    async fn odd_answers_cost_only_the_odd_field() {
        let (post, line) = exchange(
            GetPost::new(18).fields("id"),
            r#"{"id":18,"media_type":"HOLOGRAM","timestamp":"2026-01-02T03:04:05+0000","has_replies":"true","text":{},
                "children":{"data":[{"id":"2"},{"no":"id"}]},"quoted_post":{"id":9},"reply_audience":"EVERYONE",
                "poll_attachment":{"option_a":"Yes","option_a_votes_percentage":"12.5","total_votes":8},
                "owner":{"id":"7"},"allowlisted_country_codes":["US",7]}"#,
        )
        .await;
        assert_eq!(line, "GET /v1.0/18?fields=id");
        let post = post.unwrap();
        assert_eq!(post.media_type.as_ref().map(PostType::as_str), Some("HOLOGRAM"));
        assert_eq!(post.timestamp, Some(Timestamp::from_unix_seconds(1_767_323_045)));
        assert_eq!((post.has_replies, post.text, post.children.len()), (Some(true), None, 1));
        assert_eq!(post.quoted_post.unwrap().id.as_str(), "9");
        assert_eq!(post.reply_audience, Some(ReplyControl::Everyone));
        let poll = post.poll_attachment.unwrap();
        assert_eq!((poll.option_a_votes_percentage, poll.total_votes), (Some(12.5), Some(8)));
        assert_eq!(post.allowlisted_country_codes, ["US"]);
    }

    #[tokio::test]
    async fn a_bad_item_of_a_list_is_set_aside() {
        let list = ListPosts::new(7).since(Timestamp::from_unix_seconds(5)).fields("id").limit(2);
        let (page, line) = exchange(list, r#"{"data":[{"id":"1"},{"text":"no id"}]}"#).await;
        let page = page.unwrap();
        assert_eq!(line, "GET /v1.0/7/threads?since=5&fields=id&limit=2");
        assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
    }
}
