//! Business portfolios: what they own, what they work on for others, and who is in them.

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    BusinessId,
    businesses::{
        BusinessRole, BusinessVerification, CreateSystemUser, GetBusiness, ListBusinessUsers, ListBusinesses,
        ListClientAdAccounts, ListClientPages, ListClientWhatsAppAccounts, ListInstagramAccounts,
        ListOwnedAdAccounts, ListOwnedInstagramAccounts, ListOwnedPages, ListOwnedWhatsAppAccounts,
        ListPendingClientPages, ListSystemUsers,
    },
};

use crate::{Outcome, expect, stage::Stage};

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let mine: Vec<_> = stage.user.items(ListBusinesses::new()).try_collect().await?;
    let business = mine.into_iter().next().ok_or("the person has no business")?;
    let same = stage.user.send(GetBusiness::new(business.id.clone())).await?;
    expect(same == business, "the portfolio to be the same when it is read by its id")?;
    let verified = business.verification_status == Some(BusinessVerification::Verified);
    expect(verified, "the portfolio to be verified")?;

    pages(stage, &business.id).await?;
    accounts(stage, &business.id).await?;
    people(stage, &business.id).await
}

async fn pages(stage: &Stage, business: &BusinessId) -> Outcome {
    // One item to a page, so that there is a second page.
    let owned = ListOwnedPages::new(business.clone()).limit(1);
    let owned: Vec<_> = stage.user.items(owned).try_collect().await?;
    expect(owned.len() == 2, "two Pages on two pages of the list")?;
    let ours = owned.iter().find(|page| page.id == stage.page_id);
    expect(ours.is_some_and(|page| page.access_token.is_some()), "the Page with its token")?;

    let clients = stage.user.send(ListClientPages::new(business.clone())).await?.items;
    expect(clients.iter().all(|page| page.access_token.is_none()), "Pages of clients without tokens")?;
    let pending = stage.user.send(ListPendingClientPages::new(business.clone())).await?.items;
    let waiting = pending.first().and_then(|request| request.page.as_ref());
    expect(waiting.is_some_and(|page| page.name.is_some()), "a Page that was asked for, with its name")
}

async fn accounts(stage: &Stage, business: &BusinessId) -> Outcome {
    let owned = ListOwnedAdAccounts::new(business.clone());
    let owned: Vec<_> = stage.user.items(owned).try_collect().await?;
    let active = owned.iter().filter(|account| account.account_status == Some(1));
    expect(active.count() > 0, "an ad account that is active")?;
    let none = ListOwnedAdAccounts::new(business.clone()).search_query("no account is called this");
    let none = stage.user.send(none.include_shared_ad_accounts(true)).await?.items;
    expect(none.is_empty(), "no account of another name")?;
    let clients = stage.user.send(ListClientAdAccounts::new(business.clone())).await?.items;
    expect(clients.iter().all(|client| owned.iter().all(|own| own.id != client.id)), "other ad accounts")?;

    let owned = stage.user.send(ListOwnedInstagramAccounts::new(business.clone())).await?.items;
    expect(owned.iter().any(|account| account.id == stage.instagram_id), "the Instagram account")?;
    let usable = stage.user.send(ListInstagramAccounts::new(business.clone())).await?.items;
    expect(usable == owned, "no Instagram account of others")?;

    let owned = stage.user.send(ListOwnedWhatsAppAccounts::new(business.clone())).await?.items;
    let named = owned.first().is_some_and(|account| account.message_template_namespace.is_some());
    expect(named, "a WhatsApp account with its namespace")?;
    let shared = stage.user.send(ListClientWhatsAppAccounts::new(business.clone())).await?.items;
    expect(shared.is_empty(), "no WhatsApp account of others")
}

async fn people(stage: &Stage, business: &BusinessId) -> Outcome {
    let create = CreateSystemUser::new(business.clone(), "Tour robot", BusinessRole::Employee);
    let created = stage.user.send(create).await?;
    let robots = ListSystemUsers::new(business.clone()).limit(1);
    let robots: Vec<_> = stage.user.items(robots).try_collect().await?;
    let robot = robots.iter().find(|robot| robot.id == created.id).ok_or("the system user is not listed")?;
    expect(robot.role == Some(BusinessRole::Employee), "the role it was made with")?;

    let people = stage.user.send(ListBusinessUsers::new(business.clone())).await?.items;
    expect(people.iter().any(|person| person.role == Some(BusinessRole::Admin)), "an administrator")
}
