//! Phone numbers of the account, and the edges of one.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    MANAGEMENT, blocks, groups, json_only, media, new_id, people, permitted, profile, qr, registration, send,
    settings, success,
};

const FIELDS: [&str; 24] = [
    "id",
    "display_phone_number",
    "verified_name",
    "quality_rating",
    "quality_score",
    "code_verification_status",
    "platform_type",
    "throughput",
    "status",
    "name_status",
    "new_name_status",
    "account_mode",
    "is_official_business_account",
    "is_pin_enabled",
    "is_on_biz_app",
    "health_status",
    "messaging_limit_tier",
    "whatsapp_business_manager_messaging_limit",
    "webhook_configuration",
    "last_onboarded_time",
    "conversational_automation",
    "certificate",
    "search_visibility",
    "eligibility_for_api_business_global_search",
];
const DEFAULT_FIELDS: [&str; 9] = [
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "webhook_configuration",
    "last_onboarded_time",
    "id",
];

/// A phone number.
#[derive(Debug, Clone, Default)]
pub(super) struct Number {
    country: String,
    local: String,
    name: String,
    pub(super) verified: bool,
    pub(super) registered: bool,
    pub(super) pin: Option<String>,
    /// When a code was sent last.
    pub(super) code_sent: Option<i64>,
    /// When it was registered or removed, well or not.
    pub(super) attempts: Vec<i64>,
    pub(super) wrong_pins: u32,
    webhook: Option<String>,
    pub(super) profile: Map<String, Value>,
    pub(super) settings: Map<String, Value>,
    pub(super) automation: Option<Value>,
    pub(super) shop: Shop,
    pub(super) public_key: Option<String>,
    /// Who answers for it.
    pub(super) compliance: Option<Map<String, Value>>,
    pub(super) username: Option<String>,
    pub(super) blocked: Vec<String>,
    pub(super) codes: Vec<qr::Code>,
}

/// What of the shop people see.
#[derive(Debug, Clone, Default)]
pub(super) struct Shop {
    pub(super) cart: bool,
    pub(super) catalog: bool,
}

impl Number {
    /// The number of the world: verified and registered, without a PIN.
    pub(super) fn of_the_world() -> Self {
        Self {
            country: "1".to_owned(),
            local: "5550783881".to_owned(),
            name: "Sandbox Bäckerei".to_owned(),
            verified: true,
            registered: true,
            shop: Shop { cart: true, catalog: false },
            ..Self::default()
        }
    }

    pub(super) fn digits(&self) -> String {
        format!("{}{}", self.country, self.local)
    }

    pub(super) fn is_registered(&self) -> bool {
        self.registered
    }

    fn node(&self, id: &str, now: i64) -> Map<String, Value> {
        let limit = "TIER_250";
        let text = |yes: bool, first: &str, second: &str| if yes { json!(first) } else { json!(second) };
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| _ = node.insert(name.to_owned(), value);
        put("id", json!(id));
        put("display_phone_number", json!(format!("+{} {}", self.country, self.local)));
        put("verified_name", json!(self.name));
        put("quality_rating", text(self.registered, "GREEN", "UNKNOWN"));
        put("code_verification_status", text(self.verified, "VERIFIED", "NOT_VERIFIED"));
        put("platform_type", text(self.registered, "CLOUD_API", "NOT_APPLICABLE"));
        put("throughput", json!({"level": if self.registered { "STANDARD" } else { "NOT_APPLICABLE" }}));
        put(
            "status",
            text(self.registered, "CONNECTED", if self.verified { "DISCONNECTED" } else { "PENDING" }),
        );
        put("name_status", json!("APPROVED"));
        put("new_name_status", json!("NONE"));
        put("account_mode", json!("LIVE"));
        put("is_official_business_account", json!(false));
        put("is_pin_enabled", json!(self.pin.is_some()));
        put("is_on_biz_app", json!(false));
        let can = if self.registered { "AVAILABLE" } else { "BLOCKED" };
        let entities = json!([{"entity_type": "PHONE_NUMBER", "id": id, "can_send_message": can}]);
        put("health_status", json!({"can_send_message": can, "entities": entities}));
        put("messaging_limit_tier", json!(limit));
        put("whatsapp_business_manager_messaging_limit", json!(limit));
        put("last_onboarded_time", json!(crate::clock::graph_time(now.saturating_sub(86_400))));
        if let Some(webhook) = &self.webhook {
            put("webhook_configuration", json!({ "phone_number": webhook }));
        }
        if let Some(automation) = &self.automation {
            put("conversational_automation", automation.clone());
        }
        node
    }
}

