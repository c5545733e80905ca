//! `/{page}/message_templates`: reviewed texts that may be sent outside of the window.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, caller::Caller, fields, paging},
    Channel,
    content::{Content, only, text},
    door::Door,
    success,
};

const FIELDS: [&str; 9] = [
    "id",
    "name",
    "language",
    "category",
    "status",
    "components",
    "parameter_format",
    "library_template_name",
    "rejected_reason",
];
const KNOWN: [&str; 9] = [
    "name",
    "language",
    "category",
    "components",
    "parameter_format",
    "library_template_name",
    "library_template_body_inputs",
    "library_template_body_param_inputs",
    "library_template_button_inputs",
];
const PERMISSION: &str = "pages_utility_messaging";
const BUTTONS: usize = 3;
/// How long the review takes, in seconds.
const REVIEW: i64 = 2;

/// A template of a Page.
#[derive(Debug, Clone)]
pub(super) struct Template {
    id: String,
    page: String,
    name: String,
    language: String,
    components: Value,
    format: String,
    library: Option<String>,
    /// Unix seconds.
    at: i64,
}

impl Template {
    fn status(&self, now: i64) -> &'static str {
        if now - self.at >= REVIEW { "APPROVED" } else { "PENDING" }
    }
}

pub(super) fn create(call: &mut Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[PERMISSION])?;
    call.params.only(&KNOWN)?;
    let (name, language) = (call.params.required("name")?, call.params.required("language")?);
    let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(right) {
        return Err(GraphError::parameter("Param name must have lower case letters, digits and _ only."));
    }
    if !call.params.required("category")?.eq_ignore_ascii_case("UTILITY") {
        return Err(GraphError::parameter("Param category must be UTILITY."));
    }
    let components = call.params.structure("components")?.unwrap_or_else(|| json!([]));
    let library = call.params.text("library_template_name")?;
    check_components(&components, library.is_some())?;
    let held = &call.state.areas.messaging.templates;
    let taken =
        |known: &Template| known.page == door.id() && known.name == name && known.language == language;
    if held.iter().any(taken) {
        return Err(GraphError::parameter("A template with this name and language exists already."));
    }
    let format = call.params.text("parameter_format")?.unwrap_or_else(|| "POSITIONAL".to_owned());
    let id = 1_856_666_000_000_000_u64.saturating_add(call.state.number()).to_string();
    let at = call.state.now_seconds();
    let page = door.id().to_owned();
    let template = Template { id: id.clone(), page, name, language, components, format, library, at };
    call.state.areas.messaging.templates.push(template);
    Ok(json!({"id": id, "status": "PENDING", "category": "UTILITY"}))
}

fn check_components(components: &Value, from_library: bool) -> Result<(), GraphError> {
    let list = components.as_array();
    let list = list.ok_or_else(|| GraphError::parameter("Param components must be an array."))?;
    let kind =
        |part: &Value| part.get("type").and_then(Value::as_str).unwrap_or_default().to_ascii_uppercase();
    if let Some(part) =
        list.iter().find(|part| !matches!(kind(part).as_str(), "HEADER" | "BODY" | "FOOTER" | "BUTTONS"))
    {
        return Err(GraphError::parameter(format!("Param components has an unknown type: {}", kind(part))));
    }
    if !from_library && !list.iter().any(|part| kind(part) == "BODY") {
        return Err(GraphError::parameter("Param components must have a body."));
    }
    let buttons = list.iter().filter_map(|part| part.get("buttons").and_then(Value::as_array));
    if buttons.map(Vec::len).sum::<usize>() > BUTTONS {
        return Err(GraphError::parameter("A template has at most 3 buttons."));
    }
    Ok(())
}

