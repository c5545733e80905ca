//! The action of each interactive kind.

use std::collections::HashSet;

use super::super::{
    super::super::{Call, answer::GraphError},
    refusal::refusal,
    shape::Shape,
};

type Checked = Result<(), GraphError>;

/// Refuses an action that does not fit the kind.
pub(super) fn check(call: &Call<'_>, kind: &str, action: &Shape<'_>) -> Checked {
    match kind {
        "button" => buttons(action),
        "list" => list(action),
        "cta_url" => cta_url(action),
        "flow" => flow(call, action),
        "location_request_message" => named(action, "send_location"),
        "request_contact_info" => named(action, "request_contact_info"),
        "call_permission_request" => named(action, "call_permission_request"),
        "voice_call" => voice_call(action),
        "address_message" => address(action),
        "product" => {
            action.only(&["catalog_id", "product_retailer_id"])?;
            action.need_text("catalog_id", 256)?;
            action.need_text("product_retailer_id", 256).map(drop)
        }
        "product_list" => product_list(action),
        _ => catalog(action),
    }
}

fn named(action: &Shape<'_>, name: &str) -> Checked {
    action.only(&["name"])?;
    action.word("name", &[name]).map(drop)
}

fn buttons(action: &Shape<'_>) -> Checked {
    action.only(&["buttons"])?;
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    for button in action.objects("buttons", &(1..=3))? {
        button.only(&["type", "reply"])?;
        button.word("type", &["reply"])?;
        let reply = button.need_object("reply")?;
        reply.only(&["id", "title"])?;
        let id = reply.need_text("id", 256)?;
        if id.trim() != id {
            return Err(reply.wrong("id", "must not start or end with a space"));
        }
        if !ids.insert(id) {
            return Err(reply.wrong("id", "is used twice"));
        }
        if !titles.insert(reply.need_text("title", 20)?) {
            return Err(reply.wrong("title", "is used twice"));
        }
    }
    Ok(())
}

/// The buttons on a card of a carousel; gives their number.
pub(super) fn quick_replies(action: &Shape<'_>) -> Result<usize, GraphError> {
    action.only(&["buttons"])?;
    let buttons = action.objects("buttons", &(1..=3))?;
    for button in &buttons {
        button.only(&["type", "quick_reply"])?;
        button.word("type", &["quick_reply"])?;
        let reply = button.need_object("quick_reply")?;
        reply.only(&["id", "title"])?;
        reply.need_text("id", 256)?;
        reply.need_text("title", 20)?;
    }
    Ok(buttons.len())
}

fn list(action: &Shape<'_>) -> Checked {
    action.only(&["button", "sections"])?;
    action.need_text("button", 20)?;
    let sections = action.objects("sections", &(1..=10))?;
    let several = sections.len() > 1;
    let mut ids = HashSet::new();
    for section in &sections {
        section.only(&["title", "rows"])?;
        if section.text("title", 24)?.is_none() && several {
            return Err(section.missing("title"));
        }
        for row in section.objects("rows", &(1..=10))? {
            row.only(&["id", "title", "description"])?;
            if !ids.insert(row.need_text("id", 200)?) {
                return Err(row.wrong("id", "is used twice"));
            }
            row.need_text("title", 24)?;
            row.text("description", 72)?;
        }
    }
    if ids.len() > 10 {
        return Err(action.wrong("sections", "must have at most 10 rows in total"));
    }
    Ok(())
}

fn cta_url(action: &Shape<'_>) -> Checked {
    action.only(&["name", "parameters"])?;
    action.word("name", &["cta_url"])?;
    let parameters = action.need_object("parameters")?;
    parameters.only(&["display_text", "url"])?;
    parameters.need_text("display_text", 20)?;
    let address = parameters.need_text("url", 2000)?;
    if url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Ok(());
    }
    Err(parameters.wrong("url", "must be an http or https address"))
}

