//! Files on their way to LinkedIn: images, documents and videos, over a break, and call by call.

use std::time::Duration;

use serde_json::{from_str, json, to_string};
use sociogram::{
    api_core::{SystemClock, Timer as _},
    linkedin_api::{
        ActorUrn, AdAccountUrn, Client, DocumentUrn, ErrorKind, ImageUrn, Progress, VideoUrn,
        assets::AssetStatus,
        documents::{BatchGetDocuments, GetDocument},
        images::{BatchGetImages, GetImage, InitializeImageUpload},
        uploads::{SendFile, UploadDocument, UploadImage, UploadSource, UploadVideo, VideoFiles, WaitPolicy},
        videos::{BatchGetVideos, FinalizeVideoUpload, GetVideo, InitializeVideoUpload, SendVideoPart},
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// A picture of one grey pixel.
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cc\xa8\x07\0\0\x81\0\x80\xd3\x94SJ\0\0\0\0IEND\xaeB`\x82";

/// A document, as far as the sandbox looks into it.
const PAPER: &[u8] = b"%PDF-1.7\n% Our bread, on one page\n";

/// Captions for one sentence.
const CAPTIONS: &str = "1\n00:00:00,000 --> 00:00:02,000\nHere is our bread.\n";

/// The ad account whose media library keeps a copy.
pub(crate) const AD_ACCOUNT: &str = "urn:li:sponsoredAccount:506070801";

/// A video, as far as the sandbox looks into it, of this many bytes.
fn film(bytes: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x18ftypmp42".to_vec();
    film.resize(bytes, 0);
    film
}

/// The sandbox is faster than LinkedIn: whoever asks three times is served.
fn quickly() -> WaitPolicy {
    let pause = Duration::from_millis(10);
    WaitPolicy::short().pauses(pause, pause).grace(pause)
}

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    images(stage).await?;
    documents(stage).await?;
    videos(stage).await?;
    video_step_by_step(stage).await?;
    refused(stage).await
}

/// Uploads a picture for whoever will post it.
pub(crate) async fn image(client: &Client, owner: impl Into<ActorUrn>) -> Outcome<ImageUrn> {
    let source = UploadSource::from_bytes(PICTURE);
    let mut upload = UploadImage::new(owner, &source).wait(quickly());
    Ok(upload.run(client, &source, |_state| {}).await?.urn)
}

/// Uploads a document.
pub(crate) async fn document(client: &Client, owner: impl Into<ActorUrn>) -> Outcome<DocumentUrn> {
    let source = UploadSource::from_bytes(PAPER);
    let mut upload = UploadDocument::new(owner, &source).wait(quickly());
    Ok(upload.run(client, &source, |_state| {}).await?.urn)
}

/// Uploads a video that fits into one part.
pub(crate) async fn video(client: &Client, owner: impl Into<ActorUrn>) -> Outcome<VideoUrn> {
    let files = VideoFiles::new(UploadSource::from_bytes(film(80_000)));
    let mut upload = UploadVideo::new(owner, &files).wait(quickly());
    Ok(upload.run(client, &files, |_state| {}).await?.urn)
}

/// An image in one go, kept in the media library of an ad account too; another one call by call; both read at once.
async fn images(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(PICTURE);
    let account: AdAccountUrn = AD_ACCOUNT.parse()?;
    let upload = UploadImage::new(stage.organization.clone(), &source).library(account, "Rye");
    let mut upload = upload.wait(quickly());
    let first = upload.run(&stage.member, &source, |_state| {}).await?;
    expect(first.status == Some(AssetStatus::Available), "an image that can be posted")?;

    let open = InitializeImageUpload::new(stage.organization.clone());
    let opened = stage.member.send(open).await?;
    let empty = stage.member.send(GetImage::new(opened.image.clone())).await?;
    expect(empty.status == Some(AssetStatus::WaitingUpload), "an image without its bytes")?;
    stage.member.send(SendFile::new(opened.upload_url, source).content_type("image/png")).await?;
    let there = stage.member.send(GetImage::new(opened.image.clone())).await?;
    expect(there.status != Some(AssetStatus::WaitingUpload), "the bytes to be there")?;
    expect(there.owner.as_ref() == Some(stage.organization.as_urn()), "the organization's image")?;

    let unknown: ImageUrn = "urn:li:image:C4E10Nowhere".parse()?;
    let ids = vec![first.urn.clone(), opened.image.clone(), unknown.clone()];
    let images = stage.member.send(BatchGetImages::new(ids)).await?;
    let status = images.get(&first.urn).and_then(|image| image.status.clone());
    expect(status == Some(AssetStatus::Available) && images.get(&opened.image).is_some(), "both images")?;
    expect(images.failure(&unknown).is_some(), "the third to be missing, and to cost the others nothing")
}

/// A document. After every step the process could end and another one go on: the flow is stored and loaded.
async fn documents(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes(PAPER);
    let mut upload = UploadDocument::new(stage.organization.clone(), &source).wait(quickly());
    let uploaded = loop {
        let step = upload.advance(&stage.member, &source).await?;
        let saved = to_string(&upload)?;
        upload = from_str(&saved)?;
        match step {
            Progress::Done(uploaded) => break uploaded,
            Progress::Wait(pause) => SystemClock::new().sleep(pause).await,
            Progress::Again => {}
        }
    };
    let read = stage.member.send(GetDocument::new(uploaded.urn.clone())).await?;
    expect(read.status == Some(AssetStatus::Available), "a document that can be posted")?;
    expect(read.download_url.is_some(), "an address to download it from")?;

    let other = document(&stage.member, stage.organization.clone()).await?;
    let ids = vec![uploaded.urn.clone(), other.clone()];
    let documents = stage.member.send(BatchGetDocuments::new(ids)).await?;
    let ids = [&uploaded.urn, &other].map(|urn| documents.get(urn).and_then(|found| found.id.clone()));
    expect(ids == [Some(uploaded.urn), Some(other)], "both documents")
}

/// A video in two parts, with captions and a thumbnail. The process ends after the first part, and the answer to the
/// second one is lost.
async fn videos(stage: &Stage) -> Outcome {
    let files = VideoFiles::new(UploadSource::from_bytes(film(5_000_000)))
        .captions(UploadSource::from_bytes(CAPTIONS))
        .thumbnail(UploadSource::from_bytes(PICTURE));
    let mut upload = UploadVideo::new(stage.organization.clone(), &files).wait(quickly());
    for _step in ["the addresses", "the first part"] {
        let step = upload.advance(&stage.member, &files).await?;
        expect(matches!(step, Progress::Again), "more to be done")?;
    }
    let saved = to_string(&upload)?;

    let lost = json!({
        "match": {"path_contains": "/uploadedVideo/", "method": "PUT"},
        "kind": "reset_after_effect",
    });
    control::control(&stage.sandbox, "faults", &lost).await?;
    let mut upload: UploadVideo = from_str(&saved)?;
    let uploaded = upload.run(&stage.member, &files, |_state| {}).await?;
    expect(uploaded.status == Some(AssetStatus::Available), "a video that can be posted")?;

    let read = stage.member.send(GetVideo::new(uploaded.urn.clone())).await?;
    expect(read.captions.is_some() && read.thumbnail.is_some(), "captions and a thumbnail")?;
    expect(read.duration.is_some_and(|time| !time.is_zero()), "a video that plays")
}

/// The calls of an upload, one by one.
async fn video_step_by_step(stage: &Stage) -> Outcome {
    let file = UploadSource::from_bytes(film(80_000));
    let open = InitializeVideoUpload::new(stage.organization.clone(), file.len());
    let opened = stage.member.send(open.template_name("Daily bread")).await?;
    let mut parts = Vec::new();
    for instruction in &opened.upload_instructions {
        parts.push(stage.member.send(SendVideoPart::new(instruction, file.clone())).await?);
    }
    let finish = FinalizeVideoUpload::new(opened.video.clone(), parts).token(opened.upload_token);
    stage.member.send(finish).await?;

    let other = video(&stage.member, stage.organization.clone()).await?;
    let ids = vec![opened.video.clone(), other.clone()];
    let videos = stage.member.send(BatchGetVideos::new(ids)).await?;
    let status = videos.get(&other).and_then(|video| video.status.clone());
    expect(status == Some(AssetStatus::Available) && videos.get(&opened.video).is_some(), "both videos")
}

/// A text is no image: with the feature `media` it is not sent at all, otherwise LinkedIn cannot process it.
async fn refused(stage: &Stage) -> Outcome {
    let source = UploadSource::from_bytes("What our bread looks like");
    let mut upload = UploadImage::new(stage.organization.clone(), &source).wait(quickly());
    let error = upload.run(&stage.member, &source, |_state| {}).await.err();
    let kind = error.map(|error| error.kind());
    expect(matches!(kind, Some(ErrorKind::Invalid | ErrorKind::Rejected)), "the file to be refused")
}
