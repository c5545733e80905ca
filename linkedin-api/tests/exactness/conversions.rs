//! Conversion rules, their campaigns, and events.

use serde_json::json;
use sociogram_api_core::Timestamp;
use sociogram_linkedin_api::conversions::{
    AttributionType, ConversionEvent, ConversionMethod, ConversionType, ConversionUser, ConversionValueType,
    CreateConversionRule, GetCampaignLink, GetConversionRule, LinkCampaign, ListConversionRules,
    SendConversionEvent, SendConversionEvents, UnlinkCampaign, UpdateConversionRule, UserId,
};
use sociogram_linkedin_api::{AdAccountUrn, CampaignUrn, ConversionUrn, Money};

use crate::table::{Answer, Table};

const HASH: &str = "bad8677b6c86f5d308ee82786c183482a5995f066694246c58c4df37b0cc41f1";

fn account() -> AdAccountUrn {
    AdAccountUrn::from_id("11").unwrap()
}

fn rule() -> ConversionUrn {
    ConversionUrn::from_id("104012").unwrap()
}

fn link() -> (CampaignUrn, ConversionUrn) {
    (CampaignUrn::from_id("337643194").unwrap(), rule())
}

#[tokio::test]
async fn rules() {
    let table = Table::new().await;
    let create = CreateConversionRule::new(account(), "Orders", ConversionType::Purchase);
    for id in ["104012", "urn:lla:llaPartnerConversion:104012"] {
        table
            .row(
                create.clone(),
                "create POST /rest/conversions\n\
                 json {\"account\":\"urn:li:sponsoredAccount:11\",\"attributionType\":\"LAST_TOUCH_BY_CAMPAIGN\",\
                 \"conversionMethod\":\"CONVERSIONS_API\",\"name\":\"Orders\",\"type\":\"PURCHASE\"}",
                Answer::created(id),
                |urn| assert_eq!(urn, rule()),
            )
            .await;
    }
    table
        .row(
            create
                .clone()
                .attribution(AttributionType::LastTouchByConversion)
                .post_click_days(90_u32)
                .view_through_days(30_u32)
                .value_type(ConversionValueType::NoValue)
                .enabled(false),
            "create POST /rest/conversions\n\
             json {\"account\":\"urn:li:sponsoredAccount:11\",\"attributionType\":\"LAST_TOUCH_BY_CONVERSION\",\
             \"conversionMethod\":\"CONVERSIONS_API\",\"enabled\":false,\"name\":\"Orders\",\
             \"postClickAttributionWindowSize\":90,\"type\":\"PURCHASE\",\"valueType\":\"NO_VALUE\",\
             \"viewThroughAttributionWindowSize\":30}",
            Answer::created("104012"),
            |urn| assert_eq!(urn, rule()),
        )
        .await;
    assert_eq!(create.post_click_days(31_u32).check()[0].rule(), "linkedin.conversion.window");
    let unnamed = CreateConversionRule::new(account(), " ", ConversionType::Lead);
    assert_eq!(unnamed.check()[0].rule(), "linkedin.conversion.name");
    let body = json!({
        "id": 104_012, "name": "Orders", "account": "urn:li:sponsoredAccount:11", "conversionMethod": "CONVERSIONS_API",
        "type": "NEW_KIND", "enabled": true, "postClickAttributionWindowSize": 90, "created": 1_700_000_000_000_i64,
        "campaigns": ["urn:li:sponsoredCampaign:337643194", 7],
    });
    table
        .row(
            GetConversionRule::new(rule(), account()),
            "get GET /rest/conversions/104012?account=urn%3Ali%3AsponsoredAccount%3A11",
            Answer::json(body.clone()),
            |read| {
                assert_eq!(read.urn(), Some(rule()));
                assert_eq!(read.conversion_method, Some(ConversionMethod::ConversionsApi));
                assert_eq!((read.kind, read.enabled), (Some(ConversionType::from("NEW_KIND")), Some(true)));
                assert_eq!((read.campaigns.len(), read.post_click_days), (1, Some(90)));
            },
        )
        .await;
    table
        .row(
            ListConversionRules::new(account()),
            "finder GET /rest/conversions?account=urn%3Ali%3AsponsoredAccount%3A11&count=50&q=account&start=0",
            Answer::json(json!({"elements": [body]})),
            |page| assert_eq!(page.items[0].name.as_deref(), Some("Orders")),
        )
        .await;
    let update = UpdateConversionRule::new(rule(), account());
    assert_eq!(update.check()[0].rule(), "linkedin.conversion.update_empty");
    table
        .row(
            update.name("Sales").enabled(false).attribution(AttributionType::LastTouchByCampaign),
            "partial_update POST /rest/conversions/104012?account=urn%3Ali%3AsponsoredAccount%3A11\n\
             json {\"patch\":{\"$set\":{\"attributionType\":\"LAST_TOUCH_BY_CAMPAIGN\",\"enabled\":false,\"name\":\"Sales\"}}}",
            Answer::empty(204),
            |()| (),
        )
        .await;
}

