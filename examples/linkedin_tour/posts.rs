//! Posts of every kind, and publishing them when answers get lost or files cannot be looked at.

use std::{mem::discriminant, time::Duration};

use futures_util::TryStreamExt as _;
use serde_json::{from_str, to_string};
use sociogram::linkedin_api::{
    AdAccountUrn, ErrorKind, ImageUrn, LittleText, PostUrn, Progress, Urn,
    posts::{
        AdContext, Article, BatchGetPosts, CallToAction, Carousel, CarouselCard, Content, CreatePost,
        DeletePost, DocumentContent, DscAdType, DscStatus, GetPost, ImageContent, LifecycleState,
        ListDscPosts, ListPostsByAuthor, MultiImage, Poll, PollDuration, Post, PostSort, PublishPolicy,
        PublishPost, PublishedVia, Reference, TargetLocale, Targeting, UpdatePost, VideoContent, ViewContext,
        Visibility,
    },
    uploads::{UploadImage, UploadSource, WaitPolicy},
};

use crate::{
    Outcome, control, expect,
    media::{self, AD_ACCOUNT, PICTURE},
    stage::Stage,
};

/// A post of somebody else, which may be shared.
const VISITORS_POST: &str = "urn:li:share:7200000000000000001";

/// An event on LinkedIn.
const EVENT: &str = "urn:li:event:7190000000000000001";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let text = text(stage).await?;
    let shared = reshare(stage).await?;
    read_and_list(stage, &text, &shared).await?;
    for post in [text, shared] {
        delete(stage, post).await?;
    }
    contents(stage).await?;
    ads(stage).await?;
    publish(stage).await?;
    lost_answer(stage).await?;
    self_serve(stage).await
}

/// A text with a mention and a hashtag, then a better one.
async fn text(stage: &Stage) -> Outcome<PostUrn> {
    let text = LittleText::text("Warm (and fresh) at ")
        .mention("Sandbox Bakery", stage.organization.clone())
        .then(", from 6 to 10 ")
        .hashtag("bread");
    let post = stage.member.send(CreatePost::new(stage.organization.clone(), text.clone())).await?.urn;
    let read = stage.member.send(GetPost::new(post.clone())).await?;
    expect(read.commentary == Some(text), "the text, its mention and its hashtag")?;
    let held = stage.sandbox.received().linkedin_posts;
    let held = held.iter().find(|held| held.urn == post.as_str()).ok_or("the post is not there")?;
    expect(
        !held.truncated && held.mentions.len() == 1,
        "nothing to be cut off, and a link to the mentioned",
    )?;

    let text = LittleText::with_hashtags("Warm from 7 to 11 #bread");
    stage.member.send(UpdatePost::new(post.clone()).commentary(text.clone())).await?;
    let read = stage.member.send(GetPost::new(post.clone()).view(ViewContext::Author)).await?;
    expect(read.commentary == Some(text), "the new text")?;
    let edited = read.lifecycle_state_info.and_then(|info| info.is_edited_by_author);
    expect(edited == Some(true), "a post that was changed")?;
    Ok(post)
}

/// Shares somebody's post, which nobody is to share further.
async fn reshare(stage: &Stage) -> Outcome<PostUrn> {
    let parent: PostUrn = VISITORS_POST.parse()?;
    let post = CreatePost::new(stage.organization.clone(), "Somebody likes it").reshare_of(parent.clone());
    let post = stage.member.send(post.disable_reshare()).await?.urn;
    let read = stage.member.send(GetPost::new(post.clone())).await?;
    let shared = read.reshare_context.and_then(|context| context.parent);
    expect(shared.as_ref() == Some(parent.as_urn()), "the post that is shared")?;

    let again = CreatePost::new(stage.organization.clone(), "Once more").reshare_of(post.clone());
    let refused = stage.member.send(again).await.err();
    expect(refused.is_some_and(|error| error.kind() == ErrorKind::Invalid), "a reshare to be refused")?;
    Ok(post)
}

