//! What is not sent at all.

use http::{HeaderValue, Method};
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{
    BaseUrl, Body, BodySource, BodyStream, DecodeError, Multipart, Operation, Part, RawResponse, RequestParts,
};

use super::*;
use crate::MetaHost;

/// A request that cannot be an item, in several ways.
#[derive(Clone, Copy, Debug)]
enum Odd {
    TwoFiles,
    LostFile,
    Stream,
    Bytes,
    JsonList,
    Host,
    Video,
    Upload,
}

#[derive(Debug)]
struct Nothing;

impl BodySource for Nothing {
    fn open(&self) -> BodyStream {
        Box::pin(futures_util::stream::empty())
    }

    fn len(&self) -> Option<u64> {
        None
    }
}

/// A file that is gone.
#[derive(Debug)]
struct Lost;

impl BodySource for Lost {
    fn open(&self) -> BodyStream {
        Box::pin(futures_util::stream::once(async { Err(std::io::ErrorKind::NotFound.into()) }))
    }

    fn len(&self) -> Option<u64> {
        Some(3)
    }
}

impl Endpoint for Odd {
    type Output = ();

    const NAME: &'static str = "test.batch.odd";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let octets = HeaderValue::from_static("application/octet-stream");
        match self {
            Self::TwoFiles => {
                let file = |name: &str| Part::file(name, "a.png", "image/png", b"png".to_vec());
                parts.multipart(Multipart::new().part(file("source")).part(file("thumb")))?;
            }
            Self::LostFile => {
                let lost = Body::Stream(Arc::new(Lost));
                parts.multipart(Multipart::new().part(Part::file("source", "a.png", "image/png", lost)))?;
            }
            Self::Stream => {
                parts.body(Body::Stream(Arc::new(Nothing)), octets);
            }
            Self::Bytes => {
                parts.body(Body::from(b"abc".to_vec()), octets);
            }
            Self::JsonList => {
                parts.json(&[1])?;
            }
            Self::Host => {
                parts.base(BaseUrl::parse("https://graph-video.facebook.com").unwrap());
            }
            Self::Video | Self::Upload => {}
        }
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        match self {
            Self::Video => operation.with(MetaHost::Video),
            Self::Upload => operation.with(MetaHost::Upload),
            _ => operation,
        }
    }

    fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[tokio::test]
async fn uploads_and_other_hosts_are_refused_before_anything_is_sent() {
    for (odd, field) in [
        (Odd::TwoFiles, "items[1].body"),
        (Odd::LostFile, "items[1].body"),
        (Odd::Stream, "items[1].body"),
        (Odd::Bytes, "items[1].body"),
        (Odd::JsonList, "items[1].body"),
        (Odd::Host, "items[1].host"),
        (Odd::Video, "items[1].host"),
        (Odd::Upload, "items[1].host"),
    ] {
        let transport = ScriptedTransport::new();
        let mut batch = Batch::new();
        batch.add(node(1));
        batch.add(odd);
        let error = client(&transport).send_batch(batch).await.unwrap_err();
        let finding = &error.findings()[0];
        assert_eq!((finding.rule(), finding.field()), ("batch.item", field), "{odd:?}");
        assert!(transport.requests().is_empty(), "{odd:?}");
    }
}

async fn rules(batch: Batch) -> Vec<&'static str> {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send_batch(batch).await.unwrap_err();
    assert!(transport.requests().is_empty());
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Invalid, "batch.send"));
    error.findings().iter().map(Finding::rule).collect()
}

use sociogram_api_core::Finding;

#[tokio::test]
async fn what_an_item_itself_finds_is_told_with_its_place() {
    let transport = ScriptedTransport::new();
    let mut batch = Batch::new();
    batch.add(node(1));
    batch.add(RawRequest::get("me").query("access_token", "x"));
    batch.add(RawRequest::get("v25.0/me"));
    let error = client(&transport).send_batch(batch).await.unwrap_err();
    let found: Vec<_> =
        error.findings().iter().map(|finding| (finding.rule(), finding.field().to_owned())).collect();
    assert_eq!(
        found,
        [("raw.reserved", "items[1].query".to_owned()), ("raw.path", "items[2].path".to_owned())]
    );
}

#[tokio::test]
async fn wrong_names_and_dependencies_are_refused() {
    let named = |name: &str| BatchItem::new(node(1)).name(name);
    let mut batch = Batch::new();
    batch.add_item(named("a b"));
    batch.add_item(named(""));
    batch.add_item(named("a"));
    batch.add_item(named("a"));
    assert_eq!(rules(batch).await, ["batch.name"; 3]);

    let mut batch = Batch::new();
    batch.add_item(BatchItem::new(node(1)).depends_on("later"));
    batch.add_item(named("later"));
    batch.add_item(named("self").depends_on("self"));
    assert_eq!(rules(batch).await, ["batch.depends_on"; 2]);
}

#[tokio::test]
async fn more_items_than_a_call_holds_cannot_depend_on_each_other() {
    for (dependents, fits) in [(49, true), (50, false)] {
        let mut batch = Batch::new();
        batch.add_item(BatchItem::new(node(0)).name("root"));
        (0..dependents).for_each(|id| drop(batch.add_item(BatchItem::new(node(id)).depends_on("root"))));
        if fits {
            let transport = ScriptedTransport::new().json(answers(&vec![answer(200, &json!({})); 50]));
            assert_eq!(client(&transport).send_batch(batch).await.unwrap().calls(), 1);
        } else {
            assert_eq!(rules(batch).await, ["batch.dependencies"]);
        }
    }
}

#[tokio::test]
async fn a_reference_that_nobody_declared_is_somebodys_text() {
    for request in [
        RawRequest::post("42/feed").form("message", "{result=secret:$.access_token}"),
        RawRequest::post("42/feed").form("x", json!({"y": "{result=secret:$.id}"})),
        RawRequest::post("42/feed").query("q", "{RESULT=secret:$.id}"),
    ] {
        let mut batch = Batch::new();
        batch.add_item(BatchItem::new(node(1)).name("secret"));
        batch.add(request);
        assert_eq!(rules(batch).await, ["batch.reference"]);
    }
    let mut batch = Batch::new();
    batch.add_item(BatchItem::new(node(1)).name("a"));
    batch.add_item(BatchItem::new(node(2)).refers_to(&ResultRef::new("a", "$.id")));
    assert_eq!(rules(batch).await, ["batch.reference"], "declared and used nowhere");
    let mut batch = Batch::new();
    batch.add_item(BatchItem::new(node(1)).name("a"));
    let bad = ResultRef::new("a", "$.id}{result=a:$.x");
    batch.add_item(BatchItem::new(RawRequest::post("2").form("x", bad.to_string())).refers_to(&bad));
    assert_eq!(rules(batch).await, ["batch.reference"]);
}