/// `/{phone}…`
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Outcome {
    let method = call.request.method.clone();
    match (rest, &method) {
        ([], &Method::GET) => {
            permitted(call, id, &[MANAGEMENT])?;
            let node = call.state.areas.whatsapp.number(id)?.node(id, call.state.now_seconds());
            fields::select(call, "WhatsAppBusinessPhoneNumber", &node, &FIELDS, &DEFAULT_FIELDS)
        }
        ([], &Method::POST) => change(call, id),
        (["messages"], _) => send::messages(call, id),
        (["marketing_messages"], _) => send::marketing(call, id),
        (["media"], &Method::POST) => media::upload(call, id),
        (["request_code" | "verify_code" | "register" | "deregister"], &Method::POST) => {
            registration::route(call, id, rest)
        }
        (["whatsapp_business_profile"], _) => profile::route(call, id),
        (["message_qrdls", code @ ..], _) => qr::route(call, id, code),
        (["block_users"], _) => blocks::route(call, id),
        (["groups"], _) => groups::of_number(call, id),
        (
            [
                "settings"
                | "whatsapp_commerce_settings"
                | "conversational_automation"
                | "whatsapp_business_encryption"
                | "official_business_account"
                | "business_compliance_info"
                | "username"
                | "username_suggestions"
                | "call_permissions",
            ],
            _,
        ) => settings::route(call, id, rest),
        ([] | ["media" | "request_code" | "verify_code" | "register" | "deregister"], method) => {
            Err(GraphError::unsupported(method, id))
        }
        _ => Err(GraphError::unknown_path(rest)),
    }
}

/// `POST /{phone}`: the PIN of the two-step verification, or another address for webhooks.
fn change(call: &mut Call<'_>, id: &str) -> Outcome {
    permitted(call, id, &[MANAGEMENT])?;
    json_only(call)?;
    call.params.only(&["pin", "webhook_configuration"])?;
    let pin = call.params.text("pin")?;
    let webhook = call.params.structure("webhook_configuration")?;
    if pin.is_none() && webhook.is_none() {
        return Err(GraphError::parameter("The parameter pin is required."));
    }
    if let Some(pin) = pin {
        registration::check_pin(&pin)?;
        call.state.areas.whatsapp.number_mut(id)?.pin = Some(pin);
    }
    if let Some(webhook) = webhook {
        let shape = super::shape::Shape::plain(&webhook, "webhook_configuration")?;
        shape.only(&["override_callback_uri", "verify_token"])?;
        let uri = shape.any_text("override_callback_uri", 200)?.unwrap_or_default().to_owned();
        if !uri.is_empty() && shape.text("verify_token", 200)?.is_none() {
            return Err(shape.missing("verify_token"));
        }
        call.state.areas.whatsapp.number_mut(id)?.webhook = Some(uri).filter(|uri| !uri.is_empty());
    }
    Ok(success())
}

/// `GET /{waba}/phone_numbers`
pub(super) fn list(call: &mut Call<'_>, account: &str) -> Outcome {
    let now = call.state.now_seconds();
    let numbers = call.state.areas.whatsapp.numbers.iter();
    let items: Vec<Value> = numbers
        .map(|(id, number)| {
            let kind = "WhatsAppBusinessPhoneNumber";
            fields::select(call, kind, &number.node(id, now), &FIELDS, &DEFAULT_FIELDS)
        })
        .collect::<Result<_, _>>()?;
    paging::page(call, &format!("{account}/phone_numbers"), &items)
}

/// `POST /{waba}/phone_numbers`
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["cc", "phone_number", "verified_name", "migrate_phone_number", "preverified_id"])?;
    let country = call.params.required("cc")?;
    let local = call.params.required("phone_number")?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = format!("{country}{local}");
    if country.len() > 3 || !digits(&country) || !digits(&local) || people::digits(&whole).is_none() {
        return Err(GraphError::parameter("Params cc and phone_number must be the digits of a number."));
    }
    let name = call.params.text("verified_name")?;
    let migrates = call.params.boolean("migrate_phone_number")? == Some(true);
    let name = match name {
        Some(name) => name,
        None if migrates => "Migrated number".to_owned(),
        None => return Err(GraphError::parameter("The parameter verified_name is required.")),
    };
    let held = &call.state.areas.whatsapp;
    if held.numbers.values().any(|number| number.digits() == whole) {
        let message = "The phone number is in the account already.";
        return Err(GraphError::parameter(message).subcode(2_388_012));
    }
    let verified = call.params.value("preverified_id").is_some();
    let id = new_id(call);
    let number = Number { country, local, name, verified, ..Number::default() };
    call.state.areas.whatsapp.numbers.insert(id.clone(), number);
    Ok(json!({ "id": id }))
}
