//! What is published: reading, listing, changing, deleting.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    Object,
    access::{Access, Need},
    comments,
    create_words::{self, Draft, Shape},
    page_links,
    selection::{self, Kind},
};
use crate::clock::graph_time;

/// Life of a story, in seconds.
const STORY_LIFE: i64 = 86_400;

/// A picture or video of a carousel.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) container: String,
    pub(super) id: String,
    pub(super) shape: Shape,
    pub(super) alt_text: Option<String>,
}

/// Something published.
#[derive(Debug, Clone)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) number: u64,
    /// Seconds.
    pub(super) published_at: i64,
    pub(super) comments_enabled: bool,
    pub(super) deleted: bool,
    pub(super) items: Vec<Item>,
    pub(super) draft: Draft,
}

impl Media {
    /// Whether it stays with the account's posts, which a story does not.
    pub(super) fn is_in_grid(&self) -> bool {
        !self.deleted && !self.draft.shape.is_story()
    }

    pub(super) fn caption(&self) -> &str {
        self.draft.caption.as_deref().unwrap_or_default()
    }
}

/// All fields of it that have a value. People without a role see no more than a visitor does.
pub(super) fn fields_of(call: &Call<'_>, media: &Media, owned: bool) -> Object {
    let world = &call.shared.config.world;
    let username = world.instagram.iter().find(|account| account.user_id == media.account);
    let username = username.map(|account| account.username.as_str()).unwrap_or_default();
    let shape = media.draft.shape;
    let shortcode = format!("C{:010}", media.number);
    let permalink = match shape {
        Shape::StoryImage | Shape::StoryVideo => {
            format!("https://www.instagram.com/stories/{username}/{}/", media.id)
        }
        Shape::Reel => format!("https://www.instagram.com/reel/{shortcode}/"),
        _ => format!("https://www.instagram.com/p/{shortcode}/"),
    };
    let mut object = Object::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(media.id));
    put("media_type", json!(shape.media_type()));
    put("media_product_type", json!(shape.product_type()));
    put("media_url", json!(file_address(&media.id, shape.is_video())));
    put("permalink", json!(permalink));
    put("timestamp", json!(graph_time(media.published_at)));
    put("username", json!(username));
    put("comments_count", json!(comments::count(call, &media.id)));
    put("like_count", json!(call.state.areas.instagram.likes_of(&media.id)));
    if let Some(caption) = &media.draft.caption {
        put("caption", json!(caption));
    }
    if shape.is_video() {
        put("thumbnail_url", json!(file_address(&media.id, false)));
    }
    if !media.items.is_empty() {
        let items: Vec<Value> =
            media.items.iter().map(|item| Value::Object(item_fields(media, item))).collect();
        put("children", json!({ "data": items }));
    }
    if !owned {
        return object;
    }
    put("shortcode", json!(shortcode));
    put("owner", json!({"id": media.account}));
    put("is_comment_enabled", json!(media.comments_enabled));
    put("is_ai_generated", json!(media.draft.is_ai_generated));
    for count in ["reposts_count", "saved_count", "shares_count", "view_count"] {
        put(count, json!(0));
    }
    if shape == Shape::Reel {
        put("is_shared_to_feed", json!(media.draft.share_to_feed));
    }
    if let Some(text) = &media.draft.alt_text {
        put("alt_text", json!(text));
    }
    put("comments", json!({"data": comments::values_of(call, &media.id)}));
    object
}

fn item_fields(media: &Media, item: &Item) -> Object {
    let mut object = Object::new();
    object.insert("id".to_owned(), json!(item.id));
    object.insert("media_type".to_owned(), json!(item.shape.media_type()));
    object.insert("media_url".to_owned(), json!(file_address(&item.id, item.shape.is_video())));
    object.insert("timestamp".to_owned(), json!(graph_time(media.published_at)));
    object.insert("owner".to_owned(), json!({"id": media.account}));
    if let Some(text) = &item.alt_text {
        object.insert("alt_text".to_owned(), json!(text));
    }
    object
}

fn file_address(id: &str, video: bool) -> String {
    let ending = if video { "mp4" } else { "jpg" };
    format!("https://scontent.example.com/{id}.{ending}")
}

fn find<'c>(call: &'c Call<'_>, id: &str) -> Result<&'c Media, GraphError> {
    let held = &call.state.areas.instagram;
    let found = held.media.iter().find(|media| media.id == id && !media.deleted);
    found.ok_or_else(|| GraphError::unsupported(&call.request.method, id))
}

pub(super) fn read(call: &mut Call<'_>, _access: &Access, id: &str) -> Outcome {
    let object = fields_of(call, find(call, id)?, true);
    selection::apply(Kind::Media, &object, &selection::asked(call, "id")?)
}

