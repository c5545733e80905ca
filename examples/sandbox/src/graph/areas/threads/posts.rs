//! Posts: reading, listing, reposting, deleting.

use serde_json::{Value, json};

use super::{
    Access, Call, GraphError, Object, Outcome, Used,
    create::Draft,
    page_links,
    selection::{self, Field, Kind},
    spend,
};
use crate::clock::graph_time;

/// A picture or video of a carousel.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) media_type: String,
    pub(super) alt_text: Option<String>,
}

/// Whether it has the consent of the author of the root, if it needs that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Approval {
    Approved,
    Pending,
    /// Passed over; it still can be let through.
    Ignored,
}

impl Approval {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Ignored => "ignored",
        }
    }
}

/// A post, a reply, or a repost.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) profile: String,
    pub(super) number: u64,
    /// Seconds; what lies ahead of the clock has not happened yet.
    pub(super) created_at: i64,
    /// The post at the top of the conversation, for a reply.
    pub(super) root: Option<String>,
    /// What it repeats, if it is a repost.
    pub(super) reposted: Option<String>,
    pub(super) approval: Approval,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    pub(super) items: Vec<Item>,
    pub(super) draft: Draft,
}

impl Post {
    pub(super) fn is_there(&self, now: i64) -> bool {
        !self.deleted && self.created_at <= now
    }

    /// Whether nobody sees it yet.
    pub(super) fn waits(&self) -> bool {
        self.approval != Approval::Approved
    }

    pub(super) fn is_reply(&self) -> bool {
        self.draft.reply_to.is_some()
    }

    pub(super) fn text(&self) -> &str {
        self.draft.text.as_deref().unwrap_or_default()
    }
}

/// All posts that are there, newest first.
pub(super) fn all<'c>(call: &'c Call<'_>) -> impl Iterator<Item = &'c Post> {
    let now = call.state.now_seconds();
    let mut posts: Vec<&Post> =
        call.state.areas.threads.posts.iter().filter(|post| post.is_there(now)).collect();
    posts.sort_by_key(|post| post.created_at);
    posts.into_iter().rev()
}

pub(super) fn find<'c>(call: &'c Call<'_>, id: &str) -> Result<&'c Post, GraphError> {
    let found = all(call).find(|post| post.id == id);
    found.ok_or_else(|| GraphError::unsupported(&call.request.method, id))
}

/// All fields of a post that have a value.
pub(super) fn fields_of(call: &Call<'_>, access: &Access, post: &Post) -> Object {
    let profiles = &call.shared.config.world.threads;
    let username = profiles.iter().find(|profile| profile.id == post.profile);
    let username = username.map(|profile| profile.username.as_str()).unwrap_or_default();
    let shortcode = format!("D{:010}", post.number);
    let reference = |id: &String| json!({ "id": id });
    let mut object = post.draft.shown.clone();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    let media_type = match post.draft.media_type.as_str() {
        _ if post.reposted.is_some() => "REPOST_FACADE",
        "TEXT" => "TEXT_POST",
        "CAROUSEL" => "CAROUSEL_ALBUM",
        other => other,
    };
    put("id", json!(post.id));
    put("media_product_type", json!("THREADS"));
    put("media_type", json!(media_type));
    put("permalink", json!(format!("https://www.threads.net/@{username}/post/{shortcode}")));
    put("shortcode", json!(shortcode));
    put("username", json!(username));
    put("timestamp", json!(graph_time(post.created_at)));
    put("is_quote_post", json!(post.draft.quoted.is_some()));
    put("has_replies", json!(all(call).any(|reply| reply.draft.reply_to.as_ref() == Some(&post.id))));
    put("is_reply", json!(post.is_reply()));
    if post.profile == access.profile {
        put("owner", json!({"id": post.profile}));
    }
    if let Some(text) = &post.draft.text {
        put("text", json!(text));
    }
    if let Some(text) = &post.draft.alt_text {
        put("alt_text", json!(text));
    }
    match media_type {
        "IMAGE" => put("media_url", json!(file_address(&post.id, "jpg"))),
        "VIDEO" => {
            put("thumbnail_url", json!(file_address(&post.id, "jpg")));
            put("media_url", json!(file_address(&post.id, "mp4")))
        }
        _ => None,
    };
    if !post.items.is_empty() {
        let items: Vec<Value> = post.items.iter().map(item_value).collect();
        put("children", json!({ "data": items }));
    }
    for (name, id) in [
        ("quoted_post", &post.draft.quoted),
        ("reposted_post", &post.reposted),
        ("root_post", &post.root),
        ("replied_to", &post.draft.reply_to),
    ] {
        if let Some(id) = id {
            put(name, reference(id));
        }
    }
    if post.is_reply() {
        put("is_reply_owned_by_me", json!(post.profile == access.profile));
        put("hide_status", json!(if post.hidden { "HIDDEN" } else { "NOT_HUSHED" }));
        put("reply_approval_status", json!(post.approval.name()));
    }
    let audience = post.draft.reply_audience.as_deref().unwrap_or("everyone");
    put("reply_audience", json!(audience.to_ascii_uppercase()));
    object
}

