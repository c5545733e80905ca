//! Which event and which member a platform's path names, and nothing else of the path: it may quote values.

/// What one path names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blame {
    /// The place of the event in its request.
    pub(crate) place: Option<usize>,
    /// The member, such as `user_data.em[0]`.
    pub(crate) field: Option<String>,
}

/// Most digits of a place within a list inside an event: more may be somebody's number.
const MAX_DIGITS: usize = 3;

impl Blame {
    /// Reads `data.3.user_data`, `data[3].user_data.em[0]` or `/elements/3/user/userIds/0`. `list` is what the list of
    /// events is called; the member ends before the first word that `is_member` does not know.
    pub(crate) fn read(path: &str, list: &str, is_member: impl Fn(&str) -> bool) -> Self {
        let mut words = path.split(['.', '[', ']', '/']).filter(|word| !word.is_empty()).peekable();
        let place = words
            .next_if_eq(&list)
            .and_then(|_| words.next_if(|word| is_number(word)))
            .and_then(|word| word.parse().ok());
        let mut field = String::new();
        for word in words {
            if is_number(word) && word.len() <= MAX_DIGITS && !field.is_empty() {
                field.extend(["[", word, "]"]);
            } else if is_member(word) {
                field.extend([if field.is_empty() { "" } else { "." }, word]);
            } else {
                break;
            }
        }
        Self { place, field: Some(field).filter(|field| !field.is_empty()) }
    }

    /// The places of all, in order and each once, and the member that all name, if they name one.
    pub(crate) fn gather(blames: &[Self]) -> (Vec<usize>, Option<String>) {
        let mut places: Vec<usize> = blames.iter().filter_map(|blame| blame.place).collect();
        places.sort_unstable();
        places.dedup();
        let first = blames.first().and_then(|blame| blame.field.clone());
        let agree = blames.iter().all(|blame| blame.field == first);
        (places, first.filter(|_| agree))
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> (Option<usize>, Option<String>) {
        let blame = Blame::read(path, "data", |word| matches!(word, "user_data" | "em" | "event_time"));
        (blame.place, blame.field)
    }

    #[test]
    fn paths_name_a_place_and_a_member_and_never_a_value() {
        for (path, place, field) in [
            ("data.3.user_data", Some(3), Some("user_data")),
            ("data[4]", Some(4), None),
            ("/data/5/user_data/em/0", Some(5), Some("user_data.em[0]")),
            ("data[5].user_data.em[0].canary@example.com", Some(5), Some("user_data.em[0]")),
            ("data.5.user_data.em.16505551212", Some(5), Some("user_data.em")),
            ("event_time", None, Some("event_time")),
            ("data", None, None),
            ("data.x", None, None),
            ("data.12…", None, None),
            ("data.99999999999999999999999", None, None),
            ("database.1", None, None),
            ("16505551212", None, None),
            ("", None, None),
        ] {
            assert_eq!(read(path), (place, field.map(str::to_owned)), "{path}");
        }
    }

    #[test]
    fn several_paths_give_every_place_and_the_member_they_share() {
        let blame =
            |place, field: Option<&str>| Blame { place: Some(place), field: field.map(str::to_owned) };
        let gathered = Blame::gather(&[blame(7, Some("em")), blame(2, Some("em")), blame(7, Some("em"))]);
        assert_eq!(gathered, (vec![2, 7], Some("em".to_owned())));
        assert_eq!(Blame::gather(&[blame(1, Some("em")), blame(2, None)]), (vec![1, 2], None));
        assert_eq!(Blame::gather(&[]), (vec![], None));
    }
}
