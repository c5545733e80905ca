use super::*;
use proptest::prelude::*;

fn get(template: &'static str) -> RequestParts {
    let mut parts = RequestParts::new(Method::GET, template);
    parts.base(BaseUrl::parse("https://h.example/v1").unwrap());
    parts
}

#[test]
fn builds_the_url_verbatim() {
    let mut parts = get("/{key}/likes/{id}");
    parts
        .encoded_path("key", "(actor:urn%3Ali%3Aperson%3Aa,entity:x)")
        .path("id", "a/b c")
        .encoded_query("ids=List((a:1),b)")
        .query("q", "ä&=+ ");
    assert_eq!(
        parts.build().unwrap().uri().to_string(),
        "https://h.example/v1/(actor:urn%3Ali%3Aperson%3Aa,entity:x)/likes/a%2Fb%20c\
         ?ids=List((a:1),b)&q=%C3%A4%26%3D%2B%20"
    );
}

#[test]
fn a_wrong_template_or_segment_is_refused() {
    assert!(RequestParts::new(Method::GET, "/me").build().is_err(), "no base");
    assert!(get("/{id}").build().is_err(), "not filled");
    assert!(get("/{id").build().is_err(), "not closed");
    assert!(get("/me").path("id", "1").build().is_err(), "no placeholder");
    assert!(get("/{id}").path("id", "1").path("id", "2").build().is_err(), "twice");
    for bad in ["", ".", "..", "a/b", "a?b", "a#b", "a\\b"] {
        assert!(get("/{id}").encoded_path("id", bad).build().is_err(), "{bad:?}");
    }
}

#[test]
fn a_placeholder_may_hold_several_segments() {
    for (segments, expected) in [
        (&["me", "accounts"][..], Some("/me/accounts")),
        (&["a/b", "c d"], Some("/a%2Fb/c%20d")),
        (&[], Some("/")),
        (&["me", ""], None),
        (&["me", ".."], None),
        (&["", "me"], None),
    ] {
        let mut parts = get("/{path}");
        parts.path_segments("path", segments);
        assert_eq!(parts.path_and_query().ok().as_deref(), expected, "{segments:?}");
    }
}

#[test]
fn encoded_segments_stay_as_they_are() {
    let mut parts = get("/{path}");
    parts.encoded_path_segments("path", ["reactions".to_owned(), "(actor:urn%3Ali%3Aa)".to_owned()]);
    assert_eq!(parts.path_and_query().unwrap(), "/reactions/(actor:urn%3Ali%3Aa)");
    let mut climbing = get("/{path}");
    climbing.encoded_path_segments("path", ["a/..".to_owned()]);
    assert!(climbing.path_and_query().is_err());
}

#[test]
fn path_and_query_need_no_base() {
    let mut parts = RequestParts::new(Method::GET, "/{id}/feed");
    parts.path("id", "4 2").query("fields", "id,name");
    assert_eq!(parts.path_and_query().unwrap(), "/4%202/feed?fields=id%2Cname");
    assert!(parts.encoded_query("a=b c").path_and_query().is_err());
}

#[test]
fn a_query_that_would_be_rewritten_is_refused() {
    for bad in ["a=''", "a=b c", "a=\"b\"", "a=ä", "a=<b>", "a=#b"] {
        assert!(get("/me").encoded_query(bad).build().is_err(), "{bad}");
    }
}

#[test]
fn bodies_carry_type_and_length() {
    let mut parts = RequestParts::new(Method::POST, "/x");
    parts.base(BaseUrl::parse("https://h.example").unwrap()).form_field("a", "1 2").form_field("ü", "&");
    let request = parts.build().unwrap();
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(request.headers()["content-length"], "18");
    let Body::Bytes(bytes) = request.body() else { panic!("not bytes") };
    assert_eq!(&bytes[..], b"a=1%202&%C3%BC=%26".as_slice());
}

#[test]
fn a_post_without_body_says_so() {
    let mut parts = RequestParts::new(Method::POST, "/x");
    parts.base(BaseUrl::parse("https://h.example").unwrap());
    assert_eq!(parts.build().unwrap().headers()["content-length"], "0");
}

proptest! {
    #[test]
    fn any_segment_stays_one_segment(value in "\\PC{1,40}") {
        let mut parts = get("/{id}/end");
        parts.path("id", &value);
        match parts.build() {
            Ok(request) => {
                let path = request.uri().path();
                prop_assert_eq!(path.split('/').count(), 4);
                let encoded = path.split('/').nth(2).unwrap();
                prop_assert_eq!(percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap(), value);
            }
            Err(_) => prop_assert!(value == "." || value == ".."),
        }
    }
}
