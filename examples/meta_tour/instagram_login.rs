//! Instagram Login: the same calls at graph.instagram.com, and those that only it has.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    MediaId,
    instagram::{
        Account, CreateComment, CreateContainer, CreateReply, DeleteComment, DeleteMedia, GetAccount,
        GetComment, GetInstagramUser, GetMedia, GetPublishingLimit, HideComment, ListComments, ListMedia,
        ListSubscribedApps, Media, PublishInstagram, SubscribeApp, SubscriptionField, UnsubscribeApp,
        UpdateMedia,
    },
};

use crate::{Outcome, expect, instagram, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    account(stage).await?;
    let post = post(stage).await?;
    comments(stage, &post).await?;
    webhooks(stage).await?;
    // Instagram Login has no call for it; the client says so before it sends anything.
    let refused = stage.instagram.send(DeleteMedia::new(post)).await;
    expect(refused.is_err_and(|error| !error.findings().is_empty()), "a refusal before sending")
}

async fn account(stage: &Stage) -> Outcome {
    let me = stage.instagram.send(GetInstagramUser::new()).await?;
    expect(me.user_id == stage.instagram_id, "the account that logged in")?;
    let account = GetAccount::new(me.user_id).fields(Account::INSTAGRAM_FIELDS);
    let account = stage.instagram.send(account).await?;
    expect(account.user_id.as_ref() == Some(&stage.instagram_id), "the account with both of its ids")
}

async fn post(stage: &Stage) -> Outcome<MediaId> {
    let before = stage.instagram.send(GetPublishingLimit::new(stage.instagram_id.clone())).await?;
    let items = ["https://cdn.example.com/flour.jpg", "https://cdn.example.com/dough.jpg"];
    let items = items.map(|url| CreateContainer::carousel_image(stage.instagram_id.clone(), url));
    let carousel = CreateContainer::carousel(stage.instagram_id.clone(), []).caption("Flour and dough");
    let flow = PublishInstagram::carousel(carousel, items);
    let published = instagram::publish(stage, &stage.instagram, &flow).await?;
    let after = stage.instagram.send(GetPublishingLimit::new(stage.instagram_id.clone())).await?;
    expect(after.remaining() < before.remaining(), "one publication fewer left")?;

    let post = published.media_id.ok_or("the published medium has no id")?;
    let media = stage.instagram.send(GetMedia::new(post.clone())).await?;
    expect(media.children.len() == 2, "two items")?;
    let list = ListMedia::new(stage.instagram_id.clone()).limit(1);
    let all: Vec<Media> = stage.instagram.items(list).try_collect().await?;
    expect(all.first().is_some_and(|newest| newest.id == post), "the newest post first")?;
    Ok(post)
}

async fn comments(stage: &Stage, post: &MediaId) -> Outcome {
    let comment = stage.instagram.send(CreateComment::new(post.clone(), "Rye, mostly")).await?.id;
    stage.instagram.send(CreateReply::new(comment.clone(), "And a little wheat")).await?;
    stage.instagram.send(HideComment::new(comment.clone(), true)).await?;
    let read = stage.instagram.send(GetComment::new(comment.clone())).await?;
    expect(read.hidden == Some(false), "one's own comment to stay visible")?;
    expect(read.replies.len() == 1, "the reply below it")?;
    stage.instagram.send(DeleteComment::new(comment)).await?;
    let left: Vec<_> = stage.instagram.items(ListComments::new(post.clone())).try_collect().await?;
    expect(left.is_empty(), "no comment")?;
    stage.instagram.send(UpdateMedia::new(post.clone(), false)).await?;
    let closed = stage.instagram.send(CreateComment::new(post.clone(), "Too late")).await;
    expect(closed.is_err(), "closed comments")
}

/// The account's webhooks, switched on and off. Under Facebook Login the Page is subscribed.
async fn webhooks(stage: &Stage) -> Outcome {
    let fields = [SubscriptionField::Comments, SubscriptionField::Mentions];
    stage.instagram.send(SubscribeApp::new(stage.instagram_id.clone(), fields.clone())).await?;
    let list = || stage.instagram.items(ListSubscribedApps::new(stage.instagram_id.clone()));
    let apps: Vec<_> = list().try_collect().await?;
    expect(apps.first().is_some_and(|app| app.subscribed_fields == fields), "both fields")?;
    stage.instagram.send(UnsubscribeApp::new(stage.instagram_id.clone())).await?;
    let apps: Vec<_> = list().try_collect().await?;
    expect(apps.is_empty(), "no app")
}
