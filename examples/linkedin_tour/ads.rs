//! Ads: accounts and who may use them, campaign groups, campaigns and creatives, and their figures.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use serde_json::json;
use sociogram::{
    api_core::{Clock as _, Progress, SystemClock},
    linkedin_api::{
        AdAccountUrn, CampaignGroupUrn, CampaignUrn, CreativeUrn, Date, DateRange, ErrorKind, Money,
        ads::{
            AdAccountId, AdAccountRole, AdAccountSearch, AdAccountStatus, AdAnalytics, AdAnalyticsReport,
            AdAnalyticsRow, AdGranularity, AdMetric, AdPivot, CampaignGroupSearch, CampaignSearch,
            CampaignStatus, CampaignType, CostType, CreateCampaign, CreateCampaignGroup, CreateCreative,
            CreateTestAdAccount, CreativeStatus, GetAdAccount, GetAdAccountUser, GetAdAnalytics, GetCampaign,
            GetCampaignGroup, GetCreative, ListAdAccountUsers, ListAdAccounts, ListCampaignGroups,
            ListCampaigns, ListCreatives, ListMyAdAccounts, RunSchedule, UpdateCampaign, UpdateCampaignGroup,
            UpdateCreative,
        },
        posts::CreatePost,
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// The ad account that the member manages, and one that the member may only look at.
const ACCOUNT: &str = "506070801";
const VIEWED: &str = "506070802";
/// Campaigns of the managed one; nobody ever saw an ad of the last.
const CAMPAIGNS: [&str; 3] = ["607080901", "607080902", "607080903"];
/// More than LinkedIn gives in one call.
const METRICS: [AdMetric; 22] = [
    AdMetric::Impressions,
    AdMetric::Clicks,
    AdMetric::CostInLocalCurrency,
    AdMetric::CostInUsd,
    AdMetric::Likes,
    AdMetric::Reactions,
    AdMetric::Comments,
    AdMetric::CommentLikes,
    AdMetric::Shares,
    AdMetric::Follows,
    AdMetric::TotalEngagements,
    AdMetric::OtherEngagements,
    AdMetric::LandingPageClicks,
    AdMetric::CompanyPageClicks,
    AdMetric::TextUrlClicks,
    AdMetric::ActionClicks,
    AdMetric::AdUnitClicks,
    AdMetric::Opens,
    AdMetric::Sends,
    AdMetric::VideoViews,
    AdMetric::VideoStarts,
    AdMetric::OneClickLeads,
];

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let test = accounts(stage).await?;
    users(stage, &test).await?;
    let group = groups(stage, &test).await?;
    let campaign = campaigns(stage, &test, group).await?;
    creatives(stage, &test, &campaign).await?;
    not_permitted(stage).await?;
    figures(stage).await?;
    report(stage).await
}

/// The accounts of the member, and one more for tests.
async fn accounts(stage: &Stage) -> Outcome<AdAccountId> {
    let active = AdAccountSearch::new().statuses([AdAccountStatus::Active]).test(false);
    // Page by page, one account on each.
    let accounts: Vec<_> =
        stage.member.items(ListAdAccounts::new().search(active).count(1)).try_collect().await?;
    let ids: Vec<_> = accounts.iter().filter_map(|account| account.id.as_ref()).collect();
    expect(ids.iter().map(|id| id.as_str()).eq([ACCOUNT, VIEWED]), "both accounts")?;

    let test = CreateTestAdAccount::new("Tour", "EUR").reference(stage.organization.clone());
    let test = stage.member.send(test).await?;
    let account = stage.member.send(GetAdAccount::new(test.clone())).await?;
    expect(account.test == Some(true) && account.currency.as_deref() == Some("EUR"), "a test account")?;
    expect(account.reference.as_ref() == Some(stage.organization.as_urn()), "its advertiser")?;

    let tests = ListAdAccounts::new().search(AdAccountSearch::new().test(true));
    let tests: Vec<_> = stage.member.items(tests).try_collect().await?;
    expect(tests.iter().any(|account| account.id.as_ref() == Some(&test)), "the account among the tests")?;
    let another = stage.member.send(CreateTestAdAccount::new("One more", "EUR")).await;
    expect(another.is_err_and(|error| error.kind() == ErrorKind::Rejected), "one test account for each app")?;
    Ok(test)
}

/// Who may do what.
async fn users(stage: &Stage, test: &AdAccountId) -> Outcome {
    let mine: Vec<_> = stage.member.items(ListMyAdAccounts::new().count(2)).try_collect().await?;
    expect(mine.len() == 3, "three accounts, over two pages")?;
    let viewed = AdAccountUrn::from_id(VIEWED)?;
    let role = mine.iter().find(|one| one.account.as_ref() == Some(&viewed)).and_then(|one| one.role.clone());
    expect(role == Some(AdAccountRole::Viewer), "a role that only looks")?;

    let users: Vec<_> = stage.member.items(ListAdAccountUsers::new(test.urn().clone())).try_collect().await?;
    expect(users.iter().any(|one| one.user.as_ref() == Some(&stage.member_urn)), "the member")?;
    let key = (test.urn().clone(), stage.member_urn.clone());
    let user = stage.member.send(GetAdAccountUser::new(key)).await?;
    expect(user.role == Some(AdAccountRole::AccountManager), "the role of whoever made the account")
}

/// Two groups, one of which is changed. Nothing runs unless it is told to.
async fn groups(stage: &Stage, test: &AdAccountId) -> Outcome<CampaignGroupUrn> {
    let start = SystemClock::new().now().saturating_add(Duration::from_secs(86_400));
    let spring = CreateCampaignGroup::new(test.clone(), "Spring")
        .total_budget(Money::new("900.00", "EUR")?)
        .run_schedule(RunSchedule::since(start));
    let spring = stage.member.send(spring).await?;
    // Nothing creates the other one a second time by itself: with the answer lost, look first.
    control::lose_answer(&stage.sandbox, "/adCampaignGroups").await?;
    let summer = stage.member.send(CreateCampaignGroup::new(test.clone(), "Summer")).await;
    expect(summer.is_err_and(|error| error.kind() == ErrorKind::InDoubt), "an outcome in doubt")?;
    let summer = CampaignGroupSearch::new().names(["Summer"]);
    let summer: Vec<_> =
        stage.member.items(ListCampaignGroups::new(test.clone()).search(summer)).try_collect().await?;
    expect(summer.len() == 1, "the group to be there all the same")?;

    let change = UpdateCampaignGroup::new(test.clone(), spring.clone()).name("Early spring");
    stage.member.send(change.remove("totalBudget")).await?;
    let group = stage.member.send(GetCampaignGroup::new(test.clone(), spring.clone())).await?;
    expect(group.name.as_deref() == Some("Early spring") && group.total_budget.is_none(), "the changes")?;
    expect(group.run_schedule.and_then(|schedule| schedule.start) == Some(start), "its start")?;

    let drafts = CampaignGroupSearch::new().statuses([CampaignStatus::Draft]);
    let drafts = ListCampaignGroups::new(test.clone()).search(drafts).count(1);
    let drafts: Vec<_> = stage.member.items(drafts).try_collect().await?;
    expect(drafts.len() == 2, "both groups, on two pages")?;
    Ok(spring.into())
}

/// Two campaigns, one of which is changed.
async fn campaigns(stage: &Stage, test: &AdAccountId, group: CampaignGroupUrn) -> Outcome<CampaignUrn> {
    let campaign = |name: &str| {
        CreateCampaign::new(test.clone(), group.clone(), name, CampaignType::SponsoredUpdates)
            .associated_entity(stage.organization.clone())
            .objective("WEBSITE_VISIT")
            .cost_type(CostType::Cpm)
            .set("locale", json!({"country": "DE", "language": "de"}))
    };
    let rolls = campaign("Rolls").daily_budget(Money::new("25.00", "EUR")?);
    let rolls = stage.member.send(rolls.unit_cost(Money::new("4.50", "EUR")?)).await?;
    stage.member.send(campaign("Cake").total_budget(Money::new("300", "EUR")?)).await?;

    let change = UpdateCampaign::new(test.clone(), rolls.clone()).status(CampaignStatus::Paused);
    // To set the same twice does no harm: after a lost answer the client repeats the change.
    control::lose_answer(&stage.sandbox, "/adCampaigns").await?;
    stage.member.send(change.daily_budget(Money::new("30.00", "EUR")?)).await?;
    let read = stage.member.send(GetCampaign::new(test.clone(), rolls.clone())).await?;
    expect(read.status == Some(CampaignStatus::Paused), "a paused campaign")?;
    expect(read.daily_budget.is_some_and(|budget| budget.amount() == "30.00"), "the new budget")?;
    expect(read.campaign_group.as_ref() == Some(&group), "its group")?;

    let all = ListCampaigns::new(test.clone()).search(CampaignSearch::new().groups([group]));
    let all: Vec<_> = stage.member.items(all.count(1)).try_collect().await?;
    expect(all.len() == 2, "both campaigns, on two pages")?;
    let paused = CampaignSearch::new().statuses([CampaignStatus::Paused]).names(["Rolls"]);
    let paused: Vec<_> =
        stage.member.items(ListCampaigns::new(test.clone()).search(paused)).try_collect().await?;
    expect(paused.iter().map(|one| one.id.as_ref()).eq([Some(&rolls)]), "the paused one")?;
    Ok(rolls.into())
}

/// An ad that shows a post of the organization.
async fn creatives(stage: &Stage, test: &AdAccountId, campaign: &CampaignUrn) -> Outcome {
    let post = CreatePost::new(stage.organization.clone(), "Rolls, worth an ad");
    let post = stage.member.send(post).await?.urn;
    let creative = CreateCreative::new(test.clone(), campaign.clone(), post.clone()).name("Rolls");
    let creative: CreativeUrn = stage.member.send(creative).await?;

    let change = UpdateCreative::new(test.clone(), creative.clone()).name("Warm rolls");
    stage.member.send(change.intended_status(CreativeStatus::Active)).await?;
    let read = stage.member.send(GetCreative::new(test.clone(), creative.clone())).await?;
    expect(read.name.as_deref() == Some("Warm rolls"), "the new name")?;
    expect(read.intended_status == Some(CreativeStatus::Active), "an active ad")?;
    expect(read.reference().as_ref() == Some(post.as_urn()), "the post it shows")?;

    let found = ListCreatives::new(test.clone())
        .campaigns([campaign.clone()])
        .content_references([post])
        .intended_statuses([CreativeStatus::Active]);
    let found: Vec<_> = stage.member.items(found).try_collect().await?;
    expect(found.iter().map(|one| one.id.as_ref()).eq([Some(&creative)]), "the ad of the post")?;

    // The managed account has three, on three pages.
    let all = ListCreatives::new(AdAccountUrn::from_id(ACCOUNT)?).count(1);
    let all: Vec<_> = stage.member.items(all).try_collect().await?;
    expect(all.len() == 3, "three ads")
}

/// A viewer changes nothing.
async fn not_permitted(stage: &Stage) -> Outcome {
    let group = CreateCampaignGroup::new(AdAccountUrn::from_id(VIEWED)?, "Not mine");
    let refused = stage.member.send(group).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "the role to be too weak")
}

