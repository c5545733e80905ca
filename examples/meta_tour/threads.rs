//! Threads: posts of every kind, publishing, replies, search.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    MediaId, Progress, ThreadsUserId,
    threads::{
        AnswerPendingReply, ApprovalFilter, CreateThread, DeletePost, GetLocation, GetPost, GetProfile,
        GetThreadContainer, GetThreadsLimits, GetThreadsUser, GifAttachment, HideReply, HideStatus,
        KeywordSearch, ListConversation, ListMentions, ListPendingReplies, ListPosts, ListProfilePosts,
        ListReplies, ListUserReplies, LookUpProfile, PollAttachment, Post, PostType, PublishThread,
        PublishThreadContainer, Published, ReplyControl, Repost, SearchLocations, SearchMode, SearchOrder,
        SearchedMedia, SpoilerText, StyledRange, TextAttachment, TextStyle, ThreadContainerStatus,
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// Where the files are; the sandbox looks at the addresses only.
const PICTURE: &str = "https://cdn.example.com/rolls.png";
const VIDEO: &str = "https://cdn.example.com/oven.mp4";
/// A post of `sandbox.bo` that mentions the profile.
const FOREIGN_POST: u64 = 18_030_000_000_000_901;

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let user = profile(stage).await?;
    let post = one_call_at_a_time(stage, &user).await?;
    media(stage, &user).await?;
    texts(stage, &user).await?;
    quote_and_repost(stage, &user).await?;
    lost_answer(stage, &user).await?;
    replies(stage, &user, &post).await?;
    approvals(stage, &user).await?;
    search(stage, &post).await?;
    places(stage, &user).await?;
    lists(stage, &user).await?;
    delete(stage, &user, post).await
}

/// Publishes like a program that may be stopped at any time: the state is stored after every step, and each step
/// begins with what was stored.
async fn publish(stage: &Stage, flow: PublishThread) -> Outcome<Published> {
    let mut stored = serde_json::to_string(&flow)?;
    loop {
        let mut flow: PublishThread = serde_json::from_str(&stored)?;
        let progress = flow.advance(&stage.threads).await?;
        stored = serde_json::to_string(&flow)?;
        match progress {
            Progress::Done(published) => return Ok(published),
            Progress::Wait(pause) => control::pass(&stage.sandbox, pause).await?,
            Progress::Again => {}
        }
    }
}

/// Publishes one container, and reads what became of it.
async fn published(stage: &Stage, container: CreateThread) -> Outcome<Post> {
    let published = publish(stage, PublishThread::new(container)).await?;
    expect(published.permalink.is_some(), "an address for people")?;
    let post = published.media_id.ok_or("the published post has no id")?;
    Ok(stage.threads.send(GetPost::new(post)).await?)
}

async fn profile(stage: &Stage) -> Outcome<ThreadsUserId> {
    let user = stage.threads.send(GetThreadsUser::new()).await?;
    let profile = stage.threads.send(GetProfile::new(user.id.clone())).await?;
    expect(profile.username == user.username, "the same profile")?;
    let limits = stage.threads.send(GetThreadsLimits::new(user.id.clone())).await?;
    expect(
        limits.remaining_posts() == Some(250) && limits.remaining_replies() == Some(1_000),
        "all is left",
    )?;
    Ok(user.id)
}

/// What the flow does, by hand: a container, its state, and one call that publishes.
async fn one_call_at_a_time(stage: &Stage, user: &ThreadsUserId) -> Outcome<MediaId> {
    let text = CreateThread::text_post(user.clone(), "Rolls, still warm")
        .topic_tag("sandboxbread")
        .link_attachment("https://example.com/rolls")
        .reply_control(ReplyControl::Everyone);
    let container = stage.threads.send(text).await?.id;
    // Meta asks to wait half a minute before a container is published.
    control::pass(&stage.sandbox, Duration::from_secs(30)).await?;
    let progress = stage.threads.send(GetThreadContainer::new(container.clone())).await?;
    expect(progress.status == Some(ThreadContainerStatus::Finished), "a container that is finished")?;
    let post = stage.threads.send(PublishThreadContainer::new(user.clone(), container)).await?;
    let read = stage.threads.send(GetPost::new(post.id.clone())).await?;
    expect(
        read.topic_tag.as_deref() == Some("sandboxbread") && read.link_attachment_url.is_some(),
        "its parts",
    )?;
    Ok(post.id)
}

