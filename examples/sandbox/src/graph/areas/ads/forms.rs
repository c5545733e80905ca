//! Reads parameters by a table of their forms.

use serde_json::{Map, Value, json};

use super::super::super::{Call, answer::GraphError};
use super::super::insights::dates;
use crate::clock::graph_time;

/// The form of a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Text,
    /// Minor units of the account's currency; answered as text.
    Money,
    Integer,
    Flag,
    /// Nested values.
    Json,
    Moment,
    /// One of these.
    Word(&'static [&'static str]),
    /// Any of these.
    Words(&'static [&'static str]),
}

/// Names and forms of the parameters of an edge.
pub(super) type Table = [(&'static str, Form)];

/// Reads all that was sent; refuses what is not in the table.
pub(super) fn read(
    call: &Call<'_>,
    table: &Table,
    besides: &[&str],
) -> Result<Map<String, Value>, GraphError> {
    let names: Vec<&str> = table.iter().map(|(name, _)| *name).chain(besides.iter().copied()).collect();
    call.params.only(&names)?;
    let mut out = Map::new();
    for (name, form) in table {
        if let Some(value) = one(call, name, *form)? {
            out.insert((*name).to_owned(), value);
        }
    }
    Ok(out)
}

fn one(call: &Call<'_>, name: &str, form: Form) -> Result<Option<Value>, GraphError> {
    let value = match form {
        Form::Text => call.params.text(name)?.map(Value::String),
        Form::Money => match call.params.integer(name)? {
            Some(amount) if amount <= 0 => return Err(wrong(name, "a positive amount")),
            amount => amount.map(|amount| json!(amount.to_string())),
        },
        Form::Integer => call.params.integer(name)?.map(Value::from),
        Form::Flag => call.params.boolean(name)?.map(Value::Bool),
        Form::Json => match call.params.structure(name)? {
            Some(value) if !value.is_object() && !value.is_array() => {
                return Err(wrong(name, "an object or an array"));
            }
            value => value,
        },
        Form::Moment => match call.params.text(name)? {
            None => None,
            Some(text) => {
                let moment = dates::moment(&text).ok_or_else(|| wrong(name, "a moment"))?;
                Some(json!(graph_time(moment)))
            }
        },
        Form::Word(words) => match call.params.text(name)? {
            None => None,
            Some(word) => Some(json!(among(name, word, words)?)),
        },
        Form::Words(words) => match call.params.list(name)? {
            None => None,
            Some(list) => {
                let list: Result<Vec<_>, _> = list.into_iter().map(|word| among(name, word, words)).collect();
                Some(json!(list?))
            }
        },
    };
    Ok(value)
}

fn wrong(name: &str, what: &str) -> GraphError {
    GraphError::parameter(format!("Param {name} must be {what}."))
}

fn among(name: &str, word: String, words: &[&str]) -> Result<String, GraphError> {
    if words.contains(&word.as_str()) {
        return Ok(word);
    }
    let message = format!("Param {name} must be one of {{{}}} - got {word}", words.join(", "));
    Err(GraphError::parameter(message))
}

/// Refuses a write without one of these.
pub(super) fn need(fields: &Map<String, Value>, names: &[&str]) -> Result<(), GraphError> {
    let missing = |name: &&&str| match fields.get(**name) {
        None => true,
        Some(value) => value.as_str().is_some_and(str::is_empty),
    };
    match names.iter().find(missing) {
        Some(name) => Err(GraphError::parameter(format!("The parameter {name} is required."))),
        None => Ok(()),
    }
}

/// Whether the caller wants to know only whether it would go well.
pub(super) fn is_dry_run(call: &Call<'_>, options: &[&str]) -> Result<bool, GraphError> {
    let Some(asked) = call.params.list("execution_options")? else { return Ok(false) };
    for option in &asked {
        among("execution_options", option.clone(), options)?;
    }
    let has = |name: &str| asked.iter().any(|option| option == name);
    if has("include_recommendations") && !has("validate_only") {
        return Err(GraphError::parameter("include_recommendations cannot be used by itself."));
    }
    Ok(has("validate_only"))
}
