//! `/me`, `/me/permissions` and `/me/accounts`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields, object, paging,
};

/// Fields of a person the sandbox knows.
const FIELDS: [&str; 5] = ["id", "name", "first_name", "last_name", "email"];

pub(crate) fn profile(call: &Call<'_>, caller: &Caller) -> Outcome {
    let claims = caller.user()?;
    let user = &call.shared.config.world.user;
    let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    let mut person = Map::new();
    person.insert("id".to_owned(), json!(user.id));
    person.insert("name".to_owned(), json!(user.name));
    person.insert("first_name".to_owned(), json!(first));
    person.insert("last_name".to_owned(), json!(last));
    if granted(call, claims, "email") {
        person.insert("email".to_owned(), json!(user.email));
    }
    fields::select(call, "User", &person, &FIELDS, &["name", "id"])
}

/// What is known of the person's decisions; before any dialog in this process, what the token says.
fn decisions(call: &Call<'_>, caller: &Caller) -> BTreeMap<String, bool> {
    if let Some(known) = &call.state.permissions {
        return known.clone();
    }
    match caller {
        Caller::User(claims) | Caller::Page { claims, .. } => {
            claims.scope_list().map(|scope| (scope.to_owned(), true)).collect()
        }
        Caller::App => BTreeMap::new(),
    }
}

pub(crate) fn permissions(call: &Call<'_>, caller: &Caller) -> Outcome {
    if matches!(caller, Caller::Page { .. }) {
        caller.user()?;
    }
    let wanted = call.params.text("permission")?;
    let wanted_status = call.params.text("status")?;
    let list: Vec<Value> = decisions(call, caller)
        .iter()
        .map(|(permission, granted)| (permission, if *granted { "granted" } else { "declined" }))
        .filter(|(permission, _)| wanted.as_ref().is_none_or(|wanted| wanted == *permission))
        .filter(|(_, status)| wanted_status.as_ref().is_none_or(|wanted| wanted == status))
        .map(|(permission, status)| json!({"permission": permission, "status": status}))
        .collect();
    Ok(json!({"data": list}))
}

/// Takes one permission back, or removes the app for this person altogether.
pub(crate) fn remove_permission(call: &mut Call<'_>, caller: &Caller, one: Option<&str>) -> Outcome {
    if matches!(caller, Caller::Page { .. }) {
        caller.user()?;
    }
    call.params.only(&["permission"])?;
    let mut known = decisions(call, caller);
    let Some(one) = one else {
        call.state.app_removed_at = call.state.issue_time();
        call.state.permissions = None;
        call.state.subscriptions.clear();
        return Ok(json!({"success": true}));
    };
    let Some(entry) = known.get_mut(one) else {
        return Err(GraphError::parameter(format!("The permission {one} was never granted.")));
    };
    *entry = false;
    call.state.permissions = Some(known);
    Ok(json!({"success": true}))
}

/// The Pages of the person, with a token for those where their task is strong enough.
pub(crate) fn accounts(call: &Call<'_>, caller: &Caller) -> Outcome {
    let claims = caller.user()?;
    // `tasks` belongs to this edge; the Page object itself has no such field.
    let known: Vec<&str> = object::PAGE_FIELDS.iter().copied().chain(["tasks"]).collect();
    let mut pages = Vec::new();
    // Without the permission the list is empty: the platform does not say why.
    if granted(call, claims, "pages_show_list") {
        for page in &call.shared.config.world.pages {
            let mut fields = object::page_fields(call, page, claims);
            fields.insert("tasks".to_owned(), json!(page.tasks));
            pages.push(fields::select(
                call,
                "Page",
                &fields,
                &known,
                &["access_token", "category", "category_list", "name", "id", "tasks"],
            )?);
        }
    }
    paging::page(call, &format!("{}/accounts", claims.person), &pages)
}
