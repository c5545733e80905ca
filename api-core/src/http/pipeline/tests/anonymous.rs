//! Requests without a credential.

use super::*;

#[tokio::test]
async fn an_anonymous_request_goes_anywhere_without_a_credential() {
    let class = [("x-class", "auth")];
    let transport = ScriptedTransport::new().json("{}").json("{}").respond(401, &class, "{}");
    let authorizer = Arc::new(TestAuthorizer::default());
    let pipeline = pipeline(&transport).authorizer(authorizer.clone()).build().unwrap();
    let operation = Operation::new("x", "test", Replay::Safe).anonymous();
    for (base, good) in
        [("https://files.example", true), ("https://api.example", true), ("https://files.example", false)]
    {
        let base = BaseUrl::parse(base).unwrap();
        assert_eq!(pipeline.permits(&base), base.as_str() == "https://api.example");
        let mut parts = request(Method::PUT);
        parts.base(base);
        assert_eq!(pipeline.execute(&operation, &parts).await.is_ok(), good);
    }
    let requests = transport.requests();
    assert_eq!(requests.len(), 3, "there is nothing to renew");
    assert!(requests.iter().all(|request| !request.headers.contains_key(AUTHORIZATION)));
    let (given, rejected) = (&authorizer.given, &authorizer.rejected);
    assert_eq!((given.load(Ordering::Relaxed), rejected.load(Ordering::Relaxed)), (0, 0));
}
