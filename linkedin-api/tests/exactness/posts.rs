//! Posts.

use serde_json::{Value, json};
use sociogram_linkedin_api::posts::{
    AdContext, Article, BatchGetPosts, CallToAction, Carousel, CarouselCard, Content, CreatePost, DeletePost,
    DocumentContent, DscAdType, DscStatus, GetPost, ImageContent, LifecycleState, ListDscPosts,
    ListPostsByAuthor, MultiImage, Poll, PollDuration, PostSort, Reference, TargetLocale, Targeting,
    UpdatePost, VideoContent, ViewContext, Visibility,
};
use sociogram_linkedin_api::{
    AdAccountUrn, DocumentUrn, ImageUrn, LittleText, OrganizationUrn, PersonUrn, PostUrn, Urn, VideoUrn,
};

use crate::table::{Answer, Table};

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn post() -> PostUrn {
    PostUrn::parse("urn:li:share:1").unwrap()
}

fn image(id: &str) -> ImageUrn {
    ImageUrn::from_id(id).unwrap()
}

fn urn(text: &str) -> Urn {
    Urn::parse(text).unwrap()
}

fn account() -> AdAccountUrn {
    AdAccountUrn::from_id("9").unwrap()
}

/// The body of a public text post by page 5, with these members changed or added.
fn body(changes: Value) -> String {
    let mut body = json!({
        "author": "urn:li:organization:5",
        "commentary": "Hi",
        "distribution": {
            "feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": [],
        },
        "isReshareDisabledByAuthor": false,
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
    });
    let Value::Object(changes) = changes else { panic!("no object") };
    body.as_object_mut().unwrap().extend(changes);
    format!("create POST /rest/posts\njson {body}")
}

#[tokio::test]
async fn posts() {
    let table = Table::new().await;
    table
        .row(
            CreatePost::new(page(), "Hello (again)"),
            "create POST /rest/posts\njson {\"author\":\"urn:li:organization:5\",\"commentary\":\"Hello \\\\(again\\\\)\",\
             \"distribution\":{\"feedDistribution\":\"MAIN_FEED\",\"targetEntities\":[],\
             \"thirdPartyDistributionChannels\":[]},\"isReshareDisabledByAuthor\":false,\
             \"lifecycleState\":\"PUBLISHED\",\"visibility\":\"PUBLIC\"}",
            Answer::created("urn:li:share:1"),
            |created| assert_eq!(created.urn, post()),
        )
        .await;
    table
        .row(
            GetPost::new(post()).view(ViewContext::Author),
            "get GET /rest/posts/urn%3Ali%3Ashare%3A1?viewContext=AUTHOR",
            Answer::json(json!({"id": "urn:li:share:1", "commentary": "a \\(b\\)"})),
            |post| assert_eq!(post.commentary.unwrap().to_string(), "a (b)"),
        )
        .await;
    table
        .row(
            UpdatePost::new(post()).commentary("New (text)"),
            "partial_update POST /rest/posts/urn%3Ali%3Ashare%3A1\n\
             json {\"patch\":{\"$set\":{\"commentary\":\"New \\\\(text\\\\)\"}}}",
            Answer::empty(204),
            |()| {},
        )
        .await;
    table
        .row(
            UpdatePost::new(post())
                .call_to_action(CallToAction::SignUp)
                .landing_page("https://example.com")
                .lifecycle_state(LifecycleState::Published)
                .dsc_name("Spring")
                .dsc_status(DscStatus::Archived),
            "partial_update POST /rest/posts/urn%3Ali%3Ashare%3A1\n\
             json {\"patch\":{\"$set\":{\"contentCallToActionLabel\":\"SIGN_UP\",\
             \"contentLandingPage\":\"https://example.com\",\"lifecycleState\":\"PUBLISHED\"},\
             \"adContext\":{\"$set\":{\"dscName\":\"Spring\",\"dscStatus\":\"ARCHIVED\"}}}}",
            Answer::empty(202),
            |()| {},
        )
        .await;
    table
        .row(
            DeletePost::new(post()),
            "delete DELETE /rest/posts/urn%3Ali%3Ashare%3A1",
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn lists_of_posts() {
    let table = Table::new().await;
    let both = vec![post(), PostUrn::parse("urn:li:ugcPost:2").unwrap()];
    table
        .row(
            BatchGetPosts::new(both).view(ViewContext::Reader).fields("id,author"),
            "batch_get GET /rest/posts?fields=id,author&ids=List(urn%3Ali%3Ashare%3A1,urn%3Ali%3AugcPost%3A2)&viewContext=READER",
            Answer::json(json!({
                "results": {"urn:li:share:1": {"id": "urn:li:share:1", "author": "urn:li:organization:5"}},
                "errors": {"urn%3Ali%3AugcPost%3A2": {"status": 404, "code": "NOT_FOUND"}},
            })),
            |posts| {
                assert_eq!(posts.get("urn:li:share:1").unwrap().urn(), Some(post()));
                assert_eq!(posts.failure("urn:li:ugcPost:2").unwrap().status, Some(404));
            },
        )
        .await;
    let next = "/rest/posts?author=x&count=2&q=author&start=2";
    table
        .row(
            ListPostsByAuthor::new(page()).sort(PostSort::Created).is_dsc(false).count(2),
            "finder GET /rest/posts?author=urn%3Ali%3Aorganization%3A5&count=2&isDsc=false&q=author&sortBy=CREATED&start=0",
            Answer::json(json!({
                "elements": [{"id": "urn:li:share:1", "content": {"spaceship": 7}}, 7],
                "paging": {"start": 0, "count": 2, "links": [{"rel": "next", "href": next}]},
            })),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.items[0].content, Some(Content::Other(json!({"spaceship": 7}))));
                assert_eq!(page.next.unwrap().as_str(), "2");
            },
        )
        .await;
    table
        .row(
            ListDscPosts::new(account()).ad_types([DscAdType::Video, DscAdType::Standard]),
            "finder GET /rest/posts?count=50&dscAdAccount=urn%3Ali%3AsponsoredAccount%3A9&dscAdTypes=List(VIDEO,STANDARD)\
             &q=dscAdAccount&start=0",
            Answer::json(json!({"elements": [{"adContext": {"dscAdAccount": "urn:li:sponsoredAccount:9", "isDsc": true}}]})),
            |page| assert_eq!(page.items[0].ad_context.as_ref().unwrap().is_dsc, Some(true)),
        )
        .await;
}

