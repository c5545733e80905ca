//! Files as bodies.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::BodyStream;
use super::upload::RangeSource;

/// How much is read at once, in bytes. One piece is read while the one before it is sent.
const PIECE: u64 = 256 * 1024;

/// A regular file.
pub(super) struct FileSource {
    path: PathBuf,
    len: u64,
}

impl FileSource {
    pub(super) async fn open(path: PathBuf) -> io::Result<Self> {
        let look = move || {
            let about = std::fs::metadata(&path)?;
            if !about.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
            Ok(Self { path, len: about.len() })
        };
        spawn_blocking(look).await.map_err(io::Error::other)?
    }
}

/// A piece that was read, and the file to go on with.
type Piece = (File, Bytes);

/// Where reading stands.
enum Reading {
    /// Nothing was read yet.
    Closed(PathBuf),
    /// The next piece is on its way.
    Ahead(JoinHandle<io::Result<Piece>>),
    /// All was read.
    Done,
}

fn open(path: &Path, start: u64, len: u64) -> io::Result<File> {
    let mut file = File::open(path)?;
    // Half of one file and half of another would be stored without a word.
    if file.metadata()?.len() != len {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file has changed"));
    }
    file.seek(io::SeekFrom::Start(start))?;
    Ok(file)
}

fn read(file: File, most: u64) -> io::Result<Piece> {
    let most = most.min(PIECE);
    let mut piece = Vec::with_capacity(usize::try_from(most).unwrap_or_default());
    let mut reader = file.take(most);
    reader.read_to_end(&mut piece)?;
    Ok((reader.into_inner(), piece.into()))
}

impl RangeSource for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self, range: Range<u64>) -> BodyStream {
        let (len, begin) = (self.len, range.start);
        let start = (Reading::Closed(self.path.clone()), range.end.min(len).saturating_sub(begin));
        Box::pin(stream::try_unfold(start, move |(reading, left)| async move {
            let next = match reading {
                Reading::Closed(path) => spawn_blocking(move || read(open(&path, begin, len)?, left)),
                Reading::Ahead(next) => next,
                Reading::Done => return Ok(None),
            };
            let (file, piece) = next.await.map_err(io::Error::other)??;
            if piece.is_empty() {
                return Ok(None);
            }
            let left = left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            let ahead = match left {
                0 => Reading::Done,
                left => Reading::Ahead(spawn_blocking(move || read(file, left))),
            };
            Ok(Some((piece, (ahead, left))))
        }))
    }
}

impl fmt::Debug for FileSource {
    /// Without the path, which may hold a customer's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSource({} bytes)", self.len)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::TryStreamExt;

    use crate::http::UploadSource;

    #[tokio::test]
    async fn a_file_is_read_from_any_place_and_not_after_it_changed() {
        let path = std::env::temp_dir().join(format!("sociogram-upload-{}", std::process::id()));
        let content: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let source = UploadSource::from_path(&path).await.unwrap();
        assert_eq!(source.len(), 200_000);
        assert!(!format!("{source:?}").contains("sociogram"));
        for range in [0..200_000, 70_000..140_001, 199_999..200_000, 5..5] {
            let body = source.range(range.start..range.end);
            let pieces: Vec<Bytes> = body.open().try_collect().await.unwrap();
            assert!(pieces.iter().all(|piece| piece.len() <= 256 * 1024));
            let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            assert!(pieces.concat() == content[range]);
        }
        std::fs::write(&path, &content[1..]).unwrap();
        let error = source.rest(0).open().try_collect::<Vec<Bytes>>().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        std::fs::remove_file(&path).unwrap();
        assert!(UploadSource::from_path(&path).await.is_err());
        assert!(UploadSource::from_path(std::env::temp_dir()).await.is_err());
    }
}
