use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::scope::{EMAIL, PUBLIC_PROFILE, R_EMAILADDRESS};

fn scope(name: &str) -> Scope {
    Scope::new(name)
}

#[test]
fn every_constant_has_one_row_and_every_row_its_constant() {
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let mut names = BTreeSet::new();
    for row in rows() {
        assert_eq!(plain(row.constant), plain(row.name), "the constant is named like its scope");
        assert!(scope(row.name).is_well_formed(), "{}", row.name);
        assert!(names.insert(row.name), "{} has two rows", row.name);
    }
    // A constant written by hand would have no row.
    for source in [
        include_str!("../meta.rs"),
        include_str!("../linkedin.rs"),
        include_str!("../retired.rs"),
        include_str!("../../scope.rs"),
    ] {
        assert!(!source.contains(": &str ="), "a constant outside the table");
    }
}

#[test]
fn dependencies_stay_in_the_family_and_are_still_given() {
    for row in rows() {
        for needed in scope(row.name).dependencies() {
            assert_eq!(needed.families(), row.families, "{} needs {needed}", row.name);
            assert_eq!(needed.state(), Some(ScopeState::Current), "{} needs {needed}", row.name);
            assert_ne!(needed.as_str(), row.name);
        }
    }
}

#[test]
fn only_a_retired_scope_has_a_replacement_and_only_current_ones_replace() {
    for row in rows() {
        let scope = scope(row.name);
        let current = matches!(row.state, ScopeState::Current | ScopeState::Closed);
        assert_eq!(scope.is_retired(), !current, "{scope}");
        assert!(!current || scope.replacement().is_empty(), "{scope}");
        assert!(row.state == ScopeState::Current || row.needs.is_empty(), "{scope}");
        for new in scope.replacement() {
            assert_eq!(new.state(), Some(ScopeState::Current), "{scope}");
            assert!(new.families().iter().any(|family| row.families.contains(family)), "{scope}");
        }
    }
    assert_eq!(scope("business_basic").replacement().to_string(), "instagram_business_basic");
    assert_eq!(scope(R_EMAILADDRESS).replacement().to_string(), "email openid");
    assert_eq!(scope(R_EMAILADDRESS).state(), Some(ScopeState::Legacy));
    assert_eq!(scope("user_media").state(), Some(ScopeState::Removed));
    assert_eq!(
        ScopeSet::parse("manage_pages r_ads r_liteprofile new").retired().to_string(),
        "manage_pages r_liteprofile"
    );
}

/// Lines of the providers' permission tables.
#[test]
fn documented_dependencies() {
    let cases = [
        ("pages_show_list", ""),
        ("pages_read_engagement", "pages_show_list"),
        ("pages_manage_posts", "pages_read_engagement pages_show_list"),
        ("pages_manage_engagement", "pages_read_user_content pages_show_list"),
        ("pages_messaging", "pages_manage_metadata pages_show_list"),
        ("pages_utility_messaging", "pages_messaging"),
        ("read_insights", "pages_read_engagement pages_show_list"),
        ("instagram_basic", "pages_read_engagement pages_show_list"),
        ("instagram_content_publish", "instagram_basic pages_read_engagement pages_show_list"),
        ("instagram_manage_messages", "instagram_basic pages_read_engagement pages_show_list"),
        ("instagram_business_basic", ""),
        ("instagram_business_content_publish", "instagram_business_basic"),
        ("ads_read", ""),
        ("ads_management", "pages_read_engagement pages_show_list"),
        (
            "leads_retrieval",
            "ads_management ads_read business_management pages_manage_ads pages_read_engagement pages_show_list",
        ),
        ("catalog_management", "business_management"),
        ("whatsapp_business_messaging", "whatsapp_business_management"),
        ("threads_delete", "threads_basic"),
        ("rw_conversions", "r_ads"),
        ("r_marketing_leadgen_automation", "r_ads"),
        ("w_organization_social", ""),
        ("unheard_of", ""),
    ];
    for (name, needed) in cases {
        assert_eq!(scope(name).dependencies(), ScopeSet::parse(needed), "{name}");
    }
}

