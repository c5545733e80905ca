//! The boxes of MP4 and QuickTime (ISO/IEC 14496-12).

use std::io::{self, Read, Seek};

use super::source::Source;

/// One box: its name and where its content stands.
#[derive(Clone, Copy)]
pub(super) struct Box4 {
    pub(super) name: [u8; 4],
    pub(super) start: u64,
    pub(super) end: u64,
    /// Whether it ends within what encloses it.
    pub(super) whole: bool,
}

/// The box that begins there, within what encloses it. `None` at the end and at nonsense.
pub(super) fn at<R: Read + Seek>(source: &mut Source<R>, offset: u64, end: u64) -> io::Result<Option<Box4>> {
    if offset.checked_add(8).is_none_or(|header_end| header_end > end) {
        return Ok(None);
    }
    let Some([a, b, c, d, name @ ..]) = source.array_at::<8>(offset)? else { return Ok(None) };
    let (header, size) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (8, end - offset),
        1 => match source.array_at(offset + 8)? {
            Some(size) => (16, u64::from_be_bytes(size)),
            None => return Ok(None),
        },
        size => (8, u64::from(size)),
    };
    if size < header {
        return Ok(None);
    }
    // A box that says it goes beyond what encloses it is cut there.
    let stated = offset.saturating_add(size);
    let box_end = stated.min(end);
    let start = offset.saturating_add(header).min(box_end);
    Ok(Some(Box4 { name, start, end: box_end, whole: stated <= end }))
}

/// The first child of this name.
pub(super) fn find<R: Read + Seek>(
    source: &mut Source<R>,
    parent: Box4,
    name: [u8; 4],
) -> io::Result<Option<Box4>> {
    let mut offset = parent.start;
    while let Some(child) = at(source, offset, parent.end)? {
        if child.name == name {
            return Ok(Some(child));
        }
        offset = child.end;
    }
    Ok(None)
}

/// The child reached by these names one below the other.
pub(super) fn descend<R: Read + Seek>(
    source: &mut Source<R>,
    parent: Box4,
    names: &[[u8; 4]],
) -> io::Result<Option<Box4>> {
    let mut here = parent;
    for name in names {
        match find(source, here, *name)? {
            Some(child) => here = child,
            None => return Ok(None),
        }
    }
    Ok(Some(here))
}

impl Box4 {
    /// The first bytes of the content, as many as there are; the rest of the buffer stays zero.
    pub(super) fn head<R: Read + Seek, const N: usize>(
        self,
        source: &mut Source<R>,
    ) -> io::Result<Fields<N>> {
        let mut bytes = [0; N];
        let length = usize::try_from(self.end - self.start).unwrap_or(usize::MAX).min(N);
        let filled = source.read_at(self.start, bytes.get_mut(..length).unwrap_or_default())?;
        Ok(Fields { bytes, filled })
    }
}

/// The first bytes of a box.
pub(super) struct Fields<const N: usize> {
    bytes: [u8; N],
    filled: usize,
}

impl<const N: usize> Fields<N> {
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    pub(super) fn array<const M: usize>(&self, at: usize) -> Option<[u8; M]> {
        self.bytes().get(at..)?.first_chunk().copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// The version of a full box.
    pub(super) fn version(&self) -> Option<u8> {
        self.bytes().first().copied()
    }
}
