//! Words of the wire.

use sociogram_api_core::open_enum;

open_enum! {
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

open_enum! {
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

open_enum! {
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
