//! Instagram through Facebook Login: containers of every kind, publishing, and what was published.

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::http::UploadSource,
    meta_graph::{
        Client, ContainerId, MediaId, Progress,
        instagram::{
            Account, AudioConfiguration, AudioKind, CarouselItem, ContainerKind, CreateContainer,
            DeleteMedia, GetAccount, GetContainer, GetMedia, GetPublishingLimit, ListChildren, ListLiveMedia,
            ListMedia, ListStories, Media, PublishContainer, PublishInstagram, Published, SearchAudio,
            UpdateMedia, UserTag,
        },
        uploads::{BytesUpload, UploadTarget},
    },
};

use crate::{Outcome, control, expect, instagram_people, stage::Stage};

/// Where the files are; the sandbox looks at the addresses only.
const PICTURE: &str = "https://cdn.example.com/rolls.jpg";
const VIDEO: &str = "https://cdn.example.com/oven.mp4";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    account(stage).await?;
    let post = one_call_at_a_time(stage).await?;
    reel(stage).await?;
    stories(stage).await?;
    carousel(stage).await?;
    uploaded_reel(stage).await?;
    lost_answer(stage).await?;
    lists(stage, &post).await?;
    instagram_people::tour(stage, &post).await?;
    changes(stage, &post).await
}

/// Publishes like a program that may be stopped at any time: the state is stored after every step, and each step
/// begins with what was stored.
pub(crate) async fn publish(stage: &Stage, client: &Client, flow: &PublishInstagram) -> Outcome<Published> {
    let mut stored = serde_json::to_string(flow)?;
    loop {
        let mut flow: PublishInstagram = serde_json::from_str(&stored)?;
        let progress = flow.advance(client).await?;
        stored = serde_json::to_string(&flow)?;
        match progress {
            Progress::Done(published) => return Ok(published),
            Progress::Wait(pause) => control::pass(&stage.sandbox, pause).await?,
            Progress::Again => {}
        }
    }
}

/// Publishes with the client of Facebook Login, and reads what became of it.
async fn published(stage: &Stage, flow: &PublishInstagram) -> Outcome<Media> {
    let published = publish(stage, &stage.user, flow).await?;
    expect(published.permalink.is_some(), "an address for people")?;
    let media = published.media_id.ok_or("the published medium has no id")?;
    Ok(stage.user.send(GetMedia::new(media).fields(Media::FACEBOOK_FIELDS)).await?)
}

async fn account(stage: &Stage) -> Outcome {
    let account = GetAccount::new(stage.instagram_id.clone()).fields(Account::FACEBOOK_FIELDS);
    let account = stage.user.send(account).await?;
    expect(account.username.as_deref() == Some("sandbox.bakery"), "the account of the Page")?;
    let limit = stage.user.send(GetPublishingLimit::new(stage.instagram_id.clone())).await?;
    expect(limit.remaining().is_some_and(|left| left > 0), "something left to publish")
}

/// What the flow does, by hand: a container, its state, and one call that publishes.
async fn one_call_at_a_time(stage: &Stage) -> Outcome<MediaId> {
    let container = CreateContainer::image(stage.instagram_id.clone(), PICTURE)
        .caption("Rolls, still warm #sandboxbread")
        .alt_text("Six rolls on a board")
        .collaborators(vec!["sandbox.bo".to_owned()])
        .user_tags(vec![UserTag::at("sandbox.bo", 0.5, 0.4)]);
    let container = stage.user.send(container).await?.id;
    loop {
        let progress = stage.user.send(GetContainer::new(container.clone())).await?;
        if progress.is_finished() {
            break;
        }
        expect(progress.failure().is_none(), "a picture that can be used")?;
        control::pass(&stage.sandbox, std::time::Duration::from_secs(5)).await?;
    }
    let post = stage.user.send(PublishContainer::new(stage.instagram_id.clone(), container.clone())).await?;
    let progress = stage.user.send(GetContainer::new(container)).await?;
    expect(!progress.is_finished(), "the container to be used up")?;
    Ok(post.id)
}

async fn reel(stage: &Stage) -> Outcome {
    let search = SearchAudio::new(stage.instagram_id.clone(), AudioKind::Music).search_query("waltz");
    let sounds = stage.user.send(search).await?;
    let sound = sounds.into_iter().next().ok_or("no sound was found")?;
    let reel = CreateContainer::reel(stage.instagram_id.clone(), VIDEO)
        .caption("How the rolls are made")
        .audio_configuration(AudioConfiguration::new(sound.audio_id).volumes(60, 20))
        .cover_url(PICTURE)
        .share_to_feed(true)
        .user_tags(vec![UserTag::new("sandbox.bo")]);
    let reel = published(stage, &PublishInstagram::new(reel)).await?;
    expect(reel.is_reel() && reel.is_shared_to_feed == Some(true), "a reel that the feed shows")
}