/// The days that figures are asked for: about four months, up to last week.
fn months() -> DateRange {
    let now = SystemClock::new().now();
    let day = |days_ago: u64| Date::of(now.saturating_sub(Duration::from_secs(days_ago * 86_400)));
    DateRange::new(day(119), day(7))
}

/// Figures in one call, by one pivot or by two.
async fn figures(stage: &Stage) -> Outcome {
    let account = AdAccountUrn::from_id(ACCOUNT)?;
    let months = GetAdAnalytics::new(AdPivot::Account, months(), AdGranularity::Monthly);
    let months = stage.member.send(months.accounts([account.clone()])).await?.items;
    expect(months.len() >= 4 && months.iter().all(|row| row.date_range.is_some()), "a row for each month")?;

    let pivots = [AdPivot::Campaign, AdPivot::Creative];
    let both = GetAdAnalytics::statistics(pivots, self::months(), AdGranularity::All);
    let both = both.accounts([account]).metrics([AdMetric::CostInUsd]);
    let both = stage.member.send(both).await?.items;
    expect(both.len() == 3 && both.iter().all(|row| row.pivot_urns().count() == 2), "campaign and ad")?;
    expect(both.iter().all(|row| row.decimal(&AdMetric::CostInUsd).is_some()), "what each cost")
}

