//! Comments: on posts, photos, videos and other comments.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    READ, WRITE, allow, one_of,
};
use crate::clock::graph_time;

/// Fields of a comment. Those the sandbox has no value for are accepted and left out.
const FIELDS: [&str; 20] = [
    "id",
    "message",
    "created_time",
    "from",
    "parent",
    "object",
    "attachment",
    "comment_count",
    "like_count",
    "user_likes",
    "can_comment",
    "can_hide",
    "can_like",
    "can_remove",
    "can_reply_privately",
    "is_hidden",
    "is_private",
    "message_tags",
    "permalink_url",
    "private_reply_conversation",
];
const ATTACHMENTS: [&str; 3] = ["attachment_id", "attachment_url", "attachment_share_url"];
/// How long after a comment one can answer it privately, in seconds.
const PRIVATE_REPLY: i64 = 7 * 86_400;

#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) page: String,
    /// The post, photo or video.
    object: String,
    parent: Option<String>,
    /// `{id, name}`; of the Page itself, or of a visitor.
    from: Value,
    message: Option<String>,
    /// Address of what is attached.
    attachment: Option<String>,
    is_hidden: bool,
    created_at: i64,
}

impl Comment {
    fn is_own(&self) -> bool {
        self.from.get("id").and_then(Value::as_str) == Some(self.page.as_str())
    }
}

/// Comments of visitors are known from the webhooks that told of them.
pub(super) fn take_over(call: &mut Call<'_>) {
    let seen = call.state.areas.page_talk.looked_through;
    let mut new = Vec::new();
    for delivery in call.state.deliveries.iter().skip(seen) {
        let Some(value) = delivery.body.pointer("/entry/0/changes/0/value") else { continue };
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_new = delivery.platform == "meta"
            && text("item").as_deref() == Some("comment")
            && text("verb").as_deref() == Some("add");
        let (Some(id), Some(object), true) = (text("comment_id"), text("post_id"), is_new) else { continue };
        let page = object.split('_').next().unwrap_or_default().to_owned();
        new.push(Comment {
            id,
            page,
            parent: text("parent_id").filter(|parent| *parent != object),
            object,
            from: value.get("from").cloned().unwrap_or_default(),
            message: text("message"),
            attachment: None,
            is_hidden: false,
            created_at: value.get("created_time").and_then(Value::as_i64).unwrap_or_default(),
        });
    }
    let held = &mut call.state.areas.page_talk;
    held.looked_through = call.state.deliveries.len();
    held.comments.extend(new);
}

pub(super) fn exists(call: &Call<'_>, id: &str) -> bool {
    call.state.areas.page_talk.comments.iter().any(|comment| comment.id == id)
}

fn find(call: &Call<'_>, id: &str) -> Result<Comment, GraphError> {
    let mut comments = call.state.areas.page_talk.comments.iter();
    let hidden = || GraphError::unsupported(&call.request.method, id);
    comments.find(|comment| comment.id == id).cloned().ok_or_else(hidden)
}

/// The address of what is attached. At most one thing is.
fn attachment(call: &Call<'_>, page: &str) -> Result<Option<String>, GraphError> {
    let named: Vec<&str> = ATTACHMENTS.into_iter().filter(|name| call.params.value(name).is_some()).collect();
    let file = call.params.file("source");
    if named.len().saturating_add(usize::from(file.is_some())) > 1 {
        return Err(GraphError::parameter("A comment has one attachment at most."));
    }
    if file.is_some() {
        return Ok(Some("https://scontent.example.com/comment.jpg".to_owned()));
    }
    let Some(name) = named.first() else { return Ok(None) };
    let value = call.params.required(name)?;
    if *name == "attachment_id" {
        if call.state.areas.page_media.unpublished_photo(&value) != Some(page) {
            let message = "Param attachment_id must be an unpublished photo of this Page.";
            return Err(GraphError::parameter(message));
        }
        return Ok(Some(format!("https://scontent.example.com/{value}.jpg")));
    }
    match url::Url::parse(&value) {
        Ok(address) if matches!(address.scheme(), "http" | "https") => Ok(Some(value)),
        _ => Err(GraphError::new(400, 100, format!("(#100) Param {name} must be a URL.")).subcode(2_061_006)),
    }
}

pub(super) fn create(call: &mut Call<'_>, page: &str, on: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    call.params.only_with_files(&[&["message"][..], &ATTACHMENTS].concat(), &["source"])?;
    let attachment = attachment(call, page)?;
    let message = call.params.text("message")?.filter(|text| !text.trim().is_empty());
    if message.is_none() && attachment.is_none() {
        return Err(GraphError::parameter("The comment is empty: send a message or an attachment."));
    }
    let parent = call.state.areas.page_talk.comments.iter().find(|comment| comment.id == on);
    // Replies to replies stand below the first comment.
    let above = parent.map(|parent| parent.parent.clone().unwrap_or_else(|| parent.id.clone()));
    let object = parent.map_or_else(|| on.to_owned(), |parent| parent.object.clone());
    let mut pages = call.shared.config.world.pages.iter();
    let name = pages.find(|known| known.id == page).map(|known| known.name.clone());
    let number = call.state.number();
    let short = object.split_once('_').map_or(object.as_str(), |(_, short)| short);
    let id = format!("{short}_{}", 800_000_000_000_000_u64.saturating_add(number));
    let created_at = call.state.now_seconds();
    call.state.areas.page_talk.comments.push(Comment {
        id: id.clone(),
        page: page.to_owned(),
        object,
        parent: above,
        from: json!({"id": page, "name": name}),
        message,
        attachment,
        is_hidden: false,
        created_at,
    });
    if call.params.value("fields").is_some() {
        return select(call, &find(call, &id)?);
    }
    Ok(json!({ "id": id }))
}

