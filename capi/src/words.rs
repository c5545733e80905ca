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

open_enum! {
    /// What `content_ids` name (`content_type`).
    pub enum ContentType {
        /// Single products, as in the catalogue.
        Product = "product",
        /// Groups of products that differ in size or colour only.
        ProductGroup = "product_group",
    }
}

open_enum! {
    /// How well the business knew the person before (Conversions API: server event parameters,
    /// `customer_segmentation`).
    pub enum CustomerSegmentation {
        /// New to the business.
        NewToBusiness = "new_customer_to_business",
        /// New to one line of the business, such as a product or service.
        NewToBusinessLine = "new_customer_to_business_line",
        /// New to a product area, such as finance.
        NewToProductArea = "new_customer_to_product_area",
        /// New to a marketing medium, such as e-mail.
        NewToMedium = "new_customer_to_medium",
        /// A customer of the business.
        ExistingInBusiness = "existing_customer_to_business",
        /// A customer of one line of the business.
        ExistingInBusinessLine = "existing_customer_to_business_line",
        /// A customer of a product area.
        ExistingInProductArea = "existing_customer_to_product_area",
        /// A customer through a marketing medium.
        ExistingInMedium = "existing_customer_to_medium",
        /// A member of a loyalty programme.
        Loyal = "customer_in_loyalty_program",
    }
}

open_enum! {
    /// How the outcome of a conversation was found (WhatsApp: automatic events, `outcome_type`).
    pub enum MessagingOutcomeType {
        /// Meta found it in the conversation and told you by webhook.
        AutomaticEvents = "automatic_events",
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
        for word in ["new_customer_to_medium", "customer_in_loyalty_program", "regular"] {
            assert_eq!(CustomerSegmentation::from(word).as_str(), word);
        }
        assert!(matches!(CustomerSegmentation::from("regular"), CustomerSegmentation::Unknown(_)));
    }
}
