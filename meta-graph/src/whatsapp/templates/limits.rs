//! The limits of a template's parts, and its variables.

use sociogram_api_core::Finding;

use super::component::{ButtonKind, ButtonSpec, ComponentKind, TemplateComponent};
use crate::guard::rules;
use crate::whatsapp::measure::{amount, at_most, characters, count, filled, web_address};

/// The variables of a text in order, each once: `1`, `2` or `first_name`.
pub(in crate::whatsapp) fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else { break };
        let name = name.trim();
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            if !found.contains(&name) {
                found.push(name);
            }
            rest = tail;
        } else {
            rest = after;
        }
    }
    found
}

/// The name of a template.
pub(super) fn check_name(name: &str) -> Option<Finding> {
    let fits = (1..=rules::W12_MAX_NAME_CHARS).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (!fits).then(|| rules::W12.finding("name").measured(format_args!("{} characters", name.chars().count())))
}

/// The parts of a template. `card`: whether they are the parts of a card.
pub(super) fn check_components(components: &[TemplateComponent], card: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for component in components {
        let text = component.text.as_deref().unwrap_or_default();
        match &component.kind {
            ComponentKind::Header => check_header(component, text, &mut found),
            ComponentKind::Body if component.add_security_recommendation.is_some() => {}
            ComponentKind::Body if card => {
                found.extend(characters(
                    "whatsapp.template.card_body",
                    "components.cards.body",
                    text,
                    1..=160,
                ));
            }
            ComponentKind::Body => check_body(component, text, &mut found),
            ComponentKind::Footer => check_footer(component, text, &mut found),
            ComponentKind::Buttons => check_buttons(&component.buttons, &mut found),
            ComponentKind::Carousel => check_cards(component, &mut found),
            ComponentKind::LimitedTimeOffer => {
                let text = component.limited_time_offer.as_ref().and_then(|offer| offer.text.as_deref());
                let field = "components.limited_time_offer.text";
                found.extend(characters("whatsapp.template.offer", field, text.unwrap_or_default(), 1..=16));
            }
            ComponentKind::Unknown(_) => {}
        }
    }
    found
}

fn check_header(header: &TemplateComponent, text: &str, found: &mut Vec<Finding>) {
    found.extend(at_most(&rules::W12_HEADER, "components.header.text", text, rules::W12_MAX_HEADER_CHARS));
    found.extend(amount(
        "whatsapp.template.header_variables",
        "components.header.text",
        variables(text).len(),
        0..=1,
    ));
    let handles = header.example.iter().flat_map(|example| example.header_handle.preview_urls());
    if handles.into_iter().any(|handle| handle.starts_with("http")) {
        let field = "components.header.example.header_handle";
        found.push(
            Finding::error(
                "whatsapp.template.example",
                field,
                "an example is a handle of an upload and no link",
            )
            .advice("upload the example with the Resumable Upload API and pass its handle"),
        );
    }
}

fn check_body(body: &TemplateComponent, text: &str, found: &mut Vec<Finding>) {
    found.extend(filled(&rules::W12_BODY, "components.body.text", text, rules::W12_MAX_BODY_CHARS));
    let variables = variables(text);
    if variables.is_empty() {
        return;
    }
    let text = text.trim();
    if text.starts_with("{{") || text.ends_with("}}") {
        let message = "a variable stands at the start or the end";
        let finding = Finding::error("whatsapp.template.variables", "components.body.text", message);
        found.push(finding.advice("put words before and after it"));
    }
    let numbers: Vec<usize> = variables.iter().filter_map(|name| name.parse().ok()).collect();
    let in_order = numbers.iter().copied().eq(1..=variables.len());
    if !numbers.is_empty() && !in_order {
        let message = "the variables are not {{1}}, {{2}} and so on in order";
        let finding = Finding::error("whatsapp.template.variables", "components.body.text", message);
        found.push(finding.advice("number them without a gap, or name all of them"));
    }
    let example = body.example.as_ref();
    let rows = example.and_then(|example| example.body_text.first()).map_or(0, Vec::len);
    let named = example.map_or(0, |example| example.body_text_named_params.len());
    if rows.max(named) != variables.len() {
        found.push(
            Finding::error(
                "whatsapp.template.examples",
                "components.body.example",
                "not one example per variable",
            )
            .measured(rows.max(named))
            .allowed(variables.len())
            .advice("give an example for each variable"),
        );
    }
}

