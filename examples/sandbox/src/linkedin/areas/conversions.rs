//! Conversion rules, their campaigns, and events: `/rest/conversions`, `/rest/campaignConversions`,
//! `/rest/conversionEvents`.

mod event;
mod rule;

use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode, header};
use serde_json::{Map, Value, json};

use self::rule::Rule;
use super::{
    super::{
        answer::{ApiError, created, entity, frame, no_content},
        api::{Call, collection, demand_method, expect_method, json_object},
        post_rules::{known_only, missing, object, required_text, wrong},
        restli::{Element, decode_text},
    },
    leads::{account_role, seed::ACCOUNT as MANAGED},
};

/// Roles on an ad account that may send conversions.
const ROLES: [&str; 4] = ["ACCOUNT_BILLING_ADMIN", "ACCOUNT_MANAGER", "CAMPAIGN_MANAGER", "CREATIVE_MANAGER"];
/// The most events of one request.
const MAX_EVENTS: usize = 5000;
/// The URN of a rule, without its id.
const RULE: &str = "urn:lla:llaPartnerConversion:";

/// What the platform holds here.
#[derive(Debug, Default)]
pub(crate) struct Held {
    rules: Vec<Rule>,
    /// Pairs of campaign and rule, and when they were linked.
    links: Vec<(String, String, i64)>,
    /// What was accepted, oldest first.
    pub(crate) events: Vec<Value>,
}

impl Held {
    /// With these rules of the managed ad account, each for the leads that qualified.
    pub(crate) fn of(rules: &[u32]) -> Self {
        let rules = rules.iter().filter_map(|id| {
            let body = json!({
                "name": format!("Rule {id}"), "account": MANAGED, "conversionMethod": "CONVERSIONS_API",
                "type": "QUALIFIED_LEAD",
            });
            Rule::new(i64::from(*id), body.as_object()?, 0).ok()
        });
        Self { rules: rules.collect(), ..Self::default() }
    }
}

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    match path {
        ["conversions", rest @ ..] => Some(rules(call, rest)),
        ["campaignConversions", rest @ ..] => Some(links(call, rest)),
        ["conversionEvents", rest @ ..] => Some(events(call, rest)),
        _ => None,
    }
}

fn scoped(call: &Call<'_>, resource: &str, method: &str) -> Result<(), ApiError> {
    let scopes = ["rw_conversions", "r_ads"];
    if scopes.iter().all(|scope| call.claims.has_scope(scope)) {
        return Ok(());
    }
    Err(ApiError::denied(resource, method, Some(&call.version)))
}

/// The scopes, and a role on the ad account: a stronger one for what changes something.
fn permit(call: &Call<'_>, resource: &str, method: &str, account: &str, write: bool) -> Result<(), ApiError> {
    scoped(call, resource, method)?;
    match account_role(call, account) {
        Some(role) if !write || ROLES.contains(&role) => Ok(()),
        _ => Err(ApiError::denied(resource, method, Some(&call.version))),
    }
}

