//! `/rest/adAccounts` and `/rest/adAccountUsers` (LinkedIn: Create and Manage Accounts, Account Users).

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, created, entity, no_content},
        api::{Call, collection, demand_method, expect_method, json_object},
        post_rules::{known_only, required_text},
        restli::{Element, decode_text},
    },
    Account, page, patch, permit, role, scoped,
    search::Search,
    seed::stamps,
};

const RESOURCE: &str = "adAccounts";
const USERS: &str = "adAccountUsers";
/// Fields accounts are searched by, beside `test`.
const SEARCHED: [&str; 5] = ["status", "type", "reference", "name", "id"];
const TYPES: [&str; 2] = ["BUSINESS", "ENTERPRISE"];

pub(super) fn all(call: &mut Call<'_>) -> Result<Response, ApiError> {
    match call.request.method {
        Method::GET if call.query.text("q")?.is_some() => {
            expect_method(call, "finder")?;
            search(call)
        }
        Method::GET => {
            expect_method(call, "batch_get")?;
            by_ids(call)
        }
        Method::POST => {
            expect_method(call, "create")?;
            create(call)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn search(call: &mut Call<'_>) -> Result<Response, ApiError> {
    if call.query.required("q")? != "search" {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    page::refuse_offset(call)?;
    call.query.only(&["q", "search", "pageSize", "pageToken", "sortOrder"])?;
    let search = Search::read(call, &SEARCHED)?;
    scoped(call, RESOURCE, "FINDER-search", false)?;
    let accounts = call.state.linkedin.ads.accounts.iter();
    let elements: Vec<Value> = accounts
        .filter(|account| role(call, &account.id).is_some() && search.finds(&account.body))
        .map(|account| Value::Object(account.body.clone()))
        .collect();
    page::answer(call, &elements)
}

fn body_of(call: &Call<'_>, id: &str) -> Option<Value> {
    let mut accounts = call.state.linkedin.ads.accounts.iter();
    accounts.find(|account| account.id == id).map(|account| Value::Object(account.body.clone()))
}

fn by_ids(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    let ids = call.query.texts("ids")?.ok_or_else(ApiError::method_not_allowed)?;
    scoped(call, RESOURCE, "BATCH_GET", false)?;
    let fate = |id: &String| {
        permit(call, RESOURCE, "BATCH_GET", id, false)?;
        body_of(call, id).ok_or_else(ApiError::not_found)
    };
    let fates = ids.iter().map(|id| (id.clone(), fate(id))).collect();
    Ok(batch(call.state, fates))
}

/// An app with development access makes one account, and that for tests.
fn create(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    scoped(call, RESOURCE, "CREATE", true)?;
    let mut body = json_object(call)?;
    known_only(
        &body,
        &[
            "currency",
            "name",
            "type",
            "test",
            "reference",
            "notifiedOnCampaignOptimization",
            "notifiedOnCreativeApproval",
            "notifiedOnCreativeRejection",
            "notifiedOnEndOfCampaign",
        ],
        "",
    )?;
    required_text(&body, "name", "/name")?;
    let kind = required_text(&body, "type", "/type")?;
    if !TYPES.contains(&kind.as_str()) {
        return Err(ApiError::field("FIELD_INVALID", "/type", "it must be BUSINESS or ENTERPRISE"));
    }
    let currency = body.get("currency").and_then(Value::as_str).unwrap_or("USD").to_owned();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(ApiError::field("FIELD_INVALID", "/currency", "it must be a currency code"));
    }
    if body.get("test") != Some(&Value::Bool(true)) {
        return Err(super::denied(call, RESOURCE, "CREATE"));
    }
    if call.state.linkedin.ads.has_test_account {
        let message = "The application has its test account already";
        return Err(ApiError::new(400, message).code("TEST_ACCOUNT_LIMIT_REACHED"));
    }
    let number = call.state.number().saturating_add(506_080_000);
    let now = call.state.now();
    for (name, value) in [
        ("id", json!(number)),
        ("status", json!("ACTIVE")),
        ("currency", json!(currency)),
        ("servingStatuses", json!(["RUNNABLE"])),
        ("version", json!({"versionTag": "1"})),
        ("changeAuditStamps", stamps(now)),
    ] {
        body.insert(name.to_owned(), value);
    }
    let made = Account { id: number.to_string(), made_by: Some(call.member.id.clone()), body };
    let ads = &mut call.state.linkedin.ads;
    ads.accounts.push(made);
    ads.has_test_account = true;
    Ok(created(call.state, RESOURCE, &number.to_string()))
}

pub(super) fn one(call: &mut Call<'_>, key: &str) -> Result<Response, ApiError> {
    let id = decode_text(key).unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::illegal_argument("Syntax exception in path variables"));
    }
    call.query.only(&[])?;
    match call.request.method {
        Method::GET => {
            expect_method(call, "get")?;
            permit(call, RESOURCE, "GET", &id, false)?;
            let body = body_of(call, &id).ok_or_else(ApiError::not_found)?;
            Ok(entity(call.state, &body))
        }
        Method::POST => {
            demand_method(call, "partial_update")?;
            permit(call, RESOURCE, "PARTIAL_UPDATE", &id, true)?;
            let Some(Value::Object(mut body)) = body_of(call, &id) else { return Err(ApiError::not_found()) };
            patch::apply(call, &mut body)?;
            let mut accounts = call.state.linkedin.ads.accounts.iter_mut();
            if let Some(account) = accounts.find(|account| account.id == id) {
                account.body = body;
            }
            Ok(no_content(call.state))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// `q=authenticatedUser`: the caller's roles; `q=accounts`: the users of an account.
pub(super) fn users(call: &mut Call<'_>) -> Result<Response, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method_not_allowed());
    }
    expect_method(call, "finder")?;
    let finder = call.query.required("q")?;
    let wanted = match finder.as_str() {
        "authenticatedUser" => {
            call.query.only(&["q", "start", "count"])?;
            None
        }
        "accounts" => {
            call.query.only(&["q", "accounts", "start", "count"])?;
            Some(call.query.required("accounts")?)
        }
        _ => return Err(ApiError::illegal_argument("Parameter 'q' is invalid")),
    };
    scoped(call, USERS, &format!("FINDER-{finder}"), false)?;
    let accounts = call.state.linkedin.ads.accounts.iter();
    let elements: Vec<Value> = accounts
        .filter(|account| wanted.as_ref().is_none_or(|urn| *urn == account.urn()))
        .filter_map(|account| Some(user_of(call, account, role(call, &account.id)?)))
        .collect();
    collection(call, &elements)
}

fn user_of(call: &Call<'_>, account: &Account, role: &str) -> Value {
    json!({
        "account": account.urn(),
        "user": call.member.urn(),
        "role": role,
        "changeAuditStamps": account.body.get("changeAuditStamps"),
    })
}

/// `GET /adAccountUsers/(account:…,user:…)`.
pub(super) fn user(call: &mut Call<'_>, key: &str) -> Result<Response, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method_not_allowed());
    }
    expect_method(call, "get")?;
    call.query.only(&[])?;
    let element = Element::parse(key);
    let part = |name: &str| element.as_ref()?.field(name)?.as_text().map(str::to_owned);
    let (Some(account), Some(user)) = (part("account"), part("user")) else {
        return Err(ApiError::illegal_argument("Syntax exception in path variables"));
    };
    scoped(call, USERS, "GET", false)?;
    let mut accounts = call.state.linkedin.ads.accounts.iter();
    let found = accounts.find(|known| known.urn() == account && user == call.member.urn());
    let found = found.and_then(|account| Some(user_of(call, account, role(call, &account.id)?)));
    let found = found.ok_or_else(ApiError::not_found)?;
    Ok(entity(call.state, &found))
}
