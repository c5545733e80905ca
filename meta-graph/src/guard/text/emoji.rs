//! Which characters are emoji (Unicode Technical Standard 51).

/// The length of a text as Threads counts it: one for each character, but for an emoji the number of its UTF-8
/// bytes, with all parts that it is composed of (Threads API: Posts, "emojis are counted as the number of UTF-8
/// bytes").
pub fn threads_length(text: &str) -> usize {
    let mut length = 0;
    let mut signs = text.chars().peekable();
    let mut composing = false;
    while let Some(sign) = signs.next() {
        // A plain sign becomes an emoji by the one that follows it, such as the digit of a keycap.
        let becomes = signs.peek().is_some_and(|next| matches!(next, '\u{fe0f}' | '\u{20e3}'));
        let belongs = composing && (is_joint(sign) || is_tag(sign));
        composing = is_emoji(sign) || becomes || belongs;
        length += if composing { sign.len_utf8() } else { 1 };
    }
    length
}

/// What joins emoji or chooses their form.
const fn is_joint(sign: char) -> bool {
    matches!(sign, '\u{200d}' | '\u{fe0f}' | '\u{20e3}')
}

/// The letters within the flags of England, Scotland and Wales.
const fn is_tag(sign: char) -> bool {
    matches!(sign, '\u{e0020}'..='\u{e007f}')
}

/// Whether this character is shown as an emoji by itself.
pub(super) const fn is_emoji(sign: char) -> bool {
    match sign {
        ..'\u{10000}' => is_old_symbol(sign),
        '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}'
        // Letters of flags, and letters in squares.
        | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f201}'..='\u{1f265}'
        | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7f0}'
        | '\u{1f90c}'..='\u{1f9ff}' | '\u{1fa70}'..='\u{1faff}' => true,
        _ => false,
    }
}

/// Symbols of the first plane that are shown as emoji without being asked to.
const fn is_old_symbol(sign: char) -> bool {
    matches!(sign,
        '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}'
        | '\u{25fd}' | '\u{25fe}' | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}'
        | '\u{267f}' | '\u{2693}' | '\u{26a1}' | '\u{26aa}' | '\u{26ab}' | '\u{26bd}' | '\u{26be}'
        | '\u{26c4}' | '\u{26c5}' | '\u{26ce}' | '\u{26d4}' | '\u{26ea}' | '\u{26f2}' | '\u{26f3}'
        | '\u{26f5}' | '\u{26fa}' | '\u{26fd}' | '\u{2705}' | '\u{270a}' | '\u{270b}' | '\u{2728}'
        | '\u{274c}' | '\u{274e}' | '\u{2753}'..='\u{2755}' | '\u{2757}' | '\u{2795}'..='\u{2797}'
        | '\u{27b0}' | '\u{27bf}' | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
    )
}
