//! The media library of ad accounts.

use serde_json::{Map, Value, json};

use crate::urn::Urn;

/// Adds `mediaLibraryMetadata` to a request, if there is any.
pub(crate) fn write(request: &mut Value, account: Option<&Urn>, name: Option<&str>) {
    let mut library = Map::new();
    if let Some(account) = account {
        library.insert("associatedAccount".to_owned(), json!(account));
    }
    if let Some(name) = name {
        library.insert("assetName".to_owned(), json!(name));
    }
    if let (false, Value::Object(members)) = (library.is_empty(), request) {
        members.insert("mediaLibraryMetadata".to_owned(), Value::Object(library));
    }
}
