use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::uploads::scripted::{Bench, Script, finish, page, reload};

const LENGTH: u64 = 80_000;
const OPEN: &str = r#"POST https://api.linkedin.com/rest/videos?action=initializeUpload bearer {"initializeUploadRequest":{"fileSizeBytes":80000,"owner":"urn:li:organization:5","uploadCaptions":false,"uploadThumbnail":false}}"#;
const ASK: &str = "GET https://api.linkedin.com/rest/videos/urn%3Ali%3Avideo%3AV bearer";

fn film() -> VideoFiles {
    let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    bytes.resize(LENGTH.try_into().unwrap(), b'x');
    UploadSource::from_bytes(bytes).into()
}

fn upload() -> UploadVideo {
    UploadVideo::new(page(), &film())
}

fn script() -> ScriptedTransport {
    ScriptedTransport::new()
}

trait Opened {
    /// Parts that end before these bytes.
    fn opened(self, ends: &[u64]) -> Self;
    fn part(self, tag: &str) -> Self;
    fn finished(self) -> Self;
}

impl Opened for ScriptedTransport {
    fn opened(self, ends: &[u64]) -> Self {
        let mut first = 0;
        let part = |end: &u64| {
            let url = format!("https://www.linkedin.com/dms-uploads/{}/{end}", ends.len());
            let part = serde_json::json!({"uploadUrl": url, "firstByte": first, "lastByte": end - 1});
            first = *end;
            part
        };
        let parts: Vec<Value> = ends.iter().map(part).collect();
        let answer = serde_json::json!({"value": {
            "video": "urn:li:video:V", "uploadInstructions": parts, "uploadToken": "",
            "uploadUrlsExpireAt": 1_769_904_000_000_i64,
            "captionsUploadUrl": "https://www.linkedin.com/captions",
            "thumbnailUploadUrl": "https://media.licdn.com/thumbnail",
        }});
        self.json(answer.to_string())
    }

    fn part(self, tag: &str) -> Self {
        self.respond(200, &[("etag", tag)], "")
    }

    fn finished(self) -> Self {
        self.respond(200, &[], "")
    }
}

fn put(of: usize, end: u64) -> String {
    format!("PUT https://www.linkedin.com/dms-uploads/{of}/{end} nobody (long)")
}

fn finalize(ids: &[&str]) -> String {
    let body = serde_json::json!({"finalizeUploadRequest": {
        "uploadToken": "", "uploadedPartIds": ids, "video": "urn:li:video:V",
    }});
    format!("POST https://api.linkedin.com/rest/videos?action=finalizeUpload bearer {body}")
}

