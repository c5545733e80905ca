//! Publishing a container, and how much may be published.

use serde_json::json;

use super::{
    Access, Call, DAY, GraphError, Object, Outcome, Used,
    create::{self, Status},
    neighbours,
    posts::{Approval, Post},
    spend, usage,
};

pub(super) fn publish(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_content_publish"])?;
    call.params.only(&["creation_id"])?;
    let id = call.params.required("creation_id")?;
    let not_there = || {
        GraphError::new(400, 24, "The requested resource does not exist").subcode(4_279_009).user_text(
            "Media Not Found",
            "The media with this id cannot be found: it is not ready, is published already, or has expired.",
        )
    };
    let held = &call.state.areas.threads;
    let own = held.containers.get(&id).filter(|container| container.profile == access.profile);
    let is_item = own.ok_or_else(not_there)?.draft.is_item;
    match create::status(call, &id) {
        Some(Status::Finished) if is_item => {
            Err(GraphError::parameter("An item of a carousel is published with the carousel."))
        }
        Some(Status::Finished) => make_post(call, access, &id),
        Some(Status::Error(why)) => Err(GraphError::parameter(format!("The media cannot be used: {why}"))),
        Some(Status::InProgress | Status::Published | Status::Expired) | None => Err(not_there()),
    }
}

/// Makes the post of a container that can be published.
pub(super) fn make_post(call: &mut Call<'_>, access: &Access, container: &str) -> Outcome {
    let held = &call.state.areas.threads;
    let refused = || GraphError::unsupported(&call.request.method, container);
    let draft = held.containers.get(container).ok_or_else(refused)?.draft.clone();
    let what = if draft.reply_to.is_some() { Used::Reply } else { Used::Post };
    spend(call, &access.profile, what)?;
    let items = create::items(call, &draft);
    let number = call.state.number();
    let created_at = call.state.now_seconds();
    let held = &mut call.state.areas.threads;
    if let Some(container) = held.containers.get_mut(container) {
        container.published = true;
    }
    let answered = draft.reply_to.as_ref().and_then(|id| held.posts.iter().find(|post| post.id == *id));
    let post = Post {
        id: format!("1801{number:013}"),
        profile: access.profile.clone(),
        number,
        created_at,
        root: answered.map(|post| post.root.clone().unwrap_or_else(|| post.id.clone())),
        reposted: None,
        approval: Approval::Approved,
        hidden: false,
        deleted: false,
        items,
        draft,
    };
    let id = post.id.clone();
    let is_reply = post.draft.reply_to.is_some();
    held.posts.push(post);
    if !is_reply {
        neighbours::reply_later(call, &id);
    }
    Ok(json!({ "id": id }))
}

pub(super) fn limit(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&["threads_basic", "threads_content_publish"])?;
    call.params.only(&[])?;
    let mut object = Object::new();
    for (prefix, what) in [
        ("", Used::Post),
        ("reply_", Used::Reply),
        ("delete_", Used::Delete),
        ("location_search_", Used::LocationSearch),
    ] {
        object.insert(format!("{prefix}quota_usage"), json!(usage(call, &access.profile, what)));
        object.insert(format!("{prefix}config"), json!({"quota_total": what.limit(), "quota_duration": DAY}));
    }
    let known = [
        "id",
        "quota_usage",
        "config",
        "reply_quota_usage",
        "reply_config",
        "delete_quota_usage",
        "delete_config",
        "location_search_quota_usage",
        "location_search_config",
    ];
    let entry =
        super::super::super::fields::select(call, "THREADS_LIMIT", &object, &known, &["quota_usage"])?;
    Ok(json!({ "data": [entry] }))
}
