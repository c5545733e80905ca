//! Lead forms, their responses, and notifications of leads: `/rest/leadForms`, `/rest/leadFormResponses`,
//! `/rest/leadNotifications`.

mod notifications;
mod responses;
pub(crate) mod seed;

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use self::{notifications::Notification, seed::Form};
use super::super::{
    answer::{ApiError, batch, entity},
    api::{Call, collection, expect_method},
    restli::{Element, decode_text},
};
use crate::state::State;

pub(crate) use self::seed::ACCOUNT;

/// Kinds of leads.
const LEAD_TYPES: [&str; 4] = ["SPONSORED", "EVENT", "COMPANY", "ORGANIZATION_PRODUCT"];
/// Page roles that may read leads of events.
const EVENT_ROLES: [&str; 2] = ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR"];

/// What the platform holds here.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Whether the leads that are there from the beginning are among them.
    seeded: bool,
    leads: Vec<Lead>,
    notifications: Vec<Notification>,
}

/// What a member entered into a form.
#[derive(Debug, Clone)]
struct Lead {
    id: String,
    owner: Owner,
    form: u64,
    kind: &'static str,
    /// The creative, organization or event it came from, with its name in the union.
    entity: (&'static str, String),
    campaign: Option<&'static str>,
    /// Milliseconds.
    submitted_at: i64,
    test: bool,
    /// Pairs of question and `answerDetails`.
    answers: Vec<(u64, Value)>,
}

/// Whose forms and leads they are: a union in queries and bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Account(String),
    Organization(String),
}

impl Owner {
    /// From the name and the value in the union.
    fn of(kind: &str, urn: &str) -> Option<Self> {
        let numeric = |prefix: &str| {
            urn.strip_prefix(prefix)
                .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
        };
        match kind {
            "sponsoredAccount" if numeric("urn:li:sponsoredAccount:") => Some(Self::Account(urn.to_owned())),
            "organization" if numeric("urn:li:organization:") => Some(Self::Organization(urn.to_owned())),
            _ => None,
        }
    }

    fn asked(element: &Element) -> Option<Self> {
        let (kind, urn) = element.union()?;
        Self::of(kind, urn.as_text()?)
    }

    fn json(&self) -> Value {
        match self {
            Self::Account(urn) => json!({ "sponsoredAccount": urn }),
            Self::Organization(urn) => json!({ "organization": urn }),
        }
    }
}

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    match path {
        ["leadForms", rest @ ..] => Some(forms(call, rest)),
        ["leadFormResponses", rest @ ..] => Some(responses::route(call, rest)),
        ["leadNotifications", rest @ ..] => Some(notifications::route(call, rest)),
        _ => None,
    }
}