/// The posts of the account, newest first; no stories.
pub(super) fn list(call: &mut Call<'_>, access: &Access) -> Outcome {
    let since = call.params.integer("since")?.unwrap_or(i64::MIN);
    let until = call.params.integer("until")?.unwrap_or(i64::MAX);
    let media = call.state.areas.instagram.media.iter().rev();
    let media: Vec<&Media> = media
        .filter(|one| one.account == access.account && one.is_in_grid())
        .filter(|one| (since..=until).contains(&one.published_at))
        .collect();
    page(call, access, "media", &media)
}

/// The stories of the last 24 hours.
pub(super) fn stories(call: &mut Call<'_>, access: &Access) -> Outcome {
    let now = call.state.now_seconds();
    let media = call.state.areas.instagram.media.iter().rev();
    let stories: Vec<&Media> = media
        .filter(|one| one.account == access.account && one.draft.shape.is_story() && !one.deleted)
        .filter(|one| one.published_at.saturating_add(STORY_LIFE) > now)
        .collect();
    page(call, access, "stories", &stories)
}

fn page(call: &Call<'_>, access: &Access, edge: &str, media: &[&Media]) -> Outcome {
    let fields = selection::asked(call, "id")?;
    let objects =
        media.iter().map(|media| selection::apply(Kind::Media, &fields_of(call, media, true), &fields));
    let objects = objects.collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, &format!("{}/{edge}", access.account), &objects, &["since", "until"])
}

/// A list that nothing fills here.
pub(super) fn none(call: &mut Call<'_>, access: &Access) -> Outcome {
    let fields = selection::asked(call, "id")?;
    selection::apply(Kind::Small, &Object::new(), &fields)?;
    page_links::page(call, &access.account, &[], &[])
}

pub(super) fn change(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&["comment_enabled"])?;
    let enabled = call.params.boolean("comment_enabled")?;
    let enabled =
        enabled.ok_or_else(|| GraphError::parameter("The parameter comment_enabled is required."))?;
    if let Some(media) = call.state.areas.instagram.media.iter_mut().find(|media| media.id == id) {
        media.comments_enabled = enabled;
    }
    Ok(json!({"success": true}))
}

pub(super) fn delete(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::Delete)?;
    call.params.only(&[])?;
    if let Some(media) = call.state.areas.instagram.media.iter_mut().find(|media| media.id == id) {
        media.deleted = true;
    }
    Ok(json!({"success": true, "deleted_id": id}))
}

pub(super) fn children(call: &mut Call<'_>, _access: &Access, id: &str) -> Outcome {
    let fields = selection::asked(call, "id")?;
    let media = find(call, id)?;
    let items =
        media.items.iter().map(|item| selection::apply(Kind::Media, &item_fields(media, item), &fields));
    let items = items.collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "data": items }))
}

/// One picture or video of a carousel.
pub(super) fn read_item(call: &mut Call<'_>, _access: &Access, id: &str) -> Outcome {
    let fields = selection::asked(call, "id")?;
    let mut media = call.state.areas.instagram.media.iter();
    let found = media.find_map(|one| Some((one, one.items.iter().find(|item| item.id == id)?)));
    let (media, item) = found.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    selection::apply(Kind::Media, &item_fields(media, item), &fields)
}

pub(super) fn collaborators(call: &mut Call<'_>, _access: &Access, id: &str) -> Outcome {
    let media = find(call, id)?;
    let accounts = &call.shared.config.world.instagram;
    // Nobody here answers an invitation, and who is not there gets none.
    let invited = media.draft.collaborators.iter().filter_map(|name| {
        let account = accounts.iter().find(|account| account.username == *name)?;
        Some(json!({"id": account.user_id, "username": name, "invite_status": "Pending"}))
    });
    let invited: Vec<Value> = invited.collect();
    Ok(json!({ "data": invited }))
}

pub(super) fn product_tags(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(call, Need::ProductTags)?;
    let media = find(call, id)?;
    if call.request.method == http::Method::GET {
        return Ok(json!({"data": media.draft.product_tags}));
    }
    call.params.only(&["updated_tags", "child_index"])?;
    if !media.is_in_grid() {
        return Err(GraphError::parameter("Stories take no product tags."));
    }
    let tags = create_words::more_product_tags(call, media.draft.shape, &media.draft.product_tags)?;
    if let Some(media) = call.state.areas.instagram.media.iter_mut().find(|media| media.id == id) {
        media.draft.product_tags = tags;
    }
    Ok(json!({"success": true}))
}