fn rules(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match (path, call.request.method.clone()) {
        ([], Method::POST) => {
            expect_method(call, "create")?;
            call.query.only(&["autoAssociationType"])?;
            let body = json_object(call)?;
            let id = i64::try_from(call.state.number()).unwrap_or_default().saturating_add(104_000);
            let made = Rule::new(id, &body, call.state.now())?;
            permit(call, "conversions", "CREATE", &made.account, true)?;
            call.state.linkedin.conversions.rules.push(made);
            Ok(created(call.state, "conversions", &id.to_string()))
        }
        ([], Method::GET) => {
            expect_method(call, "finder")?;
            call.query.only(&["q", "account", "start", "count"])?;
            if call.query.text("q")?.as_deref() != Some("account") {
                return Err(ApiError::illegal_argument("Parameter 'q' is invalid: it must be account"));
            }
            let account = call.query.required("account")?;
            permit(call, "conversions", "FINDER-account", &account, false)?;
            let all = call.state.linkedin.conversions.rules.iter();
            let found: Vec<Value> =
                all.filter(|rule| rule.account == account).map(|rule| rule.json(call)).collect();
            collection(call, &found)
        }
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            let place = rule_place(call, key, "GET", false)?;
            let rule = call.state.linkedin.conversions.rules.get(place).map(|rule| rule.json(call));
            Ok(entity(call.state, &rule.unwrap_or_default()))
        }
        ([key], Method::POST) => {
            demand_method(call, "partial_update")?;
            let place = rule_place(call, key, "PARTIAL_UPDATE", true)?;
            let body = json_object(call)?;
            let now = call.state.now();
            if let Some(rule) = call.state.linkedin.conversions.rules.get_mut(place) {
                rule.patch(&body, now)?;
            }
            Ok(no_content(call.state))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// Where the rule of a path stands; the ad account is named in the query.
fn rule_place(call: &Call<'_>, key: &str, method: &str, write: bool) -> Result<usize, ApiError> {
    call.query.only(&["account"])?;
    let account = call.query.required("account")?;
    permit(call, "conversions", method, &account, write)?;
    let id: Option<i64> = decode_text(key).and_then(|text| text.parse().ok());
    let rules = &call.state.linkedin.conversions.rules;
    let place = rules.iter().position(|rule| Some(rule.id) == id && rule.account == account);
    place.ok_or_else(ApiError::not_found)
}

/// The rule with this URN.
fn rule_of<'a>(call: &'a Call<'_>, urn: &str) -> Option<&'a Rule> {
    let id: i64 = urn.strip_prefix(RULE)?.parse().ok()?;
    call.state.linkedin.conversions.rules.iter().find(|rule| rule.id == id)
}

fn links(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    let key = match path {
        [key] => *key,
        [] => return Err(ApiError::method_not_allowed()),
        _ => return Err(ApiError::no_resource(&call.request.path)),
    };
    call.query.only(&[])?;
    let invalid = || ApiError::illegal_argument("Syntax exception in path variables");
    let key = Element::parse(key).ok_or_else(invalid)?;
    let part = |name: &str, prefix: &str| {
        let urn = key.field(name).and_then(Element::as_text);
        urn.filter(|urn| urn.strip_prefix(prefix).is_some_and(|id| !id.is_empty())).map(str::to_owned)
    };
    let is_pair = matches!(&key, Element::Record(fields) if fields.len() == 2);
    let campaign = part("campaign", "urn:li:sponsoredCampaign:").filter(|_| is_pair).ok_or_else(invalid)?;
    let conversion = part("conversion", RULE).ok_or_else(invalid)?;
    let method = call.request.method.clone();
    let (name, write) = match method {
        Method::GET => ("get", false),
        Method::PUT => ("update", true),
        Method::DELETE => ("delete", true),
        _ => return Err(ApiError::method_not_allowed()),
    };
    expect_method(call, name)?;
    scoped(call, "campaignConversions", &name.to_uppercase())?;
    let account = rule_of(call, &conversion).map(|rule| rule.account.clone());
    let account = account.ok_or_else(ApiError::not_found)?;
    permit(call, "campaignConversions", &name.to_uppercase(), &account, write)?;
    if method == Method::PUT {
        let body = json_object(call)?;
        known_only(&body, &["campaign", "conversion"], "")?;
        for (field, expected) in [("campaign", &campaign), ("conversion", &conversion)] {
            let path = format!("/{field}");
            if required_text(&body, field, &path)? != *expected {
                return Err(wrong(&path, "is not the one of the key"));
            }
        }
        if !call.state.linkedin.ads.has_campaign(&account, &campaign) {
            return Err(ApiError::field("INVALID_URN_ID", "/campaign", "is not in the rule's ad account"));
        }
    }
    let now = call.state.now();
    let held = &mut call.state.linkedin.conversions.links;
    let place = held.iter().position(|(of, to, _)| *of == campaign && *to == conversion);
    match (method, place) {
        (Method::PUT, None) => held.push((campaign, conversion, now)),
        (Method::PUT, Some(_)) => {}
        (Method::DELETE, Some(place)) => drop(held.remove(place)),
        (_, Some(place)) => {
            let since = held.get(place).map(|(_, _, since)| *since);
            let link = json!({"campaign": campaign, "conversion": conversion, "associatedAt": since});
            return Ok(entity(call.state, &link));
        }
        (_, None) => return Err(ApiError::not_found()),
    }
    Ok(no_content(call.state))
}

fn events(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match path {
        [] => {}
        [_] => return Err(ApiError::method_not_allowed()),
        _ => return Err(ApiError::no_resource(&call.request.path)),
    }
    if call.request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    call.query.only(&[])?;
    let is_batch =
        call.request.header("x-restli-method").is_some_and(|sent| sent.eq_ignore_ascii_case("batch_create"));
    if is_batch {
        return several(call);
    }
    expect_method(call, "create")?;
    scoped(call, "conversionEvents", "CREATE")?;
    let body = json_object(call)?;
    accept(call, &body)?;
    // An event cannot be read back: it is given no id.
    let mut headers = frame(call.state);
    headers.remove(header::CONTENT_TYPE);
    Ok((StatusCode::CREATED, headers).into_response())
}

/// BATCH_CREATE: each event has its own fate, at its own place.
fn several(call: &mut Call<'_>) -> Result<Response, ApiError> {
    scoped(call, "conversionEvents", "BATCH_CREATE")?;
    let body = json_object(call)?;
    known_only(&body, &["elements"], "")?;
    let elements = match body.get("elements") {
        None => return Err(missing("/elements")),
        Some(Value::Array(elements)) => elements,
        Some(_) => return Err(wrong("/elements", "must be an array")),
    };
    if elements.is_empty() || elements.len() > MAX_EVENTS {
        return Err(ApiError::illegal_argument(format!("A batch has 1 to {MAX_EVENTS} events")));
    }
    let mut fates = Vec::new();
    for element in elements {
        let fate = object(element, "").and_then(|event| accept(call, event));
        fates.push(match fate {
            Ok(()) => json!({"status": 201}),
            Err(error) => {
                let body = error.body();
                json!({"status": body.get("status"), "error": body})
            }
        });
    }
    Ok(entity(call.state, &json!({ "elements": fates })))
}

fn accept(call: &mut Call<'_>, event: &Map<String, Value>) -> Result<(), ApiError> {
    let urn = event::check(event, call.state.now(), &call.version)?;
    let rule = rule_of(call, &urn);
    let (account, enabled) = match rule {
        Some(rule) => (rule.account.clone(), rule.is_enabled()),
        None => return Err(ApiError::field("INVALID_URN_ID", "/conversion", "there is no such rule")),
    };
    permit(call, "conversionEvents", "CREATE", &account, true)?;
    if !enabled {
        return Err(wrong("/conversion", "the rule is not enabled"));
    }
    call.state.linkedin.conversions.events.push(Value::Object(event.clone()));
    Ok(())
}
