//! What people say about posts: comments, replies, reactions, likes, and how many there are.

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Progress, http::UploadSource},
    linkedin_api::{
        ActorUrn, CommentUrn, ErrorKind, ImageUrn, PersonUrn, PostUrn, SocialTarget,
        posts::CreatePost,
        social::{
            BatchGetComments, BatchGetSocialMetadata, Comment, CommentContent, CommentText, CommentsState,
            CreateComment, CreateLike, CreateReaction, CreatedComment, DeleteComment, DeleteLike,
            DeleteReaction, GetComment, GetReaction, GetSocialMetadata, ListComments, ListLikes,
            ListReactions, Reaction, ReactionSort, ReactionType, SetCommentsState, UpdateComment,
        },
        uploads::UploadImage,
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// A picture, as far as the sandbox looks into it.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02X\0\0\x02X\x08\x02\0\0\0\x31\x04\x0f\x8b";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let post = CreatePost::new(stage.organization.clone(), "Which bread shall we bake next?");
    let post = stage.member.send(post).await?.urn;
    let visitors = answer(stage, &post).await?;
    let own = comments(stage, &post, &visitors).await?;
    lost_answer(stage, &post).await?;
    with_picture(stage, &post).await?;
    reactions(stage, &post, &own).await?;
    likes(stage, &post).await?;
    counts(stage, &post, &own).await?;
    delete(stage, &post, &own).await?;
    close(stage, &post).await?;
    self_serve(stage).await
}

fn urn(created: CreatedComment) -> Outcome<CommentUrn> {
    created.urn.ok_or_else(|| "the comment has no id".into())
}

/// Replies to what a visitor wrote, with a mention, and changes the reply.
async fn answer(stage: &Stage, post: &PostUrn) -> Outcome<CommentUrn> {
    let comments = stage.member.send(ListComments::new(post.clone())).await?.items;
    let [comment] = comments.as_slice() else { return Err("expected one comment".into()) };
    let visitor: PersonUrn = comment.actor.clone().ok_or("nobody wrote the comment")?.try_into()?;
    let comment = comment.urn().ok_or("the comment has no id")?;

    let thanks =
        CommentText::text("Thank you, ").mention("Vera Visitor", visitor.clone()).then("! \u{1F35E}");
    let reply = CreateComment::new(stage.organization.clone(), comment.clone(), thanks.clone());
    let reply = urn(stage.member.send(reply).await?)?;
    let read = stage.member.send(GetComment::of(&reply)).await?;
    expect(read.message.as_ref() == Some(&thanks), "the text with its mention")?;
    expect(read.parent_comment.as_ref() == Some(&comment), "a reply to the visitor")?;
    expect(read.agent.as_ref() == Some(stage.member_urn.as_urn()), "the member who wrote it for the page")?;

    let better = CommentText::text("\u{1F35E} Thanks, ").mention("Vera", visitor);
    stage.member.send(UpdateComment::of(&reply, stage.organization.clone(), better.clone())).await?;
    let read = stage.member.send(GetComment::of(&reply)).await?;
    expect(read.message == Some(better), "the new text with the mention at its new place")?;
    let plain = UpdateComment::of(&reply, stage.organization.clone(), "Thanks").clear_mentions();
    stage.member.send(plain).await?;

    let replies = stage.member.send(ListComments::new(comment.clone())).await?.items;
    let [reply] = replies.as_slice() else { return Err("expected one reply".into()) };
    expect(reply.message == Some("Thanks".into()), "the plain text in the list of replies")?;
    Ok(comment)
}

/// Comments on the own post, and reads all that stand there: page by page, and some of them by id.
async fn comments(stage: &Stage, post: &PostUrn, visitors: &CommentUrn) -> Outcome<CommentUrn> {
    let own = CreateComment::new(stage.organization.clone(), post.clone(), "Rye or spelt?");
    let own = urn(stage.member.send(own).await?)?;

    let all = ListComments::new(post.clone()).count(1);
    let all: Vec<_> = stage.member.items(all).try_collect().await?;
    let ids: Vec<_> = all.iter().filter_map(Comment::urn).collect();
    expect(ids == [visitors.clone(), own.clone()], "both comments, the oldest first")?;

    let ids = [visitors.comment_id(), own.comment_id(), "1"].map(str::to_owned);
    let some = stage.member.send(BatchGetComments::new(post.clone(), ids)).await?;
    expect(some.len() == 2 && some.get(own.comment_id()) == all.get(1), "the same by their ids")?;
    let texts = ListComments::new(post.clone()).fields("id,message");
    let texts = stage.member.send(texts).await?.items;
    expect(texts.iter().filter(|comment| comment.message.is_some()).count() == 2, "their texts only")?;
    expect(some.failure("1").and_then(|failure| failure.status) == Some(404), "one that there is not")?;
    Ok(own)
}

