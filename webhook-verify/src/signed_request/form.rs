//! The one field of the form that Meta posts.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::SignedRequestError;

const FIELD: &[u8] = b"signed_request";
/// Room for a text of the full length with every character percent-encoded, and for other fields.
const MAX_BYTES: usize = 64 * 1024;

/// The decoded value of the only field `signed_request`.
pub(super) fn field(body: &[u8]) -> Result<String, SignedRequestError> {
    if body.len() > MAX_BYTES {
        return Err(SignedRequestError::TooLong { length: body.len(), limit: MAX_BYTES });
    }
    let mut values = body.split(|byte| *byte == b'&').filter_map(|pair| {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=').map(|place| pair.split_at(place))
        {
            Some((name, value)) => (name, value.strip_prefix(b"=").unwrap_or(value)),
            None => (pair, &b""[..]),
        };
        (*decode(name) == *FIELD).then_some(value)
    });
    let value = values.next().ok_or(SignedRequestError::MissingField)?;
    if values.next().is_some() {
        return Err(SignedRequestError::DuplicateField);
    }
    String::from_utf8(decode(value).into_owned()).map_err(|_| SignedRequestError::NotText)
}

fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    if text.contains(&b'+') {
        let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        return Cow::Owned(percent_decode(&spaced).collect());
    }
    percent_decode(text).into()
}
