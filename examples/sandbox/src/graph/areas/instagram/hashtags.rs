//! Hashtag search: `graph.facebook.com` only.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Object,
    access::{Access, Door},
    caption::marked,
    media, page_links,
    selection::{self, Kind},
};

/// Different hashtags an account may search for within seven days.
const MAX_HASHTAGS: usize = 30;
const WEEK: i64 = 7 * 86_400;
/// What counts as recent, in seconds.
const RECENT: i64 = 86_400;
/// Fields of media found by hashtag; nothing tells who posted it.
const FIELDS: [&str; 9] = [
    "id",
    "caption",
    "children",
    "comments_count",
    "like_count",
    "media_type",
    "media_url",
    "permalink",
    "timestamp",
];

/// The account named by `user_id`, through this door.
fn access(call: &Call<'_>, door: &Door) -> Result<Access, GraphError> {
    let account = call.params.required("user_id")?;
    Access::to_account(call, door, &account)
}

/// Hashtags the account searched for within the last seven days, oldest first.
fn searched(call: &Call<'_>, account: &str) -> Vec<String> {
    let begin = call.state.now_seconds().saturating_sub(WEEK);
    let mut tags: Vec<String> = Vec::new();
    for (who, tag, at) in &call.state.areas.instagram.searches {
        if who == account && *at > begin && !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

pub(super) fn search(call: &mut Call<'_>, door: &Door) -> Outcome {
    if call.request.method != http::Method::GET {
        return Err(GraphError::unsupported(&call.request.method, "ig_hashtag_search"));
    }
    call.params.only(&["user_id", "q"])?;
    let access = access(call, door)?;
    let tag = call.params.required("q")?.to_lowercase();
    if !tag.chars().all(|c| c.is_alphanumeric() || c == '_') {
        let message = "The requested resource does not exist: a hashtag is one word without the mark.";
        return Err(GraphError::new(400, 24, message).subcode(2_207_024));
    }
    let before = searched(call, &access.account);
    if !before.contains(&tag) && before.len() >= MAX_HASHTAGS {
        let message = "Too many different hashtags: at most 30 within 7 days.";
        return Err(GraphError::new(400, 18, message).subcode(2_207_034));
    }
    let (now, number) = (call.state.now_seconds(), call.state.number());
    let held = &mut call.state.areas.instagram;
    held.searches.push((access.account, tag.clone(), now));
    let id = held.hashtags.entry(tag).or_insert_with(|| format!("1784{number:013}"));
    Ok(json!({"data": [{ "id": id }]}))
}

pub(super) fn recent(call: &mut Call<'_>, access: &Access) -> Outcome {
    let held = &call.state.areas.instagram;
    let tags = searched(call, &access.account);
    let found = tags.iter().filter_map(|tag| {
        let mut object = Object::new();
        object.insert("id".to_owned(), json!(held.hashtags.get(tag)?));
        object.insert("name".to_owned(), json!(tag));
        Some(super::super::super::fields::select(call, "Hashtag", &object, &["id", "name"], &["id"]))
    });
    let ids: Vec<Value> = found.collect::<Result<_, _>>()?;
    page_links::page(call, &format!("{}/recently_searched_hashtags", access.account), &ids, &[])
}

/// A hashtag, or what was posted with it.
pub(super) fn about(call: &mut Call<'_>, door: &Door, id: &str, rest: &[&str]) -> Outcome {
    let tags = &call.state.areas.instagram.hashtags;
    let name = tags.iter().find(|(_, known)| *known == id).map(|(name, _)| name.clone()).unwrap_or_default();
    let Some(edge) = rest.first() else {
        let mut object = Object::new();
        object.insert("id".to_owned(), json!(id));
        object.insert("name".to_owned(), json!(name));
        return super::super::super::fields::select(call, "Hashtag", &object, &["id", "name"], &["id"]);
    };
    let access = access(call, door)?;
    call.params.only(&["user_id", "limit", "after", "before"])?;
    let fields = selection::asked(call, "id")?;
    if let Some(field) = fields.iter().find(|field| !FIELDS.contains(&field.name.as_str())) {
        let message = format!("Tried accessing nonexisting field ({}) on node type (IGMedia)", field.name);
        return Err(GraphError::parameter(message));
    }
    let begin =
        if *edge == "recent_media" { call.state.now_seconds().saturating_sub(RECENT) } else { i64::MIN };
    let media = call.state.areas.instagram.media.iter().rev();
    let values = media
        .filter(|one| one.is_in_grid() && one.published_at > begin)
        .filter(|one| marked(one.caption(), '#').any(|tag| tag.to_lowercase() == name))
        .map(|one| selection::apply(Kind::Media, &media::fields_of(call, one, false), &fields))
        .collect::<Result<Vec<_>, _>>()?;
    drop(access);
    page_links::page(call, &format!("{id}/{edge}"), &values, &["user_id"])
}
