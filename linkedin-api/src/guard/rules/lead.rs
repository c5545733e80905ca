//! What notifications of leads are (LinkedIn: Lead Sync, Webhooks).

use super::rules;

/// The most notifications of one owner.
pub const MAX_LEAD_NOTIFICATIONS: usize = 1500;

rules! { LEAD:
    LEAD_WEBHOOK, Error, "linkedin.lead.webhook", "the webhook is no public https address",
        "an absolute https address, not of ngrok", "give the address of a receiver that LinkedIn can reach";
    LEAD_FORMS_NONE, Error, "linkedin.lead.forms_none", "no form is named",
        "at least one form", "name the forms, or list those of an owner";
}
