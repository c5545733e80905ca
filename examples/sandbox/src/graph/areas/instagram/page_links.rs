//! Paging of content: the neighbours' addresses repeat what the list was narrowed to.

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, paging};
use crate::request::encode_form;

/// One page of a list. `kept` names the parameters that the addresses of its neighbours repeat.
pub(in super::super) fn page(call: &Call<'_>, path: &str, items: &[Value], kept: &[&str]) -> Outcome {
    let mut page = paging::page(call, path, items)?;
    for name in ["next", "previous"] {
        let Some(link) = page.pointer_mut(&format!("/paging/{name}")) else { continue };
        let mut address = link.as_str().unwrap_or_default().to_owned();
        for parameter in kept {
            if let Some(value) = call.params.text(parameter)? {
                address = format!("{address}&{}", encode_form(&[(*parameter, &value)]));
            }
        }
        *link = json!(address);
    }
    Ok(page)
}
