//! LinkedIn's conversion rules and events.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, Reply};
use crate::linkedin::areas::leads::seed::{ACCOUNT, VIEWED_ACCOUNT};

const SCOPES: [&str; 2] = ["rw_conversions", "r_ads"];
const CAMPAIGN: &str = "urn:li:sponsoredCampaign:607080901";
const HASH: &str = "bad8677b6c86f5d308ee82786c183482a5995f066694246c58c4df37b0cc41f1";
const DAY: i64 = 86_400_000;

fn encoded(urn: &str) -> String {
    urn.replace(':', "%3A")
}

struct Desk {
    bench: Bench,
    token: String,
}

impl Desk {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let token = bench.sandbox.linkedin_token(&SCOPES);
        Self { bench, token }
    }

    async fn get(&self, path: &str) -> Reply {
        self.bench.rest_get(path, &self.token).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.bench.rest_post(path, &self.token, body).await
    }

    /// A new rule's id.
    async fn rule(&self) -> String {
        let made = self.post("/conversions", &rule()).await;
        assert_eq!((made.status, made.text.as_str()), (201, ""));
        made.header("x-restli-id").to_owned()
    }

    fn marked(&self, method: &str, path: &str, body: &Value) -> reqwest::RequestBuilder {
        self.bench.rest(Method::POST, path, &self.token).header("X-RestLi-Method", method).json(body)
    }
}

fn rule() -> Value {
    json!({
        "name": "Orders",
        "account": ACCOUNT,
        "conversionMethod": "CONVERSIONS_API",
        "type": "PURCHASE",
        "attributionType": "LAST_TOUCH_BY_CAMPAIGN",
        "postClickAttributionWindowSize": 90,
    })
}

fn event(rule: &str) -> Value {
    json!({
        "conversion": format!("urn:lla:llaPartnerConversion:{rule}"),
        "conversionHappenedAt": crate::clock::wall_millis() - DAY,
        "conversionValue": {"currencyCode": "EUR", "amount": "49.90"},
        "user": {
            "userIds": [{"idType": "SHA256_EMAIL", "idValue": HASH}],
            "userInfo": {"firstName": "Grace", "lastName": "Visitor", "countryCode": "DE"},
            "externalIds": ["crm-1"],
            "lead": "urn:li:leadGenFormResponse:sbx-lead-1",
        },
        "eventId": "order-1",
    })
}

#[tokio::test]
async fn a_rule_is_made_read_listed_and_changed() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    let path = format!("/conversions/{id}?account={}", encoded(ACCOUNT));
    let read = desk.get(&path).await.json();
    assert_eq!((&read["name"], &read["enabled"]), (&json!("Orders"), &json!(true)));
    assert_eq!(read["viewThroughAttributionWindowSize"], 7);
    let change = json!({"patch": {"$set": {"name": "Sales", "enabled": false}}});
    assert_eq!(desk.bench.send(desk.marked("partial_update", &path, &change)).await.status, 204);
    let list = desk.get(&format!("/conversions?q=account&account={}", encoded(ACCOUNT))).await.json();
    assert_eq!(
        (&list["elements"][0]["name"], &list["elements"][0]["enabled"]),
        (&json!("Sales"), &json!(false))
    );
    let refused = desk.post("/conversionEvents", &event(&id)).await;
    assert_eq!(refused.linkedin_error().0, 400, "a rule that is off takes nothing");

    assert_eq!(desk.post(&path, &change).await.linkedin_error().0, 400, "the method's header is missing");
    let fixed = json!({"patch": {"$set": {"account": VIEWED_ACCOUNT}}});
    let fixed = desk.bench.send(desk.marked("partial_update", &path, &fixed)).await;
    assert_eq!(fixed.linkedin_error().0, 400);
    assert_eq!(desk.get(&format!("/conversions/{id}")).await.linkedin_error().0, 400);
    let elsewhere = format!("/conversions/{id}?account={}", encoded(VIEWED_ACCOUNT));
    assert_eq!(desk.get(&elsewhere).await.linkedin_error().0, 404);
    for (field, value, status) in [
        ("name", json!(" "), 400),
        ("account", json!(CAMPAIGN), 400),
        ("account", json!(VIEWED_ACCOUNT), 403),
        ("conversionMethod", json!("INSIGHT_TAG"), 400),
        ("type", json!("purchase"), 400),
        ("postClickAttributionWindowSize", json!("90"), 400),
        ("enabled", json!("true"), 400),
        ("window", json!(1), 422),
    ] {
        let mut body = rule();
        body[field] = value.clone();
        let reply = desk.post("/conversions", &body).await;
        assert_eq!(reply.linkedin_error().0, status, "{field} {value}");
    }
}

