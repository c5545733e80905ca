//! The state of both platforms: one struct behind one lock, never held across an await.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::sync::mpsc;

use crate::{
    clock::wall_millis,
    config::SandboxConfig,
    faults::Fault,
    mac::{hex, hmac_sha256},
    received::{
        Call, ConversionEvent, FacebookPost, Handshake, LinkedInPost, Received, Subscription, Violation,
    },
    request::Incoming,
    token::{Claims, Kind, Signer},
    webhooks::{Outgoing, Platform},
};

/// How many calls the log keeps.
const CALL_LOG: usize = 10_000;

/// What every handler gets.
pub(crate) type Shared = Arc<Inner>;

/// Settings, keys and the locked state.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: SandboxConfig,
    pub(crate) signer: Signer,
    /// `http://127.0.0.1:{port}`
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) outbox: mpsc::UnboundedSender<Outgoing>,
    state: Mutex<State>,
}

impl Inner {
    pub(crate) fn new(
        config: SandboxConfig,
        url: String,
        http: reqwest::Client,
        outbox: mpsc::UnboundedSender<Outgoing>,
        entropy: [u8; 32],
    ) -> Self {
        let signer = Signer::new(&config.seed);
        let state = Mutex::new(State::new(&config, entropy));
        Self { config, signer, url, http, outbox, state }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A Facebook authorization code that was handed out.
#[derive(Debug, Clone)]
pub(crate) struct FacebookCode {
    pub(crate) redirect: String,
    pub(crate) scopes: String,
    pub(crate) issued: i64,
    pub(crate) used: bool,
    /// Challenge and whether it is hashed (S256).
    pub(crate) challenge: Option<(String, bool)>,
}

/// A LinkedIn authorization code that was handed out.
#[derive(Debug, Clone)]
pub(crate) struct LinkedInCode {
    pub(crate) redirect: String,
    pub(crate) scopes: String,
    pub(crate) issued: i64,
}

/// Why a well-signed token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dead {
    Expired,
    Revoked,
    /// The person removed the app.
    AppRemoved,
}

/// The state of both platforms.
#[derive(Debug)]
pub(crate) struct State {
    entropy: [u8; 32],
    drawn: u64,
    /// How far the sandbox clock runs ahead of the machine's, in milliseconds.
    pub(crate) ahead: i64,
    last_issued: i64,
    expired_before: HashMap<Kind, i64>,
    revoked: HashSet<i64>,
    /// Facebook tokens issued up to here died when the person removed the app.
    pub(crate) app_removed_at: i64,
    /// LinkedIn tokens issued up to here died when the person agreed to another set of scopes.
    pub(crate) linkedin_regranted_at: i64,
    pub(crate) linkedin_scopes: Option<String>,
    pub(crate) facebook_codes: HashMap<String, FacebookCode>,
    pub(crate) linkedin_codes: HashMap<String, LinkedInCode>,
    /// What the person granted (`true`) or declined (`false`) on Facebook; `None` until known.
    pub(crate) permissions: Option<BTreeMap<String, bool>>,
    pub(crate) posts: Vec<FacebookPost>,
    pub(crate) linkedin_posts: Vec<LinkedInPost>,
    pub(crate) events: Vec<ConversionEvent>,
    pub(crate) subscriptions: BTreeMap<String, Vec<String>>,
    pub(crate) leads: BTreeMap<String, crate::webhooks::meta::Lead>,
    pub(crate) deliveries: Vec<crate::received::Delivery>,
    pub(crate) handshakes: Vec<Handshake>,
    pub(crate) violations: Vec<Violation>,
    calls: VecDeque<Call>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) meta_webhook: Option<String>,
    pub(crate) linkedin_webhook: Option<String>,
    pub(crate) next_number: u64,
}

impl State {
    fn new(config: &SandboxConfig, entropy: [u8; 32]) -> Self {
        Self {
            entropy,
            drawn: 0,
            ahead: 0,
            last_issued: 0,
            expired_before: HashMap::new(),
            revoked: HashSet::new(),
            app_removed_at: 0,
            linkedin_regranted_at: 0,
            linkedin_scopes: None,
            facebook_codes: HashMap::new(),
            linkedin_codes: HashMap::new(),
            permissions: None,
            posts: Vec::new(),
            linkedin_posts: Vec::new(),
            events: Vec::new(),
            subscriptions: BTreeMap::new(),
            leads: BTreeMap::new(),
            deliveries: Vec::new(),
            handshakes: Vec::new(),
            violations: Vec::new(),
            calls: VecDeque::new(),
            faults: Vec::new(),
            meta_webhook: config.meta_webhook.clone(),
            linkedin_webhook: config.linkedin_webhook.clone(),
            next_number: 0,
        }
    }

