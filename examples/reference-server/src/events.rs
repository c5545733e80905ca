//! What the server does with events: whose an event is, and what is made of it. Everything it makes is kept under the
//! event's key, so that handling an event again changes nothing.

mod failure;
mod leads;
mod mapping;
mod talk;

use std::{fmt, sync::Arc, time::Duration};

use sociogram::{
    api_core::Timer,
    oauth_core::TokenSource,
    token_vault::{AssetKey, AssetKind, ConnectionRepo, CrossTenant, Holder, Vault, async_trait},
    webhook_verify::{
        Event, EventKind, LeadActionType, Provider,
        inbox::{Claimed, HandleError, Handled, Handler, InboxStore, Order, Worker},
    },
};

use crate::{
    platforms::{Facebook, LinkedIn},
    records::{Lead, Records, Utterance},
};

/// Handles the events of all tenants.
pub(crate) struct EventHandler {
    pub(crate) facebook: Arc<Facebook>,
    pub(crate) linkedin: Arc<LinkedIn>,
    pub(crate) vault: Vault,
    pub(crate) connections: Arc<dyn ConnectionRepo>,
    pub(crate) holders: Arc<dyn CrossTenant>,
    pub(crate) records: Records,
    pub(crate) timer: Arc<dyn Timer>,
    /// Whether the inbox belongs to others, who know accounts that are unknown here.
    pub(crate) is_guest: bool,
}

/// How long a guest leaves alone what is for others.
const LEFT_TO_OTHERS: Duration = Duration::from_secs(60);

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// Fetch a lead from Meta.
    FetchMetaLead(String),
    /// Fetch a lead from LinkedIn.
    FetchLinkedInLead(String),
    /// Erase a lead of LinkedIn.
    EraseLead(String),
    /// Keep what was said.
    Keep(Box<Utterance>),
    /// Erase what was said, by the id of the message or comment.
    Erase(String),
    /// Nothing, and that is known.
    Nothing,
    /// This server does not handle such events yet.
    Unwanted,
}

/// What takes events out of the inbox. A lead's withdrawal must not overtake the lead, so that what is about one subject is
/// handled in order.
pub(crate) fn worker(inbox: Arc<dyn InboxStore>, handler: EventHandler) -> Worker {
    Worker::builder(inbox, Arc::new(handler)).order(Order::PerSubject).build()
}

#[async_trait]
impl Handler for EventHandler {
    async fn handle(&self, claimed: &Claimed) -> Result<Handled, HandleError> {
        let event = &claimed.event;
        // Without a holder it is kept as skipped, and can be replayed when somebody has connected the account.
        let Some(holder) = self.holder(event).await? else {
            if self.is_guest {
                return Err(HandleError::retry_after(LEFT_TO_OTHERS, "it is left to another app's server"));
            }
            tracing::info!(
                provider = event.provider().as_str(),
                "an event of an account that nobody has connected"
            );
            return Ok(Handled::Skipped);
        };
        self.carry_out(event, holder, effect(event)).await
    }
}

impl EventHandler {
    /// The tenant and connection that have the account of an event.
    async fn holder(&self, event: &Event) -> Result<Option<Holder>, HandleError> {
        let Some(asset) = self.asset(event) else { return Ok(None) };
        self.holders.asset_holder(&asset).await.map_err(|error| HandleError::retry(error.to_string()))
    }

    /// The asset that an event is about.
    fn asset(&self, event: &Event) -> Option<AssetKey> {
        let account = event.account()?;
        let (app, kind) = match event.provider() {
            Provider::Meta => (self.facebook.oauth.client_id(), meta_kind(event.object())?),
            Provider::LinkedIn => (self.linkedin.oauth.client_id(), linkedin_kind(account)?),
            _ => return None,
        };
        Some(AssetKey::new(app, kind, account))
    }

    async fn carry_out(&self, event: &Event, holder: Holder, effect: Effect) -> Result<Handled, HandleError> {
        let (tenant, now) = (holder.tenant, self.timer.now());
        let kept = match effect {
            Effect::Unwanted => return Ok(Handled::Skipped),
            Effect::Nothing => return Ok(Handled::Done),
            Effect::FetchMetaLead(lead) => {
                let lead = self.fetch_meta_lead(event, holder, &lead).await?;
                self.records.add_lead(tenant, &lead, now).await.map(drop)
            }
            Effect::FetchLinkedInLead(lead) => {
                let lead = self.fetch_linkedin_lead(event, holder, &lead).await?;
                self.records.add_lead(tenant, &lead, now).await.map(drop)
            }
            Effect::EraseLead(lead) => {
                self.records.erase_lead(tenant, Provider::LinkedIn.as_str(), &lead).await.map(drop)
            }
            Effect::Keep(utterance) => {
                if let Some(lead) = came_by_ad(event) {
                    self.records.add_lead(tenant, &lead, now).await.map_err(HandleError::retry)?;
                }
                self.records.add_utterance(tenant, &utterance, now).await.map(drop)
            }
            Effect::Erase(message) => {
                let account = event.account().unwrap_or_default();
                self.records.erase_utterance(tenant, account, &message).await.map(drop)
            }
        };
        kept.map_err(HandleError::retry)?;
        Ok(Handled::Done)
    }

    fn tokens(&self, holder: Holder) -> Arc<dyn TokenSource> {
        self.vault.token_source(holder.tenant, holder.connection)
    }
}

/// The lead in a first message on WhatsApp.
fn came_by_ad(event: &Event) -> Option<Lead> {
    match event.kind() {
        EventKind::WhatsAppMessage(message) => {
            mapping::of_whatsapp(event.key(), event.account().unwrap_or_default(), message)
        }
        _ => None,
    }
}

fn effect(event: &Event) -> Effect {
    let lead = |id: &Option<String>, effect: fn(String) -> Effect| id.clone().map_or(Effect::Nothing, effect);
    match event.kind() {
        EventKind::PageLeadgen(change) => lead(&change.leadgen_id, Effect::FetchMetaLead),
        EventKind::LinkedInLeadAction(action) => match action.action {
            Some(LeadActionType::Created) => lead(&action.response, Effect::FetchLinkedInLead),
            Some(LeadActionType::Deleted) => lead(&action.response, Effect::EraseLead),
            _ => Effect::Unwanted,
        },
        _ => talk::effect(event),
    }
}

/// By the object of the delivery.
fn meta_kind(object: &str) -> Option<AssetKind> {
    Some(match object {
        "page" => AssetKind::FacebookPage,
        "instagram" => AssetKind::InstagramAccount,
        "whatsapp_business_account" => AssetKind::WhatsAppAccount,
        _ => return None,
    })
}

/// By the URN of the account.
fn linkedin_kind(urn: &str) -> Option<AssetKind> {
    Some(match urn.strip_prefix("urn:li:")?.split(':').next()? {
        "organization" => AssetKind::LinkedInOrganization,
        "sponsoredAccount" => AssetKind::LinkedInAdAccount,
        "person" => AssetKind::LinkedInMember,
        _ => return None,
    })
}

impl fmt::Debug for EventHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventHandler").finish_non_exhaustive()
    }
}
