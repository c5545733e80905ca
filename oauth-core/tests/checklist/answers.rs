//! Reading a token answer: C22.

use std::time::Duration;

use sociogram_api_core::{Clock, testing::canary};
use sociogram_oauth_core::{
    Reason,
    testing::{Answer, ServerEndpoint},
};

use crate::world::World;

/// How long the token of this answer lives, where it says so; or why there is none.
async fn life(answer: Answer) -> Result<Option<Duration>, Reason> {
    let world = World::new();
    let client = world.client().await;
    let verified = world.verified(&client).await;
    let shown = format!("{answer:?}");
    world.server.answer_next(ServerEndpoint::Token, answer);
    let result = world.drive(client.exchange(verified)).await;
    assert_eq!(world.token_calls(), 1, "{shown}");
    result.map(|tokens| tokens.expiry().remaining(world.clock.now())).map_err(|error| {
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new(), "{shown}");
        error.reason()
    })
}

#[tokio::test]
async fn c22_content_confusion() {
    use Reason::{AnswerIsHtml, AnswerNotReadable, LifetimeSenseless, NotBearer, TokenMissing};
    let hour = Ok(Some(Duration::from_secs(3_600)));
    let unknown = Ok(None);
    for (fields, expected) in [
        (r#""access_token":"CANARYt","expires_in":3600"#, hour),
        (r#""access_token":"CANARYt","token_type":"bearer","expires_in":3600"#, hour),
        (r#""access_token":"CANARYt","token_type":"BEARER","expires_in":"3600""#, hour),
        (r#""access_token":"CANARYt","token_type":"Bearer","expires_in":3600.0"#, hour),
        (r#""access_token":"CANARYt""#, unknown),
        (r#""access_token":"CANARYt","expires_in":0"#, unknown),
        (r#""access_token":"CANARYt","expires_in":null"#, unknown),
        (r#""access_token":"CANARYt","token_type":"mac""#, Err(NotBearer)),
        (r#""access_token":"CANARYt","token_type":"DPoP""#, Err(NotBearer)),
        (r#""access_token":"CANARYt","token_type":7"#, Err(NotBearer)),
        (r#""expires_in":3600"#, Err(TokenMissing)),
        (r#""access_token":"""#, Err(TokenMissing)),
        (r#""access_token":" ""#, Err(TokenMissing)),
        (r#""access_token":"CANARY t""#, Err(TokenMissing)),
        (r#""access_token":"CANARYt\n""#, Err(TokenMissing)),
        (r#""access_token":"CANARYt\u0000""#, Err(TokenMissing)),
        (r#""access_token":null"#, Err(TokenMissing)),
        (r#""access_token":["CANARYt"]"#, Err(TokenMissing)),
        (r#""access_token":"CANARYt","expires_in":-1"#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":"-1""#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":1.5"#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":"soon""#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":1e300"#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":18446744073709551615"#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","expires_in":{}"#, Err(LifetimeSenseless)),
        (r#""access_token":"CANARYt","refresh_token":["CANARYr"]"#, Err(AnswerNotReadable)),
        (r#""access_token":"CANARYt","refresh_token":"CANARY r""#, Err(AnswerNotReadable)),
    ] {
        assert_eq!(life(Answer::json(200, format!("{{{fields}}}"))).await, expected, "{fields}");
    }
    for (content_type, body, expected) in [
        ("text/html", "<html>CANARY</html>", AnswerIsHtml),
        ("application/json", "\n <!doctype html>CANARY", AnswerIsHtml),
        ("text/plain", "CANARYtCANARY", AnswerNotReadable),
        ("application/json", "", AnswerNotReadable),
        ("application/json", "null", AnswerNotReadable),
        ("application/json", r#"["CANARYt"]"#, AnswerNotReadable),
        ("application/json", r#"{"access_token":"CANARYt""#, AnswerNotReadable),
        ("application/json", "\u{1}\u{2}", AnswerNotReadable),
    ] {
        assert_eq!(life(Answer::body(200, content_type, body)).await, Err(expected), "{body}");
    }
}
