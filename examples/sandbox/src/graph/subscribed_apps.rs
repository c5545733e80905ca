//! `/{page}/subscribed_apps`.

use serde_json::{Map, json};

use super::{Call, Outcome, answer::GraphError, caller::Caller, fields, paging};

/// Webhook fields of a Page and the permission each one needs besides `pages_manage_metadata`.
const FIELDS: [(&str, Option<&str>); 30] = [
    ("feed", None),
    ("mention", None),
    ("ratings", None),
    ("videos", None),
    ("live_videos", None),
    ("name", None),
    ("category", None),
    ("follow", None),
    ("leadgen", Some("leads_retrieval")),
    ("leadgen_update", Some("leads_retrieval")),
    ("conversations", Some("pages_messaging")),
    ("messages", Some("pages_messaging")),
    ("message_echoes", Some("pages_messaging")),
    ("message_edits", Some("pages_messaging")),
    ("message_reactions", Some("pages_messaging")),
    ("message_reads", Some("pages_messaging")),
    ("message_deliveries", Some("pages_messaging")),
    ("messaging_postbacks", Some("pages_messaging")),
    ("messaging_optins", Some("pages_messaging")),
    ("messaging_referrals", Some("pages_messaging")),
    ("messaging_handovers", Some("pages_messaging")),
    ("messaging_account_linking", Some("pages_messaging")),
    ("messaging_feedback", Some("pages_messaging")),
    ("messaging_policy_enforcement", Some("pages_messaging")),
    ("message_context", Some("pages_messaging")),
    ("message_template_status_update", Some("pages_messaging")),
    ("calls", Some("pages_messaging")),
    ("inbox_labels", Some("pages_messaging")),
    ("business_integrity", None),
    ("standby", Some("pages_messaging")),
];

/// Fields of an app that is listed.
const APP_FIELDS: [&str; 5] = ["id", "name", "link", "category", "subscribed_fields"];

pub(crate) fn list(call: &Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_manage_metadata"])?;
    call.params.only(&["limit", "after", "before"])?;
    let meta = &call.shared.config.meta;
    let mut app = Map::new();
    let mut rows = Vec::new();
    if let Some(subscribed) = call.state.subscriptions.get(page) {
        app.insert("id".to_owned(), json!(meta.id));
        app.insert("name".to_owned(), json!(meta.name));
        app.insert("link".to_owned(), json!("https://example.com/"));
        app.insert("category".to_owned(), json!("Business"));
        app.insert("subscribed_fields".to_owned(), json!(subscribed));
        let default = ["id", "name", "link", "subscribed_fields"];
        rows.push(fields::select(call, "Application", &app, &APP_FIELDS, &default)?);
    }
    paging::page(call, &format!("{page}/subscribed_apps"), &rows)
}

/// Replaces the whole list of fields.
pub(crate) fn subscribe(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_manage_metadata"])?;
    call.params.only(&["subscribed_fields"])?;
    let mut fields = call.params.list("subscribed_fields")?.unwrap_or_default();
    if fields.is_empty() {
        return Err(GraphError::parameter("The parameter subscribed_fields is required."));
    }
    for field in &fields {
        let Some((_, permission)) = FIELDS.iter().find(|(name, _)| name == field) else {
            let message = format!("Param subscribed_fields must be one of the known fields - got {field}");
            return Err(GraphError::parameter(message));
        };
        if let Some(permission) = permission
            && caller.page(call, page, &[permission]).is_err()
        {
            return Err(GraphError::permission(format!(
                "To subscribe to the {field} field, one of these permissions is needed: {permission}."
            )));
        }
    }
    fields.sort();
    fields.dedup();
    call.state.subscriptions.insert(page.to_owned(), fields);
    Ok(json!({"success": true}))
}

pub(crate) fn unsubscribe(call: &mut Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_manage_metadata"])?;
    call.params.only(&[])?;
    call.state.subscriptions.remove(page);
    Ok(json!({"success": true}))
}
