//! Comments, likes, reactions and their counts.

use serde_json::json;
use sociogram_linkedin_api::social::{
    BatchGetComments, BatchGetSocialMetadata, CommentText, CommentsState, CreateComment, CreateLike,
    CreateReaction, DeleteComment, DeleteLike, DeleteReaction, GetComment, GetReaction, GetSocialMetadata,
    ListComments, ListLikes, ListReactions, ReactionSort, ReactionType, SetCommentsState, UpdateComment,
};
use sociogram_linkedin_api::{
    ActivityUrn, CommentUrn, ImageUrn, OrganizationUrn, PersonUrn, PostUrn, SocialTarget,
};

use crate::table::{Answer, Table};

const COMMENT: &str = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29";

fn post() -> PostUrn {
    PostUrn::parse("urn:li:share:9").unwrap()
}

fn activity() -> ActivityUrn {
    ActivityUrn::from_id("1").unwrap()
}

fn comment() -> CommentUrn {
    CommentUrn::parse("urn:li:comment:(urn:li:activity:1,2)").unwrap()
}

fn me() -> PersonUrn {
    PersonUrn::from_id("a").unwrap()
}

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

#[tokio::test]
async fn comments_are_read() {
    let table = Table::new().await;
    let one = json!({
        "id": "2", "commentUrn": "urn:li:comment:(urn:li:activity:1,2)", "actor": "urn:li:organization:5",
        "message": {"text": "Hi (all)"}, "likesSummary": {"totalLikes": 3},
    });
    table
        .row(
            ListComments::new(post()).count(2),
            "get_all GET /rest/socialActions/urn%3Ali%3Ashare%3A9/comments?count=2&start=0",
            Answer::json(json!({"elements": [one, 7]})),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.items[0].message.as_ref().unwrap().to_string(), "Hi (all)");
                assert_eq!(page.next.unwrap().as_str(), "2");
            },
        )
        .await;
    table
        .row(
            ListComments::new(comment()),
            &format!("get_all GET /rest/socialActions/{COMMENT}/comments?count=50&start=0"),
            Answer::json(json!({"elements": []})),
            |page| assert_eq!((page.items.len(), page.next), (0, None)),
        )
        .await;
    table
        .row(
            GetComment::of(&comment()),
            "get GET /rest/socialActions/urn%3Ali%3Aactivity%3A1/comments/2",
            Answer::json(one.clone()),
            |read| assert_eq!(read.urn(), Some(comment())),
        )
        .await;
    table
        .row(
            BatchGetComments::new(activity(), ["2".to_owned(), "3".to_owned()]),
            "batch_get GET /rest/socialActions/urn%3Ali%3Aactivity%3A1/comments?ids=List(2,3)",
            Answer::json(json!({"results": {"2": one}, "errors": {"3": {"status": 404}}})),
            |found| {
                assert_eq!(found.get("2").unwrap().likes_summary.as_ref().unwrap().total_likes, Some(3));
                assert_eq!(found.failure("3").unwrap().status, Some(404));
            },
        )
        .await;
}

