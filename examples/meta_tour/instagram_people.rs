//! Instagram through Facebook Login: comments, likes, mentions, hashtags, other accounts, products.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    CommentId, MediaId,
    instagram::{
        AnswerCollaborationInvite, Comment, CreateComment, CreateContainer, CreateMentionReply, CreateReply,
        DeleteComment, DiscoverBusiness, FindHashtag, GetComment, GetMedia, GetMentionedComment,
        GetMentionedMedia, HideComment, InviteStatus, LikeComment, LikeMedia, ListCollaborationInvites,
        ListCollaborativeMedia, ListCollaborators, ListComments, ListProductTags, ListRecentMedia,
        ListReplies, ListSearchedHashtags, ListTaggedMedia, ListTopMedia, ProductTag, PublishInstagram,
        UnlikeComment, UnlikeMedia, UpdateProductTags,
    },
};

use crate::{Outcome, control, expect, instagram, stage::Stage};

/// A post of `sandbox.bo` that mentions the account, and a comment below it that does so too.
const FOREIGN_MEDIA: u64 = 17_910_000_000_000_901;
const FOREIGN_COMMENT: u64 = 17_860_000_000_000_901;

/// Tours the area, with a post that was published an hour ago at most.
pub(crate) async fn tour(stage: &Stage, post: &MediaId) -> Outcome {
    let comment = comments(stage, post).await?;
    likes(stage, post, &comment).await?;
    stage.user.send(DeleteComment::new(comment.clone())).await?;
    expect(stage.user.send(GetComment::new(comment)).await.is_err(), "the comment to be gone")?;
    mentions(stage).await?;
    hashtags(stage).await?;
    discovery(stage).await?;
    collaboration(stage, post).await?;
    products(stage).await
}

/// Answers somebody's comment, hides it and shows it again.
async fn comments(stage: &Stage, post: &MediaId) -> Outcome<CommentId> {
    // Somebody comments on every post a minute after it was published.
    control::pass(&stage.sandbox, Duration::from_secs(61)).await?;
    let own = stage.user.send(CreateComment::new(post.clone(), "From our own oven")).await?.id;
    let comments: Vec<Comment> =
        stage.user.items(ListComments::new(post.clone()).limit(1)).try_collect().await?;
    expect(comments.len() == 2, "our comment and that of somebody else")?;
    let theirs = comments.into_iter().find(|comment| comment.id != own).ok_or("nobody commented")?.id;

    let reply = stage.user.send(CreateReply::new(theirs.clone(), "Thank you!")).await?.id;
    let replies: Vec<Comment> = stage.user.items(ListReplies::new(theirs.clone())).try_collect().await?;
    expect(replies.iter().any(|comment| comment.id == reply), "our reply")?;
    for hidden in [true, false] {
        stage.user.send(HideComment::new(theirs.clone(), hidden)).await?;
        let comment = stage.user.send(GetComment::new(theirs.clone())).await?;
        expect(comment.hidden == Some(hidden), "the comment to be hidden, and shown again")?;
    }
    Ok(own)
}

async fn likes(stage: &Stage, post: &MediaId, comment: &CommentId) -> Outcome {
    let account = || stage.instagram_id.clone();
    stage.user.send(LikeMedia::new(account(), post.clone())).await?;
    stage.user.send(LikeComment::new(account(), comment.clone())).await?;
    let liked = stage.user.send(GetMedia::new(post.clone())).await?.like_count;
    let comment_liked = stage.user.send(GetComment::new(comment.clone())).await?.like_count;
    expect((liked, comment_liked) == (Some(1), Some(1)), "one like each")?;
    stage.user.send(UnlikeComment::new(account(), comment.clone())).await?;
    stage.user.send(UnlikeMedia::new(account(), post.clone())).await?;
    let liked = stage.user.send(GetMedia::new(post.clone())).await?.like_count;
    expect(liked == Some(0), "no like")
}

