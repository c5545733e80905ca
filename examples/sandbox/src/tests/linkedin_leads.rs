//! LinkedIn's lead forms, leads and lead notifications.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{ANALYST_ORGANIZATION, Bench, ORGANIZATION, Reply},
    receiver::Receiver,
};
use crate::linkedin::areas::leads::seed::{
    ACCOUNT, ACCOUNT_FORM, ACCOUNT_LEAD, ORGANIZATION_FORM, TEST_LEAD, VIEWED_ACCOUNT, VIEWED_LEAD,
};

const SCOPES: [&str; 2] = ["r_marketing_leadgen_automation", "r_ads"];

fn owner(urn: &str) -> String {
    let kind = if urn.contains("sponsoredAccount") { "sponsoredAccount" } else { "organization" };
    format!("({kind}:{})", urn.replace(':', "%3A"))
}

fn leads_of(urn: &str, kind: &str, more: &str) -> String {
    format!("/leadFormResponses?q=owner&owner={}&leadType=(leadType:{kind}){more}", owner(urn))
}

fn ids(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body = reply.json();
    let elements = body["elements"].as_array().unwrap();
    elements.iter().map(|lead| lead["id"].as_str().unwrap().to_owned()).collect()
}

fn denied(reply: &Reply) -> bool {
    reply.linkedin_error() == (403, "ACCESS_DENIED".to_owned(), Some(100))
}

#[tokio::test]
async fn forms_are_listed_read_and_read_together() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&SCOPES);
    let list = bench.rest_get(&format!("/leadForms?q=owner&owner={}", owner(ACCOUNT)), &token).await.json();
    assert_eq!(list["elements"].as_array().unwrap().len(), 1);
    assert_eq!(list["elements"][0]["id"], ACCOUNT_FORM);
    let path = format!("/leadForms/{ORGANIZATION_FORM}");
    let form = bench.rest_get(&path, &token).await.json();
    assert_eq!(form["owner"], json!({ "organization": ORGANIZATION }));
    assert_eq!(form["content"]["questions"][2]["predefinedField"], "EMAIL");
    let masked = bench.rest_get(&format!("{path}?fields=id,name"), &token).await.json();
    assert_eq!(masked, json!({"id": ORGANIZATION_FORM, "name": "Contact us"}));
    let path = format!("/leadForms?ids=List({ACCOUNT_FORM},9)");
    let both = bench.rest_get(&path, &token).await.json();
    assert_eq!(both["results"]["3162"]["id"], ACCOUNT_FORM);
    assert_eq!((&both["statuses"]["9"], &both["errors"]["9"]["code"]), (&json!(404), &json!("NOT_FOUND")));
    assert_eq!(bench.rest_get("/leadForms/9", &token).await.linkedin_error().0, 404);
}

#[tokio::test]
async fn leads_are_found_by_owner_kind_test_and_time() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&SCOPES);
    let all = bench.rest_get(&leads_of(ACCOUNT, "SPONSORED", ""), &token).await;
    assert_eq!(ids(&all), [ACCOUNT_LEAD, TEST_LEAD], "newest first");
    assert_eq!(all.json()["elements"][0].get("form"), None);
    let answers = &all.json()["elements"][0]["formResponse"]["answers"];
    assert_eq!(answers[2]["answerDetails"]["textQuestionAnswer"]["answer"], "grace@example.com");
    assert_eq!(answers[6]["answerDetails"]["multipleChoiceAnswer"]["options"], json!([1, 3]));

    let tests = leads_of(ACCOUNT, "SPONSORED", "&limitedToTestLeads=true");
    assert_eq!(ids(&bench.rest_get(&tests, &token).await), [TEST_LEAD]);
    let at = all.json()["elements"][0]["submittedAt"].as_i64().unwrap();
    for (range, found) in [
        (format!("(start:{at},end:{})", at + 1), 1),
        (format!("(start:{})", at - 10_000_000), 2),
        (format!("(end:{at})"), 1),
        (format!("(start:{})", at + 1), 0),
    ] {
        let path = leads_of(ACCOUNT, "SPONSORED", &format!("&submittedAtTimeRange={range}"));
        assert_eq!(ids(&bench.rest_get(&path, &token).await).len(), found, "{range}");
    }
    let form =
        format!("urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A{ORGANIZATION_FORM}%2C1%29");
    let other = leads_of(ACCOUNT, "SPONSORED", &format!("&versionedLeadGenFormUrn={form}"));
    assert!(ids(&bench.rest_get(&other, &token).await).is_empty());
    let second = bench.rest_get(&leads_of(ACCOUNT, "SPONSORED", "&start=1&count=1"), &token).await;
    assert_eq!(
        (ids(&second), &second.json()["paging"]["links"][0]["rel"]),
        (vec![TEST_LEAD.into()], &"prev".into())
    );

    let one = bench.rest_get(&format!("/leadFormResponses/{VIEWED_LEAD}?fields=id,form:(id)"), &token).await;
    assert_eq!((&one.json()["id"], &one.json()["form"]["id"]), (&VIEWED_LEAD.into(), &3164.into()));
    assert_eq!(one.json().as_object().unwrap().len(), 2);
    assert_eq!(bench.rest_get("/leadFormResponses/none", &token).await.linkedin_error().0, 404);
}

