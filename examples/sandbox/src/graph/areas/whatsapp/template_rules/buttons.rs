//! The buttons of a template.

use super::{
    super::{
        super::super::{Call, answer::GraphError},
        refusal::template as refuse,
        shape::Shape,
    },
    Checked, OTHER, TOO_LONG, kind, variables,
};

pub(super) fn check(call: &Call<'_>, shape: &Shape<'_>, authentication: bool) -> Checked {
    shape.only(&["type", "buttons"])?;
    let buttons = shape.objects("buttons", &(1..=10))?;
    let kinds: Vec<String> = buttons.iter().map(kind).collect::<Result<_, _>>()?;
    if authentication {
        if kinds != ["OTP"] {
            return Err(refuse(OTHER, "An authentication template has exactly one OTP button."));
        }
    } else if kinds.iter().any(|kind| kind == "OTP") {
        return Err(refuse(OTHER, "OTP buttons are for authentication templates."));
    }
    let count = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    for (kind, most) in [("URL", 2), ("PHONE_NUMBER", 1), ("COPY_CODE", 1), ("FLOW", 1), ("VOICE_CALL", 1)] {
        if count(kind) > most {
            return Err(refuse(OTHER, format!("There are at most {most} buttons of type {kind}.")));
        }
    }
    let borders = kinds.windows(2).filter(|pair| {
        let replies = pair.iter().filter(|kind| *kind == "QUICK_REPLY").count();
        replies == 1
    });
    if borders.count() > 1 {
        return Err(refuse(OTHER, "Quick replies stand together."));
    }
    buttons.iter().zip(&kinds).try_for_each(|(button, kind)| one(call, button, kind))
}

fn one(call: &Call<'_>, button: &Shape<'_>, kind: &str) -> Checked {
    match kind {
        "QUICK_REPLY" | "CATALOG" | "MPM" | "SPM" | "VOICE_CALL" | "ORDER_DETAILS" => {
            button.only(&["type", "text", "ttl_minutes"])?;
            label(button)
        }
        "URL" => {
            button.only(&["type", "text", "url", "example"])?;
            label(button)?;
            url(button)
        }
        "PHONE_NUMBER" => {
            button.only(&["type", "text", "phone_number"])?;
            label(button)?;
            button.need_text("phone_number", 20).map(drop)
        }
        "COPY_CODE" => {
            button.only(&["type", "text", "example"])?;
            let example = match button.get("example").and_then(serde_json::Value::as_array) {
                Some(list) => list.first().and_then(serde_json::Value::as_str),
                None => button.any_text("example", usize::MAX)?,
            };
            match example {
                Some(code) if (1..=15).contains(&code.chars().count()) => Ok(()),
                _ => Err(refuse(OTHER, "A copy code button needs an example of at most 15 characters.")),
            }
        }
        "FLOW" => {
            button.only(&[
                "type",
                "text",
                "flow_id",
                "flow_name",
                "flow_json",
                "flow_action",
                "navigate_screen",
                "icon",
            ])?;
            label(button)?;
            let flows = &call.state.areas.whatsapp.flows;
            let found = match (button.text("flow_id", 256)?, button.text("flow_name", 256)?) {
                (Some(id), None) => flows.contains_key(id),
                (None, Some(name)) => flows.values().any(|flow| flow.name == name),
                (None, None) => button.has("flow_json"),
                _ => false,
            };
            if found { Ok(()) } else { Err(refuse(OTHER, "The flow of the button does not exist.")) }
        }
        "OTP" => otp(button),
        _ => Err(button.wrong("type", "is no button")),
    }
}

fn otp(button: &Shape<'_>) -> Checked {
    button.only(&[
        "type",
        "otp_type",
        "text",
        "autofill_text",
        "zero_tap_terms_accepted",
        "supported_apps",
        "package_name",
        "signature_hash",
    ])?;
    button.text("text", 25)?;
    let kind = button.need_text("otp_type", 20)?.to_ascii_uppercase();
    match kind.as_str() {
        "COPY_CODE" => return Ok(()),
        "ONE_TAP" => {}
        "ZERO_TAP" if button.boolean("zero_tap_terms_accepted")? == Some(true) => {}
        "ZERO_TAP" => return Err(refuse(OTHER, "Zero-tap needs zero_tap_terms_accepted.")),
        _ => return Err(button.wrong("otp_type", "must be one of {COPY_CODE, ONE_TAP, ZERO_TAP}")),
    }
    for app in button.objects("supported_apps", &(1..=5))? {
        app.only(&["package_name", "signature_hash"])?;
        app.need_text("package_name", 224)?;
        if app.need_text("signature_hash", 11)?.len() != 11 {
            return Err(app.wrong("signature_hash", "must have 11 characters"));
        }
    }
    Ok(())
}

fn label(button: &Shape<'_>) -> Checked {
    let text = button.need_text("text", usize::MAX)?;
    if text.chars().count() > 25 {
        return Err(refuse(TOO_LONG, "The text of a button is longer than 25 characters."));
    }
    Ok(())
}

/// An address with at most one variable, at its end, and an example when there is one.
fn url(button: &Shape<'_>) -> Result<(), GraphError> {
    let url = button.need_text("url", 2000)?;
    let found = variables(url).ok_or_else(|| refuse(OTHER, "The variable of the address is malformed."))?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(refuse(OTHER, "The address of a button starts with https://."));
    }
    match found.as_slice() {
        [] => Ok(()),
        [_] if !url.ends_with("}}") => Err(refuse(OTHER, "The variable stands at the end of the address.")),
        [_] if button.has("example") => Ok(()),
        [_] => Err(refuse(OTHER, "The variable of the address needs an example.")),
        _ => Err(refuse(OTHER, "An address has at most one variable.")),
    }
}
