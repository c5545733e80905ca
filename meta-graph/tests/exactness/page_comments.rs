//! Comments and reactions (Object Comments, Comment, Object Likes, Object Reactions).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::pages::{
    CommentFilter, CommentOrder, CreateComment, DeleteComment, GetComment, LikeObject, ListComments,
    ListReactions, LiveFilter, MediaFile, ReactionType, UnlikeObject, UpdateComment,
};
use sociogram_meta_graph::{CommentId, ObjectId, PostId};

use crate::pages::encoded;
use crate::table::Table;

const COMMENT: &str = "id,message,created_time,from{id,name},parent{id},attachment,comment_count,like_count,user_likes,\
    can_comment,can_hide,can_like,can_remove,can_reply_privately,is_hidden,is_private,message_tags,permalink_url";

fn post() -> ObjectId {
    PostId::new("42_7").unwrap().into()
}

fn comment() -> CommentId {
    CommentId::new("7_8").unwrap()
}

#[tokio::test]
async fn comments() {
    let table = Table::new().await;
    let one = || {
        json!({"id": "7_8", "message": "Hi", "created_time": "2026-01-02T03:04:05+0000", "from": {"id": "5", "name": "Ada"},
            "comment_count": 1, "like_count": 2, "can_reply_privately": true, "is_hidden": false})
    };
    table
        .row(
            ListComments::new(post())
                .filter(CommentFilter::Stream)
                .order(CommentOrder::ReverseChronological)
                .since(Timestamp::from_unix_seconds(5))
                .live_filter(LiveFilter::NoFilter)
                .limit(50),
            &format!(
                "GET /v26.0/42_7/comments?filter=stream&order=reverse_chronological&since=5&live_filter=no_filter\
                 &fields={}&limit=50",
                encoded(COMMENT)
            ),
            json!({"data": [one()], "paging": {"cursors": {"before": "A", "after": "B"}}}),
            |page| {
                assert_eq!((page.items[0].id.clone(), page.items[0].can_reply_privately), (comment(), Some(true)));
                assert!(page.next.is_none());
            },
        )
        .await;
    table
        .row(
            GetComment::new(comment()),
            &format!("GET /v26.0/7_8?fields={}", encoded(COMMENT)),
            one(),
            |comment| {
                assert_eq!(comment.from.unwrap().name.as_deref(), Some("Ada"));
            },
        )
        .await;
    let made = || json!({"id": "7_8"});
    table
        .row(
            CreateComment::new(post()).message("Thank you").attachment_url("https://example.com/a.jpg"),
            &format!(
                "POST /v26.0/42_7/comments\nform message=Thank%20you&attachment_url={}",
                encoded("https://example.com/a.jpg")
            ),
            made(),
            |made| assert_eq!(made.id, comment()),
        )
        .await;
    table
        .row(
            CreateComment::new(comment()).message("Look").source(MediaFile::new(
                "a.jpg",
                "image/jpeg",
                b"bytes".to_vec(),
            )),
            "POST /v26.0/7_8/comments\nmultipart message=Look source=@a.jpg;image/jpeg",
            made(),
            |made| assert_eq!(made.id, comment()),
        )
        .await;
    let done = || json!({"success": true});
    table
        .row(
            UpdateComment::new(comment()).is_hidden(true),
            "POST /v26.0/7_8\nform is_hidden=true",
            done(),
            |()| {},
        )
        .await;
    table.row(DeleteComment::new(comment()), "DELETE /v26.0/7_8", done(), |()| {}).await;
}

#[tokio::test]
async fn reactions() {
    let table = Table::new().await;
    let done = || json!({"success": true});
    table.row(LikeObject::new(post()), "POST /v26.0/42_7/likes", done(), |()| {}).await;
    table.row(UnlikeObject::new(comment()), "DELETE /v26.0/7_8/likes", done(), |()| {}).await;
    table
        .row(
            ListReactions::new(post()).kind(ReactionType::Haha),
            "GET /v26.0/42_7/reactions?type=HAHA&fields=id%2Cname%2Ctype",
            json!({"data": [{"id": "5", "name": "Ada", "type": "HAHA"}]}),
            |page| assert_eq!(page.items[0].kind, Some(ReactionType::Haha)),
        )
        .await;
}
