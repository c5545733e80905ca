//! What goes wrong with other libraries (`PITFALLS.md`): whether every proof exists, and the proofs that are of no
//! single module.

use std::path::Path;

use serde_json::json;
use sociogram_api_core::http::BaseUrl;
use sociogram_linkedin_api::uploads::{UploadImage, UploadSource};
use sociogram_linkedin_api::{Client, OrganizationUrn};
use sociogram_oauth_core::Scope;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::proofs;

#[test]
fn every_pitfall_has_a_proof_that_exists() {
    proofs::check(Path::new(env!("CARGO_MANIFEST_DIR")), 30);
}

#[test]
fn no_operation_needs_a_scope_that_is_retired() {
    let constant = |scope: &Scope| scope.as_str().to_ascii_uppercase();
    let [current, retired] = [false, true].map(|retired| {
        let of_state = Scope::known().filter(move |scope| scope.is_retired() == retired);
        of_state.map(|scope| constant(&scope)).collect::<Vec<_>>()
    });
    assert!(retired.contains(&"R_LITEPROFILE".to_owned()));
    let mut known = 0;
    for (module, code) in proofs::code(&["linkedin-api"]) {
        for word in code.split(|c: char| !c.is_alphanumeric() && c != '_') {
            let word = word.to_ascii_uppercase();
            known += usize::from(current.contains(&word));
            assert!(!retired.contains(&word), "{module} names {word}");
        }
    }
    assert!(known > 50, "{known}");
}

#[tokio::test]
async fn an_image_is_one_put_of_known_length() {
    let server = MockServer::start().await;
    let opened =
        json!({"value": {"uploadUrl": format!("{}/file/0", server.uri()), "image": "urn:li:image:C4"}});
    for (verb, answer) in [
        ("POST", ResponseTemplate::new(200).set_body_json(opened)),
        ("PUT", ResponseTemplate::new(201)),
        ("GET", ResponseTemplate::new(200).set_body_json(json!({"status": "AVAILABLE"}))),
    ] {
        Mock::given(method(verb)).respond_with(answer).mount(&server).await;
    }
    let base = BaseUrl::parse(&server.uri()).unwrap();
    let client = Client::builder().access_token("token").base_url(base).build().unwrap();
    // More than one piece of what is read at once.
    let mut picture = b"GIF89a\x40\x01\x70\x00\x00\x00\x00".to_vec();
    picture.resize(200_000, b';');
    let source = UploadSource::from_bytes(picture.clone());
    let page = OrganizationUrn::from_id("5").unwrap();
    UploadImage::new(page, &source).run(&client, &source, |_| ()).await.unwrap();

    let sent = server.received_requests().await.unwrap();
    let puts: Vec<_> = sent.iter().filter(|request| request.method.as_str() == "PUT").collect();
    assert_eq!(puts.len(), 1);
    assert!(puts[0].body == picture);
    assert_eq!(puts[0].headers["content-length"], "200000");
    assert!(!puts[0].headers.contains_key("transfer-encoding"));
}
