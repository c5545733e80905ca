//! Finding posts, profiles and places.

use serde_json::{Value, json};

use super::{Access, Call, GraphError, Outcome, Used, may_spend, page_links, posts, spend};

/// The place that has every name.
pub(super) const PLACE: &str = "7640348500";

fn one_of(call: &Call<'_>, name: &str, words: &[&str]) -> Result<Option<String>, GraphError> {
    let value = call.params.text(name)?;
    if value.as_ref().is_some_and(|value| !words.contains(&value.as_str())) {
        return Err(GraphError::parameter(format!("Param {name} must be one of {{{}}}.", words.join(", "))));
    }
    Ok(value)
}

/// `GET /keyword_search`
pub(super) fn keywords(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_keyword_search"])?;
    let kept = ["q", "search_type", "search_mode", "media_type", "since", "until", "author_username"];
    let mut known = kept.to_vec();
    known.extend(["limit", "after", "before"]);
    call.params.only(&known)?;
    let wanted = call.params.required("q")?.to_lowercase();
    one_of(call, "search_type", &["TOP", "RECENT"])?;
    let by_tag = one_of(call, "search_mode", &["KEYWORD", "TAG"])?.as_deref() == Some("TAG");
    let media_type = one_of(call, "media_type", &["TEXT", "IMAGE", "VIDEO"])?;
    let author = call.params.text("author_username")?;
    may_spend(call, &access.profile, Used::KeywordSearch)?;
    let profiles = &call.shared.config.world.threads;
    let author = author.map(|name| {
        profiles.iter().find(|one| one.username == name).map(|one| one.id.clone()).unwrap_or_default()
    });
    let found = posts::all(call)
        .filter(|post| !post.hidden && !post.waits())
        .filter(|post| media_type.as_ref().is_none_or(|wanted| post.draft.media_type == *wanted))
        .filter(|post| author.as_ref().is_none_or(|id| post.profile == *id))
        .filter(|post| {
            let topic = post.draft.shown.get("topic_tag").and_then(Value::as_str).unwrap_or_default();
            if by_tag {
                topic.to_lowercase() == wanted || post.text().to_lowercase().contains(&format!("#{wanted}"))
            } else {
                post.text().to_lowercase().contains(&wanted)
            }
        });
    let found = posts::page(call, access, "keyword_search", found, &kept)?;
    // A search that finds nothing does not count.
    if found.get("data").and_then(Value::as_array).is_some_and(|posts| !posts.is_empty()) {
        spend(call, &access.profile, Used::KeywordSearch)?;
    }
    Ok(found)
}

/// `GET /{profile}/mentions`
pub(super) fn mentions(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_manage_mentions"])?;
    let mark = format!("@{}", access.username);
    let found = posts::all(call).filter(|post| post.profile != access.profile && post.text().contains(&mark));
    posts::page(call, access, &format!("{}/mentions", access.profile), found, &["since", "until"])
}

/// `GET /profile_lookup`
pub(super) fn lookup(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_profile_discovery"])?;
    call.params.only(&["username"])?;
    let name = call.params.required("username")?;
    spend(call, &access.profile, Used::Lookup)?;
    let profiles = &call.shared.config.world.threads;
    let found = profiles.iter().find(|profile| profile.username == name);
    let found = found.ok_or_else(|| {
        GraphError::parameter("The profile does not exist, is private, or has too few followers.")
    })?;
    Ok(json!({
        "username": found.username,
        "name": found.name,
        "biography": "",
        "profile_picture_url": "https://scontent.example.com/threads.jpg",
        "is_verified": false,
        "follower_count": 1_000,
        "likes_count": 0,
        "quotes_count": 0,
        "replies_count": 0,
        "reposts_count": 0,
        "views_count": 0,
    }))
}

/// `GET /location_search`: one place has every name.
pub(super) fn locations(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_location_tagging"])?;
    call.params.only(&["q", "latitude", "longitude", "limit", "after", "before"])?;
    let name = call.params.text("q")?.filter(|name| !name.is_empty());
    let spot = (call.params.text("latitude")?, call.params.text("longitude")?);
    if name.is_none() && !matches!(spot, (Some(_), Some(_))) {
        return Err(GraphError::parameter("Send q, or latitude and longitude."));
    }
    spend(call, &access.profile, Used::LocationSearch)?;
    let name = name.unwrap_or_else(|| "Sandbox Square".to_owned());
    let place = json!({"id": PLACE, "name": name, "city": "Sandbox", "country": "DE"});
    page_links::page(call, "location_search", &[place], &["q", "latitude", "longitude"])
}

/// `GET /{location}`
pub(super) fn location(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_location_tagging"])?;
    let mut object = super::Object::new();
    for (name, value) in [
        ("id", json!(PLACE)),
        ("name", json!("Sandbox Square")),
        ("address", json!("Sandbox Square 1")),
        ("city", json!("Sandbox")),
        ("country", json!("DE")),
        ("latitude", json!(52.5)),
        ("longitude", json!(13.4)),
        ("postal_code", json!("10115")),
    ] {
        object.insert(name.to_owned(), value);
    }
    let known = ["id", "name", "address", "city", "country", "latitude", "longitude", "postal_code"];
    super::super::super::fields::select(call, "THREADS_LOCATION", &object, &known, &["id"])
}

/// `GET /profile_posts`: what another profile has published.
pub(super) fn profile_posts(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_profile_discovery"])?;
    let kept = ["username", "since", "until"];
    call.params.only(&["username", "since", "until", "limit", "after", "before"])?;
    let name = call.params.required("username")?;
    let profiles = &call.shared.config.world.threads;
    let found = profiles.iter().find(|profile| profile.username == name);
    let found = found.ok_or_else(|| GraphError::parameter("The profile does not exist or is private."))?;
    let posts = posts::all(call).filter(|post| post.profile == found.id && !post.is_reply());
    posts::page(call, access, "profile_posts", posts, &kept)
}
