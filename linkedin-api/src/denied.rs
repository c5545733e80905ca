//! Which access a 403 denies.

use sociogram_oauth_core::scope;

/// What the message of a 403 names: "Not enough permissions to access: partnerApiPosts.CREATE.20260901" (LinkedIn: API
/// Error Handling).
///
/// ```text
/// resource  partnerApiPosts
/// method    CREATE
/// version   20260901, NO_VERSION, or absent
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedAccess {
    resource: String,
    method: String,
    version: Option<String>,
}

/// Scopes by a part of the resource's name (in lower case), the first that fits: for writing, then for reading. The names
/// are not documented, so they are compared loosely.
const SCOPES: &[(&str, &[&str], &[&str])] = &[
    ("userinfo", &[], &[scope::OPENID, scope::PROFILE]),
    ("socialactions", SOCIAL_WRITE, SOCIAL_READ),
    ("reactions", SOCIAL_WRITE, SOCIAL_READ),
    ("comments", SOCIAL_WRITE, SOCIAL_READ),
    ("likes", SOCIAL_WRITE, SOCIAL_READ),
    ("socialmetadata", SOCIAL_WRITE, SOCIAL_READ),
    ("posts", POST_WRITE, POST_READ),
    ("ugc", POST_WRITE, POST_READ),
    ("shares", POST_WRITE, POST_READ),
    ("images", POST_WRITE, POST_READ),
    ("videos", POST_WRITE, POST_READ),
    ("documents", POST_WRITE, POST_READ),
    ("conversion", &[scope::RW_CONVERSIONS], &[scope::RW_CONVERSIONS]),
    ("lead", LEADS, LEADS),
    ("adanalytics", &[], &[scope::R_ADS_REPORTING]),
    ("adaccounts", &[scope::RW_ADS], &[scope::R_ADS, scope::RW_ADS]),
    ("adcampaign", &[scope::RW_ADS], &[scope::R_ADS, scope::RW_ADS]),
    ("creatives", &[scope::RW_ADS], &[scope::R_ADS, scope::RW_ADS]),
    (
        "organization",
        &[scope::RW_ORGANIZATION_ADMIN],
        &[scope::RW_ORGANIZATION_ADMIN, scope::R_ORGANIZATION_ADMIN],
    ),
];

const SOCIAL_WRITE: &[&str] = &[scope::W_MEMBER_SOCIAL_FEED, scope::W_ORGANIZATION_SOCIAL_FEED];
const SOCIAL_READ: &[&str] = &[scope::R_ORGANIZATION_SOCIAL_FEED, scope::R_MEMBER_SOCIAL_FEED];
const POST_WRITE: &[&str] = &[scope::W_MEMBER_SOCIAL, scope::W_ORGANIZATION_SOCIAL];
const POST_READ: &[&str] = &[scope::R_ORGANIZATION_SOCIAL, scope::R_MEMBER_SOCIAL];
const LEADS: &[&str] = &[scope::R_MARKETING_LEADGEN_AUTOMATION];

impl DeniedAccess {
    /// LinkedIn's name of the resource, such as `partnerApiSocialActions`, or the path of an older one (`/me`).
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The method in upper case, such as `CREATE`, or the HTTP method of an older resource.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The version as LinkedIn prints it, such as `20260901`; `None` for none and for `NO_VERSION`.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Scopes of which one is likely missing, judged by the names of resource and method; empty when they are not known.
    pub fn likely_scopes(&self) -> &'static [&'static str] {
        let reads = ["GET", "BATCH_GET", "GET_ALL", "FINDER", "BATCH_FINDER"].contains(&self.method.as_str());
        if self.resource == "/me" || self.resource == "me" {
            return &[scope::R_BASICPROFILE];
        }
        let resource = self.resource.to_ascii_lowercase();
        let row = SCOPES.iter().find(|(part, _, _)| resource.contains(part));
        row.map_or(&[], |(_, write, read)| if reads { read } else { write })
    }

    pub(crate) fn read(message: &str) -> Option<Self> {
        let (_, named) = message.split_once("Not enough permissions to access: ")?;
        let plain = |text: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
            !text.is_empty() && text.chars().all(known)
        };
        let mut words = named.split_whitespace();
        let first = words.next()?;
        if !first.contains('.') {
            let resource = words.next()?.trim_end_matches('.');
            let fits = plain(first) && plain(resource) && resource.starts_with('/');
            return fits.then(|| Self { resource: resource.into(), method: first.into(), version: None });
        }
        let mut parts = first.trim_end_matches('.').split('.');
        let (resource, method) = (parts.next()?, parts.next()?);
        let version = parts.next().filter(|version| plain(version) && *version != "NO_VERSION");
        (plain(resource) && plain(method)).then(|| Self {
            resource: resource.into(),
            method: method.into(),
            version: version.map(Into::into),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_forms_are_read() {
        for (message, resource, method, version, scopes) in [
            (
                "Not enough permissions to access: partnerApiPostsExternal.CREATE.20260901",
                "partnerApiPostsExternal",
                "CREATE",
                Some("20260901"),
                POST_WRITE,
            ),
            (
                "Not enough permissions to access: partnerApiSocialActions.CREATE.20260901.",
                "partnerApiSocialActions",
                "CREATE",
                Some("20260901"),
                SOCIAL_WRITE,
            ),
            (
                "Not enough permissions to access: userinfo.GET.NO_VERSION",
                "userinfo",
                "GET",
                None,
                &[scope::OPENID, scope::PROFILE],
            ),
            ("Not enough permissions to access: GET /me", "/me", "GET", None, &[scope::R_BASICPROFILE]),
            (
                "Not enough permissions to access: somethingNew.FINDER.20260901",
                "somethingNew",
                "FINDER",
                Some("20260901"),
                &[],
            ),
        ] {
            let denied = DeniedAccess::read(message).unwrap_or_else(|| panic!("{message}"));
            assert_eq!((denied.resource(), denied.method(), denied.version()), (resource, method, version));
            assert_eq!(denied.likely_scopes(), scopes, "{message}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for message in [
            "",
            "Access denied",
            "Not enough permissions to access: ",
            "Not enough permissions to access: posts",
            "Not enough permissions to access: GET me",
            "Not enough permissions to access: Ada.<b>.1",
        ] {
            assert_eq!(DeniedAccess::read(message), None, "{message}");
        }
    }
}
