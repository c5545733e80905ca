//! Ads (Marketing API: Ad Account, Campaign, Ad Set, Ad, Ad Creative, Ad Image, Ad Video, Product Catalog).

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_meta_graph::ads::{
    AccountStatus, AdFormat, AdSetBudget, AdStatus, BatchStatus, BidStrategy, CampaignBudget, CatalogItem,
    CopyAd, CopyAdSet, CopyCampaign, CopyStatus, CreateAd, CreateAdSet, CreateAdVideo, CreateCampaign,
    CreateCreative, CreativeRef, DeleteAd, DeleteAdSet, DeleteCampaign, DeleteCreative, DestinationType,
    EffectiveStatus, GeoLocations, GetAd, GetAdAccount, GetAdPreviews, GetAdSet, GetCampaign,
    GetCatalogBatchStatus, GetCreative, LinkData, ListAdAccountApps, ListAdAccounts, ListAdImages,
    ListAdSets, ListAdSetsOf, ListAds, ListAdsOf, ListAssignedAdAccounts, ListCampaigns, ListCatalogs,
    ListCreatives, Objective, OptimizationGoal, SpecialAdCategory, StorySpec, SubmitCatalogBatch,
    SubscribeAdAccount, Targeting, UnsubscribeAdAccount, UpdateAd, UpdateAdSet, UpdateCampaign,
    UpdateCreative, UploadAdImage, ValidateOnly,
};
use sociogram_meta_graph::insights::DatePreset;
use sociogram_meta_graph::{
    AdAccountId, AdCreativeId, AdId, AdSetId, AppId, BusinessId, CampaignId, CatalogId, PageId, UserId,
};

use crate::table::Table;

fn account() -> AdAccountId {
    AdAccountId::of("5").unwrap()
}

const ACCOUNT: &str = "id%2Caccount_id%2Cname%2Caccount_status%2Cdisable_reason%2Ccurrency%2Ctimezone_name\
                       %2Ctimezone_offset_hours_utc%2Camount_spent%2Cbalance%2Cspend_cap%2Cbusiness%7Bid%2Cname%7D\
                       %2Cuser_tasks";
const CAMPAIGN: &str = "id%2Caccount_id%2Cname%2Cobjective%2Cstatus%2Ceffective_status%2Cspecial_ad_categories\
                        %2Cbid_strategy%2Cdaily_budget%2Clifetime_budget%2Cbudget_remaining%2Cspend_cap\
                        %2Cis_adset_budget_sharing_enabled%2Cstart_time%2Cstop_time%2Ccreated_time%2Cupdated_time";

