//! Ad accounts, campaigns, creatives and their figures.

use serde_json::{Value, json};
use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::ads::{
    AdAccountRole, AdAccountSearch, AdAccountStatus, AdAccountType, AdGranularity, AdMetric, AdPivot,
    CampaignGroupSearch, CampaignSearch, CampaignStatus, CampaignType, CostType, CreateCampaign,
    CreateCampaignGroup, CreateCreative, CreateTestAdAccount, CreativeStatus, GetAdAccount, GetAdAccountUser,
    GetAdAnalytics, GetCampaign, GetCampaignGroup, GetCreative, ListAdAccountUsers, ListAdAccounts,
    ListCampaignGroups, ListCampaigns, ListCreatives, ListMyAdAccounts, RunSchedule, UpdateCampaign,
    UpdateCampaignGroup, UpdateCreative,
};
use sociogram_linkedin_api::{
    AdAccountUrn, CampaignGroupUrn, CampaignUrn, CreativeUrn, Date, DateRange, Money, OrganizationUrn,
    PersonUrn, PostUrn, Urn,
};

use crate::table::{Answer, Table};

fn account() -> AdAccountUrn {
    AdAccountUrn::from_id("512345678").unwrap()
}

fn group() -> CampaignGroupUrn {
    CampaignGroupUrn::from_id("612345678").unwrap()
}

fn campaign() -> CampaignUrn {
    CampaignUrn::from_id("712345678").unwrap()
}

fn creative() -> CreativeUrn {
    CreativeUrn::from_id("119962155").unwrap()
}

fn euros(amount: &str) -> Money {
    Money::new(amount, "EUR").unwrap()
}

fn schedule() -> RunSchedule {
    let [start, end] = [1_767_225_600_000, 1_769_904_000_000].map(Timestamp::from_unix_millis);
    RunSchedule::new(start, end)
}

fn page(elements: &Value, token: &str) -> Answer {
    Answer::json(json!({"elements": elements, "metadata": {"nextPageToken": token}}))
}

#[tokio::test]
async fn accounts() {
    let table = Table::new().await;
    let search = AdAccountSearch::new()
        .statuses([AdAccountStatus::Active])
        .types([AdAccountType::Business])
        .test(false);
    let advertiser = Urn::from(OrganizationUrn::from_id("5").unwrap());
    let wire = json!({
        "id": 512_345_678, "name": "ACME", "currency": "EUR", "type": "BUSINESS", "status": "ACTIVE", "test": false,
        "reference": "urn:li:organization:5", "servingStatuses": ["RUNNABLE"], "version": {"versionTag": "7"},
    });
    table
        .row(
            ListAdAccounts::new().search(search),
            "finder GET /rest/adAccounts?pageSize=100&q=search\
             &search=(status:(values:List(ACTIVE)),test:false,type:(values:List(BUSINESS)))",
            page(&json!([wire, 7]), "DgGerr1iVQreCJVjZDOW_grcp63nig"),
            |accounts| {
                let account = &accounts.items[0];
                assert_eq!(account.id.as_ref().unwrap().as_str(), "512345678");
                assert_eq!(account.id.as_ref().unwrap().urn(), &self::account());
                assert_eq!((account.test, account.serving_statuses.len()), (Some(false), 1));
                assert_eq!(accounts.malformed.len(), 1);
                assert_eq!(accounts.next.unwrap().as_str(), "DgGerr1iVQreCJVjZDOW_grcp63nig");
            },
        )
        .await;
    let search = AdAccountSearch::new().references([advertiser.clone()]).names(["A (b)"]).ids([account()]);
    table
        .row(
            ListAdAccounts::new().search(search).count(5),
            "finder GET /rest/adAccounts?pageSize=5&q=search&search=(id:(values:List(urn%3Ali%3AsponsoredAccount%3A512345678)),\
             name:(values:List(A%20%28b%29)),reference:(values:List(urn%3Ali%3Aorganization%3A5)))",
            Answer::json(json!({"elements": [], "metadata": {}})),
            |accounts| assert_eq!((accounts.items.len(), accounts.next), (0, None)),
        )
        .await;
    table
        .row(
            GetAdAccount::new(account()),
            "get GET /rest/adAccounts/512345678",
            Answer::json(wire),
            |account| {
                assert_eq!(
                    (account.name.as_deref(), account.currency.as_deref()),
                    (Some("ACME"), Some("EUR"))
                );
                assert_eq!(account.reference, Some(advertiser.clone()));
            },
        )
        .await;
    table
        .row(
            CreateTestAdAccount::new("Test", "USD").reference(OrganizationUrn::from_id("5").unwrap()),
            "create POST /rest/adAccounts\n\
             json {\"currency\":\"USD\",\"name\":\"Test\",\"reference\":\"urn:li:organization:5\",\"test\":true,\"type\":\"BUSINESS\"}",
            Answer::created("512345678"),
            |id| assert_eq!(id.urn(), &account()),
        )
        .await;
}

