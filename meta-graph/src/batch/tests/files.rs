//! Items with files, and answers without headers.

use super::*;
use crate::pages::{CreatePhoto, MediaFile};

fn photo(name: &str, bytes: &[u8]) -> CreatePhoto {
    CreatePhoto::new(42).source(MediaFile::new(name, "image/png", bytes.to_vec()))
}

/// The parts of a multipart body: heads and contents.
fn parts(request: &RecordedRequest) -> Vec<(String, Vec<u8>)> {
    let boundary = request.header("content-type").strip_prefix("multipart/form-data; boundary=").unwrap();
    let delimiter = format!("--{boundary}");
    // Each byte as a character of its own: files are no UTF-8.
    let text: String = request.body.iter().map(|byte| char::from(*byte)).collect();
    text.split(&delimiter)
        .filter(|part| part.len() > 4)
        .map(|part| {
            let (head, content) = part.trim_start_matches("\r\n").split_once("\r\n\r\n").unwrap();
            let content = content.strip_suffix("\r\n").unwrap();
            (head.to_owned(), content.chars().map(|c| u8::try_from(c).unwrap()).collect())
        })
        .collect()
}

#[tokio::test]
async fn files_are_parts_beside_the_items_that_name_them() {
    let transport =
        ScriptedTransport::new().json(answers(&vec![answer(200, &json!({"id": "9", "post_id": "42_9"})); 3]));
    let mut batch = Batch::new();
    let bytes = b"\x89PNG\r\n\r\n--\x00\xff\r\n";
    let first = batch.add(photo("cat \"1\".png", bytes).caption("a & b").published(false));
    batch.add(GetMe::new());
    batch.add(photo("dog.png", b""));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(first).unwrap().id.as_str(), "9");
    let sent = parts(&transport.requests()[0]);
    let heads: Vec<&str> = sent.iter().map(|(head, _)| head.as_str()).collect();
    assert_eq!(
        heads,
        [
            "Content-Disposition: form-data; name=\"batch\"",
            "Content-Disposition: form-data; name=\"file0\"; filename=\"cat %221%22.png\"\r\nContent-Type: image/png",
            "Content-Disposition: form-data; name=\"file2\"; filename=\"dog.png\"\r\nContent-Type: image/png",
        ]
    );
    let items: Value = serde_json::from_slice(&sent[0].1).unwrap();
    assert_eq!(
        items[0],
        json!({"method": "POST", "relative_url": "42/photos", "body": "caption=a%20%26%20b&published=false",
            "attached_files": "file0"})
    );
    assert!(items[1].get("attached_files").is_none());
    assert_eq!(items[2], json!({"method": "POST", "relative_url": "42/photos", "attached_files": "file2"}));
    assert_eq!((sent[1].1.as_slice(), sent[2].1.as_slice()), (bytes.as_slice(), &b""[..]));
}

#[tokio::test]
async fn each_call_carries_the_files_of_its_own_items() {
    let call = |n: usize| answers(&vec![answer(200, &json!({"id": "1"})); n]);
    let transport = ScriptedTransport::new().json(call(50)).json(call(2));
    let mut batch = Batch::new();
    (0..50).for_each(|id| drop(batch.add(node(id))));
    batch.add(photo("cat.png", b"cat"));
    batch.add(photo("dog.png", b"dog"));
    batch.without_headers();
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!((answers.calls(), answers.failures().count()), (2, 0));
    let sent = transport.requests();
    assert_eq!(sent[0].header("content-type"), "application/x-www-form-urlencoded");
    assert!(sent[0].text().ends_with("&include_headers=false"));
    let parts = parts(&sent[1]);
    let contents: Vec<&[u8]> = parts.iter().skip(1).map(|(_, content)| content.as_slice()).collect();
    assert_eq!(contents, [&b"false"[..], b"cat", b"dog"]);
}

#[tokio::test]
async fn answers_without_headers_are_read_like_others() {
    let transport = ScriptedTransport::new().json(answers(&[
        json!({"code": 200, "body": "{\"id\":\"17\"}"}),
        json!({"code": 400, "body": error_body(190, 463)}),
    ]));
    let mut batch = Batch::new();
    let me = batch.add(GetMe::new());
    let failed = batch.add(GetMe::new());
    batch.without_headers();
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(me).unwrap().id.as_str(), "17");
    assert_eq!(answers.take(failed).unwrap_err().subcode(), Some(463));
}

#[tokio::test(start_paused = true)]
async fn large_files_get_the_time_they_need() {
    let transport = ScriptedTransport::new().hang();
    let mut batch = Batch::new();
    batch.add(photo("large.png", &vec![0; 10 * 128 * 1024]));
    let client = client(&transport);
    let timer: Arc<dyn Timer> = Arc::clone(client.pipeline.timer());
    let started = timer.monotonic();
    client.send_batch(batch).await.unwrap_err();
    assert_eq!(timer.monotonic().saturating_sub(started).as_secs(), 70);
}