#[tokio::test]
async fn parts_captions_and_thumbnail_are_sent_before_they_are_put_together() {
    let script = script().opened(&[40_000, 79_000, 80_000]).part("\"a\"").part("b").part("W/\"c\"");
    let script = script.respond(201, &[], "").respond(200, &[], "ok").finished().status("PROCESSING");
    let bench = Bench::new(&script.status("AVAILABLE"));
    let files = film()
        .captions(UploadSource::from_bytes("1\n00:00:00"))
        .thumbnail(UploadSource::from_bytes("GIF89a"));
    let mut upload = UploadVideo::new(page(), &files).library(page(), "Film").template_name("T");
    let (uploaded, waits) = finish!(bench, upload, &files);
    assert_eq!(uploaded.unwrap().status, Some(AssetStatus::Available));
    assert_eq!(waits, [2.0]);
    let sent = bench.sent();
    assert!(sent[0].contains(r#""uploadCaptions":true,"uploadThumbnail":true"#), "{}", sent[0]);
    assert!(sent[0].contains(r#""templateName":"T""#) && sent[0].contains(r#""assetName":"Film""#));
    assert_eq!(
        sent[1..],
        [
            put(3, 40_000),
            put(3, 79_000),
            put(3, 80_000),
            "PUT https://www.linkedin.com/captions nobody 1\n00:00:00".to_owned(),
            "PUT https://media.licdn.com/thumbnail nobody GIF89a".to_owned(),
            finalize(&["a", "b", "W/\"c\""]),
            ASK.to_owned(),
            ASK.to_owned(),
        ]
    );
}

#[tokio::test]
async fn another_process_sends_the_parts_that_are_missing() {
    let script = script().opened(&[40_000, 79_000, 80_000]).part("a").fail(TransportErrorKind::Interrupted);
    let bench = Bench::new(&script.part("b").part("c").finished().status("AVAILABLE"));
    let mut first = upload();
    for _ in 0..3 {
        first.advance(&bench.client, &film()).await.unwrap();
    }
    let text = serde_json::to_string(&first).unwrap();
    assert!(text.contains("dms-uploads") && !format!("{first:?}").contains("dms-uploads"));
    let (uploaded, _) = finish!(bench, reload(&first), &film());
    assert_eq!(uploaded.unwrap().urn.id(), "V");
    let again = put(3, 79_000);
    assert_eq!(
        bench.sent(),
        [OPEN, &put(3, 40_000), &again, &again, &put(3, 80_000), &finalize(&["a", "b", "c"]), ASK]
    );
}

#[tokio::test]
async fn expired_addresses_are_replaced_whatever_the_new_parts_are() {
    for refused in [401, 403] {
        let script = script().opened(&[40_000, 80_000]).part("a").refused(refused);
        let script = script.opened(&[20_000, 79_999, 80_000]).part("x").part("y").part("z").finished();
        let bench = Bench::new(&script.status("AVAILABLE"));
        finish!(bench, upload(), &film()).0.unwrap();
        let [old, new] = [put(2, 40_000), put(3, 79_999)];
        assert_eq!(
            bench.sent(),
            [
                OPEN,
                &old,
                &put(2, 80_000),
                OPEN,
                &put(3, 20_000),
                &new,
                &put(3, 80_000).replace("(long)", "x"),
                &finalize(&["x", "y", "z"]),
                ASK
            ]
        );
    }
    let bench = Bench::new(&script().opened(&[LENGTH]).opened(&[LENGTH]));
    let mut upload = upload();
    upload.advance(&bench.client, &film()).await.unwrap();
    bench.clock.advance(std::time::Duration::from_secs(40 * 86_400));
    upload.advance(&bench.client, &film()).await.unwrap();
    upload.advance(&bench.client, &film()).await.unwrap();
    assert_eq!(bench.sent(), [OPEN, OPEN], "nothing goes to an address whose time is over");
}

#[tokio::test]
async fn parts_that_are_not_the_file_are_refused_before_anything_is_sent() {
    for ends in [&[40_000, 79_999][..], &[80_001], &[]] {
        let bench = Bench::new(&script().opened(ends));
        let error = finish!(bench, upload(), &film()).0.unwrap_err();
        assert_eq!((error.kind(), bench.sent().len()), (ErrorKind::Decode, 1), "{ends:?}");
    }
}

#[tokio::test]
async fn a_part_without_an_id_is_an_error_and_sent_again() {
    let bench = Bench::new(
        &script().opened(&[LENGTH]).respond(200, &[], "").part("a").finished().status("AVAILABLE"),
    );
    let mut upload = upload();
    let error = finish!(bench, upload, &film()).0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    finish!(bench, upload, &film()).0.unwrap();
    let part = put(1, LENGTH);
    assert_eq!(bench.sent(), [OPEN, &part, &part, &finalize(&["a"]), ASK]);
}

#[tokio::test]
async fn a_lost_answer_to_the_last_call_is_settled_by_asking() {
    for (status, again) in [("PROCESSING", false), ("WAITING_UPLOAD", true)] {
        let script = script().opened(&[LENGTH]).part("a").fail(TransportErrorKind::Timeout).status(status);
        let script = if again { script.finished() } else { script };
        let bench = Bench::new(&script.status("AVAILABLE"));
        finish!(bench, upload(), &film()).0.unwrap();
        let end = finalize(&["a"]);
        let mut expected = vec![OPEN.to_owned(), put(1, LENGTH), end.clone(), ASK.to_owned()];
        expected.extend(again.then_some(end));
        expected.push(ASK.to_owned());
        assert_eq!(bench.sent(), expected);
    }
}

#[tokio::test]
async fn who_loads_it_before_the_last_call_asks_first() {
    let bench = Bench::new(&script().opened(&[LENGTH]).part("a").missing().finished().status("AVAILABLE"));
    let mut first = upload();
    for _ in 0..2 {
        first.advance(&bench.client, &film()).await.unwrap();
    }
    finish!(bench, reload(&first), &film()).0.unwrap();
    assert_eq!(bench.sent()[2..], [ASK, &finalize(&["a"]), ASK]);
}

#[tokio::test]
async fn the_reason_of_a_failure_is_kept_and_not_printed() {
    let failed = r#"{"status":"PROCESSING_FAILED","processingFailureReason":"CANARY"}"#;
    let bench = Bench::new(&script().opened(&[LENGTH]).part("a").finished().json(failed));
    let error = finish!(bench, upload(), &film()).0.unwrap_err();
    assert!(matches!(&error, UploadError::Failed { reason: Some(reason), .. } if reason == "CANARY"));
    assert!(error.to_string().contains("urn:li:video:V") && !error.to_string().contains("CANARY"));
}

#[tokio::test]
async fn limits_are_checked_and_can_be_raised() {
    let source = |bytes: usize| VideoFiles::new(UploadSource::from_bytes(vec![0; bytes]));
    let rules = |upload: &UploadVideo| upload.check().iter().map(Finding::rule).collect::<Vec<_>>();
    let small = UploadVideo::new(page(), &source(74_999));
    assert_eq!(rules(&small), ["linkedin.video.small"]);
    let large = UploadVideo::new(page(), &source(80_001)).most_bytes(80_000);
    assert_eq!(rules(&large), ["linkedin.video.large"]);
    assert!(rules(&large.most_bytes(80_001)).is_empty());
    let beside = UploadVideo::new(page(), &film().captions(UploadSource::from_bytes("")));
    assert_eq!(rules(&beside), ["linkedin.upload.empty"]);
    let bench = Bench::new(&script());
    let error = finish!(bench, small.clone(), &source(74_999)).0.unwrap_err();
    assert_eq!((error.kind(), bench.sent().len()), (ErrorKind::Invalid, 0));
}

#[tokio::test]
async fn other_files_than_announced_are_refused() {
    let bench = Bench::new(&script().opened(&[LENGTH]));
    let mut upload = upload();
    let with_captions = film().captions(UploadSource::from_bytes("1"));
    let shorter = VideoFiles::new(UploadSource::from_bytes(vec![0; 79_999]));
    for files in [&with_captions, &shorter] {
        assert_eq!(upload.advance(&bench.client, files).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
    upload.advance(&bench.client, &film()).await.unwrap();
    for files in [&with_captions, &shorter] {
        assert_eq!(upload.advance(&bench.client, files).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(bench.sent(), [OPEN]);
}

#[cfg(feature = "media")]
#[tokio::test]
async fn what_is_no_mp4_is_not_sent() {
    let files = VideoFiles::new(UploadSource::from_bytes(vec![b'x'; 80_000]));
    let bench = Bench::new(&script());
    let refused = finish!(bench, UploadVideo::new(page(), &files), &files).0;
    let UploadError::Call(error) = refused.unwrap_err() else { panic!("it was sent") };
    assert_eq!((error.findings()[0].rule(), bench.sent().len()), ("linkedin.video.format", 0));
}
