//! Reading a file, a piece at a time.

use std::fmt;

use http::header::{ACCEPT, CONTENT_RANGE, RANGE};
use http::{HeaderValue, Method};
use sha2::{Digest, Sha256};
use sociogram_api_core::http::{
    BaseUrl, DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts,
};
use sociogram_api_core::{ErrorKind, Finding, InvalidRequest};
use sociogram_oauth_core::scope;
use url::Url;

use super::{GetMedia, MediaInfo};
use crate::client::Client;
use crate::error::Error;
use crate::host::GivesFile;
use crate::id::{MediaId, PhoneNumberId};

/// How much is read at once unless told otherwise; the most that is in memory.
const CHUNK: u64 = 4 * 1024 * 1024;

/// Reads a file from the address that [`GetMedia`] gave, a piece at a time, so that memory stays flat. At the end it
/// compares length and SHA-256 with what Meta said.
///
/// Meta does not document whether its servers heed `Range`. One that does not gives the whole file at once, which is
/// taken for the last piece: the file must then be within the client's limit for an answer (8 MiB unless set with
/// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes)).
///
/// ```no_run
/// use sociogram_meta_graph::whatsapp::media::MediaReader;
/// # async fn run(client: sociogram_meta_graph::Client) -> Result<(), sociogram_meta_graph::Error> {
/// let mut reader = MediaReader::new(sociogram_meta_graph::MediaId::from(1037543291543636));
/// while let Some(chunk) = reader.next(&client).await? {
///     // write `chunk.as_bytes()` somewhere; what is there counts only after `None`
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MediaReader {
    media: MediaId,
    phone_number: Option<PhoneNumberId>,
    chunk: u64,
    info: Option<MediaInfo>,
    offset: u64,
    hash: Sha256,
    done: bool,
}

impl MediaReader {
    /// Reads this file. Nothing is asked before [`next`](Self::next).
    pub fn new(media: MediaId) -> Self {
        Self {
            media,
            phone_number: None,
            chunk: CHUNK,
            info: None,
            offset: 0,
            hash: Sha256::new(),
            done: false,
        }
    }

    /// Only if the file belongs to this number.
    pub fn of_number(mut self, phone_number: PhoneNumberId) -> Self {
        self.phone_number = Some(phone_number);
        self
    }

    /// How many bytes are read at once: 4 MiB unless set, at least 1. More than the client's limit for an answer
    /// (8 MiB unless set) fails.
    pub fn chunk_bytes(mut self, bytes: u64) -> Self {
        self.chunk = bytes.max(1);
        self
    }

    /// What Meta said about the file, once the first piece was read.
    pub const fn info(&self) -> Option<&MediaInfo> {
        self.info.as_ref()
    }

    /// How many bytes were read.
    pub const fn position(&self) -> u64 {
        self.offset
    }

    /// The next piece; `None` after the last one. The address is asked for anew where it is too old.
    ///
    /// # Errors
    /// As any call; with kind [`ErrorKind::Decode`] when the bytes are not those that Meta announced. After an error it
    /// may be called again and goes on where it was.
    pub async fn next(&mut self, client: &Client) -> Result<Option<MediaChunk>, Error> {
        if self.done {
            return Ok(None);
        }
        let fresh = self.info.is_none();
        if fresh {
            self.locate(client).await?;
        }
        match self.read(client).await {
            // The address lives for 5 minutes; a new one is worth one try.
            Err(error) if !fresh && matches!(error.status(), Some(401 | 403 | 404 | 410)) => {
                self.locate(client).await?;
                self.read(client).await.map(Some)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.info = None;
                Err(error)
            }
            other => other.map(Some),
        }
    }

    async fn locate(&mut self, client: &Client) -> Result<(), Error> {
        let mut get = GetMedia::new(self.media.clone());
        if let Some(number) = &self.phone_number {
            get = get.phone_number_id(number.clone());
        }
        self.info = Some(client.send(get).await?);
        Ok(())
    }

    async fn read(&mut self, client: &Client) -> Result<MediaChunk, Error> {
        let info = self.info.as_ref();
        let part = Part {
            url: info.and_then(|info| info.url.clone()).unwrap_or_default(),
            start: self.offset,
            bytes: self.chunk,
            size: info.and_then(|info| info.file_size),
            sha256: info.and_then(|info| info.sha256.clone()),
            hash: self.hash.clone(),
        };
        let piece = if part.ends_with_a_slash() {
            client.send(ReadMediaPart::<false>(part)).await?
        } else {
            client.send(ReadMediaPart::<true>(part)).await?
        };
        self.offset += piece.chunk.len();
        self.hash = piece.hash;
        self.done = piece.last;
        Ok(piece.chunk)
    }
}

