use std::sync::Arc;

use sha2::{Digest, Sha256};
use sociogram_api_core::http::Body;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::guard::rules;
use crate::scripted::{client, exchange, line};
use crate::{Client, Error, ErrorKind};
use sociogram_api_core::Finding;

const URL: &str =
    "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1037&ext=1664537344&hash=ARtBt8";

fn info(url: &str, size: &str, sha256: &str) -> String {
    format!(
        r#"{{"messaging_product":"whatsapp","url":"{url}","mime_type":"image/jpeg","sha256":"{sha256}","file_size":{size},"id":"1037"}}"#
    )
}

fn digest(bytes: &[u8]) -> String {
    download::hexadecimal(&Sha256::digest(bytes)).to_uppercase()
}

async fn read_all(transport: &ScriptedTransport, chunk: u64) -> Result<Vec<u8>, Error> {
    read_with(&client(transport), chunk).await
}

async fn read_with(client: &Client, chunk: u64) -> Result<Vec<u8>, Error> {
    let mut reader = MediaReader::new(MediaId::from(1037)).chunk_bytes(chunk);
    let mut bytes = Vec::new();
    while let Some(chunk) = reader.next(client).await? {
        bytes.extend_from_slice(chunk.as_bytes());
    }
    assert_eq!(reader.position(), bytes.len() as u64);
    Ok(bytes)
}

fn range(text: &'static str) -> [(&'static str, &'static str); 1] {
    [("content-range", text)]
}

