//! Verifying and registering a number (WhatsApp Cloud API: Registration).

use serde::{Serialize, Serializer};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::endpoint;
use crate::id::PhoneNumberId;

sociogram_api_core::secret_newtype! {
    /// The six digits of the two-step verification. Whoever has them can take the number.
    pub struct Pin;
}

sociogram_api_core::secret_newtype! {
    /// The code that Meta sent to the number.
    pub struct VerificationCode;
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl Serialize for VerificationCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

fn check_pin(pin: &Pin) -> Vec<Finding> {
    if pin.len() == 6 && pin.expose().bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let finding = Finding::error("whatsapp.pin", "pin", "this is not a PIN of the two-step verification");
    vec![finding.allowed("6 digits")]
}

open_enum! {
    /// How the code is sent.
    pub enum CodeMethod {
        /// As a text message.
        Sms = "SMS",
        /// By a call.
        Voice = "VOICE",
    }
}

endpoint! {
    /// Has Meta send a code to the number: `POST /{phone_number_id}/request_code`. Each call sends one; after some
    /// the number must wait. `language`: such as `en_US`. Needs `whatsapp_business_management`.
    pub struct RequestVerificationCode -> ();
    "whatsapp.phone_numbers.code.request": POST "/{phone_number_id}/request_code", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, code_method: CodeMethod, language: String }
    subject phone_number_id;
    decode acknowledged::read;
}

endpoint! {
    /// Hands in the code: `POST /{phone_number_id}/verify_code`. Needs `whatsapp_business_management`.
    pub struct VerifyCode -> ();
    "whatsapp.phone_numbers.code.verify": POST "/{phone_number_id}/verify_code", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, code: VerificationCode }
    subject phone_number_id;
    decode acknowledged::read;
}

endpoint! {
    /// Registers a number with the Cloud API: `POST /{phone_number_id}/register`.
    ///
    /// The PIN is set if there is none, and must be the right one otherwise. **A number has 10 attempts in 72 hours**
    /// (133016), so nothing repeats it. Needs `whatsapp_business_management` **and** `whatsapp_business_messaging`.
    /// (Register a Business Phone Number)
    pub struct RegisterPhoneNumber -> ();
    "whatsapp.phone_numbers.register": POST "/{phone_number_id}/register", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT, scope::WHATSAPP_BUSINESS_MESSAGING], Json;
    fixed { messaging_product: "whatsapp" }
    new { phone_number_id: PhoneNumberId, pin: Pin }
    with {
        /// The country whose ground the messages are kept on, in two letters.
        data_localization_region: String,
    }
    subject phone_number_id;
    checked by check;
    decode acknowledged::read;
}

impl RegisterPhoneNumber {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_pin(&self.pin)
    }
}

endpoint! {
    /// Takes a number out of the Cloud API: `POST /{phone_number_id}/deregister`. It sends nothing then. Not of a
    /// number that the WhatsApp Business app uses as well. It counts as an attempt to register (133016). Needs
    /// `whatsapp_business_management`. (Phone Number: Deregister)
    pub struct DeregisterPhoneNumber -> ();
    "whatsapp.phone_numbers.deregister": POST "/{phone_number_id}/deregister", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
    decode acknowledged::read;
}

endpoint! {
    /// Sets the PIN of the two-step verification: `POST /{phone_number_id}`. Needs `whatsapp_business_management`.
    /// (Two-Step Verification)
    pub struct SetTwoStepPin -> ();
    "whatsapp.phone_numbers.pin.set": POST "/{phone_number_id}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT], Json;
    new { phone_number_id: PhoneNumberId, pin: Pin }
    subject phone_number_id;
    checked by check;
    decode acknowledged::read;
}

impl SetTwoStepPin {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_pin(&self.pin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{client, exchange, line};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn a_number_is_registered_with_json() {
        let register = RegisterPhoneNumber::new(106, "581063").data_localization_region("CH");
        let shown = format!("{register:?}");
        let (done, request) = exchange(register, r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(line(&request), "POST /v26.0/106/register");
        assert_eq!(
            request.text(),
            r#"{"data_localization_region":"CH","messaging_product":"whatsapp","pin":"581063"}"#
        );
        assert!(!shown.contains("581063"), "{shown}");
    }

    #[tokio::test]
    async fn a_wrong_pin_does_not_cost_an_attempt() {
        let transport = ScriptedTransport::new();
        for pin in ["", "12345", "1234567", "12345x", "１２３４５６"] {
            let error = client(&transport).send(RegisterPhoneNumber::new(106, pin)).await.unwrap_err();
            assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "whatsapp.pin"));
            assert!(pin.is_empty() || !error.to_string().contains(pin), "{error}");
            assert_eq!(SetTwoStepPin::new(106, pin).check().len(), 1);
        }
        assert!(transport.requests().is_empty());
    }

    #[test]
    fn codes_are_not_shown() {
        let verify = VerifyCode::new(106, "902563");
        assert!(!format!("{verify:?}").contains("902563"));
    }
}