/// The answer to a new comment gets lost. It is not sent again by itself: whether it stands there is seen by looking.
async fn lost_answer(stage: &Stage, post: &PostUrn) -> Outcome {
    control::lose_answer(&stage.sandbox, "/comments").await?;
    let comment = || CreateComment::new(stage.organization.clone(), post.clone(), "The oven is hot");
    let lost = stage.member.send(comment()).await.err().ok_or("the answer should be lost")?;
    expect(lost.may_have_been_applied() && !lost.is_retryable(), "that nobody knows")?;

    let all: Vec<_> = stage.member.items(ListComments::new(post.clone())).try_collect().await?;
    let text = Some(CommentText::from("The oven is hot"));
    let written = all.into_iter().find(|found| found.message == text);
    let written = match written.and_then(|found| found.urn()) {
        Some(written) => written,
        None => urn(stage.member.send(comment()).await?)?,
    };
    stage.member.send(DeleteComment::of(&written, stage.organization.clone())).await?;
    let left: Vec<_> = stage.member.items(ListComments::new(post.clone())).try_collect().await?;
    expect(left.iter().all(|comment| comment.message != text), "that it was written once and is gone")
}

/// A comment with a picture that was uploaded for it.
async fn with_picture(stage: &Stage, post: &PostUrn) -> Outcome {
    let image = upload(stage).await?;
    let comment = CreateComment::new(stage.organization.clone(), post.clone(), "").image(image.clone());
    let comment = urn(stage.member.send(comment).await?)?;
    let read = stage.member.send(GetComment::of(&comment)).await?;
    let shown = read.content.first().and_then(CommentContent::image);
    expect(shown == Some(image), "the picture")?;
    stage.member.send(DeleteComment::of(&comment, stage.organization.clone())).await?;
    Ok(())
}

async fn upload(stage: &Stage) -> Outcome<ImageUrn> {
    let source = UploadSource::from_bytes(PICTURE);
    let mut upload = UploadImage::new(stage.organization.clone(), &source);
    loop {
        match upload.advance(&stage.member, &source).await? {
            Progress::Done(uploaded) => return Ok(uploaded.urn),
            Progress::Wait(pause) => control::pass(&stage.sandbox, pause).await?,
            Progress::Again => {}
        }
    }
}

