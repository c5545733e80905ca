//! Conversions: rules, their campaigns, and the events that are counted under them.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock, Timestamp},
    linkedin_api::{
        AdAccountUrn, CampaignUrn, ConversionUrn, CreatedElement, ErrorKind, LeadUrn, Money,
        conversions::{
            AttributionType, CampaignConversion, ConversionEvent, ConversionType, ConversionUser,
            ConversionUserInfo, CreateConversionRule, GetCampaignLink, GetConversionRule, LinkCampaign,
            ListConversionRules, SendConversionEvent, SendConversionEvents, UnlinkCampaign,
            UpdateConversionRule, UserId, UserIdType,
        },
    },
};

use crate::{Outcome, expect, stage::Stage};

/// The ad account that the member manages, and one of its campaigns.
const ACCOUNT: &str = "506070801";
const CAMPAIGN: &str = "607080901";
/// The lead that became a customer.
const LEAD: &str = "sbx-lead-1";
/// SHA-256 of `grace@example.com`: whoever sends events normalises and hashes.
const GRACE: &str = "b533d4547eaa5a0fa955965a1ca393ccd2ea013032a105726f232eb41bddc4fa";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let account = AdAccountUrn::from_id(ACCOUNT)?;
    let rule = rules(stage, &account).await?;
    let link = (CampaignUrn::from_id(CAMPAIGN)?, rule.clone()).into();
    link_campaign(stage, &account, &link).await?;
    one_event(stage, &rule).await?;
    several_events(stage, &rule).await?;
    end(stage, account, link).await
}

/// Two rules, one of which is changed.
async fn rules(stage: &Stage, account: &AdAccountUrn) -> Outcome<ConversionUrn> {
    let orders = CreateConversionRule::new(account.clone(), "Orders", ConversionType::Purchase)
        .post_click_days(30_u32)
        .view_through_days(7_u32);
    let orders = stage.member.send(orders).await?;
    let signups = CreateConversionRule::new(account.clone(), "Newsletter", ConversionType::SignUp);
    stage.member.send(signups.enabled(false)).await?;

    let change = UpdateConversionRule::new(orders.clone(), account.clone())
        .name("Orders in the shop")
        .attribution(AttributionType::LastTouchByConversion)
        .post_click_days(90_u32);
    stage.member.send(change).await?;
    let rule = stage.member.send(GetConversionRule::new(orders.clone(), account.clone())).await?;
    expect(rule.urn().as_ref() == Some(&orders) && rule.enabled == Some(true), "the rule")?;
    expect(rule.name.as_deref() == Some("Orders in the shop"), "the new name")?;
    expect((rule.post_click_days, rule.view_through_days) == (Some(90), Some(7)), "the days")?;

    // Page by page, one rule on each.
    let all = ListConversionRules::new(account.clone()).count(1);
    let all: Vec<_> = stage.member.items(all).try_collect().await?;
    expect(all.len() == 2 && all.iter().any(|rule| rule.enabled == Some(false)), "both rules")?;
    Ok(orders)
}

/// Events are counted for the campaigns of a rule only.
async fn link_campaign(stage: &Stage, account: &AdAccountUrn, link: &CampaignConversion) -> Outcome {
    let none = stage.member.send(GetCampaignLink::new(link.clone())).await;
    expect(none.is_err_and(|error| error.kind() == ErrorKind::NotFound), "no link yet")?;
    // The second time it changes nothing.
    stage.member.send(LinkCampaign::new(link.clone())).await?;
    stage.member.send(LinkCampaign::new(link.clone())).await?;
    let read = stage.member.send(GetCampaignLink::new(link.clone())).await?;
    expect(read.campaign.as_ref() == Some(&link.campaign) && read.associated_at.is_some(), "the link")?;
    let rule = GetConversionRule::new(link.conversion.clone(), account.clone());
    let rule = stage.member.send(rule).await?;
    expect(rule.campaigns == [link.campaign.clone()], "the campaign of the rule")
}

fn hours_ago(hours: u64) -> Timestamp {
    SystemClock::new().now().saturating_sub(Duration::from_secs(hours * 3_600))
}

/// A purchase by somebody who is known in several ways.
async fn one_event(stage: &Stage, rule: &ConversionUrn) -> Outcome {
    let buyer = ConversionUser::new()
        .id(UserId::sha256_email(GRACE))
        .id(UserId::new(UserIdType::FirstPartyAdsTrackingUuid, "df5gf5-gh6t7-ph4j7h-fgf6n1"))
        .info(ConversionUserInfo::new("Grace", "Visitor").company_name("Visitor GmbH").country_code("DE"))
        .external_id("customer-7")
        .lead(LeadUrn::from_id(LEAD)?);
    let event = ConversionEvent::new(rule.clone(), hours_ago(1), buyer)
        .value(Money::new("49.90", "EUR")?)
        .event_id("order-1");
    expect(event.check_at(SystemClock::new().now()).is_empty(), "nothing wrong with the event")?;
    stage.member.send(SendConversionEvent::new(event)).await?;
    expect(stage.sandbox.received().linkedin_events.len() == 1, "one event to be counted")
}

/// Several events at once. The one that LinkedIn refuses costs the others nothing.
async fn several_events(stage: &Stage, rule: &ConversionUrn) -> Outcome {
    let event = |id: &str, hours: u64| {
        let buyer = ConversionUser::new().id(UserId::sha256_email(GRACE));
        ConversionEvent::new(rule.clone(), hours_ago(hours), buyer).event_id(id)
    };
    // LinkedIn takes events of the last 90 days.
    let events = [event("order-2", 2), event("order-3", 100 * 24), event("order-4", 4)];
    let now = SystemClock::new().now();
    let findings: Vec<_> = events.iter().map(|event| event.check_at(now).len()).collect();
    expect(findings == [0, 1, 0], "a warning about the second")?;

    let sent = stage.member.send(SendConversionEvents::new(events)).await?;
    let taken: Vec<_> = sent.elements.iter().map(CreatedElement::succeeded).collect();
    expect(taken == [true, false, true], "the first and the third to be taken")?;
    let (place, refusal) = sent.failures().next().ok_or("nothing was refused")?;
    expect(place == 1 && refusal.status.is_some_and(|status| status >= 400), "the second to be refused")?;
    expect(!refusal.input_errors.is_empty(), "the field that is wrong")?;
    expect(stage.sandbox.received().linkedin_events.len() == 3, "three events in all")
}

/// Ends the link. The rule cannot be deleted, only switched off; then it takes no events.
async fn end(stage: &Stage, account: AdAccountUrn, link: CampaignConversion) -> Outcome {
    stage.member.send(UnlinkCampaign::new(link.clone())).await?;
    let gone = stage.member.send(GetCampaignLink::new(link.clone())).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the link to be gone")?;

    let off = UpdateConversionRule::new(link.conversion.clone(), account).enabled(false);
    stage.member.send(off).await?;
    let buyer = ConversionUser::new().id(UserId::sha256_email(GRACE));
    let late = ConversionEvent::new(link.conversion, hours_ago(1), buyer);
    let refused = stage.member.send(SendConversionEvent::new(late)).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Invalid), "the event to be refused")
}
