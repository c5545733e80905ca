//! Images, documents, videos and the files they are made of.

use serde_json::{Value, json};
use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::assets::{AssetStatus, SignedUrl};
use sociogram_linkedin_api::documents::{BatchGetDocuments, GetDocument, InitializeDocumentUpload};
use sociogram_linkedin_api::images::{BatchGetImages, GetImage, InitializeImageUpload};
use sociogram_linkedin_api::uploads::{SendFile, UploadSource};
use sociogram_linkedin_api::videos::{
    BatchGetVideos, FinalizeVideoUpload, GetVideo, InitializeVideoUpload, InitializedVideo, SendVideoPart,
    UploadInstruction, UploadToken,
};
use sociogram_linkedin_api::{
    AdAccountUrn, DocumentUrn, ImageUrn, OrganizationUrn, PersonUrn, Urn, VideoUrn,
};

use crate::table::{Answer, Table};

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn account() -> AdAccountUrn {
    AdAccountUrn::from_id("9").unwrap()
}

fn video() -> VideoUrn {
    VideoUrn::from_id("C55").unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

#[tokio::test]
async fn images() {
    let table = Table::new().await;
    table
        .row(
            InitializeImageUpload::new(page()),
            "action POST /rest/images?action=initializeUpload\n\
             json {\"initializeUploadRequest\":{\"owner\":\"urn:li:organization:5\"}}",
            Answer::json(json!({"value": {
                "uploadUrlExpiresAt": 1_650_567_510_704_i64,
                "uploadUrl": "https://www.linkedin.com/dms-uploads/C4E10AQFoyyAjHPMQuQ/uploaded-image/0?ca=vector_ads&ut=26Fn2p",
                "image": "urn:li:image:C4E10AQFoyyAjHPMQuQ",
            }})),
            |opened| {
                assert_eq!(opened.image.id(), "C4E10AQFoyyAjHPMQuQ");
                assert!(opened.upload_url.as_str().ends_with("/0?ca=vector_ads&ut=26Fn2p"));
                assert_eq!(opened.upload_url_expires_at, Some(at(1_650_567_510_704)));
            },
        )
        .await;
    table
        .row(
            InitializeImageUpload::new(page()).library_account(account()).library_name("Logo (new)"),
            "action POST /rest/images?action=initializeUpload\n\
             json {\"initializeUploadRequest\":{\"mediaLibraryMetadata\":{\"assetName\":\"Logo (new)\",\
             \"associatedAccount\":\"urn:li:sponsoredAccount:9\"},\"owner\":\"urn:li:organization:5\"}}",
            Answer::json(json!({"value": {"uploadUrl": "https://a.example/", "image": "urn:li:image:1"}})),
            |opened| assert_eq!(opened.upload_url_expires_at, None),
        )
        .await;
    table
        .row(
            GetImage::new(ImageUrn::from_id("C4E").unwrap()).fields("id,status"),
            "get GET /rest/images/urn%3Ali%3Aimage%3AC4E?fields=id,status",
            Answer::json(json!({
                "id": "urn:li:image:C4E", "owner": "urn:li:organization:5", "status": "AVAILABLE",
                "downloadUrl": "https://media.licdn.com/CANARY", "downloadUrlExpiresAt": 7, "more": {},
            })),
            |image| {
                assert_eq!(image.id.as_ref().unwrap().id(), "C4E");
                assert_eq!(image.owner.as_ref().map(Urn::id), Some("5"));
                assert_eq!(
                    (&image.status, image.download_url_expires_at),
                    (&Some(AssetStatus::Available), Some(at(7)))
                );
                assert_eq!(image.download_url.as_ref().unwrap().as_str(), "https://media.licdn.com/CANARY");
                assert!(!format!("{image:?}").contains("CANARY"));
            },
        )
        .await;
    table
        .row(
            BatchGetImages::new(["a", "b"].map(|id| ImageUrn::from_id(id).unwrap())),
            "batch_get GET /rest/images?ids=List(urn%3Ali%3Aimage%3Aa,urn%3Ali%3Aimage%3Ab)",
            Answer::json(json!({
                "results": {"urn:li:image:a": {"id": "urn:li:image:a", "status": "ON_FIRE"}},
                "errors": {"urn:li:image:b": {"status": 403}}, "statuses": {},
            })),
            |images| {
                assert_eq!(images.get("urn:li:image:a").unwrap().status, Some(AssetStatus::from("ON_FIRE")));
                assert!(images.failure("urn:li:image:b").is_some());
            },
        )
        .await;
}

#[tokio::test]
async fn documents() {
    let table = Table::new().await;
    table
        .row(
            InitializeDocumentUpload::new(PersonUrn::from_id("a").unwrap()),
            "action POST /rest/documents?action=initializeUpload\n\
             json {\"initializeUploadRequest\":{\"owner\":\"urn:li:person:a\"}}",
            Answer::json(json!({"value": {
                "uploadUrlExpiresAt": 1, "uploadUrl": "https://www.linkedin.com/dms-uploads/D/0", "document": "urn:li:document:D5510",
            }})),
            |opened| {
                assert_eq!((opened.document.id(), opened.upload_url_expires_at), ("D5510", Some(at(1))));
                assert_eq!(opened.upload_url.as_str(), "https://www.linkedin.com/dms-uploads/D/0");
            },
        )
        .await;
    table
        .row(
            GetDocument::new(DocumentUrn::from_id("D5510").unwrap()),
            "get GET /rest/documents/urn%3Ali%3Adocument%3AD5510",
            Answer::json(json!({"id": "urn:li:document:D5510", "status": "PROCESSING_FAILED", "owner": 7})),
            |document| {
                assert_eq!(document.status, Some(AssetStatus::ProcessingFailed));
                assert_eq!((document.id.unwrap().id(), document.owner), ("D5510", None));
            },
        )
        .await;
    table
        .row(
            BatchGetDocuments::new([DocumentUrn::from_id("a").unwrap()]),
            "batch_get GET /rest/documents?ids=List(urn%3Ali%3Adocument%3Aa)",
            Answer::json(json!({"results": {"urn%3Ali%3Adocument%3Aa": {"status": "PROCESSING"}}})),
            |documents| {
                assert_eq!(documents.get("urn:li:document:a").unwrap().status, Some(AssetStatus::Processing));
            },
        )
        .await;
}

/// The answer to the opening of a video of 10 bytes.
fn opened(base: &str) -> Value {
    json!({"value": {
        "uploadUrlsExpireAt": 1_633_242_148_112_i64,
        "video": "urn:li:video:C55",
        "uploadInstructions": [
            {"uploadUrl": format!("{base}/upload/C55/1?e=1&sig=a-_%2B"), "firstByte": 0, "lastByte": 3},
            {"uploadUrl": format!("{base}/upload/C55/2?e=1"), "firstByte": 4, "lastByte": 9},
        ],
        "uploadToken": "",
        "captionsUploadUrl": format!("{base}/captions"),
        "thumbnailUploadUrl": format!("{base}/thumbnail"),
    }})
}

#[tokio::test]
async fn videos() {
    let table = Table::new().await;
    let base = table.address();
    table
        .row(
            InitializeVideoUpload::new(page(), 10)
                .captions(true)
                .thumbnail(true)
                .template_name("Brand (1)")
                .linkback_context(json!({"a": 1}))
                .library_account(account())
                .library_name("Film"),
            "action POST /rest/videos?action=initializeUpload\n\
             json {\"initializeUploadRequest\":{\"fileSizeBytes\":10,\"linkbackContext\":{\"a\":1},\
             \"mediaLibraryMetadata\":{\"assetName\":\"Film\",\"associatedAccount\":\"urn:li:sponsoredAccount:9\"},\
             \"owner\":\"urn:li:organization:5\",\"templateName\":\"Brand (1)\",\"uploadCaptions\":true,\
             \"uploadThumbnail\":true}}",
            Answer::json(opened(&base)),
            |opened| {
                let ranges: Vec<_> = opened.upload_instructions.iter().map(UploadInstruction::range).collect();
                assert_eq!(ranges, [0..4, 4..10]);
                assert_eq!((opened.video, opened.upload_token.as_str()), (video(), ""));
                assert_eq!(opened.upload_urls_expire_at, Some(at(1_633_242_148_112)));
                assert!(opened.captions_upload_url.is_some() && opened.thumbnail_upload_url.is_some());
            },
        )
        .await;
    table
        .row(
            FinalizeVideoUpload::new(video(), ["a-1".to_owned(), "/b=".to_owned()])
                .token(UploadToken::new("t")),
            "action POST /rest/videos?action=finalizeUpload\n\
             json {\"finalizeUploadRequest\":{\"uploadToken\":\"t\",\"uploadedPartIds\":[\"a-1\",\"/b=\"],\
             \"video\":\"urn:li:video:C55\"}}",
            Answer::empty(200),
            |()| (),
        )
        .await;
    table
        .row(
            GetVideo::new(video()),
            "get GET /rest/videos/urn%3Ali%3Avideo%3AC55",
            Answer::json(json!({
                "id": "urn:li:video:C55", "owner": "urn:li:organization:5", "status": "PROCESSING_FAILED",
                "processingFailureReason": "bad codec", "duration": 6_033, "aspectRatioWidth": 480,
                "aspectRatioHeight": "360", "downloadUrl": "https://dms.licdn.com/CANARY", "downloadUrlExpiresAt": 7,
                "thumbnail": "https://media.licdn.com/CANARY", "captions": {"odd": true},
            })),
            |video| {
                assert_eq!(video.status, Some(AssetStatus::ProcessingFailed));
                assert_eq!(video.processing_failure_reason.as_deref(), Some("bad codec"));
                assert_eq!(video.duration.unwrap().as_millis(), 6_033);
                assert_eq!((video.aspect_ratio_width, video.aspect_ratio_height), (Some(480), Some(360)));
                assert_eq!((video.download_url_expires_at, &video.captions), (Some(at(7)), &None));
                assert!(video.thumbnail.is_some() && !format!("{video:?}").contains("CANARY"));
            },
        )
        .await;
    table
        .row(
            BatchGetVideos::new([video()]),
            "batch_get GET /rest/videos?ids=List(urn%3Ali%3Avideo%3AC55)",
            Answer::json(json!({"results": {"urn:li:video:C55": {"status": "WAITING_UPLOAD"}}})),
            |videos| {
                let video = videos.get(video().as_str()).unwrap();
                assert_eq!((&video.status, video.duration), (&Some(AssetStatus::WaitingUpload), None));
            },
        )
        .await;
}

#[tokio::test]
async fn files() {
    let table = Table::new().await;
    let base = table.address();
    let file = || UploadSource::from_bytes("0123456789");
    let instructions: InitializedVideo = serde_json::from_value(opened(&base)["value"].clone()).unwrap();
    for (tag, id) in
        [("\"/ab-1\"", "/ab-1"), ("5F4D", "5F4D"), ("W/\"x\"", "W/\"x\""), (" \"a\"b\" ", "a\"b")]
    {
        table
            .row(
                SendVideoPart::new(&instructions.upload_instructions[1], file()),
                "PUT /upload/C55/2?e=1\nbytes application/octet-stream 6",
                Answer::empty(200).header("etag", tag),
                |sent| assert_eq!(sent, id),
            )
            .await;
    }
    table
        .row(
            SendVideoPart::new(&instructions.upload_instructions[0], file()),
            "PUT /upload/C55/1?e=1&sig=a-_%2B\nbytes application/octet-stream 4",
            Answer::empty(201).header("etag", "e"),
            |sent| assert_eq!(sent, "e"),
        )
        .await;
    table
        .row(
            SendFile::new(SignedUrl::new(format!("{base}/dms-uploads/C4/0?ca=vector&ut=~.")), file())
                .content_type("image/png"),
            "PUT /dms-uploads/C4/0?ca=vector&ut=~.\nbytes image/png 10",
            Answer::empty(201),
            |()| (),
        )
        .await;
}
