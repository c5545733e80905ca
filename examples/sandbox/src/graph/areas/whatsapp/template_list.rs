//! The templates of the account: list, make, delete.

use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    json_only, new_id,
    refusal::template as refuse,
    success, template_rules,
    templates::{DEFAULT_FIELDS, FIELDS, Template},
};

/// Most templates of an account whose business is not verified.
const MOST: usize = 250;
/// How long the name of a deleted template is blocked, in seconds.
const NAME_BLOCKED: i64 = 30 * 86_400;
/// An account of the same business whose templates can be migrated.
pub(super) const OTHER_ACCOUNT: &str = "400500600700802";

/// `GET /{waba}/message_templates`
pub(super) fn list(call: &mut Call<'_>, account: &str) -> Outcome {
    let now = call.state.now_seconds();
    for template in &mut call.state.areas.whatsapp.templates {
        template.polls = template.polls.saturating_add(1);
    }
    let text = |name: &str| call.params.text(name);
    let (name, content, either) = (text("name")?, text("content")?, text("name_or_content")?);
    let (since, until) = (call.params.integer("since")?, call.params.integer("until")?);
    let category = words(call, "category")?;
    let language = words(call, "language")?;
    let status = words(call, "status")?;
    let quality = words(call, "quality_score")?;
    let holds = |template: &Template, wanted: &str| {
        template
            .components
            .iter()
            .any(|part| part.get("text").and_then(Value::as_str).is_some_and(|text| text.contains(wanted)))
    };
    let among = |list: &Option<Vec<String>>, value: &str| {
        list.as_ref().is_none_or(|list| list.iter().any(|one| one == value))
    };
    let found = call.state.areas.whatsapp.templates.iter().filter(|one| {
        name.as_ref().is_none_or(|wanted| one.name.contains(wanted.as_str()))
            && content.as_ref().is_none_or(|wanted| holds(one, wanted))
            && either.as_ref().is_none_or(|wanted| one.name.contains(wanted.as_str()) || holds(one, wanted))
            && among(&category, &one.category)
            && among(&language, &one.language)
            && among(&status, one.status(now))
            && among(&quality, "UNKNOWN")
            && since.is_none_or(|since| one.submitted >= since)
            && until.is_none_or(|until| one.submitted <= until)
    });
    let items: Vec<Value> = found
        .map(|one| fields::select(call, "MessageTemplate", &one.node(now), &FIELDS, &DEFAULT_FIELDS))
        .collect::<Result<_, _>>()?;
    let mut page = paging::page(call, &format!("{account}/message_templates"), &items)?;
    if call.params.value("summary").is_some()
        && let Some(page) = page.as_object_mut()
    {
        let count = call.state.areas.whatsapp.templates.len();
        let summary = json!({"total_count": items.len(), "message_template_count": count,
            "message_template_limit": MOST, "are_translations_complete": false});
        page.insert("summary".to_owned(), summary);
    }
    Ok(page)
}

fn words(call: &Call<'_>, name: &str) -> Result<Option<Vec<String>>, GraphError> {
    Ok(call.params.list(name)?.filter(|list| !list.is_empty()))
}

/// `POST /{waba}/message_templates`
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.params.only(&[
        "name",
        "category",
        "language",
        "components",
        "parameter_format",
        "message_send_ttl_seconds",
        "allow_category_change",
        "library_template_name",
        "library_template_button_inputs",
        "library_template_body_inputs",
        "library_template_body_param_inputs",
        "cta_url_link_tracking_opted_out",
        "sub_category",
        "display_format",
        "send_type",
        "degrees_of_freedom_spec",
        "creative_sourcing_spec",
        "is_primary_device_delivery_only",
        "optimization_spec",
        "product_set_id",
        "source_template_id",
    ])?;
    let name = call.params.required("name")?;
    let category = call.params.required("category")?;
    let language = call.params.required("language")?;
    template_rules::name(&name)?;
    template_rules::category(&category)?;
    let named = template_rules::is_named(call, false)?;
    let life = call.params.integer("message_send_ttl_seconds")?;
    if let Some(life) = life {
        template_rules::life(&category, life)?;
    }
    let components = match call.params.structure("components")? {
        Some(components) => template_rules::components(call, &category, named, &components)?,
        None if call.params.value("library_template_name").is_some() => {
            vec![json!({"type": "BODY", "text": "A text of Meta's library of templates."})]
        }
        None => return Err(GraphError::parameter("The parameter components is required.")),
    };
    let made = Template { name, language, category, components, named, life, ..Template::default() };
    let id = insert(call, made)?;
    let category = call.params.required("category")?;
    Ok(json!({"id": id, "status": "PENDING", "category": category}))
}