async fn media(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    let picture =
        CreateThread::image(user.clone(), PICTURE).text("Six of them").alt_text("Six rolls on a board");
    let picture = published(stage, picture).await?;
    expect(picture.media_type == Some(PostType::Image) && picture.alt_text.is_some(), "a picture")?;
    let video = CreateThread::video(user.clone(), VIDEO).is_spoiler_media(true);
    expect(published(stage, video).await?.media_type == Some(PostType::Video), "a video")?;

    let items = [
        CreateThread::carousel_image(user.clone(), PICTURE),
        CreateThread::carousel_video(user.clone(), VIDEO),
    ];
    let carousel = CreateThread::carousel(user.clone(), []).text("From flour to roll");
    let published = publish(stage, PublishThread::carousel(carousel, items)).await?;
    let carousel = published.media_id.ok_or("the carousel has no id")?;
    let carousel = stage.threads.send(GetPost::new(carousel)).await?;
    expect(carousel.children.len() == 2, "two items")
}

/// Texts with all that may hang on them; a text alone is published by one call.
async fn texts(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    let text = |text: &str| CreateThread::text_post(user.clone(), text);
    let poll = text("Which one?").poll_attachment(PollAttachment::new(["Rye", "Wheat", "Spelt"]));
    let poll = published(stage, poll).await?.poll_attachment.ok_or("the poll is missing")?;
    expect(poll.option_c.as_deref() == Some("Spelt"), "three answers")?;

    let recipe = TextAttachment::new("Flour, water, salt, and patience.")
        .styled(StyledRange::new(0, 5, [TextStyle::Bold]))
        .styled(StyledRange::new(24, 8, [TextStyle::Italic, TextStyle::Underline]));
    for post in [
        text("The dough rises").gif_attachment(GifAttachment::giphy("abc123")),
        text("The recipe").text_attachment(recipe),
        text("It is rye").text_entities(vec![SpoilerText::new(6, 3)]),
        text("Only today").is_ghost_post(true),
    ] {
        let post = stage.threads.send(post.at_once()).await?;
        let post = stage.threads.send(GetPost::new(post.id).fields("id,text,media_type")).await?;
        expect(post.media_type == Some(PostType::TextPost), "a text")?;
    }
    Ok(())
}

async fn quote_and_repost(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    let quote = CreateThread::text_post(user.clone(), "Well said").quote_post_id(FOREIGN_POST);
    let quote = published(stage, quote).await?;
    expect(quote.quoted_post.is_some_and(|post| post.id == MediaId::from(FOREIGN_POST)), "the quoted post")?;
    let repost = stage.threads.send(Repost::new(FOREIGN_POST)).await?;
    let repost = stage.threads.send(GetPost::new(repost.id)).await?;
    expect(repost.reposted_post.is_some(), "the post that is repeated")
}

/// The answer of the call that publishes gets lost. The flow finds out that it took effect, and does not repeat it.
async fn lost_answer(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    control::lose_answer(&stage.sandbox, "/threads_publish").await?;
    let post = published(stage, CreateThread::text_post(user.clone(), "Only once, please")).await?;
    let list = ListPosts::new(user.clone()).fields("id,text");
    let all: Vec<Post> = stage.threads.items(list).try_collect().await?;
    expect(all.iter().filter(|other| other.text == post.text).count() == 1, "one publication")
}

async fn replies(stage: &Stage, user: &ThreadsUserId, post: &MediaId) -> Outcome {
    // Somebody replies to every post a minute after it was published.
    control::pass(&stage.sandbox, Duration::from_secs(61)).await?;
    let list = ListReplies::new(post.clone()).limit(1);
    let theirs: Vec<Post> = stage.threads.items(list).try_collect().await?;
    let theirs = theirs.into_iter().next().ok_or("nobody replied")?.id;
    let answer = CreateThread::text_post(user.clone(), "Thank you!").reply_to_id(theirs.clone());
    let answer = published(stage, answer).await?;
    let to_mention = CreateThread::text_post(user.clone(), "So kind!").reply_to_id(FOREIGN_POST);
    let to_mention = published(stage, to_mention).await?;

    let all: Vec<Post> = stage.threads.items(ListConversation::new(post.clone())).try_collect().await?;
    expect(
        all.len() == 2 && all.iter().any(|reply| reply.id == answer.id),
        "the reply to the reply as well",
    )?;
    let own: Vec<Post> = stage.threads.items(ListUserReplies::new(user.clone())).try_collect().await?;
    expect(own.iter().any(|reply| reply.id == to_mention.id), "our replies")?;
    for (hide, expected) in [(true, HideStatus::Hidden), (false, HideStatus::NotHushed)] {
        stage.threads.send(HideReply::new(theirs.clone(), hide)).await?;
        let reply = GetPost::new(theirs.clone()).fields("id,hide_status");
        let status = stage.threads.send(reply).await?.hide_status;
        expect(status == Some(expected), "the reply to be hidden, and shown again")?;
    }
    Ok(())
}

