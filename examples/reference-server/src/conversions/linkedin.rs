//! Events in the form of LinkedIn's Conversions API, read strictly. E-mail addresses may be plain: they are hashed here.

use serde::Deserialize;
use sociogram::{
    api_core::{Finding, Timestamp, redact::sanitize_text},
    capi::{Hashed, UserData, linkedin::LinkedInEvent},
    linkedin_api::{
        ConversionUrn, LeadUrn,
        conversions::{UserId, UserIdType},
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    conversion: Option<ConversionUrn>,
    /// In milliseconds.
    conversion_happened_at: i64,
    conversion_value: Option<RawValue>,
    user: RawUser,
    event_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawValue {
    currency_code: String,
    amount: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawUser {
    #[serde(default)]
    user_ids: Vec<RawId>,
    user_info: Option<RawInfo>,
    #[serde(default)]
    external_ids: Vec<String>,
    lead: Option<LeadUrn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawId {
    id_type: UserIdType,
    id_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawInfo {
    first_name: Option<String>,
    last_name: Option<String>,
    title: Option<String>,
    company_name: Option<String>,
    country_code: Option<String>,
}

/// One event. Without a rule of its own it counts under `usual`.
pub(super) fn read(text: &str, usual: Option<&ConversionUrn>) -> Result<LinkedInEvent, Vec<Finding>> {
    let raw: Raw = serde_json::from_str(text).map_err(|error| {
        // It says where, and goes back to whoever wrote it.
        let told = sanitize_text(&error.to_string(), 300);
        vec![
            Finding::error("linkedin.conversion.json", "", told)
                .advice("write the event as LinkedIn's Conversions API takes it"),
        ]
    })?;
    let Some(rule) = raw.conversion.or_else(|| usual.cloned()) else {
        return Err(vec![
            Finding::error("linkedin.conversion.rule", "conversion", "missing")
                .advice("name the rule as urn:lla:llaPartnerConversion:…, or set LINKEDIN_CONVERSION_RULE"),
        ]);
    };
    let mut findings = Vec::new();
    let (user, ids) = person(&raw.user, &mut findings);
    let value = raw.conversion_value.map(|value| (value.amount.parse(), value.currency_code));
    let value = match value {
        Some((Err(_), _)) => {
            findings.push(
                Finding::error("linkedin.conversion.value", "conversionValue.amount", "not a decimal number")
                    .advice("write it as text with a point, such as \"49.90\""),
            );
            None
        }
        Some((Ok(amount), currency)) => Some((amount, currency)),
        None => None,
    };
    if !findings.is_empty() {
        return Err(findings);
    }
    let happened_at = Timestamp::from_unix_millis(raw.conversion_happened_at);
    let mut event = LinkedInEvent::from_parts(rule, happened_at, user);
    event = ids.into_iter().fold(event, LinkedInEvent::user_id);
    if let Some((amount, currency)) = value {
        event = event.value(amount, currency);
    }
    if let Some(id) = raw.event_id {
        event = event.event_id(id);
    }
    if let Some(info) = raw.user.user_info {
        if let Some(title) = info.title {
            event = event.title(title);
        }
        if let Some(company) = info.company_name {
            event = event.company_name(company);
        }
    }
    Ok(match raw.user.lead {
        Some(lead) => event.lead(lead),
        None => event,
    })
}

/// The customer, and the ids that are passed on as they are.
fn person(raw: &RawUser, findings: &mut Vec<Finding>) -> (UserData, Vec<UserId>) {
    let (mut user, mut ids) = (UserData::new(), Vec::new());
    for (place, id) in raw.user_ids.iter().enumerate() {
        let value = id.id_value.as_str();
        match &id.id_type {
            UserIdType::Sha256Email if value.contains('@') => user = user.email(value),
            UserIdType::Sha256Email => match Hashed::sha256_hex(value) {
                Ok(hash) => user = user.email(hash),
                Err(_) => findings.push(
                    Finding::error(
                        "linkedin.conversion.hash",
                        format!("user.userIds[{place}].idValue"),
                        "neither a SHA-256 digest nor an e-mail address",
                    )
                    .advice("send the address itself; it is normalised and hashed here"),
                ),
            },
            UserIdType::PlaintextIpAddress => user = user.client_ip_address(value),
            other => ids.push(UserId::new(other.clone(), value)),
        }
    }
    if let Some(info) = &raw.user_info {
        if let Some(name) = &info.first_name {
            user = user.first_name(name.as_str());
        }
        if let Some(name) = &info.last_name {
            user = user.last_name(name.as_str());
        }
        if let Some(country) = &info.country_code {
            user = user.country(country.as_str());
        }
    }
    for id in &raw.external_ids {
        user = user.external_id(id.as_str());
    }
    (user, ids)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use sociogram::capi::linkedin::prepare_linkedin;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_000_000);

    fn event() -> Value {
        json!({
            "conversion": "urn:lla:llaPartnerConversion:7",
            "conversionHappenedAt": 1_794_999_000_123_i64,
            "conversionValue": {"currencyCode": "EUR", "amount": "49.90"},
            "user": {
                "userIds": [
                    {"idType": "SHA256_EMAIL", "idValue": " Grace@Example.com"},
                    {"idType": "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "idValue": "u-1"},
                ],
                "userInfo": {"firstName": "Grace", "lastName": "Visitor", "title": "Baker", "countryCode": "DE"},
                "externalIds": ["crm-1"],
                "lead": "urn:li:leadGenFormResponse:a-1",
            },
            "eventId": "order-1",
        })
    }

    #[test]
    fn everything_is_passed_on_and_addresses_are_hashed() {
        let read = read(&event().to_string(), None).unwrap();
        let prepared = prepare_linkedin([&read], NOW);
        assert_eq!(prepared.warnings(), []);
        let sent: Value = serde_json::from_str(prepared.bodies()[0].events().next().unwrap()).unwrap();
        let mut expected = event();
        expected["user"]["userIds"][0]["idValue"] = json!(Hashed::digest("grace@example.com").as_str());
        let ids = |event: &Value| {
            let mut ids: Vec<String> =
                event["user"]["userIds"].as_array().unwrap().iter().map(Value::to_string).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(&sent), ids(&expected));
        for member in ["conversion", "conversionHappenedAt", "conversionValue", "eventId"] {
            assert_eq!(sent[member], expected[member], "{member}");
        }
        for member in ["userInfo", "externalIds", "lead"] {
            assert_eq!(sent["user"][member], expected["user"][member], "{member}");
        }
    }

    #[test]
    fn the_usual_rule_stands_in() {
        let usual = ConversionUrn::from_id("9").unwrap();
        let mut without = event();
        without.as_object_mut().unwrap().remove("conversion");
        assert_eq!(read(&without.to_string(), Some(&usual)).unwrap().conversion(), &usual);
        assert_ne!(read(&event().to_string(), Some(&usual)).unwrap().conversion(), &usual);
        assert_eq!(read(&without.to_string(), None).unwrap_err()[0].field(), "conversion");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (pointer, value) in [
            ("/conversion", json!("urn:li:person:1")),
            ("/conversionHappenedAt", json!("yesterday")),
            ("/conversionValue/amount", json!("49,90")),
            ("/conversionValue/amount", json!(49.9)),
            ("/user/userIds/0/idValue", json!("CANARY")),
            ("/user/lead", json!("urn:li:person:1")),
            ("/user/userInfo", json!({"name": "Grace"})),
            ("/eventId", json!(7)),
        ] {
            let mut bad = event();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert!(read(&bad.to_string(), None).is_err(), "{pointer}");
        }
        assert!(read("{\"cut\"", None).is_err());
    }
}
