use proptest::prelude::*;

use super::*;
use crate::{Context, Field, Mode, normalize};

const SEEN: Timestamp = Timestamp::from_unix_millis(1_795_000_000_123);

fn found(url: &str, referrer: Option<&str>) -> Option<String> {
    Fbc::from_url(url, referrer, SEEN).map(|click| click.fbclid().to_owned())
}

#[test]
fn the_click_id_comes_from_the_url_and_then_from_the_referrer() {
    for (url, referrer, id) in [
        ("https://example.com/?fbclid=IwAR_x-1", None, Some("IwAR_x-1")),
        ("https://example.com/?a=1&fbclid=AbC&b=2#fbclid=no", None, Some("AbC")),
        ("https://example.com/?fbclid=one", Some("https://example.org/?fbclid=two"), Some("one")),
        ("https://example.com/", Some("https://example.org/?fbclid=two"), Some("two")),
        ("https://example.com/?fbclid=", Some("https://example.org/?fbclid=two"), Some("two")),
        ("https://example.com/?fbclid=&fbclid=x", None, Some("x")),
        ("https://example.com/?fbclid=a%20b", Some("https://example.org/?fbclid=two"), Some("two")),
        ("/path?fbclid=A%2DB%2db", None, Some("A-B-b")),
        ("https://example.com/?fbclid=100%", None, Some("100%")),
        ("https://example.com/?fbclid=%252D", None, Some("%2D")),
        ("https://example.com/?fbclid=a+b", None, Some("a+b")),
        ("https://example.com/?xfbclid=a&FBCLID=b", None, None),
        ("https://example.com/#/?fbclid=a", None, None),
        ("https://example.com/?fbclid=%E4%BD%A0", None, None),
        ("fbclid=a", None, None),
        ("", Some(""), None),
    ] {
        assert_eq!(found(url, referrer).as_deref(), id, "{url} {referrer:?}");
    }
}

#[test]
fn a_click_id_keeps_its_letters_and_its_time() {
    let click = Fbc::from_fbclid("IwAR2F4-dbP0", SEEN).unwrap();
    assert_eq!(click.as_str(), "fb.1.1795000000123.IwAR2F4-dbP0");
    assert_eq!((click.subdomain_index(), click.first_seen()), (1, SEEN));
    assert_eq!(click.expires_at().as_unix_millis() - SEEN.as_unix_millis(), 90 * 86_400_000);
    for id in ["", " a", "a b", "a\n", "ü", &"a".repeat(1001)] {
        assert!(Fbc::from_fbclid(id, SEEN).is_err(), "{id:?}");
    }
}

#[test]
fn cookies_are_read_with_and_without_the_mark() {
    for (cookie, index, id) in [
        ("fb.1.1554763741205.AbCd", 1, "AbCd"),
        ("fb.2.1554763741205.AbCd.AQQCAQMC", 2, "AbCd"),
        ("fb.0.1554763741205.AbCd.Bg", 0, "AbCd"),
        ("fb.1.1554763741205.Ab.Cd", 1, "Ab.Cd"),
        ("fb.1.1554763741205.AQQCAQMC", 1, "AQQCAQMC"),
    ] {
        let click = Fbc::parse(cookie).unwrap();
        assert_eq!((click.as_str(), click.subdomain_index(), click.fbclid()), (cookie, index, id));
    }
    for cookie in [
        "",
        "AbCd",
        "fb.1.1554763741205.",
        "fb.1.1554763741205",
        "fb.1.1554763741.AbCd",
        "fb.x.1554763741205.AbCd",
        "fb.1.-554763741205.AbCd",
        "FB.1.1554763741205.AbCd",
        "fb.1.1554763741205.Ab Cd",
        " fb.1.1554763741205.AbCd",
        "fb.999.1554763741205.AbCd",
    ] {
        let refused = Fbc::parse(cookie).unwrap_err();
        assert_eq!(refused.findings()[0].rule(), "capi.fbc", "{cookie}");
        assert!(!refused.to_string().contains("AbCd"));
    }
}

#[test]
fn browser_ids_are_numbers() {
    let new = Fbp::new(SEEN, u64::MAX);
    assert_eq!(Fbp::parse(new.as_str()), Ok(new.clone()));
    assert_eq!((new.created(), new.subdomain_index()), (SEEN, 1));
    assert!(Fbp::parse("fb.1.1795000000123.1098115397.Ag").is_ok());
    for cookie in ["fb.1.1795000000123.abc", "fb.1.1795000000123.", "fb.1.1795000000.1098115397"] {
        assert!(Fbp::parse(cookie).is_err(), "{cookie}");
    }
}

#[test]
fn a_new_click_replaces_the_cookie_and_the_same_click_does_not() {
    let cookie = "fb.1.1554763741205.old.AQQCAQMC";
    let at = |cookie, url| Fbc::of_visit(cookie, url, None, SEEN).map(String::from);
    assert_eq!(at(Some(cookie), "https://example.com/?fbclid=old").as_deref(), Some(cookie));
    assert_eq!(at(Some(cookie), "https://example.com/").as_deref(), Some(cookie));
    assert_eq!(
        at(Some(cookie), "https://example.com/?fbclid=new").as_deref(),
        Some("fb.1.1795000000123.new")
    );
    assert_eq!(
        at(Some("junk"), "https://example.com/?fbclid=new").as_deref(),
        Some("fb.1.1795000000123.new")
    );
    assert_eq!(at(Some("junk"), "https://example.com/"), None);
    assert_eq!(at(None, ""), None);
}

#[test]
fn debug_shows_no_id() {
    let shown = format!("{:?} {:?}", Fbc::from_fbclid("canary", SEEN).unwrap(), Fbp::new(SEEN, 424_242));
    assert!(!shown.contains("canary") && !shown.contains("424242"), "{shown}");
}

proptest! {
    #[test]
    fn made_ids_are_read_back_and_sent_as_they_are(id in "[A-Za-z0-9_-]{1,200}", millis in 1_500_000_000_000i64..2_000_000_000_000) {
        let seen = Timestamp::from_unix_millis(millis);
        let click = Fbc::from_url(&format!("https://example.com/?a=b&fbclid={id}&c"), None, seen).unwrap();
        prop_assert_eq!(click.fbclid(), id.as_str());
        prop_assert_eq!(Fbc::parse(click.as_str()).unwrap(), click.clone());
        let sent = normalize(Mode::Canonical, Field::Fbc, click.as_str(), &Context::new()).unwrap().unwrap();
        prop_assert_eq!(sent.wire(), click.as_str());
        prop_assert!(sent.warnings().is_empty());
    }

    #[test]
    fn no_text_panics(text in "(fb\\.)?[\\PC.%?&=]{0,40}") {
        let _ = Fbc::parse(&text);
        let _ = Fbp::parse(&text);
        let _ = Fbc::from_url(&format!("?fbclid={text}"), Some(&text), SEEN);
    }
}
