//! The answer to a data deletion callback.

use std::fmt;

const MAX_URL_BYTES: usize = 2048;
const MAX_CODE_BYTES: usize = 64;
/// Digits and letters without I, L, O and U, which people misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits, five at a time.
const CODE_DIGITS: u32 = 26;

/// What to answer to a data deletion callback (Meta for Developers: Data Deletion Request Callback): where the user
/// sees how the deletion goes, and the code to ask with. Send status, headers and body as they are.
///
/// `Debug` shows neither.
///
/// ```
/// use sociogram_webhook_verify::DataDeletionAnswer;
///
/// let random = [7; 16]; // in a product: 16 bytes of the system's random numbers
/// let code = DataDeletionAnswer::confirmation_code(random);
/// let answer = DataDeletionAnswer::new(&format!("https://example.com/deletion?id={code}"), &code)?;
/// assert_eq!((answer.status(), answer.content_type()), (200, "application/json"));
/// # Ok::<(), sociogram_webhook_verify::DataDeletionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DataDeletionAnswer(String);

impl DataDeletionAnswer {
    /// Takes the address of the status page and the confirmation code.
    ///
    /// The address starts with `https://` and a host, has at most 2048 bytes, and holds only visible ASCII characters
    /// other than `"`, `<`, `>` and `\`. The code has 1 to 64 ASCII letters and digits. Remember the code with the
    /// request: the same callback sent again should get the same one.
    ///
    /// # Errors
    ///
    /// When one of them has another form.
    pub fn new(url: &str, confirmation_code: &str) -> Result<Self, DataDeletionError> {
        if !is_https(url) {
            return Err(DataDeletionError::BadUrl);
        }
        let alphanumeric = confirmation_code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=MAX_CODE_BYTES).contains(&confirmation_code.len()) || !alphanumeric {
            return Err(DataDeletionError::BadCode);
        }
        // Neither text needs escaping.
        Ok(Self(format!(r#"{{"url":"{url}","confirmation_code":"{confirmation_code}"}}"#)))
    }

    /// Makes a confirmation code of 26 digits and upper-case letters from 16 random bytes.
    ///
    /// Who knows a code may ask how the deletion goes, so take the bytes from the system's random numbers.
    pub fn confirmation_code(random: [u8; 16]) -> String {
        let number = u128::from_be_bytes(random);
        (0..CODE_DIGITS)
            .rev()
            .filter_map(|place| DIGITS.get(usize::try_from((number >> (5 * place)) & 31).ok()?))
            .map(|digit| char::from(*digit))
            .collect()
    }

    /// Always 200.
    pub fn status(&self) -> u16 {
        200
    }

    /// Always `application/json`.
    pub fn content_type(&self) -> &'static str {
        "application/json"
    }

    /// The headers to send: the content type, and `nosniff` so that no browser reads the body as HTML.
    pub fn headers(&self) -> [(&'static str, &'static str); 2] {
        [("content-type", self.content_type()), ("x-content-type-options", "nosniff")]
    }

    /// The whole body: `{"url":…,"confirmation_code":…}`.
    pub fn body(&self) -> &str {
        &self.0
    }

    /// The whole body, owned.
    pub fn into_body(self) -> String {
        self.0
    }
}

impl fmt::Debug for DataDeletionAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataDeletionAnswer").finish_non_exhaustive()
    }
}

fn is_https(url: &str) -> bool {
    const SCHEME: &str = "https://";
    let harmless = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
    if url.len() > MAX_URL_BYTES || !url.bytes().all(harmless) {
        return false;
    }
    let rest = match url.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest,
        _ => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // No user information, which only serves to disguise a host.
    !authority.is_empty() && !authority.starts_with(':') && !authority.contains('@')
}

/// Texts that cannot be the answer to a data deletion callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataDeletionError {
    /// The address of the status page is not one.
    #[error(
        "the status page needs an absolute https address of at most 2048 ASCII characters: percent-encode the others"
    )]
    BadUrl,
    /// The confirmation code is not one.
    #[error(
        "the confirmation code needs 1 to 64 letters and digits: DataDeletionAnswer::confirmation_code makes one"
    )]
    BadCode,
}
