//! A `multipart/form-data` body (RFC 7578): what `curl -F` sends.

use bytes::Bytes;
use http::header;

use crate::request::{Form, Incoming};

/// A part that is a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Of the field.
    pub(crate) field: String,
    /// As the caller calls it.
    pub(crate) name: String,
    /// Empty when the part does not say.
    pub(crate) content_type: String,
    pub(crate) content: Bytes,
}

/// The text fields of a form, url-encoded or multipart; `None` for any other body.
pub(crate) fn form(request: &Incoming) -> Option<Form> {
    match request.media_type()?.as_str() {
        "application/x-www-form-urlencoded" => Some(Form::parse(&request.body)),
        "multipart/form-data" => form_and_files(request).map(|(form, _)| form),
        _ => None,
    }
}

/// The text fields and the files of a multipart body; `None` when it is none.
pub(crate) fn form_and_files(request: &Incoming) -> Option<(Form, Vec<File>)> {
    let content_type = request.header(header::CONTENT_TYPE.as_str())?;
    read(&request.body, boundary(content_type)?)
}

fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).map(str::trim);
    let value = parameters.filter_map(|part| part.split_once('=')).find(|(name, _)| *name == "boundary")?.1;
    Some(value.trim_matches('"')).filter(|value| !value.is_empty())
}

fn read(body: &Bytes, boundary: &str) -> Option<(Form, Vec<File>)> {
    let delimiter = format!("\r\n--{boundary}");
    let mut at = delimiter.trim_start().len();
    if !body.starts_with(delimiter.trim_start().as_bytes()) {
        return None;
    }
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    loop {
        if body.get(at..)?.starts_with(b"--") {
            return Some((Form(fields), files));
        }
        let end = at.checked_add(find(body.get(at..)?, delimiter.as_bytes())?)?;
        let part = body.get(at..end)?.strip_prefix(b"\r\n")?;
        let split = find(part, b"\r\n\r\n")?;
        let head = std::str::from_utf8(part.get(..split)?).ok()?;
        let content = part.get(split.checked_add(4)?..)?;
        let field = parameter(head, "name")?.to_owned();
        match parameter(head, "filename") {
            Some(name) => files.push(File {
                field,
                name: name.to_owned(),
                content_type: content_type(head).unwrap_or_default().to_owned(),
                content: body.slice_ref(content),
            }),
            None => fields.push((field, std::str::from_utf8(content).ok()?.to_owned())),
        }
        at = end.checked_add(delimiter.len())?;
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn line<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with(name))
}

/// A parameter of the part's disposition.
fn parameter<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let rest = line(head, "content-disposition:")?.split(&format!("; {name}=\"")).nth(1)?;
    rest.split('"').next()
}

fn content_type(head: &str) -> Option<&str> {
    line(head, "content-type:")?.split_once(':').map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "--b0\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nAQ--b0 x\r\n\
                        --b0\r\ncontent-disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b0--\r\n";

    fn parse(body: &[u8], boundary: &str) -> Option<(Form, Vec<File>)> {
        read(&Bytes::copy_from_slice(body), boundary)
    }

    #[test]
    fn reads_what_curl_sends() {
        let (form, files) = parse(BODY.as_bytes(), "b0").unwrap();
        assert_eq!((form.get("code"), form.get("empty")), (Some("AQ--b0 x"), Some("")));
        assert!(form.0.len() == 2 && files.is_empty());
        for content_type in ["multipart/form-data; boundary=b0", "multipart/form-data; boundary=\"b0\""] {
            assert_eq!(boundary(content_type), Some("b0"));
        }
    }

    #[test]
    fn a_file_keeps_its_bytes() {
        let mut body = b"--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\
                         Content-Type: image/jpeg\r\n\r\n"
            .to_vec();
        body.extend([0xFF, 0xD8, 0, b'\r', b'\n', 0xD9]);
        body.extend(b"\r\n--b--\r\n");
        let (form, files) = parse(&body, "b").unwrap();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert!(form.0.is_empty());
        assert_eq!(
            (file.field.as_str(), file.name.as_str(), file.content_type.as_str()),
            ("source", "a.jpg", "image/jpeg")
        );
        assert_eq!(file.content, [0xFF, 0xD8, 0, b'\r', b'\n', 0xD9].as_slice());
    }

    #[test]
    fn a_body_that_breaks_off_is_no_form() {
        for end in [0, 1, 20, BODY.len() - 4] {
            assert!(parse(&BODY.as_bytes()[..end], "b0").is_none(), "{end}");
        }
        assert!(parse(BODY.as_bytes(), "b1").is_none());
        assert_eq!(boundary("multipart/form-data"), None);
    }
}
