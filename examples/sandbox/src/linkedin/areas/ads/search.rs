//! `search=(status:(values:List(ACTIVE)),test:false)`: one member for each field, a list of values in it.

use serde_json::{Map, Value};

use super::{
    super::super::{answer::ApiError, api::Call, restli::Element},
    id_of,
};

/// One condition: the field, and the values of which it must have one.
#[derive(Debug)]
struct Condition {
    field: String,
    values: Vec<String>,
}

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Search(Vec<Condition>);

impl Search {
    /// Reads `search`. These fields can be searched for, and `test`, which is a word without a list.
    pub(super) fn read(call: &Call<'_>, fields: &[&str]) -> Result<Self, ApiError> {
        match call.query.element("search")? {
            Some(element) => Self::of(&element, fields).ok_or_else(|| {
                let known = fields.join(", ");
                let message = format!("Parameter 'search' is invalid: fields are {known}, test");
                ApiError::illegal_argument(message)
            }),
            None => Ok(Self::default()),
        }
    }

    fn of(element: &Element, fields: &[&str]) -> Option<Self> {
        let Element::Record(members) = element else { return None };
        let condition = |(field, value): (&String, &Element)| {
            let values = if field == "test" {
                vec![value.as_text().filter(|word| matches!(*word, "true" | "false"))?.to_owned()]
            } else {
                let Element::Record(inner) = value else { return None };
                let list = inner.get("values").filter(|_| inner.len() == 1)?.as_list()?;
                list.iter().map(|entry| entry.as_text().map(str::to_owned)).collect::<Option<_>>()?
            };
            let known = field == "test" || fields.contains(&field.as_str());
            known.then(|| Condition { field: field.clone(), values })
        };
        members.iter().map(condition).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether a body has what is looked for.
    pub(super) fn finds(&self, body: &Map<String, Value>) -> bool {
        self.0.iter().all(|condition| {
            let text = match body.get(&condition.field) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(flag)) => flag.to_string(),
                Some(Value::Number(number)) => number.to_string(),
                _ => return false,
            };
            // An id may be asked for as number or as URN.
            let same =
                |value: &String| *value == text || (condition.field == "id" && id_of(value) == id_of(&text));
            condition.values.iter().any(same)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn search(text: &str) -> Option<Search> {
        Search::of(&Element::parse(text).unwrap(), &["status", "id"])
    }

    #[test]
    fn every_condition_must_hold_and_one_value_of_each() {
        let body = json!({"status": "ACTIVE", "test": false, "id": 7});
        let body = body.as_object().unwrap();
        for (text, found) in [
            ("()", true),
            ("(status:(values:List(ACTIVE,DRAFT)))", true),
            ("(status:(values:List(DRAFT)))", false),
            ("(status:(values:List()))", false),
            ("(status:(values:List(ACTIVE)),test:false)", true),
            ("(status:(values:List(ACTIVE)),test:true)", false),
            ("(id:(values:List(7)))", true),
            ("(id:(values:List(urn%3Ali%3AsponsoredAccount%3A7)))", true),
            ("(id:(values:List(17)))", false),
        ] {
            assert_eq!(search(text).unwrap().finds(body), found, "{text}");
        }
    }

    #[test]
    fn another_grammar_is_refused() {
        for text in [
            "(status:List(ACTIVE))",
            "(status:ACTIVE)",
            "(status:(value:List(ACTIVE)))",
            "(status:(values:ACTIVE))",
            "(colour:(values:List(RED)))",
            "(test:(values:List(true)))",
            "(test:yes)",
            "List()",
        ] {
            assert!(search(text).is_none(), "{text}");
        }
    }
}
