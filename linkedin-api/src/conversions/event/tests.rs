use serde_json::json;

use super::super::{ConversionUserInfo, SendConversionEvents, UserId, UserIdType};
use super::*;
use crate::guard::blocks;
use crate::urn::LeadUrn;

const HASH: &str = "bad8677b6c86f5d308ee82786c183482a5995f066694246c58c4df37b0cc41f1";
const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

fn event(user: ConversionUser) -> ConversionEvent {
    ConversionEvent::new(ConversionUrn::from_id("104012").unwrap(), NOW, user)
}

fn rules_of(user: ConversionUser) -> Vec<&'static str> {
    event(user).check().iter().map(Finding::rule).collect()
}

#[test]
fn it_is_written_as_documented_and_read_back() {
    let user = ConversionUser::new()
        .id(UserId::sha256_email(HASH))
        .info(
            ConversionUserInfo::new("Grace", "Visitor").title("CTO").company_name("Acme").country_code("DE"),
        )
        .external_id("crm-1")
        .lead(LeadUrn::from_id("1a2b3c-4").unwrap());
    let event = event(user).value(Money::new("49.90", "EUR").unwrap()).event_id("order-1");
    assert!(event.check().is_empty(), "{:?}", event.check());
    let wire = serde_json::to_value(&event).unwrap();
    assert_eq!(
        wire,
        json!({
            "conversion": "urn:lla:llaPartnerConversion:104012",
            "conversionHappenedAt": 1_700_000_000_000_i64,
            "conversionValue": {"currencyCode": "EUR", "amount": "49.90"},
            "user": {
                "userIds": [{"idType": "SHA256_EMAIL", "idValue": HASH}],
                "userInfo": {"firstName": "Grace", "lastName": "Visitor", "title": "CTO", "companyName": "Acme", "countryCode": "DE"},
                "externalIds": ["crm-1"],
                "lead": "urn:li:leadGenFormResponse:1a2b3c-4",
            },
            "eventId": "order-1",
        })
    );
    assert_eq!(serde_json::from_value::<ConversionEvent>(wire).unwrap(), event);
}

#[test]
fn somebody_must_be_meant() {
    let named = |first: &str, last: &str| ConversionUser::new().info(ConversionUserInfo::new(first, last));
    assert_eq!(rules_of(ConversionUser::new()), ["linkedin.conversion.nobody"]);
    assert_eq!(rules_of(named("Grace", " ")), ["linkedin.conversion.nobody"]);
    assert!(rules_of(named("Grace", "Visitor")).is_empty());
    let external = event(ConversionUser::new().external_id("crm-1")).check();
    assert!(!blocks(&external) && external[0].rule() == "linkedin.conversion.nobody_sure");
}

#[test]
fn hashes_are_hashes() {
    for (kind, value, fits) in [
        (UserIdType::Sha256Email, HASH, true),
        (UserIdType::Sha256Email, "grace@example.com", false),
        (UserIdType::Sha256Email, &HASH.to_uppercase(), false),
        (UserIdType::Sha256Email, &HASH[1..], false),
        (UserIdType::Sha256IpAddress, "192.0.2.1", false),
        (UserIdType::PlaintextIpAddress, "192.0.2.1", true),
        (UserIdType::from("NEW_KIND"), "x", true),
    ] {
        let findings = event(ConversionUser::new().id(UserId::new(kind.clone(), value))).check();
        assert_eq!(!blocks(&findings), fits, "{kind} {value}");
        assert!(!format!("{findings:?}").contains(value), "a finding shows no values");
    }
    assert_eq!(
        rules_of(ConversionUser::new().id(UserId::sha256_email(""))),
        ["linkedin.conversion.id_empty"]
    );
    let odd = ConversionUser::new().id(UserId::sha256_email(HASH)).external_id("");
    assert_eq!(rules_of(odd), ["linkedin.conversion.id_empty"]);
    let country = ConversionUser::new().info(ConversionUserInfo::new("a", "b").country_code("de"));
    assert_eq!(rules_of(country), ["linkedin.conversion.country"]);
}

#[test]
fn the_time_must_be_recent() {
    const DAY: i64 = 86_400_000;
    let event = event(ConversionUser::new().id(UserId::sha256_email(HASH)));
    let at = |millis: i64| {
        let findings = event.check_at(Timestamp::from_unix_millis(NOW.as_unix_millis() + millis));
        findings.first().map(|finding| (finding.rule(), blocks(&findings)))
    };
    assert_eq!(at(0), None);
    assert_eq!(at(-1), Some(("linkedin.conversion.future", true)));
    assert_eq!(at(90 * DAY), None);
    assert_eq!(at(90 * DAY + 1), Some(("linkedin.conversion.age", false)));
}

#[test]
fn a_batch_has_one_to_five_thousand_events() {
    let event = event(ConversionUser::new().id(UserId::sha256_email(HASH)));
    for (count, fits) in [(0, false), (1, true), (5000, true), (5001, false)] {
        assert_eq!(SendConversionEvents::new(vec![event.clone(); count]).check().is_empty(), fits, "{count}");
    }
}

#[test]
fn debug_shows_no_personal_data() {
    let user = ConversionUser::new()
        .id(UserId::sha256_email("SEKRET"))
        .info(ConversionUserInfo::new("SEKRET", "SEKRET").title("SEKRET"))
        .external_id("SEKRET");
    let event = event(user);
    let shown = format!("{event:?} {:?}", SendConversionEvents::new(vec![event.clone()]));
    assert!(!shown.contains("SEKRET") && shown.contains("SHA256_EMAIL"), "{shown}");
}
