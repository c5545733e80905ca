//! Declares enums of wire words that keep what they do not know.

/// An open enum of wire words: known words become variants, every other word is kept in `Unknown` and
/// written back unchanged.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$doc])* $variant,)+
            /// A word this version does not know; sent as it is.
            Unknown(Box<str>),
        }

        impl $name {
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

wire_enum! {
    /// Where a conversion happened (Conversions API: server event parameters, `action_source`).
    pub enum ActionSource {
        /// On a website; needs `event_source_url`.
        Website = "website",
        /// In a mobile app; needs `app_data`.
        App = "app",
        /// Over e-mail.
        Email = "email",
        /// Over the phone.
        PhoneCall = "phone_call",
        /// In a chat that is not on one of Meta's messaging products.
        Chat = "chat",
        /// In person, in a shop; may be reported for 62 days instead of 7.
        PhysicalStore = "physical_store",
        /// Automatically, such as a subscription that renews, or by a CRM.
        SystemGenerated = "system_generated",
        /// In WhatsApp, Messenger or Instagram; needs `messaging_channel` and that channel's ids.
        BusinessMessaging = "business_messaging",
        /// Elsewhere.
        Other = "other",
    }
}

wire_enum! {
    /// The messaging product of a `business_messaging` event.
    pub enum MessagingChannel {
        /// WhatsApp; needs `ctwa_clid` and `whatsapp_business_account_id`.
        WhatsApp = "whatsapp",
        /// Messenger; needs `page_id` and `page_scoped_user_id`.
        Messenger = "messenger",
        /// Instagram direct messages; needs `ig_account_id` and `ig_sid`.
        Instagram = "instagram",
    }
}

wire_enum! {
    /// How goods reach the buyer.
    pub enum DeliveryCategory {
        /// The buyer enters the shop.
        InStore = "in_store",
        /// The goods are brought to the buyer's car.
        Curbside = "curbside",
        /// The goods are delivered.
        HomeDelivery = "home_delivery",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_round_trip() {
        for word in ["website", "physical_store", "business_messaging", "in_a_dream", ""] {
            assert_eq!(ActionSource::from(word).as_str(), word);
        }
        assert_eq!(ActionSource::from("app"), ActionSource::App);
        assert_eq!(ActionSource::from("App"), ActionSource::Unknown("App".into()));
        assert_eq!(serde_json::to_string(&MessagingChannel::WhatsApp).unwrap(), r#""whatsapp""#);
    }
}
