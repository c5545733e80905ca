//! The organizations of the platform: those of the world, a brand of the first one, and one nobody here has a role in.

use serde_json::{Map, Value, json};

use super::super::super::{api::Call, organizations};

/// Id of the organization nobody here has a role in.
const STRANGER: &str = "5000009";
/// Id of the brand of the first organization.
const BRAND: &str = "5000011";

/// An organization or a brand.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) urn: String,
    pub(crate) name: String,
    /// The organization a brand belongs to.
    pub(crate) parent: Option<String>,
    /// The caller's approved role; in a brand it is the one in its parent.
    pub(crate) role: Option<String>,
}

impl Entry {
    pub(crate) fn vanity(&self) -> String {
        self.name.to_lowercase().replace(' ', "-")
    }

    pub(crate) fn mail_domain(&self) -> String {
        format!("{}.example.com", self.vanity())
    }

    pub(crate) fn is_administered(&self) -> bool {
        self.role.as_deref() == Some("ADMINISTRATOR")
    }

    /// The page as the caller may see it (LinkedIn: Organization Lookup API).
    pub(crate) fn represent(&self) -> Value {
        let mut fields = self.shown_to_all();
        if self.is_administered() {
            fields.extend(self.shown_to_administrators());
        }
        Value::Object(fields)
    }

    pub(crate) fn shown_to_all(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("id", self.id.parse::<i64>().map_or_else(|_| json!(self.id), |id| json!(id)));
        put("name", localized(&self.name));
        put("localizedName", json!(self.name));
        put("vanityName", json!(self.vanity()));
        put("localizedWebsite", json!(format!("https://{}", self.mail_domain())));
        put("logoV2", json!({"original": format!("urn:li:digitalmediaAsset:logo-{}", self.id)}));
        put(
            "locations",
            json!([{
                "locationType": "HEADQUARTERS",
                "address": {"country": "DE", "city": "Berlin", "line1": "Sandkasten 1", "postalCode": "10115"},
            }]),
        );
        put("primaryOrganizationType", json!(if self.parent.is_some() { "BRAND" } else { "NONE" }));
        fields
    }

    fn shown_to_administrators(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("staffCountRange", json!("SIZE_11_TO_50"));
        put("industries", json!(["urn:li:industry:91"]));
        put("description", localized("Bread, made of sand."));
        put("localizedDescription", json!("Bread, made of sand."));
        put(
            "specialties",
            json!([{"locale": {"country": "US", "language": "en"}, "tags": ["bread", "sand"]}]),
        );
        put("foundedOn", json!({"year": 1999}));
        put("coverPhotoV2", json!({"original": format!("urn:li:digitalmediaAsset:cover-{}", self.id)}));
        put("defaultLocale", json!({"country": "US", "language": "en"}));
        put("$URN", json!(self.urn));
        if let Some(parent) = &self.parent {
            put("parentRelationship", json!({"parent": parent}));
        }
        fields
    }
}

fn localized(text: &str) -> Value {
    json!({"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}})
}

/// Everything in the directory.
pub(crate) fn all(call: &Call<'_>) -> Vec<Entry> {
    let world = &call.shared.config.world;
    let mut entries: Vec<Entry> = world
        .organizations
        .iter()
        .map(|found| {
            let urn = found.urn();
            let role = organizations::role(call, &urn).map(str::to_owned);
            Entry { id: found.id.clone(), urn, name: found.name.clone(), parent: None, role }
        })
        .collect();
    if let Some(first) = entries.first().cloned() {
        entries.push(Entry {
            id: BRAND.to_owned(),
            urn: format!("urn:li:organizationBrand:{BRAND}"),
            name: format!("{} Sourdough", first.name),
            parent: Some(first.urn),
            role: first.role,
        });
    }
    entries.push(Entry {
        id: STRANGER.to_owned(),
        urn: format!("urn:li:organization:{STRANGER}"),
        name: "Sandbox Mill".to_owned(),
        parent: None,
        role: None,
    });
    entries
}

/// The organization or brand of a URN.
pub(crate) fn find(call: &Call<'_>, urn: &str) -> Option<Entry> {
    all(call).into_iter().find(|entry| entry.urn == urn)
}

/// Whether the caller is an administrator of the organization or brand.
pub(crate) fn administers(call: &Call<'_>, urn: &str) -> bool {
    find(call, urn).is_some_and(|entry| entry.is_administered())
}
