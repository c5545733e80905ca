//! Fields of a Page that tell whether leads may be read: `has_lead_access` and the terms.

use serde_json::{Map, Value, json};

use super::super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields, object,
};
use crate::clock::graph_time;

const OURS: [&str; 3] = ["has_lead_access", "leadgen_tos_accepted", "leadgen_tos_acceptance_time"];

/// Whether one of these fields is asked for.
pub(super) fn is_asked(call: &Call<'_>) -> bool {
    let asked = call.params.text("fields").ok().flatten().unwrap_or_default();
    fields::names(&asked).unwrap_or_default().iter().any(|name| OURS.contains(name))
}

pub(super) fn read(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let call = &*call;
    let world = &call.shared.config.world;
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let page = world.pages.iter().find(|page| page.id == id).ok_or_else(hidden)?;
    let claims = match caller {
        Caller::User(claims)
            if world.has_pages(&claims.person) && granted(call, claims, "pages_show_list") =>
        {
            claims
        }
        Caller::Page { page, claims } if page == id => claims,
        _ => return Err(hidden()),
    };
    let asked = call.params.text("fields")?.unwrap_or_default();
    let mut all = object::page_fields(call, page, claims);
    all.insert("leadgen_tos_accepted".to_owned(), json!(true));
    all.insert("leadgen_tos_acceptance_time".to_owned(), json!(graph_time(1_767_225_600)));
    if fields::names(&asked).unwrap_or_default().contains(&"has_lead_access") {
        let user = modifier(&asked, "user_id")
            .ok_or_else(|| GraphError::parameter("The field has_lead_access needs user_id(…)."))?;
        let app = modifier(&asked, "app_id").unwrap_or(&call.shared.config.meta.id);
        let right_app = app == call.shared.config.meta.id && granted(call, claims, "leads_retrieval");
        let right_user = world.has_pages(user) && page.gives_token();
        all.insert("has_lead_access".to_owned(), Value::Object(access(id, user, right_app, right_user)));
    }
    let known: Vec<&str> = object::PAGE_FIELDS.into_iter().chain(OURS).collect();
    fields::select(call, "Page", &all, &known, &["name", "id"])
}

fn access(page: &str, user: &str, right_app: bool, right_user: bool) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("can_access_lead", json!(right_app && right_user));
    put("app_has_leads_permission", json!(right_app));
    put("user_has_leads_permission", json!(right_user));
    put("enabled_lead_access_manager", json!(false));
    put("is_page_admin", json!(right_user));
    put("page_id", json!(page));
    put("user_id", json!(user));
    let failure = match (right_app, right_user) {
        (true, true) => None,
        (false, _) => Some(("The app lacks leads_retrieval.", "Grant leads_retrieval to the app.")),
        (true, false) => Some(("The user has no role on the Page.", "Assign the user to the Page.")),
    };
    if let Some((reason, resolution)) = failure {
        put("failure_reason", json!(reason));
        put("failure_resolution", json!(resolution));
    }
    out
}

/// The text in the brackets of `.name(…)`.
fn modifier<'t>(asked: &'t str, name: &str) -> Option<&'t str> {
    let rest = asked.split("has_lead_access").nth(1)?;
    let value = rest.split(&format!(".{name}(")).nth(1)?.split(')').next()?;
    Some(value).filter(|value| !value.is_empty())
}
