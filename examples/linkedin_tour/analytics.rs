//! Figures: of a page and its followers, of posts and videos, and of a member's own.

use std::collections::BTreeSet;

use bytes::Bytes;
use sociogram::{
    api_core::{Clock as _, Progress, SystemClock, Timestamp},
    linkedin_api::{
        ActorUrn, Date, DateRange, PostUrn, TimeRange, Urn,
        analytics::{
            FollowerFacet, GetBrandPageStatistics, GetFollowerGains, GetFollowerStatistics,
            GetMemberAnalytics, GetMemberFollowerCount, GetMemberFollowersByDay, GetMemberPostAnalytics,
            GetMemberVideoAnalytics, GetPageStatistics, GetShareStatistics, GetVideoAnalytics,
            MemberAggregation, MemberPostMetric, MemberVideoMetric, PageFacet, TimeGranularity,
            TimeIntervals, VideoAggregation, VideoMetric,
        },
        posts::{CreatePost, VideoContent},
        uploads::{UploadSource, UploadVideo, VideoFiles},
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// A brand of the organization.
const BRAND: &str = "urn:li:organizationBrand:5000011";
/// As much of a film as LinkedIn looks at, and enough of nothing to be long enough.
const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";
const FILM_BYTES: usize = 100_000;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    followers(stage).await?;
    page(stage).await?;
    let organization: ActorUrn = stage.organization.clone().into();
    let text = CreatePost::new(organization.clone(), "What do the figures say about rye?");
    let text = stage.member.send(text).await?.urn;
    let film = film(stage, organization, "The oven, counted").await?;
    posts(stage, &text, &film).await?;
    video(stage, film).await?;
    member(stage).await?;
    member_followers(stage).await
}

/// When a day began, in UTC.
fn midnight(days_ago: i64) -> Timestamp {
    let today = SystemClock::new().now().as_unix_seconds().div_euclid(86_400);
    Timestamp::from_unix_seconds((today - days_ago) * 86_400)
}

/// Who follows the organization, and how many began to in a week.
async fn followers(stage: &Stage) -> Outcome {
    let who = stage.member.send(GetFollowerStatistics::new(stage.organization.clone())).await?.items;
    let who = who.first().ok_or("nobody follows")?;
    let seniorities = who.by.get(&FollowerFacet::Seniority).ok_or("no seniorities")?;
    let counts = seniorities.first().and_then(|seniority| seniority.figures.as_ref());
    expect(counts.is_some_and(|counts| counts.organic_follower_count > Some(0)), "followers by seniority")?;

    let week = TimeIntervals::new(TimeGranularity::Day, midnight(10), midnight(3));
    let gains = GetFollowerGains::new(stage.organization.clone(), week);
    expect(gains.check_at(SystemClock::new().now()).is_empty(), "a week that LinkedIn has figures of")?;
    let days = stage.member.send(gains).await?.items;
    let first = days.first().and_then(|day| day.time_range).and_then(|range| range.start());
    expect(days.len() == 7 && first == Some(midnight(10)), "seven days")?;
    expect(days.iter().all(|day| day.organic_follower_gain.is_some()), "a figure for each")
}

/// Who looked at the page of the organization, and at that of its brand.
async fn page(stage: &Stage) -> Outcome {
    let ever = stage.member.send(GetPageStatistics::new(stage.organization.clone())).await?.items;
    let ever = ever.first().ok_or("nobody looked")?;
    let all = ever.totals.as_ref().and_then(|totals| totals.all_views()).ok_or("no views")?;
    expect(all.page_views > Some(0) && ever.by.contains_key(&PageFacet::GeoCountry), "views by country")?;

    let days = TimeIntervals::new(TimeGranularity::Day, midnight(5), midnight(2));
    let page = GetPageStatistics::new(stage.organization.clone()).intervals(days.clone());
    let page = stage.member.send(page).await?.items;
    expect(page.len() == 3 && page.iter().all(|day| day.by.is_empty()), "three days without facets")?;

    let brand: Urn = BRAND.parse()?;
    let brand = stage.member.send(GetBrandPageStatistics::new(brand.clone()).intervals(days)).await?.items;
    expect(brand.len() == 3 && brand.iter().all(|day| day.totals.is_some()), "three days of the brand")
}

/// Uploads a film and publishes it.
async fn film(stage: &Stage, author: ActorUrn, text: &str) -> Outcome<PostUrn> {
    let mut bytes = FILM.to_vec();
    bytes.resize(FILM_BYTES, 0);
    let files = VideoFiles::new(UploadSource::from_bytes(Bytes::from(bytes)));
    let mut upload = UploadVideo::new(author.clone(), &files);
    let film = loop {
        match upload.advance(&stage.member, &files).await? {
            Progress::Done(film) => break film.urn,
            Progress::Wait(pause) => control::pass(&stage.sandbox, pause).await?,
            Progress::Again => {}
        }
    };
    let post = CreatePost::new(author, text).content(VideoContent::new(film));
    Ok(stage.member.send(post).await?.urn)
}

/// What the organization's posts came to: all of them, month by month, and one by one.
async fn posts(stage: &Stage, text: &PostUrn, film: &PostUrn) -> Outcome {
    let all = stage.member.send(GetShareStatistics::new(stage.organization.clone())).await?.items;
    let all = all.first().ok_or("no figures of posts")?;
    expect(all.totals.impression_count > Some(0) && all.post().is_none(), "figures of all posts")?;

    let months = TimeIntervals::new(TimeGranularity::Month, midnight(90), midnight(0));
    let months = GetShareStatistics::new(stage.organization.clone()).intervals(months);
    expect(months.check_at(SystemClock::new().now()).is_empty(), "months that LinkedIn still knows")?;
    let months = stage.member.send(months).await?.items;
    expect(months.len() >= 3 && months.iter().all(|month| month.time_range.is_some()), "some months")?;

    // One is a share and the other a ugcPost; the request sorts them.
    let both = GetShareStatistics::new(stage.organization.clone()).posts([text.clone(), film.clone()]);
    let both = stage.member.send(both).await?.items;
    let named: BTreeSet<&PostUrn> = both.iter().filter_map(|one| one.post()).collect();
    expect(named == BTreeSet::from([text, film]), "figures of either post")
}

/// How long the organization's video was watched, in all and on each of some days.
async fn video(stage: &Stage, film: PostUrn) -> Outcome {
    let watched = GetVideoAnalytics::new(film.clone(), VideoMetric::TimeWatched);
    let watched = stage.member.send(watched).await?.items;
    let watched = watched.first().ok_or("no time watched")?;
    expect(watched.metric == Some(VideoMetric::TimeWatched) && watched.value.is_some(), "milliseconds")?;

    let views = GetVideoAnalytics::new(film, VideoMetric::View)
        .aggregation(VideoAggregation::Day)
        .time_range(TimeRange::new(midnight(5), midnight(2)));
    let views = stage.member.send(views).await?.items;
    expect(views.len() == 3 && views.iter().all(|day| day.time_range.is_some()), "three days of views")
}

/// What a member's own posts came to: all, one, and a film.
async fn member(stage: &Stage) -> Outcome {
    let author: ActorUrn = stage.member_urn.clone().into();
    let range = DateRange::new(Date::of(midnight(9)), Date::of(midnight(2)));
    let seen = GetMemberAnalytics::new(MemberPostMetric::MembersReached, MemberAggregation::Total);
    let seen = stage.member.send(seen).await?.items;
    let seen = seen.first().ok_or("nobody was reached")?;
    expect(seen.metric == Some(MemberPostMetric::MembersReached) && seen.count > Some(0), "members")?;

    let reactions = GetMemberAnalytics::new(MemberPostMetric::Reaction, MemberAggregation::Daily);
    let reactions = stage.member.send(reactions.date_range(range)).await?.items;
    let first = reactions.first().and_then(|day| day.date_range).map(|day| day.start());
    expect(first == Some(range.start()) && reactions.len() >= 7, "reactions day by day")?;

    let text = CreatePost::new(author.clone(), "What do the figures say about me?");
    let text = stage.member.send(text).await?.urn;
    let comments = MemberPostMetric::Comment;
    let comments = GetMemberPostAnalytics::new(text.clone(), comments, MemberAggregation::Total);
    let comments = stage.member.send(comments).await?.items;
    let post = comments.first().and_then(|figure| figure.target_entity.as_ref());
    expect(post == Some(text.as_urn()), "comments on the post")?;

    let film = film(stage, author, "My oven, counted").await?;
    let plays = GetMemberVideoAnalytics::new(film.clone(), MemberVideoMetric::Play);
    let all = stage.member.send(plays.clone()).await?.items;
    let all = all.first().ok_or("no plays")?;
    expect(all.metric == Some(MemberVideoMetric::Play), "plays")?;
    expect(all.target_entity.as_ref() == Some(film.as_urn()), "plays of the film")?;
    let days = plays.aggregation(MemberAggregation::Daily).date_range(range);
    let days = stage.member.send(days).await?.items;
    expect(days.iter().all(|day| day.date_range.is_some()) && days.len() >= 7, "plays day by day")
}

/// How many follow the member, and how many began to.
async fn member_followers(stage: &Stage) -> Outcome {
    let all = stage.member.send(GetMemberFollowerCount::new()).await?.items;
    let all = all.first().and_then(|followers| followers.member_followers_count);
    expect(all > Some(0), "followers")?;
    let week = DateRange::new(Date::of(midnight(9)), Date::of(midnight(2)));
    let days = stage.member.send(GetMemberFollowersByDay::new(week)).await?.items;
    expect(days.len() >= 7 && days.iter().all(|day| day.date_range.is_some()), "followers day by day")
}
