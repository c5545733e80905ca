//! Why a `signed_request` is not accepted.

/// A `signed_request` was refused.
///
/// The text is meant for the operator's log; it holds no secret, no MAC and nothing of the payload. Answer the sender
/// with [`suggested_status`](Self::suggested_status) and an empty body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignedRequestError {
    /// The form or its field is longer than is read.
    #[error("the signed_request has {length} bytes, the limit is {limit}: Meta sends well under 1 KiB")]
    TooLong {
        /// Length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The form has no field `signed_request`.
    #[error("the form has no field signed_request: pass the request body as received, not parsed or as JSON")]
    MissingField,
    /// The form has several fields `signed_request`.
    #[error("the form has more than one field signed_request: Meta sends exactly one")]
    DuplicateField,
    /// The field is not UTF-8 after percent-decoding.
    #[error("the field signed_request is not UTF-8 text")]
    NotText,
    /// There is no text.
    #[error("the signed_request is empty")]
    Empty,
    /// There is not exactly one dot.
    #[error("the signed_request has {found} dots instead of one{}", because(hints))]
    Dots {
        /// How many there are.
        found: usize,
        /// What probably went wrong; may be empty.
        hints: Vec<SignedRequestHint>,
    },
    /// The part before the dot is not base64url.
    #[error("the signature is not base64url{}", because(hints))]
    SignatureEncoding {
        /// What probably went wrong; may be empty.
        hints: Vec<SignedRequestHint>,
    },
    /// The signature has another length than an HMAC-SHA256.
    #[error("the signature has {found} bytes instead of 32: the text was cut or is no signed_request")]
    SignatureLength {
        /// How many bytes there are.
        found: usize,
    },
    /// The signature is well formed and does not belong to this payload under any secret.
    #[error("the signature matches no configured secret ({} tried){}", secrets, because(hints))]
    Mismatch {
        /// How many secrets were tried.
        secrets: usize,
        /// What probably went wrong; at least one.
        hints: Vec<SignedRequestHint>,
    },
    /// The signature is right, but the payload is not base64url.
    #[error("the signed payload is not base64url: another message was signed under the same key")]
    PayloadEncoding,
    /// The signature is right, but the payload is not a JSON object.
    #[error("the signed payload is not a JSON object: another message was signed under the same key")]
    NotJsonObject,
    /// The payload names another algorithm, or none.
    #[error("the payload does not name the algorithm HMAC-SHA256: no other one is accepted")]
    UnsupportedAlgorithm,
    /// The payload names no user.
    #[error("the payload names no user_id: this is not a deauthorize or data deletion callback")]
    MissingUser,
    /// A limit of age is set and the payload says no time.
    #[error("the payload has no readable issued_at, which max_age needs: build the verifier without it")]
    MissingIssuedAt,
    /// The request was issued longer ago than is allowed.
    #[error(
        "the request was issued longer ago than max_age: an old copy was sent again, or the limit is too short"
    )]
    TooOld,
    /// The request was issued in the future.
    #[error("the request was issued in the future: set the clock of this machine")]
    FromTheFuture,
    /// The request has expired.
    #[error("the request has expired: an old copy was sent again, or the clock of this machine is wrong")]
    Expired,
}

impl SignedRequestError {
    /// The HTTP status to answer: 400, 401 or 413.
    pub fn suggested_status(&self) -> u16 {
        match self {
            Self::TooLong { .. } => 413,
            Self::Mismatch { .. } | Self::TooOld | Self::FromTheFuture | Self::Expired => 401,
            _ => 400,
        }
    }

    /// A short stable name, for a metric label.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::MissingField => "missing_field",
            Self::DuplicateField => "duplicate_field",
            Self::NotText => "not_text",
            Self::Empty => "empty",
            Self::Dots { .. } => "dots",
            Self::SignatureEncoding { .. } => "signature_encoding",
            Self::SignatureLength { .. } => "signature_length",
            Self::Mismatch { .. } => "mismatch",
            Self::PayloadEncoding => "payload_encoding",
            Self::NotJsonObject => "not_json_object",
            Self::UnsupportedAlgorithm => "unsupported_algorithm",
            Self::MissingUser => "missing_user",
            Self::MissingIssuedAt => "missing_issued_at",
            Self::TooOld => "too_old",
            Self::FromTheFuture => "from_the_future",
            Self::Expired => "expired",
        }
    }

    /// What probably went wrong; never empty when the signature did not match.
    pub fn hints(&self) -> &[SignedRequestHint] {
        match self {
            Self::Dots { hints, .. } | Self::SignatureEncoding { hints } | Self::Mismatch { hints, .. } => {
                hints
            }
            _ => &[],
        }
    }
}

fn because(hints: &[SignedRequestHint]) -> String {
    let hints: Vec<_> = hints.iter().map(SignedRequestHint::to_string).collect();
    if hints.is_empty() { String::new() } else { format!(": {}", hints.join("; ")) }
}

/// What probably went wrong with a `signed_request`: a guess for a person, made only after the refusal.
///
/// A hint reads the text's outer shape only. It never depends on a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SignedRequestHint {
    /// The text is the whole form.
    #[error("the text is the whole form: pass the body to verify_form")]
    WholeForm,
    /// The text is not percent-decoded.
    #[error("the text is still percent-encoded: decode the form, or pass the body to verify_form")]
    PercentEncoded,
    /// The text has two dots and starts like a JSON Web Token.
    #[error(
        "the text looks like a JSON Web Token, such as the id_token of a login: another check is needed for it"
    )]
    WebToken,
    /// The text starts or ends with a quote or whitespace.
    #[error("the text starts or ends with a quote or whitespace: pass the value alone")]
    Surrounded,
    /// The text holds characters of base64 that base64url does not have.
    #[error("the text holds `+`, `/` or spaces: something turned base64url into base64; pass it as received")]
    PlainBase64,
    /// The payload ends with `=`, which Meta leaves out.
    #[error(
        "the payload ends with `=`, which Meta leaves out and the signature then does not cover; pass it as received"
    )]
    AddedPadding,
    /// The text looks as sent.
    #[error("the text looks as sent, so the secret is probably that of another app, or an old one")]
    OtherSecret,
}

/// Hints for a text that cannot be split; may be empty.
#[cold]
pub(super) fn shape_hints(text: &str) -> Vec<SignedRequestHint> {
    let edge = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'');
    let trimmed = text.trim_matches(edge);
    let checks = [
        (trimmed.starts_with("signed_request="), SignedRequestHint::WholeForm),
        (text.contains('%'), SignedRequestHint::PercentEncoded),
        (text.matches('.').count() == 2 && trimmed.starts_with("eyJ"), SignedRequestHint::WebToken),
        (trimmed.len() != text.len(), SignedRequestHint::Surrounded),
        (trimmed.contains(['+', '/', ' ']), SignedRequestHint::PlainBase64),
    ];
    checks.into_iter().filter_map(|(applies, hint)| applies.then_some(hint)).collect()
}

/// Hints for a payload whose signature did not match; never empty.
#[cold]
pub(super) fn mismatch_hints(payload: &str) -> Vec<SignedRequestHint> {
    let mut hints = shape_hints(payload);
    if payload.ends_with('=') {
        hints.push(SignedRequestHint::AddedPadding);
    }
    if hints.is_empty() {
        hints.push(SignedRequestHint::OtherSecret);
    }
    hints
}
