//! What the crate has no type for: any node or edge, through the same road.

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use sociogram::meta_graph::{
    Edge, ErrorKind, Fields, RawList, RawRequest,
    pages::{CreatedPost, Post},
};

use crate::{Outcome, expect, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let feed = format!("{}/feed", stage.page_id);
    let first = RawRequest::post(&*feed).form("message", "Bread").read_as::<CreatedPost>();
    let first = stage.page.send(first).await?;
    let second = RawRequest::post(&*feed).json(json!({"message": "Cake"})).read_as::<CreatedPost>();
    let second = stage.page.send(second.subject(stage.page_id.as_str())).await?;

    // One item to a page, so that there are two pages.
    let newest = RawList::new(feed).fields("id,message").limit(1).subject(stage.page_id.as_str());
    let newest: Vec<Post> = stage.page.items(newest.read_as::<Post>()).try_collect().await?;
    let texts: Vec<_> = newest.iter().take(2).filter_map(|post| post.message.as_deref()).collect();
    expect(texts == ["Cake", "Bread"], "the newest post first")?;

    field_expansion(stage, first.id.as_str()).await?;
    for post in [first, second] {
        let answer = stage.page.send(RawRequest::delete(post.id.as_str())).await?;
        expect(answer.get("success") == Some(&Value::Bool(true)), "the post to be deleted")?;
        let gone = stage.page.send(RawRequest::get(post.id.as_str())).await;
        expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the post to be gone")?;
    }
    refused(stage).await
}

/// What belongs to an object, in the same call.
async fn field_expansion(stage: &Stage, post: &str) -> Outcome {
    let comment = RawRequest::post(format!("{post}/comments")).form("message", "Two, please");
    stage.page.send(comment).await?;
    let counted = Edge::new("comments").limit(0).summary(true).alias("answers");
    let fields = Fields::new().fields(["id", "message"]).edge(counted);
    let expanded = stage.page.send(RawRequest::get(post).fields(fields)).await?;
    let count = expanded.pointer("/answers/summary/total_count").and_then(Value::as_u64);
    expect(count == Some(1), "the comments to be counted, under the name they were given")?;

    let account = Edge::new("instagram_business_account").fields(["id", "username"]);
    let page = RawRequest::get(stage.page_id.as_str()).fields(Fields::new().field("name").edge(account));
    let page = stage.page.send(page).await?;
    let account = page.pointer("/instagram_business_account/id").and_then(Value::as_str);
    expect(account == Some(stage.instagram_id.as_str()), "the Instagram account inside the Page")
}

/// What is wrong before it is sent is not sent.
async fn refused(stage: &Stage) -> Outcome {
    for wrong in ["https://graph.facebook.com/me", "v26.0/me", "me?fields=id"] {
        let error = stage.user.send(RawRequest::get(wrong)).await.err();
        expect(
            error.is_some_and(|error| error.kind() == ErrorKind::Invalid),
            "a path that is none to be refused",
        )?;
    }
    let token = RawRequest::get("me").query("access_token", "a token in an address");
    let error = stage.user.send(token).await.err();
    expect(
        error.is_some_and(|error| error.kind() == ErrorKind::Invalid),
        "a token in an address to be refused",
    )
}
