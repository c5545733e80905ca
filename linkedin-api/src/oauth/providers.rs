//! LinkedIn's login products, ready to use.

use std::sync::Arc;

use sociogram_oauth_core::Provider;

use super::hooks::LinkedInHooks;
use crate::client::Client;

/// LinkedIn for apps with a client secret (LinkedIn: 3-Legged OAuth Flow).
///
/// `client` may have any token or none: it asks whose a new token is.
///
/// ```no_run
/// use sociogram_linkedin_api::{Client, oauth};
///
/// # fn provider() -> Result<(), sociogram_linkedin_api::Error> {
/// let provider = oauth::linkedin(&Client::builder().build()?);
/// # Ok(())
/// # }
/// ```
pub fn linkedin(client: &Client) -> Provider {
    Provider::linkedin(Arc::new(LinkedInHooks::new(client)))
}

/// LinkedIn for installed programs, which have no client secret (LinkedIn: Authorization Code Flow with PKCE for
/// native clients). LinkedIn enables it for an app on request.
pub fn linkedin_native(client: &Client) -> Provider {
    Provider::linkedin_native(Arc::new(LinkedInHooks::new(client)))
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::testing::ScriptedTransport;
    use sociogram_oauth_core::PkceSupport;

    use super::*;

    #[test]
    fn both_products_are_there() {
        let client = Client::builder().transport(Arc::new(ScriptedTransport::new())).build().unwrap();
        for (provider, path, pkce) in [
            (linkedin(&client), "v2/authorization", PkceSupport::Unsupported),
            (linkedin_native(&client), "native-pkce/authorization", PkceSupport::Required),
        ] {
            assert_eq!(provider.authorize_url(), format!("https://www.linkedin.com/oauth/{path}"));
            assert_eq!(provider.pkce(), pkce);
            assert!(format!("{provider:?}").contains("linkedin"));
        }
    }
}