fn insert(call: &mut Call<'_>, template: Template) -> Result<String, GraphError> {
    template_rules::language(&template.language)?;
    let now = call.state.now_seconds();
    let held = &call.state.areas.whatsapp;
    let same = |one: &Template| one.name == template.name && one.language == template.language;
    if held.templates.iter().any(same) {
        return Err(refuse(2_388_024, "There is content in this language already."));
    }
    if held.blocked_names.iter().any(|(name, until)| *name == template.name && *until > now) {
        return Err(refuse(2_388_023, "A template of this name was deleted less than 30 days ago."));
    }
    if held.templates.len() >= MOST {
        return Err(refuse(2_388_019, "The account has as many templates as it may have."));
    }
    let id = new_id(call);
    let made = Template { id: id.clone(), submitted: now, ..template };
    call.state.areas.whatsapp.templates.push(made);
    Ok(id)
}

/// `DELETE /{waba}/message_templates`: by name (all languages), by name and id, or many by id.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["name", "hsm_id", "hsm_ids"])?;
    let now = call.state.now_seconds();
    let name = call.params.text("name")?;
    let one = call.params.text("hsm_id")?;
    let ids = match (call.params.list("hsm_ids")?, &one) {
        (Some(_), _) if name.is_some() || one.is_some() => {
            return Err(GraphError::parameter("Send either hsm_ids or a name."));
        }
        (Some(ids), _) if !(1..=100).contains(&ids.len()) => {
            return Err(GraphError::parameter("Param hsm_ids must have 1 to 100 entries."));
        }
        (ids, _) => ids,
    };
    if ids.is_none() && name.is_none() {
        return Err(GraphError::parameter("The parameter name is required."));
    }
    let goes = |template: &Template| match &ids {
        Some(ids) => ids.contains(&template.id),
        None => name.as_ref() == Some(&template.name) && one.as_ref().is_none_or(|id| *id == template.id),
    };
    let held = &mut call.state.areas.whatsapp;
    let gone: Vec<Template> = held.templates.iter().filter(|one| goes(one)).cloned().collect();
    if ids.as_ref().map_or(gone.is_empty(), |ids| ids.len() != gone.len()) {
        return Err(refuse(2_593_002, "There is no such template."));
    }
    held.templates.retain(|one| !goes(one));
    for template in gone.iter().filter(|one| one.status(now) == "APPROVED") {
        held.blocked_names.push((template.name.clone(), now.saturating_add(NAME_BLOCKED)));
    }
    Ok(success())
}

/// `POST /{waba}/upsert_message_templates`: authentication templates in many languages.
pub(super) fn upsert(call: &mut Call<'_>) -> Outcome {
    json_only(call)?;
    call.params.only(&["name", "category", "languages", "components", "message_send_ttl_seconds"])?;
    let name = call.params.required("name")?;
    template_rules::name(&name)?;
    if call.params.required("category")? != "AUTHENTICATION" {
        return Err(GraphError::parameter("Param category must be AUTHENTICATION."));
    }
    let languages = call.params.list("languages")?.filter(|list| !list.is_empty());
    let languages = languages.ok_or_else(|| GraphError::parameter("The parameter languages is required."))?;
    let components = call.params.structure("components")?.unwrap_or_default();
    let components = template_rules::components(call, "AUTHENTICATION", false, &components)?;
    let life = call.params.integer("message_send_ttl_seconds")?;
    if let Some(life) = life {
        template_rules::life("AUTHENTICATION", life)?;
    }
    let now = call.state.now_seconds();
    let mut data = Vec::new();
    for language in languages {
        template_rules::language(&language)?;
        let held = &mut call.state.areas.whatsapp;
        let same = |one: &&mut Template| one.name == name && one.language == language;
        let id = if let Some(known) = held.templates.iter_mut().find(same) {
            (known.components, known.submitted, known.polls) = (components.clone(), now, 0);
            known.id.clone()
        } else {
            let (name, language, components) = (name.clone(), language.clone(), components.clone());
            let category = "AUTHENTICATION".to_owned();
            insert(call, Template { name, language, category, components, life, ..Template::default() })?
        };
        data.push(json!({"id": id, "status": "PENDING", "language": language}));
    }
    Ok(json!({ "data": data }))
}

/// `POST /{waba}/migrate_message_templates`: from the other account of the business.
pub(super) fn migrate(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["source_waba_id", "page_number", "count", "template_ids"])?;
    let source = call.params.required("source_waba_id")?;
    if source != OTHER_ACCOUNT {
        return Err(GraphError::unsupported(&Method::POST, &source));
    }
    if call.params.integer("count")?.is_some_and(|count| !(1..=500).contains(&count)) {
        return Err(GraphError::parameter("Param count must be 1 to 500."));
    }
    if call.params.integer("page_number")?.is_some_and(|page| page < 0) {
        return Err(GraphError::parameter("Param page_number must not be negative."));
    }
    let moved = Template {
        name: "moved_greeting".to_owned(),
        language: "en_US".to_owned(),
        category: "UTILITY".to_owned(),
        components: vec![json!({"type": "BODY", "text": "Nice to see you again."})],
        ..Template::default()
    };
    let (migrated, failed) = match insert(call, moved) {
        Ok(id) => (vec![id], json!({})),
        Err(_) => (Vec::new(), json!({"1380000000000002": "There is a template of this name already."})),
    };
    Ok(json!({"migrated_templates": migrated, "failed_templates": failed}))
}
