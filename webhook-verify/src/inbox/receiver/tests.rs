use std::{collections::HashSet, sync::Mutex};

use async_trait::async_trait;

use super::*;
use crate::{
    DedupeKey, Secret, SignatureFault,
    inbox::MemoryInbox,
    testing::{sign_linkedin, sign_meta},
};

const LEADS: &str = r#"{"object":"page","entry":[
    {"id":"1","time":1712000001,"changes":[{"field":"leadgen","value":{"leadgen_id":"4","page_id":"1","created_time":1712000000}}]},
    {"id":"1","time":1712000001,"changes":[{"field":"leadgen","value":{"leadgen_id":"5","page_id":"1","created_time":1712000000}}]}]}"#;
const PRIVATE: &str = r#"{"private words": }"#;

fn secret() -> Secret {
    Secret::new("test_app_secret").unwrap()
}

fn meta(store: Arc<dyn RecordEvents>) -> Receiver {
    Receiver::meta(MetaVerifier::builder().secret("main", secret()).build().unwrap(), store)
}

async fn receive(receiver: &Receiver, body: &'static str) -> Result<Receipt, ReceiveError> {
    receiver.receive([sign_meta(&secret(), body.as_bytes())], Bytes::from_static(body.as_bytes())).await
}

/// Knows keys, and fails first or afterwards as it is told.
#[derive(Debug, Default)]
struct Failing {
    keys: Mutex<HashSet<DedupeKey>>,
    before: Mutex<u32>,
    after: Mutex<u32>,
    forgetful: bool,
}

fn one_of(failures: &Mutex<u32>) -> Result<(), InboxError> {
    let mut failures = failures.lock().unwrap();
    if *failures == 0 {
        return Ok(());
    }
    *failures -= 1;
    Err(InboxError::new(InboxErrorKind::Unavailable, "the store is down"))
}

#[async_trait]
impl RecordEvents for Failing {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        one_of(&self.before)?;
        let mut keys = self.keys.lock().unwrap();
        let mut recorded = Vec::new();
        for event in events {
            let new = keys.insert(event.key());
            recorded.push(if new {
                Recorded::New(EntryId::new(keys.len() as u64))
            } else {
                Recorded::Duplicate
            });
        }
        one_of(&self.after)?;
        recorded.truncate(if self.forgetful { 1 } else { recorded.len() });
        Ok(recorded)
    }
}

#[tokio::test]
async fn every_event_of_a_delivery_is_recorded_and_repeats_are_counted() {
    let receiver = meta(Arc::new(MemoryInbox::new()));
    let first = receive(&receiver, LEADS).await.unwrap();
    assert_eq!((first.provider, first.new, first.duplicates), (Provider::Meta, 2, 0));
    assert!(first.entries.len() == 2 && first.entries.is_sorted());
    let again = receive(&receiver, LEADS).await.unwrap();
    assert_eq!((again.new, again.duplicates, again.entries.len()), (0, 2, 0));
}

#[tokio::test]
async fn a_delivery_without_events_is_received() {
    // Not even a store that fails is asked.
    let receiver = meta(Arc::new(Failing { before: Mutex::new(1), ..Failing::default() }));
    let receipt = receive(&receiver, r#"{"object":"page","entry":[]}"#).await.unwrap();
    assert_eq!((receipt.new, receipt.duplicates), (0, 0));
}

#[tokio::test]
async fn linkedin_is_received_with_its_own_signature() {
    let body = r#"{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1","leadAction":"CREATED"}"#;
    let verifier = Arc::new(LinkedInVerifier::builder().secret("main", secret()).build().unwrap());
    let receiver = Receiver::linkedin(verifier.clone(), Arc::new(MemoryInbox::new()));
    let signature = sign_linkedin(&secret(), body.as_bytes());
    let receipt = receiver.receive([signature], Bytes::from_static(body.as_bytes())).await.unwrap();
    assert_eq!((receipt.provider, receipt.new), (Provider::LinkedIn, 1));
    let refused = receive(&receiver, LEADS).await.unwrap_err();
    assert_eq!((refused.suggested_status(), refused.reason()), (400, "unsupported_algorithm"));
}

#[tokio::test]
async fn what_is_refused_is_not_recorded() {
    let store = Arc::new(Failing::default());
    let receiver = meta(store.clone());
    let body = Bytes::from_static(LEADS.as_bytes());
    let none = receiver.receive(None::<&str>, body.clone()).await.unwrap_err();
    assert_eq!((none.suggested_status(), none.reason()), (401, "missing_signature"));
    let malformed = receiver.receive(["sha256=1"], body.clone()).await.unwrap_err();
    assert_eq!((malformed.suggested_status(), malformed.reason()), (400, "malformed_signature"));
    let fault = |fault: &SignatureFault| !fault.to_string().is_empty();
    assert!(
        matches!(&malformed, ReceiveError::Refused(VerifyError::MalformedSignature { fault: f, .. }) if fault(f))
    );
    let long = MetaVerifier::builder().secret("main", secret()).max_body_bytes(10).build().unwrap();
    let long = receive(&Receiver::meta(long, store.clone()), LEADS).await.unwrap_err();
    assert_eq!((long.suggested_status(), long.reason()), (413, "body_too_large"));
    assert!(store.keys.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_body_that_cannot_be_read_comes_back_to_be_kept_and_is_not_asked_for_again() {
    let receiver = meta(Arc::new(MemoryInbox::new()));
    let error = receive(&receiver, PRIVATE).await.unwrap_err();
    assert_eq!((error.suggested_status(), error.reason()), (200, "unreadable"));
    assert!(!format!("{error:?} {error}").contains("private words"));
    let ReceiveError::Unreadable { error: ParseError::NotJson { .. }, body } = error else {
        panic!("{error:?}")
    };
    assert_eq!(body, PRIVATE);
}

#[tokio::test]
async fn a_delivery_is_answered_503_until_the_store_takes_it() {
    for (before, after, new) in [(1, 0, 2), (0, 1, 0)] {
        let store = Failing { before: Mutex::new(before), after: Mutex::new(after), ..Failing::default() };
        let receiver = meta(Arc::new(store));
        let error = receive(&receiver, LEADS).await.unwrap_err();
        assert_eq!((error.suggested_status(), error.reason()), (503, "not_recorded"));
        // The platform repeats it. What was recorded although the answer was lost is known by now.
        let receipt = receive(&receiver, LEADS).await.unwrap();
        assert_eq!((receipt.new, receipt.duplicates), (new, 2 - new));
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_for_every_event_has_not_recorded_them() {
    let receiver = meta(Arc::new(Failing { forgetful: true, ..Failing::default() }));
    assert_eq!(receive(&receiver, LEADS).await.unwrap_err().suggested_status(), 503);
}
