//! The limits of interactive messages.

use std::collections::BTreeSet;

use sociogram_api_core::Finding;

use super::action::{InteractiveAction, List, ReplyButton, VoiceCall};
use super::carousel::{CardAction, CardHeader, CarouselCard};
use super::flow::{FlowAction, FlowStart};
use super::{Interactive, InteractiveHeader, ProductSection};
use crate::guard::rules;
use crate::whatsapp::measure::{amount, at_most, characters, count, filled, web_address};

/// The longest text of a button.
const BUTTON: usize = 20;
/// The longest body, except a list's.
const BODY: usize = 1_024;

impl Interactive {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let mut found = self.check_texts();
        match &self.action {
            InteractiveAction::Buttons(buttons) => {
                found.extend(check_buttons("interactive.action.buttons", buttons));
            }
            InteractiveAction::List(list) => check_list(list, &mut found),
            InteractiveAction::CtaUrl { display_text, url } => found.extend(check_link(display_text, url)),
            InteractiveAction::Flow(flow) => check_flow(flow, &mut found),
            InteractiveAction::VoiceCall(call) => check_call(call, &mut found),
            InteractiveAction::ProductList { sections, .. } => check_products(sections, &mut found),
            InteractiveAction::Carousel(cards) => check_cards(cards, &mut found),
            InteractiveAction::OrderDetails(order) => {
                let field = "interactive.action.parameters.reference_id";
                found.extend(characters("whatsapp.order.reference", field, &order.reference_id, 1..=35));
            }
            InteractiveAction::OrderStatus(status) => {
                let field = "interactive.action.parameters.order.description";
                let text = status.description.as_deref().unwrap_or_default();
                found.extend(characters("whatsapp.order.description", field, text, 0..=120));
            }
            _ => {}
        }
        found
    }

    fn check_texts(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let body = self.body.as_deref().unwrap_or_default();
        found.extend(match &self.action {
            InteractiveAction::List(_) => {
                filled(&rules::W9_BODY, "interactive.body", body, rules::W9_MAX_BODY_CHARS)
            }
            InteractiveAction::Product { .. } | InteractiveAction::CallPermissionRequest => {
                characters("whatsapp.interactive.body", "interactive.body", body, 0..=BODY)
            }
            InteractiveAction::Buttons(_) => {
                filled(&rules::W8_BODY, "interactive.body", body, rules::W8_MAX_BODY_CHARS)
            }
            _ => characters("whatsapp.interactive.body", "interactive.body", body, 1..=BODY),
        });
        if let Some(footer) = &self.footer {
            found.extend(at_most(
                &rules::W10_FOOTER,
                "interactive.footer",
                footer,
                rules::W10_MAX_FOOTER_CHARS,
            ));
        }
        found.extend(self.header.as_ref().and_then(check_header));
        let text_header = matches!(self.header, Some(InteractiveHeader::Text { .. }));
        let wrong = match self.action {
            InteractiveAction::List(_) => {
                (self.header.is_some() && !text_header).then_some("a list has text above it")
            }
            InteractiveAction::ProductList { .. } => {
                (!text_header).then_some("a list of products needs text above it")
            }
            InteractiveAction::Product { .. }
            | InteractiveAction::Catalog { .. }
            | InteractiveAction::Carousel(_) => self.header.is_some().then_some("nothing can stand above it"),
            _ => None,
        };
        found.extend(wrong.map(|wrong| {
            Finding::error("whatsapp.interactive.header", "interactive.header", wrong)
                .advice("change the header or leave it out")
        }));
        found
    }
}

fn check_header(header: &InteractiveHeader) -> Option<Finding> {
    match header {
        InteractiveHeader::Text { text } => {
            at_most(&rules::W10, "interactive.header.text", text, rules::W10_MAX_HEADER_CHARS)
        }
        InteractiveHeader::Image { image } => image.check("interactive.header.image"),
        InteractiveHeader::Video { video } => video.check("interactive.header.video"),
        InteractiveHeader::Document { document } => document.source.check("interactive.header.document"),
        InteractiveHeader::Gif { gif } => gif.check("interactive.header.gif"),
    }
}

fn check_buttons(field: &str, buttons: &[ReplyButton]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    found.extend(count(&rules::W8, field.to_owned(), buttons.len(), 1..=rules::W8_MAX_BUTTONS));
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (at, button) in buttons.iter().enumerate() {
        let (id, title) = (format!("{field}[{at}].id"), format!("{field}[{at}].title"));
        if button.id.trim() != button.id {
            let finding = rules::W8_ID.finding(id.clone()).measured("a space at an end");
            found.push(finding.advice("take the spaces away"));
        }
        if !ids.insert(&button.id) {
            found.push(rules::W8_ID.finding(id.clone()).measured("twice").allowed("each id once"));
        }
        if !titles.insert(&button.title) {
            found.push(rules::W8_TITLE.finding(title.clone()).measured("twice").allowed("each title once"));
        }
        found.extend(filled(&rules::W8_ID, id, &button.id, rules::W8_MAX_ID_CHARS));
        found.extend(filled(&rules::W8_TITLE, title, &button.title, rules::W8_MAX_TITLE_CHARS));
    }
    found
}

