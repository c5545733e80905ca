//! Verifies one webhook delivery and shows its events: reads the body, exactly as received, from standard input.
//!
//! ```sh
//! export WEBHOOK_SECRET=…  # the app secret (Meta) or client secret (LinkedIn)
//! cargo run --example verify_webhook -- --provider meta --signature "sha256=2318…" < body
//! cargo run --example verify_webhook -- --provider linkedin --signature "0a63…" < body
//! ```
//!
//! One line of JSON out for each event:
//!
//! ```json
//! {"object":"page","field":"leadgen","kind":"page_leadgen","key":"389c…","strength":"exact","at":1712000000000,"account":"10"}
//! ```
//!
//! `at` is in milliseconds of Unix time: when it happened or else when it was sent, or null. Store `key` to recognise a
//! repeat. What was said stays in the body, and nothing of it or of the secret is printed. A refusal goes to standard
//! error, with what probably went wrong.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use bytes::Bytes;
use serde_json::Value;
use sociogram::webhook_verify::{
    Delivery, Event, EventTime, LinkedInVerifier, MetaVerifier, Provider, Secret, parse_linkedin, parse_meta,
};

const USAGE: &str = "\
usage: verify_webhook --provider meta|linkedin --signature HEADER < body

Reads the body of a webhook delivery from standard input, checks its signature with the secret in the environment
variable WEBHOOK_SECRET, and prints its events as JSON, one per line.

options:
  --provider meta|linkedin  who sent it
  --signature HEADER        the value of the header X-Hub-Signature-256 (with or without \"sha256=\") or X-LI-Signature
  --help                    this text

exit status: 0, 1 when the delivery was refused or could not be read or written, 2 when the arguments or the secret are wrong
";

/// A longer body is refused without being read to its end.
const MAX_BODY: usize = 4 * 1024 * 1024;

#[allow(clippy::disallowed_methods, reason = "a program reads its secret from its environment")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let secret = std::env::var_os("WEBHOOK_SECRET");
    let (input, out, err) = (io::stdin().lock(), io::stdout().lock(), io::stderr().lock());
    ExitCode::from(run(&arguments, secret, input, io::BufWriter::new(out), err))
}

/// The whole program: what it was called with, what it reads and writes, and the exit status.
fn run(
    arguments: &[String],
    secret: Option<OsString>,
    input: impl Read,
    mut out: impl Write,
    mut err: impl Write,
) -> u8 {
    let (provider, signature) = match read_arguments(arguments) {
        Ok(Some(read)) => read,
        Ok(None) => return say(&mut out, USAGE, 0),
        Err(reason) => return say(&mut err, &format!("{reason}\n\n{USAGE}"), 2),
    };
    let verifier = match secret_of(secret).and_then(|secret| Verifier::new(provider, secret)) {
        Ok(verifier) => verifier,
        Err(reason) => return say(&mut err, &format!("{reason}\n"), 2),
    };
    match body(input).and_then(|body| verifier.events(&signature, body)) {
        Err(reason) => say(&mut err, &format!("{reason}\n"), 1),
        Ok(delivery) => match print(delivery, &mut out) {
            Ok(()) => 0,
            // Whoever read the output had enough, as with `head`.
            Err(why) if why.kind() == io::ErrorKind::BrokenPipe => 1,
            Err(why) => say(&mut err, &format!("the events could not be written: {why}\n"), 1),
        },
    }
}

fn say(to: &mut impl Write, text: &str, status: u8) -> u8 {
    let written = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    if written.is_ok() { status } else { status.max(1) }
}

/// `None` when only help is asked for.
fn read_arguments(arguments: &[String]) -> Result<Option<(Provider, String)>, String> {
    let (mut provider, mut signature) = (None, None);
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--help" | "-h" => return Ok(None),
            "--provider" if provider.is_none() => {
                provider = Some(match value()?.as_str() {
                    "meta" => Provider::Meta,
                    "linkedin" => Provider::LinkedIn,
                    _ => return Err("--provider is meta or linkedin".to_owned()),
                });
            }
            "--signature" if signature.is_none() => signature = Some(value()?.clone()),
            "--provider" | "--signature" => return Err(format!("{name} was given twice")),
            // Its text may be a secret in the wrong place.
            _ => return Err("an argument is unknown".to_owned()),
        }
    }
    let provider = provider.ok_or("pass --provider")?;
    Ok(Some((provider, signature.ok_or("pass --signature")?)))
}

fn secret_of(secret: Option<OsString>) -> Result<Secret, String> {
    let text = secret.ok_or("set WEBHOOK_SECRET to the app secret (Meta) or client secret (LinkedIn)")?;
    Secret::from_utf8(text.into_encoded_bytes()).map_err(|why| format!("WEBHOOK_SECRET: {why}"))
}