#[tokio::test]
async fn campaigns_are_linked_under_a_compound_key() {
    let desk = Desk::new().await;
    let rule = format!("urn:lla:llaPartnerConversion:{}", desk.rule().await);
    let path = format!("/campaignConversions/(campaign:{},conversion:{})", encoded(CAMPAIGN), encoded(&rule));
    let body = json!({"campaign": CAMPAIGN, "conversion": rule});
    let send = |method: Method, path: &str, body: &Value| {
        desk.bench.send(desk.bench.rest(method, path, &desk.token).json(body))
    };
    assert_eq!(desk.get(&path).await.status, 404);
    for _ in 0..2 {
        assert_eq!(send(Method::PUT, &path, &body).await.status, 204);
    }
    assert_eq!(desk.get(&path).await.json()["campaign"], CAMPAIGN);
    let id = rule.rsplit(':').next().unwrap();
    let read = desk.get(&format!("/conversions/{id}?account={}", encoded(ACCOUNT))).await.json();
    assert_eq!(read["campaigns"], json!([CAMPAIGN]));
    let other = json!({"campaign": "urn:li:sponsoredCampaign:1", "conversion": rule});
    assert_eq!(send(Method::PUT, &path, &other).await.linkedin_error().0, 400);
    for key in ["(campaign:1)", "urn%3Ali%3AsponsoredCampaign%3A1", "(campaign:a,conversion:b,c:d)"] {
        let reply = desk.get(&format!("/campaignConversions/{key}")).await;
        assert_eq!(reply.linkedin_error().0, 400, "{key}");
    }
    let foreign = path.replace("607080901", "607080904");
    let body_of = json!({"campaign": "urn:li:sponsoredCampaign:607080904", "conversion": rule});
    assert_eq!(send(Method::PUT, &foreign, &body_of).await.linkedin_error().0, 400, "of another ad account");
    let unknown = path.replace(id, "1");
    assert_eq!(send(Method::PUT, &unknown, &body).await.linkedin_error().0, 404);
    for status in [204, 404] {
        let gone = desk.bench.rest(Method::DELETE, &path, &desk.token);
        assert_eq!(desk.bench.send(gone).await.status, status);
    }
}

#[tokio::test]
async fn scopes_and_roles_are_needed() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    for scopes in [["r_ads", "rw_ads"], ["rw_conversions", "rw_ads"]] {
        let token = desk.bench.sandbox.linkedin_token(&scopes);
        for (path, body) in [("/conversions", rule()), ("/conversionEvents", event(&id))] {
            let reply = desk.bench.rest_post(path, &token, &body).await;
            assert_eq!(reply.linkedin_error(), (403, "ACCESS_DENIED".to_owned(), Some(100)), "{path}");
        }
    }
    let viewed = desk.get(&format!("/conversions?q=account&account={}", encoded(VIEWED_ACCOUNT))).await;
    assert_eq!(viewed.status, 200, "a viewer may look");
}

#[tokio::test]
async fn an_event_is_accepted_as_it_was_sent() {
    let desk = Desk::new().await;
    let event = event(&desk.rule().await);
    let sent = desk.post("/conversionEvents", &event).await;
    assert_eq!((sent.status, sent.text.as_str()), (201, ""));
    assert!(!sent.headers.contains_key("x-restli-id"));
    assert_eq!(desk.bench.sandbox.received().linkedin_events, [event]);
}