fn check_list(list: &List, found: &mut Vec<Finding>) {
    let field = "interactive.action.button";
    found.extend(filled(&rules::W9_LABEL, field, &list.button, rules::W9_MAX_LABEL_CHARS));
    let rows = list.sections.iter().map(|section| section.rows.len()).sum();
    found.extend(count(&rules::W9, "interactive.action.sections", rows, 1..=rules::W9_MAX_ROWS));
    let mut ids = BTreeSet::new();
    for (at, section) in list.sections.iter().enumerate() {
        let field = format!("interactive.action.sections[{at}]");
        if section.rows.is_empty() {
            found.push(rules::W9.finding(field.clone()).measured("a section without rows"));
        }
        let title = section.title.as_deref().unwrap_or_default();
        found.extend(if list.sections.len() > 1 {
            filled(&rules::W9_TITLE, format!("{field}.title"), title, rules::W9_MAX_TITLE_CHARS)
        } else {
            at_most(&rules::W9_TITLE, format!("{field}.title"), title, rules::W9_MAX_TITLE_CHARS)
        });
        for (at, row) in section.rows.iter().enumerate() {
            let field = format!("{field}.rows[{at}]");
            if !ids.insert(&row.id) {
                let finding = rules::W9_ID.finding(format!("{field}.id"));
                found.push(finding.measured("twice").allowed("each id once"));
            }
            found.extend(filled(&rules::W9_ID, format!("{field}.id"), &row.id, rules::W9_MAX_ID_CHARS));
            found.extend(filled(
                &rules::W9_TITLE,
                format!("{field}.title"),
                &row.title,
                rules::W9_MAX_TITLE_CHARS,
            ));
            let more = row.description.as_deref().unwrap_or_default();
            let field = format!("{field}.description");
            found.extend(at_most(&rules::W9_DESCRIPTION, field, more, rules::W9_MAX_DESCRIPTION_CHARS));
        }
    }
}

fn check_link(text: &str, url: &str) -> impl Iterator<Item = Finding> {
    let text_field = "interactive.action.parameters.display_text";
    let text = characters("whatsapp.interactive.button", text_field, text, 1..=BUTTON);
    let url = web_address("whatsapp.interactive.url", "interactive.action.parameters.url", url, 2_000);
    text.into_iter().chain(url)
}

fn check_flow(flow: &FlowAction, found: &mut Vec<Finding>) {
    let field = "interactive.action.parameters.flow_cta";
    found.extend(characters("whatsapp.flow.button", field, &flow.flow_cta, 1..=BUTTON));
    let empty = |start: &FlowStart| match start {
        FlowStart::Navigate { screen, data } => {
            screen.is_empty() || data.as_ref().is_some_and(serde_json::Map::is_empty)
        }
        FlowStart::DataExchange => false,
    };
    if flow.start.as_ref().is_some_and(empty) {
        let field = "interactive.action.parameters.flow_action_payload";
        found.push(
            Finding::error(
                "whatsapp.flow.start",
                field,
                "there is no screen, or data without anything in them",
            )
            .advice("name the screen, and leave empty data out"),
        );
    }
}

fn check_call(call: &VoiceCall, found: &mut Vec<Finding>) {
    let text = call.display_text.as_deref().unwrap_or_default();
    let field = "interactive.action.parameters.display_text";
    found.extend(characters("whatsapp.interactive.button", field, text, 0..=BUTTON));
    if let Some(minutes) = call.ttl_minutes.filter(|minutes| !(1..=43_200).contains(minutes)) {
        let field = "interactive.action.parameters.ttl_minutes";
        found.push(
            Finding::error("whatsapp.call.ttl", field, "the button works for too short or too long a time")
                .measured(format_args!("{minutes} minutes"))
                .allowed("1 to 43200 minutes"),
        );
    }
}

fn check_products(sections: &[ProductSection], found: &mut Vec<Finding>) {
    let field = "interactive.action.sections";
    found.extend(amount("whatsapp.products.sections", field, sections.len(), 1..=10));
    let products = sections.iter().map(|section| section.product_retailer_ids.len()).sum();
    found.extend(amount("whatsapp.products.items", field, products, 1..=30));
    for (at, section) in sections.iter().enumerate() {
        let least = usize::from(sections.len() > 1);
        let title = section.title.as_deref().unwrap_or_default();
        let field = format!("{field}[{at}].title");
        found.extend(characters("whatsapp.products.title", field, title, least..=24));
    }
}

fn check_cards(cards: &[CarouselCard], found: &mut Vec<Finding>) {
    found.extend(amount("whatsapp.carousel.cards", "interactive.action.cards", cards.len(), 2..=10));
    let kind = |card: &CarouselCard| std::mem::discriminant(&card.action);
    if cards.iter().any(|card| cards.first().is_some_and(|first| kind(first) != kind(card))) {
        let field = "interactive.action.cards";
        let finding =
            Finding::error("whatsapp.carousel.kinds", field, "the cards have different kinds of buttons");
        found.push(finding.advice("give all cards the same kind"));
    }
    for (at, card) in cards.iter().enumerate() {
        let field = format!("interactive.action.cards[{at}]");
        let body = card.body.as_deref().unwrap_or_default();
        found.extend(characters("whatsapp.carousel.body", format!("{field}.body"), body, 0..=160));
        found.extend(match &card.header {
            Some(CardHeader::Image { image }) => image.check("interactive.action.cards.header.image"),
            Some(CardHeader::Video { video }) => video.check("interactive.action.cards.header.video"),
            None => None,
        });
        match &card.action {
            CardAction::CtaUrl { display_text, url } => found.extend(check_link(display_text, url)),
            CardAction::Buttons(buttons) => {
                found.extend(check_buttons(&format!("{field}.action.buttons"), buttons));
            }
            CardAction::Product { .. } => {}
        }
    }
}