#[tokio::test]
async fn scopes_and_roles_are_needed() {
    let bench = Bench::new().await;
    let good = bench.sandbox.linkedin_token(&SCOPES);
    for scopes in [vec!["r_ads"], vec!["r_marketing_leadgen_automation"], vec!["rw_organization_admin"]] {
        let token = bench.sandbox.linkedin_token(&scopes);
        for path in [
            format!("/leadForms?q=owner&owner={}", owner(ACCOUNT)),
            leads_of(ACCOUNT, "SPONSORED", ""),
            format!("/leadFormResponses/{ACCOUNT_LEAD}"),
            format!("/leadNotifications?q=criteria&owner={}", owner(ACCOUNT)),
        ] {
            assert!(denied(&bench.rest_get(&path, &token).await), "{scopes:?} {path}");
        }
    }
    let elsewhere = leads_of("urn:li:sponsoredAccount:1", "SPONSORED", "");
    assert!(denied(&bench.rest_get(&elsewhere, &good).await));
    let page = leads_of("urn:li:organization:1", "COMPANY", "");
    assert!(denied(&bench.rest_get(&page, &good).await));
    // An analyst may read leads of the page, but not of its events.
    let analyst = |kind| leads_of(ANALYST_ORGANIZATION, kind, "");
    assert_eq!(bench.rest_get(&analyst("COMPANY"), &good).await.status, 200);
    assert!(denied(&bench.rest_get(&analyst("EVENT"), &good).await));
    assert_eq!(bench.rest_get(&leads_of(ORGANIZATION, "EVENT", ""), &good).await.status, 200);
    assert_eq!(bench.rest_get(&leads_of(VIEWED_ACCOUNT, "SPONSORED", ""), &good).await.status, 200);
    bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let other = bench.sandbox.linkedin_token(&SCOPES);
    assert!(denied(&bench.rest_get(&leads_of(ACCOUNT, "SPONSORED", ""), &other).await), "no role");
    assert!(denied(&bench.rest_get(&leads_of(ORGANIZATION, "COMPANY", ""), &other).await), "no role");
}

#[tokio::test]
async fn a_query_that_is_not_as_documented_is_refused() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&SCOPES);
    let account = owner(ACCOUNT);
    for (path, status) in [
        (format!("/leadForms?owner={account}"), 405),
        (format!("/leadForms?q=account&owner={account}"), 400),
        ("/leadForms?q=owner".to_owned(), 400),
        ("/leadForms?q=owner&owner=urn%3Ali%3AsponsoredAccount%3A506070801".to_owned(), 400),
        ("/leadForms?q=owner&owner=(organization:urn%3Ali%3AsponsoredAccount%3A1)".to_owned(), 400),
        (format!("/leadForms?q=owner&owner={account}&leadType=(leadType:SPONSORED)"), 403),
        (format!("/leadFormResponses?q=owner&owner={account}"), 400),
        (format!("/leadFormResponses?q=owner&owner={account}&leadType=SPONSORED"), 400),
        (leads_of(ACCOUNT, "PAID", ""), 400),
        (leads_of(ACCOUNT, "SPONSORED", "&limitedToTestLeads=yes"), 400),
        (leads_of(ACCOUNT, "SPONSORED", "&submittedAtTimeRange=(start:a)"), 400),
        (leads_of(ACCOUNT, "SPONSORED", "&submittedAtTimeRange=(start:2,end:1)"), 400),
        (leads_of(ACCOUNT, "SPONSORED", "&submittedAtTimeRange=(from:1)"), 400),
        (leads_of(ACCOUNT, "SPONSORED", "&submittedAtTimeRange=()"), 400),
        ("/leadForms/1/questions".to_owned(), 404),
    ] {
        let reply = bench.rest_get(&path, &token).await;
        assert_eq!(reply.linkedin_error().0, status, "{path}: {}", reply.text);
    }
    let delete = bench.rest(Method::DELETE, &format!("/leadFormResponses/{ACCOUNT_LEAD}"), &token);
    assert_eq!(bench.send(delete).await.linkedin_error().0, 405);
}

fn notification() -> Value {
    json!({"webhook": "https://example.com/leads", "owner": {"sponsoredAccount": ACCOUNT}, "leadType": "SPONSORED"})
}

