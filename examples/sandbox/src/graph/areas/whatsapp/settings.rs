//! What is set on a number: storage, calls, the shop, the automation, its user name.

use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    MANAGEMENT, MESSAGING, compliance, json_only, people, permitted,
    refusal::refusal,
    shape::Shape,
    success,
};

/// A user name somebody else has.
pub(super) const TAKEN_USERNAME: &str = "taken";

pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    let [edge] = rest else { return Err(GraphError::unknown_path(rest)) };
    let method = call.request.method.clone();
    let messaging = matches!(*edge, "whatsapp_business_encryption" | "call_permissions");
    permitted(call, id, &[if messaging { MESSAGING } else { MANAGEMENT }])?;
    match (*edge, method) {
        ("settings", Method::GET) => read(call, id),
        ("settings", Method::POST) => update(call, id),
        ("whatsapp_commerce_settings", Method::GET) => {
            let number = call.state.areas.whatsapp.number(id)?;
            Ok(json!({"data": [{"id": format!("{id}1"), "is_cart_enabled": number.shop.cart,
                "is_catalog_visible": number.shop.catalog}]}))
        }
        ("whatsapp_commerce_settings", Method::POST) => commerce(call, id),
        ("conversational_automation", Method::POST) => automation(call, id),
        ("whatsapp_business_encryption", Method::GET) => {
            let key = call.state.areas.whatsapp.number(id)?.public_key.clone();
            Ok(key.map_or_else(
                || json!({}),
                |key| json!({"business_public_key": key, "business_public_key_signature_status": "VALID"}),
            ))
        }
        ("whatsapp_business_encryption", Method::POST) => encryption(call, id),
        ("business_compliance_info", Method::GET) => compliance::read(call, id),
        ("business_compliance_info", Method::POST) => compliance::set(call, id),
        ("official_business_account", Method::GET) => Ok(json!({"oba_status": "NOT_STARTED"})),
        ("username", Method::GET) => {
            let name = call.state.areas.whatsapp.number(id)?.username.clone();
            Ok(name.map_or_else(|| json!({}), |name| json!({"username": name, "status": "approved"})))
        }
        ("username", Method::POST) => username(call, id),
        ("username", Method::DELETE) => {
            call.params.only(&[])?;
            let known = call.state.areas.whatsapp.number_mut(id)?.username.take();
            if known.is_some() {
                return Ok(success());
            }
            Err(GraphError::parameter("The number has no user name."))
        }
        ("username_suggestions", Method::GET) => {
            Ok(json!({"data": [{"username_suggestions": ["sandbox.baeckerei", "sandbox_bakery"]}]}))
        }
        ("call_permissions", Method::GET) => call_permissions(call),
        (_, method) => Err(GraphError::unsupported(&method, id)),
    }
}

fn read(call: &Call<'_>, id: &str) -> Outcome {
    call.params.boolean("include_sip_credentials")?;
    let mut settings = call.state.areas.whatsapp.number(id)?.settings.clone();
    for (name, value) in [
        ("calling", json!({"status": "DISABLED"})),
        ("storage_configuration", json!({"status": "DEFAULT"})),
        ("user_identity_change", json!({"enable_identity_key_check": false})),
        ("payload_encryption", json!({"status": "DISABLED"})),
    ] {
        settings.entry(name).or_insert(value);
    }
    Ok(Value::Object(settings))
}

fn update(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    let names = ["calling", "storage_configuration", "user_identity_change", "payload_encryption"];
    call.params.only(&names)?;
    let mut changed = false;
    for name in names {
        let Some(value) = call.params.value(name) else { continue };
        let shape = Shape::plain(&value, name)?;
        match name {
            "storage_configuration" => {
                shape.only(&["status", "data_localization_region", "retention_minutes"])?;
                let status =
                    shape.word("status", &["DEFAULT", "IN_COUNTRY_STORAGE_ENABLED", "NO_STORAGE_ENABLED"])?;
                if status == "IN_COUNTRY_STORAGE_ENABLED" {
                    shape.need_text("data_localization_region", 2)?;
                }
            }
            "user_identity_change" => {
                shape.only(&["enable_identity_key_check"])?;
                let missing = || shape.missing("enable_identity_key_check");
                shape.boolean("enable_identity_key_check")?.ok_or_else(missing)?;
            }
            "calling" if shape.has("status") => {
                shape.word("status", &["ENABLED", "DISABLED"])?;
            }
            _ => {}
        }
        call.state.areas.whatsapp.number_mut(id)?.settings.insert(name.to_owned(), value);
        changed = true;
    }
    if changed { Ok(success()) } else { Err(GraphError::parameter("There is no setting to change.")) }
}

