//! The WhatsApp business account.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    MANAGEMENT, analytics, flows,
    inbound::Callback,
    numbers, permitted, success, template_list,
};

const FIELDS: [&str; 20] = [
    "id",
    "name",
    "currency",
    "country",
    "timezone_id",
    "status",
    "account_review_status",
    "business_verification_status",
    "ownership_type",
    "health_status",
    "message_template_namespace",
    "primary_business_location",
    "marketing_messages_onboarding_status",
    "whatsapp_business_manager_messaging_limit",
    "is_enabled_for_insights",
    "template_auto_archival_enabled",
    "disable_marketing_messages_on_cloud_api",
    "owner_business_info",
    "on_behalf_of_business_info",
    "analytics",
];
const TASKS: [&str; 12] = [
    "DEVELOP",
    "MANAGE",
    "MANAGE_EXTENSIONS",
    "MANAGE_PHONE",
    "MANAGE_PHONE_ASSETS",
    "MANAGE_TEMPLATES",
    "MESSAGING",
    "VIEW_COST",
    "VIEW_INSIGHTS",
    "VIEW_PHONE_ASSETS",
    "VIEW_TEMPLATES",
    "FULL_CONTROL",
];

/// What is set on the account.
#[derive(Debug, Default)]
pub(super) struct Account {
    name: Option<String>,
    pub(super) has_insights: bool,
    archives: bool,
    no_marketing: bool,
    /// Whether the app gets its webhooks.
    subscribed: Option<Subscribed>,
    /// People and what they may do, beside the system user.
    users: Vec<(String, Vec<String>)>,
}

/// The app gets the webhooks.
#[derive(Debug)]
struct Subscribed {
    /// Another address than the app's.
    elsewhere: Option<String>,
}

impl Account {
    /// Where the app gets the account's webhooks; `None` when it does not.
    pub(super) fn callback(&self) -> Option<Callback> {
        let elsewhere = self.subscribed.as_ref()?.elsewhere.clone();
        Some(elsewhere.map_or(Callback::OfTheApp, Callback::Elsewhere))
    }

    pub(super) fn has_no_marketing(&self) -> bool {
        self.no_marketing
    }

    fn node(&self, id: &str) -> Map<String, Value> {
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| _ = node.insert(name.to_owned(), value);
        put("id", json!(id));
        put("name", json!(self.name.as_deref().unwrap_or("Sandbox Bäckerei")));
        put("currency", json!("EUR"));
        put("country", json!("DE"));
        put("timezone_id", json!("42"));
        put("status", json!("ACTIVE"));
        put("account_review_status", json!("APPROVED"));
        put("business_verification_status", json!("not_verified"));
        put("ownership_type", json!("SELF"));
        let entities = json!([{"entity_type": "WABA", "id": id, "can_send_message": "AVAILABLE"}]);
        put("health_status", json!({"can_send_message": "AVAILABLE", "entities": entities}));
        put("message_template_namespace", json!("5b0a2f5c_8c3f_4d4e_9c53_000000000001"));
        put("primary_business_location", json!("DE"));
        put("marketing_messages_onboarding_status", json!("ONBOARDED"));
        put("whatsapp_business_manager_messaging_limit", json!("TIER_250"));
        put("is_enabled_for_insights", json!(self.has_insights));
        put("template_auto_archival_enabled", json!(self.archives));
        put("disable_marketing_messages_on_cloud_api", json!(self.no_marketing));
        node
    }
}

