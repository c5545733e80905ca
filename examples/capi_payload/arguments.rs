//! The command line.

use sociogram::{
    api_core::http::BaseUrl,
    capi::{FieldPolicy, Mode, PrepareOptions, Timestamp},
    linkedin_api::urn::ConversionUrn,
    meta_graph::DatasetId,
};

use crate::{
    record::{Constant, TimeUnit},
    target::Target,
};

pub(crate) const USAGE: &str = "\
usage: capi_payload [options] [FILE]

Reads conversion events from FILE or standard input, and prints the request bodies that would be sent, one
per line. Nothing is sent without --send. Events are JSON objects with Meta's server-event member names and
plain customer data: one per line, or all in one list.

input:
  --csv                      FILE is CSV with a header row; UTF-8, fields may be quoted
  --delimiter C              what separates columns, such as ; or \\t (default: , or ;, whichever the header has)
  --map \"COLUMN=MEMBER,…\"    which column is which member: Mail=em,Total=custom_data.value; a column mapped
                             to nothing (COLUMN=) is not used; may be given more than once
  --set MEMBER=VALUE         a member for all events that do not have it, such as action_source=website
  --time seconds|milliseconds  what whole numbers in the column of event_time are (default: seconds); times
                             such as 2026-11-20T12:00:00Z are understood as they are

Columns with the name of a member are that member. Besides, if spelt with any case, spaces, dashes or underscores:
{NAMES}

how events are prepared:
  --mode canonical|python-compat  how customer data is normalised (default: canonical)
  --policy drop|strict|compat  values that do not fit are left out (default), or refuse their event; compat:
                             all values take the form of Meta's Python SDK
  --now SECONDS|RFC3339      refuse events that are too old or too new at this time
                             (default: not judged; with --send: the clock)
  --calling-code DIGITS      of phone numbers that are written without one, such as 49
  --test-event-code CODE     show the events under Test Events; they count nevertheless
  --partner-agent NAME       the platform that sends for its customers

what is shown:
  --explain                  instead of the bodies: for every value its form, what was made of it, its digest, and
                             what is odd. Letters are shown as a and A, digits as 9
  --show-values              with --explain: the values themselves
  --warnings                 what is odd about events, such as fields that were left out
  --help                     this text

LinkedIn:
  --platform meta|linkedin   whose bodies are printed (default: meta)
  --conversion RULE          the conversion rule of LinkedIn, by id or URN

sending, to Meta only:
  --send DATASET             send the events to this dataset, with the token in META_ACCESS_TOKEN (and the app
                             secret in META_APP_SECRET, where the app asks for proofs)
  --graph-url URL            where to send to (default: Meta)

exit status: 0 all events were accepted, 1 some were refused, in doubt or not sent, 2 wrong arguments or
unreadable input";

/// The help, with the names of columns that are understood.
pub(crate) fn usage() -> String {
    let names: Vec<String> = crate::target::known_columns()
        .map(|(target, names)| format!("  {:<26} {}", target.to_string(), names.join(", ")))
        .collect();
    USAGE.replace("{NAMES}", &names.join("\n"))
}

/// What the environment tells; nothing of it is ever shown.
#[derive(Default)]
pub(crate) struct Secrets {
    pub(crate) token: Option<String>,
    pub(crate) app_secret: Option<String>,
}

impl Secrets {
    #[allow(clippy::disallowed_methods, reason = "this is the program's configuration")]
    pub(crate) fn from_environment() -> Self {
        // An empty variable is how many shells and runners leave one unset.
        let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { token: read("META_ACCESS_TOKEN"), app_secret: read("META_APP_SECRET") }
    }
}

pub(crate) struct Arguments {
    pub(crate) file: Option<String>,
    pub(crate) csv: Option<Columns>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) options: Options,
    pub(crate) now: Option<Timestamp>,
    pub(crate) warnings: bool,
    pub(crate) explain: Option<Explain>,
    pub(crate) send: Option<Destination>,
    /// The rule under which LinkedIn counts, where the bodies are LinkedIn's.
    pub(crate) linkedin: Option<ConversionUrn>,
}

/// How columns are read.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) delimiter: Option<u8>,
    /// `None`: the column is not used.
    pub(crate) map: Vec<(String, Option<Target>)>,
    pub(crate) time: TimeUnit,
}

