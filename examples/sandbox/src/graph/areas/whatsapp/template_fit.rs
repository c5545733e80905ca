//! A template message against its template: as many parameters, of the same types and names.

mod buttons;

use serde_json::Value;

use super::{
    super::super::{Call, answer::GraphError},
    content,
    refusal::refusal,
    shape::Shape,
    template_rules::variables,
    templates::Template,
};

type Checked = Result<(), GraphError>;

fn count(details: impl AsRef<str>) -> GraphError {
    refusal(132_000, "Number of parameters does not match the expected number of params", details)
}

fn format(details: impl AsRef<str>) -> GraphError {
    refusal(132_012, "Parameter format does not match format in the created template", details)
}

/// The category of the template, if the message fits it and it can be sent.
pub(super) fn check(call: &Call<'_>, value: &Value) -> Result<String, GraphError> {
    let shape = Shape::plain(value, "template")?;
    shape.only(&["name", "language", "components", "namespace"])?;
    let name = shape.need_text("name", 512)?;
    let language = shape.need_object("language")?;
    language.only(&["code", "policy"])?;
    let code = language.need_text("code", 10)?;
    if language.has("policy") {
        language.word("policy", &["deterministic"])?;
    }
    let template = sendable(call, name, code)?;
    let sent = shape.objects("components", &(0..=25))?;
    let mut bodies = Vec::new();
    let mut has = Vec::new();
    let mut pressed = Vec::new();
    for part in &sent {
        let kind = part.need_text("type", 40)?.to_ascii_lowercase();
        if kind == "button" {
            pressed.push(part);
            continue;
        }
        if has.contains(&kind) {
            return Err(format(format!("The component {kind} is there twice.")));
        }
        match kind.as_str() {
            "header" => header(call, spec(&template.components, "HEADER"), Some(part))?,
            "body" => bodies.push(part),
            "limited_time_offer" => offer(spec(&template.components, "LIMITED_TIME_OFFER"), Some(part))?,
            "carousel" => carousel(call, spec(&template.components, "CAROUSEL"), Some(part))?,
            "tap_target_configuration" => part.only(&["type", "parameters"])?,
            _ => return Err(part.wrong("type", "is no component")),
        }
        has.push(kind);
    }
    let lacks = |kind: &str| !has.iter().any(|known| known == kind);
    if lacks("header") {
        header(call, spec(&template.components, "HEADER"), None)?;
    }
    if lacks("limited_time_offer") {
        offer(spec(&template.components, "LIMITED_TIME_OFFER"), None)?;
    }
    if lacks("carousel") {
        carousel(call, spec(&template.components, "CAROUSEL"), None)?;
    }
    let code = body(template, spec(&template.components, "BODY"), bodies.first().copied())?;
    buttons::check(&template.components, &pressed, code.as_deref())?;
    Ok(template.category.clone())
}

fn sendable<'a>(call: &'a Call<'_>, name: &str, code: &str) -> Result<&'a Template, GraphError> {
    let now = call.state.now_seconds();
    let mut templates = call.state.areas.whatsapp.templates.iter();
    let title = "Template name does not exist in the translation";
    let missing = || refusal(132_001, title, format!("{name} does not exist in {code}, or is not approved."));
    let found = templates.find(|one| one.name == name && one.language == code).ok_or_else(missing)?;
    match found.status(now) {
        "APPROVED" => Ok(found),
        "PAUSED" => Err(refusal(132_015, "Template is Paused", "Its quality is low.")),
        "DISABLED" => Err(refusal(132_016, "Template is Disabled", "Its quality was low too often.")),
        _ => Err(missing()),
    }
}

/// The component of this type, of the template or of a card.
fn spec<'a>(components: &'a [Value], kind: &str) -> Option<&'a Value> {
    components.iter().find(|part| part.get("type").and_then(Value::as_str) == Some(kind))
}

