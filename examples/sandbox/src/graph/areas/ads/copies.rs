//! Copies of campaigns, ad sets and ads.

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::{
    Kind, Thing,
    forms::{self, Form, Table},
    new_id, rows, writer,
};

const PARAMS: &Table = &[
    ("deep_copy", Form::Flag),
    ("status_option", Form::Word(&["ACTIVE", "PAUSED", "INHERITED_FROM_SOURCE"])),
    ("rename_options", Form::Json),
    ("campaign_id", Form::Text),
    ("adset_id", Form::Text),
    ("start_time", Form::Moment),
    ("end_time", Form::Moment),
];

/// `POST /{id}/copies`.
pub(super) fn copy(call: &mut Call<'_>, thing: &Thing) -> Outcome {
    writer(call, thing.account)?;
    let sent = forms::read(call, PARAMS, &[])?;
    let name = match thing.kind {
        Kind::Campaign => "copied_campaign_id",
        Kind::AdSet => "copied_adset_id",
        Kind::Ad => "copied_ad_id",
        _ => return Err(GraphError::unsupported(&call.request.method, &thing.id)),
    };
    let text = |key: &str| sent.get(key).and_then(Value::as_str).map(str::to_owned);
    let target = match thing.kind {
        Kind::AdSet => text("campaign_id"),
        Kind::Ad => text("adset_id"),
        _ => None,
    };
    let above = if thing.kind == Kind::AdSet { Kind::Campaign } else { Kind::AdSet };
    if let Some(target) = &target
        && !call.state.areas.ads.thing(target).is_some_and(|known| known.kind == above)
    {
        return Err(GraphError::parameter("The object to copy into does not exist."));
    }
    let options = Options {
        deep: sent.get("deep_copy") == Some(&Value::Bool(true)),
        status: text("status_option").unwrap_or_else(|| "PAUSED".to_owned()),
        suffix: sent.get("rename_options").and_then(|options| options.get("rename_suffix")).cloned(),
    };
    let mut made = Vec::new();
    let id = one(call, thing, target.or_else(|| thing.parent.clone()), &options, &mut made);
    Ok(json!({name: id, "ad_object_ids": made}))
}

struct Options {
    deep: bool,
    status: String,
    suffix: Option<Value>,
}

fn one(
    call: &mut Call<'_>,
    thing: &Thing,
    parent: Option<String>,
    options: &Options,
    made: &mut Vec<Value>,
) -> String {
    let id = new_id(call, thing.kind);
    let mut fields = thing.fields.clone();
    let now = rows::now(call);
    fields.insert("created_time".to_owned(), now.clone());
    fields.insert("updated_time".to_owned(), now);
    if options.status != "INHERITED_FROM_SOURCE" {
        fields.insert("status".to_owned(), json!(options.status));
    }
    if let Some(suffix) = options.suffix.as_ref().and_then(Value::as_str) {
        fields.insert("name".to_owned(), json!(format!("{}{suffix}", thing.text("name"))));
    }
    let (source, kind_name) = match thing.kind {
        Kind::Campaign => ("source_campaign_id", "campaign"),
        Kind::AdSet => ("source_adset_id", "ad_set"),
        _ => ("source_ad_id", "ad"),
    };
    fields.insert(source.to_owned(), json!(thing.id));
    if let Some(parent) = &parent {
        match thing.kind {
            Kind::AdSet => {
                fields.insert("campaign_id".to_owned(), json!(parent));
            }
            Kind::Ad => {
                let campaign = call.state.areas.ads.thing(parent).map(|known| known.text("campaign_id"));
                fields.insert("campaign_id".to_owned(), json!(campaign));
                fields.insert("adset_id".to_owned(), json!(parent));
            }
            _ => {}
        }
    }
    let made_at = call.state.now_seconds();
    let copy = Thing { id: id.clone(), parent, made: made_at, delivered: false, fields, ..thing.clone() };
    call.state.areas.ads.things.push(copy);
    made.push(json!({"ad_object_type": kind_name, "source_id": thing.id, "copied_id": id}));
    if options.deep {
        let below: Vec<Thing> = call
            .state
            .areas
            .ads
            .things
            .iter()
            .filter(|below| below.parent.as_deref() == Some(&thing.id) && below.text("status") != "DELETED")
            .cloned()
            .collect();
        for child in below {
            one(call, &child, Some(id.clone()), options, made);
        }
    }
    id
}