#[tokio::test]
async fn comments_are_written() {
    let table = Table::new().await;
    table
        .row(
            CreateComment::new(me(), post(), "Well (said) #1"),
            "create POST /rest/socialActions/urn%3Ali%3Ashare%3A9/comments\njson {\"actor\":\"urn:li:person:a\",\
             \"message\":{\"text\":\"Well (said) #1\"},\"object\":\"urn:li:share:9\"}",
            Answer::created("6636062862760562688"),
            |created| {
                assert_eq!(created.id, "6636062862760562688");
                assert_eq!(
                    created.urn.unwrap().as_str(),
                    "urn:li:comment:(urn:li:share:9,6636062862760562688)"
                );
            },
        )
        .await;
    let text = CommentText::text("\u{1F600} Thanks, ").mention("Devtestco", page());
    table
        .row(
            CreateComment::new(page(), comment(), text),
            &format!(
                "create POST /rest/socialActions/{COMMENT}/comments\njson {{\"actor\":\"urn:li:organization:5\",\
                 \"message\":{{\"attributes\":[{{\"length\":9,\"start\":11,\"value\":{{\"organization\":\
                 {{\"organization\":\"urn:li:organization:5\"}}}}}}],\"text\":\"\u{1F600} Thanks, Devtestco\"}},\
                 \"object\":\"urn:li:activity:1\",\"parentComment\":\"urn:li:comment:(urn:li:activity:1,2)\"}}"
            ),
            Answer::json(json!({"id": 3, "commentUrn": "urn:li:comment:(urn:li:activity:1,3)"})),
            |created| {
                assert_eq!((created.id.as_str(), created.urn.unwrap().comment_id()), ("3", "3"));
            },
        )
        .await;
    table
        .row(
            CreateComment::new(me(), post(), "").object(activity()).image(ImageUrn::from_id("C1").unwrap()),
            "create POST /rest/socialActions/urn%3Ali%3Ashare%3A9/comments\njson {\"actor\":\"urn:li:person:a\",\
             \"content\":[{\"entity\":{\"image\":\"urn:li:image:C1\"}}],\"message\":{\"text\":\"\"},\
             \"object\":\"urn:li:activity:1\"}",
            Answer::created("urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C4%29"),
            |created| {
                assert_eq!(created.id, "4");
                assert_eq!(created.urn.unwrap().as_str(), "urn:li:comment:(urn:li:activity:1,4)");
            },
        )
        .await;
    // The row looks that no version is sent.
    table
        .row(
            CreateComment::new(me(), post(), "Hi").self_serve(true),
            "create POST /v2/socialActions/urn%3Ali%3Ashare%3A9/comments\njson {\"actor\":\"urn:li:person:a\",\
             \"message\":{\"text\":\"Hi\"},\"object\":\"urn:li:share:9\"}",
            Answer::json(json!({"$URN": "urn:li:comment:(urn:li:activity:1,5)", "id": "5", "object": "urn:li:activity:1"})),
            |created| {
                assert_eq!(created.urn.unwrap().as_str(), "urn:li:comment:(urn:li:activity:1,5)");
            },
        )
        .await;
}

