//! Message templates: one by its id (Business Management API: Message Templates).

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields},
    MANAGEMENT, permitted, refusal, success, template_rules,
};

/// How long Meta looks at a template, in seconds, and how often it is asked for meanwhile.
const REVIEW_SECONDS: i64 = 2;
const REVIEW_POLLS: u32 = 2;
const DAY: i64 = 86_400;

pub(super) const FIELDS: [&str; 20] = [
    "id",
    "name",
    "language",
    "status",
    "category",
    "sub_category",
    "previous_category",
    "parameter_format",
    "components",
    "quality_score",
    "rejected_reason",
    "message_send_ttl_seconds",
    "library_template_name",
    "last_updated_time",
    "correct_category",
    "cta_url_link_tracking_opted_out",
    "degrees_of_freedom_spec",
    "creative_sourcing_spec",
    "display_format",
    "specific_rejection_reason",
];
pub(super) const DEFAULT_FIELDS: [&str; 8] =
    ["name", "parameter_format", "components", "language", "status", "category", "sub_category", "id"];

/// A template.
#[derive(Debug, Clone, Default)]
pub(super) struct Template {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) category: String,
    pub(super) components: Vec<Value>,
    /// Whether its variables have names.
    pub(super) named: bool,
    pub(super) life: Option<i64>,
    /// When it was made or changed last.
    pub(super) submitted: i64,
    pub(super) polls: u32,
    /// When it was changed while approved.
    pub(super) edits: Vec<i64>,
    /// Whether the pause was lifted.
    pub(super) unpaused: bool,
}

impl Template {
    /// The template every new account has.
    pub(super) fn hello_world(now: i64) -> Self {
        let components = json!([
            {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
            {"type": "BODY", "text": "Welcome and congratulations!! This message demonstrates your ability to send a message."},
            {"type": "FOOTER", "text": "WhatsApp Business Platform sample message"},
        ]);
        Self {
            id: "1380000000000001".to_owned(),
            name: "hello_world".to_owned(),
            language: "en_US".to_owned(),
            category: "UTILITY".to_owned(),
            components: components.as_array().cloned().unwrap_or_default(),
            submitted: now.saturating_sub(DAY),
            ..Self::default()
        }
    }

    /// Where it stands; what becomes of it is told by the start of its name.
    pub(super) fn status(&self, now: i64) -> &'static str {
        if now < self.submitted.saturating_add(REVIEW_SECONDS) && self.polls < REVIEW_POLLS {
            return "PENDING";
        }
        match self.name.as_str() {
            name if name.starts_with("sandbox_rejected") => "REJECTED",
            name if name.starts_with("sandbox_paused") && !self.unpaused => "PAUSED",
            name if name.starts_with("sandbox_disabled") => "DISABLED",
            _ => "APPROVED",
        }
    }

    pub(super) fn node(&self, now: i64) -> Map<String, Value> {
        let status = self.status(now);
        let rejected = if status == "REJECTED" { "INVALID_FORMAT" } else { "NONE" };
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| _ = node.insert(name.to_owned(), value);
        put("id", json!(self.id));
        put("name", json!(self.name));
        put("language", json!(self.language));
        put("status", json!(status));
        put("category", json!(self.category));
        put("parameter_format", json!(if self.named { "NAMED" } else { "POSITIONAL" }));
        put("components", json!(self.components));
        put("quality_score", json!({"score": "UNKNOWN", "date": self.submitted}));
        put("rejected_reason", json!(rejected));
        put("last_updated_time", json!(crate::clock::graph_time(self.submitted)));
        put("message_send_ttl_seconds", json!(self.life.unwrap_or(-1)));
        node
    }
}

