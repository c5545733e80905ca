//! A login does not complete without the secret that ties it to a browser.

use sociogram_oauth_core::{Actor, CallbackParams, OAuthClient};

async fn careless(client: &OAuthClient, callback: CallbackParams, actor: &Actor) {
    let _ = client.complete(callback, None, actor).await;
}

fn main() {}
