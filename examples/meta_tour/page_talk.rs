//! What people say about posts, and who may say it: comments, likes, reactions, blocked people.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    CommentId, ErrorKind, ObjectId, PostId, ScopedUserId,
    pages::{
        BlockUsers, CommentFilter, CommentOrder, CreateComment, CreatePagePost, CreatePhoto, DeleteComment,
        DeletePost, GetComment, GetPostCounts, LikeObject, ListBlocked, ListComments, ListReactions,
        MediaFile, ModerateConversations, ModerationAction, ReactionType, UnblockUser, UnlikeObject,
        UpdateComment,
    },
};

use crate::{Outcome, expect, page_media::PICTURE, stage::Stage};

/// Somebody in the Page's inbox.
const PERSON: u64 = 7_700_000_000_000_101;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let post = CreatePagePost::new(stage.page_id.clone()).message("Which bread shall we bake next?");
    let post = stage.page.send(post).await?.id;
    let comment = comments(stage, &post).await?;
    with_pictures(stage, &post).await?;
    reactions(stage, &post, &comment).await?;
    delete(stage, &post, &comment).await?;
    block(stage).await?;
    moderate(stage).await
}

/// Comments, answers the comment, and changes what was said.
async fn comments(
    stage: &Stage,
    post: &PostId,
) -> Result<CommentId, Box<dyn std::error::Error + Send + Sync>> {
    let comment = stage.page.send(CreateComment::new(post.clone()).message("Rye or spelt?")).await?.id;
    let answer = stage.page.send(CreateComment::new(comment.clone()).message("Or both")).await?.id;

    stage.page.send(UpdateComment::new(answer.clone()).message("Or both of them")).await?;
    let read = stage.page.send(GetComment::new(answer.clone())).await?;
    expect(read.message.as_deref() == Some("Or both of them"), "the new text")?;
    expect(read.parent.is_some_and(|parent| parent.id == comment), "an answer to the comment")?;

    let all = ListComments::new(post.clone())
        .filter(CommentFilter::Stream)
        .order(CommentOrder::ReverseChronological)
        .limit(1);
    let all: Vec<_> = stage.page.items(all).try_collect().await?;
    let ids: Vec<_> = all.iter().map(|comment| comment.id.clone()).collect();
    expect(ids == [answer, comment.clone()], "both comments, the newest first")?;
    Ok(comment)
}

/// Comments with a picture: a file of one's own, an unpublished photo of the Page, one behind an address.
async fn with_pictures(stage: &Stage, post: &PostId) -> Outcome {
    let picture = || MediaFile::new("spelt.png", "image/png", PICTURE.to_vec());
    stage.page.send(CreateComment::new(post.clone()).source(picture())).await?;

    let photo = CreatePhoto::new(stage.page_id.clone()).source(picture()).published(false);
    let photo = stage.page.send(photo).await?.id;
    stage.page.send(CreateComment::new(post.clone()).message("Spelt").attachment_id(photo)).await?;

    let hosted = CreateComment::new(post.clone()).attachment_url("https://example.com/rye.jpg");
    let hosted = stage.page.send(hosted).await?.id;
    let read = stage.page.send(GetComment::new(hosted)).await?;
    expect(read.attachment.is_some(), "a comment with a picture")
}

/// Likes a post and a comment, looks at the reactions, and counts.
async fn reactions(stage: &Stage, post: &PostId, comment: &CommentId) -> Outcome {
    for object in [ObjectId::from(post.clone()), ObjectId::from(comment.clone())] {
        stage.page.send(LikeObject::new(object)).await?;
    }
    let likes = ListReactions::new(post.clone()).kind(ReactionType::Like);
    let likes: Vec<_> = stage.page.items(likes).try_collect().await?;
    expect(likes.iter().all(|like| like.kind == Some(ReactionType::Like)) && likes.len() == 1, "one like")?;

    let counts = stage.page.send(GetPostCounts::new(post.clone())).await?;
    let like = counts.like.and_then(|likes| likes.total_count);
    let love = counts.love.and_then(|loves| loves.total_count);
    let comments = counts.comments.and_then(|comments| comments.total_count);
    expect((like, love, comments) == (Some(1), Some(0), Some(5)), "one like, no love, five comments")?;

    stage.page.send(UnlikeObject::new(post.clone())).await?;
    let left = stage.page.send(ListReactions::new(post.clone())).await?;
    expect(left.items.is_empty(), "the like to be taken back")
}

/// Deletes a comment, with the answers to it, and the post.
async fn delete(stage: &Stage, post: &PostId, comment: &CommentId) -> Outcome {
    stage.page.send(DeleteComment::new(comment.clone())).await?;
    let gone = stage.page.send(GetComment::new(comment.clone())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the comment to be gone")?;
    stage.page.send(DeletePost::new(post.clone())).await?;
    Ok(())
}

/// Keeps somebody away from the Page, and lets them back.
async fn block(stage: &Stage) -> Outcome {
    let person = ScopedUserId::from(PERSON);
    let block = BlockUsers::new(stage.page_id.clone()).page_scoped_ids([person.clone()]);
    let blocked = stage.page.send(block).await?;
    expect(blocked.users.get(person.as_str()) == Some(&true), "the person to be blocked")?;
    let people = stage.page.send(ListBlocked::new(stage.page_id.clone())).await?.items;
    expect(people.iter().any(|one| one.id.as_deref() == Some(person.as_str())), "the person in the list")?;

    stage.page.send(UnblockUser::new(stage.page_id.clone()).page_scoped_id(person)).await?;
    let people = stage.page.send(ListBlocked::new(stage.page_id.clone())).await?.items;
    expect(people.is_empty(), "nobody to be blocked any more")
}

/// The same from the inbox: to spam, no more messages, and back.
async fn moderate(stage: &Stage) -> Outcome {
    for actions in
        [vec![ModerationAction::MoveToSpam, ModerationAction::BlockUser], vec![ModerationAction::UnblockUser]]
    {
        let people = vec![ScopedUserId::from(PERSON).into()];
        stage.page.send(ModerateConversations::new(stage.page_id.clone(), people, actions)).await?;
    }
    Ok(())
}
