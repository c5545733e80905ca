//! Comparing a template message with the template.

use std::collections::BTreeSet;
use std::fmt::Display;

use sociogram_api_core::Finding;

use super::{TemplateButton, TemplateHeader, TemplateMessage, TextParameter};
use crate::guard::rules;
use crate::whatsapp::templates::variables;
use crate::whatsapp::templates::{
    ButtonKind, ButtonSpec, ComponentKind, HeaderFormat, ParameterFormat, Template, TemplateComponent,
    TemplateStatus,
};

impl TemplateMessage {
    /// Whether number, names and kinds of the parameters are those of the template as Meta has it (132000,
    /// 132012). Read it with [`GetTemplate`](crate::whatsapp::templates::GetTemplate) or
    /// [`ListTemplates`](crate::whatsapp::templates::ListTemplates), and keep it for a while: reading it for every
    /// message costs calls.
    pub fn check_against(&self, template: &Template) -> Vec<Finding> {
        let mut found = self.check();
        let same = |have: &Option<String>, want: &str| have.as_deref().is_none_or(|have| have == want);
        if !same(&template.name, &self.name) || !same(&template.language, &self.language) {
            let message = "this is another template or another language";
            found.push(Finding::error("whatsapp.template.message", "template.name", message));
        }
        if template.status.as_ref().is_some_and(|status| *status != TemplateStatus::Approved) {
            found.push(
                Finding::warning(
                    "whatsapp.template.status",
                    "template.name",
                    "the template was not approved when it was read",
                )
                .advice("send an approved one"),
            );
        }
        let named = template.parameter_format == Some(ParameterFormat::Named);
        let part = |kind: ComponentKind| template.components.iter().find(|part| part.kind == kind);
        compare_header(self.header.as_ref(), part(ComponentKind::Header), &mut found);
        compare_body(&self.body, part(ComponentKind::Body), named, &mut found);
        compare_buttons(&self.buttons, part(ComponentKind::Buttons), &mut found);
        let offer = part(ComponentKind::LimitedTimeOffer).and_then(|part| part.limited_time_offer.as_ref());
        let ends = offer.is_some_and(|offer| offer.has_expiration == Some(true));
        if ends != self.offer_ends.is_some() {
            found.push(differs("template.limited_time_offer", self.offer_ends.is_some(), ends));
        }
        let cards = part(ComponentKind::Carousel).map_or(&[][..], |part| &part.cards);
        if cards.len() != self.cards.len() {
            found.push(differs("template.cards", self.cards.len(), cards.len()));
        }
        for (card, spec) in self.cards.iter().zip(cards) {
            let part = |kind: ComponentKind| spec.components.iter().find(|part| part.kind == kind);
            compare_header(Some(&card.header), part(ComponentKind::Header), &mut found);
            compare_body(&card.body, part(ComponentKind::Body), named, &mut found);
            compare_buttons(&card.buttons, part(ComponentKind::Buttons), &mut found);
        }
        found
    }
}

/// A finding with both sides. Never the values of parameters: they are about a person.
fn differs(
    field: impl Into<std::borrow::Cow<'static, str>>,
    have: impl Display,
    want: impl Display,
) -> Finding {
    rules::W11.finding(field).measured(have).allowed(want)
}

fn compare_header(have: Option<&TemplateHeader>, part: Option<&TemplateComponent>, found: &mut Vec<Finding>) {
    let want = part.and_then(|part| match part.format.as_ref()? {
        HeaderFormat::Text => {
            let has_variable = !variables(part.text.as_deref().unwrap_or_default()).is_empty();
            has_variable.then_some(HeaderFormat::Text)
        }
        other => Some(other.clone()),
    });
    let kind = have.map(|header| match header {
        TemplateHeader::Text(_) => HeaderFormat::Text,
        TemplateHeader::Image(_) => HeaderFormat::Image,
        TemplateHeader::Video(_) => HeaderFormat::Video,
        TemplateHeader::Gif(_) => HeaderFormat::Gif,
        TemplateHeader::Document(_) => HeaderFormat::Document,
        TemplateHeader::Location(_) => HeaderFormat::Location,
        TemplateHeader::Product { .. } => HeaderFormat::Product,
    });
    if kind != want && !matches!(want, Some(HeaderFormat::Unknown(_))) {
        let name = |format: Option<HeaderFormat>| {
            format.map_or_else(|| "none".to_owned(), |format| format.to_string())
        };
        found.push(differs("template.header", name(kind), name(want)));
    }
}

fn compare_body(
    have: &[TextParameter],
    part: Option<&TemplateComponent>,
    named: bool,
    found: &mut Vec<Finding>,
) {
    let want = variables(part.and_then(|part| part.text.as_deref()).unwrap_or_default());
    if have.len() != want.len() {
        found.push(differs("template.body", have.len(), want.len()));
        return;
    }
    let given: BTreeSet<&str> = have.iter().filter_map(|parameter| parameter.name.as_deref()).collect();
    if named && given != want.iter().copied().collect() {
        found.push(differs("template.body", "other names", want.join(", ")));
    }
    if !named && !given.is_empty() {
        found.push(differs("template.body", "names", "parameters in order, without names"));
    }
}

fn compare_buttons(
    have: &[(u8, TemplateButton)],
    part: Option<&TemplateComponent>,
    found: &mut Vec<Finding>,
) {
    let specs = part.map_or(&[][..], |part| &part.buttons);
    for (index, button) in have {
        let fits = specs.get(usize::from(*index)).is_some_and(|spec| takes(spec, button));
        if !fits {
            let want = specs.get(usize::from(*index)).map_or("no button", |spec| spec.kind.as_str());
            found.push(differs(format!("template.buttons[{index}]"), button.kind(), want));
        }
    }
    for (at, spec) in specs.iter().enumerate() {
        let filled = have.iter().any(|(index, _)| usize::from(*index) == at);
        if needs(spec) && !filled {
            found.push(differs(format!("template.buttons[{at}]"), "no parameter", spec.kind.as_str()));
        }
    }
}

fn has_variable(spec: &ButtonSpec) -> bool {
    !variables(spec.url.as_deref().unwrap_or_default()).is_empty()
}

/// Whether this button takes such a parameter.
fn takes(spec: &ButtonSpec, button: &TemplateButton) -> bool {
    match (&spec.kind, button) {
        (ButtonKind::Url, TemplateButton::Url(_)) => has_variable(spec),
        (ButtonKind::Otp, TemplateButton::Url(_))
        | (ButtonKind::QuickReply, TemplateButton::QuickReply(_))
        | (ButtonKind::CopyCode, TemplateButton::CopyCode(_))
        | (ButtonKind::Flow, TemplateButton::Flow { .. })
        | (ButtonKind::Catalog, TemplateButton::Catalog(_))
        | (ButtonKind::Mpm, TemplateButton::Products { .. })
        | (ButtonKind::VoiceCall, TemplateButton::VoiceCall(_))
        | (ButtonKind::OrderDetails, TemplateButton::OrderDetails(_))
        // What this version does not know is Meta's to judge.
        | (ButtonKind::Unknown(_), _) => true,
        _ => false,
    }
}

/// Whether this button cannot be sent without a parameter.
fn needs(spec: &ButtonSpec) -> bool {
    match spec.kind {
        ButtonKind::Url => has_variable(spec),
        ButtonKind::Otp | ButtonKind::CopyCode | ButtonKind::Mpm | ButtonKind::OrderDetails => true,
        _ => false,
    }
}