/// `/{waba}…`
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Outcome {
    let id = call.shared.config.world.business.whatsapp_account.clone();
    permitted(call, &id, &[MANAGEMENT])?;
    let method = call.request.method.clone();
    match (rest, method) {
        ([], Method::GET) => {
            let node = call.state.areas.whatsapp.account.node(&id);
            let default = ["id", "name", "timezone_id", "message_template_namespace"];
            fields::select(call, "WhatsAppBusinessAccount", &node, &FIELDS, &default)
        }
        ([], Method::POST) => update(call, &id),
        (["phone_numbers"], Method::GET) => numbers::list(call, &id),
        (["phone_numbers"], Method::POST) => numbers::create(call),
        (["message_templates"], Method::GET) => template_list::list(call, &id),
        (["message_templates"], Method::POST) => template_list::create(call),
        (["message_templates"], Method::DELETE) => template_list::delete(call),
        (["upsert_message_templates"], Method::POST) => template_list::upsert(call),
        (["migrate_message_templates"], Method::POST) => template_list::migrate(call),
        (["subscribed_apps"], method) => subscriptions(call, &id, &method),
        (["assigned_users"], method) => users(call, &id, &method),
        (["flows"], Method::GET) => flows::list(call, &id),
        (["flows"], Method::POST) => flows::create(call),
        (["migrate_flows"], Method::POST) => flows::migrate(call),
        (["group_analytics"], Method::GET) => analytics::of_groups(call, &id),
        (["call_analytics"], Method::GET) => analytics::of_calls(call),
        (["template_analytics"], Method::GET) => analytics::of_templates(call, &id),
        (["pricing_analytics"], Method::GET) => analytics::of_pricing(call),
        (
            []
            | [
                "phone_numbers"
                | "message_templates"
                | "upsert_message_templates"
                | "migrate_message_templates"
                | "flows"
                | "migrate_flows"
                | "group_analytics"
                | "call_analytics"
                | "template_analytics"
                | "pricing_analytics",
            ],
            method,
        ) => Err(GraphError::unsupported(&method, &id)),
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn update(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&[
        "name",
        "is_enabled_for_insights",
        "template_auto_archival_enabled",
        "disable_marketing_messages_on_cloud_api",
    ])?;
    let name = call.params.text("name")?;
    let insights = call.params.boolean("is_enabled_for_insights")?;
    let archives = call.params.boolean("template_auto_archival_enabled")?;
    let no_marketing = call.params.boolean("disable_marketing_messages_on_cloud_api")?;
    let account = &mut call.state.areas.whatsapp.account;
    if account.has_insights && insights == Some(false) {
        return Err(GraphError::parameter("Template insights cannot be switched off again."));
    }
    account.name = name.or_else(|| account.name.take());
    account.has_insights = insights.unwrap_or(account.has_insights);
    account.archives = archives.unwrap_or(account.archives);
    account.no_marketing = no_marketing.unwrap_or(account.no_marketing);
    Ok(json!({ "id": id }))
}

fn subscriptions(call: &mut Call<'_>, id: &str, method: &Method) -> Outcome {
    match *method {
        Method::GET => {
            let app = &call.shared.config.meta.id;
            let data =
                json!({"id": app, "name": "Sandbox app", "link": "https://www.facebook.com/games/?app_id=1"});
            let one = |subscribed: &Subscribed| {
                let mut entry = json!({ "whatsapp_business_api_data": data });
                if let (Some(other), Some(entry)) = (&subscribed.elsewhere, entry.as_object_mut()) {
                    entry.insert("override_callback_uri".to_owned(), json!(other));
                }
                entry
            };
            let list: Vec<Value> = call.state.areas.whatsapp.account.subscribed.iter().map(one).collect();
            Ok(json!({ "data": list }))
        }
        Method::POST => {
            call.params.only(&["override_callback_uri", "verify_token"])?;
            let other = call.params.text("override_callback_uri")?.filter(|uri| !uri.is_empty());
            if other.is_some() != call.params.text("verify_token")?.is_some() {
                return Err(GraphError::parameter(
                    "Params override_callback_uri and verify_token belong together.",
                ));
            }
            if other.as_ref().is_some_and(|uri| url::Url::parse(uri).is_err()) {
                return Err(GraphError::parameter("Param override_callback_uri must be an address."));
            }
            call.state.areas.whatsapp.account.subscribed = Some(Subscribed { elsewhere: other });
            Ok(success())
        }
        Method::DELETE => {
            call.params.only(&[])?;
            call.state.areas.whatsapp.account.subscribed = None;
            Ok(success())
        }
        _ => Err(GraphError::unsupported(method, id)),
    }
}

fn users(call: &mut Call<'_>, id: &str, method: &Method) -> Outcome {
    permitted(call, id, &["business_management"])?;
    let world = &call.shared.config.world;
    if *method == Method::GET {
        if call.params.required("business")? != world.business.id {
            return Err(GraphError::parameter("Param business is not the business of the account."));
        }
        let system = json!({"id": world.business.system_user, "name": world.business.system_user_name,
            "tasks": ["MANAGE"]});
        let others = call.state.areas.whatsapp.account.users.iter().map(|(user, tasks)| {
            let name = world.facebook_user(user).map(|user| user.name.as_str());
            json!({"id": user, "name": name, "tasks": tasks})
        });
        let items: Vec<Value> = std::iter::once(system).chain(others).collect();
        return paging::page(call, &format!("{id}/assigned_users"), &items);
    }
    if !matches!(*method, Method::POST | Method::DELETE) {
        return Err(GraphError::unsupported(method, id));
    }
    call.params.only(&["user", "tasks"])?;
    let user = call.params.required("user")?;
    if world.facebook_user(&user).is_none() && user != world.business.system_user {
        return Err(GraphError::parameter("Param user is nobody of this business."));
    }
    let tasks = call.params.list("tasks")?.unwrap_or_default();
    let users = &mut call.state.areas.whatsapp.account.users;
    if *method == Method::POST {
        if tasks.is_empty() || tasks.iter().any(|task| !TASKS.contains(&task.as_str())) {
            let known = TASKS.join(", ");
            return Err(GraphError::parameter(format!("Param tasks must be some of {{{known}}}.")));
        }
        users.retain(|(known, _)| *known != user);
        users.push((user, tasks));
    } else {
        users.retain(|(known, _)| *known != user);
    }
    Ok(success())
}
