//! Character classes that the standard library does not have: punctuation, decimal digits, invisible
//! format characters, and the two notions of white space.

/// Ranges of the general category Punctuation (Unicode 14) outside ASCII, first and last included.
const PUNCTUATION: &[(u32, u32)] = &[
    (0x00A1, 0x00A1),
    (0x00A7, 0x00A7),
    (0x00AB, 0x00AB),
    (0x00B6, 0x00B7),
    (0x00BB, 0x00BB),
    (0x00BF, 0x00BF),
    (0x037E, 0x037E),
    (0x0387, 0x0387),
    (0x055A, 0x055F),
    (0x0589, 0x058A),
    (0x05BE, 0x05BE),
    (0x05C0, 0x05C0),
    (0x05C3, 0x05C3),
    (0x05C6, 0x05C6),
    (0x05F3, 0x05F4),
    (0x0609, 0x060A),
    (0x060C, 0x060D),
    (0x061B, 0x061B),
    (0x061D, 0x061F),
    (0x066A, 0x066D),
    (0x06D4, 0x06D4),
    (0x0700, 0x070D),
    (0x07F7, 0x07F9),
    (0x0830, 0x083E),
    (0x085E, 0x085E),
    (0x0964, 0x0965),
    (0x0970, 0x0970),
    (0x09FD, 0x09FD),
    (0x0A76, 0x0A76),
    (0x0AF0, 0x0AF0),
    (0x0C77, 0x0C77),
    (0x0C84, 0x0C84),
    (0x0DF4, 0x0DF4),
    (0x0E4F, 0x0E4F),
    (0x0E5A, 0x0E5B),
    (0x0F04, 0x0F12),
    (0x0F14, 0x0F14),
    (0x0F3A, 0x0F3D),
    (0x0F85, 0x0F85),
    (0x0FD0, 0x0FD4),
    (0x0FD9, 0x0FDA),
    (0x104A, 0x104F),
    (0x10FB, 0x10FB),
    (0x1360, 0x1368),
    (0x1400, 0x1400),
    (0x166E, 0x166E),
    (0x169B, 0x169C),
    (0x16EB, 0x16ED),
    (0x1735, 0x1736),
    (0x17D4, 0x17D6),
    (0x17D8, 0x17DA),
    (0x1800, 0x180A),
    (0x1944, 0x1945),
    (0x1A1E, 0x1A1F),
    (0x1AA0, 0x1AA6),
    (0x1AA8, 0x1AAD),
    (0x1B5A, 0x1B60),
    (0x1B7D, 0x1B7E),
    (0x1BFC, 0x1BFF),
    (0x1C3B, 0x1C3F),
    (0x1C7E, 0x1C7F),
    (0x1CC0, 0x1CC7),
    (0x1CD3, 0x1CD3),
    (0x2010, 0x2027),
    (0x2030, 0x2043),
    (0x2045, 0x2051),
    (0x2053, 0x205E),
    (0x207D, 0x207E),
    (0x208D, 0x208E),
    (0x2308, 0x230B),
    (0x2329, 0x232A),
    (0x2768, 0x2775),
    (0x27C5, 0x27C6),
    (0x27E6, 0x27EF),
    (0x2983, 0x2998),
    (0x29D8, 0x29DB),
    (0x29FC, 0x29FD),
    (0x2CF9, 0x2CFC),
    (0x2CFE, 0x2CFF),
    (0x2D70, 0x2D70),
    (0x2E00, 0x2E2E),
    (0x2E30, 0x2E4F),
    (0x2E52, 0x2E5D),
    (0x3001, 0x3003),
    (0x3008, 0x3011),
    (0x3014, 0x301F),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x30A0, 0x30A0),
    (0x30FB, 0x30FB),
    (0xA4FE, 0xA4FF),
    (0xA60D, 0xA60F),
    (0xA673, 0xA673),
    (0xA67E, 0xA67E),
    (0xA6F2, 0xA6F7),
    (0xA874, 0xA877),
    (0xA8CE, 0xA8CF),
    (0xA8F8, 0xA8FA),
    (0xA8FC, 0xA8FC),
    (0xA92E, 0xA92F),
    (0xA95F, 0xA95F),
    (0xA9C1, 0xA9CD),
    (0xA9DE, 0xA9DF),
    (0xAA5C, 0xAA5F),
    (0xAADE, 0xAADF),
    (0xAAF0, 0xAAF1),
    (0xABEB, 0xABEB),
    (0xFD3E, 0xFD3F),
    (0xFE10, 0xFE19),
    (0xFE30, 0xFE52),
    (0xFE54, 0xFE61),
    (0xFE63, 0xFE63),
    (0xFE68, 0xFE68),
    (0xFE6A, 0xFE6B),
    (0xFF01, 0xFF03),
    (0xFF05, 0xFF0A),
    (0xFF0C, 0xFF0F),
    (0xFF1A, 0xFF1B),
    (0xFF1F, 0xFF20),
    (0xFF3B, 0xFF3D),
    (0xFF3F, 0xFF3F),
    (0xFF5B, 0xFF5B),
    (0xFF5D, 0xFF5D),
    (0xFF5F, 0xFF65),
    (0x1_0100, 0x1_0102),
    (0x1_039F, 0x1_039F),
    (0x1_03D0, 0x1_03D0),
    (0x1_056F, 0x1_056F),
    (0x1_0857, 0x1_0857),
    (0x1_091F, 0x1_091F),
    (0x1_093F, 0x1_093F),
    (0x1_0A50, 0x1_0A58),
    (0x1_0A7F, 0x1_0A7F),
    (0x1_0AF0, 0x1_0AF6),
    (0x1_0B39, 0x1_0B3F),
    (0x1_0B99, 0x1_0B9C),
    (0x1_0EAD, 0x1_0EAD),
    (0x1_0F55, 0x1_0F59),
    (0x1_0F86, 0x1_0F89),
    (0x1_1047, 0x1_104D),
    (0x1_10BB, 0x1_10BC),
    (0x1_10BE, 0x1_10C1),
    (0x1_1140, 0x1_1143),
    (0x1_1174, 0x1_1175),
    (0x1_11C5, 0x1_11C8),
    (0x1_11CD, 0x1_11CD),
    (0x1_11DB, 0x1_11DB),
    (0x1_11DD, 0x1_11DF),
    (0x1_1238, 0x1_123D),
    (0x1_12A9, 0x1_12A9),
    (0x1_144B, 0x1_144F),
    (0x1_145A, 0x1_145B),
    (0x1_145D, 0x1_145D),
    (0x1_14C6, 0x1_14C6),
    (0x1_15C1, 0x1_15D7),
    (0x1_1641, 0x1_1643),
    (0x1_1660, 0x1_166C),
    (0x1_16B9, 0x1_16B9),
    (0x1_173C, 0x1_173E),
    (0x1_183B, 0x1_183B),
    (0x1_1944, 0x1_1946),
    (0x1_19E2, 0x1_19E2),
    (0x1_1A3F, 0x1_1A46),
    (0x1_1A9A, 0x1_1A9C),
    (0x1_1A9E, 0x1_1AA2),
    (0x1_1C41, 0x1_1C45),
    (0x1_1C70, 0x1_1C71),
    (0x1_1EF7, 0x1_1EF8),
    (0x1_1FFF, 0x1_1FFF),
    (0x1_2470, 0x1_2474),
    (0x1_2FF1, 0x1_2FF2),
    (0x1_6A6E, 0x1_6A6F),
    (0x1_6AF5, 0x1_6AF5),
    (0x1_6B37, 0x1_6B3B),
    (0x1_6B44, 0x1_6B44),
    (0x1_6E97, 0x1_6E9A),
    (0x1_6FE2, 0x1_6FE2),
    (0x1_BC9F, 0x1_BC9F),
    (0x1_DA87, 0x1_DA8B),
    (0x1_E95E, 0x1_E95F),
];