/// Each kind of content, and the body it becomes.
fn kinds() -> Vec<(CreatePost, Value)> {
    let new = || CreatePost::new(page(), "Hi");
    let pictures =
        MultiImage::new([ImageContent::new(image("1")).alt_text("a"), ImageContent::new(image("2"))]);
    let article = Article::new("https://example.com/a?b=(c)", "A (title)")
        .description("d_e")
        .thumbnail(image("1"))
        .thumbnail_alt_text("t");
    let cards = [("1", "One"), ("2", "Two")]
        .map(|(id, title)| CarouselCard::new(image(id), "https://example.com").title(title));
    let video = VideoContent::new(VideoUrn::from_id("v").unwrap()).title("A film");
    vec![
        (
            new().content(ImageContent::new(image("1")).alt_text("A (bridge)")).disable_reshare(),
            json!({
                "content": {"media": {"id": "urn:li:image:1", "altText": "A (bridge)"}},
                "isReshareDisabledByAuthor": true,
            }),
        ),
        (new().content(video), json!({"content": {"media": {"id": "urn:li:video:v", "title": "A film"}}})),
        (
            new().content(DocumentContent::new(DocumentUrn::from_id("d").unwrap(), "a_b.pdf")),
            json!({"content": {"media": {"id": "urn:li:document:d", "title": "a_b.pdf"}}}),
        ),
        (
            new().content(pictures),
            json!({"content": {"multiImage": {"images": [
                {"id": "urn:li:image:1", "altText": "a"}, {"id": "urn:li:image:2"},
            ]}}}),
        ),
        (
            new().content(article),
            json!({"content": {"article": {
                "source": "https://example.com/a?b=(c)", "title": "A (title)", "description": "d_e",
                "thumbnail": "urn:li:image:1", "thumbnailAltText": "t",
            }}}),
        ),
        (
            new().content(Poll::new("Tea?", ["Yes", "No"], PollDuration::ThreeDays)),
            json!({"content": {"poll": {
                "question": "Tea?", "options": [{"text": "Yes"}, {"text": "No"}],
                "settings": {
                    "duration": "THREE_DAYS", "voteSelectionType": "SINGLE_VOTE", "isVoterVisibleToAuthor": true,
                },
            }}}),
        ),
        (
            new()
                .content(Carousel::new(cards))
                .ad_context(AdContext::new(account(), DscAdType::Carousel).name("n")),
            json!({
                "content": {"carousel": {"cards": [
                    {"landingPage": "https://example.com", "media": {"id": "urn:li:image:1", "title": "One"}},
                    {"landingPage": "https://example.com", "media": {"id": "urn:li:image:2", "title": "Two"}},
                ]}},
                "adContext": {
                    "dscAdAccount": "urn:li:sponsoredAccount:9", "dscAdType": "CAROUSEL", "dscName": "n",
                    "dscStatus": "ACTIVE", "isDsc": true,
                },
                "distribution": {
                    "feedDistribution": "NONE", "targetEntities": [], "thirdPartyDistributionChannels": [],
                },
            }),
        ),
        (
            new().content(Reference::new(urn("urn:li:event:7"))),
            json!({"content": {"reference": {"id": "urn:li:event:7"}}}),
        ),
        (
            new().reshare_of(PostUrn::parse("urn:li:ugcPost:7").unwrap()),
            json!({"reshareContext": {"parent": "urn:li:ugcPost:7"}}),
        ),
        (
            new().call_to_action(CallToAction::BuyNow, "https://example.com"),
            json!({"contentCallToActionLabel": "BUY_NOW", "contentLandingPage": "https://example.com"}),
        ),
        (
            new().content(Content::Other(json!({"celebration": {"kind": "KUDOS"}}))),
            json!({"content": {"celebration": {"kind": "KUDOS"}}}),
        ),
    ]
}

