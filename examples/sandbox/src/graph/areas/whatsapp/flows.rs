//! Flows: forms inside a chat.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    MANAGEMENT, new_id, permitted,
    refusal::refusal,
    success,
    template_list::OTHER_ACCOUNT,
};

/// The flow of the other account of the business.
const OTHER_FLOW: &str = "opening_hours";

const FIELDS: [&str; 14] = [
    "id",
    "name",
    "status",
    "categories",
    "validation_errors",
    "json_version",
    "data_api_version",
    "endpoint_uri",
    "preview",
    "updated_at",
    "whatsapp_business_account",
    "application",
    "health_status",
    "data_channel_uri",
];
const DEFAULT_FIELDS: [&str; 5] = ["id", "name", "status", "categories", "validation_errors"];
const CATEGORIES: [&str; 9] = [
    "APPOINTMENT_BOOKING",
    "CONTACT_US",
    "CUSTOMER_SUPPORT",
    "LEAD_GENERATION",
    "OTHER",
    "SHOPPING",
    "SIGN_IN",
    "SIGN_UP",
    "SURVEY",
];

/// A flow.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) name: String,
    /// `DRAFT`, `PUBLISHED` or `DEPRECATED`.
    pub(super) status: &'static str,
    categories: Vec<String>,
    endpoint: Option<String>,
    json: Option<Value>,
    updated: i64,
}

impl Flow {
    fn errors(&self) -> Vec<Value> {
        self.json.as_ref().map(problems).unwrap_or_default()
    }

    fn node(&self, id: &str) -> Map<String, Value> {
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| _ = node.insert(name.to_owned(), value);
        put("id", json!(id));
        put("name", json!(self.name));
        put("status", json!(self.status));
        put("categories", json!(self.categories));
        put("validation_errors", json!(self.errors()));
        put("updated_at", json!(crate::clock::graph_time(self.updated)));
        if let Some(version) = self.json.as_ref().and_then(|json| json.get("version")) {
            put("json_version", version.clone());
        }
        if let Some(endpoint) = &self.endpoint {
            put("endpoint_uri", json!(endpoint));
        }
        put(
            "preview",
            json!({
                "preview_url": format!("https://business.facebook.com/wa/manage/flows/{id}/preview/?token=sandbox"),
                "expires_at": crate::clock::graph_time(self.updated.saturating_add(30 * 86_400)),
            }),
        );
        node
    }
}

/// What is wrong with the JSON of a flow, as Meta lists it.
fn problems(json: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut problem = |name: &str, message: &str| {
        found.push(json!({"error": name, "error_type": "FLOW_JSON_ERROR", "message": message,
            "line_start": 1, "line_end": 1, "column_start": 1, "column_end": 1}));
    };
    if json.get("version").and_then(Value::as_str).is_none() {
        problem("REQUIRED_PROPERTY_MISSING", "Required property 'version' is missing.");
    }
    if json.get("screens").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        problem("REQUIRED_PROPERTY_MISSING", "Required property 'screens' is missing.");
    }
    found
}

/// `GET /{waba}/flows`
pub(super) fn list(call: &mut Call<'_>, account: &str) -> Outcome {
    let flows = call.state.areas.whatsapp.flows.iter();
    let items: Vec<Value> = flows
        .map(|(id, flow)| {
            fields::select(call, "WhatsAppBusinessFlow", &flow.node(id), &FIELDS, &DEFAULT_FIELDS)
        })
        .collect::<Result<_, _>>()?;
    paging::page(call, &format!("{account}/flows"), &items)
}

fn categories(call: &Call<'_>) -> Result<Option<Vec<String>>, GraphError> {
    let Some(list) = call.params.list("categories")? else { return Ok(None) };
    if list.is_empty() || list.iter().any(|one| !CATEGORIES.contains(&one.as_str())) {
        let known = CATEGORIES.join(", ");
        return Err(GraphError::parameter(format!("Param categories must be some of {{{known}}}.")));
    }
    Ok(Some(list))
}

fn endpoint(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let uri = call.params.text("endpoint_uri")?;
    if uri.as_ref().is_some_and(|uri| !uri.starts_with("https://")) {
        return Err(GraphError::parameter("Param endpoint_uri must be an https address."));
    }
    Ok(uri)
}

/// `POST /{waba}/flows`
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["name", "categories", "clone_flow_id", "endpoint_uri", "flow_json", "publish"])?;
    let name = call.params.required("name")?;
    let missing = || GraphError::parameter("The parameter categories is required.");
    let categories = categories(call)?.ok_or_else(missing)?;
    let endpoint = endpoint(call)?;
    let held = &call.state.areas.whatsapp;
    if held.flows.values().any(|flow| flow.name == name) {
        return Err(GraphError::parameter("A flow of this name exists in the account.").subcode(4_016_019));
    }
    let mut json = match call.params.text("clone_flow_id")? {
        None => None,
        Some(id) => {
            let hidden = || GraphError::unsupported(&Method::POST, &id);
            held.flows.get(&id).ok_or_else(hidden)?.json.clone()
        }
    };
    if let Some(text) = call.params.text("flow_json")? {
        let broken = |_| GraphError::parameter("Param flow_json must be valid JSON.");
        json = Some(serde_json::from_str(&text).map_err(broken)?);
    }
    let updated = call.state.now_seconds();
    let mut flow = Flow { name, status: "DRAFT", categories, endpoint, json, updated };
    if call.params.boolean("publish")? == Some(true) {
        check_publishable(&flow)?;
        flow.status = "PUBLISHED";
    }
    let errors = flow.errors();
    let id = new_id(call);
    call.state.areas.whatsapp.flows.insert(id.clone(), flow);
    Ok(json!({"id": id, "success": true, "validation_errors": errors}))
}