#[tokio::test]
async fn notifications_are_made_listed_and_deleted() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&SCOPES);
    let mut body = notification();
    body["versionedForm"] =
        json!(format!("urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{ACCOUNT_FORM},1)"));
    body["associatedEntity"] = json!({"sponsoredCreative": "urn:li:sponsoredCreative:708091001"});
    let made = bench.rest_post("/leadNotifications", &token, &body).await;
    assert_eq!((made.status, made.text.as_str()), (201, ""));
    let id = made.header("x-restli-id").to_owned();
    let one = bench.rest_get(&format!("/leadNotifications/{id}"), &token).await.json();
    body["id"] = json!(id.parse::<u64>().unwrap());
    assert_eq!(one, body);
    let account = owner(ACCOUNT);
    for criteria in [account.clone(), format!("(value:{account})")] {
        let path = format!("/leadNotifications?q=criteria&owner={criteria}&leadType=(leadType:SPONSORED)");
        assert_eq!(bench.rest_get(&path, &token).await.json()["elements"], json!([body]));
    }
    let path = format!("/leadNotifications?q=criteria&owner={account}&leadType=(leadType:EVENT)");
    assert_eq!(bench.rest_get(&path, &token).await.json()["elements"], json!([]));
    for status in [204, 404] {
        let gone = bench.rest(Method::DELETE, &format!("/leadNotifications/{id}"), &token);
        assert_eq!(bench.send(gone).await.status, status);
    }
}

#[tokio::test]
async fn a_notification_that_cannot_work_is_refused() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&SCOPES);
    for (field, value, status) in [
        ("webhook", json!("http://example.com"), 400),
        ("webhook", json!("https://a.ngrok-free.app/x"), 400),
        ("webhook", json!("example.com"), 400),
        ("webhook", json!(null), 400),
        ("owner", json!(ACCOUNT), 400),
        ("owner", json!({"person": "urn:li:person:a"}), 400),
        ("owner", json!({"sponsoredAccount": ACCOUNT, "organization": ORGANIZATION}), 400),
        ("owner", json!({"sponsoredAccount": "urn:li:sponsoredAccount:1"}), 403),
        ("leadType", json!("PAID"), 400),
        ("versionedForm", json!("urn:li:leadGenForm:3162"), 400),
        ("associatedEntity", json!({}), 400),
        ("expiresAt", json!(1), 422),
    ] {
        let mut body = notification();
        body[field] = value.clone();
        let reply = bench.rest_post("/leadNotifications", &token, &body).await;
        assert_eq!(reply.linkedin_error().0, status, "{field} {value}");
    }
    for _ in 0..1500 {
        assert_eq!(bench.rest_post("/leadNotifications", &token, &notification()).await.status, 201);
    }
    let full = bench.rest_post("/leadNotifications", &token, &notification()).await;
    assert_eq!(full.linkedin_error().0, 400);
}

#[tokio::test]
async fn a_lead_that_was_announced_can_be_fetched() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    let body = json!({"linkedin": {"url": receiver.url}});
    assert_eq!(bench.control(Method::POST, "/webhooks", &body).await.status, 200);
    let token = bench.sandbox.linkedin_token(&SCOPES);
    for (trigger, owner, kind, form) in [
        (json!({}), json!({"organization": ORGANIZATION}), "COMPANY", ORGANIZATION_FORM),
        (json!({"account": ACCOUNT}), json!({"sponsoredAccount": ACCOUNT}), "SPONSORED", ACCOUNT_FORM),
    ] {
        let mut body = trigger;
        body["kind"] = json!("linkedin_lead");
        let fired = bench.control(Method::POST, "/trigger", &body).await.json();
        let told = bench.sandbox.received().deliveries.pop().unwrap().body;
        let id = told["leadGenFormResponse"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
        assert_eq!(fired["lead_id"], id.as_str());
        assert_eq!((&told["owner"], &told["leadType"]), (&owner, &json!(kind)));
        let lead = bench.rest_get(&format!("/leadFormResponses/{id}"), &token).await.json();
        assert_eq!((&lead["owner"], &lead["leadType"]), (&owner, &json!(kind)));
        assert_eq!(lead["versionedLeadGenFormUrn"], told["leadGenForm"]);
        assert!(told["leadGenForm"].as_str().unwrap().contains(&format!(":{form},")), "{told}");
        assert_eq!(lead["associatedEntity"], told["associatedEntity"]);
    }
    for wrong in [
        json!({"account": "urn:li:sponsoredAccount:1"}),
        json!({"account": ACCOUNT, "organization": ORGANIZATION}),
    ] {
        let mut body = wrong;
        body["kind"] = json!("linkedin_lead");
        assert_eq!(bench.control(Method::POST, "/trigger", &body).await.status, 404);
    }
}
