//! `GET /`: one plain page.

use std::{fmt::Write as _, sync::Arc};

use axum::{extract::State, response::Response};
use http::StatusCode;
use sociogram::webhook_verify::inbox::EntryFilter;

use super::connections::{Shown, shown};
use crate::{
    app::App,
    html::{escape, page},
    inbox::{self, TenantInbox},
    incoming::Query,
    problem::Problem,
};

/// How many events are shown.
const EVENTS: usize = 20;

/// Takes nothing. Gives a page with the connect buttons, the connections and their state, the latest
/// webhooks, and how to use the API.
pub(super) async fn show(State(app): State<Arc<App>>, _each_once: Query) -> Result<Response, Problem> {
    let connections = shown(&app).await?;
    let events = match &app.inbox {
        Some(_) => TenantInbox::open(&app).await?.list(EntryFilter::all(), None, EVENTS).await?.events,
        None => Vec::new(),
    };
    let content = [
        introduction(&app),
        "<p><a class=\"button\" href=\"/connect/facebook\">Connect Facebook</a>\
         <a class=\"button\" href=\"/connect/linkedin\">Connect LinkedIn</a></p>"
            .to_owned(),
        connection_table(&connections),
        event_table(&events, app.inbox.is_some()),
        usage(&app.base),
    ];
    Ok(page(StatusCode::OK, "sociogram reference server", &content.join("\n")))
}

fn introduction(app: &App) -> String {
    let sandbox = app.sandbox.as_deref().unwrap_or_default();
    let sandbox = format!("the sandbox at <code>{}</code>", escape(sandbox));
    match app.played.as_slice() {
        [] => "<p>Unofficial. Both platforms are real: posts are visible to people.</p>".to_owned(),
        [one] => format!(
            "<p>Unofficial. {one} is played by {sandbox}; the other platform is real, and posts there \
             are visible to people.</p>"
        ),
        _ => {
            format!("<p>Unofficial. Both platforms are played by {sandbox}; no real account is touched.</p>")
        }
    }
}

fn connection_table(connections: &[Shown]) -> String {
    if connections.is_empty() {
        return "<h2>Connections</h2>\n<p class=\"muted\">None yet: connect an account.</p>".to_owned();
    }
    let rows = connections.iter().map(|connection| {
        let missing = connection.missing_scopes.join(' ');
        let state = match connection.reason.or(connection.action) {
            Some(more) => format!("{}: {more}", connection.state),
            None => connection.state.to_owned(),
        };
        row(&[
            &connection.provider,
            connection.name.as_deref().unwrap_or(&connection.user),
            &state,
            if missing.is_empty() { "—" } else { &missing },
            &connection.id.to_string(),
        ])
    });
    table("Connections", &["Provider", "Name", "State", "Not granted", "Id"], rows)
}

fn event_table(events: &[inbox::Shown], has_worker: bool) -> String {
    if events.is_empty() {
        let why = if has_worker { "None yet." } else { "This process has no worker: it does not see them." };
        return format!("<h2>Latest webhooks</h2>\n<p class=\"muted\">{why}</p>");
    }
    let rows = events.iter().map(|event| {
        row(&[
            &event.received_at.to_string(),
            event.provider,
            &event.kind,
            event.state.as_str(),
            event.account.as_deref().unwrap_or("—"),
            event.subject.as_deref().unwrap_or("—"),
        ])
    });
    table("Latest webhooks", &["Received", "Platform", "Kind", "State", "Account", "About"], rows)
}

fn table(title: &str, heads: &[&str], rows: impl Iterator<Item = String>) -> String {
    let mut out = format!("<h2>{}</h2>\n<table>\n<tr>", escape(title));
    for head in heads {
        // Writing to a string cannot fail.
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(head));
    }
    out.push_str("</tr>\n");
    out.extend(rows);
    out.push_str("</table>");
    out
}

fn row(cells: &[&str]) -> String {
    let mut out = String::from("<tr>");
    for cell in cells {
        // Writing to a string cannot fail.
        let _ = write!(out, "<td>{}</td>", escape(cell));
    }
    out.push_str("</tr>\n");
    out
}

fn usage(base: &str) -> String {
    let commands = format!(
        "curl {base}/api/connections\n\
         curl {base}/api/connections/ID/accounts\n\
         curl -X DELETE {base}/api/connections/ID\n\n\
         curl {base}/api/publish \\\n  \
         -H 'Content-Type: application/json' -H 'Idempotency-Key: post-1' \\\n  \
         -d '{{\"connection\":\"ID\",\"account\":\"ACCOUNT\",\"text\":\"Good morning\"}}'\n\n\
         curl {base}/api/conversions?wait=20 \\\n  \
         -H 'Content-Type: application/x-ndjson' --data-binary @events.ndjson\n\
         curl {base}/api/conversions?state=rejected,in_doubt\n\n\
         curl {base}/api/events?state=dead\n\
         curl {base}/api/events/replay -H 'Content-Type: application/json' -d '{{\"of\":\"failed\"}}'\n\
         curl {base}/api/leads\n\
         curl {base}/api/conversations",
    );
    format!("<h2>The API</h2>\n<pre>{}</pre>", escape(&commands))
}
