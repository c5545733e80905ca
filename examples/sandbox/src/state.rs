//! The state of both platforms: one struct behind one lock, never held across an await.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::{
    clock::wall_millis,
    codes::{FacebookCode, LinkedInCode, SiteCode},
    config::SandboxConfig,
    faults::Fault,
    mac::{hex, hmac_sha256},
    received::{
        Call, ConversionEvent, FacebookPost, Handshake, LinkedInPost, Received, Subscription, Violation,
    },
    request::{Incoming, PlatformName},
    token::{Claims, Kind, Signer},
    webhooks::{Outgoing, Platform},
    world::World,
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

/// Why a well-signed token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dead {
    Expired,
    Revoked,
    /// The person removed the app.
    AppRemoved,
    /// The person changed the password.
    PasswordChanged,
}

/// What a person said to one permission (Meta: User Permissions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Granted,
    Declined,
    /// Ended because the app did not use it.
    Expired,
}

/// What a person said to each permission.
pub(crate) type Decisions = BTreeMap<String, Decision>;

/// How long an app may read a person's data after they last used it, in milliseconds.
const DATA_ACCESS_LIFE: i64 = 90 * 86_400 * 1000;

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
    /// Who answers the dialog of each platform.
    signed_in: HashMap<PlatformName, String>,
    /// Tokens of this person issued up to here are dead.
    ended: HashMap<(PlatformName, String), (i64, Dead)>,
    /// The token the business has given the app last.
    pub(crate) system_user_token: Option<Claims>,
    /// The scopes each LinkedIn member agreed to last.
    pub(crate) linkedin_scopes: HashMap<String, String>,
    pub(crate) facebook_codes: HashMap<String, FacebookCode>,
    pub(crate) site_codes: HashMap<String, SiteCode>,
    pub(crate) linkedin_codes: HashMap<String, LinkedInCode>,
    /// What each person answered on Facebook, as far as this process knows.
    pub(crate) permissions: HashMap<String, Decisions>,
    /// When an app may no longer read each person's data, in milliseconds.
    data_access: HashMap<String, i64>,
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
    /// What the areas of the Graph API hold.
    pub(crate) areas: crate::graph::areas::Held,
    /// What the areas of LinkedIn's API hold.
    pub(crate) linkedin: crate::linkedin::areas::Held,
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
            signed_in: first_people(&config.world),
            ended: HashMap::new(),
            system_user_token: None,
            linkedin_scopes: HashMap::new(),
            facebook_codes: HashMap::new(),
            site_codes: HashMap::new(),
            linkedin_codes: HashMap::new(),
            permissions: HashMap::new(),
            data_access: HashMap::new(),
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
            areas: crate::graph::areas::Held::default(),
            linkedin: crate::linkedin::areas::Held::of(&config.world),
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
        match self.ended.get(&(claims.kind.platform(), claims.person.clone())) {
            Some((until, why)) if claims.issued <= *until => return Err(*why),
            _ => {}
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

    /// Ends every token of a person issued until now.
    pub(crate) fn end_tokens_of(&mut self, platform: PlatformName, person: &str, why: Dead) {
        let now = self.issue_time();
        self.ended.insert((platform, person.to_owned()), (now, why));
    }

    /// The person removes the app: what was granted and declined is forgotten too.
    pub(crate) fn remove_app(&mut self, platform: PlatformName, person: &str) {
        self.end_tokens_of(platform, person, Dead::AppRemoved);
        match platform {
            PlatformName::Meta => {
                self.permissions.remove(person);
                self.data_access.remove(person);
            }
            PlatformName::Linkedin => {
                self.linkedin_scopes.remove(person);
            }
            PlatformName::Instagram | PlatformName::Threads => {}
        }
    }

    /// Who answers the dialog of a platform.
    pub(crate) fn signed_in(&self, platform: PlatformName) -> &str {
        self.signed_in.get(&platform).map_or("", String::as_str)
    }

    pub(crate) fn sign_in(&mut self, platform: PlatformName, person: &str) {
        self.signed_in.insert(platform, person.to_owned());
    }

    /// The person uses the app. Access to their data that has ended comes back only when they are asked for that
    /// (`auth_type=reauthorize`).
    pub(crate) fn use_app(&mut self, person: &str, reauthorized: bool) {
        let now = self.now();
        let lapsed = self.data_access.get(person).is_some_and(|end| *end <= now);
        if reauthorized || !lapsed {
            self.data_access.insert(person.to_owned(), now.saturating_add(DATA_ACCESS_LIFE));
        }
    }

    /// When the app may no longer read the data of the person behind a token, in milliseconds.
    pub(crate) fn data_access_ends(&self, claims: &Claims) -> i64 {
        let known = self.data_access.get(&claims.person).copied();
        known.unwrap_or_else(|| claims.issued.saturating_add(DATA_ACCESS_LIFE))
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
            linkedin_events: self.linkedin.conversions.events.clone(),
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

/// The people who answer the dialogs at first.
fn first_people(world: &World) -> HashMap<PlatformName, String> {
    let mut people = HashMap::new();
    people.insert(PlatformName::Meta, world.user.id.clone());
    people.insert(PlatformName::Linkedin, world.member.id.clone());
    if let Some(account) = world.instagram.first() {
        people.insert(PlatformName::Instagram, account.id.clone());
    }
    if let Some(profile) = world.threads.first() {
        people.insert(PlatformName::Threads, profile.id.clone());
    }
    people
}
