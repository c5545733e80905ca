//! Secrets made to be found: plant one wherever a real secret goes, then search everything printable.

use std::error::Error;
use std::fmt::Write as _;

const MARK: &str = "CANARY";

/// A secret that [`leaks`] recognises, also when it was cut or percent-encoded.
pub fn secret(name: &str) -> String {
    format!("{MARK}{name}{MARK}")
}

/// Every place in `text` where a canary shows; empty when none leaked.
pub fn leaks(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains(MARK));
    lines.map(ToOwned::to_owned).collect()
}

/// Everything an error can print: `Display`, `Debug` and `{:#?}` of it and of its sources.
pub fn printed(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let _ = writeln!(text, "{error}\n{error:?}\n{error:#?}");
        next = error.source();
    }
    text
}