/// Several posts at once, and the posts of an author, one to a page so that there are two pages.
async fn read_and_list(stage: &Stage, text: &PostUrn, shared: &PostUrn) -> Outcome {
    let unknown: PostUrn = "urn:li:share:1".parse()?;
    let ids = vec![text.clone(), shared.clone(), unknown.clone()];
    let posts = stage.member.send(BatchGetPosts::new(ids)).await?;
    expect(posts.get(text).is_some() && posts.get(shared).is_some(), "both posts")?;
    expect(posts.failure(&unknown).is_some(), "the third to be missing")?;

    let list =
        ListPostsByAuthor::new(stage.organization.clone()).sort(PostSort::Created).is_dsc(false).count(1);
    let pages: Vec<_> = stage.member.pages(list).try_collect().await?;
    let newest: Vec<_> = pages.iter().take(2).flat_map(|page| &page.items).map(Post::urn).collect();
    expect(newest == [Some(shared.clone()), Some(text.clone())], "the newest post first")
}

/// Deletes a post, twice.
async fn delete(stage: &Stage, post: PostUrn) -> Outcome {
    for _time in ["the first", "the second, without effect"] {
        stage.member.send(DeletePost::new(post.clone())).await?;
    }
    let gone = stage.member.send(GetPost::new(post)).await.err();
    expect(gone.is_some_and(|error| error.kind() == ErrorKind::NotFound), "the post to be gone")
}

/// Whatever a post can show besides its text.
async fn contents(stage: &Stage) -> Outcome {
    let page = &stage.organization;
    let first = media::image(&stage.member, page.clone()).await?;
    let second = media::image(&stage.member, page.clone()).await?;
    let video = media::video(&stage.member, page.clone()).await?;
    let document = media::document(&stage.member, page.clone()).await?;
    let event: Urn = EVENT.parse()?;
    let article = Article::new("https://example.com/rye", "Rye").description("All about it");
    let article = article.thumbnail(first.clone()).thumbnail_alt_text("A field");
    let poll = Poll::new("Rye or spelt?", ["Rye", "Spelt", "Both"], PollDuration::ThreeDays);
    let contents: Vec<(&str, Content)> = vec![
        ("A loaf", ImageContent::new(first.clone()).alt_text("A dark loaf").into()),
        ("Two loaves", MultiImage::new([first, second].map(ImageContent::new)).into()),
        ("A film", VideoContent::new(video).title("Ten loaves").into()),
        ("A paper", DocumentContent::new(document, "bread.pdf").into()),
        ("An article", article.into()),
        ("A question", poll.into()),
        ("An event", Reference::new(event).into()),
    ];
    for (text, content) in contents {
        let post = CreatePost::new(page.clone(), text).content(content.clone());
        let post = stage.member.send(post).await?.urn;
        let read = stage.member.send(GetPost::new(post.clone())).await?;
        expect(shows(read.content.as_ref(), &content), text)?;
        delete(stage, post).await?;
    }
    Ok(())
}

/// Whether a post shows what was sent. To a poll LinkedIn adds who voted.
fn shows(read: Option<&Content>, sent: &Content) -> bool {
    match (read, sent) {
        (Some(Content::Poll(read)), Content::Poll(sent)) => {
            read.question == sent.question && read.unique_voters_count == Some(0)
        }
        (Some(read), sent) => discriminant(read) == discriminant(sent) && read == sent,
        (None, _) => false,
    }
}

/// Posts that appear as ads only: cards, and an image with a button.
async fn ads(stage: &Stage) -> Outcome {
    let account: AdAccountUrn = AD_ACCOUNT.parse()?;
    let image = media::image(&stage.member, stage.organization.clone()).await?;
    let card = |image: &ImageUrn, name: &str| {
        CarouselCard::new(image.clone(), format!("https://example.com/{name}")).title(name)
    };
    let cards = Carousel::new(["rye", "spelt"].map(|name| card(&image, name)));
    let ad = AdContext::new(account.clone(), DscAdType::Carousel).name("Two loaves");
    let post = CreatePost::new(stage.organization.clone(), "Try both").content(cards).ad_context(ad);
    let carousel = stage.member.send(post).await?.urn;

    let ad = AdContext::new(account.clone(), DscAdType::Standard).name("One loaf");
    let post = CreatePost::new(stage.organization.clone(), "Try one").content(ImageContent::new(image));
    let post = post.ad_context(ad).call_to_action(CallToAction::LearnMore, "https://example.com/rye");
    let standard = stage.member.send(post).await?.urn;

    let change = UpdatePost::new(standard.clone())
        .dsc_name("One loaf, put away")
        .dsc_status(DscStatus::Archived)
        .call_to_action(CallToAction::SeeMore);
    stage.member.send(change).await?;
    let read = stage.member.send(GetPost::new(standard.clone())).await?;
    let ad = read.ad_context.ok_or("the post is no ad")?;
    expect(ad.dsc_status == Some(DscStatus::Archived), "the ad to be put away")?;
    expect(ad.dsc_name.as_deref() == Some("One loaf, put away"), "its new name")?;
    expect(read.content_call_to_action_label == Some(CallToAction::SeeMore), "its new button")?;

    let list = ListDscPosts::new(account).ad_types(vec![DscAdType::Standard, DscAdType::Carousel]).count(1);
    let ads: Vec<_> = stage.member.items(list).try_collect().await?;
    let ads: Vec<_> = ads.iter().filter_map(Post::urn).collect();
    expect(ads == [standard.clone(), carousel.clone()], "both ads")?;
    for post in [standard, carousel] {
        delete(stage, post).await?;
    }
    Ok(())
}