/// The body, and one byte more when it is too long, for the verifier to refuse.
fn body(input: impl Read) -> Result<Bytes, String> {
    let mut body = Vec::new();
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX).saturating_add(1);
    let read = input.take(limit).read_to_end(&mut body);
    read.map(|_| body.into()).map_err(|why| format!("the body could not be read: {why}"))
}

/// The verifier of either platform.
enum Verifier {
    Meta(MetaVerifier),
    LinkedIn(LinkedInVerifier),
}

impl Verifier {
    fn new(provider: Provider, secret: Secret) -> Result<Self, String> {
        let built = if provider == Provider::LinkedIn {
            let builder = LinkedInVerifier::builder().secret("WEBHOOK_SECRET", secret);
            builder.max_body_bytes(MAX_BODY).build().map(Self::LinkedIn)
        } else {
            let builder = MetaVerifier::builder().secret("WEBHOOK_SECRET", secret);
            builder.max_body_bytes(MAX_BODY).build().map(Self::Meta)
        };
        built.map_err(|why| why.to_string())
    }

    fn events(&self, signature: &str, body: Bytes) -> Result<Delivery, String> {
        let signature = signature.trim();
        let delivery = match self {
            Self::Meta(verifier) => {
                let whole = if signature.contains('=') {
                    signature.to_owned()
                } else {
                    format!("sha256={signature}")
                };
                parse_meta(&verifier.verify([whole], body).map_err(|refused| refused.to_string())?)
            }
            Self::LinkedIn(verifier) => {
                parse_linkedin(&verifier.verify([signature], body).map_err(|refused| refused.to_string())?)
            }
        };
        delivery.map_err(|why| why.to_string())
    }
}

fn print(delivery: Delivery, out: &mut impl Write) -> io::Result<()> {
    for event in delivery.into_events() {
        writeln!(out, "{}", line(&event)?)?;
    }
    out.flush()
}

