//! What can be told of a template message without the template.

use std::collections::BTreeSet;

use sociogram_api_core::Finding;

use super::{ParameterValue, TemplateButton, TemplateHeader, TemplateMessage, TextParameter};
use crate::whatsapp::measure;

/// The longest coupon code and one-time password.
const MAX_CODE: usize = 15;

impl TemplateMessage {
    /// What is wrong with it, without looking at the template. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.name.is_empty() || self.language.is_empty() {
            found.push(
                Finding::error(
                    "whatsapp.template.message",
                    "template.name",
                    "there is no name or no language",
                )
                .advice("name the template and its language, such as en_US"),
            );
        }
        found.extend(self.header.as_ref().and_then(check_header));
        check_body(&self.body, &mut found);
        check_buttons(&self.buttons, &mut found);
        if !self.cards.is_empty() {
            found.extend(measure::amount(
                "whatsapp.template.cards",
                "template.cards",
                self.cards.len(),
                2..=10,
            ));
        }
        for card in &self.cards {
            found.extend(check_header(&card.header));
            check_body(&card.body, &mut found);
            check_buttons(&card.buttons, &mut found);
        }
        for sections in self.product_sections() {
            let products = sections.iter().map(|section| section.product_retailer_ids.len()).sum();
            let field = "template.buttons.sections";
            found.extend(measure::amount("whatsapp.products.items", field, products, 1..=30));
        }
        if let Some((_, url)) = &self.tap_target {
            found.extend(measure::web_address(
                "whatsapp.template.tap_target",
                "template.tap_target",
                url,
                2_000,
            ));
        }
        found
    }
}

fn check_header(header: &TemplateHeader) -> Option<Finding> {
    match header {
        TemplateHeader::Text(text) => check_text("template.header", text),
        TemplateHeader::Image(source) => source.check("template.header.image"),
        TemplateHeader::Video(source) => source.check("template.header.video"),
        TemplateHeader::Gif(source) => source.check("template.header.gif"),
        TemplateHeader::Document(document) => document.source.check("template.header.document"),
        TemplateHeader::Location(place) => place.check("template.header.location"),
        TemplateHeader::Product { .. } => None,
    }
}

fn check_body(parameters: &[TextParameter], found: &mut Vec<Finding>) {
    found.extend(parameters.iter().filter_map(|parameter| check_text("template.body", parameter)));
    let named = parameters.iter().filter(|parameter| parameter.name.is_some()).count();
    let distinct: BTreeSet<_> = parameters.iter().filter_map(|parameter| parameter.name.as_ref()).collect();
    if named != 0 && (named != parameters.len() || distinct.len() != named) {
        found.push(
            Finding::error(
                "whatsapp.template.names",
                "template.body",
                "some parameters have a name and some not, or two have the same",
            )
            .advice("name all of them, each once, or none"),
        );
    }
}

fn check_text(field: &'static str, parameter: &TextParameter) -> Option<Finding> {
    let ParameterValue::Text(text) = &parameter.value else { return None };
    if text.trim().is_empty() {
        let finding = Finding::error("whatsapp.template.text", field, "a parameter is empty");
        return Some(finding.advice("give each parameter a text"));
    }
    (text.contains(['\n', '\t']) || text.contains("     ")).then(|| {
        let wrong = "a parameter holds a line break, a tab or more than 4 spaces in a row";
        Finding::warning("whatsapp.template.text", field, wrong)
            .advice("give each parameter one line of text")
    })
}

fn check_buttons(buttons: &[(u8, TemplateButton)], found: &mut Vec<Finding>) {
    let mut places = BTreeSet::new();
    for (index, button) in buttons {
        let field = format!("template.buttons[{index}]");
        if *index > 9 || !places.insert(*index) {
            found.push(
                Finding::error(
                    "whatsapp.template.button",
                    field.clone(),
                    "there is no such button, or it is filled twice",
                )
                .allowed("each place from 0 to 9 once"),
            );
        }
        found.extend(match button {
            TemplateButton::CopyCode(code) => {
                measure::characters("whatsapp.template.code", field, code, 1..=MAX_CODE)
            }
            TemplateButton::QuickReply(text) | TemplateButton::Url(text) => {
                measure::characters("whatsapp.template.button", field, text, 1..=2_000)
            }
            _ => None,
        });
    }
}
