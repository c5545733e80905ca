use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::assets::AssetStatus;
use crate::uploads::scripted::{Bench, Script, finish, page, reload};

const GIF: &str = "GIF89a\x40\x01\x70\x00\x00\x00\x00;";
const URL: &str = "https://www.linkedin.com/dms-uploads/C4/0?ca=v";
const OPEN: &str = r#"POST https://api.linkedin.com/rest/images?action=initializeUpload bearer {"initializeUploadRequest":{"owner":"urn:li:organization:5"}}"#;
const ASK: &str = "GET https://api.linkedin.com/rest/images/urn%3Ali%3Aimage%3AC4 bearer";

fn gif() -> UploadSource {
    UploadSource::from_bytes(GIF)
}

fn put(url: &str, of: &str) -> String {
    format!("PUT {url} {of} {GIF}")
}

fn script() -> ScriptedTransport {
    ScriptedTransport::new()
}

trait Opened {
    fn opened(self, url: &str) -> Self;
    fn arrived(self) -> Self;
}

impl Opened for ScriptedTransport {
    fn opened(self, url: &str) -> Self {
        // 2026-02-01, a month from the clock's begin.
        self.json(format!(
            r#"{{"value":{{"uploadUrl":"{url}","uploadUrlExpiresAt":1769904000000,"image":"urn:li:image:C4"}}}}"#
        ))
    }

    fn arrived(self) -> Self {
        self.respond(201, &[], "")
    }
}

#[tokio::test]
async fn an_image_is_opened_sent_and_waited_for() {
    let bench =
        Bench::new(&script().opened(URL).arrived().status("PROCESSING").missing().status("AVAILABLE"));
    let mut upload = UploadImage::new(page(), &gif());
    let (uploaded, waits) = finish!(bench, upload, &gif());
    let uploaded = uploaded.unwrap();
    assert_eq!((uploaded.urn.id(), &uploaded.status), ("C4", &Some(AssetStatus::Available)));
    assert_eq!(bench.sent(), [OPEN, &put(URL, "bearer"), ASK, ASK, ASK]);
    assert_eq!(waits, [2.0, 3.0]);
    assert_eq!(upload.uploaded(), Some(&uploaded));
    assert_eq!(finish!(bench, reload(&upload), &gif()).0.unwrap(), uploaded, "done stays done");
}

