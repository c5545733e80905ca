use proptest::prelude::*;
use serde_json::json;
use sociogram_oauth_core::{Scope, ScopeLimit, ScopeSet};

use super::*;
use SignupOutcome::{Abandoned, Failed, Finished, Unknown};

fn parse(message: &Value) -> Result<SignupMessage, SignupMessageError> {
    SignupMessage::parse(&message.to_string())
}

fn message(event: &str, data: Value) -> SignupMessage {
    let mut message = json!({ "type": "WA_EMBEDDED_SIGNUP", "event": event, "version": 3 });
    message["data"] = data;
    parse(&message).unwrap()
}

fn account(id: &str) -> WhatsAppAccountId {
    WhatsAppAccountId::new(id).unwrap()
}

#[test]
fn a_finished_sign_up_names_account_number_and_business() {
    let data = json!({ "phone_number_id": "1065", "waba_id": "5241", "business_id": "2729" });
    let message = message("FINISH", data);
    assert_eq!((message.event.clone(), message.outcome()), (SignupEvent::Finish, Finished));
    assert_eq!(message.waba_id, Some(account("5241")));
    assert_eq!(message.phone_number_id.as_ref().map(PhoneNumberId::as_str), Some("1065"));
    assert_eq!(message.business_id.as_ref().map(BusinessId::as_str), Some("2729"));
    assert_eq!((message.current_step, message.error_id, message.session_id), (None, None, None));
}

#[test]
fn every_documented_event_has_its_outcome() {
    let step = json!({ "current_step": "PHONE_NUMBER_SETUP" });
    let reported = json!({ "error_message": "x", "error_code": "524126", "session_id": "session-17",
        "timestamp": "1746041036" });
    let older = json!({ "error_message": "x", "error_id": 524_126 });
    for (event, data, outcome) in [
        ("FINISH_ONLY_WABA", json!({ "waba_id": "5241" }), Finished),
        ("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", json!({ "waba_id": "5241" }), Finished),
        ("FINISH_OBO_MIGRATION", json!({ "waba_id": "5241" }), Finished),
        ("FINISH_GRANT_ONLY_API_ACCESS", json!({ "waba_id": "5241" }), Finished),
        ("FINISH_IN_A_NEW_WAY", json!({}), Finished),
        ("CANCEL", step.clone(), Abandoned),
        ("CANCEL", json!(null), Abandoned),
        ("CANCEL", reported.clone(), Failed),
        ("CANCEL", older.clone(), Failed),
        ("ERROR", json!({}), Failed),
        ("FINISHED", json!({}), Unknown),
        ("finish", json!({}), Unknown),
    ] {
        assert_eq!(message(event, data).outcome(), outcome, "{event}");
    }
    assert_eq!(message("CANCEL", step).current_step.as_deref(), Some("PHONE_NUMBER_SETUP"));
    let failed = message("CANCEL", reported);
    assert_eq!(
        (failed.error_id.as_deref(), failed.session_id.as_deref()),
        (Some("524126"), Some("session-17"))
    );
    assert_eq!(message("CANCEL", older).error_id.as_deref(), Some("524126"));
}

#[test]
fn odd_fields_cost_only_themselves() {
    let message = message(
        "FINISH",
        json!({ "waba_id": 5241, "waba_ids": ["1", 2, {}, "a/b", ""], "phone_number_id": "../me",
            "business_id": ["x"], "current_step": "<script>alert(1)</script>", "error_code": "x".repeat(65),
            "session_id": "a b" }),
    );
    assert_eq!(message.waba_id, Some(account("5241")));
    assert_eq!(message.waba_ids, [account("1"), account("2")]);
    assert_eq!((message.phone_number_id, message.business_id), (None, None));
    assert_eq!((message.current_step, message.error_id, message.session_id), (None, None, None));
}

#[test]
fn the_text_may_have_been_turned_into_json_twice() {
    let once = json!({ "type": "WA_EMBEDDED_SIGNUP", "event": "FINISH", "data": { "waba_id": "5241" } });
    let twice = Value::String(once.to_string());
    assert_eq!(parse(&twice), parse(&once));
    let thrice = Value::String(twice.to_string());
    assert_eq!(parse(&thrice), Err(SignupMessageError::NotJson));
}

