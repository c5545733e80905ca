//! What is sent in one piece.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::urn::{DocumentUrn, ImageUrn, Urn};

/// What is uploaded in one piece: [`ImageUrn`] or [`DocumentUrn`].
pub trait WholeFile:
    sealed::Kind + Clone + Debug + Into<Urn> + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl WholeFile for ImageUrn {}
impl WholeFile for DocumentUrn {}

mod sealed {
    use std::future::Future;

    use sociogram_api_core::Finding;
    use sociogram_api_core::http::Endpoint;
    #[cfg(feature = "media")]
    use sociogram_api_core::media::MediaFacts;

    use crate::client::Client;
    use crate::documents::InitializeDocumentUpload;
    use crate::error::Error;
    #[cfg(feature = "media")]
    use crate::guard;
    use crate::guard::rules;
    use crate::images::InitializeImageUpload;
    use crate::uploads::empty;
    use crate::uploads::whole::Target;
    use crate::urn::{ActorUrn, DocumentUrn, ImageUrn, Urn};

    /// What differs between the kinds.
    pub trait Kind: Sized {
        /// The operation that opens an upload.
        const OPEN: &'static str;

        fn check_length(bytes: u64) -> Vec<Finding>;

        #[cfg(feature = "media")]
        fn check_facts(facts: &MediaFacts) -> Vec<Finding>;

        fn open(
            client: &Client,
            owner: ActorUrn,
            account: Option<Urn>,
            name: Option<String>,
        ) -> impl Future<Output = Result<Target<Self>, Error>> + Send;
    }

    macro_rules! kind {
        ($urn:ident, $initialize:ident, $field:ident, $check_facts:path, $check_length:expr) => {
            impl Kind for $urn {
                const OPEN: &'static str = $initialize::NAME;

                fn check_length(bytes: u64) -> Vec<Finding> {
                    let check: fn(u64) -> Option<Finding> = $check_length;
                    if bytes == 0 { vec![empty("media")] } else { check(bytes).into_iter().collect() }
                }

                #[cfg(feature = "media")]
                fn check_facts(facts: &MediaFacts) -> Vec<Finding> {
                    $check_facts(facts)
                }

                async fn open(
                    client: &Client,
                    owner: ActorUrn,
                    account: Option<Urn>,
                    name: Option<String>,
                ) -> Result<Target<Self>, Error> {
                    let mut open = $initialize::new(owner);
                    if let Some(account) = account {
                        open = open.library_account(account);
                    }
                    if let Some(name) = name {
                        open = open.library_name(name);
                    }
                    let opened = client.send(open).await?;
                    Ok(Target {
                        urn: opened.$field,
                        url: opened.upload_url,
                        expires_at: opened.upload_url_expires_at,
                    })
                }
            }
        };
    }

    // No length in bytes is published for images.
    kind!(ImageUrn, InitializeImageUpload, image, guard::media::image, |_| None);
    kind!(DocumentUrn, InitializeDocumentUpload, document, guard::media::document, |bytes| {
        (bytes > rules::DOCUMENT_MAX_BYTES)
            .then(|| rules::DOCUMENT_SIZE.finding("media").measured(format_args!("{bytes} bytes")))
    });
}
