//! Text fields of a `multipart/form-data` body (RFC 7578): what `curl -F` sends.

use http::header;

use crate::request::{Form, Incoming};

/// The fields of a form, url-encoded or multipart; `None` for any other body.
pub(crate) fn form(request: &Incoming) -> Option<Form> {
    match request.media_type()?.as_str() {
        "application/x-www-form-urlencoded" => Some(Form::parse(&request.body)),
        "multipart/form-data" => {
            let content_type = request.header(header::CONTENT_TYPE.as_str())?;
            read(&request.body, boundary(content_type)?)
        }
        _ => None,
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).map(str::trim);
    let value = parameters.filter_map(|part| part.split_once('=')).find(|(name, _)| *name == "boundary")?.1;
    Some(value.trim_matches('"')).filter(|value| !value.is_empty())
}

fn read(body: &[u8], boundary: &str) -> Option<Form> {
    let text = std::str::from_utf8(body).ok()?;
    let delimiter = format!("\r\n--{boundary}");
    let rest = text.strip_prefix(delimiter.trim_start())?;
    let mut parts = rest.split(delimiter.as_str());
    let mut fields = Vec::new();
    loop {
        let part = parts.next()?;
        if part.starts_with("--") {
            return Some(Form(fields));
        }
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        fields.push((name(head)?.to_owned(), value.to_owned()));
    }
}

/// The field's name in the headers of its part.
fn name(head: &str) -> Option<&str> {
    let line =
        head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let rest = line.split("; name=\"").nth(1)?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "--b0\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nAQ--b0 x\r\n\
                        --b0\r\ncontent-disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b0--\r\n";

    #[test]
    fn reads_what_curl_sends() {
        let form = read(BODY.as_bytes(), "b0").unwrap();
        assert_eq!((form.get("code"), form.get("empty")), (Some("AQ--b0 x"), Some("")));
        assert_eq!(form.0.len(), 2);
        for content_type in ["multipart/form-data; boundary=b0", "multipart/form-data; boundary=\"b0\""] {
            assert_eq!(boundary(content_type), Some("b0"));
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_no_form() {
        for end in [0, 1, 20, BODY.len() - 4] {
            assert!(read(&BODY.as_bytes()[..end], "b0").is_none(), "{end}");
        }
        assert!(read(BODY.as_bytes(), "b1").is_none());
        assert_eq!(boundary("multipart/form-data"), None);
    }
}
