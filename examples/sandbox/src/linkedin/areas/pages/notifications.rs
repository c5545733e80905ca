//! `/rest/organizationalEntityNotifications`: what members did on an organization's posts (LinkedIn: Organization Social
//! Action Notifications).

use axum::response::Response;
use serde_json::Value;

use super::{
    super::super::{
        answer::ApiError,
        api::{Call, collection, expect_method},
        calendar::{DAY, moments},
    },
    directory,
};
use crate::state::State;

/// How long notifications can be read, in milliseconds.
const RETENTION: i64 = 60 * DAY;
const ACTIONS: [&str; 7] =
    ["LIKE", "COMMENT", "SHARE", "SHARE_MENTION", "ADMIN_COMMENT", "COMMENT_EDIT", "COMMENT_DELETE"];

/// Something happened on a post of an organization.
pub(crate) fn happened(state: &mut State, notification: Value) {
    state.linkedin.pages.notifications.push(notification);
}

/// `q=criteria`, newest first.
pub(super) fn find(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "finder")?;
    if call.query.required("q")? != "criteria" {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    call.query.only(&["q", "actions", "organizationalEntity", "timeRange", "start", "count"])?;
    let organization = call.query.required("organizationalEntity")?;
    let actions = call.query.texts("actions")?;
    if actions.iter().flatten().any(|action| !ACTIONS.contains(&action.as_str())) {
        return Err(ApiError::illegal_argument("Parameter 'actions' is invalid"));
    }
    let range = match call.query.element("timeRange")? {
        Some(element) => {
            moments(&element).ok_or_else(|| ApiError::illegal_argument("Parameter 'timeRange' is invalid"))?
        }
        None => (None, None),
    };
    if !call.claims.has_scope("rw_organization_admin") || !directory::administers(call, &organization) {
        let finder = "FINDER-criteria";
        return Err(ApiError::denied("organizationalEntityNotifications", finder, Some(&call.version)));
    }
    let oldest = call.state.now().saturating_sub(RETENTION);
    let fits = |notification: &&Value| {
        let time = notification.get("lastModifiedAt").and_then(Value::as_i64).unwrap_or_default();
        let text = |name: &str| notification.get(name).and_then(Value::as_str).unwrap_or_default();
        text("organizationalEntity") == organization
            && actions.as_ref().is_none_or(|list| list.iter().any(|action| action == text("action")))
            && time >= oldest
            && range.0.is_none_or(|start| time >= start)
            && range.1.is_none_or(|end| time < end)
    };
    let elements: Vec<Value> =
        call.state.linkedin.pages.notifications.iter().rev().filter(fits).cloned().collect();
    collection(call, &elements)
}
