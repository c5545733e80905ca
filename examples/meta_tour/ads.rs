//! The ad account, and what is in it: campaigns, ad sets, ads, creatives, pictures, videos, catalogs.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::meta_graph::{
    AdAccountId, AdCreativeId, AdId, AdSetId, CampaignId, CatalogId, UserId,
    ads::{
        AccountStatus, AdFormat, AdSetBudget, AdStatus, CallToAction, CallToActionType, CampaignBudget,
        CatalogItem, CopyAd, CopyAdSet, CopyCampaign, CopyStatus, CreateAd, CreateAdSet, CreateAdVideo,
        CreateCampaign, CreateCreative, CreativeRef, DeleteAd, DeleteAdSet, DeleteCampaign, DeleteCreative,
        EffectiveStatus, Filter, FilterOperator, GeoLocations, GetAd, GetAdAccount, GetAdPreviews, GetAdSet,
        GetCampaign, GetCatalogBatchStatus, GetCreative, LinkData, ListAdAccountApps, ListAdAccounts,
        ListAdImages, ListAdSets, ListAdSetsOf, ListAds, ListAdsOf, ListAssignedAdAccounts, ListCampaigns,
        ListCatalogs, ListCreatives, Objective, OptimizationGoal, PhotoData, SpecialAdCategory, StorySpec,
        SubmitCatalogBatch, SubscribeAdAccount, Targeting, UnsubscribeAdAccount, UpdateAd, UpdateAdSet,
        UpdateCampaign, UpdateCreative, UploadAdImage, ValidateOnly, VideoData,
    },
};

use crate::{Outcome, control, expect, stage::Stage};

/// The ad account of the business.
const AD_ACCOUNT: &str = "600700800901001";
/// A picture: the beginning of a PNG file.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    let account = AdAccountId::of(AD_ACCOUNT)?;
    accounts(stage, &account).await?;
    let campaign = campaign(stage, &account).await?;
    let ad_set = ad_set(stage, &account, &campaign).await?;
    let creative = creative(stage, &account).await?;
    let ad = ad(stage, &account, &ad_set, &creative).await?;
    lists(stage, &account).await?;
    let copies = copies(stage, &campaign, &ad_set, &ad).await?;
    media(stage, &account).await?;
    end(stage, copies, ad, creative, ad_set, campaign).await?;
    catalogs(stage).await
}

/// Which accounts there are, and which apps hear of them.
async fn accounts(stage: &Stage, account: &AdAccountId) -> Outcome {
    let me = UserId::new("me")?;
    let all: Vec<_> = stage.user.items(ListAdAccounts::new(me.clone()).limit(1)).try_collect().await?;
    expect(all.iter().any(|known| known.id == *account), "the account to be the person's")?;
    let assigned: Vec<_> = stage.user.items(ListAssignedAdAccounts::new(me)).try_collect().await?;
    expect(assigned.iter().any(|known| known.id == *account), "the account to be assigned")?;
    let read = stage.user.send(GetAdAccount::new(account.clone())).await?;
    expect(read.account_status.is_some_and(AccountStatus::can_run_ads), "the account to run ads")?;

    let app = stage.app_id.clone();
    stage.user.send(SubscribeAdAccount::new(account.clone(), app.clone())).await?;
    let apps: Vec<_> = stage.user.items(ListAdAccountApps::new(account.clone())).try_collect().await?;
    expect(apps.iter().any(|known| known.id == app), "the app to hear of the account")?;
    stage.user.send(UnsubscribeAdAccount::new(account.clone(), app)).await?;
    let apps = stage.user.send(ListAdAccountApps::new(account.clone())).await?;
    expect(apps.items.is_empty(), "no app to hear of it any more")
}