/// `POST /{waba}/migrate_flows`: copies of the one flow of the other account of the business, as drafts.
pub(super) fn migrate(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["source_waba_id", "source_flow_names"])?;
    let source = call.params.required("source_waba_id")?;
    if source != OTHER_ACCOUNT {
        return Err(GraphError::unsupported(&Method::POST, &source));
    }
    let names = call.params.list("source_flow_names")?.unwrap_or_else(|| vec![OTHER_FLOW.to_owned()]);
    let (mut migrated, mut failed) = (Vec::new(), Vec::new());
    for name in names {
        let taken = call.state.areas.whatsapp.flows.values().any(|flow| flow.name == name);
        if taken || name != OTHER_FLOW {
            let why = if taken { "Flow name is taken." } else { "Flow name not found in source WABA." };
            let message = format!("Flows Migration Error: {why}");
            failed.push(json!({"source_name": name, "error_code": "4233041", "error_message": message}));
            continue;
        }
        let (categories, updated) = (vec!["OTHER".to_owned()], call.state.now_seconds());
        let id = new_id(call);
        migrated.push(json!({"source_name": name, "source_id": "1390000000000000", "migrated_id": id}));
        let flow = Flow { name, status: "DRAFT", categories, endpoint: None, json: None, updated };
        call.state.areas.whatsapp.flows.insert(id, flow);
    }
    Ok(json!({"migrated_flows": migrated, "failed_flows": failed}))
}

fn check_publishable(flow: &Flow) -> Result<(), GraphError> {
    if flow.json.is_some() && flow.errors().is_empty() {
        return Ok(());
    }
    Err(refusal(139_002, "Publishing Flow with invalid JSON", "The flow has no JSON or errors in it."))
}

/// `/{flow}…`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    permitted(call, id, &[MANAGEMENT])?;
    match (rest, &call.request.method) {
        ([], &Method::GET) => {
            let node = flow(call, id)?.node(id);
            fields::select(call, "WhatsAppBusinessFlow", &node, &FIELDS, &DEFAULT_FIELDS)
        }
        ([], &Method::POST) => {
            call.params.only(&["name", "categories", "endpoint_uri", "application_id"])?;
            let (name, categories, endpoint) =
                (call.params.text("name")?, categories(call)?, endpoint(call)?);
            let now = call.state.now_seconds();
            let flow = flow(call, id)?;
            flow.name = name.unwrap_or_else(|| flow.name.clone());
            flow.categories = categories.unwrap_or_else(|| flow.categories.clone());
            flow.endpoint = endpoint.or_else(|| flow.endpoint.clone());
            flow.updated = now;
            Ok(success())
        }
        ([], &Method::DELETE) => {
            call.params.only(&[])?;
            if flow(call, id)?.status != "DRAFT" {
                return Err(refusal(139_004, "Flow can't be deleted", "Only drafts can be deleted."));
            }
            call.state.areas.whatsapp.flows.remove(id);
            Ok(success())
        }
        (["assets"], &Method::GET) => {
            let url = format!("https://scontent.example.com/{id}/flow.json");
            let has = flow(call, id)?.json.is_some();
            let asset = json!({"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url});
            let items = Vec::from_iter(has.then_some(asset));
            paging::page(call, &format!("{id}/assets"), &items)
        }
        (["assets"], &Method::POST) => upload(call, id),
        (["publish"], &Method::POST) => {
            call.params.only(&[])?;
            let flow = flow(call, id)?;
            if flow.status != "DRAFT" {
                return Err(refusal(139_002, "Flow can't be published", "The flow is no draft."));
            }
            check_publishable(flow)?;
            flow.status = "PUBLISHED";
            Ok(success())
        }
        (["deprecate"], &Method::POST) => {
            call.params.only(&[])?;
            let flow = flow(call, id)?;
            if flow.status != "PUBLISHED" {
                return Err(refusal(139_003, "Flow can't be deprecated", "The flow is not published."));
            }
            flow.status = "DEPRECATED";
            Ok(success())
        }
        ([] | ["assets" | "publish" | "deprecate"], method) => Err(GraphError::unsupported(method, id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn flow<'a>(call: &'a mut Call<'_>, id: &str) -> Result<&'a mut Flow, GraphError> {
    let hidden = || GraphError::unsupported(&Method::GET, id);
    call.state.areas.whatsapp.flows.get_mut(id).ok_or_else(hidden)
}

/// The JSON of the flow, as a file. What is wrong with it is answered, not refused.
fn upload(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only_with_files(&["name", "asset_type"], &["file"])?;
    if call.params.required("name")? != "flow.json" || call.params.required("asset_type")? != "FLOW_JSON" {
        return Err(GraphError::parameter("Params name and asset_type must be flow.json and FLOW_JSON."));
    }
    let missing = || GraphError::parameter("The parameter file is required.");
    let file = call.params.file("file").ok_or_else(missing)?;
    let parsed: Value = serde_json::from_slice(&file.content)
        .map_err(|_| GraphError::parameter("Param file must be valid JSON."))?;
    let now = call.state.now_seconds();
    let flow = flow(call, id)?;
    if flow.status == "DEPRECATED" {
        return Err(refusal(139_001, "Flow can't be updated", "The flow is deprecated."));
    }
    // A published flow that is changed is a draft again until it is published anew.
    (flow.json, flow.updated, flow.status) = (Some(parsed), now, "DRAFT");
    Ok(json!({"success": true, "validation_errors": flow.errors()}))
}
