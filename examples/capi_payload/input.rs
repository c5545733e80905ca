//! The events of the input: JSON line by line, a JSON list, or CSV.

use std::{
    io::{self, BufRead},
    ops::Range,
};

use serde_json::value::RawValue;

use crate::{
    arguments::Arguments,
    lines::{Lines, MAX_LINE, Start},
    record::{Constant, Record, with_constants},
    table::Table,
};

/// The largest list that is read.
const MAX_LIST: u64 = 256 * 1024 * 1024;

/// Why nothing can be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Io(io::Error),
    /// A reason for a person.
    Content(String),
}

impl From<io::Error> for Unreadable {
    fn from(why: io::Error) -> Self {
        Self::Io(why)
    }
}

pub(crate) struct Records<'a, R> {
    source: Source<R>,
    constants: &'a [Constant],
}

enum Source<R> {
    Lines(Lines<R>, Vec<u8>),
    List { text: String, places: std::vec::IntoIter<(usize, Range<usize>)> },
    Table(Box<Table<R>>),
}

impl<'a, R: BufRead> Records<'a, R> {
    /// # Errors
    /// The input cannot be read, is a broken list, or has no usable header.
    pub(crate) fn open(input: R, arguments: &'a Arguments) -> Result<Self, Unreadable> {
        let mut lines = Lines::new(input);
        let start = lines.start()?;
        let source = match &arguments.csv {
            Some(columns) => Source::Table(Box::new(Table::open(lines, columns)?)),
            None if start == Start::List => list(&mut lines)?,
            None => Source::Lines(lines, Vec::new()),
        };
        Ok(Self { source, constants: &arguments.constants })
    }

    /// What the columns are, for `--explain`.
    pub(crate) fn columns(&self) -> Vec<String> {
        match &self.source {
            Source::Table(table) => table.columns(),
            Source::Lines(..) | Source::List { .. } => Vec::new(),
        }
    }

    /// How many bytes were read; a list is read at once.
    pub(crate) fn consumed(&self) -> Option<u64> {
        match &self.source {
            Source::Lines(lines, _) => Some(lines.consumed),
            Source::List { .. } => None,
            Source::Table(table) => Some(table.consumed()),
        }
    }

    /// The next event.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record>> {
        let record = match &mut self.source {
            Source::Lines(lines, line) => next_line(lines, line)?,
            Source::List { text, places } => places.next().map(|(line, place)| {
                let json = text.get(place).unwrap_or_default().to_owned();
                Record { line, json: Ok(json) }
            }),
            Source::Table(table) => table.next()?,
        };
        Ok(record.map(|Record { line, json }| {
            let json = json.map(|json| with_constants(json, self.constants));
            Record { line, json }
        }))
    }
}

/// The next line that is not blank.
fn next_line<R: BufRead>(lines: &mut Lines<R>, line: &mut Vec<u8>) -> io::Result<Option<Record>> {
    loop {
        line.clear();
        let Some(fits) = lines.next(line)? else { return Ok(None) };
        let json = match std::str::from_utf8(line) {
            _ if !fits => Err(format!("longer than {MAX_LINE} bytes")),
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => Ok(text.trim().to_owned()),
            Err(_) => Err("not UTF-8 text".to_owned()),
        };
        return Ok(Some(Record { line: lines.number, json }));
    }
}

fn list<R: BufRead>(lines: &mut Lines<R>) -> Result<Source<R>, Unreadable> {
    let before = lines.number;
    let text = String::from_utf8(lines.rest(MAX_LIST)?);
    let text = text.map_err(|_| Unreadable::Content("the list is not UTF-8 text".to_owned()))?;
    // Only the place: the message of the parser can repeat what it read.
    let items: Vec<&RawValue> = serde_json::from_str(&text).map_err(|why| {
        let (line, column) = (before + why.line(), why.column());
        Unreadable::Content(format!("the list is not valid JSON (line {line}, column {column})"))
    })?;
    let (mut line, mut at) = (before + 1, 0);
    let mut places = Vec::with_capacity(items.len());
    for item in items {
        // An item lies within the text it was read from.
        let start = (item.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        line += text.get(at..start).unwrap_or_default().bytes().filter(|byte| *byte == b'\n').count();
        at = start;
        places.push((line, start..start + item.get().len()));
    }
    Ok(Source::List { text, places: places.into_iter() })
}
