//! `POST /{ad_account}/advideos` in chunks: a video that is there once all of them are.

use serde_json::{Map, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::super::uploads::chunks;
use super::{Kind, Thing, new_id, rows};

/// What may be said of a video with its last phase.
const ABOUT: [&str; 5] = ["upload_phase", "upload_session_id", "name", "title", "description"];

pub(super) fn phase(call: &mut Call<'_>, account: &'static str, phase: &str) -> Outcome {
    match phase {
        "start" => {
            let video = new_id(call, Kind::Video);
            chunks::start(call, account, &video)
        }
        "transfer" => chunks::transfer(call, account),
        "finish" => finish(call, account),
        "cancel" => chunks::cancel(call, account),
        _ => {
            Err(GraphError::parameter("Param upload_phase must be one of {start, transfer, finish, cancel}."))
        }
    }
}

fn finish(call: &mut Call<'_>, account: &'static str) -> Outcome {
    call.params.only(&ABOUT)?;
    let mut fields = Map::new();
    for name in ["name", "title", "description"] {
        if let Some(text) = call.params.text(name)? {
            fields.insert(name.to_owned(), json!(text));
        }
    }
    let (id, transfer) = chunks::finish(call, account)?;
    if !transfer.is_video() {
        let message = "(#352) The video file you selected is in a format that we don't support.";
        return Err(GraphError::new(400, 352, message).subcode(1_363_024));
    }
    let now = rows::now(call);
    fields.insert("status".to_owned(), json!("ACTIVE"));
    fields.insert("created_time".to_owned(), now.clone());
    fields.insert("updated_time".to_owned(), now);
    let made = call.state.now_seconds();
    let kind = Kind::Video;
    let video = Thing { id, kind, account, parent: None, made, delivered: false, fields };
    call.state.areas.ads.things.push(video);
    Ok(json!({"success": true}))
}
