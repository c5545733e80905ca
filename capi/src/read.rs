//! An [`Event`] from JSON with Meta's member names.

mod attribution;
mod json;
#[cfg(test)]
mod tests;

use serde_json::value::RawValue;
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use crate::app_data::{AppData, EXTINFO_LEN, ExtInfo};
use crate::custom_data::{Content, CustomData};
use crate::data_processing::DataProcessing;
use crate::event::{Event, MessagingOutcomeData, OriginalEventData};
use crate::field::{Field, Kind};
use crate::user_data::{CustomerValue, UserData};
use json::{Members, Problems, join};

pub(crate) fn event(text: &str) -> Result<Event, InvalidRequest> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|why| {
        // Only the place: serde's own message can repeat what it read.
        let place = match why.line() {
            0 | 1 => format!("column {}", why.column()),
            line => format!("line {line}, column {}", why.column()),
        };
        Finding::error("capi.json.syntax", "", "not valid JSON").measured(place)
    })?;
    let mut problems = Problems::default();
    let event = problems.object("", raw).map(|members| from_members(&members, &mut problems));
    match (InvalidRequest::from_findings(problems.0), event) {
        (Some(invalid), _) => Err(invalid),
        (None, Some(event)) => Ok(event),
        (None, None) => Err(Finding::error("capi.json.missing", "", "the event is empty").into()),
    }
}

fn from_members(members: &Members<'_>, problems: &mut Problems) -> Event {
    let mut event = Event::builder(String::new(), Timestamp::UNIX_EPOCH).build();
    let mut processing = DataProcessing::default();
    for (name, raw) in &members.0 {
        match name.as_str() {
            "event_name" => event.name = problems.text(name, raw).unwrap_or_default(),
            "event_time" => {
                let seconds: Option<i64> = problems.whole(name, raw);
                event.time = Timestamp::from_unix_seconds(seconds.unwrap_or_default());
            }
            "user_data" => event.user_data = user_data(raw, problems),
            "event_id" => event.id = problems.id(name, raw),
            "event_source_url" => event.source_url = problems.text(name, raw),
            "referrer_url" => event.referrer_url = problems.text(name, raw),
            "action_source" => event.action_source = problems.word(name, raw),
            "opt_out" => event.opt_out = problems.flag(name, raw),
            "custom_data" => event.custom_data = custom_data(raw, problems),
            "app_data" => event.app_data = app_data(raw, problems),
            "data_processing_options" => processing.options = Some(problems.list(name, raw, Problems::word)),
            "data_processing_options_country" => processing.country = problems.whole(name, raw),
            "data_processing_options_state" => processing.state = problems.whole(name, raw),
            "original_event_data" => event.original_event_data = original(raw, problems),
            "attribution_data" => event.attribution_data = attribution::read(raw, problems).map(Box::new),
            "customer_segmentation" => event.customer_segmentation = problems.word(name, raw),
            "messaging_channel" => event.messaging_channel = problems.word(name, raw),
            "messaging_outcome_data" => event.messaging_outcome_data = outcome(raw, problems),
            "advanced_measurement_table" => event.advanced_measurement_table = problems.text(name, raw),
            "advertiser_tracking_enabled" => event.advertiser_tracking_enabled = problems.bit(name, raw),
            _ => problems.unknown(join("", name)),
        }
    }
    for required in ["event_name", "event_time", "user_data"] {
        if !members.0.iter().any(|(name, _)| name == required) {
            problems.missing(required);
        }
    }
    event.data_processing = (processing != DataProcessing::default()).then_some(processing);
    event
}

fn user_data(raw: &RawValue, problems: &mut Problems) -> UserData {
    let mut user = UserData::new();
    let members = problems.object("user_data", raw).map(|members| members.0).unwrap_or_default();
    for (name, raw) in members {
        let path = join("user_data", &name);
        let Some(field) = Field::in_user_data(&name) else {
            problems.unknown(path);
            continue;
        };
        let values = match field.kind() {
            Kind::HashedList if raw.get().starts_with('[') => problems.list(&path, raw, Problems::text),
            Kind::PlainList if raw.get().starts_with('[') => problems.list(&path, raw, Problems::id),
            Kind::PlainList | Kind::Id => problems.id(&path, raw).into_iter().collect(),
            Kind::HashedList | Kind::Hashed | Kind::Plain | Kind::Business => {
                problems.text(&path, raw).into_iter().collect()
            }
        };
        for value in values {
            user.put(field, CustomerValue::Plain(value));
        }
    }
    user
}