#[tokio::test]
async fn every_kind_of_content() {
    let table = Table::new().await;
    for (post, changes) in kinds() {
        table
            .row(post, &body(changes), Answer::created("urn:li:ugcPost:2"), |created| {
                assert_eq!(created.url, "https://www.linkedin.com/feed/update/urn:li:ugcPost:2/");
            })
            .await;
    }
}

#[tokio::test]
async fn whoever_posts_for_whomever() {
    let table = Table::new().await;
    let person = PersonUrn::from_id("782bbtaQ").unwrap();
    let text = LittleText::with_hashtags("Thanks (again) #rust, ").mention("Ada (L)", person.clone());
    let audience = Targeting::new()
        .degree(urn("urn:li:degree:100"))
        .field_of_study(urn("urn:li:fieldOfStudy:1"))
        .industry(urn("urn:li:industry:4"))
        .interface_locale(TargetLocale::new("de", "DE"))
        .job_function(urn("urn:li:function:8"))
        .geo_location(urn("urn:li:geo:101282230"))
        .school(urn("urn:li:organization:6"))
        .organization(urn("urn:li:organization:7"))
        .seniority(urn("urn:li:seniority:3"))
        .staff_count_range("SIZE_2_TO_10");
    let rows = [
        (
            CreatePost::new(person, text).visibility(Visibility::Connections),
            json!({
                "author": "urn:li:person:782bbtaQ", "visibility": "CONNECTIONS",
                "commentary": "Thanks \\(again\\) {hashtag|\\#|rust}, @[Ada \\(L\\)](urn:li:person:782bbtaQ)",
            }),
        ),
        (
            CreatePost::new(page(), "Hi").container(urn("urn:li:group:3")),
            json!({"container": "urn:li:group:3", "visibility": "CONTAINER"}),
        ),
        (
            CreatePost::new(page(), "Hi").target(audience),
            json!({"distribution": {
                "feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": [],
                "targetEntities": [{
                    "degrees": ["urn:li:degree:100"], "fieldsOfStudy": ["urn:li:fieldOfStudy:1"],
                    "industries": ["urn:li:industry:4"], "interfaceLocales": [{"country": "DE", "language": "de"}],
                    "jobFunctions": ["urn:li:function:8"], "geoLocations": ["urn:li:geo:101282230"],
                    "schools": ["urn:li:organization:6"], "organizations": ["urn:li:organization:7"],
                    "seniorities": ["urn:li:seniority:3"], "staffCountRanges": ["SIZE_2_TO_10"],
                }],
            }}),
        ),
    ];
    for (post, changes) in rows {
        table.row(post, &body(changes), Answer::created("urn:li:share:1"), |_| {}).await;
    }
}