/// Reacts as the page and as the member, changes a reaction, and takes one back.
async fn reactions(stage: &Stage, post: &PostUrn, comment: &CommentUrn) -> Outcome {
    let (page, member) = (&stage.organization, &stage.member_urn);
    for reaction in [ReactionType::Empathy, ReactionType::Praise] {
        stage.member.send(CreateReaction::new(page.clone(), post.clone(), reaction)).await?;
    }
    let kept = stage.member.send(GetReaction::new(page.clone(), post.clone())).await?;
    expect(kept.reaction_type == Some(ReactionType::Praise), "the later reaction in place of the first")?;

    stage.member.send(CreateReaction::new(member.clone(), post.clone(), ReactionType::Interest)).await?;
    stage.member.send(CreateReaction::new(member.clone(), comment.clone(), ReactionType::Like)).await?;
    let by_time: [ActorUrn; 2] = [page.clone().into(), member.clone().into()];
    let latest_first = by_time.clone().into_iter().rev().collect();
    for (sort, order) in
        [(ReactionSort::Chronological, by_time.to_vec()), (ReactionSort::ReverseChronological, latest_first)]
    {
        let list = ListReactions::new(post.clone()).sort(sort).count(1);
        let list: Vec<_> = stage.member.items(list).try_collect().await?;
        let authors: Vec<_> = list.iter().filter_map(Reaction::author).collect();
        expect(authors == order, "both reactions in this order")?;
    }

    stage.member.send(DeleteReaction::new(member.clone(), post.clone())).await?;
    let gone = stage.member.send(GetReaction::new(member.clone(), post.clone())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the reaction to be gone")
}

/// Likes, as there were before reactions.
async fn likes(stage: &Stage, post: &PostUrn) -> Outcome {
    stage.member.send(CreateLike::new(post.clone(), stage.member_urn.clone())).await?;
    let likes = || ListLikes::new(post.clone()).count(1);
    let all: Vec<_> = stage.member.items(likes()).try_collect().await?;
    let [like] = all.as_slice() else { return Err("expected one like".into()) };
    expect(like.author() == Some(stage.member_urn.clone().into()), "the member's like")?;

    stage.member.send(DeleteLike::new(post.clone(), stage.member_urn.clone())).await?;
    expect(stage.member.send(likes()).await?.items.is_empty(), "the like to be taken back")
}

/// How many react and comment, on one thing and on several.
async fn counts(stage: &Stage, post: &PostUrn, comment: &CommentUrn) -> Outcome {
    let counts = stage.member.send(GetSocialMetadata::new(post.clone())).await?;
    let summary = counts.comment_summary.as_ref().ok_or("the comments are not counted")?;
    expect((summary.top_level_count, summary.count) == (Some(2), Some(3)), "two comments and a reply")?;
    let praise = (counts.reactions(&ReactionType::Praise), counts.total_reactions());
    expect(praise == (1, 1), "the page's reaction")?;
    expect(counts.comments_state == Some(CommentsState::Open), "that one may comment")?;

    let nothing = PostUrn::parse("urn:li:share:1")?;
    let ids = [SocialTarget::from(post.clone()), comment.clone().into(), nothing.clone().into()];
    let all = stage.member.send(BatchGetSocialMetadata::new(ids)).await?;
    expect(all.get(post) == Some(&counts), "the same figures")?;
    let likes = all.get(comment).map(|counts| counts.reactions(&ReactionType::Like));
    expect(likes == Some(1), "the like of the comment")?;
    expect(all.failure(nothing).and_then(|failure| failure.status) == Some(404), "a post that there is not")
}

/// Deletes a comment. Nobody else's can be changed.
async fn delete(stage: &Stage, post: &PostUrn, comment: &CommentUrn) -> Outcome {
    let page = &stage.organization;
    let foreign = UpdateComment::of(comment, stage.member_urn.clone(), "Neither");
    let refused = stage.member.send(foreign).await;
    expect(
        refused.is_err_and(|error| error.kind() == ErrorKind::Permission),
        "only the author to change it",
    )?;

    stage.member.send(DeleteComment::of(comment, page.clone())).await?;
    let gone = stage.member.send(GetComment::new(post.clone(), comment.comment_id())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the comment to be gone")
}

/// Closes the comments, which deletes them, and opens them again.
async fn close(stage: &Stage, post: &PostUrn) -> Outcome {
    let page = &stage.organization;
    stage.member.send(SetCommentsState::close_and_delete_comments(post.clone(), page.clone())).await?;
    let closed = stage.member.send(GetSocialMetadata::new(post.clone())).await?;
    expect(closed.comments_state == Some(CommentsState::Closed), "closed comments")?;
    expect(closed.comment_summary.and_then(|counts| counts.count) == Some(0), "the comments to be gone")?;
    let comment = || CreateComment::new(page.clone(), post.clone(), "One more thing");
    let refused = stage.member.send(comment()).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "nobody to comment")?;

    stage.member.send(SetCommentsState::open(post.clone(), page.clone())).await?;
    stage.member.send(comment()).await?;
    Ok(())
}

/// A self-serve app has one way to comment, as the member, and cannot read what it wrote.
async fn self_serve(stage: &Stage) -> Outcome {
    let post = CreatePost::new(stage.member_urn.clone(), "I baked this myself");
    let post = stage.self_serve.send(post).await?.urn;
    let comment = || CreateComment::new(stage.member_urn.clone(), post.clone(), "With spelt");
    let refused = stage.self_serve.send(comment()).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "the versioned API to refuse")?;

    let written = urn(stage.self_serve.send(comment().self_serve(true)).await?)?;
    let refused = stage.self_serve.send(GetComment::of(&written)).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "that it cannot read")?;
    let read = stage.member.send(GetComment::of(&written)).await?;
    expect(read.message == Some("With spelt".into()), "the comment, for an app that can")
}
