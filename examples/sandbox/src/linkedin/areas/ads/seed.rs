//! The ad accounts that are there from the beginning, and what is in them.

use serde_json::{Map, Value, json};

use super::{Account, Kind, Thing};

/// The account that the first member manages.
const MANAGED: &str = "506070801";
/// One that the first member may only look at.
const VIEWED: &str = "506070802";
/// Somebody else's.
const FOREIGN: &str = "506070809";
/// When everything was made, in milliseconds.
const MADE: i64 = 1_760_000_000_000;

fn fields(body: Value) -> Map<String, Value> {
    let mut fields = if let Value::Object(fields) = body { fields } else { Map::new() };
    fields.insert("changeAuditStamps".to_owned(), stamps(MADE));
    fields
}

/// When something was made and changed.
pub(super) fn stamps(time: i64) -> Value {
    json!({"created": {"time": time}, "lastModified": {"time": time}})
}

pub(super) fn accounts() -> Vec<Account> {
    let account = |id: &str, name: &str, kind: &str, status: &str, currency: &str, organization: &str| {
        Account {
            id: id.to_owned(),
            made_by: None,
            body: fields(json!({
                "id": id.parse::<i64>().unwrap_or_default(), "name": name, "type": kind, "status": status,
                "currency": currency, "reference": format!("urn:li:organization:{organization}"), "test": false,
                "servingStatuses": ["RUNNABLE"], "version": {"versionTag": "1"},
                "notifiedOnCampaignOptimization": true, "notifiedOnCreativeApproval": false,
            })),
        }
    };
    vec![
        account(MANAGED, "Sandbox Bakery Ads", "BUSINESS", "ACTIVE", "EUR", "5000001"),
        account(VIEWED, "Sandbox Warehouse Ads", "ENTERPRISE", "ACTIVE", "USD", "5000002"),
        account(FOREIGN, "Sandbox Mill Ads", "BUSINESS", "ACTIVE", "USD", "5000009"),
    ]
}

pub(super) fn things() -> Vec<Thing> {
    let mut things = Vec::new();
    let mut put = |kind: Kind, account: &str, id: i64, mut body: Map<String, Value>| {
        let id = id.to_string();
        body.insert("account".to_owned(), json!(format!("urn:li:sponsoredAccount:{account}")));
        let named = if kind == Kind::Creative {
            json!(kind.urn(&id))
        } else {
            json!(id.parse::<i64>().unwrap_or_default())
        };
        body.insert("id".to_owned(), named);
        things.push(Thing { kind, account: account.to_owned(), id, body });
    };
    let group = |name: &str, status: &str| {
        fields(json!({
            "name": name, "status": status, "test": false, "runSchedule": {"start": MADE},
            "totalBudget": {"amount": "900.00", "currencyCode": "EUR"},
        }))
    };
    put(Kind::Group, MANAGED, 607_080_801, group("Spring", "ACTIVE"));
    put(Kind::Group, MANAGED, 607_080_802, group("Autumn", "DRAFT"));
    put(Kind::Group, VIEWED, 607_080_803, group("Shelves", "ACTIVE"));
    put(Kind::Group, FOREIGN, 607_080_809, group("Flour", "ACTIVE"));
    let campaign = |name: &str, status: &str, group: i64| {
        fields(json!({
            "name": name, "status": status, "type": "SPONSORED_UPDATES", "costType": "CPM", "test": false,
            "objectiveType": "WEBSITE_VISIT", "format": "STANDARD_UPDATE",
            "campaignGroup": format!("urn:li:sponsoredCampaignGroup:{group}"),
            "associatedEntity": "urn:li:organization:5000001",
            "dailyBudget": {"amount": "25.00", "currencyCode": "EUR"},
            "unitCost": {"amount": "4.50", "currencyCode": "EUR"},
            "locale": {"country": "US", "language": "en"},
            "runSchedule": {"start": MADE},
        }))
    };
    put(Kind::Campaign, MANAGED, 607_080_901, campaign("Rolls", "ACTIVE", 607_080_801));
    put(Kind::Campaign, MANAGED, 607_080_902, campaign("Rye", "PAUSED", 607_080_801));
    put(Kind::Campaign, MANAGED, 607_080_903, campaign("Cake", "DRAFT", 607_080_802));
    put(Kind::Campaign, VIEWED, 607_080_904, campaign("Racks", "ACTIVE", 607_080_803));
    put(Kind::Campaign, FOREIGN, 607_080_909, campaign("Wheat", "ACTIVE", 607_080_809));
    let creative = |campaign: i64, share: i64| {
        fields(json!({
            "campaign": format!("urn:li:sponsoredCampaign:{campaign}"),
            "content": {"reference": format!("urn:li:share:{share}")},
            "intendedStatus": "ACTIVE", "isServing": true, "isTest": false,
            "review": {"status": "APPROVED"},
            "createdAt": MADE, "lastModifiedAt": MADE,
        }))
    };
    put(Kind::Creative, MANAGED, 708_091_001, creative(607_080_901, 7_200_000_000_000_000_011));
    put(Kind::Creative, MANAGED, 708_091_002, creative(607_080_901, 7_200_000_000_000_000_012));
    put(Kind::Creative, MANAGED, 708_091_003, creative(607_080_902, 7_200_000_000_000_000_013));
    put(Kind::Creative, VIEWED, 708_091_004, creative(607_080_904, 7_200_000_000_000_000_014));
    put(Kind::Creative, FOREIGN, 708_091_009, creative(607_080_909, 7_200_000_000_000_000_019));
    things
}