/// The zero of every run of ten decimal digits (general category Nd, Unicode 14) outside ASCII.
const DECIMAL_ZEROS: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x1_04A0, 0x1_0D30,
    0x1_1066, 0x1_10F0, 0x1_1136, 0x1_11D0, 0x1_12F0, 0x1_1450, 0x1_14D0, 0x1_1650, 0x1_16C0, 0x1_1730,
    0x1_18E0, 0x1_1950, 0x1_1C50, 0x1_1D50, 0x1_1DA0, 0x1_6A60, 0x1_6AC0, 0x1_6B50, 0x1_D7CE, 0x1_D7D8,
    0x1_D7E2, 0x1_D7EC, 0x1_D7F6, 0x1_E140, 0x1_E2F0, 0x1_E950, 0x1_FBF0,
];

/// Punctuation of every script, plus the symbols that stand on a keyboard beside it (`$ + < = > ^ ` | ~`,
/// their full-width forms, and the acute accent that is typed for an apostrophe).
pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let code = u32::from(c);
    let symbol = matches!(
        c,
        '\u{B4}' | '\u{FF04}' | '\u{FF0B}' | '\u{FF1C}'
            ..='\u{FF1E}' | '\u{FF3E}' | '\u{FF40}' | '\u{FF5C}' | '\u{FF5E}'
    );
    symbol
        || PUNCTUATION
            .binary_search_by(|&(first, last)| {
                if last < code {
                    std::cmp::Ordering::Less
                } else if first > code {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
            .is_ok()
}

/// The value of a decimal digit of any script.
pub(super) fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    let run = DECIMAL_ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = code - DECIMAL_ZEROS.get(run)?;
    (value < 10).then_some(value)
}

/// A decimal digit of any script as ASCII; every other character unchanged.
pub(super) fn ascii_digit(c: char) -> char {
    decimal_value(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// The same for a whole text.
pub(super) fn ascii_digits(text: &mut String) {
    if !text.is_ascii() {
        *text = text.chars().map(ascii_digit).collect();
    }
}

/// Hyphens, dashes and the minus sign, also the prolonged sound mark that is typed for one in Japanese.
pub(super) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{30FC}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' | '\u{FF70}'
    )
}

/// Characters that show nothing: zero-width, soft hyphen, byte order mark, direction marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{200B}'
            ..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// White space as Python's `str.strip` and `\s` see it: Unicode white space plus U+001C to U+001F.
pub(super) fn is_python_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(PUNCTUATION.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(DECIMAL_ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
    }

    #[test]
    fn classes() {
        for c in "-'.,!$+~`’–—・׳،。「」！＋´".chars() {
            assert!(is_punctuation(c), "{c:?} is punctuation");
        }
        for c in "aßжαעبप北あ한ก्́̃ʻ0٣😀".chars() {
            assert!(!is_punctuation(c), "{c:?} is not punctuation");
        }
        let digits: String = "٠١٢٣٤٥٦٧٨٩１２３०१२𝟎𝟙".chars().map(ascii_digit).collect();
        assert_eq!(digits, "012345678912301201");
        assert_eq!(decimal_value('²'), None);
        assert_eq!(decimal_value('五'), None);
        assert!(is_dash('‑') && is_dash('－') && !is_dash('_'));
        assert!(is_invisible('\u{200B}') && !is_invisible(' '));
        assert!(is_python_space('\u{1D}') && is_python_space('\u{3000}') && !is_python_space('\u{200B}'));
    }
}
