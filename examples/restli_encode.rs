//! Encodes JSON values as Rest.li 2.0: reads one value per line from standard input and prints its encoded form.
//!
//! ```sh
//! cargo run --example restli_encode -- --full < values.ndjson     # for paths and query values
//! cargo run --example restli_encode -- --reduced < values.ndjson  # for keys in JSON bodies
//! ```
//!
//! One line out for each line in, in order; blank lines are skipped. Refused lines go to standard error as `line N: reason`
//! and make the exit status 1; so does a null, which Rest.li cannot write. Whole numbers keep all their digits, however
//! large; numbers with a fraction or an exponent are read as the nearest 64-bit float and written without an exponent.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use sociogram::linkedin_api::restli::RestliValue;

const USAGE: &str = "\
usage: restli_encode --full|--reduced

Reads one JSON value per line from standard input and prints its Rest.li 2.0 form, one per line.

options:
  --full     everything but letters, digits and -._~ is encoded: for paths and query values
  --reduced  only the characters of the structure are encoded: for keys in JSON bodies
  --help     this text

exit status: 0, 1 when a line was refused or could not be read or written, 2 when the arguments are wrong
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let input = BufReader::new(io::stdin().lock());
    let out = BufWriter::new(io::stdout().lock());
    ExitCode::from(run(&arguments, input, out, io::stderr().lock()))
}

/// The whole program: what it was called with, what it reads and writes, and the exit status.
fn run(arguments: &[String], input: impl BufRead, mut out: impl Write, mut err: impl Write) -> u8 {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let encode: fn(&RestliValue) -> String = match arguments.as_slice() {
        ["--full"] => RestliValue::encode,
        ["--reduced"] => RestliValue::encode_reduced,
        ["--help" | "-h"] => return say(&mut out, USAGE, 0),
        [] => return say(&mut err, &format!("pass --full or --reduced\n\n{USAGE}"), 2),
        _ => {
            return say(
                &mut err,
                &format!("pass one of --full and --reduced, and nothing else\n\n{USAGE}"),
                2,
            );
        }
    };
    match encode_all(input, &mut out, &mut err, encode) {
        Ok(false) => 0,
        Ok(true) => 1,
        // Whoever read the output had enough, as with `head`.
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => 1,
        Err(why) => say(&mut err, &format!("{why}\n"), 1),
    }
}

fn say(to: &mut impl Write, text: &str, status: u8) -> u8 {
    let written = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    if written.is_ok() { status } else { status.max(1) }
}

/// Whether any line was refused.
fn encode_all(
    mut input: impl BufRead,
    out: &mut impl Write,
    err: &mut impl Write,
    encode: fn(&RestliValue) -> String,
) -> io::Result<bool> {
    let (mut refused, mut number) = (false, 0u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        match value(&line) {
            Ok(None) => {}
            Ok(Some(value)) => writeln!(out, "{}", encode(&value))?,
            Err(reason) => {
                refused = true;
                writeln!(err, "line {number}: {reason}")?;
            }
        }
    }
    out.flush()?;
    Ok(refused)
}

/// The value in a line; `None` for a blank one.
fn value(line: &[u8]) -> Result<Option<RestliValue>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8 text".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    RestliValue::from_json(text).map(Some).map_err(|refused| refused.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(arguments: &[&str], input: &[u8]) -> (u8, String, String) {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = run(&arguments, input, &mut out, &mut err);
        (status, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn both_forms_are_printed_line_by_line() {
        let input = concat!(
            "\u{feff}\"hello world\"\n",
            "\r\n",
            "{\"k\":\"\",\"a\":[1,true,2.50,\"x,y\"]}\n",
            "18446744073709551617\n",
            "\"50%\""
        );
        let (status, out, err) = ran(&["--full"], input.as_bytes());
        assert_eq!((status, err.as_str()), (0, ""));
        assert_eq!(out, "hello%20world\n(a:List(1,true,2.5,x%2Cy),k:'')\n18446744073709551617\n50%25\n");
        let (status, out, _) = ran(&["--reduced"], input.as_bytes());
        assert_eq!(status, 0);
        assert_eq!(out, "hello world\n(a:List(1,true,2.5,x%2Cy),k:'')\n18446744073709551617\n50%\n");
    }

    #[test]
    fn refused_lines_are_named_and_the_others_printed() {
        let (status, out, err) = ran(&["--full"], b"1\nnull\n{\"a\":null}\nnope\n\xff\n1e999\n[]\n");
        assert_eq!((status, out.as_str()), (1, "1\nList()\n"));
        let null = "null has no form in Rest.li; leave the member out";
        assert_eq!(
            err,
            format!(
                "line 2: {null}\nline 3: {null}\nline 4: not JSON\nline 5: not UTF-8 text\nline 6: a number is too large\n"
            )
        );
    }

    #[test]
    fn wrong_arguments_say_how_it_is_called() {
        for arguments in [&[][..], &["--full", "--reduced"], &["values.ndjson"]] {
            let (status, out, err) = ran(arguments, b"1\n");
            assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains("usage: restli_encode"));
        }
        let (status, out, _) = ran(&["--help"], b"");
        assert_eq!((status, out.as_str()), (0, USAGE));
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
        let mut err = Vec::new();
        assert_eq!(run(&["--full".to_owned()], &b"1\n"[..], Full, &mut err), 1);
        assert_eq!(err, b"no space left\n");
    }
}
