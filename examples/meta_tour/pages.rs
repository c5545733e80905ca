//! A Page: its settings and webhooks, and the posts on it, from drafts to deletion.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock, Timestamp},
    meta_graph::{
        ErrorKind, PostId,
        pages::{
            CallToAction, CallToActionType, CreatePagePost, DeletePost, FeedTargeting, GeoLocations, GetPage,
            GetPost, ListAdsPosts, ListAssignedPages, ListFeed, ListPageSettings, ListPageSubscriptions,
            ListPosts, ListPublishedPosts, ListScheduledPosts, ListTaggedPosts, ListVisitorPosts, MediaFile,
            PageField, PageOptions, PageSetting, PublishPost, ReschedulePost, SubscribePage,
            UnpublishedContentType, UnsubscribePage, UpdatePageSettings, UpdatePost, list_all_pages,
        },
    },
};

use crate::{Outcome, expect, page_media::PICTURE, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    which_pages(stage).await?;
    settings(stage).await?;
    webhooks(stage).await?;
    let post = publish(stage).await?;
    lists(stage, &post).await?;
    change_and_delete(stage, &post).await?;
    drafts(stage).await?;
    schedule(stage).await
}

/// All Pages the person can act for, those of business portfolios too.
async fn which_pages(stage: &Stage) -> Outcome {
    let found = list_all_pages(&stage.user).await?;
    expect(found.skipped.is_empty(), "all portfolios to be looked at")?;
    expect(found.pages.iter().any(|page| page.id == stage.page_id), "the Page among all Pages")?;
    stage.user.send(ListAssignedPages::new(stage.user_id.clone())).await?;

    let page = stage.page.send(GetPage::new(stage.page_id.clone())).await?;
    expect(page.name.is_some() && page.is_published == Some(true), "a Page that is public")
}

/// Switches a setting off and on again.
async fn settings(stage: &Stage) -> Outcome {
    const SETTING: &str = "USERS_CAN_POST_PHOTOS";
    for on in [false, true] {
        let option = PageOptions::new(SETTING, on);
        stage.page.send(UpdatePageSettings::new(stage.page_id.clone(), option)).await?;
        let settings: Vec<_> =
            stage.page.items(ListPageSettings::new(stage.page_id.clone()).limit(3)).try_collect().await?;
        let setting = settings.iter().find(|setting| setting.setting == SETTING);
        expect(setting.and_then(PageSetting::is_on) == Some(on), "the setting to be what was set")?;
    }
    Ok(())
}

/// Has webhooks of the Page sent to the app, and ends that.
async fn webhooks(stage: &Stage) -> Outcome {
    let page = || stage.page_id.clone();
    stage.page.send(SubscribePage::new(page(), [PageField::Feed, PageField::Leadgen])).await?;
    let apps = stage.page.send(ListPageSubscriptions::new(page())).await?.items;
    let ours = apps.iter().find(|app| app.id == stage.app_id).ok_or("the app is not subscribed")?;
    expect(ours.subscribed_fields.contains(&PageField::Leadgen), "webhooks of leads")?;

    stage.page.send(UnsubscribePage::new(page())).await?;
    let apps = stage.page.send(ListPageSubscriptions::new(page())).await?.items;
    expect(apps.is_empty(), "no app to be subscribed any more")
}

/// Publishes a text, and a link with a picture and a button.
async fn publish(stage: &Stage) -> Result<PostId, Box<dyn std::error::Error + Send + Sync>> {
    let germans = GeoLocations::new().countries(["DE".to_owned(), "AT".to_owned()]);
    let post = CreatePagePost::new(stage.page_id.clone())
        .message("Fresh bread from six in the morning")
        .feed_targeting(FeedTargeting::new().geo_locations(germans).age_min(18_u8));
    let post = stage.page.send(post).await?.id;

    let link = CreatePagePost::new(stage.page_id.clone())
        .link("https://example.com/menu")
        .thumbnail(MediaFile::new("menu.png", "image/png", PICTURE.to_vec()))
        .call_to_action(CallToAction::new(CallToActionType::LearnMore).link("https://example.com/menu"));
    stage.page.send(link).await?;

    // The address is a question of its own, so that a failure to read it is no failure to publish.
    let read = stage.page.send(GetPost::new(post.clone())).await?;
    expect(read.permalink_url.is_some() && read.is_published == Some(true), "a post with an address")?;
    Ok(post)
}

