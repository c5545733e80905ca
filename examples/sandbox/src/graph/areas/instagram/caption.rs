//! Rules of a caption.

use super::super::super::answer::GraphError;

const MAX_CHARACTERS: usize = 2_200;
const MAX_HASHTAGS: usize = 30;
const MAX_MENTIONS: usize = 20;

/// # Errors
///
/// When the caption is too long, or has too many hashtags or mentions.
pub(super) fn check(caption: &str) -> Result<(), GraphError> {
    let why = if caption.chars().count() > MAX_CHARACTERS {
        "The caption was too long: at most 2,200 characters."
    } else if marked(caption, '#').count() > MAX_HASHTAGS {
        "The caption has too many hashtags: at most 30."
    } else if marked(caption, '@').count() > MAX_MENTIONS {
        "The caption has too many mentions: at most 20."
    } else {
        return Ok(());
    };
    Err(GraphError::new(400, 36004, why).subcode(2_207_010))
}

/// The words after a mark: `#bread`, `@name`.
pub(super) fn marked(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.split(mark).skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        rest.get(..end).map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn marked_words_end_where_the_name_ends() {
        let text = "#Bread by @sandbox.bakery. # #salz_und_brot!";
        assert_eq!(marked(text, '#').collect::<Vec<_>>(), ["Bread", "salz_und_brot"]);
        assert_eq!(marked(text, '@').collect::<Vec<_>>(), ["sandbox.bakery"]);
    }
}
