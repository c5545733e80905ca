//! How far a lead has come: kept, and told to the platform that brought it.

use serde::Serialize;
use sociogram::{
    api_core::Timestamp,
    capi::{
        PrepareOptions, UserData,
        leads::{click_to_whatsapp, lead_event},
        linkedin::LinkedInEvent,
        outbox::{EntryId, Platform, Route},
    },
    linkedin_api::{ConversionUrn, LeadUrn},
    webhook_verify::Provider,
};

use crate::{
    app::App,
    conversions::{Intake, find_sender, one_for_linkedin, one_for_meta, word},
    problem::Problem,
    records::{Kept, Lead, LeadStatus},
};

/// What Meta gets as the name of the CRM.
const CRM: &str = "sociogram reference server";

/// What a change did.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    pub(crate) lead: Kept<Lead>,
    /// The event that tells the platform.
    pub(crate) conversion: Option<Conversion>,
    /// Why there is no event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) untold: Option<String>,
}

/// The event of a lead and a status.
#[derive(Debug, Serialize)]
pub(crate) struct Conversion {
    pub(crate) id: EntryId,
    pub(crate) platform: &'static str,
    pub(crate) name: String,
    /// Whether the platform was told of this status before; nothing is sent twice.
    pub(crate) repeated: bool,
}

/// An event for a platform, and why there may be none.
type Telling = Result<(Route, Intake), String>;

/// Keeps the status, and has the platform told.
pub(crate) async fn change(app: &App, id: i64, status: LeadStatus) -> Result<Changed, Problem> {
    let now = app.timer.now();
    let lead =
        app.records.set_lead_status(app.tenant(), id, status, now).await?.ok_or_else(|| {
            Problem::not_found("there is no lead with this id", "take an id of GET /api/leads")
        })?;
    let (route, intake) = match telling(app, &lead.record, status, now).await? {
        Ok(event) => event,
        Err(untold) => return Ok(Changed { lead, conversion: None, untold: Some(untold) }),
    };
    let platform = word(route.platform);
    let name = intake.events.first().map(|(_, event)| event.name.clone()).unwrap_or_default();
    let recorded = app.outbox.record(route, intake).await?;
    let conversion = recorded.only().map(|(id, repeated)| Conversion { id, platform, name, repeated });
    let untold = match &conversion {
        Some(_) => None,
        None => {
            Some(format!("{platform} would refuse it: {}", recorded.refusal().unwrap_or("no reason is told")))
        }
    };
    Ok(Changed { lead, conversion, untold })
}

async fn telling(app: &App, lead: &Lead, status: LeadStatus, now: Timestamp) -> Result<Telling, Problem> {
    let is_linkedin = lead.provider == Provider::LinkedIn.as_str();
    let platform = if is_linkedin { Platform::LinkedIn } else { Platform::Meta };
    let nothing = |of: &str, variable: &str| Ok(Err(format!("no {of} is set for {status}; see {variable}")));
    // What is missing in the settings is told before a missing connection is.
    let (name, rule) = match (is_linkedin, &lead.click) {
        (true, _) => match app.leads.linkedin(status) {
            Some(rule) => (None, Some(rule)),
            None => return nothing("conversion rule", "LINKEDIN_CONVERSION_RULE"),
        },
        (false, Some(_)) => match app.leads.whatsapp(status) {
            Some(name) => (Some(name), None),
            None => return nothing("event", "WHATSAPP_LEAD_EVENTS"),
        },
        (false, None) => match app.leads.meta(status) {
            Some(name) => (Some(name), None),
            None => return nothing("event", "LEAD_EVENTS"),
        },
    };
    if !is_linkedin && app.facebook.dataset.is_none() {
        return Ok(Err("no dataset is set; see META_DATASET_ID".to_owned()));
    }
    let Some(connection) = find_sender(app, platform).await? else {
        return Ok(Err(format!("no connection may send events to {}; connect an account", word(platform))));
    };
    Ok(match (name, rule, &app.facebook.dataset) {
        (_, Some(rule), _) => {
            let route = Route::linkedin(app.tenant(), connection.id);
            for_linkedin(rule, lead, status, now).map(|event| (route, one_for_linkedin(event, now)))
        }
        (Some(name), None, Some(dataset)) => {
            let options = PrepareOptions::new(now);
            let route = Route::meta(app.tenant(), connection.id, dataset.to_string());
            let event = match &lead.click {
                Some(click) => click_to_whatsapp(click, &lead.account, name, now),
                None => lead_event(&lead.external_id, now, name, CRM),
            };
            let event = event.event_id(event_id(lead, status)).map_user_data(|user| contact(user, lead));
            Ok((route.with_envelope(options.envelope()), one_for_meta(event.build(), &options)))
        }
        _ => Err("no dataset is set; see META_DATASET_ID".to_owned()),
    })
}

fn for_linkedin(
    rule: &ConversionUrn,
    lead: &Lead,
    status: LeadStatus,
    now: Timestamp,
) -> Result<LinkedInEvent, String> {
    let urn: LeadUrn = lead.external_id.parse().map_err(|_| "the lead has no URN".to_owned())?;
    let user = match &lead.email {
        Some(email) => UserData::new().email(email.as_str()),
        None => UserData::new(),
    };
    Ok(LinkedInEvent::from_parts(rule.clone(), now, user).lead(urn).event_id(event_id(lead, status)))
}

/// The same for every change of a lead to a status: what was told is not told again.
fn event_id(lead: &Lead, status: LeadStatus) -> String {
    format!("lead-{}-{status}", lead.external_id)
}

/// What helps to match the person; it is hashed.
fn contact(mut user: UserData, lead: &Lead) -> UserData {
    if let Some(email) = &lead.email {
        user = user.email(email.as_str());
    }
    if let Some(phone) = &lead.phone {
        user = user.phone(phone.as_str());
    }
    user
}
