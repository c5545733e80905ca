//! Files to upload: bytes that can be read from any position, any number of times.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::{Body, BodySource, BodyStream};

/// How much of a source is held in memory at once, in bytes.
const PIECE: u64 = 64 * 1024;

/// Bytes of known length that can be read from any position: an object of a store, a file.
pub trait RangeSource: fmt::Debug + Send + Sync + 'static {
    /// Length in bytes. It must stay the same as long as the source is used.
    fn len(&self) -> u64;

    /// Reads these bytes. Every call must give the same ones; what comes beyond the range is cut off, and
    /// less is an error of the body.
    fn open(&self, range: Range<u64>) -> BodyStream;

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Told how far an upload came: bytes handed to the transport and bytes in all.
type OnProgress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// What an upload reads from. Cheap to clone. Memory stays flat however long it is, and an upload that
/// broke off goes on in the middle.
///
/// ```
/// use sociogram_api_core::http::UploadSource;
///
/// let source = UploadSource::from_bytes("0123456789");
/// assert_eq!(source.len(), 10);
/// assert_eq!(source.range(4..6).len(), Some(2));
/// ```
#[derive(Clone)]
pub struct UploadSource {
    source: Arc<dyn RangeSource>,
    progress: Option<OnProgress>,
}

impl UploadSource {
    /// From your own source, such as an object store.
    pub fn new(source: impl RangeSource) -> Self {
        Self { source: Arc::new(source), progress: None }
    }

    /// From bytes in memory.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(InMemory(bytes.into()))
    }

    /// From a file, which must not change until the upload is over. Its length is read now, its bytes when
    /// they are sent.
    ///
    /// # Errors
    /// When the file cannot be looked at or is no regular file.
    #[cfg(feature = "fs")]
    pub async fn from_path(path: impl Into<std::path::PathBuf>) -> io::Result<Self> {
        super::file::FileSource::open(path.into()).await.map(Self::new)
    }

    /// From a body that can only be read from its beginning; going on in the middle reads up to there
    /// again. `None` when its length is not known.
    pub fn from_body(body: Body) -> Option<Self> {
        let len = body.len()?;
        Some(Self::new(FromStart { body, len }))
    }

    /// Calls `progress` with the bytes handed to the transport so far and the bytes in all, whenever a
    /// piece of it is sent. When a part is sent again the first number goes back. It must not block.
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A body of these bytes, as far as they exist.
    pub fn range(&self, range: Range<u64>) -> Body {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        Body::Stream(Arc::new(Slice { source: self.clone(), range }))
    }

    /// A body of everything from `offset` on.
    pub fn rest(&self, offset: u64) -> Body {
        self.range(offset..self.len())
    }
}

impl fmt::Debug for UploadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UploadSource({} bytes)", self.len())
    }
}

/// A part of a source; gives exactly that many bytes or fails.
struct Slice {
    source: UploadSource,
    range: Range<u64>,
}

impl BodySource for Slice {
    fn open(&self) -> BodyStream {
        let total = self.source.len();
        let progress = self.source.progress.clone();
        let end = self.range.end;
        let start = (self.source.source.open(self.range.clone()), self.range.start);
        Box::pin(stream::try_unfold(start, move |(mut inner, at)| {
            let progress = progress.clone();
            async move {
                if at == end {
                    return Ok(None);
                }
                let mut piece = match inner.next().await {
                    Some(piece) => piece?,
                    None => {
                        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the source is too short"));
                    }
                };
                let left = usize::try_from(end - at).unwrap_or(usize::MAX);
                piece.truncate(left);
                let at = at + u64::try_from(piece.len()).unwrap_or_default();
                if let Some(progress) = progress {
                    progress(at, total);
                }
                Ok(Some((piece, (inner, at))))
            }
        }))
    }

    fn len(&self) -> Option<u64> {
        Some(self.range.end - self.range.start)
    }
}

impl fmt::Debug for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slice({:?})", self.range)
    }
}

struct InMemory(Bytes);

