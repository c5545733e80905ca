//! From a lead as a platform gives it to the record that is kept. Pure, so that a product can replace it by its own.

use serde_json::{Value, json};
use sociogram::{
    linkedin_api::leads::{AnswerValue, LeadAnswer, LeadResponse},
    meta_graph::leads::{Lead as MetaLead, LeadContact, LeadForm},
    webhook_verify::{DedupeKey, Provider},
};

use crate::records::Lead;

/// A lead of a Page's instant form. Without the form, Meta's default names of questions count.
pub(super) fn of_meta(key: DedupeKey, account: &str, lead: &MetaLead, form: Option<&LeadForm>) -> Lead {
    let contact = LeadContact::new(lead, form);
    Lead {
        key,
        provider: Provider::Meta.as_str().to_owned(),
        account: account.to_owned(),
        external_id: lead.id.to_string(),
        form: lead.form_id.as_ref().map(ToString::to_string),
        ad: lead.ad_id.as_ref().map(ToString::to_string),
        created_at: lead.created_time,
        name: first(&[&contact.full_name]).or_else(|| whole_name(&contact.first_name, &contact.last_name)),
        email: first(&[&contact.email, &contact.work_email]),
        phone: first(&[&contact.phone, &contact.work_phone, &contact.whatsapp]),
        answers: serde_json::to_value(&lead.field_data).unwrap_or_default(),
    }
}

/// A lead of LinkedIn, with its form inside. `urn` is what the event calls it, which is how it is erased again.
pub(super) fn of_linkedin(key: DedupeKey, account: &str, urn: &str, lead: &LeadResponse) -> Lead {
    let contact = lead.contact();
    Lead {
        key,
        provider: Provider::LinkedIn.as_str().to_owned(),
        account: account.to_owned(),
        external_id: urn.to_owned(),
        form: lead.versioned_form.as_ref().map(ToString::to_string),
        // The creative; for the other kinds of leads it is the page, product or event.
        ad: lead.campaign.as_ref().and(lead.associated_entity.as_ref()).map(ToString::to_string),
        created_at: lead.submitted_at,
        name: whole_name(&contact.first_name, &contact.last_name),
        email: first(&[&contact.email, &contact.work_email]),
        phone: first(&[&contact.phone, &contact.work_phone]),
        answers: lead.answers().iter().map(answer).collect(),
    }
}

fn answer(answer: &LeadAnswer) -> Value {
    let value = match &answer.value {
        AnswerValue::Text(text) => json!(text),
        AnswerValue::Choices(options) => json!(options),
        _ => Value::Null,
    };
    json!({"question": answer.question_id, "name": answer.name, "value": value})
}

/// The first answer that says something.
fn first(lists: &[&[String]]) -> Option<String> {
    let mut said = lists.iter().copied().flatten().map(|text| text.trim()).filter(|text| !text.is_empty());
    said.next().map(str::to_owned)
}

fn whole_name(first_name: &[String], last_name: &[String]) -> Option<String> {
    let parts: Vec<String> = [first(&[first_name]), first(&[last_name])].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests;
