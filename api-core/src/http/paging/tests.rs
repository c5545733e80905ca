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
        verdict.fault = (!head.status.is_success())
            .then(|| Fault::new(FaultClass::Permanent).code(head.status.as_u16().into()));
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
    limit: Option<u32>,
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
        if let Some(limit) = self.limit {
            parts.query("limit", limit.to_string());
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

    fn smaller(&self, error: &CoreError) -> Option<Self> {
        let limit = self.limit.filter(|limit| *limit > 1 && error.code() == Some(413))?;
        Some(Self { limit: Some(limit / 2), ..self.clone() })
    }
}

fn queries(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(|r| r.uri.query().unwrap_or_default().to_owned()).collect()
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
    assert_eq!(queries(&transport), ["", "after=a", "after=b"]);
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_again_and_the_smaller_size_stays() {
    let transport = ScriptedTransport::new()
        .json(r#"{"data":[1],"next":"a"}"#)
        .respond(413, &[], "")
        .respond(413, &[], "")
        .json(r#"{"data":[2],"next":"b"}"#)
        .json(r#"{"data":[3]}"#);
    let list = ListNumbers { limit: Some(100), ..ListNumbers::default() };
    let all: Vec<u32> = items(TestClient::new(&transport), list).try_collect().await.unwrap();
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(
        queries(&transport),
        ["limit=100", "after=a&limit=100", "after=a&limit=50", "after=a&limit=25", "after=b&limit=25"]
    );
}

#[tokio::test]
async fn shrinking_ends_at_one_item_and_after_a_few_tries() {
    let refusing = || (0..20).fold(ScriptedTransport::new(), |script, _| script.respond(413, &[], ""));
    for (limit, sent) in [(Some(1), 1), (Some(3), 2), (Some(100), 7), (Some(100_000), 8), (None, 1)] {
        let transport = refusing();
        let list = ListNumbers { limit, after: None };
        let got: Vec<_> = pages(TestClient::new(&transport), list).collect().await;
        assert!(got.len() == 1 && got[0].is_err());
        assert_eq!(transport.requests().len(), sent, "{limit:?}");
    }
}

#[tokio::test]
async fn another_failure_does_not_shrink_the_page() {
    let transport = ScriptedTransport::new().respond(400, &[], "").json(r#"{"data":[]}"#);
    let list = ListNumbers { limit: Some(100), after: None };
    let got: Vec<_> = pages(TestClient::new(&transport), list).collect().await;
    assert!(got.len() == 1 && got[0].is_err());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn the_error_of_a_stream_says_where_to_go_on() {
    let transport = ScriptedTransport::new()
        .json(r#"{"data":[1],"next":"a"}"#)
        .json(r#"{"data":[2],"next":"b"}"#)
        .respond(400, &[], "")
        .respond(400, &[], "")
        .json(r#"{"data":[3],"next":"c"}"#)
        .json(r#"{"data":[4]}"#);
    let client = TestClient::new(&transport);
    let got: Vec<_> = items(client.clone(), ListNumbers::default()).collect().await;
    assert_eq!(got.iter().filter_map(|item| item.as_ref().ok()).collect::<Vec<_>>(), [&1, &2]);
    let cursor = got[2].as_ref().unwrap_err().resume_from().cloned();
    assert_eq!(cursor, Some(Cursor::new("b")));

    let again: Vec<_> = pages_from(client.clone(), ListNumbers::default(), cursor.clone()).collect().await;
    assert_eq!(again[0].as_ref().unwrap_err().resume_from(), cursor.as_ref(), "it failed on the same page");
    let rest: Vec<_> = pages_from(client, ListNumbers::default(), cursor).collect().await;
    let rest: Vec<u32> = rest.into_iter().flat_map(|page| page.unwrap().items).collect();
    assert_eq!(rest, [3, 4]);
    assert_eq!(queries(&transport), ["", "after=a", "after=b", "after=b", "after=b", "after=c"]);
}

#[tokio::test]
async fn a_first_page_that_fails_has_no_cursor() {
    let transport = ScriptedTransport::new().respond(400, &[], "");
    let got: Vec<_> = pages(TestClient::new(&transport), ListNumbers::default()).collect().await;
    assert_eq!(got[0].as_ref().unwrap_err().resume_from(), None);
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
    let error = got[2].as_ref().unwrap_err();
    assert_eq!((error.findings()[0].rule(), error.resume_from()), ("paging.cursor", None));
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