impl RangeSource for InMemory {
    fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    fn open(&self, range: Range<u64>) -> BodyStream {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.0.len());
        let mut rest = self.0.slice(place(range.start)..place(range.end));
        let piece = usize::try_from(PIECE).unwrap_or(usize::MAX);
        Box::pin(stream::iter(std::iter::from_fn(move || {
            (!rest.is_empty()).then(|| Ok(rest.split_to(piece.min(rest.len()))))
        })))
    }
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InMemory({} bytes)", self.0.len())
    }
}

#[derive(Debug)]
struct FromStart {
    body: Body,
    len: u64,
}

impl RangeSource for FromStart {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self, range: Range<u64>) -> BodyStream {
        let mut skip = range.start;
        Box::pin(self.body.open().filter_map(move |piece| {
            let piece = piece.map(|mut piece| {
                let drop = usize::try_from(skip).unwrap_or(usize::MAX).min(piece.len());
                skip -= u64::try_from(drop).unwrap_or_default();
                piece.split_off(drop)
            });
            let kept = !matches!(&piece, Ok(piece) if piece.is_empty());
            std::future::ready(kept.then_some(piece))
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::TryStreamExt;

    use super::*;

    async fn read(body: &Body) -> io::Result<String> {
        let pieces: Vec<Bytes> = body.open().try_collect().await?;
        Ok(String::from_utf8(pieces.concat()).unwrap())
    }

    /// Ten digits in pieces of three, however much is asked for.
    #[derive(Debug)]
    struct Digits(u64);

    impl BodySource for Digits {
        fn open(&self) -> BodyStream {
            let pieces = ["012", "345", "678", "9"];
            Box::pin(stream::iter(pieces.map(|piece| Ok(Bytes::from_static(piece.as_bytes())))))
        }

        fn len(&self) -> Option<u64> {
            Some(self.0)
        }
    }

    #[tokio::test]
    async fn any_part_can_be_read_any_number_of_times() {
        let stream = UploadSource::from_body(Body::Stream(Arc::new(Digits(10)))).unwrap();
        for source in [UploadSource::from_bytes("0123456789"), stream] {
            for (range, expected) in [
                (0..10, "0123456789"),
                (0..3, "012"),
                (2..4, "23"),
                (3..9, "345678"),
                (9..10, "9"),
                (10..10, ""),
                (8..99, "89"),
                (99..120, ""),
            ] {
                let body = source.range(range.clone());
                assert_eq!(body.len(), Some(expected.len() as u64), "{range:?}");
                for _ in 0..2 {
                    assert_eq!(read(&body).await.unwrap(), expected, "{source:?} {range:?}");
                }
            }
            assert_eq!(read(&source.rest(7)).await.unwrap(), "789");
        }
    }

    #[tokio::test]
    async fn a_source_that_is_too_short_is_an_error_and_one_that_is_too_long_is_cut() {
        let short = UploadSource::from_body(Body::Stream(Arc::new(Digits(11)))).unwrap();
        assert_eq!(read(&short.rest(0)).await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let long = UploadSource::from_body(Body::Stream(Arc::new(Digits(4)))).unwrap();
        assert_eq!(read(&long.rest(0)).await.unwrap(), "0123");
    }

    #[tokio::test]
    async fn progress_counts_from_the_beginning_of_the_file() {
        let told: Arc<Mutex<Vec<(u64, u64)>>> = Arc::default();
        let log = Arc::clone(&told);
        let source = UploadSource::from_body(Body::Stream(Arc::new(Digits(10)))).unwrap();
        let source = source.on_progress(move |sent, total| log.lock().unwrap().push((sent, total)));
        read(&source.rest(4)).await.unwrap();
        assert_eq!(*told.lock().unwrap(), [(6, 10), (9, 10), (10, 10)]);
    }

    #[tokio::test]
    async fn bytes_in_memory_are_sent_in_pieces() {
        let source = UploadSource::from_bytes(vec![7; 200_000]);
        let pieces: Vec<Bytes> = source.rest(1).open().try_collect().await.unwrap();
        let lengths: Vec<usize> = pieces.iter().map(Bytes::len).collect();
        assert_eq!(lengths, [65_536, 65_536, 65_536, 3_391]);
    }
}