fn text_of(spec: Option<&Value>) -> &str {
    spec.and_then(|part| part.get("text")).and_then(Value::as_str).unwrap_or_default()
}

fn parameters<'v>(part: Option<&Shape<'v>>) -> Result<Vec<Shape<'v>>, GraphError> {
    let Some(part) = part else { return Ok(Vec::new()) };
    part.only(&["type", "parameters", "sub_type", "index"])?;
    part.objects("parameters", &(0..=100))
}

fn header(call: &Call<'_>, spec: Option<&Value>, part: Option<&Shape<'_>>) -> Checked {
    let parameters = parameters(part)?;
    let kind = spec.and_then(|part| part.get("format")).and_then(Value::as_str).unwrap_or("NONE");
    let wanted = match kind {
        "NONE" => 0,
        "TEXT" => variables(text_of(spec)).unwrap_or_default().len(),
        _ => 1,
    };
    if parameters.len() != wanted {
        return Err(count(format!("header: {} parameters, expected {wanted}", parameters.len())));
    }
    let Some(parameter) = parameters.first() else { return Ok(()) };
    let expected = kind.to_ascii_lowercase();
    let found = parameter.need_text("type", 40)?.to_ascii_lowercase();
    if found != expected {
        return Err(format(format!("header: expected {expected}, received {found}")));
    }
    parameter.only(&["type", &expected, "parameter_name"])?;
    match expected.as_str() {
        "text" => parameter.need_text("text", 60).map(drop),
        "location" => content::location(&parameter.need_object("location")?),
        "product" => {
            let product = parameter.need_object("product")?;
            product.only(&["product_retailer_id", "catalog_id"])?;
            product.need_text("product_retailer_id", 256).map(drop)
        }
        media => {
            let value = parameter.need_object(media)?;
            value.only(if media == "document" { &["id", "link", "filename"] } else { &["id", "link"] })?;
            content::media(call, if media == "gif" { "video" } else { media }, &value)
        }
    }
}

/// The body; gives the code when the template is for authentication.
fn body(
    template: &Template,
    spec: Option<&Value>,
    part: Option<&Shape<'_>>,
) -> Result<Option<String>, GraphError> {
    let authentication = template.category == "AUTHENTICATION";
    let parameters = parameters(part)?;
    let names = variables(text_of(spec)).unwrap_or_default();
    let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    let wanted = if authentication { 1 } else { distinct.len() };
    if parameters.len() != wanted {
        return Err(count(format!("body: {} parameters, expected {wanted}", parameters.len())));
    }
    let mut code = None;
    let mut length = text_of(spec).chars().count();
    for parameter in &parameters {
        if authentication {
            let text = parameter.need_text("text", usize::MAX)?;
            if text.chars().count() > 15 {
                return Err(refusal(132_005, "Hydrated text too long", "A code has at most 15 characters."));
            }
            code = Some(text.to_owned());
            continue;
        }
        let name = parameter.text("parameter_name", 100)?;
        if template.named != name.is_some() {
            let wanted = if template.named { "needs" } else { "takes no" };
            return Err(format(format!("body: the template {wanted} parameter_name")));
        }
        if name.is_some_and(|name| !distinct.contains(name)) {
            return Err(format("body: a parameter_name is no variable of the template"));
        }
        length = length.saturating_add(value_of(parameter)?.chars().count());
    }
    let given: std::collections::BTreeSet<_> =
        parameters.iter().filter_map(|one| one.get("parameter_name")?.as_str()).collect();
    if template.named && given.len() != wanted {
        return Err(format("body: a parameter_name is there twice"));
    }
    if length > 1024 {
        return Err(refusal(132_005, "Hydrated text too long", "The body is longer than 1024 characters."));
    }
    Ok(code)
}

