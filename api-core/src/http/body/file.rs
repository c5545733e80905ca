//! Files as bodies.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use bytes::BytesMut;
use futures_util::stream;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::BodyStream;
use super::upload::RangeSource;

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// A regular file.
pub(super) struct FileSource {
    path: PathBuf,
    len: u64,
}

impl FileSource {
    pub(super) async fn open(path: PathBuf) -> io::Result<Self> {
        let about = fs::metadata(&path).await?;
        if !about.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(Self { path, len: about.len() })
    }
}

/// Where reading stands.
enum Reading {
    Closed(PathBuf, u64, u64),
    Open(File),
}

impl RangeSource for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self, range: Range<u64>) -> BodyStream {
        let start = Reading::Closed(self.path.clone(), range.start, self.len);
        Box::pin(stream::try_unfold(start, |reading| async move {
            let mut file = match reading {
                Reading::Open(file) => file,
                Reading::Closed(path, start, len) => {
                    let mut file = File::open(path).await?;
                    // Half of one file and half of another would be stored without a word.
                    if file.metadata().await?.len() != len {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "the file has changed"));
                    }
                    file.seek(io::SeekFrom::Start(start)).await?;
                    file
                }
            };
            let mut piece = BytesMut::with_capacity(PIECE);
            let read = file.read_buf(&mut piece).await?;
            Ok((read > 0).then(|| (piece.freeze(), Reading::Open(file))))
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
            assert!(pieces.iter().all(|piece| piece.len() <= 64 * 1024));
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