#[tokio::test]
async fn only_linkedins_own_hosts_and_the_sandbox_get_the_token() {
    let (api, sandbox) = ("https://api.linkedin.com", "http://127.0.0.1:7");
    for (base, url, of) in [
        (api, "https://www.linkedin.com/a", Some("bearer")),
        (api, "https://a.dms.LinkedIn.com:443/a", Some("bearer")),
        (api, "https://evillinkedin.com/a", Some("nobody")),
        (api, "https://www.linkedin.com:8443/a", Some("nobody")),
        (api, "https://media.licdn.com/a?b=c", Some("nobody")),
        (api, "http://www.linkedin.com/a", None),
        (api, "http://127.0.0.1:7/a", None),
        (api, "ftp://www.linkedin.com/a", None),
        (api, "/a", None),
        (sandbox, "http://127.0.0.1:7/a", Some("bearer")),
        (sandbox, "http://127.0.0.1:8/a", Some("nobody")),
        (sandbox, "http://10.0.0.1:7/a", None),
    ] {
        let bench = Bench::at(base, &script().opened(url).arrived().status("AVAILABLE"));
        let (uploaded, _) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
        let sent = bench.sent();
        if let Some(of) = of {
            assert_eq!(uploaded.unwrap().status, Some(AssetStatus::Available), "{url}");
            assert_eq!(sent[1].to_lowercase(), put(url, of).to_lowercase(), "{base}");
        } else {
            assert_eq!((uploaded.unwrap_err().kind(), sent.len()), (ErrorKind::Invalid, 1), "{url}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let to = [("location", "https://evil.example/")];
    let bench = Bench::new(&script().opened(URL).respond(307, &to, ""));
    let (uploaded, _) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
    assert_eq!((uploaded.unwrap_err().kind(), bench.sent().len()), (ErrorKind::Rejected, 2));
}

#[tokio::test]
async fn a_token_that_may_only_write_waits_a_little() {
    let denied = r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED"}"#;
    let json = [("content-type", "application/json")];
    let bench = Bench::new(&script().opened(URL).arrived().respond(403, &json, denied));
    let mut upload = UploadImage::new(page(), &gif());
    let (uploaded, waits) = finish!(bench, upload, &gif());
    assert_eq!((uploaded.unwrap().status, waits, bench.sent().len()), (None, vec![5.0], 3));
}

#[tokio::test]
async fn a_file_that_fails_or_takes_too_long_stops_it() {
    let bench = Bench::new(&script().opened(URL).arrived().status("PROCESSING_FAILED"));
    let (uploaded, _) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
    let error = uploaded.unwrap_err();
    assert!(matches!(&error, UploadError::Failed { asset, reason: None } if asset.id() == "C4"), "{error}");

    let slow =
        ["PROCESSING"; 8].iter().fold(script().opened(URL).arrived(), |script, status| script.status(status));
    let bench = Bench::new(&slow.status("AVAILABLE"));
    let mut upload = UploadImage::new(page(), &gif());
    let (uploaded, waits) = finish!(bench, upload, &gif());
    assert!(matches!(uploaded, Err(UploadError::Late(_))));
    assert!((waits.iter().sum::<f64>() - 60.0).abs() < 1e-6, "{waits:?}");
    let (uploaded, _) = finish!(bench, reload(&upload), &gif());
    assert_eq!(uploaded.unwrap().status, Some(AssetStatus::Available), "the next step goes on waiting");
}

#[tokio::test]
async fn an_expired_address_is_replaced_and_the_token_kept() {
    let other = "https://www.linkedin.com/dms-uploads/C4/1";
    let expired = r#"{"status":400,"code":"EXPIRED_UPLOAD_URL"}"#;
    let json = [("content-type", "application/json")];
    for refused in [
        script().opened(URL).refused(401),
        script().opened(URL).refused(403),
        script().opened(URL).respond(400, &json, expired),
    ] {
        let bench = Bench::new(&refused.opened(other).arrived().status("AVAILABLE"));
        let (uploaded, waits) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
        assert_eq!((uploaded.unwrap().status, waits), (Some(AssetStatus::Available), vec![]));
        assert_eq!(bench.sent(), [OPEN, &put(URL, "bearer"), OPEN, &put(other, "bearer"), ASK]);
    }
    let bench = Bench::new(&script().opened(URL).opened(other).arrived().status("AVAILABLE"));
    let mut upload = UploadImage::new(page(), &gif());
    upload.advance(&bench.client, &gif()).await.unwrap();
    bench.clock.advance(std::time::Duration::from_secs(40 * 86_400));
    // The new address has ended too, says our clock; LinkedIn does not agree.
    finish!(bench, upload, &gif()).0.unwrap();
    assert_eq!(bench.sent(), [OPEN, OPEN, &put(other, "bearer"), ASK]);
}

#[tokio::test]
async fn addresses_that_never_work_are_an_error() {
    let broken = (0..4).fold(script(), |script, _| script.opened(URL).refused(401));
    let bench = Bench::new(&broken);
    let (uploaded, _) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
    assert_eq!((uploaded.unwrap_err().kind(), bench.sent().len()), (ErrorKind::Rejected, 8));
}

#[tokio::test]
async fn failures_that_pass_are_waited_for_and_lasting_ones_are_not() {
    let script = script().opened(URL).fail(TransportErrorKind::Interrupted).refused(500).refused(503);
    let bench = Bench::new(&script.arrived().status("AVAILABLE"));
    let (uploaded, waits) = finish!(bench, UploadImage::new(page(), &gif()), &gif());
    assert_eq!((uploaded.unwrap().status, waits), (Some(AssetStatus::Available), vec![1.0, 2.0, 3.0]));

    let script = (0..6).fold(ScriptedTransport::new().opened(URL), |script, _| script.refused(500));
    let (uploaded, waits) = finish!(Bench::new(&script), UploadImage::new(page(), &gif()), &gif());
    assert_eq!(uploaded.unwrap_err().kind(), ErrorKind::Server);
    assert!(waits.len() <= 5, "{waits:?}");

    let script = ScriptedTransport::new().opened(URL).refused(400);
    let (uploaded, waits) = finish!(Bench::new(&script), UploadImage::new(page(), &gif()), &gif());
    assert_eq!((uploaded.unwrap_err().kind(), waits), (ErrorKind::Invalid, vec![]));
}

#[tokio::test]
async fn another_process_goes_on_with_the_same_address() {
    let bench = Bench::new(&script().opened(URL).arrived().status("AVAILABLE"));
    let mut upload = UploadImage::new(page(), &gif());
    upload.advance(&bench.client, &gif()).await.unwrap();
    assert!(serde_json::to_string(&upload).unwrap().contains(URL));
    assert!(!format!("{upload:?}").contains("dms-uploads"));
    let mut loaded = reload(&upload);
    assert_eq!(loaded, upload);
    let other = UploadSource::from_bytes("other");
    let error = loaded.advance(&bench.client, &other).await.unwrap_err();
    assert_eq!((error.kind(), bench.sent().len()), (ErrorKind::Invalid, 1), "{error}");
    finish!(bench, loaded, &gif()).0.unwrap();
    assert_eq!(bench.sent(), [OPEN, &put(URL, "bearer"), ASK]);
}

#[tokio::test]
async fn a_document_that_cannot_be_taken_is_not_sent() {
    #[derive(Debug)]
    struct Long;
    impl sociogram_api_core::http::RangeSource for Long {
        fn len(&self) -> u64 {
            104_857_601
        }
        fn open(&self, _: std::ops::Range<u64>) -> sociogram_api_core::http::BodyStream {
            UploadSource::from_bytes("%PDF-1.7").rest(0).open()
        }
    }
    let bench = Bench::new(&script());
    for (source, rule) in [
        (UploadSource::new(Long), "linkedin.document.size"),
        (UploadSource::from_bytes(""), "linkedin.upload.empty"),
    ] {
        let upload = UploadDocument::new(page(), &source);
        assert_eq!(upload.check()[0].rule(), rule);
        let (refused, _) = finish!(bench, upload.clone(), &source);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid, "{rule}");
    }
    assert!(bench.sent().is_empty());
}

#[cfg(feature = "media")]
#[tokio::test]
async fn the_first_bytes_show_what_it_is() {
    let bench = Bench::new(&script());
    let png = UploadSource::from_bytes("\u{89}PNG is not what it is");
    let (refused, _) = finish!(bench, UploadImage::new(page(), &png), &png);
    let UploadError::Call(error) = refused.unwrap_err() else { panic!("it was sent") };
    assert_eq!((error.findings()[0].rule(), bench.sent().len()), ("linkedin.image.format", 0));
    let (refused, _) = finish!(bench, UploadDocument::new(page(), &gif()), &gif());
    let UploadError::Call(error) = refused.unwrap_err() else { panic!("it was sent") };
    assert_eq!((error.findings()[0].rule(), bench.sent().len()), ("linkedin.document.format", 0));
}
