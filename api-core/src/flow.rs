//! Work that takes several calls and may be continued by another process.

use std::time::Duration;

/// What one step of such work came to. Save the state after every step: who loads it goes on from there.
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

/// Takes step after step, waiting with `$timer`, and has the state saved after each, a failed one included. For the
/// product crates: it returns from the function it stands in.
#[doc(hidden)]
#[macro_export]
macro_rules! run_to_end {
    ($flow:expr, $timer:expr, $save:ident, $step:expr) => {
        loop {
            let progress = $step.await;
            $save($flow);
            match progress? {
                $crate::Progress::Done(output) => return Ok(output),
                $crate::Progress::Wait(time) => $timer.sleep(time).await,
                $crate::Progress::Again => {}
            }
        }
    };
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
