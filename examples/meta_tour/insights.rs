//! Figures: of the Page, its posts and videos, of Instagram and Threads, and of ads.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock},
    meta_graph::{
        AdAccountId, CampaignId, GraphHost, MediaId, Progress, VideoId,
        ads::AdsBreakdown,
        insights::{
            AdsInsightsQuery, AdsInsightsRow, DatePreset, GetInstagramInsights, GetMediaInsights,
            GetPageInsights, GetPostInsights, GetThreadsPostInsights, GetThreadsProfileInsights,
            GetVideoInsights, Insight, ListAdsInsights, MediaProduct, MetricBreakdown, MetricHealth,
            MetricType, Period, RefusalReason, ReportLevel, StartAdsInsights, TimeIncrement, Timeframe,
            read_insights, read_insights_with,
        },
        pages::CreatePagePost,
        report_run::ReportRun,
        threads::{CreateThread, GetThreadsUser},
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// A video of the Page.
const VIDEO: &str = "112030405060701";
/// A reel of the Page.
const REEL: &str = "112030405060702";
/// A picture of the Instagram account.
const PICTURE: &str = "17910000000000801";
/// A story of the Instagram account.
const STORY: &str = "17910000000000803";
/// The ad account of the business.
const AD_ACCOUNT: &str = "600700800901001";
/// A campaign that has run for months.
const CAMPAIGN: &str = "120210000000001";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    page(stage).await?;
    retired(stage).await?;
    misplaced(stage).await?;
    posts_and_videos(stage).await?;
    instagram_account(stage).await?;
    instagram_media(stage).await?;
    threads(stage).await?;
    ads(stage).await?;
    ads_report(stage).await
}

/// A figure a day, and split in two.
async fn page(stage: &Stage) -> Outcome {
    let now = SystemClock::new().now();
    let week = GetPageInsights::new(stage.page_id.clone(), ["page_media_view", "page_follows"])
        .period(Period::Day)
        .since(now.saturating_sub(Duration::from_secs(7 * 86_400)))
        .until(now);
    let figures = stage.page.send(week).await?;
    let views = figures.get("page_media_view").ok_or("no views of the Page")?;
    expect(views.values.len() == 7, "a figure for each of seven days")?;
    let split = GetPageInsights::new(stage.page_id.clone(), ["page_media_view"])
        .period(Period::Day)
        .date_preset(DatePreset::Yesterday)
        .breakdown(MetricBreakdown::IsFromAds);
    expect(!stage.page.send(split).await?.items.is_empty(), "the views split by ads")
}

/// Meta refuses a whole call for one metric that it no longer serves. The others are read all the same, and the culprit
/// is not asked for again.
async fn retired(stage: &Stage) -> Outcome {
    let metrics = ["page_media_view", "page_impressions", "page_follows"];
    let request = || GetPageInsights::new(stage.page_id.clone(), metrics);
    let refused = stage.page.send(request().period(Period::Day)).await;
    expect(refused.is_err(), "the whole call to be refused")?;
    let mut health = MetricHealth::new();
    let report = read_insights_with(&stage.page, request().period(Period::Day), &mut health).await?;
    expect(report.insights.items.len() == 2 && report.is_complete(), "the other metrics to be read")?;
    let [culprit] = report.refused.as_slice() else { return Err("expected one culprit".into()) };
    expect(culprit.metric.as_str() == "page_impressions", "the culprit to be found")?;
    let again = read_insights_with(&stage.page, request().period(Period::Day), &mut health).await?;
    let is_known = matches!(again.refused.first().map(|one| &one.reason), Some(RefusalReason::Earlier(_)));
    expect(is_known && again.calls == 1, "the culprit not to be asked for again")
}

/// Only stories have replies. Where the kind of medium is not told nothing warns of that, so the list is halved until the
/// culprit stands alone.
async fn misplaced(stage: &Stage) -> Outcome {
    let metrics = ["views", "reach", "replies", "saved", "shares"];
    let picture = GetMediaInsights::new(MediaId::new(PICTURE)?, metrics);
    let report = read_insights(&stage.page, picture).await?;
    let culprits: Vec<&str> = report.refused.iter().map(|one| one.metric.as_str()).collect();
    expect(
        culprits == ["replies"] && report.insights.items.len() == 4,
        "the list to be halved to the culprit",
    )
}

/// Since they exist.
async fn posts_and_videos(stage: &Stage) -> Outcome {
    let post = CreatePagePost::new(stage.page_id.clone()).message("How many will see this?");
    let post = stage.page.send(post).await?.id;
    let figures = GetPostInsights::new(post, ["post_media_view", "post_reactions_by_type_total"]);
    let figures = stage.page.send(figures.period(Period::Lifetime)).await?;
    let reactions = figures.get("post_reactions_by_type_total").and_then(|metric| metric.values.first());
    let by_type = reactions.and_then(|point| point.value.as_ref()?.as_map());
    expect(by_type.is_some_and(|map| map.contains_key("like")), "the reactions by their type")?;

    let video = GetVideoInsights::new(VideoId::new(VIDEO)?, ["total_video_views"]);
    expect(stage.page.send(video).await?.get("total_video_views").is_some(), "the views of the video")?;
    let reel = GetVideoInsights::reel(VideoId::new(REEL)?, ["blue_reels_play_count"]);
    expect(stage.page.send(reel).await?.items.len() == 1, "the plays of the reel")?;
    let all = GetVideoInsights::new(VideoId::new(VIDEO)?, Vec::<&str>::new());
    expect(stage.page.send(all).await?.items.len() > 1, "Meta's own selection")
}