/// Figures that are too many for one call: the report is stored after every step, and each step begins with what was
/// stored.
async fn report(stage: &Stage) -> Outcome {
    let campaigns = CAMPAIGNS.map(CampaignUrn::from_id).into_iter().collect::<Result<Vec<_>, _>>()?;
    let request = GetAdAnalytics::new(AdPivot::Campaign, months(), AdGranularity::Daily)
        .campaigns(campaigns.clone())
        .metrics(METRICS);
    let mut stored = serde_json::to_string(&AdAnalyticsReport::new(request))?;
    let figures: AdAnalytics = loop {
        let mut report: AdAnalyticsReport = serde_json::from_str(&stored)?;
        let progress = report.advance(&stage.member).await?;
        stored = serde_json::to_string(&report)?;
        if let Progress::Done(figures) = progress {
            break figures;
        }
    };
    // Each month is asked for twice: 22 metrics are more than 18.
    expect(figures.calls >= 8 && figures.calls.is_multiple_of(2), "two calls for each month")?;
    expect(figures.rows.len() == 2 * 113, "a row for each of 113 days and two campaigns")?;
    let is_whole = |row: &AdAnalyticsRow| row.metrics.len() == METRICS.len();
    expect(figures.rows.iter().all(is_whole) && figures.unmerged.is_empty(), "all metrics in every row")?;
    expect(
        figures.silent.iter().eq(campaigns.iter().skip(2).map(CampaignUrn::as_urn)),
        "one without figures",
    )?;

    let whole = GetAdAnalytics::new(AdPivot::Campaign, months(), AdGranularity::All).campaigns(campaigns);
    let whole = stage.member.send(whole).await?.items;
    let whole: Option<i64> = whole.iter().map(|row| row.count(&AdMetric::Clicks)).sum();
    let days: Option<i64> = figures.rows.iter().map(|row| row.count(&AdMetric::Clicks)).sum();
    expect(whole.is_some() && whole == days, "as many clicks in all as on all days")
}
