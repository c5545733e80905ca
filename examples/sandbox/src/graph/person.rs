//! `/me`, `/me/permissions` and `/me/accounts`.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields, object, paging,
};
use crate::{
    request::PlatformName,
    state::{Decision, Decisions},
    token::Kind,
};

/// Fields of a person the sandbox knows.
const FIELDS: [&str; 6] = ["id", "name", "first_name", "last_name", "email", "client_business_id"];

pub(crate) fn profile(call: &Call<'_>, caller: &Caller) -> Outcome {
    let claims = caller.user()?;
    let world = &call.shared.config.world;
    let mut person = Map::new();
    person.insert("id".to_owned(), json!(claims.person));
    if claims.kind == Kind::MetaSystemUser {
        person.insert("name".to_owned(), json!(world.business.system_user_name));
        person.insert("client_business_id".to_owned(), json!(world.business.id));
        return fields::select(call, "User", &person, &FIELDS, &["name", "id"]);
    }
    let hidden = || GraphError::unsupported(&call.request.method, &claims.person);
    let user = world.facebook_user(&claims.person).ok_or_else(hidden)?;
    let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    person.insert("name".to_owned(), json!(user.name));
    person.insert("first_name".to_owned(), json!(first));
    person.insert("last_name".to_owned(), json!(last));
    if granted(call, claims, "email") {
        person.insert("email".to_owned(), json!(user.email));
    }
    fields::select(call, "User", &person, &FIELDS, &["name", "id"])
}

/// What is known of a person's decisions; before any dialog in this process, what the token says.
fn decisions(call: &Call<'_>, caller: &Caller, id: &str) -> Decisions {
    if let Some(known) = call.state.permissions.get(id) {
        return known.clone();
    }
    match caller {
        Caller::User(claims) | Caller::Page { claims, .. } => {
            claims.scope_list().map(|scope| (scope.to_owned(), Decision::Granted)).collect()
        }
        Caller::App => Decisions::new(),
    }
}

pub(crate) fn permissions(call: &Call<'_>, caller: &Caller, id: &str) -> Outcome {
    if matches!(caller, Caller::Page { .. }) {
        caller.user()?;
    }
    let wanted = call.params.text("permission")?;
    let wanted_status = call.params.text("status")?.map(Value::String);
    let list: Vec<Value> = decisions(call, caller, id)
        .iter()
        .map(|(permission, decision)| (permission, json!(decision)))
        .filter(|(permission, _)| wanted.as_ref().is_none_or(|wanted| wanted == *permission))
        .filter(|(_, status)| wanted_status.as_ref().is_none_or(|wanted| wanted == status))
        .map(|(permission, status)| json!({"permission": permission, "status": status}))
        .collect();
    Ok(json!({"data": list}))
}

/// Takes one permission back, or removes the app for this person altogether.
pub(crate) fn remove_permission(
    call: &mut Call<'_>,
    caller: &Caller,
    id: &str,
    one: Option<&str>,
) -> Outcome {
    if matches!(caller, Caller::Page { .. }) {
        caller.user()?;
    }
    call.params.only(&["permission"])?;
    let mut known = decisions(call, caller, id);
    let Some(one) = one else {
        call.state.remove_app(PlatformName::Meta, id);
        if call.shared.config.world.has_pages(id) {
            call.state.subscriptions.clear();
        }
        return Ok(json!({"success": true}));
    };
    let Some(entry) = known.get_mut(one) else {
        return Err(GraphError::parameter(format!("The permission {one} was never granted.")));
    };
    *entry = Decision::Declined;
    call.state.permissions.insert(id.to_owned(), known);
    Ok(json!({"success": true}))
}

/// The Pages of the person, with a token for those where their task is strong enough.
pub(crate) fn accounts(call: &Call<'_>, caller: &Caller) -> Outcome {
    let claims = caller.user()?;
    // `tasks` belongs to this edge; the Page object itself has no such field.
    let known: Vec<&str> = object::PAGE_FIELDS.iter().copied().chain(["tasks"]).collect();
    let mut pages = Vec::new();
    // Without the permission the list is empty: the platform does not say why.
    if granted(call, claims, "pages_show_list") && call.shared.config.world.has_pages(&claims.person) {
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