async fn mentions(stage: &Stage) -> Outcome {
    let account = || stage.instagram_id.clone();
    let tagged: Vec<_> = stage.user.items(ListTaggedMedia::new(account())).try_collect().await?;
    expect(tagged.len() == 1, "the post that tags the account")?;
    let media = stage.user.send(GetMentionedMedia::new(account(), FOREIGN_MEDIA)).await?;
    expect(media.username.as_deref() == Some("sandbox.bo"), "the post of somebody else")?;
    let comment = stage.user.send(GetMentionedComment::new(account(), FOREIGN_COMMENT)).await?;
    expect(comment.text.is_some_and(|text| text.contains("@sandbox.bakery")), "a mention")?;
    stage.user.send(CreateMentionReply::new(account(), FOREIGN_MEDIA, "So good!")).await?;
    let answer = CreateMentionReply::new(account(), FOREIGN_MEDIA, "From eight").comment_id(FOREIGN_COMMENT);
    stage.user.send(answer).await?;
    Ok(())
}

async fn hashtags(stage: &Stage) -> Outcome {
    let account = || stage.instagram_id.clone();
    let tag = stage.user.send(FindHashtag::new(account(), "sandboxbread")).await?;
    let top: Vec<_> =
        stage.user.items(ListTopMedia::new(tag.clone(), account()).limit(1)).try_collect().await?;
    let recent: Vec<_> = stage.user.items(ListRecentMedia::new(tag.clone(), account())).try_collect().await?;
    expect(top.len() == 2 && recent.len() == 2, "our post and that of somebody else")?;
    let searched: Vec<_> = stage.user.items(ListSearchedHashtags::new(account())).try_collect().await?;
    let found = searched.iter().find(|hashtag| hashtag.id == tag);
    expect(found.is_some_and(|hashtag| hashtag.name.as_deref() == Some("sandboxbread")), "the hashtag")
}

/// Another account with its media, until a page is empty.
async fn discovery(stage: &Stage) -> Outcome {
    let discover = || {
        DiscoverBusiness::new(stage.instagram_id.clone(), "sandbox.bo").with_media(1, "id,caption,like_count")
    };
    let business = stage.user.send(discover()).await?;
    expect(business.username.as_deref() == Some("sandbox.bo"), "the other account")?;
    let mut page = business.media.ok_or("the account has no media")?;
    let mut seen = Vec::new();
    while let Some(after) = page.after.filter(|_| !page.items.is_empty()) {
        seen.append(&mut page.items);
        page = stage.user.send(discover().media_after(after)).await?.media.ok_or("the media are missing")?;
    }
    expect(seen.iter().any(|media| media.id == MediaId::from(FOREIGN_MEDIA)), "the post of the other account")
}

async fn collaboration(stage: &Stage, post: &MediaId) -> Outcome {
    let asked: Vec<_> = stage.user.items(ListCollaborators::new(post.clone())).try_collect().await?;
    let one = asked.first().ok_or("nobody was asked to share the post")?;
    expect(one.invite_status == Some(InviteStatus::Pending), "no answer yet")?;
    let account = || stage.instagram_id.clone();
    let invites: Vec<_> = stage.user.items(ListCollaborationInvites::new(account())).try_collect().await?;
    let invite = invites.into_iter().next().ok_or("there is no invitation")?;
    stage.user.send(AnswerCollaborationInvite::new(account(), invite.media_id.clone(), true)).await?;
    let shared: Vec<_> = stage.user.items(ListCollaborativeMedia::new(account())).try_collect().await?;
    expect(shared.iter().any(|media| media.id == invite.media_id), "the shared post")
}

/// A product is tagged when the post is made, another one later.
async fn products(stage: &Stage) -> Outcome {
    let post = CreateContainer::image(stage.instagram_id.clone(), "https://cdn.example.com/loaf.jpg")
        .product_tags(vec![ProductTag::at(3_231_775_643_511_089, 0.5, 0.8)]);
    let published = instagram::publish(stage, &stage.user, &PublishInstagram::new(post)).await?;
    let post = published.media_id.ok_or("the published medium has no id")?;
    let more = vec![ProductTag::at(3_231_775_643_511_090, 0.2, 0.2)];
    stage.user.send(UpdateProductTags::new(post.clone(), more)).await?;
    let tags: Vec<_> = stage.user.items(ListProductTags::new(post)).try_collect().await?;
    expect(tags.len() == 2, "both products")
}
