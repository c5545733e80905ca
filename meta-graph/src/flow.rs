//! Work that takes several calls and may be continued by another process.

use std::time::Duration;

/// What one step of such work came to. Save the state after every step: who loads it goes on from there.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress<T> {
    /// Nothing to do before this time has passed; then take the next step.
    Wait(Duration),
    /// The next step can be taken at once.
    Again,
    /// All is done.
    Done(T),
}

impl<T> Progress<T> {
    /// The result, if all is done.
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(output) => Some(output),
            Self::Wait(_) | Self::Again => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_has_a_result() {
        assert_eq!(Progress::Done(7).done(), Some(7));
        assert_eq!(Progress::<u8>::Again.done(), None);
        assert_eq!(Progress::<u8>::Wait(Duration::from_secs(1)).done(), None);
    }
}
