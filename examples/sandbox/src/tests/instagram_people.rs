//! Instagram: likes, products, and the posts of other accounts, page by page.

use serde_json::json;

use super::instagram_content::{ACCOUNT, Desk, PICTURE, VIDEO};
use crate::graph::areas::instagram::neighbours::FOREIGN_MEDIA;

#[tokio::test]
async fn a_like_counts_once_and_stories_take_none() {
    let desk = Desk::new().await;
    let post = desk.published(&[("image_url", PICTURE)]).await;
    let likes = format!("{ACCOUNT}/likes");
    for _ in 0..2 {
        assert_eq!(desk.post(&likes, &[("media_id", &post)]).await.status, 200);
    }
    assert_eq!(desk.get(&format!("{post}?fields=like_count")).await.json()["like_count"], 1);
    assert_eq!(desk.delete(&format!("{likes}?media_id={post}")).await.status, 200);
    assert_eq!(desk.get(&format!("{post}?fields=like_count")).await.json()["like_count"], 0);
    let story = desk.published(&[("image_url", PICTURE), ("media_type", "STORIES")]).await;
    assert_eq!(desk.post(&likes, &[("media_id", &story)]).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn products_are_added_until_there_are_enough() {
    let desk = Desk::new().await;
    let tags = |ids: std::ops::Range<u32>, x: f64| {
        let tags: Vec<_> = ids.map(|id| json!({"product_id": id.to_string(), "x": x, "y": 0.5})).collect();
        json!(tags).to_string()
    };
    desk.refused(&[("image_url", PICTURE), ("product_tags", &tags(1..7, 0.5))], 100, Some(2_207_037)).await;
    let post = desk.published(&[("image_url", PICTURE), ("product_tags", &tags(1..6, 0.5))]).await;
    let edge = format!("{post}/product_tags");
    assert_eq!(desk.post(&edge, &[("updated_tags", &tags(5..21, 0.1))]).await.status, 200);
    let all = desk.get(&edge).await.json();
    assert_eq!(all["data"].as_array().unwrap().len(), 20);
    let moved = all["data"].as_array().unwrap().iter().find(|tag| tag["product_id"] == "5").unwrap();
    assert_eq!(moved["x"], 0.1);
    let too_many = desk.post(&edge, &[("updated_tags", &tags(21..22, 0.1))]).await;
    assert_eq!(too_many.graph_error(), (400, 100, Some(2_207_037)));
    let twice = r#"[{"product_id":"1"},{"product_id":1}]"#;
    assert_eq!(desk.post(&edge, &[("updated_tags", twice)]).await.graph_error(), (400, 100, Some(2_207_037)));
}

#[tokio::test]
async fn the_posts_of_another_account_end_with_an_empty_page() {
    let desk = Desk::new().await;
    let field = |after: &str| {
        format!("{ACCOUNT}?fields=business_discovery.username(sandbox.bo){{media{after}.limit(1){{id}}}}")
    };
    let first = desk.get(&field("")).await.json();
    let media = &first["business_discovery"]["media"];
    assert_eq!(media["data"], json!([{"id": FOREIGN_MEDIA}]));
    let after = media["paging"]["cursors"]["after"].as_str().unwrap();
    let second = desk.get(&field(&format!(".after({after})"))).await.json();
    assert_eq!(second["business_discovery"]["media"], json!({"data": []}));
    assert_eq!(desk.get(&field(".after(nothing)")).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn figures_are_those_of_what_was_published() {
    let desk = Desk::new().await;
    let reel = desk.published(&[("video_url", VIDEO), ("media_type", "REELS")]).await;
    let post = desk.published(&[("image_url", PICTURE)]).await;
    let watched = |media: &str| format!("{media}/insights?metric=ig_reels_avg_watch_time");
    assert_eq!(desk.get(&watched(&reel)).await.status, 200);
    assert_eq!(desk.get(&watched(&post)).await.graph_error(), (400, 100, None));
}
