//! `POST /{phone}/messages` and `/marketing_messages`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError},
    MESSAGING, content, json_only, kinds,
    people::{self, To, ToKind},
    permitted, product,
    refusal::{invalid, refusal},
    shape::Shape,
    success, template_fit,
};

/// Messages of one number a second.
const THROUGHPUT: usize = 80;
/// Seconds that one message to a person costs, and how many may be sent at once.
const PAIR_SECONDS: i64 = 6;
const PAIR_BURST: i64 = 45;
/// How old a message may be that is marked as read or reacted to.
const REACTION_LIFE: i64 = 30 * 86_400;

/// A message that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) at: i64,
    pub(super) template: Option<String>,
}

const ENVELOPE: [&str; 9] = [
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
    "tracker",
];

/// `/{phone}/messages`.
pub(super) fn messages(call: &mut Call<'_>, number: &str) -> Outcome {
    begin(call, number)?;
    if call.params.value("status").is_some() {
        return mark_read(call);
    }
    let kind = call.params.text("type")?.unwrap_or_else(|| "text".to_owned());
    let Some(kind) = kinds::ALL.into_iter().find(|known| *known == kind) else {
        return Err(refusal(131_051, "Unsupported message type", format!("{kind} is none.")));
    };
    let known: Vec<&str> = ENVELOPE.into_iter().chain([kind]).collect();
    call.params.only(&known)?;
    let to = envelope(call)?;
    let value = content_of(call, kind)?;
    if kind == "template" {
        check_template(call, &to, &value)?;
    } else {
        content::check(call, kind, &value, &to)?;
        let now = call.state.now_seconds();
        if to.kind != ToKind::Group && !call.state.areas.whatsapp.window_is_open(&to.id, now) {
            let details = "More than 24 hours have passed since the recipient last replied.";
            return Err(refusal(131_047, "Re-engagement message", details));
        }
    }
    deliver(call, number, &to, (kind == "template").then(|| template_name(&value)))
}

/// `/{phone}/marketing_messages`: the same with a marketing template only.
pub(super) fn marketing(call: &mut Call<'_>, number: &str) -> Outcome {
    begin(call, number)?;
    let known: Vec<&str> =
        ENVELOPE.into_iter().chain(["template", "product_policy", "message_activity_sharing"]).collect();
    call.params.only(&known)?;
    if call.params.text("type")?.is_some_and(|kind| kind != "template") {
        return Err(refusal(134_100, "Only marketing messages supported", "Param type must be template."));
    }
    if let Some(policy) = call.params.text("product_policy")?
        && !matches!(policy.as_str(), "CLOUD_API_FALLBACK" | "STRICT")
    {
        return Err(GraphError::parameter("Param product_policy must be CLOUD_API_FALLBACK or STRICT."));
    }
    call.params.boolean("message_activity_sharing")?;
    let to = envelope(call)?;
    let value = content_of(call, "template")?;
    let category = check_template(call, &to, &value)?;
    if category != "MARKETING" {
        let details = format!("The template is of category {category}.");
        return Err(refusal(131_055, "Only marketing templates supported", details));
    }
    deliver(call, number, &to, Some(template_name(&value)))
}

fn begin(call: &mut Call<'_>, number: &str) -> Result<(), GraphError> {
    if call.request.method != Method::POST {
        return Err(GraphError::unsupported(&call.request.method, number));
    }
    permitted(call, number, &[MESSAGING])?;
    json_only(call)?;
    product(call)?;
    if call.state.areas.whatsapp.number(number)?.is_registered() {
        return Ok(());
    }
    Err(refusal(133_010, "Account not registered", "The phone number is not registered."))
}

fn content_of(call: &Call<'_>, kind: &str) -> Result<Value, GraphError> {
    let missing = || GraphError::parameter(format!("The parameter {kind} is required."));
    call.params.value(kind).filter(|value| !value.is_null()).ok_or_else(missing)
}

fn envelope(call: &Call<'_>) -> Result<To, GraphError> {
    let to = people::recipient(call)?;
    if let Some(data) = call.params.text("biz_opaque_callback_data")?
        && data.chars().count() > 512
    {
        let message = "Param biz_opaque_callback_data must be at most 512 characters long.";
        return Err(GraphError::parameter(message));
    }
    if let Some(context) = call.params.value("context") {
        let context = Shape::plain(&context, "context")?;
        context.only(&["message_id"])?;
        if !context.need_text("message_id", 512)?.starts_with("wamid.") {
            return Err(invalid("context['message_id'] is no id of a message."));
        }
    }
    if call.params.text("recipient_identity_key_hash")?.is_some_and(|hash| hash == "changed") {
        let details = "The identity key of the recipient is another.";
        return Err(refusal(137_000, "Recipient identity key hash mismatch", details));
    }
    if to.kind != ToKind::Group {
        let held = &call.state.areas.whatsapp;
        let own = held.numbers.values().any(|number| number.digits() == to.id);
        if own {
            return Err(refusal(131_021, "Recipient cannot be sender", "Both are the same number."));
        }
        if held.numbers.values().any(|number| number.blocked.contains(&people::phone_of(&to.id).to_owned())) {
            return Err(refusal(130_403, "Recipient is blocked", "The business blocked this user."));
        }
    }
    Ok(to)
}

