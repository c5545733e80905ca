//! Meta's business use cases: what most of its rate limits are counted by.

/// A business use case (Graph API: Business Use Case Rate Limits). Each is counted for itself, per app and
/// object.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseCase {
    /// Insights of an ad account.
    AdsInsights,
    /// Everything else of an ad account.
    AdsManagement,
    /// A product catalog.
    Catalog,
    /// Batches of a product catalog.
    CatalogBatch,
    /// Custom audiences of an ad account.
    CustomAudience,
    /// An Instagram account.
    Instagram,
    /// Lead forms and leads of a Page.
    Leadgen,
    /// Messenger of a Page.
    Messenger,
    /// A Page, called with a Page or system-user token.
    Pages,
    /// A Threads account.
    Threads,
    /// A WhatsApp business account: messages and management.
    WhatsApp,
    /// One that this version does not know.
    Other,
}

/// Which use case an operation belongs to, by the beginning of its name; the longest one wins.
const BY_OPERATION: &[(&str, UseCase)] = &[
    ("ads.", UseCase::AdsManagement),
    ("ads.audience.", UseCase::CustomAudience),
    ("ads.insights.", UseCase::AdsInsights),
    ("catalog.", UseCase::Catalog),
    ("catalog.batch.", UseCase::CatalogBatch),
    ("instagram.", UseCase::Instagram),
    ("instagram.message.", UseCase::Messenger),
    ("lead.", UseCase::Leadgen),
    ("messenger.", UseCase::Messenger),
    ("page.", UseCase::Pages),
    ("threads.", UseCase::Threads),
    ("whatsapp.", UseCase::WhatsApp),
];

impl UseCase {
    /// The name in Meta's usage header, and the kind of the budget key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdsInsights => "ads_insights",
            Self::AdsManagement => "ads_management",
            Self::Catalog => "catalog_management",
            Self::CatalogBatch => "catalog_batch",
            Self::CustomAudience => "custom_audience",
            Self::Instagram => "instagram",
            Self::Leadgen => "leadgen",
            Self::Messenger => "messenger",
            Self::Pages => "pages",
            Self::Threads => "threads",
            Self::WhatsApp => "whatsapp",
            Self::Other => "other",
        }
    }

    /// From the `type` of the usage header.
    pub(crate) fn from_header(name: &str) -> Self {
        match name {
            "ads_insights" => Self::AdsInsights,
            "ads_management" => Self::AdsManagement,
            "catalog_management" => Self::Catalog,
            "catalog_batch" => Self::CatalogBatch,
            "custom_audience" => Self::CustomAudience,
            "instagram" => Self::Instagram,
            "leadgen" => Self::Leadgen,
            "messenger" => Self::Messenger,
            "pages" => Self::Pages,
            "threads" => Self::Threads,
            // Meta's pages disagree on which is which, so both stop the account.
            "whatsapp" | "whatsapp_business_management" => Self::WhatsApp,
            _ => Self::Other,
        }
    }

    /// From an operation's dotted name.
    pub(crate) fn of_operation(name: &str) -> Self {
        let matching = BY_OPERATION.iter().filter(|(prefix, _)| name.starts_with(prefix));
        matching.max_by_key(|(prefix, _)| prefix.len()).map_or(Self::Other, |(_, use_case)| *use_case)
    }

    /// Whether its objects are ad accounts, which have a score of their own besides.
    pub(crate) const fn is_ad_account(self) -> bool {
        matches!(self, Self::AdsInsights | Self::AdsManagement | Self::CustomAudience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_of_the_name_decides() {
        for (name, expected) in [
            ("page.posts.create", UseCase::Pages),
            ("ads.insights.read", UseCase::AdsInsights),
            ("ads.campaigns.list", UseCase::AdsManagement),
            ("instagram.message.send", UseCase::Messenger),
            ("instagram.media.publish", UseCase::Instagram),
            ("user.accounts.list", UseCase::Other),
            ("pages", UseCase::Other),
        ] {
            assert_eq!(UseCase::of_operation(name), expected, "{name}");
        }
    }

    #[test]
    fn header_names_come_back_as_the_same_use_case() {
        for (_, use_case) in BY_OPERATION {
            assert_eq!(UseCase::from_header(use_case.as_str()), *use_case);
        }
        assert_eq!(UseCase::from_header("whatsapp_business_management"), UseCase::WhatsApp);
        assert_eq!(UseCase::from_header("something_new"), UseCase::Other);
    }
}
