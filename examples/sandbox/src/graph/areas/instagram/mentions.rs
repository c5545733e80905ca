//! Where other people mention or tag the account.

use serde_json::Value;

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    access::{Access, Need},
    caption::marked,
    comments,
    media::{self, Media},
    page_links,
    selection::{self, Field, Kind},
};

fn username(call: &Call<'_>, access: &Access) -> String {
    let accounts = &call.shared.config.world.instagram;
    let own = accounts.iter().find(|account| account.user_id == access.account);
    own.map(|account| account.username.clone()).unwrap_or_default()
}

fn mentions(text: &str, username: &str) -> bool {
    marked(text, '@').any(|name| name.eq_ignore_ascii_case(username))
}

fn foreign<'c>(call: &'c Call<'_>, access: &'c Access) -> impl Iterator<Item = &'c Media> {
    let media = call.state.areas.instagram.media.iter().rev();
    media.filter(|one| one.account != access.account && one.is_in_grid())
}

/// `GET /{account}/tags`: who mentions the account in a caption here tags it in the picture too.
pub(super) fn tags(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Comments)?;
    let (fields, name) = (selection::asked(call, "id")?, username(call, access));
    let tagged = foreign(call, access).filter(|one| mentions(one.caption(), &name));
    let values = tagged
        .map(|one| selection::apply(Kind::Media, &media::fields_of(call, one, false), &fields))
        .collect::<Result<Vec<_>, _>>()?;
    page_links::page(call, &format!("{}/tags", access.account), &values, &[])
}

fn not_mentioned() -> GraphError {
    GraphError::new(400, 24, "The requested resource does not exist").subcode(2_207_006)
}

/// `mentioned_media.media_id(ID){…}`
pub(super) fn mentioned_media(call: &Call<'_>, access: &Access, field: &Field) -> Result<Value, GraphError> {
    access.needs(call, Need::Comments)?;
    let id = field.modifier("media_id").ok_or_else(|| GraphError::parameter("media_id is required."))?;
    let name = username(call, access);
    let mut media = foreign(call, access);
    let found = media.find(|one| one.id == id && mentions(one.caption(), &name)).ok_or_else(not_mentioned)?;
    selection::apply(Kind::Media, &media::fields_of(call, found, false), &field.inner)
}

/// `mentioned_comment.comment_id(ID){…}`
pub(super) fn mentioned_comment(
    call: &Call<'_>,
    access: &Access,
    field: &Field,
) -> Result<Value, GraphError> {
    access.needs(call, Need::Comments)?;
    let id = field.modifier("comment_id").ok_or_else(|| GraphError::parameter("comment_id is required."))?;
    let name = username(call, access);
    let mut comments = call.state.areas.instagram.comments.iter();
    let found = comments.find(|one| one.id == id && !one.deleted && mentions(&one.text, &name));
    let found = found.ok_or_else(not_mentioned)?;
    selection::apply(Kind::Comment, &comments::fields_of(call, found), &field.inner)
}

/// `POST /{account}/mentions`: an answer below the post of somebody else.
pub(super) fn answer(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(call, Need::Comments)?;
    call.params.only(&["media_id", "comment_id", "message"])?;
    let media = call.params.required("media_id")?;
    let comment = call.params.text("comment_id")?.filter(|id| !id.is_empty());
    let text = comments::message(call)?;
    let name = username(call, access);
    let post = foreign(call, access).find(|one| one.id == media).ok_or_else(not_mentioned)?;
    match &comment {
        None if !mentions(post.caption(), &name) => return Err(not_mentioned()),
        Some(id) => {
            let mut comments = call.state.areas.instagram.comments.iter();
            let found = comments.find(|one| one.id == *id && one.media == media && !one.deleted);
            if !found.is_some_and(|one| mentions(&one.text, &name)) {
                return Err(not_mentioned());
            }
        }
        None => {}
    }
    comments::add(call, access, &media, comment, text)
}
