//! Webhooks: where the app gets them, and which ones a Page sends.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    apps::{DeleteAppSubscription, ListAppSubscriptions, SubscribeApp, WebhookObject},
    pages::{ListPageSubscriptions, PageField, SubscribePage, UnsubscribePage},
};

use crate::{Outcome, expect, stage::Stage};

/// Where the app would get its webhooks.
const CALLBACK: &str = "https://hooks.example.com/meta";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    of_the_app(stage).await?;
    of_a_page(stage).await
}

async fn of_the_app(stage: &Stage) -> Outcome {
    let app = &stage.app_id;
    let verify_token = stage.sandbox.config().meta.verify_token.as_str();
    let wanted =
        [(WebhookObject::Page, ["feed", "leadgen"]), (WebhookObject::Instagram, ["comments", "mentions"])];
    for (object, fields) in wanted {
        let subscribe = SubscribeApp::new(app.clone(), object, CALLBACK, verify_token, fields);
        stage.app.send(subscribe.include_values(true)).await?;
    }
    // One item to a page, so that there is a second page.
    let all: Vec<_> = stage.app.items(ListAppSubscriptions::new(app.clone()).limit(1)).try_collect().await?;
    let page =
        all.iter().find(|one| one.object == WebhookObject::Page).ok_or("Pages are not subscribed to")?;
    expect(
        page.callback_url.as_deref() == Some(CALLBACK) && page.active == Some(true),
        "an active callback",
    )?;
    expect(all.len() == 2 && page.fields.len() == 2, "two kinds of object with two fields")?;

    let one = DeleteAppSubscription::new(app.clone(), WebhookObject::Page).fields_ended(["leadgen"]);
    stage.app.send(one).await?;
    stage.app.send(DeleteAppSubscription::new(app.clone(), WebhookObject::Instagram)).await?;
    let rest = stage.app.send(ListAppSubscriptions::new(app.clone())).await?.items;
    let fields: Vec<_> = rest.iter().flat_map(|one| &one.fields).map(|field| field.name.as_str()).collect();
    expect(fields == ["feed"], "webhooks about the feed of Pages only")?;
    stage.app.send(DeleteAppSubscription::new(app.clone(), WebhookObject::Page)).await?;
    let none = stage.app.send(ListAppSubscriptions::new(app.clone())).await?.items;
    expect(none.is_empty(), "no webhooks any more")
}

async fn of_a_page(stage: &Stage) -> Outcome {
    let page = &stage.page_id;
    let fields = [PageField::Feed, PageField::Leadgen, PageField::Messages];
    stage.page.send(SubscribePage::new(page.clone(), fields)).await?;
    let apps = stage.page.send(ListPageSubscriptions::new(page.clone())).await?.items;
    let ours = apps.iter().find(|app| app.id == stage.app_id).ok_or("the app gets nothing of the Page")?;
    expect(ours.subscribed_fields.len() == 3, "the three fields")?;

    stage.page.send(UnsubscribePage::new(page.clone())).await?;
    let apps = stage.page.send(ListPageSubscriptions::new(page.clone())).await?.items;
    expect(apps.is_empty(), "no app that gets webhooks of the Page")
}