/// The event as one JSON object, with its members in a fixed order.
fn line(event: &Event) -> io::Result<String> {
    let at = event.time().map(EventTime::as_unix_millis);
    let members: [(&str, Value); 7] = [
        ("object", event.object().into()),
        ("field", event.field().into()),
        ("kind", event.kind().name().into()),
        ("key", event.key().to_string().into()),
        ("strength", serde_json::to_value(event.strength())?),
        ("at", at.into()),
        ("account", event.account().into()),
    ];
    let members = members.map(|(name, value)| format!("\"{name}\":{value}"));
    Ok(format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Known pairs of key, body and signature.
    const SECRET: &str = "test_app_secret";
    const EMPTY: &[u8] = br#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[]}]}"#;
    const EMPTY_SIGNATURE: &str = "231868f9ac6f7a304cc336397814a89c3d9bf5f61ce3f5b5e9392ea523f42aa4";
    const LEAD: &[u8] = br#"{"object":"page","entry":[{"id":"1067280970047460","time":1712000001,"changes":[{"field":"leadgen","value":{"leadgen_id":"444444444444","page_id":"1067280970047460","form_id":"555555555555","created_time":1712000000}}]}]}"#;
    const LEAD_SIGNATURE: &str = "sha256=037333439ffb454197aee8bab567255ccd53834e2096be8086b757813082ac36";
    const LINKEDIN_SECRET: &str = "test_client_secret";
    const LINKEDIN: &[u8] = br#"{"type":"LEAD_ACTION","leadAction":"CREATED"}"#;
    const LINKEDIN_SIGNATURES: [&str; 2] = [
        "0a637413caaaddbad440ec6b866cdf469bdf0457cb5db26479d9f162dcb03714",
        "hmacsha256=7130cfa1e3c7d340707477c28f48fa59279615558e8a026fa48b6a19653ab635",
    ];

    fn ran(arguments: &[&str], secret: Option<&str>, input: &[u8]) -> (u8, String, String) {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = run(&arguments, secret.map(OsString::from), input, &mut out, &mut err);
        let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
        for secret in [SECRET, LINKEDIN_SECRET] {
            assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
        }
        (status, out, err)
    }

    fn meta(signature: &str, input: &[u8]) -> (u8, String, String) {
        ran(&["--provider", "meta", "--signature", signature], Some(SECRET), input)
    }

    fn linkedin(signature: &str, input: &[u8]) -> (u8, String, String) {
        ran(&["--signature", signature, "--provider", "linkedin"], Some(LINKEDIN_SECRET), input)
    }

    #[test]
    fn a_line_is_printed_for_each_event() {
        let (status, out, err) = meta(LEAD_SIGNATURE, LEAD);
        assert_eq!((status, err.as_str()), (0, ""));
        let event: Value = serde_json::from_str(&out).unwrap();
        let key = event["key"].as_str().unwrap();
        assert_eq!(key.len(), 64);
        let rest = r#","strength":"exact","at":1712000000000,"account":"1067280970047460"}"#;
        let first = r#"{"object":"page","field":"leadgen","kind":"page_leadgen","key":""#;
        assert_eq!(out, format!("{first}{key}\"{rest}\n"));
        assert!(!out.contains("444444444444"));
        assert_eq!(meta(EMPTY_SIGNATURE, EMPTY), (0, String::new(), String::new()));
    }

    #[test]
    fn both_ways_of_writing_a_signature_are_understood() {
        let prefixed = format!("sha256={EMPTY_SIGNATURE}");
        for signature in [EMPTY_SIGNATURE, &prefixed, &format!(" {prefixed}\r\n")] {
            assert_eq!(meta(signature, EMPTY).0, 0, "{signature}");
        }
        for signature in LINKEDIN_SIGNATURES {
            let (status, out, _) = linkedin(signature, LINKEDIN);
            assert_eq!(status, 0, "{signature}");
            let event: Value = serde_json::from_str(&out).unwrap();
            assert_eq!((&event["kind"], &event["at"]), (&"linkedin_lead_action".into(), &Value::Null));
            assert_eq!((&event["account"], &event["strength"]), (&Value::Null, &"best_effort".into()));
        }
    }

    #[test]
    fn a_refusal_says_what_probably_went_wrong() {
        let with_break = [EMPTY, b"\n"].concat();
        for (signature, body, expected) in [
            (LEAD_SIGNATURE, EMPTY, "the signature matches no configured secret"),
            (EMPTY_SIGNATURE, &with_break, "whitespace"),
            (EMPTY_SIGNATURE, b"", "the body is empty"),
            ("nonsense", EMPTY, "cannot be read"),
            ("sha1=1a0f9c7c0ba12e75ceddc41a1849c768641b8c7d", EMPTY, "SHA-1"),
        ] {
            let (status, out, err) = meta(signature, body);
            assert_eq!((status, out.as_str()), (1, ""), "{signature}");
            assert!(err.contains(expected) && err.ends_with('\n'), "{err}");
        }
        assert_eq!(linkedin(EMPTY_SIGNATURE, EMPTY).0, 1);
    }

    /// A body without end.
    struct Endless;

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b'{');
            Ok(buffer.len())
        }
    }

    #[test]
    fn a_body_that_is_too_long_is_refused_before_its_end() {
        let arguments = ["--provider", "meta", "--signature", EMPTY_SIGNATURE].map(str::to_owned);
        let mut err = Vec::new();
        assert_eq!(run(&arguments, Some(SECRET.into()), Endless, Vec::new(), &mut err), 1);
        let err = String::from_utf8(err).unwrap();
        assert!(err.contains("the limit is 4194304"), "{err}");
    }

    #[test]
    fn wrong_arguments_say_how_it_is_called() {
        for (arguments, expected) in [
            (&[][..], "pass --provider"),
            (&["--provider", "meta"], "pass --signature"),
            (&["--signature", "a"], "pass --provider"),
            (&["--provider", "other", "--signature", "a"], "meta or linkedin"),
            (&["--provider"], "--provider needs a value"),
            (&["--provider", "meta", "--provider", "meta"], "given twice"),
            (&["--secret", SECRET], "unknown"),
        ] {
            let (status, out, err) = ran(arguments, Some(SECRET), EMPTY);
            assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains(expected) && err.contains("usage: verify_webhook"), "{err}");
        }
        assert_eq!(ran(&["--help"], None, b""), (0, USAGE.to_owned(), String::new()));
    }

    #[test]
    fn a_missing_or_damaged_secret_never_skips_the_check() {
        let arguments = ["--provider", "meta", "--signature", EMPTY_SIGNATURE];
        for (secret, expected) in
            [(None, "set WEBHOOK_SECRET"), (Some(""), "empty"), (Some("test_app_secret\n"), "whitespace")]
        {
            let arguments = arguments.map(str::to_owned);
            let (mut out, mut err) = (Vec::new(), Vec::new());
            assert_eq!(
                run(&arguments, secret.map(OsString::from), EMPTY, &mut out, &mut err),
                2,
                "{secret:?}"
            );
            let err = String::from_utf8(err).unwrap();
            assert!(out.is_empty() && err.contains(expected) && !err.contains(SECRET), "{err}");
        }
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("no space left"))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_output_that_fails_is_told() {
        let arguments = ["--provider", "meta", "--signature", LEAD_SIGNATURE].map(str::to_owned);
        let mut err = Vec::new();
        assert_eq!(run(&arguments, Some(SECRET.into()), LEAD, Full, &mut err), 1);
        assert_eq!(err, b"the events could not be written: no space left\n");
    }
}
