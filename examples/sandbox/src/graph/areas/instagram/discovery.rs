//! Other professional accounts, and likes: `graph.facebook.com` only.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    access::{Access, Door, Need},
    account, media, neighbours, page_links,
    selection::{self, Field, Kind},
};

/// Fields of somebody else's account.
const FIELDS: [&str; 10] = [
    "id",
    "ig_id",
    "username",
    "name",
    "biography",
    "website",
    "profile_picture_url",
    "followers_count",
    "follows_count",
    "media_count",
];

/// `business_discovery.username(x){…}`
pub(super) fn discover(call: &Call<'_>, access: &Access, field: &Field) -> Result<Value, GraphError> {
    access.needs(call, Need::Insights)?;
    let name = field.modifier("username").ok_or_else(|| GraphError::parameter("username is required."))?;
    let world = &call.shared.config.world;
    let found = world.instagram.iter().find(|account| account.username.eq_ignore_ascii_case(name));
    let found = found.ok_or_else(|| {
        GraphError::new(400, 110, "Invalid user id").subcode(2_207_013).user_text(
            "Cannot find User",
            "The user with this username cannot be found, or is not a professional account.",
        )
    })?;
    let mut object = account::public_fields(call, &found.user_id).unwrap_or_default();
    for inner in &field.inner {
        if inner.name == "media" {
            object.insert("media".to_owned(), discovered_media(call, &found.user_id, inner)?);
        } else if !FIELDS.contains(&inner.name.as_str()) {
            let message = format!("Tried accessing nonexisting field ({}) on node type (IGUser)", inner.name);
            return Err(GraphError::parameter(message));
        }
    }
    selection::apply(Kind::Account, &object, &field.inner)
}

/// `media.after(cursor).limit(1){…}`: one page of somebody else's posts, with the cursors of its ends. Behind the last
/// page there is an empty one.
fn discovered_media(call: &Call<'_>, account: &str, field: &Field) -> Result<Value, GraphError> {
    let limit = field.modifier("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25);
    let posts = || {
        let media = call.state.areas.instagram.media.iter().rev();
        media.filter(|one| one.account == account && one.is_in_grid())
    };
    let begin = match field.modifier("after") {
        None => 0,
        Some(cursor) => posts()
            .position(|one| one.id == cursor)
            .map(|at| at.saturating_add(1))
            .ok_or_else(|| GraphError::parameter("Param after is not a cursor of this list."))?,
    };
    let page: Vec<_> = posts().skip(begin).take(limit).collect();
    let entries = page.iter().map(|one| Value::Object(media::fields_of(call, one, false)));
    let mut out = json!({"data": entries.collect::<Vec<_>>()});
    if let ([first, ..], Some(last), Some(object)) = (page.as_slice(), page.last(), out.as_object_mut()) {
        object.insert("paging".to_owned(), json!({"cursors": {"before": first.id, "after": last.id}}));
    }
    Ok(out)
}

/// Likes a media or a comment, or takes that back.
pub(super) fn like(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Like)?;
    call.params.only(&["media_id", "comment_id"])?;
    let held = &mut call.state.areas.instagram;
    let (id, is_there) = match (call.params.text("media_id")?, call.params.text("comment_id")?) {
        (Some(media), None) => {
            let product = held.product_type_of(&media);
            if product == Some("STORY") {
                return Err(GraphError::parameter("Stories cannot be liked."));
            }
            (media, product.is_some())
        }
        (None, Some(comment)) => {
            let is_there = held.comments.iter().any(|one| one.id == comment && !one.deleted);
            (comment, is_there)
        }
        _ => return Err(GraphError::parameter("Send either media_id or comment_id.")),
    };
    if !is_there {
        return Err(GraphError::unsupported(&call.request.method, &id));
    }
    let like = (access.account.clone(), id);
    held.likes.retain(|known| *known != like);
    if call.request.method == http::Method::POST {
        held.likes.push(like);
    }
    Ok(json!({"success": true}))
}

/// The invitation of the second account to share its post with the first.
fn invitation(call: &Call<'_>, access: &Access) -> Option<media::Media> {
    let held = &call.state.areas.instagram;
    let post = held.media.iter().find(|media| media.id == neighbours::FOREIGN_MEDIA);
    post.filter(|post| post.account != access.account).cloned()
}

pub(super) fn invitations(call: &mut Call<'_>, access: &Access) -> Outcome {
    let open = !call.state.areas.instagram.invitations.contains_key(&access.account);
    let posts = invitation(call, access).filter(|_| open).into_iter().map(|post| {
        let fields = media::fields_of(call, &post, false);
        json!({
            "media_id": post.id,
            "media_owner_username": fields.get("username"),
            "caption": fields.get("caption"),
            "media_url": fields.get("media_url"),
        })
    });
    let posts: Vec<Value> = posts.collect();
    page_links::page(call, &format!("{}/collaboration_invites", access.account), &posts, &[])
}

pub(super) fn answer_invitation(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Publish)?;
    access.needs(call, Need::Comments)?;
    call.params.only(&["media_id", "accept"])?;
    let media = call.params.required("media_id")?;
    let accept = call.params.boolean("accept")?;
    let accept = accept.ok_or_else(|| GraphError::parameter("The parameter accept is required."))?;
    let open = !call.state.areas.instagram.invitations.contains_key(&access.account);
    if !open || invitation(call, access).is_none_or(|post| post.id != media) {
        return Err(GraphError::parameter("There is no open invitation to share this media."));
    }
    call.state.areas.instagram.invitations.insert(access.account.clone(), accept);
    Ok(json!({"success": true}))
}

/// What the account shares with others.
pub(super) fn shared_media(call: &mut Call<'_>, access: &Access) -> Outcome {
    let fields = selection::asked(call, "id")?;
    let accepted = call.state.areas.instagram.invitations.get(&access.account) == Some(&true);
    let posts = invitation(call, access).filter(|_| accepted).into_iter();
    let posts = posts
        .map(|post| selection::apply(Kind::Media, &media::fields_of(call, &post, false), &fields))
        .collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, &format!("{}/collaborative_media", access.account), &posts, &[])
}

/// `GET /ig_audio`: one piece of music, one original sound.
pub(super) fn audio(call: &mut Call<'_>, door: &Door) -> Outcome {
    if call.request.method != http::Method::GET {
        return Err(GraphError::unsupported(&call.request.method, "ig_audio"));
    }
    call.params.only(&["audio_type", "search_query", "ig_user_id", "user_id", "limit", "after", "before"])?;
    let account = match call.params.text("ig_user_id")? {
        Some(account) => account,
        None => call.params.required("user_id")?,
    };
    Access::to_account(call, door, &account)?.needs(call, Need::Quota)?;
    let (id, title) = match call.params.required("audio_type")?.as_str() {
        "music" => ("17850000000000901", "Sandbox Waltz"),
        "original_sound" => ("17850000000000902", "Original sound"),
        _ => return Err(GraphError::parameter("Param audio_type must be one of {music, original_sound}.")),
    };
    let wanted = call.params.text("search_query")?.unwrap_or_default().to_lowercase();
    let audio = json!({
        "audio_id": id,
        "title": title,
        "display_artist": "The Sandboxes",
        "duration_in_ms": 30_000,
        "download_url": format!("https://scontent.example.com/{id}.m4a"),
    });
    let found: Vec<Value> = title.to_lowercase().contains(&wanted).then_some(audio).into_iter().collect();
    Ok(json!({ "audio": found }))
}
