//! What Meta says after templates were made, moved or compared.

use serde::Deserialize;
use serde_json::Value;

use super::{TemplateCategory, TemplateStatus};
use crate::id::MessageTemplateId;
use crate::lenient;

/// A template that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedTemplate {
    /// Its id.
    pub id: MessageTemplateId,
    /// Where its review stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<TemplateStatus>,
    /// The category it got; perhaps another than asked for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub category: Option<TemplateCategory>,
}

/// The templates of all languages.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UpsertedTemplates {
    /// One per language.
    #[serde(rename = "data", default, deserialize_with = "lenient::list")]
    pub templates: Vec<UpsertedTemplate>,
}

/// The template of one language.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UpsertedTemplate {
    /// Its id.
    pub id: MessageTemplateId,
    /// The language.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub language: Option<String>,
    /// Where its review stands.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<TemplateStatus>,
}

/// Which templates were copied.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MigratedTemplates {
    /// The copied ones.
    #[serde(rename = "migrated_templates", default, deserialize_with = "lenient::list")]
    pub migrated: Vec<MessageTemplateId>,
    /// The others.
    #[serde(rename = "failed_templates", default, deserialize_with = "failed")]
    pub failed: Vec<NotMigrated>,
}

/// A template that was not copied.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NotMigrated {
    /// Its id.
    pub id: MessageTemplateId,
    /// Why.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub reason: Option<String>,
}

/// A list of `{id, reason}`, or a map from id to reason: both are documented.
fn failed<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<NotMigrated>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Object(map) => {
            let one = |(id, reason): (String, Value)| {
                let id = MessageTemplateId::new(id).ok()?;
                Some(NotMigrated { id, reason: lenient::text_of(&reason) })
            };
            map.into_iter().filter_map(one).collect()
        }
        Value::Array(list) => list.into_iter().filter_map(|one| NotMigrated::deserialize(one).ok()).collect(),
        _ => Vec::new(),
    })
}

/// How templates compare.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateComparison {
    /// The templates, the least blocked first.
    pub by_block_rate: Vec<MessageTemplateId>,
    /// How often each was sent.
    pub sends: Vec<(MessageTemplateId, i64)>,
    /// Why people block each most often, such as `NO_LONGER_NEEDED`.
    pub top_block_reasons: Vec<(MessageTemplateId, String)>,
}

impl<'de> Deserialize<'de> for TemplateComparison {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Answer {
            data: Vec<Measured>,
        }
        #[derive(Deserialize)]
        struct Measured {
            metric: String,
            #[serde(default, deserialize_with = "lenient::list")]
            order_by_relative_metric: Vec<MessageTemplateId>,
            #[serde(default, deserialize_with = "lenient::list")]
            number_values: Vec<Entry>,
            #[serde(default, deserialize_with = "lenient::list")]
            string_values: Vec<Entry>,
        }
        #[derive(Deserialize)]
        struct Entry {
            key: MessageTemplateId,
            value: Value,
        }
        let mut comparison = Self::default();
        for metric in Answer::deserialize(from)?.data {
            match metric.metric.as_str() {
                "BLOCK_RATE" => comparison.by_block_rate = metric.order_by_relative_metric,
                "MESSAGE_SENDS" => {
                    let one = |entry: Entry| Some((entry.key, lenient::int_of(&entry.value)?));
                    comparison.sends = metric.number_values.into_iter().filter_map(one).collect();
                }
                "TOP_BLOCK_REASON" => {
                    let one = |entry: Entry| Some((entry.key, lenient::text_of(&entry.value)?));
                    comparison.top_block_reasons = metric.string_values.into_iter().filter_map(one).collect();
                }
                _ => {}
            }
        }
        Ok(comparison)
    }
}