fn select(call: &Call<'_>, comment: &Comment) -> Outcome {
    let held = &call.state.areas.page_talk;
    let replies = held.comments.iter().filter(|reply| reply.parent.as_ref() == Some(&comment.id)).count();
    let is_liked = held.likes.contains(&(comment.page.clone(), comment.id.clone()));
    let age = call.state.now_seconds().saturating_sub(comment.created_at);
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(comment.id));
    put("message", json!(comment.message.as_deref().unwrap_or_default()));
    put("created_time", json!(graph_time(comment.created_at)));
    put("from", comment.from.clone());
    put("object", json!({"id": comment.object}));
    put("comment_count", json!(replies));
    put("like_count", json!(i32::from(is_liked)));
    put("user_likes", json!(is_liked));
    put("can_comment", json!(true));
    put("can_like", json!(true));
    put("can_remove", json!(true));
    put("can_hide", json!(!comment.is_own()));
    put("can_reply_privately", json!(!comment.is_own() && age <= PRIVATE_REPLY));
    put("is_hidden", json!(comment.is_hidden));
    put("is_private", json!(false));
    put("permalink_url", json!(format!("https://www.facebook.com/{}", comment.id)));
    if let Some(parent) = &comment.parent {
        put("parent", json!({"id": parent}));
    }
    if let Some(address) = &comment.attachment {
        let media = json!({"image": {"src": address, "width": 720, "height": 720}});
        put("attachment", json!({"type": "photo", "url": address, "media": media}));
    }
    fields::select(call, "Comment", &object, &FIELDS, &["created_time", "from", "message", "id"])
}

pub(super) fn list(call: &mut Call<'_>, page: &str, on: &str) -> Outcome {
    allow(call, page, &READ)?;
    let filter = one_of(call, "filter", &["toplevel", "stream"])?;
    let order = one_of(call, "order", &["chronological", "reverse_chronological"])?;
    one_of(call, "live_filter", &["filter_low_quality", "no_filter"])?;
    let since = call.params.integer("since")?;
    let is_stream = filter.as_deref() == Some("stream");
    let belongs = |comment: &&Comment| {
        let is_below = match comment.parent.as_deref() {
            Some(parent) => parent == on || (is_stream && comment.object == on),
            None => comment.object == on,
        };
        is_below && since.is_none_or(|time| comment.created_at >= time)
    };
    let found = call.state.areas.page_talk.comments.iter().filter(belongs);
    let mut comments = found.map(|comment| select(call, comment)).collect::<Result<Vec<_>, _>>()?;
    let order = order.unwrap_or_else(|| "chronological".to_owned());
    if order == "reverse_chronological" {
        comments.reverse();
    }
    let mut answer = paging::page(call, &format!("{on}/comments"), &comments)?;
    if let (Some(_), Some(fields)) = (call.params.value("summary"), answer.as_object_mut()) {
        let summary = json!({"order": order, "total_count": comments.len(), "can_comment": true});
        fields.insert("summary".to_owned(), summary);
    }
    Ok(answer)
}

/// How many comments stand on something.
pub(super) fn count(call: &Call<'_>, on: &str) -> usize {
    call.state.areas.page_talk.comments.iter().filter(|comment| comment.object == on).count()
}

pub(super) fn read(call: &mut Call<'_>, id: &str) -> Outcome {
    let comment = find(call, id)?;
    allow(call, &comment.page, &READ)?;
    select(call, &comment)
}

pub(super) fn change(call: &mut Call<'_>, id: &str) -> Outcome {
    let comment = find(call, id)?;
    allow(call, &comment.page, &WRITE)?;
    call.params.only(&[&["message", "is_hidden"][..], &ATTACHMENTS].concat())?;
    let attachment = attachment(call, &comment.page)?;
    let message = call.params.text("message")?;
    let is_hidden = call.params.boolean("is_hidden")?;
    if !comment.is_own() && (message.is_some() || attachment.is_some()) {
        return Err(GraphError::permission("A Page changes its own comments only."));
    }
    if comment.is_own() && is_hidden.is_some() {
        return Err(GraphError::permission("A Page hides comments of others only."));
    }
    let mut comments = call.state.areas.page_talk.comments.iter_mut();
    if let Some(held) = comments.find(|comment| comment.id == id) {
        held.message = message.or_else(|| held.message.take());
        held.attachment = attachment.or_else(|| held.attachment.take());
        held.is_hidden = is_hidden.unwrap_or(held.is_hidden);
    }
    Ok(json!({"success": true}))
}

pub(super) fn delete(call: &mut Call<'_>, id: &str) -> Outcome {
    let comment = find(call, id)?;
    allow(call, &comment.page, &WRITE)?;
    call.params.only(&[])?;
    let comments = &mut call.state.areas.page_talk.comments;
    comments.retain(|comment| comment.id != id && comment.parent.as_deref() != Some(id));
    Ok(json!({"success": true}))
}
