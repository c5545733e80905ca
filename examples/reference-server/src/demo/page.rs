//! Reads the form of a page, as far as a login dialog needs it.

/// The first form of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    /// Fields that are sent whatever is pressed.
    fields: Vec<(String, String)>,
    buttons: Vec<(String, String)>,
}

impl Form {
    /// `None` when the page has no form.
    pub(super) fn read(html: &str) -> Option<Self> {
        let start = html.find("<form")?;
        let rest = html.get(start..)?;
        let inside = rest.get(..rest.find("</form>").unwrap_or(rest.len()))?;
        let mut form = Self::default();
        for tag in inside.split('<').filter_map(|part| part.split('>').next()) {
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let attributes = read_attributes(attributes);
            let get = |wanted: &str| {
                attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
            };
            let pair = || get("name").map(|name| (name, get("value").unwrap_or_default()));
            match name {
                "form" => form.action = get("action").unwrap_or_default(),
                "button" => form.buttons.extend(pair()),
                "input" => {
                    let boxed = get("type").as_deref() == Some("checkbox");
                    let sent = get("disabled").is_none() && (!boxed || get("checked").is_some());
                    form.fields.extend(pair().filter(|_| sent));
                }
                _ => {}
            }
        }
        Some(form)
    }

    /// Takes the tick out of the box with this value; `false` if no ticked box has it.
    pub(super) fn untick(&mut self, value: &str) -> bool {
        let before = self.fields.len();
        self.fields.retain(|(name, known)| !(name == "grant" && known == value));
        self.fields.len() < before
    }

    /// What is sent when the button with this value is pressed.
    pub(super) fn pressed(&self, value: &str) -> Option<Vec<(String, String)>> {
        let button = self.buttons.iter().find(|(_, known)| known == value)?;
        let mut fields = self.fields.clone();
        fields.push(button.clone());
        Some(fields)
    }
}

/// `name="value"` pairs and bare names, separated by white space.
fn read_attributes(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"").and_then(|quoted| quoted.split_once('"')) {
            Some((value, after)) => (unescape(value), after),
            None => (String::new(), after.trim_start_matches('=')),
        };
        out.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    out
}

fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_browser_would_send() {
        let html = r#"<p>x</p><form method="post" action="/go?a=1&amp;b=2">
            <input type="hidden" name="state" value="&quot;&amp;lt;&gt;">
            <label><input type="checkbox" name="grant" value="a" checked> a</label>
            <input type="checkbox" name="grant" value="b">
            <input type="checkbox" name="grant" value="c" checked disabled>
            <button id="y" type="submit" name="decision" value="yes">Yes</button>
            <button type="submit" name="decision" value="no">No</button>
            </form><input name="outside" value="1">"#;
        let form = Form::read(html).unwrap();
        assert_eq!(form.action, "/go?a=1&b=2");
        let sent = |value| {
            form.pressed(value).map(|fields| {
                fields
                    .into_iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        };
        assert_eq!(sent("yes").as_deref(), Some("state=\"&lt;> grant=a decision=yes"));
        assert_eq!(sent("no").as_deref(), Some("state=\"&lt;> grant=a decision=no"));
        assert_eq!(sent("maybe"), None);
        assert_eq!(Form::read("<p>none</p>"), None);
    }
}
