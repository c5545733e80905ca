//! A provider that keeps its own books: it rotates, notices what is sent twice, and answers by script.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::Timer;
use sociogram_oauth_core::{
    ReauthReason, Refresh, RefreshError, RefreshErrorKind, Rotation, TokenCheck, TokenKind, TokenSet,
};
use tokio::sync::watch;

mod books;

use books::Books;

/// What a provider is asked.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// [`Refresh::refresh`].
    Refresh,
    /// [`Refresh::derive`].
    Derive,
    /// [`Refresh::check`].
    Check,
    /// [`Refresh::revoke`].
    Revoke,
}

impl Call {
    const COUNT: usize = 4;
}

/// How a call goes.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub enum Answer {
    /// As the provider's books say.
    #[default]
    Honest,
    /// The provider does nothing and says this.
    Error(RefreshErrorKind),
    /// The provider does nothing and says that the grant is gone.
    Revoked(ReauthReason),
    /// The provider does nothing and asks to wait this long.
    Throttled(Duration),
    /// The provider does what it is asked, and its answer is lost on the way.
    Lost,
    /// The provider does what it is asked, and no answer ever comes.
    Silence,
    /// The request hangs before the provider has seen it.
    Stuck,
    /// The provider does what it is asked, and the code that should read the answer panics.
    Panic,
    /// These tokens, whatever the books say. To a refresh or a derivation.
    Tokens(TokenSet),
    /// This, whatever the books say. To a check.
    Check(TokenCheck),
    /// The provider has no way to withdraw a grant. To a revocation.
    NoRevocation,
}

/// A provider for tests, as strict as the rotation it is set up with: under
/// [`Rotation::Strict`], and after the time of a [`Rotation::Grace`], a refresh token that is sent a second time
/// costs the whole grant. Share it with an `Arc`.
///
/// A call takes effect when it arrives; its answer comes after [`set_latency`](Self::set_latency). Calls answer
/// as the books say unless there is a [`plan`](Self::plan) or an [`always`](Self::always) for them.
pub struct ScriptedRefresh {
    timer: Arc<dyn Timer>,
    rotation: Rotation,
    state: Mutex<State>,
    held: watch::Sender<bool>,
    arrived: watch::Sender<[usize; Call::COUNT]>,
}

struct State {
    books: Books,
    latency: Duration,
    planned: [VecDeque<Answer>; Call::COUNT],
    always: [Answer; Call::COUNT],
}

impl ScriptedRefresh {
    /// A provider without customers. Answers at once; tokens live for an hour.
    pub fn new(rotation: Rotation, timer: Arc<dyn Timer>) -> Arc<Self> {
        let state = State {
            books: Books::new(rotation),
            latency: Duration::ZERO,
            planned: [const { VecDeque::new() }; Call::COUNT],
            always: [const { Answer::Honest }; Call::COUNT],
        };
        Arc::new(Self {
            timer,
            rotation,
            state: Mutex::new(state),
            held: watch::Sender::new(false),
            arrived: watch::Sender::new([0; Call::COUNT]),
        })
    }

    /// A login: a grant of its own, and its first token set. Generic tokens and LinkedIn's come with a refresh
    /// token, tokens of Pages and system users without an end.
    pub fn log_in(&self, kind: TokenKind, account: &str) -> TokenSet {
        let now = self.timer.now();
        self.lock().books.log_in(kind, account, now)
    }

    /// The token of a Page that is derived at a login. Not counted as a call.
    pub fn log_in_page(&self, parent: &TokenSet, page: &str) -> TokenSet {
        let now = self.timer.now();
        let derived = self.lock().books.derive(parent, page, now);
        derived.unwrap_or_else(|error| panic!("the person does not reach the Page: {error}"))
    }

    /// How long new access tokens live. An hour unless set.
    pub fn set_life(&self, life: Duration) {
        self.lock().books.life = life;
    }

    /// The scopes that answers name from now on. They name none unless set.
    pub fn set_scopes(&self, scopes: &str) {
        self.lock().books.scopes = Some(sociogram_oauth_core::ScopeSet::parse(scopes));
    }

    /// Whether tokens that are exchanged for themselves get a new end. They do unless set.
    pub fn set_extends(&self, extends: bool) {
        self.lock().books.extends = extends;
    }

    /// How long an answer takes. No time unless set.
    pub fn set_latency(&self, latency: Duration) {
        self.lock().latency = latency;
    }

    /// How the next call of this sort goes that no plan was made for yet.
    pub fn plan(&self, call: Call, answer: Answer) {
        self.lock().planned[call as usize].push_back(answer);
    }

    /// Forgets every plan that was not carried out.
    pub fn forget_plans(&self) {
        self.lock().planned.iter_mut().for_each(VecDeque::clear);
    }

    /// How every call of this sort goes for which there is no plan.
    pub fn always(&self, call: Call, answer: Answer) {
        self.lock().always[call as usize] = answer;
    }