/// Replies that nobody sees before they are approved.
async fn approvals(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    let post = CreateThread::text_post(user.clone(), "What do you think?").enable_reply_approvals(true);
    let post = published(stage, post).await?.id;
    control::pass(&stage.sandbox, Duration::from_secs(61)).await?;
    let waiting = |filter| {
        let list = ListPendingReplies::new(post.clone()).approval_status(filter);
        stage.threads.items(list).try_collect::<Vec<Post>>()
    };
    let pending = waiting(ApprovalFilter::Pending).await?;
    let reply = pending.into_iter().next().ok_or("no reply waits")?.id;
    stage.threads.send(AnswerPendingReply::new(reply.clone(), false)).await?;
    expect(waiting(ApprovalFilter::Ignored).await?.len() == 1, "the reply to be passed over")?;
    stage.threads.send(AnswerPendingReply::new(reply.clone(), true)).await?;
    let shown: Vec<Post> = stage.threads.items(ListReplies::new(post.clone())).try_collect().await?;
    expect(shown.iter().any(|shown| shown.id == reply), "the reply to be shown")
}

async fn search(stage: &Stage, post: &MediaId) -> Outcome {
    let texts = KeywordSearch::new("rolls").search_type(SearchOrder::Recent).media_type(SearchedMedia::Text);
    let texts: Vec<Post> = stage.threads.items(texts.limit(1)).try_collect().await?;
    expect(texts.len() == 2, "our post and that of somebody else")?;
    let tagged =
        KeywordSearch::new("sandboxbread").search_mode(SearchMode::Tag).author_username("sandbox.bakery");
    let tagged: Vec<Post> = stage.threads.items(tagged).try_collect().await?;
    expect(tagged.iter().any(|found| found.id == *post), "our post by its topic")?;

    let other = stage.threads.send(LookUpProfile::new("sandbox.bo")).await?;
    expect(other.follower_count.is_some_and(|count| count >= 100), "a profile that may be looked up")?;
    let posts: Vec<Post> = stage.threads.items(ListProfilePosts::new("sandbox.bo")).try_collect().await?;
    expect(posts.iter().any(|post| post.id == MediaId::from(FOREIGN_POST)), "the post of the other profile")
}

async fn places(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    let found = stage.threads.send(SearchLocations::new().latitude(52.5).longitude(13.4)).await?;
    let place = found.into_iter().next().ok_or("there is no place")?.id;
    let place = stage.threads.send(GetLocation::new(place)).await?;
    expect(place.city.as_deref() == Some("Sandbox"), "the place with its city")?;
    let post = CreateThread::text_post(user.clone(), "We are here").location_id(place.id.clone());
    let post = stage.threads.send(post.at_once()).await?;
    let post = stage.threads.send(GetPost::new(post.id).fields("id,location_id")).await?;
    expect(post.location_id == Some(place.id), "the place of the post")
}

async fn lists(stage: &Stage, user: &ThreadsUserId) -> Outcome {
    // Page by page, three posts on each.
    let posts: Vec<Post> = stage.threads.items(ListPosts::new(user.clone()).limit(3)).try_collect().await?;
    expect(posts.len() > 10, "all our posts")?;
    let mentions: Vec<Post> = stage.threads.items(ListMentions::new(user.clone())).try_collect().await?;
    expect(mentions.len() == 1, "one mention")
}

async fn delete(stage: &Stage, user: &ThreadsUserId, post: MediaId) -> Outcome {
    stage.threads.send(DeletePost::new(post.clone())).await?;
    expect(stage.threads.send(GetPost::new(post)).await.is_err(), "the post to be gone")?;
    let limits = stage.threads.send(GetThreadsLimits::new(user.clone())).await?;
    expect(limits.remaining_deletions() == Some(99), "one deletion fewer left")
}
