//! Publishing: once, to the right account, and with a reason when not.

use serde_json::{Value, json};

use super::driver::{ANALYST_ORGANIZATION, Bench, MEMBER, ORGANIZATION, PAGE, WEAK_PAGE, problem};

async fn new_post(bench: &Bench, account: &str, text: &str) -> Value {
    let provider = if account.starts_with("urn:") { "linkedin" } else { "facebook" };
    json!({"connection": bench.connection(provider).await, "account": account, "text": text})
}

fn posts(bench: &Bench) -> usize {
    let received = bench.received();
    received.facebook_posts.len() + received.linkedin_posts.len()
}

#[tokio::test]
async fn one_post_to_each_kind_of_account() {
    let bench = Bench::connected().await;
    for account in [PAGE, ORGANIZATION, MEMBER] {
        let text = "Brot (frisch) & mehr #Brot";
        let published = bench.post(&new_post(&bench, account, text).await, None).await.ok().unwrap();
        assert_eq!(published["account"], account);
        assert!(published["url"].as_str().unwrap().starts_with("https://www."));
        let received = bench.received();
        let id = published["id"].as_str().unwrap();
        let facebook = received.facebook_posts.iter().find(|post| post.id == id);
        let linkedin = received.linkedin_posts.iter().find(|post| post.urn == id);
        match (facebook, linkedin) {
            (Some(post), None) => assert_eq!(post.message.as_deref(), Some(text)),
            (None, Some(post)) => assert_eq!((post.visible_text.as_str(), post.truncated), (text, false)),
            _ => panic!("{account}: not held"),
        }
    }
    assert_eq!(posts(&bench), 3);
    assert_eq!(bench.received().violations, []);
}

#[tokio::test]
async fn blocked_and_unknown_accounts_are_refused_with_the_reason() {
    let bench = Bench::connected().await;
    for (account, part) in [(WEAK_PAGE, "CREATE_CONTENT"), (ANALYST_ORGANIZATION, "ANALYST")] {
        let refused = problem(&bench.post(&new_post(&bench, account, "x").await, None).await, 403);
        assert_eq!(refused["type"], "urn:sociogram:problem:account-blocked");
        assert!(refused["detail"].as_str().unwrap().contains(part), "{refused}");
    }
    for (account, status) in [
        ("999", 404),
        ("../me", 422),
        ("urn:li:organization:42", 404),
        ("urn:li:person:somebody-else", 404),
        ("urn:li:group:1", 422),
    ] {
        problem(&bench.post(&new_post(&bench, account, "x").await, None).await, status);
    }
    assert_eq!(posts(&bench), 0);
}

#[tokio::test]
async fn what_would_be_refused_is_not_sent() {
    let bench = Bench::connected().await;
    let calls = bench.received().calls.len();
    let with_link = |mut post: Value, link: &str| {
        post["link"] = link.into();
        post
    };
    let cases = [
        (new_post(&bench, PAGE, "").await, "page.post.empty"),
        (new_post(&bench, PAGE, &"ä".repeat(63_207)).await, "page.post.message.length"),
        (with_link(new_post(&bench, PAGE, "x").await, "example.com"), "page.post.link"),
        (new_post(&bench, ORGANIZATION, " ").await, "linkedin.post.empty"),
        (new_post(&bench, ORGANIZATION, &"x".repeat(3001)).await, "linkedin.post.length"),
        (with_link(new_post(&bench, MEMBER, "x").await, "javascript:alert(1)"), "post.link"),
    ];
    for (post, rule) in cases {
        let refused = problem(&bench.post(&post, Some("k")).await, 422);
        let findings = refused["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["rule"] == rule), "{rule}: {refused}");
    }
    assert_eq!(bench.received().calls.len(), calls);
    // The key was freed each time, so it can still be used.
    assert_eq!(bench.post(&new_post(&bench, PAGE, "x").await, Some("k")).await.status, 200);
}

#[tokio::test]
async fn the_same_post_again_names_the_first() {
    let bench = Bench::connected().await;
    for account in [PAGE, ORGANIZATION] {
        let post = new_post(&bench, account, "Guten Morgen").await;
        let first = bench.post(&post, None).await.ok().unwrap();
        let again = problem(&bench.post(&post, None).await, 409);
        assert_eq!(
            (&again["existing"], again["type"].as_str()),
            (&first["id"], Some("urn:sociogram:problem:duplicate"))
        );
    }
    assert_eq!(posts(&bench), 2);
}

#[tokio::test]
async fn one_key_makes_one_post() {
    let bench = Bench::connected().await;
    let post = new_post(&bench, PAGE, "Guten Morgen").await;
    let (first, second) = tokio::join!(bench.post(&post, Some("k-1")), bench.post(&post, Some("k-1")));
    let (done, other) = if first.status == 200 { (first, second) } else { (second, first) };
    let made = done.ok().unwrap();
    assert!(other.status == 409 || other.text == done.text, "{}", other.text);

    let again = bench.post(&post, Some("k-1")).await;
    assert_eq!(again.ok().unwrap(), made);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    problem(&bench.post(&new_post(&bench, PAGE, "Guten Abend").await, Some("k-1")).await, 422);
    problem(&bench.post(&new_post(&bench, ORGANIZATION, "Guten Morgen").await, Some("k-1")).await, 422);
    assert_eq!(posts(&bench), 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_open_and_the_key_taken() {
    let bench = Bench::connected().await;
    for (account, path) in [(PAGE, "/feed"), (ORGANIZATION, "/rest/posts")] {
        let before = posts(&bench);
        bench.fault(path, "reset_after_effect", 1).await;
        let post = new_post(&bench, account, "Guten Morgen").await;
        for _ in 0..2 {
            let doubtful = problem(&bench.post(&post, Some(account)).await, 504);
            assert_eq!(doubtful["type"], "urn:sociogram:problem:in-doubt");
            assert!(doubtful["action"].as_str().unwrap().contains("before repeating"), "{doubtful}");
        }
        assert_eq!(posts(&bench), before + 1, "it was made, once");
    }
}

#[tokio::test]
async fn a_refusal_that_did_nothing_frees_the_key() {
    let bench = Bench::connected().await;
    bench.fault("/feed", "throttle", 1).await;
    let post = new_post(&bench, PAGE, "Guten Morgen").await;
    let throttled = bench.post(&post, Some("k")).await;
    problem(&throttled, 429);
    assert!(throttled.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(posts(&bench), 0);
}
