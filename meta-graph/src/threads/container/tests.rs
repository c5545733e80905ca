use sociogram_api_core::Finding;

use super::*;
use crate::scripted;
use crate::threads::testing::{exchange, exchange_body};

const IMAGE: &str = "https://cdn.example.com/a.jpg";
const VIDEO: &str = "https://cdn.example.com/a.mp4";

fn pairs(body: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn text(text: &str) -> CreateThread {
    CreateThread::text_post(7, text)
}

#[tokio::test]
async fn a_reply_names_the_permission_it_needs_besides() {
    let refused = scripted::error_body(10, 0);
    let own = exchange(text("Hi"), &refused).await.0.unwrap_err();
    assert_eq!(own.missing_scopes(), ["threads_basic", "threads_content_publish"]);
    let both = ["threads_basic", "threads_content_publish", "threads_manage_replies"];
    let reply = exchange(text("Hi").reply_to_id(5), &refused).await.0.unwrap_err();
    assert_eq!(reply.missing_scopes(), both);
    let reply = exchange(text("Hi").reply_to_id(5).at_once(), &refused).await.0.unwrap_err();
    assert_eq!(reply.missing_scopes(), both);
}

#[tokio::test]
async fn each_kind_has_its_media_type() {
    let children = [ContainerId::from(1), ContainerId::from(2)];
    for (container, fields) in [
        (text("Hi"), &[("media_type", "TEXT"), ("text", "Hi")][..]),
        (CreateThread::image(7, IMAGE), &[("media_type", "IMAGE"), ("image_url", IMAGE)]),
        (CreateThread::video(7, VIDEO), &[("media_type", "VIDEO"), ("video_url", VIDEO)]),
        (
            CreateThread::carousel_image(7, IMAGE),
            &[("media_type", "IMAGE"), ("image_url", IMAGE), ("is_carousel_item", "true")],
        ),
        (
            CreateThread::carousel_video(7, VIDEO),
            &[("media_type", "VIDEO"), ("video_url", VIDEO), ("is_carousel_item", "true")],
        ),
        (CreateThread::carousel(7, children), &[("media_type", "CAROUSEL"), ("children", "1,2")]),
    ] {
        let (created, body) = exchange_body(container, r#"{"id":1800}"#).await;
        assert_eq!(created.unwrap().id.as_str(), "1800");
        assert_eq!(pairs(&body), expected(fields));
    }
}

#[tokio::test]
async fn attachments_are_json_in_the_form() {
    let poll = text("Which?").poll_attachment(PollAttachment::new(["A", "B", "C"])).topic_tag("Cats");
    let (_, body) = exchange_body(poll, r#"{"id":"1"}"#).await;
    let fields = [
        ("media_type", "TEXT"),
        ("text", "Which?"),
        ("topic_tag", "Cats"),
        ("poll_attachment", r#"{"option_a":"A","option_b":"B","option_c":"C"}"#),
    ];
    assert_eq!(pairs(&body), expected(&fields));
    let range = StyledRange::new(0, 7, [TextStyle::Bold, TextStyle::Italic]);
    let long = text("More")
        .text_attachment(TextAttachment::new("Lengthy text").link("https://example.com").styled(range))
        .text_entities(vec![SpoilerText::new(0, 4)])
        .gif_attachment(GifAttachment::giphy("g1"))
        .reply_control(ReplyControl::FollowersOnly)
        .allowlisted_country_codes(["US", "CA"]);
    let (_, body) = exchange_body(long, r#"{"id":"1"}"#).await;
    let attachment = r#"{"link_attachment_url":"https://example.com","plaintext":"Lengthy text","text_with_styling_info":[{"length":7,"offset":0,"styling_info":["bold","italic"]}]}"#;
    let fields = [
        ("media_type", "TEXT"),
        ("text", "More"),
        ("reply_control", "followers_only"),
        ("gif_attachment", r#"{"gif_id":"g1","provider":"GIPHY"}"#),
        ("text_attachment", attachment),
        ("text_entities", r#"[{"entity_type":"SPOILER","length":4,"offset":0}]"#),
        ("allowlisted_country_codes", "US,CA"),
    ];
    assert_eq!(pairs(&body), expected(&fields));
}

#[tokio::test]
async fn a_text_can_be_published_by_one_call() {
    let (published, body) = exchange_body(text("Hi").at_once(), r#"{"id":"99"}"#).await;
    assert_eq!(published.unwrap().id, MediaId::from(99));
    assert_eq!(body, "media_type=TEXT&text=Hi&auto_publish_text=true");
    assert_eq!(CreateThread::image(7, IMAGE).at_once().check()[0].rule(), "threads.text.at_once");
    let (open, _) = exchange(text("Hi").at_once(), r#"{"ok":1}"#).await;
    assert!(open.unwrap_err().may_have_been_applied());
}

#[test]
fn it_survives_storage() {
    let thread = text("Hi")
        .poll_attachment(PollAttachment::new(["A", "B"]))
        .text_entities(vec![SpoilerText::new(0, 1)]);
    let json = serde_json::to_string(&thread).unwrap();
    assert_eq!(serde_json::from_str::<CreateThread>(&json).unwrap(), thread);
}

#[test]
fn findings_name_the_rule() {
    let none: &[&str] = &[];
    let links = |count: usize| {
        let links: Vec<String> = (0..count).map(|number| format!("https://example.com/{number}")).collect();
        links.join(" ")
    };
    let image = || CreateThread::image(7, IMAGE);
    let poll = |answers: &[&str]| text("?").poll_attachment(PollAttachment::new(answers.iter().copied()));
    let carousel = |count: u64| CreateThread::carousel(7, (0..count).map(ContainerId::from));
    let overlapping = TextAttachment::new("Lengthy")
        .styled(StyledRange::new(3, 4, [TextStyle::Bold]))
        .styled(StyledRange::new(0, 4, [TextStyle::Italic]));
    let touching = TextAttachment::new("Lengthy")
        .styled(StyledRange::new(4, 3, [TextStyle::Bold]))
        .styled(StyledRange::new(0, 4, [TextStyle::Italic]));
    let table = vec![
        (text("Hi"), none),
        (text(" "), &["threads.text.empty"]),
        (text(" ").quote_post_id(5), none),
        (text(&"ä".repeat(500)), none),
        (text(&"ä".repeat(501)), &["threads.text.length"]),
        (text(&"🎉".repeat(126)), &["threads.text.length"]),
        (text(&links(5)), none),
        (text(&links(6)), &["threads.text.links"]),
        (text(&links(5)).link_attachment("https://example.com/0"), none),
        (text(&links(5)).link_attachment("https://example.org"), &["threads.text.links"]),
        (
            text(&links(5)).text_attachment(TextAttachment::new("x").link("https://example.org")),
            &["threads.text.links"],
        ),
        (image(), none),
        (CreateThread::image(7, "http://cdn.example.com/a.jpg"), &["threads.media.url"]),
        (image().alt_text("x".repeat(1000)), none),
        (image().alt_text("x".repeat(1001)), &["threads.alt_text.length"]),
        (carousel(1), &["threads.carousel.count"]),
        (carousel(20), none),
        (carousel(21), &["threads.carousel.count"]),
        (text("x").topic_tag("x".repeat(50)), none),
        (text("x").topic_tag(""), &["threads.topic.form"]),
        (text("x").topic_tag("x".repeat(51)), &["threads.topic.form"]),
        (text("x").topic_tag("a.b"), &["threads.topic.form"]),
        (text("x").topic_tag("a&b"), &["threads.topic.form"]),
        (poll(&["A"]), &["threads.poll.count"]),
        (poll(&["A", "B", "C", "D"]), none),
        (poll(&["A", "B", "C", "D", "E"]), &["threads.poll.count"]),
        (poll(&["A", ""]), &["threads.poll.length"]),
        (poll(&["A", &"x".repeat(26)]), &["threads.poll.length"]),
        (text("x").text_attachment(TextAttachment::new("ä".repeat(10_000))), none),
        (text("x").text_attachment(TextAttachment::new("ä".repeat(10_001))), &["threads.attachment.length"]),
        (poll(&["A", "B"]).text_attachment(TextAttachment::new("x")), &["threads.attachment.alone"]),
        (
            text("x").link_attachment("https://example.com").text_attachment(TextAttachment::new("x")),
            &["threads.attachment.alone"],
        ),
        (text("x").text_attachment(overlapping), &["threads.attachment.styles"]),
        (text("x").text_attachment(touching), none),
        (image().link_attachment("https://example.com"), &["threads.text.only"]),
        (image().poll_attachment(PollAttachment::new(["A", "B"])), &["threads.text.only"]),
        (image().gif_attachment(GifAttachment::giphy("1")), &["threads.text.only"]),
        (text("x").is_ghost_post(true), none),
        (text("x").is_ghost_post(true).reply_to_id(5), &["threads.ghost.reply"]),
        (text("x").allowlisted_country_codes(["us"]), &["threads.countries"]),
    ];
    for (container, rules) in table {
        let found: Vec<&str> = container.check().iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{container:?}");
    }
}
