//! The edges of a Page that hold its posts and media.

use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, paging},
    allow, no_such_method, photos, posts, reels, stories, videos,
};

/// Settings every Page has; all of them are flags here.
const SETTINGS: [&str; 4] =
    ["USERS_CAN_POST", "USERS_CAN_POST_PHOTOS", "USERS_CAN_MESSAGE", "PLATFORM_OPTOUT"];

const EDGES: [&str; 13] = [
    "photos",
    "videos",
    "video_reels",
    "video_stories",
    "photo_stories",
    "stories",
    "posts",
    "published_posts",
    "visitor_posts",
    "tagged",
    "ads_posts",
    "scheduled_posts",
    "settings",
];

pub(super) fn is_known(edge: &str) -> bool {
    EDGES.contains(&edge)
}

pub(super) fn answer(call: &mut Call<'_>, page: &str, edge: &str) -> Option<Outcome> {
    if !is_known(edge) {
        return None;
    }
    let method = call.request.method.clone();
    Some(match (edge, method) {
        ("photos", Method::POST) => photos::create(call, page),
        ("photos", Method::GET) => photos::list(call, page),
        ("videos", Method::POST) => videos::create(call, page),
        ("videos", Method::GET) => videos::list(call, page),
        ("video_reels", Method::GET) => reels::list(call, page),
        ("video_reels", Method::POST) => reels::phase(call, page, reels::Product::Reel),
        ("video_stories", Method::POST) => reels::phase(call, page, reels::Product::Story),
        ("photo_stories", Method::POST) => stories::create_photo(call, page),
        ("stories", Method::GET) => stories::list(call, page),
        ("settings", Method::GET) => settings(call, page),
        ("settings", Method::POST) => set(call, page),
        (
            "posts" | "published_posts" | "visitor_posts" | "tagged" | "ads_posts" | "scheduled_posts",
            Method::GET,
        ) => posts::list(call, page, edge),
        _ => no_such_method(call, page),
    })
}

fn settings(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &["pages_manage_metadata"])?;
    let set = &call.state.areas.page_media.settings;
    let value = |name: &str| set.get(&(page.to_owned(), name.to_owned())).cloned().unwrap_or(json!(true));
    let all: Vec<Value> =
        SETTINGS.iter().map(|name| json!({"setting": name, "value": value(name)})).collect();
    paging::page(call, &format!("{page}/settings"), &all)
}

fn set(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &["pages_manage_metadata"])?;
    call.params.only(&["option"])?;
    let option = call.params.structure("option")?;
    let options = option.as_ref().and_then(Value::as_object).filter(|options| !options.is_empty());
    let options =
        options.ok_or_else(|| GraphError::parameter("Param option must be an object with a setting."))?;
    for (name, value) in options {
        if !SETTINGS.contains(&name.as_str()) || !value.is_boolean() {
            return Err(GraphError::parameter(format!(
                "Param option: {name} is no setting with this value."
            )));
        }
    }
    for (name, value) in options {
        call.state.areas.page_media.settings.insert((page.to_owned(), name.clone()), value.clone());
    }
    Ok(json!({"success": true}))
}
