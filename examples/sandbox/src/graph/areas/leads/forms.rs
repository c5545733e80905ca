//! `/{page}/leadgen_forms` and `/{form}`.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, caller::Caller, fields, paging},
    RETENTION, first_page,
    form_rules::{self, Checked},
    success,
};
use crate::clock::graph_time;

const FIELDS: [&str; 25] = [
    "id",
    "name",
    "status",
    "locale",
    "created_time",
    "leads_count",
    "organic_leads_count",
    "expired_leads_count",
    "questions",
    "privacy_policy_url",
    "context_card",
    "thank_you_page",
    "legal_content",
    "tracking_parameters",
    "follow_up_action_url",
    "question_page_custom_headline",
    "page",
    "page_id",
    "is_optimized_for_quality",
    "allow_organic_lead",
    "allow_organic_lead_retrieval",
    "block_display_for_non_targeted_viewer",
    "leadgen_export_csv_url",
    "should_enforce_work_email",
    "custom_disclaimer",
];
const STATES: [&str; 4] = ["ACTIVE", "ARCHIVED", "DELETED", "DRAFT"];

/// A form.
#[derive(Debug)]
pub(super) struct Form {
    /// `None` for the first Page of the world.
    page: Option<String>,
    status: &'static str,
    /// Unix seconds.
    at: i64,
    /// What the form was made with, as its fields.
    parts: Map<String, Value>,
}

impl Form {
    /// The form of before the start.
    pub(super) fn furnished(at: i64) -> Self {
        let mut parts = Map::new();
        parts.insert("name".to_owned(), json!("Newsletter"));
        parts.insert("locale".to_owned(), json!("en_US"));
        parts.insert("privacy_policy_url".to_owned(), json!("https://example.com/privacy"));
        parts.insert("is_optimized_for_quality".to_owned(), json!(false));
        parts.insert(
            "questions".to_owned(),
            json!([
                {"id": "5551", "key": "full_name", "label": "Full name", "type": "FULL_NAME"},
                {"id": "5552", "key": "email", "label": "Email", "type": "EMAIL"},
                {"id": "5553", "key": "phone_number", "label": "Phone number", "type": "PHONE"},
            ]),
        );
        Self { page: None, status: "ACTIVE", at, parts }
    }

    pub(super) fn page<'c>(&'c self, call: &'c Call<'_>) -> &'c str {
        self.page.as_deref().unwrap_or_else(|| first_page(call))
    }

    /// The keys that answers are given under.
    pub(super) fn keys(&self) -> Vec<&str> {
        let questions = self.parts.get("questions").and_then(Value::as_array);
        let questions = questions.map(Vec::as_slice).unwrap_or_default();
        questions.iter().filter_map(|question| question.get("key").and_then(Value::as_str)).collect()
    }
}

/// The form, if the caller may use it.
pub(super) fn find<'c>(
    call: &'c Call<'_>,
    caller: &Caller,
    id: &str,
    permissions: &[&str],
) -> Result<&'c Form, GraphError> {
    let form = call.state.areas.leads.forms.get(id);
    let form = form.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    caller.page(call, form.page(call), permissions)?;
    Ok(form)
}

pub(super) fn list(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    let call = &*call;
    caller.page(call, page, &["pages_manage_ads", "pages_read_engagement", "pages_show_list"])?;
    let mut own: Vec<_> = call.state.areas.leads.forms.iter().collect();
    own.retain(|(_, form)| form.page(call) == page && form.status != "DELETED");
    own.sort_by_key(|(_, form)| std::cmp::Reverse(form.at));
    let items = own.into_iter().map(|(id, form)| select(call, id, form)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/leadgen_forms"), &items)
}

pub(super) fn create(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_manage_ads"])?;
    let Checked { mut parts, status } = form_rules::check(call)?;
    let number = call.state.number();
    let id = 5_550_000_000_100_000_u64.saturating_add(number);
    if let Some(questions) = parts.get_mut("questions").and_then(Value::as_array_mut) {
        for (question, place) in questions.iter_mut().zip(1_u64..) {
            if let Some(question) = question.as_object_mut() {
                let id = id.saturating_mul(100).saturating_add(place).to_string();
                question.insert("id".to_owned(), json!(id));
            }
        }
    }
    let form = Form { page: Some(page.to_owned()), status, at: call.state.now_seconds(), parts };
    call.state.areas.leads.forms.insert(id.to_string(), form);
    Ok(json!({ "id": id.to_string() }))
}

pub(super) fn read(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    select(call, id, find(call, caller, id, &["pages_manage_ads", "pages_read_engagement"])?)
}

/// Only the status of a form can change.
pub(super) fn update(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    find(call, caller, id, &["pages_manage_ads"])?;
    call.params.only(&["status"])?;
    let status = state(&call.params.required("status")?)?;
    if let Some(form) = call.state.areas.leads.forms.get_mut(id) {
        if form.status == "DELETED" {
            return Err(GraphError::parameter("A deleted form cannot be changed."));
        }
        form.status = status;
    }
    Ok(success())
}

/// One of the states a form can be in.
pub(super) fn state(text: &str) -> Result<&'static str, GraphError> {
    let wrong = || GraphError::parameter("Param status must be one of {ACTIVE, ARCHIVED, DELETED, DRAFT}.");
    STATES.into_iter().find(|known| *known == text).ok_or_else(wrong)
}

fn select(call: &Call<'_>, id: &str, form: &Form) -> Outcome {
    let now = call.state.now_seconds();
    let page = form.page(call);
    let mut object = form.parts.clone();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(id));
    put("status", json!(form.status));
    put("created_time", json!(graph_time(form.at)));
    put("page_id", json!(page));
    let name = call.shared.config.world.pages.iter().find(|known| known.id == page).map(|page| &page.name);
    put("page", json!({"id": page, "name": name}));
    let of_webhooks = call.state.leads.values().filter(|lead| lead.form_id == id).count();
    let records = || call.state.areas.leads.leads.values().filter(|lead| lead.form == id);
    let expired = records().filter(|lead| now - lead.at > RETENTION).count();
    let organic = records().filter(|lead| !lead.of_ad).count().saturating_add(of_webhooks);
    put("leads_count", json!(records().count().saturating_add(of_webhooks)));
    put("organic_leads_count", json!(organic));
    put("expired_leads_count", json!(expired));
    put("allow_organic_lead", json!(true));
    fields::select(call, "LeadgenForm", &object, &FIELDS, &["id", "locale", "name", "status"])
}
