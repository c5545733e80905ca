//! Lead forms and leads.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, GraphCode, PAGE, Reply};
use crate::graph::areas::leads::{AD, AD_LEAD, EXPIRED_LEAD, FORM, LEAD};

const ALL: [&str; 6] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_ads",
    "leads_retrieval",
    "ads_management",
    "pages_manage_metadata",
];
const BAD: GraphCode = (400, 100, None);
const HIDDEN: GraphCode = (400, 100, Some(33));

struct Desk {
    bench: Bench,
    token: String,
}

impl Desk {
    async fn with(permissions: &[&str]) -> Self {
        let bench = Bench::new().await;
        let token = bench.page_token(&bench.sandbox.meta_user_token(permissions)).await;
        Self { bench, token }
    }

    async fn get(&self, path: &str) -> Reply {
        self.bench.graph_get(&format!("/v26.0/{path}"), &self.token).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let path = format!("/v26.0/{path}");
        self.bench.send(self.bench.graph(Method::POST, &path, &self.token).form(form)).await
    }

    async fn delete(&self, path: &str) -> Reply {
        let path = format!("/v26.0/{path}");
        self.bench.send(self.bench.graph(Method::DELETE, &path, &self.token)).await
    }
}

fn ids(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let data = body["data"].as_array().unwrap_or_else(|| panic!("{}", reply.text));
    data.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_form_is_made_listed_archived_and_deleted() {
    let desk = Desk::with(&ALL).await;
    let path = format!("{PAGE}/leadgen_forms");
    let questions = json!([{"type": "EMAIL"}, {"type": "CUSTOM", "label": "How many"}]).to_string();
    let policy = r#"{"url":"https://example.com/privacy"}"#;
    let made =
        desk.post(&path, &[("name", "Cakes"), ("questions", &questions), ("privacy_policy", policy)]).await;
    let id = made.json()["id"].as_str().unwrap_or_else(|| panic!("{}", made.text)).to_owned();
    assert_eq!(ids(&desk.get(&path).await), [id.clone(), FORM.to_owned()]);
    let form = desk
        .get(&format!("{id}?fields=status,questions,leads_count,privacy_policy_url,page_id"))
        .await
        .json();
    assert_eq!((&form["status"], &form["questions"][0]["key"]), (&json!("ACTIVE"), &json!("email")));
    assert_eq!((&form["questions"][1]["key"], &form["leads_count"]), (&json!("how_many"), &json!(0)));
    assert_eq!(desk.post(&id, &[("status", "ARCHIVED")]).await.json(), json!({"success": true}));
    assert_eq!(desk.get(&id).await.json()["status"], "ARCHIVED");
    assert_eq!(desk.post(&id, &[("name", "Other")]).await.graph_error(), BAD);
    assert_eq!(desk.post(&id, &[("status", "GONE")]).await.graph_error(), BAD);
    assert_eq!(desk.post(&id, &[("status", "DELETED")]).await.status, 200);
    assert_eq!(ids(&desk.get(&path).await), [FORM]);
}

#[tokio::test]
async fn a_form_that_breaks_a_rule_is_refused() {
    let desk = Desk::with(&ALL).await;
    let path = format!("{PAGE}/leadgen_forms");
    let policy = r#"{"url":"https://example.com/privacy"}"#;
    let custom = |count: usize| {
        let questions: Vec<Value> =
            (0..count).map(|number| json!({"type": "CUSTOM", "label": format!("Q{number}")})).collect();
        json!(questions).to_string()
    };
    let (fifteen, sixteen) = (custom(15), custom(16));
    let long = format!(r#"{{"url":"https://example.com/privacy","link_text":"{}"}}"#, "x".repeat(71));
    let good = [("name", "F"), ("questions", fifteen.as_str()), ("privacy_policy", policy)];
    assert_eq!(desk.post(&path, &good).await.status, 200);
    let bad: [&[(&str, &str)]; 9] = [
        &[("name", "F"), ("questions", &sixteen), ("privacy_policy", policy)],
        &[("name", "F"), ("questions", "[]"), ("privacy_policy", policy)],
        &[("name", "F"), ("questions", &fifteen)],
        &[("name", "F"), ("questions", &fifteen), ("privacy_policy", r#"{"url":"privacy"}"#)],
        &[("name", "F"), ("questions", &fifteen), ("privacy_policy", &long)],
        &[("questions", &fifteen), ("privacy_policy", policy)],
        &[("name", "F"), ("questions", r#"[{"type":"AGE"}]"#), ("privacy_policy", policy)],
        &[("name", "F"), ("questions", r#"[{"type":"CUSTOM"}]"#), ("privacy_policy", policy)],
        &[("name", "F"), ("questions", r#"[{"type":"EMAIL"},{"type":"EMAIL"}]"#), ("privacy_policy", policy)],
    ];
    for form in bad {
        assert_eq!(desk.post(&path, form).await.graph_error(), BAD, "{form:?}");
    }
}

#[tokio::test]
async fn leads_are_listed_newest_first_filtered_and_not_older_than_ninety_days() {
    let desk = Desk::with(&ALL).await;
    let path = format!("{FORM}/leads");
    let all = desk.get(&path).await;
    assert_eq!(ids(&all), [LEAD, AD_LEAD]);
    let since = crate::clock::wall_millis() / 1000 - 5_400;
    let filter = |operator: &str, value: i64| {
        let filter = json!([{"field": "time_created", "operator": operator, "value": value}]).to_string();
        format!("{path}?filtering={}", form_urlencoded::byte_serialize(filter.as_bytes()).collect::<String>())
    };
    assert_eq!(ids(&desk.get(&filter("GREATER_THAN", since)).await), [LEAD]);
    assert_eq!(ids(&desk.get(&filter("LESS_THAN", since)).await), [AD_LEAD]);
    assert_eq!(desk.get(&filter("ABOUT", since)).await.graph_error(), BAD);
    assert_eq!(desk.get(EXPIRED_LEAD).await.graph_error(), HIDDEN);
    let form =
        desk.get(&format!("{FORM}?fields=leads_count,expired_leads_count,organic_leads_count")).await.json();
    assert_eq!((&form["leads_count"], &form["expired_leads_count"]), (&json!(3), &json!(1)));
    desk.bench.control(Method::POST, "/clock", &json!({"advance_seconds": 90 * 86_400})).await;
    assert_eq!(ids(&desk.get(&path).await), Vec::<String>::new());
}

#[tokio::test]
async fn the_leads_of_an_ad_name_it_to_advertisers() {
    let desk = Desk::with(&ALL).await;
    let leads =
        desk.get(&format!("{AD}/leads?fields=id,ad_id,campaign_name,is_organic,platform")).await.json();
    assert_eq!((&leads["data"][0]["id"], &leads["data"][0]["ad_id"]), (&json!(AD_LEAD), &json!(AD)));
    assert_eq!(leads["data"][0]["platform"], "ig");
    let user = desk.bench.sandbox.meta_user_token(&ALL);
    let ad = desk.bench.graph_get(&format!("/v26.0/{AD}?fields=campaign{{id}},name"), &user).await.json();
    let lead = desk.get(&format!("{AD_LEAD}?fields=ad_name,campaign_id")).await.json();
    assert_eq!((&lead["ad_name"], &lead["campaign_id"]), (&ad["name"], &ad["campaign"]["id"]));
    assert_eq!(desk.get("120230000000009/leads").await.graph_error().0, 400);
    let desk = Desk::with(&ALL[..4]).await;
    assert_eq!(desk.get(&format!("{AD}/leads")).await.graph_error(), (403, 200, None));
    let lead =
        desk.get(&format!("{AD_LEAD}?fields=ad_id,field_data,custom_disclaimer_responses")).await.json();
    assert!(lead["ad_id"].is_null());
    assert_eq!(lead["custom_disclaimer_responses"][0]["is_checked"], "1");
}

#[tokio::test]
async fn a_lead_that_no_webhook_told_of_does_not_exist() {
    let desk = Desk::with(&ALL).await;
    let subscribed = desk.post(&format!("{PAGE}/subscribed_apps"), &[("subscribed_fields", "leadgen")]).await;
    assert_eq!(subscribed.status, 200, "{}", subscribed.text);
    let fired = desk.bench.control(Method::POST, "/trigger", &json!({"kind": "leadgen"})).await;
    // Without a receiver nothing happens, so there is no lead either.
    assert!(fired.status >= 400, "{}", fired.text);
    assert_eq!(ids(&desk.get(&format!("{FORM}/leads")).await), [LEAD, AD_LEAD]);
}

#[tokio::test]
async fn a_form_has_one_test_lead_at_a_time() {
    let desk = Desk::with(&ALL).await;
    let path = format!("{FORM}/test_leads");
    let answers = r#"[{"name":"email","values":["test@example.com"]}]"#;
    let made = desk.post(&path, &[("field_data", answers)]).await.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!(desk.post(&path, &[]).await.graph_error(), BAD);
    assert_eq!(ids(&desk.get(&path).await), [id]);
    assert_eq!(ids(&desk.get(&format!("{FORM}/leads")).await)[0], id);
    assert_eq!(desk.delete(id).await.json(), json!({"success": true}));
    assert_eq!(desk.delete(LEAD).await.graph_error(), HIDDEN);
    let wrong = r#"[{"name":"age","values":["7"]}]"#;
    assert_eq!(desk.post(&path, &[("field_data", wrong)]).await.graph_error(), BAD);
    assert_eq!(desk.post(&path, &[]).await.status, 200);
    assert_eq!(desk.delete(&path).await.status, 200);
    assert_eq!(ids(&desk.get(&path).await), Vec::<String>::new());
}

#[tokio::test]
async fn leads_take_their_permissions() {
    let desk = Desk::with(&["pages_show_list", "pages_read_engagement"]).await;
    let refused = (403, 200, None);
    for path in [format!("{PAGE}/leadgen_forms"), FORM.to_owned(), format!("{FORM}/leads"), LEAD.to_owned()] {
        assert_eq!(desk.get(&path).await.graph_error(), refused, "{path}");
    }
}

#[tokio::test]
async fn the_page_says_whether_leads_may_be_read() {
    let desk = Desk::with(&ALL).await;
    let user = &desk.bench.sandbox.config().world.user.id;
    let access = desk.get(&format!("{PAGE}?fields=name,has_lead_access.user_id({user})")).await.json();
    assert_eq!(access["has_lead_access"]["can_access_lead"], true);
    assert!(access["name"].is_string());
    let access = desk.get(&format!("{PAGE}?fields=has_lead_access.user_id(10160000000000002)")).await.json();
    assert_eq!(access["has_lead_access"]["can_access_lead"], false);
    assert!(access["has_lead_access"]["failure_reason"].is_string());
    assert_eq!(desk.get(&format!("{PAGE}?fields=has_lead_access")).await.graph_error(), BAD);
    let terms =
        desk.get(&format!("{PAGE}?fields=leadgen_tos_accepted,leadgen_tos_acceptance_time")).await.json();
    assert_eq!(terms["leadgen_tos_accepted"], true);
}