/// `/{template}…`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    permitted(call, id, &[MANAGEMENT])?;
    match (rest, &call.request.method) {
        ([], &Method::GET) => read(call, id),
        ([], &Method::POST) => edit(call, id),
        (["compare"], &Method::GET) => compare(call, id),
        (["unpause"], &Method::POST) => unpause(call, id),
        ([] | ["compare" | "unpause"], method) => Err(GraphError::unsupported(method, id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn find<'a>(call: &'a mut Call<'_>, id: &str) -> Result<&'a mut Template, GraphError> {
    let found = call.state.areas.whatsapp.templates.iter_mut().find(|template| template.id == id);
    found.ok_or_else(|| GraphError::unsupported(&Method::GET, id))
}

fn read(call: &mut Call<'_>, id: &str) -> Outcome {
    let now = call.state.now_seconds();
    let template = find(call, id)?;
    template.polls = template.polls.saturating_add(1);
    let node = template.node(now);
    fields::select(call, "MessageTemplate", &node, &FIELDS, &DEFAULT_FIELDS)
}

fn edit(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&[
        "category",
        "components",
        "message_send_ttl_seconds",
        "parameter_format",
        "cta_url_link_tracking_opted_out",
    ])?;
    let now = call.state.now_seconds();
    let mut changed = find(call, id)?.clone();
    let status = changed.status(now);
    if !matches!(status, "APPROVED" | "REJECTED" | "PAUSED") {
        return Err(refusal::template(2_388_039, format!("A template in state {status} cannot be edited.")));
    }
    if status == "APPROVED" {
        let since = |span: i64| changed.edits.iter().filter(|at| now.saturating_sub(**at) < span).count();
        if since(DAY) >= 1 || since(DAY.saturating_mul(30)) >= 10 {
            let details = "An approved template can be edited once in 24 hours and 10 times in 30 days.";
            return Err(refusal::template(2_388_039, details));
        }
    }
    let category = call.params.text("category")?;
    if let Some(category) = category {
        template_rules::category(&category)?;
        if status == "APPROVED" && category != changed.category {
            return Err(refusal::template(2_388_039, "The category of an approved template stays."));
        }
        changed.category = category;
    }
    changed.named = template_rules::is_named(call, changed.named)?;
    if let Some(life) = call.params.integer("message_send_ttl_seconds")? {
        template_rules::life(&changed.category, life)?;
        changed.life = Some(life);
    }
    if let Some(components) = call.params.structure("components")? {
        changed.components = template_rules::components(call, &changed.category, changed.named, &components)?;
    }
    if status == "APPROVED" {
        changed.edits.push(now);
    }
    (changed.submitted, changed.polls) = (now, 0);
    let (name, category) = (changed.name.clone(), changed.category.clone());
    *find(call, id)? = changed;
    Ok(json!({"success": true, "id": id, "name": name, "category": category}))
}

fn compare(call: &mut Call<'_>, id: &str) -> Outcome {
    let others = call.params.list("template_ids")?.unwrap_or_default();
    let [other] = others.as_slice() else {
        return Err(GraphError::parameter("Param template_ids must name one other template."));
    };
    let start = call.params.integer("start")?;
    let end = call.params.integer("end")?;
    let (Some(start), Some(end)) = (start, end) else {
        return Err(GraphError::parameter("The parameters start and end are required."));
    };
    if ![7, 30, 60, 90].contains(&end.saturating_sub(start).div_euclid(DAY)) {
        return Err(GraphError::parameter("The span from start to end must be 7, 30, 60 or 90 days."));
    }
    let held = &call.state.areas.whatsapp;
    let name_of = |id: &str| held.templates.iter().find(|one| one.id == id).map(|one| one.name.clone());
    let (Some(first), Some(second)) = (name_of(id), name_of(other)) else {
        return Err(GraphError::unsupported(&Method::GET, other));
    };
    let sends = |name: &str| held.sent.iter().filter(|sent| sent.template.as_deref() == Some(name)).count();
    Ok(json!({"data": [
        {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": [id, other]},
        {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES", "number_values": [
            {"key": id, "value": sends(&first)}, {"key": other, "value": sends(&second)}]},
        {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES", "string_values": [
            {"key": id, "value": "UNKNOWN_BLOCK_REASON"}, {"key": other, "value": "UNKNOWN_BLOCK_REASON"}]},
    ]}))
}

fn unpause(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&[])?;
    let now = call.state.now_seconds();
    let template = find(call, id)?;
    if template.status(now) != "PAUSED" {
        return Err(refusal::template(2_388_039, "The template is not paused."));
    }
    template.unpaused = true;
    Ok(success())
}
