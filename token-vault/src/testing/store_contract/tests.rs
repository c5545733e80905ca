//! The contract finds stores that do not keep it.

use super::*;

mod bent;
mod flaws;
