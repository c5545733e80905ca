//! `/{form}/test_leads`: leads to try a form with, one at a time.

use serde_json::{Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, caller::Caller, paging},
    forms,
    records::{self, Record},
    success,
};

const PERMISSIONS: [&str; 2] = ["leads_retrieval", "pages_manage_ads"];

pub(super) fn list(call: &mut Call<'_>, caller: &Caller, form: &str) -> Outcome {
    let call = &*call;
    let page = forms::find(call, caller, form, &PERMISSIONS)?.page(call);
    let claims = caller.page(call, page, &[])?;
    let held = call.state.areas.leads.leads.iter();
    let own = held.filter(|(_, record)| record.is_test && record.form == form);
    let items = own.map(|(id, record)| records::select(call, claims, id, record));
    paging::page(call, &format!("{form}/test_leads"), &items.collect::<Result<Vec<_>, _>>()?)
}

pub(super) fn create(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let form = forms::find(call, caller, id, &PERMISSIONS)?;
    let keys: Vec<String> = form.keys().into_iter().map(str::to_owned).collect();
    call.params.only(&["field_data", "custom_disclaimer_responses"])?;
    if call.state.areas.leads.leads.values().any(|record| record.is_test && record.form == id) {
        return Err(GraphError::parameter(
            "A test lead exists for this form already. Delete it before you make another.",
        ));
    }
    let answers = match call.params.structure("field_data")? {
        Some(answers) => answers,
        None => keys.iter().map(|key| json!({"name": key, "values": [format!("test {key}")]})).collect(),
    };
    let wrong = || GraphError::parameter("Param field_data must be an array of {name, values} of the form.");
    for answer in answers.as_array().ok_or_else(wrong)? {
        let name = answer.get("name").and_then(Value::as_str).ok_or_else(wrong)?;
        let values = answer.get("values").and_then(Value::as_array).ok_or_else(wrong)?;
        if !keys.iter().any(|key| key == name) || values.iter().any(|value| !value.is_string()) {
            return Err(wrong());
        }
    }
    let disclaimer = call.params.structure("custom_disclaimer_responses")?.unwrap_or_else(|| json!([]));
    let lead = 90_071_992_547_500_000_u64.saturating_add(call.state.number()).to_string();
    let at = call.state.now_seconds();
    let record = Record { form: id.to_owned(), at, of_ad: false, is_test: true, answers, disclaimer };
    call.state.areas.leads.leads.insert(lead.clone(), record);
    Ok(json!({ "id": lead }))
}

/// The test lead of the form.
pub(super) fn delete_all(call: &mut Call<'_>, caller: &Caller, form: &str) -> Outcome {
    forms::find(call, caller, form, &PERMISSIONS)?;
    call.params.only(&[])?;
    call.state.areas.leads.leads.retain(|_, record| !(record.is_test && record.form == form));
    Ok(success())
}

/// A test lead by its id; leads of people stay.
pub(super) fn delete(call: &mut Call<'_>, caller: &Caller, id: &str) -> Outcome {
    let form = call.state.areas.leads.leads.get(id).filter(|record| record.is_test);
    let form = form.map(|record| record.form.clone());
    let form = form.ok_or_else(|| GraphError::unsupported(&call.request.method, id))?;
    forms::find(call, caller, &form, &PERMISSIONS)?;
    call.state.areas.leads.leads.remove(id);
    Ok(success())
}
