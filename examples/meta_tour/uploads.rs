//! Files on their way to Meta: a handle from a file on disk, over a break; chunks that are given up; the bytes of an
//! Instagram container.

use std::{env, fs, process};

use serde_json::{from_str, to_string};
use sociogram::meta_graph::{
    Client, Progress, VideoId,
    instagram::CreateContainer,
    pages::{CreateVideo, GetVideo},
    uploads::{
        BytesUpload, FileType, GetUpload, GetVideoStatus, OpenUpload, PhaseStatus, ResumableUpload,
        SendUpload, UploadHandle, UploadSource, UploadTarget, VideoTarget, VideoUpload, send_bytes,
        uploading_phase,
    },
};

use crate::{Outcome, expect, page_media, stage::Stage};

/// The sandbox's ad account.
const AD_ACCOUNT: &str = "act_600700800901001";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let file = env::temp_dir().join(format!("sociogram-meta-tour-{}.mp4", process::id()));
    fs::write(&file, page_media::film(300_000))?;
    let source = UploadSource::from_path(&file).await?;
    let uploaded = upload_over_a_break(stage, &source).await;
    let given_up = give_up_chunks(stage, &source).await;
    fs::remove_file(&file)?;
    let handle = uploaded?;
    given_up?;
    video_of_a_handle(stage, handle).await?;
    picture_step_by_step(stage).await?;
    video_for_ads(stage).await?;
    bytes_of_a_container(stage).await
}

/// A file from disk. The process ends half-way; the next one loads what was saved, and asks Meta where to go on.
async fn upload_over_a_break(
    stage: &Stage,
    source: &UploadSource,
) -> Result<UploadHandle, Box<dyn std::error::Error + Send + Sync>> {
    let mut upload = ResumableUpload::new(stage.app_id.clone(), FileType::Mp4, source.len());
    let step = upload.advance(&stage.user, source).await?;
    expect(matches!(step, Progress::Again), "a session to be open")?;
    let saved = to_string(&upload)?;

    let mut upload: ResumableUpload = from_str(&saved)?;
    Ok(upload.run(&stage.user, source, |_state| {}).await?)
}

/// The handle becomes a video of the Page.
async fn video_of_a_handle(stage: &Stage, handle: UploadHandle) -> Outcome {
    let video = CreateVideo::new(stage.page_id.clone()).uploaded(handle).title("From a file");
    let video = stage.page.send(video).await?.id;
    let read = stage.page.send(GetVideo::new(video)).await?;
    expect(read.title.as_deref() == Some("From a file"), "the video of the file")
}

/// The calls of [`ResumableUpload`], one by one.
async fn picture_step_by_step(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(page_media::PICTURE);
    let open = OpenUpload::new(stage.app_id.clone(), source.len(), FileType::Png).file_name("logo.png");
    let session = stage.user.send(open).await?.id;
    let position = stage.user.send(GetUpload::new(session.clone())).await?.file_offset;
    expect(position == 0, "nothing to be there")?;
    let handle = stage.user.send(SendUpload::new(session.clone(), source.clone()).offset(position)).await?;
    expect(!handle.as_str().is_empty(), "a handle")?;
    let position = stage.user.send(GetUpload::new(session)).await?.file_offset;
    expect(position == source.len(), "all of it to be there")
}

/// Begins to send a video in chunks, then gives it up.
async fn give_up_chunks(stage: &Stage, source: &UploadSource) -> Outcome {
    let target = VideoTarget::Videos(stage.page_id.clone().into());
    let mut upload = VideoUpload::new(target, source.len());
    for _step in ["start", "the first chunk"] {
        upload.advance(&stage.page, source).await?;
    }
    let video = upload.video_id().cloned().ok_or("the upload has no video")?;
    expect(arrived(&stage.page, &video).await? > 0, "a chunk to be there")?;
    upload.cancel(&stage.page).await?;
    let gone = stage.page.send(GetVideoStatus::new(video)).await;
    expect(gone.is_err(), "nothing to be left")
}

/// How many bytes of a video are there.
async fn arrived(client: &Client, video: &VideoId) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    let phase = uploading_phase(client, &UploadTarget::Video(video.clone())).await?;
    Ok(phase.and_then(|phase| phase.bytes_transferred).unwrap_or_default())
}

/// A video of an ad account, and one that is given up.
async fn video_for_ads(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(page_media::film(5_000));
    let target = || Ok::<_, sociogram::meta_graph::InvalidId>(VideoTarget::AdVideos(AD_ACCOUNT.parse()?));
    let mut upload = VideoUpload::new(target()?, source.len()).field("title", "Ten cakes");
    let video = upload.run(&stage.user, &source, |_state| {}).await?;
    expect(upload.video_id() == Some(&video), "the video of the upload")?;

    let mut upload = VideoUpload::new(target()?, source.len());
    upload.advance(&stage.user, &source).await?;
    upload.cancel(&stage.user).await?;
    expect(upload.video_id().is_none(), "no video to be left")
}

/// The bytes of two Instagram containers: in one call, and as an upload that may break.
async fn bytes_of_a_container(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(page_media::film(20_000));
    for at_once in [true, false] {
        let container = CreateContainer::reel_upload(stage.instagram_id.clone()).caption("Rising");
        let target = UploadTarget::Container(stage.user.send(container).await?.id);
        let before = uploading_phase(&stage.user, &target).await?.ok_or("the container has no phase")?;
        expect(before.bytes_transferred == Some(0), "nothing to be there")?;
        if at_once {
            send_bytes(&stage.user, &target, &source, 0, |_sent, _all| {}).await?;
        } else {
            let mut upload = BytesUpload::new(target.clone(), source.len());
            upload.run(&stage.user, &source, |_state| {}).await?;
        }
        let after = uploading_phase(&stage.user, &target).await?.ok_or("the container has no phase")?;
        expect(after.status == Some(PhaseStatus::Complete), "all of it to be there")?;
        expect(after.bytes_transferred == Some(source.len()), "all bytes to be counted")?;
    }
    Ok(())
}