#[tokio::test]
async fn a_file_is_read_in_pieces_and_compared() {
    let transport = ScriptedTransport::new()
        .json(info(URL, "\"8\"", &digest(b"abcdefgh")))
        .respond(206, &range("bytes 0-2/8"), "abc")
        .respond(206, &range("bytes 3-5/8"), "def")
        .respond(206, &range("bytes 6-7/8"), "gh");
    assert_eq!(read_all(&transport, 3).await.unwrap(), b"abcdefgh");
    let requests = transport.requests();
    assert_eq!(line(&requests[0]), "GET /v26.0/1037");
    for (request, range) in requests[1..].iter().zip(["bytes=0-2", "bytes=3-5", "bytes=6-8"]) {
        assert_eq!(request.uri.to_string(), URL);
        assert_eq!((request.header("range"), request.header("authorization")), (range, "Bearer TOKEN"));
        assert_eq!(request.header("accept"), "*/*");
    }
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_gives_the_whole_file() {
    let transport = ScriptedTransport::new().json(info(URL, "3", "")).respond(200, &[], "abc");
    let error = read_all(&transport, 2).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "no SHA-256 is empty");
    let unknown = format!(r#"{{"id":"1037","url":"{URL}"}}"#);
    let transport = ScriptedTransport::new().json(unknown).respond(200, &[], "abc");
    assert_eq!(read_all(&transport, 2).await.unwrap(), b"abc");
}

#[tokio::test]
async fn other_bytes_than_announced_are_an_error() {
    let sha = digest(b"abcdef");
    for (size, first, answer_range, text) in [
        ("6", "abcdeX", "bytes 0-5/6", "SHA-256"),
        ("7", "abcdef", "bytes 0-5/6", "length"),
        ("5", "abcdef", "bytes 0-5/6", "length"),
        ("6", "abc", "bytes 3-5/6", "another piece"),
        ("6", "", "bytes 0-0/6", "ends early"),
        ("6", "abc", "items 0-2", "range"),
    ] {
        let transport =
            ScriptedTransport::new().json(info(URL, size, &sha)).respond(206, &range(answer_range), first);
        let error = read_all(&transport, 6).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{text}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn an_old_address_is_asked_for_anew() {
    let newer = URL.replace("ARtBt8", "NEW");
    let transport = ScriptedTransport::new()
        .json(info(URL, "6", &digest(b"abcdef")))
        .respond(206, &range("bytes 0-2/6"), "abc")
        .respond(404, &[], "")
        .json(info(&newer, "6", &digest(b"abcdef")))
        .respond(206, &range("bytes 3-5/6"), "def");
    assert_eq!(read_all(&transport, 3).await.unwrap(), b"abcdef");
    assert_eq!(transport.requests()[4].uri.to_string(), newer);
}

#[tokio::test]
async fn a_file_is_no_answer_of_the_api_and_its_address_takes_no_proof() {
    let file = r#"{"error":{"code":190,"message":"in a file"}}"#;
    let size = file.len().to_string();
    let transport = ScriptedTransport::new().json(info(URL, &size, &digest(file.as_bytes()))).respond(
        206,
        &[("content-range", "bytes 0-43/44")],
        file,
    );
    let builder = Client::builder().transport(Arc::new(transport.clone()));
    let client = builder.access_token("TOKEN").app_secret("secret").build().unwrap();
    assert_eq!(read_with(&client, 100).await.unwrap(), file.as_bytes());
    let [asked, read] = transport.requests().try_into().unwrap();
    assert!(asked.uri.query().unwrap().starts_with("appsecret_proof="));
    assert_eq!(read.uri.to_string(), URL);
}

#[tokio::test]
async fn the_token_goes_to_no_other_host() {
    for url in [
        "https://evil.example/a?b=c",
        "https://u:p@lookaside.fbsbx.com/a/",
        "http://lookaside.fbsbx.com/a/",
        "",
    ] {
        let transport = ScriptedTransport::new().json(info(url, "3", "")).respond(200, &[], "abc");
        let error = read_all(&transport, 3).await.unwrap_err();
        assert_eq!(transport.requests().len(), 1, "{url}: {error}");
        assert!(url.is_empty() || !error.to_string().contains(url));
    }
}

#[tokio::test]
async fn an_address_without_a_slash_at_the_end_stays_as_it_is() {
    let url = "https://lookaside.fbsbx.com/whatsapp/file-5.bin?hash=a%2Bb";
    let transport = ScriptedTransport::new().json(info(url, "3", &digest(b"abc"))).respond(
        206,
        &range("bytes 0-2/3"),
        "abc",
    );
    assert_eq!(read_all(&transport, 3).await.unwrap(), b"abc");
    assert_eq!(transport.requests()[1].uri.to_string(), url);
}

#[tokio::test]
async fn an_upload_has_three_parts() {
    let upload = UploadMedia::new(106, "a.jpg", "image/jpeg", b"JPEG".to_vec()).ttl_minutes(60);
    let (media, request) = exchange(upload, r#"{"id":"1037543291543636"}"#).await;
    assert_eq!(media.unwrap().id.as_str(), "1037543291543636");
    assert_eq!(line(&request), "POST /v26.0/106/media");
    let body = request.text();
    for part in [
        "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
        "name=\"type\"\r\n\r\nimage/jpeg\r\n",
        "name=\"ttl_minutes\"\r\n\r\n60\r\n",
        "name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n",
    ] {
        assert!(body.contains(part), "{body}");
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_or_empty_is_not_sent() {
    let upload = |kind: &str, bytes: usize| UploadMedia::new(106, "f", kind, Body::from(vec![0; bytes]));
    for (upload, rule) in [
        (upload("image/jpeg", 5 * 1024 * 1024), None),
        (upload("image/jpeg", 5 * 1024 * 1024 + 1), Some(rules::W3_SIZE.name)),
        (upload("video/mp4", 16 * 1024 * 1024 + 1), Some(rules::W4_SIZE.name)),
        (upload("audio/ogg; codecs=opus", 16 * 1024 * 1024 + 1), Some(rules::W5_SIZE.name)),
        (upload("application/pdf", 16 * 1024 * 1024 + 1), None),
        (upload("image/webp", 500 * 1024 + 1), Some(rules::W7_SIZE.name)),
        (upload("image/jpeg", 0), Some("whatsapp.media.empty")),
        (upload("jpeg", 1), Some("whatsapp.media.type")),
    ] {
        assert_eq!(upload.check().first().map(Finding::rule), rule, "{upload:?}");
    }
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(upload("image/jpeg", 0)).await.unwrap_err();
    assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Invalid, 0));
}
