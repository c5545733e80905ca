//! Interactive messages: buttons, lists, products, flows, carousels.

mod action;
mod orders;

pub(super) use self::action::product_sections;
use serde_json::Value;

use super::{
    super::super::{Call, answer::GraphError},
    content,
    shape::Shape,
};

const FOOTER: usize = 60;
const HEADER: usize = 60;
const BODY: usize = 1024;
/// A list says more than the others.
const LIST_BODY: usize = 4096;

/// What each kind has beside its action.
struct Kind {
    name: &'static str,
    /// Which headers it takes; empty when none.
    headers: &'static [&'static str],
    header_needed: bool,
    body_needed: bool,
    footer: bool,
}

const MEDIA_OR_TEXT: &[&str] = &["text", "image", "video", "document", "gif"];

const fn kind(name: &'static str, headers: &'static [&'static str], body_needed: bool, footer: bool) -> Kind {
    Kind { name, headers, header_needed: false, body_needed, footer }
}

const KINDS: [Kind; 15] = [
    kind("button", MEDIA_OR_TEXT, true, true),
    kind("list", &["text"], true, true),
    kind("cta_url", MEDIA_OR_TEXT, true, true),
    kind("flow", MEDIA_OR_TEXT, true, true),
    kind("location_request_message", &[], true, false),
    kind("request_contact_info", &[], true, false),
    kind("call_permission_request", &[], false, false),
    kind("voice_call", &[], true, false),
    kind("address_message", &["text"], true, true),
    kind("product", &[], false, true),
    Kind { name: "product_list", headers: &["text"], header_needed: true, body_needed: true, footer: true },
    kind("catalog_message", &[], true, true),
    kind("carousel", &[], true, false),
    kind("order_details", &["image"], true, true),
    kind("order_status", &[], true, true),
];

/// Refuses an interactive message that breaks a rule of its kind.
pub(super) fn check(call: &Call<'_>, value: &Value) -> Result<(), GraphError> {
    let shape = Shape::strict(value, "interactive")?;
    shape.only(&["type", "header", "body", "footer", "action"])?;
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let name = shape.word("type", &names)?;
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else { return Ok(()) };
    header(call, &shape, kind.headers, kind.header_needed)?;
    let most = if name == "list" { LIST_BODY } else { BODY };
    match shape.object("body")? {
        Some(body) => {
            body.only(&["text"])?;
            body.need_text("text", most)?;
        }
        None if kind.body_needed => return Err(shape.missing("body")),
        None => {}
    }
    if let Some(footer) = shape.object("footer")? {
        if !kind.footer {
            return Err(shape.wrong("footer", "does not exist on this type"));
        }
        footer.only(&["text"])?;
        footer.need_text("text", FOOTER)?;
    }
    let action = shape.need_object("action")?;
    match name {
        "carousel" => carousel(call, &action),
        "order_details" | "order_status" => orders::check(name, &action),
        _ => action::check(call, name, &action),
    }
}

fn header(call: &Call<'_>, shape: &Shape<'_>, kinds: &[&str], needed: bool) -> Result<(), GraphError> {
    let Some(header) = shape.object("header")? else {
        return if needed { Err(shape.missing("header")) } else { Ok(()) };
    };
    if kinds.is_empty() {
        return Err(shape.wrong("header", "does not exist on this type"));
    }
    let kind = header.word("type", kinds)?;
    header.only(&["type", kind])?;
    if kind == "text" {
        header.need_text("text", HEADER)?;
        return Ok(());
    }
    let media = header.need_object(kind)?;
    media.only(if kind == "document" { &["id", "link", "filename"] } else { &["id", "link"] })?;
    content::media(call, if kind == "gif" { "video" } else { kind }, &media)
}

/// Two to ten cards with the same number of the same buttons. Cards with reply buttons are `cta_url` too, as Meta's
/// documentation has it, or name no type.
fn carousel(call: &Call<'_>, action: &Shape<'_>) -> Result<(), GraphError> {
    action.only(&["cards"])?;
    let mut layouts = Vec::new();
    for (index, card) in action.objects("cards", &(2..=10))?.iter().enumerate() {
        card.only(&["card_index", "type", "header", "body", "action"])?;
        if card.integer("card_index")?.and_then(|found| usize::try_from(found).ok()) != Some(index) {
            return Err(card.wrong("card_index", "must count from 0 without a gap"));
        }
        let inner = card.need_object("action")?;
        let replies = inner.has("buttons");
        let kind = if replies && !card.has("type") {
            "cta_url"
        } else {
            card.word("type", &["cta_url", "product"])?
        };
        header(call, card, &["image", "video"], kind != "product")?;
        if let Some(body) = card.object("body")? {
            body.only(&["text"])?;
            body.need_text("text", 160)?;
        }
        let buttons = if replies { action::quick_replies(&inner)? } else { 0 };
        if !replies {
            action::check(call, kind, &inner)?;
        }
        layouts.push((kind, buttons));
    }
    let first = layouts.first().copied();
    if layouts.iter().all(|layout| Some(*layout) == first) {
        return Ok(());
    }
    Err(action.wrong("cards", "must all have the same buttons"))
}