fn flow(call: &Call<'_>, action: &Shape<'_>) -> Checked {
    action.only(&["name", "parameters"])?;
    action.word("name", &["flow"])?;
    let parameters = action.need_object("parameters")?;
    parameters.only(&[
        "flow_message_version",
        "flow_id",
        "flow_name",
        "flow_cta",
        "flow_token",
        "mode",
        "flow_action",
        "flow_action_payload",
    ])?;
    parameters.word("flow_message_version", &["3"])?;
    parameters.text("flow_token", 1000)?;
    let cta = parameters.need_text("flow_cta", 20)?;
    if cta.chars().any(|c| u32::from(c) >= 0x1F000) {
        return Err(parameters.wrong("flow_cta", "must not have emoji"));
    }
    let draft = parameters.has("mode") && parameters.word("mode", &["draft", "published"])? == "draft";
    let navigates = !parameters.has("flow_action")
        || parameters.word("flow_action", &["navigate", "data_exchange"])? == "navigate";
    match parameters.object("flow_action_payload")? {
        Some(_) if !navigates => {
            return Err(parameters.wrong("flow_action_payload", "must not be sent with data_exchange"));
        }
        Some(payload) => {
            payload.only(&["screen", "data"])?;
            payload.need_text("screen", 256)?;
        }
        None => {}
    }
    let flows = &call.state.areas.whatsapp.flows;
    let found = match (parameters.text("flow_id", 256)?, parameters.text("flow_name", 256)?) {
        (Some(id), None) => flows.get(id),
        (None, Some(name)) => flows.values().find(|flow| flow.name == name),
        _ => return Err(parameters.wrong("flow_id", "is needed, or else flow_name")),
    };
    let wanted = if draft { "DRAFT" } else { "PUBLISHED" };
    if found.is_some_and(|flow| flow.status == wanted) {
        return Ok(());
    }
    Err(refusal(131_009, "Parameter value is not valid", format!("There is no such flow in state {wanted}.")))
}

fn voice_call(action: &Shape<'_>) -> Checked {
    action.only(&["name", "parameters"])?;
    action.word("name", &["voice_call"])?;
    if let Some(parameters) = action.object("parameters")? {
        parameters.only(&["display_text", "ttl_minutes", "payload"])?;
        parameters.text("display_text", 20)?;
        parameters.text("payload", 512)?;
        if parameters.integer("ttl_minutes")?.is_some_and(|minutes| !(1..=43_200).contains(&minutes)) {
            return Err(parameters.wrong("ttl_minutes", "must be 1 to 43200"));
        }
    }
    Ok(())
}

fn address(action: &Shape<'_>) -> Checked {
    action.only(&["name", "parameters"])?;
    action.word("name", &["address_message"])?;
    let parameters = action.need_object("parameters")?;
    parameters.only(&["country", "values", "saved_addresses", "validation_errors"])?;
    parameters.word("country", &["IN", "SG"])?;
    parameters.object("values")?;
    parameters.objects("saved_addresses", &(0..=100)).map(drop)
}

fn product_list(action: &Shape<'_>) -> Checked {
    action.only(&["catalog_id", "sections"])?;
    action.need_text("catalog_id", 256)?;
    product_sections(action)
}

/// Up to ten sections with at most thirty products in total.
pub(in crate::graph::areas::whatsapp) fn product_sections(holder: &Shape<'_>) -> Checked {
    let sections = holder.objects("sections", &(1..=10))?;
    let mut items = 0_usize;
    for section in &sections {
        section.only(&["title", "product_items"])?;
        if section.text("title", 24)?.is_none() && sections.len() > 1 {
            return Err(section.missing("title"));
        }
        for item in section.objects("product_items", &(1..=30))? {
            item.only(&["product_retailer_id"])?;
            item.need_text("product_retailer_id", 256)?;
            items = items.saturating_add(1);
        }
    }
    if items > 30 {
        return Err(holder.wrong("sections", "must have at most 30 products in total"));
    }
    Ok(())
}

fn catalog(action: &Shape<'_>) -> Checked {
    action.only(&["name", "parameters"])?;
    action.word("name", &["catalog_message"])?;
    if let Some(parameters) = action.object("parameters")? {
        parameters.only(&["thumbnail_product_retailer_id"])?;
        parameters.text("thumbnail_product_retailer_id", 256)?;
    }
    Ok(())
}
