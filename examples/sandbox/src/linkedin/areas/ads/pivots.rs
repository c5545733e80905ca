//! What reports are grouped by.

/// A creative with everything above it: what figures belong to.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) creative: String,
    pub(super) campaign: String,
    pub(super) group: String,
    pub(super) account: String,
    pub(super) share: String,
    pub(super) company: String,
}

/// Groups of people, devices and places that exist in the sandbox.
const GROUPS: [(&str, &[&str]); 14] = [
    ("CONVERSION", &["urn:lla:llaPartnerConversion:104001"]),
    ("PLACEMENT_NAME", &["Feed", "Audience Network"]),
    ("IMPRESSION_DEVICE_TYPE", &["DESKTOP_WEB", "MOBILE_APP", "MOBILE_WEB"]),
    ("SERVING_LOCATION", &["ON_SITE", "OFF_SITE"]),
    ("EVENT_STAGE", &["PRE_EVENT", "POST_EVENT"]),
    ("CARD_INDEX", &[]),
    ("MEMBER_COMPANY", &["urn:li:organization:5000001", "urn:li:organization:5000009"]),
    ("MEMBER_COMPANY_SIZE", &["SIZE_2_TO_10", "SIZE_11_TO_50"]),
    ("MEMBER_INDUSTRY", &["urn:li:industry:91", "urn:li:industry:27"]),
    ("MEMBER_SENIORITY", &["urn:li:seniority:3", "urn:li:seniority:4"]),
    ("MEMBER_JOB_FUNCTION", &["urn:li:function:8", "urn:li:function:15"]),
    ("MEMBER_COUNTRY_V2", &["urn:li:geo:101282230", "urn:li:geo:103883259"]),
    ("MEMBER_REGION_V2", &["urn:li:geo:106967730"]),
    ("MEMBER_COUNTY", &["urn:li:geo:90009735"]),
];
/// Job titles are many.
const TITLES: usize = 60;
const OBJECTS: [&str; 6] = ["ACCOUNT", "CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE", "SHARE", "COMPANY"];

pub(super) fn is_known(pivot: &str) -> bool {
    is_object(pivot) || pivot == "MEMBER_JOB_TITLE" || GROUPS.iter().any(|(name, _)| *name == pivot)
}

/// Whether the pivot is something of the ad account, not a group that its figures are split over.
pub(super) fn is_object(pivot: &str) -> bool {
    OBJECTS.contains(&pivot)
}

/// Whether the pivot says what kind of members saw an ad.
pub(super) fn is_demographic(pivot: &str) -> bool {
    pivot.starts_with("MEMBER_")
}

impl Leaf {
    /// The values a pivot has for this creative.
    fn values(&self, pivot: &str) -> Vec<String> {
        match pivot {
            "ACCOUNT" => vec![self.account.clone()],
            "CAMPAIGN_GROUP" => vec![self.group.clone()],
            "CAMPAIGN" => vec![self.campaign.clone()],
            "CREATIVE" => vec![self.creative.clone()],
            "SHARE" => vec![self.share.clone()],
            "COMPANY" => vec![self.company.clone()],
            "MEMBER_JOB_TITLE" => (1..=TITLES).map(|title| format!("urn:li:title:{title}")).collect(),
            other => {
                let found = GROUPS.iter().find(|(name, _)| *name == other);
                found.map_or_else(Vec::new, |(_, values)| {
                    values.iter().map(|value| (*value).to_owned()).collect()
                })
            }
        }
    }

    /// Every combination of the pivots' values.
    pub(super) fn combinations(&self, pivots: &[String]) -> Vec<Vec<String>> {
        let mut all = vec![Vec::new()];
        for pivot in pivots {
            let values = self.values(pivot);
            all = all
                .iter()
                .flat_map(|start: &Vec<String>| {
                    values.iter().map(move |value| {
                        let mut longer = start.clone();
                        longer.push(value.clone());
                        longer
                    })
                })
                .collect();
        }
        all
    }
}
