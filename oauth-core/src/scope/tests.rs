use super::*;
use proptest::prelude::*;

#[test]
fn lists_are_read_whatever_the_separator_and_order() {
    for list in ["email openid", "openid,email", " openid ,  email,", "openid\temail\nemail"] {
        assert_eq!(ScopeSet::parse(list), ScopeSet::from_static(&[EMAIL, OPENID]), "{list:?}");
    }
    assert!(ScopeSet::parse(" ,, ").is_empty());
}

#[test]
fn joins_with_the_separator_asked_for() {
    let set = ScopeSet::from_static(&[PAGES_SHOW_LIST, ADS_READ]);
    assert_eq!(set.join(','), "ads_read,pages_show_list");
    assert_eq!(set.to_string(), "ads_read pages_show_list");
}

#[test]
fn missing_is_one_sided() {
    let granted = ScopeSet::from_static(&[EMAIL, OPENID]);
    let required = ScopeSet::from_static(&[OPENID, PROFILE]);
    assert_eq!(granted.missing(&required), ScopeSet::from_static(&[PROFILE]));
    assert!(granted.missing(&granted).is_empty());
}

#[test]
fn separators_and_controls_make_a_scope_ill_formed() {
    for bad in ["", "a b", "a,b", "a\"b", "a\\b", "a\n", "ä"] {
        assert!(!Scope::new(bad).is_well_formed(), "{bad:?}");
    }
    assert!(Scope::new("https://example.com/auth:read!").is_well_formed());
}

proptest! {
    #[test]
    fn joining_and_parsing_round_trips(names in proptest::collection::vec("[a-z_.:/]{1,12}", 0..8)) {
        let set: ScopeSet = names.into_iter().map(Scope::new).collect();
        prop_assert_eq!(&ScopeSet::parse(&set.join(',')), &set);
        prop_assert_eq!(ScopeSet::parse(&set.join(' ')), set);
    }

    #[test]
    fn parsing_never_panics_and_yields_no_empty_scope(text in any::<String>()) {
        prop_assert!(ScopeSet::parse(&text).iter().all(|scope| !scope.as_str().is_empty()));
    }

    #[test]
    fn hostile_lists_yield_exactly_their_names(
        parts in proptest::collection::vec(("[^,\\s]{0,12}", "[,\\s]{1,4}"), 0..40),
    ) {
        let list: String = parts.iter().flat_map(|(name, separator)| [name.as_str(), separator]).collect();
        let names: BTreeSet<_> =
            parts.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
        let set = ScopeSet::parse(&list);
        prop_assert!(set.iter().map(Scope::as_str).eq(names.iter().copied()));
        prop_assert_eq!(ScopeSet::parse(&set.join(',')), set);
    }
}
