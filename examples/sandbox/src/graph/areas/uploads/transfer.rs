//! How far the bytes of one file have come.

/// How many of the first bytes are kept, to tell what the file is.
const HEAD: usize = 16;

/// A file that arrives in one or several parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transfer {
    /// What was announced.
    pub(crate) size: Option<u64>,
    /// What has arrived.
    pub(crate) received: u64,
    /// When the last byte came, in Unix seconds of the sandbox clock.
    pub(crate) complete_at: Option<i64>,
    head: Vec<u8>,
    is_hosted: bool,
}

impl Transfer {
    /// A file of this length, nothing of which is there yet.
    pub(crate) fn expected(size: u64) -> Self {
        Self { size: Some(size), ..Self::default() }
    }

    /// A file that lies at an address and is fetched there.
    pub(crate) fn hosted(now: i64) -> Self {
        Self { is_hosted: true, complete_at: Some(now), ..Self::default() }
    }

    /// A file that came at once.
    pub(crate) fn whole(bytes: &[u8], now: i64) -> Self {
        let mut transfer = Self { size: Some(length(bytes)), ..Self::default() };
        transfer.append(bytes, now);
        transfer
    }

    /// The next bytes; the caller has checked that they are the next ones.
    pub(crate) fn append(&mut self, bytes: &[u8], now: i64) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        self.received = self.received.saturating_add(length(bytes));
        if self.size == Some(self.received) {
            self.complete_at = Some(now);
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.complete_at.is_some()
    }

    /// Whether the bytes begin as a video does. A hosted file is taken for one: the sandbox fetches nothing.
    pub(crate) fn is_video(&self) -> bool {
        self.is_hosted || is_video(&self.head)
    }
}

/// The length of bytes as the platform counts it.
pub(crate) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// MP4 and MOV, Matroska and WebM, AVI.
pub(crate) fn is_video(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp".as_slice())
        || bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI ".as_slice()))
}
