use proptest::prelude::*;

use super::*;
use crate::urn::{OrganizationUrn, PersonUrn};

fn person() -> PersonUrn {
    PersonUrn::from_id("-f_Ut43FoQ").unwrap()
}

#[test]
fn every_reserved_character_is_escaped_once() {
    assert_eq!(LittleText::text(r"\|{}@[]()<>#*_~").to_wire(), r"\\\|\{\}\@\[\]\(\)\<\>\#\*\_\~");
    assert_eq!(LittleText::text("a\nb & c - \"d\" $5 100% ü").to_wire(), "a\nb & c - \"d\" $5 100% ü");
    assert_eq!(LittleText::text("https://e.com/a_b?c#d").to_wire(), r"https://e.com/a\_b?c\#d");
}

#[test]
fn mentions_and_hashtags_have_their_exact_form() {
    let text = LittleText::new().mention("Ada (L)", person()).then(" ").hashtag("#a_b").then("");
    assert_eq!(text.to_wire(), r"@[Ada \(L\)](urn:li:person:-f_Ut43FoQ) {hashtag|\#|a\_b}");
    assert_eq!(text.to_string(), "Ada (L) #a_b");
    assert_eq!(text.segments().len(), 3);
}

#[test]
fn reading_takes_what_linkedin_gives_back() {
    let hashtag = |tag: &str| LittleText::new().hashtag(tag);
    for (wire, text) in [
        ("", LittleText::new()),
        ("plain", LittleText::text("plain")),
        (r"\(a\) \\ \x", LittleText::text(r"(a) \ \x")),
        (r"{hashtag|\#|rust}", hashtag("rust")),
        ("{hashtag|#|rust}", hashtag("rust")),
        ("#rust!", hashtag("rust").then("!")),
        (r"\#rust", LittleText::text("#rust")),
        ("# a", LittleText::text("# a")),
        ("{hashtag|", LittleText::text("{hashtag|")),
        ("{other|x}", LittleText::text("{other|x}")),
        ("a@b.com", LittleText::text("a@b.com")),
        ("@[x](nothing)", LittleText::text("@[x](nothing)")),
        ("@[x](urn:li:person:a", LittleText::text("@[x](urn:li:person:a")),
        ("trailing \\", LittleText::text("trailing \\")),
    ] {
        assert_eq!(LittleText::parse(wire), text, "{wire}");
    }
    let tuple = LittleText::parse("@[x](urn:li:comment:(urn:li:activity:1,2))!");
    assert_eq!(tuple.to_string(), "x!");
    assert!(
        matches!(&tuple.segments()[0], Segment::Mention { target, .. } if target.entity_type() == "comment")
    );
}

#[test]
fn hashtags_are_found_in_plain_text() {
    let text = LittleText::with_hashtags("#Rust (and #größe_2), not a#b, ##c, #1 or # d #e");
    assert_eq!(
        text.to_wire(),
        r"{hashtag|\#|Rust} \(and {hashtag|\#|größe\_2}\), not a\#b, \#{hashtag|\#|c}, \#1 or \# d {hashtag|\#|e}"
    );
    assert_eq!(LittleText::with_hashtags("none"), LittleText::text("none"));
}

#[test]
fn length_is_counted_in_utf16_units() {
    let page = OrganizationUrn::from_id("1").unwrap();
    assert_eq!(LittleText::text("(😀)").utf16_len(), 4);
    assert_eq!(LittleText::text("é").mention("Åß", page).hashtag("x").utf16_len(), 5);
    assert_eq!(LittleText::new().utf16_len(), 0);
}

#[test]
fn blank_means_nothing_to_see() {
    assert!(LittleText::new().is_blank());
    assert!(LittleText::text(" \n\u{a0}").is_blank());
    assert!(!LittleText::text(" ").hashtag("x").is_blank());
}

#[test]
fn findings_name_what_is_wrong() {
    let rules = |text: LittleText| text.check("commentary").iter().map(Finding::rule).collect::<Vec<_>>();
    assert!(rules(LittleText::text(r"C:\dir (ok) #1").hashtag("größe_2").mention("A", person())).is_empty());
    assert_eq!(rules(LittleText::text(r"already \(escaped\)")), ["little_text.escaped"]);
    assert_eq!(rules(LittleText::new().mention(" ", person())), ["little_text.mention"]);
    let group = LittleText::parse("@[Rust](urn:li:group:1)");
    assert_eq!(rules(group), ["little_text.mention_target"]);
    for tag in ["", "#", "a b", "a-b", "a|b}"] {
        assert_eq!(rules(LittleText::new().hashtag(tag)), ["little_text.hashtag"], "{tag}");
    }
}

fn segments() -> impl Strategy<Value = LittleText> {
    let segment = prop_oneof![
        any::<String>().prop_map(Segment::Text),
        r"[\\|{}@\[\]()<>#*_~ a:]{0,12}".prop_map(Segment::Text),
        any::<String>().prop_map(|name| Segment::Mention { name, target: person().into() }),
        "[a-z0-9_äß]{1,8}".prop_map(Segment::Hashtag),
    ];
    prop::collection::vec(segment, 0..6).prop_map(|segments| {
        segments.into_iter().fold(LittleText::new(), |text, segment| match segment {
            Segment::Text(more) => text.then(more),
            Segment::Mention { name, target } => text.mention_urn(name, target),
            Segment::Hashtag(tag) => text.hashtag(&tag),
        })
    })
}

/// What a reader shows that knows nothing but the backslash; cut off where a reserved character stands bare.
fn unescaped(wire: &str) -> String {
    let mut shown = String::new();
    let mut chars = wire.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => shown.extend(chars.next()),
            c if RESERVED.contains(&c) => return shown,
            c => shown.push(c),
        }
    }
    shown
}

proptest! {
    #[test]
    fn what_is_written_is_read(text in segments()) {
        prop_assert_eq!(LittleText::parse(&text.to_wire()), text);
    }

    #[test]
    fn no_character_of_text_is_lost(text in any::<String>(), tricky in r"[\\\\|{}@\[\]()<>#*_~ a1:\n]{0,40}") {
        for shown in [text, tricky] {
            let wire = LittleText::text(shown.clone()).to_wire();
            prop_assert_eq!(LittleText::parse(&wire).to_string(), shown.clone());
            prop_assert_eq!(unescaped(&wire), shown);
        }
    }

    #[test]
    fn finding_hashtags_changes_nothing_that_is_displayed(text in any::<String>(), tricky in "[#a1_ (]{0,20}") {
        prop_assert_eq!(LittleText::with_hashtags(&text).to_string(), text);
        prop_assert_eq!(LittleText::with_hashtags(&tricky).to_string(), tricky);
    }

    #[test]
    fn no_reserved_character_of_text_stands_bare(text in any::<String>()) {
        let wire = LittleText::text(text).to_wire();
        let bare = wire.replace("\\\\", "");
        let mut before = ' ';
        for c in bare.chars() {
            prop_assert!(before == '\\' || c == '\\' || !RESERVED.contains(&c));
            before = c;
        }
    }

    #[test]
    fn reading_never_panics(wire in any::<String>(), tricky in r"[\\|{}@\[\]()#a:]{0,20}") {
        let _ = LittleText::parse(&wire);
        let _ = LittleText::parse(&tricky);
    }
}
