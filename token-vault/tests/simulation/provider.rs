//! A provider that rotates refresh tokens, loses answers, is slow, and remembers what it was asked.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::{Clock, Timer, Timestamp};
use sociogram_oauth_core::{
    Expiry, ReauthReason, Refresh, RefreshError, RefreshErrorKind, RefreshToken, Rotation, TokenCheck,
    TokenFacts, TokenKind, TokenSet,
};
use tokio::sync::oneshot;

use crate::{chance::Chance, clock::VirtualTime};

/// How long an access token lives.
pub(crate) const LIFE: Duration = Duration::from_secs(3600);
/// A token counts as ended a minute early, on a machine whose clock is ahead earlier still.
const EARLY: Duration = Duration::from_secs(90);

/// What one person granted.
#[derive(Debug)]
struct Grant {
    person: String,
    /// The refresh token that is good, and those that were.
    current: u64,
    /// When the current one replaced the one before.
    rotated_at: Option<Timestamp>,
    /// Those that were sent here, with the end of the access token that came with each.
    sent: HashMap<u64, Timestamp>,
    /// The end of each access token.
    access: HashMap<u64, Timestamp>,
    withdrawn: bool,
}

/// The provider. Shared by all processes.
pub(crate) struct Provider {
    rotation: Rotation,
    time: VirtualTime,
    chance: Chance,
    calm: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    grants: Vec<Grant>,
    calls: usize,
    /// Refresh tokens that came back although they had been used, and the family was revoked for it.
    reuses: usize,
    /// What must not happen.
    violations: Vec<String>,
}

enum Fate {
    NotSent,
    Throttled,
    Failed,
    AnswerLost,
    Answered,
}

