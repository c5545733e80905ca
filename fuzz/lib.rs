//! The functions behind the fuzz targets.

mod targets;
mod webhooks;

pub use targets::{graph_error, media_facts, page_envelope, usage_headers};
pub use webhooks::{delivery, signature_header, signed_request, webhook_query};
