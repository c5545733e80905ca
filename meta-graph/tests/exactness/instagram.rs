//! Instagram (Instagram Platform: Content Publishing, IG User, IG Media, IG Comment, Hashtag Search).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::instagram::{
    Account, AnswerCollaborationInvite, AudioKind, ContainerStatus, CreateComment, CreateContainer,
    CreateMentionReply, CreateReply, DeleteComment, DeleteMedia, DiscoverBusiness, FindHashtag, GetAccount,
    GetComment, GetContainer, GetInstagramUser, GetMedia, GetMentionedComment, GetMentionedMedia,
    GetPublishingLimit, GraduationStrategy, HideComment, InviteStatus, LikeComment, LikeMedia, ListChildren,
    ListCollaborationInvites, ListCollaborativeMedia, ListCollaborators, ListComments, ListLiveMedia,
    ListMedia, ListProductTags, ListRecentMedia, ListReplies, ListSearchedHashtags, ListStories,
    ListSubscribedApps, ListTaggedMedia, ListTopMedia, MediaProduct, MediaType, ProductTag, PublishContainer,
    SearchAudio, SubscribeApp, SubscriptionField, UnlikeComment, UnlikeMedia, UnsubscribeApp, UpdateMedia,
    UpdateProductTags, UserTag,
};
use sociogram_meta_graph::{ContainerId, GraphHost};

use crate::table::Table;

const ACCOUNT: u64 = 17_841_405_822_304_914;
const MEDIA: u64 = 17_895_695_668_004_550;

#[tokio::test]
async fn containers_and_publishing() {
    let table = Table::new().await;
    table
        .row(
            CreateContainer::image(ACCOUNT, "https://www.example.com/images/bronz-fonz.jpg")
                .caption("#BronzFonz")
                .user_tags(vec![UserTag::at("kevinhart4real", 0.5, 0.8)]),
            "POST /v26.0/17841405822304914/media\n\
             form image_url=https%3A%2F%2Fwww.example.com%2Fimages%2Fbronz-fonz.jpg&caption=%23BronzFonz\
             &user_tags=%5B%7B%22username%22%3A%22kevinhart4real%22%2C%22x%22%3A0.5%2C%22y%22%3A0.8%7D%5D",
            json!({"id": "17889455560051444"}),
            |made| assert_eq!((made.id.as_str(), made.uri), ("17889455560051444", None)),
        )
        .await;
    table
        .row(
            CreateContainer::reel_upload(ACCOUNT)
                .share_to_feed(true)
                .trial_params(GraduationStrategy::Manual),
            "POST /v26.0/17841405822304914/media\n\
             form media_type=REELS&upload_type=resumable&share_to_feed=true\
             &trial_params=%7B%22graduation_strategy%22%3A%22MANUAL%22%7D",
            json!({"id": "1", "uri": "https://rupload.facebook.com/ig-api-upload/v26.0/1"}),
            |made| {
                assert_eq!(made.uri.as_deref(), Some("https://rupload.facebook.com/ig-api-upload/v26.0/1"));
            },
        )
        .await;
    table
        .row(
            CreateContainer::carousel(ACCOUNT, [ContainerId::from(1), ContainerId::from(2)]).caption("Fruit"),
            "POST /v26.0/17841405822304914/media\nform media_type=CAROUSEL&children=1%2C2&caption=Fruit",
            json!({"id": "18000748627392977"}),
            |made| assert_eq!(made.id.as_str(), "18000748627392977"),
        )
        .await;
    table
        .row(
            GetContainer::new(17_889_615_691_921_648),
            "GET /v26.0/17889615691921648?fields=status_code%2Cstatus%2Ccopyright_check_status%2Cvideo_status",
            json!({"status_code": "FINISHED", "status": "Finished: Media has been uploaded and it is ready to be published.",
                "copyright_check_status": {"status": "completed", "matches_found": false}, "id": "17889615691921648"}),
            |state| {
                assert_eq!(state.status_code, Some(ContainerStatus::Finished));
                assert_eq!((state.subcode(), state.copyright_check_status.unwrap().matches_found), (None, Some(false)));
            },
        )
        .await;
    table
        .row(
            PublishContainer::new(ACCOUNT, 17_889_455_560_051_444),
            "POST /v26.0/17841405822304914/media_publish\nform creation_id=17889455560051444",
            json!({"id": "17920238422030506"}),
            |published| assert_eq!(published.id.as_str(), "17920238422030506"),
        )
        .await;
    table
        .row(
            GetPublishingLimit::new(ACCOUNT).since(Timestamp::from_unix_seconds(1_609_969_714)),
            "GET /v26.0/17841405822304914/content_publishing_limit?since=1609969714&fields=quota_usage%2Cconfig",
            json!({"data": [{"quota_usage": 2, "config": {"quota_total": 50, "quota_duration": 86400}}]}),
            |limit| assert_eq!((limit.quota_usage, limit.remaining()), (Some(2), Some(48))),
        )
        .await;
}