/// The category of the template, once it exists, fits, and this person may get it.
fn check_template(call: &Call<'_>, to: &To, value: &Value) -> Result<String, GraphError> {
    let category = template_fit::check(call, value)?;
    if category == "AUTHENTICATION" && to.kind == ToKind::UserId {
        let details = "Authentication templates need a phone number.";
        return Err(refusal(131_062, "Business-scoped User ID recipients are not supported", details));
    }
    if category == "MARKETING" && people::phone_of(&to.id) == people::OPTED_OUT {
        let details = "The recipient wants no marketing messages.";
        return Err(refusal(131_050, "User opted out of marketing messages", details));
    }
    if category == "MARKETING" && call.state.areas.whatsapp.account.has_no_marketing() {
        let details = "Marketing messages are switched off on the Cloud API.";
        return Err(refusal(131_063, "Marketing templates disabled", details));
    }
    Ok(category)
}

fn template_name(value: &Value) -> String {
    value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn deliver(call: &mut Call<'_>, number: &str, to: &To, template: Option<String>) -> Outcome {
    let now = call.state.now_seconds();
    check_rates(call, number, to, now)?;
    let serial = call.state.number();
    let id = format!("wamid.{}", STANDARD.encode(format!("SBX-{number}-{serial:06}")));
    let sent = Sent {
        id: id.clone(),
        from: number.to_owned(),
        to: people::phone_of(&to.id).to_owned(),
        at: now,
        template,
    };
    let is_template = sent.template.is_some();
    call.state.areas.whatsapp.sent.push(sent);
    let mut contact = Map::from_iter([("input".to_owned(), json!(to.input))]);
    let mut message = Map::from_iter([("id".to_owned(), json!(id))]);
    match to.kind {
        ToKind::Phone => _ = contact.insert("wa_id".to_owned(), json!(to.id)),
        ToKind::UserId => _ = contact.insert("user_id".to_owned(), json!(to.id)),
        ToKind::Group => _ = message.insert("group_id".to_owned(), json!(to.id)),
    }
    if is_template {
        message.insert("message_status".to_owned(), json!("accepted"));
    }
    Ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}))
}

/// The throughput of the number, and of the number with one person.
fn check_rates(call: &Call<'_>, number: &str, to: &To, now: i64) -> Result<(), GraphError> {
    let sent = call.state.areas.whatsapp.sent.iter().filter(|sent| sent.from == number);
    if sent.clone().rev().take_while(|sent| sent.at == now).count() >= THROUGHPUT {
        let details = "The throughput of the number is reached.";
        return Err(refusal(130_429, "Rate limit hit", details));
    }
    // Each message puts the moment at which the pair owes nothing 6 seconds further away.
    let person = people::phone_of(&to.id);
    let owed = sent
        .filter(|sent| sent.to == person)
        .fold(i64::MIN, |owed, sent| owed.max(sent.at).saturating_add(PAIR_SECONDS));
    if owed.saturating_sub(now) > PAIR_SECONDS.saturating_mul(PAIR_BURST.saturating_sub(1)) {
        let details = "Too many messages from this number to the same recipient in a short time.";
        return Err(refusal(131_056, "(Business Account, Consumer Account) pair rate limit hit", details));
    }
    Ok(())
}

/// Marks a message and all before it as read, and shows that the business types.
fn mark_read(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["messaging_product", "status", "message_id", "typing_indicator"])?;
    if call.params.required("status")? != "read" {
        return Err(GraphError::parameter("Param status must be one of {READ}."));
    }
    let id = call.params.required("message_id")?;
    if let Some(typing) = call.params.value("typing_indicator") {
        let typing = Shape::plain(&typing, "typing_indicator")?;
        typing.only(&["type"])?;
        typing.word("type", &["text"])?;
    }
    let now = call.state.now_seconds();
    let held = &mut call.state.areas.whatsapp;
    let fresh = |at: i64| now.saturating_sub(at) <= REACTION_LIFE;
    if !held.written_at(&id, now).is_some_and(fresh) {
        return Err(invalid("Param message_id names no message of the last 30 days."));
    }
    if !held.read.contains(&id) {
        held.read.push(id);
    }
    Ok(success())
}

/// Whether a message can be reacted to, pinned, or its permission be asked for.
pub(super) fn is_recent_message(call: &Call<'_>, id: &str) -> bool {
    let now = call.state.now_seconds();
    let held = &call.state.areas.whatsapp;
    let fresh = |at: i64| now.saturating_sub(at) <= REACTION_LIFE;
    held.written_at(id, now).is_some_and(fresh)
        || held.sent.iter().any(|sent| sent.id == id && fresh(sent.at))
}