/// The text, the fallback of a currency or of a date.
fn value_of<'v>(parameter: &Shape<'v>) -> Result<&'v str, GraphError> {
    let kind = parameter.need_text("type", 40)?.to_ascii_lowercase();
    match kind.as_str() {
        "text" => {
            parameter.only(&["type", "text", "parameter_name"])?;
            let text = parameter.need_text("text", usize::MAX)?;
            if text.contains(['\n', '\t']) || text.contains("     ") {
                let details = "A value has no line breaks, tabs or more than four spaces in a row.";
                return Err(refusal(132_018, "Template parameters are not valid", details));
            }
            Ok(text)
        }
        "currency" => {
            parameter.only(&["type", "currency", "parameter_name"])?;
            let currency = parameter.need_object("currency")?;
            currency.only(&["fallback_value", "code", "amount_1000"])?;
            currency.integer("amount_1000")?.ok_or_else(|| currency.missing("amount_1000"))?;
            if currency.need_text("code", 3)?.len() != 3 {
                return Err(currency.wrong("code", "must have three letters"));
            }
            currency.need_text("fallback_value", 1024)
        }
        "date_time" => {
            parameter.only(&["type", "date_time", "parameter_name"])?;
            parameter.need_object("date_time")?.need_text("fallback_value", 1024)
        }
        other => Err(format(format!("body: {other} is no type of a parameter of the body"))),
    }
}

fn offer(spec: Option<&Value>, part: Option<&Shape<'_>>) -> Checked {
    let expires = spec.and_then(|part| part.pointer("/limited_time_offer/has_expiration"));
    let wanted = usize::from(expires == Some(&Value::Bool(true)));
    let parameters = parameters(part)?;
    if parameters.len() != wanted {
        return Err(count(format!("limited_time_offer: {} parameters, expected {wanted}", parameters.len())));
    }
    let Some(parameter) = parameters.first() else { return Ok(()) };
    parameter.only(&["type", "limited_time_offer"])?;
    parameter.word("type", &["limited_time_offer"])?;
    let offer = parameter.need_object("limited_time_offer")?;
    offer.only(&["expiration_time_ms"])?;
    let time = offer.integer("expiration_time_ms")?.ok_or_else(|| offer.missing("expiration_time_ms"))?;
    // Milliseconds: a value this small was meant in seconds.
    if time < 100_000_000_000 {
        return Err(format("limited_time_offer: expiration_time_ms is in milliseconds"));
    }
    Ok(())
}

fn carousel(call: &Call<'_>, spec: Option<&Value>, part: Option<&Shape<'_>>) -> Checked {
    let specs = spec.and_then(|part| part.get("cards")).and_then(Value::as_array);
    let specs = specs.map(Vec::as_slice).unwrap_or_default();
    let cards = match part {
        None => Vec::new(),
        Some(part) => {
            part.only(&["type", "cards"])?;
            part.objects("cards", &(0..=10))?
        }
    };
    if cards.len() != specs.len() {
        return Err(count(format!("carousel: {} cards, expected {}", cards.len(), specs.len())));
    }
    for (index, (card, wanted)) in cards.iter().zip(specs).enumerate() {
        card.only(&["card_index", "components"])?;
        if card.integer("card_index")?.and_then(|found| usize::try_from(found).ok()) != Some(index) {
            return Err(card.wrong("card_index", "must count from 0 without a gap"));
        }
        let wanted = wanted.get("components").and_then(Value::as_array);
        let wanted = wanted.map(Vec::as_slice).unwrap_or_default();
        let parts = card.objects("components", &(0..=12))?;
        let (mut head, mut text, mut pressed) = (None, None, Vec::new());
        for part in &parts {
            match part.need_text("type", 40)?.to_ascii_lowercase().as_str() {
                "header" => head = Some(part),
                "body" => text = Some(part),
                "button" => pressed.push(part),
                _ => return Err(part.wrong("type", "is no component of a card")),
            }
        }
        header(call, self::spec(wanted, "HEADER"), head)?;
        let positional = Template::default();
        body(&positional, self::spec(wanted, "BODY"), text)?;
        buttons::check(wanted, &pressed, None)?;
    }
    Ok(())
}