/// Totals, series and demographics, for both logins.
async fn instagram_account(stage: &Stage) -> Outcome {
    let account = || stage.instagram_id.clone();
    let totals = GetInstagramInsights::new(account(), ["views", "reach"], Period::Day)
        .metric_type(MetricType::TotalValue)
        .breakdown(MetricBreakdown::MediaProductType);
    for client in [&stage.page, &stage.instagram] {
        let figures = client.send(totals.clone()).await?;
        let views = figures.get("views").ok_or("no views of the account")?;
        expect(views.number().is_some(), "the total of the views")?;
        let split = views.total_value.as_ref().is_some_and(|total| total.breakdowns.len() == 1);
        expect(split, "the views split by the kind of medium")?;
    }
    let people = GetInstagramInsights::new(account(), ["follower_demographics"], Period::Lifetime)
        .metric_type(MetricType::TotalValue)
        .breakdown(MetricBreakdown::Country)
        .timeframe(Timeframe::ThisMonth);
    expect(stage.page.send(people).await?.items.len() == 1, "the followers by country")?;
    let series = GetInstagramInsights::new(account(), ["reach"], Period::Day);
    let reach = stage.page.send(series.metric_type(MetricType::TimeSeries)).await?;
    let days = reach.get("reach").map_or(0, |reach| reach.values.len());
    expect(days == 2, "a figure for each of the last two days")
}

/// Everything there is about a picture, and about a story.
async fn instagram_media(stage: &Stage) -> Outcome {
    let picture = GetMediaInsights::of(MediaId::new(PICTURE)?, MediaProduct::Feed, GraphHost::Facebook);
    let figures = stage.page.send(picture).await?;
    expect(figures.get("saved").is_some(), "how often the picture was saved")?;
    let story = GetMediaInsights::of(MediaId::new(STORY)?, MediaProduct::Story, GraphHost::Instagram);
    let report = read_insights(&stage.instagram, story).await?;
    expect(report.insights.get("replies").is_some(), "the replies to the story")?;
    let steps = GetMediaInsights::new(MediaId::new(STORY)?, ["navigation"])
        .product(MediaProduct::Story)
        .breakdown(MetricBreakdown::StoryNavigationActionType);
    expect(stage.instagram.send(steps).await?.items.len() == 1, "how people left the story")
}

/// Of a post and of the profile.
async fn threads(stage: &Stage) -> Outcome {
    let me = stage.threads.send(GetThreadsUser::new()).await?.id;
    let post = CreateThread::text_post(me.clone(), "Who sees this?").at_once();
    let post = stage.threads.send(post).await?.id;
    let figures = GetThreadsPostInsights::new(post, ["views", "likes"]);
    expect(stage.threads.send(figures).await?.items.len() == 2, "views and likes of the post")?;
    let now = SystemClock::new().now();
    let profile = GetThreadsProfileInsights::new(me.clone(), ["views", "followers_count"])
        .since(now.saturating_sub(Duration::from_secs(3 * 86_400)))
        .until(now);
    let figures = stage.threads.send(profile).await?;
    expect(figures.get("followers_count").and_then(Insight::number).is_some(), "the followers")?;
    let people = GetThreadsProfileInsights::new(me, ["follower_demographics"]);
    let people = stage.threads.send(people.breakdown(MetricBreakdown::Country)).await?;
    expect(people.items.len() == 1, "the followers by country")
}

/// At once, for small questions.
async fn ads(stage: &Stage) -> Outcome {
    let query = AdsInsightsQuery::new(AdAccountId::of(AD_ACCOUNT)?)
        .fields(["campaign_name", "impressions", "spend", "actions"])
        .level(ReportLevel::Campaign)
        .period(DatePreset::Last7d)
        .time_increment(TimeIncrement::Days(1));
    let rows: Vec<_> = stage.user.items(ListAdsInsights::new(query).limit(3)).try_collect().await?;
    expect(rows.len() == 7, "a row for each day, over three pages")?;
    let row = rows.first().ok_or("there is no row")?;
    expect(row.impressions.is_some() && row.action("link_click").is_some(), "impressions and clicks")?;
    let query = AdsInsightsQuery::new(CampaignId::new(CAMPAIGN)?)
        .fields(["spend"])
        .breakdowns([AdsBreakdown::Age, AdsBreakdown::Gender]);
    let rows: Vec<_> = stage.user.items(ListAdsInsights::new(query)).try_collect().await?;
    expect(rows.iter().all(|row| row.text("age").is_some()), "an age on every row")
}

/// In the background, for large ones. [`ReportRun::run`] does the same and waits in real time.
async fn ads_report(stage: &Stage) -> Outcome {
    let query = AdsInsightsQuery::new(AdAccountId::of(AD_ACCOUNT)?)
        .fields(["ad_name", "impressions", "spend"])
        .level(ReportLevel::Ad)
        .period(DatePreset::Last30d)
        .time_increment(TimeIncrement::Days(1));
    let mut run = ReportRun::start(&stage.user, StartAdsInsights::new(query)).await?;
    let too_early: Result<Vec<AdsInsightsRow>, _> = stage.user.items(run.rows()).try_collect().await;
    expect(too_early.is_err(), "the rows to be refused before the end")?;
    while let Progress::Wait(pause) = run.advance(&stage.user).await? {
        control::pass(&stage.sandbox, pause).await?;
    }
    let rows: Vec<AdsInsightsRow> = stage.user.items(run.rows().limit(20)).try_collect().await?;
    expect(rows.len() == 30, "a row for each day, over two pages")
}