/// Every list of posts. `items` goes through all pages of a list.
async fn lists(stage: &Stage, post: &PostId) -> Outcome {
    let page = || stage.page_id.clone();
    let feed: Vec<_> = stage.page.items(ListFeed::new(page()).limit(1)).try_collect().await?;
    expect(feed.len() == 2 && feed.iter().any(|one| one.id == *post), "both posts in the feed")?;
    let posts: Vec<_> = stage.page.items(ListPosts::new(page()).limit(1)).try_collect().await?;
    expect(posts.iter().any(|one| one.id == *post), "the post among the Page's own")?;

    let an_hour_ago = SystemClock::new().now().saturating_sub(Duration::from_secs(3_600));
    let recent = stage.page.send(ListPublishedPosts::new(page()).since(an_hour_ago)).await?;
    expect(recent.items.len() == 2, "both posts to be published")?;

    let visitors = stage.page.send(ListVisitorPosts::new(page())).await?;
    let tagged = stage.page.send(ListTaggedPosts::new(page())).await?;
    expect(visitors.items.is_empty() && tagged.items.is_empty(), "nothing of visitors")
}

/// Changes a post, then deletes it.
async fn change_and_delete(stage: &Stage, post: &PostId) -> Outcome {
    let update = UpdatePost::new(post.clone()).message("Fresh bread from five").is_hidden(true);
    stage.page.send(update).await?;
    let read = stage.page.send(GetPost::new(post.clone())).await?;
    expect(read.message.as_deref() == Some("Fresh bread from five"), "the new text")?;
    expect(read.is_hidden == Some(true), "a hidden post")?;

    stage.page.send(DeletePost::new(post.clone())).await?;
    let gone = stage.page.send(GetPost::new(post.clone())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the post to be gone")
}

/// Posts that nobody sees: a draft that is published later, and one for an ad.
async fn drafts(stage: &Stage) -> Outcome {
    let unpublished = |text: &str, kind| {
        CreatePagePost::new(stage.page_id.clone())
            .message(text)
            .published(false)
            .unpublished_content_type(kind)
    };
    let draft = unpublished("Closed on Monday", UnpublishedContentType::Draft);
    let draft = stage.page.send(draft).await?.id;
    let for_ad = unpublished("Ten cakes for the price of nine", UnpublishedContentType::AdsPost);
    let for_ad = stage.page.send(for_ad).await?.id;

    let ads_posts = stage.page.send(ListAdsPosts::new(stage.page_id.clone())).await?.items;
    expect(ads_posts.iter().any(|post| post.id == for_ad), "the post for an ad in its list")?;

    stage.page.send(PublishPost::new(draft.clone())).await?;
    let read = stage.page.send(GetPost::new(draft)).await?;
    expect(read.is_published == Some(true), "the draft to be published")
}

/// A post for tomorrow, which is moved to the day after, and deleted.
async fn schedule(stage: &Stage) -> Outcome {
    let now = SystemClock::new().now();
    let (tomorrow, later) = (Duration::from_secs(86_400), Duration::from_secs(2 * 86_400));
    let post = CreatePagePost::new(stage.page_id.clone()).message("Tomorrow: plum cake");
    let post = post.scheduled_at(now.saturating_add(tomorrow));
    expect(post.check_at(now).is_empty(), "nothing to be wrong with the post")?;
    let post = stage.page.send(post).await?.id;

    let moved = now.saturating_add(later);
    stage.page.send(ReschedulePost::new(post.clone(), moved)).await?;
    let scheduled = stage.page.send(ListScheduledPosts::new(stage.page_id.clone())).await?.items;
    let scheduled = scheduled.into_iter().find(|one| one.id == post).ok_or("the post is not scheduled")?;
    let time = scheduled.scheduled_publish_time.map(Timestamp::as_unix_seconds);
    expect(time == Some(moved.as_unix_seconds()), "the post at its new time")?;

    stage.page.send(DeletePost::new(post)).await?;
    let scheduled = stage.page.send(ListScheduledPosts::new(stage.page_id.clone())).await?.items;
    expect(scheduled.is_empty(), "nothing to be scheduled any more")
}