#[test]
fn the_closure_goes_down_to_the_base() {
    let asked = ScopeSet::parse("catalog_management");
    let needed = ScopeSet::parse("business_management pages_read_engagement pages_show_list");
    assert_eq!(asked.missing_dependencies(), needed);
    assert_eq!(asked.with_dependencies(), asked.union(&needed));
    let messages = ScopeSet::parse("pages_utility_messaging brand_new").with_dependencies();
    assert_eq!(
        messages.to_string(),
        "brand_new pages_manage_metadata pages_messaging pages_show_list pages_utility_messaging"
    );
}

#[test]
fn the_two_instagram_families_are_told_apart() {
    use ScopeFamily::{Facebook, Instagram, LinkedIn, OpenId, Threads};
    for known in Scope::known() {
        let name = known.as_str();
        let expected: &[ScopeFamily] = match name {
            EMAIL | "openid" => &[OpenId, LinkedIn, Facebook],
            "profile" => &[OpenId, LinkedIn],
            _ if name.starts_with("instagram_business_") || name.starts_with("instagram_graph_") => {
                &[Instagram]
            }
            "user_profile"
            | "user_media"
            | "business_basic"
            | "business_content_publish"
            | "business_manage_comments"
            | "business_manage_messages" => &[Instagram],
            _ if name.starts_with("threads_") => &[Threads],
            _ if ["r_", "w_", "rw_"].iter().any(|prefix| name.starts_with(prefix)) => &[LinkedIn],
            _ => &[Facebook],
        };
        assert_eq!(known.families(), expected, "{name}");
    }
    assert_eq!(scope(PUBLIC_PROFILE).families(), [Facebook]);
    assert_eq!(scope("instagram_new").families(), []);

    let mixed =
        ScopeSet::parse("email instagram_basic instagram_business_basic r_ads threads_basic brand_new");
    let cases: [(&[ScopeFamily], &str); 5] = [
        (&[Facebook], "instagram_business_basic r_ads threads_basic"),
        (&[Instagram], "email instagram_basic r_ads threads_basic"),
        (&[LinkedIn], "instagram_basic instagram_business_basic threads_basic"),
        (&[Facebook, Instagram, Threads, LinkedIn], ""),
        (&[], "email instagram_basic instagram_business_basic r_ads threads_basic"),
    ];
    for (families, foreign) in cases {
        assert_eq!(mixed.foreign_to(families).to_string(), foreign, "{families:?}");
    }
}

fn any_set() -> impl Strategy<Value = ScopeSet> {
    let known: Vec<Scope> = Scope::known().collect();
    (proptest::sample::subsequence(known, 0..12), proptest::collection::vec("[a-z_]{1,20}", 0..3))
        .prop_map(|(known, unknown)| known.into_iter().chain(unknown.into_iter().map(Scope::new)).collect())
}

proptest! {
    #[test]
    fn the_closure_adds_once_and_only_what_is_needed(some in any_set(), more in any_set()) {
        let closed = some.with_dependencies();
        prop_assert!(closed.missing(&some).is_empty(), "it keeps everything");
        prop_assert_eq!(closed.with_dependencies(), closed.clone(), "it is idempotent");
        prop_assert!(closed.missing_dependencies().is_empty());
        let wider = some.union(&more).with_dependencies();
        prop_assert!(wider.missing(&closed).is_empty(), "it is monotone");
        prop_assert_eq!(wider, closed.union(&more.with_dependencies()), "it works scope by scope");
        prop_assert_eq!(some.union(&some.missing_dependencies()), closed.clone());
        for added in some.missing_dependencies() {
            prop_assert!(closed.iter().any(|scope| scope.dependencies().contains(added.as_str())));
        }
    }

    #[test]
    fn more_families_make_less_foreign(some in any_set()) {
        use ScopeFamily::{Facebook, LinkedIn};
        let facebook = some.foreign_to(&[Facebook]);
        prop_assert!(facebook.missing(&some.foreign_to(&[Facebook, LinkedIn])).is_empty());
        prop_assert!(facebook.iter().all(|scope| scope.state().is_some()), "unknown scopes are nobody's");
        prop_assert_eq!(facebook.with_dependencies().foreign_to(&[Facebook]), facebook.with_dependencies());
    }

    #[test]
    fn hostile_names_are_just_unknown(text in any::<String>()) {
        let set = ScopeSet::parse(&text);
        prop_assert_eq!(set.with_dependencies(), set.clone());
        prop_assert!(set.foreign_to(&[]).is_empty() && set.retired().is_empty());
    }
}