/// A campaign whose ad sets have budgets of their own. It is tried out first.
async fn campaign(stage: &Stage, account: &AdAccountId) -> Outcome<CampaignId> {
    let create = CreateCampaign::new(
        account.clone(),
        "Spring",
        Objective::Traffic,
        [SpecialAdCategory::None],
        CampaignBudget::OnAdSets { sharing: false },
        AdStatus::Paused,
    );
    stage.user.send(ValidateOnly::new(create.clone())).await?;
    let spring = Filter::new("name", FilterOperator::Contain, "Spring");
    let found = ListCampaigns::new(account.clone()).filtering(vec![spring]);
    expect(stage.user.send(found.clone()).await?.items.is_empty(), "trying out to make nothing")?;
    let campaign = stage.user.send(create).await?.id;
    stage.user.send(UpdateCampaign::new(campaign.clone()).name("Spring and summer")).await?;
    let read = stage.user.send(GetCampaign::new(campaign.clone())).await?;
    expect(read.name.as_deref() == Some("Spring and summer"), "the new name")?;
    expect(stage.user.send(found).await?.items.len() == 1, "the campaign to be found by its name")?;
    Ok(campaign)
}

/// Who sees it, and what it may cost.
async fn ad_set(stage: &Stage, account: &AdAccountId, campaign: &CampaignId) -> Outcome<AdSetId> {
    let targeting = Targeting::new(GeoLocations::countries(["DE"])).ages(25, 55).advantage_audience(false);
    let create = CreateAdSet::new(
        account.clone(),
        campaign.clone(),
        "Germany",
        OptimizationGoal::LinkClicks,
        AdSetBudget::Daily(1_000),
        targeting,
    )
    .dsa("Shop", "Shop");
    stage.user.send(ValidateOnly::new(create.clone())).await?;
    let ad_set = stage.user.send(create).await?.id;
    stage.user.send(UpdateAdSet::new(ad_set.clone()).daily_budget(1_500_u64)).await?;
    let read = stage.user.send(GetAdSet::new(ad_set.clone())).await?;
    expect(read.daily_budget == Some(1_500), "the new budget")?;
    Ok(ad_set)
}

/// What is shown: a link with a picture.
async fn creative(stage: &Stage, account: &AdAccountId) -> Outcome<AdCreativeId> {
    let upload = UploadAdImage::new(account.clone(), "shirt.png", "image/png", PICTURE.to_vec());
    let uploaded = stage.user.send(upload).await?;
    let hash = uploaded.hash().ok_or("the picture has no hash")?;
    let images = ListAdImages::new(account.clone()).hashes(vec![hash.to_owned()]);
    let images: Vec<_> = stage.user.items(images).try_collect().await?;
    expect(images.len() == 1, "the picture to be in the account")?;

    let mut link = LinkData::new("https://example.com/shirts");
    link.message = Some("New shirts".to_owned());
    link.image_hash = Some(hash.to_owned());
    link.call_to_action =
        Some(CallToAction::new(CallToActionType::ShopNow).link("https://example.com/shirts"));
    let story = StorySpec::link(stage.page_id.clone(), link).instagram(stage.instagram_id.clone());
    let create = CreateCreative::new(account.clone(), "Shirts").object_story_spec(story);
    stage.user.send(ValidateOnly::new(create.clone())).await?;
    let creative = stage.user.send(create).await?.id;
    stage.user.send(UpdateCreative::new(creative.clone()).name("Linen shirts")).await?;
    let read = stage.user.send(GetCreative::new(creative.clone())).await?;
    expect(read.name.as_deref() == Some("Linen shirts"), "the new name")?;
    let preview = GetAdPreviews::of_creative(creative.clone(), AdFormat::MobileFeedStandard);
    let preview = stage.user.send(preview).await?;
    expect(preview.items.iter().any(|shown| shown.body.starts_with("<iframe")), "a preview")?;
    Ok(creative)
}

