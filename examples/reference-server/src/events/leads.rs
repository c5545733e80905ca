//! Fetching the leads that events tell of: an event holds ids alone.

use sociogram::{
    linkedin_api::{LeadUrn, leads::GetLeadResponse},
    meta_graph::{
        LeadId,
        leads::{GetLead, GetLeadForm},
    },
    token_vault::Holder,
    webhook_verify::{Event, inbox::HandleError},
};

use super::{
    EventHandler,
    failure::{of_linkedin, of_meta},
    mapping,
};
use crate::records::Lead;

impl EventHandler {
    /// With the Page's token. What an answer means is told by the form, so that is fetched too.
    pub(super) async fn fetch_meta_lead(
        &self,
        event: &Event,
        holder: Holder,
        id: &str,
    ) -> Result<Lead, HandleError> {
        let id = LeadId::new(id).map_err(|error| HandleError::dead(error.to_string()))?;
        let client = self.facebook.client(self.tokens(holder));
        let lead = client.send(GetLead::new(id)).await.map_err(|error| of_meta(&error))?;
        let form = match lead.form_id.clone() {
            None => None,
            Some(form) => match client.send(GetLeadForm::new(form)).await {
                Ok(form) => Some(form),
                Err(error) if error.is_retryable() => return Err(of_meta(&error)),
                // Meta's default names of questions will do.
                Err(error) => {
                    tracing::warn!(%error, "the form of a lead was not read");
                    None
                }
            },
        };
        Ok(mapping::of_meta(event.key(), event.account().unwrap_or_default(), &lead, form.as_ref()))
    }

    /// With the token of the member who connected the organization. The form comes along.
    pub(super) async fn fetch_linkedin_lead(
        &self,
        event: &Event,
        holder: Holder,
        urn: &str,
    ) -> Result<Lead, HandleError> {
        let lead: LeadUrn = urn.parse().map_err(|_| HandleError::dead("the event names no lead's URN"))?;
        let found = self.connections.find(holder.tenant, holder.connection).await;
        let found = found.map_err(|error| HandleError::retry(error.to_string()))?;
        // It was removed since it was looked up.
        let connection = found.ok_or_else(|| HandleError::retry("the connection of the account is gone"))?;
        let client = self.linkedin.client(self.tokens(holder), &connection);
        let answer = client.send(GetLeadResponse::new(lead).with_form()).await;
        let answer = answer.map_err(|error| of_linkedin(&error))?;
        Ok(mapping::of_linkedin(event.key(), event.account().unwrap_or_default(), urn, &answer))
    }
}
