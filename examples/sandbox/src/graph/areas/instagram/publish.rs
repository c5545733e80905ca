//! Publishing a container, and how much may be published.

use serde_json::json;

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields},
    Object,
    access::{Access, Need},
    container::Status,
    media::{self, Media},
    neighbours,
};

/// Posts an account may publish within 24 hours.
const QUOTA: usize = 100;
const DAY: i64 = 86_400;

pub(super) fn publish(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Publish)?;
    call.params.only(&["creation_id"])?;
    let id = call.params.required("creation_id")?;
    let now = call.state.now();
    let held = &call.state.areas.instagram;
    let error =
        |code: i64, subcode: i64, message: &str| Err(GraphError::new(400, code, message).subcode(subcode));
    let Some(container) = held.containers.get(&id) else {
        return error(24, 2_207_008, "The requested resource does not exist");
    };
    if container.account != access.account {
        return error(24, 2_207_006, "The requested resource does not exist");
    }
    if container.draft.is_item {
        return Err(GraphError::parameter("An item of a carousel is published with the carousel."));
    }
    match container.status(held, now) {
        Status::Finished => {}
        Status::InProgress => {
            return Err(GraphError::new(400, 9007, "Media ID is not available")
                .subcode(2_207_027)
                .user_text(
                    "Media Not Ready",
                    "The media is not ready for publishing, please wait for a moment",
                ));
        }
        Status::Published => {
            return error(24, 2_207_006, "The container has already been published.");
        }
        Status::Expired => return error(-2, 2_207_020, "The media has expired. Create a new container."),
        Status::Error(2_207_052) => return error(9004, 2_207_052, "The URI could not be fetched."),
        Status::Error(2_207_003) => return error(-2, 2_207_003, "Download of the media took too long."),
        Status::Error(2_207_020) => return error(-2, 2_207_020, "An item of the carousel has expired."),
        Status::Error(subcode) => return error(352, subcode, "The video format is not supported."),
    }
    if usage(call, &access.account, now.div_euclid(1000).saturating_sub(DAY)) >= QUOTA {
        return error(9, 2_207_042, "You have reached the maximum number of posts that can be published.");
    }
    let draft = container.draft.clone();
    let mut children = Vec::new();
    for child in &draft.children {
        let shape = held.containers.get(child).map(|child| (child.draft.shape, child.draft.alt_text.clone()));
        let (shape, alt_text) = shape.unwrap_or_default();
        children.push(media::Item { container: child.clone(), id: String::new(), shape, alt_text });
    }
    for item in &mut children {
        item.id = format!("1790{:013}", call.state.number());
    }
    let number = call.state.number();
    let media_id = format!("1790{number:013}");
    let held = &mut call.state.areas.instagram;
    let published = children.iter().map(|item| (item.container.clone(), item.id.clone()));
    for (container, media) in published.chain([(id, media_id.clone())]) {
        if let Some(container) = held.containers.get_mut(&container) {
            container.published = Some(media);
        }
    }
    held.media.push(Media {
        id: media_id.clone(),
        account: access.account.clone(),
        number,
        published_at: now.div_euclid(1000),
        comments_enabled: true,
        deleted: false,
        items: children,
        draft,
    });
    neighbours::comment_later(call, &media_id);
    Ok(json!({ "id": media_id }))
}

/// How much the account published since a moment. What was deleted counts too.
fn usage(call: &Call<'_>, account: &str, since: i64) -> usize {
    let media = call.state.areas.instagram.media.iter();
    media.filter(|media| media.account == account && media.published_at > since).count()
}

pub(super) fn limit(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Quota)?;
    call.params.only(&["since", "limit"])?;
    let now = call.state.now_seconds();
    let since = call.params.integer("since")?.unwrap_or(now.saturating_sub(DAY));
    if since > now || since < now.saturating_sub(DAY) {
        return Err(GraphError::parameter("Param since must be within the last 24 hours."));
    }
    let mut object = Object::new();
    object.insert("quota_usage".to_owned(), json!(usage(call, &access.account, since)));
    object.insert("config".to_owned(), json!({"quota_total": QUOTA, "quota_duration": DAY}));
    let known = ["id", "quota_usage", "config"];
    let entry = fields::select(call, "ContentPublishingLimitResponse", &object, &known, &["quota_usage"])?;
    Ok(json!({ "data": [entry] }))
}
