//! From a lead as a platform gives it to the record that is kept. Pure, so that a product can replace it by its own.

use serde_json::{Value, json};
use sociogram::{
    api_core::Timestamp,
    linkedin_api::leads::{AnswerValue, LeadAnswer, LeadResponse},
    meta_graph::leads::{Lead as MetaLead, LeadContact, LeadForm},
    webhook_verify::{DedupeKey, Provider, whatsapp::WhatsAppMessage},
};

use crate::records::{Lead, LeadStatus};

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
        click: None,
        status: LeadStatus::New,
        status_at: None,
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
        click: None,
        status: LeadStatus::New,
        status_at: None,
    }
}

/// Somebody who wrote on WhatsApp after a click on an ad. Gives nothing for others, and for what the business wrote.
pub(super) fn of_whatsapp(key: DedupeKey, account: &str, message: &WhatsAppMessage) -> Option<Lead> {
    let referral = message.referral.as_ref().filter(|_| !message.is_echo)?;
    let click = referral.ctwa_clid.clone()?;
    Some(Lead {
        key,
        provider: Provider::Meta.as_str().to_owned(),
        account: account.to_owned(),
        external_id: message.id.clone()?,
        form: None,
        ad: referral.source_id.clone(),
        created_at: message.timestamp.map(|time| Timestamp::from_unix_millis(time.as_unix_millis())),
        name: message.contact.as_ref().and_then(|contact| contact.name.clone()),
        email: None,
        phone: message.from.as_ref().map(|number| format!("+{number}")),
        answers: json!([]),
        click: Some(click),
        status: LeadStatus::New,
        status_at: None,
    })
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
