//! Threads (Threads API: Posts, Media Retrieval, Reply Management, Threads Profiles, Location Tagging).

use serde_json::json;
use sociogram_meta_graph::threads::{
    AnswerPendingReply, ApprovalFilter, CreateThread, DeletePost, GetLocation, GetPost, GetProfile,
    GetThreadContainer, GetThreadsLimits, GetThreadsUser, HideReply, HideStatus, KeywordSearch,
    ListConversation, ListMentions, ListPendingReplies, ListPosts, ListProfilePosts, ListReplies,
    ListUserReplies, LookUpProfile, PollAttachment, Post, PostType, PublishText, PublishThreadContainer,
    ReplyApproval, ReplyControl, Repost, SearchLocations, SearchOrder, SearchedMedia, ThreadContainerStatus,
};
use sociogram_meta_graph::{ContainerId, GraphHost};

use crate::table::Table;

#[tokio::test]
async fn publishing() {
    let table = Table::of(GraphHost::Threads).await;
    table
        .row(
            CreateThread::image(7, "https://www.example.com/images/bronz-fonz.jpg")
                .text("#BronzFonz")
                .reply_control(ReplyControl::AccountsYouFollow)
                .allowlisted_country_codes(["US", "CA"]),
            "POST /v1.0/7/threads\n\
             form media_type=IMAGE&image_url=https%3A%2F%2Fwww.example.com%2Fimages%2Fbronz-fonz.jpg&text=%23BronzFonz\
             &reply_control=accounts_you_follow&allowlisted_country_codes=US%2CCA",
            json!({"id": "1234567"}),
            |made| assert_eq!(made.id.as_str(), "1234567"),
        )
        .await;
    table
        .row(
            CreateThread::text_post(7, "MyText")
                .poll_attachment(PollAttachment::new(["first option", "second option"])),
            "POST /v1.0/7/threads\n\
             form media_type=TEXT&text=MyText&poll_attachment=%7B%22option_a%22%3A%22first%20option%22%2C\
             %22option_b%22%3A%22second%20option%22%7D",
            json!({"id": "1234567"}),
            |made| assert_eq!(made.id.as_str(), "1234567"),
        )
        .await;
    table
        .row(
            CreateThread::carousel(7, [ContainerId::from(1), ContainerId::from(2)]),
            "POST /v1.0/7/threads\nform media_type=CAROUSEL&children=1%2C2",
            json!({"id": "1234567"}),
            |made| assert_eq!(made.id.as_str(), "1234567"),
        )
        .await;
    let at_once: PublishText = CreateThread::text_post(7, "Hi").at_once();
    table
        .row(
            at_once,
            "POST /v1.0/7/threads\nform media_type=TEXT&text=Hi&auto_publish_text=true",
            json!({"id": "99"}),
            |made| assert_eq!(made.id.as_str(), "99"),
        )
        .await;
    table
        .row(
            GetThreadContainer::new(3),
            "GET /v1.0/3?fields=id%2Cstatus%2Cerror_message",
            json!({"status": "FINISHED", "id": "17889615691921648"}),
            |state| assert_eq!(state.status, Some(ThreadContainerStatus::Finished)),
        )
        .await;
    table
        .row(
            PublishThreadContainer::new(7, 3),
            "POST /v1.0/7/threads_publish\nform creation_id=3",
            json!({"id": "1234567"}),
            |made| assert_eq!(made.id.as_str(), "1234567"),
        )
        .await;
    table
        .row(Repost::new(99), "POST /v1.0/99/repost", json!({"id": "100"}), |made| {
            assert_eq!(made.id.as_str(), "100");
        })
        .await;
    table
        .row(DeletePost::new(99), "DELETE /v1.0/99", json!({"success": true, "deleted_id": "99"}), |()| ())
        .await;
    table
        .row(
            GetThreadsLimits::new(7),
            "GET /v1.0/7/threads_publishing_limit?fields=quota_usage%2Cconfig%2Creply_quota_usage%2Creply_config%2C\
             delete_quota_usage%2Cdelete_config%2Clocation_search_quota_usage%2Clocation_search_config",
            json!({"data": [{"quota_usage": 4, "config": {"quota_total": 250, "quota_duration": 86400},
                "reply_quota_usage": 1, "reply_config": {"quota_total": 1000, "quota_duration": 86400}}]}),
            |limits| assert_eq!((limits.remaining_posts(), limits.remaining_replies()), (Some(246), Some(999))),
        )
        .await;
}