fn commerce(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&["is_cart_enabled", "is_catalog_visible"])?;
    let (cart, catalog) =
        (call.params.boolean("is_cart_enabled")?, call.params.boolean("is_catalog_visible")?);
    let number = call.state.areas.whatsapp.number_mut(id)?;
    number.shop.cart = cart.unwrap_or(number.shop.cart);
    number.shop.catalog = catalog.unwrap_or(number.shop.catalog);
    Ok(success())
}

/// A set of prompts or commands takes the place of the one before.
fn automation(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&["enable_welcome_message", "prompts", "commands"])?;
    let mut set = json!({"id": id});
    let insert = |set: &mut Value, name: &str, value: Value| {
        if let Some(set) = set.as_object_mut() {
            set.insert(name.to_owned(), value);
        }
    };
    if let Some(welcome) = call.params.boolean("enable_welcome_message")? {
        insert(&mut set, "enable_welcome_message", json!(welcome));
    }
    if let Some(prompts) = call.params.list("prompts")? {
        if prompts.len() > 4 || prompts.iter().any(|prompt| !(1..=80).contains(&prompt.chars().count())) {
            return Err(GraphError::parameter(
                "Param prompts must be at most 4 texts of 1 to 80 characters.",
            ));
        }
        insert(&mut set, "prompts", json!(prompts));
    }
    if let Some(commands) = call.params.structure("commands")? {
        let body = json!({"commands": commands});
        for command in Shape::plain(&body, "body")?.objects("commands", &(0..=30))? {
            command.only(&["command_name", "command_description"])?;
            command.need_text("command_name", 32)?;
            command.need_text("command_description", 256)?;
        }
        insert(&mut set, "commands", commands);
    }
    let number = call.state.areas.whatsapp.number_mut(id)?;
    match (&mut number.automation, set) {
        (Some(Value::Object(known)), Value::Object(set)) => known.extend(set),
        (slot, set) => *slot = Some(set),
    }
    Ok(success())
}

fn encryption(call: &mut Call<'_>, id: &str) -> Outcome {
    call.params.only(&["business_public_key"])?;
    let key = call.params.required("business_public_key")?;
    if !key.trim_start().starts_with("-----BEGIN PUBLIC KEY-----") {
        return Err(GraphError::parameter("Param business_public_key must be a 2048-bit RSA key in PEM."));
    }
    call.state.areas.whatsapp.number_mut(id)?.public_key = Some(key);
    Ok(success())
}

fn username(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&["username", "transfer_action"])?;
    let name = call.params.required("username")?;
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_');
    if !(3..=35).contains(&name.len()) || !name.bytes().all(allowed) {
        return Err(GraphError::parameter(
            "Param username must be 3 to 35 lower-case letters, digits, dots and underscores.",
        ));
    }
    if name == TAKEN_USERNAME {
        return Err(refusal(147_001, "Username is not available", "Somebody else has it."));
    }
    call.state.areas.whatsapp.number_mut(id)?.username = Some(name.clone());
    Ok(json!({"username": name, "status": "approved"}))
}

fn call_permissions(call: &Call<'_>) -> Outcome {
    let (phone, user) = (call.params.text("user_wa_id")?, call.params.text("recipient")?);
    let good = match (&phone, &user) {
        (Some(phone), None) => people::digits(phone).is_some(),
        (None, Some(user)) => people::is_user_id(user),
        _ => false,
    };
    if !good {
        return Err(GraphError::parameter("Send either user_wa_id or recipient."));
    }
    let limit =
        |period: &str, most: u32| json!({"time_period": period, "max_allowed": most, "current_usage": 0});
    Ok(json!({
        "messaging_product": "whatsapp",
        "permission": {"status": "no_permission"},
        "actions": [
            {"action_name": "send_call_permission_request", "can_perform_action": true,
                "limits": [limit("PT24H", 1), limit("P7D", 2)]},
            {"action_name": "start_call", "can_perform_action": false, "limits": [limit("PT24H", 5)]},
        ],
    }))
}