/// What is shown of values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explain {
    Forms,
    Values,
}

pub(crate) struct Destination {
    pub(crate) dataset: DatasetId,
    pub(crate) graph_url: Option<BaseUrl>,
}

/// How events are prepared, apart from the time.
#[derive(Default)]
pub(crate) struct Options {
    mode: Mode,
    policy: FieldPolicy,
    pub(crate) calling_code: Option<String>,
    test_event_code: Option<String>,
    partner_agent: Option<String>,
}

impl Options {
    /// The rules that values follow.
    pub(crate) fn value_mode(&self) -> Mode {
        if self.policy == FieldPolicy::Compat { Mode::PythonCompat } else { self.mode }
    }

    /// # Errors
    /// An option has a value that Meta does not take.
    pub(crate) fn prepare(&self, now: Option<Timestamp>) -> Result<PrepareOptions, String> {
        let options = now.map_or_else(PrepareOptions::without_clock, PrepareOptions::new);
        let mut options = options.mode(self.mode).default_policy(self.policy);
        if let Some(code) = &self.test_event_code {
            options = options.test_event_code(code);
        }
        if let Some(agent) = &self.partner_agent {
            options = options.partner_agent(agent).map_err(|why| format!("--partner-agent: {why}"))?;
        }
        if let Some(digits) = &self.calling_code {
            options = options.default_calling_code(digits).map_err(|why| format!("--calling-code: {why}"))?;
        }
        Ok(options)
    }
}

pub(crate) enum Command {
    Help,
    Run(Box<Arguments>),
}

/// # Errors
/// What is wrong, for a person.
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut asked = Arguments {
        file: None,
        csv: None,
        constants: Vec::new(),
        options: Options::default(),
        now: None,
        warnings: false,
        explain: None,
        send: None,
        linkedin: None,
    };
    let mut columns = Columns::default();
    let (mut csv, mut column_option, mut show_values, mut only_files) = (false, None, false, false);
    let (mut dataset, mut graph_url) = (None, None);
    let (mut linkedin, mut rule) = (false, None);
    while let Some(word) = words.next() {
        if only_files || !word.starts_with('-') || word == "-" {
            if asked.file.replace(word).is_some() {
                return Err("give one file".to_owned());
            }
            continue;
        }
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        if matches!(name.as_str(), "--delimiter" | "--map" | "--time") {
            column_option = Some(name.clone());
        }
        let mut value =
            || inline.clone().or_else(|| words.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--csv" if inline.is_none() => csv = true,
            "--delimiter" => columns.delimiter = Some(delimiter(&value()?)?),
            "--map" => columns.map.extend(mapping(&value()?)?),
            "--time" => columns.time = time_unit(&value()?)?,
            "--set" => asked.constants.push(constant(&value()?)?),
            "--mode" => asked.options.mode = mode(&value()?)?,
            "--policy" => asked.options.policy = policy(&value()?)?,
            "--now" => asked.now = Some(time(&value()?)?),
            "--calling-code" => asked.options.calling_code = Some(value()?),
            "--test-event-code" => asked.options.test_event_code = Some(value()?),
            "--partner-agent" => asked.options.partner_agent = Some(value()?),
            "--explain" if inline.is_none() => asked.explain = Some(Explain::Forms),
            "--show-values" if inline.is_none() => show_values = true,
            "--warnings" if inline.is_none() => asked.warnings = true,
            "--send" => dataset = Some(dataset_id(&value()?)?),
            "--graph-url" => {
                graph_url = Some(BaseUrl::parse(&value()?).map_err(|why| format!("--graph-url: {why}"))?);
            }
            "--platform" => linkedin = platform(&value()?)?,
            "--conversion" => rule = Some(conversion(&value()?)?),
            "--help" | "-h" if inline.is_none() => return Ok(Command::Help),
            "--" if inline.is_none() => only_files = true,
            "--csv" | "--explain" | "--show-values" | "--warnings" | "--help" => {
                return Err(format!("{name} takes no value"));
            }
            _ => return Err(format!("unknown option {name}")),
        }
    }
    match (csv, column_option) {
        (true, _) => asked.csv = Some(columns),
        (false, Some(option)) => return Err(format!("{option} is for CSV: give --csv as well")),
        (false, None) => {}
    }
    match (&mut asked.explain, show_values) {
        (Some(explain), true) => *explain = Explain::Values,
        (None, true) => return Err("--show-values belongs to --explain".to_owned()),
        (_, false) => {}
    }
    asked.send = match (dataset, graph_url) {
        (Some(dataset), graph_url) => Some(Destination { dataset, graph_url }),
        (None, Some(_)) => return Err("--graph-url belongs to --send".to_owned()),
        (None, None) => None,
    };
    asked.linkedin = match (linkedin, rule) {
        (true, None) => return Err("--platform linkedin needs --conversion RULE".to_owned()),
        (false, Some(_)) => return Err("--conversion belongs to --platform linkedin".to_owned()),
        (_, rule) => rule,
    };
    if asked.linkedin.is_some() && (asked.send.is_some() || asked.explain.is_some()) {
        return Err("--send and --explain are for Meta".to_owned());
    }
    if asked.send.is_some() && asked.explain.is_some() {
        return Err("--explain sends nothing: leave out one of --send and --explain".to_owned());
    }
    // Judged here, so that nothing is read in vain.
    asked.options.prepare(None)?;
    Ok(Command::Run(Box::new(asked)))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [one] if !one.is_ascii_alphanumeric() && !matches!(one, b'"' | b'\r' | b'\n') => Ok(*one),
        _ => Err("--delimiter takes one character, such as , or ; or \\t".to_owned()),
    }
}

