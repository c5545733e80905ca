//! What happens on an organization's page: asked for, and sent to a webhook.

use futures_util::TryStreamExt as _;
use sociogram::linkedin_api::{
    CommentUrn, DeveloperApplicationUrn, ErrorKind, TimeRange,
    notifications::{ListOrganizationNotifications, NotificationAction},
    posts::CreatePost,
    social::GetComment,
    subscriptions::{
        CreateEventSubscription, DeleteEventSubscription, GetEventSubscription, ListEventSubscriptions,
        SubscriptionEvent, SubscriptionKey,
    },
};

use crate::{Outcome, expect, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    notifications(stage).await?;
    subscription(stage).await
}

/// Two posts, each with a first comment, and what LinkedIn tells of them.
async fn notifications(stage: &Stage) -> Outcome {
    let first = CreatePost::new(stage.organization.clone(), "The first loaf is out");
    let first = stage.member.send(first).await?.urn;
    let second = CreatePost::new(stage.organization.clone(), "So is the second");
    let second = stage.member.send(second).await?.urn;

    let comments = || {
        ListOrganizationNotifications::new(stage.organization.clone()).actions([NotificationAction::Comment])
    };
    let all: Vec<_> = stage.member.items(comments().count(1)).try_collect().await?;
    let about = |post| all.iter().position(|one| one.source_post.as_ref() == Some(post));
    let (earlier, later) = (about(first.as_urn()), about(second.as_urn()));
    expect(earlier.is_some() && later.is_some() && later < earlier, "both comments, the newest first")?;

    let newest = all.first().ok_or("there is no notification")?;
    expect(newest.organization_urn().as_ref() == Some(&stage.organization), "the organization's own")?;
    let comment = newest.generated_activity.clone().ok_or("the notification names no comment")?;
    let comment = CommentUrn::try_from(comment)?;
    let read = stage.member.send(GetComment::of(&comment)).await?;
    let told = newest.decorated_generated_activity.as_ref().and_then(|activity| activity.comment.as_ref());
    let text = told.and_then(|comment| comment.text.clone());
    expect(text.is_some() && text == read.message.map(|text| text.to_string()), "the text of the comment")?;

    let time = newest.last_modified_at.ok_or("the notification has no time")?;
    let since = stage.member.send(comments().time_range(TimeRange::since(time))).await?.items;
    expect(since.contains(newest), "it since its own time")?;
    let shares = comments().actions([NotificationAction::Share, NotificationAction::ShareMention]);
    expect(stage.member.send(shares).await?.items.is_empty(), "that nobody shared them")
}

/// A webhook is subscribed, moved to another address, and ended.
async fn subscription(stage: &Stage) -> Outcome {
    let app = DeveloperApplicationUrn::parse("urn:li:developerApplication:76543210")?;
    let key = SubscriptionKey::new(app, stage.member_urn.clone(), stage.organization.clone());
    for webhook in ["https://hooks.example.com/old", "https://hooks.example.com/linkedin"] {
        stage.member.send(CreateEventSubscription::new(key.clone(), webhook)).await?;
    }
    let read = stage.member.send(GetEventSubscription::new(key.clone())).await?;
    expect(read.key().as_ref() == Some(&key), "the subscription under its key")?;
    expect(read.webhook.as_deref() == Some("https://hooks.example.com/linkedin"), "the later address")?;
    expect(read.expires_at.is_some(), "that it ends with the token")?;

    let event = SubscriptionEvent::OrganizationSocialActionNotifications;
    let list = || ListEventSubscriptions::new(event.clone()).count(1);
    let all: Vec<_> = stage.member.items(list()).try_collect().await?;
    expect(all == [read], "one subscription")?;

    stage.member.send(DeleteEventSubscription::new(key.clone())).await?;
    let gone = stage.member.send(GetEventSubscription::new(key)).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the subscription to be gone")?;
    expect(stage.member.send(list()).await?.items.is_empty(), "no other")
}
