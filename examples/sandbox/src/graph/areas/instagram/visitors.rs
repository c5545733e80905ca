//! What visitors do of their own accord, when the control API has them do so.

use super::comments::Comment;
use crate::{graph::areas::messaging::INSTAGRAM_COMMENTER, state::State};

/// The handle of the visitor.
pub(crate) const COMMENTER_NAME: &str = "olaf.visits";

/// A comment, which can be read and answered by now.
#[derive(Debug)]
pub(crate) struct Commented {
    pub(crate) id: String,
    pub(crate) media: String,
    /// Where the media is shown: `FEED` or `REELS`.
    pub(crate) product_type: &'static str,
}

/// The media that would be commented: the named one, or the account's newest.
pub(crate) fn commentable(state: &State, account: &str, media: Option<&str>) -> Option<String> {
    let mut found = state.areas.instagram.media.iter().rev();
    let found = found.find(|one| {
        let wanted = media.is_none_or(|wanted| wanted == one.id);
        wanted && one.account == account && one.is_in_grid() && one.comments_enabled
    });
    found.map(|one| one.id.clone())
}

/// A visitor comments on a media that [`commentable`] has named.
pub(crate) fn comment(state: &mut State, media: &str, text: &str) -> Commented {
    let id = format!("1787{:013}", state.number());
    let created_at = state.now_seconds();
    let held = &mut state.areas.instagram;
    held.comments.push(Comment {
        id: id.clone(),
        media: media.to_owned(),
        parent: None,
        author: COMMENTER_NAME.to_owned(),
        author_id: INSTAGRAM_COMMENTER.to_owned(),
        text: text.to_owned(),
        created_at,
        hidden: false,
        deleted: false,
    });
    let product_type = held.product_type_of(media).unwrap_or("FEED");
    Commented { id, media: media.to_owned(), product_type }
}
