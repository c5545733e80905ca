//! The buttons of a template message.

use serde_json::Value;

use super::{
    super::{
        super::super::answer::GraphError, interactive::product_sections, shape::Shape,
        template_rules::variables,
    },
    Checked, count, format, spec,
};

/// Every button that has a variable gets its value; no button gets what it has no place for.
pub(super) fn check(components: &[Value], pressed: &[&Shape<'_>], code: Option<&str>) -> Checked {
    let specs = spec(components, "BUTTONS").and_then(|part| part.get("buttons")).and_then(Value::as_array);
    let specs = specs.map(Vec::as_slice).unwrap_or_default();
    let mut filled = Vec::new();
    for part in pressed {
        part.only(&["type", "sub_type", "index", "parameters"])?;
        let index = part.integer("index")?.ok_or_else(|| part.missing("index"))?;
        let found = usize::try_from(index).ok().and_then(|index| Some((index, specs.get(index)?)));
        let Some((index, spec)) = found else {
            return Err(format(format!("button: the template has no button {index}")));
        };
        if filled.contains(&index) {
            return Err(format(format!("button: {index} is there twice")));
        }
        filled.push(index);
        one(part, spec, code)?;
    }
    let open = specs.iter().enumerate().find(|(index, spec)| !filled.contains(index) && needs_value(spec));
    match open {
        Some((index, _)) => Err(count(format!("button: {index} needs a parameter"))),
        None => Ok(()),
    }
}

fn kind(spec: &Value) -> &str {
    spec.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn has_variable(spec: &Value) -> bool {
    let url = spec.get("url").and_then(Value::as_str).unwrap_or_default();
    variables(url).is_some_and(|found| !found.is_empty())
}

fn needs_value(spec: &Value) -> bool {
    match kind(spec) {
        "URL" => has_variable(spec),
        "COPY_CODE" | "OTP" | "MPM" => true,
        _ => false,
    }
}

fn one(part: &Shape<'_>, spec: &Value, code: Option<&str>) -> Checked {
    let sub_type = part.need_text("sub_type", 40)?.to_ascii_lowercase();
    let expected = match kind(spec) {
        "OTP" => "url".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    if sub_type != expected {
        return Err(format(format!("button: expected {expected}, received {sub_type}")));
    }
    let parameters = part.objects("parameters", &(0..=5))?;
    let (parameter, wanted) = match expected.as_str() {
        "quick_reply" => (Some("payload"), 0..=1),
        "url" if kind(spec) == "OTP" || has_variable(spec) => (Some("text"), 1..=1),
        "copy_code" => (Some("coupon_code"), 1..=1),
        "mpm" => (Some("action"), 1..=1),
        "catalog" | "flow" | "order_details" => (Some("action"), 0..=1),
        "voice_call" => (Some("payload"), 0..=2),
        _ => (None, 0..=0),
    };
    if !wanted.contains(&parameters.len()) {
        let most = wanted.end();
        return Err(count(format!("button: {} parameters, expected {most}", parameters.len())));
    }
    let Some(name) = parameter else { return Ok(()) };
    parameters.iter().try_for_each(|parameter| value(parameter, name, &expected, code))
}

fn value(parameter: &Shape<'_>, name: &str, button: &str, code: Option<&str>) -> Checked {
    let found = parameter.need_text("type", 40)?.to_ascii_lowercase();
    let fits = found == name || (button == "voice_call" && found == "ttl_minutes");
    if !fits {
        return Err(format(format!("button: expected {name}, received {found}")));
    }
    parameter.only(&["type", found.as_str()])?;
    match name {
        "text" => {
            let text = parameter.need_text("text", 2000)?;
            if code.is_some_and(|code| code != text) {
                return Err(format("button: the code differs from that of the body"));
            }
            Ok(())
        }
        "coupon_code" => parameter.need_text("coupon_code", 15).map(drop),
        "action" => action(&parameter.need_object("action")?, button),
        _ if found == "payload" => parameter.need_text("payload", 256).map(drop),
        _ => parameter.integer("ttl_minutes").map(drop),
    }
}

fn action(action: &Shape<'_>, button: &str) -> Result<(), GraphError> {
    match button {
        "mpm" => {
            action.only(&["thumbnail_product_retailer_id", "sections"])?;
            action.need_text("thumbnail_product_retailer_id", 256)?;
            product_sections(action)
        }
        "catalog" => {
            action.only(&["thumbnail_product_retailer_id"])?;
            action.text("thumbnail_product_retailer_id", 256).map(drop)
        }
        "flow" => {
            action.only(&["flow_token", "flow_action_data"])?;
            action.text("flow_token", 1000)?;
            action.object("flow_action_data").map(drop)
        }
        _ => Ok(()),
    }
}
