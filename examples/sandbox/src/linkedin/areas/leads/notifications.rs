//! `/rest/leadNotifications`: who is told of leads. They are kept; what is sent goes to the webhook that the control API
//! registered, because a sandbox on this machine has no public address.

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, created, entity, no_content},
        api::{Call, collection, expect_method, json_object},
        post_rules::{known_only, missing, object, required_text, wrong},
    },
    LEAD_TYPES, Owner, finder, lead_type, number, permit, seed,
};

/// The most notifications of one owner.
const MAX_OF_OWNER: usize = 1500;
/// What an associated entity can be.
const ENTITIES: [&str; 5] = ["sponsoredCreative", "event", "organization", "organizationProduct", "company"];

/// One subscription.
#[derive(Debug, Clone)]
pub(super) struct Notification {
    id: u64,
    owner: Owner,
    lead_type: &'static str,
    webhook: String,
    versioned_form: Option<String>,
    entity: Option<Value>,
}

impl Notification {
    fn json(&self) -> Value {
        let mut value = json!({
            "id": self.id,
            "owner": self.owner.json(),
            "leadType": self.lead_type,
            "webhook": self.webhook,
        });
        if let Some(fields) = value.as_object_mut() {
            if let Some(form) = &self.versioned_form {
                fields.insert("versionedForm".to_owned(), json!(form));
            }
            if let Some(entity) = &self.entity {
                fields.insert("associatedEntity".to_owned(), entity.clone());
            }
        }
        value
    }
}

pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match (path, call.request.method.clone()) {
        ([], Method::POST) => {
            expect_method(call, "create")?;
            create(call)
        }
        ([], Method::GET) => {
            expect_method(call, "finder")?;
            list(call)
        }
        ([key], Method::GET) => {
            expect_method(call, "get")?;
            call.query.only(&[])?;
            let found = find(call, key)?;
            permit(call, "leadNotifications", "GET", &found.owner)?;
            Ok(entity(call.state, &found.json()))
        }
        ([key], Method::DELETE) => {
            expect_method(call, "delete")?;
            call.query.only(&[])?;
            let found = find(call, key)?;
            permit(call, "leadNotifications", "DELETE", &found.owner)?;
            call.state.linkedin.leads.notifications.retain(|kept| kept.id != found.id);
            Ok(no_content(call.state))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

fn find(call: &Call<'_>, key: &str) -> Result<Notification, ApiError> {
    let id = number(key);
    let mut all = call.state.linkedin.leads.notifications.iter();
    all.find(|kept| Some(kept.id) == id).cloned().ok_or_else(ApiError::not_found)
}

fn create(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let body = json_object(call)?;
    known_only(&body, &["webhook", "owner", "leadType", "versionedForm", "associatedEntity"], "")?;
    let owner = object(body.get("owner").ok_or_else(|| missing("/owner"))?, "/owner")?;
    let mut members = owner.iter();
    let owner = match (members.next(), members.next()) {
        (Some((kind, urn)), None) => urn.as_str().and_then(|urn| Owner::of(kind, urn)),
        _ => None,
    };
    let owner = owner.ok_or_else(|| {
        ApiError::field("INVALID_URN_TYPE", "/owner", "must hold one sponsoredAccount or organization")
    })?;
    permit(call, "leadNotifications", "CREATE", &owner)?;
    let lead_type = required_text(&body, "leadType", "/leadType")?;
    let lead_type = LEAD_TYPES.into_iter().find(|known| *known == lead_type);
    let lead_type = lead_type.ok_or_else(|| wrong("/leadType", "is not one of the known values"))?;
    let webhook = required_text(&body, "webhook", "/webhook")?;
    webhook_fits(&webhook)?;
    let versioned_form = match body.get("versionedForm") {
        None => None,
        Some(Value::String(urn)) if seed::forms().iter().any(|form| seed::version_urn(form.id) == *urn) => {
            Some(urn.clone())
        }
        Some(_) => {
            return Err(ApiError::field("INVALID_URN_ID", "/versionedForm", "is no version of a form"));
        }
    };
    let entity = body.get("associatedEntity").map(associated).transpose()?;
    let held = &call.state.linkedin.leads.notifications;
    if held.iter().filter(|kept| kept.owner == owner).count() >= MAX_OF_OWNER {
        return Err(ApiError::illegal_argument(format!(
            "The owner has {MAX_OF_OWNER} lead notifications already"
        )));
    }
    let id = call.state.number();
    let made = Notification { id, owner, lead_type, webhook, versioned_form, entity };
    call.state.linkedin.leads.notifications.push(made);
    Ok(created(call.state, "leadNotifications", &id.to_string()))
}

/// A public address with https.
fn webhook_fits(address: &str) -> Result<(), ApiError> {
    let refused = |why: &str| Err(ApiError::field("INVALID_URL", "/webhook", why));
    let Ok(parsed) = url::Url::parse(address) else { return refused("must be an absolute address") };
    let host = parsed.host_str().unwrap_or_default();
    if parsed.scheme() != "https" {
        return refused("must be an https address");
    }
    if host == "ngrok.io"
        || [".ngrok.io", ".ngrok.app", ".ngrok-free.app"].iter().any(|end| host.ends_with(end))
    {
        return refused("hosts of ngrok are not accepted");
    }
    Ok(())
}

fn associated(value: &Value) -> Result<Value, ApiError> {
    let fields = object(value, "/associatedEntity")?;
    known_only(fields, &ENTITIES, "/associatedEntity")?;
    let one = fields.len() == 1;
    let urns = fields.values().all(|urn| urn.as_str().is_some_and(|urn| urn.starts_with("urn:li:")));
    if one && urns { Ok(value.clone()) } else { Err(wrong("/associatedEntity", "must hold one URN")) }
}

fn list(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["q", "owner", "leadType", "start", "count"])?;
    finder(call, "criteria")?;
    let owner = call.query.element("owner")?;
    // The union is seen alone and inside a record with the member `value`.
    let owner = owner.as_ref().map(|owner| owner.field("value").unwrap_or(owner)).and_then(Owner::asked);
    let owner = owner.ok_or_else(|| ApiError::illegal_argument("Parameter 'owner' is invalid"))?;
    let lead_type = lead_type(call)?;
    permit(call, "leadNotifications", "FINDER-criteria", &owner)?;
    let all = call.state.linkedin.leads.notifications.iter();
    let found: Vec<Value> = all
        .filter(|kept| kept.owner == owner && lead_type.is_none_or(|kind| kind == kept.lead_type))
        .map(Notification::json)
        .collect();
    collection(call, &found)
}

#[cfg(test)]
mod tests {
    use super::{super::super::super::restli::Element, *};

    #[test]
    fn an_owner_is_a_union_of_two_kinds() {
        let read = |raw: &str| Element::parse(raw).as_ref().and_then(Owner::asked);
        assert!(matches!(
            read("(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A1)"),
            Some(Owner::Account(_))
        ));
        assert!(matches!(read("(organization:urn%3Ali%3Aorganization%3A1)"), Some(Owner::Organization(_))));
        for bad in [
            "urn%3Ali%3Aorganization%3A1",
            "(organization:urn%3Ali%3AsponsoredAccount%3A1)",
            "(organization:urn%3Ali%3Aorganization%3Ax)",
            "(person:urn%3Ali%3Aperson%3A1)",
            "()",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