fn mapping(text: &str) -> Result<Vec<(String, Option<Target>)>, String> {
    let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
    let read = |pair: &str| {
        // A name of a column may have a = in it, a member has not.
        let (column, member) = pair.rsplit_once('=').ok_or("--map takes COLUMN=MEMBER, such as Mail=em")?;
        let target = match member.trim() {
            "" => None,
            member => Some(Target::parse(member).map_err(|why| format!("--map: {why}"))?),
        };
        Ok((column.trim().to_owned(), target))
    };
    pairs.map(read).collect()
}

fn constant(text: &str) -> Result<Constant, String> {
    let (member, value) =
        text.split_once('=').ok_or("--set takes MEMBER=VALUE, such as action_source=website")?;
    let target = Target::parse(member.trim()).map_err(|why| format!("--set: {why}"))?;
    let json = target.json(value.trim(), TimeUnit::Seconds);
    let json = json.map_err(|why| format!("--set {}: {why}", member.trim()))?;
    Ok(Constant { json: if target.is_list() { format!("[{json}]") } else { json }, target })
}

fn time_unit(text: &str) -> Result<TimeUnit, String> {
    match text {
        "seconds" => Ok(TimeUnit::Seconds),
        "milliseconds" => Ok(TimeUnit::Milliseconds),
        _ => Err("--time is seconds or milliseconds".to_owned()),
    }
}

fn mode(text: &str) -> Result<Mode, String> {
    match text {
        "canonical" => Ok(Mode::Canonical),
        "python-compat" => Ok(Mode::PythonCompat),
        _ => Err("--mode is canonical or python-compat".to_owned()),
    }
}

fn policy(text: &str) -> Result<FieldPolicy, String> {
    match text {
        "drop" => Ok(FieldPolicy::DropField),
        "strict" => Ok(FieldPolicy::Strict),
        "compat" => Ok(FieldPolicy::Compat),
        _ => Err("--policy is drop, strict or compat".to_owned()),
    }
}

/// Whether it is LinkedIn.
fn platform(text: &str) -> Result<bool, String> {
    match text {
        "meta" => Ok(false),
        "linkedin" => Ok(true),
        _ => Err("--platform is meta or linkedin".to_owned()),
    }
}

fn conversion(text: &str) -> Result<ConversionUrn, String> {
    let urn = if text.starts_with("urn:") { text.parse() } else { ConversionUrn::from_id(text) };
    urn.map_err(|_| "--conversion takes the id of a conversion rule, or its URN".to_owned())
}

fn dataset_id(text: &str) -> Result<DatasetId, String> {
    text.parse().map_err(|_| "--send takes the id of a dataset: digits, as in Events Manager".to_owned())
}

fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Timestamp::from_unix_seconds(seconds));
    }
    serde_json::from_value(text.into())
        .map_err(|_| "--now takes seconds since 1970, or a time such as 2026-11-20T12:00:00Z".to_owned())
}
