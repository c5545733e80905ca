//! Campaign groups, campaigns and creatives below `/rest/adAccounts/{id}` (LinkedIn: Create and Manage Campaign Groups,
//! Campaigns, Creatives).

use axum::response::Response;
use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, created, entity, no_content},
        api::{Call, demand_method, expect_method, json_object},
        post_rules::required_text,
        restli::decode_text,
    },
    Kind, Thing, id_of, page, patch, permit,
    search::Search,
    seed::stamps,
};

/// Parameters of the search for creatives.
const CREATIVES: [&str; 8] = [
    "q",
    "campaigns",
    "creatives",
    "contentReferences",
    "intendedStatuses",
    "pageSize",
    "pageToken",
    "sortOrder",
];
/// How the posts begin that a creative can show.
const POSTS: [&str; 2] = ["urn:li:share:", "urn:li:ugcPost:"];

pub(super) fn all(call: &mut Call<'_>, account: &str, kind: Kind) -> Result<Response, ApiError> {
    let finder = call.query.text("q")?;
    match (call.request.method.clone(), finder) {
        (Method::GET, Some(finder)) => find(call, account, kind, &finder),
        (Method::GET, None) => {
            expect_method(call, "batch_get")?;
            by_ids(call, account, kind)
        }
        (Method::POST, _) => {
            expect_method(call, "create")?;
            create(call, account, kind)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn find(call: &mut Call<'_>, account: &str, kind: Kind, finder: &str) -> Result<Response, ApiError> {
    let named = if kind == Kind::Creative { "criteria" } else { "search" };
    if finder != named {
        return Err(ApiError::illegal_argument("Parameter 'q' is invalid"));
    }
    page::refuse_offset(call)?;
    let fits: Box<dyn Fn(&Thing) -> bool> = if kind == Kind::Creative {
        // The address alone could be another call here.
        demand_method(call, "finder")?;
        call.query.only(&CREATIVES)?;
        let criteria = [
            ("campaign", urns(call, "campaigns", &[Kind::Campaign.urn("")])?),
            ("id", urns(call, "creatives", &[Kind::Creative.urn("")])?),
            ("content/reference", urns(call, "contentReferences", &POSTS.map(str::to_owned))?),
            ("intendedStatus", call.query.texts("intendedStatuses")?),
        ];
        Box::new(move |thing| {
            criteria.iter().all(|(field, values)| {
                let mut path = field.split('/');
                let value = path.next().and_then(|name| thing.body.get(name));
                let value = path.fold(value, |value, name| value?.get(name));
                let text = value.and_then(Value::as_str).unwrap_or_default();
                values.as_ref().is_none_or(|values| values.iter().any(|value| value == text))
            })
        })
    } else {
        expect_method(call, "finder")?;
        call.query.only(&["q", "search", "pageSize", "pageToken", "sortOrder"])?;
        let fields: &[&str] = match kind {
            Kind::Campaign => &["status", "type", "name", "id", "campaignGroup", "associatedEntity"],
            _ => &["status", "name", "id"],
        };
        let search = Search::read(call, fields)?;
        Box::new(move |thing| search.finds(&thing.body))
    };
    permit(call, kind.collection(), &format!("FINDER-{named}"), account, false)?;
    let things = call.state.linkedin.ads.things.iter();
    let elements: Vec<Value> = things
        .filter(|thing| thing.kind == kind && thing.account == account && fits(thing))
        .map(|thing| Value::Object(thing.body.clone()))
        .collect();
    page::answer(call, &elements)
}

/// A list of URNs that begin so.
fn urns(call: &Call<'_>, name: &str, starts: &[String]) -> Result<Option<Vec<String>>, ApiError> {
    let urns = call.query.texts(name)?;
    if urns.iter().flatten().any(|urn| !starts.iter().any(|start| urn.starts_with(start))) {
        let message = format!("Parameter '{name}' is invalid: it must hold {}…", starts.join("… or "));
        return Err(ApiError::new(400, message).code("INVALID_URN_TYPE"));
    }
    Ok(urns)
}

fn body_of(call: &Call<'_>, account: &str, kind: Kind, id: &str) -> Option<Map<String, Value>> {
    let mut things = call.state.linkedin.ads.things.iter();
    let found = things.find(|thing| thing.kind == kind && thing.account == account && thing.id == id);
    found.map(|thing| thing.body.clone())
}

/// The id in a key: a number, for creatives a URN.
fn read_id(kind: Kind, key: &str) -> Option<String> {
    let id = if kind == Kind::Creative { key.strip_prefix(&kind.urn(""))? } else { key };
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
}

fn by_ids(call: &mut Call<'_>, account: &str, kind: Kind) -> Result<Response, ApiError> {
    call.query.only(&["ids"])?;
    let keys = call.query.texts("ids")?.ok_or_else(ApiError::method_not_allowed)?;
    permit(call, kind.collection(), "BATCH_GET", account, false)?;
    let fate = |key: &String| {
        let id = read_id(kind, key).ok_or_else(ApiError::not_found)?;
        body_of(call, account, kind, &id).map(Value::Object).ok_or_else(ApiError::not_found)
    };
    let fates = keys.iter().map(|key| (key.clone(), fate(key))).collect();
    Ok(batch(call.state, fates))
}

fn create(call: &mut Call<'_>, account: &str, kind: Kind) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    permit(call, kind.collection(), "CREATE", account, true)?;
    let mut body = json_object(call)?;
    let owner = format!("urn:li:sponsoredAccount:{account}");
    if body.get("account").is_some_and(|urn| *urn != owner) {
        return Err(ApiError::field("FIELD_INVALID", "/account", "it is not the account of the address"));
    }
    if let Some(fixed) = ["id", "changeAuditStamps"].into_iter().find(|name| body.contains_key(*name)) {
        return Err(ApiError::field("FIELD_INVALID", &format!("/{fixed}"), "it is LinkedIn's to give"));
    }
    let parent = match kind {
        Kind::Group => None,
        Kind::Campaign => body.get("campaignGroup").map(|_| ("campaignGroup", Kind::Group)),
        Kind::Creative => Some(("campaign", Kind::Campaign)),
    };
    if let Some((field, of)) = parent {
        let path = format!("/{field}");
        let urn = required_text(&body, field, &path)?;
        if !urn.starts_with(&of.urn("")) {
            return Err(ApiError::field("INVALID_URN_TYPE", &path, "it is another kind of URN"));
        }
        if body_of(call, account, of, id_of(&urn)).is_none() {
            return Err(ApiError::field("INVALID_URN_ID", &path, "there is no such thing in the account"));
        }
    }
    if kind != Kind::Creative {
        required_text(&body, "name", "/name")?;
    }
    let number = call.state.number().saturating_add(708_100_000);
    let now = call.state.now();
    let thing_id = number.to_string();
    let id = if kind == Kind::Creative { kind.urn(&thing_id) } else { thing_id.clone() };
    body.insert("account".to_owned(), json!(owner));
    body.insert("id".to_owned(), if kind == Kind::Creative { json!(id) } else { json!(number) });
    body.insert("changeAuditStamps".to_owned(), stamps(now));
    let status = if kind == Kind::Creative { "intendedStatus" } else { "status" };
    body.entry(status).or_insert(json!("DRAFT"));
    let made = Thing { kind, account: account.to_owned(), id: thing_id, body };
    call.state.linkedin.ads.things.push(made);
    let collection = format!("adAccounts/{account}/{}", kind.collection());
    Ok(created(call.state, &collection, &id))
}

pub(super) fn one(call: &mut Call<'_>, account: &str, kind: Kind, key: &str) -> Result<Response, ApiError> {
    call.query.only(&[])?;
    let id = decode_text(key).and_then(|key| read_id(kind, &key));
    let id = id.ok_or_else(|| ApiError::illegal_argument("Syntax exception in path variables"))?;
    let resource = kind.collection();
    match call.request.method {
        Method::GET => {
            expect_method(call, "get")?;
            permit(call, resource, "GET", account, false)?;
            let body = body_of(call, account, kind, &id).ok_or_else(ApiError::not_found)?;
            Ok(entity(call.state, &Value::Object(body)))
        }
        Method::POST => {
            demand_method(call, "partial_update")?;
            permit(call, resource, "PARTIAL_UPDATE", account, true)?;
            let mut body = body_of(call, account, kind, &id).ok_or_else(ApiError::not_found)?;
            patch::apply(call, &mut body)?;
            let mut things = call.state.linkedin.ads.things.iter_mut();
            let found = things.find(|thing| thing.kind == kind && thing.account == account && thing.id == id);
            if let Some(thing) = found {
                thing.body = body;
            }
            Ok(no_content(call.state))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}
