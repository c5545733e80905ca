//! `/{page}/subscribed_apps`.

use serde_json::json;

use super::{Call, Outcome, answer::GraphError, caller::Caller};

/// Webhook fields of a Page and the permission each one needs besides `pages_manage_metadata`.
const FIELDS: [(&str, Option<&str>); 22] = [
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
    ("standby", Some("pages_messaging")),
];

pub(crate) fn list(call: &Call<'_>, caller: &Caller, page: &str) -> Outcome {
    caller.page(call, page, &["pages_manage_metadata"])?;
    let meta = &call.shared.config.meta;
    let data = match call.state.subscriptions.get(page) {
        Some(fields) => json!([{"id": meta.id, "name": meta.name, "subscribed_fields": fields}]),
        None => json!([]),
    };
    Ok(json!({"data": data}))
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
