use serde_json::json;

use super::*;

fn read(value: &Value) -> Content {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn what_is_read_is_what_is_written() {
    for (value, kind) in [
        (json!({"media": {"id": "urn:li:image:C1", "altText": "a"}}), "Image"),
        (json!({"media": {"id": "urn:li:video:C1", "title": "a"}}), "Video"),
        (json!({"media": {"id": "urn:li:video:C1"}}), "Video"),
        (json!({"media": {"id": "urn:li:document:C1", "title": "a.pdf"}}), "Document"),
        (
            json!({"multiImage": {"images": [{"id": "urn:li:image:1"}, {"id": "urn:li:image:2", "altText": "b"}]}}),
            "MultiImage",
        ),
        (
            json!({"article": {"source": "https://e.com", "title": "t", "description": "d", "thumbnail": "urn:li:image:1",
                "thumbnailAltText": "x"}}),
            "Article",
        ),
        (
            json!({"poll": {"question": "q", "options": [{"text": "a"}, {"text": "b"}], "settings": {
                "duration": "THREE_DAYS", "voteSelectionType": "SINGLE_VOTE", "isVoterVisibleToAuthor": true}}}),
            "Poll",
        ),
        (
            json!({"carousel": {"cards": [{"landingPage": "https://e.com", "media": {"id": "urn:li:image:1", "title": "t"}}]}}),
            "Carousel",
        ),
        (json!({"reference": {"id": "urn:li:event:7"}}), "Reference"),
        (json!({"celebration": {"recipient": ["urn:li:person:a"]}}), "Other"),
    ] {
        let content = read(&value);
        assert_eq!(serde_json::to_value(&content).unwrap(), value);
        assert!(format!("{content:?}").starts_with(kind), "{content:?}");
    }
}

#[test]
fn what_is_not_known_is_kept_as_it_came() {
    for value in [
        json!({"media": {"id": "urn:li:digitalmediaAsset:C1"}}),
        json!({"media": {"altText": "no id"}}),
        json!({"article": {"title": "no source"}}),
        json!({"poll": {"question": "q"}}),
        json!({"media": {"id": "urn:li:image:1"}, "article": {"source": "https://e.com"}}),
        json!({"spaceship": 7}),
        json!({}),
        json!([]),
        json!("text"),
    ] {
        assert_eq!(read(&value), Content::Other(value));
    }
}

#[test]
fn more_than_is_known_does_no_harm() {
    let value = json!({
        "poll": {
            "question": "q", "uniqueVotersCount": 3, "isVotedByViewer": false,
            "options": [{"text": "a", "voteCount": "2", "isVotedByViewer": true}, {"text": "b", "voteCount": 1}],
            "settings": {"duration": "BRAND_NEW", "isVoterVisibleToAuthor": "true"},
        },
        "article": null,
    });
    let Content::Poll(poll) = read(&value) else { panic!("no poll") };
    assert_eq!((poll.unique_voters_count, poll.options[0].vote_count), (Some(3), Some(2)));
    assert_eq!(poll.settings.duration, PollDuration::Unknown("BRAND_NEW".into()));
    assert_eq!(poll.settings.is_voter_visible_to_author, Some(true));
    let article = json!({"article": {"source": "https://e.com", "thumbnail": "urn:li:digitalmediaAsset:1", "title": 7}});
    let Content::Article(article) = read(&article) else { panic!("no article") };
    assert_eq!((article.title, article.thumbnail), (None, None));
}

#[test]
fn every_uploaded_file_is_named_with_its_field() {
    let image = |id: &str| ImageUrn::from_id(id).unwrap();
    let assets = |content: Content| {
        content.assets().into_iter().map(|(field, urn)| format!("{field} {urn}")).collect::<Vec<_>>()
    };
    let images = MultiImage::new([ImageContent::new(image("1")), ImageContent::new(image("2"))]);
    assert_eq!(
        assets(images.into()),
        ["content.multiImage.images[0].id urn:li:image:1", "content.multiImage.images[1].id urn:li:image:2"]
    );
    let article = Article::new("https://e.com", "t");
    assert_eq!(assets(article.clone().into()), Vec::<String>::new());
    assert_eq!(assets(article.thumbnail(image("1")).into()), ["content.article.thumbnail urn:li:image:1"]);
    let carousel = Carousel::new([CarouselCard::new(image("1"), "https://e.com")]);
    assert_eq!(assets(carousel.into()), ["content.carousel.cards[0].media.id urn:li:image:1"]);
    assert_eq!(assets(Poll::new("q", ["a", "b"], PollDuration::OneDay).into()), Vec::<String>::new());
}
