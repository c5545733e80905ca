//! Replies, and what the author of a post may do with them.

use serde_json::json;

use super::{Access, Call, GraphError, Outcome, posts};

const READ: [&str; 2] = ["threads_basic", "threads_read_replies"];

/// Replies may be read by the author of the post and of the reply itself.
fn check_owner(call: &Call<'_>, access: &Access, id: &str) -> Result<(), GraphError> {
    let post = posts::find(call, id)?;
    let root = match &post.root {
        Some(root) => &posts::find(call, root)?.profile,
        None => &post.profile,
    };
    if *root == access.profile || post.profile == access.profile {
        return Ok(());
    }
    Err(GraphError::unsupported(&call.request.method, id))
}

/// Whether the newest come first, which they do unless `reverse=false`.
fn newest_first(call: &Call<'_>) -> Result<bool, GraphError> {
    Ok(call.params.boolean("reverse")?.unwrap_or(true))
}

/// The replies right below a post.
pub(super) fn direct(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&READ)?;
    check_owner(call, access, id)?;
    let replies = posts::all(call).filter(|post| post.draft.reply_to.as_deref() == Some(id) && !post.waits());
    ordered(call, access, &format!("{id}/replies"), replies.collect())
}

/// All replies below a post, however deep.
pub(super) fn conversation(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&READ)?;
    check_owner(call, access, id)?;
    let replies = posts::all(call).filter(|post| post.root.as_deref() == Some(id) && !post.waits());
    ordered(call, access, &format!("{id}/conversation"), replies.collect())
}

/// Replies that wait for consent.
pub(super) fn pending(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&READ)?;
    if posts::find(call, id)?.profile != access.profile {
        return Err(GraphError::unsupported(&call.request.method, id));
    }
    if !posts::find(call, id)?.draft.approves_replies {
        return Err(GraphError::parameter("Replies to this post need no approval."));
    }
    let status = call.params.text("approval_status")?;
    if status.as_ref().is_some_and(|status| !["pending", "ignored"].contains(&status.as_str())) {
        return Err(GraphError::parameter("Param approval_status must be one of {pending, ignored}."));
    }
    let replies = posts::all(call)
        .filter(|post| post.root.as_deref() == Some(id) && post.waits())
        .filter(|post| status.as_ref().is_none_or(|status| post.approval.name() == status));
    ordered(call, access, &format!("{id}/pending_replies"), replies.collect())
}

fn ordered(call: &Call<'_>, access: &Access, path: &str, mut replies: Vec<&posts::Post>) -> Outcome {
    if !newest_first(call)? {
        replies.reverse();
    }
    posts::page(call, access, path, replies.into_iter(), &["reverse", "approval_status"])
}

/// The replies that the profile has written.
pub(super) fn of_profile(call: &mut Call<'_>, access: &Access) -> Outcome {
    access.needs(&READ)?;
    let replies = posts::all(call).filter(|post| post.profile == access.profile && post.is_reply());
    posts::page(call, access, &format!("{}/replies", access.profile), replies, &["since", "until"])
}

/// Whether the reply hangs below a post of this profile, right below it or deeper.
fn check_below_own(call: &Call<'_>, access: &Access, id: &str) -> Result<(), GraphError> {
    let reply = posts::find(call, id)?;
    let root = reply.root.as_deref().and_then(|root| posts::find(call, root).ok());
    match root {
        Some(root) if root.profile == access.profile => Ok(()),
        _ => Err(GraphError::unsupported(&call.request.method, id)),
    }
}

/// Hides a reply and all below it, or shows them again.
pub(super) fn manage(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&["threads_basic", "threads_manage_replies"])?;
    call.params.only(&["hide"])?;
    let hide = call.params.boolean("hide")?;
    let hide = hide.ok_or_else(|| GraphError::parameter("The parameter hide is required."))?;
    check_below_own(call, access, id)?;
    for post in &mut call.state.areas.threads.posts {
        if post.id == id || post.draft.reply_to.as_deref() == Some(id) {
            post.hidden = hide;
        }
    }
    Ok(json!({"success": true}))
}

/// Lets a waiting reply through, or not.
pub(super) fn approve(call: &mut Call<'_>, access: &Access, id: &str) -> Outcome {
    access.needs(&["threads_basic", "threads_manage_replies"])?;
    call.params.only(&["approve"])?;
    let approve = call.params.boolean("approve")?;
    let approve = approve.ok_or_else(|| GraphError::parameter("The parameter approve is required."))?;
    check_below_own(call, access, id)?;
    if !posts::find(call, id)?.waits() {
        return Err(GraphError::parameter("This reply does not wait for consent."));
    }
    if let Some(reply) = call.state.areas.threads.posts.iter_mut().find(|post| post.id == id) {
        reply.approval = if approve { posts::Approval::Approved } else { posts::Approval::Ignored };
    }
    Ok(json!({"success": true}))
}
