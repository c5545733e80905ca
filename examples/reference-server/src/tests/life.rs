//! Starting, stopping, and the demo.

use http::header;
use serde_json::Value;
use sociogram::{api_core::Secret, meta_graph::AppId};

use super::driver::Bench;
use crate::{
    Config, Server,
    config::{LinkedInApp, MetaApp},
    demo,
};

#[tokio::test]
async fn the_demo_does_what_it_says() {
    let mut out = Vec::new();
    demo::run(&Config::default(), &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (last, before) = lines.split_last().unwrap();
    assert!(before.iter().all(|line| !line.starts_with('{')), "{text}");
    let summary: Value = serde_json::from_str(last).unwrap();
    assert_eq!((&summary["connections"], &summary["disconnected"]), (&2.into(), &1.into()));
    let left = ["no longer resolves", "the grant was withdrawn at the platform"];
    assert!(left.iter().all(|part| text.contains(part)), "{text}");
    assert_eq!(summary["published"].as_array().unwrap().len(), 2);
    assert!(summary["webhooks"].as_u64().unwrap() >= 7, "{summary}");
    assert_eq!((&summary["leads"], &summary["comments"]), (&3.into(), &3.into()), "{summary}");
    assert_eq!((&summary["dead_letters"], &summary["replayed"]), (&1.into(), &1.into()), "{summary}");
    let shown = ["Grace Visitor, grace@example.com, fetched and mapped", "fetched after the replay"];
    assert!(shown.iter().all(|part| text.contains(part)), "{text}");
    let conversions = &summary["conversions"];
    let number = |name: &str| conversions[name].as_u64().unwrap();
    let sum = number("sent") + number("rejected") + number("in_doubt");
    assert_eq!((number("accepted"), number("waiting")), (sum, 0), "{conversions}");
    assert!(number("sent") > 30, "{conversions}");
    let few = ["rejected", "in_doubt", "replayed", "leads_told"].map(number);
    assert_eq!(few, [1, 1, 1, 3], "{conversions}");
    assert!(!conversions["refused"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_taken_port_is_told_with_advice() {
    let first = Bench::new().await;
    let config = Config { port: first.server.address().port(), ..Config::sandboxed() };
    let told = Server::start(config).await.unwrap_err().to_string();
    assert!(told.contains("--port 0") && told.contains(&first.server.address().to_string()), "{told}");
}

#[tokio::test]
async fn it_answers_until_it_is_stopped() {
    let bench = Bench::new().await;
    let reply = bench.get("/healthz").await;
    assert_eq!(reply.ok().unwrap()["status"], "ok");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    let url = bench.browser.at("/healthz");
    bench.server.shutdown().await;
    assert!(bench.browser.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn each_platform_is_real_or_played_on_its_own() {
    let secret = || Secret::new("CANARY");
    let meta = || Some(MetaApp { id: AppId::from(7), secret: secret(), verify_token: secret() });
    let linkedin = || Some(LinkedInApp { id: "86abc".to_owned(), secret: secret() });
    let (real_facebook, real_linkedin) = ("https://www.facebook.com/", "https://www.linkedin.com/");
    for (meta, linkedin, told) in [
        (None, None, "Both platforms are played"),
        (meta(), None, "linkedin is played"),
        (None, linkedin(), "meta is played"),
        (meta(), linkedin(), "Both platforms are real"),
    ] {
        let bench =
            Bench::with(Config { meta: meta.clone(), linkedin: linkedin.clone(), ..Config::sandboxed() })
                .await;
        for (path, app, real) in [
            ("/connect/facebook", meta.is_some(), real_facebook),
            ("/connect/linkedin", linkedin.is_some(), real_linkedin),
        ] {
            let reply = bench.get(path).await;
            let location = reply.header(header::LOCATION).unwrap();
            assert_eq!(location.starts_with(real), app, "{location}");
        }
        let home = bench.get("/").await.text;
        assert!(home.contains(told) && !home.contains("CANARY"), "{home}");
        assert_eq!(bench.server.sandbox().is_some(), meta.is_none() || linkedin.is_none());
        assert_eq!(bench.server.register_webhooks().await, Ok(()));
    }
}
