//! What goes wrong with other libraries (`PITFALLS.md`): whether every proof exists, and the proofs that are of no
//! single module.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use serde_json::json;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::ScriptedTransport;
use sociogram_meta_graph::batch::Batch;
use sociogram_meta_graph::me::GetMe;
use sociogram_meta_graph::pages::{CreatePagePost, ListAccounts};
use sociogram_meta_graph::{Client, PageId};
use sociogram_oauth_core::{AccessToken, StaticToken, TokenError, TokenSource};

use crate::proofs;

#[test]
fn every_pitfall_has_a_proof_that_exists() {
    proofs::check(Path::new(env!("CARGO_MANIFEST_DIR")), 51);
}

/// The code of the three crates that a call goes through.
fn code() -> Vec<(String, String)> {
    proofs::code(&["meta-graph", "api-core", "oauth-core"])
}

#[test]
fn no_source_keeps_state_for_the_whole_process() {
    let code = code();
    assert!(code.len() > 200, "{}", code.len());
    for (module, code) in code {
        // Where the counting of time begins, and a table of constants.
        if ["api-core::timer", "oauth-core::scope::catalog"].contains(&module.as_str()) {
            continue;
        }
        for line in code.lines() {
            let line = ["pub(crate) ", "pub(super) ", "pub "]
                .iter()
                .fold(line, |line, visibility| line.strip_prefix(visibility).unwrap_or(line));
            let is_state = line.starts_with("static ")
                || ["thread_local!", "OnceLock<", "LazyLock<", "OnceCell<"]
                    .iter()
                    .any(|word| line.contains(word));
            assert!(!is_state, "{module}: {line}");
        }
    }
}

#[test]
fn nothing_is_reported_to_anybody() {
    for (module, code) in code() {
        for word in ["set_hook", "/instruments", "env::var", "tokio::spawn"] {
            assert!(!code.contains(word), "{module} contains {word}");
        }
    }
}

#[test]
fn no_endpoint_asks_for_many_nodes_by_one_parameter() {
    for (module, code) in code() {
        assert!(!code.contains("\"ids\""), "{module}");
    }
}

#[test]
fn a_client_is_shared_between_threads() {
    const fn is_shared<T: Clone + Send + Sync + Unpin + 'static>() {}
    is_shared::<Client>();
}

/// Lets others go first before it gives its token.
#[derive(Debug)]
struct Slow(AccessToken);

#[async_trait]
impl TokenSource for Slow {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        tokio::task::yield_now().await;
        Ok(Arc::new(self.0.clone()))
    }

    async fn reject(&self, _used: &AccessToken) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_at_work_at_once_keep_their_tokens_apart() {
    let tenants = 100_u64;
    let transport = (0..tenants).fold(ScriptedTransport::new(), |script, _| script.json(r#"{"id":"1_2"}"#));
    let app = Client::builder().transport(Arc::new(transport.clone())).build().unwrap();
    let calls: Vec<_> = (1..=tenants)
        .map(|tenant| {
            let client = app.with_token(Arc::new(Slow(AccessToken::new(format!("TOKEN{tenant}")))));
            let post = CreatePagePost::new(PageId::from(tenant)).message("hello");
            tokio::spawn(async move { client.send(post).await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let sent = transport.requests();
    assert_eq!(sent.len() as u64, tenants);
    for request in sent {
        let page = request.uri.path().split('/').nth(2).unwrap();
        assert_eq!(request.header("authorization"), format!("Bearer TOKEN{page}"));
    }
}

fn client(transport: &ScriptedTransport) -> Client {
    let token = Arc::new(StaticToken::new("TOKEN"));
    Client::builder().transport(Arc::new(transport.clone())).token(token).build().unwrap()
}

fn page(id: u32, more: bool) -> String {
    let next =
        more.then(|| format!("https://graph.facebook.com/v26.0/me/accounts?access_token=X&after=C{id}"));
    json!({"data": [{"id": id.to_string()}], "paging": {"cursors": {"after": format!("C{id}")}, "next": next}})
        .to_string()
}

#[tokio::test]
async fn the_tenth_page_is_asked_for_with_as_many_parameters_as_the_second() {
    let transport = (0..10).fold(ScriptedTransport::new(), |script, id| script.json(page(id, id < 9)));
    let found: Vec<_> = client(&transport).items(ListAccounts::new()).try_collect().await.unwrap();
    let sent = transport.requests();
    assert_eq!((found.len(), sent.len()), (10, 10));
    let queries: Vec<&str> = sent.iter().map(|request| request.uri.query().unwrap()).collect();
    assert_eq!(queries[9].replace("C8", "C0"), queries[1]);
    assert!(queries.iter().all(|query| !query.contains("access_token=")), "{queries:?}");
}

#[tokio::test]
async fn a_list_of_a_batch_goes_on_after_it() {
    let item = json!([{"code": 200, "headers": [], "body": page(1, true)}]).to_string();
    let transport = ScriptedTransport::new().json(item).json(page(2, true)).json(page(3, false));
    let client = client(&transport);
    let mut batch = Batch::new();
    let list = batch.add(ListAccounts::new());
    let first = client.send_batch(batch).await.unwrap().take(list).unwrap();
    let rest: Vec<_> = client.pages_from(ListAccounts::new(), first.next).try_collect().await.unwrap();
    let ids = rest.iter().flat_map(|page| &page.items).map(|account| account.id.as_str());
    assert_eq!((first.items.len(), ids.collect::<Vec<_>>()), (1, vec!["2", "3"]));
}

#[tokio::test]
async fn an_answer_of_nothing_is_no_success() {
    for body in ["null", "", "{}", "[]", "true", "\"\""] {
        let transport = ScriptedTransport::new().json(body).json(body).json(body);
        let client = client(&transport);
        let error = client.send(GetMe::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        let error = client.send(ListAccounts::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        // It may have been posted, so it is in doubt and not failed.
        let post = CreatePagePost::new(PageId::from(1)).message("hello");
        let error = client.send(post).await.unwrap_err();
        assert!(error.may_have_been_applied(), "{body}: {error}");
    }
}