/// The ad itself.
async fn ad(
    stage: &Stage,
    account: &AdAccountId,
    ad_set: &AdSetId,
    creative: &AdCreativeId,
) -> Outcome<AdId> {
    let create = CreateAd::new(account.clone(), "Shirts", ad_set.clone(), creative.clone(), AdStatus::Paused);
    stage.user.send(ValidateOnly::new(create.clone())).await?;
    let ad = stage.user.send(create).await?.id;
    let update = UpdateAd::new(ad.clone()).name("Linen shirts").creative(CreativeRef::from(creative.clone()));
    stage.user.send(update).await?;
    let read = stage.user.send(GetAd::new(ad.clone())).await?;
    expect(read.name.as_deref() == Some("Linen shirts"), "the new name")?;
    expect(read.creative.as_ref() == Some(creative), "the ad to show the creative")?;
    let preview = GetAdPreviews::of_ad(ad.clone(), AdFormat::InstagramStandard);
    expect(stage.user.send(preview).await?.items.len() == 1, "a preview of the ad")?;
    Ok(ad)
}

/// All there is, a thing a page; of a campaign, of an ad set.
async fn lists(stage: &Stage, account: &AdAccountId) -> Outcome {
    let campaigns: Vec<_> =
        stage.user.items(ListCampaigns::new(account.clone()).limit(1)).try_collect().await?;
    let ad_sets: Vec<_> = stage.user.items(ListAdSets::new(account.clone()).limit(1)).try_collect().await?;
    let ads: Vec<_> = stage.user.items(ListAds::new(account.clone()).limit(1)).try_collect().await?;
    let creatives: Vec<_> =
        stage.user.items(ListCreatives::new(account.clone()).limit(1)).try_collect().await?;
    let all_there = [campaigns.len(), ad_sets.len(), ads.len(), creatives.len()];
    expect(all_there.iter().all(|count| *count > 1), "two of everything")?;
    let paused = vec![EffectiveStatus::Paused, EffectiveStatus::CampaignPaused, EffectiveStatus::AdSetPaused];
    let paused = ListAds::new(account.clone()).effective_status(paused);
    expect(stage.user.send(paused).await?.items.len() < ads.len(), "some ads to run")
}

/// A copy of each.
async fn copies(stage: &Stage, campaign: &CampaignId, ad_set: &AdSetId, ad: &AdId) -> Outcome<CampaignId> {
    let copy = CopyCampaign::new(campaign.clone(), CopyStatus::Paused).deep_copy(true);
    let copied = stage.user.send(copy).await?;
    expect(copied.ad_object_ids.len() == 3, "campaign, ad set and ad to be copied")?;
    let copy = copied.copied_campaign_id;
    let into = CopyAdSet::new(ad_set.clone(), CopyStatus::InheritedFromSource).campaign_id(copy.clone());
    let copied_set = stage.user.send(into).await?.copied_adset_id;
    let sets: Vec<_> = stage.user.items(ListAdSetsOf::new(copy.clone()).limit(1)).try_collect().await?;
    expect(sets.iter().any(|known| known.id == copied_set), "the copied ad set in the copied campaign")?;
    let into = CopyAd::new(ad.clone(), CopyStatus::Paused).adset_id(copied_set.clone());
    let copied_ad = stage.user.send(into).await?.copied_ad_id;
    let ads: Vec<_> = stage.user.items(ListAdsOf::new(copied_set)).try_collect().await?;
    expect(ads.iter().any(|known| known.id == copied_ad), "the copied ad in the copied ad set")?;
    Ok(copy)
}

/// A video that Meta fetches, a photo, and creatives of both.
async fn media(stage: &Stage, account: &AdAccountId) -> Outcome {
    let video = CreateAdVideo::new(account.clone(), "https://example.com/film.mp4").title("Linen");
    let video = stage.user.send(video).await?.id;
    let mut shown = VideoData::new(video);
    shown.image_url = Some("https://example.com/film.jpg".to_owned());
    let story = StorySpec::video(stage.page_id.clone(), shown);
    let film = CreateCreative::new(account.clone(), "Film").object_story_spec(story);
    let film = stage.user.send(film).await?.id;

    let upload = UploadAdImage::new(account.clone(), "photo.png", "image/png", PICTURE.to_vec());
    let uploaded = stage.user.send(upload).await?;
    let photo = PhotoData::new(uploaded.hash().ok_or("the photo has no hash")?);
    let story = StorySpec::photo(stage.page_id.clone(), photo);
    let photo = CreateCreative::new(account.clone(), "Photo").object_story_spec(story);
    let photo = stage.user.send(photo).await?.id;
    for creative in [film, photo] {
        stage.user.send(DeleteCreative::new(creative)).await?;
    }
    Ok(())
}