    /// Milliseconds of the sandbox clock.
    pub(crate) fn now(&self) -> i64 {
        wall_millis().saturating_add(self.ahead)
    }

    /// Unix seconds of the sandbox clock.
    pub(crate) fn now_seconds(&self) -> i64 {
        self.now().div_euclid(1000)
    }

    /// The time of issue of the next token: later than every one before.
    pub(crate) fn issue_time(&mut self) -> i64 {
        self.last_issued = self.now().max(self.last_issued.saturating_add(1));
        self.last_issued
    }

    /// A number not given out before, counting from 1.
    pub(crate) fn number(&mut self) -> u64 {
        self.next_number = self.next_number.saturating_add(1);
        self.next_number
    }

    /// 32 bytes nobody can guess: drawn once from the system, then spread by a counter.
    fn random(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.saturating_add(1);
        hmac_sha256(&self.entropy, &[&self.drawn.to_be_bytes()])
    }

    /// 64 hexadecimal digits nobody can guess.
    pub(crate) fn random_hex(&mut self) -> String {
        hex(&self.random())
    }

    /// A trace id like Meta's: eleven letters, digits, `-` or `_`.
    pub(crate) fn trace_id(&mut self) -> String {
        let text = STANDARD.encode(self.random()).replace('+', "-").replace('/', "_");
        format!("A{}", text.chars().take(10).collect::<String>())
    }

    /// A tracking id like LinkedIn's: sixteen bytes in base64.
    pub(crate) fn tracking_id(&mut self) -> String {
        STANDARD.encode(self.random().get(..16).unwrap_or_default())
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let text = self.random_hex();
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// Whether a well-signed token is still good.
    pub(crate) fn check(&self, claims: &Claims) -> Result<(), Dead> {
        if claims.kind.is_meta() && claims.issued <= self.app_removed_at {
            return Err(Dead::AppRemoved);
        }
        if !claims.kind.is_meta() && claims.issued <= self.linkedin_regranted_at {
            return Err(Dead::Revoked);
        }
        if self.revoked.contains(&claims.issued) {
            return Err(Dead::Revoked);
        }
        let cut_off = self.expired_before.get(&claims.kind).copied().unwrap_or(i64::MIN);
        let expires = claims.expires.unwrap_or(i64::MAX);
        if claims.issued <= cut_off || expires <= self.now() {
            return Err(Dead::Expired);
        }
        Ok(())
    }

    /// Makes every token of a kind issued until now expire.
    pub(crate) fn expire(&mut self, kind: Kind) {
        let now = self.issue_time();
        self.expired_before.insert(kind, now);
    }

    pub(crate) fn revoke(&mut self, claims: &Claims) {
        self.revoked.insert(claims.issued);
    }

    pub(crate) fn violation(&mut self, rule: &'static str, request: &Incoming) {
        self.violations.push(Violation {
            rule,
            method: request.method.as_str().to_owned(),
            path: request.path.clone(),
        });
    }

    pub(crate) fn record_call(&mut self, request: &Incoming, status: u16) {
        if self.calls.len() >= CALL_LOG {
            self.calls.pop_front();
        }
        self.calls.push_back(Call {
            host: request.area.name(),
            method: request.method.as_str().to_owned(),
            path: request.path.clone(),
            status,
        });
    }

    pub(crate) fn target(&self, platform: Platform) -> Option<&String> {
        match platform {
            Platform::Meta => self.meta_webhook.as_ref(),
            Platform::LinkedIn => self.linkedin_webhook.as_ref(),
        }
    }

    pub(crate) fn snapshot(&self) -> Received {
        Received {
            facebook_posts: self.posts.clone(),
            linkedin_posts: self.linkedin_posts.clone(),
            events: self.events.clone(),
            subscriptions: self
                .subscriptions
                .iter()
                .map(|(page_id, fields)| Subscription { page_id: page_id.clone(), fields: fields.clone() })
                .collect(),
            deliveries: self.deliveries.clone(),
            handshakes: self.handshakes.clone(),
            violations: self.violations.clone(),
            calls: self.calls.iter().cloned().collect(),
        }
    }
}
