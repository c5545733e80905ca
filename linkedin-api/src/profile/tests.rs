use super::*;

fn read(json: &str) -> UserInfo {
    serde_json::from_str(json).unwrap()
}

#[test]
fn both_forms_of_each_claim_are_read() {
    for (json, verified, locale) in [
        (r#"{"sub":"a","email_verified":true,"locale":"en-US"}"#, Some(true), Some("en-US")),
        (
            r#"{"sub":"a","email_verified":"False","locale":{"country":"US","language":"en"}}"#,
            Some(false),
            Some("en-US"),
        ),
        (r#"{"sub":"a","email_verified":1,"locale":{"language":"de"}}"#, None, Some("de")),
        (r#"{"sub":"a","email_verified":null,"locale":[1]}"#, None, None),
        (r#"{"sub":"a","new_claim":{},"name":5,"picture":{"url":"x"}}"#, None, None),
    ] {
        let info = read(json);
        assert_eq!((info.email_verified, info.locale.as_deref()), (verified, locale), "{json}");
    }
}

#[test]
fn the_id_makes_an_author() {
    assert_eq!(read(r#"{"sub":"782bbtaQ"}"#).person_urn().unwrap().as_str(), "urn:li:person:782bbtaQ");
    assert!(read(r#"{"sub":"a b"}"#).person_urn().is_err());
    assert!(serde_json::from_str::<UserInfo>("{}").is_err());
}

#[test]
fn personal_data_is_not_printed() {
    let info = read(r#"{"sub":"a","name":"SEKRET","email":"SEKRET@example.com","picture":"SEKRET"}"#);
    assert!(!format!("{info:?}").contains("SEKRET"));
}

#[test]
fn a_profile_is_read_as_far_as_it_is_there() {
    for (json, name, headline, vanity) in [
        (
            r#"{"id":"a","localizedFirstName":"Bob","localizedLastName":"Smith","localizedHeadline":"API Enthusiast",
                "vanityName":"bsmith","firstName":{"localized":{"en_US":"Bob"}}}"#,
            Some("Bob Smith"),
            Some("API Enthusiast"),
            Some("bsmith"),
        ),
        (r#"{"id":"a","localizedLastName":"Smith","vanityName":null}"#, Some("Smith"), None, None),
        (
            r#"{"id":"a","localizedFirstName":"","localizedHeadline":{"en":"x"},"vanityName":7}"#,
            None,
            None,
            None,
        ),
    ] {
        let me: Me = serde_json::from_str(json).unwrap();
        assert_eq!(me.name().as_deref(), name, "{json}");
        assert_eq!((me.headline.as_deref(), me.vanity_name.as_deref()), (headline, vanity), "{json}");
        assert_eq!(me.person_urn().unwrap().as_str(), "urn:li:person:a");
    }
    assert!(serde_json::from_str::<Me>("{}").is_err());
    let me: Me =
        serde_json::from_str(r#"{"id":"a","localizedFirstName":"SEKRET","vanityName":"SEKRET"}"#).unwrap();
    assert!(!format!("{me:?}").contains("SEKRET"));
}
