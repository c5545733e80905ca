//! What stands around the questions of a form.

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, open_enum};

use crate::id::PhotoId;
use crate::lenient;

/// The privacy policy of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrivacyPolicy {
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_text: Option<String>,
}

impl PrivacyPolicy {
    /// At this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), link_text: None }
    }

    /// The text of the link, at most 70 characters.
    pub fn link_text(mut self, text: impl Into<String>) -> Self {
        self.link_text = Some(text.into());
        self
    }

    pub(super) fn check(&self, findings: &mut Vec<Finding>) {
        long(findings, "privacy_policy.link_text", self.link_text.as_deref(), 70);
    }
}

/// What stands before the questions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextCard {
    /// Its headline, at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub title: Option<String>,
    /// `LIST_STYLE` or `PARAGRAPH_STYLE`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub style: Option<String>,
    /// A paragraph, or the points of a list with at most 80 characters each.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient::list")]
    pub content: Vec<String>,
    /// The text of the button that leads on.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub button_text: Option<String>,
    /// The picture over it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub cover_photo_id: Option<PhotoId>,
}

impl ContextCard {
    fn of(title: impl Into<String>, style: &str, content: Vec<String>) -> Self {
        Self {
            title: Some(title.into()),
            style: Some(style.to_owned()),
            content,
            button_text: None,
            cover_photo_id: None,
        }
    }

    /// A headline and a paragraph.
    pub fn paragraph(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(title, "PARAGRAPH_STYLE", vec![text.into()])
    }

    /// A headline and a list.
    pub fn list<T: Into<String>>(title: impl Into<String>, points: impl IntoIterator<Item = T>) -> Self {
        Self::of(title, "LIST_STYLE", points.into_iter().map(Into::into).collect())
    }

    /// The text of the button that leads on.
    pub fn button(mut self, text: impl Into<String>) -> Self {
        self.button_text = Some(text.into());
        self
    }

    /// A picture over it, that was uploaded to the Page.
    pub fn cover(mut self, photo: PhotoId) -> Self {
        self.cover_photo_id = Some(photo);
        self
    }

    pub(super) fn check(&self, findings: &mut Vec<Finding>) {
        long(findings, "context_card.title", self.title.as_deref(), 60);
        if self.style.as_deref() == Some("LIST_STYLE") {
            for point in &self.content {
                long(findings, "context_card.content", Some(point), 80);
            }
        }
    }
}

open_enum! {
    /// What the button after the questions does.
    pub enum ThankYouButton {
        /// Opens a web page.
        ViewWebsite = "VIEW_WEBSITE",
        /// Calls the business.
        CallBusiness = "CALL_BUSINESS",
        /// Writes to the business.
        MessageBusiness = "MESSAGE_BUSINESS",
        /// Downloads a file.
        Download = "DOWNLOAD",
        /// Makes an appointment.
        ScheduleAppointment = "SCHEDULE_APPOINTMENT",
        /// Opens the Page.
        ViewOnFacebook = "VIEW_ON_FACEBOOK",
        /// Shows a code.
        PromoCode = "PROMO_CODE",
        /// There is none.
        None = "NONE",
        /// Opens WhatsApp.
        WhatsApp = "WHATSAPP",
        /// Opens Messenger.
        P2bMessenger = "P2B_MESSENGER",
        /// Books on a web site.
        BookOnWebsite = "BOOK_ON_WEBSITE",
    }
}

/// What stands after the questions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThankYouPage {
    /// Its headline.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub title: Option<String>,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub body: Option<String>,
    /// What the button does.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    pub button_type: Option<ThankYouButton>,
    /// The text of the button.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub button_text: Option<String>,
    /// The page that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub website_url: Option<String>,
    /// The number that it calls, without the country.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub business_phone_number: Option<String>,
    /// The country of that number, such as `US`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub country_code: Option<String>,
}

impl ThankYouPage {
    /// A headline, a text and a button of this kind and with this text.
    pub fn new(
        title: impl Into<String>,
        body: impl Into<String>,
        button: ThankYouButton,
        button_text: impl Into<String>,
    ) -> Self {
        Self {
            title: Some(title.into()),
            body: Some(body.into()),
            button_type: Some(button),
            button_text: Some(button_text.into()),
            website_url: None,
            business_phone_number: None,
            country_code: None,
        }
    }

    /// The page that the button opens.
    pub fn website(mut self, url: impl Into<String>) -> Self {
        self.website_url = Some(url.into());
        self
    }

    /// The number that the button calls: country such as `US`, and number.
    pub fn phone(mut self, country: impl Into<String>, number: impl Into<String>) -> Self {
        self.country_code = Some(country.into());
        self.business_phone_number = Some(number.into());
        self
    }
}

/// A disclaimer with boxes to tick, beside the privacy policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomDisclaimer {
    title: String,
    body: DisclaimerBody,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checkboxes: Vec<FormCheckbox>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DisclaimerBody {
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    url_entities: Vec<DisclaimerLink>,
}

/// A part of a disclaimer's text that is a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisclaimerLink {
    offset: usize,
    length: usize,
    url: String,
}

/// A box to tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormCheckbox {
    key: String,
    text: String,
    is_required: bool,
    is_checked_by_default: bool,
}

impl FormCheckbox {
    /// A box that may be left empty. The key names it in leads.
    pub fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), is_required: false, is_checked_by_default: false }
    }

    /// A box that must be ticked.
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// A box that is ticked from the start. **That is no consent** under many laws.
    pub fn checked(mut self) -> Self {
        self.is_checked_by_default = true;
        self
    }
}

impl CustomDisclaimer {
    /// A headline and a text.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        let body = DisclaimerBody { text: text.into(), url_entities: Vec::new() };
        Self { title: title.into(), body, checkboxes: Vec::new() }
    }

    /// Makes a part of the text a link; offset and length in characters.
    pub fn link(mut self, offset: usize, length: usize, url: impl Into<String>) -> Self {
        self.body.url_entities.push(DisclaimerLink { offset, length, url: url.into() });
        self
    }

    /// Boxes to tick.
    pub fn checkboxes(mut self, boxes: impl IntoIterator<Item = FormCheckbox>) -> Self {
        self.checkboxes.extend(boxes);
        self
    }
}

/// Meta's lengths of these texts are shown in its editor only, so too long is a warning.
fn long(findings: &mut Vec<Finding>, field: &'static str, text: Option<&str>, max: usize) {
    let chars = text.map_or(0, |text| text.chars().count());
    if chars > max {
        findings.push(
            Finding::warning("lead.form.text", field, "the text may be too long")
                .measured(format_args!("{chars} characters"))
                .allowed(format_args!("{max} characters"))
                .advice("shorten it"),
        );
    }
}
