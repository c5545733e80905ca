//! A video over a real line that breaks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use sociogram_api_core::Progress;
use sociogram_api_core::http::BaseUrl;
use sociogram_linkedin_api::assets::AssetStatus;
use sociogram_linkedin_api::uploads::{UploadSource, UploadVideo, VideoFiles};
use sociogram_linkedin_api::{Client, OrganizationUrn, RetryPolicy};

/// Small parts, so that a small file has several.
const PART: usize = 40_000;
const LENGTH: usize = 100_000;
/// After so many bytes of the second part the line breaks.
const BREAK_AFTER: usize = 10_000;

/// A request that arrived as a whole.
#[derive(Clone, Debug)]
struct Arrived {
    line: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

struct Server {
    url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url: url.clone(), arrived: Arc::default() };
        let (arrived, broken) = (Arc::clone(&server.arrived), Arc::new(AtomicBool::new(false)));
        thread::spawn(move || {
            for line in listener.incoming() {
                let (url, arrived, broken) = (url.clone(), Arc::clone(&arrived), Arc::clone(&broken));
                thread::spawn(
                    move || while serve(line.as_ref().unwrap(), &url, &arrived, &broken).is_some() {},
                );
            }
        });
        server
    }

    fn client(&self) -> Client {
        let base = BaseUrl::parse(&self.url).unwrap();
        Client::builder().access_token("token").base_url(base).retry(RetryPolicy::none()).build().unwrap()
    }

    fn lines(&self) -> Vec<String> {
        self.arrived.lock().unwrap().iter().map(|arrived| arrived.line.clone()).collect()
    }
}

/// One request; nothing when the line has ended or was broken.
fn serve(line: &TcpStream, url: &str, all: &Mutex<Vec<Arrived>>, broken: &AtomicBool) -> Option<()> {
    let mut reader = BufReader::with_capacity(1024, line);
    let mut head = Vec::new();
    loop {
        let mut text = String::new();
        reader.read_line(&mut text).ok().filter(|read| *read > 0)?;
        let text = text.trim_end().to_owned();
        if text.is_empty() {
            break;
        }
        head.push(text);
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    if head[0].starts_with("PUT /part/1") && !broken.swap(true, Ordering::SeqCst) {
        reader.read_exact(&mut body[..BREAK_AFTER]).ok()?;
        line.shutdown(std::net::Shutdown::Both).ok()?;
        return None;
    }
    reader.read_exact(&mut body).ok()?;
    let arrived = Arrived { line: head.remove(0), headers: head, body };
    let answer = answer(&arrived, url);
    all.lock().unwrap().push(arrived);
    (&mut &*line).write_all(answer.as_bytes()).ok()
}

fn answer(arrived: &Arrived, url: &str) -> String {
    let part = |number: usize| {
        let (first, end) = (number * PART, ((number + 1) * PART).min(LENGTH));
        json!({"uploadUrl": format!("{url}/part/{number}?sig=1"), "firstByte": first, "lastByte": end - 1})
    };
    let parts: Vec<Value> = (0..LENGTH.div_ceil(PART)).map(part).collect();
    let body = if arrived.line.contains("initializeUpload") {
        let opened = json!({"video": "urn:li:video:V", "uploadInstructions": parts, "uploadToken": "t"});
        json!({"value": opened}).to_string()
    } else if arrived.line.starts_with("GET") {
        json!({"status": "AVAILABLE"}).to_string()
    } else {
        String::new()
    };
    let path = arrived.line.split(['/', '?', ' ']).nth(3).unwrap_or_default();
    format!("HTTP/1.1 200 OK\r\netag: \"id-{path}\"\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Every byte depends on its place; the beginning is that of an MP4.
fn film() -> Vec<u8> {
    let mut film: Vec<u8> = (0..LENGTH).map(|place| (place / 251 + place % 251).to_le_bytes()[0]).collect();
    film[..24].copy_from_slice(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    film
}

#[tokio::test]
async fn a_line_that_breaks_in_the_second_part_costs_that_part_only() {
    let server = Server::start();
    let furthest = Arc::new(Mutex::new((0, 0)));
    let seen = Arc::clone(&furthest);
    let source =
        UploadSource::from_bytes(film()).on_progress(move |sent, all| *seen.lock().unwrap() = (sent, all));
    let files = VideoFiles::new(source);
    let mut first = UploadVideo::new(OrganizationUrn::from_id("5").unwrap(), &files);
    let client = server.client();
    loop {
        match first.advance(&client, &files).await.unwrap() {
            Progress::Wait(_) => break,
            Progress::Done(_) => panic!("the line did not break"),
            Progress::Again => {}
        }
    }
    assert_eq!(
        server.lines(),
        ["POST /rest/videos?action=initializeUpload HTTP/1.1", "PUT /part/0?sig=1 HTTP/1.1"]
    );
    let stored = serde_json::to_string(&first).unwrap();
    drop((first, client));

    let mut second: UploadVideo = serde_json::from_str(&stored).unwrap();
    let mut saved = 0;
    let uploaded = second.run(&server.client(), &files, |_| saved += 1).await.unwrap();
    assert_eq!((uploaded.urn.id(), uploaded.status), ("V", Some(AssetStatus::Available)));
    assert_eq!((saved, *furthest.lock().unwrap()), (4, (100_000, 100_000)));
    assert_eq!(
        server.lines()[2..],
        [
            "PUT /part/1?sig=1 HTTP/1.1",
            "PUT /part/2?sig=1 HTTP/1.1",
            "POST /rest/videos?action=finalizeUpload HTTP/1.1",
            "GET /rest/videos/urn%3Ali%3Avideo%3AV HTTP/1.1",
        ]
    );
    let arrived = server.arrived.lock().unwrap();
    let parts: Vec<&Arrived> = arrived.iter().filter(|arrived| arrived.line.starts_with("PUT")).collect();
    assert!(parts.iter().flat_map(|part| &part.body).eq(&film()));
    for (part, length) in parts.iter().zip([40_000, 40_000, 20_000]) {
        assert!(part.headers.contains(&format!("content-length: {length}")), "{:?}", part.headers);
        let forbidden = ["authorization", "transfer-encoding", "linkedin-version", "x-restli"];
        let has = |name| part.headers.iter().any(|header| header.starts_with(name));
        assert!(!forbidden.into_iter().any(has), "{:?}", part.headers);
    }
    let end: Value = serde_json::from_slice(&arrived[4].body).unwrap();
    assert_eq!(
        end["finalizeUploadRequest"],
        json!({"video": "urn:li:video:V", "uploadToken": "t", "uploadedPartIds": ["id-0", "id-1", "id-2"]})
    );
}
