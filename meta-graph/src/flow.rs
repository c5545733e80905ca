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

/// Takes step after step, with the client's timer, and has the state saved after each, a failed one included.
macro_rules! run_to_end {
    ($flow:expr, $client:expr, $save:ident, $step:expr) => {
        loop {
            let progress = $step.await;
            $save($flow);
            match progress? {
                $crate::flow::Progress::Done(output) => return Ok(output),
                $crate::flow::Progress::Wait(time) => $client.pipeline.timer().sleep(time).await,
                $crate::flow::Progress::Again => {}
            }
        }
    };
}

pub(crate) use run_to_end;

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
