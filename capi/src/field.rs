//! The members of `user_data`, and what happens to a value that does not fit.

use std::fmt;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $wire:literal, $kind:ident;)+) => {
        /// A customer value that is normalised: the members of `user_data`, and the currency.
        ///
        /// The order of the variants is the order in which members are written.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// Every field.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }

            pub(crate) const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)+ }
            }

            /// The field with this name, if it is a member of `user_data`.
            pub(crate) fn in_user_data(name: &str) -> Option<Self> {
                let field = match name { $($wire => Self::$variant,)+ _ => return None };
                (field.kind() != Kind::Business).then_some(field)
            }
        }
    };
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Hashed, an array of values.
    HashedList,
    /// Hashed, one value.
    Hashed,
    /// As it is, an array of values.
    PlainList,
    /// As it is, one value.
    Plain,
    /// An identifier that the provider also shows as a number; one value, as it is.
    Id,
    /// A member of `custom_data`.
    Business,
}

fields! {
    /// E-mail address.
    Email = "em", HashedList;
    /// Phone number with country calling code.
    Phone = "ph", HashedList;
    /// `m` or `f`.
    Gender = "ge", HashedList;
    /// Date of birth.
    BirthDate = "db", HashedList;
    /// Last name.
    LastName = "ln", HashedList;
    /// First name.
    FirstName = "fn", HashedList;
    /// City.
    City = "ct", HashedList;
    /// State, province or region.
    State = "st", HashedList;
    /// Postal code.
    Zip = "zp", HashedList;
    /// Country.
    Country = "country", HashedList;
    /// Your own id of the person. Not hashed unless you pass a [`Hashed`](crate::Hashed).
    ExternalId = "external_id", PlainList;
    /// IPv4 or IPv6 address of the browser; never hashed.
    ClientIpAddress = "client_ip_address", Plain;
    /// `User-Agent` header of the browser; never hashed.
    ClientUserAgent = "client_user_agent", Plain;
    /// Click id from the `_fbc` cookie, or made from `fbclid`; never hashed.
    Fbc = "fbc", Plain;
    /// Browser id from the `_fbp` cookie; never hashed.
    Fbp = "fbp", Plain;
    /// Id of the subscription; never hashed.
    SubscriptionId = "subscription_id", Id;
    /// App-scoped id of a person who logged in with Facebook; never hashed.
    FbLoginId = "fb_login_id", Id;
    /// Id of a lead from lead ads; never hashed.
    LeadId = "lead_id", Id;
    /// First five characters of the first name (a field of Meta's SDKs).
    FirstNameStart = "f5first", Hashed;
    /// First five characters of the last name (a field of Meta's SDKs).
    LastNameStart = "f5last", Hashed;
    /// First letter of the first name (a field of Meta's SDKs).
    FirstInitial = "fi", Hashed;
    /// Day of birth, two digits (a field of Meta's SDKs).
    BirthDay = "dobd", Hashed;
    /// Month of birth, two digits (a field of Meta's SDKs).
    BirthMonth = "dobm", Hashed;
    /// Year of birth, four digits (a field of Meta's SDKs).
    BirthYear = "doby", Hashed;
    /// Advertising id of the device; never hashed.
    Madid = "madid", Plain;
    /// Install id of the app; never hashed.
    AnonId = "anon_id", Plain;
    /// Page of a Messenger conversation; never hashed.
    PageId = "page_id", Id;
    /// Person in a Messenger conversation; never hashed.
    PageScopedUserId = "page_scoped_user_id", Id;
    /// Click id of an ad that opens WhatsApp; case matters; never hashed.
    CtwaClid = "ctwa_clid", Plain;
    /// Account of an Instagram conversation; never hashed.
    IgAccountId = "ig_account_id", Id;
    /// Person in an Instagram conversation; never hashed.
    IgSid = "ig_sid", Id;
    /// WhatsApp Business account; never hashed.
    WhatsAppBusinessAccountId = "whatsapp_business_account_id", Id;
    /// Currency of `value`: a member of `custom_data`.
    Currency = "currency", Business;
}

impl Field {
    /// Whether a plain value is hashed before it is sent.
    pub const fn is_hashed(self) -> bool {
        matches!(self.kind(), Kind::HashedList | Kind::Hashed)
    }

    /// Whether several values may be given.
    pub const fn is_list(self) -> bool {
        matches!(self.kind(), Kind::HashedList | Kind::PlainList)
    }

    pub(crate) const fn parent(self) -> &'static str {
        if matches!(self.kind(), Kind::Business) { "custom_data" } else { "user_data" }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What happens to the values of a field, and to an event when one of them does not fit.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldPolicy {
    /// The event is refused.
    Strict,
    /// The value is left out and the event goes on with the rest; the result carries a warning.
    #[default]
    DropField,
    /// The field takes the form of Meta's Python SDK ([`Mode::PythonCompat`](crate::Mode::PythonCompat)), whatever the
    /// other fields do, and a value that the SDK would not take is left out: for one field whose match keys must equal
    /// those of an older sender, such as names with their punctuation.
    Compat,
}

/// A set of fields, as one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSet(u64);

impl FieldSet {
    pub(crate) const fn of(fields: &[Field]) -> Self {
        let mut bits = 0;
        let mut rest = fields;
        while let [first, tail @ ..] = rest {
            bits |= 1u64 << (*first as u32);
            rest = tail;
        }
        Self(bits)
    }

    pub(crate) fn insert(&mut self, field: Field) {
        self.0 |= Self::of(&[field]).0;
    }

    pub(crate) const fn contains(self, field: Field) -> bool {
        self.0 & Self::of(&[field]).0 != 0
    }

    pub(crate) const fn is_subset(self, of: Self) -> bool {
        self.0 & !of.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for field in Field::ALL.iter().copied() {
            let expected = (field != Field::Currency).then_some(field);
            assert_eq!(Field::in_user_data(field.as_str()), expected, "{field}");
        }
        assert_eq!(Field::in_user_data("email"), None);
        assert!(Field::ALL.len() <= 64, "a set is one 64-bit word");
    }

    #[test]
    fn sets() {
        const PLACE: FieldSet = FieldSet::of(&[Field::City, Field::Zip]);
        let mut set = FieldSet::default();
        assert!(set.is_subset(PLACE));
        set.insert(Field::Zip);
        assert!(set.is_subset(PLACE) && set.contains(Field::Zip) && !set.contains(Field::City));
        set.insert(Field::Email);
        assert!(!set.is_subset(PLACE));
    }
}