async fn stories(stage: &Stage) -> Outcome {
    let picture = CreateContainer::story_image(stage.instagram_id.clone(), PICTURE)
        .user_tags(vec![UserTag::new("sandbox.bo")]);
    let picture = published(stage, &PublishInstagram::new(picture)).await?;
    let video = CreateContainer::story_video(stage.instagram_id.clone(), VIDEO);
    published(stage, &PublishInstagram::new(video)).await?;
    let stories = stage.user.send(ListStories::new(stage.instagram_id.clone())).await?.items;
    expect(stories.len() == 2 && stories.iter().any(|story| story.id == picture.id), "both stories")
}

/// Two items that the flow makes, and one whose video was uploaded before.
async fn carousel(stage: &Stage) -> Outcome {
    let account = || stage.instagram_id.clone();
    let uploaded = upload(stage, CreateContainer::carousel_video_upload(account())).await?;
    let items = [
        CarouselItem::from(CreateContainer::carousel_image(account(), PICTURE).alt_text("Rolls")),
        CarouselItem::from(CreateContainer::carousel_video(account(), VIDEO)),
        CarouselItem::from(uploaded),
    ];
    let carousel = CreateContainer::carousel(account(), []).caption("From flour to roll");
    let carousel = published(stage, &PublishInstagram::carousel(carousel, items)).await?;
    let children: Vec<_> = stage.user.items(ListChildren::new(carousel.id)).try_collect().await?;
    expect(children.len() == 3 && carousel.children.len() == 3, "three items")
}

/// Opens a container, and sends its video in a call of its own.
async fn upload(stage: &Stage, container: CreateContainer) -> Outcome<ContainerId> {
    let opened = stage.user.send(container).await?;
    let video = UploadSource::from_bytes(Bytes::from_static(b"not really a video"));
    let mut upload = BytesUpload::new(UploadTarget::Container(opened.id.clone()), video.len());
    upload.run(&stage.user, &video, |_state| {}).await?;
    expect(upload.is_done(), "the whole video to arrive")?;
    Ok(opened.id)
}

async fn uploaded_reel(stage: &Stage) -> Outcome {
    let reel = CreateContainer::reel_upload(stage.instagram_id.clone()).caption("The oven at four");
    let reel = upload(stage, reel).await?;
    let flow = PublishInstagram::existing(stage.instagram_id.clone(), ContainerKind::Reel, reel);
    let reel = published(stage, &flow).await?;
    expect(reel.caption.as_deref() == Some("The oven at four"), "the reel with its caption")?;

    let story = upload(stage, CreateContainer::story_upload(stage.instagram_id.clone())).await?;
    let flow = PublishInstagram::existing(stage.instagram_id.clone(), ContainerKind::StoryVideo, story);
    publish(stage, &stage.user, &flow.without_quota_check()).await?;
    Ok(())
}

/// The answer of the call that publishes gets lost. The flow finds out that it took effect, and does not repeat it.
async fn lost_answer(stage: &Stage) -> Outcome {
    control::lose_answer(&stage.sandbox, "/media_publish").await?;
    let post = CreateContainer::image(stage.instagram_id.clone(), PICTURE).caption("Only once, please");
    let post = published(stage, &PublishInstagram::new(post)).await?;
    let list = ListMedia::new(stage.instagram_id.clone()).fields("id,caption");
    let all: Vec<Media> = stage.user.items(list).try_collect().await?;
    let same = all.iter().filter(|media| media.caption == post.caption).count();
    expect(same == 1, "one publication")
}

async fn lists(stage: &Stage, post: &MediaId) -> Outcome {
    // Page by page, two media on each.
    let media: Vec<Media> =
        stage.user.items(ListMedia::new(stage.instagram_id.clone()).limit(2)).try_collect().await?;
    expect(media.iter().any(|media| media.id == *post), "the first post")?;
    expect(media.len() == 5, "three posts and two reels, and no story")?;
    let live: Vec<Media> =
        stage.user.items(ListLiveMedia::new(stage.instagram_id.clone())).try_collect().await?;
    expect(live.is_empty(), "no live video")
}

async fn changes(stage: &Stage, post: &MediaId) -> Outcome {
    stage.user.send(UpdateMedia::new(post.clone(), false)).await?;
    let media = stage.user.send(GetMedia::new(post.clone())).await?;
    expect(media.is_comment_enabled == Some(false), "closed comments")?;
    stage.user.send(DeleteMedia::new(post.clone())).await?;
    expect(stage.user.send(GetMedia::new(post.clone())).await.is_err(), "the post to be gone")
}
