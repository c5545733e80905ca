use proptest::prelude::*;

use super::*;

#[test]
fn versions_are_strict() {
    assert_eq!("v26.0".parse(), Ok(ApiVersion::DEFAULT));
    assert_eq!("v2.12".parse(), Ok(ApiVersion::new(2, 12)));
    for bad in ["", "26.0", "v26", "v.0", "v26.", "v+1.0", "v26.0.1", "V26.0", "v26.0/me", "v99999.0"] {
        assert_eq!(bad.parse::<ApiVersion>(), Err(ParseVersionError), "{bad}");
    }
    assert!(ApiVersion::new(9, 0) < ApiVersion::new(10, 0));
}

#[test]
fn drift_is_another_version_or_a_warning() {
    let asked = ApiVersion::DEFAULT;
    let detect = |headers: &[(&'static str, &'static str)]| {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        VersionDrift::detect("test.read", asked, &headers.collect())
    };
    assert_eq!(detect(&[]), None);
    assert_eq!(detect(&[("facebook-api-version", "v26.0")]), None);
    assert_eq!(detect(&[("facebook-api-version", "soon")]), None);
    let drift = detect(&[("facebook-api-version", "v27.0")]).unwrap();
    assert_eq!((drift.operation, drift.served), ("test.read", Some(ApiVersion::new(27, 0))));
    assert_eq!(drift.upgrade, None);
}

#[test]
fn the_warning_of_the_marketing_api_is_read_as_far_as_it_goes() {
    let asked = ApiVersion::new(25, 0);
    for (text, to) in [
        ("v25.0 is deprecated. The call was upgraded to v26.0.", Some(ApiVersion::new(26, 0))),
        ("Upgraded to V26.0 from v25.0", Some(ApiVersion::new(26, 0))),
        ("v25.0 will stop working", None),
        ("deprecated", None),
        ("", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(WARNING, text.parse().unwrap());
        let drift = VersionDrift::detect("ads.campaigns.list", asked, &headers).unwrap();
        let upgrade = drift.upgrade.unwrap();
        assert_eq!((drift.served, upgrade.to, &*upgrade.warning), (None, to, text));
    }
}

#[tokio::test]
async fn a_product_hears_of_each_drift_once() {
    use std::sync::Arc;

    use sociogram_api_core::testing::{CapturedLogs, ScriptedTransport};

    use crate::RawRequest;
    use crate::me::GetMe;

    let logs = CapturedLogs::start();
    let answers = [("facebook-api-version", "v27.0"), ("facebook-api-version", "v28.0")];
    let transport = [0, 0, 0, 1, 0].iter().fold(ScriptedTransport::new(), |script, answer| {
        script.respond(200, &[answers[*answer]], r#"{"id":"1"}"#)
    });
    let heard: Arc<Mutex<Vec<VersionDrift>>> = Arc::default();
    let ears = Arc::clone(&heard);
    let client = crate::Client::builder()
        .transport(Arc::new(transport))
        .access_token("TOKEN")
        .on_version_drift(Arc::new(move |drift| ears.lock().unwrap().push(drift.clone())))
        .build()
        .unwrap();
    client.send(GetMe::new()).await.unwrap();
    client.clone().send(GetMe::new()).await.unwrap();
    client.send(RawRequest::get("me")).await.unwrap();
    client.send(GetMe::new()).await.unwrap();
    client.send(GetMe::new()).await.unwrap();
    let heard: Vec<_> = heard.lock().unwrap().iter().map(|drift| (drift.operation, drift.served)).collect();
    let (newer, newest) = (Some(ApiVersion::new(27, 0)), Some(ApiVersion::new(28, 0)));
    assert_eq!(heard, [("user.read", newer), ("raw.get", newer), ("user.read", newest)]);
    assert_eq!(logs.text().matches("another version of the Graph API").count(), 3, "{}", logs.text());
}

proptest! {
    #[test]
    fn text_round_trips(major in any::<u16>(), minor in any::<u16>()) {
        let version = ApiVersion::new(major, minor);
        prop_assert_eq!(version.to_string().parse(), Ok(version));
    }
}
