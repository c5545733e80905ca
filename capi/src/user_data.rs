//! Who the event is about.

use std::fmt;

use crate::field::Field;
use crate::hashed::Hashed;

/// A customer value: plain text that will be normalised (and hashed where the field asks for it), or a
/// digest that is sent as it is.
#[derive(Clone, PartialEq, Eq)]
pub enum CustomerValue {
    /// Plain text, as the customer or your database gave it.
    Plain(String),
    /// A digest made elsewhere, of text in the canonical form.
    Hashed(Hashed),
}

impl fmt::Debug for CustomerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain([redacted])",
            Self::Hashed(_) => "Hashed([redacted])",
        })
    }
}

impl From<&str> for CustomerValue {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for CustomerValue {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<Hashed> for CustomerValue {
    fn from(hashed: Hashed) -> Self {
        Self::Hashed(hashed)
    }
}

/// The customer information of an event (Conversions API: customer information parameters).
///
/// Pass plain values: they are normalised and hashed when the request body is made. Fields that take
/// several values add one with every call; the others keep the last one. `Debug` shows which fields are
/// set, never a value.
///
/// ```
/// use sociogram_capi::UserData;
///
/// let user = UserData::new()
///     .email("maria@example.com")
///     .email("m.silva@example.org")
///     .phone("+351 210 000 000")
///     .country("Portugal")
///     .client_user_agent("Mozilla/5.0");
/// assert!(!format!("{user:?}").contains("example"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserData {
    entries: Vec<(Field, CustomerValue)>,
}

macro_rules! customer_values {
    ($($(#[$doc:meta])* $name:ident => $field:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name(mut self, value: impl Into<CustomerValue>) -> Self {
            self.put(Field::$field, value.into());
            self
        }
    )+};
}

macro_rules! plain_values {
    ($($(#[$doc:meta])* $name:ident => $field:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name(mut self, value: impl Into<String>) -> Self {
            self.put(Field::$field, CustomerValue::Plain(value.into()));
            self
        }
    )+};
}

impl UserData {
    /// No information yet.
    pub fn new() -> Self {
        Self::default()
    }

    customer_values! {
        /// Adds an e-mail address (`em`).
        email => Email;
        /// Adds a phone number (`ph`), with `+` and the country calling code.
        phone => Phone;
        /// Adds a gender (`ge`): `f`, `m`, `female` or `male`.
        gender => Gender;
        /// Adds a date of birth (`db`) as `1997-02-16` or `19970216`.
        birth_date => BirthDate;
        /// Adds a last name (`ln`).
        last_name => LastName;
        /// Adds a first name (`fn`).
        first_name => FirstName;
        /// Adds a city (`ct`).
        city => City;
        /// Adds a state, province or region (`st`): a two-letter code or full name in the USA and Canada.
        state => State;
        /// Adds a postal code (`zp`).
        zip => Zip;
        /// Adds a country: an ISO 3166-1 code or its English name.
        country => Country;
        /// Adds your own id of the person. Plain text is sent as it is; pass [`Hashed::digest`] to hash it.
        /// Use the same form as your browser pixel does.
        external_id => ExternalId;
        /// Sets the first five characters of the first name (`f5first`); a whole name is cut.
        first_name_start => FirstNameStart;
        /// Sets the first five characters of the last name (`f5last`); a whole name is cut.
        last_name_start => LastNameStart;
        /// Sets the first letter of the first name (`fi`); a whole name is cut.
        first_initial => FirstInitial;
        /// Sets the day of birth (`dobd`), 1 to 31.
        birth_day => BirthDay;
        /// Sets the month of birth (`dobm`), 1 to 12.
        birth_month => BirthMonth;
        /// Sets the year of birth (`doby`), four digits.
        birth_year => BirthYear;
    }

    plain_values! {
        /// Sets the address of the browser, IPv4 or IPv6.
        client_ip_address => ClientIpAddress;
        /// Sets the browser's `User-Agent`; website events should have it.
        client_user_agent => ClientUserAgent;
        /// Sets the click id: the `_fbc` cookie, or `fb.1.{milliseconds}.{fbclid}` with `fbclid` unchanged.
        fbc => Fbc;
        /// Sets the browser id: the `_fbp` cookie.
        fbp => Fbp;
        /// Sets the id of the subscription.
        subscription_id => SubscriptionId;
        /// Sets the app-scoped id of a person who logged in with Facebook.
        fb_login_id => FbLoginId;
        /// Sets the id of a lead from lead ads (15 to 17 digits).
        lead_id => LeadId;
        /// Sets the advertising id of the device.
        madid => Madid;
        /// Sets the install id of the app.
        anon_id => AnonId;
        /// Sets the Page of a Messenger conversation.
        page_id => PageId;
        /// Sets the person in a Messenger conversation.
        page_scoped_user_id => PageScopedUserId;
        /// Sets the click id of an ad that opens WhatsApp.
        ctwa_clid => CtwaClid;
        /// Sets the account of an Instagram conversation.
        ig_account_id => IgAccountId;
        /// Sets the person in an Instagram conversation.
        ig_sid => IgSid;
        /// Sets the WhatsApp Business account.
        whatsapp_business_account_id => WhatsAppBusinessAccountId;
    }

    pub(crate) fn put(&mut self, field: Field, value: CustomerValue) {
        if !field.is_list() {
            self.entries.retain(|(other, _)| *other != field);
        }
        self.entries.push((field, value));
    }

    /// The values of one field, in the order they were given.
    pub(crate) fn values(&self, field: Field) -> impl Iterator<Item = &CustomerValue> {
        self.entries.iter().filter(move |(other, _)| *other == field).map(|(_, value)| value)
    }

    /// Every value in the order they were given.
    pub(crate) fn entries(&self) -> &[(Field, CustomerValue)] {
        &self.entries
    }

    /// The fields that have values, in writing order, each once.
    fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.entries.iter().map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }
}

impl fmt::Debug for UserData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserData")?;
        f.debug_set().entries(self.fields().iter().map(|field| field.as_str())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_and_single_values_are_replaced() {
        let user = UserData::new().madid("a").email("x").madid("b").email("y");
        let texts = |field| user.values(field).cloned().collect::<Vec<_>>();
        assert_eq!(texts(Field::Email), [CustomerValue::from("x"), CustomerValue::from("y")]);
        assert_eq!(texts(Field::Madid), [CustomerValue::from("b")]);
        assert_eq!(user.fields(), [Field::Email, Field::Madid]);
    }

    #[test]
    fn debug_names_fields_only() {
        let user = UserData::new().email("canary@example.com").phone(Hashed::digest("canary"));
        let shown = format!("{user:?} {:?}", user.entries);
        assert!(shown.contains("\"em\"") && shown.contains("\"ph\""), "{shown}");
        assert!(!shown.contains("canary") && !shown.contains(Hashed::digest("canary").as_str()));
    }
}