#[tokio::test]
async fn users() {
    let table = Table::new().await;
    let user = PersonUrn::from_id("K1RwyVNukt").unwrap();
    let wire = json!({
        "account": "urn:li:sponsoredAccount:512345678", "user": "urn:li:person:K1RwyVNukt",
        "role": "ACCOUNT_BILLING_ADMIN", "version": {"versionTag": "89"},
        "changeAuditStamps": {"created": {"actor": "urn:li:unknown:0", "time": 1_500_331_577_000_i64}},
    });
    let paging = json!({"count": 2_147_483_647, "links": [], "start": 0, "total": 1});
    table
        .row(
            ListMyAdAccounts::new(),
            "finder GET /rest/adAccountUsers?count=100&q=authenticatedUser&start=0",
            Answer::json(json!({"elements": [wire], "paging": paging})),
            |users| {
                let mine = &users.items[0];
                assert_eq!(
                    (mine.account.clone(), mine.role.clone()),
                    (Some(account()), Some(AdAccountRole::AccountBillingAdmin))
                );
                let created = mine.change_audit_stamps.as_ref().unwrap().created.as_ref().unwrap();
                assert_eq!(created.time, Some(Timestamp::from_unix_millis(1_500_331_577_000)));
                assert_eq!(users.next, None);
            },
        )
        .await;
    table
        .row(
            ListAdAccountUsers::new(account()).count(10),
            "finder GET /rest/adAccountUsers?accounts=urn%3Ali%3AsponsoredAccount%3A512345678&count=10&q=accounts&start=0",
            Answer::json(json!({"elements": [wire, {"role": "BRAND_NEW"}]})),
            |users| assert_eq!(users.items[1].role, Some(AdAccountRole::from("BRAND_NEW"))),
        )
        .await;
    table
        .row(
            GetAdAccountUser::new((account(), user.clone())),
            "get GET /rest/adAccountUsers/(account:urn%3Ali%3AsponsoredAccount%3A512345678,user:urn%3Ali%3Aperson%3AK1RwyVNukt)",
            Answer::json(wire),
            |found| assert_eq!(found.user, Some(user.clone())),
        )
        .await;
}

