//! Contacts in a message.

use serde::Serialize;
use sociogram_api_core::Finding;

use crate::guard::rules;

macro_rules! texts {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* $field:ident $(as $wire:literal)?,)+ })+) => {$(
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                $(#[serde(rename = $wire)])?
                pub $field: Option<String>,
            )+
        }

        impl $name {
            $(
                $(#[$doc])*
                pub fn $field(mut self, $field: impl Into<String>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+
        }
    )+};
}

texts! {
    /// A name. Meta wants `formatted_name` and at least one other part.
    pub struct ContactName {
        /// The whole name as it is shown.
        formatted_name,
        /// First name.
        first_name,
        /// Last name.
        last_name,
        /// Middle name.
        middle_name,
        /// What stands behind the name.
        suffix,
        /// What stands before the name.
        prefix,
    }
    /// A phone number.
    pub struct ContactPhone {
        /// The number.
        phone,
        /// Such as `CELL`, `MAIN`, `IPHONE`, `HOME`, `WORK`.
        kind as "type",
        /// Its `wa_id`; with it the contact gets a button to write to.
        wa_id,
    }
    /// An e-mail address.
    pub struct ContactEmail {
        /// The address.
        email,
        /// Such as `HOME` or `WORK`.
        kind as "type",
    }
    /// A web address.
    pub struct ContactUrl {
        /// The address.
        url,
        /// Such as `HOME` or `WORK`.
        kind as "type",
    }
    /// A postal address.
    pub struct ContactAddress {
        /// Street and number.
        street,
        /// City.
        city,
        /// State, abbreviated.
        state,
        /// Postal code.
        zip,
        /// Country, in full.
        country,
        /// Country, in two letters.
        country_code,
        /// Such as `HOME` or `WORK`.
        kind as "type",
    }
    /// An organisation.
    pub struct ContactOrg {
        /// The company.
        company,
        /// The department.
        department,
        /// The person's title.
        title,
    }
}

impl ContactName {
    /// The whole name as it is shown. Add one part more.
    pub fn new(formatted_name: impl Into<String>) -> Self {
        Self::default().formatted_name(formatted_name)
    }

    fn is_complete(&self) -> bool {
        let some = |part: &Option<String>| part.as_deref().is_some_and(|text| !text.trim().is_empty());
        let parts = [&self.first_name, &self.last_name, &self.middle_name, &self.suffix, &self.prefix];
        some(&self.formatted_name) && parts.into_iter().any(some)
    }
}

impl ContactPhone {
    /// A number.
    pub fn new(phone: impl Into<String>) -> Self {
        Self::default().phone(phone)
    }
}

impl ContactEmail {
    /// An address.
    pub fn new(email: impl Into<String>) -> Self {
        Self::default().email(email)
    }
}

impl ContactUrl {
    /// An address.
    pub fn new(url: impl Into<String>) -> Self {
        Self::default().url(url)
    }
}

impl ContactAddress {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ContactOrg {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }
}

/// One contact.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactCard {
    /// The name.
    pub name: ContactName,
    /// The birthday, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// Phone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<ContactPhone>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<ContactEmail>,
    /// Web addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<ContactUrl>,
    /// Postal addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<ContactAddress>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<ContactOrg>,
}

impl ContactCard {
    /// With a name only.
    pub const fn new(name: ContactName) -> Self {
        Self {
            name,
            birthday: None,
            phones: Vec::new(),
            emails: Vec::new(),
            urls: Vec::new(),
            addresses: Vec::new(),
            org: None,
        }
    }

    /// The birthday, `YYYY-MM-DD`.
    pub fn birthday(mut self, birthday: impl Into<String>) -> Self {
        self.birthday = Some(birthday.into());
        self
    }

    /// Adds a phone number.
    pub fn phone(mut self, phone: ContactPhone) -> Self {
        self.phones.push(phone);
        self
    }

    /// Adds an e-mail address.
    pub fn email(mut self, email: ContactEmail) -> Self {
        self.emails.push(email);
        self
    }

    /// Adds a web address.
    pub fn url(mut self, url: ContactUrl) -> Self {
        self.urls.push(url);
        self
    }

    /// Adds a postal address.
    pub fn address(mut self, address: ContactAddress) -> Self {
        self.addresses.push(address);
        self
    }

    /// The organisation.
    pub fn org(mut self, org: ContactOrg) -> Self {
        self.org = Some(org);
        self
    }
}

pub(super) fn check(cards: &[ContactCard]) -> Vec<Finding> {
    if cards.is_empty() {
        return vec![
            Finding::error("whatsapp.contacts", "contacts", "there is no contact").advice("add one"),
        ];
    }
    let mut findings = Vec::new();
    if cards.len() > rules::W16_MAX_CONTACTS {
        findings.push(rules::W16.finding("contacts").measured(cards.len()));
    }
    for (at, card) in cards.iter().enumerate() {
        if !card.name.is_complete() {
            let advice = "give the whole name and, say, the first name";
            findings.push(rules::W16_HARD.finding(format!("contacts[{at}].name")).advice(advice));
        }
        if card.birthday.as_deref().is_some_and(|day| !is_date(day)) {
            let field = format!("contacts[{at}].birthday");
            let finding = Finding::error("whatsapp.contacts.birthday", field, "this is not a date");
            findings.push(finding.allowed("YYYY-MM-DD"));
        }
    }
    findings
}

fn is_date(text: &str) -> bool {
    let matches =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(matches)
}
