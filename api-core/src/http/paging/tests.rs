use std::sync::Arc;
use std::time::Duration;

use ::http::Method;
use serde::Deserialize;

use super::*;
use crate::ErrorKind;
use crate::http::{
    AllowedHosts, BaseUrl, BudgetKey, Dialect, Fault, FaultClass, Operation, Pipeline, RawResponse, Replay,
    RequestParts, Verdict,
};
use crate::testing::ScriptedTransport;

#[derive(Debug)]
struct ByStatus;

impl Dialect for ByStatus {
    fn inspect(&self, _operation: &Operation, head: &::http::response::Parts, _body: &[u8]) -> Verdict {
        let mut verdict = Verdict::new();
        verdict.fault = (!head.status.is_success()).then(|| Fault::new(FaultClass::Permanent));
        verdict
    }

    fn budget_keys(&self, _operation: &Operation) -> Vec<BudgetKey> {
        Vec::new()
    }
}

#[derive(Clone, Debug)]
struct TestClient(Pipeline);

impl TestClient {
    fn new(transport: &ScriptedTransport) -> Self {
        let hosts = AllowedHosts::new(["api.example"]);
        let transport = Arc::new(transport.clone());
        Self(Pipeline::builder(Arc::new(ByStatus)).transport(transport).hosts(hosts).build().unwrap())
    }
}

impl Client for TestClient {
    type Error = CoreError;

    fn pipeline(&self) -> &Pipeline {
        &self.0
    }

    fn provider(&self) -> &'static str {
        "test"
    }

    fn prepare(&self, _operation: &mut Operation, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.base(BaseUrl::parse("https://api.example").unwrap());
        Ok(())
    }
}

#[derive(Clone, Default)]
struct ListNumbers {
    after: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    data: Vec<Box<RawValue>>,
    next: Option<String>,
}

impl Endpoint for ListNumbers {
    type Output = Page<u32>;
    const NAME: &'static str = "numbers.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/numbers";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &["numbers.read"];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(after) = &self.after {
            parts.query("after", after);
        }
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Self::Output, DecodeError> {
        let wire: Wire = response.json()?;
        Ok(Page::from_raw_items(wire.data, wire.next.map(Cursor::new)))
    }
}

impl ListEndpoint for ListNumbers {
    type Item = u32;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.after = Some(cursor.as_str().to_owned());
        self
    }
}

#[tokio::test]
async fn an_empty_page_does_not_end_the_list() {
    let transport = ScriptedTransport::new()
        .json(r#"{"data":[1,"x",2],"next":"a"}"#)
        .json(r#"{"data":[],"next":"b"}"#)
        .json(r#"{"data":[3]}"#);
    let client = TestClient::new(&transport);
    let all: Vec<u32> = items(client, ListNumbers::default()).try_collect().await.unwrap();
    assert_eq!(all, [1, 2, 3]);
    let queries: Vec<_> = transport.requests().iter().map(|r| r.uri.query().map(ToOwned::to_owned)).collect();
    assert_eq!(queries, [None, Some("after=a".to_owned()), Some("after=b".to_owned())]);
}

#[tokio::test]
async fn a_malformed_item_is_set_aside() {
    let transport = ScriptedTransport::new().json(r#"{"data":[1,{"SEKRET":2},3]}"#);
    let client = TestClient::new(&transport);
    let page = Call::new(&client, ListNumbers::default()).await.unwrap();
    assert_eq!(page.items, [1, 3]);
    assert_eq!(page.malformed[0].index, 1);
    assert!(!format!("{page:?}").contains("SEKRET"));
}

#[tokio::test]
async fn an_error_comes_once_and_ends_the_stream() {
    let transport = ScriptedTransport::new().json(r#"{"data":[1],"next":"a"}"#).respond(400, &[], "");
    let client = TestClient::new(&transport);
    let got: Vec<_> = items(client, ListNumbers::default()).collect().await;
    assert_eq!(got.len(), 2);
    let error = got[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.required_scopes()), (ErrorKind::Rejected, ["numbers.read"].as_slice()));
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_instead_of_a_loop() {
    let page = r#"{"data":[1],"next":"a"}"#;
    let transport = ScriptedTransport::new().json(page).json(page).json(page);
    let client = TestClient::new(&transport);
    let got: Vec<_> = pages(client, ListNumbers::default()).collect().await;
    assert_eq!(transport.requests().len(), 2);
    assert_eq!(got.len(), 3, "both pages, then the error");
    assert_eq!(got[2].as_ref().unwrap_err().findings()[0].rule(), "paging.cursor");
}

#[tokio::test(start_paused = true)]
async fn a_call_has_its_own_times() {
    let transport = ScriptedTransport::new().hang().json(r#"{"data":[]}"#);
    let client = TestClient::new(&transport);
    let started = client.0.timer().monotonic();
    Call::new(&client, ListNumbers::default()).timeout(Duration::from_secs(2)).await.unwrap();
    let took = client.0.timer().monotonic().saturating_sub(started);
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(3), "{took:?}");

    let transport = ScriptedTransport::new().hang();
    let client = TestClient::new(&transport);
    let call = Call::new(&client, ListNumbers::default()).deadline(Duration::from_secs(1));
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Server);
}

#[tokio::test]
async fn an_unreadable_answer_names_the_operation_and_the_place() {
    let transport = ScriptedTransport::new().json(r#"{"data":7,"x":"SEKRET"}"#);
    let client = TestClient::new(&transport);
    let (error, text) = match Call::new(&client, ListNumbers::default()).with_meta().await {
        Ok(_) => panic!("it cannot be read"),
        Err(error) => (error.kind(), error.to_string()),
    };
    assert_eq!(error, ErrorKind::Decode);
    assert!(text.starts_with("numbers.list failed: the answer could not be read: at data:"), "{text}");
    assert!(!text.contains("SEKRET"), "{text}");
}