#[test]
fn other_messages_of_the_window_are_told_apart() {
    for (text, error) in [
        ("", SignupMessageError::NotJson),
        ("cb=f1&domain=example.com&is_canvas=false", SignupMessageError::NotJson),
        ("[]", SignupMessageError::NotJson),
        ("null", SignupMessageError::NotJson),
        ("{}", SignupMessageError::OtherType),
        (r#"{"type":"wa_embedded_signup","event":"FINISH"}"#, SignupMessageError::OtherType),
        (r#"{"type":["WA_EMBEDDED_SIGNUP"],"event":"FINISH"}"#, SignupMessageError::OtherType),
        (r#"{"type":"WA_EMBEDDED_SIGNUP"}"#, SignupMessageError::NoEvent),
        (r#"{"type":"WA_EMBEDDED_SIGNUP","event":"a b"}"#, SignupMessageError::NoEvent),
        (r#"{"type":"WA_EMBEDDED_SIGNUP","event":""}"#, SignupMessageError::NoEvent),
    ] {
        assert_eq!(SignupMessage::parse(text), Err(error), "{text}");
    }
}

#[test]
fn size_and_number_of_accounts_are_limited() {
    let of = |count: usize| {
        json!({ "type": "WA_EMBEDDED_SIGNUP", "event": "FINISH",
        "data": { "waba_ids": (0..count).map(|id| id.to_string()).collect::<Vec<_>>() } })
    };
    assert_eq!(parse(&of(500)).unwrap().waba_ids.len(), MAX_ACCOUNTS);
    let padded = |bytes: usize| {
        let text = of(1).to_string();
        format!("{text}{}", " ".repeat(bytes - text.len()))
    };
    assert!(SignupMessage::parse(&padded(MAX_BYTES)).is_ok());
    assert_eq!(SignupMessage::parse(&padded(MAX_BYTES + 1)), Err(SignupMessageError::TooLong));
    // Deep nesting is refused by the JSON reader, not by the stack.
    assert_eq!(SignupMessage::parse(&"[".repeat(MAX_BYTES)), Err(SignupMessageError::NotJson));
}

fn facts(limits: &[(&str, &[&str])]) -> TokenFacts {
    let mut facts = TokenFacts::new(true);
    facts.scopes = Some(ScopeSet::from_static(&[scope::WHATSAPP_BUSINESS_MANAGEMENT]));
    let limit = |(scope, targets): &(&str, &[&str])| {
        ScopeLimit::new(Scope::new(*scope), targets.iter().map(ToString::to_string).collect())
    };
    facts.limits = limits.iter().map(limit).collect();
    facts
}

#[test]
fn only_an_account_that_was_granted_is_confirmed() {
    let management = "whatsapp_business_management";
    for (limits, confirmed) in [
        (&[(management, &["5241"][..])][..], true),
        (&[(management, &["1", "5241"])], true),
        (&[("whatsapp_business_messaging", &["5241"])], true),
        (&[(management, &["1"]), ("whatsapp_business_messaging", &["5241"])], true),
        (&[(management, &["1"])], false),
        (&[(management, &["52410"])], false),
        (&[(management, &[])], false),
        (&[("business_management", &["5241"])], false),
        // Granted, but for no account in particular.
        (&[], false),
    ] {
        let result = confirm(&facts(limits), &account("5241"));
        assert_eq!(result.is_ok(), confirmed, "{limits:?}");
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::Rejected);
            assert!(!error.to_string().contains("5241"), "{error}");
        }
    }
}

#[test]
fn a_token_that_is_not_valid_confirms_nothing() {
    let mut facts = facts(&[("whatsapp_business_management", &["5241"])]);
    facts.active = false;
    let error = confirm(&facts, &account("5241")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = SignupMessage::parse(&text);
    }

    #[test]
    fn whatever_stands_in_the_data_leaves_no_path_segment(
        event in any::<String>(), id in any::<String>(), step in any::<String>(),
    ) {
        let message = json!({ "type": "WA_EMBEDDED_SIGNUP", "event": event,
            "data": { "waba_id": id, "phone_number_id": id, "current_step": step, "error_code": step } });
        if let Ok(message) = parse(&message) {
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b));
            prop_assert!(plain(message.event.as_str()));
            prop_assert!(message.waba_id.is_none_or(|id| plain(id.as_str())));
            prop_assert!(message.current_step.is_none_or(|step| plain(&step) && step.len() <= MAX_WORD));
        }
    }
}