fn item_value(item: &Item) -> Value {
    let ending = if item.media_type == "VIDEO" { "mp4" } else { "jpg" };
    let mut value =
        json!({"id": item.id, "media_type": item.media_type, "media_url": file_address(&item.id, ending)});
    if let (Some(object), Some(text)) = (value.as_object_mut(), &item.alt_text) {
        object.insert("alt_text".to_owned(), json!(text));
    }
    value
}

fn file_address(id: &str, ending: &str) -> String {
    format!("https://scontent.example.com/threads/{id}.{ending}")
}

pub(super) fn select(call: &Call<'_>, access: &Access, post: &Post, fields: &[Field]) -> Outcome {
    selection::apply(Kind::Post, &fields_of(call, access, post), fields)
}

/// One page of some posts. `kept` names the parameters that the addresses of its neighbours repeat.
pub(super) fn page<'c>(
    call: &Call<'_>,
    access: &Access,
    path: &str,
    posts: impl Iterator<Item = &'c Post>,
    kept: &[&str],
) -> Outcome {
    let fields = selection::asked(call, "id")?;
    let since = call.params.integer("since")?.unwrap_or(i64::MIN);
    let until = call.params.integer("until")?.unwrap_or(i64::MAX);
    let posts = posts.filter(|post| (since..=until).contains(&post.created_at));
    let values = posts.map(|post| select(call, access, post, &fields)).collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, path, &values, kept)
}

pub(super) fn read(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&["threads_basic"])?;
    select(call, access, find(call, id)?, &selection::asked(call, "id")?)
}

/// The profile's own posts, newest first; no replies.
pub(super) fn list(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic"])?;
    let posts = all(call).filter(|post| post.profile == access.profile && !post.is_reply());
    page(call, access, &format!("{}/threads", access.profile), posts, &["since", "until"])
}

pub(super) fn delete(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&["threads_basic", "threads_delete"])?;
    call.params.only(&[])?;
    if find(call, id)?.profile != access.profile {
        return Err(GraphError::unsupported(&call.request.method, id));
    }
    spend(call, &access.profile, Used::Delete)?;
    if let Some(post) = call.state.areas.threads.posts.iter_mut().find(|post| post.id == id) {
        post.deleted = true;
    }
    Ok(json!({"success": true, "deleted_id": id}))
}

pub(super) fn repost(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&["threads_basic", "threads_content_publish"])?;
    call.params.only(&[])?;
    spend(call, &access.profile, Used::Post)?;
    let (number, created_at) = (call.state.number(), call.state.now_seconds());
    let repost = format!("1801{number:013}");
    call.state.areas.threads.posts.push(Post {
        id: repost.clone(),
        profile: access.profile.clone(),
        number,
        created_at,
        root: None,
        reposted: Some(id.to_owned()),
        approval: Approval::Approved,
        hidden: false,
        deleted: false,
        items: Vec::new(),
        draft: Draft { media_type: "TEXT".to_owned(), ..Draft::default() },
    });
    Ok(json!({ "id": repost }))
}
