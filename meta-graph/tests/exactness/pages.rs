//! Pages: posts and their lists, settings, webhooks (Page Feed, Page Post, Page Settings, Page Subscribed Apps).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::pages::{
    AttachedMedia, BackdatedGranularity, BlockUsers, CallToAction, CallToActionType, ChildAttachment,
    CreatePagePost, DeletePost, FeedTargeting, GeoLocations, GetPage, GetPost, GetPostCounts, ListAdsPosts,
    ListBlocked, ListFeed, ListPageSettings, ListPageSubscriptions, ListPosts, ListPublishedPosts,
    ListScheduledPosts, ListTaggedPosts, ListVisitorPosts, ModerateConversations, ModerationAction,
    PageField, PageOptions, PostFilter, PostStatusType, PublishPost, ReschedulePost, SubscribePage,
    Targeting, TimelineVisibility, UnblockUser, UnpublishedContentType, UnsubscribePage, UpdatePageSettings,
    UpdatePost,
};
use sociogram_meta_graph::{PageId, PhotoId, PostId, ScopedUserId, UserId};

use crate::table::Table;

/// Text as it stands in a query or form.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

const POST: &str = "id,message,story,created_time,updated_time,permalink_url,full_picture,status_type,is_published,\
    is_hidden,is_expired,scheduled_publish_time,parent_id,promotable_id,can_reply_privately,from{id,name},shares,\
    attachments{media_type,type,title,description,url,unshimmed_url,media,target,\
    subattachments{media_type,type,title,description,url,media,target}}";