#[tokio::test]
async fn ad_accounts() {
    let table = Table::new().await;
    let node = json!({"id": "act_5", "account_id": "5", "name": "Cafe", "account_status": 1, "currency": "EUR",
        "amount_spent": "12345", "balance": "0", "spend_cap": "0", "timezone_name": "Europe/Berlin"});
    table
        .row(
            ListAdAccounts::new(UserId::new("me").unwrap()).limit(100),
            &format!("GET /v26.0/me/adaccounts?fields={ACCOUNT}&limit=100"),
            json!({"data": [node]}),
            |page| assert_eq!(page.items[0].account_status, Some(AccountStatus::Active)),
        )
        .await;
    table
        .row(
            ListAssignedAdAccounts::new(UserId::from(3)),
            &format!("GET /v26.0/3/assigned_ad_accounts?fields={ACCOUNT}"),
            json!({"data": [{"id": "act_5", "account_status": 8}]}),
            |page| assert_eq!(page.items[0].account_status, Some(AccountStatus::PendingSettlement)),
        )
        .await;
    table
        .row(
            GetAdAccount::new(account()),
            &format!("GET /v26.0/act_5?fields={ACCOUNT}"),
            json!({"id": "act_5", "amount_spent": "12345", "currency": "EUR"}),
            |account| assert_eq!(account.amount_spent, Some(12_345)),
        )
        .await;
    table
        .row(
            ListAdAccountApps::new(account()),
            "GET /v26.0/act_5/subscribed_apps",
            json!({"data": [{"app_id": "77", "app_name": "Demo"}]}),
            |page| assert_eq!(page.items[0].id, AppId::from(77)),
        )
        .await;
    table
        .row(
            SubscribeAdAccount::new(account(), AppId::from(77)),
            "POST /v26.0/act_5/subscribed_apps\nform app_id=77",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table
        .row(
            UnsubscribeAdAccount::new(account(), AppId::from(77)),
            "DELETE /v26.0/act_5/subscribed_apps?app_id=77",
            json!({"success": true}),
            |()| (),
        )
        .await;
}

fn campaign() -> CreateCampaign {
    CreateCampaign::new(
        account(),
        "Spring",
        Objective::Traffic,
        [SpecialAdCategory::None],
        CampaignBudget::OnAdSets { sharing: false },
        AdStatus::Paused,
    )
}

const NEW_CAMPAIGN: &str = "POST /v26.0/act_5/campaigns\nform name=Spring&objective=OUTCOME_TRAFFIC\
                            &special_ad_categories=%5B%22NONE%22%5D&status=PAUSED\
                            &is_adset_budget_sharing_enabled=false";

#[tokio::test]
async fn campaigns() {
    let table = Table::new().await;
    table
        .row(
            ListCampaigns::new(account())
                .effective_status(vec![EffectiveStatus::Active, EffectiveStatus::WithIssues])
                .date_preset(DatePreset::Last7d)
                .limit(500),
            &format!(
                "GET /v26.0/act_5/campaigns?effective_status=%5B%22ACTIVE%22%2C%22WITH_ISSUES%22%5D\
                 &date_preset=last_7d&fields={CAMPAIGN}&limit=500"
            ),
            json!({"data": [{"id": "6", "name": "Spring", "objective": "OUTCOME_TRAFFIC", "daily_budget": "500",
                "effective_status": "ACTIVE", "special_ad_categories": []}]}),
            |page| assert_eq!(page.items[0].daily_budget, Some(500)),
        )
        .await;
    table
        .row(
            GetCampaign::new(CampaignId::from(6)),
            &format!("GET /v26.0/6?fields={CAMPAIGN}"),
            json!({"id": "6", "is_adset_budget_sharing_enabled": false, "start_time": "2026-01-02T03:04:05+0000"}),
            |campaign| {
                assert_eq!(campaign.is_adset_budget_sharing_enabled, Some(false));
                assert_eq!(campaign.start_time, Some(Timestamp::from_unix_seconds(1_767_323_045)));
            },
        )
        .await;
    table
        .row(campaign(), NEW_CAMPAIGN, json!({"id": "6"}), |created| {
            assert_eq!(created.id, CampaignId::from(6));
        })
        .await;
    table
        .row(
            ValidateOnly::new(campaign()),
            &format!("{NEW_CAMPAIGN}&execution_options=%5B%22validate_only%22%5D"),
            json!({"success": true}),
            |_validated| (),
        )
        .await;
    table
        .row(
            UpdateCampaign::new(CampaignId::from(6)).status(AdStatus::Archived).daily_budget(700_u64),
            "POST /v26.0/6\nform status=ARCHIVED&daily_budget=700",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table
        .row(DeleteCampaign::new(CampaignId::from(6)), "DELETE /v26.0/6", json!({"success": true}), |()| ())
        .await;
    table
        .row(
            CopyCampaign::new(CampaignId::from(6), CopyStatus::Paused).deep_copy(true),
            "POST /v26.0/6/copies\nform status_option=PAUSED&deep_copy=true",
            json!({"copied_campaign_id": "66", "ad_object_ids": [
                {"ad_object_type": "campaign", "source_id": "6", "copied_id": "66"}]}),
            |copied| assert_eq!(copied.copied_campaign_id, CampaignId::from(66)),
        )
        .await;
}

#[tokio::test]
async fn ad_sets() {
    const FIELDS: &str = "id%2Caccount_id%2Ccampaign_id%2Cname%2Cstatus%2Ceffective_status%2Cbilling_event\
                          %2Coptimization_goal%2Cdestination_type%2Cbid_strategy%2Cbid_amount%2Cdaily_budget\
                          %2Clifetime_budget%2Cbudget_remaining%2Cstart_time%2Cend_time%2Ccreated_time%2Cupdated_time";
    let table = Table::new().await;
    table
        .row(
            ListAdSets::new(account()).updated_since(Timestamp::from_unix_seconds(1_767_225_600)),
            &format!("GET /v26.0/act_5/adsets?updated_since=1767225600&fields={FIELDS}"),
            json!({"data": [{"id": "8", "campaign_id": "6", "bid_amount": 55}]}),
            |page| assert_eq!(page.items[0].bid_amount, Some(55)),
        )
        .await;
    table
        .row(
            ListAdSetsOf::new(CampaignId::from(6)).effective_status(vec![EffectiveStatus::CampaignPaused]),
            &format!("GET /v26.0/6/adsets?effective_status=%5B%22CAMPAIGN_PAUSED%22%5D&fields={FIELDS}"),
            json!({"data": [{"id": "8"}]}),
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
    table
        .row(
            GetAdSet::new(AdSetId::from(8)),
            &format!("GET /v26.0/8?fields={FIELDS}"),
            json!({"id": "8", "optimization_goal": "LINK_CLICKS", "destination_type": "UNDEFINED"}),
            |set| {
                assert_eq!(set.optimization_goal, Some(OptimizationGoal::LinkClicks));
                assert_eq!(set.destination_type, Some(DestinationType::Unknown("UNDEFINED".into())));
            },
        )
        .await;
    let end_time = Timestamp::from_unix_seconds(1_800_000_000);
    let targeting = Targeting::new(GeoLocations::countries(["DE"])).advantage_audience(false);
    table
        .row(
            CreateAdSet::new(
                account(),
                CampaignId::from(6),
                "Set",
                OptimizationGoal::LinkClicks,
                AdSetBudget::Lifetime { amount: 9000, end_time },
                targeting,
            )
            .bid_strategy(BidStrategy::CostCap)
            .bid_amount(55)
            .promoted_object(json!({"page_id": "42"}))
            .destination_type(DestinationType::Website)
            .dsa("Cafe", "Cafe"),
            "POST /v26.0/act_5/adsets\nform name=Set&campaign_id=6&billing_event=IMPRESSIONS\
             &optimization_goal=LINK_CLICKS&lifetime_budget=9000\
             &targeting=%7B%22geo_locations%22%3A%7B%22countries%22%3A%5B%22DE%22%5D%7D\
             %2C%22targeting_automation%22%3A%7B%22advantage_audience%22%3A0%7D%7D&status=PAUSED\
             &bid_strategy=COST_CAP&bid_amount=55&promoted_object=%7B%22page_id%22%3A%2242%22%7D\
             &destination_type=WEBSITE&end_time=1800000000&dsa_beneficiary=Cafe&dsa_payor=Cafe",
            json!({"id": "8"}),
            |created| assert_eq!(created.id, AdSetId::from(8)),
        )
        .await;
    table
        .row(
            UpdateAdSet::new(AdSetId::from(8)).status(AdStatus::Active),
            "POST /v26.0/8\nform status=ACTIVE",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table.row(DeleteAdSet::new(AdSetId::from(8)), "DELETE /v26.0/8", json!({"success": true}), |()| ()).await;
    table
        .row(
            CopyAdSet::new(AdSetId::from(8), CopyStatus::InheritedFromSource)
                .campaign_id(CampaignId::from(66)),
            "POST /v26.0/8/copies\nform status_option=INHERITED_FROM_SOURCE&campaign_id=66",
            json!({"copied_adset_id": "88"}),
            |copied| assert_eq!(copied.copied_adset_id, AdSetId::from(88)),
        )
        .await;
}

#[tokio::test]
async fn ads() {
    const FIELDS: &str = "id%2Caccount_id%2Ccampaign_id%2Cadset_id%2Cname%2Cstatus%2Ceffective_status\
                          %2Ccreative%7Bid%7D%2Cpreview_shareable_link%2Ccreated_time%2Cupdated_time";
    let table = Table::new().await;
    table
        .row(
            ListAds::new(account()),
            &format!("GET /v26.0/act_5/ads?fields={FIELDS}"),
            json!({"data": [{"id": "9", "adset_id": "8", "creative": {"id": "10"}}]}),
            |page| assert_eq!(page.items[0].creative, Some(AdCreativeId::from(10))),
        )
        .await;
    table
        .row(
            ListAdsOf::new(AdSetId::from(8)),
            &format!("GET /v26.0/8/ads?fields={FIELDS}"),
            json!({"data": [{"id": "9"}]}),
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
    table
        .row(
            GetAd::new(AdId::from(9)),
            &format!("GET /v26.0/9?fields={FIELDS}"),
            json!({"id": "9", "effective_status": "PENDING_REVIEW"}),
            |ad| assert_eq!(ad.effective_status, Some(EffectiveStatus::PendingReview)),
        )
        .await;
    let creative = AdCreativeId::from(10);
    table
        .row(
            CreateAd::new(account(), "Ad", AdSetId::from(8), creative.clone(), AdStatus::Paused),
            "POST /v26.0/act_5/ads\nform name=Ad&adset_id=8&creative=%7B%22creative_id%22%3A%2210%22%7D&status=PAUSED",
            json!({"id": "9"}),
            |created| assert_eq!(created.id, AdId::from(9)),
        )
        .await;
    table
        .row(
            UpdateAd::new(AdId::from(9)).creative(CreativeRef::from(creative)),
            "POST /v26.0/9\nform creative=%7B%22creative_id%22%3A%2210%22%7D",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table.row(DeleteAd::new(AdId::from(9)), "DELETE /v26.0/9", json!({"success": true}), |()| ()).await;
    table
        .row(
            CopyAd::new(AdId::from(9), CopyStatus::Paused).adset_id(AdSetId::from(88)),
            "POST /v26.0/9/copies\nform status_option=PAUSED&adset_id=88",
            json!({"copied_ad_id": "99"}),
            |copied| assert_eq!(copied.copied_ad_id, AdId::from(99)),
        )
        .await;
}

#[tokio::test]
async fn creatives_images_and_videos() {
    const FIELDS: &str = "id%2Caccount_id%2Cname%2Cstatus%2Ctitle%2Cbody%2Cobject_story_id\
                          %2Ceffective_object_story_id%2Cimage_hash%2Cimage_url%2Cvideo_id%2Cthumbnail_url\
                          %2Ccall_to_action_type";
    let table = Table::new().await;
    table
        .row(
            ListCreatives::new(account()),
            &format!("GET /v26.0/act_5/adcreatives?fields={FIELDS}"),
            json!({"data": [{"id": "10", "effective_object_story_id": "42_7"}]}),
            |page| assert_eq!(page.items[0].effective_object_story_id.as_ref().unwrap().as_str(), "42_7"),
        )
        .await;
    table
        .row(
            GetCreative::new(AdCreativeId::from(10)),
            &format!("GET /v26.0/10?fields={FIELDS}"),
            json!({"id": "10", "name": "C", "status": "ACTIVE"}),
            |creative| assert_eq!(creative.name.as_deref(), Some("C")),
        )
        .await;
    table
        .row(
            UpdateCreative::new(AdCreativeId::from(10)).name("D").status(AdStatus::Active),
            "POST /v26.0/10\nform name=D&status=ACTIVE",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table
        .row(
            GetAdPreviews::of_creative(AdCreativeId::from(10), AdFormat::MobileFeedStandard),
            "GET /v26.0/10/previews?ad_format=MOBILE_FEED_STANDARD",
            json!({"data": [{"body": "<iframe src=\"https://www.facebook.com/ads/api/preview_iframe.php\"></iframe>"}]}),
            |page| assert!(page.items[0].body.starts_with("<iframe")),
        )
        .await;
    let story = StorySpec::link(PageId::from(42), LinkData::new("https://example.com"));
    table
        .row(
            CreateCreative::new(account(), "C").object_story_spec(story),
            "POST /v26.0/act_5/adcreatives\nform name=C&object_story_spec=%7B%22link_data%22%3A%7B%22link%22%3A\
             %22https%3A%2F%2Fexample.com%22%7D%2C%22page_id%22%3A%2242%22%7D",
            json!({"id": "10"}),
            |created| assert_eq!(created.id, AdCreativeId::from(10)),
        )
        .await;
    table
        .row(
            DeleteCreative::new(AdCreativeId::from(10)),
            "DELETE /v26.0/10",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table
        .row(
            ListAdImages::new(account()).hashes(vec!["h1".to_owned()]),
            "GET /v26.0/act_5/adimages?hashes=%5B%22h1%22%5D\
             &fields=hash%2Cname%2Cwidth%2Cheight%2Curl%2Cpermalink_url%2Cstatus",
            json!({"data": [{"hash": "h1", "width": 1080, "height": "1080"}]}),
            |page| assert_eq!((page.items[0].width, page.items[0].height), (Some(1080), Some(1080))),
        )
        .await;
    table
        .row(
            UploadAdImage::new(account(), "a.png", "image/png", vec![137_u8, 80, 78, 71]),
            "POST /v26.0/act_5/adimages\nmultipart filename=@a.png;image/png",
            json!({"images": {"a.png": {"hash": "h1", "url": "https://scontent.example/a.png"}}}),
            |uploaded| assert_eq!(uploaded.hash(), Some("h1")),
        )
        .await;
    table
        .row(
            CreateAdVideo::new(account(), "https://example.com/v.mp4").name("V"),
            "POST /v26.0/act_5/advideos\nform file_url=https%3A%2F%2Fexample.com%2Fv.mp4&name=V",
            json!({"id": "11"}),
            |created| assert_eq!(created.id.as_str(), "11"),
        )
        .await;
}

#[tokio::test]
async fn catalogs() {
    let table = Table::new().await;
    table
        .row(
            ListCatalogs::new(BusinessId::from(2)),
            "GET /v26.0/2/owned_product_catalogs?fields=id%2Cname%2Cvertical%2Cproduct_count",
            json!({"data": [{"id": "12", "name": "Shop", "vertical": "commerce", "product_count": 7}]}),
            |page| assert_eq!(page.items[0].product_count, Some(7)),
        )
        .await;
    table
        .row(
            SubmitCatalogBatch::new(
                CatalogId::from(12),
                "PRODUCT_ITEM",
                vec![CatalogItem::update("sku-1").with("price", "9.99 USD"), CatalogItem::delete("sku-2")],
            )
            .allow_upsert(true),
            "POST /v26.0/12/items_batch\nform item_type=PRODUCT_ITEM\
             &requests=%5B%7B%22data%22%3A%7B%22id%22%3A%22sku-1%22%2C%22price%22%3A%229.99%20USD%22%7D\
             %2C%22method%22%3A%22UPDATE%22%7D%2C%7B%22data%22%3A%7B%22id%22%3A%22sku-2%22%7D\
             %2C%22method%22%3A%22DELETE%22%7D%5D&allow_upsert=true",
            json!({"handles": ["AczX"], "validation_status": []}),
            |submitted| assert_eq!(submitted.handles, ["AczX"]),
        )
        .await;
    table
        .row(
            GetCatalogBatchStatus::new(CatalogId::from(12), "AczX").load_ids_of_invalid_requests(true),
            "GET /v26.0/12/check_batch_request_status?handle=AczX&load_ids_of_invalid_requests=true",
            json!({"data": [{"handle": "AczX", "status": "finished", "errors": [], "errors_total_count": 0,
                "warnings": [], "ids_of_invalid_requests": ["sku-2"]}]}),
            |status| {
                assert_eq!(status.status, BatchStatus::Finished);
                assert_eq!(status.ids_of_invalid_requests, ["sku-2"]);
            },
        )
        .await;
}