/// Everything goes again, the copies first.
async fn end(
    stage: &Stage,
    copies: CampaignId,
    ad: AdId,
    creative: AdCreativeId,
    ad_set: AdSetId,
    campaign: CampaignId,
) -> Outcome {
    let ad_sets: Vec<_> = stage.user.items(ListAdSetsOf::new(copies.clone())).try_collect().await?;
    for copied in ad_sets {
        let below: Vec<_> = stage.user.items(ListAdsOf::new(copied.id)).try_collect().await?;
        for ad in below {
            stage.user.send(DeleteAd::new(ad.id)).await?;
        }
    }
    stage.user.send(DeleteCampaign::new(copies)).await?;
    let shown = stage.user.send(DeleteCreative::new(creative.clone())).await;
    expect(shown.is_err(), "a creative to stay while an ad shows it")?;
    stage.user.send(DeleteAd::new(ad.clone())).await?;
    stage.user.send(DeleteCreative::new(creative)).await?;
    stage.user.send(DeleteAdSet::new(ad_set)).await?;
    stage.user.send(DeleteCampaign::new(campaign)).await?;
    let gone = stage.user.send(GetAd::new(ad)).await?;
    expect(gone.status == Some(AdStatus::Deleted), "the ad to be deleted, and still be read")
}

/// Products: made, changed and deleted in batches.
async fn catalogs(stage: &Stage) -> Outcome {
    let business = stage.user.send(GetAdAccount::new(AdAccountId::of(AD_ACCOUNT)?)).await?.business;
    let business = business.ok_or("the account belongs to no business")?.id;
    let catalogs: Vec<_> = stage.user.items(ListCatalogs::new(business)).try_collect().await?;
    let catalog = catalogs.into_iter().next().ok_or("the business has no catalog")?.id;
    let shirt = CatalogItem::create("sku-1")
        .with("title", "Shirt")
        .with("description", "A shirt of linen")
        .with("link", "https://example.com/shirts/1")
        .with("image", serde_json::json!([{"url": "https://example.com/shirts/1.jpg"}]))
        .with("price", "9.99 EUR")
        .with("availability", "in stock")
        .with("condition", "new");
    batch(stage, &catalog, vec![shirt]).await?;
    let cheaper = CatalogItem::update("sku-1").with("price", "7.99 EUR");
    batch(stage, &catalog, vec![cheaper]).await?;
    batch(stage, &catalog, vec![CatalogItem::delete("sku-1")]).await
}

/// A batch, waited for.
async fn batch(stage: &Stage, catalog: &CatalogId, items: Vec<CatalogItem>) -> Outcome {
    let submit = SubmitCatalogBatch::new(catalog.clone(), "PRODUCT_ITEM", items).allow_upsert(false);
    let submitted = stage.user.send(submit).await?;
    expect(submitted.validation_status.is_empty(), "nothing to be wrong with the items")?;
    let handle = submitted.handles.first().ok_or("the batch has no handle")?;
    loop {
        let look =
            GetCatalogBatchStatus::new(catalog.clone(), handle.clone()).load_ids_of_invalid_requests(true);
        let status = stage.user.send(look).await?;
        if status.status.is_over() {
            return expect(status.ids_of_invalid_requests.is_empty(), "all items to be taken");
        }
        control::pass(&stage.sandbox, Duration::from_secs(1)).await?;
    }
}
