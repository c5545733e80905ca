use super::*;
use crate::scripted::{client, exchange, line};
use crate::{ErrorKind, GraphError};
use sociogram_api_core::testing::ScriptedTransport;

fn session() -> UploadSessionId {
    UploadSessionId::new("upload:MTphdHRhY2htZW50Ojlk?sig=ARZqkGCA_uQMxC8nHKI").unwrap()
}

#[tokio::test]
async fn opening_describes_the_file() {
    let open = OpenUpload::new(7, 5_000_000_u64, FileType::Mp4).file_name("a b.mp4");
    let (opened, request) = exchange(open, r#"{"id":"upload:MTphdHRhY2htZW50?sig=AR+a/b=="}"#).await;
    assert_eq!(opened.unwrap().id.as_str(), "upload:MTphdHRhY2htZW50?sig=AR+a/b==");
    assert_eq!(line(&request), "POST /v26.0/7/uploads");
    assert_eq!(request.text(), "file_length=5000000&file_type=video%2Fmp4&file_name=a%20b.mp4");
}

#[tokio::test]
async fn bytes_go_out_as_they_are_to_the_session_as_it_came() {
    let source = UploadSource::from_bytes("0123456789");
    let (handle, request) =
        exchange(SendUpload::new(session(), source).offset(4), r#"{"h":"4::aW\n4::bX"}"#).await;
    assert_eq!(handle.unwrap().as_str(), "4::aW\n4::bX");
    assert_eq!(line(&request), "POST /v26.0/upload:MTphdHRhY2htZW50Ojlk?sig=ARZqkGCA_uQMxC8nHKI");
    assert_eq!((request.header("file_offset"), request.header("content-length")), ("4", "6"));
    assert_eq!(request.header("content-type"), "application/octet-stream");
    assert_eq!(request.text(), "456789");
}

#[tokio::test]
async fn the_position_may_be_text() {
    for (body, expected) in [
        (r#"{"id":"upload:x","file_offset":4096}"#, Some(4096)),
        (r#"{"file_offset":"0"}"#, Some(0)),
        (r#"{"file_offset":-1}"#, None),
        (r#"{"id":"upload:x"}"#, None),
    ] {
        let (position, request) = exchange(GetUpload::new(session()), body).await;
        assert_eq!(position.ok().map(|position| position.file_offset), expected, "{body}");
        assert_eq!(line(&request), "GET /v26.0/upload:MTphdHRhY2htZW50Ojlk?sig=ARZqkGCA_uQMxC8nHKI");
        assert_eq!(request.header("authorization"), "OAuth TOKEN");
    }
}

#[tokio::test]
async fn an_empty_file_is_not_announced() {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(OpenUpload::new(7, 0_u64, FileType::Pdf)).await.unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "uploads.empty"));
    assert!(transport.requests().is_empty());
    let unusual = OpenUpload::new(7, 1_u64, "image/webp");
    let rules: Vec<&str> = unusual.check().iter().map(Finding::rule).collect();
    assert_eq!(rules, ["uploads.file_type"]);
    let (opened, _) = exchange(unusual, r#"{"id":"upload:x"}"#).await;
    assert!(opened.is_ok(), "a type that Meta may take one day is only warned of");
}

#[test]
fn a_session_id_stays_in_its_place() {
    for bad in [
        "",
        "upload:",
        "upload:?sig=a",
        "7",
        "x/upload:a",
        "upload:a/b",
        "upload:a#b",
        "upload:a b",
        "upload:a\\b",
        "upload:a?sig=\"",
        "upload:a?s='",
        "upload:a\n",
        "upload:ä",
        "UPLOAD:a",
    ] {
        assert_eq!(UploadSessionId::new(bad), Err(InvalidUploadSession), "{bad:?}");
        assert!(serde_json::from_value::<UploadSessionId>(bad.into()).is_err(), "{bad:?}");
    }
    assert!(UploadSessionId::new(format!("upload:{}", "a".repeat(2042))).is_err());
    for good in ["upload:a", "upload:MTp0=%3D", "upload:a?sig=A/b+c=&x=?"] {
        let id = UploadSessionId::new(good).unwrap();
        assert_eq!(serde_json::to_value(&id).unwrap(), good);
        assert_eq!(serde_json::from_value::<UploadSessionId>(good.into()).unwrap(), id);
    }
}

#[test]
fn neither_signature_nor_handle_is_shown() {
    let shown = format!("{:?} {:?}", session(), UploadHandle::new("4::secret"));
    assert_eq!(shown, "UploadSessionId(..) UploadHandle(..)");
}

#[tokio::test]
async fn a_broken_send_is_in_doubt_and_not_repeated() {
    use sociogram_api_core::http::TransportErrorKind;
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Interrupted).json(r#"{"h":"x"}"#);
    let send = SendUpload::new(session(), UploadSource::from_bytes("x"));
    let error = client(&transport).send(send).await.unwrap_err();
    assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::InDoubt, 1));
    assert!(error.api().map(GraphError::class).is_none());
}
