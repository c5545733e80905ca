//! What a template may hold when it is made or changed.

mod buttons;

use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::super::{Call, answer::GraphError},
    refusal::template as refuse,
    shape::Shape,
};

const TOO_LONG: i64 = 2_388_040;
const HEADER: i64 = 2_388_047;
const BODY: i64 = 2_388_072;
const FOOTER: i64 = 2_388_073;
const RATIO: i64 = 2_388_293;
const EDGE: i64 = 2_388_299;
const OTHER: i64 = 2_388_039;

type Checked = Result<(), GraphError>;

pub(super) fn name(name: &str) -> Checked {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=512).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(GraphError::parameter("Param name must be 1 to 512 lower-case letters, digits and underscores."))
}

pub(super) fn category(category: &str) -> Checked {
    if ["AUTHENTICATION", "MARKETING", "UTILITY"].contains(&category) {
        return Ok(());
    }
    Err(GraphError::parameter("Param category must be one of {UTILITY, MARKETING, AUTHENTICATION}."))
}

/// `en` or `en_US`.
pub(super) fn language(language: &str) -> Checked {
    let (first, second) = language.split_once('_').unwrap_or((language, "US"));
    let first_is = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    if first_is && (2..=3).contains(&second.len()) && second.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(GraphError::parameter("Param language must be the code of a language, such as en_US."))
}

/// How long Meta tries to deliver: -1 is 30 days.
pub(super) fn life(category: &str, seconds: i64) -> Checked {
    let allowed = match category {
        "AUTHENTICATION" => 30..=900,
        "UTILITY" => 30..=43_200,
        _ => 43_200..=2_592_000,
    };
    if seconds == -1 && category != "MARKETING" || allowed.contains(&seconds) {
        return Ok(());
    }
    Err(GraphError::parameter(format!("Param message_send_ttl_seconds is out of range for {category}.")))
}

pub(super) fn is_named(call: &Call<'_>, before: bool) -> Result<bool, GraphError> {
    match call.params.text("parameter_format")?.map(|text| text.to_ascii_uppercase()).as_deref() {
        None => Ok(before),
        Some("NAMED") => Ok(true),
        Some("POSITIONAL") => Ok(false),
        Some(_) => Err(GraphError::parameter("Param parameter_format must be one of {POSITIONAL, NAMED}.")),
    }
}

/// The components, once all of them are in order.
pub(super) fn components(
    call: &Call<'_>,
    category: &str,
    named: bool,
    components: &Value,
) -> Result<Vec<Value>, GraphError> {
    let list =
        components.as_array().ok_or_else(|| GraphError::parameter("Param components must be an array."))?;
    let mut seen = HashSet::new();
    for (index, component) in list.iter().enumerate() {
        let shape = Shape::plain(component, &format!("components[{index}]"))?;
        let kind = kind(&shape)?;
        one(call, &shape, &kind, category, named)?;
        if !seen.insert(kind) {
            return Err(shape.wrong("type", "is there twice"));
        }
    }
    if !seen.contains("BODY") {
        return Err(refuse(BODY, "A template needs a body."));
    }
    let foreign = |kind: &String| !["BODY", "FOOTER", "BUTTONS"].contains(&kind.as_str());
    if category == "AUTHENTICATION" && (!seen.contains("BUTTONS") || seen.iter().any(foreign)) {
        return Err(refuse(OTHER, "An authentication template has a body, an OTP button, maybe a footer."));
    }
    if seen.contains("CAROUSEL") && seen.len() > 2 {
        return Err(refuse(OTHER, "A carousel has a body beside it and nothing else."));
    }
    Ok(list.iter().map(upper).collect())
}

fn kind(shape: &Shape<'_>) -> Result<String, GraphError> {
    Ok(shape.need_text("type", 40)?.to_ascii_uppercase())
}