#[tokio::test]
async fn campaign_groups() {
    let table = Table::new().await;
    let address = "/rest/adAccounts/512345678/adCampaignGroups";
    let wire = json!({
        "id": 612_345_678, "account": "urn:li:sponsoredAccount:512345678", "name": "Spring", "status": "ACTIVE",
        "totalBudget": {"currencyCode": "EUR", "amount": "1000.00"}, "runSchedule": {"start": 1_767_225_600_000_i64},
        "servingStatuses": ["RUNNABLE"],
    });
    table
        .row(
            ListCampaignGroups::new(account())
                .search(CampaignGroupSearch::new().statuses([CampaignStatus::Active, CampaignStatus::Draft])),
            &format!(
                "finder GET {address}?pageSize=100&q=search&search=(status:(values:List(ACTIVE,DRAFT)))"
            ),
            page(&json!([wire]), "next"),
            |groups| {
                let group = &groups.items[0];
                assert_eq!(group.id.as_ref().unwrap().urn(), &self::group());
                assert_eq!(group.total_budget.as_ref().unwrap().amount(), "1000.00");
                assert_eq!(group.run_schedule, Some(RunSchedule::since(schedule().start.unwrap())));
            },
        )
        .await;
    table
        .row(
            GetCampaignGroup::new(account(), group()),
            &format!("get GET {address}/612345678"),
            Answer::json(wire),
            |group| assert_eq!(group.status, Some(CampaignStatus::Active)),
        )
        .await;
    table
        .row(
            CreateCampaignGroup::new(account(), "Spring")
                .total_budget(euros("1000"))
                .run_schedule(schedule()),
            &format!(
                "create POST {address}\njson {}",
                json!({
                    "account": "urn:li:sponsoredAccount:512345678", "name": "Spring", "status": "DRAFT",
                    "totalBudget": {"amount": "1000", "currencyCode": "EUR"},
                    "runSchedule": {"start": 1_767_225_600_000_i64, "end": 1_769_904_000_000_i64},
                })
            ),
            Answer::created("612345678"),
            |id| assert_eq!(id.urn(), &group()),
        )
        .await;
    table
        .row(
            UpdateCampaignGroup::new(account(), group()).status(CampaignStatus::Paused).remove("totalBudget"),
            &format!(
                "partial_update POST {address}/612345678\n\
                 json {{\"patch\":{{\"$delete\":[\"totalBudget\"],\"$set\":{{\"status\":\"PAUSED\"}}}}}}"
            ),
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn campaigns() {
    let table = Table::new().await;
    let address = "/rest/adAccounts/512345678/adCampaigns";
    let wire = json!({
        "id": 712_345_678, "account": "urn:li:sponsoredAccount:512345678", "type": "SPONSORED_UPDATES",
        "campaignGroup": "urn:li:sponsoredCampaignGroup:612345678", "status": "DRAFT", "costType": "CPM",
        "dailyBudget": {"currencyCode": "EUR", "amount": "18.50"}, "unitCost": {"amount": 7},
        "objectiveType": "WEBSITE_VISIT", "targetingCriteria": {"include": {"and": []}}, "servingStatuses": {},
    });
    table
        .row(
            ListCampaigns::new(account())
                .search(CampaignSearch::new().groups([group()]).types([CampaignType::TextAd]).test(true))
                .fields("id,status"),
            &format!(
                "finder GET {address}?fields=id,status&pageSize=100&q=search&search=(campaignGroup:(values:\
                 List(urn%3Ali%3AsponsoredCampaignGroup%3A612345678)),test:true,type:(values:List(TEXT_AD)))"
            ),
            page(&json!([wire]), ""),
            |campaigns| {
                let campaign = &campaigns.items[0];
                assert_eq!(campaign.id.as_ref().unwrap().urn(), &self::campaign());
                assert_eq!((&campaign.daily_budget, &campaign.unit_cost), (&Some(euros("18.50")), &None));
                assert_eq!(campaign.campaign_group, Some(group()));
                assert_eq!(campaigns.next, None);
            },
        )
        .await;
    table
        .row(
            GetCampaign::new(account(), campaign()),
            &format!("get GET {address}/712345678"),
            Answer::json(wire),
            |campaign| assert_eq!(campaign.cost_type, Some(CostType::Cpm)),
        )
        .await;
    table
        .row(
            CreateCampaign::new(account(), group(), "Spring", CampaignType::SponsoredUpdates)
                .cost_type(CostType::Cpc)
                .daily_budget(euros("18.50"))
                .unit_cost(euros("7"))
                .objective("WEBSITE_VISIT")
                .associated_entity(OrganizationUrn::from_id("5").unwrap())
                .set("locale", json!({"country": "DE", "language": "de"})),
            &format!(
                "create POST {address}\njson {}",
                json!({
                    "account": "urn:li:sponsoredAccount:512345678", "name": "Spring", "status": "DRAFT",
                    "campaignGroup": "urn:li:sponsoredCampaignGroup:612345678", "type": "SPONSORED_UPDATES",
                    "costType": "CPC", "dailyBudget": {"amount": "18.50", "currencyCode": "EUR"},
                    "unitCost": {"amount": "7", "currencyCode": "EUR"}, "objectiveType": "WEBSITE_VISIT",
                    "associatedEntity": "urn:li:organization:5", "locale": {"country": "DE", "language": "de"},
                })
            ),
            Answer::created("712345678"),
            |id| assert_eq!(id.urn(), &campaign()),
        )
        .await;
    table
        .row(
            UpdateCampaign::new(account(), campaign()).name("Summer").daily_budget(euros("20")),
            &format!(
                "partial_update POST {address}/712345678\njson {}",
                json!({"patch": {"$set": {
                    "dailyBudget": {"amount": "20", "currencyCode": "EUR"}, "name": "Summer",
                }}})
            ),
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn creatives() {
    let table = Table::new().await;
    let address = "/rest/adAccounts/512345678/creatives";
    let post = PostUrn::parse("urn:li:share:1").unwrap();
    let wire = json!({
        "id": "urn:li:sponsoredCreative:119962155", "account": "urn:li:sponsoredAccount:512345678",
        "campaign": "urn:li:sponsoredCampaign:712345678", "intendedStatus": "ACTIVE", "isServing": false,
        "servingHoldReasons": ["CAMPAIGN_STOPPED"], "content": {"reference": "urn:li:share:1"},
        "review": {"status": "APPROVED"}, "createdAt": 1_632_168_000_000_i64,
    });
    table
        .row(
            ListCreatives::new(account())
                .campaigns([campaign()])
                .content_references([post.clone()])
                .intended_statuses([CreativeStatus::Active, CreativeStatus::Paused]),
            &format!(
                "finder GET {address}?campaigns=List(urn%3Ali%3AsponsoredCampaign%3A712345678)\
                 &contentReferences=List(urn%3Ali%3Ashare%3A1)&intendedStatuses=List(ACTIVE,PAUSED)&pageSize=100&q=criteria"
            ),
            page(&json!([wire]), "next"),
            |creatives| {
                let creative = &creatives.items[0];
                assert_eq!((creative.id.clone(), creative.is_serving), (Some(self::creative()), Some(false)));
                assert_eq!(creative.reference().unwrap().as_str(), "urn:li:share:1");
                assert_eq!(creative.created_at, Some(Timestamp::from_unix_millis(1_632_168_000_000)));
                assert_eq!(creatives.next.unwrap().as_str(), "next");
            },
        )
        .await;
    table
        .row(
            GetCreative::new(account(), creative()),
            &format!("get GET {address}/urn%3Ali%3AsponsoredCreative%3A119962155"),
            Answer::json(wire),
            |creative| assert_eq!(creative.serving_hold_reasons, ["CAMPAIGN_STOPPED"]),
        )
        .await;
    table
        .row(
            CreateCreative::new(account(), campaign(), post).name("One"),
            &format!(
                "create POST {address}\njson {}",
                json!({
                    "campaign": "urn:li:sponsoredCampaign:712345678", "content": {"reference": "urn:li:share:1"},
                    "intendedStatus": "DRAFT", "name": "One",
                })
            ),
            Answer::created("urn%3Ali%3AsponsoredCreative%3A119962155"),
            |urn| assert_eq!(urn, creative()),
        )
        .await;
    table
        .row(
            UpdateCreative::new(account(), creative()).intended_status(CreativeStatus::Archived),
            &format!(
                "partial_update POST {address}/urn%3Ali%3AsponsoredCreative%3A119962155\n\
                 json {{\"patch\":{{\"$set\":{{\"intendedStatus\":\"ARCHIVED\"}}}}}}"
            ),
            Answer::empty(204),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn figures() {
    let table = Table::new().await;
    let january = DateRange::new(Date::new(2026, 1, 1).unwrap(), Date::new(2026, 1, 31).unwrap());
    let day = json!({"day": 3, "month": 1, "year": 2026});
    table
        .row(
            GetAdAnalytics::new(AdPivot::Campaign, january, AdGranularity::Daily)
                .accounts([account()])
                .metrics([AdMetric::Impressions, AdMetric::CostInUsd, AdMetric::from("brandNewMetric")]),
            "finder GET /rest/adAnalytics?accounts=List(urn%3Ali%3AsponsoredAccount%3A512345678)\
             &dateRange=(end:(day:31,month:1,year:2026),start:(day:1,month:1,year:2026))\
             &fields=impressions,costInUsd,brandNewMetric,dateRange,pivotValues&pivot=CAMPAIGN&q=analytics&timeGranularity=DAILY",
            Answer::json(json!({
                "paging": {"start": 0, "count": 10, "links": []},
                "elements": [{
                    "pivotValues": ["urn:li:sponsoredCampaign:712345678"], "dateRange": {"start": day, "end": day},
                    "impressions": 1204, "costInUsd": "57.1600000000000003", "brandNewMetric": 4,
                }, []],
            })),
            |figures| {
                let row = &figures.items[0];
                assert_eq!(row.pivot_urns().next().unwrap().as_str(), campaign().as_str());
                assert_eq!(row.date_range.unwrap().end(), Some(Date::new(2026, 1, 3).unwrap()));
                assert_eq!(row.count(&AdMetric::Impressions), Some(1204));
                assert_eq!(row.decimal(&AdMetric::CostInUsd).unwrap(), "57.1600000000000003");
                assert_eq!(row.count(&AdMetric::from("brandNewMetric")), Some(4));
                assert_eq!((row.count(&AdMetric::Clicks), figures.malformed.len()), (None, 1));
            },
        )
        .await;
    let pivots = [AdPivot::Creative, AdPivot::PlacementName];
    table
        .row(
            GetAdAnalytics::statistics(pivots, DateRange::since(january.start()), AdGranularity::All)
                .campaign_groups([group()])
                .campaigns([campaign()])
                .creatives([creative()])
                .shares([PostUrn::parse("urn:li:share:1").unwrap()])
                .companies([OrganizationUrn::from_id("5").unwrap()]),
            "finder GET /rest/adAnalytics?campaignGroups=List(urn%3Ali%3AsponsoredCampaignGroup%3A612345678)\
             &campaigns=List(urn%3Ali%3AsponsoredCampaign%3A712345678)&companies=List(urn%3Ali%3Aorganization%3A5)\
             &creatives=List(urn%3Ali%3AsponsoredCreative%3A119962155)&dateRange=(start:(day:1,month:1,year:2026))\
             &fields=impressions,clicks,dateRange,pivotValues&pivots=List(CREATIVE,PLACEMENT_NAME)&q=statistics\
             &shares=List(urn%3Ali%3Ashare%3A1)&timeGranularity=ALL",
            Answer::json(json!({"elements": []})),
            |figures| assert_eq!((figures.items.len(), figures.next), (0, None)),
        )
        .await;
    // 200 campaigns make a query that is too long for an address.
    let many = (0..200).map(|number| CampaignUrn::from_id(&format!("7000000{number:03}")).unwrap());
    let request = GetAdAnalytics::new(AdPivot::Campaign, january, AdGranularity::All).campaigns(many.clone());
    let list: Vec<String> = many.map(|urn| urn.as_str().replace(':', "%3A")).collect();
    table
        .row(
            request,
            &format!(
                "finder POST /rest/adAnalytics\nform campaigns=List({})\
                 &dateRange=(end:(day:31,month:1,year:2026),start:(day:1,month:1,year:2026))\
                 &fields=impressions,clicks,dateRange,pivotValues&pivot=CAMPAIGN&q=analytics&timeGranularity=ALL",
                list.join(",")
            ),
            Answer::json(json!({"elements": []})),
            |figures| assert!(figures.items.is_empty()),
        )
        .await;
}