    /// Holds answers back until [`let_go`](Self::let_go).
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Gives the answers that were held back.
    pub fn let_go(&self) {
        self.held.send_replace(false);
    }

    /// Waits until this many calls of this sort have arrived since the beginning.
    pub async fn has_arrived(&self, call: Call, count: usize) {
        // The sender is here, so this ends in no other way.
        let _ = self.arrived.subscribe().wait_for(|arrived| arrived[call as usize] >= count).await;
    }

    /// How many calls of this sort have arrived.
    pub fn calls(&self, call: Call) -> usize {
        self.arrived.borrow()[call as usize]
    }

    /// Ends every grant of this account, as a changed password or a removed app does.
    pub fn withdraw(&self, account: &str, reason: ReauthReason) {
        self.lock().books.withdraw(account, reason);
    }

    /// How often a refresh token arrived that had been replaced before, within the time of grace or not.
    pub fn resent(&self) -> usize {
        self.lock().books.resent
    }

    /// How many grants ended because a refresh token arrived twice.
    pub fn reused(&self) -> usize {
        self.lock().books.reused
    }

    /// How many of these ended while the access token that came along with it had more than a minute to live: there
    /// was something to lose.
    pub fn reused_early(&self) -> usize {
        self.lock().books.reused_early
    }

    /// Whether this access token is accepted now.
    pub fn accepts(&self, access: &str) -> bool {
        let now = self.timer.now();
        self.lock().books.verdict(access, now).is_ok()
    }

    /// Whether this is the refresh token that the next renewal is to bring.
    pub fn awaits(&self, refresh: &str) -> bool {
        self.lock().books.awaits(refresh)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What comes of a call: `honest` writes it into the books.
    async fn answer<T>(
        &self,
        call: Call,
        honest: impl FnOnce(&mut Books) -> Result<T, RefreshError> + Send,
        scripted: impl FnOnce(Answer) -> Option<T> + Send,
    ) -> Result<T, RefreshError>
    where
        T: Send,
    {
        let (answer, outcome, latency) = {
            let mut state = self.lock();
            let state = &mut *state;
            let planned = state.planned[call as usize].pop_front();
            let answer = planned.unwrap_or_else(|| state.always[call as usize].clone());
            let outcome = match &answer {
                Answer::Honest | Answer::Lost | Answer::Silence | Answer::Panic => {
                    Some(honest(&mut state.books))
                }
                _ => None,
            };
            (answer, outcome, state.latency)
        };
        self.arrived.send_modify(|arrived| arrived[call as usize] += 1);
        if matches!(answer, Answer::Silence | Answer::Stuck) {
            std::future::pending::<()>().await;
        }
        if !latency.is_zero() {
            self.timer.sleep(latency).await;
        }
        let _ = self.held.subscribe().wait_for(|held| !held).await;
        match (answer, outcome) {
            (Answer::Honest, Some(outcome)) => outcome,
            (Answer::Lost, _) => Err(RefreshError::new(RefreshErrorKind::InDoubt, "no answer came")),
            (Answer::Panic, _) => panic!("as scripted"),
            (Answer::Error(kind), _) => Err(RefreshError::new(kind, "as scripted")),
            (Answer::Revoked(reason), _) => Err(RefreshError::revoked(reason, "as scripted")),
            (Answer::Throttled(wait), _) => {
                Err(RefreshError::new(RefreshErrorKind::Throttled, "as scripted").with_retry_after(wait))
            }
            (answer, _) => Ok(scripted(answer).unwrap_or_else(|| panic!("{call:?} cannot be answered so"))),
        }
    }
}

fn tokens(answer: Answer) -> Option<TokenSet> {
    match answer {
        Answer::Tokens(tokens) => Some(tokens),
        _ => None,
    }
}

#[async_trait]
impl Refresh for ScriptedRefresh {
    fn rotation(&self) -> Rotation {
        self.rotation
    }

    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        let now = self.timer.now();
        self.answer(Call::Refresh, |books| books.refresh(current, now), tokens).await
    }

    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<TokenSet, RefreshError> {
        let now = self.timer.now();
        self.answer(Call::Derive, |books| books.derive(parent, account_id, now), tokens).await
    }

    async fn check(&self, current: &TokenSet) -> Result<TokenCheck, RefreshError> {
        let now = self.timer.now();
        let scripted = |answer| match answer {
            Answer::Check(check) => Some(check),
            _ => None,
        };
        self.answer(Call::Check, |books| Ok(books.check(current.access().expose(), now)), scripted).await
    }

    async fn revoke(&self, tokens: &TokenSet) -> Result<bool, RefreshError> {
        let now = self.timer.now();
        let scripted = |answer| matches!(answer, Answer::NoRevocation).then_some(false);
        self.answer(Call::Revoke, |books| books.revoke(tokens.access().expose(), now), scripted).await
    }
}

impl fmt::Debug for ScriptedRefresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedRefresh")
            .field("rotation", &self.rotation)
            .field("calls", &*self.arrived.borrow())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
