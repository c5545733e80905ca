//! When something was created and last changed, and by whom.

use serde::Deserialize;

use crate::audit::AuditStamp;
use crate::lenient;

/// When something was created and last changed.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditStamps {
    /// The creation.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub created: Option<AuditStamp>,
    /// The last change.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub last_modified: Option<AuditStamp>,
}
