//! Other people: the second account of the world has posted something that mentions the first, and it comments on
//! what the first publishes.

use super::{
    super::super::Call,
    comments::Comment,
    create_words::{Draft, Shape},
    media::Media,
};

/// A picture of the second account that mentions and tags the first.
pub(crate) const FOREIGN_MEDIA: &str = "17910000000000901";
/// A comment below it that mentions the first account too.
pub(crate) const FOREIGN_COMMENT: &str = "17860000000000901";
/// How long after publication the second account comments, in seconds.
pub(crate) const COMMENT_AFTER: i64 = 60;

/// Puts there what other people have posted, once.
pub(super) fn furnish(call: &mut Call<'_>) {
    let [first, second, ..] = call.shared.config.world.instagram.as_slice() else { return };
    if std::mem::replace(&mut call.state.areas.instagram.furnished, true) {
        return;
    }
    let created_at = call.state.now_seconds().saturating_sub(3_600);
    let caption = format!("Fresh rolls by @{} #sandboxbread", first.username);
    let held = &mut call.state.areas.instagram;
    held.media.push(Media {
        id: FOREIGN_MEDIA.to_owned(),
        account: second.user_id.clone(),
        number: 901,
        published_at: created_at,
        comments_enabled: true,
        deleted: false,
        items: Vec::new(),
        draft: Draft { shape: Shape::Image, caption: Some(caption), ..Draft::default() },
    });
    held.comments.push(Comment {
        id: FOREIGN_COMMENT.to_owned(),
        media: FOREIGN_MEDIA.to_owned(),
        parent: None,
        author: second.username.clone(),
        author_id: second.user_id.clone(),
        text: format!("@{} do you open on Sundays?", first.username),
        created_at,
        hidden: false,
        deleted: false,
    });
}

/// The second account comments on what the first has published.
pub(super) fn comment_later(call: &mut Call<'_>, media: &str) {
    let [_, second, ..] = call.shared.config.world.instagram.as_slice() else { return };
    let held = &call.state.areas.instagram;
    let published = held.media.iter().find(|one| one.id == media);
    if published.is_none_or(|one| one.account == second.user_id || !one.is_in_grid()) {
        return;
    }
    let id = format!("1787{:013}", call.state.number());
    let created_at = call.state.now_seconds().saturating_add(COMMENT_AFTER);
    call.state.areas.instagram.comments.push(Comment {
        id,
        media: media.to_owned(),
        parent: None,
        author: second.username.clone(),
        author_id: second.user_id.clone(),
        text: "That looks good!".to_owned(),
        created_at,
        hidden: false,
        deleted: false,
    });
}
