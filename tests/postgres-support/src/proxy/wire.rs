//! As much of the Postgres protocol as the proxy needs ("Frontend/Backend Protocol: Message Formats").

use std::collections::HashMap;

/// The type byte and the length.
const HEAD: usize = 5;
/// The length counts itself.
const LENGTH: usize = 4;

/// Cuts a stream of messages, which arrives in arbitrary pieces.
#[derive(Debug, Default)]
pub(super) struct Messages {
    head: Vec<u8>,
    body: Vec<u8>,
    missing: usize,
}

impl Messages {
    /// Takes the next piece, and gives each message that ends in it: its type, its body if `wanted`, and where in
    /// the piece it ends.
    pub(super) fn take(
        &mut self,
        piece: &[u8],
        wanted: impl Fn(u8) -> bool,
        mut ended: impl FnMut(u8, &[u8], usize),
    ) {
        let mut at = 0;
        while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
            if self.head.len() < HEAD {
                let (taken, _) = rest.split_at(rest.len().min(HEAD - self.head.len()));
                self.head.extend_from_slice(taken);
                at += taken.len();
                let &[_, a, b, c, d] = self.head.as_slice() else { continue };
                self.missing = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(LENGTH);
            } else {
                let (taken, _) = rest.split_at(rest.len().min(self.missing));
                if self.head.first().is_some_and(|kind| wanted(*kind)) {
                    self.body.extend_from_slice(taken);
                }
                at += taken.len();
                self.missing -= taken.len();
            }
            if self.missing == 0 {
                if let Some(kind) = self.head.first() {
                    ended(*kind, &self.body, at);
                }
                self.head.clear();
                self.body.clear();
            }
        }
    }
}

/// What of the client's messages matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// A statement is to run.
    Statement(String),
    /// The server will say that it is ready again.
    ReadyWanted,
}

/// Follows a client's messages and knows the text of its prepared statements.
#[derive(Debug, Default)]
pub(super) struct Client {
    messages: Messages,
    prepared: Names,
}

#[derive(Debug, Default)]
struct Names {
    statements: HashMap<String, String>,
    portals: HashMap<String, String>,
}

impl Client {
    pub(super) fn take(&mut self, piece: &[u8]) -> Vec<Sent> {
        let mut sent = Vec::new();
        let prepared = &mut self.prepared;
        self.messages.take(
            piece,
            |kind| b"QPBE".contains(&kind),
            |kind, body, _| prepared.follow(kind, body, &mut sent),
        );
        sent
    }
}

impl Names {
    fn follow(&mut self, kind: u8, body: &[u8], sent: &mut Vec<Sent>) {
        let mut texts = body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
        let mut text = || texts.next().unwrap_or_default();
        match kind {
            b'Q' => sent.extend([Sent::Statement(text()), Sent::ReadyWanted]),
            b'P' => {
                let (name, statement) = (text(), text());
                self.statements.insert(name, statement);
            }
            b'B' => {
                let (portal, name) = (text(), text());
                let statement = self.statements.get(&name).cloned().unwrap_or_default();
                self.portals.insert(portal, statement);
            }
            b'E' => sent.push(Sent::Statement(self.portals.get(&text()).cloned().unwrap_or_default())),
            // Sync, and the old function call.
            b'S' | b'F' => sent.push(Sent::ReadyWanted),
            _ => {}
        }
    }
}

/// Follows a server's messages.
#[derive(Debug, Default)]
pub(super) struct Server {
    messages: Messages,
}

impl Server {
    /// Where in the piece each "ready for query" ends.
    pub(super) fn take(&mut self, piece: &[u8]) -> Vec<usize> {
        let mut ready = Vec::new();
        self.messages.take(
            piece,
            |_| false,
            |kind, _, end| {
                if kind == b'Z' {
                    ready.push(end);
                }
            },
        );
        ready
    }
}

#[cfg(test)]
mod tests;
