//! Taking the answers apart.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use sociogram_api_core::Finding;
use sociogram_api_core::http::{CoreError, Operation, RawResponse};

use super::part::Part;
use crate::error::Error;

/// Stands for the answer of one item of a [`Batch`](super::Batch).
pub struct BatchHandle<T> {
    index: usize,
    batch: Arc<()>,
    output: PhantomData<fn() -> T>,
}

impl<T> BatchHandle<T> {
    pub(super) fn new(index: usize, batch: Arc<()>) -> Self {
        Self { index, batch, output: PhantomData }
    }

    /// The place of the item in the batch, from 0.
    pub fn index(&self) -> usize {
        self.index
    }
}

impl<T> Clone for BatchHandle<T> {
    fn clone(&self) -> Self {
        Self::new(self.index, Arc::clone(&self.batch))
    }
}

impl<T> fmt::Debug for BatchHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchHandle({})", self.index)
    }
}

/// The answers of a [`Batch`](super::Batch), in the order of its items.
pub struct BatchAnswers {
    pub(super) answers: Vec<Answer>,
    pub(super) calls: u32,
    pub(super) batch: Arc<()>,
}

/// What became of one item.
pub(super) struct Answer {
    pub(super) part: Box<dyn Part>,
    pub(super) operation: Operation,
    pub(super) result: Outcome,
}

pub(super) enum Outcome {
    Answered(RawResponse),
    /// It succeeded, and its answer was left out as it was asked to be.
    LeftOut,
    Failed(Error),
}

impl BatchAnswers {
    /// The answer of one item.
    ///
    /// # Errors
    /// When this item failed: refused by Meta, not run because an item it depends on failed, or not finished in
    /// time. An item that must not be repeated and was not finished is
    /// [in doubt](Error::may_have_been_applied). Also when the handle belongs to another batch.
    #[allow(clippy::needless_pass_by_value, reason = "an answer is taken once")]
    pub fn take<T: 'static>(&self, handle: BatchHandle<T>) -> Result<T, Error> {
        let answer = self.answers.get(handle.index).filter(|_| Arc::ptr_eq(&handle.batch, &self.batch));
        let answer = answer.ok_or_else(foreign)?;
        let output = match &answer.result {
            Outcome::Failed(error) => return Err(error.as_core().for_part(&answer.operation).into()),
            Outcome::LeftOut => Box::new(()),
            Outcome::Answered(response) => answer
                .part
                .decode(response)
                .map_err(|cause| CoreError::decode(&answer.operation, response, cause))?,
        };
        output.downcast().map(|output| *output).map_err(|_| foreign())
    }

    /// The items that failed, with their places. An answer that cannot be read shows only when it is taken.
    pub fn failures(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.answers.iter().enumerate().filter_map(|(index, answer)| match &answer.result {
            Outcome::Failed(error) => Some((index, error)),
            _ => None,
        })
    }

    /// How many items there were.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// How many calls it took, without those the road repeated.
    pub fn calls(&self) -> u32 {
        self.calls
    }
}

fn foreign() -> Error {
    let finding = Finding::error("batch.handle", "handle", "the handle belongs to another batch");
    CoreError::invalid("batch.take", finding.advice("keep handles and answers of a batch together").into())
        .into()
}

impl fmt::Debug for BatchAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchAnswers")
            .field("items", &self.len())
            .field("failures", &self.failures().count())
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}