pub(super) fn list(call: &Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[PERMISSION])?;
    let now = call.state.now_seconds();
    let name = call.params.text("name")?;
    let part = call.params.text("name_or_content")?;
    let (languages, states) = (call.params.list("language")?, call.params.list("status")?);
    let held = call.state.areas.messaging.templates.iter().filter(|template| {
        let content = template.components.to_string();
        template.page == door.id()
            && name.as_ref().is_none_or(|name| *name == template.name)
            && part.as_ref().is_none_or(|part| template.name.contains(part) || content.contains(part))
            && languages.as_ref().is_none_or(|languages| languages.contains(&template.language))
            && states.as_ref().is_none_or(|states| states.iter().any(|state| state == template.status(now)))
    });
    let items = held.map(|template| select(call, template, now)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{}/message_templates", door.id()), &items)
}

fn select(call: &Call<'_>, template: &Template, now: i64) -> Outcome {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(template.id));
    put("name", json!(template.name));
    put("language", json!(template.language));
    put("category", json!("UTILITY"));
    put("status", json!(template.status(now)));
    put("components", template.components.clone());
    put("parameter_format", json!(template.format));
    if let Some(library) = &template.library {
        put("library_template_name", json!(library));
    }
    fields::select(call, "PageMessageTemplate", &object, &FIELDS, &FIELDS)
}

/// By name all languages, or one by its id too.
pub(super) fn delete(call: &mut Call<'_>, door: &Door) -> Outcome {
    door.allow(call, Channel::Messenger, &[PERMISSION])?;
    call.params.only(&["name", "template_id"])?;
    let name = call.params.required("name")?;
    let id = call.params.text("template_id")?;
    call.state.areas.messaging.templates.retain(|template| {
        let other = template.page != door.id() || template.name != name;
        other || id.as_ref().is_some_and(|id| *id != template.id)
    });
    Ok(success())
}

/// `/message_template_library`: the same for everybody.
pub(super) fn library(call: &mut Call<'_>) -> Outcome {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let claims = match &caller {
        Caller::User(claims) | Caller::Page { claims, .. } => claims,
        Caller::App => return Err(GraphError::no_token_for_me()),
    };
    if !super::super::super::caller::granted(call, claims, PERMISSION) {
        return Err(GraphError::permission(format!("Requires {PERMISSION} permission to manage the object")));
    }
    let template = json!({
        "id": "1856666000000000",
        "name": "order_confirmation",
        "language": "en",
        "category": "UTILITY",
        "topic": "ORDER_MANAGEMENT",
        "body": "Your order {{1}} is confirmed.",
    });
    let part = call.params.text("name_or_content")?;
    let language = call.params.text("language")?;
    let wanted = part.is_none_or(|part| template.to_string().contains(&part))
        && language.is_none_or(|language| language == "en");
    let items = if wanted { vec![template] } else { Vec::new() };
    paging::page(call, "message_template_library", &items)
}

/// A message that fills in a template: `message.template` names it.
pub(super) fn filled_in(
    call: &Call<'_>,
    door: &Door,
    message: &Map<String, Value>,
) -> Result<Content, GraphError> {
    only(message, "message", &["template"])?;
    door.allow(call, Channel::Messenger, &[PERMISSION])?;
    let template = message.get("template").and_then(Value::as_object);
    let template = template.ok_or_else(|| GraphError::parameter("A UTILITY message needs a template."))?;
    only(template, "template", &["name", "language", "components"])?;
    let name = text(template, "name")?.unwrap_or_default();
    let language = match template.get("language") {
        Some(Value::Object(language)) => text(language, "code")?,
        _ => text(template, "language")?,
    };
    let now = call.state.now_seconds();
    let known = call.state.areas.messaging.templates.iter().find(|known| {
        known.page == door.id() && known.name == name && Some(known.language.as_str()) == language
    });
    match known {
        None => Err(GraphError::parameter(format!("The template {name} does not exist in this language."))),
        Some(known) if known.status(now) != "APPROVED" => {
            Err(GraphError::parameter(format!("The template {name} is not approved.")))
        }
        Some(_) => {
            let shown = json!({"type": "template", "template": template});
            Ok(Content { text: String::new(), attachments: vec![shown], keep: None })
        }
    }
}