fn forms(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match (path, call.request.method.clone()) {
        ([], Method::GET) if call.query.element("ids")?.is_some() => several_forms(call),
        ([], Method::GET) => {
            expect_method(call, "finder")?;
            call.query.only(&["q", "owner", "start", "count"])?;
            finder(call, "owner")?;
            let owner = owner(call)?;
            permit(call, "leadForms", "FINDER-owner", &owner)?;
            let found: Vec<Value> = seed::forms()
                .into_iter()
                .filter(|form| form.owner == owner)
                .map(|form| form.json())
                .collect();
            let masked: Vec<Value> = found.into_iter().map(|form| masked(call, form)).collect();
            collection(call, &masked)
        }
        ([id], Method::GET) => {
            expect_method(call, "get")?;
            call.query.only(&[])?;
            let form = number(id).and_then(form).ok_or_else(ApiError::not_found)?;
            permit(call, "leadForms", "GET", &form.owner)?;
            let form = masked(call, form.json());
            Ok(entity(call.state, &form))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// BATCH_GET: what cannot be read is an error under its own id.
fn several_forms(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "batch_get")?;
    call.query.only(&["ids"])?;
    let ids = call.query.texts("ids")?.unwrap_or_default();
    if ids.is_empty() {
        return Err(ApiError::illegal_argument("Parameter 'ids' is invalid"));
    }
    let read = |id: &str| {
        let form = id.parse().ok().and_then(form).ok_or_else(ApiError::not_found)?;
        permit(call, "leadForms", "BATCH_GET", &form.owner)?;
        Ok(masked(call, form.json()))
    };
    let fates = ids.into_iter().map(|id| (id.clone(), read(&id))).collect();
    Ok(batch(call.state, fates))
}

fn form(id: u64) -> Option<Form> {
    seed::forms().into_iter().find(|form| form.id == id)
}

fn number(key: &str) -> Option<u64> {
    decode_text(key)?.parse().ok()
}

fn finder(call: &Call<'_>, name: &str) -> Result<(), ApiError> {
    match call.query.text("q")?.as_deref() {
        Some(found) if found == name => Ok(()),
        Some(_) => Err(ApiError::illegal_argument(format!("Parameter 'q' is invalid: it must be {name}"))),
        None => Err(ApiError::method_not_allowed()),
    }
}

/// The parameter `owner`.
fn owner(call: &Call<'_>) -> Result<Owner, ApiError> {
    let owner = call.query.element("owner")?;
    let owner = owner.ok_or_else(|| ApiError::illegal_argument("Parameter 'owner' is required"))?;
    Owner::asked(&owner).ok_or_else(|| ApiError::illegal_argument("Parameter 'owner' is invalid"))
}

/// The parameter `leadType`: a union with one member of the same name.
fn lead_type(call: &Call<'_>) -> Result<Option<&'static str>, ApiError> {
    let Some(element) = call.query.element("leadType")? else { return Ok(None) };
    let known = match element.union() {
        Some(("leadType", kind)) => LEAD_TYPES.into_iter().find(|known| kind.as_text() == Some(known)),
        _ => None,
    };
    known.map(Some).ok_or_else(|| ApiError::illegal_argument("Parameter 'leadType' is invalid"))
}

/// The scopes, and the member's role: on the ad account and on a page, or on the page.
fn permit(call: &Call<'_>, resource: &str, method: &str, owner: &Owner) -> Result<(), ApiError> {
    let scopes = ["r_marketing_leadgen_automation", "r_ads"];
    let is_granted = scopes.iter().all(|scope| call.claims.has_scope(scope));
    let has_role = match owner {
        Owner::Account(urn) => account_role(call, urn).is_some() && page_role(call, None).is_some(),
        Owner::Organization(urn) => page_role(call, Some(urn)).is_some(),
    };
    if is_granted && has_role { Ok(()) } else { Err(ApiError::denied(resource, method, Some(&call.version))) }
}

/// Leads of events need one of the stronger page roles.
fn permit_type(call: &Call<'_>, owner: &Owner, lead_type: &str) -> Result<(), ApiError> {
    match owner {
        Owner::Organization(urn) if lead_type == "EVENT" => {
            let strong = page_role(call, Some(urn)).is_some_and(|role| EVENT_ROLES.contains(&role));
            let denied = || ApiError::denied("leadFormResponses", "FINDER-owner", Some(&call.version));
            if strong { Ok(()) } else { Err(denied()) }
        }
        _ => Ok(()),
    }
}

/// The first member's role on an ad account; the others have none.
pub(super) fn account_role(call: &Call<'_>, urn: &str) -> Option<&'static str> {
    let is_first = call.member.id == call.shared.config.world.member.id;
    let role = seed::ACCOUNT_ROLES.into_iter().find(|(account, _)| *account == urn);
    let role = role.filter(|_| is_first).map(|(_, role)| role);
    // Whoever makes an account manages it.
    role.or_else(|| call.state.linkedin.ads.is_made_by(urn, &call.member.id).then_some("ACCOUNT_MANAGER"))
}

/// The member's role on this page, or on any.
fn page_role<'a>(call: &Call<'a>, urn: Option<&str>) -> Option<&'a str> {
    let world = &call.shared.config.world;
    let mut organizations =
        world.organizations.iter().filter(|organization| organization.state == "APPROVED");
    let found = organizations.find(|organization| urn.is_none_or(|urn| organization.urn() == urn))?;
    (call.member.id == world.member.id).then_some(found.role.as_str())
}

/// Leaves the fields that a projection asks for, of the outermost object.
fn masked(call: &Call<'_>, value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    match call.query.mask() {
        Some(mask) => {
            let wanted = names(mask);
            fields.retain(|name, _| wanted.contains(&name.as_str()));
        }
        // The form of a response comes only when it is asked for.
        None => drop(fields.remove("form")),
    }
    Value::Object(fields)
}

/// The names of a projection that are not inside parentheses.
fn names(mask: &str) -> Vec<&str> {
    let (mut depth, mut start, mut names) = (0_u32, 0, Vec::new());
    for (at, c) in mask.char_indices().chain([(mask.len(), ',')]) {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let part = mask.get(start..at).unwrap_or_default();
                names.push(part.split(':').next().unwrap_or(part));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    names
}

/// What a notification tells of a lead.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) owner: Value,
    pub(crate) entity: Value,
    pub(crate) lead_type: &'static str,
}

/// A member fills in the form of an organization or, without one, of the ad account.
pub(crate) fn fill_in(state: &mut State, organization: Option<&str>) -> Told {
    let id = format!("sbx-{}", state.number());
    let now = state.now();
    let held = &mut state.linkedin.leads;
    held.seed(now);
    let lead = seed::visitor(id.clone(), organization, now);
    let told = Told {
        id,
        form: seed::version_urn(lead.form),
        owner: lead.owner.json(),
        entity: lead.entity(),
        lead_type: lead.kind,
    };
    held.leads.push(lead);
    told
}

impl Lead {
    fn entity(&self) -> Value {
        let (kind, urn) = &self.entity;
        json!({ *kind: urn })
    }
}

impl Held {
    /// Leads that are there from the beginning are given shortly before the first look at them.
    fn seed(&mut self, now: i64) {
        if !self.seeded {
            self.seeded = true;
            self.leads = seed::leads(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_projection_names_its_outermost_fields() {
        assert_eq!(names("id,form:(id,content:(questions)),owner"), ["id", "form", "owner"]);
        assert_eq!(names("id"), ["id"]);
    }
}