/// A piece of a file.
#[derive(Clone)]
pub struct MediaChunk(RawResponse);

impl MediaChunk {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.body()
    }

    fn len(&self) -> u64 {
        u64::try_from(self.0.body().len()).unwrap_or(u64::MAX)
    }
}

impl fmt::Debug for MediaChunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaChunk({} bytes)", self.len())
    }
}

/// One piece of a file to read, and what was counted so far.
struct Part {
    url: String,
    start: u64,
    bytes: u64,
    size: Option<u64>,
    sha256: Option<String>,
    hash: Sha256,
}

/// Reads one piece. The token goes along, so the address must be at a host that may have it: the client refuses any
/// other. `FILE`: whether the path ends with a name and not with a slash.
struct ReadMediaPart<const FILE: bool>(Part);

/// A piece that was read.
struct Piece {
    chunk: MediaChunk,
    hash: Sha256,
    last: bool,
}

impl Part {
    fn ends_with_a_slash(&self) -> bool {
        Url::parse(&self.url).is_ok_and(|url| url.path().ends_with('/'))
    }

    /// The address in the form requests are made of: host and folder, name, and the query as it is.
    fn target(&self) -> Option<(BaseUrl, String, String)> {
        let url = Url::parse(&self.url).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let (folder, name) = url.path().rsplit_once('/')?;
        let base = BaseUrl::parse(&format!("{}{folder}", url.origin().ascii_serialization())).ok()?;
        Some((base, name.to_owned(), url.query().unwrap_or_default().to_owned()))
    }

    fn read(&self, response: &RawResponse) -> Result<Piece, DecodeError> {
        let chunk = MediaChunk(response.clone());
        let (start, total) = match response.header_str(CONTENT_RANGE) {
            Some(range) => content_range(range).ok_or_else(|| problem("the range cannot be read"))?,
            None => (0, Some(chunk.len())),
        };
        if start != self.start {
            return Err(problem("another piece than asked for"));
        }
        let end = start.saturating_add(chunk.len());
        let last = self.size.or(total).map_or(chunk.len() < self.bytes, |size| end >= size);
        if chunk.len() == 0 && !last {
            return Err(problem("the file ends early"));
        }
        if self.size.is_some_and(|size| end > size || total.is_some_and(|total| total != size)) {
            return Err(problem("the file has another length than announced"));
        }
        let mut hash = self.hash.clone();
        hash.update(chunk.as_bytes());
        if let (true, Some(announced)) = (last, &self.sha256) {
            let digest = hash.clone().finalize();
            if !announced.eq_ignore_ascii_case(&hexadecimal(&digest)) {
                return Err(problem("the file has another SHA-256 than announced"));
            }
        }
        Ok(Piece { chunk, hash, last })
    }
}

fn problem(reason: &'static str) -> DecodeError {
    DecodeError::new("body", reason)
}

impl<const FILE: bool> Endpoint for ReadMediaPart<FILE> {
    type Output = Piece;

    const NAME: &'static str = "whatsapp.media.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = if FILE { "/{file}" } else { "/" };
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::WHATSAPP_BUSINESS_MESSAGING];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let Self(part) = self;
        let (base, name, query) = part.target().ok_or_else(|| {
            Finding::error("whatsapp.media.url", "url", "Meta named no address, or one that cannot be used")
                .advice("ask for the address anew with `GetMedia`")
        })?;
        let end = part.start.saturating_add(part.bytes.saturating_sub(1));
        let range = HeaderValue::try_from(format!("bytes={}-{end}", part.start))
            .map_err(|_| Finding::error("whatsapp.media.range", "range", "the range cannot be written"))?;
        if FILE {
            parts.encoded_path("file", name);
        }
        parts.base(base).encoded_query(query);
        parts.header(RANGE, range).header(ACCEPT, HeaderValue::from_static("*/*"));
        Ok(())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(GivesFile)
    }

    fn decode(&self, response: &RawResponse) -> Result<Piece, DecodeError> {
        self.0.read(response)
    }
}

/// `bytes 0-99/1234`, or `*` for the whole length.
fn content_range(header: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = header.trim().strip_prefix("bytes ")?.split_once('/')?;
    let start = range.split_once('-')?.0.parse().ok()?;
    Some((start, total.parse().ok()))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}
