use std::sync::Arc;
use std::time::Duration;

use sociogram_api_core::testing::ManualClock;

use super::super::{ImageContent, TargetLocale, Targeting};
use super::*;
use crate::urn::{ImageUrn, OrganizationUrn, PostUrn};

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn person(id: &str) -> PersonUrn {
    PersonUrn::from_id(id).unwrap()
}

fn image() -> ImageUrn {
    ImageUrn::from_id("1").unwrap()
}

fn by_page() -> CreatePost {
    CreatePost::new(page(), "text")
}

fn by_person() -> CreatePost {
    CreatePost::new(person("a"), "text")
}

fn acl(page: &str, role: &str, state: &str) -> OrganizationAcl {
    serde_json::from_value(serde_json::json!({"organization": page, "role": role, "state": state})).unwrap()
}

fn at(text: &str) -> Timestamp {
    serde_json::from_value(text.into()).unwrap()
}

fn broken(post: &CreatePost, context: &PostContext) -> Vec<&'static str> {
    post.check_with(context).iter().map(Finding::rule).collect()
}

#[test]
fn without_facts_nothing_is_judged() {
    assert_eq!(broken(&by_page(), &PostContext::new()), Vec::<&str>::new());
    let wrong = CreatePost::new(page(), " ");
    assert_eq!(broken(&wrong, &PostContext::new()), ["linkedin.post.empty"], "the post's own checks stay");
}

#[test]
fn the_token_fits_the_author() {
    let scopes = |list: &str| PostContext::new().scopes(ScopeSet::parse(list));
    for (post, context, expected) in [
        (by_person(), scopes("w_member_social"), vec![]),
        (by_person(), scopes("w_organization_social"), vec!["linkedin.author.scope"]),
        (by_page(), scopes("w_organization_social"), vec![]),
        (by_page(), scopes("w_member_social openid"), vec!["linkedin.author.scope"]),
        (by_person(), PostContext::new().member(person("a")), vec![]),
        (by_person(), PostContext::new().member(person("b")), vec!["linkedin.author.member"]),
        (by_page(), PostContext::new().member(person("b")), vec![]),
    ] {
        assert_eq!(broken(&post, &context), expected);
    }
}

#[test]
fn a_role_on_the_page_is_needed() {
    for (roles, fits) in [
        (vec![], false),
        (vec![acl("urn:li:organization:5", "ADMINISTRATOR", "APPROVED")], true),
        (vec![acl("urn:li:organization:5", "CONTENT_ADMIN", "APPROVED")], true),
        (vec![acl("urn:li:organization:5", "DIRECT_SPONSORED_CONTENT_POSTER", "APPROVED")], true),
        (vec![acl("urn:li:organization:5", "ANALYST", "APPROVED")], false),
        (vec![acl("urn:li:organization:5", "ADMINISTRATOR", "REQUESTED")], false),
        (vec![acl("urn:li:organization:6", "ADMINISTRATOR", "APPROVED")], false),
    ] {
        let context = PostContext::new().roles(roles.clone());
        assert_eq!(broken(&by_page(), &context).is_empty(), fits, "{roles:?}");
        assert!(broken(&by_person(), &context).is_empty());
    }
}

#[test]
fn a_file_belongs_to_the_author_and_is_ready() {
    let post = by_page().content(ImageContent::new(image()));
    let asset = || AssetFacts::new(image());
    for (asset, expected) in [
        (asset(), vec![]),
        (asset().owner(page()).status(AssetStatus::Available), vec![]),
        (asset().owner(person("a")), vec!["linkedin.asset.owner"]),
        (asset().status(AssetStatus::WaitingUpload), vec!["linkedin.asset.not_uploaded"]),
        (asset().status(AssetStatus::Processing), vec!["linkedin.asset.processing"]),
        (asset().status(AssetStatus::ProcessingFailed), vec!["linkedin.asset.failed"]),
        (asset().status("BRAND_NEW".into()), vec!["linkedin.asset.status_unknown"]),
        (asset().unreadable(), vec!["linkedin.asset.status_unknown"]),
        (AssetFacts::new(ImageUrn::from_id("2").unwrap()).owner(person("a")), vec![]),
    ] {
        assert_eq!(broken(&post, &PostContext::new().asset(asset.clone())), expected, "{asset:?}");
    }
}

