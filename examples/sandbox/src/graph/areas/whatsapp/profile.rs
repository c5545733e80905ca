//! The business profile of a number.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields},
    MESSAGING, json_only, permitted, product, success,
};

const FIELDS: [&str; 9] = [
    "id",
    "messaging_product",
    "about",
    "address",
    "description",
    "email",
    "profile_picture_url",
    "websites",
    "vertical",
];

const VERTICALS: [&str; 23] = [
    "UNDEFINED",
    "ALCOHOL",
    "APPAREL",
    "AUTO",
    "BEAUTY",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GOVT",
    "GROCERY",
    "HEALTH",
    "HOTEL",
    "NONPROFIT",
    "ONLINE_GAMBLING",
    "OTC_DRUGS",
    "OTHER",
    "PHYSICAL_GAMBLING",
    "PROF_SERVICES",
    "RESTAURANT",
    "RETAIL",
    "TRAVEL",
    "NOT_A_BIZ",
];

/// `/{phone}/whatsapp_business_profile`
pub(super) fn route(call: &mut Call<'_>, id: &str) -> Outcome {
    permitted(call, id, &[MESSAGING])?;
    match call.request.method {
        Method::GET => read(call, id),
        Method::POST => update(call, id),
        _ => Err(GraphError::unsupported(&call.request.method, id)),
    }
}

fn read(call: &Call<'_>, id: &str) -> Outcome {
    let mut profile = call.state.areas.whatsapp.number(id)?.profile.clone();
    profile.insert("messaging_product".to_owned(), json!("whatsapp"));
    let default = ["messaging_product"];
    let one = fields::select(call, "WhatsAppBusinessProfile", &profile, &FIELDS, &default)?;
    Ok(json!({"data": [one]}))
}

fn update(call: &mut Call<'_>, id: &str) -> Outcome {
    json_only(call)?;
    call.params.only(&[
        "messaging_product",
        "about",
        "address",
        "description",
        "email",
        "websites",
        "vertical",
        "profile_picture_handle",
    ])?;
    product(call)?;
    let mut changes: Map<String, Value> = Map::new();
    for (name, least, most) in
        [("about", 1, 139), ("address", 0, 256), ("description", 0, 512), ("email", 0, 128)]
    {
        let Some(text) = call.params.text(name)? else { continue };
        if !(least..=most).contains(&text.chars().count()) {
            let message = format!("Param {name} must be {least} to {most} characters long.");
            return Err(GraphError::parameter(message));
        }
        if name == "email" && !text.is_empty() && !text.contains('@') {
            return Err(GraphError::parameter("Param email must be a valid email."));
        }
        changes.insert(name.to_owned(), json!(text));
    }
    if let Some(sites) = call.params.list("websites")? {
        let good = |site: &String| {
            site.len() <= 256
                && url::Url::parse(site).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        };
        if sites.len() > 2 || !sites.iter().all(good) {
            return Err(GraphError::parameter(
                "Param websites must be at most 2 addresses of 256 characters.",
            ));
        }
        changes.insert("websites".to_owned(), json!(sites));
    }
    if let Some(vertical) = call.params.text("vertical")? {
        if !VERTICALS.contains(&vertical.as_str()) {
            let known = VERTICALS.join(", ");
            return Err(GraphError::parameter(format!("Param vertical must be one of {{{known}}}.")));
        }
        changes.insert("vertical".to_owned(), json!(vertical));
    }
    if let Some(handle) = call.params.text("profile_picture_handle")? {
        if handle.is_empty() {
            return Err(GraphError::parameter("Param profile_picture_handle is no handle of an upload."));
        }
        let url = "https://pps.whatsapp.net/sandbox/picture.jpg";
        changes.insert("profile_picture_url".to_owned(), json!(url));
    }
    call.state.areas.whatsapp.number_mut(id)?.profile.extend(changes);
    Ok(success())
}
