//! Cards of the address book.

use crate::fields::Fields;

/// A card of the address book that somebody sent. The platform does not check what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactCard {
    /// Name.
    pub name: Option<CardName>,
    /// Phone numbers.
    pub phones: Vec<CardPhone>,
    /// E-mail addresses.
    pub emails: Vec<CardEmail>,
    /// Links.
    pub urls: Vec<CardUrl>,
    /// Addresses.
    pub addresses: Vec<CardAddress>,
    /// Where the person works: `org`.
    pub organization: Option<CardOrganization>,
    /// Birthday, `YYYY-MM-DD`.
    pub birthday: Option<String>,
}

/// The name on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardName {
    /// The whole name.
    pub formatted_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Before the name.
    pub prefix: Option<String>,
    /// After the name.
    pub suffix: Option<String>,
}

/// A phone number on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardPhone {
    /// The number as it was written.
    pub phone: Option<String>,
    /// The number on WhatsApp, digits only.
    pub wa_id: Option<String>,
    /// Such as `CELL` or `WORK`: `type`.
    pub kind: Option<String>,
}

/// An e-mail address on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardEmail {
    /// The address.
    pub email: Option<String>,
    /// Such as `HOME` or `WORK`: `type`.
    pub kind: Option<String>,
}

/// A link on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardUrl {
    /// The link.
    pub url: Option<String>,
    /// Such as `HOME` or `WORK`: `type`.
    pub kind: Option<String>,
}

/// An address on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardAddress {
    /// Street and number.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Country, two letters (ISO 3166-1).
    pub country_code: Option<String>,
    /// Such as `HOME` or `WORK`: `type`.
    pub kind: Option<String>,
}

/// Where the person of a card works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardOrganization {
    /// Company.
    pub company: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// What the person is there.
    pub title: Option<String>,
}

impl ContactCard {
    pub(super) fn read(value: &Fields<'_>) -> Self {
        Self {
            name: value.object("name").as_ref().map(CardName::read),
            phones: each(value, "phones", |phone| CardPhone {
                phone: phone.id("phone"),
                wa_id: phone.id("wa_id"),
                kind: phone.id("type"),
            }),
            emails: each(value, "emails", |email| CardEmail {
                email: email.id("email"),
                kind: email.id("type"),
            }),
            urls: each(value, "urls", |url| CardUrl { url: url.id("url"), kind: url.id("type") }),
            addresses: each(value, "addresses", CardAddress::read),
            organization: value.object("org").map(|org| CardOrganization {
                company: org.id("company"),
                department: org.id("department"),
                title: org.id("title"),
            }),
            birthday: value.id("birthday"),
        }
    }
}

impl CardName {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            formatted_name: value.id("formatted_name"),
            first_name: value.id("first_name"),
            middle_name: value.id("middle_name"),
            last_name: value.id("last_name"),
            prefix: value.id("prefix"),
            suffix: value.id("suffix"),
        }
    }
}

impl CardAddress {
    fn read(value: &Fields<'_>) -> Self {
        Self {
            street: value.id("street"),
            city: value.id("city"),
            state: value.id("state"),
            zip: value.id("zip"),
            country: value.id("country"),
            country_code: value.id("country_code"),
            kind: value.id("type"),
        }
    }
}

fn each<T>(value: &Fields<'_>, name: &str, read: impl Fn(&Fields<'_>) -> T) -> Vec<T> {
    value.objects(name).map(|item| read(&item)).collect()
}