fn custom_data(raw: &RawValue, problems: &mut Problems) -> Option<CustomData> {
    let mut data = CustomData::new();
    for (name, raw) in problems.object("custom_data", raw)?.0 {
        let path = join("custom_data", &name);
        match name.as_str() {
            "value" => data.value = problems.decimal(&path, raw),
            "net_revenue" => data.net_revenue = problems.decimal(&path, raw),
            "predicted_ltv" => data.predicted_ltv = problems.decimal(&path, raw),
            "currency" => data.currency = problems.text(&path, raw),
            "content_name" => data.content_name = problems.text(&path, raw),
            "content_category" => data.content_category = problems.text(&path, raw),
            "content_type" => data.content_type = problems.word(&path, raw),
            "content_ids" => data.content_ids = Some(problems.list(&path, raw, Problems::id)),
            "contents" => data.contents = Some(problems.list(&path, raw, content)),
            "order_id" => data.order_id = problems.id(&path, raw),
            "num_items" => data.num_items = problems.whole(&path, raw),
            "status" => data.status = problems.text(&path, raw),
            "search_string" => data.search_string = problems.text(&path, raw),
            "item_number" => data.item_number = problems.id(&path, raw),
            "delivery_category" => data.delivery_category = problems.word(&path, raw),
            _ => data.properties.extend(problems.any(&path, raw).map(|value| (name, value))),
        }
    }
    Some(data)
}

fn content(problems: &mut Problems, path: &str, raw: &RawValue) -> Option<Content> {
    let mut item = Content::default();
    for (name, raw) in problems.object(path, raw)?.0 {
        let path = join(path, &name);
        match name.as_str() {
            "id" => item.id = problems.id(&path, raw),
            "quantity" => item.quantity = problems.whole(&path, raw),
            "item_price" => item.item_price = problems.decimal(&path, raw),
            "title" => item.title = problems.text(&path, raw),
            "description" => item.description = problems.text(&path, raw),
            "brand" => item.brand = problems.text(&path, raw),
            "category" => item.category = problems.text(&path, raw),
            "delivery_category" => item.delivery_category = problems.word(&path, raw),
            _ => item.properties.extend(problems.any(&path, raw).map(|value| (name, value))),
        }
    }
    Some(item)
}

fn app_data(raw: &RawValue, problems: &mut Problems) -> Option<AppData> {
    let mut data = AppData::default();
    for (name, raw) in problems.object("app_data", raw)?.0 {
        let path = join("app_data", &name);
        match name.as_str() {
            "advertiser_tracking_enabled" => data.advertiser_tracking_enabled = problems.bit(&path, raw),
            "application_tracking_enabled" => data.application_tracking_enabled = problems.bit(&path, raw),
            "campaign_ids" => data.campaign_ids = problems.id(&path, raw),
            "consider_views" => data.consider_views = problems.bit(&path, raw),
            "extinfo" => data.extinfo = extinfo(&path, raw, problems),
            "include_dwell_data" => data.include_dwell_data = problems.bit(&path, raw),
            "include_video_data" => data.include_video_data = problems.bit(&path, raw),
            "install_referrer" => data.install_referrer = problems.text(&path, raw),
            "installer_package" => data.installer_package = problems.text(&path, raw),
            "receipt_data" => data.receipt_data = problems.text(&path, raw),
            "url_schemes" => data.url_schemes = Some(problems.list(&path, raw, Problems::text)),
            "vendor_id" => data.vendor_id = problems.text(&path, raw),
            "windows_attribution_id" => data.windows_attribution_id = problems.text(&path, raw),
            _ => problems.unknown(path),
        }
    }
    Some(data)
}

fn extinfo(path: &str, raw: &RawValue, problems: &mut Problems) -> Option<ExtInfo> {
    let items = problems.items(path, raw);
    let count = items.len();
    let texts: Vec<String> = items
        .into_iter()
        .map(|(path, raw)| if raw.get() == "null" { None } else { number_or_text(problems, &path, raw) })
        .map(Option::unwrap_or_default)
        .collect();
    if let Ok(texts) = <[String; EXTINFO_LEN]>::try_from(texts) {
        return Some(ExtInfo(texts));
    }
    if raw.get().starts_with('[') {
        problems.push(
            Finding::error("capi.extinfo", path.to_owned(), "wrong number of positions")
                .measured(count)
                .allowed(EXTINFO_LEN)
                .advice("keep the order and give \"\" for what is unknown"),
        );
    }
    None
}

/// Screen sizes and the like are often written as numbers.
fn number_or_text(problems: &mut Problems, path: &str, raw: &RawValue) -> Option<String> {
    if raw.get().starts_with('"') {
        return problems.text(path, raw);
    }
    problems.decimal(path, raw).map(|number| number.to_string())
}

fn original(raw: &RawValue, problems: &mut Problems) -> Option<OriginalEventData> {
    let mut data = OriginalEventData::default();
    for (name, raw) in problems.object("original_event_data", raw)?.0 {
        let path = join("original_event_data", &name);
        match name.as_str() {
            "event_name" => data.event_name = problems.text(&path, raw),
            "event_time" => data.event_time = problems.seconds(&path, raw),
            "order_id" => data.order_id = problems.id(&path, raw),
            "event_id" => data.event_id = problems.id(&path, raw),
            _ => problems.unknown(path),
        }
    }
    Some(data)
}

fn outcome(raw: &RawValue, problems: &mut Problems) -> Option<MessagingOutcomeData> {
    let mut data = MessagingOutcomeData::default();
    for (name, raw) in problems.object("messaging_outcome_data", raw)?.0 {
        let path = join("messaging_outcome_data", &name);
        match name.as_str() {
            "outcome_type" => data.outcome_type = problems.word(&path, raw),
            _ => data.more.extend(problems.any(&path, raw).map(|value| (name, value))),
        }
    }
    Some(data)
}
