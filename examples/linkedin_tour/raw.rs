//! What the crate has no type for: any resource, through the same road.

use std::ops::Range;

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use sociogram::linkedin_api::{
    ErrorKind, Patch, PostUrn, RawList, RawRequest, RestliMethod,
    posts::{CreatePost, Post},
    restli::RestliValue,
};

use crate::{Outcome, expect, stage::Stage};

/// Posts that do not exist. So many keys make a query that is too long for an address.
const UNKNOWN: Range<u64> = 7_100_000_000_000_000_000..7_100_000_000_000_000_150;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let mut posts = Vec::new();
    for text in ["Bread, in short", "Cake, in short"] {
        posts.push(create(stage, text).await?);
    }
    change(stage, posts.first().ok_or("no post")?).await?;
    lists(stage, &posts).await?;
    long_query(stage, &posts).await?;
    keys_and_actions(stage).await?;
    several_questions(stage).await?;
    for post in posts {
        let delete = RawRequest::new(RestliMethod::Delete, "posts").key(&*post);
        expect(stage.member.send(delete).await?.status() == 204, "the post to be deleted")?;
        let gone = stage.member.send(RawRequest::new(RestliMethod::Get, "posts").key(&*post)).await.err();
        expect(gone.is_some_and(|error| error.kind() == ErrorKind::NotFound), "the post to be gone")?;
    }
    refused(stage).await
}

/// Creates what a typed request would, from its JSON.
async fn create(stage: &Stage, text: &str) -> Outcome<String> {
    let body = serde_json::to_value(CreatePost::new(stage.organization.clone(), text))?;
    let create = RawRequest::new(RestliMethod::Create, "posts").body(body);
    let answer = stage.member.send(create.subject(stage.organization.as_str())).await?;
    expect(answer.status() == 201 && answer.body().is_null(), "nothing but the id")?;
    Ok(answer.id().ok_or("the post has no id")?)
}

/// Changes a post and reads it, under a name that errors, spans and counts then have.
async fn change(stage: &Stage, post: &str) -> Outcome {
    let patch = Patch::new().set("commentary", "Bread, in few words");
    let change = RawRequest::new(RestliMethod::PartialUpdate, "posts").key(post).body(patch);
    stage.member.send(change).await?;

    let read = RawRequest::new(RestliMethod::Get, "posts").key(post).query("viewContext", "AUTHOR");
    let answer = stage.member.send(read.named("linkedin.raw.request")).await?;
    let text = answer.body().get("commentary").and_then(Value::as_str);
    expect(text == Some("Bread, in few words"), "the new text")?;
    let post: Post = answer.read_as()?;
    expect(post.commentary.is_some(), "the same in the crate's own type")
}

/// Lists of both ways of paging, in pages too short for all.
async fn lists(stage: &Stage, posts: &[String]) -> Outcome {
    let list = RawList::finder("posts", "author").query("author", stage.organization.as_str()).count(1);
    let list = list.query("sortBy", "CREATED").named("linkedin.raw.list").read_as::<Post>();
    let pages: Vec<_> = stage.member.pages(list).try_collect().await?;
    let newest = pages.iter().take(2).flat_map(|page| &page.items).filter_map(Post::urn);
    let newest: Vec<String> = newest.map(|post| post.as_str().to_owned()).collect();
    expect(newest.iter().eq(posts.iter().rev()), "the newest post first")?;

    let campaigns = RawList::finder("adAccounts/506070801/adCampaigns", "search").by_token().count(2);
    let pages: Vec<_> = stage.member.pages(campaigns).try_collect().await?;
    expect(pages.len() > 1 && pages.iter().all(|page| page.malformed.is_empty()), "a second page")?;

    let likes = RawList::all("socialActions").key(posts.first().map(String::as_str).unwrap_or_default());
    let likes = stage.member.send(likes.below("likes").unversioned()).await?;
    expect(likes.items.is_empty(), "no likes yet, below /v2 as well")
}

/// More than 4000 characters of query travel in the body of a POST, and LinkedIn takes it for the GET it is.
async fn long_query(stage: &Stage, posts: &[String]) -> Outcome {
    let unknown = UNKNOWN.map(|number| format!("urn:li:share:{number}"));
    let ids: Vec<String> = posts.iter().cloned().chain(unknown).collect();
    let batch = RawRequest::new(RestliMethod::BatchGet, "posts").ids(ids.iter().map(String::as_str));
    let answer = stage.member.send(batch).await?;
    let found = answer.batch_results::<Post>(ids.iter().map(String::as_str))?;
    expect(posts.iter().all(|post| found.get(post).is_some()), "both posts")?;
    let missing = found.failures().count();
    expect(missing == ids.len() - posts.len(), "the others to be missing, each under its own key")?;
    let call = stage.sandbox.received().calls.pop().ok_or("nothing was called")?;
    expect(call.method == "POST" && call.path == "/rest/posts", "the query to travel in a body")
}

/// A key of several parts, and an action with its value.
async fn keys_and_actions(stage: &Stage) -> Outcome {
    let key = RestliValue::record([("id", stage.member_urn.id())]);
    let person = stage.member.send(RawRequest::new(RestliMethod::Get, "people").key(key)).await?;
    expect(person.body().get("id").and_then(Value::as_str) == Some(stage.member_urn.id()), "the member")?;

    let open = RawRequest::new(RestliMethod::Action, "documents").action("initializeUpload");
    let open = open.body(json!({"initializeUploadRequest": {"owner": stage.organization}}));
    let opened: Value = stage.member.send(open).await?.action_value()?;
    expect(opened.get("uploadUrl").is_some(), "an address to send to")
}

/// Two questions in one call; each has a page of its own, or a reason why not.
async fn several_questions(stage: &Stage) -> Outcome {
    let action = |kind: &str, word: &str| {
        RestliValue::record([(kind, RestliValue::record([("actionType", RestliValue::from(word))]))])
    };
    let actions = [
        action("OrganizationRoleAuthorizationAction", "ADMINISTRATOR_READ"),
        action("NoSuchAuthorizationAction", "CREATE"),
    ];
    let request = RawRequest::new(RestliMethod::BatchFinder, "organizationAuthorizations")
        .finder("authorizationActionsAndImpersonator")
        .query("authorizationActions", RestliValue::list(actions));
    let found = stage.member.send(request).await?.batch_found::<Value>()?;
    let [known, unknown] = found.as_slice() else { return Err("expected two answers".into()) };
    expect(known.as_ref().is_ok_and(|page| !page.items.is_empty()), "what the member may do")?;
    expect(unknown.is_err(), "the other question to be refused alone")
}

/// What is wrong before it is sent is not sent.
async fn refused(stage: &Stage) -> Outcome {
    for wrong in ["https://api.linkedin.com/rest/posts", "rest/posts", "posts?q=author"] {
        let error = stage.member.send(RawRequest::new(RestliMethod::Get, wrong)).await.err();
        let kind = error.map(|error| error.kind());
        expect(kind == Some(ErrorKind::Invalid), "a path that is none to be refused")?;
    }
    let token = RawRequest::new(RestliMethod::Get, "me").query("oauth2_access_token", "a token");
    let error = stage.member.send(token).await.err();
    let kind = error.map(|error| error.kind());
    expect(kind == Some(ErrorKind::Invalid), "a token in an address to be refused")?;
    let not_an_id: Result<PostUrn, _> = "urn:li:person:1".parse();
    expect(not_an_id.is_err(), "an id of another kind to be refused before any call")
}
