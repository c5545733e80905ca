//! Links and QR codes that open a conversation (WhatsApp Business Management API: QR Codes).

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::measure::characters;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::PhoneNumberId;
use crate::lenient;

/// The longest text that is filled in, in characters.
const MAX_MESSAGE: usize = 140;

list_endpoint! {
    /// The codes of a number: `GET /{phone_number_id}/message_qrdls`. Needs `whatsapp_business_management`.
    pub struct ListQrCodes -> QrCode;
    "whatsapp.qr_codes.list": "/{phone_number_id}/message_qrdls", [scope::WHATSAPP_BUSINESS_MANAGEMENT], limit 100;
    new { phone_number_id: PhoneNumberId }
    subject phone_number_id;
}

endpoint! {
    /// One code: `GET /{phone_number_id}/message_qrdls/{code}`. Needs `whatsapp_business_management`.
    pub struct GetQrCode -> QrCode;
    "whatsapp.qr_codes.get": GET "/{phone_number_id}/message_qrdls/{code}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, code: String }
    subject phone_number_id;
    decode first;
}

/// One code stands in a list of one.
fn first(response: &RawResponse) -> Result<QrCode, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Vec<QrCode>,
    }
    let envelope: Envelope = response.json()?;
    envelope.data.into_iter().next().ok_or_else(|| DecodeError::new("data", "there is no such code"))
}

endpoint! {
    /// Makes a code: `POST /{phone_number_id}/message_qrdls`. The text is filled in for whoever opens it: 1 to 140
    /// characters. A number has up to 2,000. Needs `whatsapp_business_management`.
    pub struct CreateQrCode -> QrCode;
    "whatsapp.qr_codes.create": POST "/{phone_number_id}/message_qrdls", Never, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, prefilled_message: String }
    with {
        /// Also makes a picture of it.
        generate_qr_image: QrImage,
    }
    subject phone_number_id;
    checked by check;
}

impl CreateQrCode {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_message(&self.prefilled_message)
    }
}

endpoint! {
    /// Changes the text of a code: `POST /{phone_number_id}/message_qrdls`. Needs `whatsapp_business_management`.
    pub struct UpdateQrCode -> QrCode;
    "whatsapp.qr_codes.update": POST "/{phone_number_id}/message_qrdls", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, code: String, prefilled_message: String }
    subject phone_number_id;
    checked by check;
}

impl UpdateQrCode {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        check_message(&self.prefilled_message)
    }
}

fn check_message(message: &str) -> Vec<Finding> {
    characters("whatsapp.qr_code.message", "prefilled_message", message, 1..=MAX_MESSAGE)
        .into_iter()
        .collect()
}

endpoint! {
    /// Deletes a code: `DELETE /{phone_number_id}/message_qrdls/{code}`. Printed ones then lead nowhere. Needs
    /// `whatsapp_business_management`.
    pub struct DeleteQrCode -> ();
    "whatsapp.qr_codes.delete": DELETE "/{phone_number_id}/message_qrdls/{code}", Safe, [scope::WHATSAPP_BUSINESS_MANAGEMENT];
    new { phone_number_id: PhoneNumberId, code: String }
    subject phone_number_id;
    decode acknowledged::read;
}

open_enum! {
    /// The form of a picture.
    pub enum QrImage {
        /// PNG.
        Png = "PNG",
        /// SVG.
        Svg = "SVG",
    }
}

/// A code.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QrCode {
    /// Its 14 signs.
    pub code: String,
    /// The text that is filled in.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub prefilled_message: Option<String>,
    /// The link: `https://wa.me/message/…`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub deep_link_url: Option<String>,
    /// The picture, if one was made.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub qr_image_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_1_to_140_characters() {
        for (length, found) in [(0, 1), (1, 0), (140, 0), (141, 1)] {
            assert_eq!(CreateQrCode::new(106, "ä".repeat(length)).check().len(), found, "{length}");
            assert_eq!(UpdateQrCode::new(106, "4O4YGZEG3RIVE1", "ä".repeat(length)).check().len(), found);
        }
    }
}
