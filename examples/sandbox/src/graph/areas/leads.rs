//! Lead forms and leads.

mod access;
mod form_rules;
mod forms;
mod records;
mod test_leads;

use std::collections::BTreeMap;

use http::Method;
use serde_json::json;

use self::{forms::Form, records::Record};
use super::{
    super::{Call, Outcome, answer::GraphError, caller::Caller},
    ads::Kind,
};
use crate::clock::wall_millis;

/// The form of the first Page that exists before anyone makes one. Leads of webhooks come from it.
pub(crate) const FORM: &str = "5550000000000001";
/// The ad of the ad account that has brought leads.
pub(crate) use super::ads::AD;
/// A lead an hour old, without an ad.
pub(crate) const LEAD: &str = "90071992547400001";
/// A lead two hours old, through the ad.
pub(crate) const AD_LEAD: &str = "90071992547400002";
/// A lead that is too old to be read: 100 days.
pub(crate) const EXPIRED_LEAD: &str = "90071992547400003";

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How long leads can be read, in seconds.
const RETENTION: i64 = 90 * DAY;

/// What the platform holds of it.
#[derive(Debug)]
pub(crate) struct Held {
    forms: BTreeMap<String, Form>,
    leads: BTreeMap<String, Record>,
}

impl Default for Held {
    /// Made when the sandbox starts: what came in before counts from then.
    fn default() -> Self {
        let now = wall_millis().div_euclid(1000);
        let form = Form::furnished(now - 120 * DAY);
        let mut leads = BTreeMap::new();
        for (id, age, ad) in
            [(LEAD, HOUR, false), (AD_LEAD, 2 * HOUR, true), (EXPIRED_LEAD, 100 * DAY, false)]
        {
            leads.insert(id.to_owned(), Record::furnished(now - age, ad));
        }
        Self { forms: BTreeMap::from([(FORM.to_owned(), form)]), leads }
    }
}

/// Answers the call if it is one of these.
pub(crate) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    let method = call.request.method.clone();
    let held = &call.state.areas.leads;
    let is_page = |id: &str| call.shared.config.world.pages.iter().any(|page| page.id == id);
    let is_form = |id: &str| held.forms.contains_key(id);
    let is_ad = |id: &str| call.state.areas.ads.thing(id).is_some_and(|thing| thing.kind == Kind::Ad);
    let is_lead = |id: &str| held.leads.contains_key(id) || call.state.leads.contains_key(id);
    let answer: fn(&mut Call<'_>, &Caller, &str) -> Outcome = match (path, &method) {
        ([page], &Method::GET) if is_page(page) && access::is_asked(call) => access::read,
        ([page, "leadgen_forms"], _) if is_page(page) => match method {
            Method::GET => forms::list,
            Method::POST => forms::create,
            _ => unsupported,
        },
        ([form], _) if is_form(form) => match method {
            Method::GET => forms::read,
            Method::POST => forms::update,
            _ => unsupported,
        },
        ([form, "leads"], &Method::GET) if is_form(form) => records::of_form,
        ([form, "test_leads"], _) if is_form(form) => match method {
            Method::GET => test_leads::list,
            Method::POST => test_leads::create,
            Method::DELETE => test_leads::delete_all,
            _ => unsupported,
        },
        ([ad, "leads"], &Method::GET) if is_ad(ad) => records::of_ad,
        ([lead], &Method::GET) if is_lead(lead) => records::read,
        ([lead], &Method::DELETE) if is_lead(lead) => test_leads::delete,
        _ => return None,
    };
    let id = path.first().copied().unwrap_or_default();
    let caller = match Caller::of(call) {
        Ok(caller) => caller.ok_or_else(GraphError::no_token),
        Err(error) => Err(error),
    };
    Some(caller.and_then(|caller| answer(call, &caller, id)))
}

fn unsupported(call: &mut Call<'_>, _caller: &Caller, id: &str) -> Outcome {
    Err(GraphError::unsupported(&call.request.method, id))
}

/// The Page that has the form, and the leads, of before the start: the first one that gives out tokens.
fn first_page<'c>(call: &'c Call<'_>) -> &'c str {
    let mut pages = call.shared.config.world.pages.iter();
    pages.find(|page| page.gives_token()).map_or("", |page| page.id.as_str())
}

/// `{"success": true}`
fn success() -> serde_json::Value {
    json!({"success": true})
}