#[cfg(feature = "media")]
#[test]
fn a_file_is_judged_by_what_it_is_used_for() {
    use super::super::VideoContent;
    use crate::urn::VideoUrn;
    use sociogram_api_core::media::{MediaFacts, MediaKind};

    let webp = AssetFacts::new(image()).file(MediaFacts::new(MediaKind::WebP));
    let post = by_page().content(ImageContent::new(image()));
    assert_eq!(broken(&post, &PostContext::new().asset(webp)), ["linkedin.image.format"]);

    let video = VideoUrn::from_id("v").unwrap();
    let mut facts = MediaFacts::new(MediaKind::Mp4);
    facts.bytes = Some(1_000_000_000);
    let context = PostContext::new().asset(AssetFacts::new(video.clone()).file(facts));
    let post = by_page().content(VideoContent::new(video));
    assert_eq!(broken(&post, &context), ["linkedin.video.large"]);
    assert!(broken(&post, &context.most_video_bytes(rules::VIDEO_LARGEST_BYTES)).is_empty());
}

#[test]
fn a_closed_post_is_not_shared() {
    let closed = Post { is_reshare_disabled_by_author: Some(true), ..Post::default() };
    let context = PostContext::new().parent(closed);
    let reshare = by_page().reshare_of(PostUrn::parse("urn:li:share:1").unwrap());
    assert_eq!(broken(&reshare, &context), ["linkedin.post.parent_reshare"]);
    assert!(broken(&by_page(), &context).is_empty());
    assert!(broken(&reshare, &PostContext::new().parent(Post::default())).is_empty());
}

#[test]
fn an_audience_has_more_than_300_people() {
    let targeted = by_page().target(Targeting::new().interface_locale(TargetLocale::new("de", "DE")));
    let audience = |people| PostContext::new().audience(people);
    assert_eq!(broken(&targeted, &audience(300)), ["linkedin.post.audience"]);
    assert!(broken(&targeted, &audience(301)).is_empty());
    assert!(broken(&by_page(), &audience(1)).is_empty(), "nobody is left out");
}

#[test]
fn a_text_of_minutes_ago_is_warned_about() {
    let recent = RecentPosts::new(Arc::new(ManualClock::default()));
    recent.note(&by_page());
    let context = PostContext::new().recent(recent);
    assert_eq!(broken(&by_page(), &context), ["linkedin.post.duplicate"]);
    assert!(broken(&by_person(), &context).is_empty());
}

#[test]
fn a_used_up_day_is_warned_about() {
    let usage = |calls, limit| DailyUsage {
        since: at("2026-11-20T00:00:00Z"),
        resets_in: Duration::from_secs(60),
        app: Used { calls, limit },
        endpoints: Vec::new(),
        members: Vec::new(),
    };
    for (calls, limit, expected) in
        [(99, Some(100), vec![]), (100, Some(100), vec!["linkedin.budget.app"]), (100, None, vec![])]
    {
        let context = PostContext::new().usage(&usage(calls, limit), "ada");
        assert_eq!(broken(&by_page(), &context), expected);
    }
}

#[test]
fn time_ends_versions_and_tokens() {
    let now = at("2026-11-20T12:00:00Z");
    let context = || PostContext::new().now(now);
    let version = |text: &str| context().version(text.parse().unwrap());
    let after = |seconds| now.saturating_add(Duration::from_secs(seconds));
    for (context, expected) in [
        (version("202512"), vec![]),
        (version("202511"), vec!["linkedin.version.age"]),
        (version("202510"), vec!["linkedin.version.dead"]),
        (context().token_expires_at(after(601)), vec![]),
        (context().token_expires_at(after(600)), vec!["linkedin.token.ending"]),
        (context().token_expires_at(at("2020-01-01T00:00:00Z")), vec!["linkedin.token.ending"]),
        (context().refresh_token_expires_at(after(14 * 86_400 + 1)), vec![]),
        (context().refresh_token_expires_at(after(14 * 86_400)), vec!["linkedin.token.refresh_ending"]),
        (PostContext::new().token_expires_at(now), vec![]),
    ] {
        assert_eq!(broken(&by_page(), &context), expected, "{context:?}");
    }
}