#[tokio::test]
async fn the_account_and_its_media() {
    let table = Table::new().await;
    table
        .row(
            GetAccount::new(ACCOUNT).fields(Account::FACEBOOK_FIELDS),
            "GET /v26.0/17841405822304914?fields=id%2Cig_id%2Cusername%2Cname%2Cbiography%2Cwebsite%2C\
             profile_picture_url%2Cfollowers_count%2Cfollows_count%2Cmedia_count%2Chas_profile_pic%2Cis_published",
            json!({"id": "17841405822304914", "ig_id": 2_461, "username": "metricsaurus", "followers_count": 1_200,
                "is_published": true}),
            |account| assert_eq!((account.followers_count, account.is_published), (Some(1_200), Some(true))),
        )
        .await;
    let children = "children%7Bid%2Cmedia_type%2Cmedia_url%2Cthumbnail_url%7D";
    let fields = format!(
        "id%2Ccaption%2Cmedia_type%2Cmedia_product_type%2Cmedia_url%2Cthumbnail_url%2Cpermalink%2Cshortcode%2Ctimestamp\
         %2Cusername%2Ccomments_count%2Clike_count%2Cis_comment_enabled%2Cis_shared_to_feed%2Calt_text%2C{children}"
    );
    let reel = json!({"id": "17895695668004550", "media_type": "VIDEO", "media_product_type": "REELS",
        "permalink": "https://www.instagram.com/reel/x/", "timestamp": "2026-01-02T03:04:05+0000", "like_count": 5});
    table
        .row(
            GetMedia::new(MEDIA),
            &format!("GET /v26.0/17895695668004550?fields={fields}"),
            reel.clone(),
            |media| {
                assert!(media.is_reel());
                assert_eq!(media.timestamp, Some(Timestamp::from_unix_seconds(1_767_323_045)));
            },
        )
        .await;
    let page = json!({"data": [reel], "paging": {"cursors": {"after": "QVFI"}}});
    let listed = |edge: &str| format!("GET /v26.0/17841405822304914/{edge}?fields={fields}");
    table
        .row(ListMedia::new(ACCOUNT), &listed("media"), page.clone(), |page| assert_eq!(page.items.len(), 1))
        .await;
    table
        .row(ListStories::new(ACCOUNT), &listed("stories"), page.clone(), |page| {
            assert_eq!(page.items.len(), 1);
        })
        .await;
    table
        .row(ListCollaborativeMedia::new(ACCOUNT), &listed("collaborative_media"), page.clone(), |page| {
            assert_eq!(page.items[0].media_product_type, Some(MediaProduct::Reels));
        })
        .await;
    table
        .row(
            ListLiveMedia::new(ACCOUNT).since(Timestamp::from_unix_seconds(5)),
            "GET /v26.0/17841405822304914/live_media?since=5&fields=id%2Cmedia_type%2Cmedia_product_type%2Cowner%2C\
             username%2Ccomments_count%2Ctimestamp",
            json!({"data": [{"id": "90010498116233", "media_type": "BROADCAST"}]}),
            |page| assert_eq!(page.items[0].media_type.as_ref().map(MediaType::as_str), Some("BROADCAST")),
        )
        .await;
    table
        .row(
            ListTaggedMedia::new(ACCOUNT).posted_after(Timestamp::from_unix_seconds(5)),
            "GET /v26.0/17841405822304914/tags?posted_after=5&fields=id%2Ccaption%2Cmedia_type%2Cmedia_url%2Cpermalink\
             %2Ctimestamp%2Cusername%2Ccomments_count%2Clike_count",
            json!({"data": [{"id": "18038", "username": "keldo"}, {"username": "bernice"}]}),
            |page| assert_eq!((page.items.len(), page.malformed.len()), (1, 1)),
        )
        .await;
    table
        .row(
            ListChildren::new(MEDIA),
            "GET /v26.0/17895695668004550/children?fields=id%2Cmedia_type%2Cmedia_url%2Cthumbnail_url%2Cpermalink%2C\
             timestamp%2Cusername%2Calt_text",
            json!({"data": [{"id": "17880997618081620", "media_type": "IMAGE"}]}),
            |page| assert_eq!(page.items[0].media_type, Some(MediaType::Image)),
        )
        .await;
    let done = json!({"success": true});
    table
        .row(
            UpdateMedia::new(MEDIA, true),
            "POST /v26.0/17895695668004550\nform comment_enabled=true",
            done.clone(),
            |()| (),
        )
        .await;
    table.row(DeleteMedia::new(MEDIA), "DELETE /v26.0/17895695668004550", done, |()| ()).await;
}