fn post() -> PostId {
    PostId::new("42_7").unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

#[tokio::test]
async fn posts_are_made() {
    let table = Table::new().await;
    let answer = || json!({"id": "42_7"});
    table
        .row(
            CreatePagePost::new(42).message("Grüße & mehr").link("https://example.com/a?b=c"),
            "POST /v26.0/42/feed\nform message=Gr%C3%BC%C3%9Fe%20%26%20mehr&link=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc",
            answer(),
            |made| assert_eq!(made.id, post()),
        )
        .await;
    table
        .row(
            CreatePagePost::new(42)
                .attached_media([AttachedMedia::from(PhotoId::from(1)), AttachedMedia::from(PhotoId::from(2))])
                .unpublished_content_type(UnpublishedContentType::Scheduled)
                .scheduled_at(at(1_800_000_000)),
            &format!(
                "POST /v26.0/42/feed\nform attached_media={}&unpublished_content_type=SCHEDULED&published=false\
                 &scheduled_publish_time=1800000000",
                encoded(r#"[{"media_fbid":"1"},{"media_fbid":"2"}]"#)
            ),
            answer(),
            |made| assert_eq!(made.id, post()),
        )
        .await;
    let places = GeoLocations::new().countries(["DE".to_owned()]);
    table
        .row(
            CreatePagePost::new(42)
                .message("Hi")
                .child_attachments([ChildAttachment::new().link("https://example.com").name("A")])
                .multi_share_optimized(false)
                .multi_share_end_card(false)
                .call_to_action(CallToAction::new(CallToActionType::LearnMore).link("https://example.com"))
                .place(PageId::from(5))
                .tags([UserId::from(6)])
                .targeting(Targeting::new().geo_locations(places).age_min(18))
                .feed_targeting(FeedTargeting::new().genders([1]))
                .backdated_time(at(1_500_000_000))
                .backdated_time_granularity(BackdatedGranularity::Month),
            &format!(
                "POST /v26.0/42/feed\nform message=Hi&child_attachments={}&multi_share_optimized=false\
                 &multi_share_end_card=false&call_to_action={}&place=5&tags={}&targeting={}&feed_targeting={}\
                 &backdated_time=1500000000&backdated_time_granularity=month",
                encoded(r#"[{"link":"https://example.com","name":"A"}]"#),
                encoded(r#"{"type":"LEARN_MORE","value":{"link":"https://example.com"}}"#),
                encoded(r#"["6"]"#),
                encoded(r#"{"age_min":18,"geo_locations":{"countries":["DE"]}}"#),
                encoded(r#"{"genders":[1]}"#),
            ),
            answer(),
            |made| assert_eq!(made.id, post()),
        )
        .await;
    table
        .row(
            CreatePagePost::new(42).message("Hi").text_format_preset_id("106018623298955"),
            "POST /v26.0/42/feed\nform message=Hi&text_format_preset_id=106018623298955",
            answer(),
            |made| assert_eq!(made.id, post()),
        )
        .await;
}

#[tokio::test]
async fn posts_are_read_changed_and_deleted() {
    let table = Table::new().await;
    table
        .row(
            GetPost::new(post()),
            &format!("GET /v26.0/42_7?fields={}", encoded(POST)),
            json!({"id": "42_7", "message": "Hi", "created_time": "2026-01-02T03:04:05+0000", "status_type": "added_photos",
                "permalink_url": "https://www.facebook.com/42/posts/7", "is_published": true, "shares": {"count": 3},
                "from": {"name": "Cafe", "id": "42"}, "attachments": {"data": [{"media_type": "photo", "type": "photo",
                "target": {"id": "501", "url": "https://www.facebook.com/photo"}, "media": {"image": {"height": 720,
                "src": "https://scontent.example/a.jpg", "width": 960}}}]}}),
            |read| {
                assert_eq!(read.status_type, Some(PostStatusType::AddedPhotos));
                assert_eq!(read.created_time, Some(at(1_767_323_045)));
                assert_eq!(read.attachments[0].target.as_ref().unwrap().id.as_deref(), Some("501"));
                assert_eq!(read.permalink_url.as_deref(), Some("https://www.facebook.com/42/posts/7"));
            },
        )
        .await;
    let counts = "id,shares,comments.limit(0).summary(true),reactions.limit(0).summary(total_count),\
        reactions.type(LIKE).limit(0).summary(total_count).as(like),reactions.type(LOVE).limit(0).summary(total_count).as(love),\
        reactions.type(CARE).limit(0).summary(total_count).as(care),reactions.type(HAHA).limit(0).summary(total_count).as(haha),\
        reactions.type(WOW).limit(0).summary(total_count).as(wow),reactions.type(SAD).limit(0).summary(total_count).as(sad),\
        reactions.type(ANGRY).limit(0).summary(total_count).as(angry)";
    let summary = |count: u64| json!({"data": [], "summary": {"total_count": count}});
    table
        .row(
            GetPostCounts::new(post()),
            &format!("GET /v26.0/42_7?fields={}", encoded(counts)),
            json!({"id": "42_7", "comments": {"data": [], "summary": {"order": "ranked", "total_count": 4,
                "can_comment": true}}, "reactions": summary(9), "like": summary(7), "love": summary(2)}),
            |read| {
                assert_eq!(read.comments.unwrap().total_count, Some(4));
                assert_eq!(
                    (read.reactions.unwrap().total_count, read.love.unwrap().total_count),
                    (Some(9), Some(2))
                );
            },
        )
        .await;
    let done = || json!({"success": true});
    table
        .row(
            UpdatePost::new(post())
                .message("Hello")
                .is_pinned(true)
                .timeline_visibility(TimelineVisibility::ForcedAllow),
            "POST /v26.0/42_7\nform message=Hello&is_pinned=true&timeline_visibility=forced_allow",
            done(),
            |()| {},
        )
        .await;
    table.row(PublishPost::new(post()), "POST /v26.0/42_7\nform is_published=true", done(), |()| {}).await;
    table
        .row(
            ReschedulePost::new(post(), at(1_800_000_000)),
            "POST /v26.0/42_7\nform scheduled_publish_time=1800000000",
            done(),
            |()| {},
        )
        .await;
    table.row(DeletePost::new(post()), "DELETE /v26.0/42_7", done(), |()| {}).await;
}

#[tokio::test]
async fn posts_are_listed() {
    let table = Table::new().await;
    let fields = encoded(POST);
    let answer = || {
        json!({"data": [{"id": "42_7", "message": "Hi"}, {"message": "no id"}],
            "paging": {"cursors": {"before": "QVF", "after": "QVG"},
            "next": "https://graph.facebook.com/v26.0/42/feed?access_token=x&limit=2&after=QVG"}})
    };
    macro_rules! list {
        ($list:expr, $expected:expr) => {
            table
                .row($list, $expected, answer(), |page| {
                    assert_eq!((page.items[0].id.clone(), page.malformed.len()), (post(), 1));
                    assert_eq!(page.next.unwrap().as_str(), "after=QVG");
                })
                .await;
        };
    }
    list!(
        ListFeed::new(42).include_hidden(true).show_expired(true).with(PostFilter::Location).limit(100),
        &format!(
            "GET /v26.0/42/feed?include_hidden=true&show_expired=true&with=LOCATION&fields={fields}&limit=100"
        )
    );
    list!(
        ListPosts::new(42).since(at(5)).until(at(6)),
        &format!("GET /v26.0/42/posts?since=5&until=6&fields={fields}")
    );
    list!(ListPublishedPosts::new(42), &format!("GET /v26.0/42/published_posts?fields={fields}"));
    list!(ListVisitorPosts::new(42), &format!("GET /v26.0/42/visitor_posts?fields={fields}"));
    list!(ListTaggedPosts::new(42), &format!("GET /v26.0/42/tagged?fields={fields}"));
    list!(
        ListAdsPosts::new(42).exclude_dynamic_ads(true).include_inline_create(true),
        &format!(
            "GET /v26.0/42/ads_posts?exclude_dynamic_ads=true&include_inline_create=true&fields={fields}"
        )
    );
    let scheduled = "id,message,created_time,scheduled_publish_time,permalink_url,attachments{media_type,type,media,target,\
        subattachments{media_type,type,media,target}}";
    table
        .row(
            ListScheduledPosts::new(42),
            &format!("GET /v26.0/42/scheduled_posts?fields={}", encoded(scheduled)),
            json!({"data": [{"id": "42_7", "message": "Soon", "scheduled_publish_time": 1_800_000_000}]}),
            |page| assert_eq!(page.items[0].scheduled_publish_time, Some(at(1_800_000_000))),
        )
        .await;
}

#[tokio::test]
async fn pages_have_details_settings_and_webhooks() {
    let table = Table::new().await;
    let fields = "id,name,username,category,category_list,link,about,picture,fan_count,followers_count,is_published,\
        verification_status,has_transitioned_to_new_page_experience,instagram_business_account{id,username},\
        connected_instagram_account{id,username},business{id,name},whatsapp_number,leadgen_tos_accepted,is_webhooks_subscribed";
    table
        .row(
            GetPage::new(42),
            &format!("GET /v26.0/42?fields={}", encoded(fields)),
            json!({"id": "42", "name": "Cafe", "fan_count": 12, "verification_status": "blue_verified",
                "picture": {"data": {"height": 50, "is_silhouette": false, "url": "https://scontent.example/a.jpg", "width": 50}},
                "instagram_business_account": {"id": "17841", "username": "cafe"}}),
            |page| {
                assert_eq!((page.id, page.fan_count), (PageId::from(42), Some(12)));
                assert_eq!(page.picture.unwrap().is_silhouette, Some(false));
            },
        )
        .await;
    table
        .row(
            ListPageSettings::new(42),
            "GET /v26.0/42/settings",
            json!({"data": [{"setting": "USERS_CAN_POST", "value": true}]}),
            |page| assert_eq!(page.items[0].is_on(), Some(true)),
        )
        .await;
    let done = || json!({"success": true});
    table
        .row(
            UpdatePageSettings::new(42, PageOptions::new("USERS_CAN_POST", false)),
            &format!("POST /v26.0/42/settings\nform option={}", encoded(r#"{"USERS_CAN_POST":false}"#)),
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            ListPageSubscriptions::new(42),
            "GET /v26.0/42/subscribed_apps?fields=id%2Cname%2Clink%2Ccategory%2Csubscribed_fields",
            json!({"data": [{"category": "Business", "link": "https://example.com/", "name": "App", "id": "7",
                "subscribed_fields": ["feed", "leadgen"]}]}),
            |page| assert_eq!(page.items[0].subscribed_fields, [PageField::Feed, PageField::Leadgen]),
        )
        .await;
    table
        .row(
            SubscribePage::new(PageId::from(42), [PageField::Leadgen, PageField::Feed]),
            "POST /v26.0/42/subscribed_apps\nform subscribed_fields=feed%2Cleadgen",
            done(),
            |()| {},
        )
        .await;
    table
        .row(UnsubscribePage::new(PageId::from(42)), "DELETE /v26.0/42/subscribed_apps", done(), |()| {})
        .await;
}

#[tokio::test]
async fn people_are_kept_away() {
    let table = Table::new().await;
    let done = || json!({"success": true});
    let actions = [ModerationAction::BlockUser, ModerationAction::MoveToSpam];
    table
        .row(
            ModerateConversations::new(42, [ScopedUserId::from(5).into()], actions),
            &format!(
                "POST /v26.0/42/moderate_conversations\nform user_ids={}&actions={}",
                encoded(r#"[{"id":"5"}]"#),
                encoded(r#"["BLOCK_USER","MOVE_TO_SPAM"]"#)
            ),
            done(),
            |()| {},
        )
        .await;
    table
        .row(
            ListBlocked::new(42).user(UserId::from(5)),
            "GET /v26.0/42/blocked?user=5&fields=id%2Cname",
            json!({"data": [{"id": "5", "name": "Ada"}]}),
            |page| assert_eq!(page.items[0].name.as_deref(), Some("Ada")),
        )
        .await;
    table
        .row(
            BlockUsers::new(42).page_scoped_ids([ScopedUserId::from(5), ScopedUserId::from(6)]),
            &format!("POST /v26.0/42/blocked\nform psid={}", encoded(r#"["5","6"]"#)),
            json!({"5": true, "6": true}),
            |blocked| assert_eq!(blocked.users.len(), 2),
        )
        .await;
    table
        .row(UnblockUser::new(42).app_scoped_id(5), "DELETE /v26.0/42/blocked?asid=5", done(), |()| {})
        .await;
}