impl Provider {
    pub(crate) fn new(rotation: Rotation, time: VirtualTime, seed: u64) -> Arc<Self> {
        let (chance, calm) = (Chance::new(seed), AtomicBool::new(false));
        Arc::new(Self { rotation, time, chance, calm, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From now on nothing goes wrong.
    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// What a login of this person brings.
    pub(crate) fn log_in(&self, person: &str) -> TokenSet {
        let now = self.time.now();
        let mut state = self.state();
        let grant = Grant {
            person: person.to_owned(),
            current: 1,
            rotated_at: None,
            sent: HashMap::new(),
            access: HashMap::from([(1, now.saturating_add(LIFE))]),
            withdrawn: false,
        };
        let number = state.grants.len();
        state.grants.push(grant);
        tokens(number, 1, now)
    }

    /// The person takes the app off the account.
    pub(crate) fn withdraw(&self, person: &str) {
        for grant in self.state().grants.iter_mut().filter(|grant| grant.person == person) {
            grant.withdrawn = true;
        }
    }

    /// Whether the access token is this person's and has not ended.
    pub(crate) fn is_good(&self, person: &str, access: &str) -> bool {
        let (number, token) = read(access);
        let state = self.state();
        let grant = &state.grants[number];
        grant.person == person && grant.access[&token] > self.time.now()
    }

    /// Whether the person's last grant is gone: taken back, or revoked because a refresh token came twice.
    pub(crate) fn is_gone(&self, person: &str) -> bool {
        self.state().grants.iter().rfind(|grant| grant.person == person).is_none_or(|grant| grant.withdrawn)
    }

    pub(crate) fn calls(&self) -> usize {
        self.state().calls
    }

    pub(crate) fn reuses(&self) -> usize {
        self.state().reuses
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        self.state().violations.clone()
    }

    fn fate(&self) -> Fate {
        if self.calm.load(Ordering::Relaxed) {
            return Fate::Answered;
        }
        match self.chance.below(100) {
            0..5 => Fate::NotSent,
            5..8 => Fate::Throttled,
            8..13 => Fate::Failed,
            13..18 => Fate::AnswerLost,
            _ => Fate::Answered,
        }
    }

    /// How long one way takes; now and then longer than anybody waits.
    fn way(&self) -> Duration {
        if !self.calm.load(Ordering::Relaxed) && self.chance.percent(4) {
            return self.chance.between(Duration::from_secs(4), Duration::from_secs(9));
        }
        self.chance.between(Duration::from_millis(5), Duration::from_millis(400))
    }

    /// What happens here when a refresh token comes in.
    fn redeem(&self, number: usize, token: u64) -> Result<TokenSet, RefreshError> {
        let now = self.time.now();
        let mut state = self.state();
        state.calls += 1;
        let grant = &mut state.grants[number];
        let ends = grant.access.get(&token).copied().unwrap_or(now);
        // The one rule of strict rotation: what may be spent is not sent while the access token lives.
        let violated = match (self.rotation, grant.sent.insert(token, ends)) {
            (Rotation::Strict, Some(_)) if !grant.withdrawn && ends > now.saturating_add(EARLY) => {
                Some(format!(
                    "{}: refresh token {token} was sent twice while its access token lived",
                    grant.person
                ))
            }
            _ => None,
        };
        let answer = if grant.withdrawn {
            Err(RefreshError::revoked(ReauthReason::GrantRevoked, "the grant was withdrawn"))
        } else if token == grant.current || self.is_in_grace(grant, token, now) {
            if !matches!(self.rotation, Rotation::None) {
                grant.current += 1;
                grant.rotated_at = Some(now);
            }
            let access = 1 + grant.access.keys().max().copied().unwrap_or_default();
            grant.access.insert(access, now.saturating_add(LIFE));
            let current = grant.current;
            Ok(renewed(number, access, current, now))
        } else {
            grant.withdrawn = true;
            state.reuses += 1;
            Err(RefreshError::new(RefreshErrorKind::Revoked, "the refresh token was used before"))
        };
        state.violations.extend(violated);
        answer
    }

    fn is_in_grace(&self, grant: &Grant, token: u64, now: Timestamp) -> bool {
        let Rotation::Grace(grace) = self.rotation else { return false };
        let since = grant.rotated_at.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        token + 1 == grant.current && since < grace
    }

    fn look_at(&self, access: &str) -> TokenCheck {
        let (number, token) = read(access);
        let state = self.state();
        let grant = &state.grants[number];
        let end = grant.access[&token];
        if grant.withdrawn || end <= self.time.now() {
            return TokenCheck::Dead(ReauthReason::TokenRejected);
        }
        let mut facts = TokenFacts::new(true);
        facts.expiry = Expiry::At(end);
        TokenCheck::Good(Box::new(facts))
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("rotation", &self.rotation).finish_non_exhaustive()
    }
}

/// `access 3 of grant 7` as `3.7`.
fn read(text: &str) -> (usize, u64) {
    let (number, token) = text.split_once('.').unwrap();
    (number.parse().unwrap(), token.parse().unwrap())
}

fn tokens(number: usize, token: u64, now: Timestamp) -> TokenSet {
    renewed(number, token, token, now)
}

fn renewed(number: usize, access: u64, refresh: u64, now: Timestamp) -> TokenSet {
    let refresh = RefreshToken::new(format!("{number}.{refresh}"));
    TokenSet::new(format!("{number}.{access}").into(), TokenKind::Generic)
        .with_expiry(Expiry::At(now.saturating_add(LIFE)))
        .with_issued_at(now)
        .with_refresh(refresh, Expiry::Unknown)
}

/// Renewals that some process waits for: of which grant, and whether the process has died meanwhile.
pub(crate) type Waiting = Arc<Mutex<Vec<(usize, Arc<AtomicBool>)>>>;

/// The provider as one process reaches it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) provider: Arc<Provider>,
    /// Whether the process is dead: it neither speaks nor hears any more.
    pub(crate) dead: Arc<AtomicBool>,
    /// Shared by all processes.
    pub(crate) waiting: Waiting,
}

/// One renewal that a process waits for.
struct Wait<'a>(&'a Line, usize);

impl<'a> Wait<'a> {
    fn begin(line: &'a Line, number: usize) -> Self {
        let mut waiting = line.waiting.lock().unwrap();
        let others = waiting.iter().any(|(of, dead)| *of == number && !dead.load(Ordering::Relaxed));
        waiting.push((number, Arc::clone(&line.dead)));
        drop(waiting);
        if others {
            let mut state = line.provider.state();
            let person = state.grants[number].person.clone();
            state.violations.push(format!("{person}: two living attempts at once"));
        }
        Self(line, number)
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap();
        let mine = |(of, dead): &(usize, Arc<AtomicBool>)| *of == self.1 && Arc::ptr_eq(dead, &self.0.dead);
        if let Some(at) = waiting.iter().position(mine) {
            waiting.swap_remove(at);
        }
    }
}

impl Line {
    async fn alive(&self) {
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Refresh for Line {
    fn rotation(&self) -> Rotation {
        self.provider.rotation
    }

    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        self.alive().await;
        let provider = Arc::clone(&self.provider);
        let (number, token) = read(current.refresh().unwrap().expose());
        let _wait = Wait::begin(self, number);
        let fate = provider.fate();
        if let Fate::NotSent = fate {
            return Err(RefreshError::new(RefreshErrorKind::NotSent, "no connection"));
        }
        let (tell, told) = oneshot::channel();
        // What was sent arrives, whether or not somebody still waits for the answer.
        tokio::spawn(async move {
            provider.time.sleep(provider.way()).await;
            let answer = match fate {
                Fate::Throttled => Err(RefreshError::new(RefreshErrorKind::Throttled, "not now")
                    .with_retry_after(Duration::from_secs(20))),
                Fate::Failed => Err(RefreshError::new(RefreshErrorKind::Transient, "out of order")),
                Fate::AnswerLost => {
                    let _lost = provider.redeem(number, token);
                    Err(RefreshError::new(RefreshErrorKind::InDoubt, "the connection broke"))
                }
                Fate::NotSent | Fate::Answered => provider.redeem(number, token),
            };
            provider.time.sleep(provider.way()).await;
            let _gone = tell.send(answer);
        });
        let answer = told.await.unwrap();
        self.alive().await;
        answer
    }

    async fn derive(&self, _parent: &TokenSet, _account_id: &str) -> Result<TokenSet, RefreshError> {
        Err(RefreshError::new(RefreshErrorKind::NotOffered, "nothing is derived here"))
    }

    async fn check(&self, current: &TokenSet) -> Result<TokenCheck, RefreshError> {
        self.alive().await;
        self.provider.time.sleep(self.provider.way()).await;
        self.alive().await;
        Ok(self.provider.look_at(current.access().expose()))
    }

    async fn revoke(&self, _tokens: &TokenSet) -> Result<bool, RefreshError> {
        Ok(false)
    }
}