#[tokio::test]
async fn comments_and_mentions() {
    let table = Table::new().await;
    let fields = "id%2Ctext%2Ctimestamp%2Cusername%2Cfrom%2Clike_count%2Chidden%2Cparent_id";
    let with_replies =
        format!("{fields}%2Creplies%7Bid%2Ctext%2Ctimestamp%2Cusername%2Clike_count%2Chidden%7D");
    let comment = json!({"id": "17873440459141021", "text": "I love this!", "timestamp": "2017-08-31T18:10:30+0000",
        "from": {"id": "9", "username": "ann"}, "hidden": false});
    let page = json!({"data": [comment]});
    table
        .row(
            ListComments::new(MEDIA).limit(50),
            &format!("GET /v26.0/17895695668004550/comments?fields={with_replies}&limit=50"),
            page.clone(),
            |page| assert_eq!(page.items[0].text.as_deref(), Some("I love this!")),
        )
        .await;
    table
        .row(ListReplies::new(8), &format!("GET /v26.0/8/replies?fields={fields}"), page, |page| {
            assert_eq!(page.items[0].hidden, Some(false));
        })
        .await;
    table
        .row(GetComment::new(8), &format!("GET /v26.0/8?fields={with_replies}"), comment, |comment| {
            assert_eq!(comment.from.unwrap().username.as_deref(), Some("ann"));
        })
        .await;
    let made = json!({"id": "17870913679156914"});
    table
        .row(
            CreateComment::new(MEDIA, "Thanks, all"),
            "POST /v26.0/17895695668004550/comments\nform message=Thanks%2C%20all",
            made.clone(),
            |made| assert_eq!(made.id.as_str(), "17870913679156914"),
        )
        .await;
    table
        .row(
            CreateReply::new(8, "Thanks"),
            "POST /v26.0/8/replies\nform message=Thanks",
            made.clone(),
            |made| {
                assert_eq!(made.id.as_str(), "17870913679156914");
            },
        )
        .await;
    let done = json!({"success": true});
    table.row(HideComment::new(8, true), "POST /v26.0/8\nform hide=true", done.clone(), |()| ()).await;
    table.row(DeleteComment::new(8), "DELETE /v26.0/8", done, |()| ()).await;
    table
        .row(
            CreateMentionReply::new(ACCOUNT, 7, "Hi").comment_id(8),
            "POST /v26.0/17841405822304914/mentions\nform media_id=7&message=Hi&comment_id=8",
            made,
            |made| assert_eq!(made.id.as_str(), "17870913679156914"),
        )
        .await;
    table
        .row(
            GetMentionedMedia::new(ACCOUNT, 7),
            "GET /v26.0/17841405822304914?fields=mentioned_media.media_id%287%29%7Bid%2Ccaption%2Cmedia_type%2Cmedia_url\
             %2Ctimestamp%2Cusername%2Ccomments_count%2Clike_count%7D",
            json!({"mentioned_media": {"caption": "metricsaurus headquarters!", "id": "17873440459141021"},
                "id": "17841405309211844"}),
            |media| assert_eq!(media.caption.as_deref(), Some("metricsaurus headquarters!")),
        )
        .await;
    table
        .row(
            GetMentionedComment::new(ACCOUNT, 8),
            "GET /v26.0/17841405822304914?fields=mentioned_comment.comment_id%288%29%7Bid%2Ctext%2Ctimestamp%2Clike_count\
             %2Cmedia%7Bid%7D%7D",
            json!({"mentioned_comment": {"text": "@metricsaurus", "id": "17894227972186120", "media": {"id": "7"}}}),
            |comment| assert_eq!(comment.media.unwrap().id.unwrap().as_str(), "7"),
        )
        .await;
}

