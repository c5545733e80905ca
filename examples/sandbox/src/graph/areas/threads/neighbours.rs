//! Other people: the second profile of the world has posted something that mentions the first, and it replies to what
//! the first publishes.

use super::{
    Call,
    create::Draft,
    posts::{self, Approval, Post},
};

/// A post of the second profile that mentions the first.
pub(crate) const FOREIGN_POST: &str = "18030000000000901";
/// How long after publication the second profile replies, in seconds.
pub(crate) const REPLY_AFTER: i64 = 60;

fn post(id: String, profile: &str, number: u64, created_at: i64, text: String) -> Post {
    Post {
        id,
        profile: profile.to_owned(),
        number,
        created_at,
        root: None,
        reposted: None,
        approval: Approval::Approved,
        hidden: false,
        deleted: false,
        items: Vec::new(),
        draft: Draft { media_type: "TEXT".to_owned(), text: Some(text), ..Draft::default() },
    }
}

/// Puts there what other people have posted, once.
pub(super) fn furnish(call: &mut Call<'_>) {
    let [first, second, ..] = call.shared.config.world.threads.as_slice() else { return };
    if std::mem::replace(&mut call.state.areas.threads.furnished, true) {
        return;
    }
    let created_at = call.state.now_seconds().saturating_sub(3_600);
    let text = format!("Fresh rolls by @{} #sandboxbread", first.username);
    let foreign = post(FOREIGN_POST.to_owned(), &second.id, 901, created_at, text);
    call.state.areas.threads.posts.push(foreign);
}

/// The second profile replies to what the first has published.
pub(super) fn reply_later(call: &mut Call<'_>, root: &str) {
    let [_, second, ..] = call.shared.config.world.threads.as_slice() else { return };
    let Ok(answered) = posts::find(call, root) else { return };
    if answered.profile == second.id {
        return;
    }
    let waits = answered.draft.approves_replies;
    let number = call.state.number();
    let at = call.state.now_seconds().saturating_add(REPLY_AFTER);
    let mut reply = post(format!("1801{number:013}"), &second.id, number, at, "That looks good!".to_owned());
    (reply.root, reply.draft.reply_to) = (Some(root.to_owned()), Some(root.to_owned()));
    if waits {
        reply.approval = Approval::Pending;
    }
    call.state.areas.threads.posts.push(reply);
}
