//! Integration tests of the whole family, in one binary.

mod architecture;
mod dependencies;