#[tokio::test]
async fn comments_are_changed_and_deleted() {
    let table = Table::new().await;
    let head = "partial_update POST /rest/socialActions/urn%3Ali%3Aactivity%3A1/comments/2?actor=urn%3Ali%3Aperson%3Aa";
    let cleared = UpdateComment::of(&comment(), me(), "New").clear_mentions();
    let mentioning = UpdateComment::of(&comment(), me(), CommentText::new().mention("Ada", me()));
    for (update, set) in [
        (UpdateComment::of(&comment(), me(), "New"), json!({"text": "New"})),
        (cleared, json!({"text": "New", "attributes": []})),
        (
            mentioning,
            json!({"text": "Ada", "attributes": [
                {"start": 0, "length": 3, "value": {"person": {"person": "urn:li:person:a"}}},
            ]}),
        ),
    ] {
        let body = json!({"patch": {"message": {"$set": set}}});
        table.row(update, &format!("{head}\njson {body}"), Answer::empty(204), |()| {}).await;
    }
    table
        .row(
            DeleteComment::of(&comment(), page()),
            "delete DELETE /rest/socialActions/urn%3Ali%3Aactivity%3A1/comments/2?actor=urn%3Ali%3Aorganization%3A5",
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn likes() {
    let table = Table::new().await;
    table
        .row(
            ListLikes::new(post()),
            "get_all GET /rest/socialActions/urn%3Ali%3Ashare%3A9/likes?count=50&start=0",
            Answer::json(json!({"elements": [{"actor": "urn:li:person:a", "object": "urn:li:activity:1"}]})),
            |page| assert_eq!(page.items[0].author().unwrap().as_str(), "urn:li:person:a"),
        )
        .await;
    table
        .row(
            CreateLike::new(post(), me()),
            "create POST /rest/socialActions/urn%3Ali%3Ashare%3A9/likes\n\
             json {\"actor\":\"urn:li:person:a\",\"object\":\"urn:li:share:9\"}",
            Answer::created("urn:li:person:a"),
            |()| {},
        )
        .await;
    table
        .row(
            DeleteLike::new(post(), me()),
            "delete DELETE /rest/socialActions/urn%3Ali%3Ashare%3A9/likes/urn%3Ali%3Aperson%3Aa?actor=urn%3Ali%3Aperson%3Aa",
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn reactions() {
    let table = Table::new().await;
    table
        .row(
            CreateReaction::new(me(), activity(), ReactionType::Praise),
            "create POST /rest/reactions?actor=urn%3Ali%3Aperson%3Aa\n\
             json {\"reactionType\":\"PRAISE\",\"root\":\"urn:li:activity:1\"}",
            Answer::empty(201),
            |reaction| {
                assert_eq!(reaction.author().unwrap().as_str(), "urn:li:person:a");
                assert_eq!(reaction.reaction_type, Some(ReactionType::Praise));
            },
        )
        .await;
    table
        .row(
            ListReactions::new(activity()).sort(ReactionSort::ReverseChronological),
            "finder GET /rest/reactions/(entity:urn%3Ali%3Aactivity%3A1)?count=10&q=entity\
             &sort=(value:REVERSE_CHRONOLOGICAL)&start=0",
            Answer::json(json!({"elements": [
                {"id": "urn:li:reaction:(urn:li:person:a,urn:li:activity:1)", "reactionType": "INTEREST",
                    "created": {"actor": "urn:li:person:a", "time": 1}},
            ]})),
            |page| assert_eq!(page.items[0].reaction_type, Some(ReactionType::Interest)),
        )
        .await;
    let key = format!("/rest/reactions/(actor:urn%3Ali%3Aorganization%3A5,entity:{COMMENT})");
    table
        .row(
            GetReaction::new(page(), comment()),
            &format!("get GET {key}"),
            Answer::json(json!({"reactionType": "LIKE", "root": "urn:li:comment:(urn:li:activity:1,2)"})),
            |reaction| assert_eq!(reaction.root, Some(SocialTarget::from(comment()))),
        )
        .await;
    table
        .row(
            DeleteReaction::new(page(), comment()),
            &format!("delete DELETE {key}"),
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn counts() {
    let table = Table::new().await;
    let one = json!({
        "entity": "urn:li:activity:1", "reactionSummaries": {"LIKE": {"reactionType": "LIKE", "count": 2}},
        "commentSummary": {"count": 4, "topLevelCount": 3}, "commentsState": "OPEN",
    });
    table
        .row(
            GetSocialMetadata::new(post()),
            "get GET /rest/socialMetadata/urn%3Ali%3Ashare%3A9",
            Answer::json(one.clone()),
            |metadata| {
                assert_eq!(metadata.reactions(&ReactionType::Like), 2);
                assert_eq!(metadata.comments_state, Some(CommentsState::Open));
            },
        )
        .await;
    table
        .row(
            BatchGetSocialMetadata::new([post().into(), comment().into()]),
            &format!("batch_get GET /rest/socialMetadata?ids=List(urn%3Ali%3Ashare%3A9,{COMMENT})"),
            Answer::json(json!({
                "results": {"urn:li:share:9": one, "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29": {}},
            })),
            |found| {
                assert_eq!(found.get(post()).unwrap().total_reactions(), 2);
                assert_eq!(found.get(comment()).unwrap().total_reactions(), 0);
            },
        )
        .await;
    for (set, state) in [
        (SetCommentsState::close_and_delete_comments(activity(), me()), "CLOSED"),
        (SetCommentsState::open(activity(), me()), "OPEN"),
    ] {
        let expected = format!(
            "partial_update POST /rest/socialMetadata/urn%3Ali%3Aactivity%3A1?actor=urn%3Ali%3Aperson%3Aa\n\
             json {{\"patch\":{{\"$set\":{{\"commentsState\":\"{state}\"}}}}}}"
        );
        table.row(set, &expected, Answer::empty(202), |()| {}).await;
    }
}
