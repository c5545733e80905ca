//! Reads the golden files: one row per line, columns of hexadecimal bytes, `#` for remarks.

pub(crate) fn rows(text: &str) -> Vec<Vec<Vec<u8>>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(' ').map(bytes).collect()).collect()
}

/// A column of a fixed width.
pub(crate) fn fixed<const N: usize>(column: &[u8]) -> [u8; N] {
    column.try_into().unwrap()
}

fn bytes(column: &str) -> Vec<u8> {
    assert_eq!(column.len() % 2, 0, "{column}");
    (0..column.len()).step_by(2).map(|at| u8::from_str_radix(&column[at..at + 2], 16).unwrap()).collect()
}