/// Stored the way Meta answers them: kinds and formats in capitals.
fn upper(component: &Value) -> Value {
    let mut component = component.clone();
    for name in ["type", "format"] {
        if let Some(slot) = component.get_mut(name)
            && let Some(text) = slot.as_str().map(str::to_ascii_uppercase)
        {
            *slot = Value::String(text);
        }
    }
    for name in ["buttons", "cards", "components"] {
        if let Some(list) = component.get_mut(name).and_then(Value::as_array_mut) {
            for entry in list {
                *entry = upper(entry);
            }
        }
    }
    component
}

fn one(call: &Call<'_>, shape: &Shape<'_>, kind: &str, category: &str, named: bool) -> Checked {
    let authentication = category == "AUTHENTICATION";
    match kind {
        "HEADER" => header(shape, named),
        "BODY" if authentication => {
            shape.only(&["type", "add_security_recommendation"])?;
            shape.boolean("add_security_recommendation").map(drop)
        }
        "BODY" => body(shape, named, 1024),
        "FOOTER" if authentication => {
            shape.only(&["type", "code_expiration_minutes"])?;
            match shape.integer("code_expiration_minutes")? {
                Some(1..=90) => Ok(()),
                _ => Err(shape.wrong("code_expiration_minutes", "must be 1 to 90")),
            }
        }
        "FOOTER" => {
            shape.only(&["type", "text"])?;
            let text = text_of(shape, FOOTER, 60)?;
            if variables(text).is_none_or(|found| !found.is_empty()) {
                return Err(refuse(FOOTER, "A footer has no variables."));
            }
            Ok(())
        }
        "BUTTONS" => buttons::check(call, shape, authentication),
        "LIMITED_TIME_OFFER" if category == "MARKETING" => {
            shape.only(&["type", "limited_time_offer"])?;
            let offer = shape.need_object("limited_time_offer")?;
            offer.only(&["text", "has_expiration"])?;
            offer.boolean("has_expiration")?;
            offer.need_text("text", 16).map(drop)
        }
        "CAROUSEL" if category == "MARKETING" => carousel(call, shape),
        _ => Err(shape.wrong("type", "is no component of this category")),
    }
}

fn text_of<'v>(shape: &Shape<'v>, wrong: i64, most: usize) -> Result<&'v str, GraphError> {
    let text = shape.any_text("text", usize::MAX)?.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| refuse(wrong, "The text is missing."))?;
    if text.chars().count() > most {
        return Err(refuse(TOO_LONG, format!("The text is longer than {most} characters.")));
    }
    Ok(text)
}

fn header(shape: &Shape<'_>, named: bool) -> Checked {
    shape.only(&["type", "format", "text", "example"])?;
    let format = shape.need_text("format", 20)?.to_ascii_uppercase();
    let example = shape.object("example")?;
    match format.as_str() {
        "TEXT" => {
            let text = text_of(shape, HEADER, 60)?;
            let found = variables(text).ok_or_else(|| refuse(HEADER, "A variable is malformed."))?;
            if found.len() > 1 {
                return Err(refuse(HEADER, "A header has at most one variable."));
            }
            examples(example.as_ref(), "header_text", &found, named, HEADER)
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
            let handles = example.map(|example| {
                example.only(&["header_handle"])?;
                example.texts("header_handle", &(1..=1))
            });
            match handles.transpose()? {
                Some(handles) if handles.iter().all(|handle| !handle.is_empty()) => Ok(()),
                _ => Err(refuse(HEADER, "A media header needs example['header_handle'].")),
            }
        }
        "LOCATION" | "PRODUCT" => shape.only(&["type", "format"]),
        _ => Err(refuse(HEADER, "The format of the header does not exist.")),
    }
}