#[tokio::test]
async fn an_event_that_is_not_as_documented_is_refused() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    let now = crate::clock::wall_millis();
    let ids = |kind: &str, value: &str| json!({"userIds": [{"idType": kind, "idValue": value}]});
    for (field, value, status) in [
        ("conversion", json!("urn:li:llaPartnerConversion:1"), 400),
        ("conversion", json!("urn:lla:llaPartnerConversion:1"), 400),
        ("conversionHappenedAt", json!(now + DAY), 400),
        ("conversionHappenedAt", json!(now - 91 * DAY), 400),
        ("conversionHappenedAt", json!(now.to_string()), 400),
        ("conversionValue", json!({"currencyCode": "EUR", "amount": 49.9}), 400),
        ("conversionValue", json!({"currencyCode": "EUR", "amount": "49,90"}), 400),
        ("conversionValue", json!({"currencyCode": "eur", "amount": "1"}), 400),
        ("user", json!({}), 400),
        ("user", json!({"userIds": []}), 400),
        ("user", json!({"userInfo": {"firstName": "Grace"}}), 400),
        ("user", ids("SHA256_EMAIL", "grace@example.com"), 400),
        ("user", ids("SHA256_EMAIL", &HASH.to_uppercase()), 400),
        ("user", ids("EMAIL", "x"), 400),
        ("user", ids("ACXIOM_ID", ""), 400),
        ("user", json!({"userIds": [{"idType": "ACXIOM_ID"}]}), 400),
        ("eventId", json!(7), 400),
        ("event_id", json!("x"), 422),
    ] {
        let mut body = event(&id);
        body[field] = value.clone();
        let reply = desk.post("/conversionEvents", &body).await;
        assert_eq!(reply.linkedin_error().0, status, "{field} {value}");
    }
    let mut named = event(&id);
    named["user"] = json!({"userInfo": {"firstName": "Grace", "lastName": "Visitor"}});
    assert_eq!(desk.post("/conversionEvents", &named).await.status, 201);
}

#[tokio::test]
async fn newer_kinds_of_ids_need_newer_versions() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    for (kind, version, status) in [
        ("GOOGLE_AID", "202604", 400),
        ("GOOGLE_AID", "202605", 201),
        ("SHA256_IP_ADDRESS", "202606", 400),
        ("SHA256_IP_ADDRESS", "202607", 201),
    ] {
        let mut body = event(&id);
        body["user"] = json!({"userIds": [{"idType": kind, "idValue": HASH}]});
        let url = format!("{}/rest/conversionEvents", desk.bench.endpoints().linkedin_api);
        let call = desk.bench.http.post(url).bearer_auth(&desk.token).json(&body);
        let call = call.header("LinkedIn-Version", version).header("X-Restli-Protocol-Version", "2.0.0");
        assert_eq!(desk.bench.send(call).await.status, status, "{kind} {version}");
    }
}

#[tokio::test]
async fn a_request_can_be_taken_in_part() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    let fault = json!({"match": {"body_contains": "order-7"}, "kind": "partial"});
    assert_eq!(desk.bench.control(Method::POST, "/faults", &fault).await.status, 200);
    let mut marked = event(&id);
    marked["eventId"] = json!("order-7");
    for (last, statuses) in [(event(&id), [201, 201, 201]), (marked, [201, 201, 500])] {
        let body = json!({"elements": [event(&id), event(&id), last]});
        let reply = desk.bench.send(desk.marked("batch_create", "/conversionEvents", &body)).await;
        let answer = reply.json();
        let told: Vec<&Value> =
            answer["elements"].as_array().unwrap().iter().map(|element| &element["status"]).collect();
        assert_eq!(told, statuses, "{answer}");
    }
    assert_eq!(desk.bench.sandbox.received().linkedin_events.len(), 5);
}

#[tokio::test]
async fn each_event_of_a_batch_has_its_own_fate() {
    let desk = Desk::new().await;
    let id = desk.rule().await;
    let mut late = event(&id);
    late["conversionHappenedAt"] = json!(0);
    let body = json!({"elements": [event(&id), late, event("1"), event(&id)]});
    let reply = desk.bench.send(desk.marked("batch_create", "/conversionEvents", &body)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let answer = reply.json();
    let elements = answer["elements"].as_array().unwrap();
    let statuses: Vec<&Value> = elements.iter().map(|element| &element["status"]).collect();
    assert_eq!(statuses, [201, 400, 400, 201]);
    assert_eq!(elements[1]["error"]["code"], "DATE_TOO_EARLY");
    assert_eq!(elements[0].get("error"), None);
    assert_eq!(desk.bench.sandbox.received().linkedin_events.len(), 2);
    // Without the method's header it is one event, of unknown members.
    assert_eq!(desk.post("/conversionEvents", &body).await.linkedin_error().0, 422);
    let small = json!({"user": {}});
    for count in [0, 5001] {
        let body = json!({"elements": vec![&small; count]});
        let reply = desk.bench.send(desk.marked("BATCH_CREATE", "/conversionEvents", &body)).await;
        assert_eq!(reply.linkedin_error().0, 400, "{count}");
    }
}
