//! A code is gone once it was exchanged.

use sociogram_oauth_core::{OAuthClient, VerifiedCode};

async fn again(client: &OAuthClient, verified: VerifiedCode) {
    let _ = client.exchange(verified).await;
    let _ = client.exchange(verified).await;
}

fn main() {}