#[tokio::test]
async fn hashtags_and_other_accounts() {
    let table = Table::new().await;
    let fields =
        "id%2Ccaption%2Cmedia_type%2Cmedia_url%2Cpermalink%2Ctimestamp%2Ccomments_count%2Clike_count";
    table
        .row(
            FindHashtag::new(17_841_405_309_211_844, "bluebottle"),
            "GET /v26.0/ig_hashtag_search?user_id=17841405309211844&q=bluebottle",
            json!({"data": [{"id": "17841593698074073"}]}),
            |id| assert_eq!(id.as_str(), "17841593698074073"),
        )
        .await;
    let page = json!({"data": [{"id": "17880997618081620", "like_count": 84}]});
    table
        .row(
            ListTopMedia::new(9, 17),
            &format!("GET /v26.0/9/top_media?user_id=17&fields={fields}"),
            page.clone(),
            |page| {
                assert_eq!(page.items[0].like_count, Some(84));
            },
        )
        .await;
    table
        .row(
            ListRecentMedia::new(9, 17).limit(50),
            &format!("GET /v26.0/9/recent_media?user_id=17&fields={fields}&limit=50"),
            page,
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
    table
        .row(
            ListSearchedHashtags::new(17).limit(30),
            "GET /v26.0/17/recently_searched_hashtags?fields=id%2Cname&limit=30",
            json!({"data": [{"id": "17841593698074073", "name": "bluebottle"}]}),
            |page| assert_eq!(page.items[0].name.as_deref(), Some("bluebottle")),
        )
        .await;
    table
        .row(
            DiscoverBusiness::new(17, "bluebottle").fields("followers_count,media_count").with_media(3, "id"),
            "GET /v26.0/17?fields=business_discovery.username%28bluebottle%29%7Bfollowers_count%2Cmedia_count%2C\
             media.limit%283%29%7Bid%7D%7D",
            json!({"business_discovery": {"followers_count": 267_793, "media_count": 1_205, "id": "17841401441775531",
                "media": {"data": [{"id": "17858843269216389"}]}}, "id": "17841405309211844"}),
            |found| {
                assert_eq!((found.followers_count, found.media_count), (Some(267_793), Some(1_205)));
                assert_eq!(found.media.unwrap().items.len(), 1);
            },
        )
        .await;
    table
        .row(
            SearchAudio::new(17, AudioKind::OriginalSound),
            "GET /v26.0/ig_audio?user_id=17&audio_type=original_sound",
            json!({"audio": [{"audio_id": "17800000000000000", "audio_type": "original_sound", "ig_username": "creator"}]}),
            |found| assert_eq!(found[0].audio_type, Some(AudioKind::OriginalSound)),
        )
        .await;
}

#[tokio::test]
async fn collaboration_products_and_likes() {
    let table = Table::new().await;
    let done = json!({"success": true});
    table
        .row(
            ListCollaborators::new(MEDIA),
            "GET /v26.0/17895695668004550/collaborators",
            json!({"data": [{"id": "90010775360791", "username": "realtest1", "invite_status": "Pending"}]}),
            |page| assert_eq!(page.items[0].invite_status, Some(InviteStatus::Pending)),
        )
        .await;
    table
        .row(
            ListCollaborationInvites::new(17),
            "GET /v26.0/17/collaboration_invites",
            json!({"data": [{"media_id": "18078920227752107", "media_owner_username": "katrina"}]}),
            |page| assert_eq!(page.items[0].media_owner_username.as_deref(), Some("katrina")),
        )
        .await;
    table
        .row(
            AnswerCollaborationInvite::new(17, 7, false),
            "POST /v26.0/17/collaboration_invites\nform media_id=7&accept=false",
            done.clone(),
            |()| (),
        )
        .await;
    table
        .row(
            ListProductTags::new(MEDIA),
            "GET /v26.0/17895695668004550/product_tags",
            json!({"data": [{"product_id": 3_231_775_643_511_089_u64, "merchant_id": 90_010_177_253_934_u64,
                "name": "Gummy Wombats", "price_string": "$3.50", "is_checkout": false, "x": 0.5, "y": 0.8}]}),
            |page| assert_eq!((page.items[0].product_id.as_str(), page.items[0].x), ("3231775643511089", Some(0.5))),
        )
        .await;
    table
        .row(
            UpdateProductTags::new(MEDIA, vec![ProductTag::new(5)]),
            "POST /v26.0/17895695668004550/product_tags\nform updated_tags=%5B%7B%22product_id%22%3A%225%22%7D%5D",
            done.clone(),
            |()| (),
        )
        .await;
    table.row(LikeMedia::new(17, 7), "POST /v26.0/17/likes\nform media_id=7", done.clone(), |()| ()).await;
    table.row(UnlikeMedia::new(17, 7), "DELETE /v26.0/17/likes?media_id=7", done.clone(), |()| ()).await;
    table
        .row(LikeComment::new(17, 8), "POST /v26.0/17/likes\nform comment_id=8", done.clone(), |()| ())
        .await;
    table.row(UnlikeComment::new(17, 8), "DELETE /v26.0/17/likes?comment_id=8", done, |()| ()).await;
}

#[tokio::test]
async fn what_instagram_login_only_has() {
    let table = Table::of(GraphHost::Instagram).await;
    let done = json!({"success": true});
    table
        .row(
            GetInstagramUser::new(),
            "GET /v26.0/me?fields=user_id%2Cusername%2Cname%2Caccount_type%2Cprofile_picture_url",
            json!({"data": [{"user_id": "17841405822304914", "username": "cafe"}]}),
            |user| assert_eq!(user.user_id.as_str(), "17841405822304914"),
        )
        .await;
    table
        .row(
            SubscribeApp::new(17, [SubscriptionField::Comments, SubscriptionField::StoryInsights]),
            "POST /v26.0/17/subscribed_apps\nform subscribed_fields=comments%2Cstory_insights",
            done.clone(),
            |()| (),
        )
        .await;
    table
        .row(
            ListSubscribedApps::new(17),
            "GET /v26.0/17/subscribed_apps",
            json!({"data": [{"id": "5", "subscribed_fields": ["comments"]}]}),
            |page| assert_eq!(page.items[0].subscribed_fields, [SubscriptionField::Comments]),
        )
        .await;
    table.row(UnsubscribeApp::new(17), "DELETE /v26.0/17/subscribed_apps", done, |()| ()).await;
    table
        .row(
            CreateContainer::story_video(17, "https://cdn.example.com/a.mp4"),
            "POST /v26.0/17/media\nform media_type=STORIES&video_url=https%3A%2F%2Fcdn.example.com%2Fa.mp4",
            json!({"id": "1"}),
            |made| assert_eq!(made.id.as_str(), "1"),
        )
        .await;
}