fn body(shape: &Shape<'_>, named: bool, most: usize) -> Checked {
    shape.only(&["type", "text", "example"])?;
    let text = text_of(shape, BODY, most)?;
    let found = variables(text).ok_or_else(|| refuse(BODY, "A variable is malformed."))?;
    let trimmed = text.trim();
    if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
        return Err(refuse(EDGE, "A variable stands at the start or the end."));
    }
    let words = trimmed.split_whitespace().filter(|word| !word.contains("{{")).count();
    if !found.is_empty() && words <= found.len() {
        return Err(refuse(RATIO, "There are too many variables for the length of the text."));
    }
    examples(shape.object("example")?.as_ref(), "body_text", &found, named, BODY)
}

/// Every variable has an example and fits the format; those with figures count from 1.
fn examples(example: Option<&Shape<'_>>, member: &str, found: &[&str], named: bool, wrong: i64) -> Checked {
    if found.is_empty() {
        return Ok(());
    }
    let example = example.ok_or_else(|| refuse(wrong, "Variables need an example."))?;
    let counted = found.iter().enumerate().all(|(index, name)| *name == index.saturating_add(1).to_string());
    if named {
        let snake = |name: &&str| {
            !name.starts_with(|c: char| c.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        let wanted: HashSet<&str> = found.iter().copied().collect();
        let params = example.objects(&format!("{member}_named_params"), &(wanted.len()..=wanted.len()))?;
        for param in &params {
            param.only(&["param_name", "example"])?;
            param.need_text("example", 1024)?;
            if !wanted.contains(param.need_text("param_name", 100)?) {
                return Err(refuse(wrong, "An example names no variable of the text."));
            }
        }
        return if found.iter().all(snake) { Ok(()) } else { Err(refuse(wrong, "Variables have names.")) };
    }
    if !counted {
        return Err(refuse(wrong, "Variables count from 1 without a gap."));
    }
    let rows = example.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let row = match rows.first() {
        Some(Value::Array(row)) => row.as_slice(),
        _ => rows,
    };
    if row.len() == found.len() && row.iter().all(Value::is_string) {
        return Ok(());
    }
    Err(refuse(wrong, "The examples are not as many as the variables."))
}

fn carousel(call: &Call<'_>, shape: &Shape<'_>) -> Checked {
    shape.only(&["type", "cards"])?;
    let mut layouts = HashSet::new();
    for card in shape.objects("cards", &(2..=10))? {
        card.only(&["components"])?;
        let mut layout = Vec::new();
        for part in card.objects("components", &(1..=3))? {
            let kind = kind(&part)?;
            match kind.as_str() {
                "HEADER" => {
                    header(&part, false)?;
                    layout.push(part.need_text("format", 20)?.to_ascii_uppercase());
                }
                "BODY" => body(&part, false, 160)?,
                "BUTTONS" => {
                    buttons::check(call, &part, false)?;
                    for button in part.objects("buttons", &(1..=2))? {
                        layout.push(self::kind(&button)?);
                    }
                }
                _ => return Err(part.wrong("type", "is no component of a card")),
            }
            layout.push(kind);
        }
        layouts.insert(layout);
    }
    if layouts.len() == 1 {
        return Ok(());
    }
    Err(refuse(OTHER, "All cards of a carousel have the same layout."))
}

/// The names between double braces, in order; `None` when the braces do not match.
pub(super) fn variables(text: &str) -> Option<Vec<&str>> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some((before, after)) = rest.split_once("{{") {
        if before.contains("}}") {
            return None;
        }
        let (name, after) = after.split_once("}}")?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        found.push(name);
        rest = after;
    }
    (!rest.contains("}}")).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_stand_between_double_braces() {
        let cases: [(&str, Option<&[&str]>); 6] = [
            ("Hi {{1}}, it is {{2}}.", Some(&["1", "2"])),
            ("Hi {{first_name}}!", Some(&["first_name"])),
            ("Hi", Some(&[])),
            ("Hi {{1}", None),
            ("Hi }}1{{", None),
            ("Hi {{ 1 }}", None),
        ];
        for (text, expected) in cases {
            assert_eq!(variables(text).as_deref(), expected, "{text}");
        }
    }
}
