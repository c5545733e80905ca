//! Likes of the Page itself, and reactions.

use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, fields, paging},
    READ, WRITE, allow, one_of,
};

pub(super) const TYPES: [&str; 12] =
    ["LIKE", "LOVE", "CARE", "HAHA", "WOW", "SAD", "ANGRY", "THANKFUL", "PRIDE", "FIRE", "HUNDRED", "NONE"];

pub(super) fn like(call: &mut Call<'_>, page: &str, on: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    call.params.only(&[])?;
    call.state.areas.page_talk.likes.insert((page.to_owned(), on.to_owned()));
    Ok(json!({"success": true}))
}

pub(super) fn unlike(call: &mut Call<'_>, page: &str, on: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    call.params.only(&[])?;
    call.state.areas.page_talk.likes.remove(&(page.to_owned(), on.to_owned()));
    Ok(json!({"success": true}))
}

/// How many reactions of a type, or of any, something has. Only the Page reacts here, and it likes.
pub(super) fn count(call: &Call<'_>, on: &str, kind: Option<&str>) -> usize {
    let is_likes = kind.is_none_or(|kind| kind == "LIKE");
    call.state.areas.page_talk.likes.iter().filter(|(_, object)| is_likes && object == on).count()
}

pub(super) fn list(call: &mut Call<'_>, page: &str, on: &str, edge: &str) -> Outcome {
    allow(call, page, &READ)?;
    let kind = if edge == "reactions" { one_of(call, "type", &TYPES)? } else { None };
    let mut pages = call.shared.config.world.pages.iter();
    let name = pages.find(|known| known.id == page).map(|known| known.name.clone());
    let mut object = Map::new();
    for (field, value) in [("id", json!(page)), ("name", json!(name)), ("type", json!("LIKE"))] {
        object.insert(field.to_owned(), value);
    }
    let total = count(call, on, kind.as_deref());
    let one = fields::select(call, "Reaction", &object, &["id", "name", "type"], &["id", "name", "type"])?;
    let all: Vec<Value> = std::iter::repeat_n(one, total).collect();
    let mut answer = paging::page(call, &format!("{on}/{edge}"), &all)?;
    if let (Some(_), Some(fields)) = (call.params.value("summary"), answer.as_object_mut()) {
        let own = if total > 0 { "LIKE" } else { "NONE" };
        fields.insert("summary".to_owned(), json!({"total_count": total, "viewer_reaction": own}));
    }
    Ok(answer)
}