/// All steps of publishing, for people who use LinkedIn in German. After every step the process could end and another
/// one go on.
async fn publish(stage: &Stage) -> Outcome {
    let image = media::image(&stage.member, stage.organization.clone()).await?;
    let post = CreatePost::new(stage.organization.clone(), "Our oven").content(ImageContent::new(image));
    let post = post.target(Targeting::new().interface_locale(TargetLocale::new("de", "DE")));
    let mut publish = PublishPost::new(post).policy(PublishPolicy::new().read_back(true));
    let step = publish.advance(&stage.member).await?;
    expect(matches!(step, Progress::Again), "the image to be ready")?;
    let saved = to_string(&publish)?;

    let mut publish: PublishPost = from_str(&saved)?;
    let published = publish.run(&stage.member, |_state| {}).await?;
    expect(published.via == PublishedVia::Created, "a post that was created at once")?;
    expect(published.state == Some(LifecycleState::Published), "a post that is published")?;
    let read = GetPost::new(published.urn.clone()).fields("id,distribution");
    let distribution = stage.member.send(read).await?.distribution;
    let locales = distribution.iter().flat_map(|distribution| &distribution.target_entities);
    let locales = locales.flat_map(|facets| &facets.interface_locales).count();
    expect(locales == 1, "one language")?;
    delete(stage, published.urn).await
}

/// The answer to the create is lost. The same text once more is refused as a duplicate, which names the post.
async fn lost_answer(stage: &Stage) -> Outcome {
    control::lose_answer(&stage.sandbox, "/rest/posts").await?;
    let before = stage.sandbox.received().linkedin_posts.len();
    let mut publish = PublishPost::new(CreatePost::new(stage.organization.clone(), "Closed on Sunday"));
    let published = publish.run(&stage.member, |_state| {}).await?;
    expect(published.via == PublishedVia::Duplicate, "the post to be named by the refusal")?;
    let posts = stage.sandbox.received().linkedin_posts;
    let new: Vec<_> = posts.iter().skip(before).map(|post| post.urn.as_str()).collect();
    expect(new == [published.urn.as_str()], "one post and no other")?;
    delete(stage, published.urn).await
}

/// An app that may only write cannot see whether an image is ready: it waits a little, and LinkedIn's answer tells.
async fn self_serve(stage: &Stage) -> Outcome {
    let grace = Duration::from_millis(100);
    let source = UploadSource::from_bytes(PICTURE);
    let mut upload =
        UploadImage::new(stage.member_urn.clone(), &source).wait(WaitPolicy::short().grace(grace));
    let image = upload.run(&stage.self_serve, &source, |_state| {}).await?;
    expect(image.status.is_none(), "an image whose status nobody tells")?;

    let post = CreatePost::new(stage.member_urn.clone(), "At work")
        .content(ImageContent::new(image.urn).alt_text("A desk"))
        .visibility(Visibility::Connections);
    let policy = PublishPolicy::new().grace(grace).read_back(true);
    let published = PublishPost::new(post).policy(policy).run(&stage.self_serve, |_state| {}).await?;
    expect(published.state.is_none(), "a post that cannot be read back")?;
    let hidden = stage.self_serve.send(GetPost::new(published.urn.clone())).await.err();
    let hidden = hidden.is_some_and(|error| error.kind() == ErrorKind::Permission);
    expect(hidden, "reading to be refused")?;

    let read = stage.member.send(GetPost::new(published.urn.clone())).await?;
    expect(read.visibility == Some(Visibility::Connections), "a post for connections")?;
    stage.self_serve.send(DeletePost::new(published.urn)).await?;
    Ok(())
}