fn check_footer(footer: &TemplateComponent, text: &str, found: &mut Vec<Finding>) {
    found.extend(at_most(&rules::W12_FOOTER, "components.footer.text", text, rules::W12_MAX_FOOTER_CHARS));
    found.extend(amount(
        "whatsapp.template.footer_variables",
        "components.footer.text",
        variables(text).len(),
        0..=0,
    ));
    if let Some(minutes) = footer.code_expiration_minutes.filter(|minutes| !(1..=90).contains(minutes)) {
        let field = "components.footer.code_expiration_minutes";
        found.push(
            Finding::error(
                "whatsapp.template.code_expiration",
                field,
                "a password is good for too short or too long",
            )
            .measured(format_args!("{minutes} minutes"))
            .allowed("1 to 90 minutes"),
        );
    }
}

fn check_buttons(buttons: &[ButtonSpec], found: &mut Vec<Finding>) {
    let field = "components.buttons";
    found.extend(count(&rules::W12_BUTTONS, field, buttons.len(), 1..=rules::W12_MAX_BUTTONS));
    let of = |kind: &ButtonKind| buttons.iter().filter(|button| button.kind == *kind).count();
    for (kind, most) in [(ButtonKind::Url, 2), (ButtonKind::PhoneNumber, 1), (ButtonKind::CopyCode, 1)] {
        found.extend(amount("whatsapp.template.button_kinds", field, of(&kind), 0..=most));
    }
    let replies: Vec<bool> = buttons.iter().map(|button| button.kind == ButtonKind::QuickReply).collect();
    let changes = replies.windows(2).filter(|pair| pair.first() != pair.last()).count();
    if changes > 1 {
        let message = "reply buttons stand between other buttons";
        let finding = Finding::error("whatsapp.template.button_order", field, message);
        found.push(finding.advice("put all reply buttons first or last"));
    }
    for (at, button) in buttons.iter().enumerate() {
        let field = format!("{field}[{at}]");
        let text = button.text.as_deref().unwrap_or_default();
        let labelled = matches!(
            button.kind,
            ButtonKind::QuickReply | ButtonKind::Url | ButtonKind::PhoneNumber | ButtonKind::Flow
        );
        found.extend(if labelled {
            filled(&rules::W12_BUTTON_TEXT, format!("{field}.text"), text, rules::W12_MAX_BUTTON_CHARS)
        } else {
            at_most(&rules::W12_BUTTON_TEXT, format!("{field}.text"), text, rules::W12_MAX_BUTTON_CHARS)
        });
        check_button(button, &field, found);
    }
}

fn check_button(button: &ButtonSpec, field: &str, found: &mut Vec<Finding>) {
    if button.kind == ButtonKind::Url {
        let url = button.url.as_deref().unwrap_or_default();
        let fixed = url.split("{{").next().unwrap_or_default();
        found.extend(web_address("whatsapp.template.url", format!("{field}.url"), fixed, 2_000));
        if variables(url).len() > 1 || (url.contains("{{") && !url.ends_with("}}")) {
            let message = "an address has at most one variable, at its end";
            found.push(Finding::error("whatsapp.template.url", format!("{field}.url"), message));
        }
    }
    if button.kind == ButtonKind::PhoneNumber {
        let number = button.phone_number.as_deref().unwrap_or_default();
        found.extend(characters("whatsapp.template.phone", format!("{field}.phone_number"), number, 1..=20));
    }
    if button.kind == ButtonKind::CopyCode {
        let code = button.example.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        found.extend(characters("whatsapp.template.code", format!("{field}.example"), code, 1..=15));
    }
}

fn check_cards(carousel: &TemplateComponent, found: &mut Vec<Finding>) {
    let field = "components.cards";
    found.extend(amount("whatsapp.template.cards", field, carousel.cards.len(), 2..=10));
    let shape = |components: &[TemplateComponent]| -> Vec<(ComponentKind, Vec<ButtonKind>)> {
        let kinds =
            |part: &TemplateComponent| part.buttons.iter().map(|button| button.kind.clone()).collect();
        components.iter().map(|part| (part.kind.clone(), kinds(part))).collect()
    };
    let first = carousel.cards.first().map(|card| shape(&card.components));
    if carousel.cards.iter().any(|card| Some(shape(&card.components)) != first) {
        let message = "the cards do not have the same parts and buttons";
        let finding = Finding::error("whatsapp.template.card_parts", field, message);
        found.push(finding.advice("give all cards the same parts in the same order"));
    }
    for card in &carousel.cards {
        found.extend(check_components(&card.components, true));
    }
}
