//! CSV with a header row, each row an event.

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use crate::{
    arguments::Columns,
    explain::form,
    input::Unreadable,
    lines::{Lines, MAX_LINE},
    record::{Record, TimeUnit, written},
    target::Target,
};

pub(crate) struct Table<R> {
    lines: Lines<R>,
    delimiter: u8,
    header: Vec<String>,
    /// What each column is; `None` for one that is not used.
    targets: Vec<Option<Target>>,
    unit: TimeUnit,
}

impl<R: BufRead> Table<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// There is none, or it does not go with the options.
    pub(crate) fn open(mut lines: Lines<R>, columns: &Columns) -> Result<Self, Unreadable> {
        let content = |why: &str| Unreadable::Content(why.to_owned());
        let mut first = Vec::new();
        if lines.next(&mut first)?.is_none() {
            return Err(content("there is no header row"));
        }
        let delimiter = columns.delimiter.unwrap_or_else(|| detected(&first));
        finish_row(&mut lines, &mut first, delimiter)?;
        let header = row(&first, delimiter).and_then(|row| {
            let texts = row.iter().map(|text| String::from_utf8(text.to_vec()).ok());
            texts.map(|text| text.map(|text| text.trim().to_owned())).collect::<Option<Vec<_>>>()
        });
        let header = header.ok_or_else(|| content("the header row is not UTF-8 text"))?;
        let targets = targets(&header, columns).map_err(Unreadable::Content)?;
        Ok(Self { lines, delimiter, header, targets, unit: columns.time })
    }

    pub(crate) fn consumed(&self) -> u64 {
        self.lines.consumed
    }

    /// What each column is, one line each.
    pub(crate) fn columns(&self) -> Vec<String> {
        let column = |(name, target): (&String, &Option<Target>)| match target {
            Some(target) => format!("{} -> {target}", shown(name)),
            None => format!("{} is not used", shown(name)),
        };
        self.header.iter().zip(&self.targets).map(column).collect()
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let Some(fits) = self.lines.next(&mut bytes)? else { return Ok(None) };
            let line = self.lines.number;
            let fits = fits && finish_row(&mut self.lines, &mut bytes, self.delimiter)?;
            if bytes.trim_ascii().is_empty() && fits {
                continue;
            }
            let json = if fits { self.event(&bytes) } else { Err(too_long()) };
            return Ok(Some(Record { line, json }));
        }
    }

    fn event(&self, bytes: &[u8]) -> Result<String, String> {
        let row = row(bytes, self.delimiter).ok_or("not a row of CSV")?;
        if row.len() != self.targets.len() {
            let (found, wanted) = (row.len(), self.targets.len());
            return Err(format!(
                "has {found} columns and the header {wanted}; put quotes around what has a delimiter in it"
            ));
        }
        let (mut event, mut parents) = (Vec::new(), BTreeMap::<&str, Vec<(String, String)>>::new());
        let mut lists = BTreeMap::<(&str, &str), Vec<String>>::new();
        for (target, bytes) in self.targets.iter().zip(&row) {
            let Some(target) = target else { continue };
            let text = std::str::from_utf8(bytes).map_err(|_| format!("{target}: not UTF-8 text"))?.trim();
            if text.is_empty() {
                continue;
            }
            let json = target.json(text, self.unit).map_err(|why| format!("{target}: {why}"))?;
            if target.is_list() {
                lists.entry((target.parent, target.name.as_str())).or_default().push(json);
            } else if target.parent.is_empty() {
                event.push((target.name.clone(), json));
            } else {
                parents.entry(target.parent).or_default().push((target.name.clone(), json));
            }
        }
        for ((parent, name), items) in lists {
            parents.entry(parent).or_default().push((name.to_owned(), format!("[{}]", items.join(","))));
        }
        // A row without customer data is refused for that, not for a missing member.
        parents.entry("user_data").or_default();
        event.extend(parents.iter().map(|(parent, members)| ((*parent).to_owned(), written(members))));
        Ok(written(&event))
    }
}

/// A header that looks like data is not repeated.
fn shown(name: &str) -> String {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if name.contains('@') || digits > 4 { form(name) } else { format!("{name:?}") }
}

/// The delimiter that the header has more often outside of quotes.
fn detected(header: &[u8]) -> u8 {
    let (mut commas, mut semicolons, mut quoted) = (0, 0, false);
    for byte in header {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

/// Reads on while a quoted field goes over the end of the line. `false` when the row gets too long.
fn finish_row<R: BufRead>(lines: &mut Lines<R>, bytes: &mut Vec<u8>, delimiter: u8) -> io::Result<bool> {
    let (mut state, mut seen) = (Quoting::Start, 0);
    loop {
        for byte in bytes.get(seen..).unwrap_or_default() {
            state = state.after(*byte, delimiter);
        }
        seen = bytes.len();
        if state != Quoting::Inside {
            return Ok(true);
        }
        match lines.next(bytes)? {
            None => return Ok(true),
            Some(false) => return Ok(false),
            Some(true) => {}
        }
    }
}

/// Where in a field a byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    Start,
    Inside,
    /// Behind a quote that ends the field, or is the first of two.
    Quote,
    Bare,
}

impl Quoting {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Inside, b'"') => Self::Quote,
            (Self::Start | Self::Quote, b'"') | (Self::Inside, _) => Self::Inside,
            (_, b'\n') => Self::Start,
            (_, byte) if byte == delimiter => Self::Start,
            _ => Self::Bare,
        }
    }
}

fn row(bytes: &[u8], delimiter: u8) -> Option<csv::ByteRecord> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut row = csv::ByteRecord::new();
    reader.read_byte_record(&mut row).ok()?.then_some(row)
}

fn too_long() -> String {
    format!("longer than {MAX_LINE} bytes; is a quote missing?")
}

/// What each column is.
fn targets(header: &[String], columns: &Columns) -> Result<Vec<Option<Target>>, String> {
    for (column, _) in &columns.map {
        if !header.contains(column) {
            return Err(format!("--map: there is no column {column:?}; is the delimiter the right one?"));
        }
    }
    let target = |name: &String| match columns.map.iter().rev().find(|(column, _)| column == name) {
        Some((_, target)) => target.clone(),
        None => Target::of_column(name),
    };
    let targets: Vec<Option<Target>> = header.iter().map(target).collect();
    if targets.iter().all(Option::is_none) {
        return Err(
            "no column has a name that is understood; is the first row a header? Name columns with --map"
                .to_owned(),
        );
    }
    for (at, target) in targets.iter().enumerate() {
        let Some(target) = target.as_ref().filter(|target| !target.is_list()) else { continue };
        if targets.iter().take(at).flatten().any(|other| other == target) {
            return Err(format!(
                "two columns are {target}, which takes one: map one of them to nothing (COLUMN=)"
            ));
        }
    }
    Ok(targets)
}