#[tokio::test]
async fn campaigns_of_a_rule() {
    let table = Table::new().await;
    let key = "/rest/campaignConversions/(campaign:urn%3Ali%3AsponsoredCampaign%3A337643194,\
               conversion:urn%3Alla%3AllaPartnerConversion%3A104012)";
    table
        .row(
            LinkCampaign::new(link()),
            &format!(
                "update PUT {key}\njson {}",
                json!({"campaign": "urn:li:sponsoredCampaign:337643194", "conversion": "urn:lla:llaPartnerConversion:104012"})
            ),
            Answer::empty(204),
            |()| (),
        )
        .await;
    let answer = json!({"campaign": link().0, "conversion": rule(), "associatedAt": 1_506_552_037_373_i64});
    table
        .row(GetCampaignLink::new(link()), &format!("get GET {key}"), Answer::json(answer), |linked| {
            assert_eq!((linked.campaign, linked.conversion), (Some(link().0), Some(rule())));
            assert_eq!(linked.associated_at.unwrap().as_unix_millis(), 1_506_552_037_373);
        })
        .await;
    table
        .row(UnlinkCampaign::new(link()), &format!("delete DELETE {key}"), Answer::empty(204), |()| ())
        .await;
}

#[tokio::test]
async fn events() {
    let table = Table::new().await;
    let event = |place: i64| {
        let user = ConversionUser::new().id(UserId::sha256_email(HASH));
        ConversionEvent::new(rule(), Timestamp::from_unix_millis(1_700_000_000_000 + place), user)
    };
    let written = |place: i64| {
        json!({
            "conversion": "urn:lla:llaPartnerConversion:104012",
            "conversionHappenedAt": 1_700_000_000_000 + place,
            "user": {"userIds": [{"idType": "SHA256_EMAIL", "idValue": HASH}]},
        })
    };
    let mut whole = written(0);
    whole["conversionValue"] = json!({"currencyCode": "EUR", "amount": "49.90"});
    whole["eventId"] = json!("order-1");
    table
        .row(
            SendConversionEvent::new(event(0).value(Money::new("49.90", "EUR").unwrap()).event_id("order-1")),
            &format!("create POST /rest/conversionEvents\njson {whole}"),
            Answer::empty(201),
            |()| (),
        )
        .await;
    let body = json!({"elements": [written(0), written(1), written(2)]});
    table
        .row(
            SendConversionEvents::new(vec![event(0), event(1), event(2)]),
            &format!("batch_create POST /rest/conversionEvents\njson {body}"),
            Answer::json(json!({"elements": [
                {"status": 201},
                {"status": 400, "error": {"status": 400, "code": "DATE_TOO_EARLY", "message": "too old"}},
            ]})),
            |sent| {
                let fates: Vec<_> = sent.elements.iter().map(|one| (one.succeeded(), one.status)).collect();
                assert_eq!(fates, [(true, Some(201)), (false, Some(400)), (false, None)]);
                let failures: Vec<_> =
                    sent.failures().map(|(place, why)| (place, why.code.as_deref())).collect();
                assert_eq!(failures, [(1, Some("DATE_TOO_EARLY"))]);
            },
        )
        .await;
    let nobody = ConversionEvent::new(rule(), Timestamp::from_unix_millis(0), ConversionUser::new());
    assert_eq!(
        SendConversionEvents::new(vec![event(0), nobody]).check()[0].rule(),
        "linkedin.conversion.nobody"
    );
}
