use std::collections::BTreeSet;

use super::*;

#[test]
fn every_rule_has_a_name_of_its_own_and_says_what_to_do() {
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (id, rule) in ALL {
        assert!(names.insert(rule.name), "{id}: {} is used twice", rule.name);
        assert!(ids.insert(*id), "{id} stands twice in the list");
        let parts: Vec<&str> = rule.name.split('.').collect();
        let plain =
            |part: &&str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        assert!(parts.len() >= 3 && parts.iter().all(plain), "{id}: {}", rule.name);
        assert!(
            ["page", "instagram", "threads", "whatsapp", "messenger", "lead", "ads", "catalog"]
                .contains(&parts[0]),
            "{id}: {}",
            rule.name
        );
        for text in [rule.message, rule.allowed, rule.advice] {
            assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{id}: {text:?}");
        }
        let proper = ["Meta", "Instagram"].iter().any(|name| rule.message.starts_with(name));
        assert!(proper || !rule.message.starts_with(char::is_uppercase), "{id}");
        if id.ends_with("_HARD") {
            assert_eq!(rule.severity, Severity::Error, "{id}");
            let soft = id.trim_end_matches("_HARD");
            let soft = ALL.iter().find(|(other, _)| *other == soft).unwrap().1;
            assert_eq!(soft.severity, Severity::Warning, "{id}");
        }
    }
}

#[test]
fn every_row_of_the_table_is_there() {
    let rows = |letter: char, last: usize| (1..=last).map(move |row| format!("{letter}{row}"));
    let wanted = rows('F', 23)
        .chain(rows('I', 29))
        .chain(rows('T', 8))
        .chain(rows('W', 16))
        .chain(rows('M', 11))
        .chain(rows('L', 1))
        .chain(rows('A', 3));
    for id in wanted {
        assert!(ALL.iter().any(|(other, _)| **other == id), "{id} is missing");
    }
    for (id, _) in ALL {
        let row = id.split('_').next().unwrap();
        assert!(ALL.iter().any(|(other, _)| *other == row), "{id} has no row");
    }
}

#[test]
fn a_finding_says_everything_the_rule_says() {
    let finding = F1.finding("message").measured("63207 characters");
    assert_eq!((finding.rule(), finding.field(), finding.severity()), (F1.name, "message", Severity::Error));
    assert_eq!(
        finding.to_string(),
        "message: the text is too long (63207 characters, allowed: at most 63206 characters): shorten the text"
    );
    assert_eq!(F7.finding("source").severity(), Severity::Warning);
}
