//! Lines of bounded length, counted.

use std::io::{self, BufRead, Read as _};

/// A longer line is refused without being kept.
pub(crate) const MAX_LINE: usize = 1024 * 1024;

/// What the input begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    List,
    Other,
}

pub(crate) struct Lines<R> {
    input: R,
    /// How many lines were read.
    pub(crate) number: usize,
    /// How many bytes were read.
    pub(crate) consumed: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, number: 0, consumed: 0 }
    }

    fn chunk(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.input.fill_buf() {
                Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
                // Asked for again, because a borrow cannot leave a loop.
                Ok(_) => return self.input.fill_buf(),
                Err(why) => return Err(why),
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.input.consume(bytes);
        self.consumed += bytes as u64;
    }

    /// Skips a byte order mark and blank lines, and tells what follows.
    pub(crate) fn start(&mut self) -> io::Result<Start> {
        loop {
            let at_start = self.consumed < 3;
            let Some(byte) = self.chunk()?.first().copied() else { return Ok(Start::Other) };
            match byte {
                b'\n' => self.number += 1,
                0xef | 0xbb | 0xbf if at_start => {}
                b'[' => return Ok(Start::List),
                byte if byte.is_ascii_whitespace() => {}
                _ => return Ok(Start::Other),
            }
            self.consume(1);
        }
    }

    /// Reads the next line into `line`, behind what is there and with its line feed. `Some(false)` when `line` would
    /// get too long: then the rest of it is skipped. `None` at the end of the input.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let (mut any, mut fits) = (false, true);
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                self.number += usize::from(any);
                return Ok(any.then_some(fits));
            }
            any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.map_or(chunk.len(), |end| end + 1)).unwrap_or_default();
            fits = fits && line.len() + part.len() <= MAX_LINE;
            if fits {
                line.extend_from_slice(part);
            }
            let used = part.len();
            self.consume(used);
            if end.is_some() {
                self.number += 1;
                return Ok(Some(fits));
            }
        }
    }

    /// All that is left.
    ///
    /// # Errors
    /// It cannot be read, or has more than `limit` bytes.
    pub(crate) fn rest(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.input.by_ref().take(limit + 1).read_to_end(&mut rest)?;
        self.consumed += rest.len() as u64;
        if rest.len() as u64 > limit {
            return Err(io::Error::other(
                "the list is too large to be kept; give one event per line instead",
            ));
        }
        Ok(rest)
    }
}
