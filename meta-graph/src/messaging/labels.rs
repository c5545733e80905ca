//! Labels of people in the inbox.

use serde::Deserialize;
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{ObjectId, PageId, ScopedUserId};
use crate::lenient;

endpoint! {
    /// Makes a label: `POST /{page_id}/custom_labels` (Messenger Platform: Custom Labels). Needs the Page's token and
    /// `pages_messaging`; an admin of the Page must have accepted the label terms, else 2/2018344.
    pub struct CreateLabel -> CreatedLabel;
    "messenger.labels.create": POST "/{page_id}/custom_labels", Never, [scope::PAGES_MESSAGING], Json;
    new { page_id: PageId, page_label_name: String }
    subject page_id;
}

list_endpoint! {
    /// The labels of a Page: `GET /{page_id}/custom_labels` (Messenger Platform: Custom Labels).
    pub struct ListLabels -> Label;
    "messenger.labels.list": "/{page_id}/custom_labels", [scope::PAGES_MESSAGING], limit 100;
    new { page_id: PageId }
    fields "id,page_label_name";
    subject page_id;
}

endpoint! {
    /// One label: `GET /{label_id}` (Messenger Platform: Custom Labels).
    pub struct GetLabel -> Label;
    "messenger.labels.get": GET "/{label_id}", Safe, [scope::PAGES_MESSAGING];
    new { label_id: ObjectId }
    fields "id,page_label_name";
}

endpoint! {
    /// Deletes a label, and takes it from everybody: `DELETE /{label_id}` (Messenger Platform: Custom Labels).
    pub struct DeleteLabel -> ();
    "messenger.labels.delete": DELETE "/{label_id}", Safe, [scope::PAGES_MESSAGING];
    new { label_id: ObjectId }
    decode acknowledged::read;
}

endpoint! {
    /// Gives a person a label: `POST /{label_id}/label` (Messenger Platform: Custom Labels). Repeating it changes nothing.
    pub struct AssignLabel -> ();
    "messenger.labels.assign": POST "/{label_id}/label", Safe, [scope::PAGES_MESSAGING], Json;
    new { label_id: ObjectId, user: ScopedUserId }
    decode acknowledged::read;
}

endpoint! {
    /// Takes a label from a person: `DELETE /{label_id}/label` (Messenger Platform: Custom Labels). Repeating it changes
    /// nothing.
    pub struct UnassignLabel -> ();
    "messenger.labels.unassign": DELETE "/{label_id}/label", Safe, [scope::PAGES_MESSAGING];
    new { label_id: ObjectId, user: ScopedUserId }
    decode acknowledged::read;
}

list_endpoint! {
    /// The labels of a person: `GET /{person_id}/custom_labels` (Messenger Platform: Custom Labels).
    pub struct ListPersonLabels -> Label;
    "messenger.person_labels.list": "/{person_id}/custom_labels", [scope::PAGES_MESSAGING], limit 100;
    new { person_id: ScopedUserId }
    fields "id,page_label_name";
}

/// A label that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedLabel {
    /// Its id.
    pub id: ObjectId,
}

/// A label.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Label {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    #[serde(default, rename = "page_label_name", deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}