#[tokio::test]
async fn posts_and_replies() {
    let table = Table::of(GraphHost::Threads).await;
    let own = Post::FIELDS.replace(',', "%2C");
    let public = Post::PUBLIC_FIELDS.replace(',', "%2C");
    let reply = Post::REPLY_FIELDS.replace(',', "%2C");
    assert!(own.starts_with("id%2Cmedia_product_type%2C") && public.ends_with("%2Ctopic_tag"));
    let post = json!({"id": "1234567", "media_product_type": "THREADS", "media_type": "TEXT_POST", "text": "First Thread",
        "permalink": "https://www.threads.net/@ann/post/abcdefg", "timestamp": "2023-10-17T05:42:03+0000",
        "owner": {"id": "7"}, "is_quote_post": false});
    let page = json!({"data": [post], "paging": {"cursors": {"before": "B", "after": "A"}}});
    table
        .row(GetPost::new(1_234_567), &format!("GET /v1.0/1234567?fields={own}"), post, |post| {
            assert_eq!((post.media_type, post.is_quote_post), (Some(PostType::TextPost), Some(false)));
        })
        .await;
    table
        .row(
            ListPosts::new(7).limit(50),
            &format!("GET /v1.0/7/threads?fields={own}&limit=50"),
            page.clone(),
            |page| {
                assert_eq!(page.items[0].text.as_deref(), Some("First Thread"));
            },
        )
        .await;
    table
        .row(ListMentions::new(7), &format!("GET /v1.0/7/mentions?fields={public}"), page.clone(), |page| {
            assert_eq!(page.items.len(), 1);
        })
        .await;
    table
        .row(
            KeywordSearch::new("cats").search_type(SearchOrder::Top).media_type(SearchedMedia::Text),
            &format!("GET /v1.0/keyword_search?q=cats&search_type=TOP&media_type=TEXT&fields={public}"),
            page.clone(),
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
    table
        .row(
            ListProfilePosts::new("meta"),
            &format!("GET /v1.0/profile_posts?username=meta&fields={public}"),
            page,
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
    let replies = json!({"data": [{"id": "2", "is_reply": true, "hide_status": "NOT_HUSHED", "root_post": {"id": "1"}}]});
    table
        .row(
            ListReplies::new(1).reverse(false),
            &format!("GET /v1.0/1/replies?reverse=false&fields={reply}"),
            replies.clone(),
            |page| assert_eq!(page.items[0].hide_status, Some(HideStatus::NotHushed)),
        )
        .await;
    table
        .row(
            ListConversation::new(1),
            &format!("GET /v1.0/1/conversation?fields={reply}"),
            replies.clone(),
            |page| {
                assert_eq!(page.items[0].root_post.as_ref().unwrap().id.as_str(), "1");
            },
        )
        .await;
    table
        .row(ListUserReplies::new(7), &format!("GET /v1.0/7/replies?fields={reply}"), replies, |page| {
            assert_eq!(page.items[0].is_reply, Some(true));
        })
        .await;
    table
        .row(
            ListPendingReplies::new(1).approval_status(ApprovalFilter::Pending),
            "GET /v1.0/1/pending_replies?approval_status=pending&fields=id%2Ctext%2Cusername%2Cpermalink%2Ctimestamp%2C\
             media_type%2Cmedia_url%2Creply_approval_status",
            json!({"data": [{"id": "2", "reply_approval_status": "pending"}]}),
            |page| assert_eq!(page.items[0].reply_approval_status, Some(ReplyApproval::Pending)),
        )
        .await;
    let done = json!({"success": true});
    table
        .row(HideReply::new(2, true), "POST /v1.0/2/manage_reply\nform hide=true", done.clone(), |()| ())
        .await;
    table
        .row(
            AnswerPendingReply::new(2, true),
            "POST /v1.0/2/manage_pending_reply\nform approve=true",
            done,
            |()| (),
        )
        .await;
}

#[tokio::test]
async fn profiles_and_places() {
    let table = Table::of(GraphHost::Threads).await;
    table
        .row(
            GetThreadsUser::new(),
            "GET /v1.0/me?fields=id%2Cusername%2Cname%2Cthreads_profile_picture_url",
            json!({"id": "1234567", "username": "threadsapitestuser"}),
            |user| assert_eq!(user.id.as_str(), "1234567"),
        )
        .await;
    table
        .row(
            GetProfile::new(1_234_567),
            "GET /v1.0/1234567?fields=id%2Cusername%2Cname%2Cis_verified%2Cthreads_profile_picture_url%2C\
             threads_biography%2Cis_eligible_for_geo_gating",
            json!({"id": "1234567", "is_verified": false, "is_eligible_for_geo_gating": true}),
            |profile| assert_eq!(profile.is_eligible_for_geo_gating, Some(true)),
        )
        .await;
    table
        .row(
            LookUpProfile::new("meta"),
            "GET /v1.0/profile_lookup?username=meta",
            json!({"username": "meta", "name": "Meta", "is_verified": true, "follower_count": 5_057_000}),
            |profile| assert_eq!(profile.follower_count, Some(5_057_000)),
        )
        .await;
    let fields = "id%2Caddress%2Ccity%2Ccountry%2Cname%2Clatitude%2Clongitude%2Cpostal_code";
    let place = json!({"id": 12345, "name": "Facebook Headquarters", "city": "Menlo Park",
        "latitude": 37.483_751_155_746_28, "longitude": -122.148_921_318_436_17, "postal_code": "94025"});
    table
        .row(
            SearchLocations::new().q("some place"),
            &format!("GET /v1.0/location_search?q=some%20place&fields={fields}"),
            json!({"data": [place]}),
            |found| assert_eq!(found[0].postal_code.as_deref(), Some("94025")),
        )
        .await;
    table
        .row(GetLocation::new(12_345), &format!("GET /v1.0/12345?fields={fields}"), place, |place| {
            assert_eq!(place.city.as_deref(), Some("Menlo Park"));
        })
        .await;
}
