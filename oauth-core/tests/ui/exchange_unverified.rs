//! A callback that was not checked against its login cannot be exchanged.

use sociogram_oauth_core::{CallbackParams, OAuthClient};

async fn careless(client: &OAuthClient, callback: CallbackParams) {
    let _ = client.exchange(callback).await;
}

fn main() {}
