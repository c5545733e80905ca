//! Reading with a limit on bytes and steps.

use std::io::{self, Read, Seek, SeekFrom};

/// How much of a file is read at most, in bytes.
pub(super) const MAX_BYTES: u64 = 1024 * 1024;
/// How many reads are made at most.
pub(super) const MAX_STEPS: u32 = 4096;

/// A file that gives out only so much of itself; what lies beyond looks like its end.
pub(super) struct Source<R> {
    inner: R,
    length: Option<u64>,
    bytes_left: u64,
    steps_left: u32,
}

impl<R: Read + Seek> Source<R> {
    pub(super) const fn new(inner: R, length: Option<u64>) -> Self {
        Self { inner, length, bytes_left: MAX_BYTES, steps_left: MAX_STEPS }
    }

    /// The end of the file, or the largest number if it is not known.
    pub(super) fn end(&self) -> u64 {
        self.length.unwrap_or(u64::MAX)
    }

    /// Fills the buffer from there as far as the file goes, and says how far that was.
    pub(super) fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.end() {
            return Ok(0);
        }
        self.inner.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
            match self.read(free)? {
                0 => break,
                read => filled += read,
            }
        }
        Ok(filled)
    }

    /// Exactly so many bytes from there, if the file has them.
    pub(super) fn array_at<const N: usize>(&mut self, offset: u64) -> io::Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        Ok((self.read_at(offset, &mut bytes)? == N).then_some(bytes))
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(steps_left) = self.steps_left.checked_sub(1) else { return Ok(0) };
        self.steps_left = steps_left;
        let most = usize::try_from(self.bytes_left).unwrap_or(usize::MAX).min(buffer.len());
        let read = loop {
            match self.inner.read(buffer.get_mut(..most).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.bytes_left = self.bytes_left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// The first bytes of a file whose rest is elsewhere.
pub(super) struct Head<'a> {
    bytes: &'a [u8],
    length: Option<u64>,
    position: u64,
}

impl<'a> Head<'a> {
    pub(super) const fn new(bytes: &'a [u8], length: Option<u64>) -> Self {
        Self { bytes, length, position: 0 }
    }
}

impl Read for Head<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(self.position).unwrap_or(usize::MAX);
        let read = self.bytes.get(start..).unwrap_or_default().read(buffer)?;
        self.position = self.position.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

impl Seek for Head<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let own = || u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.length.unwrap_or_else(own).checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
