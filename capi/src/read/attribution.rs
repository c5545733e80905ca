//! `attribution_data` from JSON. Members this version does not know are kept: partners get new ones in betas.

use serde_json::value::RawValue;

use super::json::{Problems, join};
use crate::attribution::{AttributionData, AttributionSetting};

pub(super) fn read(raw: &RawValue, problems: &mut Problems) -> Option<AttributionData> {
    let mut data = AttributionData::new();
    for (name, raw) in problems.object("attribution_data", raw)?.0 {
        let path = join("attribution_data", &name);
        match name.as_str() {
            "scope" => data.scope = problems.text(&path, raw),
            "visit_time" => data.visit_time = problems.seconds(&path, raw),
            "ad_id" => data.ad_id = problems.id(&path, raw),
            "adset_id" => data.adset_id = problems.id(&path, raw),
            "campaign_id" => data.campaign_id = problems.id(&path, raw),
            "attribution_share" => data.attribution_share = problems.decimal(&path, raw),
            "attribution_model" => data.attribution_model = problems.word(&path, raw),
            "attr_window" => data.attr_window = problems.whole(&path, raw),
            "attribution_value" => data.attribution_value = problems.decimal(&path, raw),
            "attribution_source" => data.attribution_source = problems.text(&path, raw),
            "touchpoint_type" => data.touchpoint_type = problems.text(&path, raw),
            "touchpoint_ts" => data.touchpoint_ts = problems.seconds(&path, raw),
            "attribution_method" => data.attribution_method = problems.word(&path, raw),
            "decline_reason" => data.decline_reason = problems.word(&path, raw),
            "auditing_token" => data.auditing_token = problems.text(&path, raw),
            "linkage_key" => data.linkage_key = problems.text(&path, raw),
            "touchpoint_id" => data.touchpoint_id = problems.id(&path, raw),
            "attribution_setting" => data.attribution_setting = setting(&path, raw, problems),
            "total_credit" => data.total_credit = problems.decimal(&path, raw),
            "partner_client_id" => data.partner_client_id = problems.id(&path, raw),
            _ => data.more.extend(problems.any(&path, raw).map(|value| (name, value))),
        }
    }
    Some(data)
}

fn setting(path: &str, raw: &RawValue, problems: &mut Problems) -> Option<AttributionSetting> {
    let mut data = AttributionSetting::new();
    for (name, raw) in problems.object(path, raw)?.0 {
        let path = join(path, &name);
        match name.as_str() {
            "inactivity_window_hours" => data.inactivity_window_hours = problems.whole(&path, raw),
            "reattribution_window_hours" => data.reattribution_window_hours = problems.whole(&path, raw),
            _ => data.more.extend(problems.any(&path, raw).map(|value| (name, value))),
        }
    }
    Some(data)
}
